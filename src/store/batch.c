/* SPDX-License-Identifier: Apache-2.0 */
/* Batches and documents of the ledger (store.h). */
#include "store/store.h"

#define BATCH_COLUMNS "SELECT id, state, as_of, first_idx, slots, fonts, manifest FROM batch "
#define DOCUMENT_COLUMNS                                                                               \
	"SELECT docid, member_id, form, family, lang, type, issue_no, batch, sequence,"                \
	" coalesce(idx, -1), content, facts, state, status, c_token, c_pdf, fell_back, code, pointer," \
	" message, token, seal_level, seal_time, seal_certificate FROM document "

/* What the document will be once waiting moves are taken (store/move.h). */
#define STATUS_TO_BE                                                                               \
	"coalesce((SELECT m.status FROM move m WHERE m.docid = document.docid AND m.edition = 0)," \
	" document.status)"

static bool batch_query(struct store *s, const char *text, const struct sql_value *args,
			size_t count, struct store_batch *out, bool *found, struct err *e)
{
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s), text, args, count, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	if (ok && *found) {
		*out = (struct store_batch){ .id = sql_column_int(rows, 0),
					     .state = (enum batch_state)sql_column_int(rows, 1),
					     .as_of = sql_column_int(rows, 2),
					     .first_idx = sql_column_int(rows, 3),
					     .slots = sql_column_int(rows, 4) };
		if (!sql_column_bytes(rows, 5, out->fonts, HASH_SIZE) ||
		    !sql_column_bytes(rows, 6, out->manifest, HASH_SIZE))
			ok = err_system(e, "the store holds a damaged batch row");
	}
	sql_done(rows);
	return ok;
}

bool store_batch_open(struct store *s, struct store_batch *out, bool *found, struct err *e)
{
	const struct sql_value done[] = { sql_int(BATCH_DONE) };

	return batch_query(s, BATCH_COLUMNS "WHERE state <> $1", done, 1, out, found, e);
}

bool store_batch_lookup(struct store *s, int64_t id, struct store_batch *out, bool *found,
			struct err *e)
{
	const struct sql_value args[] = { sql_int(id) };

	return batch_query(s, BATCH_COLUMNS "WHERE id = $1", args, 1, out, found, e);
}

