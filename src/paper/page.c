/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/page.h"

#include <math.h>

#include "paper/num.h"

/* Distance of a Bézier control point that turns a quarter circle: (4/3)(√2 − 1). */
static const double QUARTER = 0.5522847498;

void page_fail(struct paper *p, const char *what)
{
	struct err e = { 0 };

	err_system(&e, "%s", what);
	objects_fail(&p->objects, &e);
}

static struct buf *content(struct paper *p)
{
	return &p->layer[p->on];
}

static double x_pt(double mm)
{
	return mm * PT_PER_MM;
}

static double y_pt(const struct paper *p, double mm)
{
	return p->height - mm * PT_PER_MM;
}

static void number(struct buf *b, double v)
{
	num_put(b, v);
	buf_byte(b, ' ');
}

void page_ink(struct buf *b, struct paper_ink c, bool stroke)
{
	number(b, c.r / 255.0);
	if (c.gray) {
		buf_c(b, stroke ? "G\n" : "g\n");
		return;
	}
	number(b, c.g / 255.0);
	number(b, c.b / 255.0);
	buf_c(b, stroke ? "RG\n" : "rg\n");
}

/* ---- marked content (ISO 32000-1 §14.6, §14.7.4) ---- */

static void mark_end(struct paper *p)
{
	if (p->marked)
		buf_c(content(p), "EMC\n");
	p->marked = false;
}

/* Everything drawn is either an artifact or a numbered sequence of the open element. */
static void mark_begin(struct paper *p)
{
	struct buf *b = content(p);

	if (p->page_count == 0) {
		page_fail(p, "drawing before the first page");
		return;
	}
	if (p->marked)
		return;
	p->marked = true;
	if (p->artifact) {
		buf_c(b, "/Artifact BMC\n");
		return;
	}
	if (!tree_mark(&p->tree, p->page_count - 1, p->mcid)) {
		page_fail(p, "too many marked sequences on a document");
		return;
	}
	buf_byte(b, '/');
	buf_c(b, tree_tag(p->tree.nodes[p->tree.open].role));
	buf_c(b, " <</MCID ");
	num_int(b, p->mcid++);
	buf_c(b, ">> BDC\n");
}

void paper_layer(struct paper *p, enum paper_layer layer)
{
	mark_end(p);
	p->on = layer;
}

void paper_open(struct paper *p, const struct paper_element *el)
{
	struct tree_node n = { .role = el->role };

	mark_end(p);
	if (p->artifact) {
		page_fail(p, "an artifact cannot hold elements");
		return;
	}
	if (el->role == PAPER_ARTIFACT) {
		p->artifact = true;
		return;
	}
	n.lang = objects_keep(&p->objects, el->lang);
	n.alt = objects_keep(&p->objects, el->alt);
	n.actual = objects_keep(&p->objects, el->actual);
	n.has_box = el->role == PAPER_FIGURE || el->role == PAPER_FORM;
	n.numbering = el->numbering;
	n.box[0] = x_pt(el->box.left);
	n.box[1] = y_pt(p, el->box.bottom);
	n.box[2] = x_pt(el->box.right);
	n.box[3] = y_pt(p, el->box.top);
	if (!tree_open(&p->tree, &n))
		page_fail(p, "too many elements on a document");
}

void paper_close(struct paper *p)
{
	mark_end(p);
	if (p->artifact)
		p->artifact = false;
	else if (!tree_close(&p->tree))
		page_fail(p, "an element is closed that was not opened");
}

/* ---- pages ---- */

