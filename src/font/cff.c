/* SPDX-License-Identifier: Apache-2.0 */
#include "font/cff_inner.h"

#include <stdlib.h>

/* Operators of DICT data; two-byte ones as 0x0C00 | second byte (5176 §9, §15, §18). */
enum {
	OP_CHARSTRINGS = 17,
	OP_PRIVATE = 18,
	OP_SUBRS = 19,
	OP_CHARSTRING_TYPE = 0x0C06,
	OP_FONT_MATRIX = 0x0C07,
	OP_ROS = 0x0C1E,
	OP_FD_ARRAY = 0x0C24,
	OP_FD_SELECT = 0x0C25,
};

enum { OPERANDS_MAX = 48 }; /* 5176 §4; 5177 appendix B */

static bool broken(struct err *e, const char *what)
{
	return err_system(e, "CFF: %s", what);
}

static uint32_t offset_at(const struct cff_index *x, uint32_t i)
{
	const unsigned char *p = x->offsets.p + (size_t)i * x->size;
	uint32_t v = 0;

	for (unsigned k = 0; k < x->size; k++)
		v = v << 8 | p[k];
	return v;
}

/* Read the INDEX at *at and move *at behind it. */
static bool index_read(struct view t, size_t *at, struct cff_index *x, struct err *e)
{
	uint32_t length;

	*x = (struct cff_index){ 0 };
	if (!view_has(t, *at, 2))
		return broken(e, "an INDEX is cut");
	x->count = sfnt_u16(t.p + *at);
	*at += 2;
	if (x->count == 0)
		return true;
	if (!view_has(t, *at, 1))
		return broken(e, "an INDEX is cut");
	x->size = t.p[*at];
	if (x->size < 1 || x->size > 4)
		return broken(e, "an INDEX with a bad offset size");
	x->offsets = view_part(t, *at + 1, ((size_t)x->count + 1) * x->size);
	if (x->offsets.p == NULL)
		return broken(e, "an INDEX is cut");
	length = offset_at(x, x->count);
	*at += 1 + x->offsets.n;
	if (length < 1 || !view_has(t, *at, length - 1))
		return broken(e, "an INDEX is cut");
	x->data = view_part(t, *at, length - 1);
	*at += length - 1;
	return true;
}

static bool index_item(const struct cff_index *x, uint32_t i, struct view *out, struct err *e)
{
	uint32_t from, to;

	if (i >= x->count)
		return broken(e, "a number past the end of an INDEX");
	from = offset_at(x, i);
	to = offset_at(x, i + 1);
	if (from < 1 || to < from || !view_has(x->data, from - 1, to - from))
		return broken(e, "an INDEX whose offsets do not grow");
	*out = view_part(x->data, from - 1, to - from);
	return true;
}

/* One operator of a DICT with its operands.  Reals count as 0: no operator read here takes one. */
struct dict_item {
	int op;
	int64_t v[OPERANDS_MAX];
	unsigned n;
	size_t from, to; /* bytes of operands and operator */
};

/* Read one operand at *at.  False when it is cut or no operand. */
static bool dict_operand(struct view d, size_t *at, int64_t *v)
{
	unsigned b = d.p[*at];
	size_t n = b == 28 ? 3 : b == 29 ? 5 : b >= 247 ? 2 : 1;
	const unsigned char *p = d.p + *at;

	if (b == 30) { /* real: nibbles up to an F */
		*v = 0;
		for (++*at; *at < d.n; ++*at)
			if ((d.p[*at] & 15) == 15 || d.p[*at] >> 4 == 15)
				return ++*at, true;
		return false;
	}
	if (b < 28 || b == 31 || b == 255 || !view_has(d, *at, n))
		return false;
	*at += n;
	if (b == 28)
		*v = sfnt_i16(p + 1);
	else if (b == 29)
		*v = (int32_t)sfnt_u32(p + 1);
	else if (b < 247)
		*v = (int)b - 139;
	else if (b < 251)
		*v = ((int)b - 247) * 256 + p[1] + 108;
	else
		*v = -((int)b - 251) * 256 - p[1] - 108;
	return true;
}

