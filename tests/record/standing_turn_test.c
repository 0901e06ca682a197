/* SPDX-License-Identifier: Apache-2.0 */
#include "record/standing.h"

#include "check.h"

/* A letter of 20 November 2026 that expires on 20 February 2027; the register of 15 December. */
static const struct civil AS_AT = { 2026, 11, 20 }, EXPIRES = { 2027, 2, 20 },
			  TODAY = { 2026, 12, 15 };

static const struct member_admission admission = { .date = { 2010, 2, 28 } };

static struct member member_of(int status, int reason)
{
	struct member m = { .member_id = STR("m-1"),
			    .member_no = STR("990000010001"),
			    .class = MEMBER_PRACTISING,
			    .status = status,
			    .status_reason = reason,
			    .admission = &admission };

	if (status != MEMBER_ACTIVE)
		m.status_since = (struct civil){ 2026, 12, 1 };
	return m;
}

static struct standing_said letter(int64_t look_back, const char *findings)
{
	return (struct standing_said){ .letter = true,
				       .status = STR(""),
				       .look_back = look_back,
				       .findings = str_of(findings),
				       .as_at = AS_AT,
				       .expires = EXPIRES };
}

static struct standing_said statement(const char *status, bool penalty)
{
	return (struct standing_said){ .status = str_of(status),
				       .penalty = penalty,
				       .findings = STR(""),
				       .as_at = AS_AT,
				       .expires = EXPIRES };
}

static void turns(const char *what, const struct member *m, const struct standing_said *said,
		  struct civil today, enum standing_turn want)
{
	static const char *const words[] = { "holds", "ended", "withdrawn" };
	enum standing_turn got = standing_turned(m, said, today);

	if (got != want)
		EQ_C(what, words[got]);
	CHECK(got == want);
}

TEST(a_letter_ends_when_its_member_is_no_longer_active)
{
	static const struct {
		int status, reason;
		enum standing_turn want;
	} cases[] = {
		{ MEMBER_REVOKED, 0, STANDING_WITHDRAWN },
		{ MEMBER_EXPELLED, 0, STANDING_WITHDRAWN },
		{ MEMBER_ANNULLED, MEMBER_FRAUD, STANDING_WITHDRAWN },
		{ MEMBER_ANNULLED, MEMBER_CONVICTION, STANDING_ENDED },
		{ MEMBER_ANNULLED, MEMBER_STOPPED_PRACTISING, STANDING_ENDED },
		{ MEMBER_SUSPENDED, 0, STANDING_ENDED },
		{ MEMBER_CANCELLED, 0, STANDING_ENDED },
		{ MEMBER_LAPSED, 0, STANDING_ENDED },
		{ MEMBER_RESIGNED, 0, STANDING_ENDED },
		{ MEMBER_DECEASED, 0, STANDING_ENDED },
		{ MEMBER_TRANSFERRED, 0, STANDING_ENDED },
		{ MEMBER_ACTIVE, 0, STANDING_HOLDS },
	};
	static const char *const told[] = { "active", "suspended", "resigned", "revoked" };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct member m = member_of(cases[i].status, cases[i].reason);
		struct standing_said said = letter(7, "");
		const char *word = member_status_word(cases[i].status);

		turns(word, &m, &said, TODAY, cases[i].want);
		turns("of the last day", &m, &said, EXPIRES, cases[i].want);
		turns("expired", &m, &said, (struct civil){ 2027, 2, 21 }, STANDING_HOLDS);
		for (size_t k = 0; k < COUNT_OF(told); k++) {
			bool penalty = k == 3;
			enum standing_turn want = cases[i].want;

			said = statement(told[k], penalty);
			if (str_eq(str_of(told[k]), str_of(word)))
				want = STANDING_HOLDS;
			turns(told[k], &m, &said, TODAY, want);
		}
	}
}

