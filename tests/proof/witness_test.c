/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/witness.h"

#include <stdio.h>

#include "check.h"
#include "fixture.h"
#include "proof/tile.h"
#include "shelf.h"
#include "tree.h"

enum { LEAVES = 600 };

static void must(bool ok, const struct err *e)
{
	if (!ok) {
		(void)printf("# %s: %s\n", e->place, e->cause);
		abort();
	}
}

/* A log whose entries up to `common` are everybody's, and its own behind that. */
struct history {
	struct shelf shelf;
	unsigned char leaves[LEAVES][SHA256_SIZE];
	uint64_t size;
};

static struct history *history_new(uint64_t size, uint64_t common)
{
	struct history *h = calloc(1, sizeof *h);
	struct tile_edge *edge = NULL;
	struct err e = { 0 };

	if (h == NULL || size > LEAVES)
		abort();
	h->shelf = shelf_new();
	h->size = size;
	{
		struct site site = shelf_site(&h->shelf);
		struct tile_sink sink = shelf_sink(&h->shelf);

		must(tile_edge_open(&site, 0, &sink, &edge, &e), &e);
	}
	for (uint64_t i = 0; i < size; i++) {
		struct entry entry = tree_entry(i < common ? i : i + 1000000);

		entry_hash(&entry, h->leaves[i]);
		must(tile_edge_add(edge, &entry, &e), &e);
	}
	must(tile_edge_end(edge, &e), &e);
	tile_edge_free(edge);
	return h;
}

static void history_free(struct history *h)
{
	shelf_free(&h->shelf);
	free(h);
}

static struct checkpoint tree_of(const struct history *h, uint64_t size)
{
	struct checkpoint c = { .origin = STR("a log"), .size = size };

	tree_root((const unsigned char(*)[32])h->leaves, size, c.root);
	return c;
}

static const uint64_t SIZES[] = { 0, 1, 2, 3, 4, 7, 8, 9, 255, 256, 257, 258, 511, 512, 599, 600 };

TEST(a_log_that_only_grew_is_found_to_have_grown_and_its_older_trees_late)
{
	struct history *h = history_new(LEAVES, LEAVES);

	for (size_t i = 0; i < COUNT_OF(SIZES); i++)
		for (size_t k = 0; k <= i; k++) {
			struct history *at = history_new(SIZES[i], SIZES[i]);
			struct site here = shelf_site(&at->shelf);
			struct checkpoint old = tree_of(h, SIZES[k]), now = tree_of(h, SIZES[i]);
			enum witness_word word;
			struct witness_fork fork;
			struct err e = { 0 };

			OK(witness_judge(&here, &old, &now, &word, &fork, &e), e);
			EQ_INT(word, k == i ? WITNESS_SAME : WITNESS_GROWN);
			OK(witness_judge(&here, &now, &old, &word, &fork, &e), e);
			EQ_INT(word, k == i ? WITNESS_SAME : WITNESS_LATE);
			OK(witness_judge(&here, NULL, &now, &word, &fork, &e), e);
			EQ_INT(word, WITNESS_FIRST);
			CHECK(k == i ||
			      witness_compare(&old, &now, NULL) ==
				      (SIZES[k] == 0 ? WITNESS_ONE_LOG : WITNESS_UNPROVEN));
			history_free(at);
		}
	history_free(h);
}

/* Both ways round, with the proof written, read back, and shown to somebody who has no site. */
static void fork_check(const struct checkpoint *old, const struct checkpoint *next,
		       struct site *site)
{
	enum witness_word word;
	struct witness_fork fork, again;
	struct buf text = buf_empty(WITNESS_FORK_BYTES);
	struct err e = { 0 };

