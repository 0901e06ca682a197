/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/edition.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/io.h"
#include "issue/block.h"
#include "issue/buckets.h"
#include "issue/edition_work.h"
#include "issue/manifests.h"
#include "issue/webpage.h"
#include "proof/checkpoint.h"
#include "store/move.h"

enum {
	CLAIM_WHOLE = 65536, /* entries of a log that is large */
	WORK_ARENA = 64 << 20,
	CLOCK_SLACK_S = 300, /* clocks of one machine are this near to each other */
	AS_OF_SLACK_S = 86400
};

static const char CHECKPOINT[] = "checkpoint", PENDING[] = "checkpoint.pending";

bool edition_put(struct edition_work *w, const char *path, struct str bytes, struct err *e)
{
	const char *name = strrchr(path, '/') + 1; /* every path of a site begins with a slash */
	char dir[4096];

	if (snprintf(dir, sizeof dir, "%s%.*s", w->site_dir, (int)(name - 1 - path), path) >=
	    (int)sizeof dir)
		return err_system(e, "path '%s' is too long", w->site_dir);
	return io_mkdir(dir, 0755, e) && io_stage(dir, name, bytes, 0644, e) &&
	       io_unstage(dir, name, e);
}

static bool tile_put(void *self, const char *path, struct str bytes, struct err *e)
{
	return edition_put(self, path, bytes, e);
}

static bool work_open(struct edition_work *w, struct err *e)
{
	w->arena = arena_new(WORK_ARENA);
	if (w->arena == NULL)
		return err_memory(e, "an edition");
	if (keylist_log_keys(&w->home->keylist, &w->home->policy, &w->log, 1) != 1)
		return err_system(e, "the key list names no active log key");
	return home_path(w->home, "site", &w->site_dir, e) &&
	       site_dir_open(w->site_dir, &w->dir, &w->site, e);
}

static void work_close(struct edition_work *w)
{
	tile_edge_free(w->edge);
	site_dir_close(&w->dir);
	arena_free(w->arena);
}

/* ---- what was signed before ---- */

/* HOME/log/checkpoint, the largest tree ever signed; size 0 when none was. */
static bool largest_read(struct edition_work *w, struct checkpoint *out, struct str *note,
			 struct err *e)
{
	struct buf bytes = buf_empty(CHECKPOINT_BYTES_MAX);
	struct note read;
	const char *path;
	bool ok;

	*out = (struct checkpoint){ 0 };
	*note = (struct str){ NULL, 0 };
	if (!home_path(w->home, "log/checkpoint", &path, e))
		return false;
	if (!io_exists(path))
		return true;
	/* Whichever key signed it: a log that follows another goes on from its tree. */
	ok = io_read(path, &bytes, e) && arena_str(w->arena, buf_view(&bytes), note, e);
	if (ok &&
	    (!note_read(w->arena, *note, &read, e) || !checkpoint_read_body(read.body, out, e)))
		ok = home_broken(w->home, "log/checkpoint", e);
	buf_free(&bytes);
	return ok;
}

/* Only an extension of it may be signed. */
static bool largest_judge(struct edition_work *w, const struct checkpoint *next, struct err *e)
{
	struct checkpoint largest;
	struct tile_reader *reader;
	struct merkle_source from;
	unsigned char root[SHA256_SIZE];
	struct str note;
	bool ok;

	if (!largest_read(w, &largest, &note, e))
		return false;
	if (largest.size > next->size)
		return err_system(e,
				  "a tree of %llu entries was signed before, the log has %llu; "
				  "the store is an old copy",
				  (unsigned long long)largest.size, (unsigned long long)next->size);
	reader = tile_reader_new(&w->site, next->size, e);
	if (reader == NULL)
		return false;
	from = tile_reader_source(reader);
	ok = largest.size == 0 || merkle_root(&from, largest.size, root, e);
	if (ok && largest.size > 0 && memcmp(root, largest.root, SHA256_SIZE) != 0)
		ok = err_system(e, "another tree of %llu entries was signed before",
				(unsigned long long)largest.size);
	tile_reader_free(reader);
	return ok;
}

