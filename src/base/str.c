/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <stdint.h>

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (order != 0)
		return order;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){ s.p, prefix.n }, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_skip(s, s.n - suffix.n), suffix);
}

struct str str_skip(struct str s, size_t n)
{
	if (n >= s.n)
		return (struct str){ NULL, 0 };
	return (struct str){ s.p + n, s.n - n };
}

size_t str_find(struct str s, struct str needle, size_t from)
{
	if (needle.n == 0 || needle.n > s.n)
		return SIZE_MAX;
	while (from <= s.n - needle.n) {
		const char *hit = memchr(s.p + from, needle.p[0], s.n - needle.n + 1 - from);

		if (hit == NULL)
			return SIZE_MAX;
		from = (size_t)(hit - s.p);
		if (memcmp(hit, needle.p, needle.n) == 0)
			return from;
		from++;
	}
	return SIZE_MAX;
}

bool str_split(struct str *rest, char sep, struct str *part)
{
	const char *hit;

	if (rest->p == NULL)
		return false;
	hit = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
	if (hit == NULL) {
		*part = *rest;
		*rest = (struct str){ NULL, 0 };
		return true;
	}
	*part = (struct str){ rest->p, (size_t)(hit - rest->p) };
	*rest = (struct str){ hit + 1, rest->n - part->n - 1 };
	return true;
}

bool str_u64(struct str s, unsigned long long max, unsigned long long *out)
{
	unsigned long long v = 0;

	if (s.n == 0 || (s.n > 1 && s.p[0] == '0'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';

		if (digit > 9 || v > (max - digit % 10) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (v > max)
		return false;
	*out = v;
	return true;
}
