/* SPDX-License-Identifier: Apache-2.0 */
#include "form/microtext.h"

#include <float.h>
#include <math.h>

#include "form/letter.h"

enum {
	LINES_MAX = 16,
	KEY_MAX = 64,
	REPEAT_MAX = 400,
	GRID = 100 /* of an em: at 2 pt, 7 µm */
};

static const double MM_PER_PT = 25.4 / 72, PI = 3.14159265358979323846;

/* From (x, y), `length` millimetres in the direction `angle`. */
struct run {
	double x, y, length, angle;
	int count; /* of phrases */
};

static bool run_read(const struct json *o, struct run *out, struct err *e)
{
	static const char *const keys[] = { "x", "y", "length", "angle", NULL };
	double degrees;

	if (!json_only(o, keys, e) ||
	    !style_number(o, "x", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &out->x, e) ||
	    !style_number(o, "y", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &out->y, e) ||
	    !style_number(o, "length", 1, LAYOUT_MM_MAX, &out->length, e) ||
	    !style_number_or(o, "angle", -360, 360, 0, &degrees, e))
		return false;
	out->angle = degrees * PI / 180;
	return true;
}

static size_t glyph_count(const struct shaped *line)
{
	size_t n = 0;

	for (size_t r = 0; r < line->count; r++)
		n += line->runs[r].count;
	return n;
}

/*
 * How often the phrase goes into each run, and the width it must have for that: the runs differ, so the mean of what they
 * ask for; the rest is stretched away.
 */
static double pitch_for(struct run *runs, size_t count, double natural)
{
	double narrow = (double)INFINITY, wide = 0;

	for (size_t i = 0; i < count; i++) {
		double n = fmin(fmax(round(runs[i].length / natural), 1), REPEAT_MAX);

		runs[i].count = (int)n;
		narrow = fmin(narrow, runs[i].length / n);
		wide = fmax(wide, runs[i].length / n);
	}
	return sqrt(narrow * wide);
}

static bool runs_make(const struct layout_tools *t, const struct shaped *line,
		      const struct style *style, struct run *runs, size_t count,
		      const struct art **out, struct err *e)
{
	double em_mm = style->size_pt * MM_PER_PT, natural, pitch;
	struct letter_size size = { .em = em_mm, .grid = GRID };
	const struct art_matrix origin = art_turn(0, 0, 0);
	const struct art *phrase;
	size_t glyphs = glyph_count(line);

	if (glyphs == 0)
		return err_input(e, "JSON-LENGTH", "must hold letters");
	natural = (line->width + style->text.tracking) * em_mm / 1000; /* behind the last, too */
	pitch = pitch_for(runs, count, natural);
	size.tracking = (pitch - natural) / (double)glyphs;
	art_begin(t->pen);
	if (!letter_line(t->pen, line, &size, &origin, e) ||
	    !art_end(t->pen, t->set.arena, &phrase, e))
		return false;
	art_begin(t->pen);
	art_ink(t->pen, style->ink);
	for (size_t i = 0; i < count; i++) {
		struct art_matrix line_at = art_turn(runs[i].angle, runs[i].x, runs[i].y);
		double step = runs[i].length / runs[i].count;

		for (int k = 0; k < runs[i].count; k++) {
			struct art_matrix m = { step / pitch, 0, 0, 1, k * step, 0 };

			m = art_both(m, line_at);
			art_put(t->pen, phrase, &m);
		}
	}
	return art_end(t->pen, t->set.arena, out, e);
}

bool microtext_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		    struct element_art *out, struct err *e)
{
	static const char *const keys[] = { "kind",  "when",  "unless", "string",
					    "style", "lines", NULL };
	const struct style *style;
	const struct json *list;
	struct run runs[LINES_MAX];
	struct shaped line;
	struct str key, text;

	if (!json_only(o, keys, e) || !json_string(o, "string", 1, KEY_MAX, &key, e) ||
	    !style_named(&l->palette, o, "style", &style, e) ||
	    !json_array(o, "lines", LINES_MAX, &list, e))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!run_read(&list->items[i], &runs[i], e)) {
			err_at(e, "/%zu", i);
			return err_at(e, "/lines");
		}
	}
	out->at = art_turn(0, 0, 0);
	out->layer = PAPER_GROUND;
	if (!layout_constant(l, key, t->set.arena, &text, e) ||
	    !shape_line(t->set.shaper, t->set.arena, &style->text, text, &line, e) ||
	    !runs_make(t, &line, style, runs, list->count, &out->art, e))
		return err_at(e, "/string");
	return true;
}
