/* SPDX-License-Identifier: Apache-2.0 */
#include "font/glyf.h"

enum {
	HEAD_BYTES = 54,
	HHEA_BYTES = 36,
	MAXP_BYTES = 32, /* version 1.0 */
	GLYPH_HEAD = 10, /* contours, bounding box */
	POINTS_MAX = 65535,
};

/* Flags of a simple glyph's point. */
enum { X_SHORT = 2, Y_SHORT = 4, REPEAT = 8, X_SAME = 16, Y_SAME = 32 };

/* Flags of a component. */
enum {
	ARGS_ARE_WORDS = 1,
	HAS_SCALE = 8,
	MORE_COMPONENTS = 0x20,
	HAS_XY_SCALE = 0x40,
	HAS_MATRIX = 0x80,
	HAS_INSTRUCTIONS = 0x100,
};

static bool broken(struct err *e, const char *what)
{
	return err_system(e, "glyf: %s", what);
}

bool glyf_open(const struct sfnt *font, struct glyf *out, struct err *e)
{
	struct glyf g = {
		.glyf = sfnt_table(font, "glyf"),
		.loca = sfnt_table(font, "loca"),
		.hmtx = sfnt_table(font, "hmtx"),
		.head = sfnt_table(font, "head"),
		.hhea = sfnt_table(font, "hhea"),
		.maxp = sfnt_table(font, "maxp"),
	};
	int format;

	if (g.glyf.p == NULL || g.head.n < HEAD_BYTES || g.hhea.n < HHEA_BYTES ||
	    g.maxp.n < MAXP_BYTES)
		return broken(e, "a table is missing or cut");
	g.glyphs = sfnt_u16(g.maxp.p + 4);
	g.long_metrics = sfnt_u16(g.hhea.p + 34);
	format = sfnt_i16(g.head.p + 50);
	g.long_offsets = format == 1;
	if (g.glyphs == 0 || format < 0 || format > 1 ||
	    g.loca.n < (g.glyphs + 1) * (g.long_offsets ? 4u : 2u))
		return broken(e, "loca does not fit the number of glyphs");
	if (g.long_metrics == 0 || g.long_metrics > g.glyphs ||
	    g.hmtx.n < 4 * (size_t)g.long_metrics + 2 * (g.glyphs - g.long_metrics))
		return broken(e, "hmtx does not fit the number of glyphs");
	*out = g;
	return true;
}

/* The bytes loca gives a glyph. */
static bool description(const struct glyf *g, uint32_t gid, struct view *out, struct err *e)
{
	size_t from, to;

	if (gid >= g->glyphs)
		return broken(e, "no such glyph");
	if (g->long_offsets) {
		from = sfnt_u32(g->loca.p + 4 * (size_t)gid);
		to = sfnt_u32(g->loca.p + 4 * (size_t)gid + 4);
	} else {
		from = 2 * (size_t)sfnt_u16(g->loca.p + 2 * (size_t)gid);
		to = 2 * (size_t)sfnt_u16(g->loca.p + 2 * (size_t)gid + 2);
	}
	if (to < from || !view_has(g->glyf, from, to - from))
		return broken(e, "a glyph outside the table");
	*out = view_part(g->glyf, from, to - from);
	return true;
}

/* Length of flags and coordinates of `points` points that start at `at`. */
static bool points_length(struct view d, size_t at, size_t points, size_t *length, struct err *e)
{
	size_t from = at, coordinates = 0;

	while (points > 0) {
		unsigned flag, times = 1;

		if (!view_has(d, at, 2))
			return broken(e, "a glyph is cut");
		flag = d.p[at++];
		if (flag & REPEAT)
			times += d.p[at++];
		if (times > points)
			return broken(e, "a glyph with too many flags");
		coordinates += times * (flag & X_SHORT ? 1u : flag & X_SAME ? 0u : 2u);
		coordinates += times * (flag & Y_SHORT ? 1u : flag & Y_SAME ? 0u : 2u);
		points -= times;
	}
	if (!view_has(d, at, coordinates))
		return broken(e, "a glyph is cut");
	*length = at - from + coordinates;
	return true;
}

static bool strip_simple(struct view d, unsigned contours, struct buf *out, struct err *e)
{
	size_t ends = GLYPH_HEAD, instructions = ends + 2 * (size_t)contours, at, length = 0;
	long last = -1;

	if (!view_has(d, instructions, 2))
		return broken(e, "a glyph is cut");
	for (unsigned i = 0; i < contours; i++) {
		long end = (long)sfnt_u16(d.p + ends + 2 * (size_t)i);

		if (end <= last || end >= POINTS_MAX)
			return broken(e, "a glyph whose contours do not grow");
		last = end;
	}
	at = instructions + 2 + sfnt_u16(d.p + instructions);
	if (!points_length(d, at, (size_t)(last + 1), &length, e))
		return false;
	buf_put(out, d.p, instructions);
	buf_put(out, "\0\0", 2); /* no instructions */
	buf_put(out, d.p + at, length);
	return true;
}

