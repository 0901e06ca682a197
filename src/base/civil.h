/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_CIVIL_H
#define HUFU_BASE_CIVIL_H

#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

/* A day of the proleptic Gregorian calendar, without a zone.  Years 0001 to 9999. */
struct civil {
	int year, month, day; /* month 1–12, day 1–31 */
};

/* Days since 1970-01-01 (negative before). */
int64_t civil_days(struct civil date);
struct civil civil_of_days(int64_t days);

bool civil_valid(struct civil date); /* a real day: 2021-02-29 is none */

/* Read exactly "YYYY-MM-DD", a real day. */
bool civil_read(struct str text, struct civil *out) MUST_CHECK;

/* "YYYY-MM-DD" into out, NUL-terminated. */
void civil_text(struct civil date, char out[11]);

/* Same day n months later, clamped at the month's end (30 Nov + 3 → 28 Feb). */
struct civil civil_add_months(struct civil date, int months);

/*
 * Read an RFC 3339 instant ("2026-11-20T10:00:00+08:00", "…Z", fraction ignored) as Unix seconds.  Leap second :60
 * and offsets past ±23:59 are refused.
 */
bool instant_read(struct str text, int64_t *unix_s) MUST_CHECK;

/* "2026-11-20T02:00:00Z" into out, NUL-terminated. */
void instant_text(int64_t unix_s, char out[21]);

/* The day it is at `unix_s` where clocks run utc_offset_min ahead of UTC, as days since 1970-01-01. */
int64_t instant_day(int64_t unix_s, int utc_offset_min);

#endif