bool store_batch_next(struct store *s, int64_t *id, int64_t *first_idx, struct err *e)
{
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(store_sql(s),
		       "SELECT (SELECT coalesce(max(id), 0) + 1 FROM batch),"
		       " (SELECT coalesce(max(size), 0) FROM edition)",
		       NULL, 0, &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	if (ok && row) {
		*id = sql_column_int(rows, 0);
		*first_idx = sql_column_int(rows, 1);
	}
	sql_done(rows);
	return ok;
}

bool store_batch_add(struct store *s, const struct store_batch *b, struct err *e)
{
	const struct sql_value args[] = { sql_int(b->id),
					  sql_int((int64_t)b->state),
					  sql_int(b->as_of),
					  sql_int(b->first_idx),
					  sql_int(b->slots),
					  sql_bytes(b->fonts, HASH_SIZE),
					  sql_bytes(b->manifest, HASH_SIZE) };

	return sql_run(store_sql(s),
		       "INSERT INTO batch (id, state, as_of, first_idx, slots, fonts, manifest)"
		       " VALUES ($1, $2, $3, $4, $5, $6, $7)",
		       args, COUNT_OF(args), e);
}

bool store_batch_size(struct store *s, int64_t id, int64_t slots, struct err *e)
{
	const struct sql_value args[] = { sql_int(id), sql_int(slots) };

	if (!sql_run(store_sql(s), "UPDATE batch SET slots = $2 WHERE id = $1 AND slots = 0", args,
		     2, e))
		return false;
	return sql_changes(store_sql(s)) == 1 ||
	       err_system(e, "the store has lost a planned batch");
}

bool store_batch_abandon(struct store *s, int64_t id, const struct err *why, struct err *e)
{
	const struct sql_value args[] = { sql_int(id), sql_int(DOCUMENT_FAILED),
					  sql_text(str_of(why->code)), sql_text(str_of(why->cause)),
					  sql_int(DOCUMENT_PLANNED) };

	return sql_run(store_sql(s),
		       "UPDATE document SET state = $2, code = $3, pointer = '', message = $4"
		       " WHERE batch = $1 AND state = $5",
		       args, COUNT_OF(args), e);
}

bool store_batch_move(struct store *s, int64_t id, enum batch_state state,
		      const unsigned char manifest[HASH_SIZE], struct err *e)
{
	const struct sql_value args[] = { sql_int(id), sql_int((int64_t)state),
					  sql_bytes(manifest, HASH_SIZE) };

	if (!sql_run(store_sql(s),
		     "UPDATE batch SET state = $2, manifest = $3 WHERE id = $1 AND state < $2",
		     args, COUNT_OF(args), e))
		return false;
	return sql_changes(store_sql(s)) == 1 ||
	       err_system(e, "the store: batch %lld cannot move to state %d", (long long)id,
			  (int)state);
}

bool store_document_add(struct store *s, const struct store_document *d, struct err *e)
{
	const struct sql_value args[] = {
		sql_bytes(d->docid, DOCID_SIZE),
		sql_text(d->member_id),
		sql_text(d->form),
		sql_text(d->family),
		sql_text(d->lang),
		sql_int(d->type),
		sql_int(d->issue_no),
		sql_int(d->batch),
		sql_int(d->sequence),
		sql_bytes(d->content, HASH_SIZE),
		sql_text(d->facts),
		sql_int(DOCUMENT_PLANNED),
		sql_int(STATUS_VALID),
		sql_int(d->fell_back),
	};

	return sql_run(
		store_sql(s),
		"INSERT INTO document (docid, member_id, form, family, lang, type, issue_no, batch,"
		" sequence, content, facts, state, status, fell_back)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
		args, COUNT_OF(args), e);
}

/* Change one planned document; anything but exactly one row is a damaged store. */
static bool document_change(struct store *s, const char *text, const struct sql_value *args,
			    size_t count, struct err *e)
{
	if (!sql_run(store_sql(s), text, args, count, e))
		return false;
	return sql_changes(store_sql(s)) == 1 ||
	       err_system(e, "the store has lost a planned document");
}

bool store_document_place(struct store *s, const unsigned char docid[DOCID_SIZE], int64_t idx,
			  struct err *e)
{
	const struct sql_value args[] = { sql_bytes(docid, DOCID_SIZE), sql_int(idx) };

	return document_change(s, "UPDATE document SET idx = $2 WHERE docid = $1 AND idx IS NULL",
			       args, 2, e);
}

bool store_document_made(struct store *s, const struct store_document *d, struct err *e)
{
	const struct sql_value args[] = { sql_bytes(d->docid, DOCID_SIZE),
					  sql_int(DOCUMENT_MADE),
					  sql_bytes(d->c_token, HASH_SIZE),
					  sql_bytes(d->c_pdf, HASH_SIZE),
					  sql_int(DOCUMENT_PLANNED),
					  sql_bytes(d->token.p, d->token.n),
					  sql_bytes(d->lookup, HASH_SIZE),
					  sql_int(d->seal_level),
					  sql_int(d->seal_time),
					  sql_bytes(d->seal_certificate, HASH_SIZE) };

	return document_change(
		s,
		"UPDATE document SET state = $2, c_token = $3, c_pdf = $4, token = $6,"
		" lookup = $7, seal_level = $8, seal_time = $9, seal_certificate = $10"
		" WHERE docid = $1 AND state = $5",
		args, COUNT_OF(args), e);
}

bool store_document_failed(struct store *s, const unsigned char docid[DOCID_SIZE],
			   const struct err *why, struct err *e)
{
	const struct sql_value args[] = {
		sql_bytes(docid, DOCID_SIZE), sql_int(DOCUMENT_FAILED),
		sql_text(str_of(why->code)),  sql_text(str_of(why->pointer)),
		sql_text(str_of(why->cause)), sql_int(DOCUMENT_PLANNED)
	};

	return document_change(
		s,
		"UPDATE document SET state = $2, code = $3, pointer = $4, message = $5"
		" WHERE docid = $1 AND state = $6",
		args, COUNT_OF(args), e);
}

/* The row under the cursor; strings lent. */
static bool document_row(const struct sql_rows *rows, struct store_document *out, struct err *e)
{
	*out = (struct store_document){
		.member_id = sql_column(rows, 1),
		.form = sql_column(rows, 2),
		.family = sql_column(rows, 3),
		.lang = sql_column(rows, 4),
		.type = sql_column_int(rows, 5),
		.issue_no = sql_column_int(rows, 6),
		.batch = sql_column_int(rows, 7),
		.sequence = sql_column_int(rows, 8),
		.idx = sql_column_int(rows, 9),
		.facts = sql_column(rows, 11),
		.state = (enum document_state)sql_column_int(rows, 12),
		.status = (enum document_status)sql_column_int(rows, 13),
		.fell_back = sql_column_int(rows, 16) != 0,
		.code = sql_column(rows, 17),
		.pointer = sql_column(rows, 18),
		.message = sql_column(rows, 19),
		.token = sql_column(rows, 20),
		.seal_level = sql_column_int(rows, 21),
		.seal_time = sql_column_int(rows, 22),
	};
	if (out->seal_level > 0 && !sql_column_bytes(rows, 23, out->seal_certificate, HASH_SIZE))
		return err_system(e, "the store holds a damaged seal");
	if (!sql_column_bytes(rows, 0, out->docid, DOCID_SIZE) ||
	    !sql_column_bytes(rows, 10, out->content, HASH_SIZE) ||
	    (out->state == DOCUMENT_MADE && (!sql_column_bytes(rows, 14, out->c_token, HASH_SIZE) ||
					     !sql_column_bytes(rows, 15, out->c_pdf, HASH_SIZE))))
		return err_system(e, "the store holds a damaged document row");
	return true;
}

static bool document_keep(struct arena *a, struct store_document *d, struct err *e)
{
	struct str *const strings[] = { &d->member_id, &d->form,    &d->family,
					&d->lang,      &d->facts,   &d->code,
					&d->pointer,   &d->message, &d->token };

	for (size_t i = 0; i < COUNT_OF(strings); i++)
		if (strings[i]->p != NULL && !arena_str(a, *strings[i], strings[i], e))
			return false;
	return true;
}

static bool document_one(struct store *s, struct arena *a, const char *text,
			 const struct sql_value *args, size_t count, struct store_document *out,
			 bool *found, struct err *e)
{
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(s), text, args, count, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	if (ok && *found)
		ok = document_row(rows, out, e) && document_keep(a, out, e);
	sql_done(rows);
	return ok;
}

bool store_document_lookup(struct store *s, struct arena *a, const unsigned char docid[DOCID_SIZE],
			   struct store_document *out, bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_bytes(docid, DOCID_SIZE) };

	return document_one(s, a, DOCUMENT_COLUMNS "WHERE docid = $1", args, 1, out, found, e);
}

