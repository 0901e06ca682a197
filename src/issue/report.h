/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_REPORT_H
#define HUFU_ISSUE_REPORT_H

#include <stdio.h>

#include "issue/home.h"

/* How many lines of a run had which outcome. */
struct report_counts {
	size_t issued, unchanged, superseded, withdrawn, suspended, ended, none, refused;
};

/*
 * report.jsonl of a run, from its staging tables (staging.h): one canonical JSON object a line with place, member_id,
 * document, lang, outcome, docid, file, and code, pointer, message, note where there are any (product.md).  Written
 * atomically to dir/report.jsonl; with dir NULL only counted.
 */
bool report_write(struct home *h, const char *dir, struct report_counts *counts,
		  struct err *e) MUST_CHECK;

/* Call `refusal` for every refused line, in order: "place: pointer: message". */
bool report_refusals(struct home *h, void *self,
		     bool (*refusal)(void *self, const struct err *why, struct err *e),
		     struct err *e) MUST_CHECK;

#endif
