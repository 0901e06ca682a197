/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/verdict.h"

#include "fixture.h"
#include "proof/words.h"

/* A genuine certificate with every axis looked at: VALID.  The table breaks it one way at a time. */
static struct evidence whole(struct world *w, const struct token *t)
{
	return (struct evidence){ .code = CODE_TOKEN,
				  .token = t,
				  .policy = &w->policy,
				  .keylist_state = KEYLIST_FRESH,
				  .keylist = &w->list,
				  .leaf = LEAF_INCLUDED,
				  .consistency = CONSISTENCY_SHOWN,
				  .file = FILE_ORIGINAL,
				  .status = STATUS_GOOD,
				  .freshness = FRESH_LIVE,
				  .has_list_iat = true,
				  .list_iat = WORLD_NOW - 3600,
				  .list_exp = WORLD_NOW + 3600,
				  .now = WORLD_NOW };
}

static bool answers(const struct evidence *ev, enum verdict_code want)
{
	struct verdict v = verdict_of(ev);

	if (v.code != want)
		EQ_C(words_code(v.code), words_code(want));
	return v.code == want;
}

/* Ways to spoil the evidence, worst first, and the answer each gives by itself. */
enum spoil {
	SPOIL_NOT_FOUND,
	SPOIL_TWO,
	SPOIL_MALFORMED,
	SPOIL_NOT_OURS,
	SPOIL_NO_LIST,
	SPOIL_FORGED,
	SPOIL_TYPE,
	SPOIL_COMPROMISED,
	SPOIL_FORK,
	SPOIL_INCONSISTENT,
	SPOIL_REVOKED,
	SPOIL_SUPERSEDED,
	SPOIL_SUSPENDED,
	SPOIL_ENDED,
	SPOIL_OTHER_LEAF,
	SPOIL_ADDED_TO,
	SPOIL_OTHER_FILE,
	SPOIL_EXPIRED,
	SPOIL_NOT_YET,
	SPOIL_EXPECT,
	SPOIL_STALE,
	SPOIL_PENDING,
	SPOIL_STATUS_UNKNOWN,
	SPOIL_FILE_UNKNOWN,
	SPOILS
};

static const enum verdict_code SPOILT[SPOILS] = {
	[SPOIL_NOT_FOUND] = VERDICT_NOT_FOUND,
	[SPOIL_TWO] = VERDICT_MALFORMED,
	[SPOIL_MALFORMED] = VERDICT_MALFORMED,
	[SPOIL_NOT_OURS] = VERDICT_NOT_OURS,
	[SPOIL_NO_LIST] = VERDICT_UNKNOWN_KEY,
	[SPOIL_FORGED] = VERDICT_FORGED,
	[SPOIL_TYPE] = VERDICT_KEY_NOT_ALLOWED,
	[SPOIL_COMPROMISED] = VERDICT_KEY_COMPROMISED,
	[SPOIL_FORK] = VERDICT_INCONSISTENT_LOG,
	[SPOIL_INCONSISTENT] = VERDICT_INCONSISTENT_LOG,
	[SPOIL_REVOKED] = VERDICT_REVOKED,
	[SPOIL_SUPERSEDED] = VERDICT_SUPERSEDED,
	[SPOIL_SUSPENDED] = VERDICT_SUSPENDED,
	[SPOIL_ENDED] = VERDICT_ENDED,
	[SPOIL_OTHER_LEAF] = VERDICT_NOT_IN_MANIFEST,
	[SPOIL_ADDED_TO] = VERDICT_ALTERED,
	[SPOIL_OTHER_FILE] = VERDICT_ALTERED,
	[SPOIL_EXPIRED] = VERDICT_EXPIRED,
	[SPOIL_NOT_YET] = VERDICT_NOT_YET_VALID,
	[SPOIL_EXPECT] = VERDICT_NOT_FOR_YOU,
	[SPOIL_STALE] = VERDICT_STALE,
	[SPOIL_PENDING] = VERDICT_PENDING,
	[SPOIL_STATUS_UNKNOWN] = VERDICT_UNDECIDED,
	[SPOIL_FILE_UNKNOWN] = VERDICT_UNDECIDED,
};

