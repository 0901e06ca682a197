/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <stdlib.h>

#include "base/hash.h"

struct store {
	struct sql *sql;
	bool in_transaction;
};

enum { SCHEMA_VERSION = 3, SCHEMA_BEFORE = 2 };

/*
 * Bytes are BLOB here and a domain of that name over bytea in PostgreSQL; times are Unix seconds.  `meta` holds the
 * schema version and the salt generator's state.
 */
static const char schema[] =
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL);"
	"CREATE TABLE note (name TEXT PRIMARY KEY, value BLOB NOT NULL);"
	"CREATE TABLE member (member_id TEXT PRIMARY KEY, member_no TEXT NOT NULL, rev BIGINT NOT NULL,"
	" record_hash BLOB NOT NULL, salt BLOB NOT NULL, active BIGINT NOT NULL, record TEXT NOT NULL);"
	"CREATE INDEX member_by_number ON member (member_no);"
	"CREATE TABLE batch (id BIGINT PRIMARY KEY, state BIGINT NOT NULL, as_of BIGINT NOT NULL,"
	" first_idx BIGINT NOT NULL, slots BIGINT NOT NULL, fonts BLOB NOT NULL, manifest BLOB NOT NULL);"
	"CREATE TABLE batch_form (batch BIGINT NOT NULL REFERENCES batch (id), form TEXT NOT NULL,"
	" lang TEXT NOT NULL, type BIGINT NOT NULL, version BIGINT NOT NULL, hash BLOB NOT NULL,"
	" PRIMARY KEY (batch, form, lang));"
	"CREATE TABLE document (docid BLOB PRIMARY KEY, member_id TEXT NOT NULL REFERENCES member (member_id),"
	" form TEXT NOT NULL, family TEXT NOT NULL, lang TEXT NOT NULL, type BIGINT NOT NULL,"
	" issue_no BIGINT NOT NULL, batch BIGINT NOT NULL, sequence BIGINT NOT NULL, idx BIGINT,"
	" content BLOB NOT NULL, facts TEXT NOT NULL, state BIGINT NOT NULL, status BIGINT NOT NULL,"
	" c_token BLOB, c_pdf BLOB, token BLOB, lookup BLOB, fell_back BIGINT NOT NULL, code TEXT,"
	" pointer TEXT, message TEXT,"
	" UNIQUE (member_id, form, lang, issue_no), UNIQUE (idx), UNIQUE (batch, sequence));"
	"CREATE INDEX document_by_lookup ON document (lookup);"
	"CREATE TABLE move (id BIGINT PRIMARY KEY, docid BLOB NOT NULL REFERENCES document (docid),"
	" was BIGINT NOT NULL, status BIGINT NOT NULL, reason TEXT NOT NULL, origin BIGINT NOT NULL,"
	" at BIGINT NOT NULL, edition BIGINT NOT NULL, UNIQUE (docid, edition));"
	"CREATE INDEX move_by_edition ON move (edition);"
	"CREATE TABLE edition (id BIGINT PRIMARY KEY, state BIGINT NOT NULL, at BIGINT NOT NULL,"
	" batch BIGINT NOT NULL, first BIGINT NOT NULL, size BIGINT NOT NULL, root BLOB NOT NULL,"
	" all_shards BIGINT NOT NULL, has_journal BIGINT NOT NULL, journal BLOB NOT NULL,"
	" has_keys BIGINT NOT NULL, keys_version BIGINT NOT NULL);"
	"CREATE TABLE shard (edition BIGINT NOT NULL REFERENCES edition (id), shard BIGINT NOT NULL,"
	" iat BIGINT NOT NULL, idx BIGINT NOT NULL, sha256 BLOB NOT NULL, PRIMARY KEY (edition, shard));"
	"CREATE INDEX shard_by_number ON shard (shard);"
	/* What is left of a document whose member was forgotten: a place on the log and its status. */
	"CREATE TABLE forgotten (idx BIGINT PRIMARY KEY, status BIGINT NOT NULL, at BIGINT NOT NULL,"
	" edition BIGINT NOT NULL);";

