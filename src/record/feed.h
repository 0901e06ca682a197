/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_FEED_H
#define HUFU_RECORD_FEED_H

#include "record/member.h"

/*
 * The records of RECORDS arguments, one at a time in flat memory: a JSON Lines file, a file that holds one JSON array
 * (at most 64 MiB), a folder of *.json files with a record each (byte order of names), "-" for standard input.  A
 * *.json file may also hold a single record on many lines.
 */
struct feed;

enum { FEED_RECORD_MAX = 256 * 1024 }; /* bytes of one record */

/*
 * One record.  What is wrong with it never stops the feed: a line that is cut off, over-long, not UTF-8, begins with a
 * BOM, a broken array element.
 */
struct feed_item {
	struct str place; /* "records.jsonl:17", the file as given; "stdin:17" */
	struct str
		folder; /* photo paths are relative to it; "" for stdin, "." for a bare file name */
	struct str raw; /* the record's bytes; empty when the line was over-long */
	struct str member_id;        /* well-formed id, also of a refused record; else empty */
	const struct member *member; /* NULL: refused */
	struct faults faults;        /* why, each with its place; at least one when refused */
};

/* `paths` and *rules are lent till feed_close.  Opens nothing yet. */
bool feed_open(struct feed **out, const char *const *paths, size_t count,
	       const struct member_rules *rules, struct err *e) MUST_CHECK;

/*
 * The next record, in the arena; *end = true (and no item) after the last.  False only for trouble with a whole file: it
 * cannot be opened or read (ERR_SYSTEM), or is no JSON Lines and over 64 MiB (ERR_INPUT, TOO-LARGE).  One thread at a
 * time (cJSON).
 */
bool feed_next(struct feed *f, struct arena *a, struct feed_item *item, bool *end,
	       struct err *e) MUST_CHECK;

void feed_close(struct feed *f); /* accepts NULL */

#endif
