/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FONT_FACE_H
#define HUFU_FONT_FACE_H

#include <harfbuzz/hb.h>

#include "font/cff.h"
#include "font/fonts.h"
#include "font/glyf.h"

/* One face of a mapped font file.  Read-only after face_open, shared by all threads. */
struct face {
	char postscript[128];
	size_t number; /* in fonts.json's order */
	struct view map;
	struct sfnt sfnt;
	hb_face_t *hb;
	hb_font_t *thousand; /* scaled to 1000 units per em: shaping */
	hb_font_t *units;    /* scaled to font units: outlines */
	struct face_metrics metrics;
	uint32_t glyphs;
	struct cff *cff;  /* CFF outlines; NULL when glyf */
	struct glyf glyf; /* else */
};

/* What fonts.json says of a face. */
struct face_spec {
	const char *path;
	unsigned index;
	struct str postscript;
	size_t number;
};

/*
 * Map the file and check it: the PostScript name is the one expected, embedding is allowed without restriction (OS/2
 * fsType 0), outlines are CID-keyed CFF of 1000 units or glyf.  ERR_SYSTEM otherwise.
 */
bool face_open(const struct face_spec *spec, struct face **out, struct err *e) MUST_CHECK;
void face_free(struct face *f); /* accepts NULL */

/* Add name, version, file length and table directory to a hash. */
void face_hash(const struct face *f, struct sha256 *h);

#endif