TEST(a_statement_of_an_annulment_stands_while_its_reason_is_as_grave)
{
	static const struct {
		int reason;
		bool penalty;
		enum standing_turn want;
	} cases[] = {
		{ MEMBER_FRAUD, true, STANDING_HOLDS },
		{ MEMBER_FRAUD, false, STANDING_WITHDRAWN }, /* it said that there was no blame */
		{ MEMBER_CONVICTION, false, STANDING_HOLDS },
		{ MEMBER_CONVICTION, true, STANDING_ENDED }, /* it said that it was by fraud */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct member m = member_of(MEMBER_ANNULLED, cases[i].reason);
		struct standing_said said = statement("annulled", cases[i].penalty);

		turns("annulled", &m, &said, TODAY, cases[i].want);
	}
}

#define LISTED "2024-03-01\treprimand\t\tWords\n2020-05-05\tfine\t2020-06-05\t"

TEST(a_sanction_ends_a_letter_that_did_not_tell_of_it)
{
	static const struct {
		const char *what;
		struct member_finding f;
		enum standing_turn none, seven, ever; /* letters of these look-backs */
		enum standing_turn told;              /* a statement */
	} cases[] = {
		{ "new warning",
		  { { 2026, 12, 1 }, MEMBER_WARNING, { 0 }, { 0 }, ANSWER_YES },
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_ENDED },
		{ "of today",
		  { { 2026, 12, 15 }, MEMBER_FINE, { 0 }, { 0 }, ANSWER_NO },
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_ENDED },
		{ "of tomorrow",
		  { { 2026, 12, 16 }, MEMBER_SUSPENSION, { 0 }, { 0 }, ANSWER_YES },
		  STANDING_HOLDS,
		  STANDING_HOLDS,
		  STANDING_HOLDS,
		  STANDING_HOLDS },
		{ "over again before today",
		  { { 2026, 11, 25 }, MEMBER_SUSPENSION, { 0 }, { 2026, 12, 5 }, ANSWER_YES },
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_ENDED },
		{ "in force since before, entered later",
		  { { 2026, 6, 1 }, MEMBER_SUSPENSION, { 0 }, { 2027, 1, 31 }, ANSWER_YES },
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_HOLDS },
		{ "over since before, entered later",
		  { { 2026, 6, 1 }, MEMBER_REPRIMAND, { 0 }, { 0 }, ANSWER_YES },
		  STANDING_HOLDS,
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_HOLDS },
		{ "of the day itself",
		  { { 2026, 11, 20 }, MEMBER_WARNING, { 0 }, { 0 }, ANSWER_YES },
		  STANDING_HOLDS,
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_HOLDS },
		{ "on the first day of seven years",
		  { { 2019, 11, 20 }, MEMBER_WARNING, { 0 }, { 0 }, ANSWER_YES },
		  STANDING_HOLDS,
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_HOLDS },
		{ "the day before that",
		  { { 2019, 11, 19 }, MEMBER_WARNING, { 0 }, { 0 }, ANSWER_YES },
		  STANDING_HOLDS,
		  STANDING_HOLDS,
		  STANDING_ENDED,
		  STANDING_HOLDS },
		{ "before that, with an end inside",
		  { { 2018, 1, 1 }, MEMBER_SUSPENSION, { 0 }, { 2019, 11, 20 }, ANSWER_YES },
		  STANDING_HOLDS,
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_HOLDS },
		{ "listed",
		  { { 2024, 3, 1 }, MEMBER_REPRIMAND, { 0 }, { 0 }, ANSWER_YES },
		  STANDING_HOLDS,
		  STANDING_ENDED,
		  STANDING_HOLDS,
		  STANDING_HOLDS },
		{ "listed, with an end",
		  { { 2020, 5, 5 }, MEMBER_FINE, { 0 }, { 2020, 6, 5 }, ANSWER_YES },
		  STANDING_HOLDS,
		  STANDING_ENDED,
		  STANDING_HOLDS,
		  STANDING_HOLDS },
		{ "of a listed day, another sanction",
		  { { 2024, 3, 1 }, MEMBER_WARNING, { 0 }, { 0 }, ANSWER_YES },
		  STANDING_HOLDS,
		  STANDING_ENDED,
		  STANDING_ENDED,
		  STANDING_HOLDS },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct member_discipline d = { .findings = &cases[i].f, .finding_count = 1 };
		struct member m = member_of(MEMBER_ACTIVE, 0);
		struct standing_said none = letter(LOOK_BACK_NONE, ""), seven = letter(7, ""),
				     ever = letter(LOOK_BACK_EVER, LISTED),
				     told = statement("active", false);

		m.discipline = &d;
		CHECK(!standing_clean(&m));
		turns(cases[i].what, &m, &none, TODAY, cases[i].none);
		turns(cases[i].what, &m, &seven, TODAY, cases[i].seven);
		turns(cases[i].what, &m, &ever, TODAY, cases[i].ever);
		turns(cases[i].what, &m, &told, TODAY, cases[i].told);
	}
}

