/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/lettercode.h"

enum {
	FORM = 1,
	ITEMS = 11,
	ENTRIES = 3,
	WORDING = 4,
	DOCID_SHORT = 10, /* bytes; past 10^7 documents 13 */
	DOCID_LONG = 13,
	DIGEST = 16,
	LETTER = 3,
	STATEMENT = 4,
	TEXT_MAX = 400, /* a token's length */
	NIL = 0xf6
};

enum major { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP };

static const uint64_t NUMBER_MAX = (UINT64_C(1) << 60) - 1;

bool lettercode_is_nil(struct str item)
{
	return item.n == 1 && (unsigned char)item.p[0] == NIL;
}

/* Cut the head of an item off *rest: its major type and its argument, in the shortest form. */
static bool head_cut(struct str *rest, enum major *major, uint64_t *value)
{
	static const uint64_t shortest[] = { 24, 0x100, 0x10000, UINT64_C(0x100000000) };
	const unsigned char *p = (const unsigned char *)rest->p;
	size_t size;
	unsigned low;

	if (rest->n == 0 || p[0] >> 5 > MAP)
		return false;
	*major = (enum major)(p[0] >> 5);
	low = p[0] & 31;
	*value = low;
	if (low >= 28)
		return false;
	size = low < 24 ? 0 : (size_t)1 << (low - 24);
	if (rest->n < 1 + size)
		return false;
	if (size > 0) {
		*value = 0;
		for (size_t i = 1; i <= size; i++)
			*value = *value << 8 | p[i];
		if (*value < shortest[low - 24])
			return false;
	}
	*rest = str_skip(*rest, 1 + size);
	return true;
}

static bool head_is(struct str *rest, enum major want, uint64_t value)
{
	enum major major;
	uint64_t found;

	return head_cut(rest, &major, &found) && major == want && found == value;
}

static bool number_cut(struct str *rest, uint64_t max, uint64_t *out)
{
	enum major major;

	return head_cut(rest, &major, out) && major == UNSIGNED && *out <= max;
}

static bool integer_cut(struct str *rest, int64_t *out)
{
	enum major major;
	uint64_t v;

	if (!head_cut(rest, &major, &v) || major > NEGATIVE || v > NUMBER_MAX)
		return false;
	*out = major == NEGATIVE ? -1 - (int64_t)v : (int64_t)v;
	return true;
}

/* A string of bytes or of text, whole. */
static bool string_cut(struct str *rest, enum major want, uint64_t min, uint64_t max,
		       struct str *out)
{
	const struct str from = *rest;
	enum major major;
	uint64_t n;

	if (!head_cut(rest, &major, &n) || major != want || n < min || n > max || n > rest->n)
		return false;
	*rest = str_skip(*rest, (size_t)n);
	*out = (struct str){ from.p, from.n - rest->n };
	return true;
}

static bool text_or_nil_cut(struct str *rest, struct str *out)
{
	if (rest->n == 0 || (unsigned char)rest->p[0] != NIL)
		return string_cut(rest, TEXT, 1, TEXT_MAX, out);
	*out = (struct str){ rest->p, 1 };
	*rest = str_skip(*rest, 1);
	return true;
}

static bool member_no_cut(struct str *rest, struct str *out)
{
	const struct str from = *rest;
	uint64_t number;

	if (rest->n > 0 && (unsigned char)rest->p[0] >> 5 == TEXT)
		return string_cut(rest, TEXT, 1, TEXT_MAX, out);
	if (!number_cut(rest, NUMBER_MAX, &number))
		return false;
	*out = (struct str){ from.p, from.n - rest->n };
	return true;
}

/* [wording, class, look-back, pending], whole. */
static bool wording_cut(struct str *rest, struct str *out)
{
	const struct str from = *rest;
	uint64_t code;

	if (!head_is(rest, ARRAY, WORDING))
		return false;
	for (int i = 0; i < WORDING; i++)
		if (!number_cut(rest, 255, &code))
			return false;
	*out = (struct str){ from.p, from.n - rest->n };
	return true;
}

static bool front_cut(struct str *rest, struct lettercode *out)
{
	uint64_t type, idx;
	struct str docid;

	if (!head_is(rest, ARRAY, ITEMS) || !head_is(rest, UNSIGNED, FORM) ||
	    !number_cut(rest, STATEMENT, &type) || type < LETTER ||
	    !number_cut(rest, NUMBER_MAX, &idx) ||
	    !string_cut(rest, BYTES, DOCID_SHORT, DOCID_LONG, &docid))
		return false;
	out->type = (unsigned)type;
	return docid.n == 1 + DOCID_SHORT || docid.n == 1 + DOCID_LONG;
}

static bool ext_cut(struct str *rest, struct lettercode *out)
{
	return head_is(rest, MAP, ENTRIES) && head_is(rest, UNSIGNED, 1) &&
	       text_or_nil_cut(rest, &out->recipient) && head_is(rest, UNSIGNED, 2) &&
	       integer_cut(rest, &out->as_at_min) && head_is(rest, UNSIGNED, 3) &&
	       wording_cut(rest, &out->wording);
}

bool lettercode_read(struct str payload, struct lettercode *out, struct err *e)
{
	struct lettercode code = { 0 };
	struct str digest;

	if (!front_cut(&payload, &code) || !member_no_cut(&payload, &code.member_no) ||
	    !text_or_nil_cut(&payload, &code.native) || !text_or_nil_cut(&payload, &code.latin) ||
	    !integer_cut(&payload, &code.iat_day) || !integer_cut(&payload, &code.exp_day) ||
	    !string_cut(&payload, BYTES, DIGEST, DIGEST, &digest) || !ext_cut(&payload, &code) ||
	    payload.n > 0)
		return err_system(e, "not the payload of a letter");
	*out = code;
	return true;
}
