/* SPDX-License-Identifier: Apache-2.0 */
#include "record/term.h"

const char *const term_words[] = { "30_days", "60_days", "90_days", "3_months", "1_year", NULL };

static const struct {
	int days, months;
} terms[] = {
	[TERM_ABSENT] = { 0, 0 },   [TERM_30_DAYS] = { 30, 0 }, [TERM_60_DAYS] = { 60, 0 },
	[TERM_90_DAYS] = { 90, 0 }, [TERM_3_MONTHS] = { 0, 3 }, [TERM_1_YEAR] = { 0, 12 },
};

struct civil term_end(struct civil day, enum term term)
{
	struct civil moved = civil_add_months(day, terms[term].months);

	return civil_of_days(civil_days(moved) + terms[term].days);
}

bool term_within(struct civil last, struct civil day, int64_t years)
{
	if (years == LOOK_BACK_NONE)
		return false;
	/* a window that begins before year 1 holds every date there is */
	if (years == LOOK_BACK_EVER || years >= day.year)
		return true;
	return civil_days(last) >= civil_days(civil_add_months(day, (int)years * -12));
}
