/* SPDX-License-Identifier: Apache-2.0 */
#include "form/rich.h"

#include <stdio.h>

#include "base/enc.h"
#include "text/unicode.h"

enum {
	PIECES_MAX = 96,
	DEPTH_MAX = 4,
	TAG_MAX = 16,
	NAME_PARTS_MAX = 32 /* a name of fifty characters has 25 at most */
};

/* ---- compiling ---- */

struct compiler {
	struct arena *a;
	const struct phrase_names *names;
	const struct rich_styles *styles;
	struct rich *out;
	struct {
		struct str tag;
		const struct style *style;
		int keep, opt;
	} open[DEPTH_MAX + 1];
	size_t depth;
	int kept, opted;
};

static bool words_add(struct compiler *c, struct str text, struct err *e)
{
	struct phrase p;

	if (text.n == 0)
		return true;
	if (!phrase_compile(c->a, text, c->names, &p, e))
		return false;
	for (size_t i = 0; i < p.count; i++) {
		if (c->out->count == PIECES_MAX)
			return err_input(e, "TEMPLATE-STRING", "has more than %d pieces",
					 PIECES_MAX);
		c->out->pieces[c->out->count++] =
			(struct rich_piece){ .part = p.parts[i],
					     .style = c->open[c->depth].style,
					     .keep = c->open[c->depth].keep,
					     .opt = c->open[c->depth].opt };
	}
	return true;
}

static bool tag_open(struct compiler *c, struct str tag, struct err *e)
{
	char key[TAG_MAX + 1];

	if (c->depth == DEPTH_MAX || tag.n > TAG_MAX)
		return err_input(e, "TEMPLATE-STRING", "has more than %d tags inside one another",
				 DEPTH_MAX);
	c->open[c->depth + 1] = c->open[c->depth];
	c->depth++;
	c->open[c->depth].tag = tag;
	if (str_eq(tag, STR("keep"))) {
		c->open[c->depth].keep = ++c->kept;
		return true;
	}
	if (str_eq(tag, STR("opt"))) {
		c->open[c->depth].opt = ++c->opted;
		return true;
	}
	snprintf(key, sizeof key, "%.*s", STR_ARG(tag));
	if (c->styles->spans == NULL || json_lookup(c->styles->spans, key) == NULL)
		return err_input(e, "TEMPLATE-STRING", "<%s> is not in the element's \"spans\"",
				 key);
	return style_named(c->styles->palette, c->styles->spans, key, &c->open[c->depth].style, e);
}

static bool tag_read(struct compiler *c, struct str tag, struct err *e)
{
	if (!str_starts(tag, STR("/")))
		return tag_open(c, tag, e);
	if (c->depth == 0 || !str_eq(str_skip(tag, 1), c->open[c->depth].tag))
		return err_input(e, "TEMPLATE-STRING", "<%.*s> closes what is not open",
				 STR_ARG(tag));
	c->depth--;
	return true;
}

static bool line_compile(struct compiler *c, struct str text, struct err *e)
{
	while (text.n > 0) {
		size_t open = str_find(text, STR("<"), 0), close;

		if (open == SIZE_MAX)
			return words_add(c, text, e);
		if (str_starts(str_skip(text, open), STR("<<"))) {
			if (!words_add(c, (struct str){ text.p, open + 1 }, e))
				return false;
			text = str_skip(text, open + 2);
			continue;
		}
		close = str_find(text, STR(">"), open);
		if (close == SIZE_MAX)
			return err_input(e, "TEMPLATE-STRING", "has a < without its >");
		if (!words_add(c, (struct str){ text.p, open }, e) ||
		    !tag_read(c, (struct str){ text.p + open + 1, close - open - 1 }, e))
			return false;
		text = str_skip(text, close + 1);
	}
	return true;
}

