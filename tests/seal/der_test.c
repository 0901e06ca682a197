/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/der.h"

#include "base/enc.h"
#include "check.h"

enum { BYTES_MAX = 4096 };

static struct str unhex(const char *hex, unsigned char out[BYTES_MAX])
{
	size_t n = strlen(hex) / 2;

	if (!enc_unhex(str_of(hex), out, n))
		CHECK(false);
	return str_bytes(out, n);
}

TEST(what_is_no_der_is_refused_with_its_reason)
{
	static const struct {
		const char *hex, *code; /* NULL: it is good */
	} cases[] = {
		{ "", "DER-CUT" },
		{ "30", "DER-CUT" },
		{ "3001", "DER-CUT" },
		{ "30820101", "DER-CUT" },
		{ "3082", "DER-CUT" },
		{ "3080", "DER-FORM" },           /* indefinite */
		{ "30800000", "DER-FORM" },       /* and closed */
		{ "308400000001aa", "DER-FORM" }, /* four bytes of length */
		{ "30810105", "DER-FORM" },       /* long form of a short length */
		{ "3082000105", "DER-FORM" },     /* a leading zero */
		{ "1f8100", "DER-FORM" },         /* a tag of two bytes */
		{ "050000", "DER-FORM" },         /* a byte behind */
		{ "0500", NULL },
		{ "050100", "DER-FORM" },
		{ "0101ff", NULL },
		{ "010100", NULL },
		{ "010101", "DER-FORM" }, /* true is ff */
		{ "0100", "DER-FORM" },
		{ "0200", "DER-FORM" },
		{ "020100", NULL },
		{ "02020001", "DER-FORM" },
		{ "0202ff80", "DER-FORM" },
		{ "02020080", NULL },
		{ "0202ff7f", NULL },
		{ "0a0105", NULL },
		{ "0600", "DER-FORM" },
		{ "060180", "DER-FORM" },
		{ "06022a80", "DER-FORM" },
		{ "06032a8001", "DER-FORM" },
		{ "06032a8101", NULL },
		{ "0300", "DER-FORM" },
		{ "030100", NULL },
		{ "030101", "DER-FORM" },
		{ "03020801", "DER-FORM" },
		{ "03020101", "DER-FORM" }, /* the unused bit is set */
		{ "03020102", NULL },
		{ "24040402aaaa", "DER-FORM" }, /* a string in pieces */
		{ "2c040c026161", "DER-FORM" },
		{ "a0020500", NULL },
		{ "800161", NULL },
		{ "0000", "DER-FORM" },
		{ "1000", "DER-FORM" }, /* SEQUENCE that is not constructed */
		{ "3000", NULL },
		{ "3003020100", NULL },
		{ "300302010005", "DER-FORM" },
		{ "30020201", "DER-CUT" }, /* the inner value leaves the outer one */
	};
	unsigned char bytes[BYTES_MAX];
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str s = unhex(cases[i].hex, bytes);

		e.code[0] = '\0';
		if (cases[i].code == NULL) {
			OK(der_check(s, &e), e);
			continue;
		}
		if (der_check(s, &e))
			EQ_C(cases[i].hex, "is accepted");
		EQ_C(e.code, cases[i].code);
	}
}

TEST(nesting_has_an_end)
{
	unsigned char bytes[2 * DER_DEPTH_MAX + 2];
	struct err e;

	for (size_t deep = DER_DEPTH_MAX - 2; deep <= DER_DEPTH_MAX + 1; deep++) {
		for (size_t i = 0; i < deep; i++) {
			bytes[2 * i] = 0x30;
			bytes[2 * i + 1] = (unsigned char)(2 * (deep - 1 - i));
		}
		EQ_INT(der_check(str_bytes(bytes, 2 * deep), &e), deep <= DER_DEPTH_MAX - 1);
	}
}

TEST(every_length_is_written_in_its_shortest_form_and_read_again)
{
	static const size_t lengths[] = { 0, 1, 127, 128, 129, 255, 256, 257, 65535, 65536, 70000 };
	struct buf b = buf_empty(1 << 20), nested = buf_empty(1 << 20);
	struct str rest;
	struct der v;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		size_t at;

		buf_clear(&b);
		buf_clear(&nested);
		at = der_begin(&b, DER_OCTET_STRING);
		for (size_t j = 0; j < lengths[i]; j++)
			buf_byte(&b, (unsigned char)j);
		der_end(&b, at);
		OK(buf_ok(&b, "bytes", &e), e);
		OK(der_check(buf_view(&b), &e), e);
		OK(der_only(buf_view(&b), DER_OCTET_STRING, &v, &e), e);
		EQ_INT(v.content.n, lengths[i]);
		EQ_INT(v.whole.n, b.n);
		der_put(&nested, DER_OCTET_STRING, v.content);
		EQ_STR(buf_view(&nested), buf_view(&b));
		rest = buf_view(&b);
		OK(der_read(&rest, DER_OCTET_STRING, &v, &e), e);
		EQ_INT(rest.n, 0);
		CHECK(!der_only(buf_view(&b), DER_SEQUENCE, &v, &e));
	}
	buf_free(&b);
	buf_free(&nested);
}

