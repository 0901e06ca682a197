/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_STORE_JOURNAL_H
#define HUFU_STORE_JOURNAL_H

#include <stdint.h>

#include "base/arena.h"

/*
 * HOME/journal: what the home did, one canonical JSON object a line, each with the SHA-256 of the line before it
 * ("prev"), so that no line can be changed or taken out unnoticed.  Ids, counts and hashes only: no names.
 */
struct journal;

/* Open for appending, creating it 0600.  A last line without its end (a crash) is cut off first. */
bool journal_open(const char *path, struct journal **out, struct err *e) MUST_CHECK;
void journal_close(struct journal *j); /* accepts NULL */

struct journal_field {
	const char *key; /* [a-z_]+, sorted by the caller's order of mention; written sorted */
	struct str text; /* used when text.p is not NULL, else number */
	int64_t number;
};

/* Append {"at":…,"event":…,fields…,"prev":…} and make it last (fdatasync). */
bool journal_add(struct journal *j, int64_t at_unix, const char *event,
		 const struct journal_field *fields, size_t count, struct err *e) MUST_CHECK;

/* SHA-256 of the last line: what the next one will name, and what enters the log. */
void journal_head(const struct journal *j, unsigned char out[32]);

/* Check the chain of a journal's bytes; false with the first broken line's number in *e. */
bool journal_check(struct str bytes, size_t *lines, struct err *e) MUST_CHECK;

#endif
