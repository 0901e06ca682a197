/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "issue/audit_work.h"
#include "issue/document.h"
#include "proof/manifest.h"
#include "proof/order.h"
#include "proof/statuslist.h"
#include "store/edition.h"
#include "store/forget.h"

enum { PDF_MAX = 64 * 1024 * 1024 };

static bool at_idx(struct err *e, uint64_t idx, const char *words)
{
	char place[40];

	snprintf(place, sizeof place, "log entry %" PRIu64, idx);
	return audit_differs(e, place, words);
}

static uint64_t number_at(const struct entry *entry, size_t at)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8; i++)
		v = v << 8 | entry->bytes[at + i];
	return v;
}

bool audit_entry_at(struct audit *a, uint64_t idx, struct entry *out, struct err *e)
{
	uint64_t n = idx / TILE_WIDTH;
	unsigned width = tile_width(TILE_ENTRIES, n, a->checkpoint.size);
	const char *at;
	char path[TILE_PATH];
	bool absent = false;

	if (a->bundle_n != n) {
		tile_path(TILE_ENTRIES, n, width, path);
		buf_clear(&a->bundle);
		if (!a->site.load(a->site.self, path, BUNDLE_BYTES, &a->bundle, &absent, e))
			return false;
		if (absent || a->bundle.n != (size_t)width * BUNDLE_ENTRY)
			return audit_differs(e, path, "the entries are not there, or not as many");
		a->bundle_n = n;
	}
	at = a->bundle.p + idx % TILE_WIDTH * BUNDLE_ENTRY;
	if (at[0] != 0 || at[1] != ENTRY_SIZE)
		return at_idx(e, idx, "it is not 65 bytes long");
	memcpy(out->bytes, at + 2, ENTRY_SIZE);
	return true;
}

/* ---- documents and what stands between them ---- */

static bool row_hold(struct audit *a, struct err *e)
{
	while (!a->held && !a->over) {
		if (!store_documents_row(a->rows, &a->row, &a->over, e))
			return false;
		a->held = !a->over && a->row.idx >= 0;
	}
	return true;
}

static int by_number(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a > b) - (a < b);
}

/* A place with the lot it draws: SHA-256("hufu/1/sample" ‖ 0 ‖ u64 seed ‖ u64 idx). */
struct lot {
	unsigned char hash[SHA256_SIZE];
	int64_t idx;
};

static int by_lot(const void *x, const void *y)
{
	return memcmp(((const struct lot *)x)->hash, ((const struct lot *)y)->hash, SHA256_SIZE);
}

static struct lot lot_draw(uint64_t seed, int64_t idx)
{
	unsigned char numbers[2][8];
	const struct str parts[] = { str_bytes(numbers[0], 8), str_bytes(numbers[1], 8) };
	struct lot lot = { .idx = idx };

	u64_be(seed, numbers[0]);
	u64_be((uint64_t)idx, numbers[1]);
	sha256_labelled("hufu/1/sample", parts, COUNT_OF(parts), lot.hash);
	return lot;
}

static bool lots_draw(struct audit *a, struct lot *lots, size_t *count, size_t room, struct err *e)
{
	struct store_document d;
	struct sql_rows *rows = NULL;
	bool end = false, ok = store_documents_all(a->home->store, &rows, e);

	while (ok && (ok = store_documents_row(rows, &d, &end, e)) && !end && *count < room)
		if (d.state == DOCUMENT_MADE)
			lots[(*count)++] = lot_draw(a->order->seed, d.idx);
	store_documents_done(rows);
	return ok;
}

bool audit_sample(struct audit *a, struct err *e)
{
	int64_t documents;
	struct lot *lots;
	size_t count = 0;
	bool ok;

	if (a->order->sample == 0)
		return true;
	if (!store_lookups_count(a->home->store, &documents, e))
		return false;
	lots = calloc((size_t)documents + 1, sizeof *lots);
	if (lots == NULL)
		return err_memory(e, "a sample");
	ok = lots_draw(a, lots, &count, (size_t)documents, e);
	qsort(lots, count, sizeof *lots, by_lot);
	if (count > a->order->sample)
		count = (size_t)a->order->sample;
	a->sampled = arena_array(a->arena, count + 1, sizeof *a->sampled, e);
	ok = ok && a->sampled != NULL;
	for (size_t i = 0; ok && i < count; i++)
		a->sampled[a->sampled_count++] = lots[i].idx;
	if (ok)
		qsort(a->sampled, a->sampled_count, sizeof *a->sampled, by_number);
	free(lots);
	return ok;
}

