/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/audit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/enc.h"
#include "base/io.h"
#include "issue/audit_work.h"
#include "issue/webpage.h"
#include "keys/minisign.h"
#include "proof/manifest.h"
#include "proof/statuslist.h"
#include "store/edition.h"
#include "json/json.h"

enum {
	JOURNAL_MAX = 1 << 30,
	ARENA_BYTES = 1 << 30,
	FILE_MAX = 64 << 20,
	NAMES_MAX = 1 << 20,
	DEPTH_MAX = 8,
	LINE_VALUES = 64
};

bool audit_differs(struct err *e, const char *place, const char *words)
{
	err_input(e, "AUDIT", "%s", words);
	return err_in(e, "%s", place);
}

/* ---- the journal ---- */

/* Lines that later checks ask for; the others count only as links of the chain. */
static bool line_wanted(struct str line)
{
	return str_find(line, STR("document.forgotten"), 0) != SIZE_MAX ||
	       str_find(line, STR("\"event\":\"letter."), 0) != SIZE_MAX;
}

static bool line_take(struct audit *a, struct str line, struct err *e)
{
	static const struct json_limits limits = { .bytes = 1 << 16,
						   .depth = 2,
						   .values = LINE_VALUES };
	const struct json *root;
	struct str event;
	int64_t idx;

	sha256_of(line, a->lines[a->line_count++]);
	if (!line_wanted(line))
		return true;
	if (!json_read(a->arena, line, &limits, &root, e) ||
	    !json_string(root, "event", 1, 64, &event, e))
		return err_in(e, "journal");
	if (str_starts(event, STR("letter.")))
		return audit_act_take(a, root, e);
	if (!str_eq(event, STR("document.forgotten")))
		return true;
	if (!json_integer(root, "idx", 0, INT64_MAX, &idx, e))
		return err_in(e, "journal");
	a->forgotten[a->forgotten_count++] = idx;
	return true;
}

static int by_hash(const void *x, const void *y)
{
	return memcmp(x, y, SHA256_SIZE);
}

static int by_number(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a > b) - (a < b);
}

bool audit_journal(struct audit *a, struct err *e)
{
	struct buf bytes = buf_empty(JOURNAL_MAX);
	struct str rest, line;
	bool ok = io_read_in(a->home->dir, "journal", &bytes, e);

	if (ok && !journal_check(buf_view(&bytes), &a->counts->journal_lines, e)) {
		e->kind = e->kind == ERR_SYSTEM ? ERR_SYSTEM : ERR_INPUT;
		ok = err_in(e, "journal");
	}
	if (ok) {
		a->lines = arena_array(a->arena, a->counts->journal_lines + 1, SHA256_SIZE, e);
		a->forgotten = arena_array(a->arena, a->counts->journal_lines + 1,
					   sizeof *a->forgotten, e);
		a->acts = arena_array(a->arena, a->counts->journal_lines + 1, SHA256_SIZE, e);
		ok = a->lines != NULL && a->forgotten != NULL && a->acts != NULL;
	}
	rest = buf_view(&bytes);
	while (ok && rest.n > 0 && str_split(&rest, '\n', &line))
		ok = line.n == 0 || line_take(a, line, e);
	if (ok) {
		qsort(a->lines, a->line_count, SHA256_SIZE, by_hash);
		qsort(a->forgotten, a->forgotten_count, sizeof *a->forgotten, by_number);
		audit_acts_end(a);
	}
	buf_free(&bytes);
	return ok;
}

/* ---- the checkpoint ---- */

static bool checkpoint_take(struct audit *a, struct err *e)
{
	struct note_key log, witnesses[POLICY_WITNESSES_MAX + KEYLIST_WITNESSES_MAX];
	struct checkpoint_witnesses who;
	struct str note;
	struct buf hex = buf_empty(64);
	size_t n = home_witnesses(a->home, witnesses);

	buf_clear(&a->bytes);
	if (keylist_log_keys(&a->home->keylist, &a->home->policy, &log, 1) != 1)
		return audit_differs(e, "site/keys.note", "no active log key");
	if (!io_read_in(a->dir, "checkpoint", &a->bytes, e) ||
	    !arena_str(a->arena, buf_view(&a->bytes), &note, e))
		return false;
	if (!checkpoint_read(a->arena, note, &log, witnesses, n, &a->checkpoint, &who, e))
		return err_in(e, "site/checkpoint");
	if (who.count < a->home->keylist.quorum)
		return audit_differs(e, "site/checkpoint", "too few witnesses signed it");
	enc_hex(&hex, a->checkpoint.root, SHA256_SIZE);
	memcpy(a->counts->root, hex.p, 64);
	buf_free(&hex);
	return true;
}

