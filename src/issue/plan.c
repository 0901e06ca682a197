/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/plan.h"

#include "issue/calling.h"
#include "issue/document.h"
#include "issue/intent.h"
#include "issue/photos.h"
#include "issue/staging.h"
#include "record/feed.h"
#include "record/standing.h"
#include "record/status.h"
#include "store/move.h"

enum { CIVIL_TEXT = 10 /* YYYY-MM-DD */, LOOK_BACK_DIGITS = 2 /* 50 years at most */ };
enum { PLAN_ARENA = 64 * 1024 * 1024, FACTS_JSON_MAX = 16 * 1024, PROGRESS_STEP = 64 };

/* The planning of one run. */
struct planner {
	const struct plan_order *order;
	struct store *store;
	struct arena *arena; /* of one record */
	struct form_desk *desk;
	struct photos *photos;
	struct member_rules rules;
	struct civil issued;
	struct intent intent;
	struct buf facts; /* of one document, canonical JSON */
};

/* One record being planned. */
struct subject {
	const struct staged_record *staged;
	const struct member *member;
	struct store_member row;
	size_t lines; /* outcomes so far */
};

/* What was normalised, in words; p == NULL for nothing. */
static bool notes_text(struct arena *a, const struct remarks *notes, struct str *out, struct err *e)
{
	*out = (struct str){ NULL, 0 };
	for (const struct remark *r = notes->first; r != NULL; r = r->next)
		if (!arena_printf(a, out, e, "%.*s%s%.*s: %.*s", STR_ARG(*out),
				  out->n > 0 ? "; " : "", STR_ARG(r->pointer), STR_ARG(r->words)))
			return false;
	return true;
}

/* A refused record is one line: the first fault with its code and pointer, the others in its words. */
static bool faults_stage(struct planner *p, const struct feed_item *item, int64_t sequence,
			 struct err *e)
{
	struct err all = item->faults.first->err;
	struct str words = str_of(all.cause);

	for (const struct fault *f = item->faults.first->next; f != NULL; f = f->next)
		if (!arena_printf(p->arena, &words, e, "%.*s; %s: %s", STR_ARG(words),
				  f->err.pointer, f->err.cause))
			return false;
	return (item->member_id.n == 0 ||
		store_refused_put(p->store, item->member_id, p->order->as_of, e)) &&
	       staging_fault(p->store, sequence, item->place, item->member_id, &all, words, e);
}

/* A photo is asked for only where a document of this run would print it. */
static bool photo_printed(const struct planner *p, const struct member *m)
{
	for (size_t i = 0; i < p->order->forms->count; i++) {
		const struct form_info *form = form_info(p->order->forms->items[i]);

		for (size_t k = 0; k < p->order->language_count; k++)
			if (str_eq(form->language, p->order->languages[k]) &&
			    calling_prints(m, form, STR("photo_sha256")))
				return true;
	}
	return false;
}

/* A photo that is refused is a fault of its record. */
static bool photo_judge(struct planner *p, struct feed_item *item, struct err *e)
{
	const struct member *m = item->member;
	struct err why = { 0 };

	if (m == NULL || m->photo == NULL || !photo_printed(p, m) ||
	    photos_admit(p->photos, m->photo, item->folder, &why))
		return true;
	if (why.kind != ERR_INPUT) {
		*e = why;
		return err_in(e, "%.*s", STR_ARG(item->place));
	}
	item->member = NULL;
	return faults_add(p->arena, &item->faults, &why, e);
}

static bool record_stage(struct planner *p, struct feed_item *item, int64_t sequence, struct err *e)
{
	const struct member *m;
	struct staged_record staged;

	if (!photo_judge(p, item, e))
		return false;
	m = item->member;
	if (m == NULL)
		return faults_stage(p, item, sequence, e);
	staged = (struct staged_record){ .sequence = sequence,
					 .place = item->place,
					 .member_id = m->member_id,
					 .member_no = m->member_no,
					 .rev = m->rev,
					 .active = m->status == MEMBER_ACTIVE,
					 .record = m->canonical };
	if (m->qualification != NULL && m->qualification->exam_cert_no.n > 0)
		staged.exam = m->qualification->exam_cert_no;
	memcpy(staged.hash, m->hash, HASH_SIZE);
	return notes_text(p->arena, &m->notes, &staged.note, e) &&
	       staging_add(p->store, &staged, e);
}