/* ---- the block ---- */

static bool tree_here(const struct edition_work *w, struct manifest_tree *out, struct err *e)
{
	out->size = tile_edge_size(w->edge);
	return tile_edge_root(w->edge, out->root, e);
}

static bool documents_add(struct edition_work *w, const struct store_batch *batch, struct err *e)
{
	struct block *block;
	struct leaf leaf;
	bool end = false, ok;

	if (batch->first_idx != w->ed->first)
		return err_system(e, "batch %lld was planned for another place on the log",
				  (long long)batch->id);
	if (!block_open(w->home, batch, &block, e))
		return false;
	while ((ok = block_next(block, &leaf, &end, e)) && !end) {
		struct entry entry = entry_document(&leaf);

		ok = tile_edge_add(w->edge, &entry, e) &&
		     (tile_edge_size(w->edge) % TILE_WIDTH != 0 || tree_here(w, &w->whole, e));
		if (!ok)
			break;
	}
	block_close(block);
	return ok;
}

static bool keys_add(struct edition_work *w, struct err *e)
{
	struct buf bytes = buf_empty(NOTE_MAX);
	unsigned char hash[SHA256_SIZE];
	struct entry entry;
	bool ok = io_read_in(w->site_dir, "keys.note", &bytes, e);

	if (ok) {
		sha256_of(buf_view(&bytes), hash);
		entry = entry_keys(hash, (uint64_t)w->ed->keys_version);
		ok = tile_edge_add(w->edge, &entry, e);
	}
	buf_free(&bytes);
	return ok;
}

static bool status_rows(struct edition_work *w, struct manifests_order *order, struct err *e)
{
	struct store_shard *rows;
	struct manifest_status *status;
	size_t count;

	if (!store_shards_since(w->home->store, w->arena, order->batch->id, w->ed->id, &rows,
				&count, e))
		return false;
	status = arena_array(w->arena, count, sizeof *status, e);
	if (status == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		status[i] = (struct manifest_status){ .shard = (uint64_t)rows[i].shard,
						      .iat = rows[i].iat };
		memcpy(status[i].sha256, rows[i].sha256, SHA256_SIZE);
	}
	order->status = status;
	order->status_count = count;
	return true;
}

static bool manifest_add(struct edition_work *w, struct store_batch *batch,
			 const struct manifest_tree *before, const struct manifest_tree *after,
			 struct err *e)
{
	struct manifests_order order = {
		.home = w->home, .batch = batch, .before = *before, .after = *after
	};
	struct entry entry;

	if (!status_rows(w, &order, e) || !manifests_write(&order, batch->manifest, e))
		return false;
	entry = entry_manifest(batch->manifest, (uint64_t)batch->id);
	return tile_edge_add(w->edge, &entry, e);
}

/* The newest tree of whole tiles that the log had before this edition. */
static bool whole_begin(struct edition_work *w, struct err *e)
{
	uint64_t first = (uint64_t)w->ed->first;
	struct tile_reader *reader;
	struct merkle_source from;
	bool ok;

	w->whole = (struct manifest_tree){ .size = first / TILE_WIDTH * TILE_WIDTH };
	if (w->whole.size == 0)
		return true;
	reader = tile_reader_new(&w->site, first, e);
	if (reader == NULL)
		return false;
	from = tile_reader_source(reader);
	ok = merkle_root(&from, w->whole.size, w->whole.root, e);
	tile_reader_free(reader);
	return ok;
}

/*
 * The tree the status lists claim: of a large log the newest one of whole tiles, so that who proves the checkpoint to go on
 * from it needs no tile besides those of the checkpoint's own edge.
 */
static const struct manifest_tree *tree_claim(const struct edition_work *w,
					      const struct manifest_tree *after)
{
	return after->size < CLAIM_WHOLE ? after : &w->whole;
}

