/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_TYPE0_H
#define HUFU_PAPER_TYPE0_H

#include "base/hash.h"
#include "font/fonts.h"
#include "paper/deflate.h"
#include "paper/objects.h"

/*
 * Composite fonts (ISO 32000-1 §9.7): Type0 with Identity-H over CIDFontType0 + FontFile3 /CIDFontType0C or
 * CIDFontType2 + FontFile2, /W for every CID used, /ToUnicode.  Private to paper/.
 */

/* The streams of one font: what costs time to make.  Owns its buffers. */
struct type0 {
	unsigned char hash[SHA256_SIZE]; /* of the program as it is; makes the subset tag */
	struct buf program, unicode;     /* as they stand in the file */
	size_t length;                   /* of the program before compression */
	bool program_flate;              /* else stored */
};

/* Empty, ready for type0_build. */
struct type0 type0_empty(void);
void type0_free(struct type0 *t);

/*
 * Make the streams of a subset.  A CFF program of at most `store` bytes is left as it is: charstrings deflate to 14 KB
 * of 16 and take a tenth of a millisecond for it.  May be built again; the memory is kept.
 */
bool type0_build(struct type0 *t, const struct subset *s, struct shaper *shaper,
		 struct deflater *deflater, size_t store, struct err *e) MUST_CHECK;

/* SHA-256 over everything type0_build's result depends on: face, glyphs, characters. */
bool type0_key(const struct subset *s, unsigned char key[SHA256_SIZE], struct err *e) MUST_CHECK;

/*
 * Write the font's objects; `font` is the Type0 the page already names.  The streams are lent from *t till the document
 * is written.
 */
void type0_write(struct objects *o, struct object *font, const struct subset *s,
		 const struct type0 *t);

#endif
