/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_EDITION_H
#define HUFU_ISSUE_EDITION_H

#include "base/env.h"
#include "issue/home.h"
#include "store/edition.h"

/*
 * A new edition of HOME/site (proof.md §3).  Into the log, in this order: the document block of a batch, a key list it does
 * not know yet (04), status shards (03), the batch's manifest (02), the journal's head and a new build of the page (05); then
 * one checkpoint.  What the bytes depend on is stored before anything is signed, so that an edition that was interrupted
 * comes out the same.
 */
struct edition_order {
	struct home *home; /* HOME_WRITE, unlocked */
	const struct env *env;
	const struct store_batch *batch; /* BATCH_MADE; NULL: no documents */
	bool all_shards; /* sign every status shard anew, not only changed and ageing ones */
	bool journal;
};

/*
 * Make one.  out->state is EDITION_DONE, or EDITION_SIGNED while its checkpoint waits for witnesses; the site shows it only
 * when done, and till then to witnesses, as /checkpoint.pending.  A batch it brings is BATCH_SIGNED then.  ERR_SYSTEM when
 * the clock stands before the last edition, or when a larger tree, or another one of that size, was signed before.
 */
bool edition_make(const struct edition_order *order, struct store_edition *out,
		  struct err *e) MUST_CHECK;

/* Finish the edition that an interrupted run, or missing witnesses, left open; *found is false when there is none. */
bool edition_resume(struct home *h, const struct env *env, struct store_edition *out, bool *found,
		    struct err *e) MUST_CHECK;

/* Is there anything for an edition without documents to say: moves that wait, a key list, shards older than `age` seconds? */
bool edition_due(struct home *h, int64_t now, int64_t age, bool *due, struct err *e) MUST_CHECK;

#endif
