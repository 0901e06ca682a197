/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_BLOCK_H
#define HUFU_ISSUE_BLOCK_H

#include "issue/home.h"
#include "proof/leaf.h"

/*
 * The document block of a batch, position by position: the document there, or padding where none is or one failed
 * (proof.md §3).  Read as often as wanted, it is the same.
 */
struct block;

/* Every document of the batch must be made or failed.  The home must be unlocked: padding is drawn from its secret. */
bool block_open(struct home *h, const struct store_batch *batch, struct block **out,
		struct err *e) MUST_CHECK;
void block_close(struct block *b); /* accepts NULL */

/* The leaf of the next position; *end after the last. */
bool block_next(struct block *b, struct leaf *out, bool *end, struct err *e) MUST_CHECK;

#endif
