/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "proof/tile.h"

enum {
	BUCKETS = 1024,
	FILE_MAX = 64 * 1024 /* more than any tile, so that one that is too long is seen to be */
};
_Static_assert((int)FILE_MAX > (int)BUNDLE_BYTES, "a bundle fits");

/* One file that was read: width × 32 or 67 bytes. */
struct tile {
	struct tile *next;
	int level;
	uint64_t n;
	unsigned char bytes[];
};

struct tile_reader {
	struct site site;
	uint64_t size;
	struct sha256 *hash;
	struct tile *buckets[BUCKETS];
};

struct tile_reader *tile_reader_new(const struct site *site, uint64_t size, struct err *e)
{
	struct tile_reader *r = calloc(1, sizeof *r);

	if (r != NULL) {
		r->site = *site;
		r->size = size;
		r->hash = sha256_new();
	}
	if (r == NULL || r->hash == NULL) {
		tile_reader_free(r);
		err_memory(e, "a reader of tiles");
		return NULL;
	}
	return r;
}

void tile_reader_free(struct tile_reader *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (r->buckets[i] != NULL) {
			struct tile *t = r->buckets[i];

			r->buckets[i] = t->next;
			free(t);
		}
	sha256_free(r->hash);
	free(r);
}

static size_t unit_of(int level)
{
	return level == TILE_ENTRIES ? BUNDLE_ENTRY : SHA256_SIZE;
}

/* Read the file of this width into *out and see that it has its length; a file that is not there leaves *absent. */
static bool file_load(const struct tile_reader *r, int level, uint64_t n, unsigned width,
		      struct buf *out, bool *absent, struct err *e)
{
	char path[TILE_PATH];

	tile_path(level, n, width, path);
	buf_clear(out);
	*absent = false;
	if (!r->site.load(r->site.self, path, FILE_MAX, out, absent, e) ||
	    (!*absent && !buf_ok(out, path, e)))
		return false;
	if (*absent || out->n == width * unit_of(level))
		return true;
	err_input(e, "TILE-FORM", "%zu bytes; the tree has %zu here", out->n,
		  width * unit_of(level));
	return err_in(e, "%s", path);
}

/* C2SP tlog-tiles, "Partial Tiles": one that is gone is the beginning of the full one. */
static bool tile_load(const struct tile_reader *r, int level, uint64_t n, unsigned width,
		      struct buf *out, struct err *e)
{
	char path[TILE_PATH];
	bool absent;

	if (!file_load(r, level, n, width, out, &absent, e))
		return false;
	if (absent && width < TILE_WIDTH && !file_load(r, level, n, TILE_WIDTH, out, &absent, e))
		return false;
	if (!absent)
		return true;
	tile_path(level, n, width, path);
	err_input(e, "SITE-ABSENT", "the site has no such file");
	return err_in(e, "%s", path);
}

/* The tile or bundle, from memory or from the site; NULL with *e. */
static const struct tile *tile_find(struct tile_reader *r, int level, uint64_t n, struct err *e)
{
	struct tile **bucket =
		&r->buckets[(n * (TILE_LEVELS + 1) + (uint64_t)(level + 1)) % BUCKETS];
	unsigned width = tile_width(level, n, r->size);
	size_t bytes = width * unit_of(level);
	struct buf file = buf_empty(FILE_MAX);
	struct tile *t;

	for (t = *bucket; t != NULL; t = t->next)
		if (t->level == level && t->n == n)
			return t;
	if (!tile_load(r, level, n, width, &file, e))
		goto out;
	t = malloc(sizeof *t + bytes);
	if (t == NULL) {
		err_memory(e, "a tile");
		goto out;
	}
	*t = (struct tile){ .next = *bucket, .level = level, .n = n };
	memcpy(t->bytes, file.p, bytes);
	*bucket = t;
out:
	buf_free(&file);
	return t;
}

/* MTH of 2^bits hashes, bits < 8. */
static void fold(struct sha256 *h, const unsigned char *hashes, unsigned bits,
		 unsigned char out[SHA256_SIZE])
{
	unsigned char row[TILE_BYTES / 2];
	size_t count = (size_t)1 << bits;

	memcpy(row, hashes, count * SHA256_SIZE);
	for (; count > 1; count /= 2)
		for (size_t i = 0; i < count / 2; i++)
			merkle_node_by(h, row + 2 * i * SHA256_SIZE,
				       row + (2 * i + 1) * SHA256_SIZE, row + i * SHA256_SIZE);
	memcpy(out, row, SHA256_SIZE);
}

static bool subtree_hash(void *self, unsigned level, uint64_t index, unsigned char out[SHA256_SIZE],
			 struct err *e)
{
	struct tile_reader *r = self;
	unsigned bits = level % 8;
	uint64_t first;
	const struct tile *t;

	if (level >= 8 * TILE_LEVELS || index >= r->size >> level)
		return err_system(e, "subtree %ju of height %u is not in a tree of %ju",
				  (uintmax_t)index, level, (uintmax_t)r->size);
	first = index << bits; /* among the hashes of the tile's level */
	t = tile_find(r, (int)(level / 8), first / TILE_WIDTH, e);
	if (t == NULL)
		return false;
	fold(r->hash, t->bytes + first % TILE_WIDTH * SHA256_SIZE, bits, out);
	return true;
}

struct merkle_source tile_reader_source(struct tile_reader *r)
{
	return (struct merkle_source){ .self = r, .hash = subtree_hash };
}

bool tile_reader_entry(struct tile_reader *r, uint64_t index, struct entry *out, struct err *e)
{
	const unsigned char *at;
	const struct tile *t;
	char path[TILE_PATH];

	if (index >= r->size)
		return err_system(e, "entry %ju is not in a log of %ju", (uintmax_t)index,
				  (uintmax_t)r->size);
	t = tile_find(r, TILE_ENTRIES, index / TILE_WIDTH, e);
	if (t == NULL)
		return false;
	at = t->bytes + index % TILE_WIDTH * BUNDLE_ENTRY;
	if (at[0] == 0 && at[1] == ENTRY_SIZE) {
		memcpy(out->bytes, at + 2, ENTRY_SIZE);
		return true;
	}
	err_input(e, "TILE-FORM", "entry %ju is not %d bytes long", (uintmax_t)index, ENTRY_SIZE);
	tile_path(TILE_ENTRIES, index / TILE_WIDTH,
		  tile_width(TILE_ENTRIES, index / TILE_WIDTH, r->size), path);
	return err_in(e, "%s", path);
}
