/* SPDX-License-Identifier: Apache-2.0 */
/* What officers do to an application, and what comes of it (office.h). */
#include "issue/office.h"

#include "base/enc.h"
#include "issue/payload.h"
#include "issue/specimen.h"
#include "proof/payload.h"

enum { TOKEN_ROOM = 1024, KID_TEXT = 2 * KID_SIZE, SIGNATURE_TEXT = 2 * ED25519_SIGNATURE };

bool office_facts(struct office *o, const struct office_case *c, const struct standing *s,
		  struct facts *out, struct err *e)
{
	struct civil day =
		civil_of_days(instant_day(c->input.as_at, o->home->config.utc_offset_min));
	char text[11];
	struct str issued;

	civil_text(day, text);
	*out = (struct facts){ .count = 0 };
	return standing_facts(o->arena, &c->input, s, out, e) &&
	       arena_str(o->arena, str_of(text), &issued, e) &&
	       facts_add(out, STR("issued"), issued, e) &&
	       facts_add(out, STR("policy_fingerprint"), str_of(o->fingerprint), e);
}

static bool facts_pick(const struct facts *all, const struct str *keys, size_t count, bool needed,
		       struct facts *out, struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		const struct str *value = facts_lookup(all, keys[i]);

		if (value == NULL && needed)
			return err_input(e, "FACT-MISSING", "the register has no %.*s",
					 STR_ARG(keys[i]));
		if (value != NULL && !facts_add(out, keys[i], *value, e))
			return false;
	}
	return true;
}

bool office_print(const struct form_info *form, const struct facts *all, struct facts *out,
		  struct err *e)
{
	*out = (struct facts){ .count = 0 };
	return facts_pick(all, form->needs, form->needs_count, true, out, e) &&
	       facts_pick(all, form->takes, form->takes_count, false, out, e);
}

bool office_decide(struct office *o, const struct office_case *c, struct standing *out,
		   struct err *e)
{
	struct standing_approval approval = { .at = c->approved.at };
	struct standing_case input = c->input;

	if (c->barred) {
		*out = c->standing;
		return true;
	}
	input.issuing = true;
	memcpy(input.binding, c->binding, sizeof input.binding);
	if (c->approved.act != NULL) {
		approval.prepared_by = str_bytes(c->prepared.who->public.bytes, ED25519_PUBLIC);
		approval.approved_by = str_bytes(c->approved.who->public.bytes, ED25519_PUBLIC);
		/* Only statements over this very binding are counted as acts. */
		memcpy(approval.binds, c->binding, sizeof approval.binds);
		input.approval = &approval;
	} else if (c->lapse.code != NULL) {
		/* As it was given, so that the answer names what became of it. */
		approval.prepared_by = str_bytes(c->lapse.prepared.bytes, ED25519_PUBLIC);
		approval.approved_by = str_bytes(c->lapse.approved.bytes, ED25519_PUBLIC);
		approval.at = c->lapse.at;
		memcpy(approval.binds, c->lapse.binds, sizeof approval.binds);
		input.approval = &approval;
	}
	return standing_decide(o->arena, &input, out, e);
}

/* ---- statements ---- */

/* The longest life the profile and the request leave, in days. */
static unsigned days_most(const struct office_case *c)
{
	static const unsigned days[] = {
		[TERM_ABSENT] = OFFICER_DAYS_MAX,
		[TERM_30_DAYS] = 30,
		[TERM_60_DAYS] = 60,
		[TERM_90_DAYS] = 90,
		[TERM_3_MONTHS] = 92,
		[TERM_1_YEAR] = 366,
	};
	unsigned asked = days[c->request->valid_for], offered;

	offered = c->barred ? asked : days[c->profile->valid_for];
	return asked < offered ? asked : offered;
}

/* Of whom and to whom the code will speak: the payload as it will be, but for what its issue brings. */
static bool subject_fill(struct office *o, const struct office_case *c, struct officer_statement *s,
			 struct err *e)
{
	struct buf bytes = buf_empty(TOKEN_ROOM);
	struct token_payload payload;
	struct facts facts;
	bool ok = office_facts(o, c, &c->standing, &facts, e) &&
		  payload_of_facts(&facts, s->type, c->input.utc_offset_min, &payload, e);

	if (ok) {
		payload.docid_size = DOCID_SIZE;
		payload.issued_day = instant_day(c->input.as_at, c->input.utc_offset_min);
		ok = payload_check(&payload, e);
	}
	if (ok) {
		payload_encode(&bytes, &payload);
		ok = buf_ok(&bytes, "a payload", e) &&
		     officer_subject(buf_view(&bytes), c->salt, s, e);
	}
	buf_free(&bytes);
	return ok;
}

static bool act_journal(struct office *o, const struct office_case *c, const char *event,
			const struct office_officer *officer, const struct officer_signed *text,
			struct err *e)
{
	struct buf hex = buf_empty(KID_TEXT + SIGNATURE_TEXT);
	struct journal_field fields[] = { { "application", { NULL, 0 }, c->row.number },
					  { "officer", { NULL, 0 }, 0 },
					  { "signature", { NULL, 0 }, 0 },
					  { "statement", { NULL, 0 }, 0 } };
	size_t count = 1;
	bool ok;

