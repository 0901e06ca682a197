/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_OFFICERS_H
#define HUFU_ISSUE_OFFICERS_H

#include "issue/home.h"
#include "keys/officer.h"

/*
 * The officers of a home: HOME/keys/officers (keys/roster.h), replaced whole at each change, and a journal line
 * "officers.changed" {act, kid, serial, sha256 of the change}.  The store remembers the serial too, so that a file that
 * lost its newest changes opens no home for writing.
 */

/*
 * Draw an officer's key: `path` gets the seed as 64 hexadecimal digits (0600), `path`.pub the public half.  It needs no
 * home.  Neither file is ever written over (ERR_INPUT, OFFICER-EXISTS).
 */
bool officers_key_new(struct arena *a, const char *path, const struct env *env,
		      struct ed25519_public *out, struct err *e) MUST_CHECK;

/* A public key from a file of 64 hexadecimal digits or PEM, hostile.  ERR_INPUT, OFFICER-KEY and the words of pem.h. */
bool officers_public_read(const char *path, struct ed25519_public *out, struct err *e) MUST_CHECK;

/* The enrolled officer that these 8 or 64 hexadecimal digits name, vouched for or not; ERR_INPUT, ROSTER-UNKNOWN. */
bool officers_named(const struct home *h, struct str digits, const struct roster_officer **out,
		    struct err *e) MUST_CHECK;

/* A change, and who signs it. */
struct officers_order {
	enum roster_act act;
	struct ed25519_public public; /* not of endorse */
	struct str name;              /* of enrol */
	const char *const *keys;      /* files of officers' keys, or of roots' */
	size_t key_count;             /* 0: the roots that are files of this home, unlocked */
	int passphrase_fd; /* as for home_unlock; asked for only when roots are unlocked */
};

/*
 * Sign it and put it in force; h->roster is the new one.  `h` is HOME_WRITE.  ERR_INPUT with the codes of roster.h; of
 * ROSTER-SIGNATURE the words say what is missing.
 */
bool officers_change(struct home *h, const struct env *env, const struct officers_order *order,
		     struct err *e) MUST_CHECK;

#endif