	OK(witness_judge(site, old, next, &word, &fork, &e), e);
	EQ_INT(word, WITNESS_FORK);
	EQ_INT(witness_compare(old, next, &fork), WITNESS_TWO_LOGS);
	EQ_INT(witness_compare(next, old, &fork), WITNESS_TWO_LOGS);
	if (old->size == next->size) {
		EQ_INT(witness_compare(old, next, NULL), WITNESS_TWO_LOGS);
	} else {
		EQ_INT(witness_compare(old, next, NULL), WITNESS_UNPROVEN);
		OK(witness_fork_write(&text, &fork, &e), e);
		OK(witness_fork_read(buf_view(&text), &again, &e), e);
		EQ_INT(witness_compare(old, next, &again), WITNESS_TWO_LOGS);
		fork.root[0] ^= 1; /* of another beginning it proves nothing */
		EQ_INT(witness_compare(old, next, &fork), WITNESS_UNPROVEN);
	}
	buf_free(&text);
}

TEST(a_fork_is_seen_at_any_sizes_and_shown_to_anybody)
{
	for (size_t i = 1; i < COUNT_OF(SIZES); i++)
		for (size_t k = 1; k <= i; k++) {
			uint64_t part =
				SIZES[k] - 1; /* the last entry of the smaller tree differs */
			struct history *a = history_new(SIZES[i], LEAVES);
			struct history *b = history_new(SIZES[i], part);
			struct checkpoint small = tree_of(a, SIZES[k]),
					  large = tree_of(b, SIZES[i]);
			struct site site = shelf_site(&b->shelf);

			fork_check(&small, &large, &site);
			fork_check(&large, &small, &site);
			history_free(a);
			history_free(b);
		}
}

TEST(a_proof_of_one_log_says_so_and_one_of_other_trees_nothing)
{
	struct history *h = history_new(300, 300);
	struct tile_reader *reader;
	struct merkle_source from;
	struct witness_fork fork = { .smaller = 200, .larger = 300 };
	struct checkpoint small = tree_of(h, 200), large = tree_of(h, 300), other = tree_of(h, 201);
	struct site site = shelf_site(&h->shelf);
	struct err e = { 0 };

	reader = tile_reader_new(&site, 300, &e);
	CHECK(reader != NULL);
	from = tile_reader_source(reader);
	OK(merkle_consistency(&from, 200, 300, &fork.proof, &e), e);
	memcpy(fork.root, small.root, SHA256_SIZE);
	EQ_INT(witness_compare(&small, &large, &fork), WITNESS_ONE_LOG);
	EQ_INT(witness_compare(&other, &large, &fork), WITNESS_UNPROVEN);
	EQ_INT(witness_compare(&small, &other, &fork), WITNESS_UNPROVEN);
	/* A forger's: the smaller root is made to differ by a proof that leads nowhere. */
	fork.root[5] ^= 4;
	EQ_INT(witness_compare(&small, &large, &fork), WITNESS_UNPROVEN);
	fork.proof.count = 0;
	EQ_INT(witness_compare(&small, &large, &fork), WITNESS_UNPROVEN);
	tile_reader_free(reader);
	history_free(h);
}

TEST(tiles_that_are_not_the_signed_trees_accuse_nobody)
{
	struct history *h = history_new(300, 300), *other = history_new(300, 0);
	struct checkpoint old = tree_of(h, 200), now = tree_of(h, 300);
	struct site site = shelf_site(&other->shelf);
	enum witness_word word;
	struct witness_fork fork;
	struct err e = { 0 };

	CHECK(!witness_judge(&site, &old, &now, &word, &fork, &e));
	EQ_C(e.code, "WITNESS-TILES");
	CHECK(!witness_judge(&site, NULL, &now, &word, &fork, &e));
	EQ_C(e.code, "WITNESS-TILES");
	/* What is old may come with any tiles or none: it is late, not guilty. */
	OK(witness_judge(&site, &now, &old, &word, &fork, &e), e);
	EQ_INT(word, WITNESS_LATE);
	history_free(h);
	history_free(other);
}

