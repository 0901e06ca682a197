/* SPDX-License-Identifier: Apache-2.0 */
#include "font/cff_inner.h"

#include <stdlib.h>

/* Operators of DICT data; two-byte ones as 0x0C00 | second byte (5176 §9, §15, §18). */
enum {
	OP_CHARSTRINGS = 17,
	OP_PRIVATE = 18,
	OP_SUBRS = 19,
	OP_DEFAULT_WIDTH = 20,
	OP_NOMINAL_WIDTH = 21,
	OP_CHARSTRING_TYPE = 0x0C06,
	OP_FONT_MATRIX = 0x0C07,
	OP_ROS = 0x0C1E,
	OP_FD_ARRAY = 0x0C24,
	OP_FD_SELECT = 0x0C25,
};

static bool broken(struct err *e, const char *what)
{
	return err_system(e, "CFF: %s", what);
}

int cff_short_operand(const unsigned char *p)
{
	if (p[0] < 247)
		return (int)p[0] - 139;
	if (p[0] < 251)
		return ((int)p[0] - 247) * 256 + p[1] + 108;
	return -((int)p[0] - 251) * 256 - p[1] - 108;
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

bool cff_index_item(const struct cff_index *x, uint32_t i, struct view *out, struct err *e)
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
	int64_t v[CFF_OPERANDS_MAX];
	unsigned n;
	size_t from, to; /* bytes of operands and operator */
};

/* Move *at behind a real number: nibbles up to an F. */
static bool skip_real(struct view d, size_t *at)
{
	for (++*at; *at < d.n; ++*at)
		if ((d.p[*at] & 15) == 15 || d.p[*at] >> 4 == 15)
			return ++*at, true;
	return false;
}

/* Read one operand at *at.  False when it is cut or no operand. */
static bool dict_operand(struct view d, size_t *at, int64_t *v)
{
	const unsigned char *p = d.p + *at;
	size_t n = *p == 28 ? 3 : *p == 29 ? 5 : *p >= 247 ? 2 : 1;

	*v = 0;
	if (*p == 30)
		return skip_real(d, at);
	if (*p < 28 || *p == 31 || *p == 255 || !view_has(d, *at, n))
		return false;
	*at += n;
	if (*p == 28)
		*v = sfnt_i16(p + 1);
	else if (*p == 29)
		*v = (int32_t)sfnt_u32(p + 1);
	else
		*v = cff_short_operand(p);
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
			if (out->n == CFF_OPERANDS_MAX || !dict_operand(d, at, &out->v[out->n++]))
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

static bool top_item(const struct cff *c, const struct dict_item *i, struct top *t, struct err *e)
{
	switch (i->op) {
	case OP_ROS:
		t->ros = true;
		return true;
	case OP_CHARSTRINGS:
		return place(c, i, &t->charstrings, e);
	case OP_FD_ARRAY:
		return place(c, i, &t->fd_array, e);
	case OP_FD_SELECT:
		return place(c, i, &t->fd_select, e);
	case OP_FONT_MATRIX:
		return broken(e, "its own FontMatrix is not taken");
	case OP_CHARSTRING_TYPE:
		return (i->n == 1 && i->v[0] == 2) || broken(e, "charstrings not of type 2");
	default: /* names, boxes, what Hufu does not need */
		return true;
	}
}

static bool top_read(const struct cff *c, struct view dict, struct top *t, struct err *e)
{
	struct dict_item i;
	size_t at = 0;
	bool more;

	for (;;) {
		if (!dict_next(dict, &at, &i, &more, e))
			return false;
		if (!more)
			break;
		if (!top_item(c, &i, t, e))
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
		if (i.op == OP_DEFAULT_WIDTH && i.n == 1)
			f->default_width = i.v[0];
		if (i.op == OP_NOMINAL_WIDTH && i.n == 1)
			f->nominal_width = i.v[0];
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

		if (!cff_index_item(&array, i, &dict, e) ||
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
	if (!view_has(s, 0, 1))
		return broken(e, "FDSelect is cut");
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
	struct view dict = { NULL, 0 };
	size_t at;

	if (!view_has(c->table, 0, 4) || c->table.p[0] != 1)
		return broken(e, "not version 1");
	at = c->table.p[2];
	if (!index_read(c->table, &at, &names, e) || !index_read(c->table, &at, &tops, e) ||
	    !index_read(c->table, &at, &strings, e) || !index_read(c->table, &at, &c->gsubrs, e) ||
	    !cff_index_item(&tops, 0, &dict, e) || !top_read(c, dict, &top, e))
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
