/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_INIT_H
#define HUFU_ISSUE_INIT_H

#include "base/env.h"
#include "issue/config.h"
#include "keys/secret.h"
#include "seal/authority.h"

struct init_order {
	const char *home;     /* to be made; must not exist, or be an empty folder */
	const char *share;    /* where the program's templates/ and fonts/ are */
	struct config config; /* origin and passphrase_file are filled by init */
	bool demo;  /* the demo's associations, keys under a passphrase file of the home */
	bool seals; /* and electronic seals with keys of this kind, by an authority of its own */
	enum authority_key seal_key;
	struct secret passphrase; /* not for a demo: what will open the home */
};

enum { INIT_ROOTS = 3, INIT_ROOT_QUORUM = 2, INIT_TYPES = 4, KEYLIST_MONTHS = 12 };

/*
 * Make an issuing home: keys (roots 2 of 3, issuing keys for types 1–4, status, log, manifest, home secret), policy.json,
 * site/keys.note, templates, store, journal.  It is built beside its place and renamed there, so that a home is whole or
 * not there.  `fingerprint`: of the new policy, POLICY_FINGERPRINT characters and NUL.
 */
bool init_home(struct arena *a, const struct env *env, const struct init_order *order,
	       char *fingerprint, struct err *e) MUST_CHECK;

#endif
