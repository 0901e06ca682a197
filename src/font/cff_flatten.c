/* SPDX-License-Identifier: Apache-2.0 */
#include "font/cff_inner.h"

/* Type 2 operators that need more than being copied (5177 §4). */
enum {
	CS_HSTEM = 1,
	CS_VSTEM = 3,
	CS_CALLSUBR = 10,
	CS_RETURN = 11,
	CS_ESCAPE = 12,
	CS_ENDCHAR = 14,
	CS_HSTEMHM = 18,
	CS_HINTMASK = 19,
	CS_CNTRMASK = 20,
	CS_VSTEMHM = 23,
	CS_SHORTINT = 28,
	CS_CALLGSUBR = 29,
	CS_HFLEX = 34,
	CS_FLEX1 = 37,
	CS_DEPTH_MAX = 10,     /* subroutine calls inside one another; 5177 appendix B */
	CS_CALLS_MAX = 4096,   /* calls of one glyph: a bomb otherwise */
	CS_BYTES_MAX = 65535,  /* of one flattened charstring; 5176 §14 */
	CS_STEMS_MAX = 96 * 2, /* 96 stems a direction; 5177 appendix B */
};

/* The one-byte operators there are: stems, moves, lines, curves, masks, endchar, escape (bit = operator). */
static const uint32_t cs_operators = 0xCFFC51FA;

static bool broken(struct err *e, const char *what)
{
	return err_system(e, "CFF: %s", what);
}

/* A charstring being written out. */
struct flat {
	const struct cff *c;
	const struct cff_font *font;
	struct buf *out;
	size_t start;                /* of this charstring in out */
	size_t at[CFF_OPERANDS_MAX]; /* where in `out` each operand on the stack begins */
	int v[CFF_OPERANDS_MAX];
	unsigned n, stems, calls;
	bool ended;
};

/* Copy one operand at *at to the output and the stack. */
static bool flat_operand(struct flat *s, struct view code, size_t *at, struct err *e)
{
	const unsigned char *p = code.p + *at;
	unsigned b = *p;
	size_t n = b == CS_SHORTINT ? 3 : b < 247 ? 1 : b < 255 ? 2 : 5;

	if (s->n == CFF_OPERANDS_MAX || !view_has(code, *at, n))
		return broken(e, "a charstring with a bad operand");
	s->at[s->n] = s->out->n;
	if (b == CS_SHORTINT)
		s->v[s->n++] = sfnt_i16(p + 1);
	else if (b < 255)
		s->v[s->n++] = cff_short_operand(p);
	else
		s->v[s->n++] = sfnt_i16(p + 1); /* 16.16: the whole part */
	buf_put(s->out, p, n);
	*at += n;
	return true;
}

/* Take the subroutine's number off stack and output; the code it names. */
static bool flat_call(struct flat *s, bool global, struct view *code, struct err *e)
{
	const struct cff_index *x = global ? &s->c->gsubrs : &s->font->subrs;
	int bias = x->count < 1240 ? 107 : x->count < 33900 ? 1131 : 32768; /* 5177 §4.7 */
	int64_t i;

	if (s->n == 0 || ++s->calls > CS_CALLS_MAX)
		return broken(e, "a charstring with a bad call");
	s->n--;
	s->out->n = s->at[s->n];
	i = (int64_t)s->v[s->n] + bias;
	if (i < 0)
		return broken(e, "a charstring with a bad call");
	return cff_index_item(x, (uint32_t)i, code, e);
}

static bool stem_operator(unsigned op)
{
	return op == CS_HSTEM || op == CS_VSTEM || op == CS_HSTEMHM || op == CS_VSTEMHM ||
	       op == CS_HINTMASK || op == CS_CNTRMASK;
}

/* Bytes of the operator at `at`, its mask included. */
static size_t operator_bytes(const struct flat *s, unsigned op)
{
	if (op == CS_HINTMASK || op == CS_CNTRMASK)
		return 1 + (s->stems + 7) / 8;
	return op == CS_ESCAPE ? 2 : 1;
}

