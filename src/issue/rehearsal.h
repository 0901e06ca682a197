/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_REHEARSAL_H
#define HUFU_ISSUE_REHEARSAL_H

#include "form/form.h"
#include "record/member.h"

/*
 * A letter or statement rehearsed: what it would say of a record if somebody applied for it now.  The application is
 * invented, the decision is that of record/standing.h without approvals.  For specimens only.
 */
struct rehearsal {
	/*
	 * profiles.json and specimen-request.json (hufu.request/1), or specimen-request-<language>.json where there is
	 * one; its member, document and language are those of the next three.
	 */
	const char *folder;
	const struct form_info *form;
	const struct member *member; /* whatever member the application names */
	bool invented; /* a record that comes with the program: its dates are moved to as_of's year */
	int64_t as_of; /* Unix seconds; the register's answer on discipline is taken as given then */
	int utc_offset_min;
	struct str fingerprint; /* of the policy; lent */
};

/*
 * The facts of which the form prints all, its number blanked as specimens are; strings live in `a`.  ERR_INPUT with the
 * code of the first condition that fails, when such a document may not be made of this record.  On the thread that
 * decodes JSON.
 */
bool rehearsal_facts(struct arena *a, const struct rehearsal *r, struct facts *out,
		     struct err *e) MUST_CHECK;

#endif
