/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/logview.h"

#include <stdlib.h>

enum { CHECKPOINT_ARENA = 4 << 20, LOG_KEYS_MAX = 16 };

enum {
	NODES = 1
		<< 15, /* 1.5 MB: a bulk check of a log of a million meets most of its nodes again */
	NODE_WORTH_KEEPING =
		2 /* levels above a tile's own hashes; below, they are computed as fast as found */
};

/* A node of the tree above the leaves of a tile.  As untrusted as the tile it was made of. */
struct logview_node {
	uint64_t index;
	unsigned level; /* 0: empty */
	unsigned char hash[SHA256_SIZE];
};

/* The leaves of one tile, hashed from their entries.  As untrusted as those. */
struct logview_leaves {
	uint64_t n; /* which tile */
	unsigned char hashes[TILE_WIDTH][SHA256_SIZE];
};

static const char CHECKPOINT[] = "/checkpoint";

bool logview_open(struct logview *v, struct fetch *fetch, const struct policy *policy,
		  const struct keylist *keylist, struct err *e)
{
	*v = (struct logview){
		.fetch = fetch, .policy = policy, .keylist = keylist, .gap = LOG_GAP_CHECKPOINT
	};
	v->arena = arena_new(CHECKPOINT_ARENA);
	return v->arena != NULL || err_memory(e, "the log");
}

void logview_close(struct logview *v)
{
	tile_reader_free(v->tiles);
	free(v->nodes);
	free(v->leaves);
	arena_free(v->arena);
	*v = (struct logview){ 0 };
}

unsigned logview_quorum(const struct logview *v)
{
	return v->policy->quorum > v->keylist->quorum ? v->policy->quorum : v->keylist->quorum;
}

/* The witnesses of policy and list, those of the policy first, each key once. */
static size_t all_witnesses(const struct logview *v,
			    struct note_key out[POLICY_WITNESSES_MAX + KEYLIST_WITNESSES_MAX])
{
	size_t count = v->policy->witness_count;

	memcpy(out, v->policy->witnesses, count * sizeof *out);
	for (size_t i = 0; i < v->keylist->witness_count; i++) {
		bool known = false;

		for (size_t k = 0; k < v->policy->witness_count; k++)
			known = known ||
				memcmp(&v->policy->witnesses[k].public,
				       &v->keylist->witnesses[i].public, sizeof out->public) == 0;
		if (!known)
			out[count++] = v->keylist->witnesses[i];
	}
	return count;
}

static unsigned count_below(uint32_t who, size_t end)
{
	unsigned count = 0;

	for (size_t i = 0; i < end; i++)
		count += who >> i & 1;
	return count;
}

static bool is_cosigned(const struct logview *v, const struct checkpoint_witnesses *who)
{
	return count_below(who->who, v->policy->witness_count) >= v->policy->quorum &&
	       who->count >= v->keylist->quorum;
}

enum log_gap logview_judge(struct logview *v, struct str bytes, struct log_tree *out,
			   struct checkpoint_witnesses *who, struct err *why)
{
	struct note_key witnesses[POLICY_WITNESSES_MAX + KEYLIST_WITNESSES_MAX];
	struct note_key keys[LOG_KEYS_MAX];
	size_t key_count = keylist_log_keys(v->keylist, v->policy, keys, LOG_KEYS_MAX);
	size_t witness_count = all_witnesses(v, witnesses);
	struct checkpoint c;
	bool good = false;

	err_input(why, "CHECKPOINT-SIGNATURE", "the key list names no key that signs for the log");
	arena_reset(v->arena);
	for (size_t i = 0; i < key_count && !good; i++)
		good = checkpoint_read(v->arena, bytes, &keys[i], witnesses, witness_count, &c, who,
				       why);
	if (!good)
		return str_eq(str_of(why->code), STR("CHECKPOINT-SIGNATURE")) ? LOG_GAP_SIGNATURE
									      : LOG_GAP_CHECKPOINT;
	*out = (struct log_tree){ .size = c.size, .from = LOG_FROM_SITE };
	memcpy(out->root, c.root, SHA256_SIZE);
	*why = (struct err){ 0 };
	if (is_cosigned(v, who))
		return LOG_GAP_NONE;
	err_input(why, "CHECKPOINT-WITNESSES", "cosigned by %u witnesses; %u are needed",
		  who->count, logview_quorum(v));
	return LOG_GAP_WITNESSES;
}