/* ---- manifests ---- */

struct manifest_walk {
	struct audit *audit;
	struct manifest head;
	uint64_t batch;
	unsigned char previous[SHA256_SIZE];
};

static bool manifest_signed(struct audit *a, const char *path, struct str bytes, const char *sig,
			    struct err *e)
{
	struct buf minisig = buf_empty(MINISIGN_FILE_MAX);
	struct str comment;
	struct err why;
	bool ok = io_read_in(a->dir, sig + 1, &minisig, e), good = false;

	for (size_t i = 0; ok && !good && i < a->home->keylist.count; i++) {
		const struct keylist_key *key = &a->home->keylist.keys[i];

		good = key->role == ROLE_MANIFEST &&
		       minisign_verify(&key->public, bytes, buf_view(&minisig), &comment, &why);
	}
	buf_free(&minisig);
	return ok && (good || audit_differs(e, path, "no manifest key of this issuer signed it"));
}

static bool leaves_same(struct audit *a, const char *path, const struct manifest_part *part,
			struct err *e)
{
	struct entry entry, ours;

	for (size_t i = 0; i < part->count; i++) {
		uint64_t idx = part->first_idx + i;

		if (idx >= a->checkpoint.size)
			return audit_differs(e, path, "it reaches beyond the log");
		if (!audit_entry_at(a, idx, &entry, e))
			return false;
		ours = entry_document(&part->leaves[i]);
		if (!entry_equal(&entry, &ours))
			return audit_differs(e, path, "a leaf is not the one on the log");
	}
	return true;
}

static bool part_judge(struct manifest_walk *w, struct arena *arena, unsigned part, struct err *e)
{
	struct audit *a = w->audit;
	char path[MANIFEST_PATH], sig[MANIFEST_PATH];
	struct manifest_part leaves;
	struct str text;
	bool ok;

	manifest_path(w->batch, part, false, path);
	manifest_path(w->batch, part, true, sig);
	buf_clear(&a->bytes);
	if (!io_read_in(a->dir, path + 1, &a->bytes, e) ||
	    !arena_str(arena, buf_view(&a->bytes), &text, e) ||
	    !manifest_signed(a, path, text, sig, e))
		return false;
	ok = part == 0 ? manifest_read(arena, text, &w->head, &leaves, e)
		       : manifest_read_part(arena, text, &w->head, part, &leaves, e);
	if (!ok)
		return err_in(e, "%s", path);
	if (part == 0 && w->head.has_previous &&
	    memcmp(w->head.previous, w->previous, SHA256_SIZE) != 0)
		return audit_differs(e, path, "it does not follow the manifest before it");
	if (part == 0)
		sha256_of(text, w->previous);
	return leaves_same(a, path, &leaves, e);
}

static bool manifest_judge(struct manifest_walk *w, struct err *e)
{
	struct arena *arena = arena_new(ARENA_BYTES), *further = arena_new(ARENA_BYTES);
	bool ok = arena != NULL && further != NULL;

	if (!ok)
		err_memory(e, "an audit");
	ok = ok && part_judge(w, arena, 0, e);
	for (unsigned part = 1; ok && part < manifest_parts(&w->head); part++) {
		arena_reset(further);
		ok = part_judge(w, further, part, e);
	}
	arena_free(arena);
	arena_free(further);
	return ok;
}

bool audit_manifests(struct audit *a, struct err *e)
{
	struct manifest_walk w = { .audit = a };
	struct store_batch batch;
	bool found = true;

	for (w.batch = 1;; w.batch++) {
		if (!store_batch_lookup(a->home->store, (int64_t)w.batch, &batch, &found, e))
			return false;
		if (!found || batch.state < BATCH_SIGNED ||
		    (uint64_t)(batch.first_idx + batch.slots) > a->checkpoint.size)
			break;
		if (!manifest_judge(&w, e))
			return false;
	}
	return w.batch == a->counts->manifests + 1 ||
	       audit_differs(e, "store.db", "batches and manifests on the log are not as many");
}

/* ---- status ---- */

static bool list_same(struct audit *a, int64_t shard, const struct shard *published, struct err *e)
{
	int64_t first = shard * SHARD_ENTRIES, idx;
	unsigned char list[SHARD_BYTES] = { 0 };
	struct sql_rows *rows;
	int status;
	bool ok;

	if (!store_statuses(a->home->store, first, first + SHARD_ENTRIES, &rows, e))
		return false;
	while ((ok = store_statuses_row(rows, &idx, &status, e)) && idx >= 0)
		status_set(list, (unsigned)(idx - first), (unsigned)status);
	sql_done(rows);
	return ok && (memcmp(list, published->list, SHARD_BYTES) == 0 ||
		      audit_differs(e, "site/s", "a published status is not the store's"));
}

