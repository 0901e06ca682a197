/* SPDX-License-Identifier: Apache-2.0 */
#include "record/standing_inner.h"

#include "record/status.h"
#include "record/term.h"

static bool between(struct civil day, struct civil after, struct civil last)
{
	return civil_days(day) > civil_days(after) && civil_days(day) <= civil_days(last);
}

/* Is it one of the rows "date TAB sanction TAB …"? */
static bool listed(const struct member_finding *f, struct str rows)
{
	struct str row, date, sanction;
	char day[11];

	civil_text(f->date, day);
	while (str_split(&rows, '\n', &row))
		if (str_split(&row, '\t', &date) && str_split(&row, '\t', &sanction) &&
		    str_eq(date, str_of(day)) &&
		    str_eq(sanction, str_of(member_sanction_word(f->sanction))))
			return true;
	return false;
}

/* Entered later under an earlier day: the letter said that its years hold none but those it lists. */
static bool unsaid(const struct member_finding *f, const struct standing_said *said)
{
	struct civil last = civil_days(f->ends) > civil_days(f->date) ? f->ends : f->date;

	return term_within(last, said->as_at, said->look_back) && !listed(f, said->findings);
}

/* A letter said that none was in force; a statement listed those there were. */
static bool finding_turns(const struct member_finding *f, const struct standing_said *said,
			  struct civil today)
{
	if (between(f->date, said->as_at, today))
		return true;
	if (!said->letter || civil_days(f->date) > civil_days(today))
		return false;
	return standing_live(f, today) || unsaid(f, said);
}

static bool restriction_turns(const struct member_restriction *r, const struct standing_said *said,
			      struct civil today)
{
	bool over = r->until.year != 0 && civil_days(r->until) < civil_days(today);

	return between(r->from, said->as_at, today) ||
	       (said->letter && civil_days(r->from) <= civil_days(today) && !over);
}

static bool anything_turns(const struct member *m, const struct standing_said *said,
			   struct civil today)
{
	for (size_t i = 0; m->discipline != NULL && i < m->discipline->finding_count; i++)
		if (finding_turns(&m->discipline->findings[i], said, today))
			return true;
	for (size_t i = 0; i < m->restriction_count; i++)
		if (restriction_turns(&m->restrictions[i], said, today))
			return true;
	return false;
}

bool standing_clean(const struct member *m)
{
	return m->status == MEMBER_ACTIVE && m->restriction_count == 0 && m->history_count == 0 &&
	       (m->discipline == NULL || m->discipline->finding_count == 0);
}

enum standing_turn standing_turned(const struct member *m, const struct standing_said *said,
				   struct civil today)
{
	struct civil since;
	int status = standing_status(m, today, &since);
	enum status_effect effect =
		status_effect((enum member_status)status, (enum member_reason)m->status_reason);

	if (civil_days(said->expires) < civil_days(today))
		return STANDING_HOLDS;
	/* A statement that told of the end, and whether it was a penalty, is no less true for it. */
	if (!said->letter && str_eq(said->status, str_of(member_status_word(status))) &&
	    said->penalty == (effect == STATUS_REVOKE))
		return anything_turns(m, said, today) ? STANDING_ENDED : STANDING_HOLDS;
	if (effect == STATUS_REVOKE)
		return STANDING_WITHDRAWN;
	if (effect != STATUS_ISSUE || anything_turns(m, said, today))
		return STANDING_ENDED;
	return STANDING_HOLDS;
}
