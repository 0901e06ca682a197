/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/payload.h"

#include "base/enc.h"
#include "proof/cbor.h"

enum {
	FORM = 1, /* first item: this layout */
	ITEMS = 11,
	EXT_RECIPIENT = 1,
	EXT_AS_AT = 2,
	EXT_LETTER = 3,
	EXT_ADMITTED = 4,
	LETTER_ITEMS = 4,
	MEMBER_NO_DIGITS = 18, /* as many fit below 2^60 */
	DAY_MAX = 2932896,     /* 9999-12-31 */
	DAY_MIN = -719162      /* 0001-01-01 */
};

static const uint64_t IDX_MAX = (UINT64_C(1) << 53) - 1; /* what JSON integers hold exactly */
static const int64_t AS_AT_MAX = INT64_C(1440) * DAY_MAX;
static const uint64_t MEMBER_NO_MAX = UINT64_C(999999999999999999);

static bool is_letter(unsigned type)
{
	return type == TYPE_LETTER || type == TYPE_STATEMENT;
}

/*
 * Ranges a reader cannot see or must not obey: controls, zero-width and bidi marks, line separators, private use,
 * specials.  A name shown beside the printed one must not hide or reorder anything.
 */
static const struct {
	uint32_t first, last;
} UNSHOWN[] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f },   { 0x00ad, 0x00ad },    { 0x061c, 0x061c },
	{ 0x180e, 0x180e }, { 0x200b, 0x200f },   { 0x2028, 0x202e },    { 0x2060, 0x206f },
	{ 0xe000, 0xf8ff }, { 0xfdd0, 0xfdef },   { 0xfe00, 0xfe0f },    { 0xfeff, 0xfeff },
	{ 0xfff0, 0xffff }, { 0xe0000, 0xe0fff }, { 0xf0000, 0x10ffff },
};

static bool plain(struct str s)
{
	while (s.n > 0) {
		uint32_t c = 0;
		size_t n = enc_utf8(s, &c);

		if (n == 0)
			return false;
		for (size_t i = 0; i < COUNT_OF(UNSHOWN); i++)
			if (c >= UNSHOWN[i].first && c <= UNSHOWN[i].last)
				return false;
		s = str_skip(s, n);
	}
	return true;
}

static bool bad(const char *field, const char *why, struct err *e)
{
	err_input(e, "TOKEN-FORM", "%s", why);
	return err_at(e, "/%s", field);
}

static bool text_check(struct str s, const char *field, size_t max, struct err *e)
{
	if (s.n == 0)
		return bad(field, "is empty", e);
	if (s.n > max) {
		err_input(e, "TOKEN-TOO-LONG", "%zu bytes; at most %zu", s.n, max);
		return err_at(e, "/%s", field);
	}
	return plain(s) || bad(field, "holds a character that cannot be shown", e);
}

static bool name_check(struct str s, const char *field, struct err *e)
{
	return s.p == NULL || text_check(s, field, TOKEN_BYTES_MAX, e);
}

static bool docid_check(const struct token_payload *p, struct err *e)
{
	if (p->docid_size != 10 && p->docid_size != DOCID_MAX)
		return bad("docid", "is not 10 or 13 bytes", e);
	if (p->docid_size == DOCID_MAX && (p->docid[DOCID_MAX - 1] & 15) != 0)
		return bad("docid", "13 bytes must end in 4 zero bits", e);
	return true;
}

static bool days_check(const struct token_payload *p, struct err *e)
{
	if (p->issued_day < 0 || p->issued_day > DAY_MAX)
		return bad("issued", "is out of range", e);
	if (p->expires_day != 0 && (p->expires_day < p->issued_day || p->expires_day > DAY_MAX))
		return bad("expires", "lies before the day of issue, or is out of range", e);
	if (p->has_admitted && (p->admitted_day < DAY_MIN || p->admitted_day > DAY_MAX))
		return bad("admitted", "is out of range", e);
	return true;
}

