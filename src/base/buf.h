/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_BUF_H
#define HUFU_BASE_BUF_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/*
 * A growing run of bytes with a hard cap.  Appending never fails visibly: the first failure (memory or cap)
 * sticks, later appends do nothing, and buf_ok tells once at the end.  Reuse with buf_clear keeps the memory.
 */
struct buf {
	char *p;
	size_t n, cap, max;
	bool failed;
};

/* An empty buffer of at most `max` bytes; owns nothing yet. */
static inline struct buf buf_empty(size_t max)
{
	return (struct buf){ .max = max };
}

void buf_free(struct buf *b);  /* gives the memory back; b is empty and usable again */
void buf_clear(struct buf *b); /* n = 0, failed = false, memory kept */

void buf_put(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_c(struct buf *b, const char *literal); /* a NUL-terminated string of ours */
void buf_byte(struct buf *b, unsigned char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_u64be(struct buf *b, uint64_t v);
void buf_uint(struct buf *b, uint64_t v); /* decimal */

/* Room for n more bytes to be written directly at the returned pointer; NULL when failed.  Does not move n. */
char *buf_room(struct buf *b, size_t n);

/* True when every append fitted; else *e says `what` is too long or memory ran out. */
bool buf_ok(const struct buf *b, const char *what, struct err *e) MUST_CHECK;

static inline struct str buf_view(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

#endif
