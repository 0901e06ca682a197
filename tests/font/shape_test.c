/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static const struct text_style song = { "song", "zh-Hans", "lnum,kern,liga", false, 0, false };
static const struct text_style name_zh = { "song", "zh-Hans", "lnum,kern,liga", true, 0, false };
static const struct text_style latin = { "latin", "en", "lnum,kern,liga", false, 0, false };
static const struct text_style name_en = { "latin", "en", "lnum,kern,liga", true, 0, false };

TEST(a_character_no_face_draws_is_refused_by_number)
{
	static const struct {
		const char *text, *code, *words;
	} cases[] = {
		{ "赵\xee\xa1\xa3", "NO-GLYPH", "U+E863 (private use)" },
		{ "\xf3\xb0\x80\x80李", "NO-GLYPH", "U+F0000 (private use)" },
		{ "a\xd7\x90", "NO-GLYPH", "U+05D0" },        /* Hebrew: right to left */
		{ "李\xe2\x80\x8b明", "NO-GLYPH", "U+200B" }, /* zero-width space */
		{ "李\xe2\x80\xae明", "NO-GLYPH", "U+202E" }, /* bidi override */
		{ "李\xef\xb8\x80", "NO-GLYPH", "U+FE00" },   /* variation selector */
		{ "a\nb", "NO-GLYPH", "U+000A" },
		{ "a\x01", "NO-GLYPH", "U+0001" },
		{ "\xe2\x80\xa8", "NO-GLYPH", "U+2028" },
		{ "\xc2\xad", "NO-GLYPH", "U+00AD" },            /* soft hyphen */
		{ "李\xf0\xae\xaf\xb0", "NO-GLYPH", "U+2EBF0" }, /* Extension I */
		{ "\xe0\xbd\x80", "NO-GLYPH", "U+0F40 ཀ" },      /* Tibetan */
		{ "\xf0\xb1\x83\x80", "NO-GLYPH", "U+310C0" },
		{ "\xff", "UTF8", "not valid UTF-8" },
		{ "\xed\xa0\x80", "UTF8", "not valid UTF-8" },
	};
	struct desk d = desk_open();

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct shaped out;
		struct err e = { 0 };

		CHECK(!shape_line(d.shaper, d.a, &song, str_of(cases[i].text), &out, &e));
		EQ_INT(e.kind, ERR_INPUT);
		EQ_C(e.code, cases[i].code);
		if (!CHECK(strstr(e.cause, cases[i].words) != NULL))
			printf("# case %zu: %s\n", i, e.cause);
	}
	desk_close(&d);
}

TEST(a_refusal_names_every_missing_character_once)
{
	struct desk d = desk_open();
	struct shaped out;
	struct err e = { 0 };
	char text[64 * 3 + 1] = "";

	CHECK(!shape_line(d.shaper, d.a, &song, STR("\xee\xa1\xa3李\xee\xa1\xa4\xee\xa1\xa3"), &out,
			  &e));
	EQ_C(e.cause, "no font of the chain draws U+E863 (private use), U+E864 (private use)");
	for (unsigned i = 0; i < 20; i++) {
		text[3 * i] = '\xee';
		text[3 * i + 1] = '\x80';
		text[3 * i + 2] = (char)(unsigned char)(0x80 + i);
	}
	CHECK(!shape_line(d.shaper, d.a, &song, str_of(text), &out, &e));
	CHECK(strstr(e.cause, "and 12 more") != NULL);
	desk_close(&d);
}

TEST(an_unknown_role_or_feature_is_refused)
{
	struct desk d = desk_open();
	struct text_style bad = song;
	struct shaped out;
	struct err e = { 0 };

	bad.role = "comic";
	CHECK(!shape_line(d.shaper, d.a, &bad, STR("a"), &out, &e));
	EQ_C(e.code, "FONT-ROLE");
	bad = song;
	bad.features = "lnum,=,";
	CHECK(!shape_line(d.shaper, d.a, &bad, STR("a"), &out, &e));
	EQ_C(e.code, "FONT-FEATURE");
	bad.features = "kern,kern,kern,kern,kern,kern,kern,kern,kern,kern,kern,kern,kern,kern,kern,"
		       "kern,kern";
	CHECK(!shape_line(d.shaper, d.a, &bad, STR("a"), &out, &e));
	EQ_C(e.code, "FONT-FEATURE");
	desk_close(&d);
}

