/* SPDX-License-Identifier: Apache-2.0 */
#include "record/feed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "record/slices.h"

enum {
	ARRAY_MAX = 64 * 1024 * 1024,  /* bytes of a file that is not JSON Lines */
	FOLDER_MAX = 1000 * 1000,      /* files of a folder */
	NAMES_MAX = 256 * 1024 * 1024, /* bytes of their names */
	PATHS_MAX = 1024 * 1024,       /* bytes of one path and what it is shown as */
	HEAD_MAX = 4,                  /* bytes read to see what a file is: a BOM and one more */
};

enum source { SOURCE_NONE, SOURCE_LINES, SOURCE_ARRAY, SOURCE_SINGLE };

struct feed {
	const char *const *paths;
	size_t count, next; /* arguments, and the one to open next */
	const struct member_rules *rules;

	/* The folder being walked. */
	struct arena *names_in;
	struct str *names;
	size_t name_count, name_next;
	const char *dir; /* NULL outside a folder */

	/* The file being read. */
	enum source source;
	FILE *in;
	struct str path, name, folder; /* to open, to show, for photos; in path_in */
	struct arena *path_in;
	size_t line;
	struct buf hold, whole; /* a line; a file */
	char head[HEAD_MAX];
	size_t head_n;
	struct slices slices;
	bool bom;    /* an array's BOM, to be reported */
	bool single; /* the one record of a file is still to come */
};

bool feed_open(struct feed **out, const char *const *paths, size_t count,
	       const struct member_rules *rules, struct err *e)
{
	struct feed *f = calloc(1, sizeof *f);

	if (f == NULL)
		return err_memory(e, "the records");
	f->paths = paths;
	f->count = count;
	f->rules = rules;
	f->hold = buf_empty(FEED_RECORD_MAX);
	f->whole = buf_empty(ARRAY_MAX);
	f->names_in = arena_new(NAMES_MAX);
	f->path_in = arena_new(PATHS_MAX);
	if (f->names_in == NULL || f->path_in == NULL) {
		feed_close(f);
		return err_memory(e, "the records");
	}
	*out = f;
	return true;
}

static void file_close(struct feed *f)
{
	if (f->in != NULL && f->in != stdin)
		fclose(f->in);
	f->in = NULL;
	f->source = SOURCE_NONE;
}

void feed_close(struct feed *f)
{
	if (f == NULL)
		return;
	file_close(f);
	buf_free(&f->hold);
	buf_free(&f->whole);
	arena_free(f->names_in);
	arena_free(f->path_in);
	free(f);
}

/* "a/b/records.jsonl" is in "a/b", "records.jsonl" in ".". */
static struct str folder_of(struct str path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	if (n == 0)
		return STR(".");
	return (struct str){ path.p, n > 1 ? n - 1 : 1 };
}

/* The rest of the stream behind the head into whole. */
static bool whole_read(struct feed *f, struct err *e)
{
	buf_clear(&f->whole);
	buf_put(&f->whole, f->head, f->head_n);
	f->head_n = 0;
	for (;;) {
		char chunk[65536];
		size_t n = fread(chunk, 1, sizeof chunk, f->in);

		if (n > f->whole.max - f->whole.n)
			return err_input(e, "TOO-LARGE",
					 "'%.*s' is larger than %d bytes; write JSON Lines",
					 STR_ARG(f->name), ARRAY_MAX);
		buf_put(&f->whole, chunk, n);
		if (f->whole.failed)
			return err_memory(e, "the records");
		if (n < sizeof chunk)
			break;
	}
	return !ferror(f->in) || err_errno(e, "cannot read '%.*s'", STR_ARG(f->name));
}

/*
 * Pass the blanks at the beginning and keep what tells the kind of the file in head: its first byte, or a BOM, more
 * blanks passed, and the byte behind it.
 */
static void head_read(struct feed *f)
{
	static const char bom[] = "\xef\xbb\xbf";
	int c;

	f->head_n = 0;
	f->line = 1;
	for (;;) {
		c = getc(f->in);
		if (c == ' ' || c == '\t' || c == '\r') {
			continue;
		} else if (c == '\n') {
			f->line++;
			continue;
		}
		if (c == EOF)
			return;
		f->head[f->head_n++] = (char)c;
		if (f->head_n > 3 || f->head[f->head_n - 1] != bom[f->head_n - 1])
			return;
	}
}

