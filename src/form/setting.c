/* SPDX-License-Identifier: Apache-2.0 */
#include "form/setting.h"

#include <math.h>

#include "base/enc.h"

static const double PT_PER_MM = 72 / 25.4;
static const double STEP = 0.5;    /* points a shrink takes */
static const double SLACK = 0.001; /* points; so that a fit to the last unit is a fit */

static bool refuse(const struct setting *s, struct str text, struct err *e)
{
	struct str fact = phrase_fact(&s->phrases[0]);

	err_input(e, "TEXT-TOO-WIDE", "'%.*s' does not fit %g mm at %g pt in style %.*s",
		  STR_ARG(text), s->width_mm, s->fit.last, STR_ARG(s->style->name));
	return fact.n == 0 ? false : err_at(e, "/%.*s", STR_ARG(fact));
}

static int characters(struct str text)
{
	int n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

static bool shape(const struct setting *s, const struct setting_tools *t, struct str text,
		  struct shaped *out, struct err *e)
{
	struct text_style style = s->style->text;
	struct str fact = phrase_fact(&s->phrases[0]);

	if (s->style->tracking_upto > 0 && characters(text) > s->style->tracking_upto)
		style.tracking = 0;
	if (shape_line(t->shaper, t->arena, &style, text, out, e))
		return true;
	if (e->kind == ERR_INPUT && fact.n > 0)
		err_at(e, "/%.*s", STR_ARG(fact));
	return false;
}

/* The largest size of the ladder from `top` down at which `width` (1/1000 em) fits; may be below any floor. */
static double size_for(const struct setting *s, double top, int32_t width)
{
	double fits;

	if (width <= 0)
		return top;
	fits = s->width_mm * PT_PER_MM * 1000 / width + SLACK;
	if (fits >= top)
		return top;
	return top - STEP * ceil((top - fits) / STEP);
}

static int32_t widest(const struct set_text *text)
{
	int32_t width = 0;

	for (size_t i = 0; i < text->count; i++)
		width = text->lines[i].width > width ? text->lines[i].width : width;
	return width;
}

/* Length in bytes of a break at the start of s: what stays on the upper line, and what falls out between. */
static bool break_here(enum setting_break at, bool hyphens, struct str s, size_t *keep,
		       size_t *drop)
{
	*keep = *drop = 0;
	if (at == BREAK_DOT && str_starts(s, STR("\xC2\xB7")))
		*keep = 2;
	else if (at == BREAK_SPACE && str_starts(s, STR(" ")))
		*drop = 1;
	else if (at == BREAK_SPACE && hyphens && str_starts(s, STR("-")))
		*keep = 1;
	return *keep + *drop > 0;
}

/* Try every break; the best balance is the one whose wider line is narrowest.  out->count 0: no place to break. */
static bool break_in_two(const struct setting *s, const struct setting_tools *t, struct str text,
			 bool hyphens, struct set_text *out, struct err *e)
{
	struct set_text two = { .count = 2 };
	size_t keep, drop;

	out->count = 0;
	for (size_t i = 1; i < text.n; i++) {
		if (!break_here(s->fit.at, hyphens, str_skip(text, i), &keep, &drop) ||
		    i + keep + drop >= text.n)
			continue;
		if (!shape(s, t, (struct str){ text.p, i + keep }, &two.lines[0], e) ||
		    !shape(s, t, str_skip(text, i + keep + drop), &two.lines[1], e))
			return false;
		if (out->count == 0 || widest(&two) < widest(out))
			*out = two;
	}
	return true;
}

/*
 * A hyphen at the end of a line looks like a word divided, to people and to programs that copy text and drop it: only
 * where no space serves.
 */
static bool break_best(const struct setting *s, const struct setting_tools *t, struct str text,
		       struct set_text *out, struct err *e)
{
	if (!break_in_two(s, t, text, false, out, e))
		return false;
	if (s->fit.at != BREAK_SPACE ||
	    (out->count == 2 && size_for(s, s->fit.floor, widest(out)) >= s->fit.floor))
		return true;
	return break_in_two(s, t, text, true, out, e);
}

static bool fit_one(const struct setting *s, const struct setting_tools *t, struct str text,
		    struct set_text *out, struct err *e)
{
	struct set_text two;
	double size = size_for(s, s->style->size_pt, widest(out));

	if (size < s->fit.floor && s->fit.at != BREAK_NONE) {
		if (!break_best(s, t, text, &two, e))
			return false;
		if (two.count == 2) {
			*out = two;
			size = size_for(s, s->fit.floor, widest(out));
		}
	}
	if (size < s->fit.last)
		return refuse(s, text, e);
	out->size_pt = size;
	return true;
}

static bool set(const struct setting *s, const struct setting_tools *t,
		const struct phrase_values *v, struct set_text *out, struct err *e)
{
	struct str text = { NULL, 0 };
	bool absent;

	*out = (struct set_text){ .count = 0 };
	for (size_t i = 0; i < s->count; i++) {
		if (!phrase_fill(t->arena, &s->phrases[i], v, &text, &absent, e))
			return false;
		if (absent) {
			out->count = 0;
			return true;
		}
		if (!shape(s, t, text, &out->lines[i], e))
			return false;
		out->count++;
	}
	if (s->count == 1) {
		if (!fit_one(s, t, text, out, e))
			return false;
	} else {
		out->size_pt = size_for(s, s->style->size_pt, widest(out));
		if (out->size_pt < s->fit.floor)
			return refuse(s, text, e);
	}
	for (size_t i = 0; i < out->count; i++)
		out->fell_back |= out->lines[i].fell_back;
	return true;
}

bool setting_prepare(struct setting *s, const struct setting_tools *t, struct err *e)
{
	struct facts none = { .count = 0 };
	struct phrase_values v = { .facts = &none };

	for (size_t i = 0; i < s->count; i++) {
		if (!phrase_constant(&s->phrases[i]))
			return true;
	}
	s->constant = true;
	return set(s, t, &v, &s->fixed, e);
}

bool setting_place(const struct setting *s, const struct setting_tools *t,
		   const struct phrase_values *v, struct set_text *out, struct err *e)
{
	if (s->constant) {
		*out = s->fixed;
		return true;
	}
	return set(s, t, v, out, e);
}

double setting_width_mm(const struct set_text *text, size_t line)
{
	return text->lines[line].width * text->size_pt / 1000 / PT_PER_MM;
}