bool rich_compile(struct arena *a, const struct json *string, const struct phrase_names *names,
		  const struct rich_styles *styles, struct rich *out, struct err *e)
{
	const struct json *lines = string->kind == JSON_ARRAY ? string->items : string;
	size_t count = string->kind == JSON_ARRAY ? string->count : 1;
	struct compiler c = { .a = a, .names = names, .styles = styles, .out = out };

	c.open[0].style = styles->base;
	*out = (struct rich){ .pieces = arena_array(a, PIECES_MAX, sizeof *out->pieces, e) };
	if (out->pieces == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		if ((i > 0 && !words_add(&c, STR("\n"), e)) ||
		    !line_compile(&c, lines[i].string, e))
			return false;
	}
	return c.depth == 0 || err_input(e, "TEMPLATE-STRING", "has a <%.*s> without its end",
					 STR_ARG(c.open[c.depth].tag));
}

/* ---- filling ---- */

static bool direction_judge(struct str text, struct err *e)
{
	uint32_t c;

	for (size_t n; (n = enc_utf8(text, &c)) > 0; text = str_skip(text, n)) {
		if (text_is_right_to_left(c))
			return err_input(
				e, "TEXT-DIRECTION",
				"U+%04X is written from right to left, which the page cannot"
				" set; give the name in Latin letters",
				(unsigned)c);
	}
	return true;
}

/* A piece of an <opt> some fact of which is missing. */
static bool left_out(const struct rich *r, const struct rich_piece *piece,
		     const struct phrase_values *v)
{
	for (size_t i = 0; piece->opt > 0 && i < r->count; i++) {
		struct str fact = r->pieces[i].part.fact;

		if (r->pieces[i].opt == piece->opt && fact.n > 0 &&
		    facts_lookup(v->facts, fact) == NULL)
			return true;
	}
	return false;
}

struct filler {
	struct str *texts; /* one a piece */
	struct rich_span *spans;
	struct text_span *keep;
	size_t count, keep_count, n;
	int kept; /* the number of the last keep; 0: none */
};

/* A name is cut behind a middle dot only; what is beyond the last part that is counted goes with it. */
static void name_keep(struct filler *f, struct str name)
{
	size_t from = 0, dot;

	for (int part = 1; part < NAME_PARTS_MAX; part++) {
		dot = str_find(name, STR("·"), from);
		if (dot == SIZE_MAX)
			break;
		dot += sizeof "·" - 1;
		f->keep[f->keep_count++] = (struct text_span){ f->n + from, f->n + dot };
		from = dot;
	}
	f->keep[f->keep_count++] = (struct text_span){ f->n + from, f->n + name.n };
}

/* What must stay together grows while pieces of one <keep> follow one another. */
static void keep_add(struct filler *f, const struct rich_piece *piece, struct str text)
{
	struct text_span all = { f->n, f->n + text.n };

	if (piece->keep > 0 && piece->keep == f->kept)
		f->keep[f->keep_count - 1].to = all.to;
	else if (piece->keep > 0 || phrase_part_whole(&piece->part))
		f->keep[f->keep_count++] = all;
	else if (piece->style->text.whole)
		name_keep(f, text);
	f->kept = piece->keep;
}

/* Room for every span that keep_add may make. */
static size_t keep_most(const struct rich *r)
{
	size_t n = r->count;

	for (size_t i = 0; i < r->count; i++)
		n += r->pieces[i].style->text.whole ? NAME_PARTS_MAX : 0;
	return n;
}

static bool piece_fill(struct arena *a, const struct rich_piece *piece,
		       const struct phrase_values *v, struct str *out, bool *absent, struct err *e)
{
	if (!phrase_part_fill(a, &piece->part, v, out, absent, e))
		return false;
	return *absent || piece->part.fact.n == 0 || direction_judge(*out, e) ||
	       err_at(e, "/%.*s", STR_ARG(piece->part.fact));
}