static bool feed_stage(struct planner *p, size_t *records, struct err *e)
{
	const struct plan_order *o = p->order;
	struct feed_item item;
	struct feed *feed;
	bool end = false, ok = true;

	*records = 0;
	if (!feed_open(&feed, o->records, o->record_count, &p->rules, e))
		return false;
	while (ok) {
		arena_reset(p->arena);
		ok = feed_next(feed, p->arena, &item, &end, e);
		if (!ok || end)
			break;
		ok = record_stage(p, &item, (int64_t)++ * records, e);
		if (o->progress != NULL && *records % PROGRESS_STEP == 0)
			o->progress(o->progress_self, *records);
	}
	feed_close(feed);
	return ok && photos_flush(p->photos, e);
}

static bool outcome_add(struct planner *p, struct subject *s, const struct form_info *form,
			const char *word, const unsigned char *docid, const struct err *why,
			struct err *e)
{
	struct outcome o = { .sequence = s->staged->sequence, .word = word, .docid = docid };

	if (form != NULL) {
		o.form = form->id;
		o.lang = form->language;
	}
	if (why != NULL) {
		o.code = str_of(why->code);
		o.pointer = str_of(why->pointer);
		o.message = str_of(why->cause);
	}
	s->lines++;
	return staging_outcome(p->store, &o, e);
}

/* A new document of this content. */
static bool document_add(struct planner *p, struct subject *s, const struct form_info *form,
			 const unsigned char content[HASH_SIZE], bool fell_back,
			 unsigned char docid[DOCID_SIZE], struct err *e)
{
	const struct intent_document d = { .member_id = s->row.member_id,
					   .salt = s->row.salt,
					   .form = form,
					   .facts = buf_view(&p->facts),
					   .content = content,
					   .fell_back = fell_back };

	return intent_add(&p->intent, &d, docid, e);
}

/* The live document says the same: nothing to make.  What this run resumed counts as issued by it. */
static bool document_keep(struct planner *p, struct subject *s, const struct form_info *form,
			  const struct store_document *live, struct err *e)
{
	bool ours = p->order->resumed_batch != 0 && live->batch == p->order->resumed_batch;

	return outcome_add(p, s, form, ours ? "issued" : "unchanged", live->docid, NULL, e);
}

/* Found before anything is planned: a template of a type that no key of the home may sign. */
static bool type_signed(const struct planner *p, const struct form_info *info, struct err *e)
{
	struct ed25519_public key;

	if (signer_public(p->order->home->signer, ROLE_ISSUING, info->token_type, &key, e))
		return true;
	return err_system(e, "no active issuing key for type %u, which the template '%.*s' makes",
			  info->token_type, STR_ARG(info->id));
}

/* A wish of the feed for a document's status; it takes effect with the next edition of the site. */
static bool feed_move(struct planner *p, const unsigned char docid[DOCID_SIZE],
		      enum document_status status, const char *reason, struct err *e)
{
	struct store_move move = { .status = status,
				   .reason = str_of(reason),
				   .origin = MOVE_BY_FEED,
				   .at = p->order->as_of };

	memcpy(move.docid, docid, DOCID_SIZE);
	return store_move_put(p->store, &move, e);
}

/* What an officer withdrew by hand, no feed brings back. */
static bool revoked_by_hand(struct planner *p, struct subject *s, const struct form_info *form,
			    bool *yes, struct err *e)
{
	struct store_document newest;
	struct store_move move;
	bool found;

	*yes = false;
	if (!store_document_newest(p->store, p->arena, s->row.member_id, form->family,
				   form->language, &newest, &found, e))
		return false;
	if (!found)
		return true;
	if (!store_move_latest(p->store, p->arena, newest.docid, &move, &found, e))
		return false;
	*yes = found && move.status == STATUS_REVOKED && move.origin == MOVE_BY_HAND;
	return true;
}

/* The same content: a suspension that came with the feed goes with it, one by hand stays. */
static bool document_stays(struct planner *p, struct subject *s, const struct form_info *form,
			   const struct store_document *live, struct err *e)
{
	struct store_move move;
	bool found;

	if (!store_move_latest(p->store, p->arena, live->docid, &move, &found, e))
		return false;
	if (found && move.status == STATUS_SUSPENDED && move.origin == MOVE_BY_FEED &&
	    !feed_move(p, live->docid, STATUS_VALID, "other", e))
		return false;
	return document_keep(p, s, form, live, e);
}

