/* SPDX-License-Identifier: Apache-2.0 */
#include "record/import.h"

#include "record/cell.h"
#include "record/charset.h"
#include "record/csv.h"
#include "record/member.h"

enum {
	ROW_ROOM = 16 * 1024 * 1024, /* bytes of memory for one row */
	TEXT_MAX = 2 * IMPORT_MAX,   /* GB 18030 grows by half in UTF-8, a bad byte threefold */
	NO_COLUMN = CSV_COLUMNS_MAX,
	OBJECTS_MAX = 32, /* objects of one record */
	KEYS_MAX = 40,    /* keys of one object; hufu.member/1 has 23 */
};

/* An object under construction. */
struct object {
	struct str path; /* pointer of the object, "" for the record */
	struct str keys[KEYS_MAX];
	struct json values[KEYS_MAX];
	size_t count;
};

struct importer {
	const struct import_job *job;
	struct import_count *count;
	size_t *columns; /* of each map field; NO_COLUMN for constants */
	size_t header_count;
	struct arena *a; /* reset for each row */
	struct object *objects;
	size_t object_count;
};

static void tell(const struct importer *im, struct err *fault, size_t line, size_t column)
{
	err_in(fault, "%s:%zu:%zu", im->job->name, line, column);
	if (im->job->fault != NULL)
		im->job->fault(im->job->ctx, fault);
}

static bool header_find(struct importer *im, const struct csv_row *header, size_t i, struct err *e)
{
	const struct map_field *field = &im->job->map->fields[i];
	size_t found = NO_COLUMN;

	im->columns[i] = NO_COLUMN;
	if (field->column.p == NULL)
		return true;
	for (size_t k = 0; k < header->count; k++) {
		if (!str_eq(header->fields[k].text, field->column))
			continue;
		if (found != NO_COLUMN)
			return err_input(e, "CSV-HEADER", "column \"%.*s\" stands twice",
					 STR_ARG(field->column));
		found = k;
	}
	im->columns[i] = found;
	return found != NO_COLUMN ||
	       err_input(e, "CSV-HEADER", "column \"%.*s\" is missing", STR_ARG(field->column));
}

static bool header_read(struct importer *im, struct arena *kept, struct csv *csv, struct err *e)
{
	const struct map *map = im->job->map;
	struct csv_row header = { 0 };
	bool end = false;

	if (!csv_next(csv, kept, &header, &end, e))
		return err_in(e, "%s:%zu:%zu", im->job->name, csv->fault_line, csv->fault_column);
	if (end) {
		err_input(e, "CSV-HEADER", "the file has no header");
		return err_in(e, "%s:1", im->job->name);
	}
	im->header_count = header.count;
	for (size_t i = 0; i < map->count; i++)
		if (!header_find(im, &header, i, e))
			return err_in(e, "%s:%zu", im->job->name, header.fields[0].line);
	return true;
}

/* The path before the last step: "/name/latin/full" gives "/name/latin". */
static struct str parent_of(struct str pointer, struct str *key)
{
	size_t n = pointer.n;

	while (n > 0 && pointer.p[n - 1] != '/')
		n--;
	*key = str_skip(pointer, n);
	return (struct str){ pointer.p, n > 0 ? n - 1 : 0 };
}

static struct object *object_at(struct importer *im, struct str path, struct err *e)
{
	for (size_t i = 0; i < im->object_count; i++)
		if (str_eq(im->objects[i].path, path))
			return &im->objects[i];
	if (im->object_count == OBJECTS_MAX) {
		err_system(e, "a record of more than %d objects", OBJECTS_MAX);
		return NULL;
	}
	im->objects[im->object_count] = (struct object){ .path = path };
	return &im->objects[im->object_count++];
}

static bool value_put(struct importer *im, struct str pointer, const struct json *value,
		      struct err *e)
{
	struct str key, path = parent_of(pointer, &key);
	struct object *object = object_at(im, path, e);

	if (object == NULL)
		return false;
	if (object->count == KEYS_MAX)
		return err_system(e, "an object of more than %d keys", KEYS_MAX);
	object->keys[object->count] = key;
	object->values[object->count++] = *value;
	return true;
}

