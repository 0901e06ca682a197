/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/cbor.h"

#include "base/enc.h"

enum { NIL = 0xf6 };

/* One item's head: RFC 8949 §3. */
struct head {
	enum cbor_kind kind;
	uint64_t value;
	size_t size; /* bytes of the head itself */
};

/* Read a head at `at`; false when it is outside the subset, not the shortest form, or cut. */
static bool head_read(struct str in, size_t at, struct head *out)
{
	unsigned first, info;
	size_t extra;

	if (at >= in.n)
		return false;
	first = (unsigned char)in.p[at];
	if (first == NIL) {
		*out = (struct head){ CBOR_NIL, 0, 1 };
		return true;
	}
	info = first & 31;
	if (first >> 5 > 5 || info > 27)
		return false;
	*out = (struct head){ (enum cbor_kind)(first >> 5), info, 1 };
	if (info < 24)
		return true;
	extra = (size_t)1 << (info - 24);
	if (in.n - at - 1 < extra)
		return false;
	out->value = 0;
	out->size = 1 + extra;
	for (size_t i = 1; i <= extra; i++)
		out->value = out->value << 8 | (unsigned char)in.p[at + i];
	if (info == 24)
		return out->value >= 24;
	return out->value >> (4 * extra) != 0; /* the next shorter form could not hold it */
}

static bool utf8_valid(struct str s)
{
	uint32_t c;

	while (s.n > 0) {
		size_t n = enc_utf8(s, &c);

		if (n == 0)
			return false;
		s = str_skip(s, n);
	}
	return true;
}

static bool bad_form(size_t at, const char *why, struct err *e)
{
	return err_input(e, "CBOR-FORM", "byte %zu: %s", at, why);
}

/* An array or map whose items are being walked. */
struct level {
	uint64_t left; /* items to come; keys and values each count in a map */
	bool map;
	struct str key; /* encoded form of the last key; p == NULL before the first */
};

/* A map's key: an integer, greater than the one before by bytewise order of the encoded forms. */
static bool key_check(struct level *level, const struct head *head, struct str in, size_t at,
		      struct err *e)
{
	struct str key = { in.p + at, head->size };

	if (!level->map || level->left % 2 != 0)
		return true;
	if (head->kind != CBOR_UINT && head->kind != CBOR_NEGINT)
		return bad_form(at, "a map key is no integer", e);
	if (level->key.p != NULL && str_cmp(level->key, key) >= 0)
		return bad_form(at, "map keys are not ascending and distinct", e);
	level->key = key;
	return true;
}

/* Step over a string's content. */
static bool string_check(const struct head *head, struct str in, size_t *at, struct err *e)
{
	size_t start = *at + head->size;

	if (head->value > in.n - start)
		return bad_form(*at, "a string is cut", e);
	if (head->kind == CBOR_TEXT &&
	    !utf8_valid((struct str){ in.p + start, (size_t)head->value }))
		return bad_form(start, "a text is not UTF-8", e);
	*at = start + (size_t)head->value;
	return true;
}

bool cbor_check(struct str in, struct err *e)
{
	struct level stack[CBOR_DEPTH + 1] = { { .left = 1 } };
	size_t depth = 0, at = 0;

	while (depth > 0 || stack[0].left > 0) {
		struct level *level = &stack[depth];
		struct head head;

		if (level->left == 0) {
			depth--;
			continue;
		}
		if (!head_read(in, at, &head))
			return bad_form(at, "cut, or not deterministic CBOR of the subset", e);
		if (!key_check(level, &head, in, at, e))
			return false;
		level->left--;
		if (head.kind == CBOR_BYTES || head.kind == CBOR_TEXT) {
			if (!string_check(&head, in, &at, e))
				return false;
			continue;
		}
		at += head.size;
		if (head.kind != CBOR_ARRAY && head.kind != CBOR_MAP)
			continue;
		if (depth == CBOR_DEPTH)
			return bad_form(at, "arrays and maps are nested too deep", e);
		if (head.value > in.n - at)
			return bad_form(at, "more items announced than bytes are left", e);
		stack[++depth] =
			(struct level){ .left = head.kind == CBOR_MAP ? 2 * head.value : head.value,
					.map = head.kind == CBOR_MAP };
	}
	if (at != in.n)
		return bad_form(at, "bytes behind the end", e);
	return true;
}

enum cbor_kind cbor_peek(const struct cbor *c)
{
	struct head head;

	return head_read(c->in, c->at, &head) ? head.kind : CBOR_NOTHING;
}

/* Take a head of the kind wanted. */
static bool take(struct cbor *c, enum cbor_kind kind, const char *what, uint64_t *value,
		 struct err *e)
{
	struct head head;

