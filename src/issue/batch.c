/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/batch.h"

#include "base/civil.h"
#include "base/io.h"
#include "issue/edition.h"
#include "issue/finish.h"
#include "issue/html.h"
#include "issue/intent.h"
#include "issue/plan.h"
#include "issue/sweep.h"
#include "store/move.h"

enum { ASSOCIATIONS_MAX = 4 * 1024 * 1024 };

struct batch_runner {
	const struct batch_order *order;
	struct home *home;
	struct associations associations;
	struct sealing *sealing; /* NULL: the home does not seal */
	int64_t resumed_edition; /* finished by this run, begun by an earlier one; 0: none */
	bool waiting;            /* for witnesses */
};

static bool associations_load(struct batch_runner *r, struct err *e)
{
	struct buf bytes = buf_empty(ASSOCIATIONS_MAX);
	struct str text;
	bool ok = io_read_in(r->home->dir, "associations.json", &bytes, e) &&
		  arena_str(r->home->arena, buf_view(&bytes), &text, e);

	buf_free(&bytes);
	if (ok && !associations_read(r->home->arena, text, &r->associations, e))
		return home_broken(r->home, "associations.json", e);
	return ok;
}

/* When the documents say they were issued: frozen in the plan. */
static bool as_of_read(const struct batch_order *o, int64_t *out, struct err *e)
{
	if (o->as_of.n > 0)
		return config_as_of(&o->home->config, o->as_of, out, e);
	*out = env_now(o->env);
	return true;
}

static void make_progress(void *self, size_t done, size_t total)
{
	const struct batch_order *o = self;

	if (o->progress != NULL)
		o->progress(o->progress_self, PHASE_MAKE, done, total);
}

static void read_progress(void *self, size_t done)
{
	const struct batch_order *o = self;

	if (o->progress != NULL)
		o->progress(o->progress_self, PHASE_READ, done, 0);
}

static struct finish_order finish_order_of(const struct batch_runner *r)
{
	const struct batch_order *o = r->order;

	return (struct finish_order){ .home = r->home,
				      .env = o->env,
				      .forms = o->forms,
				      .out = o->out,
				      .jobs = o->jobs,
				      .sealing = r->sealing,
				      .progress = make_progress,
				      /* Handed back to make_progress, which only reads it. */
				      .progress_self = (void *)(uintptr_t)o };
}

/* An edition that was left open comes first: nothing else may enter the log before it. */
static bool edition_first(struct batch_runner *r, struct store_edition *edition, bool *found,
			  struct err *e)
{
	if (!store_edition_open(r->home->store, edition, found, e) || !*found)
		return !*found;
	if (r->order->dry_run)
		return err_system(
			e,
			"an edition of the site was interrupted; run hufu issue without --dry-run "
			"or hufu publish to finish it first");
	if (!edition_resume(r->home, r->order->env, edition, found, e))
		return false;
	return edition->state == EDITION_DONE ||
	       err_system(e, "the site's next checkpoint waits for its witnesses; bring their "
			     "cosignatures with hufu publish --cosig");
}

/* What the interrupted run was writing. */
static bool left_sweep(struct batch_runner *r, struct err *e)
{
	return sweep_folder(r->home->dir, e);
}

static bool batch_resume(struct batch_runner *r, struct batch_result *out, struct err *e)
{
	struct store_edition edition = { 0 };
	struct finish_order finish;
	struct store_batch open;
	bool found;

	if (!edition_first(r, &edition, &found, e))
		return false;
	r->resumed_edition = edition.id;
	if (found && !left_sweep(r, e))
		return false;
	if (!store_batch_open(r->home->store, &open, &found, e))
		return false;
	if (!found)
		return true;
	if (r->order->dry_run)
		return err_system(
			e,
			"batch %lld was interrupted; run hufu issue without --dry-run to finish it first",
			(long long)open.id);
	out->resumed = open.id;
	finish = finish_order_of(r);
	if (!finish_note(&finish, "batch.resumed", &open, e) || !left_sweep(r, e) ||
	    !finish_batch(&finish, &open, &r->waiting, e))
		return false;
	if (!store_edition_last(r->home->store, &edition, &found, e))
		return false;
	r->resumed_edition = edition.id;
	return true;
}