static bool block_write(struct edition_work *w, struct store_batch *batch, struct err *e)
{
	struct manifest_tree before, after;
	const struct manifest_tree *claim;

	if (!whole_begin(w, e) || !tree_here(w, &before, e) ||
	    (batch != NULL && !documents_add(w, batch, e)) || !tree_here(w, &after, e) ||
	    (w->ed->has_keys && !keys_add(w, e)))
		return false;
	claim = tree_claim(w, &after);
	if (!edition_shards(w, claim->size, claim->root, e) ||
	    (batch != NULL && !manifest_add(w, batch, &before, &after, e)))
		return false;
	if (w->ed->has_journal) {
		struct entry entry = entry_other(w->ed->journal, OTHER_JOURNAL);

		if (!tile_edge_add(w->edge, &entry, e))
			return false;
	}
	if (w->ed->has_page) {
		struct entry entry = entry_other(w->ed->page, OTHER_PAGE);

		if (!tile_edge_add(w->edge, &entry, e))
			return false;
	}
	return tile_edge_end(w->edge, e) && io_sync_all(w->site_dir, e);
}

/* ---- signing ---- */

static bool checkpoint_sign(struct edition_work *w, struct err *e)
{
	struct checkpoint c = { .origin = w->log.name, .size = tile_edge_size(w->edge) };
	struct buf note = buf_empty(CHECKPOINT_BYTES_MAX);
	const char *log;
	bool ok = tile_edge_root(w->edge, c.root, e) && largest_judge(w, &c, e) &&
		  checkpoint_write(&note, &c, &w->log, w->home->signer, e) &&
		  home_path(w->home, "log", &log, e) && io_mkdir(log, 0755, e) &&
		  io_replace(log, CHECKPOINT, buf_view(&note), 0644, e);

	buf_free(&note);
	w->ed->size = (int64_t)c.size;
	memcpy(w->ed->root, c.root, HASH_SIZE);
	return ok;
}

static bool batch_of(struct edition_work *w, struct store_batch *batch, struct err *e)
{
	bool found;

	if (!store_batch_lookup(w->home->store, w->ed->batch, batch, &found, e))
		return false;
	return found || err_system(e, "the store has lost batch %lld", (long long)w->ed->batch);
}

/* What the home's own site holds is no answer to a user's question: a fault there is trouble. */
static bool edge_open(struct edition_work *w, struct err *e)
{
	const struct tile_sink sink = { w, tile_put };

	return tile_edge_open(&w->site, (uint64_t)w->ed->first, &sink, &w->edge, e) ||
	       home_broken(w->home, "site/tile", e);
}

/* The tiles at hand are those of the tree the last edition signed, or nothing is added to them. */
static bool edge_judge(struct edition_work *w, struct err *e)
{
	struct store_edition last;
	unsigned char root[SHA256_SIZE];
	bool found;

	if (!store_edition_before(w->home->store, w->ed->id, &last, &found, e))
		return false;
	if (!found)
		return true;
	if (!tile_edge_root(w->edge, root, e))
		return false;
	return memcmp(root, last.root, SHA256_SIZE) == 0 ||
	       err_system(
		       e,
		       "the tiles of the log are not those of edition %lld; hufu audit says where",
		       (long long)last.id);
}

/* Inside one transaction: the rows of what was signed are there when the edition says so, or none is. */
static bool edition_sign_rows(struct edition_work *w, struct err *e)
{
	struct store_batch batch;
	struct store *store = w->home->store;

	if ((w->ed->batch != 0 && !batch_of(w, &batch, e)) || !edge_open(w, e) ||
	    !edge_judge(w, e) || !block_write(w, w->ed->batch != 0 ? &batch : NULL, e) ||
	    !checkpoint_sign(w, e))
		return false;
	w->ed->state = EDITION_SIGNED;
	return store_edition_move(store, w->ed, e) &&
	       (w->ed->batch == 0 ||
		store_batch_move(store, batch.id, BATCH_SIGNED, batch.manifest, e));
}

static bool edition_sign(struct edition_work *w, struct err *e)
{
	struct store *store = w->home->store;

	if (!store_begin(store, e))
		return false;
	if (edition_sign_rows(w, e) && store_commit(store, e))
		return true;
	store_rollback(store);
	return false;
}

