/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_GATHER_H
#define HUFU_PROOF_GATHER_H

#include "net/site.h"
#include "proof/filehash.h"
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

	/* What somebody has made of the above already; all of it may be left out. */
	const struct filehash *hash; /* of the file, which may then be empty */
	const struct token *token;   /* tokens[0] read, when it is the only one */
	bool tried; /* the signature was tried under gather_keys' list with gather_signer … */
	const struct keylist_key *signer; /* … and this is the key that made it; NULL: none */
};

/*
 * Older versions of the status list (/s/<n>.at/<iat>).  No site says which there are; who can list its files can tell.
 * When the newest of shard n made at `at` or before it: *iat; false when there is none.
 */
struct gather_history {
	void *self;
	bool (*newest)(void *self, uint64_t n, int64_t at, int64_t *iat);
};

/* Where a verifier looks from. */
struct gather_from {
	const struct site *site; /* NULL: nothing can be fetched */
	bool is_far; /* bytes come over a net: with a proof at hand no tiles are fetched */
	bool thorough; /* far too: fetch what is not needed for an answer (the status list's own proof) */
	const struct policy *policy; /* NULL: the issuer is unknown */
	struct memory
		*memory; /* NULL: none; else compared with, and what is verified goes into it */
	int64_t now;     /* the device clock, Unix seconds */
	bool has_at; /* a moment is asked about: where the current list does not cover it, … */
	int64_t at;
	const struct gather_history *history; /* … one of these is looked at; NULL: none is known */
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

/*
 * The key list, read now; NULL when none could be had that the pinned roots signed.  It stands unchanged till gather_free,
 * so any number of threads may look for signers under it.
 */
bool gather_keys(struct gather *g, const struct keylist **out, struct err *e) MUST_CHECK;

/* The key of the list whose signature on the token holds; NULL: none of them made it. */
const struct keylist_key *gather_signer(const struct keylist *list, const struct token *token,
					struct str issuer);

/* Why the key list is bad, or the last file could not be had; NULL when nothing went wrong. */
const struct err *gather_trouble(const struct gather *g);

#endif
