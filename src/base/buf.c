/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CAP = 256 };

void buf_free(struct buf *b)
{
	free(b->p);
	*b = buf_empty(b->max);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = false;
}

char *buf_room(struct buf *b, size_t n)
{
	size_t cap = b->cap;
	char *p;

	if (b->failed)
		return NULL;
	if (n > b->max - b->n) {
		b->failed = true;
		return NULL;
	}
	if (n <= b->cap - b->n && b->p != NULL)
		return b->p + b->n;
	if (cap < FIRST_CAP)
		cap = FIRST_CAP;
	while (cap < b->n + n)
		cap = cap > b->max / 2 ? b->n + n : cap * 2;
	p = realloc(b->p, cap);
	if (p == NULL) {
		b->failed = true;
		return NULL;
	}
	b->p = p;
	b->cap = cap;
	return b->p + b->n;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	char *room = buf_room(b, n);

	if (room == NULL || n == 0)
		return;
	memcpy(room, p, n);
	b->n += n;
}

void buf_str(struct buf *b, struct str s)
{
	buf_put(b, s.p, s.n);
}

void buf_c(struct buf *b, const char *literal)
{
	buf_put(b, literal, strlen(literal));
}

void buf_byte(struct buf *b, unsigned char c)
{
	buf_put(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	int n;
	char *room;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0) {
		b->failed = true;
		return;
	}
	/* One byte more than the text: vsnprintf ends it with a NUL that n does not count. */
	if (b->max - b->n == (size_t)n) {
		b->failed = true;
		return;
	}
	room = buf_room(b, (size_t)n + 1);
	if (room == NULL)
		return;
	va_start(args, fmt);
	n = vsnprintf(room, (size_t)n + 1, fmt, args);
	va_end(args);
	if (n < 0)
		b->failed = true;
	else
		b->n += (size_t)n;
}

void buf_u64be(struct buf *b, uint64_t v)
{
	unsigned char bytes[8];

	for (int i = 7; i >= 0; i--, v >>= 8)
		bytes[i] = (unsigned char)(v & 0xff);
	buf_put(b, bytes, sizeof bytes);
}

void buf_uint(struct buf *b, uint64_t v)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	buf_put(b, digits + at, sizeof digits - at);
}

bool buf_ok(const struct buf *b, const char *what, struct err *e)
{
	if (b->failed)
		return err_system(e, "%s is too long (at most %zu bytes) or memory ran out", what,
				  b->max);
	return true;
}
