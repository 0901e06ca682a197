/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/cbor.h"

#include "base/enc.h"
#include "check.h"

static bool check_hex(const char *hex, struct err *e)
{
	unsigned char bytes[512];
	size_t n = strlen(hex) / 2;

	return CHECK(enc_unhex(str_of(hex), bytes, n)) && cbor_check(str_bytes(bytes, n), e);
}

TEST(what_is_not_deterministic_cbor_of_the_subset_is_refused)
{
	static const struct {
		const char *hex, *why;
	} bad[] = {
		{ "", "nothing" },
		{ "1800", "0 in two bytes" },
		{ "1817", "23 in two bytes" },
		{ "190000", "0 in three bytes" },
		{ "1900ff", "255 in three bytes" },
		{ "1a0000ffff", "65535 in five bytes" },
		{ "1b00000000ffffffff", "2^32-1 in nine bytes" },
		{ "3800", "-1 in two bytes" },
		{ "5800", "empty bytes, long head" },
		{ "9800", "empty array, long head" },
		{ "b800", "empty map, long head" },
		{ "1c", "reserved head 28" },
		{ "1f", "indefinite integer" },
		{ "5f4101ff", "indefinite bytes" },
		{ "7f6161ff", "indefinite text" },
		{ "9f01ff", "indefinite array" },
		{ "bf0101ff", "indefinite map" },
		{ "ff", "break" },
		{ "c001", "tag" },
		{ "d2820000", "tag 18" },
		{ "f4", "false" },
		{ "f7", "undefined" },
		{ "f90000", "half float" },
		{ "fb0000000000000000", "double" },
		{ "f8f6", "null in two bytes" },
		{ "18", "cut head" },
		{ "1b00000001000000", "cut long head" },
		{ "4201", "cut bytes" },
		{ "5bffffffffffffffff00", "bytes as long as the address space" },
		{ "8201", "cut array" },
		{ "9bffffffffffffffff", "array of 2^64-1" },
		{ "bb7fffffffffffffff", "map of 2^63-1 pairs" },
		{ "a101", "map without a value" },
		{ "a2010101", "map without its last value" },
		{ "0000", "byte behind the end" },
		{ "a201010101", "key twice" },
		{ "a202010101", "keys descending" },
		{ "a220010101", "negative before positive" },
		{ "a1616101", "text key" },
		{ "a1410101", "bytes key" },
		{ "a1f601", "null key" },
		{ "a1800101", "array key" },
		{ "61ff", "text that is not UTF-8" },
		{ "62c080", "overlong text" },
		{ "63eda080", "surrogate in text" },
		{ "8181818101", "four arrays deep" },
		{ "8181a10180", "depth four by an empty array" },
	};
	struct err e;

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (!CHECK(!check_hex(bad[i].hex, &e)))
			EQ_C(bad[i].why, "");
		else
			EQ_C(e.code, "CBOR-FORM");
}

TEST(deterministic_cbor_of_the_subset_passes)
{
	static const char *const good[] = {
		"00",
		"17",
		"1818",
		"18ff",
		"190100",
		"19ffff",
		"1a00010000",
		"1affffffff",
		"1b0000000100000000",
		"1bffffffffffffffff",
		"20",
		"37",
		"3818",
		"40",
		"420102",
		"60",
		"63e5bca0",
		"64f0a0808b",
		"80",
		"83010203",
		"a0",
		"a3010118180220f6",
		"a201a0028101",
		"818180",
		"8181a0",
		"f6",
		"a2190100011a0001000001",
	};
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(good); i++)
		if (!OK(check_hex(good[i], &e), e))
			EQ_C(good[i], "");
}

TEST(every_integer_is_written_in_its_shortest_form_and_read_back)
{
	static const uint64_t values[] = { 0,        1,     23,    24,         255,
					   256,      65535, 65536, UINT32_MAX, UINT64_C(1) << 32,
					   INT64_MAX };
	struct buf out = buf_empty(64);
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(values); i++)
		for (int sign = 0; sign < 2; sign++) {
			int64_t v = sign ? -1 - (int64_t)values[i] : (int64_t)values[i], back = 0;
			struct cbor c;

			buf_clear(&out);
			cbor_put_int(&out, v);
			c = (struct cbor){ buf_view(&out), 0 };
			OK(cbor_check(buf_view(&out), &e), e);
			OK(cbor_int(&c, &back, &e) && cbor_end(&c, &e), e);
			EQ_INT(back, v);
		}
	buf_free(&out);
}

TEST(readers_refuse_the_wrong_kind_and_never_pass_the_end)
{
	struct cbor c = { STR("\x18\x64"), 0 };
	struct err e;
	struct str s;
	uint64_t v;
	size_t n;

	CHECK(!cbor_bytes(&c, &s, &e));
	CHECK(!cbor_text(&c, &s, &e));
	CHECK(!cbor_map(&c, &n, &e));
	CHECK(!cbor_array(&c, 1, &e));
	CHECK(!cbor_nil(&c, &e));
	EQ_INT(c.at, 0);
	CHECK(!cbor_uint(&c, 99, &v, &e));
	CHECK(!cbor_uint(&c, 99, &v, &e));
	EQ_INT(cbor_peek(&c), CBOR_NOTHING);
	c = (struct cbor){ STR("\x45"
			       "ab"),
			   0 };
	CHECK(!cbor_bytes(&c, &s, &e));
	c = (struct cbor){ STR("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), 0 };
	{
		int64_t i;

		CHECK(!cbor_int(&c, &i, &e));
	}
}
