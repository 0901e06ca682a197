/* SPDX-License-Identifier: Apache-2.0 */
#include "record/standing_inner.h"

#include <stdio.h>

#include "proof/payload.h"
#include "record/status.h"

enum {
	DISCIPLINE_AGE_MAX = 24 * 3600,   /* seconds */
	APPROVAL_AGE_MAX = 7 * 24 * 3600, /* seconds */
};

/* Answer a condition and leave; the words behind the code are its figures. */
#define ANSWER(j, check, given, why, ...)                                                          \
	do {                                                                                       \
		(check)->answer = (given);                                                         \
		(check)->code = (why);                                                             \
		return arena_printf((j)->a, &(check)->figures, (j)->e, __VA_ARGS__);               \
	} while (0)
#define PASS(j, check, ...) ANSWER(j, check, STANDING_PASSED, "", __VA_ARGS__)
#define FAIL(j, check, why, ...) ANSWER(j, check, STANDING_FAILED, why, __VA_ARGS__)

/* A date for printf. */
struct day_text {
	char text[11];
};

static struct day_text day_of(struct civil date)
{
	struct day_text t = { "" };

	civil_text(date, t.text);
	return t;
}
#define DAY(date) day_of(date).text

struct instant_words {
	char text[21];
};

static struct instant_words instant_of(int64_t unix_s)
{
	struct instant_words t = { "" };

	instant_text(unix_s, t.text);
	return t;
}
#define INSTANT(unix_s) instant_of(unix_s).text

static bool after(struct civil a, struct civil b)
{
	return civil_days(a) > civil_days(b);
}

static const char *status_refusal(int status)
{
	static const char *const codes[] = {
		[MEMBER_STATUS_ABSENT] = "MEMBER-UNKNOWN",
		[MEMBER_ACTIVE] = "",
		[MEMBER_SUSPENDED] = "MEMBER-SUSPENDED",
		[MEMBER_LAPSED] = "MEMBER-LAPSED",
		[MEMBER_RESIGNED] = "MEMBER-RESIGNED",
		[MEMBER_CANCELLED] = "MEMBER-CANCELLED",
		[MEMBER_ANNULLED] = "MEMBER-ANNULLED",
		[MEMBER_REVOKED] = "MEMBER-REVOKED",
		[MEMBER_EXPELLED] = "MEMBER-EXPELLED",
		[MEMBER_TRANSFERRED] = "MEMBER-TRANSFERRED",
		[MEMBER_DECEASED] = "MEMBER-DECEASED",
	};

	return codes[status];
}

static bool status_check(struct judging *j, struct standing_check *check)
{
	const struct member *m = j->c->member;
	bool refused = j->letter ? j->s->status != MEMBER_ACTIVE
				 : j->s->status == MEMBER_DECEASED && !j->c->profile->authority;

	/* "No record matches" would be untrue of somebody whose record could not be read. */
	if (m == NULL && j->c->unreadable)
		FAIL(j, check, "MEMBER-UNREADABLE", "the register's record of %.*s was refused",
		     STR_ARG(j->c->request->member_id));
	if (m == NULL && !j->letter)
		return true;
	if (m == NULL)
		FAIL(j, check, "MEMBER-UNKNOWN", "no record of %.*s",
		     STR_ARG(j->c->request->member_id));
	if (after(m->admission->date, j->day))
		FAIL(j, check, "ADMISSION-FUTURE", "admitted %s, as at %s", DAY(m->admission->date),
		     DAY(j->day));
	check->answer = refused ? STANDING_FAILED : STANDING_PASSED;
	check->code = refused ? status_refusal(j->s->status) : "";
	if (j->s->status != m->status)
		return arena_printf(j->a, &check->figures, j->e,
				    "%s since %s by the history, %s by the record",
				    member_status_word(j->s->status), DAY(j->s->since),
				    member_status_word(m->status));
	if (j->s->since.year == 0)
		return arena_printf(j->a, &check->figures, j->e, "%s",
				    member_status_word(j->s->status));
	return arena_printf(j->a, &check->figures, j->e, "%s since %s",
			    member_status_word(j->s->status), DAY(j->s->since));
}

static bool discipline_check(struct judging *j, struct standing_check *check)
{
	const struct member_discipline *d = j->c->member->discipline;

	if (d == NULL)
		FAIL(j, check, "DISCIPLINE-MISSING", "not in the record");
	if (d->checked_at > j->c->as_at)
		FAIL(j, check, "DISCIPLINE-FUTURE", "checked %s, as at %s", INSTANT(d->checked_at),
		     INSTANT(j->c->as_at));
	if (j->c->as_at - d->checked_at > DISCIPLINE_AGE_MAX)
		FAIL(j, check, "DISCIPLINE-STALE", "checked %s, as at %s: over 24 hours",
		     INSTANT(d->checked_at), INSTANT(j->c->as_at));
	PASS(j, check, "checked %s", INSTANT(d->checked_at));
}