bool store_document_live(struct store *s, struct arena *a, struct str member_id, struct str family,
			 struct str lang, struct store_document *out, bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_text(member_id),   sql_text(family),
					  sql_text(lang),        sql_int(DOCUMENT_FAILED),
					  sql_int(STATUS_VALID), sql_int(STATUS_SUSPENDED) };

	return document_one(s, a,
			    DOCUMENT_COLUMNS
			    "WHERE member_id = $1 AND family = $2 AND lang = $3 AND state <> $4"
			    " AND " STATUS_TO_BE
			    " IN ($5, $6) ORDER BY batch DESC, sequence DESC LIMIT 1",
			    args, COUNT_OF(args), out, found, e);
}

bool store_document_newest(struct store *s, struct arena *a, struct str member_id,
			   struct str family, struct str lang, struct store_document *out,
			   bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_text(member_id), sql_text(family), sql_text(lang),
					  sql_int(DOCUMENT_MADE) };

	return document_one(s, a,
			    DOCUMENT_COLUMNS
			    "WHERE member_id = $1 AND family = $2 AND lang = $3 AND state = $4"
			    " ORDER BY batch DESC, sequence DESC LIMIT 1",
			    args, COUNT_OF(args), out, found, e);
}

/* A document and what it will be. */
static bool standing_row(struct arena *a, const struct sql_rows *rows, struct store_standing *out,
			 struct err *e)
{
	*out = (struct store_standing){ .status = (enum document_status)sql_column_int(rows, 3),
					.idx = sql_column_int(rows, 4),
					.type = sql_column_int(rows, 6),
					.published =
						(enum document_status)sql_column_int(rows, 5) };
	if (!sql_column_bytes(rows, 0, out->docid, DOCID_SIZE))
		return err_system(e, "the store holds a damaged document row");
	return arena_str(a, sql_column(rows, 1), &out->form, e) &&
	       arena_str(a, sql_column(rows, 2), &out->lang, e);
}

