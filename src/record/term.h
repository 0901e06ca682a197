/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_TERM_H
#define HUFU_RECORD_TERM_H

#include "base/civil.h"

/* How long a letter may be relied on.  0 is absent. */
enum term { TERM_ABSENT, TERM_30_DAYS, TERM_60_DAYS, TERM_90_DAYS, TERM_3_MONTHS, TERM_1_YEAR };

/* "30_days", "60_days", "90_days", "3_months", "1_year", NULL: the words of requests and profiles. */
extern const char *const term_words[];

/*
 * The last day of a letter as at `day`: it is good to the end of that day in the issuer's zone.  Months and years keep
 * the day of the month, clamped at the month's end (30 November + 3 months is 28 February).
 */
struct civil term_end(struct civil day, enum term term);

/* Which findings a letter answers for; a number in between is so many years. */
enum { LOOK_BACK_NONE = 0, LOOK_BACK_YEARS_MAX = 50, LOOK_BACK_EVER = 255 };

/*
 * Does what ended on `last` fall into the `years` before `day`?  The window begins on the same day of the month, so many
 * years before, that day taken in; 29 February begins on 28 February where there is none.  LOOK_BACK_NONE holds
 * nothing, LOOK_BACK_EVER everything.
 */
bool term_within(struct civil last, struct civil day, int64_t years);

#endif
