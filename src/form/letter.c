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

static void nib_cubic(void *self, const double points[6])
{
	struct nib *n = self;
	double on_grid[6];

	for (size_t i = 0; i < COUNT_OF(on_grid); i++)
		on_grid[i] = grid(n, points[i]);
	art_curve(n->pen, on_grid);
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
