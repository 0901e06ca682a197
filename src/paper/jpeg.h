/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_JPEG_H
#define HUFU_PAPER_JPEG_H

#include "base/buf.h"
#include "paper/pixels.h"

/* Pixels of JPEG files and JPEG files of pixels, by libjpeg.  Its jumps do not leave this file.  Private to paper/. */

/*
 * Decode all of a file that segments_strip made; its size is the caller's to judge.  The picture is scaled down in
 * eighths to at most `side` pixels a side where that is possible.  Damage that libjpeg would paint over is refused
 * (PHOTO-BROKEN).  The caller frees.
 */
bool jpeg_decode(struct str file, unsigned side, struct pixels *out, struct err *e) MUST_CHECK;

/*
 * Append a baseline JPEG of these pixels, without metadata; an Adobe segment tells the colours.  `quality` 1 to 100 as
 * libjpeg counts.
 */
bool jpeg_encode(const struct pixels *px, int quality, struct buf *out, struct err *e) MUST_CHECK;

#endif
