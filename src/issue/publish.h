/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_PUBLISH_H
#define HUFU_ISSUE_PUBLISH_H

#include "base/env.h"
#include "issue/home.h"

struct publish_order {
	struct home *home; /* HOME_WRITE; unlocked by publish_site when something must be signed */
	const struct env *env;
	const char *to;     /* folder of the static site; NULL: none */
	const char *bundle; /* file of the offline bundle; NULL: none */
	const char *page; /* folder of a build of the verifier page, to be the site's; NULL: none */
	const char *cosig; /* cosignature lines of a witness; NULL: none */
	bool refresh;      /* sign every status shard anew */
	int passphrase_fd; /* as for home_unlock */
};

struct publish_result {
	size_t files;    /* written to the site */
	int64_t edition; /* made or finished by this call; 0: none was due */
	bool waiting; /* its checkpoint waits for more witnesses: the site shows the one before */
	int64_t released; /* batch whose documents this call released; 0: none */
};

/*
 * Finish what was left open, take what waits (moves, key list, ageing status) into a new edition (edition.h), and bring
 * site and bundle up to HOME/site (mirror.h).  A batch that was interrupted is finished by hufu issue; one that nobody
 * finished for 30 minutes is closed here: what was not made becomes padding, and the next run makes it.
 */
bool publish_site(const struct publish_order *order, struct publish_result *out,
		  struct err *e) MUST_CHECK;

#endif
