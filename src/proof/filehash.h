/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_FILEHASH_H
#define HUFU_PROOF_FILEHASH_H

#include "base/hash.h"

enum { FILEHASH_PREFIXES_MAX = 64 }; /* the first ones; an issued file has a handful of %%EOF */

/* SHA-256 of a file and of its beginnings: all that is needed of it once its code was read. */
struct filehash {
	unsigned char whole[SHA256_SIZE];
	size_t count;
	size_t lengths[FILEHASH_PREFIXES_MAX];
	unsigned char prefixes[FILEHASH_PREFIXES_MAX][SHA256_SIZE];
};

/*
 * Hash the file in one pass.  `lengths`: where an earlier revision may end, ascending; those that do not ascend, or are not
 * below file.n, are passed over.  False when memory ran out.
 */
bool filehash_of(struct str file, const size_t *lengths, size_t count, struct filehash *out,
		 struct err *e) MUST_CHECK;

#endif
