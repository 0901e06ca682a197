/* SPDX-License-Identifier: Apache-2.0 */
#include "form/seal.h"

#include <math.h>
#include <stdlib.h>

#include "base/enc.h"
#include "form/letter.h"
#include "form/svg.h"

enum {
	SEALS_ARENA_MAX = 256 << 20,
	GLYPHS_MAX = 64,
	HAN_MAX = 16,
	FIRST_HAN = 0x2E80, /* of the characters that are set in squares */
	STAR_POINTS = 5,
	GRID = 1000
};

static const double PI = 3.14159265358979323846;

/* Of the diameter. */
static const double RING_WIDTH = 0.026, RING_RADIUS = 0.487;
static const double STAR_RADIUS = 0.15,
		    STAR_INNER = 0.381966; /* of the star's: a regular pentagram */
static const double HAN_EM = 0.128, HAN_FOOT = 0.316, HAN_BASELINE = 0.12; /* the last of the em */
static const double LATIN_EM = 0.115, LATIN_EM_MIN = 0.08, LATIN_FOOT = 0.405; /* small capitals */
static const double LATIN_GAP = 0.06;                                          /* of the em */
static const double LATIN_SPAN_MAX = 330;

/* How a name of so many characters goes around: degrees from the first to the last, and width of the em. */
static const struct {
	size_t upto;
	double span, condensed;
} arcs[] = { { 10, 206, 0.86 }, { 13, 216, 0.78 }, { HAN_MAX, 232, 0.66 } };

static const double STEP_MAX = 25.75; /* degrees between characters: nine of them on 206 */

struct seal {
	struct str names[2];
	const struct art *art;
};

struct seals {
	struct arena *arena;
	struct seal *items;
	size_t count;
};

struct maker {
	struct shaper *shaper;
	struct arena *scratch;
	struct art_pen *pen;
	struct seals *seals;
};

/* ---- drawn seals ---- */

static void ring_draw(struct art_pen *pen)
{
	art_circle(pen, 0, 0, RING_RADIUS * SEAL_NOMINAL);
	art_stroke(pen, RING_WIDTH * SEAL_NOMINAL);
}

static void star_draw(struct art_pen *pen)
{
	for (int i = 0; i < 2 * STAR_POINTS; i++) {
		double angle = -PI / 2 + i * PI / STAR_POINTS;
		double r = STAR_RADIUS * SEAL_NOMINAL * (i % 2 == 0 ? 1 : STAR_INNER);

		if (i == 0)
			art_move(pen, r * cos(angle), r * sin(angle));
		else
			art_line(pen, r * cos(angle), r * sin(angle));
	}
	art_close(pen);
	art_fill(pen, false);
}

/* One letter whose middle stands at `angle` (from the top, clockwise), its baseline `radius` from the middle. */
struct letter {
	const struct face *face;
	const struct glyph *glyph;
	double angle, radius, em, condensed;
};

static bool letter_put(struct art_pen *pen, const struct letter *l, struct err *e)
{
	double across = l->em * l->condensed;
	const struct art_matrix upright = {
		across, 0, 0, -l->em, -across * l->glyph->width / 2000, -l->radius
	};
	const struct art_matrix at = art_both(upright, art_turn(l->angle, 0, 0));

	return letter_draw(pen, l->face, l->glyph->gid, GRID, &at, e);
}

/* The glyphs of a line in one row. */
struct row {
	struct letter letters[GLYPHS_MAX];
	size_t count;
};

static bool row_fill(const struct shaped *line, struct row *out, struct err *e)
{
	out->count = 0;
	for (size_t r = 0; r < line->count; r++) {
		for (size_t i = 0; i < line->runs[r].count; i++) {
			if (out->count == GLYPHS_MAX)
				return err_input(e, "SEAL-TOO-LONG",
						 "a drawn seal holds %d letters; supply its art",
						 GLYPHS_MAX);
			out->letters[out->count++] =
				(struct letter){ .face = line->runs[r].face,
						 .glyph = &line->runs[r].glyphs[i] };
		}
	}
	return true;
}

static bool han_draw(struct art_pen *pen, struct row *row, struct err *e)
{
	double em = HAN_EM * SEAL_NOMINAL, span, step;
	size_t i = 0, n = row->count;

	while (i < COUNT_OF(arcs) && n > arcs[i].upto)
		i++;
	if (i == COUNT_OF(arcs))
		return err_input(e, "SEAL-TOO-LONG",
				 "a drawn seal holds %d characters, not %zu; supply its art",
				 HAN_MAX, n);
	step = n > 1 ? fmin(arcs[i].span / (double)(n - 1), STEP_MAX) : 0;
	span = step * (double)(n - 1);
	for (size_t k = 0; k < n; k++) {
		struct letter *l = &row->letters[k];

		l->angle = (-span / 2 + (double)k * step) * PI / 180;
		l->radius = HAN_FOOT * SEAL_NOMINAL + HAN_BASELINE * em;
		l->em = em;
		l->condensed = arcs[i].condensed;
		if (!letter_put(pen, l, e))
			return false;
	}
	return true;
}