bool store_standings(struct store *s, struct arena *a, struct str member_id,
		     struct store_standing **out, size_t *count, struct err *e)
{
	const struct sql_value args[] = { sql_text(member_id), sql_int(DOCUMENT_MADE),
					  sql_int(STANDINGS_MAX) };
	struct sql_rows *rows;
	bool row = true, ok;

	*count = 0;
	*out = arena_array(a, STANDINGS_MAX, sizeof **out, e);
	if (*out == NULL ||
	    !sql_query(
		    store_sql(s),
		    "SELECT docid, form, lang, " STATUS_TO_BE ", idx, status, type FROM document"
		    " WHERE member_id = $1 AND state = $2 ORDER BY batch DESC, sequence LIMIT $3",
		    args, COUNT_OF(args), &rows, e))
		return false;
	while ((ok = sql_next(rows, &row, e)) && row &&
	       (ok = standing_row(a, rows, &(*out)[*count], e)))
		++*count;
	sql_done(rows);
	return ok;
}

bool store_lookups(struct store *s, const unsigned char first[HASH_SIZE],
		   const unsigned char last[HASH_SIZE], struct sql_rows **rows, struct err *e)
{
	const struct sql_value args[] = { sql_bytes(first, HASH_SIZE), sql_bytes(last, HASH_SIZE),
					  sql_int(DOCUMENT_MADE) };

	return sql_query(store_sql(s),
			 "SELECT docid, token FROM document WHERE lookup >= $1 AND lookup <= $2"
			 " AND state = $3 ORDER BY lookup",
			 args, COUNT_OF(args), rows, e);
}

bool store_lookups_row(struct sql_rows *rows, unsigned char docid[DOCID_SIZE], struct str *token,
		       bool *end, struct err *e)
{
	bool row;

	if (!sql_next(rows, &row, e))
		return false;
	*end = !row;
	if (!row)
		return true;
	*token = sql_column(rows, 1);
	return sql_column_bytes(rows, 0, docid, DOCID_SIZE) ||
	       err_system(e, "the store holds a damaged document row");
}

