/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_HTML_H
#define HUFU_ISSUE_HTML_H

#include "issue/report.h"

/* What report.html says of a run beside what the staging tables hold. */
struct html_run {
	size_t records;
	const struct report_counts *counts;
	int64_t as_of;          /* Unix seconds, frozen in the plan */
	int64_t batch, resumed; /* as in batch_result; 0: none */
	int thumbnails;         /* pages pictured, 0 to TALLY_PICKS */
};

/*
 * report.html of a run, written atomically to dir/report.html: one file without script or anything from elsewhere, in
 * Chinese and English, that is also well-formed XML.  It names members: only its owner may read it.  Same run, same
 * bytes.  The first 1,000 refusals are shown and the others counted; report.jsonl has them all.  Pages are pictured from
 * dir by pdftoppm; without that program the report says so and has no pictures.
 */
bool html_write(struct home *h, const struct html_run *run, const char *dir,
		struct err *e) MUST_CHECK;

#endif
