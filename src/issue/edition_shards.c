/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/io.h"
#include "issue/edition_work.h"
#include "proof/entry.h"
#include "proof/sidecar.h"

enum { SHARD_TTL_S = 3600 };

/* A shard is due when a move changed it, when it never was, or when it ages. */
static bool shard_due(struct edition_work *w, int64_t shard, const int64_t *moved,
		      size_t moved_count, bool *due, struct err *e)
{
	struct store_shard latest;
	bool found;

	*due = w->ed->all_shards;
	for (size_t i = 0; i < moved_count && !*due; i++)
		*due = moved[i] == shard;
	if (*due)
		return true;
	if (!store_shard_latest(w->home->store, shard, &latest, &found, e))
		return false;
	*due = !found || w->ed->at - latest.iat >= SHARD_AGE_S;
	return true;
}

static bool shard_fill(struct edition_work *w, int64_t shard, struct err *e)
{
	int64_t first = shard * SHARD_ENTRIES, idx;
	struct sql_rows *rows;
	int status;
	bool ok;

	memset(w->shard->list, 0, sizeof w->shard->list);
	if (!store_statuses(w->home->store, first, first + SHARD_ENTRIES, &rows, e))
		return false;
	while ((ok = store_statuses_row(rows, &idx, &status, e)) && idx >= 0)
		status_set(w->shard->list, (unsigned)(idx - first), (unsigned)status);
	sql_done(rows);
	return ok;
}

static bool shard_sign(struct edition_work *w, int64_t shard, struct err *e)
{
	char path[SHARD_PATH];
	struct buf cwt = buf_empty(SHARD_FILE_MAX);
	struct store_shard row = { .edition = w->ed->id,
				   .shard = shard,
				   .iat = w->ed->at,
				   .idx = (int64_t)tile_edge_size(w->edge) };
	struct entry entry;
	bool ok;

	shard_path((uint64_t)shard, path);
	ok = arena_printf(w->arena, &w->shard->sub, e, "%.*s%s", STR_ARG(w->home->policy.site),
			  path) &&
	     shard_fill(w, shard, e) && shard_write(&cwt, w->shard, w->home->signer, e);
	if (ok) {
		sha256_of(buf_view(&cwt), row.sha256);
		entry = entry_status(row.sha256, (uint64_t)shard, row.iat);
		shard_history_path((uint64_t)shard, row.iat, path);
		ok = edition_put(w, path, buf_view(&cwt), e) && tile_edge_add(w->edge, &entry, e) &&
		     store_shard_add(w->home->store, &row, e);
	}
	buf_free(&cwt);
	return ok;
}

static bool keys_claim(struct edition_work *w, struct err *e)
{
	struct buf bytes = buf_empty(NOTE_MAX);
	bool ok = io_read_in(w->site_dir, "keys.note", &bytes, e);

	if (ok)
		sha256_of(buf_view(&bytes), w->shard->keys_sha256);
	w->shard->keys_version = w->home->keylist.version;
	buf_free(&bytes);
	return ok;
}

bool edition_shards(struct edition_work *w, uint64_t tree_size,
		    const unsigned char tree_root[HASH_SIZE], struct err *e)
{
	int64_t *moved, end;
	size_t moved_count;

	w->shard = arena_alloc(w->arena, sizeof *w->shard, e);
	if (w->shard == NULL || !store_documents_end(w->home->store, &end, e) ||
	    !store_shards_moved(w->home->store, w->arena, w->ed->id, &moved, &moved_count, e))
		return false;
	*w->shard = (struct shard){ .iat = w->ed->at,
				    .exp = w->ed->at + SHARD_LIFE_S,
				    .ttl = SHARD_TTL_S,
				    .tree_size = tree_size };
	memcpy(w->shard->tree_root, tree_root, HASH_SIZE);
	if (!keys_claim(w, e))
		return false;
	for (int64_t shard = 0; shard * SHARD_ENTRIES < end; shard++) {
		bool due;

		if (!shard_due(w, shard, moved, moved_count, &due, e) ||
		    (due && !shard_sign(w, shard, e)))
			return false;
	}
	return true;
}

static bool shard_proof(struct edition_work *w, const struct store_shard *row,
			struct str checkpoint, struct err *e)
{
	struct sidecar proof = { .index = (uint64_t)row->idx, .checkpoint = checkpoint };
	struct buf text = buf_empty(SIDECAR_BYTES_MAX);
	char path[SHARD_PATH];
	bool ok =
		merkle_inclusion(&w->hashes, (uint64_t)w->ed->size, proof.index, &proof.proof, e) &&
		sidecar_write(&text, &proof, e);

	shard_proof_path((uint64_t)row->shard, path);
	ok = ok && edition_put(w, path, buf_view(&text), e);
	buf_free(&text);
	return ok;
}

static bool shard_show(struct edition_work *w, const struct store_shard *row, struct err *e)
{
	char path[SHARD_PATH];
	struct buf cwt = buf_empty(SHARD_FILE_MAX);
	bool ok;

	shard_history_path((uint64_t)row->shard, row->iat, path);
	ok = io_read_in(w->site_dir, path + 1, &cwt, e);
	shard_path((uint64_t)row->shard, path);
	ok = ok && edition_put(w, path, buf_view(&cwt), e);
	buf_free(&cwt);
	return ok;
}

bool edition_shards_show(struct edition_work *w, struct str checkpoint, struct err *e)
{
	struct store_shard *rows;
	size_t count;

	if (!store_shards_of(w->home->store, w->arena, w->ed->id, &rows, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!shard_show(w, &rows[i], e) || !shard_proof(w, &rows[i], checkpoint, e))
			return false;
	return true;
}
