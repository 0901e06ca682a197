/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_EXIF_H
#define HUFU_PAPER_EXIF_H

#include "base/str.h"

/*
 * The Orientation (tag 0x0112) of the first directory of Exif data (CIPA DC-008 §4.6.4, TIFF 6.0 §2): 1 upright, 2 to 8
 * turned or mirrored; 1 when there is none or the data is no Exif.  `tiff` begins with "II" or "MM"; the bytes are
 * hostile.  Private to paper/.
 */
unsigned exif_orientation(struct str tiff);

#endif
