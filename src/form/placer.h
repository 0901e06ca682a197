/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_PLACER_H
#define HUFU_FORM_PLACER_H

#include "form/sheet.h"

/* What puts the pieces of a document onto its sheet, one after another.  Private to form/. */
struct placer {
	struct sheet *sheet;
	const struct layout *layout;
	const struct setting_tools *tools;
	struct phrase_values values; /* of the page being placed */
	struct str lang;             /* of the document */
	double pushed;               /* millimetres that elements which flow stand lower */
	double shift;                /* of the element being placed */
	bool quiet;                  /* what is placed was read on an earlier page: decoration */
	bool full;
};

/* The next item; on a sheet that is full, the last one again. */
struct sheet_item *placer_add(struct placer *p, enum sheet_kind kind);

/* Open and close an element; nothing while the placer is quiet. */
void placer_open(struct placer *p, enum paper_role role);
void placer_open_as(struct placer *p, const struct paper_element *el);
void placer_close(struct placer *p);

/* A horizontal rule, as decoration. */
struct sheet_item *placer_rule(struct placer *p, const struct stroke *s, double x1, double x2,
			       double y);

/* One shaped line at its left end; the language is said when it is not the document's. */
struct sheet_item *placer_text(struct placer *p, const struct style *style,
			       const struct shaped *line, double size_pt, double x, double y);

#endif