/* Length of a component record, from its flags. */
static size_t component_length(unsigned flags)
{
	return 4u + (flags & ARGS_ARE_WORDS ? 4u : 2u) +
	       (flags & HAS_SCALE      ? 2u
		: flags & HAS_XY_SCALE ? 4u
		: flags & HAS_MATRIX   ? 8u
				       : 0u);
}

static bool strip_composite(const struct glyf *g, struct view d, struct buf *out, struct err *e)
{
	size_t at = GLYPH_HEAD;
	unsigned flags;

	buf_put(out, d.p, GLYPH_HEAD);
	do {
		unsigned char head[2];
		size_t n;

		if (!view_has(d, at, 4))
			return broken(e, "a composite glyph is cut");
		flags = sfnt_u16(d.p + at);
		n = component_length(flags);
		if (!view_has(d, at, n) || sfnt_u16(d.p + at + 2) >= g->glyphs)
			return broken(e, "a composite glyph is cut");
		sfnt_put16(head, flags & ~(unsigned)HAS_INSTRUCTIONS);
		buf_put(out, head, 2);
		buf_put(out, d.p + at + 2, n - 2);
		at += n;
	} while (flags & MORE_COMPONENTS);
	return true;
}

bool glyf_strip(const struct glyf *g, uint32_t gid, struct buf *out, struct err *e)
{
	struct view d = { NULL, 0 };
	int contours;

	if (!description(g, gid, &d, e))
		return false;
	if (d.n == 0)
		return true;
	if (d.n < GLYPH_HEAD)
		return broken(e, "a glyph is cut");
	contours = sfnt_i16(d.p);
	if (contours == 0)
		return true;
	if (!(contours > 0 ? strip_simple(d, (unsigned)contours, out, e)
			   : strip_composite(g, d, out, e)))
		return false;
	return buf_ok(out, "a glyph", e);
}

bool glyf_component(struct str stripped, size_t *at, size_t *glyph_at)
{
	struct view d = { (const unsigned char *)stripped.p, stripped.n };

	if (d.n < GLYPH_HEAD || sfnt_i16(d.p) >= 0)
		return false;
	if (*at == 0)
		*at = GLYPH_HEAD;
	if (!view_has(d, *at, 4))
		return false;
	*glyph_at = *at + 2;
	*at += component_length(sfnt_u16(d.p + *at));
	return true;
}

static void put_u32(struct buf *b, uint32_t v)
{
	unsigned char t[4];

	sfnt_put32(t, v);
	buf_put(b, t, sizeof t);
}

/* One table: written at the end of the font, its record filled in. */
struct writer {
	struct buf *out;
	size_t start;          /* of the font in out */
	size_t at;             /* of the table being written */
	unsigned char *record; /* of the directory; 16 bytes a table */
};

static void table_begin(struct writer *w)
{
	buf_put(w->out, "\0\0\0", (0 - (w->out->n - w->start)) % 4);
	w->at = w->out->n;
}

static void table_end(struct writer *w, const char *tag)
{
	size_t n = w->out->n - w->at;

	if (w->out->failed)
		return;
	memcpy(w->record, tag, 4);
	sfnt_put32(w->record + 4, sfnt_checksum((const unsigned char *)w->out->p + w->at, n));
	sfnt_put32(w->record + 8, (uint32_t)(w->at - w->start));
	sfnt_put32(w->record + 12, (uint32_t)n);
	w->record += 16;
}

/* One outline at an even offset, its components renumbered. */
static void put_outline(const struct glyf_program *p, struct str outline, struct buf *out)
{
	size_t from = out->n, at = 0, glyph_at;

	buf_str(out, outline);
	if (outline.n % 2 != 0)
		buf_byte(out, 0);
	if (out->failed)
		return;
	while (glyf_component(outline, &at, &glyph_at)) {
		unsigned gid = sfnt_u16((const unsigned char *)outline.p + glyph_at);

		sfnt_put16((unsigned char *)out->p + from + glyph_at, p->renumber(p->self, gid));
	}
}

static size_t outline_room(struct str outline)
{
	return outline.n + outline.n % 2;
}

