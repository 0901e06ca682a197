/* SPDX-License-Identifier: Apache-2.0 */
#include "store/letter.h"

#define LETTER_COLUMNS                                                                             \
	"SELECT number, request_id, member_id, hash, request, state, applied_at, code, words,"     \
	" batch FROM letter "

const char *store_letter_word(enum letter_state state)
{
	switch (state) {
	case LETTER_OPEN:
		return "open";
	case LETTER_REFUSED:
		return "refused";
	case LETTER_WITHDRAWN:
		return "withdrawn";
	case LETTER_ISSUED:
		break;
	}
	return "issued";
}

static bool letter_row(struct arena *a, const struct sql_rows *rows, struct store_letter *out,
		       struct err *e)
{
	*out = (struct store_letter){ .number = sql_column_int(rows, 0),
				      .state = (enum letter_state)sql_column_int(rows, 5),
				      .applied_at = sql_column_int(rows, 6),
				      .batch = sql_column_int(rows, 9) };
	if (!sql_column_bytes(rows, 3, out->hash, HASH_SIZE))
		return err_system(e, "the store holds a damaged application");
	return arena_str(a, sql_column(rows, 1), &out->request_id, e) &&
	       arena_str(a, sql_column(rows, 2), &out->member_id, e) &&
	       arena_str(a, sql_column(rows, 4), &out->request, e) &&
	       arena_str(a, sql_column(rows, 7), &out->code, e) &&
	       arena_str(a, sql_column(rows, 8), &out->words, e);
}

static bool letter_one(struct store *s, struct arena *a, const char *text,
		       const struct sql_value *args, size_t count, struct store_letter *out,
		       bool *found, struct err *e)
{
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s), text, args, count, &rows, e))
		return false;
	ok = sql_next(rows, found, e) && (!*found || letter_row(a, rows, out, e));
	sql_done(rows);
	return ok;
}

static bool number_next(struct store *s, int64_t *out, struct err *e)
{
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(store_sql(s), "SELECT coalesce(max(number), 0) + 1 FROM letter", NULL, 0,
		       &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	*out = ok && row ? sql_column_int(rows, 0) : 0;
	sql_done(rows);
	return ok;
}

bool store_letter_add(struct store *s, struct store_letter *letter, struct err *e)
{
	if (!number_next(s, &letter->number, e))
		return false;

	const struct sql_value args[] = {
		sql_int(letter->number),     sql_text(letter->request_id),
		sql_text(letter->member_id), sql_bytes(letter->hash, HASH_SIZE),
		sql_text(letter->request),   sql_int(LETTER_OPEN),
		sql_int(letter->applied_at)
	};

	return sql_run(
		store_sql(s),
		"INSERT INTO letter (number, request_id, member_id, hash, request, state,"
		" applied_at, code, words, batch) VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', 0)",
		args, COUNT_OF(args), e);
}

bool store_letter_lookup(struct store *s, struct arena *a, int64_t number, struct store_letter *out,
			 bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_int(number) };

	return letter_one(s, a, LETTER_COLUMNS "WHERE number = $1", args, 1, out, found, e);
}

bool store_letter_find(struct store *s, struct arena *a, struct str request_id,
		       struct store_letter *out, bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_text(request_id) };

	return letter_one(s, a, LETTER_COLUMNS "WHERE request_id = $1", args, 1, out, found, e);
}

bool store_letter_next(struct store *s, struct arena *a, enum letter_state state, int64_t number,
		       struct store_letter *out, bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_int(number), sql_int((int64_t)state) };

	return letter_one(s, a,
			  LETTER_COLUMNS "WHERE number > $1 AND ($2 = 0 OR state = $2)"
					 " ORDER BY number LIMIT 1",
			  args, 2, out, found, e);
}

bool store_letter_in(struct store *s, struct arena *a, int64_t batch, int64_t number,
		     struct store_letter *out, bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_int(number), sql_int(batch) };

	return letter_one(s, a,
			  LETTER_COLUMNS
			  "WHERE number > $1 AND number IN (SELECT g.number FROM letter_grant g"
			  " JOIN document d ON d.docid = g.docid WHERE d.batch = $2)"
			  " ORDER BY number LIMIT 1",
			  args, 2, out, found, e);
}