bool rich_fill(struct arena *a, const struct rich *r, const struct phrase_values *v,
	       struct rich_text *out, bool *absent, struct err *e)
{
	struct filler f = { .texts = arena_array(a, r->count, sizeof *f.texts, e),
			    .spans = arena_array(a, r->count, sizeof *f.spans, e),
			    .keep = arena_array(a, keep_most(r), sizeof *f.keep, e) };
	char *to;

	*absent = false;
	if (f.texts == NULL || f.spans == NULL || f.keep == NULL)
		return false;
	for (size_t i = 0; i < r->count; i++) {
		const struct rich_piece *piece = &r->pieces[i];

		if (left_out(r, piece, v))
			continue;
		if (!piece_fill(a, piece, v, &f.texts[i], absent, e))
			return false;
		if (*absent)
			return true;
		if (f.texts[i].n == 0)
			continue;
		f.spans[f.count++] = (struct rich_span){ f.n, f.n + f.texts[i].n, piece->style,
							 piece->part.fact };
		keep_add(&f, piece, f.texts[i]);
		f.n += f.texts[i].n;
	}
	to = arena_alloc(a, f.n + 1, e);
	if (to == NULL)
		return false;
	*out = (struct rich_text){ { { to, f.n }, f.keep, f.keep_count }, f.spans, f.count };
	for (size_t i = 0; i < r->count; i++) {
		if (f.texts[i].n > 0)
			memcpy(to, f.texts[i].p, f.texts[i].n);
		to += f.texts[i].n;
	}
	return true;
}

bool rich_plain(struct arena *a, struct str text, const struct style *style, struct str fact,
		struct rich_text *out, struct err *e)
{
	struct rich_span *span = arena_alloc(a, sizeof *span, e);

	if (span == NULL)
		return false;
	*span = (struct rich_span){ 0, text.n, style, fact };
	*out = (struct rich_text){ { text, NULL, 0 }, span, text.n > 0 };
	return direction_judge(text, e) || err_at(e, "/%.*s", STR_ARG(fact));
}

/* ---- choosing ---- */

static bool missing(const struct rich *r, const struct phrase_values *v, struct err *e)
{
	for (size_t i = 0; i < r->count; i++) {
		struct str fact = r->pieces[i].part.fact;

		if (fact.n == 0 || r->pieces[i].opt > 0 || facts_lookup(v->facts, fact) != NULL)
			continue;
		err_input(e, "FACT-MISSING", "is missing: the text cannot do without");
		return err_at(e, "/%.*s", STR_ARG(fact));
	}
	return true;
}

/* The variant of this value, else the one for any; c->count when there is neither. */
static size_t variant(const struct rich_choice *c, struct str value)
{
	size_t any = c->count;

	for (size_t i = 0; i < c->count; i++) {
		if (str_eq(c->items[i].value, value))
			return i;
		if (str_eq(c->items[i].value, STR("*")))
			any = i;
	}
	return any;
}

bool rich_choose(struct arena *a, const struct rich_choice *c, const struct phrase_values *v,
		 struct rich_text *out, bool *absent, struct err *e)
{
	const struct str *value = c->by.n > 0 ? facts_lookup(v->facts, c->by) : NULL;
	size_t i = 0;

	*absent = c->by.n > 0 && value == NULL;
	if (*absent && c->must) {
		err_input(e, "FACT-MISSING", "is missing: it says which text to print");
		return err_at(e, "/%.*s", STR_ARG(c->by));
	}
	if (*absent)
		return true;
	if (value != NULL && (i = variant(c, *value)) == c->count) {
		err_input(e, "FACT-WORD", "the template has no /strings/%.*s.%.*s",
			  STR_ARG(c->string), STR_ARG(*value));
		return err_at(e, "/%.*s", STR_ARG(c->by));
	}
	if (c->must && !missing(&c->items[i].rich, v, e))
		return false;
	return rich_fill(a, &c->items[i].rich, v, out, absent, e);
}
