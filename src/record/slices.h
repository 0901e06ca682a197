/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_SLICES_H
#define HUFU_RECORD_SLICES_H

#include "base/err.h"
#include "base/str.h"

/*
 * The elements of a JSON array, cut out of its text without decoding them, so that each can be read, refused and named
 * by itself.  Brackets and quotes are all it looks at; json_read is strict about the rest.
 */
struct slices {
	struct str text;
	size_t at;   /* next byte */
	size_t line; /* of text.p[at], from 1 */
	bool begun, done;
};

/* White space, then '['?  A BOM before it is passed over. */
bool slices_is_array(struct str text);

struct slices slices_of(struct str text);

/*
 * The next element and the line it begins on; *end after the last.  False when the array is not one (ERR_INPUT, code
 * JSON-…): nothing more can be had from it.  *line is set in every case.
 */
bool slices_next(struct slices *s, struct str *element, size_t *line, bool *end,
		 struct err *e) MUST_CHECK;

/* The end of the value that begins at text.p[at]: behind its last byte, text.n when it is cut off. */
size_t slices_value_end(struct str text, size_t at);

#endif