static void put_loca(const struct glyf_program *p, bool long_offsets, struct buf *out)
{
	size_t at = 0;

	for (size_t i = 0; i <= p->count; i++) {
		unsigned char t[2];

		sfnt_put16(t, (unsigned)(at / 2));
		if (long_offsets)
			put_u32(out, (uint32_t)at);
		else
			buf_put(out, t, sizeof t);
		if (i < p->count)
			at += outline_room(p->glyphs[i].outline);
	}
}

static void put_advance(const struct glyf_program *p, size_t i, uint32_t metric, struct buf *out)
{
	unsigned units = sfnt_u16(p->font->head.p + 18); /* an em */
	long more = (long)p->glyphs[i].room * (long)units / 1000;
	unsigned char t[2];

	sfnt_put16(t, sfnt_u16(p->font->hmtx.p + 4 * (size_t)metric) + (unsigned)more);
	buf_put(out, t, sizeof t);
}

/* Every glyph with its advance: a few bytes more than sharing the last one, and simple. */
static void put_hmtx(const struct glyf_program *p, struct buf *out)
{
	const struct glyf *f = p->font;

	for (size_t i = 0; i < p->count; i++) {
		uint32_t gid = p->glyphs[i].gid, last = f->long_metrics - 1;

		put_advance(p, i, gid <= last ? gid : last, out);
		if (gid <= last) {
			buf_put(out, f->hmtx.p + 4 * (size_t)gid + 2, 2);
			continue;
		}
		buf_put(out, f->hmtx.p + 4 * (size_t)f->long_metrics + 2 * (size_t)(gid - last - 1),
			2);
	}
}

static void put_head(const struct glyf *f, bool long_offsets, struct buf *out)
{
	unsigned char t[HEAD_BYTES];

	memcpy(t, f->head.p, sizeof t);
	sfnt_put32(t + 8, 0); /* checkSumAdjustment, set when all else stands */
	sfnt_put16(t + 50, long_offsets);
	buf_put(out, t, sizeof t);
}

static void put_hhea(const struct glyf *f, size_t count, struct buf *out)
{
	unsigned char t[HHEA_BYTES];

	memcpy(t, f->hhea.p, sizeof t);
	sfnt_put16(t + 34, (unsigned)count);
	buf_put(out, t, sizeof t);
}

static void put_maxp(const struct glyf *f, size_t count, struct buf *out)
{
	unsigned char t[MAXP_BYTES];

	memcpy(t, f->maxp.p, sizeof t);
	sfnt_put16(t + 4, (unsigned)count);
	memset(t + 16, 0, 12); /* twilight points … size of instructions: there are none */
	buf_put(out, t, sizeof t);
}

bool glyf_write(const struct glyf_program *p, struct buf *out, struct err *e)
{
	/* searchRange, entrySelector, rangeShift of six tables */
	static const unsigned char top[] = { 0, 1, 0, 0, 0, 6, 0, 64, 0, 2, 0, 32 };
	unsigned char records[6 * 16] = { 0 };
	struct writer w = { .out = out, .start = out->n, .record = records };
	size_t outlines = 0, head;
	bool long_offsets;

	for (size_t i = 0; i < p->count; i++) {
		if (p->glyphs[i].gid >= p->font->glyphs)
			return broken(e, "no such glyph");
		outlines += outline_room(p->glyphs[i].outline);
	}
	if (p->count < 1 || p->count > UINT16_MAX || outlines >= INT32_MAX)
		return broken(e, "a program too large");
	long_offsets = outlines > 2 * (size_t)UINT16_MAX;
	buf_put(out, top, sizeof top);
	buf_put(out, records, sizeof records);
	table_begin(&w);
	for (size_t i = 0; i < p->count; i++)
		put_outline(p, p->glyphs[i].outline, out);
	table_end(&w, "glyf");
	table_begin(&w);
	head = out->n;
	put_head(p->font, long_offsets, out);
	table_end(&w, "head");
	table_begin(&w);
	put_hhea(p->font, p->count, out);
	table_end(&w, "hhea");
	table_begin(&w);
	put_hmtx(p, out);
	table_end(&w, "hmtx");
	table_begin(&w);
	put_loca(p, long_offsets, out);
	table_end(&w, "loca");
	table_begin(&w);
	put_maxp(p->font, p->count, out);
	table_end(&w, "maxp");
	if (!buf_ok(out, "a font program", e))
		return false;
	memcpy(out->p + w.start + sizeof top, records, sizeof records);
	sfnt_put32((unsigned char *)out->p + head + 8,
		   0xB1B0AFBAu - sfnt_checksum((const unsigned char *)out->p + w.start,
					       out->n - w.start));
	return true;
}
