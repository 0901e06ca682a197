/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FONT_FONTS_H
#define HUFU_FONT_FONTS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

/*
 * The faces a run may use: loaded once from fonts/fonts.json, read-only afterwards, shared by all workers.
 * A role ("song", "song-bold", "latin", "latin-italic", "mono", …) names one face and its fallback chain.
 */
struct fonts;
struct face;

/* Open every face of fonts.json (mapped, not read); checks PostScript names and that embedding is allowed (fsType 0). */
bool fonts_open(const char *fonts_json, struct fonts **out, struct err *e) MUST_CHECK;
void fonts_free(struct fonts *f); /* accepts NULL */

/*
 * SHA-256 over what decides the drawing, in fonts.json's order: of every face PostScript name, version, file length and
 * the tag, checksum and length of every table; of every role its chains.  Goes into plan and manifest.  The files'
 * 200 MB themselves are not read: two versions of a font never share their table checksums, and whoever can forge those
 * on the issuing host can do worse.
 */
void fonts_hash(const struct fonts *f, unsigned char out[32]);

/* A role's own face, first of its chain for Chinese (`han`) or for all other text; NULL when there is no such role. */
const struct face *fonts_lookup(const struct fonts *f, const char *role, bool han);

struct face_metrics {
	int ascent, descent, cap_height; /* 1/1000 em; descent negative */
	int bbox[4];                     /* 1/1000 em */
	int units_per_em;
	bool cff; /* CFF outlines; else glyf */
};

const char *face_postscript(const struct face *f); /* NotoSerifCJKsc-Regular */
const struct face_metrics *face_metrics(const struct face *f);

/* The state one worker shapes with: buffer and glyph caches.  One thread at a time. */
struct shaper;
struct shaper *shaper_new(const struct fonts *f) MUST_CHECK; /* NULL when memory ran out */
void shaper_free(struct shaper *s);                          /* accepts NULL */

struct glyph {
	uint32_t gid;
	int32_t advance, x_offset, y_offset; /* 1/1000 em, kerning included */
	int32_t width; /* 1/1000 em, the glyph's own advance and its room: what /W says */
	int32_t room;  /* 1/1000 em that shape_widen added behind it; else 0 */
	const uint32_t
		*unicode; /* the characters it stands for; none when a former glyph carries them */
	size_t unicode_count;
};

/* Glyphs of one face, in visual order. */
struct glyph_run {
	const struct face *face;
	const struct glyph *glyphs;
	size_t count;
	int32_t width; /* 1/1000 em, sum of advances */
};

struct shaped {
	const struct glyph_run *runs;
	size_t count;
	int32_t width;  /* 1/1000 em, all runs */
	bool fell_back; /* some character came from the chain behind the role's own face */
};

struct text_style {
	const char *role;     /* of fonts.json */
	const char *language; /* "zh-Hans", "zh-Hant", "en" */
	const char
		*features; /* HarfBuzz syntax, comma-separated: "lnum,kern,liga"; NULL for none */
	bool whole; /* one name = one face: the first face of the chain that holds every character */
	int32_t tracking; /* 1/1000 em added after every glyph but the last */
	bool capitals;    /* drawn in capitals; the text stays as it is written */
};

/*
 * Shape one line of text (no line breaks inside, at most 4,096 characters, left to right).  Characters of mixed scripts
 * are itemised into Chinese (Han and its punctuation, in a "zh" line also “ ” — …) and other; each takes the first face
 * of its chain with a glyph that leaves ink (with `whole`, the first face that holds all of them; when none does, the
 * faces behind the role's own, character by character).  U+00B7 next to a Han character is set half an em wide, its dot
 * centred.  With tracking, ligatures are off.
 * Failures are ERR_INPUT: NO-GLYPH names every character no face can draw, as "U+30EDD 𰻝"; among them always controls,
 * private use, what is invisible and what runs from right to left.  UTF8, TEXT-TOO-LONG, TEXT-CLUSTER (more than 32
 * characters in one letter), FONT-ROLE, FONT-FEATURE.
 */
bool shape_line(struct shaper *s, struct arena *a, const struct text_style *style, struct str text,
		struct shaped *out, struct err *e) MUST_CHECK;

/*
 * Room of `room` (1/1000 em) behind the line's last glyph, as a part of that glyph: who copies the text finds no blank
 * there, as he would behind a gap.  The glyphs change, not those the line was shaped with.
 */
bool shape_widen(struct arena *a, struct shaped *line, int32_t room, struct err *e) MUST_CHECK;

/*
 * The subset of one face that one document (or one template) uses.  CIDs are 1 … n in order of first use; the same
 * glyph standing for other characters, or with other room, gets another CID.  CID 0 is .notdef.
 */
struct subset;
struct subset *subset_new(const struct face *face) MUST_CHECK; /* NULL when memory ran out */
void subset_free(struct subset *s);                            /* accepts NULL */
void subset_clear(struct subset *s);                           /* empty again, memory kept */
const struct face *subset_face(const struct subset *s);

/* The CID for a glyph that stands for these characters; 0 with *e filled when the subset is full (65,535) or memory ran out. */
uint16_t subset_add(struct subset *s, const struct glyph *g, struct err *e) MUST_CHECK;
size_t subset_count(const struct subset *s); /* CIDs in use, .notdef included */

struct subset_entry {
	uint32_t gid;
	int32_t width; /* 1/1000 em, with `room` */
	int32_t room;
	const uint32_t *unicode;
	size_t unicode_count;
};
const struct subset_entry *subset_entries(const struct subset *s); /* index = CID */

/*
 * The font program holding exactly these glyphs in CID order: bare CFF (a CID-keyed font for FontFile3
 * /CIDFontType0C, flattened charstrings, no Subrs) or a TrueType font (FontFile2; head hhea hmtx maxp loca glyf).
 * `shaper` lends its caches of flattened charstrings.
 */
bool subset_program(const struct subset *s, struct shaper *shaper, struct buf *out,
		    struct err *e) MUST_CHECK;

/* Outline of one glyph as a callback stream in font units, for seal art (move, line, cubic, close). */
struct outline_sink {
	void *self;
	void (*move)(void *self, double x, double y);
	void (*line)(void *self, double x, double y);
	void (*cubic)(void *self, const double points[6]); /* x1 y1 x2 y2 x3 y3 */
	void (*close)(void *self);
};
bool face_outline(const struct face *f, uint32_t gid, const struct outline_sink *sink,
		  struct err *e) MUST_CHECK;

#endif
