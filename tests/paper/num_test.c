/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/num.h"

#include <math.h>

#include "check.h"
#include "paper/xmp.h"

TEST(numbers_pdf_cannot_hold_are_refused)
{
	const double bad[] = { (double)NAN, (double)INFINITY, -(double)INFINITY, 1e7, -1000000.5 };

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct buf b = buf_empty(64);
		struct err e = { 0 };

		num_put(&b, bad[i]);
		CHECK(!buf_ok(&b, "a number", &e));
		buf_free(&b);
	}
}

TEST(numbers_are_written_in_thousandths_without_tail)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = { { -0.0, "0" },        { -0.0004, "0" },       { -0.0005, "-0.001" },
		      { 0.1, "0.1" },       { 1.9999, "2" },        { 841.8898, "841.89" },
		      { -12.03, "-12.03" }, { 100, "100" },         { 123.4565, "123.457" },
		      { 0.001, "0.001" },   { 32768.5, "32768.5" }, { 1e6, "1000000" } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = buf_empty(64);

		num_put(&b, cases[i].v);
		EQ_STR(buf_view(&b), str_of(cases[i].text));
		buf_free(&b);
	}
}

TEST(text_strings_are_utf16_and_invalid_utf8_is_refused)
{
	struct buf b = buf_empty(256);
	struct err e = { 0 };

	num_text(&b, STR("A\xC0\x80"));
	CHECK(!buf_ok(&b, "a string", &e));
	buf_clear(&b);
	num_text(&b, STR("\xED\xA0\x80"));
	CHECK(!buf_ok(&b, "a string", &e));
	buf_clear(&b);
	num_text(&b, STR("a)𬱖"));
	EQ_STR(buf_view(&b), STR("<FEFF00610029D873DC56>"));
	buf_clear(&b);
	num_text(&b, STR(""));
	EQ_STR(buf_view(&b), STR("<FEFF>"));
	buf_free(&b);
}

TEST(dates_are_written_in_the_zone_given)
{
	static const struct {
		int64_t unix_s;
		int offset;
		const char *pdf, *xmp;
	} cases[] = {
		{ 1795363200, 480, "D:20261123000000+08'00'", "2026-11-23T00:00:00+08:00" },
		{ 1795363200, 0, "D:20261122160000+00'00'", "2026-11-22T16:00:00+00:00" },
		{ 1795363199, 480, "D:20261122235959+08'00'", "2026-11-22T23:59:59+08:00" },
		{ -1, -330, "D:19691231182959-05'30'", "1969-12-31T18:29:59-05:30" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = buf_empty(64);

		num_date(&b, cases[i].unix_s, cases[i].offset);
		EQ_STR(buf_view(&b), str_of(cases[i].pdf));
		buf_clear(&b);
		num_xmp_date(&b, cases[i].unix_s, cases[i].offset);
		EQ_STR(buf_view(&b), str_of(cases[i].xmp));
		buf_free(&b);
	}
}

TEST(a_date_past_the_calendar_is_refused)
{
	struct buf b = buf_empty(64);
	struct err e = { 0 };

	num_date(&b, INT64_C(400000000000), 0);
	CHECK(!buf_ok(&b, "a date", &e));
	buf_clear(&b);
	num_date(&b, 0, 24 * 60);
	CHECK(!buf_ok(&b, "a date", &e));
	buf_free(&b);
}

TEST(metadata_escapes_what_the_caller_gives)
{
	struct buf b = buf_empty(1 << 16);
	struct xmp x = { .title = STR("a & <b> \"c\" 'd' 𬱖"),
			 .language = STR("zh-Hans"),
			 .creator = STR("x"),
			 .producer = STR("Hufu"),
			 .token = STR("123") };

	xmp_packet(&b, &x);
	CHECK(str_find(buf_view(&b),
		       STR(">a &amp; &lt;b&gt; &quot;c&quot; &apos;d&apos; 𬱖</rdf:li>"),
		       0) != SIZE_MAX);
	CHECK(str_find(buf_view(&b), STR("<hufu:token>123</hufu:token>"), 0) != SIZE_MAX);
	x.token = STR("");
	buf_clear(&b);
	xmp_packet(&b, &x);
	CHECK(str_find(buf_view(&b), STR("<hufu:token>"), 0) == SIZE_MAX);
	buf_free(&b);
}
