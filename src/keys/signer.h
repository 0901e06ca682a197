/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_SIGNER_H
#define HUFU_KEYS_SIGNER_H

#include <stdint.h>

#include "keys/ed25519.h"
#include "keys/role.h"

/*
 * Whoever holds the private keys.  The caller says which key by role (and, for issuing keys, document type 1–255;
 * 0 else; for root keys `type` is their number from 1).  Behind it: a key ring unlocked from files; later a process of
 * its own, PKCS#11, an external command.
 */
struct signer;

/* The public half that would sign; false (ERR_INPUT, NO-KEY) when no active key has that role and type. */
bool signer_public(const struct signer *s, enum key_role role, unsigned type,
		   struct ed25519_public *out, struct err *e) MUST_CHECK;

/*
 * Sign a COSE_Sign1 payload with an issuing or status key: the signer itself builds Sig_structure (RFC 9052 §4.4) from
 * `protected` and `payload` under external_aad `aad`, so that it never signs bytes it did not shape.  Thread-safe.
 */
bool signer_cose(const struct signer *s, enum key_role role, unsigned type,
		 struct str protected_header, struct str aad, struct str payload,
		 unsigned char out[ED25519_SIGNATURE], struct err *e) MUST_CHECK;

/* Sign a note body (C2SP signed-note; ends with \n) with a root, log or witness key. */
bool signer_note(const struct signer *s, enum key_role role, unsigned number, struct str body,
		 unsigned char out[ED25519_SIGNATURE], struct err *e) MUST_CHECK;

/* Sign "hufu/1/pop" ‖ 0 ‖ issuer ‖ 0 ‖ public (proof.md §4) with the key itself. */
bool signer_pop(const struct signer *s, enum key_role role, unsigned type, struct str issuer,
		unsigned char out[ED25519_SIGNATURE], struct err *e) MUST_CHECK;

/* HMAC-SHA-256 and HMAC-SHA-512 under the home secret; parts joined.  Thread-safe. */
bool signer_hmac256(const struct signer *s, const struct str *parts, size_t count,
		    unsigned char out[32], struct err *e) MUST_CHECK;
bool signer_hmac512(const struct signer *s, const struct str *parts, size_t count,
		    unsigned char out[64], struct err *e) MUST_CHECK;

#endif
