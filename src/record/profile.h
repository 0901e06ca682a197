/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_PROFILE_H
#define HUFU_RECORD_PROFILE_H

#include <stdint.h>

#include "base/arena.h"
#include "record/term.h"

/* What a letter for this recipient says of open proceedings; 0 is absent. */
enum profile_pending { PROFILE_PENDING_ABSENT, PROFILE_PENDING_SILENT, PROFILE_PENDING_COVERED };

/* Languages a profile offers, a bit each. */
enum { PROFILE_EN = 1, PROFILE_ZH = 2 };

/* What one recipient, or one kind of recipient, asks of a letter. */
struct profile {
	struct str id;
	struct str name_en, name_zh; /* for the officer and the member; not printed */
	int64_t look_back;           /* years, or LOOK_BACK_NONE, LOOK_BACK_EVER */
	int pending;                 /* enum profile_pending */
	int valid_for;               /* enum term */
	bool direct;                 /* goes to the recipient, never by way of the member */
	bool authority;              /* a court or the like: may be told of a member who died */
	unsigned languages;          /* PROFILE_EN, PROFILE_ZH */
	/*
	 * The body this profile is for, as requests name it, and the short form printed when that name does not fit the
	 * signed code.  n == 0 when absent; no short form without the name.
	 */
	struct str recipient, recipient_short;

	struct str canonical; /* canonical JSON of this profile: what an approval binds */
};

struct profiles {
	const struct profile *items;
	size_t count;
};

/*
 * Read hufu.profiles/1.  Ids differ; faults have codes PROFILE-DUPLICATE, PROFILE-LOOK-BACK, PROFILE-SHORT,
 * LIST-REPEATS or those of a record.
 */
bool profiles_read(struct arena *a, struct str text, struct profiles *out,
		   struct err *e) MUST_CHECK;

/* The profile of an id, NULL when unknown. */
const struct profile *profiles_lookup(const struct profiles *list, struct str id);

#endif
