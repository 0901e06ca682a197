/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_PLAN_H
#define HUFU_ISSUE_PLAN_H

#include "issue/forms.h"
#include "record/associations.h"

/* What a feed asks for, decided. */
struct plan_order {
	struct home *home;
	const struct forms *forms;
	const struct associations *associations;
	const char *const *records; /* files, folders, "-" */
	size_t record_count;
	const struct str *languages; /* documents wanted, in this order */
	size_t language_count;
	const char *photos;      /* photo paths are relative to it; NULL: to the records' folder */
	bool photos_keep;        /* into the home; false: judged only */
	int64_t as_of;           /* Unix seconds */
	int64_t resumed_batch;   /* its documents count as issued by this run; 0 for none */
	int64_t resumed_edition; /* and its endings as this run's */
	/* Told now and then how many records were read; may be NULL. */
	void (*progress)(void *self, size_t done);
	void *progress_self;
};

struct plan_result {
	size_t records;
	int64_t batch; /* 0: nothing to make */
	int64_t documents;
};

/*
 * Read the feed, judge it, decide every document, and store members, batch and planned documents.  Runs inside the
 * caller's transaction: until that is committed nothing has happened.  Refused records are outcomes, never failures.
 */
bool plan_make(const struct plan_order *order, struct plan_result *out, struct err *e) MUST_CHECK;

#endif
