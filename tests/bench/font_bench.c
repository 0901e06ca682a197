/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What shaping and font programs cost a document: font_bench [ROUNDS] prints µs of CPU, caches warm.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "font/face.h"
#include "font/fonts_inner.h"

enum { LINES = 8 };

struct bench {
	struct fonts *fonts;
	struct shaper *shaper;
	struct arena *a;
	struct subset *subsets[FACES_MAX];
	struct buf program;
	size_t programs, bytes;
};

static void stop(const struct err *e)
{
	char words[1024];

	fprintf(stderr, "font_bench: %s\n", err_text(e, words, sizeof words));
	exit(3);
}

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* What a certificate says of its member: the lines only this document has. */
static const struct {
	struct text_style style;
	const char *text[2]; /* two members, so that caches see more than one */
} lines[LINES] = {
	{ { "song-medium", "zh-Hans", "lnum,kern,liga", true, 80, false },
	  { "欧阳明远", "刘𫄧䶮" } },
	{ { "song", "zh-Hans", "lnum,kern,liga", false, 0, false }, { "男", "女" } },
	{ { "song", "zh-Hans", "lnum,kern,liga", false, 0, false },
	  { "示范省注册会计师协会", "示范市注册会计师协会" } },
	{ { "song", "zh-Hans", "lnum,kern,liga", false, 0, false },
	  { "2020年2月29日", "2011年12月3日" } },
	{ { "song", "zh-Hans", "lnum,kern,liga", false, 0, false },
	  { "2026年11月23日", "2026年11月23日" } },
	{ { "latin", "en", "lnum,kern,liga", true, 0, false },
	  { "OUYANG Mingyuan", "Siobhán O’Brien-Nguyễn" } },
	{ { "mono", "en", NULL, false, 0, false }, { "110100320045", "310000190377" } },
	{ { "mono", "en", NULL, false, 0, false },
	  { "7K3M-Q9TX-0V2B-HN5D", "2RRA-4W7E-X1PC-9ZQ6" } },
};

static void shape(struct bench *b, size_t member, struct shaped out[LINES])
{
	struct err e = { 0 };

	arena_reset(b->a);
	for (size_t i = 0; i < LINES; i++)
		if (!shape_line(b->shaper, b->a, &lines[i].style, str_of(lines[i].text[member]),
				&out[i], &e))
			stop(&e);
}

static void use(struct bench *b, const struct shaped *line)
{
	struct err e = { 0 };

	for (size_t r = 0; r < line->count; r++) {
		const struct glyph_run *run = &line->runs[r];
		struct subset **s = &b->subsets[run->face->number];

		if (*s == NULL)
			*s = subset_new(run->face);
		for (size_t i = 0; *s != NULL && i < run->count; i++)
			if (subset_add(*s, &run->glyphs[i], &e) == 0)
				stop(&e);
	}
}

static void build(struct bench *b, const struct shaped *document)
{
	struct err e = { 0 };

	for (size_t i = 0; i < b->fonts->face_count; i++)
		if (b->subsets[i] != NULL)
			subset_clear(b->subsets[i]);
	for (size_t i = 0; i < LINES; i++)
		use(b, &document[i]);
	b->programs = b->bytes = 0;
	for (size_t i = 0; i < b->fonts->face_count; i++) {
		if (b->subsets[i] == NULL || subset_count(b->subsets[i]) < 2)
			continue;
		buf_clear(&b->program);
		if (!subset_program(b->subsets[i], b->shaper, &b->program, &e))
			stop(&e);
		b->programs++;
		b->bytes += b->program.n;
	}
}

static void measure(struct bench *b, unsigned long rounds)
{
	struct shaped documents[2][LINES];
	double start;

	for (size_t m = 0; m < 2; m++) {
		shape(b, m, documents[m]);
		build(b, documents[m]);
	}
	start = cpu_us();
	for (unsigned long i = 0; i < rounds; i++)
		shape(b, i % 2, documents[0]);
	printf("shape    %8.1f us a document (%d lines)\n", (cpu_us() - start) / (double)rounds,
	       LINES);
	shape(b, 0, documents[0]);
	start = cpu_us();
	for (unsigned long i = 0; i < rounds; i++)
		build(b, documents[0]);
	printf("programs %8.1f us a document (%zu programs, %zu bytes)\n",
	       (cpu_us() - start) / (double)rounds, b->programs, b->bytes);
}

int main(int argc, char **argv)
{
	struct bench b = { .program = buf_empty(64u << 20) };
	struct err e = { 0 };
	double start = cpu_us();

	if (!fonts_open("fonts/fonts.json", &b.fonts, &e))
		stop(&e);
	printf("open     %8.1f us (%zu faces)\n", cpu_us() - start, b.fonts->face_count);
	b.shaper = shaper_new(b.fonts);
	b.a = arena_new(16u << 20);
	if (b.shaper == NULL || b.a == NULL)
		return 3;
	measure(&b, argc > 1 ? strtoul(argv[1], NULL, 10) : 20000);
	for (size_t i = 0; i < FACES_MAX; i++)
		subset_free(b.subsets[i]);
	buf_free(&b.program);
	arena_free(b.a);
	shaper_free(b.shaper);
	fonts_free(b.fonts);
	return 0;
}
