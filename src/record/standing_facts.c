/* SPDX-License-Identifier: Apache-2.0 */
#include "record/standing_inner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MAX = 128 * 1024, MINUTES_A_DAY = 1440 };

/* What the facts are gathered from, and into. */
struct gathering {
	struct arena *a;
	const struct standing_case *c;
	const struct standing *s;
	struct facts *out;
	struct err *e;
};

/* An empty value is a fact not known: it is left out. */
static bool fact(struct gathering *g, const char *key, struct str value)
{
	return value.n == 0 || facts_add(g->out, str_of(key), value, g->e);
}

static bool word_fact(struct gathering *g, const char *key, const char *word)
{
	return fact(g, key, str_of(word));
}

static bool date_fact(struct gathering *g, const char *key, struct civil date)
{
	char text[11];
	struct str kept;

	if (date.year == 0)
		return true;
	civil_text(date, text);
	return arena_str(g->a, str_of(text), &kept, g->e) && fact(g, key, kept);
}

static const char *answer_word(int answer)
{
	return answer == ANSWER_YES ? "yes" : answer == ANSWER_NO ? "no" : "";
}

/* Rows are lines, their cells parted by tabs; no text of a record holds either. */
static void cell_put(struct buf *rows, struct str text)
{
	buf_byte(rows, '\t');
	buf_str(rows, text);
}

static void row_put(struct buf *rows)
{
	if (rows->n > 0)
		buf_byte(rows, '\n');
}

static void date_put(struct buf *rows, struct civil date, bool first)
{
	char text[11] = "";

	if (date.year != 0)
		civil_text(date, text);
	if (first)
		buf_str(rows, str_of(text));
	else
		cell_put(rows, str_of(text));
}

static bool rows_fact(struct gathering *g, const char *key, struct buf *rows)
{
	struct str kept = { 0 };
	bool ok = buf_ok(rows, "the rows of a fact", g->e) &&
		  arena_str(g->a, buf_view(rows), &kept, g->e) && fact(g, key, kept);

	buf_free(rows);
	return ok;
}

static bool recipient_facts(struct gathering *g)
{
	const struct request_recipient *to = g->c->request->recipient;
	struct buf rows = buf_empty(ROWS_MAX);

	if (to == NULL)
		return true;
	for (size_t i = 0; i < to->line_count; i++) {
		row_put(&rows);
		buf_str(&rows, to->lines[i].text);
	}
	if (to->country.n > 0) {
		row_put(&rows);
		buf_str(&rows, to->country);
	}
	return rows_fact(g, "recipient_address", &rows) && fact(g, "recipient", to->name) &&
	       (!g->s->shortened || fact(g, "recipient_short", g->s->recipient)) &&
	       fact(g, "their_ref", to->their_ref);
}

static bool as_at_fact(struct gathering *g)
{
	int offset = g->c->utc_offset_min;
	int64_t local = g->s->as_at_min + offset;
	int64_t day = instant_day(g->s->as_at_min * 60, offset);
	int minute = (int)(local - day * MINUTES_A_DAY);
	struct str text;
	char date[11];

	civil_text(civil_of_days(day), date);
	return arena_printf(g->a, &text, g->e, "%sT%02d:%02d%c%02d:%02d", date, minute / 60,
			    minute % 60, offset < 0 ? '-' : '+', abs(offset) / 60,
			    abs(offset) % 60) &&
	       fact(g, "as_at", text);
}

static bool reach_facts(struct gathering *g)
{
	struct str years;

	if (g->s->look_back == LOOK_BACK_NONE)
		years = STR("none");
	else if (g->s->look_back == LOOK_BACK_EVER)
		years = STR("ever");
	else if (!arena_printf(g->a, &years, g->e, "%u", g->s->look_back))
		return false;
	return fact(g, "look_back", years) &&
	       word_fact(g, "pending", g->s->pending ? "covered" : "silent");
}

static bool frame_facts(struct gathering *g)
{
	struct str wording;

	return arena_printf(g->a, &wording, g->e, "W%u", g->s->wording) &&
	       fact(g, "wording", wording) && as_at_fact(g) &&
	       date_fact(g, "expires", civil_of_days(g->s->expires_day)) && recipient_facts(g) &&
	       fact(g, "purpose", g->c->request->purpose);
}

static bool member_facts(struct gathering *g)
{
	const struct member *m = g->c->member;

	return word_fact(g, "class", member_class_word(m->class)) &&
	       fact(g, "member_no", m->member_no) && fact(g, "name_native", m->name->native) &&
	       (m->name->latin == NULL || fact(g, "name_latin", m->name->latin->full)) &&
	       date_fact(g, "admitted", m->admission->date);
}

static bool findings_fact(struct gathering *g)
{
	const struct member_discipline *d = g->c->member->discipline;
	struct buf rows = buf_empty(ROWS_MAX);

	for (size_t i = 0; g->s->listed && i < d->finding_count; i++) {
		const struct member_finding *f = &d->findings[i];

		if (f->disclosable != ANSWER_YES)
			continue;
		row_put(&rows);
		date_put(&rows, f->date, true);
		cell_put(&rows, str_of(member_sanction_word(f->sanction)));
		date_put(&rows, f->ends, false);
		cell_put(&rows, f->text_en);
	}
	return rows_fact(g, "findings", &rows);
}

static bool history_fact(struct gathering *g)
{
	const struct member *m = g->c->member;
	struct buf rows = buf_empty(ROWS_MAX);

	for (size_t i = 0; i < m->history_count; i++) {
		const struct member_history *h = &m->history[i];

		row_put(&rows);
		date_put(&rows, h->from, true);
		date_put(&rows, h->to, false);
		cell_put(&rows, str_of(member_class_word(h->class)));
		cell_put(&rows, str_of(member_status_word(h->status)));
		cell_put(&rows, h->member_no);
		cell_put(&rows, h->association);
	}
	return rows_fact(g, "history", &rows);
}

