/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_MICROTEXT_H
#define HUFU_FORM_MICROTEXT_H

#include "form/layout.h"

/*
 * A phrase in letters too small to copy, repeated whole along straight lines (docs/TEMPLATES.md, "microtext").  It is
 * art, so that nobody's copied text is full of it.  Private to form/.
 */
bool microtext_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		    struct element_art *out, struct err *e) MUST_CHECK;

#endif
