/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_CURVE_H
#define HUFU_FORM_CURVE_H

#include "paper/art.h"

/*
 * A smooth curve given by a formula, drawn as cubic Béziers that share its points and its tangents (Hermite form).
 * Private to form/.
 */
struct curve {
	void (*at)(const void *self, double t, double *x, double *y); /* millimetres */
	const void *self;
};

/*
 * Draw curves between the two, in hundredths of a millimetre: finer than any press, and half the bytes.  curve_end
 * strokes them.
 */
void curve_begin(struct art_pen *pen);
void curve_draw(struct art_pen *pen, const struct curve *c, double from, double to, int segments);
void curve_end(struct art_pen *pen, double width_mm);

#endif
