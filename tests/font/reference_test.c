/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The programs written here against programs and drawings that are not ours: every glyph is drawn by HarfBuzz from the
 * written program, from the source face, and from what hb-subset makes of the same glyphs; all paths must be equal.
 */
#include <harfbuzz/hb-subset.h>

#include "fixture.h"

enum { SAMPLE = 2000, SAMPLE_SLOW = 300, STEPS_MAX = 1 << 16 };

/* A path as numbers: operator, then its coordinates. */
struct path {
	float v[STEPS_MAX];
	size_t n;
};

static void path_put(struct path *p, const float *v, size_t n)
{
	for (size_t i = 0; i < n && p->n < STEPS_MAX; i++)
		p->v[p->n++] = v[i];
}

static void on_move(hb_draw_funcs_t *d, void *to, hb_draw_state_t *st, float x, float y, void *user)
{
	(void)d, (void)st, (void)user;
	path_put(to, (float[]){ 1, x, y }, 3);
}

static void on_line(hb_draw_funcs_t *d, void *to, hb_draw_state_t *st, float x, float y, void *user)
{
	(void)d, (void)st, (void)user;
	path_put(to, (float[]){ 2, x, y }, 3);
}

static void on_quadratic(hb_draw_funcs_t *d, void *to, hb_draw_state_t *st, float cx, float cy,
			 float x, float y, void *user)
{
	(void)d, (void)st, (void)user;
	path_put(to, (float[]){ 3, cx, cy, x, y }, 5);
}

static void on_cubic(hb_draw_funcs_t *d, void *to, hb_draw_state_t *st, float ax, float ay,
		     float bx, float by, float x, float y, void *user)
{
	(void)d, (void)st, (void)user;
	path_put(to, (float[]){ 4, ax, ay, bx, by, x, y }, 7);
}

static void on_close(hb_draw_funcs_t *d, void *to, hb_draw_state_t *st, void *user)
{
	(void)d, (void)st, (void)user;
	path_put(to, (float[]){ 5 }, 1);
}

static hb_draw_funcs_t *drawing(void)
{
	hb_draw_funcs_t *d = hb_draw_funcs_create();

	hb_draw_funcs_set_move_to_func(d, on_move, NULL, NULL);
	hb_draw_funcs_set_line_to_func(d, on_line, NULL, NULL);
	hb_draw_funcs_set_quadratic_to_func(d, on_quadratic, NULL, NULL);
	hb_draw_funcs_set_cubic_to_func(d, on_cubic, NULL, NULL);
	hb_draw_funcs_set_close_path_func(d, on_close, NULL, NULL);
	return d;
}

static bool same_path(hb_draw_funcs_t *d, hb_font_t *a, uint32_t ga, hb_font_t *b, uint32_t gb)
{
	static struct path pa, pb;

	pa.n = pb.n = 0;
	hb_font_get_glyph_shape(a, ga, d, &pa);
	hb_font_get_glyph_shape(b, gb, d, &pb);
	return pa.n == pb.n && pa.n < STEPS_MAX && memcmp(pa.v, pb.v, pa.n * sizeof pa.v[0]) == 0;
}

static hb_blob_t *table(const struct face *f, const char *tag)
{
	return hb_face_reference_table(f->hb, HB_TAG(tag[0], tag[1], tag[2], tag[3]));
}

