/* SPDX-License-Identifier: Apache-2.0 */
#include "record/standing_inner.h"

#include "base/enc.h"
#include "proof/payload.h"
#include "record/status.h"
#include "json/canon.h"

enum { BINDING_MAX = 2 * 1024 * 1024 };

const char *standing_condition_word(enum standing_condition condition)
{
	static const char *const words[] = {
		[STANDING_STATUS] = "status",
		[STANDING_DISCIPLINE] = "discipline",
		[STANDING_SANCTION] = "sanction",
		[STANDING_RESTRICTION] = "restriction",
		[STANDING_LOOK_BACK] = "look_back",
		[STANDING_PENDING] = "pending",
		[STANDING_ANNUAL_CHECK] = "annual_check",
		[STANDING_DUES] = "dues",
		[STANDING_NAME] = "name",
		[STANDING_INCLUDE] = "include",
		[STANDING_RECIPIENT] = "recipient",
		[STANDING_LANGUAGE] = "language",
		[STANDING_CONSENT] = "consent",
		[STANDING_APPROVAL] = "approval",
		[STANDING_CONDITIONS] = "",
	};

	return words[condition];
}

static bool case_check(const struct standing_case *c, struct err *e)
{
	if (c->member != NULL && !str_eq(c->member->member_id, c->request->member_id))
		return err_input(e, "REQUEST-MEMBER", "the request is for another member");
	if (!str_eq(c->profile->id, c->request->profile))
		return err_input(e, "REQUEST-PROFILE", "the request names another profile");
	return true;
}

/* Does a period of the history speak of this very membership on that day? */
static bool history_speaks(const struct member *m, const struct member_history *h, struct civil day)
{
	if (civil_days(h->from) > civil_days(day) ||
	    (h->to.year != 0 && civil_days(h->to) < civil_days(day)))
		return false;
	return (h->class == 0 || h->class == m->class) &&
	       (h->member_no.n == 0 || str_eq(h->member_no, m->member_no));
}

/* A record that says two things of one day is taken at the more restrictive. */
int standing_status(const struct member *m, struct civil day, struct civil *since)
{
	int status = m->status;

	*since = m->status_since;
	for (size_t i = 0; i < m->history_count; i++) {
		const struct member_history *h = &m->history[i];

		if (!history_speaks(m, h, day) || status_rank((enum member_status)h->status) <=
							  status_rank((enum member_status)status))
			continue;
		status = h->status;
		*since = h->from;
	}
	return status;
}

static enum standing_wording statement_wording(int status, int reason)
{
	switch ((enum member_status)status) {
	case MEMBER_ACTIVE:
	case MEMBER_SUSPENDED:
		return STANDING_W4;
	case MEMBER_REVOKED:
	case MEMBER_EXPELLED:
		return STANDING_W6;
	case MEMBER_ANNULLED:
		return reason == MEMBER_FRAUD ? STANDING_W6 : STANDING_W5;
	case MEMBER_STATUS_ABSENT:
	case MEMBER_LAPSED:
	case MEMBER_RESIGNED:
	case MEMBER_CANCELLED:
	case MEMBER_TRANSFERRED:
	case MEMBER_DECEASED:
		break;
	}
	return STANDING_W5;
}

/* The wording a statement has, or 0 when none may be made of this record. */
static unsigned statement_offer(const struct judging *j)
{
	const struct member *m = j->c->member;

	if (m == NULL)
		return j->c->unreadable ? 0 : STANDING_W7;
	if (m->unprintable.count > 0 ||
	    (j->s->status == MEMBER_DECEASED && !j->c->profile->authority))
		return 0;
	return statement_wording(j->s->status, m->status_reason);
}

static enum standing_wording letter_wording(const struct judging *j)
{
	if (j->s->listed)
		return STANDING_W3;
	return j->c->member->class == MEMBER_PRACTISING ? STANDING_W1 : STANDING_W2;
}

static bool disclosable_any(const struct member *m)
{
	for (size_t i = 0; m->discipline != NULL && i < m->discipline->finding_count; i++)
		if (m->discipline->findings[i].disclosable == ANSWER_YES)
			return true;
	return false;
}

static struct str addressee(const struct standing_case *c, bool *shortened)
{
	const struct request_recipient *to = c->request->recipient;

	*shortened = false;
	if (to == NULL)
		return (struct str){ 0 };
	if (to->name.n <= PAYLOAD_RECIPIENT_MAX || c->profile->recipient_short.n == 0 ||
	    !str_eq(to->name, c->profile->recipient))
		return to->name;
	*shortened = true;
	return c->profile->recipient_short;
}