/* Letters as far apart as their widths ask for, the whole about the top; smaller when it would meet itself. */
static bool latin_draw(struct art_pen *pen, struct row *row, struct err *e)
{
	double radius = LATIN_FOOT * SEAL_NOMINAL, em = LATIN_EM * SEAL_NOMINAL, length = 0, x;

	for (size_t i = 0; i < row->count; i++)
		length += row->letters[i].glyph->advance / 1000.0 + LATIN_GAP;
	em = fmin(em, LATIN_SPAN_MAX * PI / 180 * radius / length);
	if (em < LATIN_EM_MIN * SEAL_NOMINAL)
		return err_input(e, "SEAL-TOO-LONG",
				 "the name does not go around a drawn seal; supply its art");
	x = -length * em / 2;
	for (size_t i = 0; i < row->count; i++) {
		struct letter *l = &row->letters[i];
		double width = (l->glyph->advance / 1000.0 + LATIN_GAP) * em;

		l->angle = (x + width / 2) / radius;
		l->radius = radius;
		l->em = em;
		l->condensed = 1;
		if (!letter_put(pen, l, e))
			return false;
		x += width;
	}
	return true;
}

static bool holds_han(struct str name)
{
	uint32_t c;
	size_t n;

	for (; name.n > 0; name = str_skip(name, n)) {
		n = enc_utf8(name, &c);
		if (n == 0 || c >= FIRST_HAN)
			return n > 0;
	}
	return false;
}

static bool drawn_make(struct maker *m, struct str name, struct err *e)
{
	bool han = holds_han(name);
	const struct text_style style = { .role = "song-bold",
					  .language = han ? "zh-Hans" : "en",
					  .features = han ? "kern" : "lnum,kern,-liga,c2sc,smcp" };
	struct shaped line;
	struct row row;

	ring_draw(m->pen);
	star_draw(m->pen);
	return shape_line(m->shaper, m->scratch, &style, name, &line, e) &&
	       row_fill(&line, &row, e) &&
	       (han ? han_draw(m->pen, &row, e) : latin_draw(m->pen, &row, e));
}

/* ---- supplied seals ---- */

static bool supplied_make(struct maker *m, const struct seal_order *o, struct err *e)
{
	static const struct paper_ink red = { .r = 0xBF, .g = 0x12, .b = 0x19 };
	const struct svg_target target = { .name = o->file, .width = SEAL_NOMINAL, .only = &red };
	double height;

	if (!svg_draw(m->pen, o->svg, &target, &height, e))
		return false;
	if (fabs(height - SEAL_NOMINAL) < 1e-6)
		return true;
	err_input(e, "SEAL-SQUARE", "a seal is as wide as it is high");
	return err_in(e, "%s", o->file);
}

/* ---- all of them ---- */

static bool seal_make(struct maker *m, const struct seal_order *o, struct seal *out, struct err *e)
{
	arena_reset(m->scratch);
	art_begin(m->pen);
	for (size_t i = 0; i < COUNT_OF(o->names); i++) {
		if (!arena_str(m->seals->arena, o->names[i], &out->names[i], e))
			return false;
	}
	if (!(o->svg.n > 0 ? supplied_make(m, o, e)
			   : drawn_make(m, o->names[o->names[0].n > 0 ? 0 : 1], e)))
		return false;
	return art_end(m->pen, m->seals->arena, &out->art, e);
}

bool seal_open(const struct fonts *fonts, const struct seal_order *orders, size_t count,
	       struct seals **out, struct err *e)
{
	struct seals *s = calloc(1, sizeof *s);
	struct maker m = { .seals = s };
	bool ok = false;

	if (s != NULL) {
		s->arena = arena_new(SEALS_ARENA_MAX);
		m.scratch = arena_new(SEALS_ARENA_MAX);
		m.shaper = shaper_new(fonts);
		m.pen = art_pen_new();
	}
	if (s == NULL || s->arena == NULL || m.scratch == NULL || m.shaper == NULL || m.pen == NULL)
		err_memory(e, "seals");
	else if (count > SEALS_MAX)
		err_input(e, "JSON-LENGTH", "has more than %d seals", SEALS_MAX);
	else
		ok = (s->items = arena_array(s->arena, count, sizeof *s->items, e)) != NULL;
	for (size_t i = 0; ok && i < count; i++) {
		ok = seal_make(&m, &orders[i], &s->items[i], e) || err_at(e, "/%zu", i);
		s->count = i + 1;
	}
	art_pen_free(m.pen);
	shaper_free(m.shaper);
	arena_free(m.scratch);
	if (ok)
		*out = s;
	else
		seal_free(s);
	return ok;
}

void seal_free(struct seals *s)
{
	if (s == NULL)
		return;
	arena_free(s->arena);
	free(s);
}

const struct art *seal_lookup(const struct seals *s, struct str name)
{
	for (size_t i = 0; s != NULL && i < s->count; i++) {
		for (size_t k = 0; k < COUNT_OF(s->items[i].names); k++) {
			if (name.n > 0 && str_eq(s->items[i].names[k], name))
				return s->items[i].art;
		}
	}
	return NULL;
}

void seal_hash(const struct seals *s, unsigned char out[SHA256_SIZE])
{
	static const struct str label = { "hufu/1/seals", sizeof "hufu/1/seals" - 1 };
	unsigned char so_far[SHA256_SIZE];

	sha256_of(label, so_far);
	for (size_t i = 0; i < s->count; i++) {
		const struct seal *seal = &s->items[i];
		const struct str parts[] = { str_bytes(so_far, sizeof so_far),
					     seal->names[0],
					     STR("\0"),
					     seal->names[1],
					     STR("\0"),
					     str_bytes(seal->art->hash, SHA256_SIZE) };

		sha256_labelled("hufu/1/seal", parts, COUNT_OF(parts), so_far);
	}
	memcpy(out, so_far, sizeof so_far);
}