/* Our program as HarfBuzz can load it: bare CFF in a wrapper with a maxp of its own. */
static hb_font_t *load(const struct face *f, struct str program, size_t count)
{
	hb_blob_t *blob =
		hb_blob_create(program.p, (unsigned)program.n, HB_MEMORY_MODE_READONLY, NULL, NULL);
	hb_face_t *face;
	hb_font_t *font;

	if (face_metrics(f)->cff) {
		char maxp[6] = { 0, 0, 0x50, 0, (char)(count >> 8), (char)(count & 0xFF) };
		hb_blob_t *m =
			hb_blob_create(maxp, sizeof maxp, HB_MEMORY_MODE_DUPLICATE, NULL, NULL);
		hb_blob_t *head = table(f, "head");

		face = hb_face_builder_create();
		hb_face_builder_add_table(face, HB_TAG('C', 'F', 'F', ' '), blob);
		hb_face_builder_add_table(face, HB_TAG('m', 'a', 'x', 'p'), m);
		hb_face_builder_add_table(face, HB_TAG('h', 'e', 'a', 'd'), head);
		hb_blob_destroy(m);
		hb_blob_destroy(head);
		hb_blob_destroy(blob);
		blob = hb_face_reference_blob(face);
		hb_face_destroy(face);
	}
	face = hb_face_create(blob, 0);
	EQ_INT(hb_face_get_glyph_count(face) >= count, true);
	font = hb_font_create(face);
	hb_font_set_scale(font, face_metrics(f)->units_per_em, face_metrics(f)->units_per_em);
	hb_face_destroy(face);
	hb_blob_destroy(blob);
	return font;
}

/* Different glyphs by chance, .notdef left out. */
static size_t sample(const struct face *f, uint32_t *gids, size_t want)
{
	unsigned char *seen = calloc(f->glyphs, 1);
	uint64_t state = 20261123;
	size_t n = 0;

	if (seen == NULL)
		abort();
	want = want < f->glyphs / 2 ? want : f->glyphs / 2;
	while (n < want) {
		uint32_t g = 1 + next_random(&state) % (f->glyphs - 1);

		if (!seen[g])
			gids[n++] = g;
		seen[g] = 1;
	}
	free(seen);
	return n;
}

static struct subset *subset_of(const struct face *f, const uint32_t *gids, size_t n)
{
	struct subset *s = subset_new(f);
	struct err e = { 0 };
	size_t wrong = 0;

	if (s == NULL)
		abort();
	for (size_t i = 0; i < n; i++) {
		uint32_t c = 0x4E00 + (uint32_t)i;
		struct glyph g = {
			.gid = gids[i], .width = 1000, .unicode = &c, .unicode_count = 1
		};

		wrong += subset_add(s, &g, &e) != i + 1;
	}
	EQ_INT(wrong, 0);
	return s;
}

static void compare_with_source(struct desk *d, const struct face *f, const uint32_t *gids,
				size_t n)
{
	struct subset *s = subset_of(f, gids, n);
	struct buf program = buf_empty(64u << 20);
	hb_draw_funcs_t *draw = drawing();
	hb_font_t *font;
	struct err e = { 0 };
	size_t differ = 0, advances = 0;

	if (OK(subset_program(s, d->shaper, &program, &e), e)) {
		font = load(f, buf_view(&program), n + 1);
		for (size_t i = 0; i <= n; i++) {
			uint32_t gid = i == 0 ? 0 : gids[i - 1];

			differ += !same_path(draw, font, (uint32_t)i, f->units, gid);
			if (!face_metrics(f)->cff)
				advances += hb_font_get_glyph_h_advance(font, (uint32_t)i) !=
					    hb_font_get_glyph_h_advance(f->units, gid);
		}
		EQ_INT(differ, 0);
		EQ_INT(advances, 0);
		hb_font_destroy(font);
	}
	hb_draw_funcs_destroy(draw);
	buf_free(&program);
	subset_free(s);
}

TEST(two_thousand_glyphs_of_every_face_are_drawn_as_in_the_source)
{
	struct desk d = desk_open();
	static uint32_t gids[SAMPLE];

	for (size_t i = 0; i < d.fonts->face_count; i++) {
		const struct face *f = d.fonts->faces[i];
		size_t n = sample(f, gids, SAMPLE);

		printf("# %s: %zu glyphs\n", face_postscript(f), n);
		compare_with_source(&d, f, gids, n);
	}
	desk_close(&d);
}