bool standing_live(const struct member_finding *f, struct civil day)
{
	if (after(f->date, day))
		return true;
	if (f->ends.year != 0)
		return !after(day, f->ends);
	switch ((enum member_sanction)f->sanction) {
	case MEMBER_WARNING:
	case MEMBER_REPRIMAND:
	case MEMBER_CRITICISM:
	case MEMBER_FINE:
		return false;
	case MEMBER_SANCTION_ABSENT:
	case MEMBER_SUSPENSION:
	case MEMBER_REVOCATION:
	case MEMBER_EXPULSION:
	case MEMBER_SANCTION_OTHER:
		break;
	}
	/* what takes a right away goes on until the register says when it ended */
	return true;
}

static bool sanction_check(struct judging *j, struct standing_check *check)
{
	const struct member_discipline *d = j->c->member->discipline;

	if (!j->letter)
		return true;
	if (d == NULL)
		FAIL(j, check, "DISCIPLINE-MISSING", "not in the record");
	for (size_t i = 0; i < d->finding_count; i++) {
		const struct member_finding *f = &d->findings[i];

		if (standing_live(f, j->day))
			FAIL(j, check, "SANCTION-LIVE", "%s of %s, ends %s",
			     member_sanction_word(f->sanction), DAY(f->date),
			     f->ends.year == 0 ? "not said" : DAY(f->ends));
	}
	PASS(j, check, "none in force on %s", DAY(j->day));
}

static bool restriction_check(struct judging *j, struct standing_check *check)
{
	const struct member *m = j->c->member;

	if (!j->letter)
		return true;
	for (size_t i = 0; i < m->restriction_count; i++) {
		const struct member_restriction *r = &m->restrictions[i];

		/* one that is decided and has yet to begin counts too */
		if (r->until.year == 0 || !after(j->day, r->until))
			FAIL(j, check, "RESTRICTION-LIVE", "from %s, until %s", DAY(r->from),
			     r->until.year == 0 ? "not said" : DAY(r->until));
	}
	PASS(j, check, "none in force on %s", DAY(j->day));
}

/* "5 years", "ever". */
static bool reach_text(struct judging *j, struct str *out)
{
	if (j->c->profile->look_back == LOOK_BACK_EVER)
		return arena_printf(j->a, out, j->e, "ever");
	return arena_printf(j->a, out, j->e, "%lld years before %s",
			    (long long)j->c->profile->look_back, DAY(j->day));
}

static bool look_back_check(struct judging *j, struct standing_check *check)
{
	const struct member_discipline *d = j->c->member->discipline;
	int64_t years = j->c->profile->look_back;
	struct str reach;
	size_t listed = 0;

	if (!j->letter || years == LOOK_BACK_NONE)
		return true;
	if (d == NULL)
		FAIL(j, check, "DISCIPLINE-MISSING", "not in the record");
	if (!reach_text(j, &reach))
		return false;
	for (size_t i = 0; i < d->finding_count; i++) {
		const struct member_finding *f = &d->findings[i];
		/* "imposed or in force": a long sanction counts by its end */
		struct civil last = after(f->ends, f->date) ? f->ends : f->date;

		if (!term_within(last, j->day, years))
			continue;
		if (years != LOOK_BACK_EVER)
			FAIL(j, check, "FINDING-WITHIN", "%s of %s, last day %s; %.*s",
			     member_sanction_word(f->sanction), DAY(f->date), DAY(last),
			     STR_ARG(reach));
		if (f->disclosable != ANSWER_YES)
			FAIL(j, check, "FINDING-NOT-DISCLOSABLE",
			     "%s of %s may not be listed; %.*s", member_sanction_word(f->sanction),
			     DAY(f->date), STR_ARG(reach));
		listed++;
	}
	PASS(j, check, "%zu to list; %.*s", listed, STR_ARG(reach));
}

static bool pending_check(struct judging *j, struct standing_check *check)
{
	const struct member_discipline *d = j->c->member->discipline;

	if (!j->letter || j->c->profile->pending != PROFILE_PENDING_COVERED)
		return true;
	if (d == NULL)
		FAIL(j, check, "DISCIPLINE-MISSING", "not in the record");
	if (d->pending == MEMBER_PENDING_OPEN)
		FAIL(j, check, "PENDING-OPEN", "a proceeding is open");
	if (d->pending != MEMBER_PENDING_NONE)
		FAIL(j, check, "PENDING-UNKNOWN", "the register does not disclose it");
	PASS(j, check, "none open, checked %s", INSTANT(d->checked_at));
}

/*
 * The check of a year is made in its course, so last year's must be done and this year's may be open; a member need not
 * pass the one of the year of admission.
 */
