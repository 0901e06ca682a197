/* SPDX-License-Identifier: Apache-2.0 */
#include "store/move.h"

#include "check.h"
#include "store/edition.h"
#include "store/forget.h"
#include "store/place.h"

static const unsigned char FIRST[DOCID_SIZE] = { 1 }, SECOND[DOCID_SIZE] = { 2 };

static struct store_move to(const unsigned char docid[DOCID_SIZE], enum document_status status)
{
	struct store_move m = { .status = status, .reason = STR("other"), .at = 7 };

	memcpy(m.docid, docid, DOCID_SIZE);
	return m;
}

/* A store with one member and two made documents at idx 3 and 40,000. */
static struct store *stocked(struct place *p)
{
	struct store *s = NULL;
	struct err e = { 0 };

	place_make(p);
	OK(store_open(p->store, &s, &e), e);
	OK(place_member(s, "m", &e), e);
	for (unsigned char i = 1; i <= 2; i++) {
		struct store_document d = place_document("m", i, i);

		d.issue_no = i;
		OK(store_document_add(s, &d, &e) &&
			   store_document_place(s, d.docid, i == 1 ? 3 : 40000, &e),
		   e);
		d.token = STR("token");
		d.lookup[0] = i;
		OK(store_document_made(s, &d, &e), e);
	}
	return s;
}

static enum document_status published(struct store *s, struct place *p,
				      const unsigned char docid[DOCID_SIZE])
{
	struct store_document d = { .status = STATUS_VALID };
	struct err e = { 0 };
	bool found = false;

	OK(store_document_lookup(s, p->arena, docid, &d, &found, &e), e);
	CHECK(found);
	return d.status;
}

TEST(a_move_waits_for_an_edition_and_can_be_taken_back_till_then)
{
	struct place p;
	struct store *s = stocked(&p);
	struct store_move m = to(FIRST, STATUS_REVOKED);
	struct err e = { 0 };
	int64_t waiting = -1;
	bool found;

	OK(store_move_put(s, &m, &e), e);
	EQ_INT(published(s, &p, FIRST), STATUS_VALID);
	OK(store_moves_waiting(s, &waiting, &e), e);
	EQ_INT(waiting, 1);
	OK(store_move_take_back(s, FIRST, &found, &e), e);
	CHECK(found);
	OK(store_moves_take(s, 1, &e), e);
	EQ_INT(published(s, &p, FIRST), STATUS_VALID);
	OK(store_move_put(s, &m, &e) && store_moves_take(s, 2, &e), e);
	EQ_INT(published(s, &p, FIRST), STATUS_REVOKED);
	EQ_INT(published(s, &p, SECOND), STATUS_VALID);
	OK(store_move_take_back(s, FIRST, &found, &e), e);
	CHECK(!found);
	store_close(s);
	place_remove(&p);
}

TEST(only_the_moves_of_the_status_list_are_allowed_from_what_the_site_says)
{
	static const enum document_status all[] = { STATUS_VALID, STATUS_REVOKED, STATUS_SUSPENDED,
						    STATUS_SUPERSEDED, STATUS_ENDED };
	static const bool allowed[5][5] = {
		{ true, true, true, true, true },    { false, true, false, false, false },
		{ true, true, true, true, true },    { false, true, false, true, false },
		{ false, true, false, false, true },
	};

	for (size_t from = 0; from < 5; from++)
		for (size_t i = 0; i < 5; i++) {
			struct place p;
			struct store *s = stocked(&p);
			struct store_move first = to(FIRST, all[from]), then = to(FIRST, all[i]);
			struct err e = { 0 };

			OK(store_move_put(s, &first, &e) && store_moves_take(s, 1, &e), e);
			EQ_INT(store_move_put(s, &then, &e), allowed[from][i]);
			if (!allowed[from][i])
				EQ_C(e.code, "MOVE-NOT-ALLOWED");
			store_close(s);
			place_remove(&p);
		}
}