static bool letter_facts(struct gathering *g)
{
	const struct member *m = g->c->member;
	const struct member_annual_check *k = m->annual_check;
	struct str year;

	if (k != NULL && k->result == MEMBER_CHECK_PASSED &&
	    (!arena_printf(g->a, &year, g->e, "%lld", (long long)k->year) ||
	     !fact(g, "annual_check", year)))
		return false;
	if (m->class == MEMBER_PRACTISING && m->practice != NULL &&
	    !word_fact(g, "audit_rights", answer_word(m->practice->audit_rights)))
		return false;
	return date_fact(g, "dues_through", m->dues_paid_through);
}

static bool restrictions_fact(struct gathering *g)
{
	const struct member *m = g->c->member;
	struct buf rows = buf_empty(ROWS_MAX);

	for (size_t i = 0; i < m->restriction_count; i++) {
		const struct member_restriction *r = &m->restrictions[i];

		row_put(&rows);
		date_put(&rows, r->from, true);
		date_put(&rows, r->until, false);
		cell_put(&rows, r->text_en);
		cell_put(&rows, r->text_zh);
	}
	return rows_fact(g, "restrictions", &rows);
}

static bool former_fact(struct gathering *g)
{
	const struct member_name *name = g->c->member->name;
	struct buf rows = buf_empty(ROWS_MAX);

	for (size_t i = 0; i < name->former_count; i++) {
		row_put(&rows);
		buf_str(&rows, name->former[i].native);
		cell_put(&rows, name->former[i].latin);
		date_put(&rows, name->former[i].until, false);
	}
	return rows_fact(g, "former_names", &rows);
}

static bool statement_facts(struct gathering *g)
{
	const struct member *m = g->c->member;
	bool named = g->s->status == MEMBER_ANNULLED && m->status == MEMBER_ANNULLED;

	if (g->s->pending &&
	    !word_fact(g, "proceedings",
		       m->discipline->pending == MEMBER_PENDING_OPEN ? "open" : "none"))
		return false;
	return word_fact(g, "status", member_status_word(g->s->status)) &&
	       date_fact(g, "status_since", g->s->since) &&
	       (!named || word_fact(g, "status_reason", member_reason_word(m->status_reason))) &&
	       restrictions_fact(g) && former_fact(g) && history_fact(g);
}

static bool exam_fact(struct gathering *g)
{
	static const char *const routes[] = { "", "exam", "assessment", "conversion", "mutual" };
	const struct member *m = g->c->member;
	struct buf rows = buf_empty(ROWS_MAX);

	buf_str(&rows, m->qualification->exam_cert_no);
	cell_put(&rows, (struct str){ 0 });
	if (m->qualification->passed_year > 0)
		buf_uint(&rows, (uint64_t)m->qualification->passed_year);
	cell_put(&rows, str_of(routes[m->admission->route]));
	return rows_fact(g, "exam", &rows);
}

/* Hours have at most two decimals: 40, 40.5, 40.25. */
static void hours_put(struct buf *rows, double hours)
{
	long long hundredths = llround(hours * 100);

	buf_uint(rows, (uint64_t)(hundredths / 100));
	if (hundredths % 100 != 0)
		buf_printf(rows, hundredths % 10 == 0 ? ".%lld" : ".%02lld",
			   hundredths % 10 == 0 ? hundredths % 100 / 10 : hundredths % 100);
}

static bool cpd_fact(struct gathering *g)
{
	const struct member_cpd *cpd = g->c->member->cpd;
	struct buf rows = buf_empty(ROWS_MAX);

	buf_str(&rows, cpd->period);
	cell_put(&rows, (struct str){ 0 });
	if (cpd->hours > 0)
		hours_put(&rows, cpd->hours);
	cell_put(&rows, str_of(answer_word(cpd->compliant)));
	return rows_fact(g, "cpd", &rows);
}

static bool asked_facts(struct gathering *g)
{
	const struct member *m = g->c->member;
	unsigned asked = g->c->request->include;
	bool ok = true;

	if (asked & REQUEST_BIT(REQUEST_DOB))
		ok = date_fact(g, "birth_date", m->birth_date);
	if (ok && (asked & REQUEST_BIT(REQUEST_FIRM)))
		ok = fact(g, "firm_zh", m->practice->firm_zh) &&
		     fact(g, "firm_en", m->practice->firm_en);
	if (ok && (asked & REQUEST_BIT(REQUEST_EXAM)))
		ok = exam_fact(g);
	if (ok && (asked & REQUEST_BIT(REQUEST_CPD)))
		ok = cpd_fact(g);
	if (ok && (asked & REQUEST_BIT(REQUEST_HISTORY)) && g->s->outcome == STANDING_LETTER)
		ok = history_fact(g);
	return ok;
}

bool standing_facts(struct arena *a, const struct standing_case *c, const struct standing *s,
		    struct facts *out, struct err *e)
{
	struct facts made = { 0 };
	struct gathering g = { .a = a, .c = c, .s = s, .out = &made, .e = e };
	bool ok;

	if (s->outcome == STANDING_REFUSED)
		return err_system(e, "a refusal has no facts to print");
	ok = frame_facts(&g);
	if (ok && c->member != NULL)
		ok = reach_facts(&g) && member_facts(&g) && findings_fact(&g) && asked_facts(&g) &&
		     (s->outcome == STANDING_LETTER ? letter_facts(&g) : statement_facts(&g));
	if (ok)
		*out = made;
	return ok;
}
