/* SPDX-License-Identifier: Apache-2.0 */
#include "font/cff_inner.h"

/* Operators and strings a program is written with (5176 §9, §18, appendix A). */
enum {
	STANDARD_STRINGS = 391, /* string numbers below are predefined */
	OP_BBOX = 5,
	OP_CHARSET = 15,
	OP_CHARSTRINGS = 17,
	OP_PRIVATE = 18,
	OP_ESCAPE = 12,
	OP_ROS = 30, /* behind the escape, as the next three */
	OP_CID_COUNT = 34,
	OP_FD_ARRAY = 36,
	OP_FD_SELECT = 37,
	OP_LONG = 29,
	LONG_BYTES = 5,                 /* an operand wide enough for any offset */
	FONT_DICT = 2 * LONG_BYTES + 1, /* length, offset, Private */
	TOP_DICT_MAX = 15 * LONG_BYTES,
	NAME_BYTES_MAX = 127,
};

/* Sizes and places of a program, known before a byte is written. */
struct plan {
	const struct cff *c;
	const struct cff_glyph *glyphs;
	size_t count;
	const int *bbox;
	int renumbered[CFF_FONTS_MAX]; /* new number of a font dictionary; −1 when not in use */
	unsigned fonts[CFF_FONTS_MAX]; /* old number of each in use, by first use */
	size_t font_count, ranges, outlines, offset_size, private_bytes;
	size_t charset, select, array, privates, charstrings; /* offsets */
};

static unsigned char *put_long(unsigned char *w, size_t v)
{
	*w = OP_LONG;
	sfnt_put32(w + 1, (uint32_t)v);
	return w + LONG_BYTES;
}

static unsigned char *put_escaped(unsigned char *w, unsigned op)
{
	w[0] = OP_ESCAPE;
	w[1] = (unsigned char)op;
	return w + 2;
}

/* Every operand is long, so that the length does not depend on the offsets. */
static size_t top_dict(const struct plan *p, unsigned char *top)
{
	unsigned char *w = top;

	w = put_long(w, STANDARD_STRINGS);     /* Adobe */
	w = put_long(w, STANDARD_STRINGS + 1); /* Identity */
	w = put_escaped(put_long(w, 0), OP_ROS);
	w = put_escaped(put_long(w, p->count), OP_CID_COUNT);
	for (int i = 0; i < 4; i++)
		w = put_long(w, (size_t)p->bbox[i]);
	*w++ = OP_BBOX;
	w = put_long(w, p->charset);
	*w++ = OP_CHARSET;
	w = put_long(w, p->charstrings);
	*w++ = OP_CHARSTRINGS;
	w = put_escaped(put_long(w, p->array), OP_FD_ARRAY);
	w = put_escaped(put_long(w, p->select), OP_FD_SELECT);
	return (size_t)(w - top);
}

static unsigned char font_at(const struct plan *p, size_t i)
{
	return (unsigned char)p->renumbered[p->c->font_of[p->glyphs[i].gid]];
}

/* Which font dictionaries are in use, how many FDSelect ranges and outline bytes there are. */
static bool survey(struct plan *p, struct err *e)
{
	for (size_t i = 0; i < CFF_FONTS_MAX; i++)
		p->renumbered[i] = -1;
	for (size_t i = 0; i < p->count; i++) {
		unsigned font;

		if (p->glyphs[i].gid >= p->c->glyphs)
			return err_system(e, "CFF: no such glyph");
		font = p->c->font_of[p->glyphs[i].gid];
		if (p->renumbered[font] < 0) {
			p->renumbered[font] = (int)p->font_count;
			p->fonts[p->font_count++] = font;
			p->private_bytes += p->c->fonts[font].private_dict.n;
		}
		p->ranges += i == 0 || font_at(p, i) != font_at(p, i - 1);
		p->outlines += p->glyphs[i].charstring.n;
	}
	if (p->outlines >= INT32_MAX)
		return err_system(e, "CFF: the program is too large");
	p->offset_size = p->outlines + 1 < 0x100       ? 1
			 : p->outlines + 1 < 0x10000   ? 2
			 : p->outlines + 1 < 0x1000000 ? 3
						       : 4;
	return true;
}

static void put_u8(struct buf *b, size_t v)
{
	buf_byte(b, (unsigned char)v);
}

static void put_u16(struct buf *b, size_t v)
{
	unsigned char t[2];

	sfnt_put16(t, (unsigned)v);
	buf_put(b, t, sizeof t);
}

