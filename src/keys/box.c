/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/box.h"

#include <sodium.h>

_Static_assert((int)BOX_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");
_Static_assert((int)BOX_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag size");
_Static_assert((int)BOX_PERSONAL == crypto_generichash_blake2b_PERSONALBYTES, "personal size");

static const unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

void box_key(const char *personal, struct str secret, unsigned char key[BOX_KEY])
{
	unsigned char person[BOX_PERSONAL] = { 0 };

	for (size_t i = 0; i < sizeof person && personal[i] != '\0'; i++)
		person[i] = (unsigned char)personal[i];
	/* Always 0 with these lengths (libsodium, "Generic hashing"). */
	(void)crypto_generichash_blake2b_salt_personal(
		key, BOX_KEY, (const unsigned char *)secret.p, secret.n, NULL, 0, NULL, person);
}

void box_seal(const unsigned char key[BOX_KEY], struct str data, struct str plain,
	      unsigned char *out)
{
	/* Always 0 with lengths that fit memory (libsodium, "XChaCha20-Poly1305 construction"). */
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, (const unsigned char *)plain.p,
							 plain.n, (const unsigned char *)data.p,
							 data.n, NULL, nonce, key);
}

bool box_open(const unsigned char key[BOX_KEY], struct str data, struct str sealed,
	      unsigned char *out)
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt(
		       out, NULL, NULL, (const unsigned char *)sealed.p, sealed.n,
		       (const unsigned char *)data.p, data.n, nonce, key) == 0;
}