static void spoil_key(struct world *w, enum spoil how)
{
	if (how == SPOIL_TYPE)
		w->keys[0].types[0] = TYPE_NON_PRACTISING;
	w->keys[0].state = how == SPOIL_COMPROMISED ? KEY_COMPROMISED : KEY_ACTIVE;
	w->keys[0].has_from_idx = how == SPOIL_COMPROMISED;
	w->keys[0].from_idx = 100;
}

static void spoil_status(struct evidence *ev, enum spoil how)
{
	static const struct {
		enum spoil how;
		enum status status;
	} table[] = { { SPOIL_REVOKED, STATUS_REVOKED },
		      { SPOIL_SUPERSEDED, STATUS_SUPERSEDED },
		      { SPOIL_SUSPENDED, STATUS_SUSPENDED },
		      { SPOIL_ENDED, STATUS_ENDED },
		      { SPOIL_STATUS_UNKNOWN, STATUS_NOT_CHECKED } };

	for (size_t i = 0; i < COUNT_OF(table); i++)
		if (table[i].how == how)
			ev->status = table[i].status;
}

static void spoil(struct world *w, struct evidence *ev, enum spoil how, const struct token *forged)
{
	spoil_status(ev, how);
	if (how == SPOIL_NOT_FOUND)
		ev->code = CODE_NOT_FOUND;
	else if (how == SPOIL_TWO)
		ev->code = CODE_TWO;
	else if (how == SPOIL_MALFORMED)
		ev->code = CODE_MALFORMED;
	else if (how == SPOIL_NOT_OURS)
		ev->code = CODE_NOT_OURS;
	else if (how == SPOIL_NO_LIST)
		ev->keylist_state = KEYLIST_ABSENT;
	else if (how == SPOIL_FORGED)
		ev->token = forged;
	else if (how == SPOIL_TYPE || how == SPOIL_COMPROMISED)
		spoil_key(w, how);
	else if (how == SPOIL_FORK)
		ev->log_fault = LOG_FAULT_FORK;
	else if (how == SPOIL_INCONSISTENT)
		ev->log_fault = LOG_FAULT_REWRITTEN;
	else if (how == SPOIL_OTHER_LEAF)
		ev->leaf = LEAF_OTHER;
	else if (how == SPOIL_ADDED_TO)
		ev->file = FILE_ADDED_TO;
	else if (how == SPOIL_OTHER_FILE)
		ev->file = FILE_OTHER;
	else if (how == SPOIL_EXPIRED)
		ev->now = WORLD_NOW + 1000 * INT64_C(86400);
	else if (how == SPOIL_NOT_YET)
		ev->now = WORLD_NOW - 10 * INT64_C(86400);
	else if (how == SPOIL_EXPECT)
		ev->expect.recipient = STR("Southland");
	else if (how == SPOIL_STALE)
		ev->status_age = STATUS_OLDER_THAN_SEEN;
	else if (how == SPOIL_PENDING)
		ev->leaf = LEAF_BEYOND;
	else if (how == SPOIL_FILE_UNKNOWN)
		ev->file = FILE_NOT_CHECKED;
}

/* Two that change the same thing cannot hold at once. */
static bool together(enum spoil a, enum spoil b)
{
	static const int group[SPOILS] = {
		[SPOIL_NOT_FOUND] = 1,    [SPOIL_TWO] = 1,
		[SPOIL_MALFORMED] = 1,    [SPOIL_NOT_OURS] = 1,
		[SPOIL_TYPE] = 2,         [SPOIL_COMPROMISED] = 2,
		[SPOIL_INCONSISTENT] = 3, [SPOIL_OTHER_LEAF] = 3,
		[SPOIL_PENDING] = 3,      [SPOIL_REVOKED] = 4,
		[SPOIL_SUPERSEDED] = 4,   [SPOIL_SUSPENDED] = 4,
		[SPOIL_ENDED] = 4,        [SPOIL_STATUS_UNKNOWN] = 4,
		[SPOIL_ADDED_TO] = 5,     [SPOIL_OTHER_FILE] = 5,
		[SPOIL_FILE_UNKNOWN] = 5, [SPOIL_EXPIRED] = 6,
		[SPOIL_NOT_YET] = 6,
	};

	return a != b && (group[a] == 0 || group[a] != group[b]);
}

