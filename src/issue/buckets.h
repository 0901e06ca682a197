/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_BUCKETS_H
#define HUFU_ISSUE_BUCKETS_H

#include "issue/home.h"

/*
 * Bring HOME/site/d (proof.md §1, lookup.h) up to the store: buckets that hold a document of `batch`, or all of them when
 * their number changes or `batch` is 0.  Files are whole or not there, and durable on return.
 */
bool buckets_update(struct home *h, int64_t batch, struct err *e) MUST_CHECK;

/* The same for buckets that held documents with these lookup digests; inside a transaction, of what it sees. */
bool buckets_without(struct home *h, unsigned char (*digests)[HASH_SIZE], size_t count,
		     struct err *e) MUST_CHECK;

#endif
