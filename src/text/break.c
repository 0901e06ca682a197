/* SPDX-License-Identifier: Apache-2.0 */
#include "text/break.h"

#include <stdlib.h>
#include <unicode/ubrk.h>

#include "base/enc.h"

struct text_breaker {
	UBreakIterator *lines;
	UText *text;
};

/* What starts no line in mainland typesetting: ECMA-376 kinsoku for zh-Hans.  Sorted. */
static const uint32_t never_first[] = {
	0x0021, 0x0025, 0x0029, 0x002C, 0x002E, 0x003A, 0x003B, 0x003E, 0x003F, 0x005D, 0x007D,
	0x00A2, 0x00A8, 0x00B0, 0x00B7, 0x02C7, 0x02C9, 0x2015, 0x2016, 0x2019, 0x201D, 0x2026,
	0x2030, 0x2032, 0x2033, 0x203A, 0x2103, 0x2236, 0x3001, 0x3002, 0x3003, 0x3009, 0x300B,
	0x300D, 0x300F, 0x3011, 0x3015, 0x3017, 0x301E, 0xFF01, 0xFF02, 0xFF05, 0xFF07, 0xFF09,
	0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF3D, 0xFF40, 0xFF5C, 0xFF5D, 0xFF5E, 0xFFE0,
};

/* What ends none.  The same list has · too, but a name too long for its line is broken after it (GB/T 15834). */
static const uint32_t never_last[] = {
	0x0024, 0x0028, 0x005B, 0x007B, 0x00A3, 0x00A5, 0x2018, 0x201C, 0x3008, 0x300A, 0x300C,
	0x300E, 0x3010, 0x3014, 0x3016, 0x301D, 0xFF08, 0xFF3B, 0xFF5B, 0xFFE1, 0xFFE5,
};

enum { DASH = 0x2014, ELLIPSIS = 0x2026, IDEOGRAPHIC_SPACE = 0x3000 };

bool text_breaker_new(const char *language, struct text_breaker **out, struct err *e)
{
	struct text_breaker *b = calloc(1, sizeof *b);
	UErrorCode u = U_ZERO_ERROR;
	char locale[64];
	size_t n = strlen(language);

	if (b == NULL)
		return err_memory(e, "line breaking");
	if (n > 32) {
		text_breaker_free(b);
		return err_system(e, "a language of %zu letters", n);
	}
	memcpy(locale, language, n);
	memcpy(locale + n, "@lb=strict", sizeof "@lb=strict");
	b->lines = ubrk_open(UBRK_LINE, locale, NULL, 0, &u);
	if (U_FAILURE(u)) {
		text_breaker_free(b);
		return err_system(e, "ICU cannot break lines: %s", u_errorName(u));
	}
	*out = b;
	return true;
}

void text_breaker_free(struct text_breaker *b)
{
	if (b == NULL)
		return;
	if (b->lines != NULL)
		ubrk_close(b->lines);
	if (b->text != NULL)
		utext_close(b->text);
	free(b);
}

static int order(const void *key, const void *item)
{
	uint32_t a = *(const uint32_t *)key, b = *(const uint32_t *)item;

	return (a > b) - (a < b);
}

static bool among(const uint32_t *set, size_t count, uint32_t c)
{
	return bsearch(&c, set, count, sizeof *set, order) != NULL;
}

/* The text as characters, each with its place; one more marks the end. */
struct chars {
	uint32_t *c;
	size_t *at;
	size_t count;
};

static bool decode(struct arena *a, struct str text, struct chars *out, struct err *e)
{
	size_t at = 0;

	out->count = 0;
	out->c = arena_array(a, text.n + 1, sizeof *out->c, e);
	out->at = arena_array(a, text.n + 1, sizeof *out->at, e);
	if (out->c == NULL || out->at == NULL)
		return false;
	while (at < text.n) {
		size_t n = enc_utf8(str_skip(text, at), &out->c[out->count]);

		if (n == 0)
			return err_input(e, "UTF8", "the text is not valid UTF-8");
		out->at[out->count++] = at;
		at += n;
	}
	out->at[out->count] = text.n;
	return true;
}

static bool digit(uint32_t c)
{
	static const uint32_t hanzi[] = { 0x3007, 0x4E00, 0x4E03, 0x4E09, 0x4E5D, 0x4E8C,
					  0x4E94, 0x516B, 0x516D, 0x5341, 0x56DB };

	return (c >= '0' && c <= '9') || among(hanzi, COUNT_OF(hanzi), c);
}

