/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/tally.h"

#include <stdio.h>

#include "check.h"

static struct staged_line line(int64_t sequence, const char *word, unsigned char id)
{
	struct staged_line l = { .sequence = sequence,
				 .word = str_of(word),
				 .form = STR("card"),
				 .lang = STR("zh"),
				 .code = STR("CODE"),
				 .facts = STR("{}"),
				 .has_docid = strcmp(word, "issued") == 0 };

	l.docid[0] = id;
	return l;
}

static void count(struct tally *t, struct staged_line l)
{
	struct err e;

	OK(tally_line(t, &l, &e), e);
}

static struct tally empty(void)
{
	struct tally t = { .arena = arena_new(1 << 20) };

	CHECK(t.arena != NULL);
	return t;
}

TEST(a_record_counts_once_and_the_sum_is_the_records)
{
	struct tally t = empty();

	count(&t, line(1, "none", 0));
	count(&t, line(2, "unchanged", 0));
	count(&t, line(2, "issued", 1));
	count(&t, line(2, "superseded", 0));
	count(&t, line(3, "issued", 2));
	count(&t, line(3, "refused", 0));
	count(&t, line(4, "unchanged", 0));
	count(&t, line(4, "none", 0));
	count(&t, line(5, "refused", 0));
	tally_end(&t);
	EQ_INT(t.records[TALLY_NONE], 1);
	EQ_INT(t.records[TALLY_ISSUED], 1);
	EQ_INT(t.records[TALLY_REFUSED], 2);
	EQ_INT(t.records[TALLY_UNCHANGED], 1);
	EQ_INT(t.code_count, 1);
	EQ_INT(t.codes[0].lines, 2);
	arena_free(t.arena);
}

TEST(no_record_counts_nothing)
{
	struct tally t = empty();

	tally_end(&t);
	for (int i = 0; i < TALLY_RECORDS; i++)
		EQ_INT(t.records[i], 0);
	EQ_INT(t.pick_count, 0);
	arena_free(t.arena);
}

TEST(more_codes_and_documents_than_there_is_room_for_are_still_counted)
{
	static const char facts[] = "{\"name\":\"longest\"}";
	struct tally t = empty();

	for (int i = 0; i < 3 * TALLY_CODES; i++) {
		char code[24];
		struct staged_line l = line(i + 1, "refused", 0);

		snprintf(code, sizeof code, "CODE-%d", i);
		l.code = str_of(code);
		count(&t, l);
	}
	EQ_INT(t.code_count, TALLY_CODES);
	EQ_INT(t.other_codes, 2 * TALLY_CODES);
	for (int i = 0; i < 3 * TALLY_PICKS; i++) {
		struct staged_line l = line(1000 + i, "issued", (unsigned char)i);

		l.fell_back = true;
		l.facts = str_of(i == 30 ? facts : "{}");
		count(&t, l);
	}
	tally_end(&t);
	EQ_INT(t.fell_back, 3 * TALLY_PICKS);
	EQ_INT(t.forms[0].issued, 3 * TALLY_PICKS);
	EQ_INT(t.pick_count, TALLY_PICKS);
	EQ_INT(t.picks[0].why, TALLY_FIRST);
	EQ_INT(t.picks[1].why, TALLY_FELL_BACK);
	EQ_INT(t.picks[TALLY_PICKS - 1].why, TALLY_LONGEST);
	EQ_INT(t.picks[TALLY_PICKS - 1].docid[0], 30);
	arena_free(t.arena);
}

TEST(the_first_document_of_each_template_and_language_is_picked)
{
	struct tally t = empty();
	struct staged_line l = line(1, "issued", 1);

	count(&t, l);
	l.docid[0] = 2;
	l.lang = STR("en");
	count(&t, l);
	l.docid[0] = 3;
	count(&t, l);
	l.docid[0] = 4;
	l.form = STR("other");
	count(&t, l);
	tally_end(&t);
	EQ_INT(t.form_count, 3);
	EQ_INT(t.pick_count, 3); /* the longest is the first of them all */
	EQ_INT(t.picks[1].docid[0], 2);
	EQ_INT(t.picks[2].docid[0], 4);
	arena_free(t.arena);
}
