/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/der.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/civil.h"

enum {
	LONG_FORM = 0x80,
	LENGTH_BYTES_MAX = 3, /* behind 0x80 + n: up to DER_SIZE_MAX */
	HIGH_TAG = 0x1f,
	CONSTRUCTED_BIT = 0x20,
	CLASS_BITS = 0xc0,
	SET_MAX = 16
};

/* The length's bytes, shortest form; how many. */
static size_t length_bytes(size_t n, unsigned char out[1 + LENGTH_BYTES_MAX])
{
	size_t k = n < LONG_FORM ? 0 : n <= 0xff ? 1 : n <= 0xffff ? 2 : 3;

	out[0] = (unsigned char)(k == 0 ? n : LONG_FORM + k);
	for (size_t i = 0; i < k; i++)
		out[1 + i] = (unsigned char)(n >> (8 * (k - 1 - i)));
	return 1 + k;
}

size_t der_begin(struct buf *b, unsigned tag)
{
	buf_byte(b, (unsigned char)tag);
	return b->n;
}

void der_end(struct buf *b, size_t at)
{
	unsigned char length[1 + LENGTH_BYTES_MAX];
	size_t n = b->n - at, k;

	if (b->failed || n > DER_SIZE_MAX) {
		b->failed = true;
		return;
	}
	k = length_bytes(n, length);
	if (buf_room(b, k) == NULL)
		return;
	memmove(b->p + at + k, b->p + at, n);
	memcpy(b->p + at, length, k);
	b->n += k;
}

void der_put(struct buf *b, unsigned tag, struct str content)
{
	unsigned char length[1 + LENGTH_BYTES_MAX];

	if (content.n > DER_SIZE_MAX) {
		b->failed = true;
		return;
	}
	buf_byte(b, (unsigned char)tag);
	buf_put(b, length, length_bytes(content.n, length));
	buf_str(b, content);
}

void der_put_unsigned(struct buf *b, struct str bytes)
{
	size_t at = der_begin(b, DER_INTEGER);

	while (bytes.n > 1 && bytes.p[0] == 0)
		bytes = str_skip(bytes, 1);
	if (bytes.n == 0 || ((unsigned char)bytes.p[0] & 0x80) != 0)
		buf_byte(b, 0);
	buf_str(b, bytes);
	der_end(b, at);
}

void der_put_uint(struct buf *b, uint64_t v)
{
	unsigned char bytes[8];

	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(v >> (8 * (7 - i)));
	der_put_unsigned(b, str_bytes(bytes, sizeof bytes));
}

/* The values of *content in ascending order of their bytes, into out. */
static size_t sorted(struct str content, struct str out[SET_MAX], bool *ok)
{
	struct der v;
	struct err e;
	size_t n = 0;

	*ok = true;
	while (content.n > 0) {
		size_t at = n;

		if (n == SET_MAX || !der_next(&content, &v, &e)) {
			*ok = false;
			return 0;
		}
		for (; at > 0 && str_cmp(out[at - 1], v.whole) > 0; at--)
			out[at] = out[at - 1];
		out[at] = v.whole;
		n++;
	}
	return n;
}

void der_end_set_of(struct buf *b, size_t at)
{
	struct str values[SET_MAX] = { 0 };
	struct buf own = buf_empty(DER_SIZE_MAX);
	size_t n;
	bool ok;

	if (b->failed)
		return;
	buf_put(&own, b->p + at, b->n - at);
	n = sorted(buf_view(&own), values, &ok);
	if (!ok || own.failed) {
		b->failed = true;
		buf_free(&own);
		return;
	}
	b->n = at;
	for (size_t i = 0; i < n; i++)
		buf_str(b, values[i]);
	buf_free(&own);
	der_end(b, at);
}

static bool bad(struct err *e, const char *why)
{
	return err_input(e, "DER-FORM", "%s", why);
}

bool der_next(struct str *rest, struct der *out, struct err *e)
{
	const unsigned char *p = (const unsigned char *)rest->p;
	size_t n = 0, k = 0, head;

	if (rest->n < 2)
		return err_input(e, "DER-CUT", "a value is cut off");
	if ((p[0] & HIGH_TAG) == HIGH_TAG)
		return bad(e, "a tag of several bytes");
	if (p[1] < LONG_FORM) {
		n = p[1];
	} else {
		k = p[1] - (size_t)LONG_FORM;
		if (k == 0 || k > LENGTH_BYTES_MAX)
			return bad(e, k == 0 ? "an indefinite length" : "a length over 16 MiB");
		if (rest->n < 2 + k)
			return err_input(e, "DER-CUT", "a length is cut off");
		for (size_t i = 0; i < k; i++)
			n = n << 8 | p[2 + i];
		if (n < LONG_FORM || n >> (8 * (k - 1)) == 0)
			return bad(e, "a length longer than needed");
	}
	head = 2 + k;
	if (n > rest->n - head)
		return err_input(e, "DER-CUT", "a value of %zu bytes is cut off after %zu", n,
				 rest->n - head);
	*out = (struct der){ .tag = p[0],
			     .content = { rest->p + head, n },
			     .whole = { rest->p, head + n } };
	*rest = str_skip(*rest, head + n);
	return true;
}

bool der_read(struct str *rest, unsigned tag, struct der *out, struct err *e)
{
	struct str left = *rest;
	struct der v;

	if (!der_next(&left, &v, e))
		return false;
	if (v.tag != tag)
		return err_input(e, "DER-FORM", "tag %02x where %02x must stand", v.tag, tag);
	*out = v;
	*rest = left;
	return true;
}

bool der_maybe(struct str *rest, unsigned tag, struct der *out, bool *found, struct err *e)
{
	*found = rest->n > 0 && (unsigned char)rest->p[0] == tag;
	return !*found || der_read(rest, tag, out, e);
}

