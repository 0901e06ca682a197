/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_BATCH_H
#define HUFU_ISSUE_BATCH_H

#include "base/env.h"
#include "issue/forms.h"
#include "issue/report.h"

enum batch_phase { PHASE_READ, PHASE_MAKE };

/* One run of `hufu issue`. */
struct batch_order {
	const struct env *env;
	struct home *home; /* HOME_WRITE, unlocked */
	const struct forms *forms;
	const char *const *records;
	size_t record_count;
	const struct str *languages;
	size_t language_count;
	const char *photos; /* photo paths are relative to it; NULL: to the records' folder */
	const char *out; /* documents and report go there; NULL: they stay in the home, no report */
	struct str
		as_of; /* "YYYY-MM-DD" (00:00 in the issuer's zone) or RFC 3339; empty: the clock */
	int jobs;
	bool degrade;   /* no time stamp to be had: a seal without one, rather than none */
	bool dry_run;   /* plan and report, keep nothing */
	int thumbnails; /* pages report.html shows, 0 to TALLY_PICKS */
	void (*progress)(void *self, enum batch_phase phase, size_t done,
			 size_t total); /* may be NULL */
	void *progress_self;
	/* Told of every refusal; may be NULL. */
	bool (*refusal)(void *self, const struct err *why, struct err *e);
	void *refusal_self;
};

struct batch_result {
	size_t records;
	struct report_counts counts;
	int64_t as_of;   /* Unix seconds, of what this run planned */
	int64_t batch;   /* planned by this run; 0: nothing to make */
	int64_t resumed; /* finished by this run, begun by an earlier one; 0: none */
	bool waiting;    /* the checkpoint waits for witnesses: nothing is released yet */
};

/*
 * Issue what the feed calls for (service.md): finish a batch an earlier run left open, plan, make, sign the manifest,
 * release to `out`, report.  Each step is durable before the next begins and is journalled; a run after any
 * interruption ends in the same files and the same manifest.  Refused records are in the result, not failures.
 */
bool batch_run(const struct batch_order *order, struct batch_result *out, struct err *e) MUST_CHECK;

#endif
