/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_PATHDATA_H
#define HUFU_FORM_PATHDATA_H

#include "paper/art.h"

/*
 * Path data (SVG 1.1 §8.3) with the commands M L H V C S Q T Z in both cases; arcs (A) are refused.  Every point is
 * moved by *m, then drawn; nothing is painted.  The bytes are hostile.  Faults are ERR_INPUT SVG-PATH, with the number of
 * the byte.  Private to form/.
 */
bool pathdata_draw(struct art_pen *pen, struct str data, const struct art_matrix *m,
		   struct err *e) MUST_CHECK;

/*
 * Cut a number (§4.2: sign, digits, fraction, exponent) and the white space and one comma behind it off the front.
 * False when there is none, or it is beyond ±1,000,000.
 */
bool pathdata_number(struct str *rest, double *out) MUST_CHECK;

#endif
