/* SPDX-License-Identifier: Apache-2.0 */
#include "record/csv.h"

static int peek(const struct csv *csv)
{
	return csv->at < csv->text.n ? (unsigned char)csv->text.p[csv->at] : -1;
}

/* Past one byte, keeping line and column. */
static void step(struct csv *csv)
{
	unsigned char c = (unsigned char)csv->text.p[csv->at++];

	if (c == '\n') {
		csv->line++;
		csv->column = 1;
	} else if ((c & 0xc0) != 0x80) {
		csv->column++;
	}
}

static bool line_ends(const struct csv *csv)
{
	int c = peek(csv);

	return c < 0 || c == '\n' ||
	       (c == '\r' && (csv->at + 1 == csv->text.n || csv->text.p[csv->at + 1] == '\n'));
}

static void line_pass(struct csv *csv)
{
	if (peek(csv) == '\r')
		step(csv);
	if (peek(csv) == '\n')
		step(csv);
}

/* Refuse at the cursor and go to the next line. */
static bool refuse(struct csv *csv, struct err *e, const char *code, const char *words)
{
	err_input(e, code, "%s", words);
	csv->fault_line = csv->line;
	csv->fault_column = csv->column;
	while (!line_ends(csv))
		step(csv);
	line_pass(csv);
	return false;
}

static bool field_fits(struct csv *csv, size_t n, struct err *e)
{
	return n <= CSV_FIELD_MAX ||
	       refuse(csv, e, "CSV-TOO-LONG", "a field of more than 16384 bytes");
}

static bool plain_read(struct csv *csv, struct csv_field *field, struct err *e)
{
	size_t from = csv->at;

	while (!line_ends(csv) && peek(csv) != csv->delimiter) {
		if (peek(csv) == '"')
			return refuse(csv, e, "CSV-QUOTE", "a quote inside a field without quotes");
		step(csv);
	}
	field->text = (struct str){ csv->text.p + from, csv->at - from };
	return field_fits(csv, field->text.n, e);
}

/* Copy n bytes with doubled quotes made single. */
static bool quotes_undo(struct arena *a, struct str raw, struct str *out, struct err *e)
{
	char *p = arena_alloc(a, raw.n + 1, e);
	size_t n = 0;

	if (p == NULL)
		return false;
	for (size_t i = 0; i < raw.n; i++) {
		p[n++] = raw.p[i];
		if (raw.p[i] == '"')
			i++;
	}
	*out = (struct str){ p, n };
	return true;
}

static bool quoted_read(struct csv *csv, struct arena *a, struct csv_field *field, struct err *e)
{
	struct csv opened = *csv;
	size_t from;

	step(csv);
	from = csv->at;
	for (;;) {
		int c = peek(csv);

		if (c < 0 || csv->at - from > (size_t)2 * CSV_FIELD_MAX) {
			/* What follows a quote never closed is not to be trusted, but rows behind its line may be. */
			*csv = opened;
			return refuse(csv, e, "CSV-UNCLOSED",
				      "a quoted field that is not closed, or too long");
		}
		step(csv);
		if (c == '"' && peek(csv) != '"')
			break;
		if (c == '"')
			step(csv);
	}
	if (!line_ends(csv) && peek(csv) != csv->delimiter)
		return refuse(csv, e, "CSV-QUOTE", "text behind a closing quote");
	return quotes_undo(a, (struct str){ csv->text.p + from, csv->at - from - 1 }, &field->text,
			   e) &&
	       field_fits(csv, field->text.n, e);
}

static bool fields_read(struct csv *csv, struct arena *a, struct csv_row *row, struct err *e)
{
	for (;;) {
		struct csv_field *field = &row->fields[row->count];

		if (row->count == CSV_COLUMNS_MAX)
			return refuse(csv, e, "CSV-TOO-LONG", "more than 256 columns");
		*field = (struct csv_field){ .line = csv->line, .column = csv->column };
		if (!(peek(csv) == '"' ? quoted_read(csv, a, field, e) : plain_read(csv, field, e)))
			return false;
		row->count++;
		if (line_ends(csv))
			break;
		step(csv); /* the delimiter */
	}
	line_pass(csv);
	return true;
}

bool csv_next(struct csv *csv, struct arena *a, struct csv_row *row, bool *end, struct err *e)
{
	struct csv_field fields[CSV_COLUMNS_MAX + 1];
	struct csv_row read = { .fields = fields };

	if (csv->line == 0)
		csv->line = csv->column = 1;
	while (peek(csv) >= 0 && line_ends(csv))
		line_pass(csv);
	*end = peek(csv) < 0;
	if (*end)
		return true;
	if (!fields_read(csv, a, &read, e))
		return false;
	row->count = read.count;
	row->fields = arena_array(a, read.count, sizeof *row->fields, e);
	if (row->fields == NULL)
		return false;
	memcpy(row->fields, read.fields, read.count * sizeof *row->fields);
	return true;
}
