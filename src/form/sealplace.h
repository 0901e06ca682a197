/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_SEALPLACE_H
#define HUFU_FORM_SEALPLACE_H

#include "form/layout.h"

/* Read where seals stand and whose they are (docs/TEMPLATES.md, "seal").  Private to form/. */
bool sealplace_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		    struct element_seal *out, struct err *e) MUST_CHECK;

#endif
