/* SPDX-License-Identifier: Apache-2.0 */
#include "record/standing.h"

#include <stdio.h>

#include "base/io.h"
#include "check.h"
#include "proof/payload.h"
#include "record/status.h"

enum { ROOM = 64 * 1024 * 1024, ZONE = 480 };

/* Noon of 20 November 2026 in Beijing; the edge records' discipline was checked at nine. */
#define NOON INT64_C(1795147200)
static const struct civil noon_day = { 2026, 11, 20 };

static struct arena *kept, *arena;
static struct profiles profiles;
static struct buf profiles_text, edge_text, table_text;

static void setup(void)
{
	struct err e = { 0 };

	if (kept != NULL) {
		arena_reset(arena);
		return;
	}
	kept = arena_new(ROOM);
	arena = arena_new(ROOM);
	profiles_text = edge_text = table_text = buf_empty(1 << 20);
	OK(io_read("templates/demo/profiles.json", &profiles_text, &e), e);
	OK(io_read("tests/data/edge.jsonl", &edge_text, &e), e);
	OK(io_read("tests/record/data/letters.tsv", &table_text, &e), e);
	OK(profiles_read(kept, buf_view(&profiles_text), &profiles, &e), e);
}

/* A request that meets every condition of its own. */
static struct request good_request(const struct profile *p)
{
	static const struct request_recipient body = { .name = { "Northland Board of Accountancy",
								 30 } };
	static const struct request_consent consent = { NOON - 86400 };

	return (struct request){ .request_id = STR("r-1"),
				 .member_id = STR("m-1"),
				 .document = REQUEST_GOOD_STANDING,
				 .recipient = &body,
				 .profile = p->id,
				 .language = REQUEST_EN,
				 .delivery = REQUEST_TO_BOTH,
				 .consent = &consent,
				 .scope = (1u << REQUEST_ITEMS) - 2,
				 .canonical = STR("{\"request\":1}") };
}

static const struct member_latin latin = { .full = { "LYU LYU", 7 },
					   .source = MEMBER_FROM_PASSPORT };
static const struct member_name name = { .native = { "吕绿", 6 }, .latin = &latin };
static const struct member_admission admission = { .date = { 2010, 2, 28 } };
static const struct member_practice practice = { .since = { 2012, 6, 30 },
						 .firm_en = { "Sample CPAs", 11 },
						 .audit_rights = ANSWER_YES };
static const struct member_discipline clean = { .checked_at = NOON - 3 * 3600,
						.pending = MEMBER_PENDING_NONE };
static const struct member_annual_check checked = { 2026, MEMBER_CHECK_PASSED, { 2026, 5, 31 } };

/* A member that meets every condition. */
static struct member good_member(void)
{
	return (struct member){ .member_id = STR("m-1"),
				.rev = 6,
				.member_no = STR("990000010001"),
				.class = MEMBER_PRACTISING,
				.status = MEMBER_ACTIVE,
				.name = &name,
				.admission = &admission,
				.practice = &practice,
				.annual_check = &checked,
				.dues_paid_through = { 2026, 12, 31 },
				.discipline = &clean };
}

static const struct profile *profile_of(const char *id)
{
	static const struct profile none = { .id = { "none", 4 } };
	const struct profile *p = profiles_lookup(&profiles, str_of(id));

	return CHECK(p != NULL) ? p : &none;
}

static struct standing decide(const struct standing_case *c)
{
	struct standing s = { 0 };
	struct err e = { 0 };

	OK(standing_decide(arena, c, &s, &e), e);
	return s;
}

static struct standing judge(const struct member *m, const struct request *r,
			     const struct profile *p)
{
	struct standing_case c = {
		.member = m, .request = r, .profile = p, .as_at = NOON, .utc_offset_min = ZONE
	};

	return decide(&c);
}

/* "MEMBER-SUSPENDED SANCTION-LIVE": the codes, each once, in the order of the conditions. */
static struct str codes_of(const struct standing *s, char out[400])
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < STANDING_CONDITIONS; i++) {
		const char *code = s->checks[i].code;
		bool there = false;

		for (size_t k = 0; k < i; k++)
			there = there || strcmp(s->checks[k].code, code) == 0;
		if (code[0] == '\0' || there)
			continue;
		n += (size_t)snprintf(out + n, 400 - n, "%s%s", n > 0 ? " " : "", code);
	}
	return (struct str){ out, n };
}

static void codes_are(const struct standing *s, const char *want)
{
	char codes[400];

	EQ_STR(codes_of(s, codes), str_of(want));
}

/* What holds of every decision. */
static void shape_holds(const struct standing *s)
{
	bool failed = false;

	for (size_t i = 0; i < STANDING_CONDITIONS; i++) {
		const struct standing_check *k = &s->checks[i];

		CHECK((k->answer == STANDING_FAILED) == (k->code[0] != '\0'));
		CHECK(k->answer != STANDING_NOT_ASKED || k->figures.n == 0);
		CHECK(k->answer == STANDING_NOT_ASKED || k->figures.n > 0);
		failed = failed || k->answer == STANDING_FAILED;
	}
	CHECK(failed == (s->outcome == STANDING_REFUSED));
	switch (s->outcome) {
	case STANDING_LETTER:
		CHECK(s->wording >= STANDING_W1 && s->wording <= STANDING_W3);
		break;
	case STANDING_STATEMENT:
		CHECK(s->wording >= STANDING_W4 && s->wording <= STANDING_W7);
		break;
	case STANDING_REFUSED:
		CHECK(s->wording == 0 || (s->wording >= STANDING_W4 && s->wording <= STANDING_W7));
		CHECK(s->look_back == 0 || s->checks[STANDING_LOOK_BACK].answer == STANDING_PASSED);
		break;
	}
}

/* The thirteen edge records. */

static const struct member *edge_member(struct str id, struct err *e)
{
	struct str rest = buf_view(&edge_text), line;
	struct member_rules rules = { 0 };
	const struct member *m = NULL;

	while (str_split(&rest, '\n', &line)) {
		const struct json *record;
		struct faults faults = { 0 };

		if (line.n == 0)
			continue;
		if (!json_read(arena, line, &json_record, &record, e) ||
		    !str_eq(member_id_of(record), id))
			continue;
		return member_read(arena, record, &rules, &m, &faults, e) ? m : NULL;
	}
	CHECK(false);
	return NULL;
}

static void edge_line_holds(const struct str cell[5])
{
	static const char *const outcomes[] = { "refused", "letter", "statement" };
	const struct profile *p = profiles_lookup(&profiles, cell[1]);
	struct err e = { 0 };
	const struct member *m = edge_member(cell[0], &e);
	struct request r = good_request(p);
	struct standing s;
	char wording[16] = "-";
	char codes[400];

	r.member_id = cell[0];
	if (m == NULL) {
		EQ_STR(cell[2], STR("record"));
		EQ_STR(cell[4], str_of(e.code));
		return;
	}
	s = judge(m, &r, p);
	shape_holds(&s);
	if (s.wording != 0)
		snprintf(wording, sizeof wording, "W%u", s.wording);
	EQ_STR(str_of(outcomes[s.outcome]), cell[2]);
	EQ_STR(str_of(wording), cell[3]);
	EQ_STR(codes_of(&s, codes), cell[4]);
}

TEST(the_edge_members_get_the_letters_of_the_table)
{
	struct str rest, line;
	size_t lines = 0;

	setup();
	rest = buf_view(&table_text);
	while (str_split(&rest, '\n', &line)) {
		struct str cell[5] = { 0 };

		if (line.n == 0 || line.p[0] == '#')
			continue;
		for (size_t i = 0; i < COUNT_OF(cell); i++)
			if (!str_split(&line, '\t', &cell[i]))
				cell[i] = (struct str){ 0 };
		edge_line_holds(cell);
		lines++;
	}
	EQ_INT(lines, 39);
}

