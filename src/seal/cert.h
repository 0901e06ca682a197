/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_CERT_H
#define HUFU_SEAL_CERT_H

#include <openssl/x509.h>
#include <stdint.h>

#include "base/buf.h"

/* X.509 certificates (RFC 5280).  Failures are ERR_SYSTEM with a code of docs/SEAL.md. */
enum { CERT_FILE_MAX = 256 * 1024, CERT_COUNT_MAX = 16, CERT_PATH_MAX = 8, CERT_NAME_MAX = 160 };

/*
 * The certificates of a PEM text in their order, 1 to CERT_COUNT_MAX, words around them passed over; or of one DER
 * certificate.  The caller frees the stack with cert_stack_free.  SEAL-CERT-FORM.
 */
bool cert_load(struct str text, STACK_OF(X509) * *out, struct err *e) MUST_CHECK;
void cert_stack_free(STACK_OF(X509) * stack); /* and what is in it; accepts NULL */

/* x is added to the stack, which holds it from then on too. */
bool cert_push(STACK_OF(X509) * stack, X509 *x, struct err *e) MUST_CHECK;

/* Its DER, appended.  A certificate that was read gives the bytes it was read from. */
bool cert_der(const X509 *x, struct buf *out, struct err *e) MUST_CHECK;

/* One certificate from exactly these bytes; the caller frees it with X509_free. */
bool cert_of_der(struct str bytes, X509 **out, struct err *e) MUST_CHECK;

/* Who it is of, for words: "/C=CN/O=…/CN=…", NUL-terminated; returns out. */
const char *cert_name(const X509 *x, char out[CERT_NAME_MAX]);

bool cert_self_issued(const X509 *x);

/* RSA of 2048, 3072 or 4096 bits, or ECDSA on P-256 or P-384; else SEAL-KEY-KIND.  *rsa tells which. */
bool cert_key_kind(EVP_PKEY *key, bool *rsa, struct err *e) MUST_CHECK;

/* SEAL-KEY-MISMATCH unless `key` (its private or public half) is the certificate's. */
bool cert_key_matches(const X509 *x, const EVP_PKEY *key, struct err *e) MUST_CHECK;

/* SEAL-NOT-YET or SEAL-EXPIRED unless it is valid at `at` (Unix seconds). */
bool cert_valid(const X509 *x, int64_t at, struct err *e) MUST_CHECK;

/* What a certificate is used for. */
enum cert_use {
	/*
	 * A seal: key usage digitalSignature or nonRepudiation, no CA (SEAL-KEY-USAGE); extended key usage absent or one
	 * of id-kp-documentSigning (RFC 9336), Adobe's and Microsoft's document signing, emailProtection (SEAL-PURPOSE).
	 */
	CERT_SEAL,
	/* A time stamp service (RFC 3161 section 2.3): extended key usage timeStamping, critical, alone (SEAL-PURPOSE). */
	CERT_TSA,
	/* A delegated OCSP responder (RFC 6960 section 4.2.2.2): OCSPSigning (SEAL-PURPOSE). */
	CERT_OCSP,
};

bool cert_may(X509 *x, enum cert_use use, struct err *e) MUST_CHECK;

struct cert_path_plan {
	X509 *leaf;
	STACK_OF(X509) * between; /* certificates to build the path of, no order; may be NULL */
	STACK_OF(X509) * roots;   /* those the path may end in */
	int64_t at;               /* all of the path is valid then */
	enum cert_use use;
};

/*
 * The path from leaf to one of `roots`, both included, at most CERT_PATH_MAX long, each link's signature, basic
 * constraints, path length and key usage judged (RFC 5280 section 6), nothing weaker than 112 bits (no SHA-1, no RSA below
 * 2048).  The caller frees *out with cert_stack_free.  Beside the codes of cert_valid and cert_may:
 *   SEAL-CHAIN      an issuer is missing
 *   SEAL-KEY-ID     a certificate of the issuer's name is there, but its key identifier is another
 *   SEAL-UNTRUSTED  it ends in a certificate that is not among the roots, or a link is broken
 *   SEAL-WEAK       a key or hash on the way is too weak
 */
bool cert_path(const struct cert_path_plan *plan, STACK_OF(X509) * *out, struct err *e) MUST_CHECK;

#endif
