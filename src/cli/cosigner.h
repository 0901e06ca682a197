/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_COSIGNER_H
#define HUFU_CLI_COSIGNER_H

#include "cli/cli.h"
#include "proof/policy.h"
#include "proof/witness.h"

/*
 * A witness at work (proof.md §3): what a site shows of its log is set against what was signed last (logbook.h), and what
 * has grown from that, the frozen logs of the key list included, is signed.
 */
struct cosigner_order {
	const char *site;       /* a folder or an http(s) base */
	const char *checkpoint; /* a file with the note to sign; NULL: what the site shows */
	const char *state;      /* as logbook_open takes it */
	const struct policy *policy;
	const struct note_key *key;
	const struct signer *signer;
};

struct cosigner_result {
	enum witness_word word; /* of `tree` beside `last` */
	struct checkpoint last; /* seen before this call; without origin when none was */
	struct checkpoint tree; /* what was judged; signed but for WITNESS_LATE and WITNESS_FORK */
	struct str line;        /* the cosignature, with \n; empty when nothing was signed */
	/* WITNESS_FORK: two checkpoints that exclude each other, the one seen earlier first, and what ties them */
	struct checkpoint trees[2];
	struct str notes[2], keys; /* keys: the key list under which both are signed */
	struct witness_fork fork;
	const char *evidence; /* "<state>/<log>": where it may be kept */
};

/*
 * What the site shows is /checkpoint and /checkpoint.pending, the one that waits for its quorum: both are judged and the
 * later one signed.  The last checkpoint is on the disk before its cosignature is made.  False, ERR_SYSTEM: the site could
 * not be asked, or shows what is no log of this policy; nothing was signed.  ERR_INPUT, WITNESS-FROZEN: the log does not
 * go on from one the issuer froze.  All of *out lives in cli->arena.
 */
bool cosigner_run(struct cli *cli, const struct cosigner_order *order, struct cosigner_result *out,
		  struct err *e) MUST_CHECK;

#endif
