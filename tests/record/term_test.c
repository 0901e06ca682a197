/* SPDX-License-Identifier: Apache-2.0 */
#include "record/term.h"

#include <stdio.h>

#include "check.h"

TEST(a_letter_ends_on_the_same_day_of_a_later_month_or_on_its_last)
{
	static const struct {
		struct civil from;
		enum term term;
		const char *last;
	} cases[] = {
		{ { 2026, 11, 30 }, TERM_3_MONTHS, "2027-02-28" },
		{ { 2027, 11, 30 }, TERM_3_MONTHS, "2028-02-29" },
		{ { 2026, 11, 23 }, TERM_3_MONTHS, "2027-02-23" },
		{ { 2026, 11, 28 }, TERM_3_MONTHS, "2027-02-28" },
		{ { 2027, 2, 28 }, TERM_3_MONTHS, "2027-05-28" },
		{ { 2026, 12, 31 }, TERM_3_MONTHS, "2027-03-31" },
		{ { 2026, 8, 31 }, TERM_3_MONTHS, "2026-11-30" },
		{ { 2028, 2, 29 }, TERM_1_YEAR, "2029-02-28" },
		{ { 2027, 2, 28 }, TERM_1_YEAR, "2028-02-28" },
		{ { 2026, 12, 31 }, TERM_1_YEAR, "2027-12-31" },
		{ { 2028, 1, 30 }, TERM_30_DAYS, "2028-02-29" },
		{ { 2027, 1, 30 }, TERM_30_DAYS, "2027-03-01" },
		{ { 2026, 12, 31 }, TERM_60_DAYS, "2027-03-01" },
		{ { 2026, 11, 23 }, TERM_90_DAYS, "2027-02-21" },
	};
	char last[11];

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		civil_text(term_end(cases[i].from, cases[i].term), last);
		EQ_C(last, cases[i].last);
	}
}

TEST(a_look_back_takes_in_the_day_it_begins_on)
{
	static const struct {
		struct civil last, day;
		int64_t years;
		bool within;
	} cases[] = {
		{ { 2021, 11, 22 }, { 2026, 11, 23 }, 5, false },
		{ { 2021, 11, 23 }, { 2026, 11, 23 }, 5, true },
		{ { 2026, 11, 23 }, { 2026, 11, 23 }, 5, true },
		{ { 2026, 11, 24 }, { 2026, 11, 23 }, 5, true },
		{ { 2019, 11, 22 }, { 2026, 11, 23 }, 7, false },
		{ { 2019, 11, 23 }, { 2026, 11, 23 }, 7, true },
		/* five years before 29 February 2028 is 28 February 2023 */
		{ { 2023, 2, 27 }, { 2028, 2, 29 }, 5, false },
		{ { 2023, 2, 28 }, { 2028, 2, 29 }, 5, true },
		/* and before 28 February 2025 it is the 28th of a leap year */
		{ { 2020, 2, 28 }, { 2025, 2, 28 }, 5, true },
		{ { 2020, 2, 29 }, { 2025, 3, 1 }, 5, false },
		{ { 2026, 11, 23 }, { 2026, 11, 23 }, LOOK_BACK_NONE, false },
		{ { 1, 1, 1 }, { 2026, 11, 23 }, LOOK_BACK_EVER, true },
		{ { 1, 1, 1 }, { 30, 1, 1 }, 50, true },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (!CHECK(term_within(cases[i].last, cases[i].day, cases[i].years) ==
			   cases[i].within))
			printf("# case %zu\n", i);
}
