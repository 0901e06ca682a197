/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_LOGBOOK_H
#define HUFU_CLI_LOGBOOK_H

#include "cli/cli.h"
#include "proof/policy.h"

/*
 * What a witness keeps between calls, in one folder.  <issuer> and <log> are the hexadecimal SHA-256, first 16 bytes, of
 * "hufu/1/witness" ‖ 0 ‖ issuer, and of that ‖ 0 ‖ origin:
 *
 *   <log>.checkpoint   the last one it signed of this log, as it came
 *   <issuer>.json      which key list it saw (proof/memory.h)
 *   <issuer>.lock      held by the witness at work: two never judge one issuer's log at the same time
 *
 * The origin names the log, not its key, so that a key that follows another is held to the same tree.
 */
struct logbook {
	const char *dir;
	struct str issuer;
	const char *keys; /* path of <issuer>.json */
	int lock;         /* -1 when closed */
	struct str log;   /* "<log>" */
	struct str last;  /* the checkpoint; empty: none was seen */
};

/*
 * Open an issuer's, made with its folder (0700) when it is not there, and take the lock; waits at most 10 s.  `dir` NULL:
 * $XDG_STATE_HOME/hufu/witness.
 */
bool logbook_open(struct cli *cli, const char *dir, struct str issuer, struct logbook *out,
		  struct err *e) MUST_CHECK;
void logbook_close(struct logbook *b); /* also one that failed to open */

/*
 * Turn to one of its logs: log and last are filled.  A file that is there and cannot be read is a failure: without it a
 * witness would sign what it must not.
 */
bool logbook_turn(struct logbook *b, struct cli *cli, struct str origin, struct err *e) MUST_CHECK;

/* Make this its last checkpoint, durably.  Nothing may be signed before it returns true. */
bool logbook_write(struct logbook *b, struct cli *cli, struct str checkpoint,
		   struct err *e) MUST_CHECK;

#endif