bool audit_shards(struct audit *a, struct err *e)
{
	struct shard *shard = arena_alloc(a->arena, sizeof *shard, e);
	struct store_shard row;
	char path[SHARD_PATH];
	struct str text;
	int64_t end;
	bool found;

	if (shard == NULL || !store_documents_end(a->home->store, &end, e))
		return false;
	for (int64_t n = 0; n * SHARD_ENTRIES < end; n++) {
		shard_path((uint64_t)n, path);
		if (!store_shard_latest(a->home->store, n, &row, &found, e))
			return false;
		if (!found || row.idx >= (int64_t)a->checkpoint.size)
			continue;
		buf_clear(&a->bytes);
		if (!io_read_in(a->dir, path + 1, &a->bytes, e) ||
		    !arena_str(a->arena, buf_view(&a->bytes), &text, e))
			return false;
		if (!shard_read(a->arena, text, (uint64_t)n, &a->home->policy, &a->home->keylist,
				shard, e))
			return err_in(e, "site%s", path);
		if (!list_same(a, n, shard, e))
			return false;
	}
	return true;
}

/* ---- the page ---- */

/* The build in the site is the one the log knows, file by file. */
static bool page_judge(struct audit *a, struct err *e)
{
	unsigned char is[SHA256_SIZE], logged[SHA256_SIZE];
	bool found, known;

	if (!webpage_hash(a->home, is, &found, e) || !found)
		return !found;
	if (!store_page_logged(a->home->store, logged, &known, e))
		return false;
	if (!known)
		return true; /* it enters the log with the next edition */
	if (memcmp(is, logged, SHA256_SIZE) != 0)
		return audit_differs(e, "site/page", "it is not the build that is on the log");
	return webpage_check(a->arena, a->dir, e);
}

/* ---- a published copy ---- */

static bool folder_same(struct audit *a, const char *ours, const char *theirs, int depth,
			struct err *e)
{
	struct arena *arena = arena_new(256 << 20);
	struct buf other = buf_empty(FILE_MAX);
	const char *x, *y;
	struct str *names;
	size_t count = 0;
	struct err why;
	bool ok;

	if (arena == NULL)
		return err_memory(e, "an audit");
	ok = depth < DEPTH_MAX && io_list(arena, ours, "", NAMES_MAX, &names, &count, e);
	for (size_t i = 0; ok && i < count; i++) {
		ok = io_path(arena, ours, names[i].p, &x, e) &&
		     io_path(arena, theirs, names[i].p, &y, e);
		if (ok && io_is_dir(x)) {
			ok = folder_same(a, x, y, depth + 1, e);
			continue;
		}
		buf_clear(&a->bytes);
		buf_clear(&other);
		ok = ok && io_read(x, &a->bytes, e);
		if (ok &&
		    !(io_read(y, &other, &why) && str_eq(buf_view(&other), buf_view(&a->bytes))))
			ok = audit_differs(e, y, "it is not there, or not as the home has it");
		a->counts->site_files++;
	}
	buf_free(&other);
	arena_free(arena);
	return ok;
}

bool audit_run(const struct audit_order *order, struct audit_counts *out, struct err *e)
{
	struct audit a = { .order = order,
			   .home = order->home,
			   .counts = out,
			   .folder = { .fd = -1 },
			   .bundle = buf_empty(BUNDLE_BYTES),
			   .bundle_n = UINT64_MAX,
			   .bytes = buf_empty(FILE_MAX),
			   .arena = arena_new(ARENA_BYTES) };
	bool ok;

	*out = (struct audit_counts){ 0 };
	if (a.arena == NULL)
		return err_memory(e, "an audit");
	ok = home_path(a.home, "site", &a.dir, e) && site_dir_open(a.dir, &a.folder, &a.site, e) &&
	     audit_journal(&a, e) && checkpoint_take(&a, e) && audit_sample(&a, e) &&
	     audit_log(&a, e) && audit_manifests(&a, e) && audit_shards(&a, e) &&
	     page_judge(&a, e) && audit_letters(&a, e) && audit_feed(&a, e) &&
	     (order->site == NULL || folder_same(&a, a.dir, order->site, 0, e));
	store_documents_done(a.rows);
	tile_edge_free(a.edge);
	site_dir_close(&a.folder);
	arena_free(a.arena);
	buf_free(&a.bundle);
	buf_free(&a.bytes);
	return ok;
}
