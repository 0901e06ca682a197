/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_TALLY_H
#define HUFU_ISSUE_TALLY_H

#include "issue/staging.h"

/* What became of the records and documents of a run, counted from the lines of its report in their order. */

/* A record counts once: as refused when any line of it is, else as issued, else as unchanged, else as none. */
enum tally_record { TALLY_ISSUED, TALLY_UNCHANGED, TALLY_NONE, TALLY_REFUSED, TALLY_RECORDS };

/* Why a document is worth looking at. */
enum tally_reason { TALLY_FIRST, TALLY_LONGEST, TALLY_FELL_BACK };

enum { TALLY_CODES = 64, TALLY_FORMS = 64, TALLY_PICKS = 12, TALLY_FIRSTS = 8 };

struct tally_code {
	char code[40];
	size_t lines;
};

/* Documents issued of one template and language. */
struct tally_form {
	struct str form, lang;
	size_t issued;
};

struct tally_pick {
	enum tally_reason why;
	unsigned char docid[DOCID_SIZE];
};

struct tally {
	struct arena *arena;
	size_t records[TALLY_RECORDS];
	struct tally_code codes[TALLY_CODES]; /* refusals, in order of first sight */
	size_t code_count;
	size_t other_codes; /* lines whose code found no room */
	struct tally_form forms[TALLY_FORMS];
	size_t form_count;
	struct tally_pick picks[TALLY_PICKS]; /* the first of each form, then faces fallen back */
	size_t pick_count;
	struct tally_pick longest; /* the document whose facts are longest */
	size_t longest_size;       /* 0: none */
	size_t fell_back;
	int64_t sequence; /* of the record being counted; 0: none */
	bool seen[TALLY_RECORDS];
};

/* Count the next line; strings of it are copied into t->arena where they are kept. */
bool tally_line(struct tally *t, const struct staged_line *line, struct err *e) MUST_CHECK;

/* After the last line: the last record is counted, and the longest document is among the picks. */
void tally_end(struct tally *t);

#endif
