/* SPDX-License-Identifier: Apache-2.0 */
#include "base/enc.h"
#include "fixture.h"
#include "proof/checkpoint.h"
#include "proof/sidecar.h"
#include "shelf.h"
#include "tree.h"

/* tests/vectors/log.json, made by another program than ours. */

static const struct json *cases_of(const struct json *root, const char *key, size_t least)
{
	const struct json *list = NULL;
	struct err e = { 0 };

	world_must(json_array(root, key, 1000, &list, &e), &e);
	CHECK(list->count >= least);
	return list;
}

static uint64_t number(const struct json *o, const char *key)
{
	const struct json *v = json_lookup(o, key);

	if (v == NULL)
		return UINT64_MAX;
	/* 2^63 - 1 is past what an integer of JSON is; its double is 2^63 */
	return v->kind == JSON_INTEGER ? (uint64_t)v->integer : (uint64_t)INT64_MAX;
}

static void hash_of(const struct json *o, const char *key, unsigned char out[32])
{
	CHECK(enc_unhex(world_member(o, key), out, 32));
}

static bool wanted(const struct json *o)
{
	return str_eq(world_member(o, "expect"), STR("good"));
}

/* Says which case it was when the answer is not the expected one. */
static void judged(const struct json *c, bool answer, bool want, size_t *good)
{
	*good += want;
	if (!CHECK(answer == want))
		EQ_STR(world_member(c, "name"), STR("judged as it says"));
}

static struct merkle_proof proof_of(const struct json *c)
{
	const struct json *list = cases_of(c, "proof", 0);
	struct merkle_proof p = { .count = list->count };

	for (size_t i = 0; i < list->count; i++)
		CHECK(enc_unhex(list->items[i].string, p.hashes[i], 32));
	return p;
}

TEST(entries_and_leaf_hashes_are_those_of_the_vectors)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/log.json");
	const struct json *list = cases_of(root, "entries", 7);
	unsigned char x[32];
	struct entry mine[7];

	sha256_of(STR("x"), x);
	mine[0] = tree_entry(0);
	mine[1] = entry_manifest(x, 258);
	mine[2] = entry_status(x, 3, 1795140000);
	mine[3] = entry_keys(x, 7);
	mine[4] = entry_other(x, OTHER_JOURNAL);
	mine[5] = entry_other(x, OTHER_PLAN);
	mine[6] = entry_other(x, OTHER_PAGE);
	for (size_t i = 0; i < list->count && i < COUNT_OF(mine); i++) {
		unsigned char bytes[ENTRY_SIZE], leaf[32], hash[32];

		CHECK(enc_unhex(world_member(&list->items[i], "entry"), bytes, sizeof bytes));
		EQ_BYTES(mine[i].bytes, bytes, ENTRY_SIZE);
		hash_of(&list->items[i], "leaf", leaf);
		entry_hash(&mine[i], hash);
		EQ_BYTES(hash, leaf, 32);
	}
	world_free(&w);
}

TEST(trees_and_tiles_are_those_of_the_vectors)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/log.json");
	const struct json *trees = cases_of(root, "trees", 10), *files = cases_of(root, "files", 7);
	struct shelf shelf = shelf_new();
	struct site site = shelf_site(&shelf);
	struct tile_sink sink = shelf_sink(&shelf);
	struct tile_edge *edge = NULL;
	struct err e = { 0 };

	world_must(tile_edge_open(&site, 0, &sink, &edge, &e), &e);
	for (size_t i = 0; i < trees->count; i++) {
		unsigned char want[32], got[32];

		while (tile_edge_size(edge) < number(&trees->items[i], "size")) {
			struct entry entry = tree_entry(tile_edge_size(edge));

			world_must(tile_edge_add(edge, &entry, &e), &e);
		}
		hash_of(&trees->items[i], "root", want);
		OK(tile_edge_root(edge, got, &e), e);
		EQ_BYTES(got, want, 32);
		if (tile_edge_size(edge) == 600)
			OK(tile_edge_end(edge, &e), e);
	}
	for (size_t i = 0; i < files->count; i++) {
		char path[TILE_PATH] = { 0 };
		struct str name = world_member(&files->items[i], "path");
		struct shelf_file *f;
		unsigned char want[32], got[32];

		memcpy(path, name.p, name.n < TILE_PATH ? name.n : 0);
		f = shelf_slot(&shelf, path);
		if (!CHECK(f->bytes != NULL)) {
			EQ_STR(name, STR("stored"));
			continue;
		}
		EQ_INT(f->n, number(&files->items[i], "bytes"));
		sha256_of(str_bytes(f->bytes, f->n), got);
		hash_of(&files->items[i], "sha256", want);
		EQ_BYTES(got, want, 32);
	}
	tile_edge_free(edge);
	shelf_free(&shelf);
	world_free(&w);
}