void logview_read(struct logview *v)
{
	struct checkpoint_witnesses who;
	struct str bytes;
	struct err why;
	enum fetched fetched;

	if (v->read)
		return;
	v->read = true;
	fetched = fetch_file(v->fetch, CHECKPOINT, CHECKPOINT_BYTES_MAX, &bytes);
	if (fetched != FETCHED) {
		if (fetched == FETCHED_ABSENT)
			fetch_absent(v->fetch, CHECKPOINT);
		return;
	}
	v->gap = logview_judge(v, bytes, &v->tree, &who, &why);
	if (v->gap != LOG_GAP_NONE)
		fetch_fault(v->fetch, CHECKPOINT, &why);
	if (v->gap != LOG_GAP_NONE && v->gap != LOG_GAP_WITNESSES)
		return;
	v->witnesses = who.count;
	v->newest = v->gap == LOG_GAP_NONE ? who.newest : 0;
	v->tiles = tile_reader_new(v->fetch->site, v->tree.size, &why);
	v->nodes = calloc(NODES, sizeof *v->nodes);
	if (v->tiles == NULL || v->nodes == NULL) {
		if (v->tiles != NULL)
			err_memory(&why, "the log");
		fetch_fault(v->fetch, "/tile", &why);
		v->gap = LOG_GAP_TILES;
		return;
	}
	v->has_tree = true;
}

/* Hash the leaves around idx; entries that cannot be had leave it to the tile. */
static void leaves_hash(struct logview *v, uint64_t idx)
{
	uint64_t n = idx / TILE_WIDTH;
	unsigned width = tile_width(0, n, v->tree.size);
	struct logview_leaves *l;
	struct err why;

	if (v->leaves != NULL && v->leaves->n == n)
		return;
	free(v->leaves);
	v->leaves = NULL;
	l = malloc(sizeof *l);
	if (l == NULL)
		return;
	l->n = n;
	for (unsigned i = 0; i < width; i++) {
		struct entry entry;

		if (!tile_reader_entry(v->tiles, n * TILE_WIDTH + i, &entry, &why)) {
			free(l);
			return;
		}
		entry_hash(&entry, l->hashes[i]);
	}
	v->leaves = l;
}

/* The root of 2^level of the hashed leaves; false when it is not of them. */
static bool leaves_node(const struct logview *v, unsigned level, uint64_t index,
			unsigned char out[SHA256_SIZE])
{
	unsigned char row[TILE_WIDTH][SHA256_SIZE];
	size_t count = (size_t)1 << level, first = index * count % TILE_WIDTH;

	if (v->leaves == NULL || v->leaves->n != (index << level) / TILE_WIDTH)
		return false;
	memcpy(row, v->leaves->hashes[first], count * SHA256_SIZE);
	for (; count > 1; count /= 2)
		for (size_t i = 0; i < count / 2; i++)
			merkle_node(row[2 * i], row[2 * i + 1], row[i]);
	memcpy(out, row[0], SHA256_SIZE);
	return true;
}

/* A tile gives the node at height h above its own hashes by 2^h - 1 hashings: what costs most is kept. */
static bool node_hash(void *self, unsigned level, uint64_t index, unsigned char out[SHA256_SIZE],
		      struct err *e)
{
	struct logview *v = self;
	struct merkle_source tiles = tile_reader_source(v->tiles);
	struct logview_node *node;

	if (level < 8 && leaves_node(v, level, index, out))
		return true;
	if (level % 8 < NODE_WORTH_KEEPING)
		return tiles.hash(tiles.self, level, index, out, e);
	node = &v->nodes[(index * 37 + level * UINT64_C(0x9e3779b1)) % NODES];
	if (node->level != level || node->index != index) {
		if (!tiles.hash(tiles.self, level, index, out, e))
			return false;
		node->level = level;
		node->index = index;
		memcpy(node->hash, out, SHA256_SIZE);
	}
	memcpy(out, node->hash, SHA256_SIZE);
	return true;
}