/* Copy one operator that is no call; `code` at *at is the operator. */
static bool flat_operator(struct flat *s, struct view code, size_t *at, struct err *e)
{
	unsigned op = code.p[*at];
	size_t n;

	if ((cs_operators >> op & 1) == 0)
		return broken(e, "a charstring with an unknown operator");
	if (stem_operator(op))
		s->stems += s->n / 2; /* an odd operand is the width */
	if (s->stems > CS_STEMS_MAX)
		return broken(e, "a charstring with too many stems");
	n = operator_bytes(s, op);
	if (!view_has(code, *at, n))
		return broken(e, "a charstring is cut");
	if (op == CS_ESCAPE && (code.p[*at + 1] < CS_HFLEX || code.p[*at + 1] > CS_FLEX1))
		return broken(e, "a charstring with arithmetic");
	if (op == CS_ENDCHAR && s->n > 1) /* one operand is the width; four an accented letter */
		return broken(e, "a charstring that composes an accented letter");
	s->ended = op == CS_ENDCHAR;
	buf_put(s->out, code.p + *at, n);
	*at += n;
	s->n = 0;
	return true;
}

/* Write the charstring out; calls are followed with a stack of their own, no recursion. */
static bool flat_run(struct flat *s, struct view code, struct err *e)
{
	struct {
		struct view code;
		size_t at;
	} back[CS_DEPTH_MAX];
	unsigned depth = 0;
	size_t at = 0;

	while (!s->ended) {
		unsigned b = at < code.n ? code.p[at] : CS_RETURN;

		if (s->out->n - s->start > CS_BYTES_MAX)
			return broken(e, "a charstring longer than 65535 bytes");
		if (b >= 32 || b == CS_SHORTINT) {
			if (!flat_operand(s, code, &at, e))
				return false;
		} else if (b == CS_CALLSUBR || b == CS_CALLGSUBR) {
			if (depth == CS_DEPTH_MAX)
				return broken(e, "a charstring with calls too deep");
			back[depth].code = code;
			back[depth++].at = at + 1;
			if (!flat_call(s, b == CS_CALLGSUBR, &code, e))
				return false;
			at = 0;
		} else if (b == CS_RETURN) {
			if (depth == 0)
				return broken(e, "a charstring without end");
			code = back[--depth].code;
			at = back[depth].at;
		} else if (!flat_operator(s, code, &at, e)) {
			return false;
		}
	}
	return true;
}

bool cff_flatten(const struct cff *c, uint32_t gid, struct buf *out, struct err *e)
{
	struct flat s = { .c = c, .out = out, .start = out->n };
	struct view code;

	if (gid >= c->glyphs)
		return broken(e, "no such glyph");
	s.font = &c->fonts[c->font_of[gid]];
	return cff_index_item(&c->charstrings, gid, &code, e) && flat_run(&s, code, e) &&
	       buf_ok(out, "a charstring", e);
}

bool cff_widen(const struct cff *c, struct arena *a, const struct cff_width *w, struct cff_glyph *g,
	       struct err *e)
{
	const struct cff_font *font = &c->fonts[c->font_of[g->gid]];
	const unsigned char *p = (const unsigned char *)g->charstring.p;
	int64_t said = w->width - font->nominal_width;
	size_t skip = 0;
	unsigned char *to;

	if (w->room == 0)
		return true;
	/* A width that is not the default stands first in the charstring. */
	if (w->width - w->room != font->default_width)
		skip = p[0] == CS_SHORTINT ? 3 : p[0] == 255 ? 5 : p[0] >= 247 ? 2 : 1;
	if (skip > g->charstring.n || said < INT16_MIN || said > INT16_MAX)
		return broken(e, "a charstring without its width");
	to = arena_alloc(a, 3 + g->charstring.n - skip, e);
	if (to == NULL)
		return false;
	to[0] = CS_SHORTINT;
	sfnt_put16(to + 1, (unsigned)said & 0xFFFF);
	memcpy(to + 3, p + skip, g->charstring.n - skip);
	g->charstring = str_bytes((const char *)to, 3 + g->charstring.n - skip);
	return true;
}