bool der_only(struct str bytes, unsigned tag, struct der *out, struct err *e)
{
	return der_read(&bytes, tag, out, e) && (bytes.n == 0 || bad(e, "bytes behind the value"));
}

/* Base 128, no group begins with 80, the last byte of all ends a group. */
static bool is_oid(struct str s)
{
	bool fresh = true;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (fresh && c == 0x80)
			return false;
		fresh = (c & 0x80) == 0;
	}
	return s.n > 0 && fresh;
}

static bool is_integer(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n < 2)
		return s.n == 1;
	return !(p[0] == 0 && p[1] < 0x80) && !(p[0] == 0xff && p[1] >= 0x80);
}

static bool is_bit_string(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n == 0 || p[0] > 7 || (s.n == 1 && p[0] != 0))
		return false;
	return s.n == 1 || (p[s.n - 1] & ((1u << p[0]) - 1)) == 0;
}

static bool primitive_ok(const struct der *v)
{
	const unsigned char *p = (const unsigned char *)v->content.p;
	size_t n = v->content.n;

	if ((v->tag & CLASS_BITS) != 0)
		return true;
	switch (v->tag) {
	case 0: /* end of contents, which only an indefinite length has */
	case DER_SEQUENCE & ~CONSTRUCTED_BIT:
	case DER_SET & ~CONSTRUCTED_BIT:
		return false;
	case DER_BOOLEAN:
		return n == 1 && (p[0] == 0 || p[0] == 0xff);
	case DER_NULL:
		return n == 0;
	case DER_INTEGER:
	case DER_ENUMERATED:
		return is_integer(v->content);
	case DER_OID:
		return is_oid(v->content);
	case DER_BIT_STRING:
		return is_bit_string(v->content);
	}
	return true;
}

bool der_check(struct str bytes, struct err *e)
{
	struct str open[DER_DEPTH_MAX] = { bytes };
	size_t depth = 1;
	struct der v;

	if (!der_next(&bytes, &v, e))
		return false;
	if (bytes.n > 0)
		return bad(e, "bytes behind the value");
	while (depth > 0) {
		struct str *rest = &open[depth - 1];

		if (rest->n == 0) {
			depth--;
			continue;
		}
		if (!der_next(rest, &v, e))
			return false;
		if ((v.tag & CONSTRUCTED_BIT) == 0) {
			if (!primitive_ok(&v))
				return bad(e, "a primitive value out of form");
			continue;
		}
		if ((v.tag & CLASS_BITS) == 0 && v.tag != DER_SEQUENCE && v.tag != DER_SET)
			return bad(e, "a string in pieces");
		if (depth == DER_DEPTH_MAX)
			return bad(e, "nested too deep");
		open[depth++] = v.content;
	}
	return true;
}

bool der_number(const struct der *v, uint32_t *out, struct err *e)
{
	const unsigned char *p = (const unsigned char *)v->content.p;
	size_t n = v->content.n;
	uint32_t sum = 0;

	if (!is_integer(v->content) || p[0] >= 0x80)
		return bad(e, "no number of ours");
	if (n > 5 || (n == 5 && p[0] != 0))
		return bad(e, "a number too large");
	for (size_t i = 0; i < n; i++)
		sum = sum << 8 | p[i];
	*out = sum;
	return true;
}

/* The digits of part [at, at + n) as a number; -1 when they are none. */
static int digits(struct str s, size_t at, size_t n)
{
	int v = 0;

	for (size_t i = at; i < at + n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

/* X.690 clause 11.7: Z, seconds, a fraction without zeros at its end. */
static bool fraction_ok(struct str s)
{
	if (s.n == 0)
		return true;
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n >= 2 && s.n <= 10 && s.p[0] == '.' && s.p[s.n - 1] != '0';
}

bool der_time(const struct der *v, int64_t *unix_s, struct err *e)
{
	struct str s = v->content;
	struct civil day;
	int hour, minute, second;

	if (v->tag != DER_GENERALIZED_TIME || s.n < 15 || s.p[s.n - 1] != 'Z')
		return bad(e, "no time in UTC");
	day = (struct civil){ digits(s, 0, 4), digits(s, 4, 2), digits(s, 6, 2) };
	hour = digits(s, 8, 2);
	minute = digits(s, 10, 2);
	second = digits(s, 12, 2);
	if (!civil_valid(day) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
	    second > 59 || !fraction_ok((struct str){ s.p + 14, s.n - 15 }))
		return bad(e, "no time");
	*unix_s = civil_days(day) * 86400 + hour * 3600 + minute * 60 + second;
	return true;
}

const char *der_oid_text(struct str oid, char *out, size_t size)
{
	uint64_t arc = 0;
	size_t at = 0;
	bool first = true;

	(void)snprintf(out, size, "?");
	if (!is_oid(oid) || oid.n > 64)
		return out;
	for (size_t i = 0; i < oid.n; i++) {
		int n;

		if (arc >> 57 != 0)
			break;
		arc = arc << 7 | ((unsigned char)oid.p[i] & 0x7f);
		if (((unsigned char)oid.p[i] & 0x80) != 0)
			continue;
		if (first) {
			uint64_t top = arc < 80 ? arc / 40 : 2;

			n = snprintf(out, size, "%" PRIu64 ".%" PRIu64, top, arc - top * 40);
		} else {
			n = snprintf(out + at, size - at, ".%" PRIu64, arc);
		}
		if (n < 0 || (size_t)n >= size - at)
			break;
		at += (size_t)n;
		arc = 0;
		first = false;
		if (i + 1 == oid.n)
			return out;
	}
	(void)snprintf(out, size, "?");
	return out;
}
