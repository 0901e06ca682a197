/* SPDX-License-Identifier: Apache-2.0 */
#include "form/letter.h"

#include <math.h>

/* Where the outline goes: to the grid from font units. */
struct nib {
	struct art_pen *pen;
	double scale;
};

static double grid(const struct nib *n, double v)
{
	return round(v * n->scale);
}

static void nib_move(void *self, double x, double y)
{
	struct nib *n = self;

	art_move(n->pen, grid(n, x), grid(n, y));
}

static void nib_line(void *self, double x, double y)
{
	struct nib *n = self;

	art_line(n->pen, grid(n, x), grid(n, y));
}

static void nib_cubic(void *self, double x1, double y1, double x2, double y2, double x3, double y3)
{
	struct nib *n = self;
	const double points[6] = { grid(n, x1), grid(n, y1), grid(n, x2),
				   grid(n, y2), grid(n, x3), grid(n, y3) };

	art_curve(n->pen, points);
}

static void nib_close(void *self)
{
	struct nib *n = self;

	art_close(n->pen);
}

bool letter_draw(struct art_pen *pen, const struct face *face, uint32_t gid, double units,
		 const struct art_matrix *at, struct err *e)
{
	struct nib n = { .pen = pen, .scale = units / face_metrics(face)->units_per_em };
	const struct outline_sink sink = { .self = &n,
					   .move = nib_move,
					   .line = nib_line,
					   .cubic = nib_cubic,
					   .close = nib_close };
	const struct art_matrix em = { 1 / units, 0, 0, 1 / units, 0, 0 };
	const struct art_matrix m = art_both(em, *at);
	bool ok;

	art_shift(pen, &m);
	ok = face_outline(face, gid, &sink, e);
	art_fill(pen, false);
	art_unshift(pen);
	return ok;
}
