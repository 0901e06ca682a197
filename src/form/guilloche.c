/* SPDX-License-Identifier: Apache-2.0 */
#include "form/guilloche.h"

#include <math.h>

#include "form/curve.h"

enum {
	LAYERS_MAX = 8,
	WAVES_MAX = 64,    /* of a layer */
	SEGMENTS_MAX = 64, /* of a period */
	TURNS_MAX = 16,
	TILES_MAX = 200, /* of a side */
	CORNER_MAX = 8   /* periods */
};

static const double PI = 3.14159265358979323846;

/* Sides of the page whose corners are that far from square still meet: a tenth of what a printer places. */
static const double MEET_MM = 0.01;

/* `count` waves that differ in phase: y = offset + (amplitude + middle·e + ends·(1−e))·sin(turns·u + phase). */
struct layer {
	struct stroke stroke;
	int64_t count, segments, turns;
	double offset, amplitude, middle, ends;
};

struct band {
	struct layer layers[LAYERS_MAX];
	size_t count;
	double period; /* mm */
};

/* One wave of a band, on a straight line or on an arc of `radius` about the origin. */
struct wave {
	const struct layer *layer;
	double period, phase, radius;
};

/* How far the wave is from the line, outwards, `s` millimetres along it. */
static double wave_off(const struct wave *w, double s)
{
	const struct layer *l = w->layer;
	double u = 2 * PI * s / w->period;
	double e = pow(sin(u / 2), 2);

	return l->offset + (l->amplitude + l->middle * e + l->ends * (1 - e)) *
				   sin((double)l->turns * u + w->phase);
}

static void wave_straight(const void *self, double s, double *x, double *y)
{
	*x = s;
	*y = -wave_off(self, s);
}

/* From the top of the circle clockwise. */
static void wave_around(const void *self, double s, double *x, double *y)
{
	const struct wave *w = self;
	double angle = s / w->radius - PI / 2, r = w->radius + wave_off(w, s);

	*x = r * cos(angle);
	*y = r * sin(angle);
}

/* A tile of `periods`: straight when radius is 0, else an arc. */
static bool tile_make(const struct layout_tools *t, const struct band *band, int64_t periods,
		      double radius, const struct art **out, struct err *e)
{
	art_begin(t->pen);
	for (size_t i = 0; i < band->count; i++) {
		const struct layer *l = &band->layers[i];

		art_ink(t->pen, l->stroke.ink);
		curve_begin(t->pen);
		for (int64_t j = 0; j < l->count; j++) {
			struct wave w = { .layer = l,
					  .period = band->period,
					  .phase = 2 * PI * (double)j / (double)l->count,
					  .radius = radius };
			struct curve c = { radius > 0 ? wave_around : wave_straight, &w };
			const struct curve_span whole = { 0, (double)periods * band->period,
							  (int)(l->segments * periods) };

			curve_draw(t->pen, &c, &whole);
		}
		curve_end(t->pen, l->stroke.width);
	}
	return art_end(t->pen, t->set.arena, out, e);
}

/* ---- along the edges of the page ---- */

/* Where the straight sides begin (`inset` from both edges) and the band's centre line runs (`edge` from them). */
struct border {
	int64_t across, down, corner;
	double width, height, inset, edge, radius;
};

static void border_put(struct art_pen *pen, const struct border *b, double period,
		       const struct art *side, const struct art *corner)
{
	double w = b->width, h = b->height, c = b->inset, d = b->edge;
	const double corners[4][2] = { { w - c, c }, { w - c, h - c }, { c, h - c }, { c, c } };
	struct art_matrix m;

	for (int64_t i = 0; i < b->across; i++) {
		m = art_turn(0, c + (double)i * period, d);
		art_put(pen, side, &m);
		m = art_turn(PI, w - c - (double)i * period, h - d);
		art_put(pen, side, &m);
	}
	for (int64_t i = 0; i < b->down; i++) {
		m = art_turn(PI / 2, w - d, c + (double)i * period);
		art_put(pen, side, &m);
		m = art_turn(-PI / 2, d, h - c - (double)i * period);
		art_put(pen, side, &m);
	}
	for (int i = 0; i < 4; i++) {
		m = art_turn(i * PI / 2, corners[i][0], corners[i][1]);
		art_put(pen, corner, &m);
	}
}

static bool border_read(const struct json *o, const struct layout *l, double period,
			struct border *out, struct err *e)
{
	static const char *const keys[] = { "across", "down", "corner", NULL };