TEST(a_site_that_cannot_be_asked_is_no_answer)
{
	struct history *h = history_new(300, 300);
	struct checkpoint old = tree_of(h, 200), now = tree_of(h, 300);

	for (size_t n = 1; n <= 3; n++) {
		struct site site = shelf_site(&h->shelf);
		enum witness_word word;
		struct witness_fork fork;
		struct err e = { 0 };

		h->shelf.fail_load = n;
		CHECK(!witness_judge(&site, &old, &now, &word, &fork, &e) || n == 3);
		h->shelf.fail_load = 0;
	}
	history_free(h);
}

TEST(a_checkpoint_counts_only_under_a_key_of_the_log)
{
	struct world w = world_new();
	struct note_key keys[2] = { w.policy.log, w.policy.log };
	struct checkpoint tree = { .origin = w.policy.log.name, .size = 5 }, read;
	struct buf note = buf_empty(CHECKPOINT_BYTES_MAX);
	struct err e = { 0 };

	sha256_of(STR("a root"), tree.root);
	OK(checkpoint_write(&note, &tree, &w.policy.log, w.signer, &e), e);
	OK(witness_read(w.arena, buf_view(&note), keys, 1, &read, &e), e);
	EQ_INT(read.size, 5);
	/* A retired key before or behind the one that signs. */
	OK(note_key_make(w.policy.log.name, &w.policy.roots[0].public, &keys[0], &e), e);
	OK(witness_read(w.arena, buf_view(&note), keys, 2, &read, &e), e);
	CHECK(!witness_read(w.arena, buf_view(&note), keys, 1, &read, &e));
	EQ_C(e.code, "CHECKPOINT-SIGNATURE");
	CHECK(!witness_read(w.arena, buf_view(&note), keys, 0, &read, &e));
	EQ_C(e.code, "CHECKPOINT-SIGNATURE");
	buf_free(&note);
	world_free(&w);
}

#define H "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define H8 H "\n" H "\n" H "\n" H "\n" H "\n" H "\n" H "\n" H "\n"

TEST(texts_that_are_no_proof_of_a_fork_are_refused)
{
	static const char *const bad[] = {
		"",
		"\n",
		"hufu/1/fork",
		"hufu/1/fork\n",
		"hufu/1/fork\n3\n",
		"hufu/1/fork\n3\n5\n",
		"hufu/1/fork\n3\n5\n" H, /* the last line does not end */
		"hufu/1/fork\n3\n5\n" H "\n\n",
		"hufu/1/fork\n3\n5\n" H "\n" H,
		"hufu/1/fork\n3\n5\n" H " \n",
		"hufu/1/fork\r\n3\n5\n" H "\n",
		"hufu/1/fork\n3\n3\n" H "\n",
		"hufu/1/fork\n5\n3\n" H "\n",
		"hufu/1/fork\n03\n5\n" H "\n",
		"hufu/1/fork\n-3\n5\n" H "\n",
		"hufu/1/fork\n3\n4611686018427387905\n" H "\n",
		"hufu/1/fork\n3\n18446744073709551621\n" H "\n",
		"hufu/1/fork\n3\n5\nAAEC\n",
		"hufu/2/fork\n3\n5\n" H "\n",
		"hufu/1/fork\n3\n5\n" H "\n" H8 H8 H8 H8 H8 H8 H8 H8 H "\n",
	};
	static const char good[] = "hufu/1/fork\n3\n5\n" H "\n" H8 H8 H8 H8 H8 H8 H8 H8;
	struct witness_fork fork = { .smaller = 77 };
	struct buf again = buf_empty(WITNESS_FORK_BYTES);
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		e = (struct err){ 0 };
		if (CHECK(!witness_fork_read(str_of(bad[i]), &fork, &e)))
			EQ_C(e.code, "WITNESS-FORM");
		EQ_INT(fork.smaller, 77);
	}
	OK(witness_fork_read(str_of(good), &fork, &e), e);
	EQ_INT(fork.proof.count, 64);
	OK(witness_fork_write(&again, &fork, &e), e);
	EQ_STR(buf_view(&again), str_of(good));
	buf_free(&again);
}
