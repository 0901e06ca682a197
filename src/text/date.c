/* SPDX-License-Identifier: Apache-2.0 */
#include "text/date.h"

static const char *const DIGITS[] = { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九" };

static bool date_valid(struct civil date, struct err *e)
{
	return civil_valid(date) ||
	       err_system(e, "%d-%d-%d is no day", date.year, date.month, date.day);
}

bool text_date_zh(struct arena *a, struct civil date, struct str *out, struct err *e)
{
	return date_valid(date, e) &&
	       arena_printf(a, out, e, "%d年%d月%d日", date.year, date.month, date.day);
}

/* 1–31 as 一 … 十 … 二十 … 三十一. */
static bool count_hanzi(struct arena *a, int n, struct str *out, struct err *e)
{
	return arena_printf(a, out, e, "%s%s%s", n >= 20 ? DIGITS[n / 10] : "", n >= 10 ? "十" : "",
			    n % 10 > 0 ? DIGITS[n % 10] : "");
}

bool text_date_hanzi(struct arena *a, struct civil date, struct str *out, struct err *e)
{
	struct str month, day;

	return date_valid(date, e) && count_hanzi(a, date.month, &month, e) &&
	       count_hanzi(a, date.day, &day, e) &&
	       arena_printf(a, out, e, "%s%s%s%s年%.*s月%.*s日", DIGITS[date.year / 1000],
			    DIGITS[date.year / 100 % 10], DIGITS[date.year / 10 % 10],
			    DIGITS[date.year % 10], STR_ARG(month), STR_ARG(day));
}

bool text_date_en(struct arena *a, struct civil date, struct str *out, struct err *e)
{
	static const char *const months[] = { "January",   "February", "March",    "April",
					      "May",       "June",     "July",     "August",
					      "September", "October",  "November", "December" };

	return date_valid(date, e) &&
	       arena_printf(a, out, e, "%d %s %d", date.day, months[date.month - 1], date.year);
}
