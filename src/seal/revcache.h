/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_REVCACHE_H
#define HUFU_SEAL_REVCACHE_H

#include <openssl/x509.h>
#include <stdint.h>

#include "net/http.h"
#include "seal/dss.h"

/*
 * What is known of revocations, fetched from where the certificates say and used for at most REVCACHE_AGE_S: readers want
 * it from no more than five minutes before the seal.  One thread.
 */
struct revcache;

enum { REVCACHE_AGE_S = 240 };

struct revcache_plan {
	const struct http_limits *limits; /* NULL: http_limits */
	unsigned tries, pause_ms;         /* as service.h */
};

struct revcache *revcache_new(const struct revcache_plan *plan) MUST_CHECK; /* NULL: no memory */
void revcache_free(struct revcache *c);                                     /* accepts NULL */

/*
 * For each certificate of a path (cert_path) but its end: that it is good at `now`, by OCSP, or by CRL when it names no
 * responder or that one gives no answer; and for each responder that its issuer does not exempt.  What was found goes into
 * *d.  ERR_SYSTEM with the codes of revocation.h, and
 *   SEAL-REVOCATION-NONE                         a certificate says nowhere where to ask
 *   SEAL-REVOCATION-DOWN -SLOW -CUT -LARGE -ANSWER  as service.h
 */
bool revcache_collect(struct revcache *c, STACK_OF(X509) * path, int64_t now, struct arena *a,
		      struct dss *d, struct err *e) MUST_CHECK;

/* How many exchanges there were. */
unsigned revcache_asked(const struct revcache *c);

#endif
