/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_SPECIMEN_H
#define HUFU_ISSUE_SPECIMEN_H

#include "form/form.h"
#include "issue/config.h"
#include "record/member.h"

/*
 * A sample of a form: the page a record would have, by the renderer that issues, marked as a specimen.  It certifies
 * nothing: the digits of a record's number are zeros, its id is TEST-TEST-TEST-TEST, nothing is attached, and its code is signed
 * for an issuer that cannot exist with the public test key (keys/test.vkey), whose seed everybody may read.
 */
struct specimen_order {
	const struct form *form;
	const struct config *config; /* base and zone */
	const struct member *member; /* whatever its class and status; its association is known */
	/*
	 * Drawn as they are instead of the member's: letters.  Lent.  Without a member they are a real case not yet
	 * issued, whose code and signature are pale too.
	 */
	const struct facts *facts;
	struct str photo; /* the file the record's photo names; empty: none */
	int64_t as_of;    /* Unix seconds */
};

/* In the facts, the member number as long as the true one and of its letters, with every digit a zero. */
bool specimen_blank(struct arena *a, struct facts *facts, struct err *e) MUST_CHECK;

/*
 * Append the PDF to *pdf; the arena holds the facts meanwhile.  Same order, same bytes.  Refusals are those of form_draw
 * and token_write.
 */
bool specimen_draw(struct form_desk *desk, struct arena *a, const struct specimen_order *order,
		   struct buf *pdf, struct err *e) MUST_CHECK;

#endif
