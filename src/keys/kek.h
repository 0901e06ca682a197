/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_KEK_H
#define HUFU_KEYS_KEK_H

#include "base/env.h"
#include "keys/secret.h"

/*
 * One unlock per home (proof.md §4): the passphrase opens the home's key-encrypting key, and that opens the key files.
 * It stands in KEYS/kek.json, mode 0600, one line of canonical JSON:
 *
 *   {"kdf":…,"nonce":hex 24,"salt":hex 16,"schema":"hufu.kek/1","sealed":hex 32+16}
 *
 * sealed = XChaCha20-Poly1305-IETF of the 32 bytes under the key the KDF makes of passphrase and salt; associated data
 * = the same object without nonce and sealed.
 */
struct kek;

enum kek_kdf {
	KEK_ARGON2ID, /* "argon2id-moderate": a typed passphrase, ≥ 8 bytes, final line break dropped; 0.5 s, 256 MB */
	KEK_RAW /* "raw": BLAKE2b-256(credential; salt, personal "hufu/1/kek"); ≥ 32 random bytes */
};

enum { KEK_PASSPHRASE_MIN = 8, KEK_CREDENTIAL_MIN = 32, KEK_NONCE = 24, KEK_TAG = 16 };

/* Draw a new key and write keys_dir/kek.json; one that is there already is never replaced. */
bool kek_create(const char *keys_dir, enum kek_kdf kdf, struct str passphrase,
		const struct env *env, struct kek **out, struct err *e) MUST_CHECK;

/* Open keys_dir/kek.json.  ERR_SYSTEM for a wrong passphrase, a file others can read or one that was changed. */
bool kek_open(const char *keys_dir, struct str passphrase, struct kek **out,
	      struct err *e) MUST_CHECK;

/* Seal the same key under another passphrase and replace keys_dir/kek.json; key files stay as they are. */
bool kek_change(const char *keys_dir, const struct kek *kek, enum kek_kdf kdf,
		struct str passphrase, const struct env *env, struct err *e) MUST_CHECK;

void kek_free(struct kek *kek); /* accepts NULL */

/*
 * Seal plain.n bytes into out (plain.n + KEK_TAG bytes), or open them again.  A nonce is random and used once.
 * kek_unseal is false when nonce, associated data or sealed bytes are not those of kek_seal.
 */
void kek_seal(const struct kek *kek, const unsigned char nonce[KEK_NONCE], struct str header,
	      struct str plain, unsigned char *out);
bool kek_unseal(const struct kek *kek, const unsigned char nonce[KEK_NONCE], struct str header,
		struct str sealed, unsigned char *out) MUST_CHECK;

#endif