void page_finish(struct paper *p)
{
	struct objects *o = &p->objects;
	struct str all;
	struct object *stream;
	struct buf *b;
	struct err e = { 0 };

	mark_end(p);
	if (p->page_count == 0)
		return;
	for (int i = 1; i < PAPER_LAYERS; i++)
		buf_str(&p->layer[0], buf_view(&p->layer[i]));
	if (!buf_ok(&p->layer[0], "a page", &e)) {
		objects_fail(o, &e);
		return;
	}
	sha256_add(p->id, p->layer[0].p, p->layer[0].n);
	b = objects_begin(o);
	deflate_put(p->fast, b, buf_view(&p->layer[0]));
	if (!buf_ok(b, "a page", &e))
		objects_fail(o, &e);
	all = objects_keep(o, buf_view(b));
	stream = objects_stream(o, all);
	stream->text = STR("/Filter /FlateDecode\n");

	b = objects_begin(o);
	buf_c(b, "/Type /Page\n/MediaBox [0 0 ");
	number(b, p->width);
	num_put(b, p->height);
	buf_c(b, "]\n/Resources ");
	buf_uint(b, p->resources->number);
	buf_c(b, " 0 R\n/Contents ");
	buf_uint(b, stream->number);
	buf_c(b, " 0 R\n/StructParents ");
	num_int(b, p->page_count - 1);
	buf_c(b, "\n/Tabs /S\n");
	field_annotations(b, &p->fields, p->page_count - 1);
	objects_end(o, p->page[p->page_count - 1]);
}

void paper_page(struct paper *p, double width_mm, double height_mm)
{
	page_finish(p);
	for (int i = 0; i < PAPER_LAYERS; i++)
		buf_clear(&p->layer[i]);
	if (p->page_count == PAPER_PAGES_MAX) {
		page_fail(p, "too many pages in a document");
		return;
	}
	p->page[p->page_count++] = objects_page(&p->objects);
	p->width = x_pt(width_mm);
	p->height = x_pt(height_mm);
	p->on = PAPER_TEXT;
	p->mcid = 0;
}

/* ---- text ---- */

static struct page_font *font_of(struct paper *p, const struct face *face, bool fixed)
{
	int i = 0;

	while (i < p->font_count &&
	       (subset_face(p->font[i].subset) != face || p->font[i].fixed != fixed))
		i++;
	if (i == PAPER_FONTS_MAX)
		return NULL;
	if (i == p->font_count) {
		p->font[i] = (struct page_font){ .subset = subset_new(face),
						 .fixed = fixed,
						 .changing = type0_empty(),
						 .order = -1 };
		if (p->font[i].subset == NULL)
			return NULL;
		p->font_count++;
	}
	if (p->font[i].order < 0) {
		subset_clear(p->font[i].subset);
		p->font[i].object = objects_dict(&p->objects);
		p->font[i].order = p->used_count;
		p->used[p->used_count++] = i;
	}
	return &p->font[i];
}

static void rise(struct buf *b, double v)
{
	buf_c(b, ">] TJ ");
	number(b, v);
	buf_c(b, "Ts [<");
}

/*
 * The glyphs of a run as one TJ array (ISO 32000-1 §9.4.3).  `pen` is where the next glyph stands and `at` where the
 * viewer is, in 1/1000 em: a number k in the array moves it by −k.
 */
static void run_put(struct paper *p, struct page_font *f, const struct glyph_run *run,
		    double size_pt)
{
	struct buf *b = content(p);
	int64_t pen = 0, at = 0;
	int32_t risen = 0;
	struct err e = { 0 };

	buf_c(b, "[<");
	for (size_t i = 0; i < run->count; i++) {
		const struct glyph *g = &run->glyphs[i];
		uint16_t cid = subset_add(f->subset, g, &e);

		if (cid == 0) {
			objects_fail(&p->objects, &e);
			return;
		}
		if (g->y_offset != risen)
			rise(b, g->y_offset * size_pt / 1000);
		risen = g->y_offset;
		if (at != pen + g->x_offset) {
			buf_byte(b, '>');
			num_int(b, at - pen - g->x_offset);
			buf_byte(b, '<');
		}
		num_utf16(b, cid);
		at = pen + g->x_offset + g->width;
		pen += g->advance;
	}
	if (risen != 0)
		rise(b, 0);
	buf_c(b, ">] TJ\n");
}

