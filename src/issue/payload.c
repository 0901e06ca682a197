/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/payload.h"

#include <stdio.h>

#include "base/civil.h"
#include "record/member.h"
#include "record/standing.h"
#include "record/term.h"

enum {
	AS_AT_SIZE = sizeof "2026-11-23T09:00+08:00" - 1,
	AS_AT_ZONE = sizeof "2026-11-23T09:00" - 1, /* where the zone begins */
};

/* What is read, and where to. */
struct speech {
	const struct facts *facts;
	struct token_payload *p;
	struct err *e;
};

static bool damaged(const struct speech *s, const char *key)
{
	err_system(s->e, "is no such fact");
	return err_at(s->e, "/%s", key);
}

static struct str fact_or_nil(const struct speech *s, struct str key)
{
	const struct str *value = facts_lookup(s->facts, key);

	return value != NULL ? *value : (struct str){ NULL, 0 };
}

/* The day a fact names; *there is false, and *day as it was, when there is no such fact. */
static bool day_read(const struct speech *s, const char *key, int64_t *day, bool *there)
{
	const struct str *value = facts_lookup(s->facts, str_of(key));
	struct civil date;

	*there = value != NULL;
	if (value == NULL)
		return true;
	if (!civil_read(*value, &date))
		return damaged(s, key);
	*day = civil_days(date);
	return true;
}

/* "2026-11-23T09:00+08:00": RFC 3339 but for the seconds, which are not printed. */
static bool as_at_read(const struct speech *s, int utc_offset_min)
{
	struct str text = fact_or_nil(s, STR("as_at")), zone = str_skip(text, AS_AT_ZONE);
	char instant[AS_AT_SIZE + 4], clock[AS_AT_SIZE + 4];
	int64_t utc = 0, local = 0;

	if (text.n != AS_AT_SIZE)
		return damaged(s, "as_at");
	snprintf(instant, sizeof instant, "%.*s:00%.*s", AS_AT_ZONE, text.p, STR_ARG(zone));
	snprintf(clock, sizeof clock, "%.*s:00Z", AS_AT_ZONE, text.p);
	if (!instant_read(str_of(instant), &utc) || !instant_read(str_of(clock), &local))
		return damaged(s, "as_at");
	if (local - utc != 60 * (int64_t)utc_offset_min) {
		err_system(s->e, "is of another zone than the issuer's");
		return err_at(s->e, "/as_at");
	}
	s->p->as_at_min = utc / 60;
	return true;
}

static bool wording_read(const struct speech *s)
{
	struct str word = fact_or_nil(s, STR("wording"));
	unsigned long long number;

	if (!str_starts(word, STR("W")) || !str_u64(str_skip(word, 1), STANDING_W7, &number) ||
	    number < STANDING_W1)
		return damaged(s, "wording");
	s->p->wording = (unsigned)number;
	return true;
}

static bool class_read(const struct speech *s)
{
	const struct str *word = facts_lookup(s->facts, STR("class"));

	for (int class = MEMBER_PRACTISING; word != NULL; class ++) {
		const char *known = member_class_word(class);

		if (*known == '\0')
			return damaged(s, "class");
		if (str_eq(*word, str_of(known))) {
			s->p->class_code = (unsigned)class;
			break;
		}
	}
	return true;
}

static bool look_back_read(const struct speech *s)
{
	const struct str *word = facts_lookup(s->facts, STR("look_back"));
	unsigned long long years = 0;

	if (word == NULL || str_eq(*word, STR("none")))
		return true;
	if (str_eq(*word, STR("ever")))
		years = LOOK_BACK_EVER;
	else if (!str_u64(*word, LOOK_BACK_EVER - 1, &years) || years == 0)
		return damaged(s, "look_back");
	s->p->look_back = (unsigned)years;
	return true;
}

static bool pending_read(const struct speech *s)
{
	const struct str *word = facts_lookup(s->facts, STR("pending"));

	s->p->pending = word != NULL && str_eq(*word, STR("covered"));
	return word == NULL || s->p->pending || str_eq(*word, STR("silent")) ||
	       damaged(s, "pending");
}

static bool letter_read(const struct speech *s, int utc_offset_min)
{
	struct str full = fact_or_nil(s, STR("recipient")),
		   brief = fact_or_nil(s, STR("recipient_short"));

	s->p->recipient = brief.p != NULL ? brief : full;
	return as_at_read(s, utc_offset_min) && wording_read(s) && class_read(s) &&
	       look_back_read(s) && pending_read(s);
}

bool payload_of_facts(const struct facts *facts, unsigned type, int utc_offset_min,
		      struct token_payload *out, struct err *e)
{
	struct token_payload p = { .type = type };
	struct speech s = { .facts = facts, .p = &p, .e = e };
	bool letter = type == TYPE_LETTER || type == TYPE_STATEMENT, there;

	p.member_no = fact_or_nil(&s, STR("member_no"));
	p.name_native = fact_or_nil(&s, STR("name_native"));
	p.name_latin = fact_or_nil(&s, STR("name_latin"));
	if (!day_read(&s, "expires", &p.expires_day, &there) ||
	    (letter ? !letter_read(&s, utc_offset_min)
		    : !day_read(&s, "admitted", &p.admitted_day, &p.has_admitted)))
		return false;
	if (p.wording == STANDING_W7 && p.member_no.p == NULL)
		p.member_no = STR("-");
	*out = p;
	return true;
}
