/* SPDX-License-Identifier: Apache-2.0 */
#include "text/break.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/enc.h"
#include "check.h"

static struct arena *room(void)
{
	struct arena *a = arena_new(64u << 20);

	if (a == NULL)
		abort();
	return a;
}

static struct text_breaker *breaker(const char *language)
{
	struct text_breaker *b = NULL;
	struct err e = { 0 };

	if (!OK(text_breaker_new(language, &b, &e), e))
		abort();
	return b;
}

/* The text with | where a line may end and ‖ where it must. */
static void check_breaks(struct text_breaker *b, struct arena *a, const char *text,
			 const struct text_span *keep, size_t keep_count, const char *want)
{
	struct text_running running = { str_of(text), keep, keep_count };
	struct text_breaks at = { 0 };
	struct buf got = buf_empty(1 << 16);
	struct err e = { 0 };
	size_t from = 0;

	if (OK(text_break_lines(b, a, &running, &at, &e), e)) {
		for (size_t i = 0; i < at.count; i++) {
			buf_put(&got, text + from, at.items[i].at - from);
			buf_c(&got, at.items[i].forced ? "‖" : "|");
			from = at.items[i].at;
		}
		EQ_STR(buf_view(&got), str_of(want));
	}
	buf_free(&got);
}

TEST(text_that_is_not_utf8_or_too_long_is_not_broken)
{
	struct text_breaker *b = breaker("zh");
	struct arena *a = room();
	static char big[TEXT_BREAK_BYTES_MAX + 1];
	struct text_running running = { STR("a\xff"), NULL, 0 };
	struct text_breaks at;
	struct err e = { 0 };

	CHECK(!text_break_lines(b, a, &running, &at, &e));
	EQ_C(e.code, "UTF8");
	memset(big, 'a', sizeof big);
	running.text = str_bytes(big, sizeof big);
	CHECK(!text_break_lines(b, a, &running, &at, &e));
	EQ_C(e.code, "TEXT-TOO-LONG");
	running.text.n--;
	OK(text_break_lines(b, a, &running, &at, &e), e);
	EQ_INT(at.count, 1);
	running.text.n = 0;
	OK(text_break_lines(b, a, &running, &at, &e), e);
	EQ_INT(at.count, 0);
	arena_free(a);
	text_breaker_free(b);
	text_breaker_free(NULL);
}

TEST(chinese_breaks_between_characters_but_for_punctuation_dates_and_pairs)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "示范协会", "示|范|协|会‖" },
		{ "会员，你好。", "会|员，|你|好。‖" },
		{ "“好”（示范）", "“好”|（示|范）‖" },
		{ "《办法》规定", "《办|法》|规|定‖" },
		{ "他——好", "他|——|好‖" },
		{ "他……好", "他……|好‖" },
		{ "2026年11月23日入会", "2026年11月23日|入|会‖" },
		{ "二〇二六年十一月二十三日入会", "二〇二六年十一月二十三日|入|会‖" },
		{ "于2026年入会", "于|2026年|入|会‖" },
		{ "年三月好", "年|三月|好‖" },
		{ "买提·吐尔", "买|提·|吐|尔‖" },
		{ "共3,500.25元", "共|3,500.25|元‖" },
		{ "人々キャッ", "人々|キャッ‖" },
		{ "￥100好", "￥100|好‖" },
		{ "好％好", "好％|好‖" },
		{ "会员Li Ming好", "会|员|Li |Ming|好‖" },
		{ "一行\n二行", "一|行\n‖二|行‖" },
		{ "　　会员", "　　|会|员‖" },
	};
	struct text_breaker *b = breaker("zh");
	struct arena *a = room();

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_breaks(b, a, cases[i].text, NULL, 0, cases[i].want);
	arena_free(a);
	text_breaker_free(b);
}

TEST(english_breaks_at_blanks_and_never_in_a_date)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "as at 23 November 2026 the register",
		  "as |at |23 November 2026 |the |register‖" },
		{ "on 3 May 2026", "on |3 May 2026‖" },
		{ "room 23 Novembers 2", "room |23 |Novembers |2‖" },
		{ "in November the", "in |November |the‖" },
		/* LB15 of UAX #14: a quotation mark holds an opening bracket behind blanks */
		{ "O’Brien’s “word” (here)", "O’Brien’s |“word” (here)‖" },
		{ "1,234.5 and 10:00", "1,234.5 |and |10:00‖" },
		{ "a\xc2\xa0"
		  "b",
		  "a\xc2\xa0"
		  "b‖" },
		{ "Certificate (示范)", "Certificate |(示|范)‖" },
	};
	struct text_breaker *b = breaker("en");
	struct arena *a = room();

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_breaks(b, a, cases[i].text, NULL, 0, cases[i].want);
	arena_free(a);
	text_breaker_free(b);
}

TEST(what_is_to_be_kept_together_is)
{
	static const struct text_span keep[] = { { 6, 14 }, { 0, 0 }, { 15, 1000 } };
	struct text_breaker *b = breaker("en");
	struct arena *a = room();

	check_breaks(b, a, "Dr or Li Ming is it", keep, 1, "Dr |or |Li Ming |is |it‖");
	check_breaks(b, a, "Dr or Li Ming is it", keep, COUNT_OF(keep), "Dr |or |Li Ming |is it‖");
	arena_free(a);
	text_breaker_free(b);
}

TEST(one_breaker_serves_text_after_text)
{
	struct text_breaker *b = breaker("zh");
	struct arena *a = room();

	for (int i = 0; i < 3; i++) {
		check_breaks(b, a, "示范", NULL, 0, "示|范‖");
		check_breaks(b, a, "a b c", NULL, 0, "a |b |c‖");
		arena_reset(a);
	}
	arena_free(a);
	text_breaker_free(b);
}

/* Every character of both sets against its neighbours, from the sets as the standard prints them. */
TEST(the_sets_of_the_mainland_hold_for_every_character)
{
	const struct str first = STR(
		"!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞！＂％＇），．：；？］｀｜｝～￠");
	const struct str last = STR("$([{£¥‘“〈《「『【〔〖〝（［｛￡￥");
	struct text_breaker *b = breaker("zh");
	struct arena *a = room();

	for (int side = 0; side < 2; side++) {
		struct str rest = side == 0 ? first : last;
		uint32_t c;

		for (size_t n; (n = enc_utf8(rest, &c)) > 0; rest = str_skip(rest, n)) {
			struct text_running running = { 0 };
			struct text_breaks at = { 0 };
			size_t bad = side == 0 ? 3 : 3 + n;
			struct buf text = buf_empty(64);
			struct err e = { 0 };

			buf_c(&text, "会");
			buf_put(&text, rest.p, n);
			buf_c(&text, "员");
			running.text = buf_view(&text);
			OK(text_break_lines(b, a, &running, &at, &e), e);
			for (size_t i = 0; i < at.count; i++)
				CHECK(at.items[i].at != bad);
			buf_free(&text);
		}
	}
	arena_free(a);
	text_breaker_free(b);
}
