/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_MUX_H
#define HUFU_KEYS_MUX_H

#include "keys/signer.h"

enum { MUX_MAX = 4 };

/*
 * Several signers as one: of those that have a key of a role and number the first signs, unless signer_select names a
 * key of another; the home secret is the last one's.  Takes them over whatever happens; *out is the caller's.
 */
bool mux_of(struct signer *const *signers, size_t count, struct signer **out,
	    struct err *e) MUST_CHECK;

#endif