TEST(proofs_are_judged_as_the_vectors_say)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/log.json");
	const struct json *list = cases_of(root, "inclusion", 60);
	unsigned char a[32], b[32];
	struct merkle_proof p;
	size_t good = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct json *c = &list->items[i];

		hash_of(c, "leaf", a);
		hash_of(c, "root", b);
		p = proof_of(c);
		judged(c, merkle_includes(a, number(c, "index"), number(c, "size"), b, &p),
		       wanted(c), &good);
	}
	EQ_INT(good, 8);
	list = cases_of(root, "consistency", 60);
	good = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct json *c = &list->items[i];

		hash_of(c, "old_root", a);
		hash_of(c, "root", b);
		p = proof_of(c);
		judged(c, merkle_consistent(number(c, "old_size"), a, number(c, "size"), b, &p),
		       wanted(c), &good);
	}
	EQ_INT(good, 12);
	world_free(&w);
}

struct keys {
	struct note_key log, witnesses[2];
};

static struct keys keys_of(struct world *w, const struct json *root)
{
	const struct json *list = cases_of(root, "witnesses", 2);
	struct keys k;
	struct err e = { 0 };

	world_must(note_key_read(w->arena, world_member(root, "log"), &k.log, &e), &e);
	for (size_t i = 0; i < 2; i++)
		world_must(note_witness_read(w->arena, list->items[i].string, &k.witnesses[i], &e),
			   &e);
	return k;
}

static bool same_checkpoint(const struct json *c, const struct checkpoint *read,
			    const struct checkpoint_witnesses *who)
{
	unsigned char root[32];

	hash_of(c, "root", root);
	return read->size == number(c, "size") && memcmp(read->root, root, 32) == 0 &&
	       who->count == number(c, "witnesses") && who->newest == (int64_t)number(c, "newest");
}

TEST(checkpoints_are_judged_as_the_vectors_say)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/log.json");
	const struct json *list = cases_of(root, "checkpoints", 30);
	struct keys k = keys_of(&w, root);
	size_t good = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct json *c = &list->items[i];
		struct checkpoint_witnesses who;
		struct checkpoint read;
		struct err e = { 0 };
		bool ok = checkpoint_read(w.arena, world_member(c, "text"), &k.log, k.witnesses, 2,
					  &read, &who, &e);

		judged(c, ok && (!wanted(c) || same_checkpoint(c, &read, &who)), wanted(c), &good);
		if (!ok)
			CHECK(str_starts(str_of(e.code), STR("CHECKPOINT-")));
	}
	EQ_INT(good, 8);
	world_free(&w);
}

TEST(proof_files_are_judged_as_the_vectors_say)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/log.json");
	const struct json *list = cases_of(root, "sidecars", 16);
	struct keys k = keys_of(&w, root);
	size_t good = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct json *c = &list->items[i];
		struct buf again = buf_empty(SIDECAR_BYTES_MAX);
		struct str text = world_member(c, "text");
		struct checkpoint_witnesses who;
		struct checkpoint tree;
		struct sidecar s;
		unsigned char leaf[32];
		struct err e = { 0 };
		bool ok = sidecar_read(w.arena, text, &s, &e);

		hash_of(c, "leaf", leaf);
		if (ok) {
			OK(sidecar_write(&again, &s, &e), e);
			EQ_STR(buf_view(&again), text);
		}
		ok = ok &&
		     checkpoint_read(w.arena, s.checkpoint, &k.log, k.witnesses, 2, &tree, &who,
				     &e) &&
		     merkle_includes(leaf, s.index, tree.size, tree.root, &s.proof);
		judged(c, ok, wanted(c), &good);
		buf_free(&again);
	}
	EQ_INT(good, 3);
	world_free(&w);
}
