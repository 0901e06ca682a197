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

struct curve_span {
	double from, to;
	int segments;
};

/*
 * Draw curves between the two, in hundredths of a millimetre: finer than any press, and half the bytes.  curve_end
 * strokes them.
 */
void curve_begin(struct art_pen *pen);
void curve_draw(struct art_pen *pen, const struct curve *c, const struct curve_span *s);
void curve_end(struct art_pen *pen, double width_mm);

/*
 * A curve as a filled band: for what is turned.  Viewers that draw with cairo make a line of less than a pixel thinner by
 * its angle, and nothing at 45°.
 */
void curve_band(struct art_pen *pen, const struct curve *c, const struct curve_span *s,
		double width_mm);

#endif
