/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_GATHER_H
#define HUFU_PROOF_GATHER_H

#include "net/site.h"
#include "proof/memory.h"
#include "proof/verdict.h"

/* What one target holds, as scan/ found it. */
struct gather_target {
	const struct str *tokens; /* distinct runs of digits; 0 or more */
	size_t token_count;
	size_t other_codes; /* codes that are no tokens: with no token, NOT-OURS */
	struct str docid;   /* a document id was typed; there are no tokens */
	bool is_file;       /* a PDF: `file` is to be compared with what was issued */
	struct str file;
	const size_t *
		prefixes; /* lengths at which an earlier revision may end, ascending, below file.n */
	size_t prefix_count;
	struct str proof; /* the document's .tlog-proof (sidecar.h), empty for none */
};

/* Where a verifier looks from. */
struct gather_from {
	const struct site *site; /* NULL: nothing can be fetched */
	bool is_far; /* bytes come over a net: with a proof at hand no tiles are fetched */
	const struct policy *policy; /* NULL: the issuer is unknown */
	struct memory
		*memory; /* NULL: none; else compared with, and what is verified goes into it */
	int64_t now;     /* the device clock, Unix seconds */
};

/* A verifier's look at one site: what it fetches is read once and kept.  All of `from` is lent till gather_free. */
struct gather;
struct gather *gather_new(const struct gather_from *from,
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
