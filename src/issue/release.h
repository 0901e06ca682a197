/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_RELEASE_H
#define HUFU_ISSUE_RELEASE_H

#include "issue/home.h"

/*
 * Copy the documents of a signed batch to `out`, each whole and durable; a file that is there with the same bytes stays.
 * Copies, not links: nothing that happens to them reaches the home.
 */
bool release_documents(struct home *h, int64_t batch, const char *out, struct err *e) MUST_CHECK;

#endif
