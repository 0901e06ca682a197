/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_GUARD_H
#define HUFU_KEYS_GUARD_H

#include "base/env.h"
#include "keys/officer.h"
#include "keys/roster.h"

/*
 * What stands between an issuing key and a letter: the officers there are, the issuer they are officers of, and a clock.
 * Read-only; lives as long as the signer it is given to.
 */
struct signer_guard {
	const struct roster *roster;
	struct str issuer;
	const struct env *env;
};

enum {
	GUARD_AGE_MAX = 7 * 24 * 3600, /* seconds from an approval to the letter's as-at */
	GUARD_CLOCK_MAX = 10 * 60      /* seconds a letter may be ahead of the clock */
};

/*
 * From now on the signer signs payloads of types 3 and 4 by signer_letter only; NULL: as without.  Before the signer is
 * shared.  A signer in a process of its own has its guard there (process.h) and needs none here.
 */
void signer_guard(struct signer *s, const struct signer_guard *guard);

/*
 * May this payload of document type `type` be signed for `issuer` on the strength of the proof?  Both statements verify and
 * are of two different enrolled officers, one who prepared and another who approved; they say the same of the same
 * application of this issuer, and the payload says that and no more: a name of theirs may be left out, not both.  Its as-at
 * is not before either of them by the minute, at most GUARD_AGE_MAX after the approval and GUARD_CLOCK_MAX ahead of the
 * clock; it is issued within a day of that and expires within the days they allow.
 *
 * ERR_INPUT: OFFICER-FORM, OFFICER-SIGNATURE, OFFICER-UNKNOWN, APPROVAL-MISSING, APPROVAL-ONE-OFFICER, APPROVAL-OTHER,
 * APPROVAL-EXPIRED, APPROVAL-FUTURE.
 */
bool guard_letter(const struct signer_guard *g, unsigned type, struct str issuer,
		  struct str payload, const struct officer_proof *proof, struct err *e) MUST_CHECK;

#endif
