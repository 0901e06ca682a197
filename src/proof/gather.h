/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_GATHER_H
#define HUFU_PROOF_GATHER_H

#include "net/site.h"
#include "proof/verdict.h"

/* What one target holds, as scan/ found it. */
struct gather_target {
	const struct str *tokens; /* distinct runs of digits; 0 or more */
	size_t token_count;
	size_t other_codes; /* codes that are no tokens: with no token, NOT-OURS */
	bool typed_code;    /* a document id was typed; there are no tokens */
	bool is_file;       /* a PDF: `file` is to be compared with what was issued */
	struct str file;
	const size_t *
		prefixes; /* lengths at which an earlier revision may end, ascending, below file.n */
	size_t prefix_count;
};

/*
 * A verifier's look at one site: the key list and the batch heads are read once and kept.  `policy` (may be NULL) and
 * `site` (may be NULL: nothing can be fetched) are lent till gather_free.  `now` is the device clock.
 */
struct gather;
struct gather *gather_new(const struct site *site, const struct policy *policy, int64_t now,
			  struct err *e) MUST_CHECK; /* NULL with *e when memory ran out */
void gather_free(struct gather *g);                  /* accepts NULL */

/*
 * Fill *out with all that can be known of the target; set has_at, at, allow_no_log and expect yourself before
 * verdict_of.  A site that fails, lies or lacks files is evidence, never an error: false only for ERR_SYSTEM trouble of
 * this machine.  *out points into `a`, the target and g.
 */
bool gather_evidence(struct gather *g, struct arena *a, const struct gather_target *target,
		     struct evidence *out, struct err *e) MUST_CHECK;

/* Why the key list is bad, or the last file could not be had; NULL when nothing went wrong. */
const struct err *gather_trouble(const struct gather *g);

#endif
