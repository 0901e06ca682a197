/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_TARGETS_H
#define HUFU_CLI_TARGETS_H

#include "cli/cli.h"

/*
 * What a verifier is to look at, one after the other and never all at once: words of the command line, then the lines of a
 * list.  A word or line that names a folder stands for the PDF, PNG and JPEG files in it, by name, not for those in folders
 * below.
 */
enum { TARGETS_NAME_MAX = 4096, TARGETS_FOLDER_MAX = 1000000 };

struct targets_from {
	const char *const *words;
	size_t count;
	const char *list; /* a file of targets, "-" for standard input; NULL: none */
	bool nul; /* its lines end in NUL bytes, else in \n or \r\n; empty ones are passed over */
};

struct targets;
bool targets_open(struct cli *cli, const struct targets_from *from, struct targets **out,
		  struct err *e) MUST_CHECK;
void targets_close(struct targets *t); /* accepts NULL */

struct targets_item {
	struct str name; /* NUL-terminated, lent till the next call */
	bool bad;        /* nothing can be read of it: *why; the name may be cut */
	struct err why;
};

/* The next target; *end when there is none.  False when the list itself cannot be read. */
bool targets_next(struct targets *t, struct targets_item *out, bool *end, struct err *e) MUST_CHECK;

#endif
