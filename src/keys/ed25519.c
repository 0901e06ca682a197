/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/ed25519.h"

#include <sodium.h>

#include "base/hash.h"

_Static_assert((int)ED25519_PUBLIC == crypto_sign_PUBLICKEYBYTES, "public key size");
_Static_assert((int)ED25519_SEED == crypto_sign_SEEDBYTES, "seed size");
_Static_assert((int)ED25519_SIGNATURE == crypto_sign_BYTES, "signature size");

bool ed25519_start(struct err *e)
{
	return sodium_init() >= 0 || err_system(e, "libsodium cannot start");
}

bool ed25519_public_read(struct str bytes, struct ed25519_public *out, struct err *e)
{
	struct ed25519_public key;

	if (bytes.n != sizeof key.bytes)
		return err_input(e, "KEY-LENGTH",
				 "an Ed25519 public key has 32 bytes, this has %zu", bytes.n);
	memcpy(key.bytes, bytes.p, sizeof key.bytes);
	/* Canonical, on the curve, of the large prime order: OpenSSL and WebCrypto accept less, so keys are judged here. */
	if (crypto_core_ed25519_is_valid_point(key.bytes) != 1)
		return err_input(
			e, "KEY-WEAK",
			"is not an Ed25519 public key: not on the curve, not canonical or of low order");
	*out = key;
	return true;
}

bool ed25519_verify(const struct ed25519_public *key, struct str message,
		    const unsigned char signature[ED25519_SIGNATURE])
{
	return crypto_sign_verify_detached(signature, (const unsigned char *)message.p, message.n,
					   key->bytes) == 0;
}

void ed25519_kid(const struct ed25519_public *key, unsigned char kid[KID_SIZE])
{
	unsigned char digest[SHA256_SIZE];

	sha256_of(str_bytes(key->bytes, sizeof key->bytes), digest);
	memcpy(kid, digest, KID_SIZE);
}