/* The next operator at *at; *more is false at the end. */
static bool dict_next(struct view d, size_t *at, struct dict_item *out, bool *more, struct err *e)
{
	out->n = 0;
	out->from = *at;
	*more = *at < d.n;
	while (*at < d.n) {
		unsigned b = d.p[*at];

		if (b > 21) {
			if (out->n == OPERANDS_MAX || !dict_operand(d, at, &out->v[out->n++]))
				return broken(e, "a DICT with a bad operand");
			continue;
		}
		if (b == 12 && !view_has(d, *at, 2))
			break;
		out->op = b == 12 ? 0x0C00 | d.p[*at + 1] : (int)b;
		*at += b == 12 ? 2 : 1;
		out->to = *at;
		return true;
	}
	return !*more || broken(e, "a DICT that ends in an operand");
}

/* What Top DICT says: places in the table. */
struct top {
	size_t charstrings, fd_array, fd_select;
	bool ros;
};

static bool place(const struct cff *c, const struct dict_item *i, size_t *out, struct err *e)
{
	if (i->n != 1 || i->v[0] <= 0 || (uint64_t)i->v[0] >= c->table.n)
		return broken(e, "an offset outside the table");
	*out = (size_t)i->v[0];
	return true;
}

static bool top_read(const struct cff *c, struct view dict, struct top *t, struct err *e)
{
	struct dict_item i;
	size_t at = 0;
	bool more;

	for (;;) {
		bool ok = true;

		if (!dict_next(dict, &at, &i, &more, e))
			return false;
		if (!more)
			break;
		if (i.op == OP_ROS)
			t->ros = true;
		else if (i.op == OP_CHARSTRINGS)
			ok = place(c, &i, &t->charstrings, e);
		else if (i.op == OP_FD_ARRAY)
			ok = place(c, &i, &t->fd_array, e);
		else if (i.op == OP_FD_SELECT)
			ok = place(c, &i, &t->fd_select, e);
		else if (i.op == OP_FONT_MATRIX ||
			 (i.op == OP_CHARSTRING_TYPE && (i.n != 1 || i.v[0] != 2)))
			ok = broken(e, "its own FontMatrix or charstring type is not taken");
		if (!ok)
			return false;
	}
	if (!t->ros || t->charstrings == 0 || t->fd_array == 0 || t->fd_select == 0)
		return broken(e, "not a CID-keyed font");
	return true;
}

/* Copy a Private DICT without Subrs to *copy and open the subroutines it names (relative to the DICT, 5176 §16). */
static bool private_read(const struct cff *c, size_t start, size_t length, struct cff_font *f,
			 unsigned char **copy, struct err *e)
{
	struct view dict = view_part(c->table, start, length);
	struct dict_item i;
	size_t at = 0, subrs;
	unsigned char *w = *copy;
	bool more;

	if (dict.p == NULL)
		return broken(e, "a Private DICT outside the table");
	for (;;) {
		if (!dict_next(dict, &at, &i, &more, e))
			return false;
		if (!more)
			break;
		if (i.op != OP_SUBRS) {
			memcpy(w, dict.p + i.from, i.to - i.from);
			w += i.to - i.from;
			continue;
		}
		if (i.n != 1 || i.v[0] < 0 || (uint64_t)i.v[0] > c->table.n - start)
			return broken(e, "subroutines outside the table");
		subrs = start + (size_t)i.v[0];
		if (!index_read(c->table, &subrs, &f->subrs, e))
			return false;
	}
	f->private_dict = (struct view){ *copy, (size_t)(w - *copy) };
	*copy = w;
	return true;
}

/* Place and length of the Private DICT a font dictionary names. */
static bool font_read(const struct cff *c, struct view dict, size_t *start, size_t *length,
		      struct err *e)
{
	struct dict_item i;
	size_t at = 0;
	bool more, found = false;

