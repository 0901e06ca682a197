/* SPDX-License-Identifier: Apache-2.0 */
#include "store/move.h"

#include "proof/statuslist.h"

const char *store_status_word(enum document_status status)
{
	switch (status) {
	case STATUS_VALID:
		return "valid";
	case STATUS_REVOKED:
		return "revoked";
	case STATUS_SUSPENDED:
		return "suspended";
	case STATUS_SUPERSEDED:
		return "superseded";
	case STATUS_ENDED:
		return "ended";
	}
	return "unknown";
}

/* What the site says of the document. */
static bool status_of(struct store *s, const unsigned char docid[DOCID_SIZE],
		      enum document_status *out, struct err *e)
{
	const struct sql_value args[] = { sql_bytes(docid, DOCID_SIZE) };
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(store_sql(s), "SELECT status FROM document WHERE docid = $1", args, 1, &rows,
		       e))
		return false;
	ok = sql_next(rows, &row, e);
	if (ok && row)
		*out = (enum document_status)sql_column_int(rows, 0);
	else if (ok)
		ok = err_system(e, "the store has lost a document whose status moves");
	sql_done(rows);
	return ok;
}

bool store_move_take_back(struct store *s, const unsigned char docid[DOCID_SIZE], bool *found,
			  struct err *e)
{
	const struct sql_value args[] = { sql_bytes(docid, DOCID_SIZE) };

	if (!sql_run(store_sql(s), "DELETE FROM move WHERE docid = $1 AND edition = 0", args, 1, e))
		return false;
	*found = sql_changes(store_sql(s)) > 0;
	return true;
}

bool store_move_put(struct store *s, const struct store_move *m, struct err *e)
{
	enum document_status was = STATUS_VALID;
	bool found;

	if (!status_of(s, m->docid, &was, e))
		return false;
	if (was != m->status && !status_may_move((unsigned)was, (unsigned)m->status))
		return err_input(e, "MOVE-NOT-ALLOWED", "a document that is %s cannot become %s",
				 store_status_word(was), store_status_word(m->status));
	if (!store_move_take_back(s, m->docid, &found, e))
		return false;
	if (was == m->status)
		return true;
	const struct sql_value args[] = { sql_bytes(m->docid, DOCID_SIZE), sql_int((int64_t)was),
					  sql_int((int64_t)m->status),     sql_text(m->reason),
					  sql_int((int64_t)m->origin),     sql_int(m->at) };

	return sql_run(store_sql(s),
		       "INSERT INTO move (id, docid, was, status, reason, origin, at, edition)"
		       " SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, 0 FROM move",
		       args, COUNT_OF(args), e);
}

bool store_moves_waiting(struct store *s, int64_t *count, struct err *e)
{
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(store_sql(s),
		       "SELECT (SELECT count(*) FROM move WHERE edition = 0)"
		       " + (SELECT count(*) FROM forgotten WHERE edition = 0)",
		       NULL, 0, &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	*count = ok && row ? sql_column_int(rows, 0) : 0;
	sql_done(rows);
	return ok;
}

bool store_moves_drop_failed(struct store *s, int64_t batch, struct err *e)
{
	const struct sql_value args[] = { sql_int(batch), sql_int(DOCUMENT_FAILED),
					  sql_int(STATUS_SUPERSEDED), sql_int(MOVE_BY_FEED) };

	return sql_run(store_sql(s),
		       "DELETE FROM move WHERE edition = 0 AND status = $3 AND origin = $4"
		       " AND docid IN (SELECT old.docid FROM document old JOIN document new"
		       " ON new.member_id = old.member_id AND new.family = old.family"
		       " AND new.lang = old.lang WHERE new.batch = $1 AND new.state = $2)",
		       args, COUNT_OF(args), e);
}

bool store_moves_take(struct store *s, int64_t edition, struct err *e)
{
	const struct sql_value args[] = { sql_int(edition) };

	return sql_run(store_sql(s),
		       "UPDATE document SET status = (SELECT m.status FROM move m"
		       " WHERE m.docid = document.docid AND m.edition = 0)"
		       " WHERE docid IN (SELECT docid FROM move WHERE edition = 0)",
		       NULL, 0, e) &&
	       sql_run(store_sql(s), "UPDATE move SET edition = $1 WHERE edition = 0", args, 1,
		       e) &&
	       sql_run(store_sql(s), "UPDATE forgotten SET edition = $1 WHERE edition = 0", args, 1,
		       e);
}

bool store_move_latest(struct store *s, struct arena *a, const unsigned char docid[DOCID_SIZE],
		       struct store_move *out, bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_bytes(docid, DOCID_SIZE) };
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s),
		       "SELECT was, status, reason, origin, at, edition FROM move WHERE docid = $1"
		       " ORDER BY id DESC LIMIT 1",
		       args, 1, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	if (ok && *found) {
		*out = (struct store_move){ .was = (enum document_status)sql_column_int(rows, 0),
					    .status = (enum document_status)sql_column_int(rows, 1),
					    .origin = (enum move_origin)sql_column_int(rows, 3),
					    .at = sql_column_int(rows, 4),
					    .edition = sql_column_int(rows, 5) };
		memcpy(out->docid, docid, DOCID_SIZE);
		ok = arena_str(a, sql_column(rows, 2), &out->reason, e);
	}
	sql_done(rows);
	return ok;
}
