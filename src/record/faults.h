/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_FAULTS_H
#define HUFU_RECORD_FAULTS_H

#include "base/arena.h"

/* One thing wrong with a record; err.pointer says where in it. */
struct fault {
	struct err err;
	struct fault *next;
};

/* All that is wrong with one record, in the order found.  Starts as { 0 }; lives in the arena of the first fault. */
struct faults {
	struct fault *first, *last;
	size_t count; /* may pass FAULTS_MAX: the rest is counted, not kept */
};

enum { FAULTS_MAX = 64 };

/* Append a copy of *fault.  False (ERR_SYSTEM in *e) only when memory ran out. */
bool faults_add(struct arena *a, struct faults *f, const struct err *fault,
		struct err *e) MUST_CHECK;

/* Something changed or odd in a record that is accepted all the same. */
struct remark {
	const char *code;   /* MIDDLE-DOT, ASSOCIATION-NAME; docs/REFUSALS.md, "Notes" */
	struct str pointer; /* RFC 6901 */
	struct str words;
	struct remark *next;
};

struct remarks {
	struct remark *first, *last;
	size_t count;
};

bool remarks_add(struct arena *a, struct remarks *n, const struct remark *note,
		 struct err *e) MUST_CHECK;

#endif
