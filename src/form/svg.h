/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_SVG_H
#define HUFU_FORM_SVG_H

#include "paper/art.h"

/*
 * The part of SVG 1.1 that is lines and planes (docs/TEMPLATES.md, "SVG"): svg, g, path, circle; fill, fill-rule, stroke,
 * stroke-width, stroke-linecap, transform.  What is not known is refused, not skipped.  Private to form/.
 */
enum { SVG_BYTES_MAX = 256 * 1024 };

struct svg_target {
	const char *name; /* of the file, for words in faults */
	double width;     /* millimetres of the view box; its middle is the art's origin */
	const struct paper_ink *only; /* the one ink it may name; NULL: any */
};

/*
 * Draw the text's shapes.  "currentColor" is the ink of the place.  *height is that of the view box in millimetres.  The
 * bytes are hostile.  Faults are ERR_INPUT SVG-FORM, SVG-ATTRIBUTE, SVG-PATH or SVG-INK at "<name>:<line>".
 */
bool svg_draw(struct art_pen *pen, struct str text, const struct svg_target *target, double *height,
	      struct err *e) MUST_CHECK;

#endif