bool store_letter_of(struct store *s, struct str member_id, bool *yes, struct err *e)
{
	const struct sql_value args[] = { sql_text(member_id) };
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s), "SELECT 1 FROM letter WHERE member_id = $1 LIMIT 1", args, 1,
		       &rows, e))
		return false;
	ok = sql_next(rows, yes, e);
	sql_done(rows);
	return ok;
}

bool store_letter_close(struct store *s, const struct store_letter *letter, struct err *e)
{
	const struct sql_value args[] = { sql_int(letter->number),
					  sql_int((int64_t)letter->state),
					  sql_text(letter->code.p != NULL ? letter->code : STR("")),
					  sql_text(letter->words.p != NULL ? letter->words
									   : STR("")),
					  sql_int(letter->batch),
					  sql_int(LETTER_OPEN) };

	if (!sql_run(store_sql(s),
		     "UPDATE letter SET state = $2, code = $3, words = $4, batch = $5"
		     " WHERE number = $1 AND state = $6",
		     args, COUNT_OF(args), e))
		return false;
	return sql_changes(store_sql(s)) == 1 ||
	       err_system(e, "application %lld is not open any more", (long long)letter->number);
}

bool store_letters_reopen(struct store *s, int64_t batch, struct err *e)
{
	const struct sql_value args[] = { sql_int(batch), sql_int(DOCUMENT_FAILED),
					  sql_int(LETTER_OPEN) };

	return sql_run(
		store_sql(s),
		"UPDATE letter SET state = $3, batch = 0,"
		" code = (SELECT d.code FROM letter_grant g JOIN document d ON d.docid = g.docid"
		"  WHERE g.number = letter.number AND d.batch = $1 AND d.state = $2 LIMIT 1),"
		" words = (SELECT d.message FROM letter_grant g JOIN document d ON d.docid = g.docid"
		"  WHERE g.number = letter.number AND d.batch = $1 AND d.state = $2 LIMIT 1)"
		" WHERE batch = $1 AND EXISTS (SELECT 1 FROM letter_grant g JOIN document d"
		"  ON d.docid = g.docid WHERE g.number = letter.number AND d.batch = $1"
		"  AND d.state = $2)",
		args, COUNT_OF(args), e);
}

