/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_KEYLIST_INNER_H
#define HUFU_PROOF_KEYLIST_INNER_H

#include "proof/keylist.h"

/* What the parts of keylist share. */
enum { KEYLIST_BODY_MAX = 512 * 1024 };

#define KEYLIST_SCHEMA "hufu.keys/1"

/* Fails with KEYLIST-FORM. */
bool keylist_bad(const char *why, struct err *e);

/* Every rule of the form but the signatures. */
bool keylist_check(const struct keylist *list, const struct policy *policy,
		   struct err *e) MUST_CHECK;

/* One line of canonical JSON, unchecked. */
void keylist_put(struct buf *out, const struct keylist *list, const struct policy *policy);

/* The origin of the log that goes on. */
struct str keylist_origin(const struct keylist *list, const struct policy *policy) MUST_CHECK;

#endif
