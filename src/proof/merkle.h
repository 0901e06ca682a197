/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_MERKLE_H
#define HUFU_PROOF_MERKLE_H

#include "base/hash.h"

/* The Merkle tree of RFC 6962 §2.1 over at most 2^62 leaves. */
enum { MERKLE_PROOF_MAX = 64 };

#define MERKLE_SIZE_MAX (UINT64_C(1) << 62)

/* Hashes from the leaf's side upwards. */
struct merkle_proof {
	unsigned char hashes[MERKLE_PROOF_MAX][SHA256_SIZE];
	size_t count;
};

/*
 * Who knows the roots of complete subtrees: hash() yields MTH(D[index·2^level, (index+1)·2^level)).  It is asked only for
 * subtrees inside the tree in question.  False: trouble, or a hash that is not to be had.
 */
struct merkle_source {
	void *self;
	bool (*hash)(void *self, unsigned level, uint64_t index, unsigned char out[SHA256_SIZE],
		     struct err *e);
};

/* SHA-256(0x00 ‖ entry), SHA-256(0x01 ‖ left ‖ right), SHA-256(""). */
void merkle_leaf(struct str entry, unsigned char out[SHA256_SIZE]);
void merkle_node(const unsigned char left[SHA256_SIZE], const unsigned char right[SHA256_SIZE],
		 unsigned char out[SHA256_SIZE]);
void merkle_empty(unsigned char out[SHA256_SIZE]);

/* The same through a running hash of the caller's, for who hashes millions. */
void merkle_leaf_by(struct sha256 *h, struct str entry, unsigned char out[SHA256_SIZE]);
void merkle_node_by(struct sha256 *h, const unsigned char left[SHA256_SIZE],
		    const unsigned char right[SHA256_SIZE], unsigned char out[SHA256_SIZE]);

/* Made from a source: the root at `size`, the path of leaf `index` < size, the consistency of old ≤ size (§2.1.1, §2.1.2). */
bool merkle_root(const struct merkle_source *from, uint64_t size, unsigned char out[SHA256_SIZE],
		 struct err *e) MUST_CHECK;
bool merkle_inclusion(const struct merkle_source *from, uint64_t size, uint64_t index,
		      struct merkle_proof *out, struct err *e) MUST_CHECK;
bool merkle_consistency(const struct merkle_source *from, uint64_t old_size, uint64_t size,
			struct merkle_proof *out, struct err *e) MUST_CHECK;

/*
 * Checked without one (RFC 9162 §2.1.3.2, §2.1.4.2).  All arguments may be hostile.  From the empty tree every tree grows,
 * with an empty proof; so it is of equal sizes with equal roots.
 */
bool merkle_includes(const unsigned char leaf[SHA256_SIZE], uint64_t index, uint64_t size,
		     const unsigned char root[SHA256_SIZE],
		     const struct merkle_proof *proof) MUST_CHECK;
bool merkle_consistent(uint64_t old_size, const unsigned char old_root[SHA256_SIZE], uint64_t size,
		       const unsigned char root[SHA256_SIZE],
		       const struct merkle_proof *proof) MUST_CHECK;

#endif
