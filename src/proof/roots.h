/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_ROOTS_H
#define HUFU_PROOF_ROOTS_H

#include "proof/policy.h"

/*
 * The roots of a policy and what they sign: key lists, and the policies that follow (C2SP signed-note, k of n).
 */

/*
 * Append a signature line for each root whose private half the signer holds and whose line is not in `lines` yet, until
 * `lines` has k of them.  *signatures: how many roots of the policy have now signed; fewer than k is no failure.
 */
bool roots_sign(struct buf *lines, struct str body, const struct policy *policy,
		struct signer *signer, unsigned *signatures, struct err *e) MUST_CHECK;

/* Append the lines of the policy's roots that `note` has, verified, and `lines` has not. */
bool roots_take(struct buf *lines, const struct note *note, const struct policy *policy,
		struct err *e) MUST_CHECK;

/* How many of the policy's roots signed the note; false (ERR_INPUT) when one of their lines does not verify. */
bool roots_count(const struct note *note, const struct policy *policy, unsigned *signatures,
		 struct err *e) MUST_CHECK;

#endif
