/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/tick.h"

#include <stdio.h>

#include "issue/edition.h"
#include "issue/finish.h"
#include "issue/intent.h"
#include "issue/sweep.h"

enum { FACTS_JSON_MAX = 256 * 1024, LINES_MAX = 4 * TICK_LETTERS_MAX };

struct ticker {
	const struct tick_order *order;
	struct office *office;
	struct home *home;
	struct tick_result *result;
	struct intent intent;
	struct form_desk *desk;
	int64_t due; /* approvals up to here go out */
	size_t taken;
	struct buf facts;
	struct sealing *sealing;
};

static struct finish_order finish_order_of(const struct ticker *t)
{
	return (struct finish_order){ .home = t->home,
				      .env = t->office->env,
				      .forms = &t->office->forms,
				      .out = t->order->out,
				      .jobs = 1,
				      .sealing = t->sealing };
}

/* ---- what was left open ---- */

/* Was the batch one of letters? */
static bool batch_of_letters(struct ticker *t, int64_t batch, bool *yes, struct err *e)
{
	struct store_letter row;

	return store_letter_in(t->home->store, t->home->arena, batch, 0, &row, yes, e);
}

static bool batch_resume(struct ticker *t, struct err *e)
{
	const struct finish_order finish = finish_order_of(t);
	struct store_batch open;
	bool found, ours;

	if (!store_batch_open(t->home->store, &open, &found, e) || !found)
		return !found;
	if (!batch_of_letters(t, open.id, &ours, e))
		return false;
	t->result->busy = !ours;
	if (!ours)
		return true;
	t->result->resumed = open.id;
	return finish_note(&finish, "batch.resumed", &open, e) && sweep_folder(t->home->dir, e) &&
	       finish_batch(&finish, &open, &t->result->unwitnessed, e);
}

static bool left_open(struct ticker *t, struct err *e)
{
	struct store_edition edition;
	bool found;

	if (!edition_resume(t->home, t->office->env, &edition, &found, e))
		return false;
	if (found && edition.state != EDITION_DONE)
		return err_system(e,
				  "the site's next checkpoint waits for its witnesses; bring their "
				  "cosignatures with hufu publish --cosig");
	return (!found || sweep_folder(t->home->dir, e)) && batch_resume(t, e);
}

/* ---- planning ---- */

static bool line_add(struct ticker *t, int64_t number, enum tick_outcome outcome,
		     const struct err *why, struct tick_line **out, struct err *e)
{
	struct tick_line *line = &t->result->lines[t->result->count];

	if (t->result->count == LINES_MAX)
		return err_system(e, "too many letters for one tick");
	*line = (struct tick_line){ .number = number, .outcome = outcome };
	if (why != NULL)
		line->why = *why;
	t->result->count++;
	t->result->issued += outcome == TICK_ISSUED;
	t->result->refused += outcome == TICK_REFUSED;
	t->result->waits += outcome == TICK_WAITS;
	if (out != NULL)
		*out = line;
	return true;
}

/* A refusal is a line of the result; anything else stops the tick. */
static bool refusal_add(struct ticker *t, int64_t number, struct err *why, struct err *e)
{
	if (why->kind == ERR_INPUT)
		return line_add(t, number, TICK_REFUSED, why, NULL, e);
	*e = *why;
	return false;
}

/* One language of a letter, ready to be planned. */
struct page {
	struct facts facts;
	struct form_notes notes;
	unsigned char content[HASH_SIZE];
};

static bool page_check(struct ticker *t, const struct office_case *c, const struct form *form,
		       const struct standing *s, struct page *out, struct err *e)
{
	const struct form_info *info = form_info(form);
	struct facts all;

	*out = (struct page){ 0 };
	return office_facts(t->office, c, s, &all, e) && office_print(info, &all, &out->facts, e) &&
	       form_check(t->desk, form, &out->facts, &out->notes, e) &&
	       facts_content_hash(&out->facts, info->id, (uint64_t)info->version, out->content, e);
}

static bool grant_put(struct ticker *t, const struct office_case *c,
		      const unsigned char docid[DOCID_SIZE], struct err *e)
{
	struct store_grant g = { .number = c->row.number,
				 .prepared = *c->prepared.act,
				 .approved = *c->approved.act };

	memcpy(g.docid, docid, DOCID_SIZE);
	return store_grant_add(t->home->store, &g, e);
}

