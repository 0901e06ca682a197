/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static struct glyph glyph_of(uint32_t gid, const uint32_t *unicode, size_t n)
{
	return (struct glyph){ .gid = gid, .width = 600, .unicode = unicode, .unicode_count = n };
}

static struct subset *fresh(const struct face *f)
{
	struct subset *s = subset_new(f);

	if (s == NULL)
		abort();
	return s;
}

TEST(the_missing_glyph_and_glyphs_that_are_not_there_get_no_cid)
{
	struct desk d = desk_open();
	const struct face *f = desk_face(&d, "JetBrainsMono-Regular");
	struct subset *s = fresh(f);
	uint32_t c = 'a';
	const uint32_t bad[] = { 0, f->glyphs, 0xFFFFFFFF };

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct glyph g = glyph_of(bad[i], &c, 1);
		struct err e = { 0 };

		EQ_INT(subset_add(s, &g, &e), 0);
		EQ_INT(e.kind, ERR_SYSTEM);
	}
	EQ_INT(subset_count(s), 1);
	subset_free(s);
	desk_close(&d);
}

TEST(one_glyph_for_other_characters_gets_another_cid)
{
	struct desk d = desk_open();
	struct subset *s = fresh(desk_face(&d, "EBGaramond12-Regular"));
	const uint32_t fi[] = { 'f', 'i' }, joined[] = { 0xFB01 }, space[] = { 0x20 };
	const struct glyph glyphs[] = {
		glyph_of(100, fi, 2), glyph_of(100, joined, 1), glyph_of(100, NULL, 0),
		glyph_of(100, fi, 1), glyph_of(101, fi, 2),     glyph_of(3, space, 1),
		glyph_of(100, fi, 2), glyph_of(100, NULL, 0),
	};
	static const uint16_t cids[] = { 1, 2, 3, 4, 5, 6, 1, 3 };
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(glyphs); i++)
		EQ_INT(subset_add(s, &glyphs[i], &e), cids[i]);
	EQ_INT(subset_count(s), 7);
	EQ_INT(subset_entries(s)[2].unicode[0], 0xFB01);
	EQ_INT(subset_entries(s)[1].unicode_count, 2);
	EQ_INT(subset_entries(s)[0].gid, 0);
	subset_clear(s);
	EQ_INT(subset_count(s), 1);
	EQ_INT(subset_add(s, &glyphs[1], &e), 1);
	subset_free(s);
	desk_close(&d);
}

TEST(a_subset_takes_65534_glyphs_and_no_more)
{
	struct desk d = desk_open();
	struct subset *s = fresh(desk_face(&d, "JetBrainsMono-Regular"));
	struct err e = { 0 };
	struct glyph g;
	uint32_t c;
	size_t wrong = 0;

	for (c = 1; c < 65535; c++) {
		g = glyph_of(1 + c % 1000, &c, 1);
		wrong += subset_add(s, &g, &e) != c;
	}
	EQ_INT(wrong, 0);
	g = glyph_of(5, &c, 1);
	EQ_INT(subset_add(s, &g, &e), 0);
	EQ_INT(e.kind, ERR_SYSTEM);
	c = 77; /* those that are there are still found */
	g = glyph_of(78, &c, 1);
	EQ_INT(subset_add(s, &g, &e), 77);
	EQ_INT(subset_entries(s)[65534].unicode[0], 65534);
	subset_free(s);
	desk_close(&d);
}

/* The program of a line's first run. */
static struct str program_of(struct desk *d, struct shaper *shaper, const struct glyph_run *run)
{
	struct subset *s = fresh(run->face);
	struct buf b = buf_empty(1u << 20);
	struct str out = { 0 };
	struct err e = { 0 };

	for (size_t i = 0; i < run->count; i++)
		CHECK(subset_add(s, &run->glyphs[i], &e) != 0);
	OK(subset_program(s, shaper, &b, &e), e);
	if (!arena_str(d->a, buf_view(&b), &out, &e))
		abort();
	buf_free(&b);
	subset_free(s);
	return out;
}

TEST(the_same_glyphs_give_the_same_bytes_whatever_the_caches_hold)
{
	static const char *const texts[] = { "李明示范注册会计师协会",
					     "\xf0\xa0\x80\x81\xf0\xa0\x80\xa3" };
	const struct text_style style = { "song", "zh-Hans", NULL, true, 0, false };
	struct desk d = desk_open(), f = desk_open();

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct shaped line = desk_shape(&d, &style, texts[i]);
		struct str cold = program_of(&d, d.shaper, &line.runs[0]), warm, other;
		struct shaped more = desk_shape(&d, &style, "别的文字先用过缓存");

		program_of(&d, d.shaper, &more.runs[0]);
		warm = program_of(&d, d.shaper, &line.runs[0]);
		line = desk_shape(&f, &style, texts[COUNT_OF(texts) - 1 - i]);
		program_of(&f, f.shaper, &line.runs[0]);
		line = desk_shape(&f, &style, texts[i]);
		other = program_of(&f, f.shaper, &line.runs[0]);
		CHECK(str_eq(cold, warm));
		CHECK(str_eq(cold, other));
	}
	desk_close(&d);
	desk_close(&f);
}

