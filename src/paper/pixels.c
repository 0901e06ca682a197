/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/pixels.h"

#include <stdlib.h>

bool pixels_new(struct pixels *out, unsigned width, unsigned height, unsigned channels,
		struct err *e)
{
	*out = (struct pixels){ .width = width, .height = height, .channels = channels };
	out->p = calloc((size_t)width * channels, height);
	return out->p != NULL || err_memory(e, "a picture");
}

void pixels_free(struct pixels *px)
{
	free(px->p);
	*px = (struct pixels){ 0 };
}

/* The mean of the n × n samples of one channel, from `at` on. */
static unsigned char mean(const struct pixels *px, size_t at, unsigned n)
{
	unsigned sum = n * n / 2;

	for (unsigned y = 0; y < n; y++)
		for (unsigned x = 0; x < n; x++)
			sum += px->p[at + ((size_t)y * px->width + x) * px->channels];
	return (unsigned char)(sum / (n * n));
}

void pixels_shrink(struct pixels *px, unsigned side)
{
	unsigned longer = px->width > px->height ? px->width : px->height;
	unsigned n = (longer + side - 1) / side;
	unsigned width = px->width / n, height = px->height / n;
	size_t to = 0;

	if (n < 2 || width == 0 || height == 0)
		return;
	/* In place: no square is written over before it has been read. */
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++)
			for (size_t c = 0; c < px->channels; c++)
				px->p[to++] =
					mean(px, (y * n * px->width + x * n) * px->channels + c, n);
	px->width = width;
	px->height = height;
}
