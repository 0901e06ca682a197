/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_PIXELS_H
#define HUFU_PAPER_PIXELS_H

#include "base/attr.h"
#include "base/err.h"

/* A picture in memory: rows from the top, `channels` bytes a pixel (1 gray, 3 RGB), nothing between.  Private to paper/. */
struct pixels {
	unsigned width, height, channels;
	unsigned char *p;
};

/* Room for a picture of at least one pixel; the caller frees. */
bool pixels_new(struct pixels *out, unsigned width, unsigned height, unsigned channels,
		struct err *e) MUST_CHECK;
void pixels_free(struct pixels *px); /* accepts an empty one */

/*
 * Make it smaller by the least whole factor that brings both sides to `side` or less, each pixel the mean of the square
 * it stands for.  What is left of a square at the right and lower edge is cut; a strip thinner than a square stays as it is.
 */
void pixels_shrink(struct pixels *px, unsigned side);

#endif
