/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_NET_SITE_H
#define HUFU_NET_SITE_H

#include "base/buf.h"

/*
 * Where published files come from: a folder, the net, a bundle.  load() appends the bytes of `path` ("/keys.note",
 * "/m/1-0.json"; always one of the names of proof.md §3) to *out, at most `cap`.  It sets *absent and succeeds when the
 * site answers that there is no such file; false is trouble (unreachable, unreadable, too long).
 */
struct site {
	void *self;
	bool (*load)(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
		     struct err *e);
	bool canonical; /* this is the policy's own site, asked in this call */
};

/*
 * True for "/name/name…" of at most 200 bytes [A-Za-z0-9._-]; a name that begins with a dot is neither published nor a
 * way up.
 */
bool site_path_ok(struct str path) MUST_CHECK;

#endif
