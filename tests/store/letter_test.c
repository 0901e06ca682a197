/* SPDX-License-Identifier: Apache-2.0 */
#include "store/letter.h"

#include "check.h"
#include "store/forget.h"
#include "store/place.h"

static struct store *opened(struct place *p)
{
	struct store *s = NULL;
	struct err e = { 0 };

	place_make(p);
	OK(store_open(p->store, &s, &e), e);
	return s;
}

static void closed(struct store *s, struct place *p)
{
	store_close(s);
	place_remove(p);
}

static int64_t applied(struct store *s, const char *request, const char *member)
{
	struct store_letter row = { .request_id = str_of(request),
				    .member_id = str_of(member),
				    .request = STR("{\"a\":1}"),
				    .applied_at = 1000 };
	struct err e = { 0 };

	row.hash[0] = (unsigned char)request[0];
	OK(store_letter_add(s, &row, &e), e);
	return row.number;
}

static void act(struct store *s, int64_t number, const char *text)
{
	struct store_act a = { .text = str_of(text) };
	struct err e = { 0 };

	memset(a.signature, text[0], sizeof a.signature);
	OK(store_act_add(s, number, &a, &e), e);
}

/* A document of batch `batch`, planned for the application. */
static void granted(struct store *s, int64_t number, const char *member, unsigned char id,
		    int64_t batch)
{
	struct store_document d = place_document(member, id, id);
	struct store_grant g = { .number = number,
				 .prepared.text = STR("prepared"),
				 .approved.text = STR("approved") };
	struct err e = { 0 };

	d.type = 3;
	d.batch = batch;
	d.issue_no = id;
	memcpy(g.docid, d.docid, DOCID_SIZE);
	OK(store_document_add(s, &d, &e) && store_document_place(s, d.docid, id, &e) &&
		   store_grant_add(s, &g, &e),
	   e);
}

static void document_made(struct store *s, unsigned char id)
{
	struct store_document d = place_document("", id, id);
	struct err e = { 0 };

	d.token = STR("token");
	d.lookup[0] = id;
	OK(store_document_made(s, &d, &e), e);
}

static void document_failed(struct store *s, unsigned char id, const char *code)
{
	struct store_document d = place_document("", id, id);
	struct err e = { 0 }, why;

	err_input(&why, code, "words of %s", code);
	OK(store_document_failed(s, d.docid, &why, &e), e);
}

static bool letter_closed(struct store *s, int64_t number, enum letter_state state, int64_t batch,
			  struct err *e)
{
	const struct store_letter row = { .number = number, .state = state, .batch = batch };

	return store_letter_close(s, &row, e);
}

static struct store_letter letter_of(struct store *s, struct place *p, int64_t number)
{
	struct store_letter row = { 0 };
	struct err e = { 0 };
	bool found = false;

	OK(store_letter_lookup(s, p->arena, number, &row, &found, &e), e);
	CHECK(found);
	return row;
}

TEST(applications_are_numbered_from_one_and_found_by_number_and_by_id)
{
	struct place p;
	struct store *s = opened(&p);
	struct store_letter row;
	struct err e = { 0 };
	bool found = true;

	OK(store_letter_lookup(s, p.arena, 1, &row, &found, &e), e);
	CHECK(!found);
	EQ_INT(applied(s, "a", "m"), 1);
	EQ_INT(applied(s, "b", "m"), 2);
	EQ_INT(applied(s, "c", "n"), 3);
	row = letter_of(s, &p, 2);
	EQ_STR(row.request_id, STR("b"));
	EQ_STR(row.member_id, STR("m"));
	EQ_STR(row.request, STR("{\"a\":1}"));
	EQ_STR(row.code, STR(""));
	EQ_INT(row.hash[0], 'b');
	EQ_INT(row.state, LETTER_OPEN);
	EQ_INT(row.applied_at, 1000);
	EQ_INT(row.batch, 0);
	OK(store_letter_find(s, p.arena, STR("c"), &row, &found, &e), e);
	CHECK(found);
	EQ_INT(row.number, 3);
	OK(store_letter_find(s, p.arena, STR("C"), &row, &found, &e), e);
	CHECK(!found);
	OK(store_letter_find(s, p.arena, STR("c' OR 1 = 1 --"), &row, &found, &e), e);
	CHECK(!found);
	closed(s, &p);
}

