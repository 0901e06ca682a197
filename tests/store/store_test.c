/* SPDX-License-Identifier: Apache-2.0 */
#include "store/letter.h"

#include <sys/stat.h>

#include "base/io.h"
#include "check.h"
#include "store/edition.h"
#include "store/journal.h"
#include "store/move.h"
#include "store/place.h"

TEST(store_file_is_for_the_owner_only)
{
	struct place p;
	struct stat st;

	place_make(&p);
	CHECK(stat(p.store, &st) == 0);
	EQ_INT(st.st_mode & 0777, 0600);
	place_remove(&p);
}

TEST(salts_go_on_where_the_committed_state_stands)
{
	unsigned char first[SALT_SIZE], again[SALT_SIZE], second[SALT_SIZE];
	struct place p;
	struct store *s;
	struct err e;

	place_make(&p);
	OK(store_open(p.store, &s, &e), e);
	OK(store_begin(s, &e) && store_salt(s, first, &e), e);
	store_rollback(s);
	OK(store_begin(s, &e) && store_salt(s, again, &e) && store_salt(s, second, &e) &&
		   store_commit(s, &e),
	   e);
	EQ_BYTES(again, first, SALT_SIZE);
	CHECK(memcmp(first, second, SALT_SIZE) != 0);
	store_close(s);
	place_remove(&p);
}

TEST(a_document_is_added_once_and_made_once)
{
	struct store_document d = place_document("m", 1, 0), back;
	struct place p;
	struct store *s;
	struct err e;
	bool found;

	place_make(&p);
	OK(store_open(p.store, &s, &e), e);
	CHECK(!store_document_add(s, &d, &e)); /* no such member */
	OK(place_member(s, "m", &e), e);
	OK(store_document_add(s, &d, &e), e);
	CHECK(!store_document_add(s, &d, &e));
	d.docid[0] = 2;
	CHECK(!store_document_add(s, &d, &e)); /* same member, form, language and issue number */
	d.docid[0] = 1;
	OK(store_document_place(s, d.docid, 5, &e), e);
	CHECK(!store_document_place(s, d.docid, 6, &e));
	d.c_token[0] = 9;
	OK(store_document_made(s, &d, &e), e);
	CHECK(!store_document_made(s, &d, &e));
	OK(store_document_lookup(s, p.arena, d.docid, &back, &found, &e), e);
	CHECK(found && back.state == DOCUMENT_MADE && back.idx == 5 && back.c_token[0] == 9);
	OK(store_document_live(s, p.arena, STR("m"), STR("certificate"), STR("zh"), &back, &found,
			       &e),
	   e);
	CHECK(found);
	const struct store_move move = { .docid = { 1 },
					 .status = STATUS_SUPERSEDED,
					 .reason = STR("other") };
	OK(store_move_put(s, &move, &e), e);
	OK(store_document_live(s, p.arena, STR("m"), STR("certificate"), STR("zh"), &back, &found,
			       &e),
	   e);
	CHECK(!found);
	store_close(s);
	place_remove(&p);
}

TEST(a_batch_only_moves_forward)
{
	static const unsigned char none[HASH_SIZE];
	struct store_batch b = { .id = 1, .state = BATCH_PLANNED, .as_of = 1000, .slots = 3 }, back;
	struct place p;
	struct store *s;
	struct err e;
	int64_t id, first;
	bool found;

	place_make(&p);
	OK(store_open(p.store, &s, &e), e);
	OK(store_batch_open(s, &back, &found, &e), e);
	CHECK(!found);
	OK(store_batch_add(s, &b, &e), e);
	OK(store_batch_open(s, &back, &found, &e), e);
	CHECK(found && back.slots == 3 && back.as_of == 1000);
	OK(store_batch_move(s, 1, BATCH_SIGNED, none, &e), e);
	CHECK(!store_batch_move(s, 1, BATCH_MADE, none, &e));
	OK(store_batch_move(s, 1, BATCH_DONE, none, &e), e);
	OK(store_batch_open(s, &back, &found, &e), e);
	CHECK(!found);
	OK(store_batch_next(s, &id, &first, &e), e);
	EQ_INT(id, 2);
	EQ_INT(first, 0); /* the log has not grown: no edition brought the batch there */
	struct store_edition ed = { .id = 1, .state = EDITION_PLANNED, .at = 1000, .batch = 1 };
	OK(store_edition_add(s, &ed, &e), e);
	ed.state = EDITION_DONE;
	ed.size = 11;
	OK(store_edition_move(s, &ed, &e), e);
	CHECK(!store_edition_move(s, &ed, &e));
	OK(store_batch_next(s, &id, &first, &e), e);
	EQ_INT(first, 11);
	store_close(s);
	place_remove(&p);
}

