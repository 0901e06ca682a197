/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/payload.h"

#include <stdio.h>

#include "base/civil.h"
#include "check.h"
#include "proof/payload.h"
#include "record/member.h"

enum { PEKING = 480, FACTS = 12 };

struct said {
	const char *key, *value;
};

static struct facts facts_of(const struct said *said)
{
	struct facts f = { 0 };
	struct err e;

	for (size_t i = 0; i < FACTS && said[i].key != NULL; i++)
		OK(facts_add(&f, str_of(said[i].key), str_of(said[i].value), &e), e);
	return f;
}

/* A letter with one fact said otherwise, or left out (value NULL). */
static struct facts letter_but(const char *key, const char *value)
{
	static const struct said letter[] = {
		{ "admitted", "2020-02-29" },  { "as_at", "2026-11-23T09:00+08:00" },
		{ "class", "non_practising" }, { "expires", "2027-02-23" },
		{ "look_back", "5" },          { "member_no", "990012340028" },
		{ "name_latin", "LYU Lyu" },   { "name_native", "吕绿" },
		{ "pending", "covered" },      { "recipient", "The Registrar" },
		{ "wording", "W2" },
	};
	struct facts f = { 0 };
	struct err e;

	for (size_t i = 0; i < COUNT_OF(letter); i++) {
		const char *said = letter[i].value;

		if (key != NULL && strcmp(letter[i].key, key) == 0)
			said = value;
		if (said != NULL)
			OK(facts_add(&f, str_of(letter[i].key), str_of(said), &e), e);
	}
	return f;
}

/* Everything but what the caller adds is enough for a payload that may be signed. */
static void may_be_signed(struct token_payload p)
{
	struct err e;

	p.docid_size = 10;
	p.issued_day = civil_days((struct civil){ 2026, 11, 23 });
	OK(payload_check(&p, &e), e);
}

TEST(a_fact_that_is_not_what_its_key_says_is_named)
{
	static const struct said wrong[] = {
		{ "expires", "2027-02-30" },
		{ "expires", "" },
		{ "as_at", NULL },
		{ "as_at", "2026-11-23" },
		{ "as_at", "2026-11-23T09:00Z" },
		{ "as_at", "2026-11-23T09:60+08:00" },
		{ "as_at", "2026-02-30T09:00+08:00" },
		{ "as_at", "2026-11-23T09:00+0800:" },
		{ "as_at", "2026-11-23T09:00+07:00" },
		{ "as_at", "2026-11-23T09:00-08:00" },
		{ "wording", NULL },
		{ "wording", "W0" },
		{ "wording", "W8" },
		{ "wording", "W10" },
		{ "wording", "2" },
		{ "wording", "w2" },
		{ "class", "" },
		{ "class", "retired" },
		{ "look_back", "0" },
		{ "look_back", "05" },
		{ "look_back", "255" },
		{ "look_back", "years" },
		{ "pending", "yes" },
	};

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct facts f = letter_but(wrong[i].key, wrong[i].value);
		struct token_payload p = { .type = 99 };
		struct err e = { 0 };
		char pointer[32];

		snprintf(pointer, sizeof pointer, "/%s", wrong[i].key);
		CHECK(!payload_of_facts(&f, TYPE_LETTER, PEKING, &p, &e));
		EQ_C(e.pointer, pointer);
		EQ_INT(e.kind, ERR_SYSTEM);
		EQ_INT(p.type, 99); /* untouched */
	}
}

TEST(a_letter_says_in_its_code_what_it_says_on_its_page)
{
	struct facts f = letter_but(NULL, NULL);
	struct token_payload p;
	struct err e;

	OK(payload_of_facts(&f, TYPE_LETTER, PEKING, &p, &e), e);
	EQ_INT(p.type, TYPE_LETTER);
	EQ_STR(p.member_no, STR("990012340028"));
	EQ_STR(p.name_native, STR("吕绿"));
	EQ_STR(p.name_latin, STR("LYU Lyu"));
	EQ_STR(p.recipient, STR("The Registrar"));
	EQ_INT(p.expires_day, civil_days((struct civil){ 2027, 2, 23 }));
	EQ_INT(p.as_at_min, civil_days((struct civil){ 2026, 11, 23 }) * 1440 + 60);
	EQ_INT(p.wording, 2);
	EQ_INT(p.class_code, MEMBER_NON_PRACTISING);
	EQ_INT(p.look_back, 5);
	EQ_INT(p.pending, 1);
	CHECK(!p.has_admitted); /* printed, but a letter's code has no place for it */
	EQ_INT(p.admitted_day, 0);
	may_be_signed(p);
}

