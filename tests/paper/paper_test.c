/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/paper.h"

#include "check.h"
#include "paper/srgb.h"

enum { PDF_MAX = 4 << 20 };

struct bench {
	struct fonts *fonts;
	struct shaper *shaper;
	struct paper *paper;
	struct arena *arena;
	struct buf pdf;
	struct err e;
};

static bool bench_open(struct bench *b)
{
	*b = (struct bench){ .pdf = buf_empty(PDF_MAX) };
	if (!OK(fonts_open("fonts/fonts.json", &b->fonts, &b->e), b->e))
		return false;
	b->shaper = shaper_new(b->fonts);
	b->arena = arena_new(1 << 24);
	if (b->shaper != NULL)
		b->paper = paper_new(b->shaper);
	return CHECK(b->paper != NULL && b->arena != NULL);
}

static void bench_close(struct bench *b)
{
	paper_free(b->paper);
	shaper_free(b->shaper);
	fonts_free(b->fonts);
	arena_free(b->arena);
	buf_free(&b->pdf);
}

static const struct paper_info plain = { .title = { "证书 𬱖", 11 },
					 .language = { "zh-Hans", 7 },
					 .creator = { "test", 4 },
					 .token = { "123456789", 9 },
					 .attachment = { "{}", 2 },
					 .created_unix = 1795363200,
					 .utc_offset_min = 480 };

static void text(struct bench *b, const char *role, struct str words, double y)
{
	struct text_style style = { .role = role,
				    .language = "zh-Hans",
				    .features = "lnum,kern,liga" };
	struct shaped *line = arena_alloc(b->arena, sizeof *line, &b->e);

	if (!CHECK(line != NULL) ||
	    !OK(shape_line(b->shaper, b->arena, &style, words, line, &b->e), b->e))
		return;
	paper_open(b->paper, &(struct paper_element){ .role = PAPER_P });
	paper_text(b->paper,
		   &(struct paper_text){
			   .line = line, .size_pt = 12, .x = 30, .y = y, .ink = PAPER_BLACK });
	paper_close(b->paper);
}

/* A page with the given words; the whole file in b->pdf. */
static bool draw(struct bench *b, struct str words)
{
	buf_clear(&b->pdf);
	if (!paper_begin(b->paper, &plain, &b->e))
		return false;
	paper_page(b->paper, 210, 297);
	text(b, "song", words, 50);
	text(b, "latin", STR("office AVATAR"), 60);
	return paper_end(b->paper, &b->pdf, &b->e);
}

static bool holds(const struct buf *pdf, struct str what)
{
	return str_find(buf_view(pdf), what, 0) != SIZE_MAX;
}

TEST(misuse_is_an_error_and_the_next_document_is_right)
{
	static const struct paper_element artifact = { .role = PAPER_ARTIFACT };
	static const struct paper_element paragraph = { .role = PAPER_P };
	struct bench b;
	struct buf good = buf_empty(PDF_MAX);

	if (!bench_open(&b))
		return;
	OK(draw(&b, STR("吕绿")), b.e);
	buf_str(&good, buf_view(&b.pdf));
	for (int misuse = 0; misuse < 7; misuse++) {
		struct paper_bitmap bitmap = { 8, 2, STR("x"), false };

		buf_clear(&b.pdf);
		OK(paper_begin(b.paper, &plain, &b.e), b.e);
		if (misuse != 0 && misuse != 1)
			paper_page(b.paper, 210, 297);
		switch (misuse) {
		case 0: /* no page */
			break;
		case 1: /* drawing before the page */
			paper_fill(b.paper, (struct paper_box){ 0, 0, 1, 1 }, PAPER_BLACK);
			break;
		case 2: /* open for ever */
			paper_open(b.paper, &paragraph);
			break;
		case 3: /* closed too often */
			paper_close(b.paper);
			paper_close(b.paper);
			break;
		case 4: /* an artifact means nothing, so nothing stands in it */
			paper_open(b.paper, &artifact);
			paper_open(b.paper, &paragraph);
			paper_close(b.paper);
			paper_close(b.paper);
			break;
		case 5: /* one row for two */
			paper_bitmap(b.paper, &bitmap, (struct paper_box){ 0, 0, 9, 9 });
			break;
		case 6:
			for (int i = 0; i < 64; i++)
				paper_open(b.paper, &paragraph);
			for (int i = 0; i < 64; i++)
				paper_close(b.paper);
			break;
		}
		CHECK(!paper_end(b.paper, &b.pdf, &b.e));
		EQ_INT(b.pdf.n, 0);
		EQ_INT(b.e.kind, ERR_SYSTEM);
		OK(draw(&b, STR("吕绿")), b.e);
		EQ_STR(buf_view(&b.pdf), buf_view(&good));
	}
	buf_free(&good);
	bench_close(&b);
}

TEST(a_file_over_its_cap_is_an_error)
{
	struct bench b;

	if (!bench_open(&b))
		return;
	buf_free(&b.pdf);
	b.pdf = buf_empty(4096);
	CHECK(!draw(&b, STR("吕绿")));
	EQ_INT(b.pdf.n, 0);
	bench_close(&b);
}

