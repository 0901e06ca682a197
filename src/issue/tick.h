/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_TICK_H
#define HUFU_ISSUE_TICK_H

#include "issue/office.h"

/* A tick: approved letters go out together, as one block of the log (proof.md §3). */
struct tick_order {
	struct office *office;  /* its home is unlocked */
	const int64_t *numbers; /* these applications; none: all that are approved */
	size_t number_count;
	int64_t as_of; /* Unix seconds: the instant the letters speak of, and their day of issue */
	bool at_once;  /* do not wait for the next tick of the office's hours */
	const char *out;
	bool degrade; /* no time stamp to be had: a seal without one, rather than none */
};

enum { TICK_LETTERS_MAX = 256 /* of one tick; the others go with the next */ };

enum tick_outcome { TICK_ISSUED, TICK_REFUSED, TICK_WAITS };

/* What became of one application, or of one document of it. */
struct tick_line {
	int64_t number;
	enum tick_outcome outcome;
	struct store_document document; /* TICK_ISSUED */
	struct err why;                 /* TICK_REFUSED */
	const struct request *request;
};

struct tick_result {
	struct tick_line *lines; /* in the home's arena */
	size_t count, issued, refused, waits;
	int64_t batch;   /* 0: nothing was made */
	int64_t resumed; /* finished by this call, begun by an earlier one; 0: none */
	int64_t next;    /* the tick those that wait go with; Unix seconds */
	bool unwitnessed; /* the checkpoint waits for witnesses: publish --cosig releases the files */
	bool busy;        /* a run of hufu issue is unfinished: nothing was done */
};

/*
 * Issue what is due: judge each case once more, plan, make, bring to the log, release to `out`.  Steps are those of a
 * batch; a call after any interruption ends in the same files and the same log.  Refusals are lines, not failures.
 */
bool tick_run(const struct tick_order *order, struct tick_result *out, struct err *e) MUST_CHECK;

#endif
