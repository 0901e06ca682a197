/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The 87,887 hanzi of GB 18030-2022, implementation level 3, as names.
 *
 *   level3          every one is a name, is shaped, has an outline and enters a font program; what no face holds is
 *                   refused by its code point
 *   level3 FOLDER   draws them, 200 a page, ten pages a file: FOLDER/NN.pdf, for level3.py to look at
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/enc.h"
#include "base/io.h"
#include "font/face.h"
#include "font/fonts_inner.h"
#include "paper/paper.h"
#include "record/name.h"

enum {
	HANZI = 87887,
	PER_ROW = 10,
	PER_PAGE = 200,
	PER_FILE = 10 * PER_PAGE,
	PDF_MAX = 32 << 20,
	PROGRAM_MAX = 64 << 20
};

/* Level 1: URO to 9FEF, Extension A to 4DB5; level 3: Extensions B to F as of Unicode 11, twelve unified ones. */
static const uint32_t ranges[][2] = {
	{ 0x3400, 0x4db5 },   { 0x4e00, 0x9fef },   { 0xfa0e, 0xfa0f },   { 0xfa11, 0xfa11 },
	{ 0xfa13, 0xfa14 },   { 0xfa1f, 0xfa1f },   { 0xfa21, 0xfa21 },   { 0xfa23, 0xfa24 },
	{ 0xfa27, 0xfa29 },   { 0x20000, 0x2a6d6 }, { 0x2a700, 0x2b734 }, { 0x2b740, 0x2b81d },
	{ 0x2b820, 0x2cea1 }, { 0x2ceb0, 0x2ebe0 },
};

/* What Unicode 15 has beyond level 3: faces hold some of it. */
static const uint32_t beyond[][2] = { { 0x9ff0, 0x9fff },   { 0x4db6, 0x4dbf },
				      { 0x2a6d7, 0x2a6df }, { 0x2b735, 0x2b739 },
				      { 0x30000, 0x3134a }, { 0x31350, 0x323af } };

struct desk {
	struct fonts *fonts;
	struct shaper *shaper;
	struct arena *a;
	struct subset **subsets; /* of each face, as it comes up */
	size_t failed;
};

static struct str utf8(uint32_t c, char bytes[8])
{
	struct buf b = { .p = bytes, .cap = 8, .max = 8 };

	enc_put_utf8(&b, c);
	return buf_view(&b);
}

static bool wrong(struct desk *d, uint32_t c, const char *what, const struct err *e)
{
	char words[1024] = "";

	if (e != NULL)
		err_text(e, words, sizeof words);
	if (d->failed++ < 20)
		printf("# U+%04X: %s: %s\n", (unsigned)c, what, words);
	return false;
}

static bool shape(struct desk *d, uint32_t c, struct shaped *out, struct err *e)
{
	static const struct text_style style = { .role = "song",
						 .language = "zh-Hans",
						 .whole = true };
	char bytes[8];

	*e = (struct err){ 0 };
	return shape_line(d->shaper, d->a, &style, utf8(c, bytes), out, e);
}

struct strokes {
	double left, right, bottom, top;
	size_t points;
};

static void point(struct strokes *s, double x, double y)
{
	if (s->points++ == 0)
		*s = (struct strokes){ x, x, y, y, 1 };
	s->left = x < s->left ? x : s->left;
	s->right = x > s->right ? x : s->right;
	s->bottom = y < s->bottom ? y : s->bottom;
	s->top = y > s->top ? y : s->top;
}

static void on_point(void *self, double x, double y)
{
	point(self, x, y);
}

static void on_cubic(void *self, const double points[6])
{
	for (int i = 0; i < 6; i += 2)
		point(self, points[i], points[i + 1]);
}

static void on_close(void *self)
{
	(void)self;
}