TEST(a_line_past_the_limit_and_a_tower_of_marks_are_refused)
{
	struct desk d = desk_open();
	struct buf b = buf_empty(1 << 20);
	struct shaped out;
	struct err e = { 0 };

	for (int i = 0; i < 4097; i++)
		buf_byte(&b, 'a');
	CHECK(!shape_line(d.shaper, d.a, &latin, buf_view(&b), &out, &e));
	EQ_C(e.code, "TEXT-TOO-LONG");
	buf_clear(&b);
	for (int i = 0; i < 4096; i++)
		buf_byte(&b, '1');
	OK(shape_line(d.shaper, d.a, &latin, buf_view(&b), &out, &e), e);
	EQ_INT(out.runs[0].count, 4096);
	buf_clear(&b);
	buf_c(&b, "a");
	for (int i = 0; i < 200; i++)
		buf_c(&b, "\xcc\x81");
	if (shape_line(d.shaper, d.a, &latin, buf_view(&b), &out, &e))
		EQ_STR(desk_text(&d, &out), buf_view(&b));
	else
		EQ_C(e.code, "TEXT-CLUSTER");
	buf_free(&b);
	desk_close(&d);
}

TEST(nothing_to_shape_is_no_run)
{
	struct desk d = desk_open();
	struct shaped out = desk_shape(&d, &song, "");

	EQ_INT(out.count, 0);
	EQ_INT(out.width, 0);
	desk_close(&d);
}

TEST(every_class_of_name_comes_back_as_it_went_in)
{
	static const char *const names[] = {
		"李明",
		"李𬱖",
		"王𤧛",
		"䶮㛃",
		"刘𫄧䶮",
		"𠀋",
		"𪜀",
		"赵𰻝𱁬",
		"买买提·吐尔逊·阿卜杜热合曼",
		"阿沛·阿旺晋美",
		"〇",
		"欧阳娜娜",
		"陳𠮷",
		"2026年11月23日",
		"二〇二六年十一月二十三日",
		"中国注册会计师协会（示范）",
		"他说：“好”——然后……",
		"Nguyễn Thị Ánh",
		"O’Brien",
		"Anne-Marie Siobhán O’Brien-Nguyễn",
		"Łukasz Šimek",
		"Þórður Æ Ø Å ß",
		"Kāne‘ohe Ka\xca\xbbiulani",
		"Αθήνα Москва",
		"李明 Li Ming",
		"office",
		"示范省示范市示范区示范街道示范社区示范小区示范楼示范单元示范室示范房示范人示范名示范姓示范字示范号",
	};
	static const struct text_style *const styles[] = { &song, &name_zh };
	struct desk d = desk_open();

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		for (size_t k = 0; k < COUNT_OF(styles); k++) {
			struct shaped line = desk_shape(&d, styles[k], names[i]);

			EQ_STR(desk_text(&d, &line), str_of(names[i]));
		}
	}
	desk_close(&d);
}

/* The faces a name is set in, each once, in order. */
static void faces_of(const struct shaped *line, char *out, size_t size)
{
	const struct face *before = NULL;
	size_t n = 0;

	out[0] = '\0';
	for (size_t r = 0; r < line->count; r++) {
		if (line->runs[r].face != before && n < size)
			n += (size_t)snprintf(out + n, size - n, "%s%s", n > 0 ? " " : "",
					      face_postscript(line->runs[r].face));
		before = line->runs[r].face;
	}
}

