/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_ROSETTE_H
#define HUFU_FORM_ROSETTE_H

#include "form/layout.h"

/*
 * Rings of closed curves about one centre, each with a symmetry of its own (docs/TEMPLATES.md, "rosette").  One sector is
 * drawn and turned around.  Private to form/.
 */
bool rosette_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		  struct element_art *out, struct err *e) MUST_CHECK;

#endif