static bool document_plan(struct planner *p, struct subject *s, const struct form *form,
			  const struct facts *facts, struct err *e)
{
	const struct form_info *info = form_info(form);
	unsigned char content[HASH_SIZE], docid[DOCID_SIZE];
	struct form_notes notes = { 0 };
	struct store_document live;
	struct err refusal;
	bool found, withdrawn = false;

	if (!type_signed(p, info, e))
		return false;
	if (!facts_content_hash(facts, info->id, (uint64_t)info->version, content, e) ||
	    !store_document_live(p->store, p->arena, s->row.member_id, info->family, info->language,
				 &live, &found, e))
		return false;
	if (found && str_eq(live.form, info->id) && memcmp(live.content, content, HASH_SIZE) == 0)
		return document_stays(p, s, info, &live, e);
	if (!found && !revoked_by_hand(p, s, info, &withdrawn, e))
		return false;
	if (withdrawn) {
		err_input(&refusal, "", "the document was withdrawn by hand");
		return outcome_add(p, s, info, "none", NULL, &refusal, e);
	}
	if (!form_check(p->desk, form, facts, &notes, &refusal)) {
		if (refusal.kind == ERR_INPUT)
			return outcome_add(p, s, info, "refused", NULL, &refusal, e);
		*e = refusal;
		return false;
	}
	buf_clear(&p->facts);
	facts_canonical(&p->facts, facts, NULL);
	if (!buf_ok(&p->facts, "the facts of a document", e) ||
	    !document_add(p, s, info, content, notes.fell_back, docid, e) ||
	    !outcome_add(p, s, info, "issued", docid, NULL, e))
		return false;
	if (!found)
		return true;
	return feed_move(p, live.docid, STATUS_SUPERSEDED, "other", e) &&
	       outcome_add(p, s, info, "superseded", live.docid, NULL, e);
}

static bool form_plan(struct planner *p, struct subject *s, const struct form *form, struct err *e)
{
	const struct form_info *info = form_info(form);
	enum calling calling;
	struct facts facts;
	struct str missing;
	struct err why;

	if (!calling_facts(p->arena, s->member, info, p->issued, &facts, &calling, &missing, e))
		return false;
	switch (calling) {
	case CALLING_NO:
		return true;
	case CALLING_MISSING:
		err_input(&why, "", "the record has no %.*s", STR_ARG(missing));
		return outcome_add(p, s, info, "none", NULL, &why, e);
	case CALLING_YES:
		return document_plan(p, s, form, &facts, e);
	}
	return err_system(e, "a form neither calls nor does not");
}

struct ending {
	enum document_status status;
	const char *word, *reason;
};

/* What a member's status does to the documents that are out; word == NULL: nothing. */
static struct ending ending_of(const struct member *m)
{
	static const char *const reasons[] = {
		[MEMBER_LAPSED] = "lapsed",       [MEMBER_RESIGNED] = "resigned",
		[MEMBER_CANCELLED] = "cancelled", [MEMBER_ANNULLED] = "annulled",
		[MEMBER_REVOKED] = "penalty",     [MEMBER_EXPELLED] = "expelled",
		[MEMBER_DECEASED] = "deceased",
	};
	const char *reason = (size_t)m->status < COUNT_OF(reasons) ? reasons[m->status] : NULL;

	if (reason == NULL)
		reason = "other";
	switch (status_effect((enum member_status)m->status,
			      (enum member_reason)m->status_reason)) {
	case STATUS_ISSUE:
		break;
	case STATUS_SUSPEND:
		return (struct ending){ STATUS_SUSPENDED, "suspended", reason };
	case STATUS_END:
		return (struct ending){ STATUS_ENDED, "ended", reason };
	case STATUS_REVOKE:
		return (struct ending){ STATUS_REVOKED, "withdrawn",
					m->status_reason == MEMBER_FRAUD ? "fraud" : reason };
	case STATUS_SUPERSEDE:
		return (struct ending){ STATUS_SUPERSEDED, "superseded", reason };
	}
	return (struct ending){ STATUS_VALID, NULL, NULL };
}