static bool file_judge(struct audit *a, struct err *e)
{
	char folder[DOCUMENT_FOLDER], name[DOCUMENT_NAME], path[64];
	unsigned char hash[SHA256_SIZE];
	struct leaf leaf;
	struct err why;

	if (a->sampled != NULL && bsearch(&a->row.idx, a->sampled, a->sampled_count,
					  sizeof *a->sampled, by_number) == NULL)
		return true;
	a->counts->files++;
	document_name(a->row.docid, name, folder);
	snprintf(path, sizeof path, "documents/%s/%s", folder, name);
	buf_clear(&a->bytes);
	if (!io_read_in(a->home->dir, path, &a->bytes, &why))
		return audit_differs(e, path, "the file is not there or cannot be read");
	sha256_of(buf_view(&a->bytes), hash);
	leaf = leaf_of(a->row.token, hash);
	if (memcmp(leaf.c_token, a->row.c_token, SHA256_SIZE) != 0)
		return audit_differs(e, path, "the store holds another code for it");
	return memcmp(leaf.c_pdf, a->row.c_pdf, SHA256_SIZE) == 0 ||
	       audit_differs(e, path, "the file is not the one that was issued");
}

static bool document_entry(struct audit *a, uint64_t idx, const struct entry *entry, struct err *e)
{
	struct leaf leaf;
	struct entry ours;

	memcpy(leaf.c_token, a->row.c_token, SHA256_SIZE);
	memcpy(leaf.c_pdf, a->row.c_pdf, SHA256_SIZE);
	ours = entry_document(&leaf);
	if (!entry_equal(&ours, entry))
		return at_idx(e, idx, "it is not the store's document of this place");
	a->counts->documents++;
	return file_judge(a, e);
}

/* No document of the store: forgotten, as store and journal both say, or padding. */
static bool blank_entry(struct audit *a, uint64_t idx, const struct entry *entry, struct err *e)
{
	int64_t place = (int64_t)idx;
	unsigned char padding[ORDER_PADDING];
	bool forgotten;

	if (!store_is_forgotten(a->home->store, place, &forgotten, e))
		return false;
	if (forgotten) {
		a->counts->forgotten++;
		return bsearch(&place, a->forgotten, a->forgotten_count, sizeof place, by_number) !=
			       NULL ||
		       at_idx(e, idx, "the store calls it forgotten, the journal does not name it");
	}
	a->counts->padding++;
	if (a->home->signer == NULL) {
		a->counts->unproved++;
		return true;
	}
	return order_padding(a->home->signer, idx, padding, e) &&
	       (memcmp(entry->bytes + 1, padding, sizeof padding) == 0 ||
		at_idx(e, idx, "no document of the store, and not padding of this home"));
}

static bool leaf_entry(struct audit *a, uint64_t idx, const struct entry *entry, struct err *e)
{
	bool here, made;

	if (!row_hold(a, e))
		return false;
	here = a->held && (uint64_t)a->row.idx == idx;
	made = here && a->row.state == DOCUMENT_MADE;
	if (!(made ? document_entry(a, idx, entry, e) : blank_entry(a, idx, entry, e)))
		return false;
	a->held = a->held && !here;
	return true;
}

/* ---- the other kinds ---- */

/* The SHA-256 in the entry is that of this file under `dir`. */
static bool file_hashed(struct audit *a, const char *dir, const char *path,
			const struct entry *entry, struct err *e)
{
	unsigned char hash[SHA256_SIZE];
	struct err why;

	buf_clear(&a->bytes);
	if (!io_read_in(dir, path, &a->bytes, &why))
		return audit_differs(e, path, "the log names it, and it cannot be read");
	sha256_of(buf_view(&a->bytes), hash);
	return memcmp(entry->bytes + 1, hash, SHA256_SIZE) == 0 ||
	       audit_differs(e, path, "it is not the one on the log");
}

static bool manifest_entry(struct audit *a, const struct entry *entry, struct err *e)
{
	char path[MANIFEST_PATH];

	manifest_path(number_at(entry, 33), 0, false, path);
	a->counts->manifests++;
	return file_hashed(a, a->dir, path + 1, entry, e);
}

