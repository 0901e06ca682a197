/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/staging.h"

bool staging_open(struct store *s, struct err *e)
{
	static const char tables[] =
		"CREATE TEMP TABLE incoming (sequence BIGINT PRIMARY KEY, place TEXT NOT NULL, member_id TEXT,"
		" member_no TEXT, exam TEXT, rev BIGINT, active BIGINT, hash BLOB, record TEXT,"
		" note TEXT, claimed TEXT);"
		"CREATE INDEX temp.incoming_by_member ON incoming (member_id);"
		"CREATE INDEX temp.incoming_by_number ON incoming (member_no);"
		"CREATE TEMP TABLE outcome (sequence BIGINT NOT NULL, line BIGINT NOT NULL, form TEXT, lang TEXT,"
		" word TEXT NOT NULL, docid BLOB, code TEXT, pointer TEXT, message TEXT,"
		" PRIMARY KEY (sequence, line));";

	return sql_script(store_sql(s), tables, e);
}

bool staging_add(struct store *s, const struct staged_record *r, struct err *e)
{
	const struct sql_value args[] = { sql_int(r->sequence),   sql_text(r->place),
					  sql_text(r->member_id), sql_text(r->member_no),
					  sql_text(r->exam),      sql_int(r->rev),
					  sql_int(r->active),     sql_bytes(r->hash, HASH_SIZE),
					  sql_text(r->record),    sql_text(r->note) };

	return sql_run(
		store_sql(s),
		"INSERT INTO incoming (sequence, place, member_id, member_no, exam, rev, active, hash,"
		" record, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		args, COUNT_OF(args), e);
}

bool staging_outcome(struct store *s, const struct outcome *o, struct err *e)
{
	const struct sql_value args[] = { sql_int(o->sequence),
					  sql_text(o->form),
					  sql_text(o->lang),
					  sql_text(str_of(o->word)),
					  o->docid != NULL ? sql_bytes(o->docid, DOCID_SIZE)
							   : (struct sql_value){ .kind = SQL_NULL },
					  sql_text(o->code),
					  sql_text(o->pointer),
					  sql_text(o->message) };

	return sql_run(
		store_sql(s),
		"INSERT INTO outcome (sequence, line, form, lang, word, docid, code, pointer, message)"
		" SELECT $1, coalesce(max(line), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM outcome"
		" WHERE sequence = $1",
		args, COUNT_OF(args), e);
}

bool staging_fault(struct store *s, int64_t sequence, struct str place, struct str member_id,
		   const struct err *fault, struct str message, struct err *e)
{
	const struct sql_value args[] = { sql_int(sequence), sql_text(place),
					  sql_text(member_id.n > 0 ? member_id
								   : (struct str){ NULL, 0 }) };
	const struct outcome refused = { .sequence = sequence,
					 .word = "refused",
					 .code = str_of(fault->code),
					 .pointer = str_of(fault->pointer),
					 .message = message };

	return sql_run(store_sql(s),
		       "INSERT INTO incoming (sequence, place, claimed) VALUES ($1, $2, $3)", args,
		       3, e) &&
	       staging_outcome(s, &refused, e);
}

bool staging_next(struct store *s, struct arena *a, int64_t sequence, struct staged_record *out,
		  bool *end, struct err *e)
{
	const struct sql_value args[] = { sql_int(sequence) };
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(
		    store_sql(s),
		    "SELECT sequence, place, member_id, member_no, exam, rev, active, hash, record"
		    " FROM incoming i WHERE sequence > $1 AND member_id IS NOT NULL"
		    " AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.sequence = i.sequence)"
		    " ORDER BY sequence LIMIT 1",
		    args, 1, &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	*end = !row;
	if (ok && row) {
		*out = (struct staged_record){ .sequence = sql_column_int(rows, 0),
					       .rev = sql_column_int(rows, 5),
					       .active = sql_column_int(rows, 6) != 0 };
		ok = arena_str(a, sql_column(rows, 1), &out->place, e) &&
		     arena_str(a, sql_column(rows, 2), &out->member_id, e) &&
		     arena_str(a, sql_column(rows, 3), &out->member_no, e) &&
		     arena_str(a, sql_column(rows, 8), &out->record, e);
		if (ok && !sql_column_bytes(rows, 7, out->hash, HASH_SIZE))
			ok = err_system(e, "the staging table lost a record's hash");
	}
	sql_done(rows);
	return ok;
}

/*
 * One rule: every record the condition names, that has no outcome yet, gets one.  The order of the rules is their
 * precedence.
 */
#define RULE(word, code, message, condition)                                                       \
	"INSERT INTO outcome (sequence, line, word, code, pointer, message)"                       \
	" SELECT i.sequence, 1, '" word "', " code ", NULL, " message                              \
	" FROM incoming i LEFT JOIN member m ON m.member_id = i.member_id"                         \
	" WHERE i.member_id IS NOT NULL"                                                           \
	" AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.sequence = i.sequence) AND " condition

#define OTHER(condition)                                                                           \
	"EXISTS (SELECT 1 FROM incoming k WHERE k.member_id = i.member_id AND " condition ")"

bool staging_judge(struct store *s, struct err *e)
{
	static const char *const rules[] = {
		RULE("refused", "'CONFLICT'",
		     "'two records of this member have the same rev and differ'",
		     OTHER("k.rev = i.rev AND k.hash <> i.hash")),
		RULE("refused", "'CONFLICT'",
		     "'this rev was accepted before with other content; send a higher rev'",
		     "m.rev = i.rev AND m.record_hash <> i.hash"),
		RULE("refused", "'STALE-REV'",
		     "'rev ' || i.rev || ' is older than rev ' || m.rev || ', seen before'",
		     "m.rev > i.rev"),
		RULE("refused", "'STALE-REV'",
		     "'a record of this member with a higher rev is in the same feed'",
		     OTHER("k.rev > i.rev")),
		RULE("unchanged", "NULL", "NULL",
		     OTHER("k.rev = i.rev AND k.sequence < i.sequence")),
		RULE("refused", "'DUPLICATE-NUMBER'",
		     "'another active member has number ' || i.member_no",
		     "i.active = 1 AND EXISTS (SELECT 1 FROM incoming k WHERE k.member_no = i.member_no"
		     " AND k.member_id <> i.member_id AND k.active = 1)"),
		RULE("refused", "'DUPLICATE-NUMBER'",
		     "'another active member has number ' || i.member_no",
		     "i.active = 1 AND EXISTS (SELECT 1 FROM member k WHERE k.member_no = i.member_no"
		     " AND k.member_id <> i.member_id AND k.active = 1 AND NOT EXISTS"
		     " (SELECT 1 FROM incoming n WHERE n.member_id = k.member_id AND n.rev > k.rev))"),
	};

	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (!sql_run(store_sql(s), rules[i], NULL, 0, e))
			return false;
	return sql_run(
		store_sql(s),
		RULE("refused", "'DUPLICATE-PERSON'",
		     "'another active member has this exam certificate'",
		     "i.active = 1 AND i.exam IN (SELECT exam FROM incoming WHERE active = 1"
		     " AND exam IS NOT NULL GROUP BY exam HAVING count(DISTINCT member_id) > 1)"),
		NULL, 0, e);
}

bool staging_lines(struct store *s, struct sql_rows **rows, struct err *e)
{
	const struct sql_value failed[] = { sql_int(DOCUMENT_FAILED) };

	return sql_query(
		store_sql(s),
		"SELECT i.place, coalesce(i.member_id, i.claimed), o.form, o.lang,"
		" CASE WHEN d.state = $1 THEN 'refused'"
		/* Its successor could not be made: it stays in force. */
		" WHEN o.word = 'superseded' AND EXISTS (SELECT 1 FROM document n"
		" WHERE n.member_id = d.member_id AND n.family = d.family AND n.lang = d.lang"
		" AND n.state = $1 AND n.batch > d.batch)"
		" AND d.status = 0 THEN 'unchanged' ELSE o.word END, o.docid,"
		" coalesce(o.code, d.code), coalesce(o.pointer, d.pointer),"
		" coalesce(o.message, d.message), i.note, o.sequence, d.facts, d.fell_back"
		" FROM outcome o JOIN incoming i ON i.sequence = o.sequence"
		" LEFT JOIN document d ON d.docid = o.docid ORDER BY o.sequence, o.line",
		failed, 1, rows, e);
}

bool staging_line(struct sql_rows *rows, struct staged_line *out, bool *end, struct err *e)
{
	bool row;

	if (!sql_next(rows, &row, e))
		return false;
	*end = !row;
	if (!row)
		return true;
	*out = (struct staged_line){ .place = sql_column(rows, 0),
				     .member_id = sql_column(rows, 1),
				     .form = sql_column(rows, 2),
				     .lang = sql_column(rows, 3),
				     .word = sql_column(rows, 4),
				     .code = sql_column(rows, 6),
				     .pointer = sql_column(rows, 7),
				     .message = sql_column(rows, 8),
				     .note = sql_column(rows, 9),
				     .sequence = sql_column_int(rows, 10),
				     .facts = sql_column(rows, 11),
				     .fell_back = sql_column_int(rows, 12) != 0 };
	out->has_docid = sql_column_bytes(rows, 5, out->docid, DOCID_SIZE);
	return true;
}