/* Something with an area is drawn: at least four points, a tenth of an em wide or high. */
static bool outlined(const struct face *f, uint32_t gid, struct err *e)
{
	struct strokes s = { 0 };
	const struct outline_sink sink = {
		.self = &s, .move = on_point, .line = on_point, .cubic = on_cubic, .close = on_close
	};
	double tenth = face_metrics(f)->units_per_em / 10.0;

	return face_outline(f, gid, &sink, e) && s.points >= 4 && s.right > s.left &&
	       s.top > s.bottom && (s.right - s.left > tenth || s.top - s.bottom > tenth);
}

static size_t face_number(const struct desk *d, const struct face *f)
{
	size_t i = 0;

	while (d->fonts->faces[i] != f)
		i++;
	return i;
}

static bool set_one(struct desk *d, uint32_t c)
{
	struct str name, dots;
	struct shaped line;
	struct err e = { 0 };
	char bytes[8];
	size_t face;

	arena_reset(d->a);
	if (!name_read(d->a, NAME_NATIVE, utf8(c, bytes), &name, &dots, &e))
		return wrong(d, c, "is no name", &e);
	if (!str_eq(name, utf8(c, bytes)))
		return wrong(d, c, "becomes another character", NULL);
	if (!shape(d, c, &line, &e))
		return wrong(d, c, "is not shaped", &e);
	if (line.count != 1 || line.runs[0].count != 1)
		return wrong(d, c, "is not one glyph", NULL);
	const struct glyph *g = &line.runs[0].glyphs[0];

	if (g->unicode_count != 1 || g->unicode[0] != c || g->gid == 0)
		return wrong(d, c, "stands for something else", NULL);
	if (!outlined(line.runs[0].face, g->gid, &e))
		return wrong(d, c, "leaves no ink", &e);
	face = face_number(d, line.runs[0].face);
	if (d->subsets[face] == NULL)
		d->subsets[face] = subset_new(line.runs[0].face);
	if (d->subsets[face] == NULL || subset_add(d->subsets[face], g, &e) == 0)
		return wrong(d, c, "does not enter a program", &e);
	return true;
}

static void say(bool ok, const char *what, size_t n)
{
	printf("%s - %zu %s\n", ok ? "ok" : "not ok", n, what);
}

static void programs(struct desk *d)
{
	for (size_t i = 0; i < d->fonts->face_count; i++) {
		struct buf program = buf_empty(PROGRAM_MAX);
		struct err e = { 0 };

		if (d->subsets[i] == NULL)
			continue;
		bool ok = subset_program(d->subsets[i], d->shaper, &program, &e);

		say(ok || wrong(d, 0, "no program", &e), face_postscript(d->fonts->faces[i]),
		    subset_count(d->subsets[i]) - 1);
		buf_free(&program);
	}
}

static void every_hanzi(struct desk *d)
{
	size_t n = 0, set = 0;

	for (size_t r = 0; r < COUNT_OF(ranges); r++)
		for (uint32_t c = ranges[r][0]; c <= ranges[r][1]; c++, n++)
			set += set_one(d, c);
	say(n == HANZI, "hanzi are level 3 of GB 18030-2022", n);
	say(set == HANZI, "of them are names with a glyph of their own", set);
	programs(d);
}

/* Each has a glyph, or is refused in a sentence that names it. */
static void every_other(struct desk *d)
{
	size_t set = 0, refused = 0, n = 0;

	for (size_t r = 0; r < COUNT_OF(beyond); r++) {
		for (uint32_t c = beyond[r][0]; c <= beyond[r][1]; c++, n++) {
			struct shaped line;
			struct err e;
			char named[16];

			arena_reset(d->a);
			snprintf(named, sizeof named, "U+%04X ", (unsigned)c);
			if (shape(d, c, &line, &e))
				set++;
			else if (strcmp(e.code, "NO-GLYPH") == 0 && e.kind == ERR_INPUT &&
				 strstr(e.cause, named) != NULL)
				refused++;
			else
				wrong(d, c, "is neither drawn nor refused by name", &e);
		}
	}
	say(set > 5000, "characters beyond level 3 are drawn too", set);
	say(refused > 0 && set + refused == n, "that no face holds are refused by name", refused);
}

