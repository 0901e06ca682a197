/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/check_inner.h"
#include "seal/der.h"

/* Checks 3 to 5: what the signature covers, what it leaves out, and what stands there. */

static bool range_read(struct check *c, struct check_signature *s)
{
	const struct pdf_value *range = pdf_key_kind(s->dictionary, "ByteRange", PDF_ARRAY);
	uint64_t n[4];

	if (range == NULL || range->count != 4)
		return check_fail(c, CHECK_RANGE, "no /ByteRange of four numbers");
	for (size_t i = 0; i < 4; i++) {
		if (range->items[i].kind != PDF_INTEGER || range->items[i].number < 0)
			return check_fail(c, CHECK_RANGE, "/ByteRange holds what is no offset");
		n[i] = (uint64_t)range->items[i].number;
	}
	if (n[0] != 0 || n[1] == 0 || n[1] >= n[2])
		return check_fail(c, CHECK_RANGE, "/ByteRange does not begin with the file");
	if (n[2] + n[3] != c->pdf.revisions[s->revision].end)
		return check_fail(c, CHECK_RANGE, "/ByteRange does not end with its revision");
	s->hole = (size_t)n[1];
	s->behind = (size_t)n[2];
	s->length = (size_t)(n[2] + n[3]);
	check_pass(c, CHECK_RANGE);
	return true;
}

/* The parser says where /Contents stands; it is not searched for. */
static bool gap_check(struct check *c, const struct check_signature *s, struct str *contents)
{
	const struct pdf_value *v = pdf_key(s->dictionary, "Contents");
	size_t at;

	if (v == NULL || v->kind != PDF_HEX)
		return check_fail(c, CHECK_GAP, "no /Contents in hexadecimal");
	at = (size_t)(v->raw.p - c->pdf.bytes.p);
	if (at != s->hole || at + v->raw.n != s->behind)
		return check_fail(c, CHECK_GAP,
				  "/ByteRange leaves out more or less than /Contents");
	for (size_t i = 1; i + 1 < v->raw.n; i++) {
		char ch = v->raw.p[i];

		if ((ch < '0' || ch > '9') && (ch < 'a' || ch > 'f'))
			return check_fail(c, CHECK_GAP, "/Contents holds other than small digits");
	}
	if (v->raw.n % 2 != 0)
		return check_fail(c, CHECK_GAP, "/Contents holds half a byte");
	*contents = v->text;
	check_pass(c, CHECK_GAP);
	return true;
}

static bool padding_check(struct check *c, struct check_signature *s, struct str contents)
{
	struct str rest = contents;
	struct err e = { 0 };
	struct der der;

	if (!der_read(&rest, DER_SEQUENCE, &der, &e))
		return check_fail(c, CHECK_PADDING, "/Contents is no DER: %s", e.cause);
	for (size_t i = 0; i < rest.n; i++) {
		if (rest.p[i] != '\0')
			return check_fail(c, CHECK_PADDING, "bytes behind the signature's end");
	}
	s->cms = der.whole;
	check_pass(c, CHECK_PADDING);
	return true;
}

bool check_space(struct check *c, struct check_signature *s)
{
	struct str contents;

	return range_read(c, s) && gap_check(c, s, &contents) && padding_check(c, s, contents);
}
