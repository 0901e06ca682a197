/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/art.h"

#include <math.h>
#include <stdlib.h>
#include <zlib.h>

#include "check.h"

enum { ARENA_MAX = 1 << 24, PDF_MAX = 4 << 20, OPS_MAX = 1 << 16 };

struct bench {
	struct fonts *fonts;
	struct shaper *shaper;
	struct paper *paper;
	struct arena *arena;
	struct art_pen *pen;
	struct buf pdf;
	struct err e;
};

static bool bench_open(struct bench *b)
{
	*b = (struct bench){ .pdf = buf_empty(PDF_MAX), .arena = arena_new(ARENA_MAX) };
	if (!OK(fonts_open("fonts/fonts.json", &b->fonts, &b->e), b->e))
		return false;
	b->shaper = shaper_new(b->fonts);
	b->pen = art_pen_new();
	if (b->shaper != NULL)
		b->paper = paper_new(b->shaper);
	return CHECK(b->paper != NULL && b->arena != NULL && b->pen != NULL);
}

static void bench_close(struct bench *b)
{
	art_pen_free(b->pen);
	paper_free(b->paper);
	shaper_free(b->shaper);
	fonts_free(b->fonts);
	arena_free(b->arena);
	buf_free(&b->pdf);
}

static const struct art *square(struct bench *b)
{
	const struct art *art = NULL;

	art_begin(b->pen);
	art_move(b->pen, 0, 0);
	art_line(b->pen, 10, 0);
	art_line(b->pen, 10, 10);
	art_close(b->pen);
	art_stroke(b->pen, 0.5);
	OK(art_end(b->pen, b->arena, &art, &b->e), b->e);
	return art;
}

/* The same art `times` times, turned, as one. */
static const struct art *wheel(struct bench *b, const struct art *part, int times)
{
	const struct art *art = NULL;

	art_begin(b->pen);
	for (int i = 0; i < times; i++) {
		struct art_matrix m = art_turn(i * 2 * acos(-1) / times, 0, 0);

		art_put(b->pen, part, &m);
	}
	OK(art_end(b->pen, b->arena, &art, &b->e), b->e);
	return art;
}

static bool page(struct bench *b, const struct art *const *arts, size_t count)
{
	const struct paper_info info = { .title = STR("art"), .language = STR("en") };
	struct art_matrix m = art_turn(0, 50, 60);

	buf_clear(&b->pdf);
	b->e = (struct err){ 0 };
	if (!paper_begin(b->paper, &info, &b->e))
		return false;
	paper_page(b->paper, 210, 297);
	paper_open(b->paper, &(struct paper_element){ .role = PAPER_ARTIFACT });
	for (size_t i = 0; i < count; i++)
		paper_art(b->paper, arts[i], &m, PAPER_BLACK);
	paper_close(b->paper);
	return paper_end(b->paper, &b->pdf, &b->e);
}

static size_t times(const struct buf *in, const char *what)
{
	size_t n = 0, at = 0;

	while ((at = str_find(buf_view(in), str_of(what), at)) != SIZE_MAX) {
		n++;
		at++;
	}
	return n;
}

static struct str unpacked(const struct art *art, char *out)
{
	uLongf n = OPS_MAX;

	EQ_INT(uncompress((Bytef *)out, &n, (const Bytef *)art->stream.p, art->stream.n), Z_OK);
	return (struct str){ out, n };
}

TEST(too_much_of_anything_is_an_error_not_half_a_drawing)
{
	struct bench b;
	const struct art *art, *part, *many[ART_PARTS_MAX + 1];
	const struct art_matrix m = art_turn(0, 0, 0);

	if (!bench_open(&b))
		return;
	part = square(&b);
	for (int depth = 2; depth <= ART_DEPTH_MAX; depth++)
		part = wheel(&b, part, 1);
	art_begin(b.pen);
	art_put(b.pen, part, &m);
	CHECK(!art_end(b.pen, b.arena, &art, &b.e));
	for (int i = 0; i <= ART_PARTS_MAX; i++)
		many[i] = square(&b);
	art_begin(b.pen);
	for (int i = 0; i <= ART_PARTS_MAX; i++)
		art_put(b.pen, many[i], &m);
	CHECK(!art_end(b.pen, b.arena, &art, &b.e));
	art_begin(b.pen);
	art_move(b.pen, 1e9, 0);
	CHECK(!art_end(b.pen, b.arena, &art, &b.e));
	art_begin(b.pen);
	for (int i = 0; i < ART_BYTES_MAX / 8 + 1; i++)
		art_line(b.pen, 1234, 5678);
	CHECK(!art_end(b.pen, b.arena, &art, &b.e));
	/* And the pen is as good as new. */
	CHECK(square(&b) != NULL);
	bench_close(&b);
}