	if (!head_read(c->in, c->at, &head) || head.kind != kind)
		return err_input(e, "CBOR-TYPE", "byte %zu: expected %s", c->at, what);
	c->at += head.size;
	*value = head.value;
	return true;
}

bool cbor_uint(struct cbor *c, uint64_t max, uint64_t *out, struct err *e)
{
	size_t at = c->at;

	if (!take(c, CBOR_UINT, "an unsigned integer", out, e))
		return false;
	if (*out > max)
		return err_input(e, "CBOR-TYPE", "byte %zu: an integer is out of range", at);
	return true;
}

bool cbor_int(struct cbor *c, int64_t *out, struct err *e)
{
	bool negative = cbor_peek(c) == CBOR_NEGINT;
	size_t at = c->at;
	uint64_t value;

	if (!take(c, negative ? CBOR_NEGINT : CBOR_UINT, "an integer", &value, e))
		return false;
	if (value > INT64_MAX)
		return err_input(e, "CBOR-TYPE", "byte %zu: an integer is out of range", at);
	*out = negative ? -1 - (int64_t)value : (int64_t)value;
	return true;
}

static bool take_string(struct cbor *c, enum cbor_kind kind, const char *what, struct str *out,
			struct err *e)
{
	uint64_t n = 0;

	if (!take(c, kind, what, &n, e))
		return false;
	if (n > c->in.n - c->at)
		return bad_form(c->at, "a string is cut", e);
	*out = (struct str){ c->in.p + c->at, (size_t)n };
	c->at += (size_t)n;
	return true;
}

bool cbor_bytes(struct cbor *c, struct str *out, struct err *e)
{
	return take_string(c, CBOR_BYTES, "a byte string", out, e);
}

bool cbor_text(struct cbor *c, struct str *out, struct err *e)
{
	size_t at = c->at;

	if (!take_string(c, CBOR_TEXT, "a text", out, e))
		return false;
	return utf8_valid(*out) || bad_form(at, "a text is not UTF-8", e);
}

bool cbor_array(struct cbor *c, size_t count, struct err *e)
{
	size_t at = c->at;
	uint64_t n = 0;

	if (!take(c, CBOR_ARRAY, "an array", &n, e))
		return false;
	if (n != count)
		return err_input(e, "CBOR-TYPE", "byte %zu: expected an array of %zu", at, count);
	return true;
}

bool cbor_map(struct cbor *c, size_t *count, struct err *e)
{
	uint64_t n = 0;

	if (!take(c, CBOR_MAP, "a map", &n, e))
		return false;
	if (n > c->in.n)
		return bad_form(c->at, "more items announced than bytes are left", e);
	*count = (size_t)n;
	return true;
}

bool cbor_nil(struct cbor *c, struct err *e)
{
	uint64_t value;

	return take(c, CBOR_NIL, "null", &value, e);
}

bool cbor_end(const struct cbor *c, struct err *e)
{
	return c->at == c->in.n || bad_form(c->at, "bytes behind the end", e);
}

size_t cbor_head(unsigned char out[CBOR_HEAD_MAX], unsigned major, uint64_t value)
{
	unsigned info = value < 24            ? (unsigned)value
			: value <= 0xff       ? 24
			: value <= 0xffff     ? 25
			: value <= 0xffffffff ? 26
					      : 27;
	size_t extra = info < 24 ? 0 : (size_t)1 << (info - 24);

	out[0] = (unsigned char)(major << 5 | info);
	for (size_t i = extra; i > 0; i--, value >>= 8)
		out[i] = (unsigned char)(value & 0xff);
	return 1 + extra;
}

static void put_head(struct buf *out, enum cbor_kind kind, uint64_t value)
{
	unsigned char head[CBOR_HEAD_MAX];

	buf_put(out, head, cbor_head(head, (unsigned)kind, value));
}

void cbor_put_int(struct buf *out, int64_t v)
{
	if (v < 0)
		put_head(out, CBOR_NEGINT, (uint64_t)(-1 - v));
	else
		put_head(out, CBOR_UINT, (uint64_t)v);
}

void cbor_put_uint(struct buf *out, uint64_t v)
{
	put_head(out, CBOR_UINT, v);
}

void cbor_put_bytes(struct buf *out, struct str s)
{
	put_head(out, CBOR_BYTES, s.n);
	buf_str(out, s);
}

void cbor_put_text(struct buf *out, struct str s)
{
	put_head(out, CBOR_TEXT, s.n);
	buf_str(out, s);
}

void cbor_put_array(struct buf *out, size_t count)
{
	put_head(out, CBOR_ARRAY, count);
}

void cbor_put_map(struct buf *out, size_t count)
{
	put_head(out, CBOR_MAP, count);
}

void cbor_put_nil(struct buf *out)
{
	buf_byte(out, NIL);
}
