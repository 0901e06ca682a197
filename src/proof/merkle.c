/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/merkle.h"

enum { LEAF_PREFIX = 0x00, NODE_PREFIX = 0x01, NODE_BYTES = 1 + 2 * SHA256_SIZE };

void merkle_leaf(struct str entry, unsigned char out[SHA256_SIZE])
{
	sha256_labelled("", &entry, 1, out); /* the zero byte behind an empty label is the prefix */
}

static void node_bytes(const unsigned char left[SHA256_SIZE],
		       const unsigned char right[SHA256_SIZE], unsigned char bytes[NODE_BYTES])
{
	bytes[0] = NODE_PREFIX;
	memcpy(bytes + 1, left, SHA256_SIZE);
	memcpy(bytes + 1 + SHA256_SIZE, right, SHA256_SIZE);
}

void merkle_node(const unsigned char left[SHA256_SIZE], const unsigned char right[SHA256_SIZE],
		 unsigned char out[SHA256_SIZE])
{
	unsigned char bytes[NODE_BYTES];

	node_bytes(left, right, bytes);
	sha256_of(str_bytes(bytes, sizeof bytes), out);
}

void merkle_empty(unsigned char out[SHA256_SIZE])
{
	sha256_of(STR(""), out);
}

void merkle_leaf_by(struct sha256 *h, struct str entry, unsigned char out[SHA256_SIZE])
{
	static const unsigned char prefix = LEAF_PREFIX;

	sha256_begin(h);
	sha256_add(h, &prefix, 1);
	sha256_add(h, entry.p, entry.n);
	sha256_end(h, out);
}

void merkle_node_by(struct sha256 *h, const unsigned char left[SHA256_SIZE],
		    const unsigned char right[SHA256_SIZE], unsigned char out[SHA256_SIZE])
{
	unsigned char bytes[NODE_BYTES];

	node_bytes(left, right, bytes);
	sha256_begin(h);
	sha256_add(h, bytes, sizeof bytes);
	sha256_end(h, out);
}

