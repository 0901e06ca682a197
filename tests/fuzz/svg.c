/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer: any bytes as a drawing; the first byte says whether only the red of seals may be used.  A refusal is about
 * the drawing and names its line; a drawing that is taken has a box on some page.
 */
#include <math.h>
#include <stdlib.h>

#include "form/svg.h"
#include "fuzz/fuzz.h"

enum { ROOM = 16 * 1024 * 1024 };

static void demand(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct art_pen
		*pen; /* making one takes longer than a drawing; it forgets the one before */
	static const struct paper_ink red = { .r = 0xBF, .g = 0x12, .b = 0x19 };
	struct svg_target target = { .name = "x.svg", .width = 45 };
	struct arena *a = arena_new(ROOM);
	const struct art *art;
	double height;
	struct err e;

	if (pen == NULL)
		pen = art_pen_new();
	demand(a != NULL && pen != NULL);
	if (size > 0) {
		target.only = data[0] % 2 == 0 ? &red : NULL;
		e = (struct err){ 0 };
		art_begin(pen);
		if (!svg_draw(pen, str_bytes(data + 1, size - 1), &target, &height, &e)) {
			demand(e.kind == ERR_INPUT && e.code[0] != '\0');
			demand(str_starts(str_of(e.place), STR("x.svg")));
		} else if (art_end(pen, a, &art, &e)) {
			demand(height > 0 && isfinite(art->box.left) && isfinite(art->box.bottom));
			demand(art->box.left <= art->box.right && art->box.top <= art->box.bottom);
		}
	}
	arena_free(a);
	return 0;
}
