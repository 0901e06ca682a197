/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_PDF_APPEND_H
#define HUFU_SEAL_PDF_APPEND_H

#include "base/arena.h"
#include "paper/signature.h"

/*
 * The second seal of a document: its prepared field gets a signature in a revision of its own behind the one that is
 * sealed (ISO 32000-1 §7.5.6), whose bytes stay as they are.  It locks all fields (FieldMDP).
 */
struct pdf_append_plan {
	const struct signature *
		signature; /* its evidence is empty: that of both seals lies in the first revision */
	int64_t unix_s;    /* /M */
	int utc_offset_min;
};

/*
 * Append the whole file to *out, which holds nothing yet, with a hole where *space says.  The same input gives the same
 * bytes.  ERR_INPUT: what pdf_open refuses, and
 *   SEAL-NO-SECOND   no field waits for a second seal, or more than one does
 *   SEAL-TWICE       all fields are signed already
 */
bool pdf_append(struct arena *a, struct str pdf, const struct pdf_append_plan *plan,
		struct buf *out, struct signature_space *space, struct err *e) MUST_CHECK;

#endif
