/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/merkle.h"

#include <stdio.h>

#include "base/enc.h"
#include "check.h"
#include "tree.h"

enum { LEAVES = 300, PAIRS = 64 };

/* The leaves of a tree and, by height, its complete subtrees. */
struct grove {
	unsigned char leaves[LEAVES][32];
	unsigned char sub[9][LEAVES][32];
	uint64_t size; /* no subtree outside of it is handed out */
	unsigned asked;
};

static struct grove grove_new(void)
{
	struct grove g = { .size = LEAVES };

	for (uint64_t i = 0; i < LEAVES; i++) {
		struct entry entry = tree_entry(i);

		entry_hash(&entry, g.leaves[i]);
		memcpy(g.sub[0][i], g.leaves[i], 32);
	}
	for (unsigned level = 1; level < 9; level++)
		for (uint64_t i = 0; i < (uint64_t)LEAVES >> level; i++)
			tree_node(g.sub[level - 1][2 * i], g.sub[level - 1][2 * i + 1],
				  g.sub[level][i]);
	return g;
}

static bool grove_hash(void *self, unsigned level, uint64_t index, unsigned char out[32],
		       struct err *e)
{
	struct grove *g = self;

	g->asked++;
	if (level > 8 || (index + 1) << level > g->size)
		return err_system(e, "asked for what is not in the tree");
	memcpy(out, g->sub[level][index], 32);
	return true;
}

static struct merkle_source grove_source(struct grove *g)
{
	return (struct merkle_source){ .self = g, .hash = grove_hash };
}

static const unsigned char (*leaves_of(const struct grove *g))[32]
{
	return (const unsigned char(*)[32])g->leaves;
}

TEST(the_eight_leaves_of_the_ct_project_have_their_roots)
{
	static const char *const leaves[] = { "",
					      "00",
					      "10",
					      "2021",
					      "3031",
					      "40414243",
					      "5051525354555657",
					      "606162636465666768696a6b6c6d6e6f" };
	static const char *const roots[] = {
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct grove g = { 0 };
	struct merkle_source from = grove_source(&g);
	unsigned char bytes[16], want[32], got[32];
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(leaves); i++) {
		struct str hex = str_of(leaves[i]);

		CHECK(enc_unhex(hex, bytes, hex.n / 2));
		merkle_leaf(str_bytes(bytes, hex.n / 2), g.sub[0][i]);
		for (unsigned level = 1; ((i + 1) & ((1u << level) - 1)) == 0; level++)
			merkle_node(g.sub[level - 1][((i + 1) >> (level - 1)) - 2],
				    g.sub[level - 1][((i + 1) >> (level - 1)) - 1],
				    g.sub[level][(i >> level)]);
		g.size = i + 1;
		CHECK(enc_unhex(str_of(roots[i]), want, sizeof want));
		OK(merkle_root(&from, g.size, got, &e), e);
		EQ_BYTES(got, want, 32);
	}
	merkle_empty(got);
	CHECK(enc_unhex(STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
			want, sizeof want));
	EQ_BYTES(got, want, 32);
}

TEST(roots_are_those_of_the_plain_recursion)
{
	struct grove g = grove_new();
	struct merkle_source from = grove_source(&g);
	unsigned char want[32], got[32];
	struct err e = { 0 };

	for (uint64_t n = 0; n <= LEAVES; n++) {
		g.size = n;
		OK(merkle_root(&from, n, got, &e), e);
		tree_root(leaves_of(&g), n, want);
		EQ_BYTES(got, want, 32);
	}
}

TEST(every_leaf_of_every_tree_is_included)
{
	struct grove g = grove_new();
	struct merkle_source from = grove_source(&g);
	struct err e = { 0 };

	for (uint64_t n = 1; n <= LEAVES; n++) {
		unsigned char root[32];

		g.size = n;
		tree_root(leaves_of(&g), n, root);
		for (uint64_t i = 0; i < n; i++) {
			struct merkle_proof got, want = { .count = 0 };
			bool ok = merkle_inclusion(&from, n, i, &got, &e) &&
				  merkle_includes(g.leaves[i], i, n, root, &got);

			if (n <= PAIRS) {
				tree_path(leaves_of(&g), n, i, &want);
				ok = ok && tree_same(&got, &want);
			}
			if (!CHECK(ok))
				return;
		}
	}
}

