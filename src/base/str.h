/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_STR_H
#define HUFU_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * A slice: n bytes at p, lent, never owned, not NUL-terminated, possibly holding NUL.
 * The empty slice may have p == NULL.
 */
struct str {
	const char *p;
	size_t n;
};

/* Slice of a string literal.  For printf: "%.*s", STR_ARG(s). */
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_ARG(s) (int)(s).n, (s).p

/* Slice of a NUL-terminated string of our own (never of hostile bytes). */
static inline struct str str_of(const char *c)
{
	return (struct str){ c, strlen(c) };
}

static inline struct str str_bytes(const void *p, size_t n)
{
	return (struct str){ (const char *)p, n };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Order as unsigned bytes, the shorter first when one is the other's beginning. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* The rest of s from byte n on; empty when s is shorter. */
struct str str_skip(struct str s, size_t n);

/* Index of the first occurrence of needle (at least 1 byte) at or after `from`, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle, size_t from);

/*
 * Cut the part before the first `sep` off *rest into *part; *rest becomes what follows.
 * False when *rest is used up.  "a,,b" gives "a", "", "b"; an empty *rest with p == NULL gives nothing.
 */
bool str_split(struct str *rest, char sep, struct str *part);

/* Read all of s as an unsigned decimal without sign or leading zero; false when it is not one or over `max`. */
bool str_u64(struct str s, unsigned long long max, unsigned long long *out);

#endif
