/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_RING_H
#define HUFU_KEYS_RING_H

#include "keys/keyfile.h"
#include "keys/signer.h"

/*
 * A signer whose keys are in the memory of this process.  Of several keys with the same role and number the newest
 * (home: highest version) signs, unless signer_select names another; the ring knows no states, so hand it the active
 * ones only.  Read-only once made: any number of threads may sign.
 */

/* Which listed keys to unlock; a key that is not wanted is not even decrypted. */
struct ring_filter {
	void *self;
	bool (*wanted)(void *self, const struct keyfile *key);
};

/*
 * Unlock the key files of a folder that the filter wants (NULL: all).  The home's key may be freed afterwards.
 * *out is owned by the caller (signer_free).
 */
bool ring_open(const char *keys_dir, const struct kek *kek, const struct ring_filter *filter,
	       struct signer **out, struct err *e) MUST_CHECK;

/* A key given as its seed, for test vectors and for keys that never touch a file. */
struct ring_seed {
	enum key_role role;
	unsigned number;
	unsigned char seed[ED25519_SEED];
};

bool ring_of_seeds(const struct ring_seed *seeds, size_t count, struct signer **out,
		   struct err *e) MUST_CHECK;

#endif
