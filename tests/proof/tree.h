/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_PROOF_TREE_H
#define HUFU_TESTS_PROOF_TREE_H

#include "proof/entry.h"
#include "proof/merkle.h"

/* RFC 6962 §2.1 as it is written there, slow and plain: what the real one is compared with. */

static UNUSED uint64_t tree_split(uint64_t n)
{
	uint64_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

static UNUSED void tree_node(const unsigned char *left, const unsigned char *right,
			     unsigned char *out)
{
	unsigned char bytes[65] = { 1 };

	memcpy(bytes + 1, left, 32);
	memcpy(bytes + 33, right, 32);
	sha256_of(str_bytes(bytes, sizeof bytes), out);
}

/* MTH(D[0:n]) of n leaf hashes. */
static UNUSED void tree_root(const unsigned char (*leaves)[32], uint64_t n, unsigned char *out)
{
	unsigned char left[32], right[32];
	uint64_t k = tree_split(n);

	if (n == 0) {
		sha256_of(STR(""), out);
	} else if (n == 1) {
		memcpy(out, leaves[0], 32);
	} else {
		tree_root(leaves, k, left);
		tree_root(leaves + k, n - k, right);
		tree_node(left, right, out);
	}
}

/* PATH(m, D[0:n]). */
static UNUSED void tree_path(const unsigned char (*leaves)[32], uint64_t n, uint64_t m,
			     struct merkle_proof *out)
{
	uint64_t k = tree_split(n);

	if (n == 1)
		return;
	if (m < k) {
		tree_path(leaves, k, m, out);
		tree_root(leaves + k, n - k, out->hashes[out->count++]);
	} else {
		tree_path(leaves + k, n - k, m - k, out);
		tree_root(leaves, k, out->hashes[out->count++]);
	}
}

/* SUBPROOF(m, D[0:n], whole). */
static UNUSED void tree_subproof(const unsigned char (*leaves)[32], uint64_t n, uint64_t m,
				 bool whole, struct merkle_proof *out)
{
	uint64_t k = tree_split(n);

	if (m == n) {
		if (!whole)
			tree_root(leaves, n, out->hashes[out->count++]);
	} else if (m <= k) {
		tree_subproof(leaves, k, m, whole, out);
		tree_root(leaves + k, n - k, out->hashes[out->count++]);
	} else {
		tree_subproof(leaves + k, n - k, m - k, false, out);
		tree_root(leaves, k, out->hashes[out->count++]);
	}
}

static UNUSED bool tree_same(const struct merkle_proof *a, const struct merkle_proof *b)
{
	return a->count == b->count && memcmp(a->hashes, b->hashes, 32 * a->count) == 0;
}

/* The i-th entry of every log of the tests. */
static UNUSED struct entry tree_entry(uint64_t i)
{
	struct leaf leaf;
	char text[40];
	int n = snprintf(text, sizeof text, "log test %ju", (uintmax_t)i);

	sha256_of(str_bytes(text, (size_t)n), leaf.c_token);
	sha256_of(str_bytes(leaf.c_token, sizeof leaf.c_token), leaf.c_pdf);
	return entry_document(&leaf);
}

#endif
