/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_PAYLOAD_H
#define HUFU_PROOF_PAYLOAD_H

#include "proof/token.h"

/*
 * The payload inside a token (proof.md §2):
 *   [ 1, type, idx, docid, memno, name_native | nil, name_latin | nil, iat_day, exp_day | 0, digest16, ext ]
 * ext: {4: admitted_day} for types 1 and 2; {1: recipient | nil, 2: as-at, 3: [wording, class, look-back, pending]} for types
 * 3 and 4; {} or {4: admitted_day} for every other type.
 */
enum {
	PAYLOAD_MEMBER_NO_MAX = 40, /* bytes */
	PAYLOAD_RECIPIENT_MAX =
		60 /* bytes; proof.md §2: longer ones are never cut, they are refused */
};

/*
 * Every rule a payload obeys: ranges, lengths, names that are plain text (no control, bidi, zero-width or private-use
 * character).  ERR_INPUT, TOKEN-FORM or TOKEN-TOO-LONG with the field as pointer.
 */
bool payload_check(const struct token_payload *p, struct err *e) MUST_CHECK;

/* Append the one deterministic form of a payload that payload_check accepts. */
void payload_encode(struct buf *out, const struct token_payload *p);

/* Decode hostile bytes; strings point into them.  *out obeys payload_check. */
bool payload_decode(struct arena *a, struct str bytes, struct token_payload *out,
		    struct err *e) MUST_CHECK;

#endif