/* A *.json file: one array, one record on any number of lines, or lines after all. */
static bool json_file_open(struct feed *f, struct err *e)
{
	struct str text;
	size_t end;

	if (!whole_read(f, e))
		return false;
	text = buf_view(&f->whole);
	end = slices_value_end(text, 0);
	while (end < text.n && strchr(" \t\r\n", text.p[end]) != NULL)
		end++;
	if (end == text.n) {
		f->source = SOURCE_SINGLE;
		f->single = true;
		return true;
	}
	if (f->in != stdin)
		fclose(f->in);
	f->in = fmemopen(f->whole.p, f->whole.n, "r");
	f->source = SOURCE_LINES;
	f->line--;
	return f->in != NULL || err_memory(e, "the records");
}

static bool kind_find(struct feed *f, struct err *e)
{
	char last;

	head_read(f);
	if (f->head_n == 0) {
		if (ferror(f->in))
			return err_errno(e, "cannot read '%.*s'", STR_ARG(f->name));
		/* An empty list holds no record; in a folder each file is one, and this one is lost. */
		buf_clear(&f->whole);
		f->single = f->dir != NULL;
		f->source = SOURCE_SINGLE;
		return true;
	}
	last = f->head[f->head_n - 1];
	if (last == '[') {
		f->bom = f->head_n > 1;
		if (!whole_read(f, e))
			return false;
		f->slices = slices_of(buf_view(&f->whole));
		f->slices.line = f->line;
		f->source = SOURCE_ARRAY;
		return true;
	}
	if (last == '{' && f->head_n == 1 && str_ends(f->name, STR(".json")))
		return json_file_open(f, e);
	f->source = SOURCE_LINES;
	f->line--;
	return true;
}

static bool file_open(struct feed *f, struct err *e)
{
	if (str_eq(f->path, STR("-"))) {
		f->in = stdin;
		f->name = STR("stdin");
		f->folder = (struct str){ 0 };
		return kind_find(f, e);
	}
	f->in = fopen(f->path.p, "re");
	if (f->in == NULL)
		return err_errno(e, "cannot open '%s'", f->path.p);
	f->name = f->path;
	f->folder = folder_of(f->path);
	return kind_find(f, e);
}

/* Point at the next file of the folder or the next argument; *end when there is none. */
static bool source_next(struct feed *f, bool *end, struct err *e)
{
	const char *path;

	arena_reset(f->path_in);
	if (f->dir != NULL && f->name_next < f->name_count) {
		struct str name = f->names[f->name_next++];

		if (!arena_printf(f->path_in, &f->path, e, "%s/%.*s", f->dir, STR_ARG(name)))
			return false;
		return file_open(f, e);
	}
	f->dir = NULL;
	*end = f->next == f->count;
	if (*end)
		return true;
	path = f->paths[f->next++];
	if (strcmp(path, "-") != 0 && io_is_dir(path)) {
		arena_reset(f->names_in);
		f->dir = path;
		f->name_next = 0;
		return io_list(f->names_in, path, ".json", FOLDER_MAX, &f->names, &f->name_count,
			       e);
	}
	return arena_str(f->path_in, str_of(path), &f->path, e) && file_open(f, e);
}

/* A fault that no record could be read for. */
static bool item_refuse(struct arena *a, struct feed_item *item, const struct err *fault,
			struct err *e)
{
	if (fault->kind == ERR_SYSTEM) {
		*e = *fault;
		return false;
	}
	return faults_add(a, &item->faults, fault, e);
}

static bool item_place(struct feed *f, struct arena *a, size_t line, struct feed_item *item,
		       struct err *e)
{
	*item = (struct feed_item){ .folder = f->folder };
	return arena_str(a, f->folder, &item->folder, e) &&
	       arena_printf(a, &item->place, e, "%.*s:%zu", STR_ARG(f->name), line);
}

/* Decode item->raw; `cut`: the text may be the torn end of a file. */
static bool item_read(struct feed *f, struct arena *a, struct feed_item *item, bool cut,
		      struct err *e)
{
	const struct json *record;
	struct err fault = { 0 };

