/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_LETTER_H
#define HUFU_FORM_LETTER_H

#include "font/fonts.h"
#include "paper/art.h"

/*
 * Lettering as art: the outlines of glyphs, which no program finds as text.  Private to form/.
 */

/*
 * Draw a glyph's outline, filled, its origin at (0, 0) of *at, one em the unit of *at, y up.  Points are rounded to
 * 1/grid em: 1000 keeps what a font has, less makes small letters lighter.
 */
bool letter_draw(struct art_pen *pen, const struct face *face, uint32_t gid, double grid,
		 const struct art_matrix *at, struct err *e) MUST_CHECK;

struct letter_size {
	double em, tracking; /* `tracking` more after every glyph than the line was shaped with */
	double grid;         /* as of letter_draw */
};

/* Draw a shaped line, its left end at (0, 0) of *at, y down. */
bool letter_line(struct art_pen *pen, const struct shaped *line, const struct letter_size *size,
		 const struct art_matrix *at, struct err *e) MUST_CHECK;

#endif
