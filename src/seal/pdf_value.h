/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_PDF_VALUE_H
#define HUFU_SEAL_PDF_VALUE_H

#include <stdint.h>

#include "base/arena.h"

/*
 * Values of PDF syntax (ISO 32000-1 §7.3) from hostile bytes, stricter than the standard: no comment inside a value, no
 * key twice in a dictionary, no name with a NUL, nothing nested deeper than PDF_DEPTH_MAX.
 */
enum { PDF_DEPTH_MAX = 24, PDF_ITEMS_MAX = 1 << 16, PDF_VALUES_MAX = 1 << 20 };

enum pdf_kind {
	PDF_NULL,
	PDF_BOOLEAN,
	PDF_INTEGER,
	PDF_REAL,
	PDF_NAME,
	PDF_STRING, /* (…) */
	PDF_HEX,    /* <…> */
	PDF_ARRAY,
	PDF_DICTIONARY,
	PDF_REFERENCE
};

struct pdf_value {
	enum pdf_kind kind;
	struct str raw;          /* as it stands in the file, its delimiters too */
	struct str text;         /* names without the slash, strings: the bytes meant */
	int64_t number;          /* integers; booleans 0 and 1; references: the object's number */
	double real;             /* integers and reals */
	struct pdf_value *items; /* arrays; dictionaries: key, value, key, … */
	size_t count;            /* of items */
};

/* Where reading stands. */
struct pdf_cursor {
	struct arena *arena;
	struct str bytes; /* all of them */
	size_t at;
	size_t values; /* read so far; at most PDF_VALUES_MAX */
};

void pdf_blanks(struct pdf_cursor *c); /* white space only; a comment stops it */

/* Is `word` next?  If so, step over it. */
bool pdf_word(struct pdf_cursor *c, const char *word);

/* Digits, 1 to 10 of them, without a sign. */
bool pdf_digits(struct pdf_cursor *c, uint64_t *out);

/* An end of line: CR LF, LF or CR. */
bool pdf_line_end(struct pdf_cursor *c);

/*
 * The next value; blanks before it are stepped over.   ERR_INPUT PDF-SYNTAX, PDF-TWICE (a
 * dictionary's key) or PDF-LIMIT with the offset in the words.
 */
bool pdf_value(struct pdf_cursor *c, struct pdf_value *out, struct err *e) MUST_CHECK;

/* The value of a dictionary's key, NULL when there is none or `d` is NULL or no dictionary. */
const struct pdf_value *pdf_key(const struct pdf_value *d, const char *key);

/* The value of a key when it is of this kind, else NULL. */
const struct pdf_value *pdf_key_kind(const struct pdf_value *d, const char *key,
				     enum pdf_kind kind);

/* Is it the name or string `text`? */
bool pdf_is_name(const struct pdf_value *v, const char *text);

#endif
