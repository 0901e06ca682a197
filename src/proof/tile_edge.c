/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "proof/tile.h"

enum { HEIGHTS = 63 }; /* of complete subtrees in at most 2^62 leaves */

/*
 * What is right of everything that is full.  row[l] holds the hashes of the partial tile of level l, bundle the entries over
 * row[0]; peak[h] is the complete subtree of 2^h leaves in the decomposition of `size`, there exactly when bit h is set.
 */
struct tile_edge {
	struct tile_sink sink;
	struct sha256 *hash;
	uint64_t size;
	bool broken; /* a put failed: what was stored is not known */
	unsigned char peak[HEIGHTS][SHA256_SIZE];
	unsigned char row[TILE_LEVELS][TILE_BYTES];
	unsigned width[TILE_LEVELS],
		stored[TILE_LEVELS]; /* hashes in row; in the last partial tile put */
	unsigned char bundle[BUNDLE_BYTES];
};

void tile_edge_free(struct tile_edge *edge)
{
	if (edge == NULL)
		return;
	sha256_free(edge->hash);
	free(edge);
}

static struct tile_edge *edge_new(const struct tile_sink *sink, struct err *e)
{
	struct tile_edge *edge = calloc(1, sizeof *edge);

	if (edge != NULL) {
		edge->sink = *sink;
		edge->hash = sha256_new();
	}
	if (edge == NULL || edge->hash == NULL) {
		tile_edge_free(edge);
		err_memory(e, "the edge of a log");
		return NULL;
	}
	return edge;
}

static void bundle_add(struct tile_edge *edge, unsigned i, const struct entry *entry)
{
	unsigned char *at = edge->bundle + (size_t)i * BUNDLE_ENTRY;

	at[0] = 0;
	at[1] = ENTRY_SIZE;
	memcpy(at + 2, entry->bytes, ENTRY_SIZE);
}

/* The entries of the partial bundle, each of which must be the one its leaf hash speaks of. */
static bool bundle_open(struct tile_edge *edge, struct tile_reader *r, struct err *e)
{
	uint64_t first = edge->size - edge->width[0];

	for (unsigned i = 0; i < edge->width[0]; i++) {
		unsigned char hash[SHA256_SIZE];
		struct entry entry;

		if (!tile_reader_entry(r, first + i, &entry, e))
			return false;
		merkle_leaf_by(edge->hash, str_bytes(entry.bytes, ENTRY_SIZE), hash);
		if (memcmp(hash, edge->row[0] + (size_t)i * SHA256_SIZE, SHA256_SIZE) != 0)
			return err_input(e, "TILE-FORM", "entry %ju is not that of its leaf hash",
					 (uintmax_t)(first + i));
		bundle_add(edge, i, &entry);
	}
	return true;
}

static bool rows_open(struct tile_edge *edge, const struct merkle_source *from, struct err *e)
{
	for (unsigned level = 0; level < TILE_LEVELS; level++) {
		uint64_t hashes = edge->size >> 8 * level;

		edge->width[level] = edge->stored[level] = (unsigned)(hashes % TILE_WIDTH);
		for (unsigned i = 0; i < edge->width[level]; i++)
			if (!from->hash(from->self, 8 * level, hashes - edge->width[level] + i,
					edge->row[level] + (size_t)i * SHA256_SIZE, e))
				return false;
	}
	for (unsigned h = 0; h < HEIGHTS; h++)
		if ((edge->size >> h & 1) != 0 &&
		    !from->hash(from->self, h, (edge->size >> h) - 1, edge->peak[h], e))
			return false;
	return true;
}

bool tile_edge_open(const struct site *site, uint64_t size, const struct tile_sink *sink,
		    struct tile_edge **out, struct err *e)
{
	struct tile_reader *r = NULL;
	struct tile_edge *edge;
	struct merkle_source from;
	bool ok;

