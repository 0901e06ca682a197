/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_CRYPTOKI_H
#define HUFU_SEAL_CRYPTOKI_H

#include "base/buf.h"

/*
 * An RSA or EC private key on a PKCS#11 token (Cryptoki 2.40).  The library runs in this process and sees all of its
 * memory.  Failures are ERR_SYSTEM:
 *   SEAL-PIN            the PIN is wrong; it was tried once and is not tried again
 *   SEAL-PIN-LOCKED     the PIN is locked, or one try is left, which is not taken
 *   SEAL-TOKEN          no such library, token or key, or two of them
 *   SEAL-TOKEN-REMOVED  the token was taken out, or its session ended
 *   SEAL-TOKEN-FAILED   it cannot or will not sign
 */
struct cryptoki;

struct cryptoki_plan {
	const char *module; /* path of the library */
	const char *token;  /* its label */
	const char *label;  /* the private key's */
	struct str pin;     /* 1 to 255 bytes; not kept */
};

/* One session, logged in. */
bool cryptoki_open(const struct cryptoki_plan *plan, struct cryptoki **out,
		   struct err *e) MUST_CHECK;

/* Another session on the same token, for another thread: this process is logged in, so that no PIN is asked. */
bool cryptoki_fork(const struct cryptoki *c, struct cryptoki **out, struct err *e) MUST_CHECK;
void cryptoki_free(struct cryptoki *c); /* accepts NULL */

/* RSA, else EC (SEAL-KEY-KIND at cryptoki_open for another kind). */
bool cryptoki_rsa(const struct cryptoki *c);

/*
 * Sign a SHA-256 hash: RSASSA-PKCS1-v1_5, or ECDSA as SEQUENCE of r and s.  Appended to *out.  One thread at
 * a time.
 */
bool cryptoki_sign(struct cryptoki *c, const unsigned char sha256[32], struct buf *out,
		   struct err *e) MUST_CHECK;

#endif
