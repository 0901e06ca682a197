/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_LOGVIEW_H
#define HUFU_PROOF_LOGVIEW_H

#include "proof/entry.h"
#include "proof/fetch.h"
#include "proof/memory.h"
#include "proof/sidecar.h"
#include "proof/tile.h"
#include "proof/verdict.h"

/*
 * The public log as one site shows it: the newest checkpoint, signed by the log and cosigned by the pinned quorum, and the
 * tiles under it.  Read once and kept; tiles are fetched when a question needs them.
 */
struct logview {
	struct fetch *fetch;
	const struct policy *policy;
	const struct keylist *keylist;
	struct arena *arena; /* of a checkpoint's reading; reset each time */
	bool read;           /* the site was asked for its checkpoint */
	bool has_tree;       /* `tree` is signed by the log; gap may still be WITNESSES */
	enum log_gap gap;
	struct log_tree tree;
	unsigned witnesses;
	int64_t newest; /* latest time a witness states; 0 for none */
	struct tile_reader *tiles;
	/*
	 * Every file costs: where an entry is asked for, the leaves around it are hashed from their entries, which come in
	 * one file, instead of being fetched too.
	 */
	bool sparing;
	struct logview_leaves *leaves; /* the last that were; NULL: none */
	struct logview_node *nodes; /* inner nodes that were computed, by a hash of their place */
};

/* Everything is lent till logview_close.  False when memory ran out; *v can then be closed all the same. */
bool logview_open(struct logview *v, struct fetch *fetch, const struct policy *policy,
		  const struct keylist *keylist, struct err *e) MUST_CHECK;
void logview_close(struct logview *v);

/* How many witnesses a checkpoint needs: the greater of the policy's and the list's word; 0: none. */
unsigned logview_quorum(const struct logview *v);

/*
 * Judge a checkpoint: signed by a key of the log that goes on; of the policy's own witnesses its
 * own quorum (a key list cannot lower it by naming others), of all together the list's.  LOG_GAP_NONE, _WITNESSES: *out is
 * signed; else *why says what is wrong.
 */
enum log_gap logview_judge(struct logview *v, struct str checkpoint, struct log_tree *out,
			   struct checkpoint_witnesses *who, struct err *why);

/* Ask the site for its checkpoint, once. */
void logview_read(struct logview *v);

/* How another signed tree stands to the one shown. */
enum log_relation {
	RELATION_UNPROVEN,  /* smaller, and not shown to be its beginning */
	RELATION_SHOWN,     /* the same, or its beginning */
	RELATION_AHEAD,     /* larger: what is shown is old */
	RELATION_FORK,      /* same size, another root */
	RELATION_REWRITTEN, /* smaller, and not its beginning */
	RELATION_TILES      /* unproven, since the tiles are not those of the root shown */
};

/* Needs has_tree.  Tiles are fetched only when `may_fetch`. */
enum log_relation logview_relate(struct logview *v, const struct log_tree *other, bool may_fetch);

enum leaf_look {
	LOOK_UNKNOWN, /* no tree, or tiles that could not be had */
	LOOK_BEYOND,  /* the tree ends before idx */
	LOOK_MATCHES, /* the entry at idx hashes to `want` */
	LOOK_ENTRY,   /* *entry is what stands at idx */
	LOOK_TILES    /* what the site published is not of the signed root */
};

/* What stands at idx in the tree shown.  `want` (may be NULL): the hash hoped for; the entry is fetched when it is not. */
enum leaf_look logview_leaf(struct logview *v, uint64_t idx, const unsigned char want[SHA256_SIZE],
			    struct entry *entry);

/* Put a fault into evidence; the first one stays.  `known` may be NULL. */
void logview_fault(struct evidence *out, enum log_fault what, const struct log_tree *shown,
		   const struct log_tree *known);

#endif
