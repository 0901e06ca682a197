/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_WATERMARK_H
#define HUFU_FORM_WATERMARK_H

#include "form/layout.h"

/*
 * "SPECIMEN 样张" across the page that was just begun, above its ground and below everything else, and read aloud
 * first.  Drawn as outlines: what programs copy is the page's own text, undisturbed.  Not a template's business: no
 * template can leave it out.  `again`: on a page behind the first, where it is decoration.  Private to form/.
 */
bool watermark_draw(struct paper *p, const struct layout *l, const struct setting_tools *t,
		    bool again, struct err *e) MUST_CHECK;

#endif
