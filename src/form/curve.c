/* SPDX-License-Identifier: Apache-2.0 */
#include "form/curve.h"

#include <math.h>

/* Of a segment: short enough for a tangent, long enough for a difference of doubles. */
static const double STEP = 1e-4;

/* Units of a millimetre: for lines, and for the two edges of a band, whose distance shows. */
static const double LINE_GRID = 100, BAND_GRID = 1000;

struct spot {
	double x, y, dx, dy; /* and the way per unit of t */
};

static struct spot spot_at(const struct curve *c, double t, double step)
{
	struct spot s;
	double x1, y1, x2, y2;

	c->at(c->self, t, &s.x, &s.y);
	c->at(c->self, t - step, &x1, &y1);
	c->at(c->self, t + step, &x2, &y2);
	s.dx = (x2 - x1) / (2 * step);
	s.dy = (y2 - y1) / (2 * step);
	return s;
}

static void shift(struct art_pen *pen, double grid)
{
	const struct art_matrix m = { 1 / grid, 0, 0, 1 / grid, 0, 0 };

	art_shift(pen, &m);
}

/* Go along the curve; from where the pen stands with `on`, which draws a line to the curve's begin. */
static void follow(struct art_pen *pen, const struct curve *c, const struct curve_span *s,
		   double grid, bool on)
{
	double h = (s->to - s->from) / s->segments;
	struct spot p = spot_at(c, s->from, h * STEP);

	if (on)
		art_line(pen, round(p.x * grid), round(p.y * grid));
	else
		art_move(pen, round(p.x * grid), round(p.y * grid));
	for (int i = 1; i <= s->segments; i++) {
		struct spot q = spot_at(c, s->from + i * h, h * STEP);
		const double points[6] = {
			round((p.x + p.dx * h / 3) * grid),
			round((p.y + p.dy * h / 3) * grid),
			round((q.x - q.dx * h / 3) * grid),
			round((q.y - q.dy * h / 3) * grid),
			round(q.x * grid),
			round(q.y * grid),
		};

		art_curve(pen, points);
		p = q;
	}
}

void curve_begin(struct art_pen *pen)
{
	shift(pen, LINE_GRID);
}

void curve_draw(struct art_pen *pen, const struct curve *c, const struct curve_span *s)
{
	follow(pen, c, s, LINE_GRID, false);
}

void curve_end(struct art_pen *pen, double width_mm)
{
	art_stroke(pen, width_mm * LINE_GRID);
	art_unshift(pen);
}

/* One edge of a band: the curve, `aside` millimetres to its right. */
struct edge {
	const struct curve *middle;
	double aside, step;
};

static void edge_at(const void *self, double t, double *x, double *y)
{
	const struct edge *edge = self;
	struct spot s = spot_at(edge->middle, t, edge->step);
	double way = hypot(s.dx, s.dy);

	*x = s.x - edge->aside * s.dy / way;
	*y = s.y + edge->aside * s.dx / way;
}

void curve_band(struct art_pen *pen, const struct curve *c, const struct curve_span *s,
		double width_mm)
{
	const struct curve_span back = { s->to, s->from, s->segments };
	double step = (s->to - s->from) / s->segments * STEP;
	const struct edge right = { c, width_mm / 2, step }, left = { c, -width_mm / 2, step };

	shift(pen, BAND_GRID);
	follow(pen, &(struct curve){ edge_at, &right }, s, BAND_GRID, false);
	follow(pen, &(struct curve){ edge_at, &left }, &back, BAND_GRID, true);
	art_close(pen);
	art_fill(pen, false);
	art_unshift(pen);
}
