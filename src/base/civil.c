/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"

#include <stdio.h>

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* Howard Hinnant's days_from_civil: eras of 400 years, a year that starts in March. */
int64_t civil_days(struct civil d)
{
	int64_t y = d.month <= 2 ? (int64_t)d.year - 1 : d.year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct civil civil_of_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){ (int)(yoe + era * 400 + (month <= 2)), month,
			       (int)(doy - (153 * mp + 2) / 5 + 1) };
}

bool civil_valid(struct civil d)
{
	return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
	       d.day <= month_days(d.year, d.month);
}

/* `width` digits at text[at]; -1 when one is no digit. */
static int digits(struct str text, size_t at, size_t width)
{
	int v = 0;

	if (at + width > text.n)
		return -1;
	for (size_t i = at; i < at + width; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return -1;
		v = v * 10 + (text.p[i] - '0');
	}
	return v;
}

bool civil_read(struct str text, struct civil *out)
{
	struct civil d;

	if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-')
		return false;
	d = (struct civil){ digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2) };
	if (!civil_valid(d))
		return false;
	*out = d;
	return true;
}

void civil_text(struct civil d, char out[11])
{
	if (snprintf(out, 11, "%04u-%02u-%02u", (unsigned)d.year % 10000, (unsigned)d.month % 100,
		     (unsigned)d.day % 100) < 0)
		out[0] = '\0';
}

struct civil civil_add_months(struct civil d, int months)
{
	int total = d.year * 12 + d.month - 1 + months;
	struct civil r = { total / 12, total % 12 + 1, d.day };
	int last = month_days(r.year, r.month);

	if (r.day > last)
		r.day = last;
	return r;
}

static bool zone_read(struct str text, int *offset_min)
{
	int hours, minutes;

	if (text.n == 1 && (text.p[0] == 'Z' || text.p[0] == 'z')) {
		*offset_min = 0;
		return true;
	}
	if (text.n != 6 || (text.p[0] != '+' && text.p[0] != '-') || text.p[3] != ':')
		return false;
	hours = digits(text, 1, 2);
	minutes = digits(text, 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*offset_min = (hours * 60 + minutes) * (text.p[0] == '-' ? -1 : 1);
	return true;
}

bool instant_read(struct str text, int64_t *unix_s)
{
	struct civil day;
	int hour, minute, second, offset;
	size_t zone = 19;

	if (text.n < 20 || !civil_read((struct str){ text.p, 10 }, &day))
		return false;
	if ((text.p[10] != 'T' && text.p[10] != 't') || text.p[13] != ':' || text.p[16] != ':')
		return false;
	hour = digits(text, 11, 2);
	minute = digits(text, 14, 2);
	second = digits(text, 17, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	if (text.p[zone] == '.') {
		size_t first = ++zone;

		while (zone < text.n && text.p[zone] >= '0' && text.p[zone] <= '9')
			zone++;
		if (zone == first)
			return false;
	}
	if (!zone_read(str_skip(text, zone), &offset))
		return false;
	*unix_s = civil_days(day) * 86400 + hour * 3600 + minute * 60 + second - offset * 60;
	return true;
}

void instant_text(int64_t unix_s, char out[21])
{
	int64_t day = instant_day(unix_s, 0), rest = unix_s - day * 86400;
	char date[11];

	civil_text(civil_of_days(day), date);
	if (snprintf(out, 21, "%sT%02u:%02u:%02uZ", date, (unsigned)(rest / 3600) % 100,
		     (unsigned)(rest / 60 % 60), (unsigned)(rest % 60)) < 0)
		out[0] = '\0';
}

int64_t instant_day(int64_t unix_s, int utc_offset_min)
{
	int64_t local = unix_s + (int64_t)utc_offset_min * 60;

	return local >= 0 ? local / 86400 : -((-local + 86399) / 86400);
}
