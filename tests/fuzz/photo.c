/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <stdlib.h>

#include "paper/image.h"
#include "paper/segments.h"

enum { PIXELS_QUICK = 1 << 18 }; /* larger pictures are right, but slow */

static bool slow(struct str file)
{
	const unsigned char *p = (const unsigned char *)file.p;
	unsigned long long width = 0, height = 0;
	struct segments s;
	struct err e;

	if (segments_read(file, &s, &e)) {
		width = s.width;
		height = s.height;
	} else if (file.n >= 24) { /* of a PNG: IHDR comes first */
		for (int i = 0; i < 4; i++) {
			width = width << 8 | p[16 + i];
			height = height << 8 | p[20 + i];
		}
	}
	return width <= IMAGE_SIDE_MAX && height <= IMAGE_SIDE_MAX && width * height > PIXELS_QUICK;
}

/* A refusal is an answer about the file, with its code; nothing of the machine has failed. */
static void check_refusal(const struct err *e)
{
	if (e->kind != ERR_INPUT || e->code[0] == '\0')
		abort();
}

static void check_image(const struct image *image)
{
	struct segments s;
	struct err e;

	if (image->width < 1 || image->height < 1 || image->width > IMAGE_SIDE_MAX ||
	    image->height > IMAGE_SIDE_MAX || image->data.n == 0)
		abort();
	if (image->filter != IMAGE_DCT)
		return;
	/* What was stripped reads as what it was, and has nothing left to strip. */
	if (!segments_read(buf_view(&image->data), &s, &e) || s.width != image->width ||
	    s.height != image->height || (s.components == 1) != image->gray || s.orientation != 1)
		abort();
	struct buf again = buf_empty(image->data.n + 1);
	segments_strip(buf_view(&image->data), &s, &again);
	if (!str_eq(buf_view(&again), buf_view(&image->data)))
		abort();
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str file = str_bytes(data, size);
	struct image image = image_empty();
	struct err e;

	if (slow(file))
		return 0;
	if (!image_check(file, &e)) {
		check_refusal(&e);
		if (!image_read(file, &image, &e))
			check_refusal(&e);
	} else if (!image_read(file, &image, &e)) {
		abort();
	} else {
		check_image(&image);
	}
	image_free(&image);
	return 0;
}
