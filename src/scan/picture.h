/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SCAN_PICTURE_H
#define HUFU_SCAN_PICTURE_H

#include "base/arena.h"

enum picture_kind { PICTURE_NONE, PICTURE_PNG, PICTURE_JPEG };

enum {
	PICTURE_SIDE_MAX = 20000,      /* pixels */
	PICTURE_PIXELS_MAX = 50000000, /* width × height */
	PICTURE_CODES_MAX = 16         /* distinct texts taken from one picture */
};

/* By the first bytes (PNG §5.2 signature, JPEG SOI). */
enum picture_kind picture_sniff(struct str bytes);

/* A decoded picture: width × height bytes, 0 black, 255 white, rows from the top; transparency over white. */
struct picture {
	unsigned width, height;
	unsigned char *gray;
};

/*
 * Decode a whole PNG or JPEG.  The bytes are hostile: dimensions are judged before anything is allocated, a corrupt or
 * cut file is ERR_INPUT (PICTURE-BROKEN), one past the limits ERR_INPUT (PICTURE-TOO-LARGE).  The caller frees.
 */
bool picture_decode(struct str bytes, struct picture *out, struct err *e) MUST_CHECK;
void picture_free(struct picture *p); /* accepts an empty one */

/*
 * The distinct texts of all QR codes found in a PNG or JPEG, in the order found, at most PICTURE_CODES_MAX; none is
 * success with *count == 0.  When nothing is found as it stands, the picture is tried at half and double size.
 */
bool picture_codes(struct arena *a, struct str bytes, struct str **texts, size_t *count,
		   struct err *e) MUST_CHECK;

#endif