TEST(of_any_two_faults_the_graver_is_the_answer)
{
	size_t pairs = 0;

	for (enum spoil a = 0; a < SPOILS; a++)
		for (enum spoil b = a; b < SPOILS; b++) {
			struct world w = world_new();
			struct token_payload p = world_certificate(200);
			struct token t, forged;
			struct evidence ev;
			enum verdict_code want = SPOILT[a] < SPOILT[b] ? SPOILT[a] : SPOILT[b];

			if (a == b || together(a, b)) {
				p.expires_day = p.issued_day + 365;
				t = world_token(&w, w.signer, &p);
				forged = world_token(&w, w.thief, &p);
				ev = whole(world_ready(&w), &t);
				spoil(&w, &ev, a, &forged);
				spoil(&w, &ev, b, &forged);
				if (!CHECK(answers(&ev, want)))
					EQ_INT(a, b);
				pairs++;
			}
			world_free(&w);
		}
	CHECK(pairs > 200);
}

TEST(the_order_of_answers_is_that_of_the_specification)
{
	static const char order[] =
		"NOT-FOUND MALFORMED NOT-OURS UNKNOWN-KEY FORGED KEY-NOT-ALLOWED KEY-COMPROMISED "
		"INCONSISTENT-LOG REVOKED SUPERSEDED SUSPENDED ENDED NOT-IN-MANIFEST ALTERED EXPIRED "
		"NOT-YET-VALID NOT-FOR-YOU STALE PENDING UNDECIDED VALID ";
	struct buf all = buf_empty(1000);

	for (enum verdict_code code = 0; code <= VERDICT_VALID; code++)
		buf_printf(&all, "%s ", words_code(code));
	EQ_STR(buf_view(&all), str_of(order));
	buf_free(&all);
}

TEST(exit_codes_are_0_valid_3_undecided_1_no)
{
	for (enum verdict_code code = 0; code <= VERDICT_VALID; code++) {
		int want = 1;

		if (code == VERDICT_VALID)
			want = 0;
		else if (code == VERDICT_UNKNOWN_KEY || code >= VERDICT_STALE)
			want = 3;
		EQ_INT(verdict_exit(code), want);
	}
	EQ_INT(verdict_exit_worse(0, 3), 3);
	EQ_INT(verdict_exit_worse(3, 1), 1);
	EQ_INT(verdict_exit_worse(1, 0), 1);
	EQ_INT(verdict_exit_worse(0, 0), 0);
}

