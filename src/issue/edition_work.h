/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_EDITION_WORK_H
#define HUFU_ISSUE_EDITION_WORK_H

#include "issue/edition.h"
#include "net/site_dir.h"
#include "proof/manifest.h"
#include "proof/statuslist.h"
#include "proof/tile.h"

/* What the parts of one edition share.  Private to issue/edition*.c and issue/buckets.c. */
struct edition_work {
	struct home *home;
	const struct env *env;
	struct store_edition *ed;
	struct arena *arena;  /* of this edition */
	struct note_key log;  /* that signs this edition */
	const char *site_dir; /* HOME/site */
	struct site_dir dir;
	struct site site; /* HOME/site as a reader sees it */
	struct tile_edge *edge;
	struct manifest_tree whole;  /* the newest tree of whole tiles */
	struct shard *shard;         /* being made; 16 KB */
	struct merkle_source hashes; /* of the signed tree, while it is installed */
};

/* Sign the shards this edition brings, into HOME/site/s/<n>.at/ and the log; `tree` is the log they claim. */
bool edition_shards(struct edition_work *w, uint64_t tree_size,
		    const unsigned char tree_root[HASH_SIZE], struct err *e) MUST_CHECK;

/* Make the shards of this edition the ones a verifier fetches, each with its proof under `checkpoint`. */
bool edition_shards_show(struct edition_work *w, struct str checkpoint, struct err *e) MUST_CHECK;

/* Take away the partial tiles of tiles that this edition filled. */
bool edition_prune(struct edition_work *w, struct err *e) MUST_CHECK;

/* Seconds after which an unchanged shard is signed again. */
enum { SHARD_AGE_S = 12 * 3600 };

/* A file of HOME/site under `path` ("/s/0.at/1764000000"), whole or not there, not yet durable. */
bool edition_put(struct edition_work *w, const char *path, struct str bytes,
		 struct err *e) MUST_CHECK;

#endif
