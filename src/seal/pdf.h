/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_PDF_H
#define HUFU_SEAL_PDF_H

#include "seal/pdf_value.h"

/*
 * A PDF file as hostile bytes, read far more strictly than a viewer would: only what this program writes itself, byte
 * after byte.  Cross-reference tables (ISO 32000-1 §7.5.4), every revision behind the one before, and in each of them
 * nothing but the objects its table lists: they follow one another without a gap, each once, and behind them table,
 * trailer and end.  So no byte of the file can be read as something other than what it is read as here.
 */
enum {
	PDF_BYTES_MAX = 32 << 20,
	PDF_OBJECTS_MAX = 20000, /* of one revision */
	PDF_REVISIONS_MAX = 8,
	PDF_ARENA_MAX = 256 << 20
};

struct pdf_object {
	uint32_t number;
	size_t begin, end; /* "12 0 obj" to "endobj" */
	struct pdf_value value;
	bool stream;
	struct str data; /* of a stream, as it is encoded */
};

struct pdf_revision {
	size_t begin, xref, end; /* end: behind its %%EOF and the line end there */
	struct pdf_value trailer;
	struct pdf_object *objects; /* by number */
	size_t count;
};

struct pdf {
	struct str bytes;
	struct pdf_revision revisions[PDF_REVISIONS_MAX]; /* the oldest first */
	size_t count;
};

/*
 * Read all of it; `bytes` are lent.  ERR_INPUT:
 *   PDF-FRAME    does not begin with %PDF- or end with %%EOF and at most one line end
 *   PDF-XREF     the chain of tables: hybrid, encrypted, not strictly backward, an entry that is free or no object
 *   PDF-BODY     bytes that belong to no object of their revision, or an object that is not as its table says
 *   PDF-SYNTAX   a value that is none
 *   PDF-TWICE    a dictionary with a key twice
 *   PDF-LIMIT    a bound of this header or of pdf_value.h
 */
bool pdf_open(struct arena *a, struct str bytes, struct pdf *out, struct err *e) MUST_CHECK;

/* The object as revision `r` has it (0 the oldest), or NULL.  *at, when not NULL, is the revision it was written in. */
const struct pdf_object *pdf_object(const struct pdf *p, int64_t number, size_t r, size_t *at);

/* What v refers to in revision r; v itself when it is no reference, NULL when there is none. */
const struct pdf_value *pdf_resolve(const struct pdf *p, const struct pdf_value *v, size_t r);

/* pdf_resolve of a key's value. */
const struct pdf_value *pdf_follow(const struct pdf *p, const struct pdf_value *d, const char *key,
				   size_t r);

/* The catalog of revision r, or NULL. */
const struct pdf_value *pdf_catalog(const struct pdf *p, size_t r);

#endif