TEST(the_edge_members_get_the_statements_the_register_expects)
{
	static const struct {
		const char *id;
		const char *profile;
		enum standing_outcome outcome;
		unsigned wording;
		const char *codes;
	} cases[] = {
		{ "m-10", "overseas-body", STANDING_STATEMENT, STANDING_W4, "" },
		{ "m-11", "general", STANDING_STATEMENT, STANDING_W6, "" },
		{ "m-11b", "general", STANDING_STATEMENT, STANDING_W5, "" },
		{ "m-01", "general", STANDING_STATEMENT, STANDING_W4, "" },
		{ "m-12", "general", STANDING_REFUSED, 0,
		  "MEMBER-DECEASED DISCIPLINE-MISSING NAME-UNPRINTABLE" },
		{ "m-12", "court", STANDING_REFUSED, 0, "DISCIPLINE-MISSING NAME-UNPRINTABLE" },
		{ "m-03", "general", STANDING_REFUSED, STANDING_W4, "DISCIPLINE-MISSING" },
	};

	setup();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct profile *p = profile_of(cases[i].profile);
		struct err e = { 0 };
		const struct member *m = edge_member(str_of(cases[i].id), &e);
		struct request r = good_request(p);
		struct standing s;

		if (!CHECK(m != NULL))
			continue;
		r.member_id = m->member_id;
		r.document = REQUEST_STATUS_STATEMENT;
		s = judge(m, &r, p);
		shape_holds(&s);
		EQ_INT(s.outcome, cases[i].outcome);
		EQ_INT(s.wording, cases[i].wording);
		codes_are(&s, cases[i].codes);
	}
}

/* Status × discipline × profile. */

enum kind { NONE, OPEN, LIVE, SPENT_INSIDE, SPENT_OUTSIDE, UNKNOWN, STALE, ABSENT, KINDS };

static const struct member_finding live[] = {
	{ .date = { 2026, 8, 15 },
	  .sanction = MEMBER_SUSPENSION,
	  .ends = { 2027, 2, 28 },
	  .disclosable = ANSWER_YES },
};
static const struct member_finding inside[] = {
	{ .date = { 2023, 3, 1 }, .sanction = MEMBER_REPRIMAND, .disclosable = ANSWER_YES },
};
static const struct member_finding outside[] = {
	{ .date = { 2014, 3, 1 },
	  .sanction = MEMBER_SUSPENSION,
	  .ends = { 2015, 3, 1 },
	  .disclosable = ANSWER_YES },
};

static const struct member_discipline *discipline_of(enum kind kind)
{
	static const struct member_discipline kinds[] = {
		[NONE] = { NOON - 60, MEMBER_PENDING_NONE, NULL, 0 },
		[OPEN] = { NOON - 60, MEMBER_PENDING_OPEN, NULL, 0 },
		[LIVE] = { NOON - 60, MEMBER_PENDING_NONE, live, 1 },
		[SPENT_INSIDE] = { NOON - 60, MEMBER_PENDING_NONE, inside, 1 },
		[SPENT_OUTSIDE] = { NOON - 60, MEMBER_PENDING_NONE, outside, 1 },
		[UNKNOWN] = { NOON - 60, MEMBER_PENDING_NOT_DISCLOSED, NULL, 0 },
		[STALE] = { NOON - 86401, MEMBER_PENDING_NONE, NULL, 0 },
	};

	return kind == ABSENT ? NULL : &kinds[kind];
}

/* What domain rules say of an active member: 0 refused, else the wording. */
static unsigned active_wording(enum kind kind, const struct profile *p, int class)
{
	unsigned plain = class == MEMBER_PRACTISING ? STANDING_W1 : STANDING_W2;
	bool ever = p->look_back == LOOK_BACK_EVER;

	switch (kind) {
	case NONE:
		return plain;
	case OPEN:
	case UNKNOWN:
		return p->pending == PROFILE_PENDING_COVERED ? 0 : plain;
	case SPENT_INSIDE:
		return ever ? STANDING_W3 : p->look_back >= 4 ? 0 : plain;
	case SPENT_OUTSIDE:
		return ever ? STANDING_W3 : plain;
	case LIVE:
	case STALE:
	case ABSENT:
	case KINDS:
		break;
	}
	return 0;
}

static const struct {
	enum member_status status;
	enum member_reason reason;
	unsigned offer;
	const char *code;
} statuses[] = {
	{ MEMBER_ACTIVE, MEMBER_REASON_ABSENT, STANDING_W4, "" },
	{ MEMBER_SUSPENDED, MEMBER_REASON_ABSENT, STANDING_W4, "MEMBER-SUSPENDED" },
	{ MEMBER_LAPSED, MEMBER_ARREARS, STANDING_W5, "MEMBER-LAPSED" },
	{ MEMBER_RESIGNED, MEMBER_REQUEST, STANDING_W5, "MEMBER-RESIGNED" },
	{ MEMBER_CANCELLED, MEMBER_LEFT_PRACTICE, STANDING_W5, "MEMBER-CANCELLED" },
	{ MEMBER_ANNULLED, MEMBER_STOPPED_PRACTISING, STANDING_W5, "MEMBER-ANNULLED" },
	{ MEMBER_ANNULLED, MEMBER_REASON_ABSENT, STANDING_W5, "MEMBER-ANNULLED" },
	{ MEMBER_ANNULLED, MEMBER_CONVICTION, STANDING_W5, "MEMBER-ANNULLED" },
	{ MEMBER_ANNULLED, MEMBER_FRAUD, STANDING_W6, "MEMBER-ANNULLED" },
	{ MEMBER_REVOKED, MEMBER_PENALTY, STANDING_W6, "MEMBER-REVOKED" },
	{ MEMBER_EXPELLED, MEMBER_PENALTY, STANDING_W6, "MEMBER-EXPELLED" },
	{ MEMBER_TRANSFERRED, MEMBER_REASON_ABSENT, STANDING_W5, "MEMBER-TRANSFERRED" },
	{ MEMBER_DECEASED, MEMBER_REASON_ABSENT, 0, "MEMBER-DECEASED" },
};

static void cell_holds(size_t status, enum kind kind, int class, const struct profile *p)
{
	struct member m = good_member();
	struct request r = good_request(p);
	bool active = statuses[status].status == MEMBER_ACTIVE;
	unsigned offer = statuses[status].status == MEMBER_DECEASED && p->authority
				 ? STANDING_W5
				 : statuses[status].offer;
	unsigned letter = active ? active_wording(kind, p, class) : 0;
	struct standing s;

	m.status = (int)statuses[status].status;
	m.status_reason = (int)statuses[status].reason;
	m.status_since = (struct civil){ 2025, 3, 31 };
	m.class = class;
	m.discipline = discipline_of(kind);
	s = judge(&m, &r, p);
	shape_holds(&s);
	EQ_INT(s.outcome, letter != 0 ? STANDING_LETTER : STANDING_REFUSED);
	EQ_INT(s.wording, letter != 0 ? letter : offer);
	EQ_C(s.checks[STANDING_STATUS].code, statuses[status].code);
	EQ_INT(s.pending, s.checks[STANDING_PENDING].answer == STANDING_PASSED);
	EQ_INT(s.checks[STANDING_LOOK_BACK].answer == STANDING_NOT_ASKED,
	       p->look_back == LOOK_BACK_NONE);
	EQ_INT(s.checks[STANDING_PENDING].answer == STANDING_NOT_ASKED,
	       p->pending == PROFILE_PENDING_SILENT);
	EQ_INT(s.listed, letter == STANDING_W3 ||
				 (p->look_back == LOOK_BACK_EVER &&
				  (kind == LIVE || kind == SPENT_INSIDE || kind == SPENT_OUTSIDE)));

	r.document = REQUEST_STATUS_STATEMENT;
	s = judge(&m, &r, p);
	shape_holds(&s);
	EQ_INT(s.outcome, offer == 0 || kind == STALE || kind == ABSENT ? STANDING_REFUSED
									: STANDING_STATEMENT);
	EQ_INT(s.wording, offer);
	EQ_INT(s.look_back, 0);
	EQ_INT(s.pending,
	       p->pending == PROFILE_PENDING_COVERED && kind != UNKNOWN && kind != ABSENT);
}