TEST(a_missing_axis_is_undecided_and_allow_no_log_says_that_it_lowered)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(200);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = whole(world_ready(&w), &t);
	struct verdict v;
	struct buf text = buf_empty(4096);

	CHECK(answers(&ev, VERDICT_VALID));
	ev.leaf = LEAF_NOT_CHECKED;
	ev.log_gap = LOG_GAP_CHECKPOINT;
	v = verdict_of(&ev);
	EQ_INT(v.code, VERDICT_UNDECIDED);
	EQ_INT(v.reason, REASON_NOT_CHECKED);
	words_headline(&text, &ev, &v, WORDS_EN);
	EQ_STR(buf_view(&text), STR("UNDECIDED \xe2\x80\x94 genuine; transparency not checked"));
	ev.allow_no_log = true;
	v = verdict_of(&ev);
	EQ_INT(v.code, VERDICT_VALID);
	CHECK(v.lowered);
	buf_clear(&text);
	words_headline(&text, &ev, &v, WORDS_EN);
	EQ_STR(buf_view(&text), STR("VALID (transparency not checked, as --allow no-log permits)"));
	/* Included, but not under a checkpoint that holds. */
	ev.leaf = LEAF_INCLUDED;
	ev.log_gap = LOG_GAP_WITNESSES;
	CHECK(answers(&ev, VERDICT_VALID) && verdict_of(&ev).lowered);
	ev.allow_no_log = false;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	EQ_INT(verdict_of(&ev).reason, REASON_NOT_WITNESSED);
	ev.allow_no_log = true;
	ev.leaf = LEAF_NOT_CHECKED;
	/* What no-log never lowers: a file nobody compared, status, a stale list, a thing seen to be wrong. */
	ev.file = FILE_NOT_CHECKED;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	ev.file = FILE_NONE;
	CHECK(answers(&ev, VERDICT_VALID));
	ev.status = STATUS_NOT_CHECKED;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	ev.status = STATUS_GOOD;
	ev.freshness = FRESH_NOT_CHECKED;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	ev.freshness = FRESH_CACHED;
	ev.keylist_state = KEYLIST_STALE;
	CHECK(answers(&ev, VERDICT_STALE));
	ev.keylist_state = KEYLIST_FRESH;
	ev.leaf = LEAF_OTHER;
	CHECK(answers(&ev, VERDICT_NOT_IN_MANIFEST));
	buf_free(&text);
	world_free(&w);
}

TEST(an_unknown_key_is_forgery_only_under_a_fresh_list)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(200);
	struct token t = world_token(&w, w.thief, &p);
	struct evidence ev = whole(world_ready(&w), &t);

	CHECK(answers(&ev, VERDICT_FORGED));
	ev.keylist_state = KEYLIST_STALE;
	CHECK(answers(&ev, VERDICT_UNKNOWN_KEY));
	EQ_INT(verdict_of(&ev).reason, REASON_STALE_KEYLIST);
	ev.keylist_state = KEYLIST_BAD;
	CHECK(answers(&ev, VERDICT_UNKNOWN_KEY));
	EQ_INT(verdict_of(&ev).reason, REASON_BAD_KEYLIST);
	ev.keylist_state = KEYLIST_ABSENT;
	CHECK(answers(&ev, VERDICT_UNKNOWN_KEY));
	ev.policy = NULL;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	EQ_INT(verdict_of(&ev).reason, REASON_UNKNOWN_ISSUER);
	world_free(&w);
}

TEST(a_key_signs_only_what_it_may)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(200);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = whole(world_ready(&w), &t);
	struct keylist_key good = w.keys[0];

	w.keys[0].state = KEY_RETIRED; /* verifies for ever */
	CHECK(answers(&ev, VERDICT_VALID));
	w.keys[0].state = KEY_PLANNED;
	CHECK(answers(&ev, VERDICT_KEY_NOT_ALLOWED));
	w.keys[0] = good;
	w.keys[0].first_idx = 201;
	CHECK(answers(&ev, VERDICT_KEY_NOT_ALLOWED));
	w.keys[0].first_idx = 200;
	CHECK(answers(&ev, VERDICT_VALID));
	w.keys[0] = good;
	w.keys[0].not_before = (p.issued_day + 1) * 86400;
	CHECK(answers(&ev, VERDICT_KEY_NOT_ALLOWED));
	w.keys[0] = good;
	w.keys[0].has_not_after = true;
	w.keys[0].not_after = (p.issued_day - 1) * 86400;
	CHECK(answers(&ev, VERDICT_KEY_NOT_ALLOWED));
	w.keys[0].not_after = p.issued_day * 86400;
	CHECK(answers(&ev, VERDICT_VALID));
	w.keys[0] = good;
	w.keys[0].role = ROLE_STATUS;
	CHECK(answers(&ev, VERDICT_KEY_NOT_ALLOWED));
	world_free(&w);
}

