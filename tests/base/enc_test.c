/* SPDX-License-Identifier: Apache-2.0 */
#include "base/enc.h"
#include "check.h"

TEST(decimal_form_gives_the_bytes_back)
{
	unsigned char bytes[DECIMAL_BYTES_MAX], back[DECIMAL_BYTES_MAX];
	struct buf digits = buf_empty(2000);
	size_t n;

	for (size_t size = 1; size <= sizeof bytes; size++) {
		for (size_t i = 0; i < size; i++)
			bytes[i] = (unsigned char)(i * 167 + size);
		bytes[0] = 0x84;
		buf_clear(&digits);
		enc_decimal(&digits, bytes, size);
		CHECK(enc_undecimal(buf_view(&digits), back, &n));
		EQ_INT(n, size);
		EQ_BYTES(back, bytes, size);
	}
	buf_free(&digits);
}

TEST(decimal_form_of_known_numbers)
{
	struct buf digits = buf_empty(2000);
	unsigned char back[DECIMAL_BYTES_MAX];
	size_t n;

	enc_decimal(&digits, "\x01\x00\x00\x00\x00", 5);
	EQ_STR(buf_view(&digits), STR("4294967296"));
	CHECK(!enc_undecimal(STR(""), back, &n));
	CHECK(!enc_undecimal(STR("012"), back, &n));
	CHECK(!enc_undecimal(STR("12x"), back, &n));
	buf_free(&digits);
}

TEST(base32_reads_what_people_type)
{
	unsigned char id[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 255 }, back[10];
	struct buf text = buf_empty(100);

	enc_base32(&text, id, sizeof id);
	EQ_STR(buf_view(&text), STR("000G-40R4-0M30-E27Z"));
	CHECK(enc_unbase32(STR("oo0g 40r4-0M3O E27z"), back, sizeof back));
	EQ_BYTES(back, id, sizeof id);
	CHECK(!enc_unbase32(STR("000G-40R4-0M30-E27"), back, sizeof back));
	CHECK(!enc_unbase32(STR("000G-40R4-0M30-E27Z-0"), back, sizeof back));
	CHECK(!enc_unbase32(STR("000G-40R4-0M30-E27*"), back, sizeof back));
	buf_free(&text);
}

TEST(base64_is_strict)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = { { "AA==", true },  { "AB==", false }, { "AAA=", true }, { "AA", false },
		      { "A===", false }, { "AA=A", false }, { "AAAA", true }, { "A A=", false } };
	unsigned char out[8];
	size_t n;

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (enc_unbase64(str_of(cases[i].text), out, sizeof out, &n) != cases[i].good)
			CHECK(!cases[i].text);
}

TEST(utf8_refuses_what_rfc_3629_refuses)
{
	static const char *const bad[] = { "\xc0\x80",         "\xe0\x80\x80", "\xed\xa0\x80",
					   "\xf4\x90\x80\x80", "\x80",         "\xe4\xb8" };
	uint32_t c;

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		EQ_INT(enc_utf8(str_of(bad[i]), &c), 0);
	EQ_INT(enc_utf8(str_of("\xf0\xac\xb1\x96"), &c), 4);
	EQ_INT(c, 0x2cc56);
}
