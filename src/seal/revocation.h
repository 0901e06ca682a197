/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_REVOCATION_H
#define HUFU_SEAL_REVOCATION_H

#include <openssl/x509.h>
#include <stdint.h>

#include "base/buf.h"

/* Was a certificate revoked?  OCSP (RFC 6960) and CRLs (RFC 5280 section 5); the bytes are hostile. */
enum {
	REVOCATION_OCSP_MAX = 64 * 1024,
	REVOCATION_CRL_MAX = 256 * 1024, /* every document carries it */
	REVOCATION_SKEW_S = 300,
	REVOCATION_URL_MAX = 512
};

struct revocation_asked {
	X509 *cert, *issuer;
	int64_t at; /* Unix seconds; the answer must be fresh then */
};

struct revocation_answer {
	int64_t from,
		to; /* thisUpdate, nextUpdate; `to` is REVOCATION_SKEW_S behind `from` when it is not said */
	X509 *responder; /* a delegated one, to be freed by X509_free; NULL: the issuer itself */
	bool responder_unchecked; /* the issuer says that nobody need check it (id-pkix-ocsp-nocheck) */
};

/* OCSPRequest for the certificate, appended; without nonce, so that responders may answer from stock (RFC 5019). */
bool revocation_request(const struct revocation_asked *asked, struct buf *out,
			struct err *e) MUST_CHECK;

/*
 * An OCSPResponse that says the certificate is good.  ERR_SYSTEM:
 *   SEAL-REVOKED             it was revoked
 *   SEAL-REVOCATION-UNKNOWN  the responder does not know it
 *   SEAL-REVOCATION-STALE    the answer is of another time
 *   SEAL-REVOCATION-REFUSED  the responder does not answer the question
 *   SEAL-REVOCATION-SIGNER   the issuer has not authorised who signed it, or the signature is wrong
 *   SEAL-REVOCATION-FORM     not an answer, or one for another certificate
 *   SEAL-WEAK                signed over a hash other than SHA-2
 */
bool revocation_ocsp(const struct revocation_asked *asked, struct str reply,
		     struct revocation_answer *out, struct err *e) MUST_CHECK;

/* A CRL in DER, complete for this certificate, that does not name it.  The same codes. */
bool revocation_crl(const struct revocation_asked *asked, struct str crl,
		    struct revocation_answer *out, struct err *e) MUST_CHECK;

/* Where to ask: the certificate's first http address; false when it names none. */
bool revocation_ocsp_url(X509 *cert, char out[REVOCATION_URL_MAX]) MUST_CHECK;
bool revocation_crl_url(X509 *cert, char out[REVOCATION_URL_MAX]) MUST_CHECK;

#endif