/* ---- showing it ---- */

/* Witnesses that the policy pins, and those the key list adds. */
static bool witnessed(struct edition_work *w, struct str note, bool *yes, struct err *e)
{
	struct note_key witnesses[POLICY_WITNESSES_MAX + KEYLIST_WITNESSES_MAX];
	struct checkpoint_witnesses who;
	struct checkpoint c;
	size_t n = home_witnesses(w->home, witnesses);

	if (!checkpoint_read(w->arena, note, &w->log, witnesses, n, &c, &who, e))
		return home_broken(w->home, "log/checkpoint", e);
	*yes = who.count >= w->home->keylist.quorum;
	return true;
}

static bool edition_note(struct edition_work *w, struct err *e)
{
	struct buf root = buf_empty(2 * HASH_SIZE);
	struct journal_field fields[] = { { "batch", { NULL, 0 }, w->ed->batch },
					  { "edition", { NULL, 0 }, w->ed->id },
					  { "root", { NULL, 0 }, 0 },
					  { "size", { NULL, 0 }, w->ed->size } };
	bool ok;

	enc_hex(&root, w->ed->root, HASH_SIZE);
	fields[2].text = buf_view(&root);
	ok = buf_ok(&root, "a journal line", e) &&
	     journal_add(w->home->journal, env_now(w->env), "site.edition", fields,
			 COUNT_OF(fields), e);
	buf_free(&root);
	return ok;
}

/* What waits is shown to witnesses alone: no verifier asks for this file. */
static bool pending_show(struct edition_work *w, struct str note, struct err *e)
{
	return io_replace(w->site_dir, PENDING, note, 0644, e);
}

static bool pending_remove(struct edition_work *w, struct err *e)
{
	const char *path;

	return io_path(w->arena, w->site_dir, PENDING, &path, e) &&
	       (unlink(path) == 0 || errno == ENOENT || err_errno(e, "cannot remove '%s'", path));
}

/* Checkpoint first, then the shards that claim its tree: who comes in between finds nothing that contradicts itself. */
static bool edition_show(struct edition_work *w, struct str note, struct err *e)
{
	struct tile_reader *reader = tile_reader_new(&w->site, (uint64_t)w->ed->size, e);
	bool ok;

	if (reader == NULL)
		return false;
	w->hashes = tile_reader_source(reader);
	ok = io_replace(w->site_dir, CHECKPOINT, note, 0644, e) && pending_remove(w, e) &&
	     edition_shards_show(w, note, e) && io_sync_all(w->site_dir, e) &&
	     (w->ed->batch == 0 || buckets_update(w->home, w->ed->batch, e));
	tile_reader_free(reader);
	if (!ok || !edition_prune(w, e))
		return false;
	w->ed->state = EDITION_DONE;
	return store_edition_move(w->home->store, w->ed, e) && edition_note(w, e);
}

static bool edition_finish(struct home *h, const struct env *env, struct store_edition *ed,
			   struct err *e)
{
	struct edition_work w = { .home = h, .env = env, .ed = ed, .dir = { .fd = -1 } };
	struct checkpoint c;
	struct str note;
	bool enough = false, ok = work_open(&w, e);

	if (ok && ed->state == EDITION_PLANNED)
		ok = edition_sign(&w, e);
	ok = ok && largest_read(&w, &c, &note, e);
	if (ok && c.size != (uint64_t)ed->size)
		ok = err_system(e, "log/checkpoint is not that of edition %lld", (long long)ed->id);
	ok = ok && witnessed(&w, note, &enough, e);
	if (ok)
		ok = enough ? edition_show(&w, note, e) : pending_show(&w, note, e);
	work_close(&w);
	return ok;
}

/* ---- planning ---- */

/* No list is older than the key that signs it. */
static int64_t status_key_begin(const struct keylist *list)
{
	int64_t begin = INT64_MIN;

	for (size_t i = 0; i < list->count; i++)
		if (list->keys[i].role == ROLE_STATUS && list->keys[i].state == KEY_ACTIVE &&
		    list->keys[i].not_before > begin)
			begin = list->keys[i].not_before;
	return begin;
}

