/* SPDX-License-Identifier: Apache-2.0 */
#include "record/slices.h"

static const char bom[] = "\xef\xbb\xbf";

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t space_end(struct str text, size_t at)
{
	while (at < text.n && is_space(text.p[at]))
		at++;
	return at;
}

static size_t begin_of(struct str text)
{
	size_t at = space_end(text, 0);

	return str_starts(str_skip(text, at), str_of(bom)) ? space_end(text, at + 3) : at;
}

/* Move on to byte `to`, counting lines. */
static void advance(struct slices *s, size_t to)
{
	for (; s->at < to; s->at++)
		s->line += s->text.p[s->at] == '\n';
}

static void space(struct slices *s)
{
	advance(s, space_end(s->text, s->at));
}

static int peek(const struct slices *s)
{
	return s->at < s->text.n ? (unsigned char)s->text.p[s->at] : -1;
}

static size_t string_end(struct str text, size_t at)
{
	for (at++; at < text.n && text.p[at] != '"'; at++)
		if (text.p[at] == '\\')
			at++;
	return at < text.n ? at + 1 : text.n;
}

static size_t word_end(struct str text, size_t at)
{
	while (at < text.n && !is_space(text.p[at]) && strchr(",]}", text.p[at]) == NULL)
		at++;
	return at;
}

size_t slices_value_end(struct str text, size_t at)
{
	size_t depth = 0;

	if (at < text.n && text.p[at] != '{' && text.p[at] != '[')
		return text.p[at] == '"' ? string_end(text, at) : word_end(text, at);
	while (at < text.n) {
		char c = text.p[at];

		if (c == '"') {
			at = string_end(text, at);
			continue;
		}
		at++;
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			break;
	}
	return at;
}

bool slices_is_array(struct str text)
{
	size_t at = begin_of(text);

	return at < text.n && text.p[at] == '[';
}

struct slices slices_of(struct str text)
{
	return (struct slices){ .text = text, .line = 1 };
}

/* Behind the last element: ']' and nothing more. */
static bool close_check(struct slices *s, struct err *e)
{
	s->done = true;
	advance(s, s->at + 1);
	space(s);
	return peek(s) < 0 || err_input(e, "JSON-TRAILING", "more text behind the array");
}

/* Between two elements. */
static bool comma_check(struct slices *s, struct err *e)
{
	int c = peek(s);

	if (c == ',') {
		advance(s, s->at + 1);
		space(s);
		return true;
	}
	s->done = true;
	if (c < 0)
		return err_input(e, "JSON-TRUNCATED", "the array is cut off: ',' or ']' must come");
	return err_input(e, "JSON-SYNTAX", "',' or ']' must come behind an element");
}

/* The cursor is on an element. */
static bool element_cut(struct slices *s, struct str *element, struct err *e)
{
	size_t to = slices_value_end(s->text, s->at);

	if (to == s->at) {
		s->done = true;
		return err_input(e, peek(s) < 0 ? "JSON-TRUNCATED" : "JSON-SYNTAX",
				 "an element must come");
	}
	*element = (struct str){ s->text.p + s->at, to - s->at };
	advance(s, to);
	space(s);
	return true;
}

bool slices_next(struct slices *s, struct str *element, size_t *line, bool *end, struct err *e)
{
	bool first = !s->begun;

	*line = s->line;
	*end = s->done;
	if (s->done)
		return true;
	if (first) {
		s->begun = true;
		advance(s, begin_of(s->text) + 1);
		space(s);
	}
	*line = s->line;
	if (peek(s) == ']') {
		*end = close_check(s, e);
		return *end;
	}
	if (!first && !comma_check(s, e))
		return false;
	*line = s->line;
	return element_cut(s, element, e);
}
