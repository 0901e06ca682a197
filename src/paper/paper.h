/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_PAPER_H
#define HUFU_PAPER_PAPER_H

#include <stdint.h>

#include "base/buf.h"
#include "font/fonts.h"
#include "paper/image.h"
#include "paper/signature.h"

/*
 * A PDF file of one worker: PDF 1.7 that conforms to PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1), written by
 * libharu.  One document after another; one thread at a time.  Lengths are millimetres from the page's top left corner,
 * y down, text by its baseline; sizes of type are points.
 *
 *   paper_begin · { paper_page · { paper_open · draw… · paper_close }… }… · paper_end
 *
 * Drawing never fails visibly: the first failure sticks and paper_end tells.  Same calls, same bytes.
 */
struct paper;

/* `shaper` is lent: its caches of glyphs make the font programs.  NULL when memory ran out. */
struct paper *paper_new(struct shaper *shaper) MUST_CHECK;
void paper_free(struct paper *p); /* accepts NULL */

struct paper_info {
	struct str title;      /* UTF-8, any plane; Info and XMP */
	struct str language;   /* of the document, RFC 3066: "zh-CN" */
	struct str creator;    /* Info /Creator and xmp:CreatorTool */
	struct str token;      /* decimal digits for hufu:token; empty: none */
	struct str attachment; /* credential.json, AFRelationship /Data; empty: none */
	int64_t created_unix;  /* every date of the file */
	int utc_offset_min;
	const struct signature *signature; /* lent till paper_end; NULL: no seal but pictures */
};

/* Start a document; strings are copied.  Whatever was begun before is forgotten. */
bool paper_begin(struct paper *p, const struct paper_info *info, struct err *e) MUST_CHECK;

/* The next page; what follows is drawn on it. */
void paper_page(struct paper *p, double width_mm, double height_mm);

/*
 * Finish, and append the whole file to *pdf.  A signature for a document without a field is ERR_INPUT SEAL-NO-FIELD.
 */
bool paper_end(struct paper *p, struct buf *pdf, struct err *e) MUST_CHECK;

/*
 * Where the CMS of the last document goes, counted from where paper_end began to append; and whether a second seal has
 * its field there.  All zero for a document without a signature.
 */
struct signature_space paper_space(const struct paper *p);
bool paper_second(const struct paper *p);

/* ---- what is drawn means something, or is decoration ---- */

enum paper_role {
	PAPER_ARTIFACT, /* decoration: read by nobody */
	PAPER_DOCUMENT, /* the root; opened by paper_begin */
	PAPER_SECTION,
	PAPER_H1,
	PAPER_P,
	PAPER_TABLE,
	PAPER_ROW,
	PAPER_ROW_HEADER,    /* the cell that names its row */
	PAPER_COLUMN_HEADER, /* the cell that names its column */
	PAPER_CELL,
	PAPER_FIGURE, /* needs alt and box */
	PAPER_FORM,   /* a paper_field; the same */
	PAPER_LIST,   /* of items, each a label and a body */
	PAPER_ITEM,
	PAPER_LABEL,
	PAPER_BODY,
};

struct paper_box {
	double left, top, right, bottom;
};

struct paper_element {
	enum paper_role role;
	struct str lang;       /* when it differs from its parent's; empty: the same */
	struct str alt;        /* figures, fields: what is seen, in words */
	struct str actual;     /* drawn lettering: what it says, read instead of it (§14.9.4) */
	struct paper_box box;  /* figures, fields: where */
	const char *numbering; /* lists: "Decimal", "LowerAlpha", "Disc" … (table 347) */
};

/*
 * Open an element under the open one; the order of opening is the reading order, on whichever layer its content is
 * drawn.  Every open has its close; an artifact holds no elements.
 */
void paper_open(struct paper *p, const struct paper_element *el);
void paper_close(struct paper *p);

/* Order of painting, whatever the order of reading: each layer covers those before it. */
enum paper_layer { PAPER_GROUND, PAPER_FACE, PAPER_SEAL, PAPER_TEXT, PAPER_LAYERS };

/* Draw on this layer from here on; a page begins on PAPER_TEXT. */
void paper_layer(struct paper *p, enum paper_layer layer);

/* ---- ink ---- */

struct paper_ink {
	bool gray; /* DeviceGray r / 255; else DeviceRGB */
	unsigned char r, g, b;
};

#define PAPER_BLACK ((struct paper_ink){ .gray = true })
#define PAPER_WHITE ((struct paper_ink){ .gray = true, .r = 255 })

struct paper_text {
	const struct shaped *line;
	double size_pt, x, y;
	struct paper_ink ink;
	double angle;    /* radians, counter-clockwise about (x, y) */
	struct str lang; /* of this text; empty: the element's */
	bool fixed;      /* the same on many documents: its font is made once and kept */
};

/* One shaped line, from its left end. */
void paper_text(struct paper *p, const struct paper_text *t);

/* A straight rule of `width` millimetres. */
struct paper_line {
	double x1, y1, x2, y2, width;
	struct paper_ink ink;
};
void paper_rule(struct paper *p, const struct paper_line *l);

/* A filled rectangle; a stroked one with round corners (radius 0: square), its line centred on the box. */
void paper_fill(struct paper *p, struct paper_box box, struct paper_ink ink);
void paper_frame(struct paper *p, struct paper_box box, double radius, double width,
		 struct paper_ink ink);

/*
 * A bitmap of one bit a pixel, rows from the top, (width + 7) / 8 bytes each, bit 7 leftmost, 0 black: as qr_image
 * makes it.
 */
struct paper_bitmap {
	int width, height;
	struct str rows;
	bool pale; /* what is dark is light grey: of a draft */
};
void paper_bitmap(struct paper *p, const struct paper_bitmap *bitmap, struct paper_box box);

/*
 * Art (paper/art.h) at a place of the page; `ink` is for what of it has none of its own.  The art is lent till
 * paper_end.
 */
struct art;
struct art_matrix;
void paper_art(struct paper *p, const struct art *art, const struct art_matrix *at,
	       struct paper_ink ink);

/*
 * Art as the appearance of a signature field over `box`, inside an element PAPER_FORM.  The first field of a document is
 * the one that is signed, a second one is ready for a seal of its own.  A field covers its page; so that the text that
 * crosses the seal stays readable, the seal is multiplied with it, as if it lay below.  Needs paper_info.signature.
 */
struct paper_field {
	const struct art *art; /* lent till paper_end */
	const struct art_matrix *at;
	struct paper_ink ink;
	struct paper_box box;
	struct str label; /* what it is, in words */
};
void paper_field(struct paper *p, const struct paper_field *f);

/*
 * A photo over `box`; what lies outside `window` is cut off.  Its data is lent till paper_end.
 */
void paper_image(struct paper *p, const struct image *image, struct paper_box box,
		 struct paper_box window);

#endif
