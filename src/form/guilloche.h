/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_GUILLOCHE_H
#define HUFU_FORM_GUILLOCHE_H

#include "form/layout.h"

/*
 * A band of waves, all of one period: along the page's edges, turning its corners without a break, or along a straight
 * line (docs/TEMPLATES.md, "guilloche").  One period is drawn and repeated by matrices.  Faults are those of JSON members
 * and TEMPLATE-BAND when the periods do not meet in the corners.  Private to form/.
 */
bool guilloche_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		    struct element_art *out, struct err *e) MUST_CHECK;

#endif
