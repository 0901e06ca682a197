/* SPDX-License-Identifier: Apache-2.0 */
#include "store/edition.h"

enum { SHARDS_MAX = 65536 };

#define EDITION_COLUMNS                                                                            \
	"SELECT id, state, at, batch, first, size, root, all_shards, has_journal, journal,"        \
	" has_keys, keys_version, has_page, page FROM edition "

static bool edition_query(struct store *s, const char *text, const struct sql_value *args,
			  size_t count, struct store_edition *out, bool *found, struct err *e)
{
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s), text, args, count, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	if (ok && *found) {
		*out = (struct store_edition){
			.id = sql_column_int(rows, 0),
			.state = (enum edition_state)sql_column_int(rows, 1),
			.at = sql_column_int(rows, 2),
			.batch = sql_column_int(rows, 3),
			.first = sql_column_int(rows, 4),
			.size = sql_column_int(rows, 5),
			.all_shards = sql_column_int(rows, 7) != 0,
			.has_journal = sql_column_int(rows, 8) != 0,
			.has_keys = sql_column_int(rows, 10) != 0,
			.keys_version = sql_column_int(rows, 11),
			.has_page = sql_column_int(rows, 12) != 0,
		};
		if (!sql_column_bytes(rows, 6, out->root, HASH_SIZE) ||
		    !sql_column_bytes(rows, 9, out->journal, HASH_SIZE) ||
		    (out->has_page && !sql_column_bytes(rows, 13, out->page, HASH_SIZE)))
			ok = err_system(e, "the store holds a damaged edition row");
	}
	sql_done(rows);
	return ok;
}

bool store_edition_open(struct store *s, struct store_edition *out, bool *found, struct err *e)
{
	const struct sql_value done[] = { sql_int(EDITION_DONE) };

	return edition_query(s, EDITION_COLUMNS "WHERE state <> $1", done, 1, out, found, e);
}

bool store_edition_last(struct store *s, struct store_edition *out, bool *found, struct err *e)
{
	return edition_query(s, EDITION_COLUMNS "ORDER BY id DESC LIMIT 1", NULL, 0, out, found, e);
}

bool store_edition_before(struct store *s, int64_t id, struct store_edition *out, bool *found,
			  struct err *e)
{
	const struct sql_value args[] = { sql_int(id) };

	return edition_query(s, EDITION_COLUMNS "WHERE id < $1 ORDER BY id DESC LIMIT 1", args, 1,
			     out, found, e);
}

bool store_edition_add(struct store *s, const struct store_edition *ed, struct err *e)
{
	const struct sql_value args[] = { sql_int(ed->id),
					  sql_int((int64_t)ed->state),
					  sql_int(ed->at),
					  sql_int(ed->batch),
					  sql_int(ed->first),
					  sql_int(ed->size),
					  sql_bytes(ed->root, HASH_SIZE),
					  sql_int(ed->all_shards),
					  sql_int(ed->has_journal),
					  sql_bytes(ed->journal, HASH_SIZE),
					  sql_int(ed->has_keys),
					  sql_int(ed->keys_version),
					  sql_int(ed->has_page),
					  sql_bytes(ed->page, HASH_SIZE) };

	return sql_run(store_sql(s),
		       "INSERT INTO edition (id, state, at, batch, first, size, root, all_shards,"
		       " has_journal, journal, has_keys, keys_version, has_page, page)"
		       " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
		       args, COUNT_OF(args), e);
}

bool store_edition_move(struct store *s, const struct store_edition *ed, struct err *e)
{
	const struct sql_value args[] = { sql_int(ed->id), sql_int((int64_t)ed->state),
					  sql_int(ed->size), sql_bytes(ed->root, HASH_SIZE) };

	if (!sql_run(store_sql(s),
		     "UPDATE edition SET state = $2, size = $3, root = $4"
		     " WHERE id = $1 AND state < $2",
		     args, COUNT_OF(args), e))
		return false;
	return sql_changes(store_sql(s)) == 1 ||
	       err_system(e, "the store: edition %lld cannot move to state %d", (long long)ed->id,
			  (int)ed->state);
}

