/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_KEYFILE_H
#define HUFU_KEYS_KEYFILE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "keys/ed25519.h"
#include "keys/role.h"

struct kek;

/*
 * One private key: KEYS/<role>[-<number>]-<kid>.json, mode 0600, one line of canonical JSON:
 *
 *   {"algorithm":"Ed25519","created":instant,"kid":hex,"nonce":hex,"number":n,"public":hex,"role":…,
 *    "schema":"hufu.key/1","sealed":hex 32+16}
 *
 * sealed = the seed under the home's key (kek.h), associated data = the object without nonce and sealed.  The home
 * secret has "algorithm":"HMAC-SHA-256", a "version" from 1 and no "public"; its kid is
 * SHA-256("hufu/1/home" ‖ 0 ‖ secret)[0..4).
 */
struct keyfile {
	enum key_role role;
	unsigned number;  /* issuing: document type 1–255; root: 1–255; 0 else */
	unsigned version; /* home: 1–65535; 0 else */
	unsigned char kid[KID_SIZE];
	struct ed25519_public public; /* zero for home */
	int64_t created;              /* Unix seconds */
};

enum { KEYFILES_MAX = 256, KEYFILE_NAME = 40 };

/* The name of its file, NUL-terminated. */
void keyfile_name(const struct keyfile *key, char out[KEYFILE_NAME]);

/*
 * The headers of all key files of a folder, in order of their names; no unlock needed, and so only claims until
 * keyfile_open.  A file whose mode, form, kid or name is not as above fails the whole list (ERR_SYSTEM).
 */
bool keyfile_list(struct arena *a, const char *keys_dir, struct keyfile **out, size_t *count,
		  struct err *e) MUST_CHECK;

/*
 * Draw a new key and write its file.  The caller sets key->role, key->number and, for home, key->version; the rest of
 * *key is filled.  keyfile_store does the same for a seed that is there already (import).
 */
bool keyfile_create(const char *keys_dir, const struct kek *kek, const struct env *env,
		    struct keyfile *key, struct err *e) MUST_CHECK;
bool keyfile_store(const char *keys_dir, const struct kek *kek, const struct env *env,
		   const unsigned char seed[ED25519_SEED], struct keyfile *key,
		   struct err *e) MUST_CHECK;

/*
 * Unseal the seed of a listed key into secret memory of the caller.  ERR_SYSTEM when the file is not that key, was
 * changed, or belongs to another home.
 */
bool keyfile_open(const char *keys_dir, const struct kek *kek, const struct keyfile *key,
		  unsigned char seed[ED25519_SEED], struct err *e) MUST_CHECK;

#endif