TEST(every_tree_grows_from_every_smaller_one)
{
	struct grove g = grove_new();
	struct merkle_source from = grove_source(&g);
	unsigned char roots[PAIRS + 1][32];
	struct err e = { 0 };

	for (uint64_t n = 0; n <= PAIRS; n++)
		tree_root(leaves_of(&g), n, roots[n]);
	for (uint64_t n = 0; n <= PAIRS; n++)
		for (uint64_t m = 0; m <= n; m++) {
			struct merkle_proof got, want = { .count = 0 };

			g.size = n;
			if (m > 0)
				tree_subproof(leaves_of(&g), n, m, true, &want);
			if (!CHECK(merkle_consistency(&from, m, n, &got, &e) &&
				   tree_same(&got, &want) &&
				   merkle_consistent(m, roots[m], n, roots[n], &got)))
				EQ_INT(m, n);
		}
}

/* Which side of each hash on the way up is the leaf's: 'l' and 'r'. */
static size_t shape(uint64_t n, uint64_t m, char *out)
{
	uint64_t k = tree_split(n);
	size_t count = 0;

	if (n > 1) {
		count = m < k ? shape(k, m, out) : shape(n - k, m - k, out);
		out[count++] = m < k ? 'l' : 'r';
	}
	return count;
}

static bool same_shape(uint64_t n, uint64_t m, uint64_t other_n, uint64_t other_m)
{
	char a[64], b[64];
	size_t count = shape(n, m, a);

	return shape(other_n, other_m, b) == count && memcmp(a, b, count) == 0;
}

/* Bits, lengths and order of the hashes. */
static void spoil_inclusion(const struct grove *g, uint64_t n, uint64_t i,
			    const unsigned char *root, const struct merkle_proof *good)
{
	const unsigned char *leaf = g->leaves[i];
	struct merkle_proof bad = *good;

	for (size_t bit = 0; bit < 256 * good->count; bit++) {
		bad = *good;
		bad.hashes[bit / 256][bit / 8 % 32] ^= (unsigned char)(1u << bit % 8);
		CHECK(!merkle_includes(leaf, i, n, root, &bad));
	}
	for (size_t bit = 0; bit < 256; bit++) {
		unsigned char other[32];

		memcpy(other, root, 32);
		other[bit / 8] ^= (unsigned char)(1u << bit % 8);
		CHECK(!merkle_includes(leaf, i, n, other, good));
		memcpy(other, leaf, 32);
		other[bit / 8] ^= (unsigned char)(1u << bit % 8);
		CHECK(!merkle_includes(other, i, n, root, good));
	}
	for (bad = *good; bad.count > 0;) {
		bad.count--;
		CHECK(!merkle_includes(leaf, i, n, root, &bad));
	}
	for (bad = *good; bad.count < MERKLE_PROOF_MAX;) {
		memcpy(bad.hashes[bad.count++], root, 32);
		CHECK(!merkle_includes(leaf, i, n, root, &bad));
	}
	bad.count = MERKLE_PROOF_MAX + 1;
	CHECK(!merkle_includes(leaf, i, n, root, &bad));
	if (good->count > 1) {
		bad = *good;
		memcpy(bad.hashes[0], good->hashes[1], 32);
		memcpy(bad.hashes[1], good->hashes[0], 32);
		CHECK(!merkle_includes(leaf, i, n, root, &bad));
	}
}

/* Other places: the path of one leaf is that of another only where the tree has the same turns. */
static void move_inclusion(const struct grove *g, uint64_t n, uint64_t i, const unsigned char *root,
			   const struct merkle_proof *good)
{
	for (uint64_t other_n = 0; other_n <= LEAVES; other_n++)
		for (uint64_t other = 0; other <= other_n; other++) {
			bool may = other < other_n && same_shape(n, i, other_n, other);

			CHECK(merkle_includes(g->leaves[i], other, other_n, root, good) == may);
		}
	for (int bit = 0; bit < 64; bit++)
		CHECK(!merkle_includes(g->leaves[i], i ^ UINT64_C(1) << bit, n, root, good));
	CHECK(!merkle_includes(g->leaves[i], i, 0, root, good));
	CHECK(!merkle_includes(g->leaves[i], i, UINT64_MAX, root, good));
	CHECK(!merkle_includes(g->leaves[i], UINT64_MAX, UINT64_MAX, root, good));
	CHECK(!merkle_includes(g->leaves[i], i, MERKLE_SIZE_MAX + 1, root, good));
}

