/* SPDX-License-Identifier: Apache-2.0 */
/* Issued to nobody else: every valid document against the register's own feed. */
#include "issue/audit_work.h"
#include "issue/document.h"
#include "proof/docid.h"
#include "record/feed.h"

enum { RECORD_ARENA = 64 << 20 };

static bool table_make(struct store *s, struct err *e)
{
	return sql_script(store_sql(s),
			  "CREATE TEMP TABLE eligible (member_id TEXT PRIMARY KEY,"
			  " member_no TEXT NOT NULL, native TEXT NOT NULL, latin TEXT NOT NULL);",
			  e);
}

static bool member_add(struct store *s, const struct member *m, struct err *e)
{
	const struct str latin = m->name->latin != NULL ? m->name->latin->full : STR("");
	const struct sql_value args[] = { sql_text(m->member_id), sql_text(m->member_no),
					  sql_text(m->name->native.p != NULL ? m->name->native
									     : STR("")),
					  sql_text(latin.p != NULL ? latin : STR("")) };

	return sql_run(store_sql(s),
		       "INSERT INTO eligible (member_id, member_no, native, latin)"
		       " VALUES ($1, $2, $3, $4) ON CONFLICT (member_id) DO NOTHING",
		       args, COUNT_OF(args), e);
}

/* Active members of the feed; records it holds with faults make nobody eligible. */
static bool feed_take(struct audit *a, struct err *e)
{
	const struct member_rules rules = { 0 };
	struct arena *arena = arena_new(RECORD_ARENA);
	struct feed *feed = NULL;
	struct feed_item item;
	bool end = false, ok;

	if (arena == NULL)
		return err_memory(e, "an audit");
	ok = feed_open(&feed, a->order->records, a->order->record_count, &rules, e);
	while (ok) {
		arena_reset(arena);
		ok = feed_next(feed, arena, &item, &end, e);
		if (!ok || end)
			break;
		if (item.member != NULL && item.member->status == MEMBER_ACTIVE)
			ok = member_add(a->home->store, item.member, e);
	}
	feed_close(feed);
	arena_free(arena);
	return ok;
}

struct eligible {
	struct str number, native, latin;
};

static bool eligible_find(struct audit *a, struct arena *arena, struct str member_id,
			  struct eligible *out, bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_text(member_id) };
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(store_sql(a->home->store),
		       "SELECT member_no, native, latin FROM eligible WHERE member_id = $1", args,
		       1, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	if (ok && *found)
		ok = arena_str(arena, sql_column(rows, 0), &out->number, e) &&
		     arena_str(arena, sql_column(rows, 1), &out->native, e) &&
		     arena_str(arena, sql_column(rows, 2), &out->latin, e);
	sql_done(rows);
	return ok;
}

/* What is printed is what the record says, where it is printed. */
static bool fact_same(const struct facts *facts, struct str key, struct str value)
{
	const struct str *printed = facts_lookup(facts, key);

	return printed == NULL || str_eq(*printed, value);
}

/*
 * Does the document speak of an active member?  A statement may tell of one who is not, or that there is no record at all;
 * audit_letters has looked at what it rests on.
 */
static bool tells_of_active(const struct store_document *d, const struct facts *facts)
{
	const struct str *status = facts_lookup(facts, STR("status"));

	return d->type != TYPE_STATEMENT || (status != NULL && str_eq(*status, STR("active")));
}

static bool document_judge(struct audit *a, struct arena *arena, const struct store_document *d,
			   struct err *e)
{
	struct buf name = buf_empty(DOCID_TEXT_MAX + 1);
	struct eligible record;
	struct facts facts;
	const char *words = NULL;
	bool found, ok;

	docid_text(&name, str_bytes(d->docid, DOCID_SIZE));
	buf_byte(&name, '\0');
	ok = buf_ok(&name, "a document id", e) &&
	     eligible_find(a, arena, d->member_id, &record, &found, e) &&
	     document_facts(arena, d->facts, &facts, e);
	if (ok && !tells_of_active(d, &facts))
		goto out;
	if (ok && !found)
		words = "its member is no active member of the feed";
	else if (ok && !(fact_same(&facts, STR("member_no"), record.number) &&
			 fact_same(&facts, STR("name_native"), record.native) &&
			 fact_same(&facts, STR("name_latin"), record.latin)))
		words = "it prints another number or name than the feed's record";
	if (words != NULL)
		ok = audit_differs(e, name.p, words);
	a->counts->eligible++;
out:
	buf_free(&name);
	return ok;
}

bool audit_feed(struct audit *a, struct err *e)
{
	struct arena *arena;
	struct store_document d;
	struct sql_rows *rows = NULL;
	bool end = false, ok;

	if (a->order->record_count == 0)
		return true;
	arena = arena_new(RECORD_ARENA);
	if (arena == NULL)
		return err_memory(e, "an audit");
	ok = table_make(a->home->store, e) && feed_take(a, e) &&
	     store_documents_all(a->home->store, &rows, e);
	while (ok && (ok = store_documents_row(rows, &d, &end, e)) && !end) {
		arena_reset(arena);
		if (d.state == DOCUMENT_MADE && d.status == STATUS_VALID)
			ok = document_judge(a, arena, &d, e);
	}
	store_documents_done(rows);
	arena_free(arena);
	return ok;
}