/* What version 3 added: letters, seals, the page. */
static const char version_3[] =
	"CREATE TABLE letter (number BIGINT PRIMARY KEY, request_id TEXT NOT NULL UNIQUE,"
	" member_id TEXT NOT NULL, hash BLOB NOT NULL, request TEXT NOT NULL, state BIGINT NOT NULL,"
	" applied_at BIGINT NOT NULL, code TEXT NOT NULL, words TEXT NOT NULL, batch BIGINT NOT NULL);"
	"CREATE INDEX letter_by_state ON letter (state);"
	"CREATE INDEX letter_by_member ON letter (member_id);"
	"CREATE TABLE letter_act (number BIGINT NOT NULL REFERENCES letter (number),"
	" sequence BIGINT NOT NULL, text TEXT NOT NULL, signature BLOB NOT NULL,"
	" PRIMARY KEY (number, sequence));"
	"CREATE TABLE letter_grant (docid BLOB PRIMARY KEY REFERENCES document (docid),"
	" number BIGINT NOT NULL REFERENCES letter (number), prepared TEXT NOT NULL,"
	" prepared_signature BLOB NOT NULL, approved TEXT NOT NULL, approved_signature BLOB NOT NULL);"
	"CREATE INDEX letter_grant_by_number ON letter_grant (number);"
	"CREATE TABLE refused (member_id TEXT PRIMARY KEY, at BIGINT NOT NULL);"
	"ALTER TABLE document ADD COLUMN seal_level BIGINT NOT NULL DEFAULT 0;"
	"ALTER TABLE document ADD COLUMN seal_time BIGINT NOT NULL DEFAULT 0;"
	"ALTER TABLE document ADD COLUMN seal_certificate BLOB;"
	"ALTER TABLE edition ADD COLUMN has_page BIGINT NOT NULL DEFAULT 0;"
	"ALTER TABLE edition ADD COLUMN page BLOB;";

bool store_create(const char *path, const unsigned char seed[SALT_SIZE], struct err *e)
{
	const struct sql_value version[] = { sql_text(STR("schema")), sql_int(SCHEMA_VERSION) };
	const struct sql_value salt[] = { sql_text(STR("salt")), sql_bytes(seed, SALT_SIZE) };
	static const char insert[] = "INSERT INTO meta (name, value) VALUES ($1, $2)";
	struct sql *sql;
	bool ok;

	if (!sql_open(path, true, &sql, e))
		return false;
	ok = sql_script(sql, "BEGIN IMMEDIATE", e) && sql_script(sql, schema, e) &&
	     sql_script(sql, version_3, e) && sql_run(sql, insert, version, 2, e) &&
	     sql_run(sql, insert, salt, 2, e) && sql_script(sql, "COMMIT", e);
	sql_close(sql);
	return ok;
}

