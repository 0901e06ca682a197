/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 64 * 1024 }; /* bytes; a certificate's record, facts and runs fit in one */

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *first, *current;
	size_t held, limit;
};

static struct block *block_new(size_t size)
{
	struct block *b = malloc(sizeof *b + size);

	if (b != NULL) {
		b->next = NULL;
		b->used = 0;
		b->size = size;
	}
	return b;
}

struct arena *arena_new(size_t limit)
{
	struct arena *a = malloc(sizeof *a);

	if (a == NULL)
		return NULL;
	*a = (struct arena){ .limit = limit };
	return a;
}

static void blocks_free(struct block *b)
{
	while (b != NULL) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	blocks_free(a->first);
	free(a);
}

void arena_reset(struct arena *a)
{
	if (a->first == NULL)
		return;
	blocks_free(a->first->next);
	a->first->next = NULL;
	a->first->used = 0;
	a->current = a->first;
	a->held = a->first->size;
}

static bool arena_grow(struct arena *a, size_t need, struct err *e)
{
	size_t size = need > BLOCK ? need : BLOCK;
	struct block *b;

	if (size > a->limit - a->held && need <= a->limit - a->held)
		size = need;
	if (size > a->limit - a->held)
		return err_system(e, "out of memory: a document may use %zu bytes", a->limit);
	b = block_new(size);
	if (b == NULL)
		return err_memory(e, "a document");
	if (a->current != NULL)
		a->current->next = b;
	else
		a->first = b;
	a->current = b;
	a->held += size;
	return true;
}

void *arena_alloc(struct arena *a, size_t n, struct err *e)
{
	size_t align = alignof(max_align_t);
	void *p;

	if (n > SIZE_MAX / 2) {
		err_memory(e, "a document");
		return NULL;
	}
	n = n == 0 ? align : (n + align - 1) / align * align;
	if ((a->current == NULL || a->current->size - a->current->used < n) && !arena_grow(a, n, e))
		return NULL;
	p = a->current->bytes + a->current->used;
	a->current->used += n;
	return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t count, size_t size, struct err *e)
{
	if (size != 0 && count > SIZE_MAX / 2 / size) {
		err_memory(e, "a document");
		return NULL;
	}
	return arena_alloc(a, count * size, e);
}

bool arena_str(struct arena *a, struct str s, struct str *out, struct err *e)
{
	char *p = arena_alloc(a, s.n + 1, e);

	if (p == NULL)
		return false;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	*out = (struct str){ p, s.n };
	return true;
}

bool arena_printf(struct arena *a, struct str *out, struct err *e, const char *fmt, ...)
{
	va_list args;
	int n;
	char *p;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		return err_system(e, "cannot format '%s'", fmt);
	p = arena_alloc(a, (size_t)n + 1, e);
	if (p == NULL)
		return false;
	va_start(args, fmt);
	n = vsnprintf(p, (size_t)n + 1, fmt, args);
	va_end(args);
	if (n < 0)
		return err_system(e, "cannot format '%s'", fmt);
	*out = (struct str){ p, (size_t)n };
	return true;
}