	if (!json_read(a, item->raw, &json_record, &record, &fault)) {
		if (cut && fault.kind == ERR_INPUT) {
			struct err torn;

			err_input(&torn, "JSON-TRUNCATED", "the last line is cut off (%.300s)",
				  fault.cause);
			fault = torn;
		}
		return item_refuse(a, item, &fault, e);
	}
	item->member_id = member_id_of(record);
	if (!member_read(a, record, f->rules, &item->member, &item->faults, &fault) &&
	    fault.kind == ERR_SYSTEM) {
		*e = fault;
		return false;
	}
	return true;
}

static void place_faults(struct feed_item *item)
{
	for (struct fault *fault = item->faults.first; fault != NULL; fault = fault->next)
		err_in(&fault->err, "%.*s", STR_ARG(item->place));
}

/* One line into hold, without its end; an over-long one is passed over. */
static bool line_read(struct feed *f, bool *end, bool *cut, bool *over, struct err *e)
{
	int c;

	buf_clear(&f->hold);
	buf_put(&f->hold, f->head, f->head_n);
	*end = f->head_n == 0;
	f->head_n = 0;
	*over = false;
	while ((c = getc_unlocked(f->in)) != EOF && c != '\n') {
		*end = false;
		if (f->hold.n == f->hold.max)
			*over = true;
		else
			buf_byte(&f->hold, (unsigned char)c);
		if (f->hold.failed)
			return err_memory(e, "a line");
	}
	if (c == EOF && ferror(f->in))
		return err_errno(e, "cannot read '%.*s'", STR_ARG(f->name));
	*cut = c == EOF;
	*end = *end && c == EOF;
	f->line++;
	return true;
}

static bool blank(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (strchr(" \t\r", line.p[i]) == NULL || line.p[i] == '\0')
			return false;
	return true;
}

/* *got: an item was made; else the file is at its end. */
static bool line_next(struct feed *f, struct arena *a, struct feed_item *item, bool *got,
		      struct err *e)
{
	bool end = false, cut = false, over = false;

	do {
		if (!line_read(f, &end, &cut, &over, e))
			return false;
	} while (!end && !over && blank(buf_view(&f->hold)));
	*got = !end;
	if (end)
		return true;
	if (!item_place(f, a, f->line, item, e))
		return false;
	if (over) {
		struct err fault;

		err_input(&fault, "LINE-TOO-LONG", "is longer than %d bytes", FEED_RECORD_MAX);
		return item_refuse(a, item, &fault, e);
	}
	return arena_str(a, buf_view(&f->hold), &item->raw, e) && item_read(f, a, item, cut, e);
}

static bool element_next(struct feed *f, struct arena *a, struct feed_item *item, bool *got,
			 struct err *e)
{
	struct err fault = { 0 };
	struct str raw;
	bool end;
	size_t line;

	*got = true;
	if (f->bom) {
		f->bom = false;
		err_input(&fault, "JSON-BOM",
			  "begins with a byte order mark; save as UTF-8 without BOM");
		return item_place(f, a, f->line, item, e) && item_refuse(a, item, &fault, e);
	}
	if (!slices_next(&f->slices, &raw, &line, &end, &fault))
		return item_place(f, a, line, item, e) && item_refuse(a, item, &fault, e);
	*got = !end;
	return end || (item_place(f, a, line, item, e) && arena_str(a, raw, &item->raw, e) &&
		       item_read(f, a, item, false, e));
}

static bool single_next(struct feed *f, struct arena *a, struct feed_item *item, bool *got,
			struct err *e)
{
	*got = f->single;
	f->single = false;
	return !*got || (item_place(f, a, f->line, item, e) &&
			 arena_str(a, buf_view(&f->whole), &item->raw, e) &&
			 item_read(f, a, item, false, e));
}

static bool record_next(struct feed *f, struct arena *a, struct feed_item *item, bool *got,
			struct err *e)
{
	switch (f->source) {
	case SOURCE_LINES:
		return line_next(f, a, item, got, e);
	case SOURCE_ARRAY:
		return element_next(f, a, item, got, e);
	case SOURCE_SINGLE:
		return single_next(f, a, item, got, e);
	case SOURCE_NONE:
		break;
	}
	*got = false;
	return true;
}

bool feed_next(struct feed *f, struct arena *a, struct feed_item *item, bool *end, struct err *e)
{
	bool got;

	*end = false;
	for (;;) {
		if (!record_next(f, a, item, &got, e))
			return false;
		if (got) {
			place_faults(item);
			return true;
		}
		file_close(f);
		if (!source_next(f, end, e))
			return false;
		if (*end)
			return true;
	}
}