static bool page_plan(struct ticker *t, const struct office_case *c, const struct form *form,
		      const struct page *page, struct err *e)
{
	struct intent_document d = { .member_id =
					     c->member != NULL ? c->member->member_id : STR(""),
				     .salt = c->salt,
				     .form = form_info(form),
				     .content = page->content,
				     .fell_back = page->notes.fell_back };
	unsigned char docid[DOCID_SIZE];

	buf_clear(&t->facts);
	facts_canonical(&t->facts, &page->facts, NULL);
	d.facts = buf_view(&t->facts);
	return buf_ok(&t->facts, "the facts of a letter", e) &&
	       intent_add(&t->intent, &d, docid, e) && grant_put(t, c, docid, e);
}

/* An earlier tick made it in this language and failed in the other: it is not made twice. */
static bool made_before(const struct office_case *c, const struct form *form)
{
	const struct form_info *info = form_info(form);

	for (size_t i = 0; i < c->document_count; i++) {
		const struct store_document *d = &c->documents[i];

		if (d->state == DOCUMENT_MADE && d->status == STATUS_VALID &&
		    str_eq(d->form, info->id) && str_eq(d->lang, info->language))
			return true;
	}
	return false;
}

/* All its languages or none. */
static bool letter_plan(struct ticker *t, const struct office_case *c, const struct standing *s,
			struct err *e)
{
	struct store_letter closed = c->row;
	struct page pages[COUNT_OF(c->forms)];
	struct err why;

	for (size_t i = 0; i < c->form_count; i++)
		if (!page_check(t, c, c->forms[i], s, &pages[i], &why))
			return refusal_add(t, c->row.number, &why, e);
	for (size_t i = 0; i < c->form_count; i++)
		if (!made_before(c, c->forms[i]) && !page_plan(t, c, c->forms[i], &pages[i], e))
			return false;
	closed.state = LETTER_ISSUED;
	closed.code = closed.words = STR("");
	closed.batch = t->intent.batch;
	t->taken++;
	return store_letter_close(t->home->store, &closed, e);
}

static bool first_failed(const struct standing *s, struct err *why)
{
	for (size_t i = 0; i < STANDING_CONDITIONS; i++)
		if (s->checks[i].answer == STANDING_FAILED)
			return err_input(why, s->checks[i].code, "%s: %.*s",
					 standing_condition_word((enum standing_condition)i),
					 STR_ARG(s->checks[i].figures));
	return err_input(why, "LETTER-REFUSED", "the register does not bear it out");
}

/* Its document could not be made; of a run that was cut off that says nothing. */
static bool failed_before(const struct store_letter *row, struct err *why)
{
	if (row->code.n == 0 || str_eq(row->code, STR("BATCH-CLOSED")))
		return false;
	err_input(why, "", "%.*s", STR_ARG(row->words));
	snprintf(why->code, sizeof why->code, "%.*s", STR_ARG(row->code));
	return true;
}

/*
 * `named`: asked for by its number, so that silence is no answer.  What failed once is tried again when it is named, or
 * when an officer has looked at it since; else every tick would put the same failure on the log.
 */
static bool letter_take(struct ticker *t, int64_t number, bool named, struct err *e)
{
	struct office_case c;
	struct standing s;
	struct err why;

	if (!office_case(t->office, number, t->order->as_of, &c, &why))
		return refusal_add(t, number, &why, e);
	if (c.row.state != LETTER_OPEN) {
		err_input(&why, "LETTER-CLOSED", "application %lld is %s", (long long)number,
			  store_letter_word(c.row.state));
		return refusal_add(t, number, &why, e);
	}
	if (c.stage != OFFICE_APPROVED && !named)
		return true;
	if (!named && failed_before(&c.row, &why))
		return refusal_add(t, number, &why, e);
	if (c.stage == OFFICE_APPROVED && c.approved.at > t->due)
		return line_add(t, number, TICK_WAITS, NULL, NULL, e);
	if (!office_decide(t->office, &c, &s, e))
		return false;
	if (s.outcome == STANDING_REFUSED) {
		(void)first_failed(&s, &why);
		return refusal_add(t, number, &why, e);
	}
	if (c.stage != OFFICE_APPROVED)
		return err_system(e, "application %lld passes without an approval",
				  (long long)number);
	return letter_plan(t, &c, &s, e);
}

