/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_FORGET_H
#define HUFU_ISSUE_FORGET_H

#include "base/env.h"
#include "issue/home.h"

/*
 * Erase a member (proof.md §1): salt, record, files, photo that nobody else uses, and the sealed lookup entries go; what
 * is public of the documents (places and hashes on the log, statuses) stays and means nothing any more.  Live documents
 * end with the next publish.  The journal names every place on the log.  ERR_INPUT, MEMBER-UNKNOWN.
 */
struct forget_result {
	int64_t *idx; /* places on the log, ascending; in the home's arena */
	size_t count;
	int64_t at;
};

bool forget_member(struct home *h, const struct env *env, struct str member_id,
		   struct forget_result *out, struct err *e) MUST_CHECK;

#endif