	if (officer != NULL) {
		enc_hex(&hex, officer->who->kid, KID_SIZE);
		enc_hex(&hex, text->signature, ED25519_SIGNATURE);
		if (!buf_ok(&hex, "a journal line", e))
			return false;
		fields[1].text = str_bytes(hex.p, KID_TEXT);
		fields[2].text = str_bytes(hex.p + KID_TEXT, SIGNATURE_TEXT);
		fields[3].text = text->text;
		count = COUNT_OF(fields);
	}
	ok = journal_add(o->home->journal, env_now(o->env), event, fields, count, e);
	buf_free(&hex);
	return ok;
}

static bool statement_sign(struct office *o, const struct office_case *c, enum officer_act act,
			   struct office_officer *officer, struct officer_signed *out,
			   struct err *e)
{
	struct officer_statement s = { .issuer = o->home->config.issuer,
				       .act = act,
				       .request = (uint64_t)c->row.number,
				       .type = form_info(c->forms[0])->token_type,
				       .days = days_most(c),
				       .at = env_now(o->env) };

	memcpy(s.binds, c->binding, HASH_SIZE);
	/* A case that cannot be a document has no subject: the hashes stay zero. */
	if (c->standing.outcome != STANDING_REFUSED && !subject_fill(o, c, &s, e))
		return false;
	return officer_sign(o->arena, &s, officer->key, out, e);
}

/* What an officer signed becomes a line of the journal and a row; with `closed` the application ends by it. */
static bool act_keep(struct office *o, const struct office_case *c, const char *event,
		     const struct office_officer *officer, const struct officer_signed *text,
		     const struct store_letter *closed, struct err *e)
{
	struct store *store = o->home->store;
	struct store_act act;

	if (!store_begin(store, e))
		return false;
	if (officer != NULL) {
		act.text = text->text;
		memcpy(act.signature, text->signature, sizeof act.signature);
		if (!store_act_add(store, c->row.number, &act, e))
			goto out;
	}
	if ((closed == NULL || store_letter_close(store, closed, e)) &&
	    act_journal(o, c, event, officer, text, e) && store_commit(store, e))
		return true;
out:
	store_rollback(store);
	return false;
}

static bool still_open(const struct office_case *c, struct err *e)
{
	return c->row.state == LETTER_OPEN ||
	       err_input(e, "LETTER-CLOSED", "application %lld is %s", (long long)c->row.number,
			 store_letter_word(c->row.state));
}

/* The first condition that fails, as an error. */
static bool passes(const struct office_case *c, struct err *e)
{
	for (size_t i = 0; i < STANDING_CONDITIONS; i++) {
		const struct standing_check *check = &c->standing.checks[i];

		if (check->answer == STANDING_FAILED)
			return err_input(e, check->code, "%s: %.*s",
					 standing_condition_word((enum standing_condition)i),
					 STR_ARG(check->figures));
	}
	return true;
}

bool office_approve(struct office *o, const struct office_case *c, struct office_officer *officer,
		    struct err *e)
{
	enum officer_act act = c->prepared.act == NULL ? OFFICER_PREPARE : OFFICER_APPROVE;
	struct officer_signed text;

	if (!still_open(c, e) || !passes(c, e))
		return false;
	if (c->approved.act != NULL)
		return err_input(
			e, "LETTER-APPROVED",
			"application %lld is approved already; it goes out with the next tick",
			(long long)c->row.number);
	if (act == OFFICER_APPROVE && c->prepared.who == officer->who)
		return err_input(
			e, "APPROVAL-ONE-OFFICER",
			"the officer who prepared it does not approve it; another one must");
	return statement_sign(o, c, act, officer, &text, e) &&
	       act_keep(o, c, act == OFFICER_PREPARE ? "letter.prepared" : "letter.approved",
			officer, &text, NULL, e);
}

bool office_refuse(struct office *o, const struct office_case *c, struct office_officer *officer,
		   struct str code, struct str words, struct err *e)
{
	struct store_letter closed = c->row;
	struct officer_signed text;

	closed.state = LETTER_REFUSED;
	closed.code = code;
	closed.words = words;
	return still_open(c, e) && statement_sign(o, c, OFFICER_REFUSE, officer, &text, e) &&
	       act_keep(o, c, "letter.refused", officer, &text, &closed, e);
}

bool office_withdraw(struct office *o, const struct office_case *c, struct office_officer *officer,
		     struct err *e)
{
	struct store_letter closed = c->row;
	struct officer_signed text = { 0 };

	closed.state = LETTER_WITHDRAWN;
	closed.code = closed.words = STR("");
	return still_open(c, e) &&
	       (officer == NULL || statement_sign(o, c, OFFICER_WITHDRAW, officer, &text, e)) &&
	       act_keep(o, c, "letter.withdrawn", officer, &text, &closed, e);
}

bool office_preview(struct office *o, const struct office_case *c, const struct form *form,
		    struct buf *pdf, struct err *e)
{
	struct facts all, printed;
	const struct specimen_order order = {
		.form = form, .config = &o->home->config, .facts = &printed, .as_of = c->input.as_at
	};
	struct form_desk *desk;
	bool ok;

	if (!still_open(c, e) || !passes(c, e))
		return false;
	desk = form_desk_new(o->forms.fonts, e);
	if (desk == NULL)
		return false;
	ok = office_facts(o, c, &c->standing, &all, e) &&
	     office_print(form_info(form), &all, &printed, e) &&
	     specimen_draw(desk, o->arena, &order, pdf, e);
	form_desk_free(desk);
	return ok;
}
