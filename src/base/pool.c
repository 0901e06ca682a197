/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"

#include <pthread.h>
#include <stdlib.h>

enum slot_state { FREE, FED, DOING, DONE };

/*
 * A ring of job slots.  `fed` counts jobs given out by the feeder, `taken` those a worker has begun, `collected` those
 * handed to the collector; collected ≤ taken ≤ fed ≤ collected + slots.
 */
struct ring {
	const struct pool_plan *plan;
	pthread_mutex_t lock;
	pthread_cond_t wake_worker, wake_caller;
	char *jobs;
	enum slot_state *state;
	size_t slots, fed, taken, collected;
	bool closed, stopped;
	struct err failure;
};

struct worker {
	struct ring *ring;
	int number;
	pthread_t thread;
};

static void *ring_job(const struct ring *r, size_t sequence)
{
	return r->jobs + sequence % r->slots * r->plan->job_size;
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	struct ring *r = w->ring;

	pthread_mutex_lock(&r->lock);
	for (;;) {
		size_t mine;
		struct err e;
		bool ok;

		while (!r->stopped && r->taken == r->fed && !r->closed)
			pthread_cond_wait(&r->wake_worker, &r->lock);
		if (r->stopped || r->taken == r->fed)
			break;
		mine = r->taken++;
		r->state[mine % r->slots] = DOING;
		pthread_mutex_unlock(&r->lock);
		ok = r->plan->work(r->plan->ctx, w->number, ring_job(r, mine), &e);
		pthread_mutex_lock(&r->lock);
		r->state[mine % r->slots] = DONE;
		if (!ok && !r->stopped) {
			r->stopped = true;
			r->failure = e;
		}
		pthread_cond_signal(&r->wake_caller);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

/* Hand the oldest finished job to the collector; called and left with the lock held. */
static bool ring_collect(struct ring *r, struct err *e)
{
	bool ok;

	pthread_mutex_unlock(&r->lock);
	ok = r->plan->collect(r->plan->ctx, ring_job(r, r->collected), e);
	pthread_mutex_lock(&r->lock);
	r->state[r->collected % r->slots] = FREE;
	r->collected++;
	return ok;
}

static bool ring_feed(struct ring *r, struct err *e)
{
	bool end = false, ok;

	pthread_mutex_unlock(&r->lock);
	ok = r->plan->feed(r->plan->ctx, ring_job(r, r->fed), &end, e);
	pthread_mutex_lock(&r->lock);
	if (!ok)
		return false;
	if (end) {
		r->closed = true;
		pthread_cond_broadcast(&r->wake_worker);
		return true;
	}
	r->state[r->fed % r->slots] = FED;
	r->fed++;
	pthread_cond_signal(&r->wake_worker);
	return true;
}

/* The calling thread's part: feed while there is room, collect in order, wait else. */
static bool ring_drive(struct ring *r, struct err *e)
{
	bool ok = true;

	pthread_mutex_lock(&r->lock);
	while (ok && !r->stopped && !(r->closed && r->collected == r->fed)) {
		if (r->collected < r->fed && r->state[r->collected % r->slots] == DONE)
			ok = ring_collect(r, e);
		else if (!r->closed && r->fed - r->collected < r->slots)
			ok = ring_feed(r, e);
		else
			pthread_cond_wait(&r->wake_caller, &r->lock);
	}
	if (ok && r->stopped) {
		*e = r->failure;
		ok = false;
	}
	r->stopped = true;
	pthread_cond_broadcast(&r->wake_worker);
	pthread_mutex_unlock(&r->lock);
	return ok;
}

static bool ring_threads(struct ring *r, struct err *e)
{
	struct worker workers[POOL_WORKERS_MAX];
	int started = 0;
	bool ok = true;

	for (; started < r->plan->workers && ok; started++) {
		workers[started] = (struct worker){ .ring = r, .number = started };
		if (pthread_create(&workers[started].thread, NULL, worker_main,
				   &workers[started]) != 0) {
			ok = err_system(e, "cannot start worker %d", started + 1);
			break;
		}
	}
	if (ok) {
		ok = ring_drive(r, e);
	} else {
		pthread_mutex_lock(&r->lock);
		r->stopped = true;
		pthread_cond_broadcast(&r->wake_worker);
		pthread_mutex_unlock(&r->lock);
	}
	for (int i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	return ok;
}

static bool run_inline(const struct pool_plan *plan, void *job, struct err *e)
{
	for (;;) {
		bool end = false;

		if (!plan->feed(plan->ctx, job, &end, e))
			return false;
		if (end)
			return true;
		if (!plan->work(plan->ctx, 0, job, e) || !plan->collect(plan->ctx, job, e))
			return false;
	}
}

static void slots_release(const struct pool_plan *plan, char *jobs, size_t slots)
{
	for (size_t i = 0; plan->release != NULL && i < slots; i++)
		plan->release(plan->ctx, jobs + i * plan->job_size);
}

bool pool_run(const struct pool_plan *plan, struct err *e)
{
	size_t slots = plan->workers == 1 ? 1 : (size_t)plan->workers * POOL_AHEAD;
	struct ring r = { .plan = plan, .slots = slots };
	bool ok = false;

	if (plan->workers < 1 || plan->workers > POOL_WORKERS_MAX)
		return err_usage(e, "jobs must be 1 to %d, is %d", POOL_WORKERS_MAX, plan->workers);
	r.jobs = calloc(slots, plan->job_size);
	r.state = calloc(slots, sizeof *r.state);
	if (r.jobs == NULL || r.state == NULL) {
		err_memory(e, "the worker pool");
		goto out;
	}
	if (plan->workers == 1) {
		ok = run_inline(plan, r.jobs, e);
	} else {
		pthread_mutex_init(&r.lock, NULL);
		pthread_cond_init(&r.wake_worker, NULL);
		pthread_cond_init(&r.wake_caller, NULL);
		ok = ring_threads(&r, e);
		pthread_cond_destroy(&r.wake_caller);
		pthread_cond_destroy(&r.wake_worker);
		pthread_mutex_destroy(&r.lock);
	}
	slots_release(plan, r.jobs, slots);
out:
	free(r.jobs);
	free(r.state);
	return ok;
}