TEST(every_status_and_state_of_discipline_with_every_profile)
{
	setup();
	for (size_t status = 0; status < COUNT_OF(statuses); status++)
		for (int kind = 0; kind < KINDS; kind++)
			for (size_t p = 0; p < profiles.count; p++) {
				arena_reset(arena);
				cell_holds(status, (enum kind)kind, MEMBER_PRACTISING,
					   &profiles.items[p]);
				cell_holds(status, (enum kind)kind, MEMBER_NON_PRACTISING,
					   &profiles.items[p]);
			}
}

/* One condition at a time. */

struct breakage {
	struct member m;
	struct request r;
	struct profile p;
};

static void expect(struct breakage *b, const char *codes)
{
	struct standing s;

	b->r.profile = b->p.id;
	s = judge(&b->m, &b->r, &b->p);
	shape_holds(&s);
	codes_are(&s, codes);
}

static struct breakage whole(const char *profile)
{
	struct breakage b;

	setup();
	b.p = *profile_of(profile);
	b.m = good_member();
	b.r = good_request(&b.p);
	return b;
}

TEST(discipline_is_good_for_24_hours_to_the_second)
{
	static const struct {
		int64_t age;
		const char *codes;
	} cases[] = {
		{ 0, "" },
		{ 86400, "" },
		{ 86401, "DISCIPLINE-STALE" },
		{ -1, "DISCIPLINE-FUTURE" },
		{ INT64_C(40000000000), "DISCIPLINE-STALE" },
	};
	struct breakage b = whole("overseas-body");
	struct member_discipline d = clean;

	b.m.discipline = &d;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		d.checked_at = NOON - cases[i].age;
		expect(&b, cases[i].codes);
	}
}

TEST(a_sanction_lives_to_the_end_of_its_last_day)
{
	static const struct {
		struct member_finding f;
		const char *codes;
	} cases[] = {
		{ { .date = { 2010, 1, 1 },
		    .sanction = MEMBER_SUSPENSION,
		    .ends = { 2026, 11, 20 } },
		  "SANCTION-LIVE" },
		{ { .date = { 2010, 1, 1 },
		    .sanction = MEMBER_SUSPENSION,
		    .ends = { 2026, 11, 19 } },
		  "" },
		{ { .date = { 2010, 1, 1 }, .sanction = MEMBER_SUSPENSION }, "SANCTION-LIVE" },
		{ { .date = { 2010, 1, 1 }, .sanction = MEMBER_REVOCATION }, "SANCTION-LIVE" },
		{ { .date = { 2010, 1, 1 }, .sanction = MEMBER_EXPULSION }, "SANCTION-LIVE" },
		{ { .date = { 2010, 1, 1 }, .sanction = MEMBER_SANCTION_OTHER }, "SANCTION-LIVE" },
		{ { .date = { 2026, 11, 20 }, .sanction = MEMBER_WARNING }, "" },
		{ { .date = { 2026, 11, 21 }, .sanction = MEMBER_WARNING }, "SANCTION-LIVE" },
		{ { .date = { 2010, 1, 1 }, .sanction = MEMBER_REPRIMAND }, "" },
		{ { .date = { 2010, 1, 1 }, .sanction = MEMBER_CRITICISM }, "" },
		{ { .date = { 2010, 1, 1 }, .sanction = MEMBER_FINE }, "" },
		{ { .date = { 2010, 1, 1 }, .sanction = MEMBER_FINE, .ends = { 2027, 1, 1 } },
		  "SANCTION-LIVE" },
	};
	struct breakage b = whole("general");
	struct member_discipline d = clean;

	d.finding_count = 1;
	b.m.discipline = &d;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		d.findings = &cases[i].f;
		expect(&b, cases[i].codes);
	}
}

TEST(a_finding_counts_by_its_last_day_and_must_be_one_that_may_be_listed)
{
	static const struct member_finding findings[] = {
		{ .date = { 2016, 1, 1 },
		  .sanction = MEMBER_SUSPENSION,
		  .ends = { 2021, 11, 19 },
		  .disclosable = ANSWER_YES },
		{ .date = { 2016, 1, 1 },
		  .sanction = MEMBER_SUSPENSION,
		  .ends = { 2021, 11, 20 },
		  .disclosable = ANSWER_YES },
		{ .date = { 2001, 1, 1 }, .sanction = MEMBER_FINE, .disclosable = ANSWER_NO },
		{ .date = { 2023, 1, 1 }, .sanction = MEMBER_FINE, .disclosable = ANSWER_NO },
	};
	static const struct {
		size_t first, count;
		int64_t years;
		const char *codes;
	} cases[] = {
		{ 0, 1, 5, "" },
		{ 1, 1, 5, "FINDING-WITHIN" },
		{ 1, 1, 0, "" },
		{ 2, 1, 7, "" },
		{ 2, 1, LOOK_BACK_EVER, "FINDING-NOT-DISCLOSABLE" },
		{ 3, 1, 5, "FINDING-WITHIN" },
		{ 3, 1, 0, "" },
		{ 0, 2, LOOK_BACK_EVER, "" },
		{ 0, 3, LOOK_BACK_EVER, "FINDING-NOT-DISCLOSABLE" },
		{ 0, 4, 5, "FINDING-WITHIN" },
	};
	struct breakage b = whole("general");
	struct member_discipline d = clean;

	b.m.discipline = &d;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		d.findings = findings + cases[i].first;
		d.finding_count = cases[i].count;
		b.p.look_back = cases[i].years;
		expect(&b, cases[i].codes);
	}
}

TEST(a_restriction_counts_until_it_is_over)
{
	static const struct {
		struct member_restriction r;
		const char *codes;
	} cases[] = {
		{ { .from = { 2020, 1, 1 } }, "RESTRICTION-LIVE" },
		{ { .from = { 2020, 1, 1 }, .until = { 2026, 11, 20 } }, "RESTRICTION-LIVE" },
		{ { .from = { 2020, 1, 1 }, .until = { 2026, 11, 19 } }, "" },
		{ { .from = { 2027, 1, 1 } }, "RESTRICTION-LIVE" },
	};
	struct breakage b = whole("general");

	b.m.restriction_count = 1;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		b.m.restrictions = &cases[i].r;
		expect(&b, cases[i].codes);
	}
}