/* The object at `path` with the objects below it. */
static bool object_finish(struct importer *im, struct str path, struct json *out, struct err *e)
{
	struct object *object = object_at(im, path, e);
	struct json *items;
	struct str *keys;

	if (object == NULL)
		return false;
	for (size_t i = 0; i < im->object_count; i++) {
		struct str key, above;
		struct json child;

		if (im->objects[i].path.n == 0)
			continue;
		above = parent_of(im->objects[i].path, &key);
		if (!str_eq(above, path))
			continue;
		if (!object_finish(im, im->objects[i].path, &child, e) ||
		    !value_put(im, im->objects[i].path, &child, e))
			return false;
	}
	items = arena_array(im->a, object->count, sizeof *items, e);
	keys = arena_array(im->a, object->count, sizeof *keys, e);
	if (items == NULL || keys == NULL)
		return false;
	memcpy(items, object->values, object->count * sizeof *items);
	memcpy(keys, object->keys, object->count * sizeof *keys);
	*out = (struct json){
		.kind = JSON_OBJECT, .count = object->count, .items = items, .keys = keys
	};
	return true;
}

/* Make an empty object for every step above `path`, so that a grandchild hangs in the tree. */
static bool objects_above(struct importer *im, struct str path, struct err *e)
{
	struct str key;

	for (;; path = parent_of(path, &key)) {
		if (object_at(im, path, e) == NULL)
			return false;
		if (path.n == 0)
			return true;
	}
}

/* Is a constant alone in its object because every cell of that object is empty? */
static bool constant_idle(const struct importer *im, const bool *present, size_t i)
{
	const struct map *map = im->job->map;
	struct str key, path = parent_of(map->fields[i].pointer, &key);
	bool cells = false;

	if (path.n == 0)
		return false;
	for (size_t k = 0; k < map->count; k++) {
		struct str other = map->fields[k].pointer;

		if (map->fields[k].column.p == NULL || !str_starts(other, path) ||
		    other.n <= path.n || other.p[path.n] != '/')
			continue;
		if (present[k])
			return false;
		cells = true;
	}
	return cells;
}

/* The cells of a row as JSON values; faults are told.  *good = false when one was told. */
static bool cells_read(struct importer *im, const struct csv_row *row, struct json *values,
		       bool *present, bool *good, struct err *e)
{
	const struct map *map = im->job->map;

	for (size_t i = 0; i < map->count; i++) {
		const struct csv_field *cell;
		struct err fault = { 0 };

		if (im->columns[i] == NO_COLUMN)
			continue;
		cell = &row->fields[im->columns[i]];
		if (cell_read(im->a, map, &map->fields[i], cell->text, &values[i], &present[i],
			      &fault))
			continue;
		if (fault.kind == ERR_SYSTEM) {
			*e = fault;
			return false;
		}
		err_at(&fault, "%.*s", STR_ARG(map->fields[i].pointer));
		tell(im, &fault, cell->line, cell->column);
		*good = false;
	}
	return true;
}

static bool record_make(struct importer *im, const struct json *values, const bool *present,
			struct json *record, struct err *e)
{
	const struct map *map = im->job->map;
	struct json schema = { .kind = JSON_STRING, .string = STR("hufu.member/1") };
	struct str key;

	im->object_count = 0;
	if (!value_put(im, STR("/schema"), &schema, e))
		return false;
	for (size_t i = 0; i < map->count; i++) {
		const struct map_field *f = &map->fields[i];

		if (f->column.p != NULL ? !present[i] : constant_idle(im, present, i))
			continue;
		if (!objects_above(im, parent_of(f->pointer, &key), e) ||
		    !value_put(im, f->pointer, f->column.p != NULL ? &values[i] : f->constant, e))
			return false;
	}
	return object_finish(im, (struct str){ 0 }, record, e);
}

/* The cell a fault's pointer speaks of: the one whose pointer it begins with, else the row's first. */
static const struct csv_field *cell_of(const struct importer *im, const struct csv_row *row,
				       struct str pointer)
{
	const struct map *map = im->job->map;

	for (size_t i = 0; i < map->count; i++)
		if (im->columns[i] != NO_COLUMN && str_starts(pointer, map->fields[i].pointer) &&
		    (pointer.n == map->fields[i].pointer.n ||
		     pointer.p[map->fields[i].pointer.n] == '/'))
			return &row->fields[im->columns[i]];
	return &row->fields[0];
}