static bool annual_check(struct judging *j, struct standing_check *check)
{
	const struct member_annual_check *k = j->c->member->annual_check;
	bool done, exempt;

	if (!j->letter || k == NULL)
		return true;
	done = k->result == MEMBER_CHECK_PASSED || k->result == MEMBER_CHECK_NOT_REQUIRED;
	exempt = j->c->member->admission->date.year >= j->day.year - 1;
	if (k->result == MEMBER_CHECK_FAILED)
		FAIL(j, check, "ANNUAL-CHECK-FAILED", "of %lld", (long long)k->year);
	if (!exempt && (k->year < j->day.year - 1 || (k->year < j->day.year && !done)))
		FAIL(j, check, "ANNUAL-CHECK-OVERDUE", "last of %lld, %s, as at %s",
		     (long long)k->year, done ? "done" : "not done", DAY(j->day));
	PASS(j, check, "of %lld, %s", (long long)k->year, done ? "done" : "open");
}

static bool dues_check(struct judging *j, struct standing_check *check)
{
	struct civil through = j->c->member->dues_paid_through;

	if (!j->letter)
		return true;
	if (through.year == 0)
		FAIL(j, check, "DUES-MISSING", "not in the record");
	if (after(j->day, through))
		FAIL(j, check, "DUES-UNPAID", "paid through %s, as at %s", DAY(through),
		     DAY(j->day));
	PASS(j, check, "paid through %s", DAY(through));
}

static bool name_check(struct judging *j, struct standing_check *check)
{
	const struct member *m = j->c->member;
	bool zh = j->c->request->language != REQUEST_EN;

	if (m->unprintable.count > 0)
		FAIL(j, check, "NAME-UNPRINTABLE", "%s", m->unprintable.first->err.cause);
	if (m->name->latin == NULL)
		FAIL(j, check, "NAME-MISSING", "no Latin name");
	if (zh && m->name->native.n == 0)
		FAIL(j, check, "NAME-MISSING", "no native name for a letter in Chinese");
	PASS(j, check, "%s", zh ? "native and Latin" : "Latin");
}

static bool item_present(const struct member *m, enum request_item item)
{
	switch (item) {
	case REQUEST_DOB:
		return m->birth_date.year != 0;
	case REQUEST_FIRM:
		return m->practice != NULL &&
		       (m->practice->firm_en.n > 0 || m->practice->firm_zh.n > 0);
	case REQUEST_EXAM:
		return m->qualification != NULL && m->qualification->exam_cert_no.n > 0;
	case REQUEST_CPD:
		return m->cpd != NULL;
	case REQUEST_HISTORY:
		return m->history_count > 0;
	case REQUEST_ITEM_ABSENT:
	case REQUEST_STANDING:
	case REQUEST_DISCIPLINE:
	case REQUEST_PENDING:
		break;
	}
	return true;
}

/* The words of some items, ", " between them. */
static struct str items_text(unsigned items, char out[160])
{
	size_t n = 0;

	out[0] = '\0';
	for (int i = 1; i < REQUEST_ITEMS; i++) {
		int more;

		if (!(items & REQUEST_BIT(i)))
			continue;
		more = snprintf(out + n, 160 - n, "%s%s", n > 0 ? ", " : "", request_item_word(i));
		n += more > 0 && (size_t)more < 160 - n ? (size_t)more : 0;
	}
	return (struct str){ out, n };
}

static bool include_check(struct judging *j, struct standing_check *check)
{
	unsigned asked = j->c->request->include, missing = 0;
	char words[160];

	if (asked == 0)
		return true;
	for (int i = 1; i < REQUEST_ITEMS; i++)
		if ((asked & REQUEST_BIT(i)) && !item_present(j->c->member, (enum request_item)i))
			missing |= REQUEST_BIT(i);
	if (missing != 0)
		FAIL(j, check, "INCLUDE-MISSING", "not in the record: %.*s",
		     STR_ARG(items_text(missing, words)));
	PASS(j, check, "%.*s", STR_ARG(items_text(asked, words)));
}

static bool recipient_check(struct judging *j, struct standing_check *check)
{
	const struct standing_case *c = j->c;
	struct str line = j->s->recipient;

	if (c->request->recipient == NULL) {
		if (c->profile->direct || c->request->delivery != REQUEST_TO_MEMBER)
			FAIL(j, check, "RECIPIENT-NEEDED",
			     "a letter that goes to its recipient names one");
		PASS(j, check, "to whom it may concern");
	}
	if (line.n > PAYLOAD_RECIPIENT_MAX)
		FAIL(j, check, "RECIPIENT-LONG", "%zu bytes of %d; the profile has no short form",
		     line.n, PAYLOAD_RECIPIENT_MAX);
	if (c->profile->direct && c->request->delivery == REQUEST_TO_MEMBER)
		FAIL(j, check, "DELIVERY-DIRECT", "this recipient takes no letter from a member");
	PASS(j, check, "%zu bytes of %d%s", line.n, PAYLOAD_RECIPIENT_MAX,
	     j->s->shortened ? ", short form" : "");
}

