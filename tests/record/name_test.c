/* SPDX-License-Identifier: Apache-2.0 */
#include "record/name.h"

#include <stdio.h>

#include "base/enc.h"
#include "check.h"
#include "record/pua.h"

static struct arena *arena;

static bool read_name(enum name_kind kind, struct str in, struct str *out, struct str *dots,
		      struct err *e)
{
	if (arena == NULL)
		arena = arena_new(1 << 20);
	arena_reset(arena);
	*e = (struct err){ 0 };
	return name_read(arena, kind, in, out, dots, e);
}

TEST(a_name_with_a_wrong_character_is_refused_by_code_point)
{
	const struct {
		enum name_kind kind;
		struct str in;
		const char *code, *cause;
	} cases[] = {
		{ NAME_NATIVE, STR("张\uE863\uE81E"), "PRIVATE-USE",
		  "U+E863 is a private-use character; use U+4DAE 䶮; U+E81E is a private-use "
		  "character; use U+9FB4 龴" },
		{ NAME_NATIVE, STR("张\uE000"), "PRIVATE-USE",
		  "U+E000 is a private-use character" },
		{ NAME_NATIVE, STR("张\U000F0000"), "PRIVATE-USE",
		  "U+F0000 is a private-use character" },
		{ NAME_TEXT, STR("某\uE863"), "PRIVATE-USE",
		  "U+E863 is a private-use character; use U+4DAE 䶮" },
		{ NAME_NATIVE, STR("\uF9D1明"), "COMPATIBILITY",
		  "U+F9D1 is a compatibility ideograph; use U+516D 六" },
		{ NAME_NATIVE, STR("\U0002F800"), "COMPATIBILITY",
		  "U+2F800 is a compatibility ideograph; use U+4E3D 丽" },
		{ NAME_NATIVE, STR("葛\U000E0100戊"), "VARIATION-SELECTOR",
		  "U+E0100 is a variation selector; remove it" },
		{ NAME_NATIVE, STR("葛\uFE00"), "VARIATION-SELECTOR",
		  "U+FE00 is a variation selector; remove it" },
		{ NAME_NATIVE, STR("王\u200D乙"), "INVISIBLE",
		  "U+200D is an invisible character; remove it" },
		{ NAME_LATIN, STR("A\u200CB"), "INVISIBLE",
		  "U+200C is an invisible character; remove it" },
		{ NAME_LATIN, STR("A\uFEFFB"), "INVISIBLE",
		  "U+FEFF is an invisible character; remove it" },
		{ NAME_LATIN, STR("A\u202EB"), "BIDI-CONTROL",
		  "U+202E turns the writing direction; remove it" },
		{ NAME_NATIVE, STR("王\u200F"), "BIDI-CONTROL",
		  "U+200F turns the writing direction; remove it" },
		{ NAME_NATIVE, STR("王\n乙"), "CONTROL",
		  "U+000A is a control character; remove it" },
		{ NAME_TEXT, STR("a\tb"), "CONTROL", "U+0009 is a control character; remove it" },
		{ NAME_NATIVE, STR("王\xc2\x85"), "CONTROL",
		  "U+0085 is a control character; remove it" },
		{ NAME_NATIVE, STR("王\uFFFD"), "PLACEHOLDER",
		  "U+FFFD stands for a character that was lost" },
		{ NAME_NATIVE, STR("王?"), "PLACEHOLDER",
		  "U+003F stands for a character that was lost" },
		{ NAME_NATIVE, STR("王□"), "PLACEHOLDER",
		  "U+25A1 stands for a character that was lost" },
		{ NAME_NATIVE, STR("王*"), "PLACEHOLDER",
		  "U+002A stands for a character that was lost" },
		{ NAME_NATIVE, STR("王⿰亻王"), "PLACEHOLDER",
		  "U+2FF0 stands for a character that was lost" },
		{ NAME_NATIVE, STR("王\uFFFF"), "UNASSIGNED",
		  "U+FFFF is not a character of Unicode 15" },
		{ NAME_NATIVE, STR("王\uFDD0"), "UNASSIGNED",
		  "U+FDD0 is not a character of Unicode 15" },
		{ NAME_NATIVE, STR("王\u0378"), "UNASSIGNED",
		  "U+0378 is not a character of Unicode 15" },
		{ NAME_LATIN, STR("ＬＩ"), "FULLWIDTH",
		  "U+FF2C is full-width; use U+004C L; U+FF29 is full-width; use U+0049 I" },
		{ NAME_LATIN, STR("LI 李"), "SCRIPT", "U+674E is not of the Latin script" },
		{ NAME_LATIN, STR("L\u0406"), "SCRIPT", "U+0406 is not of the Latin script" },
		{ NAME_NATIVE, STR(" 王"), "SPACE", "begins with a space; remove it" },
		{ NAME_NATIVE, STR("王 "), "SPACE", "ends with a space; remove it" },
		{ NAME_NATIVE, STR("王\u3000乙"), "SPACE", "U+3000 is a space other than U+0020" },
		{ NAME_LATIN, STR("A\u00A0B"), "SPACE", "U+00A0 is a space other than U+0020" },
		{ NAME_NATIVE, STR("··"), "NO-LETTER", "must hold at least one letter" },
		{ NAME_LATIN, STR("-"), "NO-LETTER", "must hold at least one letter" },
		{ NAME_NATIVE, STR("\uE000\uE001\uE002\uE003\uE004\uE005\uE006"), "PRIVATE-USE",
		  "U+E000 is a private-use character; U+E001 is a private-use character; U+E002 is a "
		  "private-use character; U+E003 is a private-use character; U+E004 is a private-use "
		  "character; and 2 more" },
		{ NAME_NATIVE, STR("\uFFFD\uE863"), "PLACEHOLDER",
		  "U+FFFD stands for a character that was lost; U+E863 is a private-use character; "
		  "use U+4DAE 䶮" },
	};
	struct str out, dots;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (!CHECK(!read_name(cases[i].kind, cases[i].in, &out, &dots, &e)))
			printf("# accepted: %.*s\n", STR_ARG(cases[i].in));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.cause, cases[i].cause);
	}
}

