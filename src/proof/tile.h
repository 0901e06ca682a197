/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_TILE_H
#define HUFU_PROOF_TILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "net/site.h"
#include "proof/entry.h"
#include "proof/merkle.h"

/* C2SP tlog-tiles: hash tiles of height 8 and bundles of 256 entries. */
enum {
	TILE_WIDTH = 256,
	TILE_BYTES = TILE_WIDTH * SHA256_SIZE,
	BUNDLE_ENTRY = 2 + ENTRY_SIZE, /* a big-endian length before each */
	BUNDLE_BYTES = TILE_WIDTH * BUNDLE_ENTRY,
	TILE_LEVELS = 8,  /* 256^8 leaves and more than anybody has */
	TILE_PATH = 64,   /* room for a path below, with NUL */
	TILE_ENTRIES = -1 /* as a level: the entry bundles */
};

/* "/tile/<L>/<N>" or "/tile/entries/<N>", ".p/<W>" behind it for a width of 1 to 255; N in groups of three, NUL-terminated. */
void tile_path(int level, uint64_t n, unsigned width, char out[TILE_PATH]);

/* How wide tile n of this level is in a tree of `size`: 0 (not there) to 256. */
unsigned tile_width(int level, uint64_t n, uint64_t size);

/*
 * The hashes and entries a site publishes for a tree of `size`, fetched when asked for and kept for the reader's life; a
 * partial tile that is gone is taken from the full one.  Nothing read is trusted: what matters is that a proof made of it
 * ends in a signed root.  A file of another length than the tree's is ERR_INPUT, TILE-FORM; one that is absent ERR_INPUT,
 * SITE-ABSENT; unreachable: the site's own error.
 */
struct tile_reader;
struct tile_reader *tile_reader_new(const struct site *site, uint64_t size, struct err *e)
	MUST_CHECK;                           /* NULL with *e when memory ran out; `site` is lent */
void tile_reader_free(struct tile_reader *r); /* accepts NULL */
struct merkle_source tile_reader_source(struct tile_reader *r);
bool tile_reader_entry(struct tile_reader *r, uint64_t index, struct entry *out,
		       struct err *e) MUST_CHECK; /* index < size */

/*
 * The right edge of a log that grows.  `put` is given every tile and bundle that is new or changed, path as above, each
 * one time at most per path and call of tile_edge_end; it must store them before the checkpoint that needs them.
 */
struct tile_sink {
	void *self;
	bool (*put)(void *self, const char *path, struct str bytes, struct err *e);
};

struct tile_edge;
/*
 * From the tiles of a tree of `size`; reads only its right edge, at most TILE_LEVELS + 1 files, and refuses entries that are
 * not those of their leaf hashes.  That tile_edge_root is then the root of the checkpoint is for the caller to see.  `sink`
 * is copied.  Needs some 90 KB, however large the log.
 */
bool tile_edge_open(const struct site *site, uint64_t size, const struct tile_sink *sink,
		    struct tile_edge **out, struct err *e) MUST_CHECK;
void tile_edge_free(struct tile_edge *edge); /* accepts NULL */
/* Once a put has failed, so do these: what is stored is not known, the log is to be opened again. */
bool tile_edge_add(struct tile_edge *edge, const struct entry *entry, struct err *e) MUST_CHECK;
uint64_t tile_edge_size(const struct tile_edge *edge);
/* The root of what was added so far; O(levels) hashes, may be asked at any time. */
bool tile_edge_root(const struct tile_edge *edge, unsigned char out[SHA256_SIZE],
		    struct err *e) MUST_CHECK;
/* Put the partial tiles and the partial bundle of the tree as it stands.  More may be added after it. */
bool tile_edge_end(struct tile_edge *edge, struct err *e) MUST_CHECK;

#endif