	if (!json_only(o, keys, e) || !json_integer(o, "across", 1, TILES_MAX, &out->across, e) ||
	    !json_integer(o, "down", 1, TILES_MAX, &out->down, e) ||
	    !json_integer(o, "corner", 1, CORNER_MAX, &out->corner, e))
		return false;
	out->width = l->width;
	out->height = l->height;
	out->inset = (l->width - (double)out->across * period) / 2;
	out->radius = 2 * (double)out->corner * period / PI;
	out->edge = out->inset - out->radius;
	if (out->edge <= 0)
		return err_input(e, "TEMPLATE-BAND", "does not fit the page: %g mm beyond its edge",
				 -out->edge);
	if (fabs((l->height - (double)out->down * period) / 2 - out->inset) > MEET_MM)
		return err_input(e, "TEMPLATE-BAND",
				 "sides of %lld and %lld periods do not meet in the corners",
				 (long long)out->across, (long long)out->down);
	return true;
}

static bool border_make(const struct layout *l, const struct layout_tools *t, const struct json *o,
			const struct band *band, const struct art **out, struct err *e)
{
	const struct art *side, *corner;
	struct border b;

	if (!border_read(o, l, band->period, &b, e))
		return err_at(e, "/border");
	if (!tile_make(t, band, 1, 0, &side, e) ||
	    !tile_make(t, band, b.corner, b.radius, &corner, e))
		return false;
	art_begin(t->pen);
	border_put(t->pen, &b, band->period, side, corner);
	return art_end(t->pen, t->set.arena, out, e);
}

/* ---- along a line ---- */

static bool line_make(const struct layout_tools *t, const struct json *o, const struct band *band,
		      const struct art **out, struct err *e)
{
	static const char *const keys[] = { "x", "y", "tiles", NULL };
	const struct art *tile;
	int64_t tiles;
	double x, y;

	if (!json_only(o, keys, e) || !style_number(o, "x", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &x, e) ||
	    !style_number(o, "y", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &y, e) ||
	    !json_integer(o, "tiles", 1, TILES_MAX, &tiles, e))
		return err_at(e, "/line");
	if (!tile_make(t, band, 1, 0, &tile, e))
		return false;
	art_begin(t->pen);
	for (int64_t i = 0; i < tiles; i++) {
		struct art_matrix m = art_turn(0, x + (double)i * band->period, y);

		art_put(t->pen, tile, &m);
	}
	return art_end(t->pen, t->set.arena, out, e);
}

/* ---- reading ---- */

static bool layer_read(const struct layout *l, const struct json *o, struct layer *out,
		       struct err *e)
{
	static const char *const keys[] = { "ink",       "width",  "count", "segments", "offset",
					    "amplitude", "middle", "ends",  "turns",    NULL };

	return json_only(o, keys, e) && style_ink(&l->palette, o, "ink", &out->stroke.ink, e) &&
	       style_number(o, "width", 0.01, 10, &out->stroke.width, e) &&
	       json_integer(o, "count", 1, WAVES_MAX, &out->count, e) &&
	       json_integer(o, "segments", 1, SEGMENTS_MAX, &out->segments, e) &&
	       json_integer(o, "turns", 1, TURNS_MAX, &out->turns, e) &&
	       style_number_or(o, "offset", -50, 50, 0, &out->offset, e) &&
	       style_number_or(o, "amplitude", -50, 50, 0, &out->amplitude, e) &&
	       style_number_or(o, "middle", -50, 50, 0, &out->middle, e) &&
	       style_number_or(o, "ends", -50, 50, 0, &out->ends, e);
}

static bool band_read(const struct layout *l, const struct json *o, struct band *out, struct err *e)
{
	const struct json *list;

	if (!style_number(o, "period", 0.5, 100, &out->period, e) ||
	    !json_array(o, "waves", LAYERS_MAX, &list, e))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!layer_read(l, &list->items[i], &out->layers[i], e)) {
			err_at(e, "/%zu", i);
			return err_at(e, "/waves");
		}
	}
	out->count = list->count;
	return true;
}

bool guilloche_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		    struct element_art *out, struct err *e)
{
	static const char *const keys[] = { "kind",  "page",   "when", "unless", "period",
					    "waves", "border", "line", NULL };
	const struct json *border = json_lookup(o, "border"), *line = json_lookup(o, "line");
	struct band band;

	if (!json_only(o, keys, e) || !band_read(l, o, &band, e))
		return false;
	out->at = art_turn(0, 0, 0);
	out->layer = PAPER_GROUND;
	if ((border == NULL) == (line == NULL))
		return err_input(e, "JSON-MISSING", "needs a border or a line, and not both");
	return border != NULL ? border_make(l, t, border, &band, &out->art, e)
			      : line_make(t, line, &band, &out->art, e);
}