static bool date_sign(uint32_t c)
{
	return c == 0x5E74 || c == 0x6708 || c == 0x65E5; /* 年 月 日 */
}

/* A break before character i would cut a Chinese date: between figure and 年月日, 年月 and figure, or two figures. */
static bool cuts_date(const struct chars *t, size_t i)
{
	uint32_t before = t->c[i - 1], after = t->c[i];

	if (digit(before))
		return digit(after) || date_sign(after);
	return date_sign(before) && digit(after) && i >= 2 && digit(t->c[i - 2]);
}

static bool month_name(const struct chars *t, size_t from, size_t n)
{
	static const char *const months[] = { "January",   "February", "March",    "April",
					      "May",       "June",     "July",     "August",
					      "September", "October",  "November", "December" };

	for (size_t m = 0; m < COUNT_OF(months); m++) {
		size_t k = 0;

		while (k < n && months[m][k] != '\0' &&
		       t->c[from + k] == (unsigned char)months[m][k])
			k++;
		if (k == n && months[m][k] == '\0')
			return true;
	}
	return false;
}

static bool ascii_letter(uint32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool ascii_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* A break behind the blank before character i would cut "23 November 2026". */
static bool cuts_english_date(const struct chars *t, size_t i)
{
	size_t from = i, to = i;

	if (i < 2 || t->c[i - 1] != ' ')
		return false;
	if (ascii_digit(t->c[i - 2])) { /* 23 | November */
		while (to < t->count && ascii_letter(t->c[to]))
			to++;
	} else if (ascii_digit(t->c[i])) { /* November | 2026 */
		to = from = i - 1;
		while (from > 0 && ascii_letter(t->c[from - 1]))
			from--;
	}
	return month_name(t, from, to - from);
}

static bool blank(uint32_t c)
{
	return c == ' ' || c == IDEOGRAPHIC_SPACE;
}

/* Our rules about the place before character i (0 < i < count), which ICU would allow. */
static bool forbidden(const struct chars *t, size_t i)
{
	size_t last = i;

	while (last > 0 && blank(t->c[last - 1]))
		last--;
	if (among(never_first, COUNT_OF(never_first), t->c[i]))
		return true;
	if (last > 0 && among(never_last, COUNT_OF(never_last), t->c[last - 1]))
		return true;
	if (t->c[i - 1] == t->c[i] && (t->c[i] == DASH || t->c[i] == ELLIPSIS))
		return true;
	return cuts_date(t, i) || cuts_english_date(t, i);
}

static bool kept(const struct text_running *r, size_t at)
{
	for (size_t i = 0; i < r->keep_count; i++)
		if (r->keep[i].from < at && at < r->keep[i].to)
			return true;
	return false;
}

static bool set_text(struct text_breaker *b, struct str text, struct err *e)
{
	UErrorCode u = U_ZERO_ERROR;

	b->text = utext_openUTF8(b->text, text.p, (int64_t)text.n, &u);
	if (U_SUCCESS(u))
		ubrk_setUText(b->lines, b->text, &u);
	return U_SUCCESS(u) || err_system(e, "ICU cannot break lines: %s", u_errorName(u));
}

bool text_break_lines(struct text_breaker *b, struct arena *a, const struct text_running *running,
		      struct text_breaks *out, struct err *e)
{
	struct str text = running->text;
	struct chars t;
	struct text_break *made;
	size_t n = 0, i = 0;

	if (text.n > TEXT_BREAK_BYTES_MAX)
		return err_input(e, "TEXT-TOO-LONG", "the text has more than %d bytes",
				 TEXT_BREAK_BYTES_MAX);
	if (!decode(a, text, &t, e))
		return false;
	made = arena_array(a, t.count + 1, sizeof *made, e);
	if (made == NULL || !set_text(b, text, e))
		return false;
	(void)ubrk_first(b->lines);
	for (int32_t at = ubrk_next(b->lines); at != UBRK_DONE; at = ubrk_next(b->lines)) {
		int32_t status = ubrk_getRuleStatus(b->lines);
		bool forced = (status >= UBRK_LINE_HARD && status < UBRK_LINE_HARD_LIMIT) ||
			      (size_t)at == text.n;

		while (i < t.count && t.at[i] < (size_t)at)
			i++;
		if (!forced && (forbidden(&t, i) || kept(running, (size_t)at)))
			continue;
		made[n++] = (struct text_break){ (size_t)at, forced };
	}
	*out = (struct text_breaks){ made, n };
	return true;
}