static hb_face_t *hb_subset_of(const struct face *f, const uint32_t *gids, size_t n)
{
	hb_subset_input_t *in = hb_subset_input_create_or_fail();
	hb_face_t *out;

	if (in == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		hb_set_add(hb_subset_input_glyph_set(in), gids[i]);
	hb_set_clear(hb_subset_input_set(in, HB_SUBSET_SETS_LAYOUT_FEATURE_TAG));
	hb_subset_input_set_flags(in, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_RETAIN_GIDS);
	out = hb_subset_or_fail(f->hb, in);
	hb_subset_input_destroy(in);
	return out;
}

TEST(programs_draw_what_hb_subset_draws)
{
	static const char *const faces[] = {
		"NotoSerifCJKsc-Regular", "NotoSansCJKsc-Regular", "HanaMinB",
		"BabelStoneHan",          "EBGaramond12-Italic",   "JetBrainsMono-SemiBold"
	};
	struct desk d = desk_open();
	static uint32_t gids[SAMPLE_SLOW];

	for (size_t k = 0; k < COUNT_OF(faces); k++) {
		const struct face *f = desk_face(&d, faces[k]);
		size_t n = sample(f, gids, SAMPLE_SLOW), differ = 0;
		struct subset *s = subset_of(f, gids, n);
		hb_face_t *theirs = hb_subset_of(f, gids, n);
		struct buf program = buf_empty(64u << 20);
		hb_draw_funcs_t *draw = drawing();
		struct err e = { 0 };

		if (CHECK(theirs != NULL) && OK(subset_program(s, d.shaper, &program, &e), e)) {
			hb_font_t *ours = load(f, buf_view(&program), n + 1);
			hb_font_t *reference = hb_font_create(theirs);

			for (size_t i = 0; i < n; i++)
				differ +=
					!same_path(draw, ours, (uint32_t)i + 1, reference, gids[i]);
			EQ_INT(differ, 0);
			hb_font_destroy(ours);
			hb_font_destroy(reference);
		}
		hb_draw_funcs_destroy(draw);
		hb_face_destroy(theirs);
		buf_free(&program);
		subset_free(s);
	}
	desk_close(&d);
}

/* ISO/IEC 14496-22: the sum of a font is B1B0AFBA, and each table's record holds its sum. */
static void check_sums(struct str font)
{
	const unsigned char *p = (const unsigned char *)font.p;

	EQ_INT(sfnt_checksum(p, font.n), 0xB1B0AFBA);
	for (size_t i = 0; i < sfnt_u16(p + 4); i++) {
		const unsigned char *r = p + 12 + 16 * i;
		size_t at = sfnt_u32(r + 8), n = sfnt_u32(r + 12);
		uint32_t sum = sfnt_checksum(p + at, n);

		EQ_INT(at % 4, 0);
		if (memcmp(r, "head", 4) == 0)
			sum -= sfnt_u32(p + at + 8);
		EQ_INT(sum, sfnt_u32(r + 4));
		if (i > 0)
			CHECK(memcmp(r - 16, r, 4) < 0);
	}
}

TEST(the_checksums_of_a_truetype_program_are_right)
{
	static const char *const faces[] = { "HanaMinA", "BabelStoneHan", "EBGaramond12-Regular",
					     "LXGWWenKai-Regular" };
	struct desk d = desk_open();
	static uint32_t gids[SAMPLE];

	for (size_t k = 0; k < COUNT_OF(faces); k++) {
		static const size_t sizes[] = { 0, 1, 50, 1200 }; /* the last needs long offsets */

		for (size_t i = 0; i < COUNT_OF(sizes); i++) {
			const struct face *f = desk_face(&d, faces[k]);
			struct subset *s = subset_of(f, gids, sample(f, gids, sizes[i]));
			struct buf program = buf_empty(64u << 20);
			struct err e = { 0 };

			buf_c(&program, "abc"); /* a program may start anywhere in a buffer */
			if (OK(subset_program(s, d.shaper, &program, &e), e))
				check_sums(str_skip(buf_view(&program), 3));
			buf_free(&program);
			subset_free(s);
		}
	}
	desk_close(&d);
}

TEST(a_program_of_the_missing_glyph_alone_is_a_font)
{
	struct desk d = desk_open();

	for (size_t i = 0; i < d.fonts->face_count; i++)
		compare_with_source(&d, d.fonts->faces[i], NULL, 0);
	desk_close(&d);
}
