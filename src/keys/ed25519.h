/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_ED25519_H
#define HUFU_KEYS_ED25519_H

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

enum { ED25519_PUBLIC = 32, ED25519_SEED = 32, ED25519_SIGNATURE = 64, KID_SIZE = 4 };

/* A public key.  Only ed25519_public_read makes one from foreign bytes. */
struct ed25519_public {
	unsigned char bytes[ED25519_PUBLIC];
};

/* Once per process before any call below; false when libsodium cannot start. */
bool ed25519_start(struct err *e) MUST_CHECK;

/* Accept 32 foreign bytes as a key: on the curve, canonical, not of low order (RFC 8032 §5.1.3; verification.md §3.1). */
bool ed25519_public_read(struct str bytes, struct ed25519_public *out, struct err *e) MUST_CHECK;

/* RFC 8032 verification: S < L, low-order points refused.  The bytes are hostile. */
bool ed25519_verify(const struct ed25519_public *key, struct str message,
		    const unsigned char signature[ED25519_SIGNATURE]) MUST_CHECK;

/* kid = SHA-256(public key)[0..4): a hint (proof.md §2). */
void ed25519_kid(const struct ed25519_public *key, unsigned char kid[KID_SIZE]);

#endif
