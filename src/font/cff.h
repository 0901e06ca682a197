/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FONT_CFF_H
#define HUFU_FONT_CFF_H

#include "base/arena.h"
#include "base/buf.h"
#include "font/sfnt.h"

/*
 * A CID-keyed Compact Font Format table (Adobe Technical Note 5176) and its Type 2 charstrings (5177).  Read-only
 * after cff_open; views point into the table, which must outlive it.
 */
struct cff;

/*
 * Parse the table of a font of `glyphs` glyphs.  ERR_SYSTEM when it is broken or of a kind not taken: not CID-keyed, own
 * FontMatrix, another charstring type.
 */
bool cff_open(struct view table, uint32_t glyphs, struct cff **out, struct err *e) MUST_CHECK;
void cff_free(struct cff *c); /* accepts NULL */

/*
 * Append the charstring of a glyph with all its subroutines written out, ending in endchar; hints stay.  ERR_SYSTEM
 * when it is broken, uses arithmetic operators or endchar's accent form.
 */
bool cff_flatten(const struct cff *c, uint32_t gid, struct buf *out, struct err *e) MUST_CHECK;

/* One glyph of a program to write: its flattened charstring. */
struct cff_glyph {
	uint32_t gid;
	struct str charstring;
};

/* A glyph's width, and how much of it is room behind what the font has; 1/1000 em. */
struct cff_width {
	int32_t width, room;
};

/* The flattened charstring of *g with the width said anew, in `a`; as it is without room. */
bool cff_widen(const struct cff *c, struct arena *a, const struct cff_width *w, struct cff_glyph *g,
	       struct err *e) MUST_CHECK;

/*
 * Append a CID-keyed CFF font of `count` glyphs (1 to 65,535; the first is .notdef), CID = index: header, names, Top
 * DICT, charset, FDSelect format 3, the font dictionaries in use with their private data, CharStrings.
 */
struct cff_program {
	const struct cff *font;
	struct str postscript; /* at most 127 bytes */
	int bbox[4];           /* font units */
	const struct cff_glyph *glyphs;
	size_t count;
};
bool cff_write(const struct cff_program *program, struct buf *out, struct err *e) MUST_CHECK;

#endif
