/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_CALLING_H
#define HUFU_ISSUE_CALLING_H

#include "base/civil.h"
#include "form/form.h"
#include "record/member.h"

/* Does a member's record call for a document of this form? */
enum calling {
	CALLING_NO, /* another class or status: not this member's document */
	CALLING_MISSING, /* it would, but a needed fact is missing (no name in the form's script): outcome none */
	CALLING_YES
};

/*
 * The facts the form would print of the record, dated `issued`.  Values point into the record or into `a`.  For
 * CALLING_MISSING *missing names the fact.
 */
bool calling_facts(struct arena *a, const struct member *m, const struct form_info *form,
		   struct civil issued, struct facts *out, enum calling *calling,
		   struct str *missing, struct err *e) MUST_CHECK;

/*
 * Of all facts those the form prints; values are lent.  A needed one that is not there is the last such in *missing (else p ==
 * NULL): the caller says what that means.
 */
bool calling_pick(const struct facts *all, const struct form_info *form, struct facts *out,
		  struct str *missing, struct err *e) MUST_CHECK;

/* Would a document of the form print this fact of the member, if the record has it? */
bool calling_prints(const struct member *m, const struct form_info *form, struct str fact);

#endif
