/* SPDX-License-Identifier: Apache-2.0 */
#include "form/photo.h"

#include "base/enc.h"
#include "base/hash.h"

static const double CUT_MAX =
	1.0 / 7; /* of the photo: a strip beside the shoulders or above the hair */

static bool file_judge(const struct photo_input *in, struct err *e)
{
	const struct str *fact = facts_lookup(in->facts, PHOTO_FACT);
	unsigned char named[SHA256_SIZE], hash[SHA256_SIZE];

	if (fact == NULL || !enc_unhex(*fact, named, sizeof named))
		return err_system(e, "a photo is drawn that no fact names");
	sha256_of(in->file, hash);
	return memcmp(named, hash, sizeof hash) == 0 ||
	       err_system(e, "the photo is not the one the facts name");
}

/* A box of that width and height around the middle of `place`. */
static struct paper_box middle(struct paper_box place, double width, double height)
{
	double x = (place.left + place.right - width) / 2;
	double y = (place.top + place.bottom - height) / 2;

	return (struct paper_box){ x, y, x + width, y + height };
}

bool photo_draw(struct paper *paper, const struct element_photo *at, const struct photo_input *in,
		struct err *e)
{
	struct paper_box place = { at->x, at->y, at->x + at->width, at->y + at->height }, box;
	double across, down, larger, smaller, scale;

	if (in->hold->data.n == 0 && (!file_judge(in, e) || !image_read(in->file, in->hold, e)))
		return false;
	/* Millimetres a pixel that make it as wide, and as high, as its place. */
	across = at->width / in->hold->width;
	down = at->height / in->hold->height;
	larger = across > down ? across : down;
	smaller = across > down ? down : across;
	scale = 1 - smaller / larger <= CUT_MAX ? larger : smaller;
	box = middle(place, in->hold->width * scale, in->hold->height * scale);
	paper_image(paper, in->hold, box, scale == larger ? place : box);
	return true;
}