/* The largest power of two below n; n ≥ 2. */
static uint64_t split_of(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

/*
 * MTH(D[begin:end]), not empty.  `begin` is a multiple of a power of two that is not below end - begin, as every range is
 * that RFC 6962 speaks of; so the range falls apart into complete subtrees, largest first.  Folded from the right.
 */
static bool range_root(const struct merkle_source *from, uint64_t begin, uint64_t end,
		       unsigned char out[SHA256_SIZE], struct err *e)
{
	uint64_t n = end - begin;
	bool first = true;

	for (unsigned level = 0; n >> level != 0; level++) {
		unsigned char hash[SHA256_SIZE];

		if ((n >> level & 1) == 0)
			continue;
		end -= UINT64_C(1) << level;
		if (!from->hash(from->self, level, end >> level, hash, e))
			return false;
		if (first)
			memcpy(out, hash, SHA256_SIZE);
		else
			merkle_node(hash, out, out);
		first = false;
	}
	return true;
}

static bool size_check(uint64_t size, struct err *e)
{
	return size <= MERKLE_SIZE_MAX || err_system(e, "a tree of more than 2^62 leaves");
}

bool merkle_root(const struct merkle_source *from, uint64_t size, unsigned char out[SHA256_SIZE],
		 struct err *e)
{
	if (!size_check(size, e))
		return false;
	if (size > 0)
		return range_root(from, 0, size, out, e);
	merkle_empty(out);
	return true;
}

static bool proof_add(const struct merkle_source *from, uint64_t begin, uint64_t end,
		      struct merkle_proof *p, struct err *e)
{
	return range_root(from, begin, end, p->hashes[p->count++], e);
}

/* Proofs are found from the root downwards and told from the leaf upwards. */
static void proof_turn(struct merkle_proof *p)
{
	for (size_t i = 0; i < p->count / 2; i++) {
		unsigned char hash[SHA256_SIZE];

		memcpy(hash, p->hashes[i], SHA256_SIZE);
		memcpy(p->hashes[i], p->hashes[p->count - 1 - i], SHA256_SIZE);
		memcpy(p->hashes[p->count - 1 - i], hash, SHA256_SIZE);
	}
}

bool merkle_inclusion(const struct merkle_source *from, uint64_t size, uint64_t index,
		      struct merkle_proof *out, struct err *e)
{
	uint64_t begin = 0, end = size;

	if (!size_check(size, e))
		return false;
	if (index >= size)
		return err_system(e, "leaf %ju is not in a tree of %ju", (uintmax_t)index,
				  (uintmax_t)size);
	out->count = 0;
	while (end - begin > 1) { /* each turn halves it: at most 62 */
		uint64_t middle = begin + split_of(end - begin);
		bool left = index < middle;

		if (!proof_add(from, left ? middle : begin, left ? end : middle, out, e))
			return false;
		if (left)
			end = middle;
		else
			begin = middle;
	}
	proof_turn(out);
	return true;
}

bool merkle_consistency(const struct merkle_source *from, uint64_t old_size, uint64_t size,
			struct merkle_proof *out, struct err *e)
{
	uint64_t begin = 0, end = size;

	if (!size_check(size, e))
		return false;
	if (old_size > size)
		return err_system(e, "a tree of %ju does not grow from one of %ju", (uintmax_t)size,
				  (uintmax_t)old_size);
	out->count = 0;
	if (old_size == 0)
		return true;
	while (end != old_size) {
		uint64_t middle = begin + split_of(end - begin);
		bool left = old_size <= middle;

		if (!proof_add(from, left ? middle : begin, left ? end : middle, out, e))
			return false;
		if (left)
			end = middle;
		else
			begin = middle;
	}
	if (begin > 0 && !proof_add(from, begin, end, out, e)) /* else the old root is known */
		return false;
	proof_turn(out);
	return true;
}

bool merkle_includes(const unsigned char leaf[SHA256_SIZE], uint64_t index, uint64_t size,
		     const unsigned char root[SHA256_SIZE], const struct merkle_proof *proof)
{
	unsigned char r[SHA256_SIZE];
	uint64_t fn = index, sn = size - 1; /* the names of RFC 9162 */

	if (size > MERKLE_SIZE_MAX || index >= size || proof->count > MERKLE_PROOF_MAX)
		return false;
	memcpy(r, leaf, SHA256_SIZE);
	for (size_t i = 0; i < proof->count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			merkle_node(proof->hashes[i], r, r);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			merkle_node(r, proof->hashes[i], r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(r, root, SHA256_SIZE) == 0;
}

/* RFC 9162 §2.1.4.2 for 0 < old_size < size; a power of two is its own first hash. */
static bool grows(uint64_t old_size, const unsigned char old_root[SHA256_SIZE], uint64_t size,
		  const unsigned char root[SHA256_SIZE], const struct merkle_proof *proof)
{
	bool whole = (old_size & (old_size - 1)) == 0;
	uint64_t fn = old_size - 1, sn = size - 1;
	unsigned char fr[SHA256_SIZE], sr[SHA256_SIZE];

	if (!whole && proof->count == 0)
		return false;
	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	memcpy(fr, whole ? old_root : proof->hashes[0], SHA256_SIZE);
	memcpy(sr, fr, SHA256_SIZE);
	for (size_t i = whole ? 0 : 1; i < proof->count; i++) {
		const unsigned char *c = proof->hashes[i];

		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			merkle_node(c, fr, fr);
			merkle_node(c, sr, sr);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			merkle_node(sr, c, sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(fr, old_root, SHA256_SIZE) == 0 &&
	       memcmp(sr, root, SHA256_SIZE) == 0;
}

bool merkle_consistent(uint64_t old_size, const unsigned char old_root[SHA256_SIZE], uint64_t size,
		       const unsigned char root[SHA256_SIZE], const struct merkle_proof *proof)
{
	unsigned char empty[SHA256_SIZE];

	if (size > MERKLE_SIZE_MAX || old_size > size || proof->count > MERKLE_PROOF_MAX)
		return false;
	merkle_empty(empty);
	if ((old_size == 0 && memcmp(old_root, empty, SHA256_SIZE) != 0) ||
	    (size == 0 && memcmp(root, empty, SHA256_SIZE) != 0))
		return false;
	if (old_size == size)
		return proof->count == 0 && memcmp(old_root, root, SHA256_SIZE) == 0;
	if (old_size == 0)
		return proof->count == 0;
	return grows(old_size, old_root, size, root, proof);
}
