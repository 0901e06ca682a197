/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_FIELD_H
#define HUFU_PAPER_FIELD_H

#include "paper/objects.h"
#include "paper/signature.h"

/*
 * The signature fields of one document (ISO 32000-1 §12.7.4.5): a widget where the seal stands, whose appearance is the
 * seal; the first is signed, a second one prepared for a later revision.  Private to paper/.
 */
enum { FIELDS_MAX = 2 };

struct field {
	struct object *widget, *look; /* the annotation, its appearance */
	double rect[4];               /* points: left, bottom, right, top */
	int page;
	struct str label; /* in words */
};

struct fields {
	struct field items[FIELDS_MAX];
	int count;
	struct object *signature; /* the first one's dictionary */
	struct signature_places places;
};

/* The annotations of a page, as an entry of its dictionary; nothing when it has none. */
void field_annotations(struct buf *b, const struct fields *f, int page);

/* Write signature dictionary, widgets and evidence; append what the catalog says of them to *catalog. */
struct field_facts {
	const struct signature *signature;
	int64_t created_unix;
	int utc_offset_min;
	struct object *const *pages;
	int page_count; /* widgets have the keys of the parent tree behind those of the pages */
};
void field_write(struct fields *f, struct objects *o, const struct field_facts *facts,
		 struct buf *catalog);

#endif
