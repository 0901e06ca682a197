/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dump DIR: for each face of fonts.json the program of 500 glyphs (DIR/<PostScript name>.cff or .ttf) and their numbers in
 * the source, a line each in CID order (.gids).  outlines.py draws both.
 */
#include <stdio.h>

#include "base/io.h"
#include "font/face.h"
#include "font/fonts_inner.h"

enum { DUMPED = 500 };

/* The programs of evenly spread glyphs, their numbers into *gids. */
static bool make(struct shaper *shaper, const struct face *f, struct buf *program, struct buf *gids,
		 struct err *e)
{
	struct subset *s = subset_new(f);
	uint32_t step = f->glyphs / DUMPED, c;
	bool ok = s != NULL || err_memory(e, "a subset");

	for (uint32_t i = 0; ok && i < DUMPED; i++) {
		struct glyph g = { .gid = 1 + i * step, .unicode = &c, .unicode_count = 1 };

		c = 0x4E00 + i;
		buf_printf(gids, "%u\n", g.gid);
		ok = subset_add(s, &g, e) != 0;
	}
	ok = ok && subset_program(s, shaper, program, e) && buf_ok(gids, "a list", e);
	subset_free(s);
	return ok;
}

static bool dump(struct shaper *shaper, const struct face *f, const char *dir, struct err *e)
{
	struct buf program = buf_empty(16u << 20), gids = buf_empty(1 << 16);
	char name[160];
	bool ok = make(shaper, f, &program, &gids, e);

	snprintf(name, sizeof name, "%s.%s", f->postscript, f->metrics.cff ? "cff" : "ttf");
	ok = ok && io_replace(dir, name, buf_view(&program), 0644, e);
	snprintf(name, sizeof name, "%s.gids", f->postscript);
	ok = ok && io_replace(dir, name, buf_view(&gids), 0644, e);
	buf_free(&program);
	buf_free(&gids);
	return ok;
}

int main(int argc, char **argv)
{
	struct fonts *fonts = NULL;
	struct shaper *shaper = NULL;
	struct err e = { 0 };
	char words[1024];
	bool ok;

	if (argc != 2)
		return 2;
	ok = fonts_open("fonts/fonts.json", &fonts, &e);
	if (ok) {
		shaper = shaper_new(fonts);
		ok = shaper != NULL || err_memory(&e, "a shaper");
	}
	for (size_t i = 0; ok && i < fonts->face_count; i++)
		ok = dump(shaper, fonts->faces[i], argv[1], &e);
	if (!ok)
		fprintf(stderr, "dump: %s\n", err_text(&e, words, sizeof words));
	shaper_free(shaper);
	fonts_free(fonts);
	return ok ? 0 : 3;
}
