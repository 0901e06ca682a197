/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/pdfscan.h"

#include <stdint.h>

#include "base/enc.h"

enum { HEADER_WITHIN = 1024 }; /* ISO 32000-1 annex H.3.4.1: where readers look for the header */

bool pdfscan_is_pdf(struct str bytes)
{
	struct str head = { bytes.p, bytes.n < HEADER_WITHIN ? bytes.n : HEADER_WITHIN };
	return head.n >= 5 && str_find(head, STR("%PDF-"), 0) != SIZE_MAX;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct str skip_blanks(struct str s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = str_skip(s, 1);
	return s;
}

/* The digits at the start of s, cut off it. */
static struct str take_digits(struct str *s)
{
	size_t n = 0;
	while (n < s->n && n <= DECIMAL_DIGITS_MAX && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	struct str digits = { s->p, n };
	*s = str_skip(*s, n);
	return digits;
}

/*
 * The value behind the name hufu:token, where `rest` starts: `>digits</` of an element or `="digits"` of an attribute,
 * blanks allowed where XML and a line-wrapping writer would put them.
 */
static bool value_behind_name(struct str rest, struct str *digits)
{
	rest = skip_blanks(rest);
	struct str closing = STR("<");
	if (str_starts(rest, STR("="))) {
		rest = skip_blanks(str_skip(rest, 1));
		if (rest.n == 0 || (rest.p[0] != '"' && rest.p[0] != '\''))
			return false;
		closing = (struct str){ rest.p, 1 };
	} else if (!str_starts(rest, STR(">"))) {
		return false;
	}
	rest = skip_blanks(str_skip(rest, 1));
	*digits = take_digits(&rest);
	rest = skip_blanks(rest);
	return digits->n >= 1 && digits->n <= DECIMAL_DIGITS_MAX && str_starts(rest, closing);
}

static bool listed(const struct str *list, size_t count, struct str s)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i], s))
			return true;
	return false;
}

bool pdfscan_tokens(struct arena *a, struct str pdf, struct str **digits, size_t *count,
		    struct err *e)
{
	static const struct str name = { "hufu:token", 10 };
	struct str *list = arena_array(a, PDFSCAN_TOKENS_MAX, sizeof *list, e);
	if (!list)
		return false;
	size_t n = 0;
	for (size_t at = 0; n < PDFSCAN_TOKENS_MAX; at += name.n) {
		at = str_find(pdf, name, at);
		if (at == SIZE_MAX)
			break;
		struct str value;
		if (value_behind_name(str_skip(pdf, at + name.n), &value) &&
		    !listed(list, n, value))
			list[n++] = value;
	}
	*digits = list;
	*count = n;
	return true;
}

/* Ends of a prefix whose %%EOF ends at `at`: there, and behind the end-of-line that may follow. */
static size_t prefix_ends(struct str pdf, size_t at, size_t ends[3])
{
	size_t n = 0;
	struct str rest = str_skip(pdf, at);
	ends[n++] = at;
	if (str_starts(rest, STR("\r")) || str_starts(rest, STR("\n")))
		ends[n++] = at + 1;
	if (str_starts(rest, STR("\r\n")))
		ends[n++] = at + 2;
	return n;
}

bool pdfscan_prefixes(struct arena *a, struct str pdf, size_t **lengths, size_t *count,
		      struct err *e)
{
	size_t *list = arena_array(a, PDFSCAN_PREFIXES_MAX, sizeof *list, e);
	if (!list)
		return false;
	size_t n = 0;
	for (size_t at = 0; n < PDFSCAN_PREFIXES_MAX;) {
		at = str_find(pdf, STR("%%EOF"), at);
		if (at == SIZE_MAX)
			break;
		at += 5;
		size_t ends[3], found = prefix_ends(pdf, at, ends);
		for (size_t i = 0; i < found; i++)
			if (ends[i] < pdf.n && n < PDFSCAN_PREFIXES_MAX)
				list[n++] = ends[i];
	}
	*lengths = list;
	*count = n;
	return true;
}