static bool acts_count(struct store *s, int64_t number, int64_t *out, struct err *e)
{
	const struct sql_value args[] = { sql_int(number) };
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(store_sql(s), "SELECT count(*) FROM letter_act WHERE number = $1", args, 1,
		       &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	*out = ok && row ? sql_column_int(rows, 0) : 0;
	sql_done(rows);
	return ok;
}

bool store_act_add(struct store *s, int64_t number, const struct store_act *act, struct err *e)
{
	int64_t count;

	if (!acts_count(s, number, &count, e))
		return false;
	if (count >= LETTER_ACTS_MAX)
		return err_input(
			e, "LETTER-ACTS",
			"officers signed %d statements about this application; withdraw it "
			"and apply again",
			LETTER_ACTS_MAX);

	const struct sql_value args[] = { sql_int(number), sql_int(count), sql_text(act->text),
					  sql_bytes(act->signature, sizeof act->signature) };
	const struct sql_value looked[] = { sql_int(number), sql_int(LETTER_OPEN) };

	return sql_run(store_sql(s),
		       "INSERT INTO letter_act (number, sequence, text, signature)"
		       " VALUES ($1, $2, $3, $4)",
		       args, COUNT_OF(args), e) &&
	       sql_run(store_sql(s),
		       "UPDATE letter SET code = '', words = '' WHERE number = $1 AND state = $2",
		       looked, COUNT_OF(looked), e);
}

static bool act_row(struct arena *a, const struct sql_rows *rows, int column, struct store_act *out,
		    struct err *e)
{
	if (!sql_column_bytes(rows, column + 1, out->signature, sizeof out->signature))
		return err_system(e, "the store holds a damaged approval");
	return arena_str(a, sql_column(rows, column), &out->text, e);
}

bool store_acts(struct store *s, struct arena *a, int64_t number, struct store_act **out,
		size_t *count, struct err *e)
{
	struct sql_rows *rows;
	bool row = true, ok;
	int64_t most;

	*count = 0;
	if (!acts_count(s, number, &most, e))
		return false;

	const struct sql_value args[] = { sql_int(number), sql_int(most) };

	*out = arena_array(a, (size_t)most, sizeof **out, e);
	if (*out == NULL || !sql_query(store_sql(s),
				       "SELECT text, signature FROM letter_act WHERE number = $1"
				       " ORDER BY sequence LIMIT $2",
				       args, 2, &rows, e))
		return false;
	while ((ok = sql_next(rows, &row, e)) && row &&
	       (ok = act_row(a, rows, 0, &(*out)[*count], e)))
		++*count;
	sql_done(rows);
	return ok;
}

bool store_grant_add(struct store *s, const struct store_grant *g, struct err *e)
{
	const struct sql_value args[] = {
		sql_bytes(g->docid, DOCID_SIZE),
		sql_int(g->number),
		sql_text(g->prepared.text),
		sql_bytes(g->prepared.signature, sizeof g->prepared.signature),
		sql_text(g->approved.text),
		sql_bytes(g->approved.signature, sizeof g->approved.signature),
	};

	return sql_run(store_sql(s),
		       "INSERT INTO letter_grant (docid, number, prepared, prepared_signature,"
		       " approved, approved_signature) VALUES ($1, $2, $3, $4, $5, $6)",
		       args, COUNT_OF(args), e);
}

bool store_grant_lookup(struct store *s, struct arena *a, const unsigned char docid[DOCID_SIZE],
			struct store_grant *out, bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_bytes(docid, DOCID_SIZE) };
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s),
		       "SELECT number, prepared, prepared_signature, approved, approved_signature"
		       " FROM letter_grant WHERE docid = $1",
		       args, 1, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	if (ok && *found) {
		*out = (struct store_grant){ .number = sql_column_int(rows, 0) };
		memcpy(out->docid, docid, DOCID_SIZE);
		ok = act_row(a, rows, 1, &out->prepared, e) &&
		     act_row(a, rows, 3, &out->approved, e);
	}
	sql_done(rows);
	return ok;
}

static bool docids_read(struct store *s, int64_t number, unsigned char (*docids)[DOCID_SIZE],
			size_t *count, struct err *e)
{
	const struct sql_value args[] = { sql_int(number), sql_int(LETTER_DOCUMENTS_MAX) };
	struct sql_rows *rows;
	bool row = true, ok;

	*count = 0;
	if (!sql_query(store_sql(s),
		       "SELECT g.docid FROM letter_grant g JOIN document d ON d.docid = g.docid"
		       " WHERE g.number = $1 ORDER BY d.batch, d.sequence LIMIT $2",
		       args, 2, &rows, e))
		return false;
	while ((ok = sql_next(rows, &row, e)) && row) {
		ok = sql_column_bytes(rows, 0, docids[*count], DOCID_SIZE) ||
		     err_system(e, "the store holds a damaged approval");
		if (!ok)
			break;
		++*count;
	}
	sql_done(rows);
	return ok;
}

bool store_letter_documents(struct store *s, struct arena *a, int64_t number,
			    struct store_document **out, size_t *count, struct err *e)
{
	unsigned char docids[LETTER_DOCUMENTS_MAX][DOCID_SIZE];
	bool found;

	if (!docids_read(s, number, docids, count, e))
		return false;
	*out = arena_array(a, *count, sizeof **out, e);
	if (*out == NULL)
		return false;
	for (size_t i = 0; i < *count; i++) {
		if (!store_document_lookup(s, a, docids[i], &(*out)[i], &found, e))
			return false;
		if (!found)
			return err_system(e, "the store has lost a letter's document");
	}
	return true;
}
