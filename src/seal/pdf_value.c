/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/pdf_value.h"

#include <string.h>

enum { DIGITS_MAX = 10, NUMBER_MAX = 32, OBJECT_MAX = 8388607 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\0';
}

static bool is_delimiter(char c)
{
	return c == '(' || c == ')' || c == '<' || c == '>' || c == '[' || c == ']' || c == '{' ||
	       c == '}' || c == '/' || c == '%';
}

static bool is_regular(char c)
{
	return !is_blank(c) && !is_delimiter(c);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_of(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte `ahead` of the cursor, NUL behind the end. */
static char peek(const struct pdf_cursor *c, size_t ahead)
{
	return ahead < c->bytes.n - c->at ? c->bytes.p[c->at + ahead] : '\0';
}

static bool ended(const struct pdf_cursor *c)
{
	return c->at >= c->bytes.n;
}

static bool syntax(const struct pdf_cursor *c, const char *what, struct err *e)
{
	return err_input(e, "PDF-SYNTAX", "at byte %zu: %s", c->at, what);
}

static bool limit(const struct pdf_cursor *c, const char *what, struct err *e)
{
	return err_input(e, "PDF-LIMIT", "at byte %zu: %s", c->at, what);
}

void pdf_blanks(struct pdf_cursor *c)
{
	while (!ended(c) && is_blank(c->bytes.p[c->at]))
		c->at++;
}

bool pdf_word(struct pdf_cursor *c, const char *word)
{
	if (!str_starts(str_skip(c->bytes, c->at), str_of(word)))
		return false;
	c->at += strlen(word);
	return true;
}

bool pdf_digits(struct pdf_cursor *c, uint64_t *out)
{
	size_t n = 0;

	*out = 0;
	while (n <= DIGITS_MAX && is_digit(peek(c, n)))
		*out = *out * 10 + (uint64_t)(peek(c, n++) - '0');
	if (n == 0 || n > DIGITS_MAX)
		return false;
	c->at += n;
	return true;
}

bool pdf_line_end(struct pdf_cursor *c)
{
	return pdf_word(c, "\r\n") || pdf_word(c, "\n") || pdf_word(c, "\r");
}

static bool keyword(struct pdf_cursor *c, const char *word)
{
	size_t at = c->at;

	if (pdf_word(c, word) && (ended(c) || !is_regular(peek(c, 0))))
		return true;
	c->at = at;
	return false;
}

/* ---- numbers and references ---- */

static bool number(struct pdf_cursor *c, struct pdf_value *out, struct err *e)
{
	size_t n = 0, digits = 0, points = 0;
	double scale = 1, sum = 0;
	char sign = peek(c, 0);

	if (sign == '+' || sign == '-')
		n++;
	for (; n < NUMBER_MAX && is_regular(peek(c, n)) && c->at + n < c->bytes.n; n++) {
		char ch = peek(c, n);

		if (ch == '.' && points++ == 0)
			continue;
		if (!is_digit(ch))
			return syntax(c, "no value", e);
		digits++;
		sum = sum * 10 + (ch - '0');
		if (points > 0)
			scale *= 10;
	}
	if (digits == 0 || digits > DIGITS_MAX + 6 || n == NUMBER_MAX)
		return syntax(c, "no number", e);
	out->real = (sign == '-' ? -sum : sum) / scale;
	out->kind = points > 0 ? PDF_REAL : PDF_INTEGER;
	if (points == 0) {
		if (digits > DIGITS_MAX)
			return limit(c, "a number too large", e);
		out->number = (int64_t)out->real;
	}
	c->at += n;
	return true;
}

/* "12 0 R": only when all three are there; generations other than 0 are none of a file that is never edited. */
static bool reference(struct pdf_cursor *c, struct pdf_value *out)
{
	struct pdf_cursor look = *c;
	uint64_t object, generation;

	if (!pdf_digits(&look, &object) || !is_blank(peek(&look, 0)))
		return false;
	pdf_blanks(&look);
	if (!pdf_digits(&look, &generation) || !is_blank(peek(&look, 0)))
		return false;
	pdf_blanks(&look);
	if (!keyword(&look, "R") || generation != 0 || object == 0 || object > OBJECT_MAX)
		return false;
	out->kind = PDF_REFERENCE;
	out->number = (int64_t)object;
	c->at = look.at;
	return true;
}

/* ---- names and strings ---- */

static bool name(struct pdf_cursor *c, struct pdf_value *out, struct err *e)
{
	size_t from = ++c->at, n = 0;
	char *text;

	while (!ended(c) && is_regular(c->bytes.p[c->at]))
		c->at++;
	out->kind = PDF_NAME;
	out->text = (struct str){ c->bytes.p + from, c->at - from };
	if (str_find(out->text, STR("#"), 0) == SIZE_MAX)
		return true;
	text = arena_alloc(c->arena, out->text.n, e);
	if (text == NULL)
		return false;
	for (size_t i = 0; i < out->text.n; i++) {
		char ch = out->text.p[i];

		if (ch == '#') {
			int hi = i + 2 < out->text.n ? hex_of(out->text.p[i + 1]) : -1;
			int lo = i + 2 < out->text.n ? hex_of(out->text.p[i + 2]) : -1;

			if (hi < 0 || lo < 0 || (hi == 0 && lo == 0))
				return syntax(c, "a name with a broken escape", e);
			ch = (char)(hi << 4 | lo);
			i += 2;
		}
		text[n++] = ch;
	}
	out->text = (struct str){ text, n };
	return true;
}

/* The byte an escape of a literal string means (table 3); -1: none. */
static int escaped(struct pdf_cursor *c)
{
	static const char from[] = "nrtbf()\\", to[] = "\n\r\t\b\f()\\";
	const char *hit;
	int value = 0;

	if (pdf_line_end(c))
		return -1;
	if (peek(c, 0) >= '0' && peek(c, 0) <= '7') {
		for (int i = 0; i < 3 && peek(c, 0) >= '0' && peek(c, 0) <= '7'; i++)
			value = value * 8 + (c->bytes.p[c->at++] - '0');
		return value & 0xFF;
	}
	if (ended(c))
		return -1;
	hit = peek(c, 0) != '\0' ? strchr(from, peek(c, 0)) : NULL;
	value = hit != NULL ? to[hit - from] : (unsigned char)peek(c, 0);
	c->at++;
	return value;
}

static bool literal(struct pdf_cursor *c, struct pdf_value *out, struct err *e)
{
	size_t end = c->at + 1, n = 0;
	int depth = 1;
	char *text;

	/* First how long it is at most: what a string means is never longer than what it is written as. */
	for (; depth > 0; end++) {
		if (end >= c->bytes.n)
			return syntax(c, "a string without an end", e);
		if (c->bytes.p[end] == '\\')
			end++;
		else if (c->bytes.p[end] == '(')
			depth++;
		else if (c->bytes.p[end] == ')')
			depth--;
	}
	text = arena_alloc(c->arena, end - c->at, e);
	if (text == NULL)
		return false;
	c->at++;
	while (c->at < end - 1) {
		char ch = c->bytes.p[c->at++];

		if (ch == '\\') {
			int value = escaped(c);

			if (value >= 0)
				text[n++] = (char)value;
		} else {
			text[n++] = ch;
		}
	}
	c->at = end;
	out->kind = PDF_STRING;
	out->text = (struct str){ text, n };
	return true;
}

static bool hex(struct pdf_cursor *c, struct pdf_value *out, struct err *e)
{
	size_t end = ++c->at, n = 0;
	unsigned char *text;
	bool half = false;

	while (end < c->bytes.n && (hex_of(c->bytes.p[end]) >= 0 || is_blank(c->bytes.p[end])))
		end++;
	if (end >= c->bytes.n || c->bytes.p[end] != '>')
		return syntax(c, "no hexadecimal string", e);
	text = arena_alloc(c->arena, (end - c->at) / 2 + 1, e);
	if (text == NULL)
		return false;
	for (; c->at < end; c->at++) {
		int v = hex_of(c->bytes.p[c->at]);

		if (v < 0)
			continue;
		if (half)
			text[n++] |= (unsigned char)v;
		else
			text[n] = (unsigned char)(v << 4);
		half = !half;
	}
	c->at = end + 1;
	out->kind = PDF_HEX;
	out->text = str_bytes(text, half ? n + 1 : n);
	return true;
}

/* ---- arrays and dictionaries ---- */

static bool value_at(struct pdf_cursor *c, struct pdf_value *out, int depth, struct err *e);

struct pile {
	struct pdf_value *items;
	size_t count, room;
};

/* Room for one more; the pile doubles, and what it had before stays in the arena till the end. */
static struct pdf_value *pile_next(struct pdf_cursor *c, struct pile *p, struct err *e)
{
	struct pdf_value *more;

	if (p->count == PDF_ITEMS_MAX) {
		limit(c, "too many items in one value", e);
		return NULL;
	}
	if (p->count == p->room) {
		p->room = p->room == 0 ? 8 : p->room * 2;
		more = arena_array(c->arena, p->room, sizeof *more, e);
		if (more == NULL)
			return NULL;
		if (p->count > 0)
			memcpy(more, p->items, p->count * sizeof *more);
		p->items = more;
	}
	return &p->items[p->count];
}

static bool items(struct pdf_cursor *c, const char *end, struct pile *p, int depth, struct err *e)
{
	for (;;) {
		struct pdf_value *v;

		pdf_blanks(c);
		if (pdf_word(c, end))
			return true;
		v = pile_next(c, p, e);
		if (v == NULL || !value_at(c, v, depth + 1, e))
			return false;
		p->count++;
	}
}

/* Dictionaries of a page's worth of keys are compared pair by pair; a long one would make that slow. */
static bool keys_check(const struct pdf_cursor *c, const struct pile *p, struct err *e)
{
	if (p->count % 2 != 0)
		return syntax(c, "a dictionary with a key and no value", e);
	if (p->count > 1024)
		return limit(c, "a dictionary of more than 512 keys", e);
	for (size_t i = 0; i < p->count; i += 2) {
		if (p->items[i].kind != PDF_NAME)
			return syntax(c, "a dictionary with a key that is no name", e);
		for (size_t k = 0; k < i; k += 2) {
			if (str_eq(p->items[k].text, p->items[i].text))
				return err_input(e, "PDF-TWICE",
						 "at byte %zu: a dictionary with a key twice",
						 c->at);
		}
	}
	return true;
}

static bool dictionary(struct pdf_cursor *c, struct pdf_value *out, int depth, struct err *e)
{
	struct pile p = { .count = 0 };

	c->at += 2;
	if (!items(c, ">>", &p, depth, e) || !keys_check(c, &p, e))
		return false;
	out->kind = PDF_DICTIONARY;
	out->items = p.items;
	out->count = p.count;
	return true;
}

static bool array(struct pdf_cursor *c, struct pdf_value *out, int depth, struct err *e)
{
	struct pile p = { .count = 0 };

	c->at++;
	if (!items(c, "]", &p, depth, e))
		return false;
	out->kind = PDF_ARRAY;
	out->items = p.items;
	out->count = p.count;
	return true;
}

static bool word(struct pdf_cursor *c, struct pdf_value *out, struct err *e)
{
	out->kind = PDF_BOOLEAN;
	if (keyword(c, "true"))
		out->number = 1;
	else if (keyword(c, "null"))
		out->kind = PDF_NULL;
	else if (!keyword(c, "false"))
		return syntax(c, "no value", e);
	return true;
}

static bool scalar(struct pdf_cursor *c, struct pdf_value *out, struct err *e)
{
	char first = peek(c, 0);

	if (is_digit(first))
		return reference(c, out) || number(c, out, e);
	if (first == '+' || first == '-' || first == '.')
		return number(c, out, e);
	return word(c, out, e);
}

static bool value_at(struct pdf_cursor *c, struct pdf_value *out, int depth, struct err *e)
{
	size_t from;
	bool ok;

	pdf_blanks(c);
	*out = (struct pdf_value){ .kind = PDF_NULL };
	if (ended(c))
		return syntax(c, "the file ends where a value must stand", e);
	if (depth > PDF_DEPTH_MAX)
		return limit(c, "nested too deep", e);
	if (++c->values > PDF_VALUES_MAX)
		return limit(c, "too many values", e);
	from = c->at;
	switch (peek(c, 0)) {
	case '/':
		ok = name(c, out, e);
		break;
	case '(':
		ok = literal(c, out, e);
		break;
	case '[':
		ok = array(c, out, depth, e);
		break;
	case '<':
		ok = peek(c, 1) == '<' ? dictionary(c, out, depth, e) : hex(c, out, e);
		break;
	default:
		ok = scalar(c, out, e);
	}
	out->raw = (struct str){ c->bytes.p + from, c->at - from };
	return ok;
}

bool pdf_value(struct pdf_cursor *c, struct pdf_value *out, struct err *e)
{
	return value_at(c, out, 0, e);
}

const struct pdf_value *pdf_key(const struct pdf_value *d, const char *key)
{
	if (d == NULL || d->kind != PDF_DICTIONARY)
		return NULL;
	for (size_t i = 0; i + 1 < d->count; i += 2) {
		if (str_eq(d->items[i].text, str_of(key)))
			return &d->items[i + 1];
	}
	return NULL;
}

const struct pdf_value *pdf_key_kind(const struct pdf_value *d, const char *key, enum pdf_kind kind)
{
	const struct pdf_value *v = pdf_key(d, key);

	return v != NULL && v->kind == kind ? v : NULL;
}

bool pdf_is_name(const struct pdf_value *v, const char *text)
{
	return v != NULL && v->kind == PDF_NAME && str_eq(v->text, str_of(text));
}
