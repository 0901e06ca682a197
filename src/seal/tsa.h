/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_TSA_H
#define HUFU_SEAL_TSA_H

#include <openssl/x509.h>
#include <stdint.h>

#include "base/buf.h"
#include "seal/service.h"

/* Time stamps (RFC 3161, RFC 5816): the request, the reply, the token; SHA-256 imprints. */
enum {
	TSA_REPLY_MAX = 64 * 1024,
	TSA_NONCE = 8,
	TSA_POLICY_MAX = 32, /* content bytes of an object identifier */
	TSA_SKEW_MAX_S = 300
};

struct tsa_request {
	unsigned char sha256[32];
	unsigned char nonce[TSA_NONCE];
	struct str policy; /* content bytes of an OID, empty for any */
};

/* TimeStampReq, appended; certificates are asked for. */
bool tsa_request(const struct tsa_request *r, struct buf *out, struct err *e) MUST_CHECK;

/* What a token says (TSTInfo); lent from its bytes. */
struct tsa_stamp {
	struct str token; /* the ContentInfo */
	struct str imprint, policy, serial;
	struct str nonce;     /* content of the INTEGER, p NULL for none */
	int64_t time;         /* genTime, Unix seconds */
	uint32_t accuracy_ms; /* 0 when it is not said */
};

/*
 * Read a reply to this request; the bytes are hostile.  Nothing is said of the signature.  ERR_SYSTEM:
 *   SEAL-TSA-FORM     not a reply, or not in DER
 *   SEAL-TSA-CUT      it ends in the middle
 *   SEAL-TSA-REFUSED  the service refuses, in its words
 *   SEAL-TSA-NONCE    the nonce is another, or missing: an old reply
 *   SEAL-TSA-IMPRINT  it stamps other bytes
 *   SEAL-TSA-POLICY   it is under another policy
 */
bool tsa_reply_read(struct str reply, const struct tsa_request *r, struct tsa_stamp *out,
		    struct err *e) MUST_CHECK;

/* Read a token alone: SEAL-TSA-FORM, SEAL-TSA-CUT. */
bool tsa_token_read(struct str token, struct tsa_stamp *out, struct err *e) MUST_CHECK;

/*
 * Is it the work of a time stamp service that `roots` vouch for, at the time it says?  `between` may help with the path and
 * be NULL.  *path: from the service's certificate upward (cert_stack_free).  ERR_SYSTEM:
 *   SEAL-TSA-SIGNER   no signer's certificate, or the signature, its hash or the certificate it names is wrong
 *   SEAL-WEAK         a hash below SHA-256
 * and the codes of cert_path.
 */
bool tsa_token_check(const struct tsa_stamp *stamp, STACK_OF(X509) * between,
		     STACK_OF(X509) * roots, STACK_OF(X509) * *path, struct err *e) MUST_CHECK;

/* SEAL-TSA-SKEW unless the time is within TSA_SKEW_MAX_S of `now`, its accuracy counted in. */
bool tsa_skew(const struct tsa_stamp *stamp, int64_t now, struct err *e) MUST_CHECK;

#endif
