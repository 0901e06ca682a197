/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_MAKE_H
#define HUFU_ISSUE_MAKE_H

#include "issue/forms.h"
#include "issue/sealing.h"

struct make_order {
	struct home *home;
	const struct forms *forms;
	const struct store_batch *batch;
	int jobs;                /* 1 to POOL_WORKERS_MAX */
	struct sealing *sealing; /* NULL: the home does not seal */
	/* Told how many documents of the batch are done; may be NULL. */
	void (*progress)(void *self, size_t done, size_t total);
	void *progress_self;
};

/*
 * Make every planned document of a batch: draw, sign, write to HOME/documents, durable by groups, then mark it made.  A
 * document that cannot be made is marked failed; its slot becomes padding.  Run again after any interruption: what is
 * made stays, the rest is made with the same bytes.  Refuses when fonts or templates are not those of the plan.
 */
bool make_documents(const struct make_order *order, struct err *e) MUST_CHECK;

#endif
