/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/art.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "paper/deflate.h"
#include "paper/num.h"
#include "paper/page.h"

/* Distance of a Bézier control point that turns a quarter circle: (4/3)(√2 − 1). */
static const double QUARTER = 0.5522847498;

static const struct art_matrix NOWHERE = { 1, 0, 0, 1, 0, 0 };

struct art_pen {
	struct deflater *deflater;
	struct buf ops, packed;
	const struct art *parts[ART_PARTS_MAX];
	size_t part_count;
	struct art_matrix shift;
	struct paper_box reach; /* of all points; empty while left > right */
	double margin;          /* half the widest line */
	const char *fault;
};

struct art_matrix art_turn(double angle, double x, double y)
{
	double c = cos(angle), s = sin(angle);

	return (struct art_matrix){ c, s, -s, c, x, y };
}

struct art_matrix art_both(struct art_matrix in, struct art_matrix out)
{
	return (struct art_matrix){
		out.a * in.a + out.c * in.b,         out.b * in.a + out.d * in.b,
		out.a * in.c + out.c * in.d,         out.b * in.c + out.d * in.d,
		out.a * in.e + out.c * in.f + out.e, out.b * in.e + out.d * in.f + out.f
	};
}

void art_point(const struct art_matrix *m, double *x, double *y)
{
	double across = *x;

	*x = m->a * across + m->c * *y + m->e;
	*y = m->b * across + m->d * *y + m->f;
}

struct art_pen *art_pen_new(void)
{
	struct art_pen *pen = calloc(1, sizeof *pen);

	if (pen == NULL)
		return NULL;
	pen->ops = buf_empty(ART_BYTES_MAX);
	pen->packed = buf_empty(ART_BYTES_MAX);
	pen->deflater = deflate_new(DEFLATE_ART);
	if (pen->deflater == NULL) {
		art_pen_free(pen);
		return NULL;
	}
	art_begin(pen);
	return pen;
}

void art_pen_free(struct art_pen *pen)
{
	if (pen == NULL)
		return;
	deflate_free(pen->deflater);
	buf_free(&pen->ops);
	buf_free(&pen->packed);
	free(pen);
}

void art_begin(struct art_pen *pen)
{
	buf_clear(&pen->ops);
	pen->part_count = 0;
	pen->shift = NOWHERE;
	pen->reach = (struct paper_box){ DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX };
	pen->margin = 0;
	pen->fault = NULL;
	buf_c(&pen->ops, "1 j\n");
}

void art_ink(struct art_pen *pen, struct paper_ink ink)
{
	page_ink(&pen->ops, ink, false);
	page_ink(&pen->ops, ink, true);
}

void art_round_ends(struct art_pen *pen, bool round)
{
	buf_c(&pen->ops, round ? "1 J\n" : "0 J\n");
}

/* ---- paths ---- */

static void reach(struct art_pen *pen, double x, double y)
{
	struct paper_box *box = &pen->reach;

	art_point(&pen->shift, &x, &y);
	box->left = fmin(box->left, x);
	box->top = fmin(box->top, y);
	box->right = fmax(box->right, x);
	box->bottom = fmax(box->bottom, y);
}

static void point_put(struct art_pen *pen, double x, double y)
{
	reach(pen, x, y);
	num_put(&pen->ops, x);
	buf_byte(&pen->ops, ' ');
	num_put(&pen->ops, y);
	buf_byte(&pen->ops, ' ');
}

void art_move(struct art_pen *pen, double x, double y)
{
	point_put(pen, x, y);
	buf_c(&pen->ops, "m\n");
}

void art_line(struct art_pen *pen, double x, double y)
{
	point_put(pen, x, y);
	buf_c(&pen->ops, "l\n");
}

void art_curve(struct art_pen *pen, const double points[6])
{
	for (int i = 0; i < 6; i += 2)
		point_put(pen, points[i], points[i + 1]);
	buf_c(&pen->ops, "c\n");
}

void art_close(struct art_pen *pen)
{
	buf_c(&pen->ops, "h\n");
}

void art_circle(struct art_pen *pen, double x, double y, double r)
{
	static const int turn[5][2] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 }, { 1, 0 } };

	art_move(pen, x + r, y);
	for (int i = 0; i < 4; i++) {
		const int *from = turn[i], *to = turn[i + 1];
		double points[6] = { x + r * (from[0] + QUARTER * to[0]),
				     y + r * (from[1] + QUARTER * to[1]),
				     x + r * (to[0] + QUARTER * from[0]),
				     y + r * (to[1] + QUARTER * from[1]),
				     x + r * to[0],
				     y + r * to[1] };

		art_curve(pen, points);
	}
	art_close(pen);
}