	if (size > MERKLE_SIZE_MAX)
		return err_system(e, "a log of more than 2^62 entries");
	edge = edge_new(sink, e);
	if (edge == NULL)
		return false;
	edge->size = size;
	r = tile_reader_new(site, size, e);
	ok = r != NULL;
	if (ok) {
		from = tile_reader_source(r);
		ok = rows_open(edge, &from, e) && bundle_open(edge, r, e);
	}
	tile_reader_free(r);
	if (!ok) {
		tile_edge_free(edge);
		return false;
	}
	*out = edge;
	return true;
}

static bool put(struct tile_edge *edge, int level, uint64_t n, unsigned width, struct err *e)
{
	struct str bytes = level == TILE_ENTRIES
				   ? str_bytes(edge->bundle, (size_t)width * BUNDLE_ENTRY)
				   : str_bytes(edge->row[level], (size_t)width * SHA256_SIZE);
	char path[TILE_PATH];

	tile_path(level, n, width, path);
	if (edge->sink.put(edge->sink.self, path, bytes, e))
		return true;
	edge->broken = true;
	return false;
}

/* One hash more in the row of this level; a full row is a tile that will not change any more. */
static bool row_add(struct tile_edge *edge, unsigned level, const unsigned char hash[SHA256_SIZE],
		    struct err *e)
{
	uint64_t n = edge->size >> 8 * level >> 8; /* the size before this leaf: of this tile */

	memcpy(edge->row[level] + (size_t)edge->width[level] * SHA256_SIZE, hash, SHA256_SIZE);
	if (++edge->width[level] < TILE_WIDTH)
		return true;
	edge->width[level] = edge->stored[level] = 0;
	return (level > 0 || put(edge, TILE_ENTRIES, n, TILE_WIDTH, e)) &&
	       put(edge, (int)level, n, TILE_WIDTH, e);
}

static bool broken(struct err *e)
{
	return err_system(e, "a tile could not be stored; open the log again");
}

bool tile_edge_add(struct tile_edge *edge, const struct entry *entry, struct err *e)
{
	unsigned char hash[SHA256_SIZE];
	unsigned h = 0;

	if (edge->broken)
		return broken(e);
	if (edge->size == MERKLE_SIZE_MAX)
		return err_system(e, "a log of more than 2^62 entries");
	merkle_leaf_by(edge->hash, str_bytes(entry->bytes, ENTRY_SIZE), hash);
	bundle_add(edge, edge->width[0], entry);
	if (!row_add(edge, 0, hash, e))
		return false;
	for (; (edge->size >> h & 1) != 0; h++) {
		merkle_node_by(edge->hash, edge->peak[h], hash, hash);
		if ((h + 1) % 8 == 0 && !row_add(edge, (h + 1) / 8, hash, e))
			return false;
	}
	memcpy(edge->peak[h], hash, SHA256_SIZE);
	edge->size++;
	return true;
}

uint64_t tile_edge_size(const struct tile_edge *edge)
{
	return edge->size;
}

bool tile_edge_root(const struct tile_edge *edge, unsigned char out[SHA256_SIZE], struct err *e)
{
	bool first = true;

	if (edge->broken)
		return broken(e);
	merkle_empty(out);
	for (unsigned h = 0; h < HEIGHTS; h++) {
		if ((edge->size >> h & 1) == 0)
			continue;
		if (first)
			memcpy(out, edge->peak[h], SHA256_SIZE);
		else
			merkle_node_by(edge->hash, edge->peak[h], out, out);
		first = false;
	}
	return true;
}

bool tile_edge_end(struct tile_edge *edge, struct err *e)
{
	if (edge->broken)
		return broken(e);
	for (unsigned level = 0; level < TILE_LEVELS; level++) {
		uint64_t n = edge->size >> 8 * level >> 8;
		unsigned width = edge->width[level];

		if (width == edge->stored[level])
			continue;
		if ((level == 0 && !put(edge, TILE_ENTRIES, n, width, e)) ||
		    !put(edge, (int)level, n, width, e))
			return false;
		edge->stored[level] = width;
	}
	return true;
}
