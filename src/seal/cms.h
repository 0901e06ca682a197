/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_CMS_H
#define HUFU_SEAL_CMS_H

#include <openssl/x509.h>

#include "base/buf.h"

/*
 * The signature of a PAdES baseline seal: CMS SignedData (RFC 5652), detached, one SignerInfo, SHA-256, signed attributes
 * content-type, message-digest and signing-certificate-v2 (RFC 5035) and no signing-time (ETSI EN 319 142-1 section 6.3);
 * the time stamp token is an unsigned attribute (RFC 3161 appendix A).  DER throughout.
 */
struct cms;

/*
 * All that is the same for every signature of a seal.  `path`: from the seal's certificate upward; what ends it is left
 * out when it is self-issued (a reader has its own roots or does not trust them).
 */
bool cms_new(STACK_OF(X509) * path, bool rsa, struct cms **out, struct err *e) MUST_CHECK;
void cms_free(struct cms *c); /* accepts NULL */

/* The signed attributes as DER SET OF, appended: what is signed. */
bool cms_attributes(const struct cms *c, const unsigned char sha256[32], struct buf *out,
		    struct err *e) MUST_CHECK;

/*
 * The ContentInfo, appended.  `attributes` as cms_attributes gave them, `signature` over them, `token` a TimeStampToken
 * over the signature or empty.
 */
bool cms_assemble(const struct cms *c, struct str attributes, struct str signature,
		  struct str token, struct buf *out, struct err *e) MUST_CHECK;

/* Most bytes cms_assemble can give with a signature and a token of at most so many; token_max 0: none. */
size_t cms_size_max(const struct cms *c, size_t signature_max, size_t token_max);

#endif
