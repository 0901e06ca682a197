/* SPDX-License-Identifier: Apache-2.0 */
#include "text/date.h"

#include "check.h"

TEST(dates_are_written_as_documents_print_them)
{
	static const struct {
		struct civil date;
		const char *zh, *hanzi, *en;
	} cases[] = {
		{ { 2026, 11, 23 },
		  "2026年11月23日",
		  "二〇二六年十一月二十三日",
		  "23 November 2026" },
		{ { 2020, 2, 29 }, "2020年2月29日", "二〇二〇年二月二十九日", "29 February 2020" },
		{ { 2001, 10, 10 }, "2001年10月10日", "二〇〇一年十月十日", "10 October 2001" },
		{ { 1999, 12, 31 },
		  "1999年12月31日",
		  "一九九九年十二月三十一日",
		  "31 December 1999" },
		{ { 2030, 1, 20 }, "2030年1月20日", "二〇三〇年一月二十日", "20 January 2030" },
	};
	struct arena *a = arena_new(1 << 16);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str text;
		struct err e;

		OK(text_date_zh(a, cases[i].date, &text, &e), e);
		EQ_STR(text, str_of(cases[i].zh));
		OK(text_date_hanzi(a, cases[i].date, &text, &e), e);
		EQ_STR(text, str_of(cases[i].hanzi));
		OK(text_date_en(a, cases[i].date, &text, &e), e);
		EQ_STR(text, str_of(cases[i].en));
	}
	arena_free(a);
}

TEST(a_day_that_is_none_is_refused)
{
	struct arena *a = arena_new(1 << 16);
	struct str text;
	struct err e;

	CHECK(!text_date_zh(a, (struct civil){ 2021, 2, 29 }, &text, &e));
	CHECK(!text_date_en(a, (struct civil){ 2021, 13, 1 }, &text, &e));
	arena_free(a);
}