static bool letter_check(const struct token_payload *p, struct err *e)
{
	if (p->has_admitted)
		return bad("admitted", "has no place in a letter", e);
	if (p->recipient.p != NULL &&
	    !text_check(p->recipient, "recipient", PAYLOAD_RECIPIENT_MAX, e))
		return false;
	if (p->as_at_min < 0 || p->as_at_min > AS_AT_MAX)
		return bad("as_at", "is out of range", e);
	if (p->wording > 255 || p->class_code > 255 || p->look_back > 255 || p->pending > 1)
		return bad("wording", "a letter's codes are out of range", e);
	return true;
}

static bool certificate_check(const struct token_payload *p, struct err *e)
{
	if (p->type <= TYPE_NON_PRACTISING && !p->has_admitted)
		return bad("admitted", "is missing", e);
	if (p->recipient.p != NULL || p->as_at_min != 0 || p->wording != 0 || p->class_code != 0 ||
	    p->look_back != 0 || p->pending != 0)
		return bad("recipient", "a letter's fields in a certificate", e);
	return true;
}

bool payload_check(const struct token_payload *p, struct err *e)
{
	if (p->type < 1 || p->type > 255)
		return bad("type", "is not 1 to 255", e);
	if (p->idx > IDX_MAX)
		return bad("idx", "is out of range", e);
	return docid_check(p, e) &&
	       text_check(p->member_no, "member_no", PAYLOAD_MEMBER_NO_MAX, e) &&
	       name_check(p->name_native, "name_native", e) &&
	       name_check(p->name_latin, "name_latin", e) && days_check(p, e) &&
	       (is_letter(p->type) ? letter_check(p, e) : certificate_check(p, e));
}

/* The number a member number is written as, or false when it must be text. */
static bool member_no_number(struct str s, uint64_t *out)
{
	unsigned long long v;

	if (s.n == 0 || s.n > MEMBER_NO_DIGITS || s.p[0] == '0' || !str_u64(s, MEMBER_NO_MAX, &v))
		return false;
	*out = v;
	return true;
}

static void put_text_or_nil(struct buf *out, struct str s)
{
	if (s.p == NULL)
		cbor_put_nil(out);
	else
		cbor_put_text(out, s);
}

static void ext_encode(struct buf *out, const struct token_payload *p)
{
	if (!is_letter(p->type)) {
		cbor_put_map(out, p->has_admitted ? 1 : 0);
		if (p->has_admitted) {
			cbor_put_uint(out, EXT_ADMITTED);
			cbor_put_int(out, p->admitted_day);
		}
		return;
	}
	cbor_put_map(out, 3);
	cbor_put_uint(out, EXT_RECIPIENT);
	put_text_or_nil(out, p->recipient);
	cbor_put_uint(out, EXT_AS_AT);
	cbor_put_int(out, p->as_at_min);
	cbor_put_uint(out, EXT_LETTER);
	cbor_put_array(out, LETTER_ITEMS);
	cbor_put_uint(out, p->wording);
	cbor_put_uint(out, p->class_code);
	cbor_put_uint(out, p->look_back);
	cbor_put_uint(out, p->pending);
}

void payload_encode(struct buf *out, const struct token_payload *p)
{
	uint64_t number;

	cbor_put_array(out, ITEMS);
	cbor_put_uint(out, FORM);
	cbor_put_uint(out, p->type);
	cbor_put_uint(out, p->idx);
	cbor_put_bytes(out, str_bytes(p->docid, p->docid_size));
	if (member_no_number(p->member_no, &number))
		cbor_put_uint(out, number);
	else
		cbor_put_text(out, p->member_no);
	put_text_or_nil(out, p->name_native);
	put_text_or_nil(out, p->name_latin);
	cbor_put_int(out, p->issued_day);
	cbor_put_int(out, p->expires_day);
	cbor_put_bytes(out, str_bytes(p->digest16, DIGEST16));
	ext_encode(out, p);
}

static bool text_or_nil(struct cbor *c, struct str *out, struct err *e)
{
	*out = (struct str){ NULL, 0 };
	return cbor_peek(c) == CBOR_NIL ? cbor_nil(c, e) : cbor_text(c, out, e);
}

static bool small(struct cbor *c, unsigned *out, struct err *e)
{
	uint64_t v;

	if (!cbor_uint(c, 255, &v, e))
		return false;
	*out = (unsigned)v;
	return true;
}

