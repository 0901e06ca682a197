/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A file name or a record may hold terminal escapes; UTF-8 passes, C0 and DEL do not. */
static void words_clean(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

/* vsnprintf may cut inside a UTF-8 sequence: drop the broken tail. */
static void words_whole(char *s)
{
	size_t n = strlen(s), back = 0;

	while (back < 4 && back < n && ((unsigned char)s[n - 1 - back] & 0xc0) == 0x80)
		back++;
	if (back < n) {
		unsigned char lead = (unsigned char)s[n - 1 - back];
		size_t want = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;

		if (want != back)
			s[n - 1 - back] = '\0';
	}
}

static void words_fill(char *out, size_t size, const char *fmt, va_list args) PRINTF_LIKE(3, 0);
static void words_fill(char *out, size_t size, const char *fmt, va_list args)
{
	if (vsnprintf(out, size, fmt, args) < 0)
		out[0] = '\0';
	words_clean(out);
	words_whole(out);
}

static void words_prepend(char *field, size_t size, const char *join, const char *fmt, va_list args)
	PRINTF_LIKE(4, 0);
static void words_prepend(char *field, size_t size, const char *join, const char *fmt, va_list args)
{
	char head[256], whole[512];

	words_fill(head, sizeof head, fmt, args);
	if (snprintf(whole, sizeof whole, "%s%s%.240s", head, field[0] != '\0' ? join : "", field) <
	    0)
		return;
	whole[size - 1 < sizeof whole - 1 ? size - 1 : sizeof whole - 1] = '\0';
	memcpy(field, whole, strlen(whole) + 1);
	words_whole(field);
}

static void err_begin(struct err *e, enum err_kind kind, const char *code)
{
	*e = (struct err){ .kind = kind };
	if (snprintf(e->code, sizeof e->code, "%s", code) < 0)
		e->code[0] = '\0';
}

bool err_input(struct err *e, const char *code, const char *fmt, ...)
{
	va_list args;

	err_begin(e, ERR_INPUT, code);
	va_start(args, fmt);
	words_fill(e->cause, sizeof e->cause, fmt, args);
	va_end(args);
	return false;
}

bool err_usage(struct err *e, const char *fmt, ...)
{
	va_list args;

	err_begin(e, ERR_USAGE, "");
	va_start(args, fmt);
	words_fill(e->cause, sizeof e->cause, fmt, args);
	va_end(args);
	return false;
}

bool err_system(struct err *e, const char *fmt, ...)
{
	va_list args;

	err_begin(e, ERR_SYSTEM, "");
	va_start(args, fmt);
	words_fill(e->cause, sizeof e->cause, fmt, args);
	va_end(args);
	return false;
}

bool err_errno(struct err *e, const char *fmt, ...)
{
	int number = errno;
	char reason[128];
	size_t n;
	va_list args;

	err_begin(e, ERR_SYSTEM, "");
	va_start(args, fmt);
	words_fill(e->cause, sizeof e->cause, fmt, args);
	va_end(args);
	if (strerror_r(number, reason, sizeof reason) != 0 &&
	    snprintf(reason, sizeof reason, "errno %d", number) < 0)
		reason[0] = '\0';
	n = strlen(e->cause);
	if (snprintf(e->cause + n, sizeof e->cause - n, ": %s", reason) < 0)
		e->cause[n] = '\0';
	return false;
}

bool err_memory(struct err *e, const char *what)
{
	return err_system(e, "out of memory for %s", what);
}

bool err_at(struct err *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_prepend(e->pointer, sizeof e->pointer, "", fmt, args);
	va_end(args);
	return false;
}

bool err_in(struct err *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_prepend(e->place, sizeof e->place, ": ", fmt, args);
	va_end(args);
	return false;
}

const char *err_text(const struct err *e, char *out, size_t size)
{
	if (size == 0)
		return out;
	if (snprintf(out, size, "%s%s%s%s%s", e->place, e->place[0] != '\0' ? ": " : "", e->pointer,
		     e->pointer[0] != '\0' ? ": " : "", e->cause) < 0)
		out[0] = '\0';
	words_whole(out);
	return out;
}