TEST(one_name_is_one_face)
{
	static const struct {
		const char *name, *faces;
		bool fell_back;
	} cases[] = {
		{ "李明", "NotoSerifCJKsc-Regular", false },
		{ "李𬱖", "NotoSerifCJKsc-Regular", false },
		{ "刘𫄧䶮", "NotoSerifCJKsc-Regular", false },
		{ "李\xf0\xa0\x80\x81", "HanaMinA HanaMinB", true }, /* U+20001: A and B are one */
		{ "张𪜀", "HanaMinA HanaMinB", true },
		{ "赵𰻝𱁬", "NotoSerifCJKsc-Regular", false },
		{ "赵\xf0\xb0\x80\x80", "BabelStoneHan", true },
		/* U+30000 in BabelStone alone, U+20023 in HanaMinB alone */
		{ "赵\xf0\xb0\x80\x80\xf0\xa0\x80\xa3", "HanaMinA BabelStoneHan HanaMinB", true },
		{ "买买提·\xf0\xa0\x80\x81", "HanaMinA HanaMinB", true },
		{ "李明 Li", "NotoSerifCJKsc-Regular EBGaramond12-Regular", false },
	};
	struct desk d = desk_open();
	char faces[256];

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct shaped line = desk_shape(&d, &name_zh, cases[i].name);

		faces_of(&line, faces, sizeof faces);
		EQ_C(faces, cases[i].faces);
		EQ_INT(line.fell_back, cases[i].fell_back);
	}
	desk_close(&d);
}

TEST(without_the_rule_only_the_rare_character_falls_back)
{
	struct desk d = desk_open();
	struct shaped line = desk_shape(&d, &song, "李\xf0\xa0\x80\x81明");
	char faces[256];

	faces_of(&line, faces, sizeof faces);
	EQ_C(faces, "NotoSerifCJKsc-Regular HanaMinB NotoSerifCJKsc-Regular");
	CHECK(line.fell_back);
	desk_close(&d);
}

TEST(punctuation_goes_with_the_language_and_latin_never_with_noto)
{
	static const struct {
		const struct text_style *style;
		const char *text, *faces;
	} cases[] = {
		{ &song, "“李明”", "NotoSerifCJKsc-Regular" },
		{ &song, "“Li”",
		  "NotoSerifCJKsc-Regular EBGaramond12-Regular NotoSerifCJKsc-Regular" },
		{ &song, "O’Brien", "EBGaramond12-Regular" },
		{ &latin, "“Li” — O’Brien’s", "EBGaramond12-Regular" },
		{ &latin, "Li Ming (李明)",
		  "EBGaramond12-Regular NotoSerifCJKsc-Regular EBGaramond12-Regular" },
		{ &song, "2026年", "EBGaramond12-Regular NotoSerifCJKsc-Regular" },
		{ &song, "李·明", "NotoSerifCJKsc-Regular" },
		{ &latin, "a·b", "EBGaramond12-Regular" },
	};
	struct desk d = desk_open();
	char faces[256];

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct shaped line = desk_shape(&d, cases[i].style, cases[i].text);

		faces_of(&line, faces, sizeof faces);
		EQ_C(faces, cases[i].faces);
	}
	desk_close(&d);
}

TEST(the_dot_of_a_name_is_half_an_em_with_its_ink_in_the_middle)
{
	static const char *const roles[] = { "song", "song-bold", "hei", "kai" };
	struct desk d = desk_open();

	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		struct text_style style = song;
		struct shaped line;
		const struct glyph *dot;
		hb_glyph_extents_t box = { 0 };

		style.role = roles[i];
		line = desk_shape(&d, &style, "买提·吐");
		if (!CHECK(line.count == 1 && line.runs[0].count == 4))
			continue;
		dot = &line.runs[0].glyphs[2];
		EQ_INT(dot->advance, 500);
		EQ_INT(line.width, 3500);
		hb_font_get_glyph_extents(line.runs[0].face->thousand, dot->gid, &box);
		CHECK(abs(2 * (dot->x_offset + box.x_bearing) + box.width - 500) <= 2);
	}
	desk_close(&d);
}

TEST(ligatures_carry_their_characters_and_go_when_letters_are_spaced)
{
	struct desk d = desk_open();
	struct text_style style = latin;
	struct shaped line;
	size_t most = 0;

	style.role = "latin-italic"; /* the Regular draws its f with forms that need no joining */
	line = desk_shape(&d, &style, "office");
	EQ_INT(line.count, 1);
	for (size_t i = 0; i < line.runs[0].count; i++)
		if (line.runs[0].glyphs[i].unicode_count > most)
			most = line.runs[0].glyphs[i].unicode_count;
	EQ_INT(most, 3);
	EQ_INT(line.runs[0].count, 4);
	EQ_STR(desk_text(&d, &line), STR("office"));
	style.tracking = 100;
	line = desk_shape(&d, &style, "office");
	EQ_INT(line.runs[0].count, 6);
	desk_close(&d);
}