static bool decode_member_no(struct arena *a, struct cbor *c, struct token_payload *p,
			     struct err *e)
{
	uint64_t number;

	if (cbor_peek(c) == CBOR_TEXT) {
		if (!cbor_text(c, &p->member_no, e))
			return false;
		return !member_no_number(p->member_no, &number) ||
		       bad("member_no", "must be written as a number", e);
	}
	if (!cbor_uint(c, MEMBER_NO_MAX, &number, e))
		return false;
	if (number == 0)
		return bad("member_no", "must be written as text", e);
	return arena_printf(a, &p->member_no, e, "%llu", (unsigned long long)number);
}

static bool decode_docid(struct cbor *c, struct token_payload *p, struct err *e)
{
	struct str docid;

	if (!cbor_bytes(c, &docid, e))
		return false;
	if (docid.n > DOCID_MAX)
		return bad("docid", "is not 10 or 13 bytes", e);
	p->docid_size = docid.n;
	if (docid.n > 0)
		memcpy(p->docid, docid.p, docid.n);
	return true;
}

static bool decode_digest(struct cbor *c, struct token_payload *p, struct err *e)
{
	struct str digest;

	if (!cbor_bytes(c, &digest, e))
		return false;
	if (digest.n != DIGEST16)
		return bad("digest16", "is not 16 bytes", e);
	memcpy(p->digest16, digest.p, DIGEST16);
	return true;
}

/* The keys must be exactly 1, 2, 3: a key is read as "at most k", and the ascending order does the rest. */
static bool decode_letter(struct cbor *c, struct token_payload *p, struct err *e)
{
	uint64_t key;

	return cbor_uint(c, EXT_RECIPIENT, &key, e) && text_or_nil(c, &p->recipient, e) &&
	       cbor_uint(c, EXT_AS_AT, &key, e) && cbor_int(c, &p->as_at_min, e) &&
	       cbor_uint(c, EXT_LETTER, &key, e) && cbor_array(c, LETTER_ITEMS, e) &&
	       small(c, &p->wording, e) && small(c, &p->class_code, e) &&
	       small(c, &p->look_back, e) && small(c, &p->pending, e);
}

static bool decode_ext(struct cbor *c, struct token_payload *p, struct err *e)
{
	size_t pairs;
	uint64_t key;

	if (!cbor_map(c, &pairs, e))
		return false;
	if (is_letter(p->type))
		return pairs == 3 ? decode_letter(c, p, e)
				  : bad("ext", "a letter has exactly three entries", e);
	if (pairs == 0)
		return true;
	if (pairs != 1 || !cbor_uint(c, EXT_ADMITTED, &key, e) || key != EXT_ADMITTED)
		return bad("ext", "a certificate has only the day of admission", e);
	p->has_admitted = true;
	return cbor_int(c, &p->admitted_day, e);
}

static bool decode_names_and_days(struct cbor *c, struct token_payload *p, struct err *e)
{
	return text_or_nil(c, &p->name_native, e) && text_or_nil(c, &p->name_latin, e) &&
	       cbor_int(c, &p->issued_day, e) && cbor_int(c, &p->expires_day, e);
}

bool payload_decode(struct arena *a, struct str bytes, struct token_payload *out, struct err *e)
{
	struct cbor c = { bytes, 0 };
	struct token_payload p = { 0 };
	unsigned form;

	if (!cbor_check(bytes, e) || !cbor_array(&c, ITEMS, e) || !small(&c, &form, e))
		return false;
	if (form != FORM)
		return err_input(e, "TOKEN-FORM", "layout %u; this program knows %d", form, FORM);
	if (!small(&c, &p.type, e) || !cbor_uint(&c, IDX_MAX, &p.idx, e) ||
	    !decode_docid(&c, &p, e) || !decode_member_no(a, &c, &p, e) ||
	    !decode_names_and_days(&c, &p, e) || !decode_digest(&c, &p, e) ||
	    !decode_ext(&c, &p, e) || !cbor_end(&c, e))
		return false;
	if (!payload_check(&p, e))
		return false;
	*out = p;
	return true;
}