	for (;;) {
		if (!dict_next(dict, &at, &i, &more, e))
			return false;
		if (!more)
			break;
		if (i.op == OP_FONT_MATRIX)
			return broken(e, "its own FontMatrix is not taken");
		if (i.op != OP_PRIVATE)
			continue;
		found = i.n == 2 && i.v[0] >= 0 && i.v[1] >= 0 &&
			view_has(c->table, (size_t)i.v[1], (size_t)i.v[0]);
		*length = found ? (size_t)i.v[0] : 0;
		*start = found ? (size_t)i.v[1] : 0;
	}
	return found || broken(e, "a font dictionary without Private DICT");
}

static bool fonts_read(struct cff *c, size_t at, struct err *e)
{
	size_t start[CFF_FONTS_MAX], length[CFF_FONTS_MAX], total = 1;
	struct cff_index array;
	unsigned char *copy;

	if (!index_read(c->table, &at, &array, e))
		return false;
	if (array.count < 1 || array.count > CFF_FONTS_MAX)
		return broken(e, "not 1 to 256 font dictionaries");
	c->font_count = array.count;
	for (uint32_t i = 0; i < array.count; i++) {
		struct view dict;

		if (!index_item(&array, i, &dict, e) ||
		    !font_read(c, dict, &start[i], &length[i], e))
			return false;
		total += length[i];
	}
	copy = c->privates = malloc(total);
	if (copy == NULL)
		return err_memory(e, "a font");
	for (uint32_t i = 0; i < array.count; i++)
		if (!private_read(c, start[i], length[i], &c->fonts[i], &copy, e))
			return false;
	return true;
}

/* FDSelect format 3 (5176 §19): ranges that cover every glyph. */
static bool ranges_read(struct cff *c, struct view s, struct err *e)
{
	unsigned count;

	if (!view_has(s, 0, 3) || !view_has(s, 3, 3 * (size_t)sfnt_u16(s.p + 1) + 2))
		return broken(e, "FDSelect is cut");
	count = sfnt_u16(s.p + 1);
	if (count == 0 || sfnt_u16(s.p + 3) != 0 ||
	    sfnt_u16(s.p + 3 + 3 * (size_t)count) != c->glyphs)
		return broken(e, "FDSelect does not cover the glyphs");
	for (unsigned i = 0; i < count; i++) {
		const unsigned char *r = s.p + 3 + 3 * (size_t)i;
		unsigned from = sfnt_u16(r), to = sfnt_u16(r + 3);

		if (from >= to || to > c->glyphs)
			return broken(e, "FDSelect ranges do not grow");
		memset(c->font_of + from, r[2], to - from);
	}
	return true;
}

static bool select_read(struct cff *c, size_t at, struct err *e)
{
	struct view s = view_part(c->table, at, c->table.n - at);

	c->font_of = malloc(c->glyphs);
	if (c->font_of == NULL)
		return err_memory(e, "a font");
	if (s.p[0] == 0) {
		if (!view_has(s, 1, c->glyphs))
			return broken(e, "FDSelect is cut");
		memcpy(c->font_of, s.p + 1, c->glyphs);
	} else if (s.p[0] != 3) {
		return broken(e, "FDSelect of an unknown format");
	} else if (!ranges_read(c, s, e)) {
		return false;
	}
	for (uint32_t g = 0; g < c->glyphs; g++)
		if (c->font_of[g] >= c->font_count)
			return broken(e, "FDSelect names a font dictionary that is not there");
	return true;
}

