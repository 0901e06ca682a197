/* SPDX-License-Identifier: Apache-2.0 */
#include "form/svg.h"

#include <math.h>

#include "base/enc.h"
#include "form/pathdata.h"
#include "form/xml.h"

static const double PI = 3.14159265358979323846;

/* How far two directions' scales may differ for a line to keep one width. */
static const double EVEN = 1e-3;

static const double FAR_MM = 1e5; /* no page reaches there */

/* fill="none", a colour, or the ink of the place. */
struct paint {
	bool none, named;
	struct paper_ink ink;
};

/* What an element hands to those inside it. */
struct manner {
	struct art_matrix m;
	struct paint fill, stroke;
	double stroke_width;
	bool even_odd, round;
};

struct drawing {
	struct art_pen *pen;
	const struct svg_target *target;
	struct xml xml;
	struct manner manners[XML_DEPTH_MAX + 1];
	double height;
};

/* ---- values ---- */

static bool keyword(struct str value, const char *const words[2], bool *second, struct err *e)
{
	*second = str_eq(value, str_of(words[1]));
	return *second || str_eq(value, str_of(words[0])) ||
	       err_input(e, "SVG-ATTRIBUTE", "must be '%s' or '%s'", words[0], words[1]);
}

static bool number_read(struct str value, double min, double max, double *out, struct err *e)
{
	if (pathdata_number(&value, out) && value.n == 0 && *out >= min && *out <= max)
		return true;
	return err_input(e, "SVG-ATTRIBUTE", "must be a number from %g to %g", min, max);
}

static bool paint_read(const struct drawing *d, struct str value, struct paint *out, struct err *e)
{
	const struct paper_ink *only = d->target->only;
	unsigned char rgb[3];

	*out = (struct paint){ .none = str_eq(value, STR("none")) };
	if (out->none || str_eq(value, STR("currentColor")))
		return true;
	if (value.n != 7 || value.p[0] != '#' || !enc_unhex(str_skip(value, 1), rgb, 3))
		return err_input(e, "SVG-INK",
				 "must be none, currentColor or a colour like #0E4A45");
	if (only != NULL && (only->r != rgb[0] || only->g != rgb[1] || only->b != rgb[2]))
		return err_input(e, "SVG-INK", "must be none, currentColor or #%02X%02X%02X",
				 only->r, only->g, only->b);
	if (only != NULL)
		return true; /* it is the ink of the place */
	out->named = true;
	out->ink = (struct paper_ink){
		.gray = rgb[0] == rgb[1] && rgb[1] == rgb[2], .r = rgb[0], .g = rgb[1], .b = rgb[2]
	};
	return true;
}

/* The matrix of one function of a transform list (SVG 1.1 §7.6); `n` numbers were given. */
static bool function_matrix(struct str name, const double *v, size_t n, struct art_matrix *out)
{
	if (str_eq(name, STR("matrix")) && n == 6)
		*out = (struct art_matrix){ v[0], v[1], v[2], v[3], v[4], v[5] };
	else if (str_eq(name, STR("translate")) && (n == 1 || n == 2))
		*out = (struct art_matrix){ 1, 0, 0, 1, v[0], n == 2 ? v[1] : 0 };
	else if (str_eq(name, STR("scale")) && (n == 1 || n == 2))
		*out = (struct art_matrix){ v[0], 0, 0, n == 2 ? v[1] : v[0], 0, 0 };
	else if (str_eq(name, STR("rotate")) && n == 1)
		*out = art_turn(v[0] * PI / 180, 0, 0);
	else if (str_eq(name, STR("rotate")) && n == 3)
		*out = art_both((struct art_matrix){ 1, 0, 0, 1, -v[1], -v[2] },
				art_turn(v[0] * PI / 180, v[1], v[2]));
	else
		return false;
	return true;
}

static bool transform_read(struct str value, struct art_matrix *m, struct err *e)
{
	while (value.n > 0) {
		size_t open = str_find(value, STR("("), 0), n = 0;
		struct str name = { value.p, open == SIZE_MAX ? 0 : open };
		struct art_matrix one;
		double v[6];

		value = str_skip(value, name.n + 1);
		while (n < COUNT_OF(v) && pathdata_number(&value, &v[n]))
			n++;
		if (value.n == 0 || value.p[0] != ')' || !function_matrix(name, v, n, &one))
			return err_input(e, "SVG-ATTRIBUTE",
					 "must be matrix, translate, scale or rotate and numbers");
		value = str_skip(value, 1);
		while (value.n > 0 && (value.p[0] == ' ' || value.p[0] == ','))
			value = str_skip(value, 1);
		*m = art_both(one, *m);
	}
	return true;
}

/* ---- what elements inherit ---- */

static bool fill_read(struct drawing *d, struct str v, struct manner *m, struct err *e)
{
	return paint_read(d, v, &m->fill, e);
}

