/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_STORE_SQL_H
#define HUFU_STORE_SQL_H

#include <stdint.h>

#include "base/arena.h"

/*
 * One connection to the store, spoken to in the SQL that SQLite and PostgreSQL share: $1 placeholders,
 * ON CONFLICT … RETURNING, integers, text and bytes only.  One thread at a time.
 */
struct sql;

enum sql_kind { SQL_NULL, SQL_INTEGER, SQL_TEXT, SQL_BYTES };

struct sql_value {
	enum sql_kind kind;
	int64_t integer;
	struct str bytes; /* SQL_TEXT and SQL_BYTES; lent till the statement is done */
};

static inline struct sql_value sql_int(int64_t v)
{
	return (struct sql_value){ .kind = SQL_INTEGER, .integer = v };
}

/* A slice with p == NULL is NULL. */
static inline struct sql_value sql_text(struct str s)
{
	return (struct sql_value){ .kind = s.p == NULL ? SQL_NULL : SQL_TEXT, .bytes = s };
}

static inline struct sql_value sql_bytes(const void *p, size_t n)
{
	return (struct sql_value){ .kind = SQL_BYTES, .bytes = { p, n } };
}

/*
 * Open a SQLite file: rollback journal kept (journal_mode=PERSIST: Debian 12's SQLite 3.40.1 can corrupt a WAL with two
 * connections), synchronous=FULL, foreign keys on.  `create`: make it (mode 0600) when absent.
 */
bool sql_open(const char *path, bool create, struct sql **out, struct err *e) MUST_CHECK;
void sql_close(struct sql *db); /* accepts NULL; an open transaction is rolled back */

/* Run a statement to its end; its rows, if any, are dropped.  `text` must be a constant: statements are kept by it. */
bool sql_run(struct sql *db, const char *text, const struct sql_value *args, size_t count,
	     struct err *e) MUST_CHECK;

/* Run a script of several statements without arguments (schema). */
bool sql_script(struct sql *db, const char *script, struct err *e) MUST_CHECK;

/* Rows changed by the latest sql_run. */
int64_t sql_changes(const struct sql *db);

/*
 * Rows: sql_query binds, each sql_next moves to the next row (false in *row after the last), sql_done ends.  Columns
 * count from 0; text and bytes are lent till the next sql_next.  One text may be open once at a time.
 */
struct sql_rows;
bool sql_query(struct sql *db, const char *text, const struct sql_value *args, size_t count,
	       struct sql_rows **out, struct err *e) MUST_CHECK;
bool sql_next(struct sql_rows *rows, bool *row, struct err *e) MUST_CHECK;
void sql_done(struct sql_rows *rows); /* accepts NULL */
int64_t sql_column_int(const struct sql_rows *rows, int column);
struct str sql_column(const struct sql_rows *rows, int column);

/* Bytes of exactly n into out; false when the column holds another length. */
bool sql_column_bytes(const struct sql_rows *rows, int column, void *out, size_t n) MUST_CHECK;

/* A copy of the whole database as it is now, made at `path` (mode 0600; replaced) by the library's own backup. */
bool sql_copy(struct sql *db, const char *path, struct err *e) MUST_CHECK;

/* Version of the library behind, for plan, report and doctor. */
const char *sql_library(void);

#endif
