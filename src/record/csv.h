/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_CSV_H
#define HUFU_RECORD_CSV_H

#include "base/arena.h"

enum {
	CSV_FIELD_MAX = 16 * 1024, /* bytes of one field */
	CSV_COLUMNS_MAX = 256,
};

/* One field of a row and where it begins: line and character column, both from 1. */
struct csv_field {
	struct str text; /* quotes undone */
	size_t line, column;
};

struct csv_row {
	struct csv_field *fields;
	size_t count;
};

/* A reader over the rows of a whole text (RFC 4180; LF ends a row too).  Starts as { .text = …, .delimiter = ',' }. */
struct csv {
	struct str text; /* UTF-8 */
	char delimiter;  /* one ASCII character, neither quote nor line end */
	size_t at, line, column;
	size_t fault_line, fault_column; /* where the last refused row broke */
};

/*
 * The next row in the arena; *end after the last.  Empty lines are passed over.  A row that is not RFC 4180 is
 * ERR_INPUT (CSV-QUOTE, CSV-UNCLOSED, CSV-TOO-LONG); fault_line and fault_column say where, and the reader stands behind
 * that line, so that later rows can still be read.
 */
bool csv_next(struct csv *csv, struct arena *a, struct csv_row *row, bool *end,
	      struct err *e) MUST_CHECK;

#endif