/* A run that was interrupted after this ending counts it as its own. */
static bool ended_by_this_run(struct planner *p, const struct store_standing *d, bool *yes,
			      struct err *e)
{
	struct store_move move;
	bool found;

	if (!store_move_latest(p->store, p->arena, d->docid, &move, &found, e))
		return false;
	*yes = found && move.origin == MOVE_BY_FEED &&
	       (move.edition == 0 ||
		(p->order->resumed_edition != 0 && move.edition == p->order->resumed_edition));
	return true;
}

/* Revocation takes every document the member ever had, all else those that are live. */
static bool ending_concerns(const struct store_standing *d, enum document_status status)
{
	if (d->status == status)
		return false;
	return status == STATUS_REVOKED || d->status == STATUS_VALID ||
	       (d->status == STATUS_SUSPENDED && status != STATUS_SUSPENDED);
}

static bool is_letter(const struct store_standing *d)
{
	return d->type == TYPE_LETTER || d->type == TYPE_STATEMENT;
}

static struct str fact_of(const struct facts *facts, struct str key)
{
	const struct str *value = facts_lookup(facts, key);

	return value != NULL ? *value : STR("");
}

/* "none", "5", "ever". */
static int64_t years_of(struct str look_back)
{
	int64_t years = LOOK_BACK_NONE;

	if (str_eq(look_back, STR("ever")))
		return LOOK_BACK_EVER;
	for (size_t i = 0; i < look_back.n && i < LOOK_BACK_DIGITS; i++)
		if (look_back.p[i] >= '0' && look_back.p[i] <= '9')
			years = years * 10 + look_back.p[i] - '0';
	return years;
}

/* What a letter said, read from its facts. */
static bool letter_said(struct planner *p, const struct store_standing *d,
			struct standing_said *out, struct err *e)
{
	struct store_document row;
	struct facts facts;
	const struct str *as_at, *expires;
	bool found;

	if (!store_document_lookup(p->store, p->arena, d->docid, &row, &found, e) ||
	    !document_facts(p->arena, row.facts, &facts, e))
		return false;
	as_at = facts_lookup(&facts, STR("as_at"));
	expires = facts_lookup(&facts, STR("expires"));
	*out = (struct standing_said){
		.letter = d->type == TYPE_LETTER,
		.status = fact_of(&facts, STR("status")),
		.penalty = str_eq(fact_of(&facts, STR("wording")), STR("W6")),
		.look_back = years_of(fact_of(&facts, STR("look_back"))),
		.findings = fact_of(&facts, STR("findings")),
	};
	return (as_at != NULL && as_at->n > CIVIL_TEXT && expires != NULL &&
		civil_read((struct str){ as_at->p, CIVIL_TEXT }, &out->as_at) &&
		civil_read(*expires, &out->expires)) ||
	       err_system(e, "the store holds a damaged letter");
}

/* Letters end when the register turns against what they say (proof.md §5), and by no other rule. */
static bool letter_ending(struct planner *p, struct subject *s, const struct store_standing *d,
			  struct ending *out, struct err *e)
{
	const struct ending member = ending_of(s->member);
	const char *reason = member.reason != NULL ? member.reason : "other";
	struct standing_said said;

	*out = (struct ending){ STATUS_VALID, NULL, NULL };
	if (!letter_said(p, d, &said, e))
		return false;
	switch (standing_turned(s->member, &said, p->issued)) {
	case STANDING_HOLDS:
		break;
	case STANDING_ENDED:
		*out = (struct ending){ STATUS_ENDED, "ended", reason };
		break;
	case STANDING_WITHDRAWN:
		*out = (struct ending){ STATUS_REVOKED, "withdrawn", reason };
		break;
	}
	return true;
}

static bool document_end(struct planner *p, struct subject *s, const struct store_standing *d,
			 const struct ending *ending, struct err *e)
{
	const struct outcome o = { .sequence = s->staged->sequence,
				   .form = d->form,
				   .lang = d->lang,
				   .word = ending->word,
				   .docid = d->docid };
	bool ours = false;

	if (ending_concerns(d, ending->status)) {
		if (!feed_move(p, d->docid, ending->status, ending->reason, e))
			return false;
		ours = true;
	} else if (d->status == ending->status && !ended_by_this_run(p, d, &ours, e)) {
		return false;
	}
	s->lines += ours;
	return !ours || staging_outcome(p->store, &o, e);
}