TEST(years_looked_back_have_a_number_each)
{
	static const struct {
		const char *word;
		unsigned code;
	} words[] = { { NULL, 0 }, { "none", 0 }, { "1", 1 }, { "50", 50 }, { "ever", 255 } };

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct facts f = letter_but("look_back", words[i].word);
		struct token_payload p;
		struct err e;

		OK(payload_of_facts(&f, TYPE_LETTER, PEKING, &p, &e), e);
		EQ_INT(p.look_back, words[i].code);
	}
}

TEST(the_time_is_read_in_the_issuers_zone_west_of_greenwich_too)
{
	struct facts f = letter_but("as_at", "2026-11-22T20:30-04:30");
	struct token_payload p;
	struct err e;

	OK(payload_of_facts(&f, TYPE_STATEMENT, -270, &p, &e), e);
	EQ_INT(p.as_at_min, civil_days((struct civil){ 2026, 11, 23 }) * 1440 + 60);
}

TEST(the_code_carries_the_short_form_where_the_page_prints_one)
{
	static const struct said said[FACTS] = {
		{ "as_at", "2026-11-23T09:00+08:00" },
		{ "recipient", "The Registrar of a body with a name too long for any code" },
		{ "recipient_short", "The Registrar" },
		{ "wording", "W1" },
		{ "pending", "silent" },
	};
	struct facts f = facts_of(said);
	struct token_payload p;
	struct err e;

	OK(payload_of_facts(&f, TYPE_LETTER, PEKING, &p, &e), e);
	EQ_STR(p.recipient, STR("The Registrar"));
	EQ_INT(p.pending, 0);
}

TEST(a_letter_to_whom_it_may_concern_names_nobody)
{
	struct facts f = letter_but("recipient", NULL);
	struct token_payload p;
	struct err e;

	OK(payload_of_facts(&f, TYPE_LETTER, PEKING, &p, &e), e);
	CHECK(p.recipient.p == NULL);
	may_be_signed(p);
}

TEST(a_reply_about_nobody_is_signed_without_a_member)
{
	static const struct said said[FACTS] = { { "as_at", "2026-11-23T09:00+08:00" },
						 { "expires", "2026-12-23" },
						 { "wording", "W7" } };
	struct facts f = facts_of(said);
	struct token_payload p;
	struct err e;

	OK(payload_of_facts(&f, TYPE_STATEMENT, PEKING, &p, &e), e);
	EQ_STR(p.member_no, STR("-"));
	CHECK(p.name_native.p == NULL && p.name_latin.p == NULL && p.recipient.p == NULL);
	EQ_INT(p.class_code + p.look_back + p.pending, 0);
	EQ_INT(p.wording, 7);
	may_be_signed(p);
}

TEST(a_certificate_says_its_day_of_admission_and_nothing_of_a_letter)
{
	static const struct said said[FACTS] = { { "admitted", "2020-02-29" },
						 { "class", "practising" },
						 { "member_no", "N9900005" },
						 { "name_native", "吕绿" } };
	static const struct said undated[FACTS] = { { "admitted", "29 February" } };
	struct facts f = facts_of(said);
	struct token_payload p;
	struct err e;

	OK(payload_of_facts(&f, TYPE_PRACTISING, PEKING, &p, &e), e);
	CHECK(p.has_admitted);
	EQ_INT(p.admitted_day, civil_days((struct civil){ 2020, 2, 29 }));
	EQ_INT(p.expires_day + p.as_at_min + p.wording + p.class_code, 0);
	may_be_signed(p);
	f = facts_of(undated);
	CHECK(!payload_of_facts(&f, TYPE_PRACTISING, PEKING, &p, &e));
	EQ_C(e.pointer, "/admitted");
}
