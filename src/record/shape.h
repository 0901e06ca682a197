/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_SHAPE_H
#define HUFU_RECORD_SHAPE_H

#include <stdint.h>

#include "record/faults.h"
#include "json/json.h"

/*
 * A JSON object as a table: one row a key says what may stand there and where it goes in a C struct.  One walk checks
 * everything, gathers all faults, fills the struct and gives the normalised tree.
 */
enum shape_kind {
	SHAPE_CONST,  /* the string words[0]; stored nowhere */
	SHAPE_TEXT,   /* struct str, free words of min to max code points, NFC */
	SHAPE_NATIVE, /* struct str, a name in the person's own script */
	SHAPE_LATIN,  /* struct str, a name in Latin letters */
	SHAPE_TOKEN, /* struct str, min to max ASCII characters of words[0], a class like "A-Z0-9_" */
	SHAPE_PATH,    /* as SHAPE_TOKEN, relative and without a step ".." */
	SHAPE_SHA256,  /* struct str of 64 lower-case hexadecimal digits */
	SHAPE_WORD,    /* int: place in words from 1; 0 is absent */
	SHAPE_DATE,    /* struct civil, a real day; year 0 is absent */
	SHAPE_INSTANT, /* int64_t, Unix seconds of an RFC 3339 date-time */
	SHAPE_INTEGER, /* int64_t, min to max */
	SHAPE_DECIMAL, /* double, min to max, at most two decimals */
	SHAPE_BOOL,    /* int: enum answer */
	SHAPE_OBJECT,  /* const void *, a struct of `shape`, NULL when absent */
	SHAPE_LIST,    /* struct shape_list of at most max structs of `shape` */
	SHAPE_VALUES, /* the same of an array of plain values: each fills the struct as the one row of `shape` says */
};

/* true and false apart from not said. */
enum answer { ANSWER_ABSENT, ANSWER_NO, ANSWER_YES };

/* Where SHAPE_LIST puts its entries: struct … *items with its count behind. */
struct shape_list {
	const void *items;
	size_t count;
};

struct shape_field {
	const char *key;
	enum shape_kind kind;
	bool required;
	bool strict; /* min, max, words come from the house, not from the JSON Schema: codes say so */
	size_t offset;
	int64_t min, max;
	const char *const *words; /* NULL-terminated */
	const struct shape *shape;
};

struct shape {
	const struct shape_field *fields;
	size_t count;
	size_t size; /* of the C struct */
};

/* One reading of one record. */
struct shape_reading {
	struct arena *a;
	struct faults *faults;
	struct faults *text; /* characters that must not be printed; the string is kept as given */
	struct remarks *notes;
};

/*
 * Read `in` into *out (shape->size zeroed bytes) and its normalised twin into *normal, which shares what did not
 * change.  Faults of the data go to r->faults and the walk continues; false means ERR_SYSTEM.
 */
bool shape_read(struct shape_reading *r, const struct shape *shape, const struct json *in,
		void *out, struct json *normal, struct err *e) MUST_CHECK;

/* The row that an RFC 6901 pointer of keys names ("/name/latin/full"), NULL when there is none or a list is crossed. */
const struct shape_field *shape_lookup(const struct shape *shape, struct str pointer);

#endif
