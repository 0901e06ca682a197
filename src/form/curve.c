/* SPDX-License-Identifier: Apache-2.0 */
#include "form/curve.h"

#include <math.h>

/* Of a segment: short enough for a tangent, long enough for a difference of doubles. */
static const double STEP = 1e-4;

static const double GRID = 100; /* of a millimetre */

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

void curve_begin(struct art_pen *pen)
{
	const struct art_matrix m = { 1 / GRID, 0, 0, 1 / GRID, 0, 0 };

	art_shift(pen, &m);
}

void curve_end(struct art_pen *pen, double width_mm)
{
	art_stroke(pen, width_mm * GRID);
	art_unshift(pen);
}

static double grid(double mm)
{
	return round(mm * GRID);
}

void curve_draw(struct art_pen *pen, const struct curve *c, double from, double to, int segments)
{
	double h = (to - from) / segments;
	struct spot p = spot_at(c, from, h * STEP);

	art_move(pen, grid(p.x), grid(p.y));
	for (int i = 1; i <= segments; i++) {
		struct spot q = spot_at(c, from + i * h, h * STEP);
		const double points[6] = {
			grid(p.x + p.dx * h / 3),
			grid(p.y + p.dy * h / 3),
			grid(q.x - q.dx * h / 3),
			grid(q.y - q.dy * h / 3),
			grid(q.x),
			grid(q.y),
		};

		art_curve(pen, points);
		p = q;
	}
}
