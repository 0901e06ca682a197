/* SPDX-License-Identifier: Apache-2.0 */
#include "text/unicode.h"

#include <stdlib.h>
#include <utf8proc.h>

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

TEST(text_that_is_not_utf8_has_no_nfc)
{
	static const struct str bad[] = {
		{ "\xff", 1 },
		{ "a\xc0\x80", 3 },        /* overlong NUL */
		{ "\xed\xa0\x80", 3 },     /* lone surrogate */
		{ "\xf4\x90\x80\x80", 4 }, /* past U+10FFFF */
		{ "\xe6\x9d", 2 },         /* cut */
		{ "\xbf", 1 },
	};
	struct arena *a = room();

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err e = { 0 };
		struct str out = { 0 };

		CHECK(!text_nfc(a, bad[i], &out, &e));
		EQ_INT(e.kind, ERR_INPUT);
		EQ_C(e.code, "UTF8");
	}
	arena_free(a);
}

TEST(text_past_the_limit_is_refused)
{
	struct arena *a = room();
	char *p = calloc(1, TEXT_NFC_MAX + 1);
	struct err e = { 0 };
	struct str out;

	if (CHECK(p != NULL)) {
		memset(p, 'a', TEXT_NFC_MAX + 1);
		CHECK(!text_nfc(a, str_bytes(p, TEXT_NFC_MAX + 1), &out, &e));
		EQ_C(e.code, "TEXT-TOO-LONG");
	}
	free(p);
	arena_free(a);
}

TEST(nfc_composes_and_keeps_what_is_composed)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "", "" },
		{ "Li Ming", "Li Ming" },
		{ "Nguye\xcc\x82\xcc\x83n", "Nguyễn" }, /* e + circumflex + tilde */
		{ "Nguyễn", "Nguyễn" },
		{ "李𬱖", "李𬱖" },
		{ "\xef\xa8\x8e", "\xef\xa8\x8e" }, /* U+FA0E, one of the unified twelve */
		{ "\xef\xa4\x80", "豈" },           /* U+F900: changes */
		{ "\xf0\x9d\x85\xa0", "\xf0\x9d\x85\x98\xf0\x9d\x85\xa5\xf0\x9d\x85\xae" },
	};
	struct arena *a = room();

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = { 0 };
		struct str out = { 0 };

		OK(text_nfc(a, str_of(cases[i].in), &out, &e), e);
		EQ_STR(out, str_of(cases[i].out));
	}
	arena_free(a);
}

/* The judge: utf8proc, over every character behind a base letter. */
TEST(nfc_agrees_with_utf8proc_on_every_character)
{
	struct arena *a = room();
	struct buf b = buf_empty(64);
	size_t differ = 0;

	for (uint32_t c = 1; c <= 0x10FFFF; c++) {
		utf8proc_uint8_t *want = NULL;
		struct err e = { 0 };
		struct str got = { 0 };

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		buf_clear(&b);
		buf_c(&b, "e");
		enc_put_utf8(&b, c);
		buf_c(&b, "\xcc\xa3\xcc\x81"); /* dot below, acute */
		if (utf8proc_map((const utf8proc_uint8_t *)b.p, (utf8proc_ssize_t)b.n, &want,
				 UTF8PROC_STABLE | UTF8PROC_COMPOSE) < 0 ||
		    !text_nfc(a, buf_view(&b), &got, &e) ||
		    !str_eq(got, str_of((const char *)want)))
			differ++;
		free(want);
		arena_reset(a);
	}
	EQ_INT(differ, 0);
	buf_free(&b);
	arena_free(a);
}

