/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_WEBPAGE_H
#define HUFU_ISSUE_WEBPAGE_H

#include "base/hash.h"
#include "issue/home.h"

/*
 * The verifier page in HOME/site (index.html, sw.js, page/…), as `make web` builds it.  page/build.json (hufu.page/1) names
 * every file with its SHA-256; its own hash is the build's, and enters the log (proof.md §3, 05 sub-kind 3).
 */

/* Lay a build into the site: checked first, page/build.json last.  ERR_INPUT WEBPAGE-FORM, WEBPAGE-FILE. */
bool webpage_install(struct home *h, const char *build_dir, struct err *e) MUST_CHECK;

/* The build of the site; *found is false when it has no page. */
bool webpage_hash(struct home *h, unsigned char out[SHA256_SIZE], bool *found,
		  struct err *e) MUST_CHECK;

/* Are all files of the build in `dir` those that page/build.json names?  ERR_INPUT with the file as its place. */
bool webpage_check(struct arena *a, const char *dir, struct err *e) MUST_CHECK;

#endif