static void notes_tell(const struct importer *im, const struct csv_row *row, const struct member *m)
{
	for (const struct remark *n = m->notes.first; n != NULL && im->job->note != NULL;
	     n = n->next) {
		const struct csv_field *cell = cell_of(im, row, n->pointer);
		struct err place = { 0 };

		err_in(&place, "%s:%zu:%zu", im->job->name, cell->line, cell->column);
		im->job->note(im->job->ctx, place.place, n);
	}
}

static bool record_judge(struct importer *im, const struct csv_row *row, const struct json *record,
			 bool *good, struct err *e)
{
	static const struct member_rules rules = { 0 };
	struct faults faults = { 0 };
	const struct member *m;
	struct err first = { 0 };

	if (member_read(im->a, record, &rules, &m, &faults, &first)) {
		notes_tell(im, row, m);
		if (fwrite(m->canonical.p, 1, m->canonical.n, im->job->out) == m->canonical.n &&
		    putc('\n', im->job->out) != EOF)
			return true;
		return err_errno(e, "cannot write the records");
	}
	if (first.kind == ERR_SYSTEM) {
		*e = first;
		return false;
	}
	*good = false;
	for (struct fault *f = faults.first; f != NULL; f = f->next) {
		const struct csv_field *cell = cell_of(im, row, str_of(f->err.pointer));

		tell(im, &f->err, cell->line, cell->column);
	}
	return true;
}

static bool row_import(struct importer *im, const struct csv_row *row, bool *good, struct err *e)
{
	size_t count = im->job->map->count;
	struct json *values = arena_array(im->a, count, sizeof *values, e);
	bool *present = arena_array(im->a, count, sizeof *present, e);
	struct json record;

	if (values == NULL || present == NULL)
		return false;
	if (row->count != im->header_count) {
		struct err fault;

		err_input(&fault, "CSV-COLUMNS", "has %zu fields, the header %zu", row->count,
			  im->header_count);
		tell(im, &fault, row->fields[0].line, 1);
		*good = false;
		return true;
	}
	if (!cells_read(im, row, values, present, good, e))
		return false;
	return !*good || (record_make(im, values, present, &record, e) &&
			  record_judge(im, row, &record, good, e));
}

static bool rows_import(struct importer *im, struct csv *csv, struct err *e)
{
	for (;;) {
		struct csv_row row = { 0 };
		struct err fault = { 0 };
		bool end, good = true;

		arena_reset(im->a);
		if (!csv_next(csv, im->a, &row, &end, &fault)) {
			if (fault.kind == ERR_SYSTEM) {
				*e = fault;
				return false;
			}
			tell(im, &fault, csv->fault_line, csv->fault_column);
			im->count->refused++;
			continue;
		}
		if (end)
			return true;
		if (!row_import(im, &row, &good, e))
			return false;
		if (good)
			im->count->written++;
		else
			im->count->refused++;
	}
}

static bool text_import(struct importer *im, struct arena *kept, struct str text, struct err *e)
{
	struct csv csv = { .text = text, .delimiter = im->job->map->delimiter };

	im->objects = arena_array(kept, OBJECTS_MAX, sizeof *im->objects, e);
	im->columns = arena_array(kept, im->job->map->count, sizeof *im->columns, e);
	if (im->objects == NULL || im->columns == NULL || !header_read(im, kept, &csv, e) ||
	    !rows_import(im, &csv, e))
		return false;
	return fflush(im->job->out) == 0 || err_errno(e, "cannot write the records");
}

bool import_csv(const struct import_job *job, struct import_count *count, struct err *e)
{
	struct importer im = { .job = job, .count = count };
	struct arena *kept = arena_new(ROW_ROOM);
	struct buf text = buf_empty(TEXT_MAX);
	bool ok = false;

	*count = (struct import_count){ 0 };
	im.a = arena_new(ROW_ROOM);
	if (job->csv.n > IMPORT_MAX)
		err_input(e, "TOO-LARGE", "'%s' is larger than %d bytes", job->name, IMPORT_MAX);
	else if (kept == NULL || im.a == NULL)
		err_memory(e, "the records");
	else
		ok = charset_decode(job->map->encoding, job->csv, &text, e) &&
		     text_import(&im, kept, buf_view(&text), e);
	arena_free(kept);
	arena_free(im.a);
	buf_free(&text);
	return ok;
}
