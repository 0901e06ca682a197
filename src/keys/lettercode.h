/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_LETTERCODE_H
#define HUFU_KEYS_LETTERCODE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/*
 * What the signer itself reads in the payload of a letter's code before it signs (proof.md §2):
 *
 *   [ 1, 3 | 4, idx, docid, memno, name_zh | nil, name_latin | nil, iat_day, exp_day, digest16,
 *     { 1: recipient | nil, 2: as-at, 3: [ wording, class, look-back, pending ] } ]
 *
 * The strings are items as they are encoded there, heads included, and point into the payload.
 */
struct lettercode {
	unsigned type;
	struct str member_no, native, latin, recipient, wording;
	int64_t iat_day, exp_day, as_at_min;
};

/* An item that is nil: 0xf6. */
bool lettercode_is_nil(struct str item) MUST_CHECK;

/*
 * Deterministic CBOR (RFC 8949 §4.2: definite, shortest form) of that shape and nothing behind it, else ERR_SYSTEM.  The
 * bytes are hostile.  What the texts say is not looked at.
 */
bool lettercode_read(struct str payload, struct lettercode *out, struct err *e) MUST_CHECK;

#endif