void art_fill(struct art_pen *pen, bool even_odd)
{
	buf_c(&pen->ops, even_odd ? "f*\n" : "f\n");
}

void art_stroke(struct art_pen *pen, double width)
{
	num_put(&pen->ops, width);
	buf_c(&pen->ops, " w S\n");
	pen->margin = fmax(pen->margin, width / 2 * hypot(pen->shift.a, pen->shift.b));
}

/* ---- places ---- */

static void matrix_put(struct art_pen *pen, const struct art_matrix *m)
{
	const double values[] = { m->a, m->b, m->c, m->d };

	buf_c(&pen->ops, "q ");
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		num_fine(&pen->ops, values[i]);
		buf_byte(&pen->ops, ' ');
	}
	num_put(&pen->ops, m->e);
	buf_byte(&pen->ops, ' ');
	num_put(&pen->ops, m->f);
	buf_c(&pen->ops, " cm\n");
}

void art_shift(struct art_pen *pen, const struct art_matrix *m)
{
	pen->shift = *m;
	matrix_put(pen, m);
}

void art_unshift(struct art_pen *pen)
{
	pen->shift = NOWHERE;
	buf_c(&pen->ops, "Q\n");
}

void art_put(struct art_pen *pen, const struct art *part, const struct art_matrix *at)
{
	const double across[] = { part->box.left, part->box.right };
	const double down[] = { part->box.top, part->box.bottom };
	size_t i = 0;

	while (i < pen->part_count && pen->parts[i] != part)
		i++;
	if (i == ART_PARTS_MAX) {
		pen->fault = "too many parts in a drawing";
		return;
	}
	if (i == pen->part_count)
		pen->parts[pen->part_count++] = part;
	art_shift(pen, at);
	for (int corner = 0; corner < 4; corner++)
		reach(pen, across[corner & 1], down[corner >> 1]);
	buf_c(&pen->ops, "/P");
	buf_uint(&pen->ops, i);
	buf_c(&pen->ops, " Do ");
	art_unshift(pen);
}

/* ---- the end ---- */

static void hash_make(const struct art_pen *pen, unsigned char out[SHA256_SIZE])
{
	struct str parts[ART_PARTS_MAX + 1] = { buf_view(&pen->ops) };

	for (size_t i = 0; i < pen->part_count; i++)
		parts[i + 1] = str_bytes(pen->parts[i]->hash, SHA256_SIZE);
	sha256_labelled("hufu/1/art", parts, pen->part_count + 1, out);
}

static bool parts_keep(const struct art_pen *pen, struct arena *a, struct art *art, struct err *e)
{
	const struct art **parts = arena_array(a, pen->part_count, sizeof *parts, e);

	if (parts == NULL)
		return false;
	art->depth = 1;
	for (size_t i = 0; i < pen->part_count; i++) {
		parts[i] = pen->parts[i];
		if (parts[i]->depth >= art->depth)
			art->depth = parts[i]->depth + 1;
	}
	art->parts = parts;
	art->part_count = pen->part_count;
	return art->depth <= ART_DEPTH_MAX ||
	       err_system(e, "a drawing in a drawing more than %d deep", ART_DEPTH_MAX);
}

bool art_end(struct art_pen *pen, struct arena *a, const struct art **out, struct err *e)
{
	struct art *art = arena_alloc(a, sizeof *art, e);
	const struct paper_box *reached = &pen->reach;

	if (art == NULL)
		return false;
	if (pen->fault != NULL)
		return err_system(e, "%s", pen->fault);
	if (!buf_ok(&pen->ops, "a drawing", e))
		return false;
	buf_clear(&pen->packed);
	deflate_put(pen->deflater, &pen->packed, buf_view(&pen->ops));
	if (!buf_ok(&pen->packed, "a drawing", e) ||
	    !arena_str(a, buf_view(&pen->packed), &art->stream, e) || !parts_keep(pen, a, art, e))
		return false;
	hash_make(pen, art->hash);
	if (reached->left <= reached->right)
		art->box =
			(struct paper_box){ reached->left - pen->margin, reached->top - pen->margin,
					    reached->right + pen->margin,
					    reached->bottom + pen->margin };
	*out = art;
	return true;
}