/* The next `want` characters of the ranges from *c on; fewer at the end. */
static size_t take(size_t *range, uint32_t *c, uint32_t *out, size_t want)
{
	size_t n = 0;

	while (n < want && *range < COUNT_OF(ranges)) {
		out[n++] = *c;
		if (*c < ranges[*range][1])
			(*c)++;
		else if (++*range < COUNT_OF(ranges))
			*c = ranges[*range][0];
	}
	return n;
}

static bool page(struct desk *d, struct paper *p, const uint32_t *c, size_t n, struct err *e)
{
	paper_page(p, 210, 297);
	for (size_t i = 0; i < n; i++) {
		struct shaped *line = arena_alloc(d->a, sizeof *line, e);

		if (line == NULL || !shape(d, c[i], line, e))
			return false;
		paper_open(p, &(struct paper_element){ .role = PAPER_P });
		paper_text(p, &(struct paper_text){ .line = line,
						    .size_pt = 20,
						    .x = 15 + 18.0 * (double)(i % PER_ROW),
						    .y = 25 + 13.0 * (double)(i / PER_ROW),
						    .ink = PAPER_BLACK });
		paper_close(p);
	}
	return true;
}

static bool file(struct desk *d, struct paper *p, const uint32_t *c, size_t n, struct buf *pdf,
		 struct err *e)
{
	const struct paper_info info = { .title = STR("GB 18030-2022"),
					 .language = STR("zh-Hans"),
					 .creator = STR("level3"),
					 .created_unix = 1795363200 };

	if (!paper_begin(p, &info, e))
		return false;
	for (size_t i = 0; i < n; i += PER_PAGE)
		if (!page(d, p, c + i, n - i < PER_PAGE ? n - i : PER_PAGE, e))
			return false;
	return paper_end(p, pdf, e);
}

static bool draw(struct desk *d, const char *folder, struct err *e)
{
	static uint32_t c[PER_FILE];
	struct paper *p = paper_new(d->shaper);
	struct buf pdf = buf_empty(PDF_MAX);
	uint32_t next = ranges[0][0];
	size_t range = 0, n;
	bool ok = p != NULL || err_memory(e, "a paper");

	for (unsigned number = 0; ok && (n = take(&range, &next, c, PER_FILE)) > 0; number++) {
		char name[16];

		snprintf(name, sizeof name, "%02u.pdf", number);
		arena_reset(d->a);
		buf_clear(&pdf);
		ok = file(d, p, c, n, &pdf, e) && io_replace(folder, name, buf_view(&pdf), 0644, e);
	}
	buf_free(&pdf);
	paper_free(p);
	return ok;
}

static bool desk_open(struct desk *d, struct err *e)
{
	*d = (struct desk){ 0 };
	if (!fonts_open("fonts/fonts.json", &d->fonts, e))
		return false;
	d->shaper = shaper_new(d->fonts);
	d->a = arena_new(256u << 20);
	d->subsets = calloc(d->fonts->face_count, sizeof *d->subsets);
	return (d->shaper != NULL && d->a != NULL && d->subsets != NULL) || err_memory(e, "a desk");
}

static void desk_close(struct desk *d)
{
	for (size_t i = 0; d->subsets != NULL && i < d->fonts->face_count; i++)
		subset_free(d->subsets[i]);
	free(d->subsets);
	arena_free(d->a);
	shaper_free(d->shaper);
	fonts_free(d->fonts);
}

int main(int argc, char **argv)
{
	struct desk d;
	struct err e = { 0 };
	char words[1024];
	bool ok = desk_open(&d, &e);

	if (ok && argc == 1) {
		every_hanzi(&d);
		every_other(&d);
		ok = d.failed == 0;
	} else if (ok) {
		ok = draw(&d, argv[1], &e);
	}
	if (!ok && argc != 1)
		fprintf(stderr, "level3: %s\n", err_text(&e, words, sizeof words));
	desk_close(&d);
	return ok ? 0 : 1;
}
