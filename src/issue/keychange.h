/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_KEYCHANGE_H
#define HUFU_ISSUE_KEYCHANGE_H

#include "base/env.h"
#include "issue/home.h"
#include "keys/keyfile.h"

/*
 * A change of a home's keys (proof.md §4): key files are made first, each durable; then the next version of the key list,
 * and of the policy when roots change, is signed by k roots, written to the journal (event "keys.signed") and put in place
 * as a whole.  A change that ends early leaves key files that no list names, and nothing else.
 *
 *   HOME/keys/history/keys-<version>.note       every list that was in force
 *   HOME/keys/history/policy-<fingerprint>.note  successors of policies, as HOME/site/policy/<fingerprint>.note publishes them
 *   HOME/keys/pending/{keys,policy}.note         a change that waits for roots kept elsewhere: body, blank line, the
 *                                                signatures so far; before.note is the list it follows
 */
struct keychange;

/*
 * Begin: unlock the home's key and draft the next list: version + 1, issued now, expiring in a year.  `h` is HOME_WRITE.
 * An interrupted change is completed first.  ERR_INPUT, KEY-BUSY while a batch or an edition is not signed; ERR_SYSTEM when the clock is
 * behind the list.  Free with keychange_free.
 */
bool keychange_begin(struct home *h, const struct env *env, int passphrase_fd,
		     struct keychange **out, struct err *e) MUST_CHECK;
void keychange_free(struct keychange *c); /* accepts NULL */

/*
 * Make a key file, or with a `seed` store that; *key is filled.  Issuing, status, log and manifest keys enter the list,
 * planned or active; KEY-ACTIVE when one of that role and number is active already.  Root, officer and home keys are
 * files only.
 */
bool keychange_new(struct keychange *c, enum key_role role, unsigned number, bool planned,
		   const unsigned char *seed, struct keyfile *key, struct err *e) MUST_CHECK;

/*
 * A key that a device of HOME/keys/external.json signs with enters the list, as keychange_new's does; the device shows
 * that it has it.  KEY-DEVICE when no device is named for that role, number and public key.
 */
bool keychange_device(struct keychange *c, enum key_role role, unsigned number, bool planned,
		      const struct ed25519_public *public, struct err *e) MUST_CHECK;

/*
 * The active key of this role and number retires as of now; a planned one, or else a new one, takes its place.  Of a root
 * key the policy's, by a new policy; of the home secret the next version, the earlier ones stay.
 */
bool keychange_rotate(struct keychange *c, enum key_role role, unsigned number, struct keyfile *key,
		      struct err *e) MUST_CHECK;

/* Root number `number` (root_count + 1: one more) becomes this key, whose private half is elsewhere. */
bool keychange_root(struct keychange *c, unsigned number, const struct ed25519_public *public,
		    struct err *e) MUST_CHECK;

/* Retire a key without another in its place.  KEY-NEEDED for the last active status, log or manifest key. */
bool keychange_retire(struct keychange *c, struct str kid, struct err *e) MUST_CHECK;

/*
 * A key is in other hands.  Issuing and manifest keys: from_idx, the first position that is not genuine, is needed, at most
 * the log's size, and never more than said before.  Status and log keys: no from_idx, they are revoked at once; the log of
 * an active log key is frozen as the home has it, and a new origin continues it.  A key that was active gets a new one in
 * its place.  KEY-CUT, KEY-ROOT.
 */
bool keychange_compromise(struct keychange *c, struct str kid, bool has_from, uint64_t from_idx,
			  struct err *e) MUST_CHECK;

/* A witness more; its vkey. */
bool keychange_witness(struct keychange *c, struct str vkey, struct err *e) MUST_CHECK;
/* How many witnesses a checkpoint needs; whether that is allowed is told by keychange_commit. */
void keychange_quorum(struct keychange *c, unsigned quorum);

/* Nothing but a new date of expiry. */
void keychange_renew(struct keychange *c);

/* What came of a change, or of signatures brought. */
struct keychange_result {
	bool installed;      /* else it waits in HOME/keys/pending */
	bool listed;         /* false: only files were made, no list was called for */
	uint64_t version;    /* of the list */
	unsigned have, need; /* root signatures; of both policies together when roots change */
	bool policy;         /* the policy changed too */
	char fingerprint[POLICY_FINGERPRINT + 1]; /* of the policy that holds afterwards */
};

/* Sign with the roots that are here, and put in place or keep pending. */
bool keychange_commit(struct keychange *c, struct keychange_result *out, struct err *e) MUST_CHECK;

/* Sign what waits in `folder` with the roots of `h` (HOME_READ: a copy kept offline does), in place. */
bool keychange_sign(struct home *h, const char *folder, int passphrase_fd,
		    struct keychange_result *out, struct err *e) MUST_CHECK;

/* Take the signatures of the folders over into HOME/keys/pending; with enough of them, put the change in place. */
bool keychange_merge(struct home *h, const struct env *env, const char *const *folders,
		     size_t count, struct keychange_result *out, struct err *e) MUST_CHECK;

#endif
