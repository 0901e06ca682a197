/* SPDX-License-Identifier: Apache-2.0 */
#include "json/canon.h"

#include <math.h>
#include <stdlib.h>

#include "base/enc.h"

/* A member of an object, to be sorted. */
struct member_slot {
	struct str key;
	const struct json *value;
};

static bool value_write(struct buf *out, const struct json *value, bool decimals, struct err *e);

void canon_string(struct buf *out, struct str s)
{
	size_t from = 0;

	buf_byte(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		static const char letters[] = "btn?fr"; /* U+0008 to U+000D; U+000B has no letter */

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_put(out, s.p + from, i - from);
		from = i + 1;
		if (c >= 8 && c <= 13 && c != 11)
			buf_printf(out, "\\%c", letters[c - 8]);
		else if (c < 0x20)
			buf_printf(out, "\\u%04x", (unsigned)c);
		else
			buf_printf(out, "\\%c", c);
	}
	if (from < s.n)
		buf_put(out, s.p + from, s.n - from);
	buf_byte(out, '"');
}

/* Where UTF-16 sorts a code point: its surrogates come before U+E000 to U+FFFF. */
static uint32_t utf16_rank(uint32_t code_point)
{
	return code_point >= 0x10000 ? 0xd800 : code_point;
}

int canon_order(struct str a, struct str b)
{
	uint32_t x, y;

	for (;;) {
		size_t n = enc_utf8(a, &x), m = enc_utf8(b, &y);

		if (n == 0 || m == 0)
			return (n != 0) - (m != 0);
		if (utf16_rank(x) != utf16_rank(y))
			return utf16_rank(x) < utf16_rank(y) ? -1 : 1;
		if (x != y)
			return x < y ? -1 : 1;
		a = str_skip(a, n);
		b = str_skip(b, m);
	}
}

static int by_utf16(const void *x, const void *y)
{
	const struct member_slot *a = x, *b = y;

	return canon_order(a->key, b->key);
}

static bool array_write(struct buf *out, const struct json *value, bool decimals, struct err *e)
{
	buf_byte(out, '[');
	for (size_t i = 0; i < value->count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		if (!value_write(out, &value->items[i], decimals, e))
			return err_at(e, "/%zu", i);
	}
	buf_byte(out, ']');
	return true;
}

static bool slots_write(struct buf *out, const struct member_slot *slots, size_t count,
			bool decimals, struct err *e)
{
	buf_byte(out, '{');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		canon_string(out, slots[i].key);
		buf_byte(out, ':');
		if (!value_write(out, slots[i].value, decimals, e))
			return json_at(e, slots[i].key);
	}
	buf_byte(out, '}');
	return true;
}

static bool object_write(struct buf *out, const struct json *value, bool decimals, struct err *e)
{
	struct member_slot few[40], *slots = few; /* a record's objects fit; a larger one is rare */
	bool ok;

	if (value->count > COUNT_OF(few)) {
		slots = calloc(value->count, sizeof *slots);
		if (slots == NULL)
			return err_memory(e, "canonical JSON");
	}
	for (size_t i = 0; i < value->count; i++)
		slots[i] = (struct member_slot){ value->keys[i], &value->items[i] };
	if (value->count > 1)
		qsort(slots, value->count, sizeof *slots, by_utf16);
	ok = slots_write(out, slots, value->count, decimals, e);
	if (slots != few)
		free(slots);
	return ok;
}

static void integer_write(struct buf *out, int64_t v)
{
	if (v < 0)
		buf_byte(out, '-');
	buf_uint(out, v < 0 ? (uint64_t)-v : (uint64_t)v);
}

/* A number of at most two decimals; ECMAScript's shortest form, which RFC 8785 asks for, is then the plain one. */
static bool decimal_write(struct buf *out, double v, struct err *e)
{
	double cents = round(v * 100);
	int64_t n;

	if (fabs(v) > 1e12 || cents / 100 != v)
		return err_input(e, "JSON-CANONICAL",
				 "must be a number of at most two decimals, within ±10^12");
	n = (int64_t)cents;
	if (n < 0)
		buf_byte(out, '-');
	n = n < 0 ? -n : n;
	buf_uint(out, (uint64_t)n / 100);
	if (n % 100 != 0)
		buf_printf(out, n % 10 == 0 ? ".%d" : ".%02d",
			   (int)(n % 10 == 0 ? n % 100 / 10 : n % 100));
	return true;
}

static bool value_write(struct buf *out, const struct json *value, bool decimals, struct err *e)
{
	switch (value->kind) {
	case JSON_NULL:
		buf_c(out, "null");
		return true;
	case JSON_BOOL:
		buf_c(out, value->truth ? "true" : "false");
		return true;
	case JSON_INTEGER:
		integer_write(out, value->integer);
		return true;
	case JSON_NUMBER:
		if (decimals)
			return decimal_write(out, value->number, e);
		return err_input(e, "JSON-CANONICAL", "must be an integer within ±(2^53 - 1)");
	case JSON_STRING:
		canon_string(out, value->string);
		return true;
	case JSON_ARRAY:
		return array_write(out, value, decimals, e);
	case JSON_OBJECT:
		return object_write(out, value, decimals, e);
	}
	return err_system(e, "a JSON value of no kind");
}

bool canon_value(struct buf *out, const struct json *value, struct err *e)
{
	return value_write(out, value, false, e) && buf_ok(out, "canonical JSON", e);
}

bool canon_decimals(struct buf *out, const struct json *value, struct err *e)
{
	return value_write(out, value, true, e) && buf_ok(out, "canonical JSON", e);
}