static struct merkle_source nodes_of(struct logview *v)
{
	return (struct merkle_source){ .self = v, .hash = node_hash };
}

/*
 * Do the tiles lead from the last leaf of the smaller tree to the signed root?  The smaller tree is made of that leaf and
 * of left siblings on its way (RFC 9162 §2.1.4), so then they cannot be blamed.
 */
static bool tiles_hold(struct logview *v, uint64_t size, const struct merkle_source *source)
{
	unsigned char leaf[SHA256_SIZE];
	struct merkle_proof proof;
	struct err why;

	return source->hash(source->self, 0, size - 1, leaf, &why) &&
	       merkle_inclusion(source, v->tree.size, size - 1, &proof, &why) &&
	       merkle_includes(leaf, size - 1, v->tree.size, v->tree.root, &proof);
}

static enum log_relation relate_smaller(struct logview *v, const struct log_tree *other)
{
	struct merkle_source source = nodes_of(v);
	struct merkle_proof proof;
	struct err why;

	if (!merkle_consistency(&source, other->size, v->tree.size, &proof, &why)) {
		fetch_fault(v->fetch, "/tile", &why);
		return RELATION_UNPROVEN;
	}
	if (merkle_consistent(other->size, other->root, v->tree.size, v->tree.root, &proof))
		return RELATION_SHOWN;
	return tiles_hold(v, other->size, &source) ? RELATION_REWRITTEN : RELATION_TILES;
}

enum log_relation logview_relate(struct logview *v, const struct log_tree *other, bool may_fetch)
{
	unsigned char empty[SHA256_SIZE];

	if (other->size > v->tree.size)
		return RELATION_AHEAD;
	if (other->size == v->tree.size)
		return memcmp(other->root, v->tree.root, SHA256_SIZE) == 0 ? RELATION_SHOWN
									   : RELATION_FORK;
	if (other->size == 0) {
		merkle_empty(empty);
		return memcmp(other->root, empty, SHA256_SIZE) == 0 ? RELATION_SHOWN
								    : RELATION_REWRITTEN;
	}
	return may_fetch ? relate_smaller(v, other) : RELATION_UNPROVEN;
}

/* As logview_leaf for an idx inside the tree; false with *why when tiles could not be had. */
static bool leaf_find(struct logview *v, uint64_t idx, const unsigned char *want,
		      struct entry *entry, enum leaf_look *look, struct err *why)
{
	struct merkle_source source = nodes_of(v);
	struct merkle_proof proof;
	unsigned char leaf[SHA256_SIZE], hash[SHA256_SIZE];

	if (v->sparing && want == NULL)
		leaves_hash(v, idx);
	if (!merkle_inclusion(&source, v->tree.size, idx, &proof, why))
		return false;
	*look = LOOK_MATCHES;
	if (want != NULL && merkle_includes(want, idx, v->tree.size, v->tree.root, &proof))
		return true;
	if (!source.hash(source.self, 0, idx, leaf, why))
		return false;
	*look = LOOK_TILES;
	if (!merkle_includes(leaf, idx, v->tree.size, v->tree.root, &proof))
		return true;
	if (!tile_reader_entry(v->tiles, idx, entry, why))
		return false;
	entry_hash(entry, hash);
	if (memcmp(hash, leaf, SHA256_SIZE) == 0)
		*look = LOOK_ENTRY;
	return true;
}

enum leaf_look logview_leaf(struct logview *v, uint64_t idx, const unsigned char want[SHA256_SIZE],
			    struct entry *entry)
{
	enum leaf_look look;
	struct err why;

	if (!v->has_tree)
		return LOOK_UNKNOWN;
	if (idx >= v->tree.size)
		return LOOK_BEYOND;
	if (leaf_find(v, idx, want, entry, &look, &why))
		return look;
	fetch_fault(v->fetch, "/tile", &why);
	return LOOK_UNKNOWN;
}

void logview_fault(struct evidence *out, enum log_fault what, const struct log_tree *shown,
		   const struct log_tree *known)
{
	if (out->log_fault != LOG_FAULT_NONE)
		return;
	out->log_fault = what;
	out->shown = *shown;
	if (known != NULL)
		out->known = *known;
}
