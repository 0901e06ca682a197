/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_PAYLOAD_H
#define HUFU_ISSUE_PAYLOAD_H

#include "proof/facts.h"
#include "proof/token.h"

/*
 * What the printed facts say of a token's payload (proof.md §2), so that code and page cannot differ: type, member number,
 * names, day of expiry, and for types 3 and 4 recipient, as-at time, wording, class, look-back and pending, for every other
 * type the day of admission.  The recipient is the short form where the page prints one.  What no fact says is zero
 * or nil: idx, docid, day of issue and digest16 are the caller's.  A reply about nobody (W7) has the member number "-",
 * since a payload without one is none.
 *
 * Strings are lent from the facts.  ERR_SYSTEM with the fact as pointer when a fact is not what its key says; as_at must
 * be in the zone utc_offset_min that all days of the payload are counted in.
 */
bool payload_of_facts(const struct facts *facts, unsigned type, int utc_offset_min,
		      struct token_payload *out, struct err *e) MUST_CHECK;

#endif
