/* SPDX-License-Identifier: Apache-2.0 */
#include "form/xml.h"

#include <stdint.h>

enum { NAME_MAX_BYTES = 32 };

void xml_begin(struct xml *x, struct str text)
{
	*x = (struct xml){ .text = text };
}

size_t xml_line(const struct xml *x)
{
	size_t line = 1;

	for (size_t i = 0; i < x->at; i++)
		line += x->text.p[i] == '\n';
	return line;
}

bool xml_attribute(const struct xml *x, const char *name, struct str *out)
{
	for (size_t i = 0; i < x->attribute_count; i++) {
		if (str_eq(x->attributes[i].name, str_of(name))) {
			*out = x->attributes[i].value;
			return true;
		}
	}
	return false;
}

static bool ahead(const struct xml *x, const char *what)
{
	return str_starts(str_skip(x->text, x->at), str_of(what));
}

static bool take(struct xml *x, const char *what)
{
	if (!ahead(x, what))
		return false;
	x->at += strlen(what);
	return true;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void blanks_skip(struct xml *x)
{
	while (x->at < x->text.n && blank(x->text.p[x->at]))
		x->at++;
}

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == ':';
}

static bool name_take(struct xml *x, struct str *out, struct err *e)
{
	*out = (struct str){ x->text.p + x->at, 0 };
	while (x->at < x->text.n && name_char(x->text.p[x->at])) {
		x->at++;
		out->n++;
	}
	return (out->n > 0 && out->n <= NAME_MAX_BYTES) ||
	       err_input(e, "SVG-FORM", "a name is expected, of at most %d letters",
			 NAME_MAX_BYTES);
}

/* Go behind the next `what`. */
static bool pass(struct xml *x, const char *what, struct err *e)
{
	size_t found = str_find(x->text, str_of(what), x->at);

	if (found == SIZE_MAX)
		return err_input(e, "SVG-FORM", "'%s' is missing", what);
	x->at = found + strlen(what);
	return true;
}

static bool value_take(struct xml *x, struct str *out, struct err *e)
{
	char quote;

	if (!take(x, "=") || x->at == x->text.n)
		return err_input(e, "SVG-FORM", "an attribute needs a value in quotes");
	quote = x->text.p[x->at];
	if (quote != '"' && quote != '\'')
		return err_input(e, "SVG-FORM", "an attribute needs a value in quotes");
	x->at++;
	*out = (struct str){ x->text.p + x->at, 0 };
	while (x->at < x->text.n && x->text.p[x->at] != quote) {
		char c = x->text.p[x->at];

		if (c == '&' || c == '<')
			return err_input(e, "SVG-FORM", "a value must not hold '%c'", c);
		x->at++;
		out->n++;
	}
	return take(x, quote == '"' ? "\"" : "'") ||
	       err_input(e, "SVG-FORM", "the value's quote does not close");
}

static bool attribute_take(struct xml *x, struct err *e)
{
	struct xml_attribute *at = &x->attributes[x->attribute_count];
	struct str before;

	if (x->attribute_count == XML_ATTRIBUTES_MAX)
		return err_input(e, "SVG-FORM", "an element has more than %d attributes",
				 XML_ATTRIBUTES_MAX);
	if (!name_take(x, &at->name, e) || !value_take(x, &at->value, e))
		return false;
	for (size_t i = 0; i < x->attribute_count; i++) {
		before = x->attributes[i].name;
		if (str_eq(before, at->name))
			return err_input(e, "SVG-FORM", "the attribute %.*s stands twice",
					 STR_ARG(before));
	}
	x->attribute_count++;
	return true;
}

/* Behind "<": a start tag. */
static bool element_open(struct xml *x, struct err *e)
{
	if (x->depth > 0 && !x->open[x->depth].holds)
		return err_input(e, "SVG-FORM", "<%.*s> holds no elements",
				 STR_ARG(x->open[x->depth].name));
	if (x->depth == 0 && x->begun)
		return err_input(e, "SVG-FORM", "a second drawing follows the first");
	if (x->depth == XML_DEPTH_MAX)
		return err_input(e, "SVG-FORM", "elements stand more than %d deep", XML_DEPTH_MAX);
	x->attribute_count = 0;
	x->begun = true;
	if (!name_take(x, &x->name, e))
		return false;
	for (;;) {
		size_t before = x->at;

		blanks_skip(x);
		x->closed = take(x, "/>");
		if (x->closed || take(x, ">"))
			break;
		if (x->at == before)
			return err_input(e, "SVG-FORM", "the tag <%.*s> does not end",
					 STR_ARG(x->name));
		if (!attribute_take(x, e))
			return false;
	}
	x->depth++;
	x->open[x->depth].name = x->name;
	x->holds = x->words = false;
	return true;
}

/* Behind "</". */
static bool element_close(struct xml *x, struct err *e)
{
	struct str name;

	if (!name_take(x, &name, e))
		return false;
	blanks_skip(x);
	if (x->depth == 0 || !str_eq(name, x->open[x->depth].name) || !take(x, ">"))
		return err_input(e, "SVG-FORM", "</%.*s> closes nothing", STR_ARG(name));
	x->depth--;
	return true;
}

/* One piece that is no start tag: white space, words, a comment, an end tag, the declaration. */
static bool piece_pass(struct xml *x, struct err *e)
{
	char c = x->text.p[x->at];

	if (x->at == 0 && take(x, "<?xml "))
		return pass(x, "?>", e);
	if (take(x, "<!--"))
		return pass(x, "-->", e);
	if (take(x, "</"))
		return element_close(x, e);
	if (c == '<')
		return err_input(e, "SVG-FORM",
				 "neither a document type, nor CDATA, nor an instruction is taken");
	if (!blank(c) && (x->depth == 0 || !x->open[x->depth].words || c == '&'))
		return err_input(e, "SVG-FORM", "text stands where none may");
	x->at++;
	return true;
}

static bool starts_name(const struct xml *x)
{
	return x->at + 1 < x->text.n && x->text.p[x->at] == '<' && name_char(x->text.p[x->at + 1]);
}

bool xml_next(struct xml *x, bool *end, struct err *e)
{
	x->open[x->depth].holds = x->holds;
	x->open[x->depth].words = x->words;
	if (x->closed)
		x->depth--;
	x->closed = false;
	while (x->at < x->text.n) {
		if (starts_name(x)) {
			x->at++;
			*end = false;
			return element_open(x, e);
		}
		if (!piece_pass(x, e))
			return false;
	}
	*end = true;
	if (x->depth > 0)
		return err_input(e, "SVG-FORM", "<%.*s> is not closed",
				 STR_ARG(x->open[x->depth].name));
	return x->begun || err_input(e, "SVG-FORM", "is empty");
}
