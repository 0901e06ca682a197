/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_PAGE_H
#define HUFU_PAPER_PAGE_H

#include "base/hash.h"
#include "paper/art.h"
#include "paper/field.h"
#include "paper/paper.h"
#include "paper/tree.h"
#include "paper/type0.h"

/* The inside of struct paper, shared by paper.c (files) and page.c (what is drawn).  Private to paper/. */

static const double PT_PER_MM = 72 / 25.4;

enum {
	PAPER_FONTS_MAX = 64,  /* faces of one worker, fixed and changing */
	PAPER_KEPT_MAX = 512,  /* fonts of fixed text one worker keeps */
	PAPER_IMAGES_MAX = 64, /* bitmaps of one document */
	PAPER_ARTS_MAX = 64,   /* drawings of one document, parts of drawings among them */
	PAPER_PAGES_MAX = 64,  /* pages of one document */
	PAPER_LAYER_MAX = 8 << 20,
	PAPER_ARENA_MAX = 64 << 20
};

/*
 * The subset of one face, for fixed text or for what changes; kept for the next document, emptied and numbered anew by
 * the first text that uses it.
 */
struct page_font {
	struct subset *subset;
	bool fixed;
	struct type0 changing; /* the streams of a font that is not fixed */
	int order;             /* 0 … in order of first use in this document; -1: not used yet */
	struct object *object;
};

/* Art that stands in this document. */
struct page_art {
	const struct art *art;
	struct object *object;
	bool placed; /* on a page itself, not only in other art */
};

/* Streams of a font of fixed text, by type0_key.  Never dropped: a template has a handful of them. */
struct page_kept {
	unsigned char key[SHA256_SIZE];
	struct type0 streams;
};

struct paper {
	HPDF_Doc doc;
	struct shaper *shaper; /* lent */
	struct sha256 *id;     /* over everything that goes into /ID */
	struct deflater *fast, *best;
	struct buf profile; /* the ICC profile, compressed once */
	struct arena *arena;
	struct objects objects;

	struct paper_info info;
	struct tree tree;
	struct page_font font[PAPER_FONTS_MAX];
	int font_count;            /* faces seen by this worker */
	int used[PAPER_FONTS_MAX]; /* indexes of `font`, in order of first use */
	int used_count;
	size_t stored; /* bytes of this document's font programs that are not compressed */
	struct page_kept kept[PAPER_KEPT_MAX];
	int kept_count;
	struct object *image[PAPER_IMAGES_MAX];
	int image_count;
	struct page_art art[PAPER_ARTS_MAX];
	int art_count;
	struct object *page[PAPER_PAGES_MAX];
	int page_count;
	struct fields fields;
	struct signature_space space; /* of the last document, when it was given a signature */

	double height; /* of the open page, points */
	double width;
	struct buf layer[PAPER_LAYERS];
	enum paper_layer on;
	bool marked; /* a marked sequence is open on layer `on` */
	bool artifact;
	int mcid; /* next of this page */
	struct object *resources;
};

void page_fail(struct paper *p, const char *what);

/* The operator that makes `ink` the colour of what is filled, or stroked, from here on. */
void page_ink(struct buf *out, struct paper_ink ink, bool stroke);

/* The art's object in this document; made, with those of its parts, when it is first used. */
struct object *page_art(struct paper *p, const struct art *art);

/* Put the open page's layers into its content stream. */
void page_finish(struct paper *p);

#endif
