/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_ARENA_H
#define HUFU_BASE_ARENA_H

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/*
 * Memory that follows a document: allocate, never free, reset when the document is done.
 * A leading `struct arena *a` in any call of the house means: the result lives till arena_reset or arena_free.
 * One thread at a time.  Secrets do not belong here.
 */
struct arena;

/* `limit`: most bytes that may be alive at once.  NULL when memory ran out. */
struct arena *arena_new(size_t limit) MUST_CHECK;
void arena_free(struct arena *a); /* accepts NULL */

/* Forget everything; the first block is kept for reuse. */
void arena_reset(struct arena *a);

/* n zeroed bytes aligned for any type, or NULL with *e filled (memory or limit).  n == 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t n, struct err *e) MUST_CHECK;

/* count × size bytes, overflow checked. */
void *arena_array(struct arena *a, size_t count, size_t size, struct err *e) MUST_CHECK;

/* A copy of s, NUL-terminated behind its n bytes. */
bool arena_str(struct arena *a, struct str s, struct str *out, struct err *e) MUST_CHECK;

/* A formatted, NUL-terminated string. */
bool arena_printf(struct arena *a, struct str *out, struct err *e, const char *fmt, ...)
	PRINTF_LIKE(4, 5) MUST_CHECK;

#endif
