/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_SHEET_H
#define HUFU_FORM_SHEET_H

#include "form/layout.h"

/*
 * A document laid out: what will be drawn, in reading order, with nothing left to refuse.  Lives in the arena of the
 * tools it was placed with.  Private to form/.
 */
enum sheet_kind {
	SHEET_PAGE, /* the next page begins; the first needs none */
	SHEET_OPEN,
	SHEET_CLOSE,
	SHEET_TEXT,
	SHEET_RULE,
	SHEET_FRAME,
	SHEET_QR,
	SHEET_PHOTO,
	SHEET_ART,
	SHEET_SEAL
};

struct sheet_frame {
	struct paper_box box;
	double radius, width;
	struct paper_ink ink;
};

struct sheet_qr {
	const struct element_qr *qr;
	double shift; /* mm it stands lower */
};

struct sheet_art {
	const struct art *art;
	struct art_matrix at;
	struct paper_ink ink;
};

struct sheet_item {
	enum sheet_kind kind;
	enum paper_layer layer;
	union {
		struct paper_element open;
		struct paper_text text; /* its line is `line` below */
		struct paper_line rule;
		struct sheet_frame frame;
		struct sheet_qr qr;
		const struct element_photo *photo;
		struct sheet_art art; /* of a seal, too */
	} as;
	struct shaped line;
};

enum { SHEET_ITEMS_MAX = 1536 };

struct sheet {
	struct sheet_item items[SHEET_ITEMS_MAX];
	size_t count;
	int pages;
	bool fell_back;
};

/* Lay out one document.  Refusals are those of setting_place, SEAL-UNKNOWN, SHEET-TOO-FULL and those of flow_measure. */
bool sheet_place(struct sheet *out, const struct layout *l, const struct setting_tools *t,
		 const struct phrase_values *v, struct err *e) MUST_CHECK;

#endif
