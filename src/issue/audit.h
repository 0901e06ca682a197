/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_AUDIT_H
#define HUFU_ISSUE_AUDIT_H

#include "base/env.h"
#include "issue/home.h"

struct audit_order {
	struct home *home; /* HOME_WRITE; unlocked: padding is proved to be padding */
	const struct env *env;
	const char *site; /* a published copy to compare with HOME/site; NULL: none */
	/* The register's feed: every valid document must be an active member's of it, with its number and name. */
	const char *const *records;
	size_t record_count;
	uint64_t sample; /* hash only so many files, drawn by `seed`; 0: all of them */
	uint64_t seed;
};

/* What was gone through. */
struct audit_counts {
	uint64_t entries, documents, padding, forgotten, manifests, shards, keylists, journal_heads,
		pages;
	uint64_t files;    /* hashed again */
	uint64_t letters;  /* of the documents: two officers' statements were checked */
	uint64_t eligible; /* valid documents found in the feed */
	uint64_t unproved; /* padding nobody could recompute: the home was not unlocked */
	size_t journal_lines, site_files;
	char root[65];
};

/*
 * Recompute everything and reconcile store, files and log: the journal's chain; the tree and every tile from its entries, up to
 * the signed checkpoint; each entry explained by a document (its file hashed again), padding, a place the journal names as
 * forgotten, a manifest, a status list, a key list or a line of the journal; each made document on the log, and of letters what two officers signed; manifests leaf by
 * leaf; current status lists entry by entry; and a published copy byte by byte.  The first difference is ERR_INPUT with
 * code AUDIT and its place; trouble of the machine ERR_SYSTEM.
 */
bool audit_run(const struct audit_order *order, struct audit_counts *out, struct err *e) MUST_CHECK;

#endif