static bool documents_end(struct planner *p, struct subject *s, struct err *e)
{
	const struct ending member = ending_of(s->member);
	struct store_standing *documents;
	struct ending ending;
	size_t count;

	if (member.word == NULL && standing_clean(s->member))
		return true;
	if (!store_standings(p->store, p->arena, s->row.member_id, &documents, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		ending = member;
		if (is_letter(&documents[i]) && !letter_ending(p, s, &documents[i], &ending, e))
			return false;
		if (ending.word != NULL && !document_end(p, s, &documents[i], &ending, e))
			return false;
	}
	return true;
}

/* The member's row: its salt is drawn when the member is first seen, and never again. */
static bool member_plan(struct planner *p, struct subject *s, struct err *e)
{
	bool found;

	if (!store_member_lookup(p->store, p->arena, s->staged->member_id, &s->row, &found, e))
		return false;
	if (!found && !store_salt(p->store, s->row.salt, e))
		return false;
	s->row.member_id = s->staged->member_id;
	s->row.member_no = s->staged->member_no;
	s->row.record = s->staged->record;
	s->row.rev = s->staged->rev;
	s->row.active = s->staged->active;
	memcpy(s->row.record_hash, s->staged->hash, HASH_SIZE);
	return store_member_put(p->store, &s->row, e);
}

static bool record_plan(struct planner *p, const struct staged_record *staged, struct err *e)
{
	struct subject s = { .staged = staged };
	const struct json *json;
	struct faults faults = { 0 };

	if (!json_read(p->arena, staged->record, &json_record, &json, e) ||
	    !member_read(p->arena, json, &p->rules, &s.member, &faults, e) ||
	    !member_plan(p, &s, e) || !documents_end(p, &s, e))
		return err_in(e, "%.*s", STR_ARG(staged->place));
	for (size_t lang = 0; lang < p->order->language_count; lang++) {
		for (size_t i = 0; i < p->order->forms->count; i++) {
			const struct form *form = p->order->forms->items[i];

			if (str_eq(form_info(form)->language, p->order->languages[lang]) &&
			    !form_plan(p, &s, form, e))
				return false;
		}
	}
	return s.lines > 0 || outcome_add(p, &s, NULL, "none", NULL, NULL, e);
}

static bool records_plan(struct planner *p, struct err *e)
{
	struct staged_record staged;
	int64_t sequence = 0;
	bool end;

	for (;;) {
		arena_reset(p->arena);
		if (!staging_next(p->store, p->arena, sequence, &staged, &end, e))
			return false;
		if (end)
			return true;
		if (!record_plan(p, &staged, e))
			return false;
		sequence = staged.sequence;
	}
}

bool plan_make(const struct plan_order *order, struct plan_result *out, struct err *e)
{
	const struct photos_order photos = { .home = order->home->dir,
					     .dir = order->photos,
					     .keep = order->photos_keep };
	struct planner p = { .order = order,
			     .store = order->home->store,
			     .arena = arena_new(PLAN_ARENA),
			     .facts = buf_empty(FACTS_JSON_MAX) };
	bool ok = false;

	*out = (struct plan_result){ 0 };
	p.issued = civil_of_days(instant_day(order->as_of, order->home->config.utc_offset_min));
	p.rules = (struct member_rules){ .associations = order->associations, .as_of = p.issued };
	if (p.arena == NULL) {
		err_memory(e, "planning");
		goto out;
	}
	p.desk = form_desk_new(order->forms->fonts, e);
	ok = p.desk != NULL && photos_open(&photos, &p.photos, e) && staging_open(p.store, e) &&
	     intent_begin(order->home, order->forms->fonts_hash, order->as_of, &p.intent, e) &&
	     feed_stage(&p, &out->records, e) && staging_judge(p.store, e) && records_plan(&p, e) &&
	     intent_end(&p.intent, e);
	if (ok && p.intent.documents > 0)
		out->batch = p.intent.batch;
	out->documents = p.intent.documents;
out:
	form_desk_free(p.desk);
	photos_close(p.photos);
	arena_free(p.arena);
	buf_free(&p.facts);
	return ok;
}