TEST(the_same_request_id_is_taken_once)
{
	struct place p;
	struct store *s = opened(&p);
	struct store_letter twice = { .request_id = STR("a"),
				      .member_id = STR("m"),
				      .request = STR("{}") };
	struct err e = { 0 };

	applied(s, "a", "m");
	CHECK(!store_letter_add(s, &twice, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	closed(s, &p);
}

TEST(an_application_is_closed_once)
{
	static const enum letter_state ends[] = { LETTER_REFUSED, LETTER_WITHDRAWN, LETTER_ISSUED };

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct place p;
		struct store *s = opened(&p);
		int64_t n = applied(s, "a", "m");
		struct err e = { 0 };

		OK(letter_closed(s, n, ends[i], 7, &e), e);
		EQ_INT(letter_of(s, &p, n).state, ends[i]);
		for (size_t k = 0; k < COUNT_OF(ends); k++) {
			CHECK(!letter_closed(s, n, ends[k], 8, &e));
			EQ_INT(e.kind, ERR_SYSTEM);
		}
		EQ_INT(letter_of(s, &p, n).batch, 7);
		CHECK(!letter_closed(s, n + 1, ends[i], 0, &e));
		closed(s, &p);
	}
}

TEST(applications_are_walked_by_state)
{
	struct place p;
	struct store *s = opened(&p);
	static const char *const ids[] = { "a", "b", "c", "d", "e" };
	struct store_letter row = { .number = 0 };
	struct err e = { 0 };
	int64_t sum = 0;
	bool found = true;

	for (size_t i = 0; i < COUNT_OF(ids); i++)
		applied(s, ids[i], "m");
	OK(letter_closed(s, 2, LETTER_REFUSED, 0, &e) &&
		   letter_closed(s, 4, LETTER_WITHDRAWN, 0, &e),
	   e);
	for (; found; sum = sum * 10 + row.number) {
		OK(store_letter_next(s, p.arena, LETTER_OPEN, row.number, &row, &found, &e), e);
		if (!found)
			break;
	}
	EQ_INT(sum, 135);
	OK(store_letter_next(s, p.arena, (enum letter_state)0, 3, &row, &found, &e), e);
	EQ_INT(row.number, 4);
	OK(store_letter_next(s, p.arena, LETTER_ISSUED, 0, &row, &found, &e), e);
	CHECK(!found);
	closed(s, &p);
}

TEST(what_officers_signed_is_kept_in_order_and_to_a_limit)
{
	struct place p;
	struct store *s = opened(&p);
	int64_t n = applied(s, "a", "m"), other = applied(s, "b", "m");
	struct store_act *acts, one = { .text = STR("too many") };
	struct err e = { 0 };
	size_t count = 9;

	OK(store_acts(s, p.arena, n, &acts, &count, &e), e);
	EQ_INT(count, 0);
	for (int i = 0; i < LETTER_ACTS_MAX; i++) {
		char text[2] = { (char)('0' + i), '\0' };

		act(s, n, text);
	}
	act(s, other, "x");
	OK(store_acts(s, p.arena, n, &acts, &count, &e), e);
	EQ_INT(count, LETTER_ACTS_MAX);
	for (size_t i = 0; i < count; i++) {
		EQ_INT(acts[i].text.p[0], '0' + (int)i);
		EQ_INT(acts[i].signature[63], '0' + (int)i);
	}
	CHECK(!store_act_add(s, n, &one, &e));
	EQ_INT(e.kind, ERR_INPUT);
	EQ_C(e.code, "LETTER-ACTS");
	OK(store_acts(s, p.arena, other, &acts, &count, &e), e);
	EQ_INT(count, 1);
	closed(s, &p);
}

TEST(a_failed_document_opens_its_application_again_and_no_other)
{
	struct place p;
	struct store *s = opened(&p);
	int64_t bad = applied(s, "a", "m"), good = applied(s, "b", "m"), later;
	struct err e = { 0 };

	OK(place_member(s, "m", &e), e);
	later = applied(s, "c", "m");
	granted(s, bad, "m", 1, 5);
	granted(s, bad, "m", 2, 5);
	granted(s, good, "m", 3, 5);
	granted(s, later, "m", 4, 6);
	OK(letter_closed(s, bad, LETTER_ISSUED, 5, &e) &&
		   letter_closed(s, good, LETTER_ISSUED, 5, &e) &&
		   letter_closed(s, later, LETTER_ISSUED, 6, &e),
	   e);
	document_made(s, 1);
	document_failed(s, 2, "QR-TOO-LARGE");
	document_made(s, 3);
	document_failed(s, 4, "OTHER");
	OK(store_letters_reopen(s, 5, &e), e);
	EQ_INT(letter_of(s, &p, bad).state, LETTER_OPEN);
	EQ_INT(letter_of(s, &p, bad).batch, 0);
	EQ_STR(letter_of(s, &p, bad).code, STR("QR-TOO-LARGE"));
	EQ_STR(letter_of(s, &p, bad).words, STR("words of QR-TOO-LARGE"));
	EQ_INT(letter_of(s, &p, good).state, LETTER_ISSUED);
	EQ_INT(letter_of(s, &p, later).state, LETTER_ISSUED);
	/* The same once more, as an interrupted run does it: nothing else happens. */
	OK(store_letters_reopen(s, 5, &e), e);
	EQ_INT(letter_of(s, &p, later).state, LETTER_ISSUED);
	/* It may be closed again, and an officer's word settles the failure. */
	act(s, bad, "x");
	EQ_STR(letter_of(s, &p, bad).code, STR(""));
	OK(letter_closed(s, bad, LETTER_REFUSED, 0, &e), e);
	closed(s, &p);
}

TEST(an_officers_word_does_not_touch_why_a_closed_one_was_refused)
{
	struct place p;
	struct store *s = opened(&p);
	int64_t n = applied(s, "a", "m");
	const struct store_letter refused = {
		.number = n, .state = LETTER_REFUSED, .code = STR("OFFICE"), .words = STR("no")
	};
	struct err e = { 0 };

	OK(store_letter_close(s, &refused, &e), e);
	act(s, n, "x");
	EQ_STR(letter_of(s, &p, n).code, STR("OFFICE"));
	closed(s, &p);
}

TEST(documents_are_those_of_the_application_in_order_of_planning)
{
	struct place p;
	struct store *s = opened(&p);
	int64_t n = applied(s, "a", "m"), other = applied(s, "b", "m");
	struct store_document *documents;
	struct store_grant g;
	struct store_letter row;
	struct err e = { 0 };
	unsigned char none[DOCID_SIZE] = { 99 };
	size_t count;
	bool found;

	OK(place_member(s, "m", &e), e);
	granted(s, n, "m", 4, 2);
	granted(s, other, "m", 3, 2);
	granted(s, n, "m", 1, 5);
	granted(s, n, "m", 2, 2);
	OK(store_letter_documents(s, p.arena, n, &documents, &count, &e), e);
	EQ_INT(count, 3);
	EQ_INT(documents[0].docid[0], 2);
	EQ_INT(documents[1].docid[0], 4);
	EQ_INT(documents[2].docid[0], 1);
	OK(store_grant_lookup(s, p.arena, documents[2].docid, &g, &found, &e), e);
	CHECK(found);
	EQ_INT(g.number, n);
	EQ_STR(g.prepared.text, STR("prepared"));
	EQ_STR(g.approved.text, STR("approved"));
	OK(store_grant_lookup(s, p.arena, none, &g, &found, &e), e);
	CHECK(!found);
	OK(store_letter_in(s, p.arena, 2, 0, &row, &found, &e), e);
	CHECK(found && row.number == n);
	OK(store_letter_in(s, p.arena, 2, n, &row, &found, &e), e);
	CHECK(found && row.number == other);
	OK(store_letter_in(s, p.arena, 2, other, &row, &found, &e), e);
	CHECK(!found);
	OK(store_letter_in(s, p.arena, 3, 0, &row, &found, &e), e);
	CHECK(!found);
	closed(s, &p);
}

TEST(who_is_forgotten_leaves_no_application)
{
	struct place p;
	struct store *s = opened(&p);
	int64_t open = applied(s, "a", "m"), issued = applied(s, "b", "m"),
		reply = applied(s, "c", "m"), other = applied(s, "d", "n");
	struct store_document *documents;
	struct store_trace *traces;
	struct store_letter row;
	struct err e = { 0 };
	size_t count;
	bool found;

	OK(store_letter_of(s, STR("m"), &found, &e), e);
	CHECK(found);
	OK(store_letter_of(s, STR("o"), &found, &e), e);
	CHECK(!found);
	OK(place_member(s, "m", &e) && place_member(s, "n", &e) && place_member(s, "", &e), e);
	act(s, open, "x");
	act(s, reply, "y");
	granted(s, issued, "m", 1, 1);
	granted(s, reply, "", 2, 1); /* "no record matches": a document of nobody */
	granted(s, other, "n", 3, 1);
	OK(store_traces(s, p.arena, STR("m"), &traces, &count, &e), e);
	EQ_INT(count, 1);
	OK(store_begin(s, &e) && store_forget(s, STR("m"), traces, count, 9, &e) &&
		   store_commit(s, &e),
	   e);
	OK(store_letter_of(s, STR("m"), &found, &e), e);
	CHECK(!found);
	OK(store_letter_lookup(s, p.arena, open, &row, &found, &e), e);
	CHECK(!found);
	OK(store_letter_lookup(s, p.arena, issued, &row, &found, &e), e);
	CHECK(!found);
	row = letter_of(s, &p, reply);
	EQ_STR(row.member_id, STR(""));
	EQ_STR(row.request, STR("{}"));
	CHECK(!str_eq(row.request_id, STR("c")));
	OK(store_letter_documents(s, p.arena, reply, &documents, &count, &e), e);
	EQ_INT(count, 1);
	EQ_STR(letter_of(s, &p, other).request_id, STR("d"));
	closed(s, &p);
}

TEST(an_application_with_nothing_behind_it_takes_no_room)
{
	struct place p;
	struct store *s = opened(&p);
	struct arena *small = arena_new(16 * 1024);
	int64_t n = applied(s, "a", "m");
	struct store_document *documents;
	struct store_act *acts;
	struct err e = { 0 };
	size_t count;
	bool ok = true;

	for (int i = 0; i < 500; i++)
		ok = ok && store_acts(s, small, n, &acts, &count, &e) &&
		     store_letter_documents(s, small, n, &documents, &count, &e);
	OK(ok, e);
	arena_free(small);
	closed(s, &p);
}
