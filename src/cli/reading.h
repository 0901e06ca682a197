/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_READING_H
#define HUFU_CLI_READING_H

#include "base/buf.h"
#include "cli/sealview.h"
#include "cli/trust.h"
#include "proof/gather.h"
#include "scan/target.h"

/*
 * One target read: its bytes, codes, hashes, proof, and who signed it.  Nothing of it needs a site or the order of
 * targets, so any thread may do it; the file's bytes are gone when it is done.
 */
struct reading {
	struct arena *arena; /* of all below; reset by reading_begin */
	struct str name;     /* as it was given, NUL-terminated */
	bool skip;           /* `trouble` says already why nothing can be read */
	bool troubled;       /* not read, or its proof was not */
	struct err trouble;
	struct target target; /* without bytes */
	struct buf proof;     /* its .tlog-proof */
	bool hashed;
	struct filehash hash;
	struct check_report *seal; /* of a PDF, when seals are looked at; else NULL */
	bool is_token;             /* `token` is the only one there */
	struct token token;
	const struct policy *named; /* pinned, and the link is of its site; NULL: none */
	size_t first;               /* the issuer to ask first: that one, or 0 */
	size_t tried; /* how many issuers' keys were tried, from `first` on, round the end */
	const struct keylist_key *signer; /* of the last that was tried; NULL: not one of theirs */
};

/* What a reading looks for.  Lent, and read by all threads. */
struct reading_plan {
	const char *proof;           /* --proof */
	bool hash_all;               /* pictures and texts too */
	const struct sealview *seal; /* --seal; NULL: seals are not looked at */
	const struct trust
		*trust; /* whose sites links are looked up in; NULL: there is one issuer */
	size_t issuers;
	const struct keylist *const *lists; /* one an issuer; NULL: cannot be tried here */
	const struct str *names;            /* the issuers' */
};

/* Begin with a new name.  False when memory ran out. */
bool reading_begin(struct reading *r, struct str name, struct err *e) MUST_CHECK;
void reading_free(struct reading *r);

/*
 * Do it; `bytes`, of at most TARGET_BYTES_MAX, is this thread's.  What cannot be read is in *r: then it is a target
 * without a code.
 */
void reading_do(struct reading *r, const struct reading_plan *plan, struct buf *bytes);

/* As gather takes it, under the keys of the issuer that is the turn-th to be asked. */
struct gather_target reading_target(const struct reading *r, size_t turn);

#endif