TEST(a_spoiled_inclusion_proof_is_refused)
{
	static const struct {
		uint64_t n, i;
	} trees[] = { { 1, 0 },   { 2, 1 },   { 3, 2 },     { 7, 3 },    { 64, 63 },
		      { 65, 64 }, { 255, 8 }, { 257, 256 }, { 300, 17 }, { 300, 299 } };
	struct grove g = grove_new();
	struct merkle_source from = grove_source(&g);
	struct err e = { 0 };

	for (size_t t = 0; t < COUNT_OF(trees); t++) {
		struct merkle_proof good;
		unsigned char root[32];

		tree_root(leaves_of(&g), trees[t].n, root);
		OK(merkle_inclusion(&from, trees[t].n, trees[t].i, &good, &e), e);
		spoil_inclusion(&g, trees[t].n, trees[t].i, root, &good);
		move_inclusion(&g, trees[t].n, trees[t].i, root, &good);
	}
}

/* What a proof from m to n is checked against. */
struct growth {
	uint64_t m, n;
	unsigned char old[32], now[32];
	struct merkle_proof proof;
};

static bool holds(const struct growth *g)
{
	return merkle_consistent(g->m, g->old, g->n, g->now, &g->proof);
}

static void spoil_growth(const struct growth *good)
{
	struct growth bad;

	for (size_t bit = 0; bit < 256 * good->proof.count; bit++) {
		bad = *good;
		bad.proof.hashes[bit / 256][bit / 8 % 32] ^= (unsigned char)(1u << bit % 8);
		CHECK(!holds(&bad));
	}
	for (size_t bit = 0; bit < 256; bit++) {
		bad = *good;
		bad.old[bit / 8] ^= (unsigned char)(1u << bit % 8);
		CHECK(!holds(&bad));
		bad = *good;
		bad.now[bit / 8] ^= (unsigned char)(1u << bit % 8);
		/* the empty tree says nothing about what grows from it */
		CHECK(good->m == 0 ? holds(&bad) == (good->n > 0) : !holds(&bad));
	}
	for (bad = *good; bad.proof.count > 0;) {
		bad.proof.count--;
		CHECK(!holds(&bad));
	}
	for (bad = *good; bad.proof.count < MERKLE_PROOF_MAX;) {
		memcpy(bad.proof.hashes[bad.proof.count++], good->now, 32);
		CHECK(!holds(&bad));
	}
	bad.proof.count = MERKLE_PROOF_MAX + 1;
	CHECK(!holds(&bad));
	bad = *good;
	bad.m = good->n;
	bad.n = good->m;
	CHECK(good->m == good->n || !holds(&bad));
	bad = *good;
	bad.m = good->n + 1;
	CHECK(!holds(&bad));
	bad = *good;
	bad.n = MERKLE_SIZE_MAX + 1;
	CHECK(!holds(&bad));
	bad.m = bad.n = UINT64_MAX;
	CHECK(!holds(&bad));
}

TEST(a_spoiled_consistency_proof_is_refused)
{
	static const uint64_t sizes[] = { 0, 1, 2, 3, 4, 6, 7, 8, 13, 64, 65, 255, 256, 257, 300 };
	struct grove g = grove_new();
	struct merkle_source from = grove_source(&g);
	struct err e = { 0 };

	for (size_t a = 0; a < COUNT_OF(sizes); a++)
		for (size_t b = a; b < COUNT_OF(sizes); b++) {
			struct growth good = { .m = sizes[a], .n = sizes[b] };

			tree_root(leaves_of(&g), good.m, good.old);
			tree_root(leaves_of(&g), good.n, good.now);
			OK(merkle_consistency(&from, good.m, good.n, &good.proof, &e), e);
			CHECK(holds(&good));
			spoil_growth(&good);
		}
}

/* Two trees that part at one leaf: no proof of one joins the other's roots. */
TEST(a_split_view_has_no_consistency_proof)
{
	struct grove g = grove_new(), h = grove_new();
	struct merkle_source from = grove_source(&g);
	struct err e = { 0 };

	h.leaves[20][0] ^= 1;
	for (uint64_t m = 21; m <= PAIRS; m++)
		for (uint64_t n = m; n <= PAIRS; n++) {
			unsigned char old[32], now[32];
			struct merkle_proof p;

			tree_root(leaves_of(&h), m, old);
			tree_root(leaves_of(&g), n, now);
			CHECK(merkle_consistency(&from, m, n, &p, &e));
			CHECK(!merkle_consistent(m, old, n, now, &p));
		}
}

