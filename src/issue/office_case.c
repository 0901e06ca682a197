/* SPDX-License-Identifier: Apache-2.0 */
/* Applications taken, and read with all that bears on them (office.h). */
#include "issue/office.h"

enum { APPROVAL_AGE_S = 7 * 24 * 3600 /* domain rule: an approval is good for 7 days */ };

/* ---- taking one ---- */

/* Replies about nobody have a salt too: that of a member no record can be of. */
static bool nobody_salt(struct office *o, unsigned char salt[SALT_SIZE], struct err *e)
{
	struct store_member nobody = { .member_id = STR(""),
				       .member_no = STR(""),
				       .record = STR("") };
	bool found;

	if (!store_member_lookup(o->home->store, o->arena, nobody.member_id, &nobody, &found, e))
		return false;
	if (!found && (!store_salt(o->home->store, nobody.salt, e) ||
		       !store_member_put(o->home->store, &nobody, e)))
		return false;
	memcpy(salt, nobody.salt, SALT_SIZE);
	return true;
}

static bool application_store(struct office *o, const struct request *r, int64_t *number,
			      struct err *e)
{
	struct store_letter row = { .request_id = r->request_id,
				    .member_id = r->member_id,
				    .request = r->canonical,
				    .applied_at = env_now(o->env) };
	struct journal_field fields[] = { { "application", { NULL, 0 }, 0 } };
	unsigned char salt[SALT_SIZE];

	memcpy(row.hash, r->hash, HASH_SIZE);
	if (!store_begin(o->home->store, e))
		return false;
	if (nobody_salt(o, salt, e) && store_letter_add(o->home->store, &row, e)) {
		fields[0].number = *number = row.number;
		if (journal_add(o->home->journal, row.applied_at, "letter.applied", fields, 1, e) &&
		    store_commit(o->home->store, e))
			return true;
	}
	store_rollback(o->home->store);
	return false;
}

bool office_apply(struct office *o, struct str bytes, int64_t *number, bool *again,
		  struct faults *faults, struct err *e)
{
	const struct json *root;
	const struct request *r;
	struct store_letter known;

	*again = false;
	if (!json_read(o->arena, bytes, &json_record, &root, e) ||
	    !request_read(o->arena, root, &r, faults, e))
		return false;
	if (profiles_lookup(&o->profiles, r->profile) == NULL) {
		err_input(e, "PROFILE-UNKNOWN", "'%.*s' is no profile of this home",
			  STR_ARG(r->profile));
		return err_at(e, "/profile");
	}
	if (!store_letter_find(o->home->store, o->arena, r->request_id, &known, again, e))
		return false;
	if (!*again)
		return application_store(o, r, number, e);
	*number = known.number;
	if (memcmp(known.hash, r->hash, HASH_SIZE) == 0)
		return true;
	err_input(e, "REQUEST-CONFLICT", "application %lld has this id and says something else",
		  (long long)known.number);
	return err_at(e, "/request_id");
}

/* ---- reading one ---- */

static bool request_again(struct office *o, struct office_case *c, struct err *e)
{
	struct faults faults = { 0 };
	const struct json *root;

	if (!json_read(o->arena, c->row.request, &json_record, &root, e) ||
	    !request_read(o->arena, root, &c->request, &faults, e)) {
		e->kind = ERR_SYSTEM;
		return err_in(e, "application %lld", (long long)c->row.number);
	}
	c->profile = profiles_lookup(&o->profiles, c->request->profile);
	return true;
}

/* ERR_INPUT: by the associations of today, or as of that day, the record is none. */
static bool member_again(struct office *o, struct office_case *c, int64_t at, struct err *e)
{
	const struct member_rules rules = { .associations = &o->associations,
					    .as_of = civil_of_days(instant_day(
						    at, o->home->config.utc_offset_min)) };
	struct faults faults = { 0 };
	struct store_member row;
	const struct json *root;
	bool found;

	if (!store_member_lookup(o->home->store, o->arena, c->row.member_id, &row, &found, e))
		return false;
	if (!found)
		return nobody_salt(o, c->salt, e) &&
		       store_refused(o->home->store, c->row.member_id, &c->unreadable, e);
	memcpy(c->salt, row.salt, SALT_SIZE);
	return json_read(o->arena, row.record, &json_record, &root, e) &&
	       member_read(o->arena, root, &rules, &c->member, &faults, e);
}

static const struct form *form_for(const struct office *o, const struct request *r,
				   struct str language)
{
	for (size_t i = 0; i < o->forms.count; i++) {
		const struct form_info *info = form_info(o->forms.items[i]);

		if (str_eq(info->language, language) &&
		    str_eq(info->for_request, str_of(request_document_word(r->document))))
			return o->forms.items[i];
	}
	return NULL;
}

static bool forms_find(struct office *o, struct office_case *c, struct err *e)
{
	static const struct {
		const char *language;
		int asked;
	} languages[] = { { "en", REQUEST_EN }, { "zh", REQUEST_ZH } };

	for (size_t i = 0; i < COUNT_OF(languages); i++) {
		if (c->request->language != languages[i].asked &&
		    c->request->language != REQUEST_BOTH)
			continue;
		c->forms[c->form_count] = form_for(o, c->request, str_of(languages[i].language));
		if (c->forms[c->form_count] == NULL)
			return err_system(e, "the home has no template for %s in %s",
					  request_document_word(c->request->document),
					  languages[i].language);
		c->form_count++;
	}
	return true;
}

