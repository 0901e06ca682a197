/* SPDX-License-Identifier: Apache-2.0 */
#include "form/watermark.h"

#include <math.h>

static const double MM_PER_PT = 25.4 / 72;

/* On A4; other pages have it as large as they allow.  Filled and pale: black text over it stays black on paper. */
static const double A4_WIDTH = 210, A4_HEIGHT = 297;
static const double CENTER_X = 124, CENTER_Y = 143; /* mm; clear of the code */
static const double DROP = 9;                       /* mm from the centre line to the baseline */
static const double SIZE_PT = 62;
static const double ANGLE = 52 * 3.14159265358979323846 / 180;
static const struct paper_ink INK = { .r = 0xDA, .g = 0xDC, .b = 0xDB };

bool watermark_draw(struct paper *p, const struct layout *l, const struct setting_tools *t,
		    struct err *e)
{
	static const struct text_style style = { .role = "watermark",
						 .language = "zh-Hans",
						 .features = "kern" };
	const struct paper_element paragraph = { .role = PAPER_P };
	double by_width = l->width / A4_WIDTH, by_height = l->height / A4_HEIGHT;
	double scale = by_width < by_height ? by_width : by_height;
	struct paper_text text = { .size_pt = SIZE_PT * scale,
				   .ink = INK,
				   .angle = ANGLE,
				   .lang = STR("zh-Hans"),
				   .fixed = true };
	struct shaped line;
	double half;

	if (!shape_line(t->shaper, t->arena, &style, STR("SPECIMEN 样张"), &line, e))
		return false;
	half = line.width * text.size_pt / 1000 * MM_PER_PT / 2;
	text.line = &line;
	text.x = l->width * CENTER_X / A4_WIDTH - half * cos(ANGLE) + DROP * scale * sin(ANGLE);
	text.y = l->height * CENTER_Y / A4_HEIGHT + half * sin(ANGLE) + DROP * scale * cos(ANGLE);
	paper_open(p, &paragraph);
	paper_layer(p, PAPER_FACE);
	paper_text(p, &text);
	paper_close(p);
	return true;
}