TEST(documents_come_in_the_order_asked)
{
	struct place p;
	struct store *s;
	struct sql_rows *rows;
	struct store_document d;
	struct err e;
	bool end;

	place_make(&p);
	OK(store_open(p.store, &s, &e), e);
	for (unsigned char i = 0; i < 5; i++) {
		char id[8];

		snprintf(id, sizeof id, "m%d", i);
		d = place_document(id, i, i);
		OK(place_member(s, id, &e) && store_document_add(s, &d, &e), e);
		OK(store_document_place(s, d.docid, 4 - i, &e), e);
	}
	OK(store_documents(s, 1, &rows, &e), e);
	for (int i = 4; i >= 0; i--) {
		OK(store_documents_row(rows, &d, &end, &e), e);
		CHECK(!end && d.docid[0] == i);
	}
	OK(store_documents_row(rows, &d, &end, &e), e);
	CHECK(end);
	store_documents_done(rows);
	store_close(s);
	place_remove(&p);
}

TEST(journal_is_a_chain_and_forgets_a_torn_line)
{
	const struct journal_field fields[] = { { "count", { NULL, 0 }, 3 },
						{ "batch", STR("b"), 0 } };
	struct buf bytes = buf_empty(1 << 20);
	struct place p;
	struct journal *j;
	struct err e;
	size_t lines;
	FILE *torn;

	place_make(&p);
	OK(journal_open(p.journal, &j, &e), e);
	OK(journal_add(j, 0, "batch.planned", fields, 2, &e), e);
	journal_close(j);
	torn = fopen(p.journal, "a");
	CHECK(torn != NULL && fputs("{\"torn\":", torn) >= 0 && fclose(torn) == 0);
	OK(journal_open(p.journal, &j, &e), e);
	OK(journal_add(j, 1, "batch.made", fields, 2, &e), e);
	journal_close(j);
	OK(io_read(p.journal, &bytes, &e), e);
	OK(journal_check(buf_view(&bytes), &lines, &e), e);
	EQ_INT(lines, 2);
	CHECK(str_starts(buf_view(&bytes),
			 STR("{\"at\":\"1970-01-01T00:00:00Z\",\"batch\":\"b\",\"count\":3,")));
	bytes.p[30] ^= 1;
	CHECK(!journal_check(buf_view(&bytes), &lines, &e));
	EQ_INT(lines, 2);
	buf_free(&bytes);
	place_remove(&p);
}

TEST(a_store_of_the_version_before_gets_what_it_lacks_and_loses_nothing)
{
	static const char before[] =
		"DROP TABLE refused; DROP TABLE letter_grant; DROP TABLE letter_act; DROP TABLE letter;"
		"ALTER TABLE document DROP COLUMN seal_level;"
		"ALTER TABLE document DROP COLUMN seal_time;"
		"ALTER TABLE document DROP COLUMN seal_certificate;"
		"ALTER TABLE edition DROP COLUMN has_page; ALTER TABLE edition DROP COLUMN page;"
		"UPDATE meta SET value = 2 WHERE name = 'schema';";
	struct place p;
	struct store *s = NULL;
	struct arena *a = arena_new(1 << 20);
	struct store_letter letter = { .request_id = STR("r"),
				       .member_id = STR("m"),
				       .request = STR("{}") };
	struct str note;
	struct err e = { 0 };
	bool found = false;

	place_make(&p);
	OK(store_open(p.store, &s, &e), e);
	OK(store_note_put(s, STR("out"), STR("here"), &e) && sql_script(store_sql(s), before, &e),
	   e);
	store_close(s);
	for (int again = 0; again < 2; again++) {
		OK(store_open(p.store, &s, &e), e);
		OK(store_note_lookup(s, a, STR("out"), &note, &found, &e), e);
		CHECK(found);
		EQ_STR(note, STR("here"));
		if (again == 0)
			OK(store_letter_add(s, &letter, &e), e);
		OK(store_letter_lookup(s, a, 1, &letter, &found, &e), e);
		CHECK(found);
		store_close(s);
	}
	OK(store_open(p.store, &s, &e), e);
	OK(sql_script(store_sql(s), "UPDATE meta SET value = 4 WHERE name = 'schema'", &e), e);
	store_close(s);
	CHECK(!store_open(p.store, &s, &e)); /* one of a later program */
	EQ_INT(e.kind, ERR_SYSTEM);
	place_remove(&p);
	arena_free(a);
}