/* Endings that no new document brought along. */
static bool endings_log(struct batch_runner *r, struct err *e)
{
	const struct edition_order order = { .home = r->home, .env = r->order->env };
	struct store_edition edition;
	int64_t waiting;

	if (!store_moves_waiting(r->home->store, &waiting, e))
		return false;
	if (waiting == 0)
		return true;
	if (!edition_make(&order, &edition, e))
		return false;
	r->waiting = edition.state != EDITION_DONE;
	return true;
}

static bool batch_plan(struct batch_runner *r, struct batch_result *out, struct err *e)
{
	const struct batch_order *o = r->order;
	struct plan_order plan = { .home = r->home,
				   .forms = o->forms,
				   .associations = &r->associations,
				   .records = o->records,
				   .record_count = o->record_count,
				   .languages = o->languages,
				   .language_count = o->language_count,
				   .photos = o->photos,
				   .photos_keep = !o->dry_run,
				   .resumed_batch = out->resumed,
				   .resumed_edition = r->resumed_edition,
				   .progress = read_progress,
				   .progress_self = (void *)(uintptr_t)o };
	struct plan_result planned;

	if (!as_of_read(o, &plan.as_of, e) || !intent_allowed(r->home, plan.as_of, e) ||
	    !store_begin(r->home->store, e))
		return false;
	if (!plan_make(&plan, &planned, e) || (!o->dry_run && !store_commit(r->home->store, e))) {
		store_rollback(r->home->store);
		return false;
	}
	out->as_of = plan.as_of;
	out->records = planned.records;
	out->batch = planned.batch;
	return true;
}

static bool batch_report(struct batch_runner *r, struct batch_result *out, struct err *e)
{
	const struct batch_order *o = r->order;
	const char *dir = o->dry_run ? NULL : o->out;
	const struct html_run run = { .records = out->records,
				      .counts = &out->counts,
				      .as_of = out->as_of,
				      .batch = out->batch,
				      .resumed = out->resumed,
				      .thumbnails = o->thumbnails };

	return report_write(r->home, dir, &out->counts, e) &&
	       (dir == NULL || html_write(r->home, &run, dir, e)) &&
	       (o->refusal == NULL || report_refusals(r->home, o->refusal_self, o->refusal, e));
}

static bool batch_do(struct batch_runner *r, struct batch_result *out, struct err *e)
{
	const struct batch_order *order = r->order;
	struct finish_order finish;
	struct store_batch batch;
	bool found;

	if (!batch_resume(r, out, e) || !batch_plan(r, out, e))
		return false;
	if (order->dry_run) {
		bool ok = batch_report(r, out, e);

		store_rollback(r->home->store);
		return ok;
	}
	if (out->batch != 0) {
		if (!store_batch_lookup(r->home->store, out->batch, &batch, &found, e))
			return false;
		if (!found)
			return err_system(e, "the store has lost batch %lld",
					  (long long)out->batch);
		finish = finish_order_of(r);
		if (!finish_note(&finish, "batch.planned", &batch, e) ||
		    !finish_batch(&finish, &batch, &r->waiting, e))
			return false;
	}
	if (!r->waiting && !endings_log(r, e))
		return false;
	out->waiting = r->waiting;
	return batch_report(r, out, e);
}

bool batch_run(const struct batch_order *order, struct batch_result *out, struct err *e)
{
	struct batch_runner r = { .order = order, .home = order->home };
	bool ok;

	*out = (struct batch_result){ 0 };
	if (!order->dry_run && order->out != NULL && !sweep_files(order->out, e))
		return false;
	ok = associations_load(&r, e) &&
	     (order->dry_run ||
	      sealing_open(r.home, &r.associations, order->env, order->degrade, &r.sealing, e)) &&
	     batch_do(&r, out, e);
	sealing_free(r.sealing);
	return ok;
}