TEST(last_years_annual_check_must_be_done_and_this_years_may_be_open)
{
	static const struct {
		struct member_annual_check k;
		int admitted;
		const char *codes;
	} cases[] = {
		{ { .year = 2026, .result = MEMBER_CHECK_PASSED }, 2010, "" },
		{ { .year = 2026, .result = MEMBER_CHECK_PENDING }, 2010, "" },
		{ { .year = 2026, .result = MEMBER_CHECK_DEFERRED }, 2010, "" },
		{ { .year = 2026, .result = MEMBER_CHECK_FAILED }, 2010, "ANNUAL-CHECK-FAILED" },
		{ { .year = 2025, .result = MEMBER_CHECK_FAILED }, 2025, "ANNUAL-CHECK-FAILED" },
		{ { .year = 2025, .result = MEMBER_CHECK_PASSED }, 2010, "" },
		{ { .year = 2025, .result = MEMBER_CHECK_NOT_REQUIRED }, 2010, "" },
		{ { .year = 2025, .result = MEMBER_CHECK_PENDING }, 2010, "ANNUAL-CHECK-OVERDUE" },
		{ { .year = 2025, .result = MEMBER_CHECK_DEFERRED }, 2010, "ANNUAL-CHECK-OVERDUE" },
		{ { .year = 2025, .result = MEMBER_CHECK_PENDING }, 2025, "" },
		{ { .year = 2024, .result = MEMBER_CHECK_PASSED }, 2010, "ANNUAL-CHECK-OVERDUE" },
		{ { .year = 2024, .result = MEMBER_CHECK_PASSED }, 2024, "ANNUAL-CHECK-OVERDUE" },
	};
	struct breakage b = whole("general");
	struct member_admission admitted = admission;

	b.m.admission = &admitted;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		b.m.annual_check = &cases[i].k;
		admitted.date.year = cases[i].admitted;
		expect(&b, cases[i].codes);
	}
	b.m.annual_check = NULL;
	expect(&b, "");
}

TEST(fees_reach_to_the_end_of_the_day_they_are_paid_through)
{
	struct breakage b = whole("general");

	b.m.dues_paid_through = noon_day;
	expect(&b, "");
	b.m.dues_paid_through = (struct civil){ 2026, 11, 19 };
	expect(&b, "DUES-UNPAID");
	b.m.dues_paid_through = (struct civil){ 0, 0, 0 };
	expect(&b, "DUES-MISSING");
}

TEST(a_letter_needs_the_names_it_prints)
{
	struct member_name nameless = name;
	struct breakage b = whole("general");

	b.m.name = &nameless;
	nameless.native = (struct str){ 0 };
	expect(&b, "");
	b.r.language = REQUEST_ZH;
	expect(&b, "NAME-MISSING");
	b.r.language = REQUEST_BOTH;
	expect(&b, "NAME-MISSING");
	nameless = name;
	expect(&b, "");
	nameless.latin = NULL;
	expect(&b, "NAME-MISSING");
	b.r.language = REQUEST_ZH;
	expect(&b, "NAME-MISSING");
}

TEST(what_is_asked_for_must_be_in_the_record)
{
	static const struct member_qualification exam = { { "S1", 2 }, 2009 };
	static const struct member_qualification unproven = { { 0 }, 2009 };
	static const struct member_cpd cpd = { { "2026", 4 }, 40.5, ANSWER_NO };
	static const struct member_history history = { .from = { 2010, 2, 28 },
						       .status = MEMBER_ACTIVE };
	struct breakage b = whole("general");

	b.r.include = (1u << (REQUEST_HISTORY + 1)) - 2;
	expect(&b, "INCLUDE-MISSING");
	b.m.birth_date = (struct civil){ 1980, 1, 31 };
	b.m.qualification = &exam;
	b.m.cpd = &cpd;
	b.m.history = &history;
	b.m.history_count = 1;
	expect(&b, "");
	b.m.qualification = &unproven;
	expect(&b, "INCLUDE-MISSING");
	b.m.qualification = &exam;
	b.m.practice = NULL;
	expect(&b, "INCLUDE-MISSING");
}

TEST(a_recipient_is_carried_whole_or_by_the_profiles_short_form_or_refused)
{
	static const struct {
		const char *profile, *name;
		int delivery;
		const char *codes, *line;
	} cases[] = {
		{ "general", NULL, REQUEST_TO_MEMBER, "", "" },
		{ "general", NULL, REQUEST_TO_RECIPIENT, "RECIPIENT-NEEDED", "" },
		{ "general", NULL, REQUEST_TO_BOTH, "RECIPIENT-NEEDED", "" },
		{ "northland-board", NULL, REQUEST_TO_MEMBER, "RECIPIENT-NEEDED", "" },
		{ "northland-board", "The Registrar", REQUEST_TO_MEMBER, "DELIVERY-DIRECT",
		  "The Registrar" },
		{ "northland-board", "The Registrar", REQUEST_TO_RECIPIENT, "", "The Registrar" },
		/* 60 bytes, and 61 */
		{ "general", "The Association of Sixty Bytes Exactly of Some Country Abroad",
		  REQUEST_TO_MEMBER, "RECIPIENT-LONG",
		  "The Association of Sixty Bytes Exactly of Some Country Abroad" },
		{ "general", "The Association of Sixty Bytes Exactly of Some Country Abroa",
		  REQUEST_TO_MEMBER, "",
		  "The Association of Sixty Bytes Exactly of Some Country Abroa" },
		/* 63 bytes in 21 characters */
		{ "general", "北境共和国特许会计师及注册审计师管理总局局", REQUEST_TO_MEMBER,
		  "RECIPIENT-LONG", "北境共和国特许会计师及注册审计师管理总局局" },
		{ "northland-board",
		  "The Registrar, Northland Board of Accountancy and Public Auditing Oversight",
		  REQUEST_TO_RECIPIENT, "", "Northland Board of Accountancy" },
		/* the short form is of that body alone */
		{ "northland-board",
		  "The Registrar, Southland Board of Accountancy and Public Auditing Oversight",
		  REQUEST_TO_RECIPIENT, "RECIPIENT-LONG",
		  "The Registrar, Southland Board of Accountancy and Public Auditing Oversight" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct breakage b = whole(cases[i].profile);
		struct request_recipient to = { 0 };
		struct standing s;

		b.r.recipient = NULL;
		if (cases[i].name != NULL) {
			to.name = str_of(cases[i].name);
			b.r.recipient = &to;
		}
		b.r.delivery = cases[i].delivery;
		expect(&b, cases[i].codes);
		s = judge(&b.m, &b.r, &b.p);
		EQ_STR(s.recipient, str_of(cases[i].line));
		CHECK((s.recipient.p == NULL) == (cases[i].name == NULL));
		CHECK(s.outcome == STANDING_REFUSED || s.recipient.n <= PAYLOAD_RECIPIENT_MAX);
		EQ_INT(s.shortened,
		       cases[i].name != NULL && strcmp(cases[i].name, cases[i].line) != 0);
	}
}

TEST(a_language_is_one_the_profile_offers)
{
	struct breakage b = whole("overseas-body");

	expect(&b, "");
	b.r.language = REQUEST_ZH;
	expect(&b, "LANGUAGE-NOT-OFFERED");
	b.r.language = REQUEST_BOTH;
	expect(&b, "LANGUAGE-NOT-OFFERED");
	b.p.languages = PROFILE_ZH;
	expect(&b, "LANGUAGE-NOT-OFFERED");
	b.p.languages = PROFILE_EN | PROFILE_ZH;
	expect(&b, "");
}

TEST(consent_covers_all_that_is_told)
{
	static const struct request_consent ahead = { NOON + 1 };
	struct member_discipline d = clean;
	struct breakage b = whole("licence-abroad");

	d.findings = inside;
	d.finding_count = 1;
	b.r.scope = REQUEST_BIT(REQUEST_STANDING) | REQUEST_BIT(REQUEST_PENDING);
	expect(&b, "");
	b.m.discipline = &d;
	expect(&b, "CONSENT-SCOPE");
	b.r.scope |= REQUEST_BIT(REQUEST_DISCIPLINE);
	expect(&b, "");
	b.r.scope &= ~REQUEST_BIT(REQUEST_PENDING);
	expect(&b, "CONSENT-SCOPE");
	b.p.pending = PROFILE_PENDING_SILENT;
	expect(&b, "");
	b.r.include = REQUEST_BIT(REQUEST_FIRM);
	expect(&b, "CONSENT-SCOPE");
	b.r.scope |= REQUEST_BIT(REQUEST_FIRM);
	expect(&b, "");
	b.r.scope &= ~REQUEST_BIT(REQUEST_STANDING);
	expect(&b, "CONSENT-SCOPE");
	b.r.consent = &ahead;
	expect(&b, "CONSENT-FUTURE");
	b.r.consent = NULL;
	expect(&b, "CONSENT-MISSING");
}

/* What an approval of the case binds, on a paper whose hash ends in `tail`. */
static void bind(const struct standing_case *c, const char *template_id, uint64_t version,
		 unsigned char tail, unsigned char out[SHA256_SIZE])
{
	struct standing_paper paper = { .template_id = str_of(template_id), .version = version };
	struct err e = { 0 };

	paper.hash[SHA256_SIZE - 1] = tail;
	OK(standing_binding(c, &paper, out, &e), e);
}

TEST(a_letter_is_issued_under_the_approval_of_another_officer_for_this_very_case)
{
	static const struct {
		const char *prepared, *approved;
		int64_t at;
		unsigned char flip;
		const char *codes;
	} cases[] = {
		{ "o-1", "o-2", NOON - 60, 0, "" },
		{ "o-1", "o-2", NOON, 0, "" },
		{ "o-1", "o-2", NOON - 7 * 86400, 0, "" },
		{ "o-1", "o-2", NOON - 7 * 86400 - 1, 0, "APPROVAL-EXPIRED" },
		{ "o-1", "o-2", NOON + 1, 0, "APPROVAL-FUTURE" },
		{ "o-1", "o-2", NOON - 60, 1, "APPROVAL-OTHER" },
		{ "o-1", "o-1", NOON - 60, 0, "APPROVAL-ONE-OFFICER" },
		{ "", "o-2", NOON - 60, 0, "APPROVAL-ONE-OFFICER" },
		{ "o-1", "", NOON - 60, 0, "APPROVAL-ONE-OFFICER" },
	};
	struct breakage b = whole("general");
	struct standing_case c = { .member = &b.m,
				   .request = &b.r,
				   .profile = &b.p,
				   .as_at = NOON,
				   .utc_offset_min = ZONE,
				   .issuing = true };
	struct standing_approval approval;
	struct standing s;

	bind(&c, "good-standing-letter", 1, 0, c.binding);
	s = decide(&c);
	codes_are(&s, "APPROVAL-MISSING");
	EQ_INT(s.outcome, STANDING_REFUSED);
	c.approval = &approval;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		approval = (struct standing_approval){
			str_of(cases[i].prepared), str_of(cases[i].approved), cases[i].at, { 0 }
		};
		memcpy(approval.binds, c.binding, sizeof approval.binds);
		approval.binds[31] ^= cases[i].flip;
		s = decide(&c);
		shape_holds(&s);
		codes_are(&s, cases[i].codes);
	}
	c.issuing = false;
	c.approval = NULL;
	s = decide(&c);
	EQ_INT(s.outcome, STANDING_LETTER);
	EQ_INT(s.checks[STANDING_APPROVAL].answer, STANDING_NOT_ASKED);
}

