/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_SRGB_H
#define HUFU_PAPER_SRGB_H

#include "base/str.h"

/*
 * An ICC profile of sRGB (IEC 61966-2-1) for the output intent: version 4.2, matrix and one exact parametric curve
 * (ICC.1:2004-10 §10.15), 480 bytes instead of the 3 to 7 KB of the usual ones.  Constant.
 */
struct str srgb_profile(void);

#endif