static bool status_entry(struct audit *a, uint64_t idx, const struct entry *entry, struct err *e)
{
	char path[SHARD_PATH];
	struct store_shard row;
	uint64_t shard = number_at(entry, 33);
	int64_t iat = (int64_t)number_at(entry, 41);
	bool found;

	if (!store_shard_at(a->home->store, (int64_t)shard, iat, &row, &found, e))
		return false;
	/* Two entries of one shard and time would be two answers to one question. */
	if (!found || row.idx != (int64_t)idx)
		return at_idx(e, idx,
			      "the store has no status list, or another, of this shard and time");
	a->counts->shards++;
	shard_history_path(shard, iat, path);
	return file_hashed(a, a->dir, path + 1, entry, e);
}

static bool keys_entry(struct audit *a, const struct entry *entry, struct err *e)
{
	uint64_t version = number_at(entry, 33);
	char path[64];

	a->counts->keylists++;
	if (version == a->home->keylist.version)
		return file_hashed(a, a->dir, "keys.note", entry, e);
	snprintf(path, sizeof path, "keys/history/keys-%" PRIu64 ".note", version);
	return file_hashed(a, a->home->dir, path, entry, e);
}

static int by_hash(const void *x, const void *y)
{
	return memcmp(x, y, SHA256_SIZE);
}

static bool page_entry(struct audit *a, uint64_t idx, const struct entry *entry, struct err *e)
{
	bool known;

	a->counts->pages++;
	return store_page_known(a->home->store, entry->bytes + 1, &known, e) &&
	       (known || at_idx(e, idx, "it is no build of the page that was published"));
}

static bool other_entry(struct audit *a, uint64_t idx, const struct entry *entry, struct err *e)
{
	if (number_at(entry, 33) == OTHER_PAGE)
		return page_entry(a, idx, entry, e);
	if (number_at(entry, 33) != OTHER_JOURNAL)
		return at_idx(e, idx, "it is of a kind this program did not write");
	a->counts->journal_heads++;
	return bsearch(entry->bytes + 1, a->lines, a->line_count, SHA256_SIZE, by_hash) != NULL ||
	       at_idx(e, idx, "it is no line of the journal");
}

static bool entry_explain(struct audit *a, uint64_t idx, const struct entry *entry, struct err *e)
{
	switch (entry->bytes[0]) {
	case ENTRY_DOCUMENT:
		return leaf_entry(a, idx, entry, e);
	case ENTRY_MANIFEST:
		return manifest_entry(a, entry, e);
	case ENTRY_STATUS:
		return status_entry(a, idx, entry, e);
	case ENTRY_KEYS:
		return keys_entry(a, entry, e);
	case ENTRY_OTHER:
		return other_entry(a, idx, entry, e);
	}
	return at_idx(e, idx, "it is of no known kind");
}

/* ---- the tree ---- */

/* The tiles made again are those that are published. */
static bool tile_same(void *self, const char *path, struct str bytes, struct err *e)
{
	struct audit *a = self;
	bool absent = false;

	buf_clear(&a->bytes);
	if (!a->site.load(a->site.self, path, BUNDLE_BYTES, &a->bytes, &absent, e))
		return false;
	if (absent)
		return audit_differs(e, path, "the tile is not there");
	return str_eq(buf_view(&a->bytes), bytes) ||
	       audit_differs(e, path, "the tile is not that of the entries");
}

static bool tree_end(struct audit *a, struct err *e)
{
	unsigned char root[SHA256_SIZE];

	if (!tile_edge_end(a->edge, e) || !tile_edge_root(a->edge, root, e))
		return false;
	if (memcmp(root, a->checkpoint.root, SHA256_SIZE) != 0)
		return audit_differs(e, "site/checkpoint", "its root is not that of the entries");
	if (!row_hold(a, e))
		return false;
	return !a->held || a->row.state != DOCUMENT_MADE ||
	       (uint64_t)a->row.idx >= a->checkpoint.size ||
	       audit_differs(e, "store.db", "a document's place on the log is no document's");
}

bool audit_log(struct audit *a, struct err *e)
{
	const struct tile_sink sink = { a, tile_same };
	struct entry entry;

	if (!store_documents_all(a->home->store, &a->rows, e) ||
	    !tile_edge_open(&a->site, 0, &sink, &a->edge, e))
		return false;
	for (uint64_t idx = 0; idx < a->checkpoint.size; idx++) {
		if (!audit_entry_at(a, idx, &entry, e) || !entry_explain(a, idx, &entry, e) ||
		    !tile_edge_add(a->edge, &entry, e))
			return false;
		a->counts->entries++;
	}
	if (!tree_end(a, e))
		return false;
	store_documents_done(a->rows);
	a->rows = NULL;
	return true;
}
