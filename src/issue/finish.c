/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/finish.h"

#include "base/enc.h"
#include "issue/edition.h"
#include "issue/make.h"
#include "issue/release.h"
#include "store/letter.h"

bool finish_note(const struct finish_order *o, const char *event, const struct store_batch *b,
		 struct err *e)
{
	struct buf manifest = buf_empty(2 * HASH_SIZE);
	struct journal_field fields[] = { { "batch", { NULL, 0 }, b->id },
					  { "documents", { NULL, 0 }, b->slots },
					  { "manifest", { NULL, 0 }, 0 } };
	size_t count = b->state >= BATCH_SIGNED ? 3 : 2;
	bool ok;

	enc_hex(&manifest, b->manifest, HASH_SIZE);
	fields[2].text = buf_view(&manifest);
	ok = buf_ok(&manifest, "a journal line", e) &&
	     journal_add(o->home->journal, env_now(o->env), event, fields, count, e);
	buf_free(&manifest);
	return ok;
}

static bool step(const struct finish_order *o, struct store_batch *b, enum batch_state state,
		 const char *event, struct err *e)
{
	if (!store_batch_move(o->home->store, b->id, state, b->manifest, e))
		return false;
	b->state = state;
	return finish_note(o, event, b, e);
}

/* Where its documents go once its checkpoint is out, kept for whoever brings the last cosignature. */
static bool out_keep(const struct finish_order *o, struct err *e)
{
	return store_note_put(o->home->store, STR("out"), str_of(o->out != NULL ? o->out : ""), e);
}

/* Into the log, unless an edition that was left open brought it there. */
static bool log_bring(const struct finish_order *o, struct store_batch *b, bool *waiting,
		      struct err *e)
{
	const struct edition_order order = { .home = o->home, .env = o->env, .batch = b };
	struct store_edition edition;
	bool found;

	if (!edition_make(&order, &edition, e) ||
	    !store_batch_lookup(o->home->store, b->id, b, &found, e))
		return false;
	*waiting = edition.state != EDITION_DONE;
	return found && b->state == BATCH_SIGNED
		       ? finish_note(o, "batch.signed", b, e)
		       : err_system(e, "the store has lost batch %lld", (long long)b->id);
}

bool finish_batch(const struct finish_order *o, struct store_batch *b, bool *waiting, struct err *e)
{
	const struct make_order make = { .home = o->home,
					 .forms = o->forms,
					 .batch = b,
					 .jobs = o->jobs,
					 .sealing = o->sealing,
					 .progress = o->progress,
					 .progress_self = o->progress_self };

	*waiting = false;
	if (!out_keep(o, e))
		return false;
	if (b->state == BATCH_PLANNED &&
	    (!make_documents(&make, e) || !store_letters_reopen(o->home->store, b->id, e) ||
	     !step(o, b, BATCH_MADE, "batch.made", e)))
		return false;
	if (b->state == BATCH_MADE && !log_bring(o, b, waiting, e))
		return false;
	if (*waiting)
		return true;
	if (o->out != NULL && !release_documents(o->home, b->id, o->out, e))
		return false;
	return step(o, b, BATCH_DONE, "batch.released", e);
}
