/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_BOX_H
#define HUFU_KEYS_BOX_H

#include "base/attr.h"
#include "base/str.h"

/*
 * A message sealed for whoever knows a secret that both sides have already: XChaCha20-Poly1305-IETF
 * (draft-irtf-cfrg-xchacha) under a key made of the secret, nonce zero.  So a secret seals one message and no other.
 * No locked memory: the secrets of lookup.h are printed on paper.
 */
enum { BOX_KEY = 32, BOX_TAG = 16, BOX_PERSONAL = 16 };

/* BLAKE2b-256(secret; personal, zero-filled).  `personal` is a literal of ours of at most BOX_PERSONAL bytes. */
void box_key(const char *personal, struct str secret, unsigned char key[BOX_KEY]);

/* plain.n + BOX_TAG bytes into out, bound to the associated data. */
void box_seal(const unsigned char key[BOX_KEY], struct str data, struct str plain,
	      unsigned char *out);

/* sealed.n - BOX_TAG bytes into out; false when key, associated data or sealed bytes (hostile) are not those of box_seal. */
bool box_open(const unsigned char key[BOX_KEY], struct str data, struct str sealed,
	      unsigned char *out) MUST_CHECK;

#endif
