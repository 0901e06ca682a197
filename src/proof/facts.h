/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_FACTS_H
#define HUFU_PROOF_FACTS_H

#include <stdint.h>

#include "base/buf.h"

/*
 * The printed facts of one document: what digest16 and the content hash cover and the attachment repeats.  Keys are
 * [a-z0-9_]{1,32}, sorted by bytes, none twice; values are text, dates as YYYY-MM-DD.
 */
struct fact {
	struct str key, value;
};

enum { FACTS_MAX = 32 };

struct facts {
	struct fact items[FACTS_MAX];
	size_t count;
};

/* Insert in order; false (ERR_SYSTEM) when full or the key is there already. */
bool facts_add(struct facts *f, struct str key, struct str value, struct err *e) MUST_CHECK;

/* The value of a key, or NULL. */
const struct str *facts_lookup(const struct facts *f, struct str key);

/* {"admitted":"2020-02-29",…}: canonical JSON (RFC 8785), keys not listed in `without` (NULL-terminated, may be NULL). */
void facts_canonical(struct buf *out, const struct facts *f, const char *const *without);

/* digest16 = SHA-256("hufu/1/record" ‖ 0 ‖ nonce32 ‖ canonical JSON)[0..16), proof.md §2. */
bool facts_digest(const struct facts *f, const unsigned char nonce[32], unsigned char out[16],
		  struct err *e) MUST_CHECK;

/*
 * The content hash (proof.md §1): SHA-256 of the canonical JSON
 *   {"facts":{every fact but "issued"},"template":"<template id>","version":<template version>}
 * Two documents of one member with equal content hash say the same, so the second is not issued.
 */
bool facts_content_hash(const struct facts *f, struct str template_id, uint64_t version,
			unsigned char out[32], struct err *e) MUST_CHECK;

#endif