TEST(a_second_wish_replaces_the_first_and_the_old_status_cancels_it)
{
	struct place p;
	struct store *s = stocked(&p);
	struct store_move suspend = to(FIRST, STATUS_SUSPENDED), end = to(FIRST, STATUS_ENDED),
			  none = to(FIRST, STATUS_VALID), last;
	struct err e = { 0 };
	int64_t waiting;
	bool found;

	OK(store_move_put(s, &suspend, &e) && store_move_put(s, &end, &e), e);
	OK(store_moves_waiting(s, &waiting, &e), e);
	EQ_INT(waiting, 1);
	OK(store_move_latest(s, p.arena, FIRST, &last, &found, &e), e);
	CHECK(found && last.status == STATUS_ENDED && last.was == STATUS_VALID &&
	      last.edition == 0);
	OK(store_move_put(s, &none, &e), e);
	OK(store_moves_waiting(s, &waiting, &e), e);
	EQ_INT(waiting, 0);
	store_close(s);
	place_remove(&p);
}

TEST(an_edition_signs_the_shards_in_which_something_moved)
{
	struct place p;
	struct store *s = stocked(&p);
	struct store_move m = to(SECOND, STATUS_SUSPENDED);
	struct err e = { 0 };
	struct sql_rows *rows;
	int64_t *shards, idx, end;
	int status;
	size_t count;

	OK(store_move_put(s, &m, &e) && store_moves_take(s, 5, &e), e);
	OK(store_shards_moved(s, p.arena, 5, &shards, &count, &e), e);
	EQ_INT(count, 1);
	EQ_INT(shards[0], 40000 / 32768);
	OK(store_statuses(s, 32768, 65536, &rows, &e), e);
	OK(store_statuses_row(rows, &idx, &status, &e), e);
	EQ_INT(idx, 40000);
	EQ_INT(status, STATUS_SUSPENDED);
	OK(store_statuses_row(rows, &idx, &status, &e), e);
	EQ_INT(idx, -1);
	sql_done(rows);
	OK(store_documents_end(s, &end, &e), e);
	EQ_INT(end, 40001);
	store_close(s);
	place_remove(&p);
}

TEST(what_is_forgotten_leaves_its_place_and_an_ended_status)
{
	struct place p;
	struct store *s = stocked(&p);
	struct store_trace *traces;
	struct store_document d;
	struct err e = { 0 };
	int64_t *shards, waiting, end;
	size_t count;
	bool yes, found;

	OK(store_mentions(s, STR("{}"), &yes, &e), e);
	CHECK(yes);
	OK(store_traces(s, p.arena, STR("m"), &traces, &count, &e), e);
	EQ_INT(count, 2);
	OK(store_begin(s, &e) && store_forget(s, STR("m"), traces, count, 9, &e) &&
		   store_commit(s, &e) && store_forget_end(s, &e),
	   e);
	OK(store_document_lookup(s, p.arena, FIRST, &d, &found, &e), e);
	CHECK(!found);
	OK(store_is_forgotten(s, 40000, &yes, &e), e);
	CHECK(yes);
	OK(store_is_forgotten(s, 40001, &yes, &e), e);
	CHECK(!yes);
	OK(store_moves_waiting(s, &waiting, &e), e);
	EQ_INT(waiting, 2);
	OK(store_moves_take(s, 8, &e), e);
	OK(store_shards_moved(s, p.arena, 8, &shards, &count, &e), e);
	EQ_INT(count, 2);
	OK(store_documents_end(s, &end, &e), e);
	EQ_INT(end, 40001);
	OK(store_mentions(s, STR("{}"), &yes, &e), e);
	CHECK(!yes);
	store_close(s);
	place_remove(&p);
}

TEST(a_document_whose_successor_could_not_be_made_stays_in_force)
{
	struct place p;
	struct store *s = stocked(&p);
	struct store_document next = place_document("m", 9, 0);
	struct store_move move = to(FIRST, STATUS_SUPERSEDED);
	struct err e = { 0 }, why;
	int64_t waiting = -1;

	next.batch = 2;
	next.issue_no = 3;
	move.origin = MOVE_BY_FEED;
	err_input(&why, "QR-TOO-LARGE", "too dense");
	OK(store_document_add(s, &next, &e) && store_move_put(s, &move, &e), e);
	OK(store_moves_drop_failed(s, 2, &e) && store_moves_waiting(s, &waiting, &e), e);
	EQ_INT(waiting, 1); /* it may still be made */
	OK(store_document_failed(s, next.docid, &why, &e), e);
	OK(store_moves_drop_failed(s, 2, &e) && store_moves_waiting(s, &waiting, &e), e);
	EQ_INT(waiting, 0);
	store_close(s);
	place_remove(&p);
}
