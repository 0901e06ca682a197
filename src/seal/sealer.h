/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_SEALER_H
#define HUFU_SEAL_SEALER_H

#include "base/env.h"
#include "net/http.h"
#include "seal/dss.h"
#include "seal/keyplan.h"

/*
 * The signing half of an electronic seal (PAdES baseline, ETSI EN 319 142-1): from the hash of a PDF's ByteRange to the CMS
 * for its /Contents.  docs/SEAL.md tells of keys, levels, and of every code an error may carry.
 *
 * One struct sealer is for one thread.  Workers get theirs by sealer_fork: certificates and what is known of revocations are
 * shared, the token's session and the connection to the time stamp service are their own.
 */
struct sealer;

enum seal_level {
	SEAL_B_B,  /* signature */
	SEAL_B_T,  /* and a time stamp token in it */
	SEAL_B_LT, /* and in the document's security store all that validates both later */
};

enum { SEALER_HOLE_SPARE = 256 };

/* Strings are lent until sealer_open returns; url, limits and policy while the seal lives. */
struct sealer_plan {
	struct sealkey_plan key;
	/*
	 * PEM: the seal's own certificate first, then those above it; self-issued ones are the roots its path may end in.
	 * Of SEALKEY_PKCS12 they stand behind the file's own.
	 */
	struct str certs;
	enum seal_level level;
	/*
	 * --degrade: the lowest level that may be made when a service gives no answer; else the level itself.  A bad answer
	 * is an error all the same.
	 */
	enum seal_level floor;
	const char *tsa_url; /* above SEAL_B_B */
	/* PEM: roots of the time stamp service, and what may help with its path. */
	struct str tsa_certs;
	const char *tsa_policy;           /* "1.2.3.4", NULL for any */
	const struct http_limits *limits; /* of all services; NULL: http_limits */
	/* How often a service that is down is asked, and the pause before the second try. */
	unsigned tries, pause_ms;
	/* At least so long between two time stamps of one worker; 0: none. */
	unsigned tsa_gap_ms;
};

/*
 * Open the key (its PIN or passphrase is tried once) and the certificates; nothing is asked of the net.  ed25519_start
 * must have been called.  Codes of sealkey.h, cryptoki.h and cert.h; ERR_USAGE for a plan without what its level needs.
 */
bool sealer_open(const struct sealer_plan *plan, const struct env *env, struct sealer **out,
		 struct err *e) MUST_CHECK;
void sealer_free(struct sealer *s); /* accepts NULL; forks first */

/*
 * Once before a batch, and again before each further block of documents: judge the path of certificates now; above B-B
 * measure a time stamp token once; for B-LT fetch OCSP answers and CRLs unless those at hand are younger than
 * REVCACHE_AGE_S.  No fork may be signing meanwhile.  Codes of cert_path, tsa.h, revcache.h, SEAL-DSS-LARGE.
 */
bool sealer_prepare(struct sealer *s, struct err *e) MUST_CHECK;

/* What goes into the document's security store; empty below B-LT.  Lent till sealer_prepare is called again. */
const struct dss *sealer_dss(const struct sealer *s);

/* Bytes the CMS may need, measured: its certificates, the longest signature, the longest token seen, and a spare. */
size_t sealer_hole(const struct sealer *s);

/* The same seal for another thread, of a seal that is prepared; it must be freed before s. */
bool sealer_fork(const struct sealer *s, struct sealer **out, struct err *e) MUST_CHECK;

/* What was made. */
struct sealer_done {
	enum seal_level level;
	int64_t time; /* of the token, Unix seconds; 0 without one */
};

/*
 * The CMS over this hash of the ByteRange, appended, at most `hole` bytes.  On failure *cms is as it was.  Beside the codes
 * of cryptoki.h and tsa.h:
 *   SEAL-HOLE         it does not fit; sealer_hole has grown: make the document once more
 *   SEAL-TSA-CHANGED  the time stamp service signs by another certificate than the document's security store holds:
 *                     sealer_prepare, and make the document once more
 */
bool sealer_sign(struct sealer *s, const unsigned char sha256[32], size_t hole, struct buf *cms,
		 struct sealer_done *done, struct err *e) MUST_CHECK;

/* For a signer elsewhere (SEALKEY_EXTERNAL, or any): the bytes to be signed over SHA-256, appended. */
bool sealer_attributes(const struct sealer *s, const unsigned char sha256[32], struct buf *out,
		       struct err *e) MUST_CHECK;

/* And its signature over them (RSASSA-PKCS1-v1_5, or ECDSA in DER) made a CMS.  SEAL-SIGNATURE when it is another. */
bool sealer_finish(struct sealer *s, const unsigned char sha256[32], struct str signature,
		   size_t hole, struct buf *cms, struct sealer_done *done,
		   struct err *e) MUST_CHECK;

/* "B-B", "B-T", "B-LT". */
const char *sealer_level_name(enum seal_level level);

/* SHA-256 of the seal's certificate, for manifest and journal. */
void sealer_fingerprint(const struct sealer *s, unsigned char out[32]);

#endif
