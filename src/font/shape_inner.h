/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FONT_SHAPE_INNER_H
#define HUFU_FONT_SHAPE_INNER_H

#include "font/fonts_inner.h"
#include "font/outlines.h"

/* Scratch of subset_program, kept to spare allocations. */
struct program_scratch {
	uint16_t *
		number; /* by glyph: its number in the program being made; all 0 between programs */
	void *glyphs;   /* struct cff_glyph or glyf_glyph */
	size_t bytes;
};

struct shaper {
	const struct fonts *fonts;
	hb_buffer_t *buffer;
	struct outlines *outlines;
	struct program_scratch scratch;
};

/* Characters that are set together, in one face: a base with its combining marks. */
struct unit {
	uint32_t from, count; /* of the line's characters */
	enum chain_kind kind;
	const struct face *face; /* NULL: none draws it */
	hb_script_t script;      /* what HarfBuzz is told */
	bool behind;             /* the face is not the chain's first */
};

struct line {
	const uint32_t *chars; /* as they are drawn */
	const uint32_t *text;  /* as they are written, as many */
	size_t count;
	struct unit *units;
	size_t unit_count;
};

/*
 * Divide the characters into units and find a face for each (itemize.c).  ERR_INPUT NO-GLYPH names every character
 * that none draws.
 */
bool itemize_line(struct shaper *s, struct arena *a, const struct text_style *style,
		  const struct role *role, struct line *line, struct err *e) MUST_CHECK;

/* NO-GLYPH for the characters of the units without a face. */
bool itemize_refuse(const struct line *line, struct err *e);

/* True when the character at i is a middle dot of a Chinese name. */
bool itemize_is_name_dot(const uint32_t *chars, size_t count, size_t i);

#endif