/* One number that a statement without rows leaves at `none`. */
static bool number_query(struct store *s, const char *text, int64_t none, int64_t *out,
			 struct err *e)
{
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(store_sql(s), text, NULL, 0, &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	*out = ok && row ? sql_column_int(rows, 0) : none;
	sql_done(rows);
	return ok;
}

bool store_keys_logged(struct store *s, int64_t *version, struct err *e)
{
	return number_query(s,
			    "SELECT coalesce(max(keys_version), 0) FROM edition WHERE has_keys = 1",
			    0, version, e);
}

bool store_page_logged(struct store *s, unsigned char out[HASH_SIZE], bool *found, struct err *e)
{
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s),
		       "SELECT page FROM edition WHERE has_page = 1 ORDER BY id DESC LIMIT 1", NULL,
		       0, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	if (ok && *found && !sql_column_bytes(rows, 0, out, HASH_SIZE))
		ok = err_system(e, "the store holds a damaged edition row");
	sql_done(rows);
	return ok;
}

bool store_page_known(struct store *s, const unsigned char page[HASH_SIZE], bool *yes,
		      struct err *e)
{
	const struct sql_value args[] = { sql_bytes(page, HASH_SIZE) };
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s),
		       "SELECT 1 FROM edition WHERE has_page = 1 AND page = $1 LIMIT 1", args, 1,
		       &rows, e))
		return false;
	ok = sql_next(rows, yes, e);
	sql_done(rows);
	return ok;
}

bool store_documents_end(struct store *s, int64_t *end, struct err *e)
{
	int64_t forgotten;

	if (!number_query(s, "SELECT coalesce(max(idx), -1) + 1 FROM document", 0, end, e) ||
	    !number_query(s, "SELECT coalesce(max(idx), -1) + 1 FROM forgotten", 0, &forgotten, e))
		return false;
	if (forgotten > *end)
		*end = forgotten;
	return true;
}

bool store_shard_add(struct store *s, const struct store_shard *shard, struct err *e)
{
	const struct sql_value args[] = { sql_int(shard->edition), sql_int(shard->shard),
					  sql_int(shard->iat), sql_int(shard->idx),
					  sql_bytes(shard->sha256, HASH_SIZE) };

	return sql_run(
		store_sql(s),
		"INSERT INTO shard (edition, shard, iat, idx, sha256) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (edition, shard) DO UPDATE SET iat = excluded.iat,"
		" idx = excluded.idx, sha256 = excluded.sha256",
		args, COUNT_OF(args), e);
}

static bool shard_row(const struct sql_rows *rows, struct store_shard *out, struct err *e)
{
	*out = (struct store_shard){ .edition = sql_column_int(rows, 0),
				     .shard = sql_column_int(rows, 1),
				     .iat = sql_column_int(rows, 2),
				     .idx = sql_column_int(rows, 3) };
	return sql_column_bytes(rows, 4, out->sha256, HASH_SIZE) ||
	       err_system(e, "the store holds a damaged shard row");
}

#define SHARD_COLUMNS "SELECT edition, shard, iat, idx, sha256 FROM shard "

static bool shard_one(struct store *s, const char *text, const struct sql_value *args, size_t count,
		      struct store_shard *out, bool *found, struct err *e)
{
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s), text, args, count, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	ok = ok && (!*found || shard_row(rows, out, e));
	sql_done(rows);
	return ok;
}

bool store_shard_latest(struct store *s, int64_t shard, struct store_shard *out, bool *found,
			struct err *e)
{
	const struct sql_value args[] = { sql_int(shard) };

	return shard_one(s, SHARD_COLUMNS "WHERE shard = $1 ORDER BY edition DESC LIMIT 1", args, 1,
			 out, found, e);
}

