/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_FINISH_H
#define HUFU_ISSUE_FINISH_H

#include "base/env.h"
#include "issue/forms.h"
#include "issue/sealing.h"

/* A planned batch brought to its end: made, on the log, under a checkpoint, its files released. */
struct finish_order {
	struct home *home; /* HOME_WRITE, unlocked */
	const struct env *env;
	const struct forms *forms; /* all that the batch was planned with */
	const char *out;           /* documents are copied there; NULL: they stay in the home */
	int jobs;
	struct sealing *sealing;                                 /* NULL: the home does not seal */
	void (*progress)(void *self, size_t done, size_t total); /* may be NULL */
	void *progress_self;
};

/*
 * From wherever the batch stands to its end, or to where its checkpoint waits for witnesses (*waiting; publish releases
 * it then).  Each step is durable before the next begins and leaves its line in the journal.
 */
bool finish_batch(const struct finish_order *o, struct store_batch *b, bool *waiting,
		  struct err *e) MUST_CHECK;

/* The journal's line of a step: batch, documents, and from BATCH_SIGNED on the manifest's hash. */
bool finish_note(const struct finish_order *o, const char *event, const struct store_batch *b,
		 struct err *e) MUST_CHECK;

#endif