TEST(the_outlines_kept_are_forgotten_past_their_limit_and_made_again)
{
	struct desk d = desk_open();
	const struct face *f = desk_face(&d, "NotoSerifCJKsc-Regular");
	struct shaped line = desk_shape(
		&d, &(struct text_style){ "song", "zh-Hans", NULL, true, 0, false }, "李明");
	struct str before = program_of(&d, d.shaper, &line.runs[0]);
	struct str after, outline;
	struct err e = { 0 };
	size_t failed = 0;

	for (uint32_t g = 0; g < f->glyphs; g++)
		failed += !outlines_lookup(d.shaper->outlines, f, g, &outline, &e);
	EQ_INT(failed, 0);
	after = program_of(&d, d.shaper, &line.runs[0]);
	CHECK(str_eq(before, after));
	desk_close(&d);
}

TEST(a_small_buffer_or_no_memory_fails_in_words)
{
	struct desk d = desk_open();
	static const char *const faces[] = { "NotoSerifCJKsc-Regular", "HanaMinB" };

	for (size_t i = 0; i < COUNT_OF(faces); i++) {
		struct subset *s = fresh(desk_face(&d, faces[i]));
		struct buf b = buf_empty(200);
		uint32_t c = 'x';
		struct glyph g = glyph_of(50, &c, 1);
		struct err e = { 0 };

		CHECK(subset_add(s, &g, &e) == 1);
		CHECK(!subset_program(s, d.shaper, &b, &e));
		EQ_INT(e.kind, ERR_SYSTEM);
		buf_free(&b);
		subset_free(s);
	}
	desk_close(&d);
}

/* Every allocation on the way fails once; the answer is an error, or right. */
TEST(every_allocation_may_fail)
{
	struct desk d = desk_open();
	const struct text_style style = { "song", "zh-Hans", "lnum", true, 0, false };
	size_t nth;
	bool reached = true;

	for (nth = 1; reached && nth < 500; nth++) {
		struct arena *a = arena_new(1u << 20);
		struct shaper *shaper;
		struct subset *s = NULL;
		struct buf b = buf_empty(1u << 20);
		struct shaped line = { 0 };
		struct err e = { 0 };
		bool ok;

		check_fail_alloc(nth);
		shaper = shaper_new(d.fonts);
		ok = shaper != NULL &&
		     shape_line(shaper, a, &style, STR("李\xf0\xa0\x80\x81 Li"), &line, &e);
		s = ok ? subset_new(line.runs[0].face) : NULL;
		for (size_t i = 0; s != NULL && ok && i < line.runs[0].count; i++)
			ok = subset_add(s, &line.runs[0].glyphs[i], &e) != 0;
		ok = ok && s != NULL && subset_program(s, shaper, &b, &e);
		reached = check_alloc_count() >= nth;
		check_fail_alloc(0);
		/* Without a word only where the contract is NULL. */
		CHECK(ok || shaper == NULL || (line.runs != NULL && s == NULL) ||
		      e.kind == ERR_SYSTEM);
		buf_free(&b);
		subset_free(s);
		shaper_free(shaper);
		arena_free(a);
		CHECK(ok || reached); /* without a table of ink it only takes longer */
	}
	CHECK(nth > 10 && nth < 500);
	desk_close(&d);
}

/* The advance that a program's hmtx gives its glyph `cid`, in font units. */
static unsigned advance_of(struct str program, unsigned cid)
{
	struct sfnt font;
	struct view hmtx;
	struct err e = { 0 };

	OK(sfnt_open((struct view){ (const unsigned char *)program.p, program.n }, 0, &font, &e),
	   e);
	hmtx = sfnt_table(&font, "hmtx");
	return CHECK(view_has(hmtx, 4 * (size_t)cid, 2)) ? sfnt_u16(hmtx.p + 4 * (size_t)cid) : 0;
}

TEST(room_behind_a_glyph_is_part_of_it)
{
	static const struct {
		const char *role, *text;
	} cases[] = { { "song", "会员" }, { "latin", "2063" }, { "song", "—" } };
	struct desk d = desk_open();
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct text_style style = { .role = cases[i].role, .language = "zh-Hans" };
		struct shaped plain = { 0 }, wide;
		const struct glyph_run *run;
		const struct glyph *last;
		struct subset *s;
		unsigned units;
		uint16_t cid;

		if (!OK(shape_line(d.shaper, d.a, &style, str_of(cases[i].text), &plain, &e), e))
			continue;
		wide = plain;
		OK(shape_widen(d.a, &wide, 250, &e), e);
		EQ_INT(wide.width, plain.width + 250);
		run = &wide.runs[wide.count - 1];
		last = &run->glyphs[run->count - 1];
		EQ_INT(last->width, plain.runs[plain.count - 1].glyphs[run->count - 1].width + 250);
		EQ_INT(last->room, 250);
		s = fresh(run->face);
		cid = subset_add(s, last, &e);
		CHECK(subset_add(s, &plain.runs[plain.count - 1].glyphs[run->count - 1], &e) !=
		      cid);
		EQ_INT(subset_add(s, last, &e), cid);
		EQ_INT(subset_entries(s)[cid].width, last->width);
		subset_free(s);
		if (!face_metrics(run->face)->cff) {
			units = (unsigned)face_metrics(run->face)->units_per_em;
			EQ_INT(advance_of(program_of(&d, d.shaper, run), (unsigned)run->count),
			       (unsigned)last->width * units / 1000);
		}
	}
	OK(shape_widen(d.a, &(struct shaped){ 0 }, 250, &e), e);
	desk_close(&d);
}
