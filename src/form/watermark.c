/* SPDX-License-Identifier: Apache-2.0 */
#include "form/watermark.h"

#include "form/letter.h"

static const double MM_PER_PT = 25.4 / 72;

/* On A4; other pages have it as large as they allow.  Filled and pale: black text over it stays black on paper. */
static const double A4_WIDTH = 210, A4_HEIGHT = 297;
static const double CENTER_X = 124, CENTER_Y = 143; /* mm; clear of the code */
static const double DROP = 9;                       /* mm from the centre line to the baseline */
static const double SIZE_PT = 62;
static const double ANGLE = 52 * 3.14159265358979323846 / 180;
enum { GRID = 1000 }; /* of an em: what the fonts have */
static const struct str WORDS = { "SPECIMEN 样张", sizeof "SPECIMEN 样张" - 1 };
static const struct paper_ink INK = { .r = 0xDA, .g = 0xDC, .b = 0xDB };

/* The words, the middle of their baseline at the origin, one em of SIZE_PT. */
static bool lettering(struct art_pen *pen, const struct setting_tools *t, const struct art **out,
		      struct err *e)
{
	static const struct text_style style = { .role = "watermark",
						 .language = "zh-Hans",
						 .features = "kern" };
	const struct letter_size size = { .em = SIZE_PT * MM_PER_PT, .grid = GRID };
	struct art_matrix at = art_turn(0, 0, 0);
	struct shaped line;

	if (!shape_line(t->shaper, t->arena, &style, WORDS, &line, e))
		return false;
	at.e = -line.width * size.em / 1000 / 2;
	art_begin(pen);
	return letter_line(pen, &line, &size, &at, e) && art_end(pen, t->arena, out, e);
}

bool watermark_draw(struct paper *p, const struct layout *l, const struct setting_tools *t,
		    bool again, struct err *e)
{
	const struct paper_element paragraph = { .role = again ? PAPER_ARTIFACT : PAPER_P,
						 .lang = STR("zh-Hans"),
						 .actual = WORDS };
	double by_width = l->width / A4_WIDTH, by_height = l->height / A4_HEIGHT;
	double scale = by_width < by_height ? by_width : by_height;
	const struct art_matrix below = { scale, 0, 0, scale, 0, DROP * scale };
	const struct art_matrix at =
		art_both(below, art_turn(-ANGLE, l->width * CENTER_X / A4_WIDTH,
					 l->height * CENTER_Y / A4_HEIGHT));
	struct art_pen *pen = art_pen_new(); /* a specimen is one page at a time */
	const struct art *art;
	bool ok;

	if (pen == NULL)
		return err_memory(e, "a watermark");
	ok = lettering(pen, t, &art, e);
	art_pen_free(pen);
	if (!ok)
		return false;
	paper_open(p, &paragraph);
	paper_layer(p, PAPER_FACE);
	paper_art(p, art, &at, INK);
	paper_close(p);
	return true;
}