TEST(numbers_are_written_shortest_and_positive)
{
	static const struct {
		uint64_t v;
		const char *hex;
	} cases[] = {
		{ 0, "020100" },
		{ 1, "020101" },
		{ 127, "02017f" },
		{ 128, "02020080" },
		{ 255, "020200ff" },
		{ 256, "02020100" },
		{ 0x7fffffff, "02047fffffff" },
		{ 0xffffffff, "020500ffffffff" },
	};
	struct buf b = buf_empty(100), hex = buf_empty(100);
	uint32_t back = 0;
	struct der v;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_clear(&b);
		buf_clear(&hex);
		der_put_uint(&b, cases[i].v);
		enc_hex(&hex, b.p, b.n);
		EQ_STR(buf_view(&hex), str_of(cases[i].hex));
		OK(der_only(buf_view(&b), DER_INTEGER, &v, &e), e);
		OK(der_number(&v, &back, &e), e);
		EQ_INT(back, cases[i].v);
	}
	buf_clear(&b);
	der_put_uint(&b, 0x100000000);
	OK(der_only(buf_view(&b), DER_INTEGER, &v, &e), e);
	CHECK(!der_number(&v, &back, &e));
	CHECK(!der_number(&(struct der){ .content = STR("\xff") }, &back, &e));
	CHECK(!der_number(&(struct der){ .content = STR("") }, &back, &e));
	buf_free(&b);
	buf_free(&hex);
}

TEST(a_set_of_is_in_the_order_of_its_bytes)
{
	struct buf b = buf_empty(1000), hex = buf_empty(1000);
	struct err e;
	size_t at = der_begin(&b, DER_SET);

	der_put(&b, DER_OCTET_STRING, STR("bb"));
	der_put(&b, DER_OCTET_STRING, STR("c"));
	der_put(&b, DER_INTEGER, STR("\7"));
	der_put(&b, DER_OCTET_STRING, STR("ba"));
	der_end_set_of(&b, at);
	OK(buf_ok(&b, "a set", &e), e);
	enc_hex(&hex, b.p, b.n);
	EQ_STR(buf_view(&hex), STR("310e0201070401630402626104026262"));
	/* seventeen values, and bytes that are no values, are none of ours */
	buf_clear(&b);
	at = der_begin(&b, DER_SET);
	for (int i = 0; i < 17; i++)
		der_put_uint(&b, 1);
	der_end_set_of(&b, at);
	CHECK(b.failed);
	buf_clear(&b);
	at = der_begin(&b, DER_SET);
	buf_byte(&b, 0x30);
	der_end_set_of(&b, at);
	CHECK(b.failed);
	buf_free(&b);
	buf_free(&hex);
}

TEST(times_are_read_as_der_has_them)
{
	static const struct {
		const char *text;
		int64_t unix_s; /* -1: refused */
	} cases[] = {
		{ "19700101000000Z", 0 },
		{ "20261124151300Z", 1795533180 },
		{ "20261124151300.5Z", 1795533180 },
		{ "20261124151300.50Z", -1 }, /* a zero at its end */
		{ "20261124151300.Z", -1 },
		{ "20261124151300,5Z", -1 },
		{ "20261124151300", -1 },
		{ "20261124151300+0800", -1 },
		{ "202611241513Z", -1 },
		{ "20261324151300Z", -1 },
		{ "20260229151300Z", -1 },
		{ "20261124241300Z", -1 },
		{ "20261124156000Z", -1 },
		{ "20261124151360Z", -1 },
		{ "2026112415130aZ", -1 },
		{ "-0261124151300Z", -1 },
		{ "Z", -1 },
		{ "", -1 },
	};
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct der v = { .tag = DER_GENERALIZED_TIME, .content = str_of(cases[i].text) };
		int64_t got = -1;

		EQ_INT(der_time(&v, &got, &e), cases[i].unix_s != -1);
		EQ_INT(got, cases[i].unix_s);
	}
}

TEST(object_identifiers_are_told_in_words)
{
	static const struct {
		const char *hex, *text;
	} cases[] = {
		{ "2a864886f70d010903", "1.2.840.113549.1.9.3" },
		{ "2b0601040182371401", "1.3.6.1.4.1.311.20.1" },
		{ "550403", "2.5.4.3" },
		{ "883703", "2.999.3" },
		{ "00", "0.0" },
		{ "2a80", "?" },
		{ "", "?" },
		{ "2affffffffffffffffffff7f", "?" }, /* more than 64 bits */
	};
	unsigned char bytes[BYTES_MAX];
	char text[80];

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EQ_C(der_oid_text(unhex(cases[i].hex, bytes), text, sizeof text), cases[i].text);
	EQ_C(der_oid_text(unhex("2a864886f70d010903", bytes), text, 8), "?");
}
