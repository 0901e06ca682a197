/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_PHOTO_H
#define HUFU_FORM_PHOTO_H

#include "form/layout.h"

/* The fact that says which photo is printed: the SHA-256 of its file, in hexadecimal digits.  Private to form/. */
#define PHOTO_FACT STR("photo_sha256")

struct photo_input {
	const struct facts *facts;
	struct str file; /* has passed image_check */
	struct image *hold;
};

/*
 * Draw the photo into its place on the open element.  It fills the place, cut evenly on two sides, when that takes no
 * more than a seventh of it; else it stands whole in the middle.  `hold` keeps it till the document is written, and is
 * empty at the document's beginning.  A file that is not the one the facts name is ERR_SYSTEM.
 */
bool photo_draw(struct paper *paper, const struct element_photo *at, const struct photo_input *in,
		struct err *e) MUST_CHECK;

#endif
