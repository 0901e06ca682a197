/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_STATUSVIEW_H
#define HUFU_PROOF_STATUSVIEW_H

#include "proof/fetch.h"
#include "proof/logview.h"
#include "proof/statuslist.h"

enum { STATUSVIEW_SHARDS = 256 }; /* kept at once, by their number's last byte: 4 MB */

/* A shard as the site shows it.  `there` false: none that verifies could be had; nothing else is then set. */
struct statusview_shard {
	uint64_t n;
	int64_t asked_iat; /* of an older version, as its name says; 0: the current one */
	bool there;
	struct shard shard; /* sub is empty: what it must be is known */
	unsigned char sha256[SHA256_SIZE];
	struct log_tree tree;       /* the log it names */
	enum log_relation relation; /* how that stands to the log shown; the asker's to keep */
	bool proof_asked;
	enum log_relation proof_relation; /* of the tree its proof ends in; UNPROVEN: no proof */
	struct log_tree proof_tree;
};

/* The status list as one site shows it, shard by shard. */
struct statusview {
	struct fetch *fetch;
	const struct policy *policy;
	const struct keylist *keylist;
	struct arena *arena; /* of one reading */
	struct statusview_shard *shards[STATUSVIEW_SHARDS];
	struct statusview_shard *past[STATUSVIEW_SHARDS]; /* older versions */
};

/* Everything is lent till statusview_close.  False when memory ran out; *v can then be closed all the same. */
bool statusview_open(struct statusview *v, struct fetch *fetch, const struct policy *policy,
		     const struct keylist *keylist, struct err *e) MUST_CHECK;
void statusview_close(struct statusview *v);

/* Shard n, fetched once; lent till another shard of the same last byte is asked for.  False for trouble of this machine. */
bool statusview_shard(struct statusview *v, uint64_t n, struct statusview_shard **out,
		      struct err *e) MUST_CHECK;

/* As statusview_shard, of the version made at `iat`: /s/<n>.at/<iat>.  One version a shard is kept. */
bool statusview_past(struct statusview *v, uint64_t n, int64_t iat, struct statusview_shard **out,
		     struct err *e) MUST_CHECK;

/*
 * Ask once for the shard's /s/<n>.tlog-proof: when it shows this very version as an entry of a signed tree, s->proof_tree is
 * that tree and s->proof_relation how it stands to the log shown; RELATION_SHOWN: the list is in the log.
 */
void statusview_prove(struct statusview *v, struct statusview_shard *s, struct logview *log);

#endif