TEST(trees_too_large_and_leaves_outside_are_refused)
{
	struct grove g = grove_new();
	struct merkle_source from = grove_source(&g);
	unsigned char root[32];
	struct merkle_proof p;
	struct err e = { 0 };

	CHECK(!merkle_root(&from, MERKLE_SIZE_MAX + 1, root, &e));
	CHECK(!merkle_inclusion(&from, MERKLE_SIZE_MAX + 1, 0, &p, &e));
	CHECK(!merkle_inclusion(&from, 5, 5, &p, &e));
	CHECK(!merkle_inclusion(&from, 0, 0, &p, &e));
	CHECK(!merkle_consistency(&from, 6, 5, &p, &e));
	CHECK(!merkle_consistency(&from, 5, MERKLE_SIZE_MAX + 1, &p, &e));
	EQ_INT(g.asked, 0);
	g.size = 4; /* a source that has less than the tree says so */
	CHECK(!merkle_root(&from, 5, root, &e));
	CHECK(!merkle_inclusion(&from, 5, 0, &p, &e));
	CHECK(!merkle_consistency(&from, 3, 5, &p, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
}

/* 2^62 leaves, all subtrees of one height alike: the longest proofs there are. */
static bool endless_hash(void *self, unsigned level, uint64_t index, unsigned char out[32],
			 struct err *e)
{
	unsigned char(*by_height)[32] = self;

	if (level > 62 || (index + 1) > MERKLE_SIZE_MAX >> level)
		return err_system(e, "outside");
	memcpy(out, by_height[level], 32);
	return true;
}

TEST(the_largest_tree_has_proofs_of_62_hashes)
{
	unsigned char by_height[63][32], root[32], old[32];
	struct merkle_source from = { .self = by_height, .hash = endless_hash };
	struct merkle_proof p;
	struct err e = { 0 };

	merkle_leaf(STR("x"), by_height[0]);
	for (unsigned h = 1; h < 63; h++)
		merkle_node(by_height[h - 1], by_height[h - 1], by_height[h]);
	OK(merkle_root(&from, MERKLE_SIZE_MAX, root, &e), e);
	EQ_BYTES(root, by_height[62], 32);
	OK(merkle_inclusion(&from, MERKLE_SIZE_MAX, MERKLE_SIZE_MAX - 1, &p, &e), e);
	EQ_INT(p.count, 62);
	CHECK(merkle_includes(by_height[0], MERKLE_SIZE_MAX - 1, MERKLE_SIZE_MAX, root, &p));
	OK(merkle_root(&from, MERKLE_SIZE_MAX - 1, old, &e), e);
	OK(merkle_consistency(&from, MERKLE_SIZE_MAX - 1, MERKLE_SIZE_MAX, &p, &e), e);
	EQ_INT(p.count, 63);
	CHECK(merkle_consistent(MERKLE_SIZE_MAX - 1, old, MERKLE_SIZE_MAX, root, &p));
}

TEST(entries_are_laid_out_as_the_page_says)
{
	unsigned char hash[32], want[65], got[32];
	struct leaf leaf;
	struct entry entry, other;

	memset(hash, 0xaa, sizeof hash);
	memset(leaf.c_token, 0x11, 32);
	memset(leaf.c_pdf, 0x22, 32);
	entry = entry_document(&leaf);
	EQ_INT(entry.bytes[0], 1);
	EQ_BYTES(entry.bytes + 1, leaf.c_token, 32);
	EQ_BYTES(entry.bytes + 33, leaf.c_pdf, 32);
	memset(want, 0, sizeof want);
	memset(want + 1, 0xaa, 32);
	want[0] = 2;
	want[39] = 1;
	want[40] = 2;
	entry = entry_manifest(hash, 258);
	EQ_BYTES(entry.bytes, want, 65);
	want[0] = 3;
	want[47] = 3;
	want[48] = 4;
	entry = entry_status(hash, 258, 772);
	EQ_BYTES(entry.bytes, want, 65);
	memset(want + 41, 0, 8);
	want[0] = 4;
	entry = entry_keys(hash, 258);
	EQ_BYTES(entry.bytes, want, 65);
	want[0] = 5;
	want[39] = 0;
	want[40] = OTHER_PAGE;
	entry = entry_other(hash, OTHER_PAGE);
	EQ_BYTES(entry.bytes, want, 65);
	other = entry;
	CHECK(entry_equal(&entry, &other));
	other.bytes[64] ^= 1;
	CHECK(!entry_equal(&entry, &other));
	merkle_leaf(str_bytes(entry.bytes, ENTRY_SIZE), got);
	entry_hash(&entry, hash);
	EQ_BYTES(got, hash, 32);
}
