/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_FETCH_H
#define HUFU_PROOF_FETCH_H

#include "net/site.h"

/* One site's files as a verifier asks for them, and what last went wrong with one.  Trouble of a site is no error. */
struct fetch {
	const struct site *site; /* NULL: nothing can be had */
	struct buf file;
	bool troubled;
	struct err trouble;
};

enum fetched { FETCHED, FETCHED_ABSENT, FETCHED_TROUBLE };

/* `site` is lent till fetch_close. */
void fetch_open(struct fetch *f, const struct site *site);
void fetch_close(struct fetch *f);

/* The bytes of a file of at most `cap` (below 4 MiB), lent till the next call.  Trouble, but not absence, is noted. */
enum fetched fetch_file(struct fetch *f, const char *path, size_t cap, struct str *bytes);

/* Note what is wrong with a file; fetch_absent: that it is not there. */
void fetch_fault(struct fetch *f, const char *path, const struct err *why);
void fetch_absent(struct fetch *f, const char *path);

#endif