TEST(characters_fall_into_the_classes_names_are_judged_by)
{
	static const struct {
		uint32_t c;
		enum text_class class;
		enum text_script script;
		bool assigned, han, compatibility, invisible;
	} cases[] = {
		{ 0xFFFFFFFF, TEXT_UNASSIGNED, TEXT_SCRIPT_OTHER, false, false, false, false },
		{ 0x110000, TEXT_UNASSIGNED, TEXT_SCRIPT_OTHER, false, false, false, false },
		{ 0xD800, TEXT_SURROGATE, TEXT_SCRIPT_OTHER, false, false, false, false },
		{ 0xFFFE, TEXT_UNASSIGNED, TEXT_SCRIPT_OTHER, false, false, false, false },
		{ 0xE863, TEXT_PRIVATE, TEXT_SCRIPT_OTHER, false, false, false, false },
		{ 0xF0000, TEXT_PRIVATE, TEXT_SCRIPT_OTHER, false, false, false, false },
		{ 0, TEXT_CONTROL, TEXT_SCRIPT_COMMON, true, false, false, false },
		{ 0x200B, TEXT_FORMAT, TEXT_SCRIPT_COMMON, true, false, false, true },
		{ 0x202E, TEXT_FORMAT, TEXT_SCRIPT_COMMON, true, false, false, true },
		{ 0xFEFF, TEXT_FORMAT, TEXT_SCRIPT_COMMON, true, false, false, true },
		{ 0xE0100, TEXT_MARK, TEXT_SCRIPT_INHERITED, true, false, false, true },
		{ 0xF900, TEXT_LETTER, TEXT_SCRIPT_HAN, true, false, true, false },
		{ 0x2F800, TEXT_LETTER, TEXT_SCRIPT_HAN, true, false, true, false },
		{ 0xFA0E, TEXT_LETTER, TEXT_SCRIPT_HAN, true, true, false, false },
		{ 0x674E, TEXT_LETTER, TEXT_SCRIPT_HAN, true, true, false, false },
		{ 0x30EDD, TEXT_LETTER, TEXT_SCRIPT_HAN, true, true, false, false },
		{ 0x3007, TEXT_NUMBER, TEXT_SCRIPT_HAN, true, true, false, false },
		{ 0x2F00, TEXT_SYMBOL, TEXT_SCRIPT_HAN, true, false, false, false }, /* radical */
		{ 0xB7, TEXT_PUNCTUATION, TEXT_SCRIPT_COMMON, true, false, false, false },
		{ 'A', TEXT_LETTER, TEXT_SCRIPT_LATIN, true, false, false, false },
		{ 0x1EC5, TEXT_LETTER, TEXT_SCRIPT_LATIN, true, false, false, false },
		{ 0x301, TEXT_MARK, TEXT_SCRIPT_INHERITED, true, false, false, false },
		{ '7', TEXT_NUMBER, TEXT_SCRIPT_COMMON, true, false, false, false },
		{ 0x3000, TEXT_SEPARATOR, TEXT_SCRIPT_COMMON, true, false, false, false },
		{ 0x627, TEXT_LETTER, TEXT_SCRIPT_ARABIC, true, false, false, false },
		{ 0xA000, TEXT_LETTER, TEXT_SCRIPT_YI, true, false, false, false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint32_t c = cases[i].c;
		bool ok = text_class(c) == cases[i].class && text_script(c) == cases[i].script &&
			  text_assigned(c) == cases[i].assigned && text_is_han(c) == cases[i].han &&
			  text_is_han_compatibility(c) == cases[i].compatibility &&
			  text_is_invisible(c) == cases[i].invisible;

		if (!CHECK(ok))
			EQ_INT(i, -1);
	}
	EQ_C(text_script_tag(0x674E), "Hani");
	EQ_C(text_script_tag(0x110000), "Zzzz");
}

TEST(the_small_questions_are_answered)
{
	CHECK(text_is_bidi_control(0x202E) && !text_is_bidi_control('a'));
	CHECK(text_is_variation_selector(0xFE00) && text_is_variation_selector(0xE01EF));
	CHECK(!text_is_variation_selector(0xE01F0));
	CHECK(text_is_space(0x3000) && text_is_space(0xA0) && !text_is_space(0x200B));
	CHECK(text_is_right_to_left(0x5D0) && text_is_right_to_left(0x627));
	CHECK(!text_is_right_to_left('a') && !text_is_right_to_left(0x674E));
	CHECK(text_is_private(0x10FFFD) && !text_is_private(0x10FFFF));
	EQ_INT(text_capital('a'), 'A');
	EQ_INT(text_capital(0x1EC5), 0x1EC4); /* ễ */
	EQ_INT(text_capital(0xDF), 0xDF);
	EQ_INT(text_capital(0x4E00), 0x4E00);
	EQ_INT(text_capital(0x110000), 0x110000);
}
