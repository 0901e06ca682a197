/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_ARTWORK_H
#define HUFU_FORM_ARTWORK_H

#include "form/layout.h"

/*
 * A drawing of the template's folder (docs/TEMPLATES.md, "art"): an SVG file beside layout.json, at a place, in an ink.
 * Its bytes are added to t->files.  Faults are those of JSON members and of svg_draw.  Private to form/.
 */
bool artwork_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		  struct element_art *out, struct err *e) MUST_CHECK;

#endif
