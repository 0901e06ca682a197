/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_PUBLISH_H
#define HUFU_ISSUE_PUBLISH_H

#include "base/env.h"
#include "issue/home.h"

/*
 * Bring a static site up to what HOME/site holds (proof.md §3): manifests first, then the key list, then the policy; each
 * file whole or not there, none taken away.  A manifest that is there with other bytes stops it.  *files: how many were
 * written.
 */
bool publish_site(struct home *h, const struct env *env, const char *to, size_t *files,
		  struct err *e) MUST_CHECK;

#endif