bool store_shard_at(struct store *s, int64_t shard, int64_t iat, struct store_shard *out,
		    bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_int(shard), sql_int(iat) };

	return shard_one(s, SHARD_COLUMNS "WHERE shard = $1 AND iat = $2", args, 2, out, found, e);
}

static bool shard_rows(struct store *s, struct arena *a, const char *text,
		       const struct sql_value *args, size_t args_count, struct store_shard **out,
		       size_t *count, struct err *e)
{
	struct sql_rows *rows;
	bool row = true, ok;

	*count = 0;
	*out = arena_array(a, SHARDS_MAX, sizeof **out, e);
	if (*out == NULL || !sql_query(store_sql(s), text, args, args_count, &rows, e))
		return false;
	while ((ok = sql_next(rows, &row, e)) && row && (ok = shard_row(rows, &(*out)[*count], e)))
		++*count;
	sql_done(rows);
	return ok;
}

bool store_shards_of(struct store *s, struct arena *a, int64_t edition, struct store_shard **out,
		     size_t *count, struct err *e)
{
	const struct sql_value args[] = { sql_int(edition), sql_int(SHARDS_MAX) };

	return shard_rows(s, a, SHARD_COLUMNS "WHERE edition = $1 ORDER BY shard LIMIT $2", args, 2,
			  out, count, e);
}

bool store_shards_since(struct store *s, struct arena *a, int64_t batch, int64_t edition,
			struct store_shard **out, size_t *count, struct err *e)
{
	const struct sql_value args[] = { sql_int(batch), sql_int(edition), sql_int(SHARDS_MAX) };

	return shard_rows(s, a,
			  SHARD_COLUMNS
			  "WHERE edition > coalesce((SELECT max(id) FROM edition WHERE batch > 0"
			  " AND batch < $1), 0) AND edition <= $2 ORDER BY iat, shard LIMIT $3",
			  args, COUNT_OF(args), out, count, e);
}

bool store_shards_moved(struct store *s, struct arena *a, int64_t edition, int64_t **out,
			size_t *count, struct err *e)
{
	const struct sql_value args[] = { sql_int(edition), sql_int(SHARDS_MAX) };
	struct sql_rows *rows;
	bool row = true, ok;

	*count = 0;
	*out = arena_array(a, SHARDS_MAX, sizeof **out, e);
	if (*out == NULL ||
	    !sql_query(store_sql(s),
		       "SELECT DISTINCT d.idx / 32768 AS n FROM move m JOIN document d"
		       " ON d.docid = m.docid WHERE m.edition = $1 AND d.idx IS NOT NULL"
		       " UNION SELECT idx / 32768 FROM forgotten WHERE edition = $1"
		       " ORDER BY 1 LIMIT $2",
		       args, 2, &rows, e))
		return false;
	while ((ok = sql_next(rows, &row, e)) && row)
		(*out)[(*count)++] = sql_column_int(rows, 0);
	sql_done(rows);
	return ok;
}

bool store_statuses(struct store *s, int64_t first, int64_t end, struct sql_rows **rows,
		    struct err *e)
{
	const struct sql_value args[] = { sql_int(first), sql_int(end) };

	return sql_query(
		store_sql(s),
		"SELECT idx, status FROM document WHERE idx >= $1 AND idx < $2 AND status <> 0"
		" UNION ALL SELECT idx, status FROM forgotten"
		" WHERE idx >= $1 AND idx < $2 AND status <> 0 ORDER BY 1",
		args, 2, rows, e);
}

bool store_statuses_row(struct sql_rows *rows, int64_t *idx, int *status, struct err *e)
{
	bool row;

	if (!sql_next(rows, &row, e))
		return false;
	*idx = row ? sql_column_int(rows, 0) : -1;
	*status = row ? (int)sql_column_int(rows, 1) : 0;
	return true;
}