TEST(names_people_bear_pass_unchanged)
{
	const struct {
		enum name_kind kind;
		struct str in;
	} cases[] = {
		{ NAME_NATIVE, STR("吕绿") },
		{ NAME_NATIVE, STR("刘\U0002B127䶮") },
		{ NAME_NATIVE, STR("赵\U00030EDD\U0003106C") },
		{ NAME_NATIVE, STR("阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江") },
		{ NAME_NATIVE, STR("陳大文") },
		{ NAME_NATIVE,
		  STR("\uFA0E\uFA0F\uFA11\uFA13\uFA14\uFA1F\uFA21\uFA23\uFA24\uFA27\uFA28"
		      "\uFA29") },
		{ NAME_NATIVE, STR("〇一") },
		{ NAME_NATIVE, STR("John Smith") },
		{ NAME_NATIVE, STR("J. Smith") },
		{ NAME_NATIVE, STR("ئابدۇراخمان") },
		{ NAME_NATIVE, STR("བསྟན་འཛིན") },
		{ NAME_NATIVE, STR("ꀊꀋ") },
		{ NAME_NATIVE, STR("김민수") },
		{ NAME_LATIN, STR("Anne-Marie Siobhán O’Brien-Nguyễn") },
		{ NAME_LATIN, STR("CHAN TAI MAN, PETER") },
		{ NAME_LATIN, STR("ʻAlohilani Jr.") },
		{ NAME_LATIN, STR("D'Arcy (LÜ)") },
		{ NAME_TEXT, STR("某某会计师事务所（特殊普通合伙）") },
		{ NAME_TEXT, STR("Why? Because.") },
		{ NAME_TEXT, STR("") },
		{ NAME_LATIN, STR("") },
	};
	struct str out, dots;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (!OK(read_name(cases[i].kind, cases[i].in, &out, &dots, &e), e))
			continue;
		EQ_STR(out, cases[i].in);
		EQ_INT(dots.n, 0);
	}
}