static bool stroke_read(struct drawing *d, struct str v, struct manner *m, struct err *e)
{
	return paint_read(d, v, &m->stroke, e);
}

static bool width_read(struct drawing *d, struct str v, struct manner *m, struct err *e)
{
	(void)d;
	return number_read(v, 0, 1000, &m->stroke_width, e);
}

static bool rule_read(struct drawing *d, struct str v, struct manner *m, struct err *e)
{
	static const char *const words[] = { "nonzero", "evenodd" };

	(void)d;
	return keyword(v, words, &m->even_odd, e);
}

static bool cap_read(struct drawing *d, struct str v, struct manner *m, struct err *e)
{
	static const char *const words[] = { "butt", "round" };

	(void)d;
	return keyword(v, words, &m->round, e);
}

static bool join_read(struct drawing *d, struct str v, struct manner *m, struct err *e)
{
	(void)d;
	(void)m;
	return str_eq(v, STR("round")) || err_input(e, "SVG-ATTRIBUTE", "must be 'round'");
}

static bool matrix_read(struct drawing *d, struct str v, struct manner *m, struct err *e)
{
	(void)d;
	return transform_read(v, &m->m, e);
}

static bool word_skip(struct drawing *d, struct str v, struct manner *m, struct err *e)
{
	(void)d;
	(void)v;
	(void)m;
	(void)e;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(struct drawing *, struct str, struct manner *, struct err *);
} common[] = {
	{ "fill", fill_read },          { "fill-rule", rule_read },
	{ "stroke", stroke_read },      { "stroke-width", width_read },
	{ "stroke-linecap", cap_read }, { "stroke-linejoin", join_read },
	{ "transform", matrix_read },   { "id", word_skip },
	{ "xmlns", word_skip },         { "version", word_skip },
};

static bool attribute_in(struct str name, const char *const *own)
{
	for (; own != NULL && *own != NULL; own++) {
		if (str_eq(name, str_of(*own)))
			return true;
	}
	return false;
}

static bool attribute_read(struct drawing *d, const struct xml_attribute *at,
			   const char *const *own, struct manner *m, struct err *e)
{
	if (attribute_in(at->name, own))
		return true;
	for (size_t i = 0; i < COUNT_OF(common); i++) {
		if (str_eq(at->name, str_of(common[i].name)))
			return common[i].read(d, at->value, m, e);
	}
	return err_input(e, "SVG-ATTRIBUTE", "is not known here");
}

/* The manner of the element just opened, from its parent's and its attributes but those of its `own`. */
static bool manner_read(struct drawing *d, const char *const *own, struct manner **out,
			struct err *e)
{
	const struct xml *x = &d->xml;
	struct manner *m = &d->manners[x->depth];

	if (x->depth > 1)
		*m = d->manners[x->depth - 1];
	for (size_t i = 0; i < x->attribute_count; i++) {
		if (!attribute_read(d, &x->attributes[i], own, m, e))
			return err_at(e, "/%.*s", STR_ARG(x->attributes[i].name));
	}
	*out = m;
	return true;
}

/* ---- elements ---- */

/* Millimetres a unit of the drawing; a line under a matrix that stretches has no one width. */
static bool line_scale(const struct art_matrix *m, double *out, struct err *e)
{
	double across = hypot(m->a, m->b), down = hypot(m->c, m->d);

	*out = across;
	return (fabs(across - down) <= EVEN * across && across < FAR_MM) ||
	       err_input(e, "SVG-ATTRIBUTE", "a line cannot be stretched more one way");
}

struct shape {
	struct str path; /* of a path */
	double x, y, r;  /* of a circle */
	bool circle;
};

static bool shape_trace(struct drawing *d, const struct manner *m, const struct shape *s,
			struct err *e)
{
	double scale, x = s->x, y = s->y;

	if (!s->circle)
		return pathdata_draw(d->pen, s->path, &m->m, e) || err_at(e, "/d");
	if (!line_scale(&m->m, &scale, e))
		return false;
	art_point(&m->m, &x, &y);
	if (!(fabs(x) + fabs(y) + s->r * scale < FAR_MM))
		return err_input(e, "SVG-ATTRIBUTE", "reaches further than any page");
	art_circle(d->pen, x, y, s->r * scale);
	return true;
}

/* One painting in an ink of its own, or in that of the place: q … Q keeps the one from the other. */
static bool shape_in(struct drawing *d, const struct manner *m, const struct shape *s, bool filled,
		     struct err *e)
{
	static const struct art_matrix stay = { 1, 0, 0, 1, 0, 0 };
	const struct paint *paint = filled ? &m->fill : &m->stroke;
	double scale = 0;

