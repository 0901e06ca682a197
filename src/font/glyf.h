/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FONT_GLYF_H
#define HUFU_FONT_GLYF_H

#include "base/buf.h"
#include "font/sfnt.h"

/*
 * TrueType outlines (OpenType 1.9, "glyf").  Read-only after glyf_open; views point into the font, which must outlive
 * it.
 */
struct glyf {
	struct view glyf, loca, hmtx, head, hhea, maxp;
	uint32_t glyphs;
	unsigned long_metrics; /* entries of hmtx that have an advance */
	bool long_offsets;     /* loca holds 32-bit offsets */
};

bool glyf_open(const struct sfnt *font, struct glyf *out, struct err *e) MUST_CHECK;

/*
 * Append the description of one glyph without instructions and padding; nothing for a blank one.  Composite glyphs keep
 * the source's glyph numbers.  ERR_SYSTEM when it is broken.
 */
bool glyf_strip(const struct glyf *g, uint32_t gid, struct buf *out, struct err *e) MUST_CHECK;

/*
 * Walk the components of a stripped composite glyph: *at starts as 0 and is moved on; gives where the 16-bit number of
 * the next component's glyph stands.  False when there is none left (at once for a simple glyph).
 */
bool glyf_component(struct str stripped, size_t *at, size_t *glyph_at);

/* One glyph of a program to write. */
struct glyf_glyph {
	uint32_t gid;
	struct str outline; /* from glyf_strip */
	int32_t room;       /* 1/1000 em more than the font's own advance */
};

/*
 * Append a TrueType font of `count` glyphs (1 to 65,535), glyph number = index: head hhea hmtx maxp loca glyf, right
 * checksums.  `renumber(self, gid)` gives the new number of a component's glyph.
 */
struct glyf_program {
	const struct glyf *font;
	const struct glyf_glyph *glyphs;
	size_t count;
	unsigned (*renumber)(const void *self, uint32_t gid);
	const void *self;
};
bool glyf_write(const struct glyf_program *program, struct buf *out, struct err *e) MUST_CHECK;

#endif