TEST(look_alikes_of_the_middle_dot_become_it_between_han_and_are_told)
{
	const struct {
		struct str in, out, dots;
	} cases[] = {
		{ STR("阿卜杜\u2022热合曼"), STR("阿卜杜·热合曼"),
		  STR("U+2022 between 杜 and 热 became U+00B7") },
		{ STR("甲\u2219乙\u30FB丙"), STR("甲·乙·丙"),
		  STR("U+2219 between 甲 and 乙 became U+00B7, U+30FB between 乙 and 丙 became U+00B7") },
		{ STR("甲\uFF0E乙"), STR("甲·乙"), STR("U+FF0E between 甲 and 乙 became U+00B7") },
		{ STR("甲.乙"), STR("甲·乙"), STR("U+002E between 甲 and 乙 became U+00B7") },
		{ STR("甲\u2027乙"), STR("甲·乙"), STR("U+2027 between 甲 and 乙 became U+00B7") },
		{ STR("甲\u0387乙"), STR("甲·乙"), STR("U+0387 between 甲 and 乙 became U+00B7") },
		{ STR("甲\u00B7乙"), STR("甲·乙"), STR("") },
		{ STR("J\u2022乙"), STR("J\u2022乙"), STR("") },
		{ STR("甲\u2022"), STR("甲\u2022"), STR("") },
		{ STR("\u2022甲"), STR("\u2022甲"), STR("") },
		{ STR("甲\u2022\u2022乙"), STR("甲\u2022\u2022乙"), STR("") },
		{ STR("甲\u2022 乙"), STR("甲\u2022 乙"), STR("") },
	};
	struct str out, dots;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (!OK(read_name(NAME_NATIVE, cases[i].in, &out, &dots, &e), e))
			continue;
		EQ_STR(out, cases[i].out);
		EQ_STR(dots, cases[i].dots);
	}
	OK(read_name(NAME_LATIN, STR("A.B"), &out, &dots, &e), e);
	EQ_STR(out, STR("A.B"));
}

TEST(a_decomposed_name_gives_the_composed_one)
{
	struct str out, dots;
	struct err e;

	OK(read_name(NAME_LATIN, STR("Siobha\u0301n Nguye\u0302\u0303n"), &out, &dots, &e), e);
	EQ_STR(out, STR("Siobhán Nguyễn"));
	EQ_INT(name_length(STR("Nguye\u0302\u0303n")), 8);
	EQ_INT(name_length(STR("\U0002B127䶮")), 2);
}

TEST(private_use_suggestions_are_sorted_assigned_and_complete)
{
	size_t found = 0;

	for (uint32_t c = 0xe000; c <= 0xf8ff; c++) {
		uint32_t to = pua_assigned(c);

		if (to == 0)
			continue;
		found++;
		CHECK(to < 0xe000 || to > 0xf8ff);
	}
	EQ_INT(found, 80 + 10 + 2 + 13); /* FE50–FEA0, A6D9–A6F3, A8BC and A8BF, A989–A995 */
	EQ_INT(pua_assigned(0xe815), 0x2e81);
	EQ_INT(pua_assigned(0xe816), 0x20087);
	EQ_INT(pua_assigned(0xe863), 0x4dae);
	EQ_INT(pua_assigned(0xe864), 0x9fbb);
	EQ_INT(pua_assigned(0xe78d), 0xfe10);
	EQ_INT(pua_assigned(0xe7c7), 0x1e3f);
	EQ_INT(pua_assigned(0xe865), 0);
}
