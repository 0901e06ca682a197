/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_WITNESS_KEY_H
#define HUFU_CLI_WITNESS_KEY_H

#include "cli/cli.h"
#include "keys/signer.h"
#include "proof/note.h"

/*
 * A witness's key, in a folder of its own outside any issuing home: kek.json and witness-<kid>.json as in a home
 * (keys/kek.h, keys/keyfile.h), witness.vkey, the line that issuers import, and signer.log (keys/audit.h).  In place of
 * the key file external.json may name a device (keys/external.h).
 */

/*
 * Make the folder (0700) and a key of that name in it, under a new passphrase from the descriptor, or typed twice when it
 * is -1; one of 64 hexadecimal digits is a credential for timers (KEK_RAW).  A key that is there is never replaced.
 */
bool witness_key_new(struct cli *cli, const char *dir, struct str name, int passphrase_fd,
		     struct note_key *out, struct err *e) MUST_CHECK;

/* The public half; needs no passphrase. */
bool witness_key_read(struct cli *cli, const char *dir, struct note_key *out,
		      struct err *e) MUST_CHECK;

/* Unlock it in a process of its own, before anything hostile was read.  *signer is the caller's. */
bool witness_key_unlock(struct cli *cli, const char *dir, const struct note_key *key,
			int passphrase_fd, struct signer **signer, struct err *e) MUST_CHECK;

#endif
