/* SPDX-License-Identifier: Apache-2.0 */
#include "form/compose.h"

#include "base/enc.h"
#include "text/unicode.h"

static const double MM_PER_PT = 25.4 / 72;
static const double SLACK = 0.001; /* mm; so that a fit to the last unit is a fit */
enum {
	ROOM = 250,     /* 1/1000 em between Han and Latin (CLREQ 3.2.3) */
	QUOTE_MAX = 120 /* bytes of a word in a refusal */
};

/*
 * Where each character stands if the text were one line: left[i] before the character at byte i, right[i] behind the
 * one that ends at i.  They differ where room is between two.
 */
struct composer {
	const struct setting_tools *tools;
	const struct rich_text *text;
	const struct compose_order *order;
	double *left, *right;
	struct text_breaks breaks;
	struct composed_line *lines;
	struct composed out;
};

/* ---- runs: what is shaped in one go ---- */

enum side { SIDE_NONE, SIDE_HAN, SIDE_LATIN };

static enum side side_of(uint32_t c)
{
	enum text_class k = text_class(c);

	if (text_is_han(c))
		return SIDE_HAN;
	if (k != TEXT_LETTER && k != TEXT_NUMBER && k != TEXT_MARK)
		return SIDE_NONE;
	switch (text_script(c)) {
	case TEXT_SCRIPT_COMMON:
	case TEXT_SCRIPT_INHERITED:
		return c < 0x3000 ? SIDE_LATIN : SIDE_NONE;
	case TEXT_SCRIPT_LATIN:
	case TEXT_SCRIPT_GREEK:
	case TEXT_SCRIPT_CYRILLIC:
		return c < 0xFF00 ? SIDE_LATIN : SIDE_NONE; /* fullwidth letters bring their own */
	case TEXT_SCRIPT_HAN:
	case TEXT_SCRIPT_HANGUL:
	case TEXT_SCRIPT_KANA:
	case TEXT_SCRIPT_BOPOMOFO:
	case TEXT_SCRIPT_YI:
	case TEXT_SCRIPT_ARABIC:
	case TEXT_SCRIPT_TIBETAN:
	case TEXT_SCRIPT_MONGOLIAN:
	case TEXT_SCRIPT_OTHER:
		break;
	}
	return SIDE_NONE;
}

struct run {
	size_t from, to;
	const struct rich_span *span;
	bool room; /* behind it, before what follows */
};

static double size_of(const struct composer *c, const struct style *style)
{
	return style->size_pt * c->order->scale;
}

static const struct rich_span *span_at(const struct composer *c, size_t at)
{
	const struct rich_span *span = c->text->spans;

	while (at >= span->to)
		span++;
	return span;
}

/* The run that begins at `from`, before `to`: one span, no line end, Han and Latin apart.  False at the end. */
static bool run_next(const struct composer *c, size_t from, size_t to, struct run *out)
{
	struct str text = c->text->running.text;
	enum side last = SIDE_NONE, side;
	size_t at = from, n;
	uint32_t ch;

	while (from < to && text.p[from] == '\n')
		from++;
	if (from >= to)
		return false;
	*out = (struct run){ .from = from, .span = span_at(c, from) };
	for (at = from; at < to && text.p[at] != '\n'; at += n, last = side) {
		n = enc_utf8(str_skip(text, at), &ch);
		side = side_of(ch);
		out->room = last != SIDE_NONE && side != SIDE_NONE && side != last;
		if (out->room || at >= out->span->to)
			break;
	}
	if (at >= to || text.p[at] == '\n')
		out->room = false;
	out->to = at;
	return true;
}

static bool run_shape(const struct composer *c, const struct run *run, struct shaped *out,
		      struct err *e)
{
	struct str part = { c->text->running.text.p + run->from, run->to - run->from };

	if (shape_line(c->tools->shaper, c->tools->arena, &run->span->style->text, part, out, e))
		return !run->room || shape_widen(c->tools->arena, out, ROOM, e);
	if (e->kind == ERR_INPUT && run->span->fact.n > 0)
		err_at(e, "/%.*s", STR_ARG(run->span->fact));
	return false;
}

/* ---- measuring ---- */

