/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_PDF_WALK_H
#define HUFU_SEAL_PDF_WALK_H

#include "seal/pdf.h"

/* Which objects one can come to from a place of a file, as one revision has it. */
struct pdf_walk {
	const struct pdf *pdf;
	size_t view;                            /* the revision */
	const char *const *skip;                /* keys not followed, NULL at the end; NULL: none */
	unsigned char *seen[PDF_REVISIONS_MAX]; /* an object of a revision each */
	const struct pdf_object **queue;
	size_t head, tail;
};

/* Nothing is seen yet; lives in `a`. */
bool pdf_walk_begin(struct arena *a, const struct pdf *p, size_t view, const char *const *skip,
		    struct pdf_walk *out, struct err *e) MUST_CHECK;

/* Everything that v refers to, and what that refers to, is seen. */
void pdf_walk_from(struct pdf_walk *w, const struct pdf_value *v);

/* Is the object seen, as the walk's revision has it? */
bool pdf_walk_saw(const struct pdf_walk *w, uint32_t number);

#endif
