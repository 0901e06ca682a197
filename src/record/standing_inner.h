/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_STANDING_INNER_H
#define HUFU_RECORD_STANDING_INNER_H

#include "record/standing.h"

/* One case being judged.  Private to standing*.c. */
struct judging {
	struct arena *a;
	const struct standing_case *c;
	struct standing *s;
	struct civil day; /* of as_at, in the issuer's zone */
	bool letter;      /* good standing is asked for, not a statement */
	struct err *e;
};

/* A finding's sanction still works on `day`, or has not begun. */
bool standing_live(const struct member_finding *f, struct civil day);

/* The member's status on `day`: of record and history the more restrictive; *since may stay year 0. */
int standing_status(const struct member *m, struct civil day, struct civil *since);

/* Evaluate every condition into j->s->checks.  False is ERR_SYSTEM. */
bool standing_check_all(struct judging *j) MUST_CHECK;

#endif
