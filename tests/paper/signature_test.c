/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/signature.h"

#include <stdio.h>

#include "check.h"
#include "paper/art.h"

enum { PDF_MAX = 4 << 20, HOLE = 300 };

struct bench {
	struct fonts *fonts;
	struct shaper *shaper;
	struct paper *paper;
	struct arena *arena;
	const struct art *art;
	struct buf pdf;
	struct err e;
};

static bool star(struct bench *b)
{
	struct art_pen *pen = art_pen_new();
	bool ok;

	if (!CHECK(pen != NULL))
		return false;
	art_begin(pen);
	art_circle(pen, 0, 0, 20);
	art_stroke(pen, 1);
	ok = OK(art_end(pen, b->arena, &b->art, &b->e), b->e);
	art_pen_free(pen);
	return ok;
}

static bool bench_open(struct bench *b)
{
	*b = (struct bench){ .pdf = buf_empty(PDF_MAX) };
	if (!OK(fonts_open("fonts/fonts.json", &b->fonts, &b->e), b->e))
		return false;
	b->shaper = shaper_new(b->fonts);
	b->arena = arena_new(1 << 24);
	if (b->shaper != NULL)
		b->paper = paper_new(b->shaper);
	return CHECK(b->paper != NULL && b->arena != NULL) && star(b);
}

static void bench_close(struct bench *b)
{
	paper_free(b->paper);
	shaper_free(b->shaper);
	fonts_free(b->fonts);
	arena_free(b->arena);
	buf_free(&b->pdf);
}

static const struct signature plain = { .name = { "示范", 6 }, .hole = HOLE };

/* A page with so many fields. */
static bool draw(struct bench *b, const struct signature *s, int fields)
{
	const struct paper_info info = { .title = STR("t"),
					 .language = STR("en"),
					 .creator = STR("test"),
					 .created_unix = 1795363200,
					 .utc_offset_min = 480,
					 .signature = s };
	const struct art_matrix at = { 1, 0, 0, 1, 100, 100 };
	const struct paper_box box = { 80, 80, 120, 120 };

	buf_clear(&b->pdf);
	buf_c(&b->pdf, "before ");
	if (!paper_begin(b->paper, &info, &b->e))
		return false;
	paper_page(b->paper, 210, 297);
	for (int i = 0; i < fields; i++) {
		paper_open(b->paper, &(struct paper_element){ .role = PAPER_FORM,
							      .alt = STR("a seal"),
							      .box = box });
		paper_field(b->paper,
			    &(struct paper_field){ .art = b->art,
						   .at = &at,
						   .ink = { .r = 0xBF, .g = 0x12, .b = 0x19 },
						   .box = box,
						   .label = STR("a seal") });
		paper_close(b->paper);
	}
	return paper_end(b->paper, &b->pdf, &b->e);
}

static struct str file_of(const struct bench *b)
{
	return str_skip(buf_view(&b->pdf), strlen("before "));
}

static bool holds(const struct bench *b, const char *what)
{
	return str_find(buf_view(&b->pdf), str_of(what), 0) != SIZE_MAX;
}

TEST(a_seal_without_a_place_and_a_place_without_a_seal_are_refused)
{
	struct bench b;

	if (!bench_open(&b))
		return;
	CHECK(!draw(&b, &plain, 0));
	EQ_C(b.e.code, "SEAL-NO-FIELD");
	EQ_INT(b.pdf.n, strlen("before "));
	b.e = (struct err){ 0 };
	CHECK(!draw(&b, NULL, 1));
	EQ_INT(b.e.kind, ERR_SYSTEM);
	CHECK(!draw(&b, &plain, 3));
	EQ_INT(b.e.kind, ERR_SYSTEM);
	OK(draw(&b, &plain, 1), b.e);
	bench_close(&b);
}

TEST(a_signature_no_document_can_hold_is_refused)
{
	static const struct str empty[] = { { "", 0 } };
	static const struct str many[SIGNATURE_PARTS_MAX + 1] = { { "x", 1 } };
	const struct signature wrong[] = {
		{ .name = STR("x"), .hole = SIGNATURE_HOLE_MIN - 1 },
		{ .name = STR("x"), .hole = SIGNATURE_HOLE_MAX + 1 },
		{ .hole = HOLE },
		{ .name = STR("x"), .hole = HOLE, .evidence = { .ocsps = empty, .ocsp_count = 1 } },
		{ .name = STR("x"),
		  .hole = HOLE,
		  .evidence = { .crls = many, .crl_count = SIGNATURE_PARTS_MAX + 1 } },
	};
	struct bench b;

	if (!bench_open(&b))
		return;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		CHECK(!draw(&b, &wrong[i], 1));
		EQ_INT(b.e.kind, ERR_SYSTEM);
	}
	bench_close(&b);
}