static size_t utf8_size(uint32_t c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* Note where every character of a shaped run stands; a letter of several ends where its last one does. */
static double run_note(struct composer *c, const struct run *run, const struct shaped *line,
		       double pen)
{
	double mm = size_of(c, run->span->style) * MM_PER_PT / 1000;
	size_t at = run->from;

	for (size_t r = 0; r < line->count; r++) {
		for (size_t i = 0; i < line->runs[r].count; i++) {
			const struct glyph *g = &line->runs[r].glyphs[i];

			c->left[at] = pen;
			for (size_t k = 0; k < g->unicode_count; k++) {
				at += utf8_size(g->unicode[k]);
				if (at > run->to)
					at = run->to;
				c->left[at] = c->right[at] = pen + g->advance * mm;
			}
			pen += g->advance * mm;
			c->left[at] = c->right[at] = pen;
		}
	}
	return pen;
}

static bool measure(struct composer *c, struct err *e)
{
	size_t n = c->text->running.text.n, at = 0;
	struct shaped line;
	struct run run;
	double pen = 0;

	c->left = arena_array(c->tools->arena, n + 1, sizeof *c->left, e);
	c->right = arena_array(c->tools->arena, n + 1, sizeof *c->right, e);
	if (c->left == NULL || c->right == NULL)
		return false;
	while (run_next(c, at, n, &run)) {
		for (size_t i = at; i < run.from; i++) /* line ends */
			c->right[i + 1] = pen;
		c->left[run.from] = pen;
		if (!run_shape(c, &run, &line, e))
			return false;
		c->out.fell_back |= line.fell_back && run.span->style->text.whole;
		pen = run_note(c, &run, &line, pen);
		if (run.room)
			c->right[run.to] -= ROOM * size_of(c, run.span->style) * MM_PER_PT / 1000;
		c->left[run.to] = pen;
		at = run.to;
	}
	return true;
}

/* ---- lines ---- */

/* Where the visible text of a line from … to ends. */
static size_t visible_end(const struct composer *c, size_t from, size_t to)
{
	struct str text = c->text->running.text;

	for (;;) {
		if (to > from && (text.p[to - 1] == ' ' || text.p[to - 1] == '\n'))
			to--;
		else if (to >= from + 3 && memcmp(text.p + to - 3, "\xE3\x80\x80", 3) == 0)
			to -= 3;
		else
			return to;
	}
}

/* The room a comma or full stop at the end of a line takes that may stand past the measure. */
static double hanging(const struct composer *c, size_t from, size_t end)
{
	static const char *const marks[] = { "，", "。", "、", "；", "：", "！", "？" };
	const char *p = c->text->running.text.p;

	if (end < from + 6 || !span_at(c, end - 1)->style->hang)
		return 0;
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		if (memcmp(p + end - 3, marks[i], 3) == 0)
			return c->right[end] - c->left[end - 3];
	}
	return 0;
}

static double width_of(const struct composer *c, size_t from, size_t to, double *hang)
{
	size_t end = visible_end(c, from, to);

	*hang = hanging(c, from, end);
	return end == from ? 0 : c->right[end] - c->left[from] - *hang;
}

/* Put the first fact between from and to into the error. */
static bool fact_blame(const struct composer *c, size_t from, size_t to, struct err *e)
{
	const struct rich_span *span = span_at(c, from);

	for (; span < c->text->spans + c->text->count && span->from < to; span++) {
		if (span->fact.n > 0)
			return err_at(e, "/%.*s", STR_ARG(span->fact));
	}
	return false;
}

static bool refuse(const struct composer *c, size_t from, size_t to, struct err *e)
{
	const struct rich_span *span = span_at(c, from);
	struct str word = { c->text->running.text.p + from, to - from };

	if (word.n > QUOTE_MAX) {
		word.n = QUOTE_MAX;
		while (((unsigned char)word.p[word.n] & 0xC0) == 0x80)
			word.n--;
	}
	err_input(e, "TEXT-TOO-WIDE", "'%.*s' does not fit %g mm at %g pt in style %.*s",
		  STR_ARG(word), c->order->width, size_of(c, span->style),
		  STR_ARG(span->style->name));
	return fact_blame(c, from, to, e);
}