/*
 * The time of its shards.  A batch near the clock gives its own, so that the same feed gives the same log; times ascend, for
 * two shards of one time would be evidence against us.
 */
static bool edition_time(const struct edition_order *o, const struct store_edition *last,
			 int64_t *at, struct err *e)
{
	int64_t now = env_now(o->env), begin = status_key_begin(&o->home->keylist);

	if (now + CLOCK_SLACK_S < last->at)
		return err_system(
			e, "the clock stands before the last edition of the site; set it right");
	*at = now;
	if (o->batch != NULL && o->batch->as_of <= now && now - o->batch->as_of <= AS_OF_SLACK_S)
		*at = o->batch->as_of;
	if (*at < begin)
		*at = begin;
	if (*at <= last->at)
		*at = last->at + 1;
	return true;
}

/* Has the site a build of the page that the log does not know? */
static bool page_new(struct home *h, unsigned char page[HASH_SIZE], bool *yes, struct err *e)
{
	unsigned char logged[HASH_SIZE];
	bool found;

	*yes = false;
	if (!webpage_hash(h, page, yes, e) || !*yes ||
	    !store_page_logged(h->store, logged, &found, e))
		return !*yes;
	*yes = !found || memcmp(logged, page, HASH_SIZE) != 0;
	return true;
}

static bool edition_plan(const struct edition_order *o, struct store_edition *ed, struct err *e)
{
	struct store_edition last = { .at = INT64_MIN / 2 };
	int64_t logged;
	bool found;

	if (!store_edition_last(o->home->store, &last, &found, e) ||
	    !store_keys_logged(o->home->store, &logged, e))
		return false;
	*ed = (struct store_edition){ .id = last.id + 1,
				      .state = EDITION_PLANNED,
				      .batch = o->batch != NULL ? o->batch->id : 0,
				      .first = last.size,
				      .all_shards = o->all_shards,
				      .has_journal = o->journal,
				      .has_keys = (int64_t)o->home->keylist.version > logged,
				      .keys_version = (int64_t)o->home->keylist.version };
	journal_head(o->home->journal, ed->journal);
	return page_new(o->home, ed->page, &ed->has_page, e) &&
	       edition_time(o, &last, &ed->at, e) && store_edition_add(o->home->store, ed, e) &&
	       (ed->batch == 0 || store_moves_drop_failed(o->home->store, ed->batch, e)) &&
	       store_moves_take(o->home->store, ed->id, e);
}

bool edition_make(const struct edition_order *order, struct store_edition *out, struct err *e)
{
	struct store *store = order->home->store;

	if (!store_begin(store, e))
		return false;
	if (!edition_plan(order, out, e) || !store_commit(store, e)) {
		store_rollback(store);
		return false;
	}
	return edition_finish(order->home, order->env, out, e);
}

bool edition_resume(struct home *h, const struct env *env, struct store_edition *out, bool *found,
		    struct err *e)
{
	if (!store_edition_open(h->store, out, found, e))
		return false;
	return !*found || edition_finish(h, env, out, e);
}

bool edition_due(struct home *h, int64_t now, int64_t age, bool *due, struct err *e)
{
	int64_t waiting, logged, end;
	unsigned char page[HASH_SIZE];
	struct store_shard latest;
	bool found;

	if (!store_moves_waiting(h->store, &waiting, e) ||
	    !store_keys_logged(h->store, &logged, e) || !store_documents_end(h->store, &end, e))
		return false;
	if (!page_new(h, page, due, e))
		return false;
	*due = *due || waiting > 0 || (int64_t)h->keylist.version > logged;
	for (int64_t shard = 0; shard * SHARD_ENTRIES < end && !*due; shard++) {
		if (!store_shard_latest(h->store, shard, &latest, &found, e))
			return false;
		*due = !found || now - latest.iat >= age;
	}
	return true;
}