TEST(an_approval_binds_revision_record_request_profile_and_template)
{
	struct breakage b = whole("general");
	struct standing_case c = { .member = &b.m, .request = &b.r, .profile = &b.p };
	unsigned char hashes[10][SHA256_SIZE];
	size_t n = 0;

	bind(&c, "good-standing-letter", 1, 0, hashes[n++]);
	bind(&c, "good-standing-letter", 2, 0, hashes[n++]);
	bind(&c, "good-standing-letter", 1, 7, hashes[n++]);
	bind(&c, "status-statement", 1, 0, hashes[n++]);
	b.m.rev = 7;
	bind(&c, "good-standing-letter", 1, 0, hashes[n++]);
	b.m.rev = 6;
	b.m.hash[0] ^= 1;
	bind(&c, "good-standing-letter", 1, 0, hashes[n++]);
	b.m.hash[0] ^= 1;
	c.nonce[31] = 1;
	bind(&c, "good-standing-letter", 1, 0, hashes[n++]);
	c.nonce[31] = 0;
	b.r.canonical = STR("{\"request\":2}");
	bind(&c, "good-standing-letter", 1, 0, hashes[n++]);
	b.r.canonical = STR("{\"request\":1}");
	b.p.canonical = STR("{}");
	bind(&c, "good-standing-letter", 1, 0, hashes[n++]);
	b.p.canonical = profile_of("general")->canonical;
	bind(&c, "good-standing-letter", 1, 0, hashes[n]);
	EQ_BYTES(hashes[n], hashes[0], SHA256_SIZE);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			CHECK(memcmp(hashes[i], hashes[k], SHA256_SIZE) != 0);
}

TEST(a_record_that_contradicts_itself_is_taken_at_the_more_restrictive)
{
	static const struct {
		struct member_history h;
		const char *codes;
		unsigned wording;
	} cases[] = {
		{ { .from = { 2026, 1, 1 }, .status = MEMBER_SUSPENDED },
		  "MEMBER-SUSPENDED",
		  STANDING_W4 },
		{ { .from = { 2026, 1, 1 }, .to = { 2026, 11, 20 }, .status = MEMBER_SUSPENDED },
		  "MEMBER-SUSPENDED",
		  STANDING_W4 },
		{ { .from = { 2026, 1, 1 }, .to = { 2026, 11, 19 }, .status = MEMBER_SUSPENDED },
		  "",
		  STANDING_W1 },
		{ { .from = { 2026, 11, 21 }, .status = MEMBER_SUSPENDED }, "", STANDING_W1 },
		{ { .from = { 2026, 1, 1 }, .status = MEMBER_REVOKED },
		  "MEMBER-REVOKED",
		  STANDING_W6 },
		{ { .from = { 2026, 1, 1 }, .status = MEMBER_ACTIVE }, "", STANDING_W1 },
		/* of another number or class: another membership */
		{ { .from = { 2026, 1, 1 }, .status = MEMBER_CANCELLED, .member_no = { "9", 1 } },
		  "",
		  STANDING_W1 },
		{ { .from = { 2026, 1, 1 },
		    .status = MEMBER_CANCELLED,
		    .class = MEMBER_NON_PRACTISING },
		  "",
		  STANDING_W1 },
	};
	struct breakage b = whole("general");

	b.m.history_count = 1;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct standing s;

		b.m.history = &cases[i].h;
		expect(&b, cases[i].codes);
		s = judge(&b.m, &b.r, &b.p);
		EQ_INT(s.wording, cases[i].wording);
		EQ_INT(s.since.year, cases[i].codes[0] == '\0' ? 0 : 2026);
	}
	/* the record's own status is not softened by its history */
	b.m.status = MEMBER_REVOKED;
	b.m.status_since = (struct civil){ 2025, 3, 31 };
	b.m.history = &cases[0].h;
	expect(&b, "MEMBER-REVOKED");
}