static bool language_check(struct judging *j, struct standing_check *check)
{
	static const struct {
		unsigned bits;
		const char *word;
	} asked[] = {
		[REQUEST_LANGUAGE_ABSENT] = { 0, "" },
		[REQUEST_EN] = { PROFILE_EN, "en" },
		[REQUEST_ZH] = { PROFILE_ZH, "zh" },
		[REQUEST_BOTH] = { PROFILE_EN | PROFILE_ZH, "both" },
	};
	int language = j->c->request->language;

	if (asked[language].bits & ~j->c->profile->languages)
		FAIL(j, check, "LANGUAGE-NOT-OFFERED", "%s is not of the profile",
		     asked[language].word);
	PASS(j, check, "%s", asked[language].word);
}

static bool consent_check(struct judging *j, struct standing_check *check)
{
	const struct request *r = j->c->request;
	unsigned needed = REQUEST_BIT(REQUEST_STANDING) | r->include;
	char words[160];

	if (j->s->listed)
		needed |= REQUEST_BIT(REQUEST_DISCIPLINE);
	if (j->c->profile->pending == PROFILE_PENDING_COVERED)
		needed |= REQUEST_BIT(REQUEST_PENDING);
	if (r->consent == NULL)
		FAIL(j, check, "CONSENT-MISSING", "not in the request");
	if (r->consent->given_at > j->c->as_at)
		FAIL(j, check, "CONSENT-FUTURE", "given %s, as at %s",
		     INSTANT(r->consent->given_at), INSTANT(j->c->as_at));
	if (needed & ~r->scope)
		FAIL(j, check, "CONSENT-SCOPE", "does not cover %.*s",
		     STR_ARG(items_text(needed & ~r->scope, words)));
	PASS(j, check, "given %s", INSTANT(r->consent->given_at));
}

static bool approval_check(struct judging *j, struct standing_check *check)
{
	const struct standing_approval *p = j->c->approval;

	if (!j->c->issuing)
		return true;
	if (p == NULL)
		FAIL(j, check, "APPROVAL-MISSING", "no officer approved it");
	if (p->prepared_by.n == 0 || p->approved_by.n == 0 ||
	    str_eq(p->prepared_by, p->approved_by))
		FAIL(j, check, "APPROVAL-ONE-OFFICER", "prepared and approved by one officer");
	if (!bytes_equal(p->binds, j->c->binding, sizeof p->binds))
		FAIL(j, check, "APPROVAL-OTHER",
		     "record, request, profile or template is not the one approved");
	if (p->at > j->c->as_at)
		FAIL(j, check, "APPROVAL-FUTURE", "approved %s, as at %s", INSTANT(p->at),
		     INSTANT(j->c->as_at));
	if (j->c->as_at - p->at > APPROVAL_AGE_MAX)
		FAIL(j, check, "APPROVAL-EXPIRED", "approved %s, as at %s: over 7 days",
		     INSTANT(p->at), INSTANT(j->c->as_at));
	PASS(j, check, "approved %s", INSTANT(p->at));
}

bool standing_check_all(struct judging *j)
{
	static const struct {
		bool of_record; /* asks the member's record: nothing to ask when there is none */
		bool (*run)(struct judging *j, struct standing_check *check);
	} conditions[] = {
		[STANDING_STATUS] = { false, status_check },
		[STANDING_DISCIPLINE] = { true, discipline_check },
		[STANDING_SANCTION] = { true, sanction_check },
		[STANDING_RESTRICTION] = { true, restriction_check },
		[STANDING_LOOK_BACK] = { true, look_back_check },
		[STANDING_PENDING] = { true, pending_check },
		[STANDING_ANNUAL_CHECK] = { true, annual_check },
		[STANDING_DUES] = { true, dues_check },
		[STANDING_NAME] = { true, name_check },
		[STANDING_INCLUDE] = { true, include_check },
		[STANDING_RECIPIENT] = { false, recipient_check },
		[STANDING_LANGUAGE] = { false, language_check },
		[STANDING_CONSENT] = { true, consent_check },
		[STANDING_APPROVAL] = { false, approval_check },
	};

	for (size_t i = 0; i < STANDING_CONDITIONS; i++) {
		struct standing_check *check = &j->s->checks[i];

		check->code = "";
		if (conditions[i].of_record && j->c->member == NULL)
			continue;
		if (!conditions[i].run(j, check))
			return false;
	}
	return true;
}
