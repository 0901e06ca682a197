/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_IMAGE_H
#define HUFU_PAPER_IMAGE_H

#include "base/buf.h"

/*
 * A photo as a PDF holds it (ISO 32000-1 §8.9.5): eight bits a sample, gray or RGB, and nothing of the file but the
 * picture: no Exif, no place, no profile, no comment, no thumbnail.  Colours are taken as sRGB.
 */
enum {
	IMAGE_FILE_MAX = 4 * 1024 * 1024,
	IMAGE_SIDE_MAX = 6000,         /* pixels */
	IMAGE_PIXELS_MAX = 24000000,   /* width × height */
	IMAGE_PRINT_SIDE = 1200,       /* 600 dpi of 50 mm: what is larger is scaled down */
	IMAGE_BYTES_GOOD = 300 * 1024, /* what would take more in the document is encoded anew */
};

enum image_filter { IMAGE_FLATE, IMAGE_DCT };

struct image {
	unsigned width, height;
	bool gray;
	enum image_filter filter;
	struct buf data; /* encoded by the filter */
};

struct image image_empty(void);
void image_free(struct image *image); /* accepts an empty one */

/*
 * Is the file a whole JPEG or PNG within the limits?  Every pixel is decoded.  The bytes are hostile: dimensions are
 * judged before anything is allocated.  Refusals are ERR_INPUT:
 *   PHOTO-FORM    neither JPEG nor PNG, 16 bits, CMYK, or a kind few programs show
 *   PHOTO-BROKEN  damaged or cut off
 *   PHOTO-SIZE    too many bytes or pixels
 *   PHOTO-TURNED  its Exif data says that it must be turned to stand upright
 */
bool image_check(struct str file, struct err *e) MUST_CHECK;

/*
 * What the document gets of a file that image_check has passed; of any other, still a picture or a refusal.  A JPEG that
 * is small enough stays as it is but for its metadata; a PNG is decoded, over white, and compressed; what is too large
 * is scaled down and encoded as JPEG.  *out is one image_empty made; what it held before is replaced.
 */
bool image_read(struct str file, struct image *out, struct err *e) MUST_CHECK;

#endif