TEST(nobody_admitted_later_has_a_letter_today)
{
	struct breakage b = whole("general");
	struct member_admission later = { .date = { 2026, 11, 21 } };

	b.m.admission = &later;
	expect(&b, "ADMISSION-FUTURE");
}

TEST(no_record_means_a_reply_that_names_nothing)
{
	struct breakage b = whole("general");
	struct facts facts = { 0 };
	struct standing_case c = {
		.request = &b.r, .profile = &b.p, .as_at = NOON, .utc_offset_min = ZONE
	};
	struct standing s = decide(&c);
	struct err e = { 0 };

	shape_holds(&s);
	codes_are(&s, "MEMBER-UNKNOWN");
	EQ_INT(s.wording, STANDING_W7);
	b.r.document = REQUEST_STATUS_STATEMENT;
	b.r.consent = NULL;
	s = decide(&c);
	shape_holds(&s);
	EQ_INT(s.outcome, STANDING_STATEMENT);
	EQ_INT(s.wording, STANDING_W7);
	EQ_INT(s.class_code, 0);
	EQ_INT(s.pending, 0);
	OK(standing_facts(arena, &c, &s, &facts, &e), e);
	for (size_t i = 0; i < facts.count; i++)
		CHECK(str_eq(facts.items[i].key, STR("wording")) ||
		      str_eq(facts.items[i].key, STR("as_at")) ||
		      str_eq(facts.items[i].key, STR("expires")) ||
		      str_eq(facts.items[i].key, STR("recipient")));
	EQ_INT(facts.count, 4);
}

TEST(a_case_is_of_one_member_and_one_profile)
{
	struct breakage b = whole("general");
	struct standing_case c = {
		.member = &b.m, .request = &b.r, .profile = &b.p, .as_at = NOON
	};
	struct standing s;
	struct err e = { 0 };

	b.r.member_id = STR("m-2");
	CHECK(!standing_decide(arena, &c, &s, &e));
	EQ_C(e.code, "REQUEST-MEMBER");
	b.r.member_id = STR("m-1");
	b.r.profile = STR("court");
	CHECK(!standing_decide(arena, &c, &s, &e));
	EQ_C(e.code, "REQUEST-PROFILE");
}

/* What is printed. */

static void facts_are(const struct standing_case *c, const struct standing *s,
		      const char *const (*want)[2], size_t count)
{
	struct facts facts = { 0 };
	struct err e = { 0 };

	if (!OK(standing_facts(arena, c, s, &facts, &e), e))
		return;
	EQ_INT(facts.count, count);
	for (size_t i = 0; i < count; i++) {
		const struct str *value = facts_lookup(&facts, str_of(want[i][0]));

		if (CHECK(value != NULL))
			EQ_STR(*value, str_of(want[i][1]));
		else
			printf("# no fact %s\n", want[i][0]);
	}
}

TEST(a_clean_letter_has_these_facts_and_no_other)
{
	static const char *const want[][2] = {
		{ "admitted", "2010-02-28" },
		{ "annual_check", "2026" },
		{ "as_at", "2026-11-20T12:00+08:00" },
		{ "audit_rights", "yes" },
		{ "class", "practising" },
		{ "dues_through", "2026-12-31" },
		{ "expires", "2027-02-20" },
		{ "look_back", "5" },
		{ "member_no", "990000010001" },
		{ "name_latin", "LYU LYU" },
		{ "name_native", "吕绿" },
		{ "pending", "covered" },
		{ "purpose", "admission by your Board" },
		{ "recipient",
		  "The Registrar, Northland Board of Accountancy and Public Auditing Oversight" },
		{ "recipient_address", "14 Harbour Street\nPort Meridian NL 20410\nNorthland" },
		{ "recipient_short", "Northland Board of Accountancy" },
		{ "their_ref", "NBA/IR/26-1180" },
		{ "wording", "W1" },
	};
	struct request_line lines[] = { { STR("14 Harbour Street") },
					{ STR("Port Meridian NL 20410") } };
	struct breakage b = whole("northland-board");
	struct request_recipient to = { .name = b.p.recipient,
					.lines = lines,
					.line_count = 2,
					.country = STR("Northland"),
					.email = STR("a@b.example"),
					.their_ref = STR("NBA/IR/26-1180") };
	struct standing_case c = { .member = &b.m,
				   .request = &b.r,
				   .profile = &b.p,
				   .as_at = NOON + 59,
				   .utc_offset_min = ZONE };
	struct standing s;

	b.r.recipient = &to;
	b.r.purpose = STR("admission by your Board");
	s = decide(&c);
	EQ_INT(s.as_at_min, NOON / 60);
	EQ_INT(s.look_back, 5);
	EQ_INT(s.pending, 1);
	EQ_INT(s.class_code, 1);
	EQ_INT(s.expires_day, civil_days((struct civil){ 2027, 2, 20 }));
	facts_are(&c, &s, want, COUNT_OF(want));
}

TEST(a_statement_tells_status_history_and_what_may_be_disclosed)
{
	static const struct member_finding findings[] = {
		{ .date = { 2026, 8, 15 },
		  .sanction = MEMBER_SUSPENSION,
		  .ends = { 2027, 2, 28 },
		  .text_en = { "Six months", 10 },
		  .disclosable = ANSWER_YES },
		{ .date = { 2020, 1, 2 }, .sanction = MEMBER_FINE, .disclosable = ANSWER_NO },
		{ .date = { 2021, 1, 2 }, .sanction = MEMBER_WARNING, .disclosable = ANSWER_YES },
	};
	static const struct member_history history[] = {
		{ .from = { 2010, 2, 28 },
		  .to = { 2018, 3, 31 },
		  .status = MEMBER_ACTIVE,
		  .class = MEMBER_PRACTISING,
		  .member_no = { "9", 1 } },
		{ .from = { 2018, 4, 1 }, .status = MEMBER_ACTIVE, .association = { "SX99", 4 } },
	};
	static const struct member_former former[] = {
		{ .native = { "吕红", 6 }, .until = { 2016, 5, 1 } },
		{ .latin = { "LU LU", 5 }, .until = { 2012, 5, 1 } },
	};
	static const struct member_restriction restrictions[] = {
		{ .text_en = { "No audits", 9 }, .from = { 2026, 8, 15 } },
	};
	static const struct member_qualification exam = { { "S1", 2 }, 2009 };
	static const struct member_cpd cpd = { { "2026", 4 }, 40.25, ANSWER_NO };
	static const char *const want[][2] = {
		{ "admitted", "2010-02-28" },
		{ "as_at", "2026-11-20T12:00+08:00" },
		{ "birth_date", "1980-01-31" },
		{ "class", "practising" },
		{ "cpd", "2026\t40.25\tno" },
		{ "exam", "S1\t2009\t" },
		{ "expires", "2027-02-18" },
		{ "findings",
		  "2026-08-15\tsuspension\t2027-02-28\tSix months\n2021-01-02\twarning\t\t" },
		{ "firm_en", "Sample CPAs" },
		{ "former_names", "吕红\t\t2016-05-01\n\tLU LU\t2012-05-01" },
		{ "history", "2010-02-28\t2018-03-31\tpractising\tactive\t9\t\n"
			     "2018-04-01\t\t\tactive\t\tSX99" },
		{ "look_back", "none" },
		{ "member_no", "990000010001" },
		{ "name_latin", "LYU LYU" },
		{ "name_native", "吕绿" },
		{ "pending", "covered" },
		{ "proceedings", "open" },
		{ "recipient", "Northland Board of Accountancy" },
		{ "restrictions", "2026-08-15\t\tNo audits\t" },
		{ "status", "annulled" },
		{ "status_reason", "stopped_practising" },
		{ "status_since", "2026-09-01" },
		{ "wording", "W5" },
	};
	struct breakage b = whole("overseas-body");
	struct member_discipline d = { NOON, MEMBER_PENDING_OPEN, findings, 3 };
	struct member_name named = name;
	struct standing_case c = { .member = &b.m,
				   .request = &b.r,
				   .profile = &b.p,
				   .as_at = NOON,
				   .utc_offset_min = ZONE };
	struct standing s;

	named.former = former;
	named.former_count = 2;
	b.m.name = &named;
	b.m.status = MEMBER_ANNULLED;
	b.m.status_reason = MEMBER_STOPPED_PRACTISING;
	b.m.status_since = (struct civil){ 2026, 9, 1 };
	b.m.discipline = &d;
	b.m.history = history;
	b.m.history_count = 2;
	b.m.restrictions = restrictions;
	b.m.restriction_count = 1;
	b.m.qualification = &exam;
	b.m.cpd = &cpd;
	b.m.birth_date = (struct civil){ 1980, 1, 31 };
	b.r.include = (1u << (REQUEST_HISTORY + 1)) - 2;
	b.r.document = REQUEST_STATUS_STATEMENT;
	s = decide(&c);
	EQ_INT(s.outcome, STANDING_STATEMENT);
	facts_are(&c, &s, want, COUNT_OF(want));
}