TEST(below_the_cut_of_a_compromised_key_only_a_witnessed_log_decides)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(200);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = whole(world_ready(&w), &t);

	w.keys[0].state = KEY_COMPROMISED;
	w.keys[0].from_idx = 200;
	CHECK(answers(&ev, VERDICT_KEY_COMPROMISED));
	w.keys[0].from_idx = 201;
	CHECK(answers(&ev, VERDICT_UNDECIDED)); /* quorum 0 */
	EQ_INT(verdict_of(&ev).reason, REASON_NEEDS_LOG);
	ev.allow_no_log = true;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	ev.quorum = 2;
	ev.witnesses = 1;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	ev.witnesses = 2;
	CHECK(answers(&ev, VERDICT_VALID));
	ev.log_gap = LOG_GAP_EXTENSION;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	ev.log_gap = LOG_GAP_NONE;
	ev.leaf = LEAF_NOT_CHECKED;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	ev.leaf = LEAF_OTHER;
	CHECK(answers(&ev, VERDICT_NOT_IN_MANIFEST));
	ev.status = STATUS_REVOKED;
	CHECK(answers(&ev, VERDICT_REVOKED));
	world_free(&w);
}

TEST(an_index_past_the_tree_is_pending_until_the_issuers_own_site_says_so)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(200);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = whole(world_ready(&w), &t);

	ev.leaf = LEAF_BEYOND;
	CHECK(answers(&ev, VERDICT_PENDING));
	ev.canonical = true;
	CHECK(answers(&ev, VERDICT_NOT_IN_MANIFEST));
	world_free(&w);
}

TEST(what_is_stale_says_why)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(200);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = whole(world_ready(&w), &t), old = ev;
	static const struct {
		enum keylist_age keys;
		enum status_age status;
		enum verdict_reason want;
	} cases[] = {
		{ KEYLIST_EXPIRED, STATUS_IN_TIME, REASON_STALE_KEYLIST },
		{ KEYLIST_OLDER_THAN_STATUS, STATUS_IN_TIME, REASON_OLDER_KEYLIST },
		{ KEYLIST_OLDER_THAN_SEEN, STATUS_AHEAD_OF_LOG, REASON_KEYLIST_BACK },
		{ KEYLIST_IN_TIME, STATUS_OLDER_THAN_SEEN, REASON_STATUS_BACK },
		{ KEYLIST_IN_TIME, STATUS_AHEAD_OF_LOG, REASON_OLD_CHECKPOINT },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ev = old;
		if (cases[i].keys != KEYLIST_IN_TIME)
			ev.keylist_state = KEYLIST_STALE;
		ev.keylist_age = cases[i].keys;
		ev.status_age = cases[i].status;
		CHECK(answers(&ev, VERDICT_STALE));
		EQ_INT(verdict_of(&ev).reason, cases[i].want);
	}
	ev = old;
	ev.now = ev.list_exp - 1;
	CHECK(answers(&ev, VERDICT_VALID));
	ev.now++;
	CHECK(answers(&ev, VERDICT_STALE));
	EQ_INT(verdict_of(&ev).reason, REASON_NONE);
	world_free(&w);
}

TEST(a_log_that_contradicts_itself_says_how)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(200);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = whole(world_ready(&w), &t);
	static const enum verdict_reason want[] = {
		[LOG_FAULT_FORK] = REASON_LOG_FORK,
		[LOG_FAULT_SHRUNK] = REASON_LOG_SHRUNK,
		[LOG_FAULT_REWRITTEN] = REASON_LOG_REWRITTEN,
		[LOG_FAULT_TILES] = REASON_LOG_TILES,
	};

	for (enum log_fault fault = LOG_FAULT_FORK; fault <= LOG_FAULT_TILES; fault++) {
		ev.log_fault = fault;
		CHECK(answers(&ev, VERDICT_INCONSISTENT_LOG));
		EQ_INT(verdict_of(&ev).reason, want[fault]);
		EQ_INT(verdict_of(&ev).transparency, LOG_INCONSISTENT);
	}
	world_free(&w);
}