/* An INDEX of one short object. */
static void put_one(struct buf *b, const void *p, size_t n)
{
	put_u16(b, 1);
	put_u8(b, 1);
	put_u8(b, 1);
	put_u8(b, n + 1);
	buf_put(b, p, n);
}

/* Header and the four INDEXes in front; the last is the empty one of global subroutines. */
static void put_front(const struct plan *p, struct str postscript, struct buf *b)
{
	static const unsigned char header[] = { 1, 0, 4, 4 };
	static const unsigned char strings[] = { 0, 2, 1, 1, 6, 14 };
	unsigned char top[TOP_DICT_MAX];

	buf_put(b, header, sizeof header);
	put_one(b, postscript.p, postscript.n);
	put_one(b, top, top_dict(p, top));
	buf_put(b, strings, sizeof strings);
	buf_c(b, "AdobeIdentity");
	put_u16(b, 0);
}

/* CID = glyph index: one range of format 2; with .notdef alone, no range at all. */
static void put_charset(const struct plan *p, struct buf *b)
{
	if (p->count == 1) {
		put_u8(b, 0);
		return;
	}
	put_u8(b, 2);
	put_u16(b, 1);
	put_u16(b, p->count - 2);
}

static void put_select(const struct plan *p, struct buf *b)
{
	put_u8(b, 3);
	put_u16(b, p->ranges);
	for (size_t i = 0; i < p->count; i++) {
		if (i > 0 && font_at(p, i) == font_at(p, i - 1))
			continue;
		put_u16(b, i);
		put_u8(b, font_at(p, i));
	}
	put_u16(b, p->count);
}

static void put_array(const struct plan *p, struct buf *b)
{
	size_t at = p->privates;

	put_u16(b, p->font_count);
	put_u8(b, 2);
	for (size_t i = 0; i <= p->font_count; i++)
		put_u16(b, 1 + i * FONT_DICT);
	for (size_t i = 0; i < p->font_count; i++) {
		size_t n = p->c->fonts[p->fonts[i]].private_dict.n;
		unsigned char d[FONT_DICT];

		*put_long(put_long(d, n), at) = OP_PRIVATE;
		buf_put(b, d, sizeof d);
		at += n;
	}
	for (size_t i = 0; i < p->font_count; i++) {
		struct view d = p->c->fonts[p->fonts[i]].private_dict;

		buf_put(b, d.p, d.n);
	}
}

static void put_charstrings(const struct plan *p, struct buf *b)
{
	size_t at = 1, size = p->offset_size, n = (p->count + 1) * size;
	char *w;

	put_u16(b, p->count);
	put_u8(b, size);
	w = buf_room(b, n);
	if (w == NULL)
		return;
	for (size_t i = 0; i <= p->count; i++) {
		for (size_t k = size; k > 0; k--)
			*w++ = (char)(unsigned char)(at >> 8 * (k - 1));
		if (i < p->count)
			at += p->glyphs[i].charstring.n;
	}
	b->n += n;
	for (size_t i = 0; i < p->count; i++)
		buf_str(b, p->glyphs[i].charstring);
}

bool cff_write(const struct cff_program *program, struct buf *out, struct err *e)
{
	struct plan p = { .c = program->font,
			  .glyphs = program->glyphs,
			  .count = program->count,
			  .bbox = program->bbox };
	struct str name = program->postscript;
	unsigned char top[TOP_DICT_MAX];

	if (p.count < 1 || p.count > UINT16_MAX || name.n < 1 || name.n > NAME_BYTES_MAX)
		return err_system(e, "CFF: a program of %zu glyphs", p.count);
	if (!survey(&p, e))
		return false;
	/* header 4, INDEXes: 5 + name, 5 + Top DICT, 19 strings, 2 global subroutines */
	p.charset = 4 + 5 + name.n + 5 + top_dict(&p, top) + 19 + 2;
	p.select = p.charset + (p.count == 1 ? 1 : 5);
	p.array = p.select + 3 + 3 * p.ranges + 2;
	p.privates = p.array + 3 + 2 * (p.font_count + 1) + FONT_DICT * p.font_count;
	p.charstrings = p.privates + p.private_bytes;
	put_front(&p, name, out);
	put_charset(&p, out);
	put_select(&p, out);
	put_array(&p, out);
	put_charstrings(&p, out);
	return buf_ok(out, "a font program", e);
}
