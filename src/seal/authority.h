/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_AUTHORITY_H
#define HUFU_SEAL_AUTHORITY_H

#include <stdint.h>

#include "base/buf.h"

/*
 * A certificate authority that exists for a demonstration: one root and the seals it certifies (RFC 5280, RFC 9336), in
 * memory, its key forgotten with it.  An issuer's own seals come from an authority its readers know.
 */
struct authority;

enum authority_key { AUTHORITY_P256, AUTHORITY_RSA_2048, AUTHORITY_RSA_3072 };

/* `name` as in "Model Institute … demonstration"; valid from a day before `now` for ten years. */
bool authority_new(enum authority_key key, struct str name, int64_t now, struct authority **out,
		   struct err *e) MUST_CHECK;
void authority_free(struct authority *a); /* accepts NULL */

/* The root's certificate in PEM, appended. */
bool authority_root(const struct authority *a, struct buf *out, struct err *e) MUST_CHECK;

/* A new seal of this body: its key (PKCS#8, not encrypted) and its certificate before the root's, both in PEM. */
bool authority_seal(const struct authority *a, struct str name, struct buf *key, struct buf *certs,
		    struct err *e) MUST_CHECK;

#endif