TEST(rows_that_are_none_list_nothing)
{
	static const char *const rows[] = {
		"",
		"\n",
		"\t",
		"2024-03-01",
		"2024-03-01\t",
		"reprimand\t2024-03-01\t",
		"2024-03-01\treprimands\t",
		"2024-03-0\treprimand\t",
		"\n\n\t\t\n",
	};
	static const struct member_finding f = {
		{ 2024, 3, 1 }, MEMBER_REPRIMAND, { 0 }, { 0 }, ANSWER_YES
	};
	struct member_discipline d = { .findings = &f, .finding_count = 1 };
	struct member m = member_of(MEMBER_ACTIVE, 0);

	m.discipline = &d;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct standing_said ever = letter(LOOK_BACK_EVER, rows[i]);

		turns(rows[i], &m, &ever, TODAY, STANDING_ENDED);
	}
}

TEST(a_restriction_ends_a_letter_that_it_touches)
{
	static const struct {
		const char *what;
		struct civil from, until;
		enum standing_turn letter, told;
	} cases[] = {
		{ "new", { 2026, 12, 1 }, { 0 }, STANDING_ENDED, STANDING_ENDED },
		{ "over again",
		  { 2026, 11, 21 },
		  { 2026, 11, 30 },
		  STANDING_ENDED,
		  STANDING_ENDED },
		{ "of tomorrow", { 2026, 12, 16 }, { 0 }, STANDING_HOLDS, STANDING_HOLDS },
		{ "entered later", { 2026, 1, 1 }, { 0 }, STANDING_ENDED, STANDING_HOLDS },
		{ "ends today", { 2026, 1, 1 }, { 2026, 12, 15 }, STANDING_ENDED, STANDING_HOLDS },
		{ "ended yesterday",
		  { 2026, 1, 1 },
		  { 2026, 12, 14 },
		  STANDING_HOLDS,
		  STANDING_HOLDS },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct member_restriction r = { .from = cases[i].from, .until = cases[i].until };
		struct member m = member_of(MEMBER_ACTIVE, 0);
		struct standing_said said = letter(7, ""), told = statement("active", false);

		m.restrictions = &r;
		m.restriction_count = 1;
		CHECK(!standing_clean(&m));
		turns(cases[i].what, &m, &said, TODAY, cases[i].letter);
		turns(cases[i].what, &m, &told, TODAY, cases[i].told);
	}
}

TEST(a_history_that_says_worse_than_the_record_is_believed)
{
	struct member_history h = { .from = { 2026, 12, 1 }, .status = MEMBER_SUSPENDED };
	struct member m = member_of(MEMBER_ACTIVE, 0);
	struct standing_said said = letter(LOOK_BACK_NONE, "");

	CHECK(standing_clean(&m));
	m.history = &h;
	m.history_count = 1;
	CHECK(!standing_clean(&m));
	turns("suspended", &m, &said, TODAY, STANDING_ENDED);
	h.status = MEMBER_REVOKED;
	turns("revoked", &m, &said, TODAY, STANDING_WITHDRAWN);
	h.to = (struct civil){ 2026, 12, 14 };
	turns("over", &m, &said, TODAY, STANDING_HOLDS);
	m = member_of(MEMBER_SUSPENDED, 0);
	CHECK(!standing_clean(&m));
}
