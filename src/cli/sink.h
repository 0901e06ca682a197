/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_SINK_H
#define HUFU_CLI_SINK_H

#include "cli/cli.h"

/*
 * A file a command writes for its user (-o FILE), whole or not at all: a temporary file beside it takes its place when
 * sink_commit has made it durable.  Only its owner may read it, for it holds members' data.  "-" is cli->out; a device
 * or a pipe is written directly.
 */
struct sink {
	FILE *file;            /* write here */
	const char *path;      /* as the user named it; lent */
	const char *temporary; /* NULL: written directly */
	const char *folder;
	bool lent; /* cli->out */
};

bool sink_open(struct cli *cli, const char *path, struct sink *out, struct err *e) MUST_CHECK;

/* False, with nothing left behind, when any of it could not be written. */
bool sink_commit(struct sink *s, struct err *e) MUST_CHECK;

void sink_discard(struct sink *s); /* after a commit, and on { 0 }, nothing */

#endif
