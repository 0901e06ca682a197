/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/tally.h"

static void record_end(struct tally *t)
{
	static const enum tally_record first[] = { TALLY_REFUSED, TALLY_ISSUED, TALLY_UNCHANGED };
	enum tally_record as = TALLY_NONE;

	if (t->sequence == 0)
		return;
	for (size_t i = COUNT_OF(first); i > 0; i--)
		if (t->seen[first[i - 1]])
			as = first[i - 1];
	t->records[as]++;
	memset(t->seen, 0, sizeof t->seen);
}

static void code_count(struct tally *t, struct str code)
{
	struct tally_code *c;
	size_t i = 0;

	while (i < t->code_count && !str_eq(str_of(t->codes[i].code), code))
		i++;
	c = &t->codes[i];
	if (i == TALLY_CODES || code.n >= sizeof c->code) {
		t->other_codes++;
		return;
	}
	if (i == t->code_count) {
		memcpy(c->code, code.p, code.n);
		c->code[code.n] = '\0';
		t->code_count++;
	}
	c->lines++;
}

static void pick(struct tally *t, enum tally_reason why, const unsigned char docid[DOCID_SIZE])
{
	for (size_t i = 0; i < t->pick_count; i++)
		if (memcmp(t->picks[i].docid, docid, DOCID_SIZE) == 0)
			return;
	if (t->pick_count == TALLY_PICKS)
		return;
	t->picks[t->pick_count].why = why;
	memcpy(t->picks[t->pick_count++].docid, docid, DOCID_SIZE);
}

static bool form_count(struct tally *t, const struct staged_line *line, struct err *e)
{
	size_t i = 0;

	while (i < t->form_count &&
	       !(str_eq(t->forms[i].form, line->form) && str_eq(t->forms[i].lang, line->lang)))
		i++;
	if (i == TALLY_FORMS)
		return true;
	if (i == t->form_count) {
		if (!arena_str(t->arena, line->form, &t->forms[i].form, e) ||
		    !arena_str(t->arena, line->lang, &t->forms[i].lang, e))
			return false;
		t->form_count++;
		if (i < TALLY_FIRSTS)
			pick(t, TALLY_FIRST, line->docid);
	}
	t->forms[i].issued++;
	return true;
}

static bool issued(struct tally *t, const struct staged_line *line, struct err *e)
{
	t->seen[TALLY_ISSUED] = true;
	if (!line->has_docid || !form_count(t, line, e))
		return !line->has_docid;
	if (line->facts.n > t->longest_size) {
		t->longest_size = line->facts.n;
		t->longest.why = TALLY_LONGEST;
		memcpy(t->longest.docid, line->docid, DOCID_SIZE);
	}
	if (line->fell_back) {
		t->fell_back++;
		/* One place is kept for the longest. */
		if (t->pick_count < TALLY_PICKS - 1)
			pick(t, TALLY_FELL_BACK, line->docid);
	}
	return true;
}

bool tally_line(struct tally *t, const struct staged_line *line, struct err *e)
{
	if (line->sequence != t->sequence) {
		record_end(t);
		t->sequence = line->sequence;
	}
	if (str_eq(line->word, STR("issued")))
		return issued(t, line, e);
	if (str_eq(line->word, STR("unchanged"))) {
		t->seen[TALLY_UNCHANGED] = true;
	} else if (str_eq(line->word, STR("refused"))) {
		t->seen[TALLY_REFUSED] = true;
		code_count(t, line->code);
	}
	return true;
}

void tally_end(struct tally *t)
{
	record_end(t);
	t->sequence = 0;
	if (t->longest_size > 0)
		pick(t, TALLY_LONGEST, t->longest.docid);
}
