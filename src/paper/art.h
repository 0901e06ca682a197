/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_ART_H
#define HUFU_PAPER_ART_H

#include "base/arena.h"
#include "base/hash.h"
#include "paper/paper.h"

/*
 * A vector drawing, made once and put on many documents: a Form XObject (ISO 32000-1 §8.10) whose compressed bytes go
 * into every file as they are.  Lengths are millimetres, y down, about an origin of its own.  It may place other art, so
 * that a motif is drawn once and repeated by matrices.  Read-only once made; any number of threads draw it.
 */
struct art {
	struct str stream;               /* zlib form of the operators */
	unsigned char hash[SHA256_SIZE]; /* of the operators and of all it places */
	struct paper_box box;            /* holds everything it draws */
	const struct art *const *parts;  /* what it places; /P0, /P1, … */
	size_t part_count;
	int depth; /* 1 for one that places nothing */
};

/* A point (x, y) goes to (a x + c y + e, b x + d y + f). */
struct art_matrix {
	double a, b, c, d, e, f;
};

/* Turned by `angle` (radians; clockwise, for y runs down), then moved to (x, y). */
struct art_matrix art_turn(double angle, double x, double y);

/* First `inner`, then `outer`. */
struct art_matrix art_both(struct art_matrix inner, struct art_matrix outer);

void art_point(const struct art_matrix *m, double *x, double *y);

enum { ART_PARTS_MAX = 32, ART_DEPTH_MAX = 4, ART_BYTES_MAX = 4 << 20 };

/* What art is drawn with, one drawing after another.  Nothing fails before art_end. */
struct art_pen;
struct art_pen *art_pen_new(void) MUST_CHECK; /* NULL when memory ran out */
void art_pen_free(struct art_pen *pen);       /* accepts NULL */

/* Begin a drawing; one not ended is forgotten. */
void art_begin(struct art_pen *pen);

/* The ink of what follows; without it, that of the place where the art is put. */
void art_ink(struct art_pen *pen, struct paper_ink ink);

void art_round_ends(struct art_pen *pen, bool round); /* of open lines; butt when not said */

void art_move(struct art_pen *pen, double x, double y);
void art_line(struct art_pen *pen, double x, double y);
void art_curve(struct art_pen *pen, const double points[6]); /* two controls, then the end */
void art_close(struct art_pen *pen);
void art_circle(struct art_pen *pen, double x, double y, double r); /* a whole closed path */

/* Paint the path made since the last painting. */
void art_fill(struct art_pen *pen, bool even_odd);
void art_stroke(struct art_pen *pen, double width);

/* What is drawn between the two is moved by *m; they do not nest. */
void art_shift(struct art_pen *pen, const struct art_matrix *m);
void art_unshift(struct art_pen *pen);

/* Put art that outlives this one. */
void art_put(struct art_pen *pen, const struct art *part, const struct art_matrix *at);

/* The finished art lives in the arena. */
bool art_end(struct art_pen *pen, struct arena *a, const struct art **out,
	     struct err *e) MUST_CHECK;

#endif