/* The span names its language, and the characters where glyphs alone cannot say them (§14.9.4). */
static bool span_begin(struct paper *p, const struct paper_text *t)
{
	struct buf *b = content(p);
	bool decomposed = false;

	for (size_t r = 0; r < t->line->count; r++) {
		for (size_t i = 0; i < t->line->runs[r].count; i++)
			decomposed |= t->line->runs[r].glyphs[i].unicode_count == 0;
	}
	if ((t->lang.n == 0 && !decomposed) || p->artifact)
		return false;
	buf_c(b, "/Span <<");
	if (t->lang.n > 0) {
		buf_c(b, "/Lang ");
		num_text(b, t->lang);
	}
	if (decomposed) {
		buf_c(b, "/ActualText <FEFF");
		for (size_t r = 0; r < t->line->count; r++) {
			const struct glyph_run *run = &t->line->runs[r];

			for (size_t i = 0; i < run->count; i++) {
				for (size_t k = 0; k < run->glyphs[i].unicode_count; k++)
					num_utf16(b, run->glyphs[i].unicode[k]);
			}
		}
		buf_byte(b, '>');
	}
	buf_c(b, ">> BDC\n");
	return true;
}

/* The text matrix (ISO 32000-1 §9.4.2). */
static void text_matrix(struct buf *b, double angle, double x, double y)
{
	double c = cos(angle), s = sin(angle);

	if (s == 0 && c > 0) {
		buf_c(b, "1 0 0 1 ");
	} else {
		number(b, c);
		number(b, s);
		number(b, -s);
		number(b, c);
	}
	number(b, x);
	number(b, y);
	buf_c(b, "Tm ");
}

void paper_text(struct paper *p, const struct paper_text *t)
{
	struct buf *b = content(p);
	double x = x_pt(t->x), y = y_pt(p, t->y), width;
	bool span;

	if (t->line->count == 0)
		return;
	mark_begin(p);
	span = span_begin(p, t);
	buf_c(b, "BT\n");
	page_ink(b, t->ink, false);
	for (size_t i = 0; i < t->line->count; i++) {
		const struct glyph_run *run = &t->line->runs[i];
		struct page_font *f = font_of(p, run->face, t->fixed);

		if (f == NULL) {
			page_fail(p, "too many faces on a document");
			return;
		}
		buf_c(b, "/F");
		num_int(b, f->order);
		buf_byte(b, ' ');
		number(b, t->size_pt);
		buf_c(b, "Tf ");
		text_matrix(b, t->angle, x, y);
		run_put(p, f, run, t->size_pt);
		width = run->width * t->size_pt / 1000;
		x += width * cos(t->angle);
		y += width * sin(t->angle);
	}
	buf_c(b, "ET\n");
	if (span)
		buf_c(b, "EMC\n");
}

/* ---- lines, planes, bitmaps ---- */

void paper_rule(struct paper *p, const struct paper_line *l)
{
	struct buf *b = content(p);

	mark_begin(p);
	page_ink(b, l->ink, true);
	number(b, x_pt(l->width));
	buf_c(b, "w ");
	number(b, x_pt(l->x1));
	number(b, y_pt(p, l->y1));
	buf_c(b, "m ");
	number(b, x_pt(l->x2));
	number(b, y_pt(p, l->y2));
	buf_c(b, "l S\n");
}

static void rectangle(struct paper *p, struct paper_box box)
{
	struct buf *b = content(p);

	number(b, x_pt(box.left));
	number(b, y_pt(p, box.bottom));
	number(b, x_pt(box.right - box.left));
	number(b, x_pt(box.bottom - box.top));
	buf_c(b, "re ");
}

void paper_fill(struct paper *p, struct paper_box box, struct paper_ink c)
{
	mark_begin(p);
	page_ink(content(p), c, false);
	rectangle(p, box);
	buf_c(content(p), "f\n");
}

struct corner {
	double x, y;   /* where the box has it, points */
	double dx, dy; /* along the way, from the corner towards the next one */
};