TEST(capitals_are_drawn_and_what_was_written_comes_back)
{
	struct desk d = desk_open();
	struct text_style style = latin;
	struct shaped drawn, plain;

	plain = desk_shape(&d, &style, "NGUYỄN’S ÉCOLE");
	style.capitals = true;
	drawn = desk_shape(&d, &style, "Nguyễn’s École");
	EQ_STR(desk_text(&d, &drawn), STR("Nguyễn’s École"));
	EQ_INT(drawn.width, plain.width);
	EQ_INT(drawn.runs[0].count, plain.runs[0].count);
	for (size_t i = 0; i < drawn.runs[0].count; i++)
		EQ_INT(drawn.runs[0].glyphs[i].gid, plain.runs[0].glyphs[i].gid);
	drawn = desk_shape(&d, &style, "Straße 李明");
	EQ_STR(desk_text(&d, &drawn), STR("Straße 李明"));
	desk_close(&d);
}

TEST(letters_are_kerned_and_figures_lining)
{
	struct desk d = desk_open();
	struct text_style plain = latin;
	struct shaped kerned = desk_shape(&d, &latin, "AVATAR"), loose, figures, old;
	const struct glyph_run *run = kerned.runs;
	int32_t own = 0;

	plain.features = "-kern";
	loose = desk_shape(&d, &plain, "AVATAR");
	for (size_t i = 0; i < run->count; i++)
		own += run->glyphs[i].width;
	CHECK(kerned.width < loose.width - 200);
	EQ_INT(loose.width, own);
	plain.features = NULL;
	figures = desk_shape(&d, &latin, "2026");
	old = desk_shape(&d, &plain, "2026");
	CHECK(figures.runs[0].glyphs[0].gid != old.runs[0].glyphs[0].gid);
	desk_close(&d);
}

TEST(tracking_comes_after_every_letter_but_the_last_and_not_before_a_mark)
{
	struct desk d = desk_open();
	struct text_style style = name_zh;
	struct shaped line;

	style.tracking = 80;
	line = desk_shape(&d, &style, "李明");
	EQ_INT(line.width, 2080);
	EQ_INT(line.runs[0].glyphs[0].advance, 1080);
	EQ_INT(line.runs[0].glyphs[1].advance, 1000);
	line = desk_shape(&d, &style, "李");
	EQ_INT(line.width, 1000);
	line = desk_shape(&d, &style, "李明A"); /* across runs */
	EQ_INT(line.runs[0].width, 2160);
	style = name_en;
	style.tracking = 100;
	/* q with a combining tilde: no such letter by itself */
	line = desk_shape(&d, &style,
			  "q\xcc\x83"
			  "q");
	if (CHECK(line.runs[0].count == 3))
		EQ_INT(line.runs[0].glyphs[1].advance,
		       line.runs[0].glyphs[1].width == 0 ? 100 : line.runs[0].glyphs[1].advance);
	desk_close(&d);
}

TEST(the_same_text_shapes_the_same_whatever_went_before)
{
	struct desk d = desk_open(), f = desk_open();
	struct shaped a, b;

	desk_shape(&d, &latin, "something else, 123");
	desk_shape(&d, &name_zh, "赵𰻝𱁬");
	a = desk_shape(&d, &song, "李𬱖 Li 2026");
	b = desk_shape(&f, &song, "李𬱖 Li 2026");
	EQ_INT(a.count, b.count);
	EQ_INT(a.width, b.width);
	for (size_t r = 0; r < a.count && r < b.count; r++) {
		EQ_INT(a.runs[r].count, b.runs[r].count);
		for (size_t i = 0; i < a.runs[r].count && i < b.runs[r].count; i++) {
			EQ_INT(a.runs[r].glyphs[i].gid, b.runs[r].glyphs[i].gid);
			EQ_INT(a.runs[r].glyphs[i].advance, b.runs[r].glyphs[i].advance);
		}
	}
	desk_close(&d);
	desk_close(&f);
}
