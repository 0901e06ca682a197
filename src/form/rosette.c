/* SPDX-License-Identifier: Apache-2.0 */
#include "form/rosette.h"

#include <math.h>

#include "form/curve.h"

enum { RINGS_MAX = 8, TERMS_MAX = 4, FOLD_MAX = 60, CURVES_MAX = 64, SEGMENTS_MAX = 64 };

static const double PI = 3.14159265358979323846;

/* amplitude · sin(turns · fold · angle + shift · phase) */
struct term {
	double amplitude;
	int64_t turns, shift;
};

/* `count` curves r(angle) = radius + terms, of phases spread over a turn. */
struct ring {
	struct stroke stroke;
	int64_t fold, count, segments;
	double radius;
	struct term terms[TERMS_MAX];
	size_t term_count;
};

struct petal {
	const struct ring *ring;
	double phase, tilt;
};

static void petal_at(const void *self, double angle, double *x, double *y)
{
	const struct petal *p = self;
	const struct ring *ring = p->ring;
	double r = ring->radius, u = (double)ring->fold * angle;

	for (size_t i = 0; i < ring->term_count; i++) {
		const struct term *term = &ring->terms[i];

		r += term->amplitude *
		     sin((double)term->turns * u + (double)term->shift * p->phase);
	}
	*x = r * cos(angle - p->tilt);
	*y = r * sin(angle - p->tilt);
}

static struct curve_span span_of(const struct ring *ring)
{
	return (struct curve_span){ 0, 2 * PI / (double)ring->fold, (int)ring->segments };
}

/* All curves of a sector, as lines. */
static bool lines_make(const struct layout_tools *t, const struct ring *ring, double tilt,
		       const struct art **out, struct err *e)
{
	const struct curve_span span = span_of(ring);

	art_begin(t->pen);
	art_ink(t->pen, ring->stroke.ink);
	curve_begin(t->pen);
	for (int64_t j = 0; j < ring->count; j++) {
		struct petal p = { .ring = ring,
				   .phase = 2 * PI * (double)j / (double)ring->count,
				   .tilt = tilt };

		curve_draw(t->pen, &(struct curve){ petal_at, &p }, &span);
	}
	curve_end(t->pen, ring->stroke.width);
	return art_end(t->pen, t->set.arena, out, e);
}

/* The first curve of a sector, as a band. */
static bool band_make(const struct layout_tools *t, const struct ring *ring, const struct art **out,
		      struct err *e)
{
	const struct petal p = { .ring = ring };
	const struct curve_span span = span_of(ring);

	art_begin(t->pen);
	art_ink(t->pen, ring->stroke.ink);
	curve_band(t->pen, &(struct curve){ petal_at, &p }, &span, ring->stroke.width);
	return art_end(t->pen, t->set.arena, out, e);
}

/* Every curve is the first one, turned: when the phase shifts all terms by the same angle. */
static bool turns_alike(const struct ring *ring)
{
	const struct term *first = &ring->terms[0];

	for (size_t i = 0; i < ring->term_count; i++) {
		const struct term *term = &ring->terms[i];

		if (term->turns == 0 || term->shift * first->turns != first->shift * term->turns)
			return false;
	}
	return ring->term_count > 0;
}

/*
 * One sector; *tilt is how far it must be turned back.  Lines that viewers with cairo draw thinner by their angle are of one
 * weight when the turns of a ring of eight are 22.5° off the axes; bands are without that care, but cost twice the bytes.
 */
static bool sector_make(const struct layout_tools *t, const struct ring *ring,
			const struct art **out, double *tilt, struct err *e)
{
	const struct art *petal;
	double step;

	*tilt = 0;
	if (!turns_alike(ring)) {
		*tilt = PI / 8;
		return lines_make(t, ring, *tilt, out, e);
	}
	if (!band_make(t, ring, &petal, e))
		return false;
	step = -2 * PI / (double)ring->count * (double)ring->terms[0].shift /
	       (double)(ring->terms[0].turns * ring->fold);
	art_begin(t->pen);
	for (int64_t j = 0; j < ring->count; j++) {
		struct art_matrix m = art_turn(step * (double)j, 0, 0);

		art_put(t->pen, petal, &m);
	}
	return art_end(t->pen, t->set.arena, out, e);
}

static bool terms_read(const struct json *o, struct ring *out, struct err *e)
{
	static const char *const keys[] = { "amplitude", "turns", "shift", NULL };
	const struct json *list;

	if (!json_array(o, "terms", TERMS_MAX, &list, e))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct json *item = &list->items[i];
		struct term *term = &out->terms[i];

		if (!json_only(item, keys, e) ||
		    !style_number(item, "amplitude", -200, 200, &term->amplitude, e) ||
		    !json_integer(item, "turns", 1, FOLD_MAX, &term->turns, e) ||
		    !json_integer(item, "shift", -FOLD_MAX, FOLD_MAX, &term->shift, e)) {
			err_at(e, "/%zu", i);
			return err_at(e, "/terms");
		}
	}
	out->term_count = list->count;
	return true;
}

static bool ring_read(const struct layout *l, const struct json *o, struct ring *out, struct err *e)
{
	static const char *const keys[] = { "ink",      "width",  "fold",  "count",
					    "segments", "radius", "terms", NULL };

	return json_only(o, keys, e) && style_ink(&l->palette, o, "ink", &out->stroke.ink, e) &&
	       style_number(o, "width", 0.01, 10, &out->stroke.width, e) &&
	       json_integer(o, "fold", 1, FOLD_MAX, &out->fold, e) &&
	       json_integer(o, "count", 1, CURVES_MAX, &out->count, e) &&
	       json_integer(o, "segments", 1, SEGMENTS_MAX, &out->segments, e) &&
	       style_number(o, "radius", 0, 500, &out->radius, e) && terms_read(o, out, e);
}

static bool rings_read(const struct layout *l, const struct json *o, struct ring *rings,
		       size_t *count, struct err *e)
{
	const struct json *list;

	if (!json_array(o, "rings", RINGS_MAX, &list, e))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!ring_read(l, &list->items[i], &rings[i], e)) {
			err_at(e, "/%zu", i);
			return err_at(e, "/rings");
		}
	}
	*count = list->count;
	return true;
}

bool rosette_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		  struct element_art *out, struct err *e)
{
	static const char *const keys[] = { "kind", "when", "unless", "x", "y", "rings", NULL };
	struct ring rings[RINGS_MAX];
	const struct art *sectors[RINGS_MAX];
	size_t count = 0;
	double tilts[RINGS_MAX], x, y;

	if (!json_only(o, keys, e) || !style_number(o, "x", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &x, e) ||
	    !style_number(o, "y", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &y, e) ||
	    !rings_read(l, o, rings, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!sector_make(t, &rings[i], &sectors[i], &tilts[i], e))
			return false;
	}
	art_begin(t->pen);
	for (size_t i = 0; i < count; i++) {
		for (int64_t k = 0; k < rings[i].fold; k++) {
			struct art_matrix m = art_turn(
				2 * PI * (double)k / (double)rings[i].fold + tilts[i], 0, 0);

			art_put(t->pen, sectors[i], &m);
		}
	}
	out->at = art_turn(0, x, y);
	out->layer = PAPER_GROUND;
	return art_end(t->pen, t->set.arena, &out->art, e);
}
