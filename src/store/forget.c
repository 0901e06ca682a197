/* SPDX-License-Identifier: Apache-2.0 */
#include "store/forget.h"

enum { TRACES_MAX = 65536, PATTERN_MAX = 256 };

static bool trace_row(const struct sql_rows *rows, struct store_trace *out, struct err *e)
{
	enum document_status status = (enum document_status)sql_column_int(rows, 3);

	*out = (struct store_trace){ .idx = sql_column_int(rows, 1),
				     .made = sql_column_int(rows, 2) == DOCUMENT_MADE,
				     .status = status == STATUS_VALID || status == STATUS_SUSPENDED
						       ? STATUS_ENDED
						       : status };
	if (out->made && !sql_column_bytes(rows, 4, out->lookup, HASH_SIZE))
		return err_system(e, "the store holds a damaged document row");
	return sql_column_bytes(rows, 0, out->docid, DOCID_SIZE) ||
	       err_system(e, "the store holds a damaged document row");
}

bool store_traces(struct store *s, struct arena *a, struct str member_id, struct store_trace **out,
		  size_t *count, struct err *e)
{
	const struct sql_value args[] = { sql_text(member_id), sql_int(TRACES_MAX) };
	struct sql_rows *rows;
	bool row = true, ok;

	*count = 0;
	*out = arena_array(a, TRACES_MAX, sizeof **out, e);
	if (*out == NULL ||
	    !sql_query(
		    store_sql(s),
		    "SELECT docid, coalesce(idx, -1), state, coalesce((SELECT m.status FROM move m"
		    " WHERE m.docid = document.docid AND m.edition = 0), status), lookup"
		    " FROM document WHERE member_id = $1 LIMIT $2",
		    args, 2, &rows, e))
		return false;
	while ((ok = sql_next(rows, &row, e)) && row && (ok = trace_row(rows, &(*out)[*count], e)))
		++*count;
	sql_done(rows);
	return ok;
}

static bool trace_forget(struct store *s, const struct store_trace *t, int64_t at, struct err *e)
{
	const struct sql_value id[] = { sql_bytes(t->docid, DOCID_SIZE) };
	const struct sql_value left[] = { sql_int(t->idx), sql_int((int64_t)t->status),
					  sql_int(at) };

	return sql_run(store_sql(s), "DELETE FROM move WHERE docid = $1", id, 1, e) &&
	       sql_run(store_sql(s), "DELETE FROM letter_grant WHERE docid = $1", id, 1, e) &&
	       sql_run(store_sql(s), "DELETE FROM document WHERE docid = $1", id, 1, e) &&
	       (!t->made || sql_run(store_sql(s),
				    "INSERT INTO forgotten (idx, status, at, edition)"
				    " VALUES ($1, $2, $3, 0)",
				    left, 3, e));
}

/*
 * Applications go with the member.  One that was answered "no record matches" keeps its documents, which speak of nobody,
 * and loses what it asked.
 */
static bool letters_forget(struct store *s, const struct sql_value *id, struct err *e)
{
	return sql_run(store_sql(s),
		       "UPDATE letter SET member_id = '', request = '{}',"
		       " request_id = 'forgotten-' || number WHERE member_id = $1"
		       " AND number IN (SELECT number FROM letter_grant)",
		       id, 1, e) &&
	       sql_run(store_sql(s),
		       "DELETE FROM letter_act WHERE number IN"
		       " (SELECT number FROM letter WHERE member_id = $1)",
		       id, 1, e) &&
	       sql_run(store_sql(s), "DELETE FROM letter WHERE member_id = $1", id, 1, e);
}

bool store_forget(struct store *s, struct str member_id, const struct store_trace *traces,
		  size_t count, int64_t at, struct err *e)
{
	const struct sql_value id[] = { sql_text(member_id) };

	for (size_t i = 0; i < count; i++)
		if (!trace_forget(s, &traces[i], at, e))
			return false;
	return letters_forget(s, id, e) &&
	       sql_run(store_sql(s), "DELETE FROM refused WHERE member_id = $1", id, 1, e) &&
	       sql_run(store_sql(s), "DELETE FROM member WHERE member_id = $1", id, 1, e);
}

bool store_forget_end(struct store *s, struct err *e)
{
	return sql_script(store_sql(s), "PRAGMA journal_mode = DELETE", e) &&
	       sql_script(store_sql(s), "PRAGMA journal_mode = PERSIST", e);
}

static bool exists(struct store *s, const char *text, const struct sql_value *args, size_t count,
		   bool *yes, struct err *e)
{
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s), text, args, count, &rows, e))
		return false;
	ok = sql_next(rows, yes, e);
	sql_done(rows);
	return ok;
}

bool store_mentions(struct store *s, struct str text, bool *yes, struct err *e)
{
	char pattern[PATTERN_MAX];
	const struct sql_value args[] = { sql_text((struct str){ pattern, text.n + 2 }) };

	if (text.n + 2 > sizeof pattern)
		return err_system(e, "too long a text to look for");
	pattern[0] = pattern[text.n + 1] = '%';
	memcpy(pattern + 1, text.p, text.n);
	return exists(s, "SELECT 1 FROM member WHERE record LIKE $1 LIMIT 1", args, 1, yes, e);
}

bool store_is_forgotten(struct store *s, int64_t idx, bool *yes, struct err *e)
{
	const struct sql_value args[] = { sql_int(idx) };

	return exists(s, "SELECT 1 FROM forgotten WHERE idx = $1", args, 1, yes, e);
}
