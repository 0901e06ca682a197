/* SPDX-License-Identifier: Apache-2.0 */
#include "json/scan.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/enc.h"

enum {
	NUMBER_MAX =
		40, /* characters; the longest shortest form of a double has 24, cJSON cuts at 63 */
	KEY_SHOWN = 64, /* bytes of a key in a pointer */
};

struct scan {
	struct str text;
	size_t at, depth;
	const struct json_limits *limits;
	uint32_t *marks;
	size_t count;
	struct err *e;
};

static bool scan_value(struct scan *s);

bool scan_fault(struct err *e, const char *code, struct str text, size_t at, const char *fmt, ...)
{
	char words[200];
	size_t line = 1, column = 1;
	va_list args;

	for (size_t i = 0; i < at && i < text.n; i++) {
		if (text.p[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)text.p[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	va_start(args, fmt);
	if (vsnprintf(words, sizeof words, fmt, args) < 0)
		words[0] = '\0';
	va_end(args);
	return err_input(e, code, "line %zu, column %zu: %s", line, column, words);
}

size_t scan_marks_max(struct str text, const struct json_limits *limits)
{
	size_t most = text.n / 2 + 1;

	return most < limits->values ? most : limits->values;
}

/* The byte under the cursor, or -1 behind the last. */
static int peek(const struct scan *s)
{
	return s->at < s->text.n ? (unsigned char)s->text.p[s->at] : -1;
}

static bool unexpected(struct scan *s, const char *wanted)
{
	int c = peek(s);

	if (c < 0)
		return scan_fault(s->e, "JSON-TRUNCATED", s->text, s->at, "ends where %s must come",
				  wanted);
	if (c > 0x20 && c < 0x7f)
		return scan_fault(s->e, "JSON-SYNTAX", s->text, s->at, "%s must come, not '%c'",
				  wanted, c);
	return scan_fault(s->e, c == 0 ? "JSON-NUL" : "JSON-SYNTAX", s->text, s->at,
			  "%s must come, not byte 0x%02x", wanted, (unsigned)c);
}

static void space(struct scan *s)
{
	int c;

	while ((c = peek(s)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		s->at++;
}

/* The four digits of a \u escape at the cursor. */
static bool hex4(struct scan *s, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++) {
		int c = peek(s);
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			return unexpected(s, "a hexadecimal digit");
		*unit = *unit * 16 + (uint32_t)digit;
		s->at++;
	}
	return true;
}

/* The cursor is behind "\u". */
static bool unicode_escape(struct scan *s)
{
	size_t from = s->at - 2;
	uint32_t unit, low;

	if (!hex4(s, &unit))
		return false;
	if (unit == 0)
		return scan_fault(s->e, "JSON-NUL", s->text, from, "U+0000 is not allowed");
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	if (unit < 0xdc00 && peek(s) == '\\' && s->at + 1 < s->text.n &&
	    s->text.p[s->at + 1] == 'u') {
		s->at += 2;
		if (!hex4(s, &low))
			return false;
		if (low >= 0xdc00 && low <= 0xdfff)
			return true;
	}
	return scan_fault(s->e, "JSON-SURROGATE", s->text, from, "\\u%04x is half a character",
			  (unsigned)unit);
}

static bool escape(struct scan *s)
{
	int c;

	s->at++;
	c = peek(s);
	if (c == 'u') {
		s->at++;
		return unicode_escape(s);
	}
	if (c <= 0 || strchr("\"\\/bfnrt", c) == NULL)
		return unexpected(s, "an escape like \\n or \\u00b7");
	s->at++;
	return true;
}

/* One character of a string that is neither quote nor backslash. */
static bool character(struct scan *s, int c)
{
	uint32_t code_point;
	size_t n;

	if (c < 0)
		return unexpected(s, "the closing quote");
	if (c < 0x20)
		return scan_fault(s->e, c == 0 ? "JSON-NUL" : "JSON-SYNTAX", s->text, s->at,
				  "control byte 0x%02x in a string; write it as an escape",
				  (unsigned)c);
	n = c < 0x80 ? 1 : enc_utf8(str_skip(s->text, s->at), &code_point);
	if (n == 0)
		return scan_fault(s->e, "JSON-ENCODING", s->text, s->at,
				  "byte 0x%02x is not UTF-8; is the file GBK?", (unsigned)c);
	s->at += n;
	return true;
}

/* The cursor is on the opening quote; *raw becomes what stands between the quotes. */
static bool string(struct scan *s, struct str *raw)
{
	size_t from = ++s->at;
	int c;

	while ((c = peek(s)) != '"')
		if (!(c == '\\' ? escape(s) : character(s, c)))
			return false;
	*raw = (struct str){ s->text.p + from, s->at - from };
	s->at++;
	return true;
}

static size_t digits(struct scan *s)
{
	size_t from = s->at;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return s->at - from;
}

static bool number(struct scan *s)
{
	size_t from = s->at;

	if (peek(s) == '-')
		s->at++;
	if (peek(s) == '0')
		s->at++;
	else if (digits(s) == 0)
		return unexpected(s, "a digit");
	if (peek(s) >= '0' && peek(s) <= '9')
		return scan_fault(s->e, "JSON-NUMBER", s->text, from,
				  "a number must not begin with 0");
	if (peek(s) == '.') {
		s->at++;
		if (digits(s) == 0)
			return unexpected(s, "a digit");
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->at++;
		if (peek(s) == '+' || peek(s) == '-')
			s->at++;
		if (digits(s) == 0)
			return unexpected(s, "a digit");
	}
	if (s->at - from > NUMBER_MAX)
		return scan_fault(s->e, "JSON-NUMBER", s->text, from,
				  "a number of more than %d characters", NUMBER_MAX);
	return true;
}

static bool word(struct scan *s, struct str expected)
{
	for (size_t i = 0; i < expected.n; i++, s->at++)
		if (peek(s) != (unsigned char)expected.p[i])
			return unexpected(s, "a value");
	return true;
}

/* A key as it is written; escapes stay, for they are rare and the words only point. */
static bool at_key(struct scan *s, struct str raw)
{
	if (raw.n > KEY_SHOWN)
		raw.n = KEY_SHOWN;
	return json_at(s->e, raw);
}

static bool object_member(struct scan *s)
{
	struct str key;

	if (peek(s) != '"')
		return unexpected(s, "a key in quotes");
	if (!string(s, &key))
		return false;
	space(s);
	if (peek(s) != ':')
		return unexpected(s, "':'");
	s->at++;
	return scan_value(s) || at_key(s, key);
}

/* What stands between the brackets, the cursor on the opening one. */
static bool contents(struct scan *s, bool object)
{
	int close = object ? '}' : ']';

	s->at++;
	space(s);
	if (peek(s) == close) {
		s->at++;
		return true;
	}
	for (size_t i = 0;; i++) {
		space(s);
		if (object ? !object_member(s) : !scan_value(s))
			return object ? false : err_at(s->e, "/%zu", i);
		space(s);
		if (peek(s) == close)
			break;
		if (peek(s) != ',')
			return unexpected(s, object ? "',' or '}'" : "',' or ']'");
		s->at++;
	}
	s->at++;
	return true;
}

static bool container(struct scan *s, bool object)
{
	bool ok;

	if (s->depth == s->limits->depth)
		return scan_fault(s->e, "JSON-TOO-DEEP", s->text, s->at,
				  "nested more than %zu deep", s->limits->depth);
	s->depth++;
	ok = contents(s, object);
	s->depth--;
	return ok;
}

static bool scan_value(struct scan *s)
{
	struct str raw;
	int c;

	space(s);
	c = peek(s);
	if (s->count == s->limits->values)
		return scan_fault(s->e, "JSON-TOO-MANY", s->text, s->at, "more than %zu values",
				  s->limits->values);
	if (c >= 0)
		s->marks[s->count++] = (uint32_t)s->at;
	switch (c) {
	case '{':
	case '[':
		return container(s, c == '{');
	case '"':
		return string(s, &raw);
	case 't':
		return word(s, STR("true"));
	case 'f':
		return word(s, STR("false"));
	case 'n':
		return word(s, STR("null"));
	default:
		if (c == '-' || (c >= '0' && c <= '9'))
			return number(s);
		return unexpected(s, "a value");
	}
}

bool scan_text(struct str text, const struct json_limits *limits, uint32_t *marks, size_t *count,
	       struct err *e)
{
	struct scan s = { .text = text, .limits = limits, .marks = marks, .e = e };

	if (text.n > limits->bytes)
		return err_input(e, "JSON-TOO-LONG", "is longer than %zu bytes", limits->bytes);
	if (str_starts(text, STR("\xef\xbb\xbf")))
		return scan_fault(e, "JSON-BOM", text, 0,
				  "begins with a byte order mark; save as UTF-8 without BOM");
	if (!scan_value(&s))
		return false;
	space(&s);
	if (s.at < text.n)
		return scan_fault(e, "JSON-TRAILING", text, s.at, "more text behind the value");
	*count = s.count;
	return true;
}