bool store_lookups_count(struct store *s, int64_t *count, struct err *e)
{
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(store_sql(s), "SELECT count(*) FROM document WHERE lookup IS NOT NULL", NULL,
		       0, &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	*count = ok && row ? sql_column_int(rows, 0) : 0;
	sql_done(rows);
	return ok;
}

bool store_issue_no(struct store *s, struct str member_id, struct str form, struct str lang,
		    int64_t *out, struct err *e)
{
	const struct sql_value args[] = { sql_text(member_id), sql_text(form), sql_text(lang) };
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(store_sql(s),
		       "SELECT coalesce(max(issue_no), 0) + 1 FROM document"
		       " WHERE member_id = $1 AND form = $2 AND lang = $3",
		       args, 3, &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	if (ok)
		*out = row ? sql_column_int(rows, 0) : 1;
	sql_done(rows);
	return ok;
}

bool store_document_next(struct store *s, struct arena *a, int64_t batch, int64_t sequence,
			 struct store_document *out, bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_int(batch), sql_int(DOCUMENT_PLANNED),
					  sql_int(sequence) };

	return document_one(
		s, a,
		DOCUMENT_COLUMNS
		"WHERE batch = $1 AND state = $2 AND sequence > $3 ORDER BY sequence LIMIT 1",
		args, COUNT_OF(args), out, found, e);
}

bool store_documents(struct store *s, int64_t batch, struct sql_rows **rows, struct err *e)
{
	const struct sql_value args[] = { sql_int(batch) };

	return sql_query(store_sql(s), DOCUMENT_COLUMNS "WHERE batch = $1 ORDER BY idx", args, 1,
			 rows, e);
}

bool store_block(struct store *s, int64_t batch, struct sql_rows **rows, struct err *e)
{
	const struct sql_value args[] = { sql_int(batch) };

	return sql_query(store_sql(s),
			 "SELECT idx, state, c_token, c_pdf FROM document WHERE batch = $1"
			 " AND idx IS NOT NULL ORDER BY idx",
			 args, 1, rows, e);
}

bool store_block_row(struct sql_rows *rows, struct store_place *out, bool *end, struct err *e)
{
	bool row;

	if (!sql_next(rows, &row, e))
		return false;
	*end = !row;
	if (!row)
		return true;
	out->idx = sql_column_int(rows, 0);
	out->state = (enum document_state)sql_column_int(rows, 1);
	return out->state != DOCUMENT_MADE ||
	       (sql_column_bytes(rows, 2, out->c_token, HASH_SIZE) &&
		sql_column_bytes(rows, 3, out->c_pdf, HASH_SIZE)) ||
	       err_system(e, "the store holds a damaged document row");
}

bool store_block_lookups(struct store *s, int64_t batch, struct sql_rows **rows, struct err *e)
{
	const struct sql_value args[] = { sql_int(batch), sql_int(DOCUMENT_MADE) };

	return sql_query(store_sql(s),
			 "SELECT lookup FROM document WHERE batch = $1 AND state = $2", args, 2,
			 rows, e);
}

bool store_block_lookup(struct sql_rows *rows, unsigned char out[HASH_SIZE], bool *end,
			struct err *e)
{
	bool row;

	if (!sql_next(rows, &row, e))
		return false;
	*end = !row;
	return !row || sql_column_bytes(rows, 0, out, HASH_SIZE) ||
	       err_system(e, "the store holds a damaged document row");
}

bool store_documents_all(struct store *s, struct sql_rows **rows, struct err *e)
{
	return sql_query(store_sql(s), DOCUMENT_COLUMNS "WHERE idx IS NOT NULL ORDER BY idx", NULL,
			 0, rows, e);
}

bool store_documents_row(struct sql_rows *rows, struct store_document *out, bool *end,
			 struct err *e)
{
	bool row;

	if (!sql_next(rows, &row, e))
		return false;
	*end = !row;
	return !row || document_row(rows, out, e);
}

void store_documents_done(struct sql_rows *rows)
{
	sql_done(rows);
}

bool store_form_add(struct store *s, int64_t batch, const struct store_form *f, struct err *e)
{
	const struct sql_value args[] = { sql_int(batch),      sql_text(f->form),
					  sql_text(f->lang),   sql_int(f->type),
					  sql_int(f->version), sql_bytes(f->hash, HASH_SIZE) };

	return sql_run(
		store_sql(s),
		"INSERT INTO batch_form (batch, form, lang, type, version, hash)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (batch, form, lang) DO NOTHING",
		args, COUNT_OF(args), e);
}

static bool form_row(struct arena *a, const struct sql_rows *rows, struct store_form *out,
		     struct err *e)
{
	out->type = sql_column_int(rows, 2);
	out->version = sql_column_int(rows, 3);
	if (!sql_column_bytes(rows, 4, out->hash, HASH_SIZE))
		return err_system(e, "the store holds a damaged template row");
	return arena_str(a, sql_column(rows, 0), &out->form, e) &&
	       arena_str(a, sql_column(rows, 1), &out->lang, e);
}

bool store_forms(struct store *s, struct arena *a, int64_t batch, struct store_form **out,
		 size_t *count, struct err *e)
{
	const struct sql_value args[] = { sql_int(batch), sql_int(BATCH_FORMS_MAX) };
	struct sql_rows *rows;
	bool row = true, ok;

	*count = 0;
	*out = arena_array(a, BATCH_FORMS_MAX, sizeof **out, e);
	if (*out == NULL ||
	    !sql_query(store_sql(s),
		       "SELECT form, lang, type, version, hash FROM batch_form WHERE batch = $1"
		       " ORDER BY form, lang LIMIT $2",
		       args, 2, &rows, e))
		return false;
	while ((ok = sql_next(rows, &row, e)) && row &&
	       (ok = form_row(a, rows, &(*out)[*count], e)))
		++*count;
	sql_done(rows);
	return ok;
}
