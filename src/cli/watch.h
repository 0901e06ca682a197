/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_WATCH_H
#define HUFU_CLI_WATCH_H

#include "base/arena.h"
#include "base/hash.h"

/*
 * Files and folders looked at five times a second: names, sizes, times of change.  Editors replace a file, write it twice
 * or make it anew; a file that is not there for a moment is no failure, only a change.
 */
enum { WATCH_PATHS = 4, WATCH_ENTRIES = 256 };

struct watch {
	const char *paths[WATCH_PATHS]; /* a folder stands for the files directly in it */
	size_t count;
	struct arena *arena; /* this and what follows: the watch's own */
	struct sha256 *hash;
	unsigned char seen[SHA256_SIZE];
};

/* From here on SIGINT, SIGTERM and SIGHUP wait until watch_wait takes them. */
bool watch_begin(struct watch *w, struct err *e) MUST_CHECK;

/* True when something changed since the last call and has then stood still for a while; false when a signal asks to end. */
bool watch_wait(struct watch *w);

void watch_end(struct watch *w); /* also after watch_begin failed */

#endif
