/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_STAGING_H
#define HUFU_ISSUE_STAGING_H

#include "store/store.h"

/*
 * The feed of one run, set down in temporary tables of the store's connection, so that any number of records is planned
 * in flat memory and reported in the feed's order.  Gone when the connection closes.
 */

/* One record of the feed, in its order. */
struct staged_record {
	int64_t sequence;                      /* from 1 */
	struct str place;                      /* "records.jsonl:17" */
	struct str member_id, member_no, exam; /* exam: exam_cert_no, p == NULL for none */
	int64_t rev;
	bool active;
	unsigned char hash[HASH_SIZE];
	struct str record; /* canonical JSON */
	struct str note;   /* what was normalised, in words; p == NULL for nothing */
};

/* What became of one record in one document, or of the record as a whole (form.p == NULL). */
struct outcome {
	int64_t sequence;
	struct str form, lang;             /* p == NULL: the record as a whole */
	const char *word;                  /* issued, unchanged, superseded, none, refused */
	const unsigned char *docid;        /* DOCID_SIZE bytes or NULL */
	struct str code, pointer, message; /* for refused */
};

bool staging_open(struct store *s, struct err *e) MUST_CHECK;
bool staging_add(struct store *s, const struct staged_record *r, struct err *e) MUST_CHECK;

/* A refused record: only its place, the id it claims (may be empty) and its outcome are kept. */
bool staging_fault(struct store *s, int64_t sequence, struct str place, struct str member_id,
		   const struct err *fault, struct str message, struct err *e) MUST_CHECK;

bool staging_outcome(struct store *s, const struct outcome *o, struct err *e) MUST_CHECK;

/*
 * The next record after `sequence` that has no outcome yet; strings live in the arena.  *end when there is none.
 */
bool staging_next(struct store *s, struct arena *a, int64_t sequence, struct staged_record *out,
		  bool *end, struct err *e) MUST_CHECK;

/*
 * Judge the feed against itself and against the store before anything is planned; each finding is an outcome:
 *   same member, same rev, other content (also against the store) → refused CONFLICT, every one of them
 *   a rev lower than another of the feed or than the store's    → refused STALE-REV
 *   same member, same rev, same content again                   → unchanged, all but the first
 *   two active members with one number (also in the store)      → refused DUPLICATE-NUMBER, every one of the feed
 *   two active members with one exam certificate                → refused DUPLICATE-PERSON, both
 */
bool staging_judge(struct store *s, struct err *e) MUST_CHECK;

/* A line of the report: an outcome with its place and member. */
struct staged_line {
	struct str place, member_id;
	struct str form, lang, word, code, pointer, message, note;
	unsigned char docid[DOCID_SIZE];
	bool has_docid;
	int64_t sequence; /* of the record */
	struct str facts; /* of the document, canonical JSON; p == NULL without one */
	bool fell_back;
};

/* Lines in the feed's order, each record's in order of their adding; a planned document that failed reads refused. */
bool staging_lines(struct store *s, struct sql_rows **rows, struct err *e) MUST_CHECK;
bool staging_line(struct sql_rows *rows, struct staged_line *out, bool *end,
		  struct err *e) MUST_CHECK;

#endif