TEST(days_end_where_the_issuer_lives)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(200);
	struct token t;
	struct evidence ev;
	int64_t last_moment;

	p.expires_day = p.issued_day + 1;
	t = world_token(&w, w.signer, &p);
	ev = whole(world_ready(&w), &t);
	last_moment = (p.expires_day + 1) * 86400 - 480 * 60 - 1;
	ev.list_exp = last_moment + 10;
	ev.now = last_moment;
	CHECK(answers(&ev, VERDICT_VALID));
	ev.now = last_moment + 1;
	CHECK(answers(&ev, VERDICT_EXPIRED));
	/* A day's grace before the day of issue, no more. */
	ev.now = p.issued_day * 86400 - 480 * 60 - 86400;
	CHECK(answers(&ev, VERDICT_VALID));
	ev.now--;
	CHECK(answers(&ev, VERDICT_NOT_YET_VALID));
	world_free(&w);
}

TEST(a_moment_in_the_past_needs_a_list_of_that_time)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(200);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = whole(world_ready(&w), &t);

	ev.has_at = true;
	ev.at = WORLD_NOW - 1000;
	CHECK(answers(&ev, VERDICT_VALID));
	ev.now = ev.list_exp + 1; /* run out since: it holds for its own time */
	CHECK(answers(&ev, VERDICT_VALID));
	ev.has_list_iat = false;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	EQ_INT(verdict_of(&ev).reason, REASON_NO_LIST_AT);
	ev.allow_no_log = true;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	ev.status = STATUS_REVOKED; /* now: stays so */
	CHECK(answers(&ev, VERDICT_REVOKED));
	world_free(&w);
}

TEST(expectations_are_read_and_met)
{
	struct world w = world_new();
	struct token_payload p = world_letter(200);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = whole(world_ready(&w), &t);
	static const struct {
		const char *text;
		enum verdict_code want;
	} cases[] = {
		{ "recipient=Northland Board of Accountancy", VERDICT_VALID },
		{ "recipient=Northland Board of Accountancy,type=letter", VERDICT_VALID },
		{ "type=good-standing-letter", VERDICT_VALID },
		{ "type=3,member_no=110001234567,name_native=张晓明", VERDICT_VALID },
		{ "docid=0000-0000-0000-6800", VERDICT_NOT_FOR_YOU },
		{ "recipient=Northland Board of Accountanc", VERDICT_NOT_FOR_YOU },
		{ "recipient=Northland Board of Accountancy,", VERDICT_NOT_FOR_YOU },
		{ "type=practising", VERDICT_NOT_FOR_YOU },
		{ "name_latin=ZHANG XIAOMING,type=statement", VERDICT_NOT_FOR_YOU },
		{ "member_no=110001234568", VERDICT_NOT_FOR_YOU },
	};
	static const char *const bad[] = { "",         "recipient",     "recipient=",
					   "who=me",   "type=bank",     "type=0",
					   "type=256", "type=1,type=2", "recipient=a,recipient=b" };
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		OK(verdict_expect_read(str_of(cases[i].text), &ev.expect, &e), e);
		if (!CHECK(answers(&ev, cases[i].want)))
			EQ_C(cases[i].text, "");
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CHECK(!verdict_expect_read(str_of(bad[i]), &ev.expect, &e));
		EQ_INT(e.kind, ERR_USAGE);
	}
	OK(verdict_expect_read(STR("recipient=Smith, Jones, type of firm,type=3"), &ev.expect, &e),
	   e);
	EQ_STR(ev.expect.recipient, STR("Smith, Jones, type of firm"));
	EQ_INT(ev.expect.type, 3);
	world_free(&w);
}

TEST(nothing_to_check_is_undecided)
{
	struct evidence ev = { .code = CODE_NONE };

	CHECK(answers(&ev, VERDICT_UNDECIDED));
	EQ_INT(verdict_of(&ev).reason, REASON_NO_CODE);
	ev.code = CODE_NO_LOOKUP;
	CHECK(answers(&ev, VERDICT_UNDECIDED));
	EQ_INT(verdict_of(&ev).not_checked_count, 0);
}