/* A straight line to the corner's beginning, then a quarter turn. */
static void corner_put(struct buf *b, const struct corner *c, const struct corner *before, double r)
{
	double near = r * (1 - QUARTER);
	double in_x = before->dx, in_y = before->dy;

	number(b, c->x - in_x * r);
	number(b, c->y - in_y * r);
	buf_c(b, "l ");
	number(b, c->x - in_x * near);
	number(b, c->y - in_y * near);
	number(b, c->x + c->dx * near);
	number(b, c->y + c->dy * near);
	number(b, c->x + c->dx * r);
	number(b, c->y + c->dy * r);
	buf_c(b, "c ");
}

void paper_frame(struct paper *p, struct paper_box box, double radius, double width,
		 struct paper_ink c)
{
	struct buf *b = content(p);
	double left = x_pt(box.left), right = x_pt(box.right), r = x_pt(radius);
	double top = y_pt(p, box.top), bottom = y_pt(p, box.bottom);
	const struct corner corners[4] = { { left, bottom, 1, 0 },
					   { right, bottom, 0, 1 },
					   { right, top, -1, 0 },
					   { left, top, 0, -1 } };

	mark_begin(p);
	page_ink(b, c, true);
	number(b, x_pt(width));
	buf_c(b, "w ");
	if (radius > 0) {
		number(b, left + r);
		number(b, bottom);
		buf_c(b, "m ");
		for (int i = 1; i <= 4; i++)
			corner_put(b, &corners[i % 4], &corners[i - 1], r);
		buf_c(b, "h S\n");
	} else {
		rectangle(p, box);
		buf_c(b, "S\n");
	}
}

static struct object *bitmap_object(struct paper *p, const struct paper_bitmap *bitmap)
{
	struct objects *o = &p->objects;
	struct buf *b = objects_begin(o);
	struct object *out;

	deflate_put(p->fast, b, bitmap->rows);
	out = objects_stream(o, objects_keep(o, buf_view(b)));
	b = objects_begin(o);
	buf_c(b, "/Type /XObject\n/Subtype /Image\n/Width ");
	num_int(b, bitmap->width);
	buf_c(b, "\n/Height ");
	num_int(b, bitmap->height);
	buf_c(b, "\n/ColorSpace /DeviceGray\n/BitsPerComponent 1\n/Filter /FlateDecode\n");
	if (bitmap->pale)
		buf_c(b, "/Decode [.85 1]\n");
	objects_end(o, out);
	return out;
}

/* The picture `object`, stretched over the box; inside a q … Q of the caller's. */
static void picture_put(struct paper *p, struct object *object, struct paper_box box)
{
	struct buf *b = content(p);

	p->image[p->image_count] = object;
	number(b, x_pt(box.right - box.left));
	buf_c(b, "0 0 ");
	number(b, x_pt(box.bottom - box.top));
	number(b, x_pt(box.left));
	number(b, y_pt(p, box.bottom));
	buf_c(b, "cm /I");
	num_int(b, p->image_count++);
	buf_c(b, " Do ");
}

void paper_bitmap(struct paper *p, const struct paper_bitmap *bitmap, struct paper_box box)
{
	if (p->image_count == PAPER_IMAGES_MAX || bitmap->width <= 0 || bitmap->height <= 0 ||
	    bitmap->rows.n != (size_t)((bitmap->width + 7) / 8) * (size_t)bitmap->height) {
		page_fail(p, "a bitmap of the wrong size");
		return;
	}
	mark_begin(p);
	buf_c(content(p), "q ");
	picture_put(p, bitmap_object(p, bitmap), box);
	buf_c(content(p), "Q\n");
}

static struct object *image_object(struct paper *p, const struct image *image)
{
	struct objects *o = &p->objects;
	struct object *out = objects_stream(o, buf_view(&image->data));
	struct buf *b = objects_begin(o);

