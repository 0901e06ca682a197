/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_PEM_H
#define HUFU_KEYS_PEM_H

#include "base/buf.h"
#include "keys/ed25519.h"

/* Ed25519 keys as other programs write them: DER of RFC 8410 in the PEM of RFC 7468, one line of base64. */

/* SubjectPublicKeyInfo, "-----BEGIN PUBLIC KEY-----". */
void pem_public(const struct ed25519_public *key, struct buf *out);

/* The same read back; hostile.  ERR_INPUT, KEY-PEM or the words of ed25519_public_read. */
bool pem_public_read(struct str text, struct ed25519_public *out, struct err *e) MUST_CHECK;

/* Does the text begin as a public key in PEM? */
bool pem_is_public(struct str text) MUST_CHECK;

/* PKCS #8, "-----BEGIN PRIVATE KEY-----": the seed; false when it is none.  Nothing of it stays behind elsewhere. */
bool pem_seed_read(struct str text, unsigned char seed[ED25519_SEED]) MUST_CHECK;

#endif
