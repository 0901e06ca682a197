/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/standing.h"

#include "proof/docid.h"
#include "proof/statuslist.h"

/* The reason codes of product.md: what they say of, and what they make of a document. */
static const struct {
	const char *code;
	bool of_member;
	enum document_status status;
} reasons[] = {
	{ "issued_in_error", false, STATUS_REVOKED },
	{ "lost", false, STATUS_REVOKED },
	{ "penalty", true, STATUS_REVOKED },
	{ "expelled", true, STATUS_REVOKED },
	{ "fraud", true, STATUS_REVOKED },
	{ "name_change", false, STATUS_SUPERSEDED },
	{ "resigned", true, STATUS_ENDED },
	{ "cancelled", true, STATUS_ENDED },
	{ "deceased", true, STATUS_ENDED },
	{ "lapsed", true, STATUS_ENDED },
	{ "annulled", true, STATUS_ENDED },
	{ "other", false, STATUS_REVOKED },
};

static size_t reason_find(struct str reason)
{
	size_t i = 0;

	while (i < COUNT_OF(reasons) && !str_eq(reason, str_of(reasons[i].code)))
		i++;
	return i;
}

bool standing_reason(struct str reason)
{
	return reason_find(reason) < COUNT_OF(reasons);
}

static enum document_status target_of(const struct standing_order *o)
{
	switch (o->act) {
	case STANDING_REVOKE:
		return reasons[reason_find(o->reason)].status;
	case STANDING_SUSPEND:
		return STATUS_SUSPENDED;
	case STANDING_REINSTATE:
		break;
	}
	return STATUS_VALID;
}

static bool of_member(const struct standing_order *o)
{
	size_t i = reason_find(o->reason);

	return o->docid == NULL || (!o->only && i < COUNT_OF(reasons) && reasons[i].of_member);
}

/* Would this document make the move?  What the site says decides what is allowed. */
static bool change_of(const struct standing_order *o, const struct store_standing *d,
		      struct standing_change *out)
{
	enum document_status to = target_of(o);

	*out = (struct standing_change){ .form = d->form,
					 .lang = d->lang,
					 .was = d->status,
					 .status = to,
					 .take_back = d->published == to };
	memcpy(out->docid, d->docid, DOCID_SIZE);
	return d->status != to &&
	       (d->published == to || status_may_move((unsigned)d->published, (unsigned)to));
}

static bool member_of(const struct standing_order *o, struct str *member, struct err *e)
{
	struct store_document d;
	struct store_member m;
	bool found;

	if (o->docid != NULL) {
		if (!store_document_lookup(o->home->store, o->home->arena, o->docid, &d, &found, e))
			return false;
		*member = d.member_id;
		return (found && d.state == DOCUMENT_MADE) ||
		       err_input(e, "DOCUMENT-UNKNOWN", "no document of this home has this id");
	}
	if (!store_member_lookup(o->home->store, o->home->arena, o->member, &m, &found, e))
		return false;
	*member = o->member;
	/* The row without an id is nobody's: replies that no record matches hang on it. */
	return (found && o->member.n > 0) ||
	       err_input(e, "MEMBER-UNKNOWN", "no member of this home has the id '%.*s'",
			 STR_ARG(o->member));
}

/* Live ones; by reasons of penalty the dead ones too, and for the one document named whatever it is. */
static bool concerned(const struct standing_order *o, const struct store_standing *d)
{
	if (o->docid != NULL && memcmp(o->docid, d->docid, DOCID_SIZE) == 0)
		return true;
	if (!of_member(o))
		return false;
	return o->act == STANDING_REINSTATE || d->status == STATUS_VALID ||
	       d->status == STATUS_SUSPENDED ||
	       (o->act == STANDING_REVOKE && target_of(o) == STATUS_REVOKED);
}

bool standing_plan(const struct standing_order *order, struct standing_plan *out, struct err *e)
{
	struct standing_order one = *order;
	const struct standing_order *o = &one;
	struct store_standing *documents;
	struct store_batch open;
	size_t count;
	bool found;

	*out = (struct standing_plan){ 0 };
	if (!store_batch_open(o->home->store, &open, &found, e))
		return false;
	if (found)
		return err_system(e, "batch %lld was interrupted; finish it with hufu issue first",
				  (long long)open.id);
	if (!member_of(o, &out->member, e) ||
	    !store_standings(o->home->store, o->home->arena, out->member, &documents, &count, e))
		return false;
	one.only = one.only || out->member.n == 0; /* replies have no member in common */
	out->changes = arena_array(o->home->arena, count, sizeof *out->changes, e);
	if (out->changes == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		out->count += concerned(o, &documents[i]) &&
			      change_of(o, &documents[i], &out->changes[out->count]);
	return out->count > 0 ||
	       err_input(e, "MOVE-NOT-ALLOWED", "there is no document that could become %s",
			 store_status_word(target_of(o)));
}

static bool change_note(const struct standing_order *o, const struct standing_change *c,
			struct err *e)
{
	struct buf docid = buf_empty(DOCID_TEXT_MAX);
	struct journal_field fields[] = { { "docid", { NULL, 0 }, 0 },
					  { "reason", o->reason.n > 0 ? o->reason : STR("other"),
					    0 },
					  { "status", str_of(store_status_word(c->status)), 0 } };
	bool ok;

	docid_text(&docid, str_bytes(c->docid, DOCID_SIZE));
	fields[0].text = buf_view(&docid);
	ok = buf_ok(&docid, "a journal line", e) &&
	     journal_add(o->home->journal, env_now(o->env), "document.status", fields,
			 COUNT_OF(fields), e);
	buf_free(&docid);
	return ok;
}

static bool change_apply(const struct standing_order *o, const struct standing_change *c,
			 struct err *e)
{
	struct store_move move = { .status = c->status,
				   .reason = o->reason.n > 0 ? o->reason : STR("other"),
				   .origin = MOVE_BY_HAND,
				   .at = env_now(o->env) };

	memcpy(move.docid, c->docid, DOCID_SIZE);
	return store_move_put(o->home->store, &move, e);
}

bool standing_apply(const struct standing_order *o, const struct standing_plan *plan, struct err *e)
{
	struct store *store = o->home->store;
	bool ok = store_begin(store, e);

	for (size_t i = 0; ok && i < plan->count; i++)
		ok = change_apply(o, &plan->changes[i], e) && change_note(o, &plan->changes[i], e);
	if (ok && store_commit(store, e))
		return true;
	store_rollback(store);
	return false;
}