	if (!filled && !line_scale(&m->m, &scale, e))
		return false;
	if (paint->named) {
		art_shift(d->pen, &stay);
		art_ink(d->pen, paint->ink);
	}
	if (!shape_trace(d, m, s, e))
		return false;
	if (filled) {
		art_fill(d->pen, m->even_odd);
	} else {
		art_round_ends(d->pen, m->round);
		art_stroke(d->pen, m->stroke_width * scale);
	}
	if (paint->named)
		art_unshift(d->pen);
	return true;
}

static bool shape_paint(struct drawing *d, const struct manner *m, const struct shape *s,
			struct err *e)
{
	return (m->fill.none || shape_in(d, m, s, true, e)) &&
	       (m->stroke.none || m->stroke_width <= 0 || shape_in(d, m, s, false, e));
}

static bool path_draw(struct drawing *d, struct err *e)
{
	static const char *const own[] = { "d", NULL };
	struct shape s = { .circle = false };
	struct manner *m;

	if (!manner_read(d, own, &m, e))
		return false;
	if (!xml_attribute(&d->xml, "d", &s.path))
		return err_input(e, "SVG-ATTRIBUTE", "a path needs its data d");
	return shape_paint(d, m, &s, e);
}

static bool circle_draw(struct drawing *d, struct err *e)
{
	static const char *const own[] = { "cx", "cy", "r", NULL };
	struct shape s = { .circle = true };
	double *const values[] = { &s.x, &s.y, &s.r };
	struct manner *m;
	struct str text;

	if (!manner_read(d, own, &m, e))
		return false;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		if (xml_attribute(&d->xml, own[i], &text) &&
		    !number_read(text, i == 2 ? 0 : -1e6, 1e6, values[i], e))
			return err_at(e, "/%s", own[i]);
	}
	return shape_paint(d, m, &s, e);
}

static bool group_draw(struct drawing *d, struct err *e)
{
	struct manner *m;

	return manner_read(d, NULL, &m, e);
}

static bool words_skip(struct drawing *d, struct err *e)
{
	(void)d;
	(void)e;
	return true;
}

/* The outermost element: its view box becomes target->width millimetres about the origin. */
static bool svg_open(struct drawing *d, struct err *e)
{
	static const char *const own[] = { "viewBox", "width", "height", NULL };
	double box[4] = { 0 }, scale;
	struct manner *m = &d->manners[1];
	struct str text;
	size_t n = 0;

	*m = (struct manner){ .stroke = { .none = true }, .stroke_width = 1 };
	if (xml_attribute(&d->xml, "viewBox", &text)) {
		while (n < 4 && pathdata_number(&text, &box[n]))
			n++;
	}
	if (n != 4 || text.n > 0 || box[2] <= 0 || box[3] <= 0) {
		err_input(e, "SVG-ATTRIBUTE", "must be four numbers: left top width height");
		return err_at(e, "/viewBox");
	}
	scale = d->target->width / box[2];
	d->height = box[3] * scale;
	m->m = (struct art_matrix){
		scale, 0, 0, scale, -(box[0] + box[2] / 2) * scale, -(box[1] + box[3] / 2) * scale
	};
	return manner_read(d, own, &m, e);
}

static const struct {
	const char *name;
	bool (*draw)(struct drawing *, struct err *);
	bool holds; /* other elements */
	bool words; /* text */
} elements[] = {
	{ "g", group_draw, true, false },        { "path", path_draw, false, false },
	{ "circle", circle_draw, false, false }, { "title", words_skip, false, true },
	{ "desc", words_skip, false, true },
};

static bool element_draw(struct drawing *d, struct err *e)
{
	struct xml *x = &d->xml;

	if (x->depth == 1) {
		x->holds = true;
		return str_eq(x->name, STR("svg")) ? svg_open(d, e)
						   : err_input(e, "SVG-FORM", "is no SVG drawing");
	}
	for (size_t i = 0; i < COUNT_OF(elements); i++) {
		if (!str_eq(x->name, str_of(elements[i].name)))
			continue;
		x->holds = elements[i].holds;
		x->words = elements[i].words;
		return elements[i].draw(d, e);
	}
	return err_input(e, "SVG-FORM", "<%.*s> is not taken", STR_ARG(x->name));
}

bool svg_draw(struct art_pen *pen, struct str text, const struct svg_target *target, double *height,
	      struct err *e)
{
	struct drawing d = { .pen = pen, .target = target };
	bool end = false, ok = true;

	if (text.n > SVG_BYTES_MAX) {
		err_input(e, "SVG-FORM", "is larger than %d bytes", SVG_BYTES_MAX);
		return err_in(e, "%s", target->name);
	}
	xml_begin(&d.xml, text);
	while (ok) {
		ok = xml_next(&d.xml, &end, e);
		if (end)
			break;
		ok = ok && element_draw(&d, e);
	}
	*height = d.height;
	return ok || err_in(e, "%s:%zu", target->name, xml_line(&d.xml));
}