TEST(the_letter_speaks_in_the_issuers_zone_and_ends_when_the_sooner_term_does)
{
	static const struct {
		int64_t as_at;
		int offset, asked;
		const char *profile, *as_at_text, *expires;
	} cases[] = {
		/* 16:30 UTC is the next day in Beijing */
		{ INT64_C(1796056200), 480, 0, "general", "2026-12-01T00:30+08:00", "2027-03-01" },
		{ INT64_C(1796056200), 0, 0, "general", "2026-11-30T16:30+00:00", "2027-02-28" },
		{ INT64_C(1796056200), -570, 0, "general", "2026-11-30T07:00-09:30", "2027-02-28" },
		{ NOON, 480, TERM_30_DAYS, "general", "2026-11-20T12:00+08:00", "2026-12-20" },
		{ NOON, 480, TERM_1_YEAR, "general", "2026-11-20T12:00+08:00", "2027-02-20" },
		{ NOON, 480, 0, "licence-abroad", "2026-11-20T12:00+08:00", "2027-11-20" },
		{ NOON, 480, 0, "overseas-body", "2026-11-20T12:00+08:00", "2027-02-18" },
		{ NOON, 480, 0, "admission", "2026-11-20T12:00+08:00", "2027-01-19" },
		{ NOON, 480, 0, "court", "2026-11-20T12:00+08:00", "2026-12-20" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct breakage b = whole(cases[i].profile);
		struct member_discipline d = clean;
		struct standing_case c = { .member = &b.m,
					   .request = &b.r,
					   .profile = &b.p,
					   .as_at = cases[i].as_at,
					   .utc_offset_min = cases[i].offset };
		struct facts facts = { 0 };
		struct standing s;
		struct err e = { 0 };

		d.checked_at = cases[i].as_at;
		b.m.discipline = &d;
		b.r.valid_for = cases[i].asked;
		s = decide(&c);
		if (!OK(standing_facts(arena, &c, &s, &facts, &e), e))
			continue;
		EQ_STR(*facts_lookup(&facts, STR("as_at")), str_of(cases[i].as_at_text));
		EQ_STR(*facts_lookup(&facts, STR("expires")), str_of(cases[i].expires));
	}
}

TEST(a_refusal_has_nothing_to_print)
{
	struct breakage b = whole("general");
	struct standing_case c = {
		.member = &b.m, .request = &b.r, .profile = &b.p, .as_at = NOON
	};
	struct facts facts;
	struct standing s;
	struct err e = { 0 };

	b.m.status = MEMBER_LAPSED;
	s = decide(&c);
	CHECK(!standing_facts(arena, &c, &s, &facts, &e));
}

/* No letter says more than the register shows. */

static uint64_t seed;

static unsigned draw(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

static struct civil day_around(int years)
{
	int64_t days = civil_days(noon_day) - (int64_t)draw((unsigned)years * 365) + draw(400);

	return draw(8) == 0 ? civil_add_months(noon_day, -12 * (int)draw((unsigned)years))
			    : civil_of_days(days);
}

struct random_case {
	struct member m;
	struct member_discipline d;
	struct member_finding findings[3];
	struct member_restriction restrictions[2];
	struct member_annual_check check;
	struct member_practice practice;
	struct member_history history;
	struct profile p;
	struct request r;
};

static void findings_draw(struct random_case *x)
{
	x->d = (struct member_discipline){ NOON - 90000 + (int64_t)draw(90100), 1 + (int)draw(3),
					   x->findings, draw(2) ? draw(4) : 0 };
	for (size_t i = 0; i < x->d.finding_count; i++)
		x->findings[i] = (struct member_finding){
			.date = day_around(20),
			.sanction = 1 + (int)draw(draw(2) ? 4 : 8),
			.ends = draw(3) == 0 ? day_around(12) : (struct civil){ 0, 0, 0 },
			.disclosable = draw(3) ? ANSWER_YES : ANSWER_NO,
		};
	x->m.restriction_count = draw(6) == 0 ? 1 + draw(2) : 0;
	x->m.restrictions = x->restrictions;
	for (size_t i = 0; i < x->m.restriction_count; i++)
		x->restrictions[i] =
			(struct member_restriction){ .from = day_around(9),
						     .until = draw(3) ? day_around(5)
								      : (struct civil){ 0 } };
}

static void case_draw(struct random_case *x)
{
	static const int64_t reaches[] = { 0, 1, 5, 7, 10, LOOK_BACK_EVER };

	x->m = good_member();
	x->m.class = 1 + (int)draw(2);
	x->m.status = draw(3) ? MEMBER_ACTIVE : 1 + (int)draw(10);
	x->m.status_reason = (int)draw(11);
	x->m.status_since = day_around(5);
	x->m.dues_paid_through = draw(4)   ? (struct civil){ 2026, 12, 31 }
				 : draw(8) ? day_around(1)
					   : (struct civil){ 0, 0, 0 };
	x->practice = practice;
	x->practice.audit_rights = (int)draw(3);
	x->m.practice = &x->practice;
	x->check = (struct member_annual_check){ 2024 + draw(3), 1 + (int)draw(5), { 0 } };
	x->m.annual_check = draw(3) == 0 ? &x->check : draw(2) ? &checked : NULL;
	x->history = (struct member_history){ .from = day_around(9), .status = 1 + (int)draw(10) };
	x->m.history = &x->history;
	x->m.history_count = draw(12) == 0;
	findings_draw(x);
	x->m.discipline = draw(12) ? &x->d : NULL;
	x->p = *profile_of("overseas-body");
	x->p.look_back = reaches[draw(COUNT_OF(reaches))];
	x->p.pending = 1 + (int)draw(2);
	x->r = good_request(&x->p);
	x->r.scope = draw(8) ? (1u << REQUEST_ITEMS) - 2 : draw(1u << REQUEST_ITEMS);
}

/* The sentences of a letter, each held against the record by itself. */
static void letter_is_true(const struct random_case *x, const struct standing *s,
			   const struct facts *f)
{
	const struct member *m = &x->m;
	const struct str *value;
	int64_t today = civil_days(noon_day);
	bool spent = false;

	CHECK(m->status == MEMBER_ACTIVE);
	CHECK(m->discipline != NULL && NOON - m->discipline->checked_at <= 86400);
	CHECK(m->dues_paid_through.year != 0 && civil_days(m->dues_paid_through) >= today);
	if (s->pending != 0)
		CHECK(m->discipline->pending == MEMBER_PENDING_NONE);
	CHECK(str_eq(*facts_lookup(f, STR("pending")),
		     s->pending != 0 ? STR("covered") : STR("silent")));
	for (size_t i = 0; i < m->discipline->finding_count; i++) {
		const struct member_finding *k = &m->discipline->findings[i];
		int64_t date = civil_days(k->date);
		int64_t ends = k->ends.year != 0 ? civil_days(k->ends) : date;

		/* "no sanction in force, nor imposed or in force in the preceding N years" */
		CHECK(date <= today && (k->ends.year == 0 || ends < today));
		if (s->look_back != 0 && s->look_back != 255) {
			struct civil begin = noon_day;

			begin.year -= (int)s->look_back;
			CHECK(date < civil_days(begin) && ends < civil_days(begin));
		}
		if (s->look_back == 255)
			CHECK(k->disclosable == ANSWER_YES && s->wording == STANDING_W3);
		spent = true;
	}
	CHECK((s->wording == STANDING_W3) == (s->look_back == 255 && spent));
	CHECK((facts_lookup(f, STR("findings")) != NULL) == (s->wording == STANDING_W3));
	for (size_t i = 0; i < m->restriction_count; i++)
		CHECK(m->restrictions[i].until.year != 0 &&
		      civil_days(m->restrictions[i].until) < today);
	if (s->wording == STANDING_W1)
		CHECK(m->class == MEMBER_PRACTISING);
	if (s->wording == STANDING_W2)
		CHECK(m->class == MEMBER_NON_PRACTISING);
	value = facts_lookup(f, STR("audit_rights"));
	CHECK(value == NULL || m->class == MEMBER_PRACTISING);
	if (value != NULL && str_eq(*value, STR("yes")))
		CHECK(m->practice->audit_rights == ANSWER_YES);
	value = facts_lookup(f, STR("annual_check"));
	CHECK(value == NULL || m->annual_check->result == MEMBER_CHECK_PASSED);
	CHECK(facts_lookup(f, STR("status")) == NULL);
}

static void statement_is_true(const struct random_case *x, const struct standing *s,
			      const struct facts *f)
{
	const struct str *status = facts_lookup(f, STR("status"));
	const struct str *proceedings = facts_lookup(f, STR("proceedings"));

	EQ_INT(s->look_back, 0);
	if (s->pending != 0)
		CHECK(proceedings != NULL &&
		      x->m.discipline->pending != MEMBER_PENDING_NOT_DISCLOSED);
	else
		CHECK(proceedings == NULL);
	CHECK(status_rank((enum member_status)s->status) >=
	      status_rank((enum member_status)x->m.status));
	CHECK(status != NULL && str_eq(*status, str_of(member_status_word(s->status))));
	if (s->wording == STANDING_W6)
		CHECK(s->status == MEMBER_REVOKED || s->status == MEMBER_EXPELLED ||
		      (s->status == MEMBER_ANNULLED && x->m.status_reason == MEMBER_FRAUD));
	if (s->wording == STANDING_W4)
		CHECK(s->status == MEMBER_ACTIVE || s->status == MEMBER_SUSPENDED);
	CHECK(facts_lookup(f, STR("dues_through")) == NULL);
}

/* The fields of the code are ones a token may hold. */
static void code_holds(const struct standing_case *c, const struct standing *s)
{
	struct token_payload p = { .type = s->outcome == STANDING_LETTER ? TYPE_LETTER
									 : TYPE_STATEMENT,
				   .docid_size = 10,
				   .member_no = c->member->member_no,
				   .issued_day = instant_day(c->as_at, c->utc_offset_min),
				   .expires_day = s->expires_day,
				   .recipient = s->recipient,
				   .as_at_min = s->as_at_min,
				   .wording = s->wording,
				   .class_code = s->class_code,
				   .look_back = s->look_back,
				   .pending = s->pending };
	struct err e = { 0 };

	OK(payload_check(&p, &e), e);
}

TEST(no_document_says_more_than_the_register_shows)
{
	size_t outcomes[3] = { 0 }, wordings[8] = { 0 };

	setup();
	seed = 18030;
	for (size_t n = 0; n < 40000; n++) {
		struct random_case x;
		struct standing_case c = { .member = &x.m,
					   .request = &x.r,
					   .profile = &x.p,
					   .as_at = NOON,
					   .utc_offset_min = ZONE };
		struct facts facts = { 0 };
		struct standing s;
		struct err e = { 0 };

		arena_reset(arena);
		case_draw(&x);
		x.r.document = 1 + (int)draw(2);
		s = decide(&c);
		shape_holds(&s);
		outcomes[s.outcome]++;
		wordings[s.wording]++;
		if (s.outcome == STANDING_REFUSED ||
		    !OK(standing_facts(arena, &c, &s, &facts, &e), e))
			continue;
		code_holds(&c, &s);
		if (s.outcome == STANDING_LETTER)
			letter_is_true(&x, &s, &facts);
		else
			statement_is_true(&x, &s, &facts);
	}
	for (size_t i = 0; i < 3; i++)
		CHECK(outcomes[i] > 500);
	for (size_t i = STANDING_W1; i <= STANDING_W6; i++)
		if (!CHECK(wordings[i] > 50))
			printf("# W%zu: %zu\n", i, wordings[i]);
}

TEST(the_words_of_the_law_are_never_anothers)
{
	static const struct {
		enum member_status status;
		const char *zh, *en;
	} words[] = {
		{ MEMBER_CANCELLED, "注销注册", "registration cancelled" },
		{ MEMBER_ANNULLED, "撤销注册", "registration annulled" },
		{ MEMBER_REVOKED, "吊销证书", "certificate revoked" },
		{ MEMBER_EXPELLED, "除名", "expelled" },
	};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		EQ_C(status_zh(words[i].status), words[i].zh);
		EQ_C(status_en(words[i].status), words[i].en);
	}
	for (int i = MEMBER_ACTIVE; i <= MEMBER_DECEASED; i++) {
		struct str en = str_of(status_en((enum member_status)i));

		CHECK(en.n > 0);
		CHECK((str_find(en, STR("revoked"), 0) != SIZE_MAX) == (i == MEMBER_REVOKED));
		CHECK((str_find(en, STR("annulled"), 0) != SIZE_MAX) == (i == MEMBER_ANNULLED));
		CHECK((str_find(en, STR("cancelled"), 0) != SIZE_MAX) == (i == MEMBER_CANCELLED));
	}
}

TEST(a_decision_survives_memory_running_out_anywhere)
{
	struct breakage b = whole("northland-board");
	struct standing_case c = { .member = &b.m,
				   .request = &b.r,
				   .profile = &b.p,
				   .as_at = NOON,
				   .utc_offset_min = ZONE };
	bool ok = false;
	size_t nth;

	for (nth = 1; !ok && nth < 1000; nth++) {
		struct arena *fresh = arena_new(ROOM);
		struct facts facts;
		struct standing s;
		struct err e = { 0 };

		check_fail_alloc(nth);
		ok = standing_decide(fresh, &c, &s, &e) &&
		     standing_facts(fresh, &c, &s, &facts, &e);
		check_fail_alloc(0);
		CHECK(ok || e.kind == ERR_SYSTEM);
		arena_free(fresh);
	}
	CHECK(ok && nth > 1);
}