static bool letters_take(struct ticker *t, struct err *e)
{
	const struct tick_order *o = t->order;
	struct store_letter row = { .number = 0 };
	bool found;

	for (size_t i = 0; i < o->number_count; i++)
		if (!letter_take(t, o->numbers[i], true, e))
			return false;
	while (o->number_count == 0 && t->taken < TICK_LETTERS_MAX &&
	       t->result->count < LINES_MAX / 2) {
		if (!store_letter_next(t->home->store, t->home->arena, LETTER_OPEN, row.number,
				       &row, &found, e))
			return false;
		if (!found)
			break;
		if (!letter_take(t, row.number, false, e))
			return false;
	}
	return true;
}

static bool plan(struct ticker *t, struct err *e)
{
	struct store *store = t->home->store;

	if (!store_begin(store, e))
		return false;
	if (intent_begin(t->home, t->office->forms.fonts_hash, t->order->as_of, &t->intent, e) &&
	    letters_take(t, e) && intent_end(&t->intent, e) && store_commit(store, e))
		return true;
	store_rollback(store);
	return false;
}

/* ---- the end ---- */

static bool request_line(struct ticker *t, struct tick_line *line, const struct store_letter *row,
			 struct err *e)
{
	struct faults faults = { 0 };
	const struct json *root;

	return json_read(t->home->arena, row->request, &json_record, &root, e) &&
	       request_read(t->home->arena, root, &line->request, &faults, e);
}

static bool letter_lines(struct ticker *t, const struct store_letter *row, int64_t batch,
			 struct err *e)
{
	struct store_document *documents;
	struct tick_line *line;
	size_t count;

	if (!store_letter_documents(t->home->store, t->home->arena, row->number, &documents, &count,
				    e))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct store_document *d = &documents[i];
		struct err why;

		if (d->batch != batch)
			continue;
		if (d->state == DOCUMENT_MADE) {
			if (!line_add(t, row->number, TICK_ISSUED, NULL, &line, e) ||
			    !request_line(t, line, row, e))
				return false;
			line->document = *d;
			continue;
		}
		err_input(&why, "", "%.*s", STR_ARG(d->message));
		snprintf(why.code, sizeof why.code, "%.*s", STR_ARG(d->code));
		if (!line_add(t, row->number, TICK_REFUSED, &why, NULL, e))
			return false;
	}
	return true;
}

/* What a batch came to, application by application. */
static bool batch_lines(struct ticker *t, int64_t batch, struct err *e)
{
	struct store_letter row = { .number = 0 };
	bool found;

	if (batch == 0)
		return true;
	for (;;) {
		if (!store_letter_in(t->home->store, t->home->arena, batch, row.number, &row,
				     &found, e))
			return false;
		if (!found)
			return true;
		if (!letter_lines(t, &row, batch, e))
			return false;
	}
}

static bool made(struct ticker *t, struct err *e)
{
	const struct finish_order finish = finish_order_of(t);
	struct store_batch batch;
	bool found;

	if (t->intent.documents == 0)
		return true;
	t->result->batch = t->intent.batch;
	if (!store_batch_lookup(t->home->store, t->intent.batch, &batch, &found, e))
		return false;
	return found ? finish_note(&finish, "batch.planned", &batch, e) &&
			       finish_batch(&finish, &batch, &t->result->unwitnessed, e)
		     : err_system(e, "the store has lost batch %lld", (long long)t->intent.batch);
}

bool tick_run(const struct tick_order *order, struct tick_result *out, struct err *e)
{
	struct ticker t = { .order = order,
			    .office = order->office,
			    .home = order->office->home,
			    .result = out,
			    .facts = buf_empty(FACTS_JSON_MAX) };
	bool ok = false;

	*out = (struct tick_result){ 0 };
	config_tick(&t.home->config, order->as_of, &t.due, &out->next);
	if (order->at_once)
		t.due = order->as_of;
	out->lines = arena_array(t.home->arena, LINES_MAX, sizeof *out->lines, e);
	if (out->lines == NULL || !intent_allowed(t.home, order->as_of, e) ||
	    (order->out != NULL && !sweep_files(order->out, e)))
		return false;
	t.desk = form_desk_new(order->office->forms.fonts, e);
	if (t.desk == NULL ||
	    !sealing_open(t.home, &order->office->associations, order->office->env, order->degrade,
			  &t.sealing, e) ||
	    !left_open(&t, e))
		goto out;
	ok = out->busy || out->unwitnessed ||
	     (batch_lines(&t, out->resumed, e) && plan(&t, e) && made(&t, e) &&
	      batch_lines(&t, out->batch, e));
out:
	form_desk_free(t.desk);
	sealing_free(t.sealing);
	buf_free(&t.facts);
	return ok;
}