/* The last day: the profile's, or the request's when that comes sooner. */
static int64_t last_day(const struct judging *j)
{
	int64_t offered = civil_days(term_end(j->day, (enum term)j->c->profile->valid_for));
	int64_t asked = civil_days(term_end(j->day, (enum term)j->c->request->valid_for));

	return j->c->request->valid_for != TERM_ABSENT && asked < offered ? asked : offered;
}

/* What the code says of findings and proceedings: no more than the conditions passed. */
static void reach_settle(struct judging *j)
{
	const struct standing_check *checks = j->s->checks;
	const struct member *m = j->c->member;
	bool known = m != NULL && m->discipline != NULL &&
		     (m->discipline->pending == MEMBER_PENDING_NONE ||
		      m->discipline->pending == MEMBER_PENDING_OPEN);

	if (j->letter) {
		j->s->pending = checks[STANDING_PENDING].answer == STANDING_PASSED;
		if (checks[STANDING_LOOK_BACK].answer == STANDING_PASSED)
			j->s->look_back = (unsigned)j->c->profile->look_back;
	} else {
		j->s->pending = known && j->c->profile->pending == PROFILE_PENDING_COVERED;
	}
}

static bool any_failed(const struct standing *s)
{
	for (size_t i = 0; i < STANDING_CONDITIONS; i++)
		if (s->checks[i].answer == STANDING_FAILED)
			return true;
	return false;
}

bool standing_decide(struct arena *a, const struct standing_case *c, struct standing *out,
		     struct err *e)
{
	struct standing s = { 0 };
	struct judging j = { .a = a, .c = c, .s = &s, .e = e };

	if (!case_check(c, e))
		return false;
	j.letter = c->request->document == REQUEST_GOOD_STANDING;
	j.day = civil_of_days(instant_day(c->as_at, c->utc_offset_min));
	s.as_at_min = (c->as_at - (c->as_at % 60 + 60) % 60) / 60;
	s.recipient = addressee(c, &s.shortened);
	s.expires_day = last_day(&j);
	if (c->member != NULL) {
		s.status = standing_status(c->member, j.day, &s.since);
		s.class_code = (unsigned)c->member->class;
		s.listed = disclosable_any(c->member) &&
			   (!j.letter || c->profile->look_back == LOOK_BACK_EVER);
	}
	if (!standing_check_all(&j))
		return false;
	reach_settle(&j);
	if (!any_failed(&s))
		s.outcome = j.letter ? STANDING_LETTER : STANDING_STATEMENT;
	s.wording = s.outcome == STANDING_LETTER ? letter_wording(&j) : statement_offer(&j);
	*out = s;
	return true;
}

static void hex_put(struct buf *text, const char *key, const unsigned char hash[SHA256_SIZE])
{
	buf_printf(text, "\"%s\":\"", key);
	enc_hex(text, hash, SHA256_SIZE);
	buf_byte(text, '"');
}

bool standing_binding(const struct standing_case *c, const struct standing_paper *paper,
		      unsigned char out[SHA256_SIZE], struct err *e)
{
	static const unsigned char none[SHA256_SIZE];
	struct buf text = buf_empty(BINDING_MAX);
	struct str part;
	bool ok;

	buf_byte(&text, '{');
	hex_put(&text, "form", paper->hash);
	buf_c(&text, ",\"member_id\":");
	canon_string(&text, c->request->member_id);
	buf_byte(&text, ',');
	hex_put(&text, "nonce", c->nonce);
	buf_c(&text, ",\"profile\":");
	buf_str(&text, c->profile->canonical);
	buf_byte(&text, ',');
	hex_put(&text, "record", c->member == NULL ? none : c->member->hash);
	buf_c(&text, ",\"request\":");
	buf_str(&text, c->request->canonical);
	buf_c(&text, ",\"rev\":");
	buf_uint(&text, c->member == NULL ? 0 : (uint64_t)c->member->rev);
	buf_c(&text, ",\"template\":");
	canon_string(&text, paper->template_id);
	buf_c(&text, ",\"version\":");
	buf_uint(&text, paper->version);
	buf_byte(&text, '}');
	ok = buf_ok(&text, "what an approval binds", e);
	part = buf_view(&text);
	if (ok)
		sha256_labelled("hufu/1/approval", &part, 1, out);
	buf_free(&text);
	return ok;
}
