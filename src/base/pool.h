/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_POOL_H
#define HUFU_BASE_POOL_H

#include "base/attr.h"
#include "base/err.h"

/*
 * Ordered work: one feeder fills jobs, `workers` threads do them in any order, one collector takes the results in the
 * order of feeding.  Feeder and collector run on the calling thread, so that only `work` must be thread-safe.
 * With workers == 1 everything runs on the calling thread, in the same order and with the same results.
 */
struct pool_plan {
	void *ctx;
	size_t job_size; /* bytes of one job; zeroed once, reused for later jobs */
	int workers;     /* 1 to POOL_WORKERS_MAX */
	/* Fill the next job; *end = true when there is none.  False stops everything. */
	bool (*feed)(void *ctx, void *job, bool *end, struct err *e);
	/* Do one job on worker 0 … workers-1.  Failure of the job itself belongs in the job; false stops everything. */
	bool (*work)(void *ctx, int worker, void *job, struct err *e);
	/* Take one finished job, in feeding order.  False stops everything. */
	bool (*collect)(void *ctx, void *job, struct err *e);
	/* Give back what a job slot owns; called once per slot at the end.  May be NULL. */
	void (*release)(void *ctx, void *job);
};

enum { POOL_WORKERS_MAX = 64, POOL_AHEAD = 32 }; /* jobs in flight per worker */

/* Run the plan to its end.  False with the first failure in *e; all threads are joined either way. */
bool pool_run(const struct pool_plan *plan, struct err *e) MUST_CHECK;

#endif
