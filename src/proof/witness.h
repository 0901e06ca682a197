/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_WITNESS_H
#define HUFU_PROOF_WITNESS_H

#include "net/site.h"
#include "proof/checkpoint.h"
#include "proof/merkle.h"

/*
 * What a witness makes of a checkpoint (proof.md §3, C2SP tlog-witness): it signs only what has grown from the one it saw
 * last, and two signed trees of which neither began as the other are a fork, whoever looks at them.
 */
enum witness_word {
	WITNESS_FIRST, /* nothing was seen of this log before */
	WITNESS_SAME,  /* the tree seen last */
	WITNESS_GROWN, /* it begins with that tree: proven */
	WITNESS_LATE,  /* older than that tree, and not shown to be no beginning of it */
	WITNESS_FORK
};

/*
 * How the larger of two trees began, provable to anybody who has both checkpoints: `root` is what the larger tree had at
 * the size of the smaller, `proof` that this is so (RFC 9162 §2.1.4.2).  When the smaller checkpoint says another root, the
 * log has forked.  As a file, lines of text; between equal sizes none is needed:
 *   "hufu/1/fork", the smaller size, the larger, base64 of root, base64 of each hash of the proof
 */
struct witness_fork {
	uint64_t smaller, larger;
	unsigned char root[SHA256_SIZE];
	struct merkle_proof proof;
};

enum { WITNESS_FORK_BYTES = 4096 };

/*
 * Read a checkpoint (hostile) signed by one of the log's keys; cosignatures are not looked at.  As checkpoint_read.
 */
bool witness_read(struct arena *a, struct str note, const struct note_key *keys, size_t count,
		  struct checkpoint *out, struct err *e) MUST_CHECK;

/*
 * Set the checkpoint `next` against the one seen last (NULL: none), both of one log; the site has the tiles of the larger,
 * and of a first one too.  *fork is filled for WITNESS_FORK.  False: the tiles could not be had, or ERR_INPUT,
 * WITNESS-TILES: they are not those of the tree that was signed, and nothing is known.
 */
bool witness_judge(const struct site *site, const struct checkpoint *last,
		   const struct checkpoint *next, enum witness_word *out, struct witness_fork *fork,
		   struct err *e) MUST_CHECK;

/* Two signed checkpoints of one log, judged without a site. */
enum witness_finding { WITNESS_ONE_LOG, WITNESS_TWO_LOGS, WITNESS_UNPROVEN };

/*
 * `fork` may be NULL and is hostile: it counts only when it proves something about the larger checkpoint.  Unproven:
 * different sizes without that.
 */
enum witness_finding witness_compare(const struct checkpoint *one, const struct checkpoint *other,
				     const struct witness_fork *fork) MUST_CHECK;

bool witness_fork_write(struct buf *out, const struct witness_fork *fork, struct err *e) MUST_CHECK;

/* Read hostile bytes strictly.  ERR_INPUT, WITNESS-FORM. */
bool witness_fork_read(struct str bytes, struct witness_fork *out, struct err *e) MUST_CHECK;

#endif