TEST(bytes_do_not_depend_on_what_was_drawn_before)
{
	struct bench a, b;
	struct buf first = buf_empty(PDF_MAX);

	if (!bench_open(&a) || !bench_open(&b))
		return;
	OK(draw(&a, STR("刘𫄧䶮")), a.e);
	buf_str(&first, buf_view(&a.pdf));
	OK(draw(&b, STR("王𤧛 Nguyễn")), b.e);
	OK(draw(&b, STR("阿卜杜热合曼·吐尔逊")), b.e);
	OK(draw(&b, STR("刘𫄧䶮")), b.e);
	EQ_STR(buf_view(&b.pdf), buf_view(&first));
	OK(draw(&b, STR("刘𫄧")), b.e);
	CHECK(!str_eq(buf_view(&b.pdf), buf_view(&first)));
	buf_free(&first);
	bench_close(&a);
	bench_close(&b);
}

TEST(the_file_says_what_it_is)
{
	static const char *const parts[] = { "/Type /Catalog",
					     "/Lang <FEFF007A0068002D00480061006E0073>",
					     "/MarkInfo <</Marked true>>",
					     "/StructTreeRoot ",
					     "/DisplayDocTitle true",
					     "/S /GTS_PDFA1",
					     "/AFRelationship /Data",
					     "/Subtype /application#2Fjson",
					     "/Tabs /S",
					     "/Subtype /CIDFontType0C",
					     "/CIDToGIDMap /Identity",
					     "<pdfaid:conformance>A</pdfaid:conformance>",
					     "<hufu:token>123456789</hufu:token>",
					     "/CreationDate (D:20261123000000+08'00')",
					     "/Title <FEFF8BC14E660020D873DC56>",
					     "/Producer <FEFF0048007500660075>",
					     "/ID [" };
	struct bench b;

	if (!bench_open(&b))
		return;
	OK(draw(&b, STR("吕绿")), b.e);
	CHECK(str_starts(buf_view(&b.pdf), STR("%PDF-1.7\n")));
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		check_that(holds(&b.pdf, str_of(parts[i])), __FILE__, __LINE__, parts[i]);
	CHECK(!holds(&b.pdf, STR("Haru")));
	bench_close(&b);
}

static bool draw_shaped(struct bench *b, const struct shaped *line)
{
	if (!paper_begin(b->paper, &plain, &b->e))
		return false;
	paper_page(b->paper, 210, 297);
	paper_open(b->paper, &(struct paper_element){ .role = PAPER_P });
	paper_text(b->paper, &(struct paper_text){ .line = line, .size_pt = 12, .x = 30, .y = 50 });
	paper_close(b->paper);
	return paper_end(b->paper, &b->pdf, &b->e);
}

/* Ours and libharu's: the paper hands it an allocator of ours. */
TEST(every_allocation_may_fail)
{
	struct text_style style = { .role = "song", .language = "zh-Hans" };
	struct buf good = buf_empty(PDF_MAX);
	size_t seen, failed = 0;
	struct shaped line;
	struct bench b;

	if (!bench_open(&b) ||
	    !OK(shape_line(b.shaper, b.arena, &style, STR("吕绿 office"), &line, &b.e), b.e))
		return;
	OK(draw_shaped(&b, &line), b.e);
	buf_str(&good, buf_view(&b.pdf));
	buf_free(&b.pdf);
	check_fail_alloc(SIZE_MAX);
	OK(draw_shaped(&b, &line), b.e);
	seen = check_alloc_count();
	CHECK(seen > 100);
	for (size_t n = 1; n <= seen; n++) {
		bool ok;

		buf_free(&b.pdf);
		check_fail_alloc(n);
		ok = draw_shaped(&b, &line);
		check_fail_alloc(SIZE_MAX);
		failed += !ok;
		if (ok)
			EQ_STR(buf_view(&b.pdf), buf_view(&good));
		else
			EQ_INT(b.pdf.n, 0);
	}
	CHECK(failed > 0);
	buf_clear(&b.pdf);
	OK(draw_shaped(&b, &line), b.e);
	EQ_STR(buf_view(&b.pdf), buf_view(&good));
	buf_free(&good);
	bench_close(&b);
}

TEST(a_paper_is_made_whole_or_not_at_all)
{
	struct bench b;
	size_t seen;

	if (!bench_open(&b))
		return;
	check_fail_alloc(SIZE_MAX);
	paper_free(paper_new(b.shaper));
	seen = check_alloc_count();
	for (size_t n = 1; n <= seen; n++) {
		check_fail_alloc(n);
		paper_free(paper_new(b.shaper));
	}
	check_fail_alloc(SIZE_MAX);
	bench_close(&b);
}

TEST(the_profile_is_an_icc_profile_of_its_length)
{
	struct str icc = srgb_profile();
	const unsigned char *p = (const unsigned char *)icc.p;

	EQ_INT(icc.n, 480);
	EQ_INT(p[2] << 8 | p[3], 480);
	EQ_STR(((struct str){ icc.p + 36, 4 }), STR("acsp"));
	EQ_STR(((struct str){ icc.p + 16, 4 }), STR("RGB "));
}
