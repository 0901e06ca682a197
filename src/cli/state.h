/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_STATE_H
#define HUFU_CLI_STATE_H

#include "cli/cli.h"
#include "proof/memory.h"

/*
 * What a verifier remembers of each log between calls (proof/memory.h), on the disk: one file a log, 0600.  Calls that
 * run at the same time take turns at a lock beside the file and lose nothing of each other.
 */

/* "<hex of SHA-256(vkey)[0..16)>": names a log's file and folder. */
enum { STATE_LOG_NAME = 32 };
bool state_log_name(const struct note_key *log, char out[STATE_LOG_NAME + 1],
		    struct err *e) MUST_CHECK;

/*
 * $XDG_STATE_HOME/hufu/<log>.json and the folder $XDG_CACHE_HOME/hufu/<log> for files fetched from it; NULL when the
 * environment names no place.
 */
bool state_path(struct cli *cli, const struct note_key *log, const char **out,
		struct err *e) MUST_CHECK;
bool state_cache(struct cli *cli, const struct note_key *log, const char **out,
		 struct err *e) MUST_CHECK;

/*
 * What is remembered in the file, in cli->arena; nothing when there is no such file.  A file that is there and cannot be
 * read is ERR_SYSTEM: to go on without it would let a site take back what it showed.
 */
bool state_load(struct cli *cli, const char *path, struct memory *out, struct err *e) MUST_CHECK;

/*
 * Add what this call has seen to the file: of each number the larger stays, revoked indexes are joined.  Made with its
 * folder when it is not there.  Waits at most 10 s for its turn.
 */
bool state_save(struct cli *cli, const char *path, const struct memory *seen,
		struct err *e) MUST_CHECK;

#endif