static bool binding_make(struct office_case *c, struct err *e)
{
	const struct form_info *first = form_info(c->forms[0]);
	struct standing_paper paper = { .template_id = first->id,
					.version = (uint64_t)first->version };
	struct str hashes[COUNT_OF(c->forms)];

	for (size_t i = 0; i < c->form_count; i++)
		hashes[i] = str_bytes(form_info(c->forms[i])->hash, HASH_SIZE);
	sha256_labelled("hufu/1/paper", hashes, c->form_count, paper.hash);
	return standing_binding(&c->input, &paper, c->binding, e);
}

/* Of an officer of today, about this application? */
static bool act_ours(const struct office *o, const struct office_case *c,
		     const struct store_act *act, struct officer_statement *s,
		     struct office_act *out)
{
	struct officer_signed text = { .text = act->text };
	struct err why;

	memcpy(text.signature, act->signature, sizeof text.signature);
	if (!officer_verify(&text, s, &why))
		return false;
	*out = (struct office_act){ .act = act,
				    .who = roster_lookup(&o->home->roster, &s->officer),
				    .at = s->at };
	return out->who != NULL && str_eq(s->issuer, o->home->config.issuer) &&
	       s->request == (uint64_t)c->row.number;
}

/* Over the case as it is now, not from the future nor too old: NULL, else the code of what it lacks. */
static const char *act_fault(const struct office_case *c, const struct officer_statement *s)
{
	if (memcmp(s->binds, c->binding, HASH_SIZE) != 0)
		return "APPROVAL-OTHER";
	if (s->at > c->input.as_at)
		return "APPROVAL-FUTURE";
	return c->input.as_at - s->at > APPROVAL_AGE_S ? "APPROVAL-EXPIRED" : NULL;
}

static void act_lapsed(struct office_lapse *lapse, const struct officer_statement *s,
		       const char *code)
{
	if (s->act == OFFICER_PREPARE)
		lapse->prepared = s->officer;
	if (s->act != OFFICER_APPROVE)
		return;
	lapse->code = code;
	lapse->approved = s->officer;
	lapse->at = s->at;
	memcpy(lapse->binds, s->binds, HASH_SIZE);
}

static bool acts_weigh(struct office *o, struct office_case *c, struct err *e)
{
	struct store_act *acts;
	size_t count;

	if (!store_acts(o->home->store, o->arena, c->row.number, &acts, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct officer_statement s;
		struct office_act act;
		const char *fault;

		if (!act_ours(o, c, &acts[i], &s, &act))
			continue;
		fault = act_fault(c, &s);
		if (fault != NULL)
			act_lapsed(&c->lapse, &s, fault);
		else if (s.act == OFFICER_PREPARE && c->prepared.act == NULL)
			c->prepared = act;
		else if (s.act == OFFICER_APPROVE && c->prepared.act != NULL &&
			 act.who != c->prepared.who)
			c->approved = act;
	}
	if (c->approved.act != NULL)
		c->lapse.code = NULL;
	return true;
}

static enum office_stage stage_of(const struct office_case *c)
{
	switch (c->row.state) {
	case LETTER_OPEN:
		break;
	case LETTER_REFUSED:
		return OFFICE_REFUSED;
	case LETTER_WITHDRAWN:
		return OFFICE_WITHDRAWN;
	case LETTER_ISSUED:
		return OFFICE_ISSUED;
	}
	if (c->approved.act != NULL)
		return OFFICE_APPROVED;
	return c->prepared.act != NULL ? OFFICE_PREPARED : OFFICE_SUBMITTED;
}

/* Nothing can be judged any more; it can be refused and taken back all the same. */
static bool case_bar(struct office *o, struct office_case *c, enum standing_condition condition,
		     const struct err *why, struct err *e)
{
	struct standing_check *check = &c->standing.checks[condition];
	struct str code;

	c->barred = true;
	c->member = NULL;
	check->answer = STANDING_FAILED;
	if (!arena_str(o->arena, str_of(why->code), &code, e) ||
	    !arena_str(o->arena, str_of(why->cause), &check->figures, e))
		return false;
	check->code = code.p;
	return true;
}

static bool case_judge(struct office *o, struct office_case *c, int64_t at, struct err *e)
{
	struct err why;

	c->input = (struct standing_case){ .as_at = at };
	if (!forms_find(o, c, e))
		return false;
	if (c->profile == NULL) {
		err_input(&why, "PROFILE-UNKNOWN", "'%.*s' is no profile of this home any more",
			  STR_ARG(c->request->profile));
		return case_bar(o, c, STANDING_RECIPIENT, &why, e);
	}
	if (!member_again(o, c, at, &why)) {
		*e = why;
		return why.kind == ERR_INPUT && case_bar(o, c, STANDING_STATUS, &why, e);
	}
	c->input = (struct standing_case){ .member = c->member,
					   .unreadable = c->unreadable,
					   .request = c->request,
					   .profile = c->profile,
					   .as_at = at,
					   .utc_offset_min = o->home->config.utc_offset_min };
	memcpy(c->input.nonce, c->salt, sizeof c->input.nonce);
	return binding_make(c, e) && acts_weigh(o, c, e) &&
	       standing_decide(o->arena, &c->input, &c->standing, e);
}

bool office_case(struct office *o, int64_t number, int64_t at, struct office_case *out,
		 struct err *e)
{
	bool found;

	*out = (struct office_case){ 0 };
	if (!store_letter_lookup(o->home->store, o->arena, number, &out->row, &found, e))
		return false;
	if (!found)
		return err_input(e, "REQUEST-UNKNOWN", "there is no application %lld",
				 (long long)number);
	if (!str_eq(out->row.request, STR("{}")) && !request_again(o, out, e))
		return false;
	if (out->row.state == LETTER_OPEN && !case_judge(o, out, at, e))
		return false;
	out->stage = stage_of(out);
	return store_letter_documents(o->home->store, o->arena, number, &out->documents,
				      &out->document_count, e);
}
