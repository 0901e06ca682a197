/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_SEALKEY_H
#define HUFU_SEAL_SEALKEY_H

#include <openssl/x509.h>

#include "base/buf.h"
#include "seal/keyplan.h"

/*
 * The private key of a seal: RSA of 2048, 3072 or 4096 bits (RSASSA-PKCS1-v1_5) or ECDSA on P-256 or P-384, always over
 * SHA-256.  One struct sealkey is for one thread.  Failures are ERR_SYSTEM with a code of docs/SEAL.md; those of a token
 * stand in cryptoki.h.
 */
struct sealkey;

/*
 * Open the key once; ed25519_start must have been called.  A PKCS#12 file gives its certificates in *found, the key's own
 * first (cert_stack_free); else *found is NULL.  A passphrase or PIN is tried once.
 *   SEAL-PIN       it is wrong, or missing
 *   SEAL-KEY-FORM  the file holds no key, or is encrypted in a way that is out of use
 */
bool sealkey_open(const struct sealkey_plan *plan, struct sealkey **out, STACK_OF(X509) * *found,
		  struct err *e) MUST_CHECK;
void sealkey_free(struct sealkey *k); /* accepts NULL */

/*
 * The key becomes that of this certificate: SEAL-KEY-KIND, SEAL-KEY-MISMATCH.  What a token holds is found out by one
 * signature.  Must be called before any of the calls below.
 */
bool sealkey_bind(struct sealkey *k, X509 *leaf, struct err *e) MUST_CHECK;

/* The same for another thread: another session of the token, without its PIN. */
bool sealkey_fork(const struct sealkey *k, struct sealkey **out, struct err *e) MUST_CHECK;

bool sealkey_rsa(const struct sealkey *k);
size_t sealkey_signature_max(const struct sealkey *k); /* bytes */

/* The signature over these bytes as CMS holds it, appended.  A token's is verified first (SEAL-SIGNATURE). */
bool sealkey_sign(struct sealkey *k, struct str bytes, struct buf *out, struct err *e) MUST_CHECK;

/* Is this the key's signature over these bytes?  SEAL-SIGNATURE when not. */
bool sealkey_verify(struct sealkey *k, struct str bytes, struct str signature,
		    struct err *e) MUST_CHECK;

#endif