static bool parse(struct cff *c, struct err *e)
{
	struct cff_index names, tops, strings;
	struct top top = { 0 };
	struct view dict;
	size_t at;

	if (!view_has(c->table, 0, 4) || c->table.p[0] != 1)
		return broken(e, "not version 1");
	at = c->table.p[2];
	if (!index_read(c->table, &at, &names, e) || !index_read(c->table, &at, &tops, e) ||
	    !index_read(c->table, &at, &strings, e) || !index_read(c->table, &at, &c->gsubrs, e) ||
	    !index_item(&tops, 0, &dict, e) || !top_read(c, dict, &top, e))
		return false;
	at = top.charstrings;
	if (!index_read(c->table, &at, &c->charstrings, e))
		return false;
	if (c->charstrings.count != c->glyphs || c->glyphs == 0)
		return broken(e, "another number of charstrings than of glyphs");
	return fonts_read(c, top.fd_array, e) && select_read(c, top.fd_select, e);
}

bool cff_open(struct view table, uint32_t glyphs, struct cff **out, struct err *e)
{
	struct cff *c = calloc(1, sizeof *c);

	if (c == NULL)
		return err_memory(e, "a font");
	c->table = table;
	c->glyphs = glyphs;
	if (!parse(c, e)) {
		cff_free(c);
		return false;
	}
	*out = c;
	return true;
}

void cff_free(struct cff *c)
{
	if (c == NULL)
		return;
	free(c->font_of);
	free(c->privates);
	free(c);
}

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

/* A charstring being written out. */
struct flat {
	const struct cff *c;
	const struct cff_font *font;
	struct buf *out;
	size_t start;            /* of this charstring in out */
	size_t at[OPERANDS_MAX]; /* where in `out` each operand on the stack begins */
	int v[OPERANDS_MAX];
	unsigned n, stems, calls;
	bool ended;
};

/* Copy one operand at *at to the output and the stack. */
static bool flat_operand(struct flat *s, struct view code, size_t *at, struct err *e)
{
	const unsigned char *p = code.p + *at;
	unsigned b = *p;
	size_t n = b == CS_SHORTINT ? 3 : b < 247 ? 1 : b < 255 ? 2 : 5;

	if (s->n == OPERANDS_MAX || !view_has(code, *at, n))
		return broken(e, "a charstring with a bad operand");
	s->at[s->n] = s->out->n;
	if (b == CS_SHORTINT)
		s->v[s->n++] = sfnt_i16(p + 1);
	else if (b < 247)
		s->v[s->n++] = (int)b - 139;
	else if (b < 251)
		s->v[s->n++] = ((int)b - 247) * 256 + p[1] + 108;
	else if (b < 255)
		s->v[s->n++] = -((int)b - 251) * 256 - p[1] - 108;
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
	return index_item(x, (uint32_t)i, code, e);
}

/* Copy one operator that is no call; `code` at *at is the operator. */
static bool flat_operator(struct flat *s, struct view code, size_t *at, struct err *e)
{
	unsigned op = code.p[*at];
	size_t n = 1;

	if ((cs_operators >> op & 1) == 0)
		return broken(e, "a charstring with an unknown operator");
	if (op == CS_HSTEM || op == CS_VSTEM || op == CS_HSTEMHM || op == CS_VSTEMHM ||
	    op == CS_HINTMASK || op == CS_CNTRMASK)
		s->stems += s->n / 2; /* an odd operand is the width */
	if (s->stems > CS_STEMS_MAX)
		return broken(e, "a charstring with too many stems");
	if (op == CS_HINTMASK || op == CS_CNTRMASK)
		n += (s->stems + 7) / 8;
	if (op == CS_ESCAPE)
		n = 2;
	if (!view_has(code, *at, n))
		return broken(e, "a charstring is cut");
	if (op == CS_ESCAPE && (code.p[*at + 1] < CS_HFLEX || code.p[*at + 1] > CS_FLEX1))
		return broken(e, "a charstring with arithmetic");
	if (op == CS_ENDCHAR &&
	    s->n > 1) /* one operand is the width; four or five an accented letter */
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
	return index_item(&c->charstrings, gid, &code, e) && flat_run(&s, code, e) &&
	       buf_ok(out, "a charstring", e);
}
