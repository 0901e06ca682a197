/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/pdfscan.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "check.h"

static struct arena *arena(void)
{
	struct arena *a = arena_new(1 << 20);
	if (!a)
		abort();
	return a;
}

TEST(only_digits_in_the_right_place_are_a_token)
{
	static char long_digits[1100];
	memset(long_digits, '7', sizeof long_digits);
	char at_limit[1100], past_limit[1100];
	int n = snprintf(at_limit, sizeof at_limit, "<hufu:token>%.964s</hufu:token>", long_digits);
	int m = snprintf(past_limit, sizeof past_limit, "<hufu:token>%.965s</hufu:token>",
			 long_digits);
	const struct {
		struct str pdf;
		size_t count;
		struct str first;
	} cases[] = {
		{ STR(""), 0, STR("") },
		{ STR("<hufu:token"), 0, STR("") },
		{ STR("<hufu:token>"), 0, STR("") },
		{ STR("<hufu:token>12"), 0, STR("") },
		{ STR("<hufu:token></hufu:token>"), 0, STR("") },
		{ STR("<hufu:token>12a</hufu:token>"), 0, STR("") },
		{ STR("<hufu:token>-12</hufu:token>"), 0, STR("") },
		{ STR("<hufu:token>1 2</hufu:token>"), 0, STR("") },
		{ STR("<hufu:token>\0001</hufu:token>"), 0, STR("") },
		{ STR("<hufu:tokens>12</hufu:tokens>"), 0, STR("") },
		{ STR("<hufu:token=\"12\""), 1, STR("12") },
		{ STR("hufu:token=12"), 0, STR("") },
		{ STR("hufu:token=\"12'"), 0, STR("") },
		{ STR("hufu:token=\"12"), 0, STR("") },
		{ STR("<hufu:token>12</hufu:token>"), 1, STR("12") },
		{ STR("<hufu:token >\n  12\r\n</hufu:token>"), 1, STR("12") },
		{ STR("a hufu:token = '0123' b"), 1, STR("0123") },
		{ STR("hufu:token hufu:token=\"5\""), 1, STR("5") },
		{ STR("<hufu:token>12</hufu:token> hufu:token='12'"), 1, STR("12") },
		{ STR("<hufu:token>12</hufu:token> hufu:token='13'"), 2, STR("12") },
		{ { at_limit, (size_t)n }, 1, { long_digits, 964 } },
		{ { past_limit, (size_t)m }, 0, STR("") },
	};
	struct arena *a = arena();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str *digits;
		size_t count = 99;
		struct err e = { 0 };
		OK(pdfscan_tokens(a, cases[i].pdf, &digits, &count, &e), e);
		if (!EQ_INT(count, cases[i].count))
			printf("# case %zu\n", i);
		if (count > 0)
			EQ_STR(digits[0], cases[i].first);
	}
	arena_free(a);
}

TEST(a_flood_of_tokens_is_cut_off)
{
	struct arena *a = arena();
	struct buf b = buf_empty(1 << 20);
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "<hufu:token>%d</hufu:token>%%%%EOF\n", i);
	struct err e = { 0 };
	struct str *digits;
	size_t *lengths, count;
	OK(pdfscan_tokens(a, buf_view(&b), &digits, &count, &e), e);
	EQ_INT(count, PDFSCAN_TOKENS_MAX);
	EQ_STR(digits[7], STR("7"));
	OK(pdfscan_prefixes(a, buf_view(&b), &lengths, &count, &e), e);
	EQ_INT(count, PDFSCAN_PREFIXES_MAX);
	buf_free(&b);
	arena_free(a);
}

TEST(every_end_that_an_earlier_revision_could_have_is_offered)
{
	const struct {
		struct str pdf;
		size_t count, lengths[5];
	} cases[] = {
		{ STR(""), 0, { 0 } },
		{ STR("%%EOF"), 0, { 0 } },
		{ STR("%%EO"), 0, { 0 } },
		{ STR("%%EOF\n"), 1, { 5 } },
		{ STR("%%EOF\r\n"), 2, { 5, 6 } },
		{ STR("ab%%EOF\nmore%%EOF\n"), 3, { 7, 8, 17 } },
		{ STR("ab%%EOF\r\nmore"), 3, { 7, 8, 9 } },
		{ STR("%%EOF%%EOF\r"), 2, { 5, 10 } },
	};
	struct arena *a = arena();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t *lengths, count = 99;
		struct err e = { 0 };
		OK(pdfscan_prefixes(a, cases[i].pdf, &lengths, &count, &e), e);
		if (!EQ_INT(count, cases[i].count))
			continue;
		for (size_t k = 0; k < count; k++)
			EQ_INT(lengths[k], cases[i].lengths[k]);
	}
	arena_free(a);
}

TEST(a_pdf_is_told_by_its_head)
{
	char late[1100];
	memset(late, ' ', sizeof late);
	memcpy(late + 1019, "%PDF-", 5);
	CHECK(pdfscan_is_pdf((struct str){ late, sizeof late }));
	memcpy(late + 1020, "%PDF-", 5);
	late[1019] = ' ';
	CHECK(!pdfscan_is_pdf((struct str){ late, sizeof late }));
	CHECK(pdfscan_is_pdf(STR("%PDF-")));
	CHECK(!pdfscan_is_pdf(STR("%PDF")));
	CHECK(!pdfscan_is_pdf(STR("")));
}
