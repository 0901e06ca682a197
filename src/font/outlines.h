/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FONT_OUTLINES_H
#define HUFU_FONT_OUTLINES_H

#include "font/face.h"

/* Outlines ready to be written into a font program, made once per glyph and worker.  One thread at a time. */
struct outlines;
struct outlines *outlines_new(size_t faces) MUST_CHECK; /* NULL when memory ran out */
void outlines_free(struct outlines *o);                 /* accepts NULL */

/* Forget everything when more than 12 MB are held; what was handed out is gone then. */
void outlines_trim(struct outlines *o);

/* Flattened charstring or stripped description; lent till outlines_trim. */
bool outlines_lookup(struct outlines *o, const struct face *f, uint32_t gid, struct str *out,
		     struct err *e) MUST_CHECK;

/* True when the glyph leaves ink. */
bool outlines_inked(struct outlines *o, const struct face *f, uint32_t gid);

#endif
