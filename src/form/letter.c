/* SPDX-License-Identifier: Apache-2.0 */
#include "form/letter.h"

#include <math.h>

/* Where the outline goes: to the grid from font units. */
struct nib {
	struct art_pen *pen;
	double scale;
	double x, y; /* where it stands, on the grid */
};

static double grid(const struct nib *n, double v)
{
	return round(v * n->scale);
}

static void nib_move(void *self, double x, double y)
{
	struct nib *n = self;

	n->x = grid(n, x);
	n->y = grid(n, y);
	art_move(n->pen, n->x, n->y);
}

/* A way of no length says nothing. */
static void line_to(struct nib *n, double x, double y)
{
	if (x == n->x && y == n->y)
		return;
	art_line(n->pen, x, y);
	n->x = x;
	n->y = y;
}

static void nib_line(void *self, double x, double y)
{
	struct nib *n = self;

	line_to(n, grid(n, x), grid(n, y));
}

/* The point is within one unit of the grid of the way from where the nib stands to (x, y), and beside it. */
static bool beside(const struct nib *n, const double point[2], double x, double y)
{
	double wx = x - n->x, wy = y - n->y, px = point[0] - n->x, py = point[1] - n->y;
	double across = wx * py - wy * px, along = wx * px + wy * py, square = wx * wx + wy * wy;

	return across * across <= square && along >= 0 && along <= square;
}

/* A curve that strays less from its chord than the grid from the outline is drawn as a line: it takes a third. */
static void nib_cubic(void *self, const double points[6])
{
	struct nib *n = self;
	double p[6];

	for (size_t i = 0; i < COUNT_OF(p); i++)
		p[i] = grid(n, points[i]);
	if (beside(n, p, p[4], p[5]) && beside(n, p + 2, p[4], p[5])) {
		line_to(n, p[4], p[5]);
		return;
	}
	art_curve(n->pen, p);
	n->x = p[4];
	n->y = p[5];
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

bool letter_line(struct art_pen *pen, const struct shaped *line, const struct letter_size *size,
		 const struct art_matrix *at, struct err *e)
{
	double x = 0;

	for (size_t r = 0; r < line->count; r++) {
		const struct glyph_run *run = &line->runs[r];

		for (size_t i = 0; i < run->count; i++) {
			const struct glyph *g = &run->glyphs[i];
			const struct art_matrix upright = { size->em,
							    0,
							    0,
							    -size->em,
							    x + g->x_offset * size->em / 1000,
							    -g->y_offset * size->em / 1000 };
			const struct art_matrix m = art_both(upright, *at);

			if (!letter_draw(pen, run->face, g->gid, size->grid, &m, e))
				return false;
			x += g->advance * size->em / 1000 + size->tracking;
		}
	}
	return true;
}