	buf_c(b, "/Type /XObject\n/Subtype /Image\n/Width ");
	buf_uint(b, image->width);
	buf_c(b, "\n/Height ");
	buf_uint(b, image->height);
	buf_c(b, image->gray ? "\n/ColorSpace /DeviceGray" : "\n/ColorSpace /DeviceRGB");
	buf_c(b, "\n/BitsPerComponent 8\n/Filter ");
	buf_c(b, image->filter == IMAGE_DCT ? "/DCTDecode\n" : "/FlateDecode\n");
	objects_end(o, out);
	return out;
}

void paper_image(struct paper *p, const struct image *image, struct paper_box box,
		 struct paper_box window)
{
	if (p->image_count == PAPER_IMAGES_MAX || image->data.n == 0) {
		page_fail(p, "an image that is none, or too many of them");
		return;
	}
	mark_begin(p);
	sha256_add(p->id, image->data.p, image->data.n);
	buf_c(content(p), "q ");
	rectangle(p, window);
	buf_c(content(p), "W n ");
	picture_put(p, image_object(p, image), box);
	buf_c(content(p), "Q\n");
}

/* ---- art ---- */

/* The dictionary of a Form XObject (ISO 32000-1 §8.10.2) with the art it places as resources. */
static void art_describe(struct paper *p, const struct art *art, struct object *out)
{
	struct object *parts[ART_PARTS_MAX];
	const double box[] = { art->box.left, art->box.top, art->box.right, art->box.bottom };
	struct buf *b;

	for (size_t i = 0; i < art->part_count; i++)
		parts[i] = page_art(p, art->parts[i]);
	b = objects_begin(&p->objects);
	buf_c(b, "/Type /XObject\n/Subtype /Form\n/BBox [");
	for (size_t i = 0; i < COUNT_OF(box); i++)
		number(b, box[i]);
	buf_c(b, "]\n/Resources <<");
	if (art->part_count > 0)
		buf_c(b, "/XObject <<");
	for (size_t i = 0; i < art->part_count; i++) {
		buf_c(b, "/P");
		buf_uint(b, i);
		buf_byte(b, ' ');
		buf_uint(b, parts[i]->number);
		buf_c(b, " 0 R");
	}
	buf_c(b, art->part_count > 0 ? ">>>>\n" : ">>\n");
	buf_c(b, "/Filter /FlateDecode\n");
	objects_end(&p->objects, out);
}

struct object *page_art(struct paper *p, const struct art *art)
{
	struct object *out;

	for (int i = 0; i < p->art_count; i++) {
		if (p->art[i].art == art)
			return p->art[i].object;
	}
	out = objects_stream(&p->objects, art->stream);
	if (p->art_count == PAPER_ARTS_MAX) {
		page_fail(p, "too many drawings on a document");
		return out;
	}
	p->art[p->art_count++] = (struct page_art){ .art = art, .object = out };
	sha256_add(p->id, art->hash, sizeof art->hash);
	art_describe(p, art, out);
	return out;
}

void paper_art(struct paper *p, const struct art *art, const struct art_matrix *at,
	       struct paper_ink c)
{
	/* Art has millimetres downwards, a page points upwards. */
	const struct art_matrix flip = { PT_PER_MM, 0, 0, -PT_PER_MM, 0, p->height };
	const struct art_matrix m = art_both(*at, flip);
	const double factors[] = { m.a, m.b, m.c, m.d };
	struct buf *b = content(p);
	int i = 0;

	mark_begin(p);
	if (p->objects.failed)
		return;
	page_art(p, art);
	while (i < p->art_count && p->art[i].art != art)
		i++;
	if (i == p->art_count)
		return; /* the document holds the failure */
	p->art[i].placed = true;
	buf_c(b, "q\n");
	page_ink(b, c, false);
	page_ink(b, c, true);
	for (size_t k = 0; k < COUNT_OF(factors); k++) {
		num_fine(b, factors[k]);
		buf_byte(b, ' ');
	}
	number(b, m.e);
	number(b, m.f);
	buf_c(b, "cm /A");
	num_int(b, i);
	buf_c(b, " Do Q\n");
}
