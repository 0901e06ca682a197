/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_TYPE0_H
#define HUFU_PAPER_TYPE0_H

#include "font/fonts.h"
#include "paper/deflate.h"
#include "paper/objects.h"

/*
 * A composite font (ISO 32000-1 §9.7): Type0 with Identity-H over CIDFontType0 + FontFile3 /CIDFontType0C or
 * CIDFontType2 + FontFile2, /W for every CID used, /ToUnicode.  Private to paper/.
 *
 * Fills `font`, whose number the page already names, and appends what else is needed.  Returns the SHA-256 of the font
 * program in `hash`, from which the subset tag is made.
 */
void type0_write(struct objects *o, struct object *font, const struct subset *s,
		 struct shaper *shaper, struct deflater *fast, unsigned char hash[32]);

#endif
