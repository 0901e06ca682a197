/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forks for judges.
 *
 *   fork DIR    DIR/log.vkey, and for each pair of sizes DIR/<case>.fork-a, .fork-b and .fork-proof (proof/witness.h): two
 *               checkpoints of the log's key, of which neither tree began as the other, and what ties them
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "keys/ring.h"
#include "proof/tile.h"
#include "proof/witness.h"
#include "shelf.h"
#include "tree.h"

enum { LEAVES = 700 };

static const uint64_t SIZES[] = { 1, 2, 3, 4, 5, 8, 13, 64, 255, 256, 257, 511, 512, 513, 700 };

static void must(bool ok, const struct err *e)
{
	if (!ok) {
		(void)fprintf(stderr, "fork: %s: %s\n", e->place, e->cause);
		exit(3);
	}
}

struct log {
	struct signer *signer;
	struct note_key key;
};

/* The tiles of a log that parts from everybody's at entry `common`, and its checkpoint. */
static struct shelf grow(const struct log *log, uint64_t size, uint64_t common,
			 struct checkpoint *out)
{
	struct shelf shelf = shelf_new();
	struct site site = shelf_site(&shelf);
	struct tile_sink sink = shelf_sink(&shelf);
	struct tile_edge *edge = NULL;
	struct err e = { 0 };

	must(tile_edge_open(&site, 0, &sink, &edge, &e), &e);
	for (uint64_t i = 0; i < size; i++) {
		struct entry entry = tree_entry(i < common ? i : i + LEAVES);

		must(tile_edge_add(edge, &entry, &e), &e);
	}
	*out = (struct checkpoint){ .origin = log->key.name, .size = size };
	must(tile_edge_end(edge, &e) && tile_edge_root(edge, out->root, &e), &e);
	tile_edge_free(edge);
	return shelf;
}

static void put(const char *dir, const char *name, const char *suffix, struct str bytes)
{
	char file[200];
	struct err e = { 0 };

	(void)snprintf(file, sizeof file, "%s%s", name, suffix);
	must(io_replace(dir, file, bytes, 0644, &e), &e);
}

static void put_note(const struct log *log, const char *dir, const char *name, const char *suffix,
		     const struct checkpoint *c)
{
	struct buf note = buf_empty(CHECKPOINT_BYTES_MAX);
	struct err e = { 0 };

	must(checkpoint_write(&note, c, &log->key, log->signer, &e), &e);
	put(dir, name, suffix, buf_view(&note));
	buf_free(&note);
}

/* The smaller tree differs from the beginning of the larger in its last entry. */
static void fork_make(const struct log *log, const char *dir, uint64_t small, uint64_t large)
{
	struct checkpoint a, b;
	struct shelf ours = grow(log, small, LEAVES, &a), theirs = grow(log, large, small - 1, &b);
	struct site site = shelf_site(&theirs);
	struct buf proof = buf_empty(WITNESS_FORK_BYTES);
	struct witness_fork fork;
	enum witness_word word;
	struct err e = { 0 };
	char name[64];

	must(witness_judge(&site, &a, &b, &word, &fork, &e), &e);
	if (word != WITNESS_FORK || !witness_fork_write(&proof, &fork, &e))
		exit(3);
	(void)snprintf(name, sizeof name, "%ju-%ju", (uintmax_t)small, (uintmax_t)large);
	put_note(log, dir, name, ".fork-a", &a);
	put_note(log, dir, name, ".fork-b", &b);
	put(dir, name, ".fork-proof", buf_view(&proof));
	buf_free(&proof);
	shelf_free(&ours);
	shelf_free(&theirs);
}

int main(int argc, char **argv)
{
	const struct ring_seed seed = { .role = ROLE_LOG, .seed = "the log of judges" };
	struct ed25519_public public;
	struct buf vkey = buf_empty(400);
	struct log log = { .signer = NULL };
	struct err e = { 0 };

	if (argc != 2)
		return 2;
	must(ed25519_start(&e) && ring_of_seeds(&seed, 1, &log.signer, &e) &&
		     signer_public(log.signer, ROLE_LOG, 0, &public, &e) &&
		     note_key_make(STR("verify.example.org/log"), &public, &log.key, &e),
	     &e);
	note_key_write(&vkey, &log.key);
	buf_byte(&vkey, '\n');
	put(argv[1], "log", ".vkey", buf_view(&vkey));
	buf_free(&vkey);
	for (size_t i = 0; i < COUNT_OF(SIZES); i++)
		for (size_t k = 0; k < i; k++)
			fork_make(&log, argv[1], SIZES[k], SIZES[i]);
	signer_free(log.signer);
	return 0;
}