TEST(the_ranges_cover_all_of_the_file_but_the_hole)
{
	struct signature_space space;
	struct bench b;
	struct str pdf;
	char range[80];

	if (!bench_open(&b) || !OK(draw(&b, &plain, 1), b.e))
		return;
	space = paper_space(b.paper);
	pdf = file_of(&b);
	EQ_INT(space.length, pdf.n);
	EQ_INT(space.behind - space.hole, 2 * HOLE + 2);
	EQ_INT(pdf.p[space.hole], '<');
	EQ_INT(pdf.p[space.behind - 1], '>');
	EQ_STR(((struct str){ pdf.p + space.hole - 10, 10 }), STR("/Contents "));
	for (size_t i = space.hole + 1; i < space.behind - 1; i++) {
		if (pdf.p[i] != '0' && !CHECK(pdf.p[i] == '0'))
			break;
	}
	snprintf(range, sizeof range, "/ByteRange [0 %zu %zu %zu] ", space.hole, space.behind,
		 space.length - space.behind);
	CHECK(holds(&b, range));
	CHECK(holds(&b, "/P 1>>>>]"));
	CHECK(!paper_second(b.paper));
	bench_close(&b);
}

TEST(a_second_field_leaves_the_first_seal_room_for_it)
{
	struct bench b;

	if (!bench_open(&b) || !OK(draw(&b, &plain, 2), b.e))
		return;
	CHECK(paper_second(b.paper));
	CHECK(holds(&b, "/P 2>>>>]"));
	CHECK(holds(&b, "/T (Seal2)"));
	CHECK(holds(&b, "/Action /All /P 1"));
	bench_close(&b);
}

TEST(a_cms_fills_its_hole_and_one_too_large_changes_nothing)
{
	static const char bytes[HOLE + 1] = { 0x30, 0x7f, (char)0xab };
	struct buf before = buf_empty(PDF_MAX);
	struct signature_space space;
	struct bench b;
	char *pdf;

	if (!bench_open(&b) || !OK(draw(&b, &plain, 1), b.e))
		return;
	space = paper_space(b.paper);
	buf_str(&before, file_of(&b));
	pdf = b.pdf.p + strlen("before ");
	CHECK(!signature_fill(pdf, &space, str_bytes(bytes, HOLE + 1), &b.e));
	EQ_C(b.e.code, "SEAL-HOLE");
	EQ_STR(file_of(&b), buf_view(&before));
	OK(signature_fill(pdf, &space, str_bytes(bytes, HOLE), &b.e), b.e);
	CHECK(holds(&b, "/Contents <307fab00"));
	OK(signature_fill(pdf, &space, str_bytes(bytes, 1), &b.e), b.e);
	CHECK(holds(&b, "/Contents <300000"));
	buf_free(&before);
	bench_close(&b);
}

TEST(the_digest_is_of_the_ranges)
{
	struct signature_space space = { 2, 4, 7 };
	unsigned char got[SHA256_SIZE], want[SHA256_SIZE];
	struct sha256 *h = sha256_new();

	if (!CHECK(h != NULL))
		return;
	signature_digest(h, STR("ab<>cde"), &space, got);
	sha256_of(STR("abcde"), want);
	EQ_BYTES(got, want, sizeof got);
	sha256_free(h);
}

TEST(the_same_seal_gives_the_same_bytes_and_other_evidence_another_identifier)
{
	static const struct str certs[] = { { "cert", 4 } };
	struct signature with = plain;
	struct buf first = buf_empty(PDF_MAX);
	struct bench b;
	size_t id;

	with.evidence = (struct signature_evidence){ .certs = certs, .cert_count = 1 };
	if (!bench_open(&b) || !OK(draw(&b, &plain, 1), b.e))
		return;
	buf_str(&first, buf_view(&b.pdf));
	OK(draw(&b, &with, 2), b.e);
	CHECK(holds(&b, "/DSS "));
	CHECK(holds(&b, "stream\r\ncert\nendstream"));
	id = str_find(buf_view(&b.pdf), STR("/ID"), 0);
	if (CHECK(id != SIZE_MAX && id + 40 < b.pdf.n))
		CHECK(str_find(buf_view(&first), (struct str){ b.pdf.p + id, 40 }, 0) == SIZE_MAX);
	OK(draw(&b, &plain, 1), b.e);
	EQ_STR(buf_view(&b.pdf), buf_view(&first));
	buf_free(&first);
	bench_close(&b);
}

TEST(memory_that_runs_out_anywhere_is_an_error)
{
	struct bench b;
	size_t n = 1;

	if (!bench_open(&b))
		return;
	for (; n < 5000; n++) {
		bool ok;

		check_fail_alloc(n);
		ok = draw(&b, &plain, 2);
		check_fail_alloc(0);
		if (ok)
			break;
		CHECK(b.e.kind == ERR_SYSTEM);
	}
	CHECK(n > 10 && n < 5000);
	bench_close(&b);
}
