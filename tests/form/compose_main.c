/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets running text for running.py: compose FOLDER reads lines "<width in mm> <language> <hang 0|1> <text>" and writes
 * what became of each: "refused CODE", or "lines N" and N lines "<width> <hang> <text>".  The lines are drawn as well,
 * a page a text, from 20 mm on: FOLDER/0000.pdf …, PAGES texts each.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "form/compose.h"

enum { LINE_BYTES = 1 << 16, PAGES = 50, PDF_MAX = 16 << 20 };

struct studio {
	struct fonts *fonts;
	struct shaper *shaper;
	struct paper *paper;
	struct arena *arena;
	struct text_breaker *zh, *en;
	const char *folder;
	int pages, files; /* of the open document; documents written */
};

static void page_draw(struct studio *s, const struct composed *text)
{
	paper_page(s->paper, 210, 600);
	paper_open(s->paper, &(struct paper_element){ .role = PAPER_P });
	for (size_t i = 0; i < text->count; i++) {
		for (size_t k = 0; k < text->lines[i].count; k++) {
			const struct composed_piece *piece = &text->lines[i].pieces[k];
			const struct paper_text t = { .line = &piece->line,
						      .size_pt = piece->size_pt,
						      .x = 20 + piece->x,
						      .y = 20 + (double)i * 6,
						      .ink = PAPER_BLACK };

			paper_text(s->paper, &t);
		}
	}
	paper_close(s->paper);
}

static bool document_end(struct studio *s, struct err *e)
{
	struct buf pdf = buf_empty(PDF_MAX);
	char name[32];
	bool ok = s->pages == 0 || paper_end(s->paper, &pdf, e);

	snprintf(name, sizeof name, "%04d.pdf", s->files++);
	if (ok && s->pages > 0)
		ok = io_replace(s->folder, name, buf_view(&pdf), 0644, e);
	s->pages = 0;
	buf_free(&pdf);
	return ok;
}

static void char_put(uint32_t c)
{
	if (c < 0x80) {
		putchar((int)c);
		return;
	}
	if (c < 0x800) {
		putchar((int)(0xC0 | c >> 6));
	} else {
		if (c >= 0x10000)
			putchar((int)(0xF0 | c >> 18));
		putchar((int)(c < 0x10000 ? 0xE0 | c >> 12 : 0x80 | (c >> 12 & 63)));
		putchar((int)(0x80 | (c >> 6 & 63)));
	}
	putchar((int)(0x80 | (c & 63)));
}

/* The characters the glyphs stand for. */
static void line_say(const struct composed_line *line)
{
	printf("%.4f %.4f ", line->width, line->hang);
	for (size_t k = 0; k < line->count; k++) {
		const struct shaped *shaped = &line->pieces[k].line;

		for (size_t r = 0; r < shaped->count; r++) {
			const struct glyph_run *run = &shaped->runs[r];

			for (size_t i = 0; i < run->count; i++)
				for (size_t u = 0; u < run->glyphs[i].unicode_count; u++)
					char_put(run->glyphs[i].unicode[u]);
		}
	}
	putchar('\n');
}

static bool text_set(struct studio *s, struct str line, struct err *e)
{
	const struct paper_info info = { .title = STR("Running text"), .language = STR("en") };
	struct style style = { .name = STR("body"), .size_pt = 11 };
	struct compose_order order = { .scale = 1 };
	struct str rest = line, width, language, hang;
	struct composed set;
	struct rich_text text;
	struct setting_tools tools = { .shaper = s->shaper, .arena = s->arena };

	if (!str_split(&rest, ' ', &width) || !str_split(&rest, ' ', &language) ||
	    !str_split(&rest, ' ', &hang))
		return err_system(e, "no order: %.*s", STR_ARG(line));
	order.width = strtod(width.p, NULL);
	style.text.role = "song";
	style.text.language = str_eq(language, STR("zh")) ? "zh-Hans" : "en";
	style.text.features = "lnum,kern,liga";
	style.hang = str_eq(hang, STR("1"));
	tools.breaker = str_eq(language, STR("zh")) ? s->zh : s->en;
	if (!rich_plain(s->arena, rest, &style, STR("fact"), &text, e) ||
	    !compose(&tools, &text, &order, &set, e)) {
		if (e->kind != ERR_INPUT)
			return false;
		printf("refused %s\n", e->code);
		*e = (struct err){ 0 };
		return true;
	}
	printf("lines %zu\n", set.count);
	for (size_t i = 0; i < set.count; i++)
		line_say(&set.lines[i]);
	if (s->pages == 0 && !paper_begin(s->paper, &info, e))
		return false;
	page_draw(s, &set);
	return ++s->pages < PAGES || document_end(s, e);
}

static bool studio_open(struct studio *s, struct err *e)
{
	if (!fonts_open("fonts/fonts.json", &s->fonts, e) || !text_breaker_new("zh", &s->zh, e) ||
	    !text_breaker_new("en", &s->en, e))
		return false;
	s->arena = arena_new(64u << 20);
	s->shaper = shaper_new(s->fonts);
	s->paper = s->shaper != NULL ? paper_new(s->shaper) : NULL;
	return (s->arena != NULL && s->paper != NULL) || err_memory(e, "a studio");
}

int main(int argc, char **argv)
{
	struct studio s = { .folder = argc == 2 ? argv[1] : NULL };
	char line[LINE_BYTES], words[1024];
	struct err e = { 0 };
	bool ok;

	if (argc != 2) {
		fputs("usage: compose FOLDER\n", stderr);
		return 2;
	}
	ok = studio_open(&s, &e);
	while (ok && fgets(line, sizeof line, stdin) != NULL) {
		size_t n = strlen(line);

		arena_reset(s.arena);
		ok = text_set(&s, str_bytes(line, n > 0 && line[n - 1] == '\n' ? n - 1 : n), &e);
	}
	ok = ok && document_end(&s, &e);
	if (!ok)
		fprintf(stderr, "compose: %s\n", err_text(&e, words, sizeof words));
	paper_free(s.paper);
	shaper_free(s.shaper);
	arena_free(s.arena);
	text_breaker_free(s.zh);
	text_breaker_free(s.en);
	fonts_free(s.fonts);
	return !ok;
}