TEST(the_box_holds_lines_with_their_width_and_parts_as_they_are_turned)
{
	static const double reach = 10.25;
	struct bench b;
	const struct art *art;

	if (!bench_open(&b))
		return;
	art = square(&b);
	CHECK(art->box.left == -0.25 && art->box.top == -0.25 && art->box.right == reach &&
	      art->box.bottom == reach);
	art = wheel(&b, art, 4);
	CHECK(fabs(art->box.left + reach) < 1e-9 && fabs(art->box.top + reach) < 1e-9 &&
	      fabs(art->box.right - reach) < 1e-9 && fabs(art->box.bottom - reach) < 1e-9);
	EQ_INT(art->depth, 2);
	EQ_INT(art->part_count, 1);
	bench_close(&b);
}

TEST(operators_are_those_of_pdf_in_millimetres)
{
	struct bench b;
	const struct art *art;
	char ops[OPS_MAX];

	if (!bench_open(&b))
		return;
	EQ_STR(unpacked(square(&b), ops), STR("1 j\n0 0 m\n10 0 l\n10 10 l\nh\n0.5 w S\n"));
	art = wheel(&b, square(&b), 3);
	EQ_STR(unpacked(art, ops), STR("1 j\nq 1 0 0 1 0 0 cm\n/P0 Do Q\n"
				       "q -0.5 0.866025 -0.866025 -0.5 0 0 cm\n/P0 Do Q\n"
				       "q -0.5 -0.866025 0.866025 -0.5 0 0 cm\n/P0 Do Q\n"));
	bench_close(&b);
}

TEST(a_document_holds_art_once_however_often_it_stands_there)
{
	struct bench b;
	const struct art *arts[3];

	if (!bench_open(&b))
		return;
	arts[0] = wheel(&b, square(&b), 12);
	arts[1] = arts[0];
	arts[2] = arts[0]->parts[0];
	if (OK(page(&b, arts, 3), b.e)) {
		EQ_INT(times(&b.pdf, "/Subtype /Form"), 2);
		EQ_INT(times(&b.pdf, "/Resources <</XObject <</P0 "), 1);
		/* Byte for byte. */
		CHECK(str_find(buf_view(&b.pdf), arts[0]->stream, 0) != SIZE_MAX);
		CHECK(str_find(buf_view(&b.pdf), arts[2]->stream, 0) != SIZE_MAX);
	}
	if (OK(page(&b, arts + 2, 1), b.e))
		EQ_INT(times(&b.pdf, "/Subtype /Form"), 1);
	if (OK(page(&b, arts, 0), b.e))
		EQ_INT(times(&b.pdf, "/Subtype /Form"), 0);
	bench_close(&b);
}

TEST(more_art_than_a_document_holds_is_an_error)
{
	enum { MANY = 65 };
	const struct art *arts[MANY];
	struct bench b;

	if (!bench_open(&b))
		return;
	for (size_t i = 0; i < MANY; i++)
		arts[i] = square(&b);
	CHECK(!page(&b, arts, MANY));
	EQ_INT(b.pdf.n, 0);
	OK(page(&b, arts, MANY - 1), b.e);
	bench_close(&b);
}

TEST(other_art_is_another_document)
{
	struct bench b;
	const struct art *one, *other;
	struct buf first = buf_empty(PDF_MAX);

	if (!bench_open(&b))
		return;
	one = square(&b);
	other = square(&b);
	CHECK(memcmp(one->hash, other->hash, SHA256_SIZE) == 0);
	OK(page(&b, &one, 1), b.e);
	buf_str(&first, buf_view(&b.pdf));
	OK(page(&b, &other, 1), b.e);
	CHECK(str_eq(buf_view(&first), buf_view(&b.pdf)));
	one = wheel(&b, one, 5);
	other = wheel(&b, other, 7);
	CHECK(memcmp(one->hash, other->hash, SHA256_SIZE) != 0);
	buf_free(&first);
	bench_close(&b);
}

TEST(matrices_do_one_after_the_other)
{
	const struct art_matrix turn = art_turn(acos(-1) / 2, 0, 0);
	const struct art_matrix both = art_both(turn, art_turn(0, 10, 20));
	double x = 1, y = 0;

	/* A quarter clockwise on a page whose y runs down: from the right to the bottom. */
	art_point(&both, &x, &y);
	CHECK(fabs(x - 10) < 1e-12 && fabs(y - 21) < 1e-12);
}