static bool schema_version(struct sql *sql, int64_t *out, struct err *e)
{
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(sql, "SELECT value FROM meta WHERE name = 'schema'", NULL, 0, &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	*out = ok && row ? sql_column_int(rows, 0) : 0;
	sql_done(rows);
	return ok;
}

/* A store made before gets what it lacks; nothing in it changes. */
static bool version_3_add(struct sql *sql, struct err *e)
{
	const struct sql_value version[] = { sql_int(SCHEMA_VERSION) };

	return sql_script(sql, "BEGIN IMMEDIATE", e) && sql_script(sql, version_3, e) &&
	       sql_run(sql, "UPDATE meta SET value = $1 WHERE name = 'schema'", version, 1, e) &&
	       sql_script(sql, "COMMIT", e);
}

static bool schema_known(struct sql *sql, struct err *e)
{
	int64_t version;

	if (!schema_version(sql, &version, e))
		return false;
	if (version == SCHEMA_BEFORE)
		return version_3_add(sql, e);
	return version == SCHEMA_VERSION ||
	       err_system(e, "the store has a layout this program does not know");
}

bool store_open(const char *path, struct store **out, struct err *e)
{
	struct store *s = calloc(1, sizeof *s);

	if (s == NULL)
		return err_memory(e, "the store");
	if (!sql_open(path, false, &s->sql, e) || !schema_known(s->sql, e)) {
		store_close(s);
		return false;
	}
	*out = s;
	return true;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_rollback(s);
	sql_close(s->sql);
	free(s);
}

bool store_begin(struct store *s, struct err *e)
{
	if (!sql_run(s->sql, "BEGIN IMMEDIATE", NULL, 0, e))
		return false;
	s->in_transaction = true;
	return true;
}

bool store_commit(struct store *s, struct err *e)
{
	if (!sql_run(s->sql, "COMMIT", NULL, 0, e))
		return false;
	s->in_transaction = false;
	return true;
}

void store_rollback(struct store *s)
{
	struct err ignored;

	if (s->in_transaction && !sql_run(s->sql, "ROLLBACK", NULL, 0, &ignored))
		s->in_transaction = false; /* SQLite has rolled back by itself, or closing will */
	s->in_transaction = false;
}

struct sql *store_sql(struct store *s)
{
	return s->sql;
}

bool store_salt(struct store *s, unsigned char out[SALT_SIZE], struct err *e)
{
	unsigned char state[SALT_SIZE], next[SALT_SIZE];
	const struct str part = str_bytes(state, sizeof state);
	const struct sql_value moved[] = { sql_bytes(next, sizeof next) };
	struct sql_rows *rows;
	bool row, ok;

	if (!sql_query(s->sql, "SELECT value FROM meta WHERE name = 'salt'", NULL, 0, &rows, e))
		return false;
	ok = sql_next(rows, &row, e);
	if (ok && (!row || !sql_column_bytes(rows, 0, state, sizeof state)))
		ok = err_system(e, "the store has lost its salt generator");
	sql_done(rows);
	if (!ok)
		return false;
	sha256_labelled("hufu/1/salt", &part, 1, out);
	sha256_labelled("hufu/1/salt-state", &part, 1, next);
	return sql_run(s->sql, "UPDATE meta SET value = $1 WHERE name = 'salt'", moved, 1, e);
}

bool store_note_put(struct store *s, struct str name, struct str value, struct err *e)
{
	const struct sql_value args[] = { sql_text(name), sql_bytes(value.p, value.n) };

	return sql_run(s->sql,
		       "INSERT INTO note (name, value) VALUES ($1, $2)"
		       " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		       args, 2, e);
}

bool store_note_lookup(struct store *s, struct arena *a, struct str name, struct str *value,
		       bool *found, struct err *e)
{
	const struct sql_value args[] = { sql_text(name) };
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(s->sql, "SELECT value FROM note WHERE name = $1", args, 1, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	ok = ok && (!*found || arena_str(a, sql_column(rows, 0), value, e));
	sql_done(rows);
	return ok;
}

bool store_member_lookup(struct store *s, struct arena *a, struct str member_id,
			 struct store_member *out, bool *found, struct err *e)
{
	const struct sql_value id[] = { sql_text(member_id) };
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(s->sql,
		       "SELECT member_no, rev, record_hash, salt, active, record FROM member"
		       " WHERE member_id = $1",
		       id, 1, &rows, e))
		return false;
	ok = sql_next(rows, found, e);
	if (ok && *found) {
		*out = (struct store_member){ .member_id = member_id,
					      .rev = sql_column_int(rows, 1),
					      .active = sql_column_int(rows, 4) != 0 };
		ok = arena_str(a, sql_column(rows, 0), &out->member_no, e) &&
		     arena_str(a, sql_column(rows, 5), &out->record, e);
		if (ok && (!sql_column_bytes(rows, 2, out->record_hash, HASH_SIZE) ||
			   !sql_column_bytes(rows, 3, out->salt, SALT_SIZE)))
			ok = err_system(e, "the store holds a damaged member row");
	}
	sql_done(rows);
	return ok;
}

bool store_refused_put(struct store *s, struct str member_id, int64_t at, struct err *e)
{
	const struct sql_value args[] = { sql_text(member_id), sql_int(at) };

	return sql_run(s->sql,
		       "INSERT INTO refused (member_id, at) VALUES ($1, $2)"
		       " ON CONFLICT (member_id) DO UPDATE SET at = excluded.at",
		       args, 2, e);
}

bool store_refused(struct store *s, struct str member_id, bool *yes, struct err *e)
{
	const struct sql_value args[] = { sql_text(member_id) };
	struct sql_rows *rows;
	bool ok;

	if (!sql_query(s->sql, "SELECT 1 FROM refused WHERE member_id = $1", args, 1, &rows, e))
		return false;
	ok = sql_next(rows, yes, e);
	sql_done(rows);
	return ok;
}

bool store_member_put(struct store *s, const struct store_member *m, struct err *e)
{
	const struct sql_value args[] = { sql_text(m->member_id),
					  sql_text(m->member_no),
					  sql_int(m->rev),
					  sql_bytes(m->record_hash, HASH_SIZE),
					  sql_bytes(m->salt, SALT_SIZE),
					  sql_int(m->active),
					  sql_text(m->record) };

	if (!sql_run(s->sql, "DELETE FROM refused WHERE member_id = $1", args, 1, e))
		return false;
	return sql_run(
		s->sql,
		"INSERT INTO member (member_id, member_no, rev, record_hash, salt, active, record)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (member_id) DO UPDATE SET"
		" member_no = excluded.member_no, rev = excluded.rev, record_hash = excluded.record_hash,"
		" active = excluded.active, record = excluded.record",
		args, COUNT_OF(args), e);
}
