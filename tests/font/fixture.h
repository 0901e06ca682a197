/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_FONT_FIXTURE_H
#define HUFU_TESTS_FONT_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "base/enc.h"
#include "check.h"
#include "font/shape_inner.h"

/* What every font test needs: the project's fonts, a shaper and an arena. */
struct desk {
	struct fonts *fonts;
	struct shaper *shaper;
	struct arena *a;
};

static inline struct desk desk_open(void)
{
	struct desk d = { 0 };
	struct err e = { 0 };
	char words[1024];

	if (!fonts_open("fonts/fonts.json", &d.fonts, &e)) {
		printf("# %s\n", err_text(&e, words, sizeof words));
		abort();
	}
	d.shaper = shaper_new(d.fonts);
	d.a = arena_new(256u << 20);
	if (d.shaper == NULL || d.a == NULL)
		abort();
	return d;
}

static inline void desk_close(struct desk *d)
{
	shaper_free(d->shaper);
	fonts_free(d->fonts);
	arena_free(d->a);
}

static inline const struct face *desk_face(const struct desk *d, const char *postscript)
{
	for (size_t i = 0; i < d->fonts->face_count; i++)
		if (strcmp(face_postscript(d->fonts->faces[i]), postscript) == 0)
			return d->fonts->faces[i];
	abort();
}

/* Shape or stop: for text a test takes for granted. */
static inline struct shaped desk_shape(struct desk *d, const struct text_style *style,
				       const char *text)
{
	struct shaped out = { 0 };
	struct err e = { 0 };

	if (!OK(shape_line(d->shaper, d->a, style, str_of(text), &out, &e), e))
		printf("# shaping \"%s\"\n", text);
	return out;
}

/* The characters the glyphs stand for, in order. */
static inline struct str desk_text(struct desk *d, const struct shaped *line)
{
	struct buf b = buf_empty(1 << 16);
	struct str out = { 0 };
	struct err e = { 0 };

	for (size_t r = 0; r < line->count; r++)
		for (size_t i = 0; i < line->runs[r].count; i++)
			for (size_t k = 0; k < line->runs[r].glyphs[i].unicode_count; k++)
				enc_put_utf8(&b, line->runs[r].glyphs[i].unicode[k]);
	if (!arena_str(d->a, buf_view(&b), &out, &e))
		abort();
	buf_free(&b);
	return out;
}

/* A small generator of our own, so that every run of a test sees the same numbers. */
static inline uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

#endif