/* The pieces of one line, shaped as they are drawn, the blank at its end with them. */
static bool line_make(struct composer *c, size_t from, size_t to, struct composed_line *line,
		      struct err *e)
{
	struct composed_piece *pieces;
	struct run run;
	double pen = 0, end = 0;
	size_t visible = visible_end(c, from, to), count = 0;

	*line = (struct composed_line){ 0 };
	for (size_t at = from; run_next(c, at, to, &run); at = run.to)
		count++;
	pieces = arena_array(c->tools->arena, count, sizeof *pieces, e);
	if (pieces == NULL)
		return false;
	for (size_t at = from; run_next(c, at, to, &run); at = run.to) {
		struct composed_piece *piece = &pieces[line->count];

		*piece = (struct composed_piece){ .style = run.span->style,
						  .x = pen,
						  .size_pt = size_of(c, run.span->style) };
		if (!run_shape(c, &run, &piece->line, e))
			return false;
		pen += piece->line.width * piece->size_pt / 1000 * MM_PER_PT;
		if (run.from < visible)
			end = run.to <= visible ? pen
						: pen - (c->right[run.to] - c->right[visible]);
		line->count++;
	}
	line->pieces = pieces;
	line->hang = hanging(c, from, visible);
	line->width = end - line->hang;
	return true;
}

/*
 * The longest line from `from`: breaks[*at] is its end.  The estimate is of the whole text; where a line cuts a
 * ligature or a kerned pair, the line as it is drawn has the last word.
 */
static bool line_fit(struct composer *c, size_t from, size_t *at, struct err *e)
{
	const struct text_break *breaks = c->breaks.items;
	size_t first = *at, last = first;
	double hang;

	while (!breaks[last].forced &&
	       width_of(c, from, breaks[last + 1].at, &hang) <= c->order->width + SLACK)
		last++;
	for (;; last--) {
		struct composed_line *line = &c->lines[c->out.count];

		if (!line_make(c, from, breaks[last].at, line, e))
			return false;
		if (line->width <= c->order->width + SLACK)
			break;
		if (last == first)
			return refuse(c, from, breaks[last].at, e);
	}
	c->out.count++;
	*at = last + 1;
	return true;
}

static bool lines_make(struct composer *c, struct err *e)
{
	size_t from = 0;

	c->out.count = 0;
	for (size_t at = 0; at < c->breaks.count; from = c->breaks.items[at - 1].at) {
		if (c->out.count == COMPOSE_LINES_MAX) {
			err_input(e, "TEXT-TOO-LONG", "the text has more than %d lines",
				  COMPOSE_LINES_MAX);
			return fact_blame(c, 0, from, e);
		}
		if (!line_fit(c, from, &at, e))
			return false;
	}
	return true;
}

/* True when some piece between two places to break is wider than the measure. */
static bool too_wide(const struct composer *c)
{
	size_t from = 0;
	double hang;

	for (size_t i = 0; i < c->breaks.count; i++) {
		if (width_of(c, from, c->breaks.items[i].at, &hang) > c->order->width + SLACK)
			return true;
		from = c->breaks.items[i].at;
	}
	return false;
}

bool compose(const struct setting_tools *t, const struct rich_text *text,
	     const struct compose_order *order, struct composed *out, struct err *e)
{
	struct composer c = { .tools = t, .text = text, .order = order };
	struct text_running running = text->running;
	size_t lines;

	*out = (struct composed){ 0 };
	if (running.text.n == 0)
		return true;
	if (!text_break_lines(t->breaker, t->arena, &running, &c.breaks, e) || !measure(&c, e))
		return false;
	if (running.keep_count > 0 && too_wide(&c)) {
		running.keep_count = 0;
		if (!text_break_lines(t->breaker, t->arena, &running, &c.breaks, e))
			return false;
	}
	lines = c.breaks.count < COMPOSE_LINES_MAX ? c.breaks.count : COMPOSE_LINES_MAX;
	c.lines = arena_array(t->arena, lines, sizeof *c.lines, e);
	if (c.lines == NULL || !lines_make(&c, e))
		return false;
	c.out.lines = c.lines;
	*out = c.out;
	return true;
}
