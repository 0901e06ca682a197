/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATEMENTS_MAX = 96, ARGUMENTS_MAX = 20, BUSY_MS = 10000 };

struct sql_rows {
	struct sql *db;
	const char *text;
	sqlite3_stmt *statement;
	int place[ARGUMENTS_MAX]; /* SQLite's index of $1, $2, …; 0: the text has none */
	bool busy;
};

struct sql {
	sqlite3 *handle;
	struct sql_rows statements[STATEMENTS_MAX];
	size_t count;
};

static bool sqlite_fail(const struct sql *db, const char *what, struct err *e)
{
	return err_system(e, "the store: %s: %s", what,
			  db->handle != NULL ? sqlite3_errmsg(db->handle) : "out of memory");
}

/* SQLite would create the file with the umask's mode; names and salts are for the owner only. */
static bool file_create(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(e, "cannot create '%s'", path);
	close(fd);
	return true;
}

bool sql_open(const char *path, bool create, struct sql **out, struct err *e)
{
	static const char setup[] = "PRAGMA journal_mode=PERSIST; PRAGMA synchronous=FULL;"
				    "PRAGMA foreign_keys=ON; PRAGMA temp_store=FILE;"
				    "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON;";
	struct sql *db;

	if (create && !file_create(path, e))
		return false;
	db = calloc(1, sizeof *db);
	if (db == NULL)
		return err_memory(e, "the store");
	if (sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK) {
		sqlite_fail(db, path, e);
		sql_close(db);
		return false;
	}
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024);
	if (!sql_script(db, setup, e)) {
		sql_close(db);
		return false;
	}
	*out = db;
	return true;
}

void sql_close(struct sql *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < db->count; i++)
		sqlite3_finalize(db->statements[i].statement);
	sqlite3_close(db->handle);
	free(db);
}

bool sql_script(struct sql *db, const char *script, struct err *e)
{
	if (sqlite3_exec(db->handle, script, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_fail(db, "a script failed", e);
	return true;
}

/* To SQLite "$2" is a name, numbered by its first appearance; here it is the second argument. */
static void places_fill(struct sql_rows *rows)
{
	for (int i = 0; i < ARGUMENTS_MAX; i++) {
		char name[8] = { '$' };

		if (i >= 9)
			name[1] = (char)('0' + (i + 1) / 10);
		name[i >= 9 ? 2 : 1] = (char)('0' + (i + 1) % 10);
		rows->place[i] = sqlite3_bind_parameter_index(rows->statement, name);
	}
}

/* The prepared statement of a constant text, kept for the connection's life. */
static struct sql_rows *statement_of(struct sql *db, const char *text, struct err *e)
{
	struct sql_rows *rows;

	for (size_t i = 0; i < db->count; i++)
		if (db->statements[i].text == text || strcmp(db->statements[i].text, text) == 0)
			return &db->statements[i];
	if (db->count == STATEMENTS_MAX) {
		err_system(e, "the store: more than %d statements", STATEMENTS_MAX);
		return NULL;
	}
	rows = &db->statements[db->count];
	if (sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &rows->statement,
			       NULL) != SQLITE_OK) {
		sqlite_fail(db, text, e);
		return NULL;
	}
	rows->db = db;
	rows->text = text;
	places_fill(rows);
	db->count++;
	return rows;
}

static int bind_one(sqlite3_stmt *statement, int at, const struct sql_value *v)
{
	switch (v->kind) {
	case SQL_NULL:
		return sqlite3_bind_null(statement, at);
	case SQL_INTEGER:
		return sqlite3_bind_int64(statement, at, v->integer);
	case SQL_TEXT:
		return sqlite3_bind_text64(statement, at, v->bytes.p, v->bytes.n, SQLITE_STATIC,
					   SQLITE_UTF8);
	case SQL_BYTES:
		return sqlite3_bind_blob64(statement, at, v->bytes.n > 0 ? v->bytes.p : "",
					   v->bytes.n, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

bool sql_query(struct sql *db, const char *text, const struct sql_value *args, size_t count,
	       struct sql_rows **out, struct err *e)
{
	struct sql_rows *rows = statement_of(db, text, e);

	if (rows == NULL)
		return false;
	if (rows->busy)
		return err_system(e, "the store: a query is open twice: %s", text);
	for (size_t i = 0; i < count; i++) {
		if (i >= ARGUMENTS_MAX || rows->place[i] == 0 ||
		    bind_one(rows->statement, rows->place[i], &args[i]) != SQLITE_OK) {
			sqlite_fail(db, text, e);
			sql_done(rows);
			return false;
		}
	}
	rows->busy = true;
	*out = rows;
	return true;
}

bool sql_next(struct sql_rows *rows, bool *row, struct err *e)
{
	int result = sqlite3_step(rows->statement);

	*row = result == SQLITE_ROW;
	if (result != SQLITE_ROW && result != SQLITE_DONE)
		return sqlite_fail(rows->db, "a statement failed", e);
	return true;
}

void sql_done(struct sql_rows *rows)
{
	if (rows == NULL)
		return;
	sqlite3_reset(rows->statement);
	sqlite3_clear_bindings(rows->statement);
	rows->busy = false;
}

bool sql_run(struct sql *db, const char *text, const struct sql_value *args, size_t count,
	     struct err *e)
{
	struct sql_rows *rows;
	bool row = true, ok = true;

	if (!sql_query(db, text, args, count, &rows, e))
		return false;
	while (ok && row)
		ok = sql_next(rows, &row, e);
	sql_done(rows);
	return ok;
}

int64_t sql_changes(const struct sql *db)
{
	return sqlite3_changes64(db->handle);
}

int64_t sql_column_int(const struct sql_rows *rows, int column)
{
	return sqlite3_column_int64(rows->statement, column);
}

struct str sql_column(const struct sql_rows *rows, int column)
{
	const void *p = sqlite3_column_blob(rows->statement, column);
	int n = sqlite3_column_bytes(rows->statement, column);

	if (sqlite3_column_type(rows->statement, column) == SQLITE_NULL)
		return (struct str){ NULL, 0 };
	return str_bytes(p != NULL ? p : "", (size_t)n);
}

bool sql_column_bytes(const struct sql_rows *rows, int column, void *out, size_t n)
{
	struct str s = sql_column(rows, column);

	if (s.p == NULL || s.n != n)
		return false;
	memcpy(out, s.p, n);
	return true;
}

bool sql_copy(struct sql *db, const char *path, struct err *e)
{
	struct sql to = { 0 };
	sqlite3_backup *backup = NULL;
	int code = SQLITE_OK;
	bool ok;

	if (unlink(path) != 0 && errno != ENOENT)
		return err_errno(e, "cannot replace '%s'", path);
	if (!file_create(path, e))
		return false;
	ok = sqlite3_open_v2(path, &to.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
		     SQLITE_OK &&
	     sqlite3_exec(to.handle, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;", NULL, NULL,
			  NULL) == SQLITE_OK;
	if (ok)
		backup = sqlite3_backup_init(to.handle, "main", db->handle, "main");
	if (backup != NULL) {
		code = sqlite3_backup_step(backup, -1);
		ok = sqlite3_backup_finish(backup) == SQLITE_OK && code == SQLITE_DONE;
	}
	ok = ok && backup != NULL;
	if (!ok)
		sqlite_fail(&to, "it cannot be copied", e);
	sqlite3_close(to.handle);
	if (!ok)
		unlink(path);
	return ok;
}

const char *sql_library(void)
{
	return sqlite3_libversion();
}
