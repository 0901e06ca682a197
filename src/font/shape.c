/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/enc.h"
#include "font/shape_inner.h"
#include "text/unicode.h"

enum {
	LINE_CHARS_MAX = 4096,
	CLUSTER_CHARS_MAX = 32, /* characters one glyph may stand for */
	FEATURES_MAX = 16,
	HALF_EM = 500, /* 1/1000 em */
};

/* How one line is handed to HarfBuzz. */
struct setting {
	hb_language_t language;
	hb_feature_t features[FEATURES_MAX];
	unsigned feature_count;
};

/* One line on its way through HarfBuzz. */
struct job {
	struct shaper *s;
	struct arena *a;
	struct setting set;
	struct line line;
	struct glyph_run *runs;
	struct glyph **glyphs; /* of each run, while they may change */
	size_t count;          /* runs made */
};

struct shaper *shaper_new(const struct fonts *f)
{
	struct shaper *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->fonts = f;
	s->buffer = hb_buffer_create();
	s->outlines = outlines_new(f->face_count);
	s->scratch.number = calloc(UINT16_MAX + 1, sizeof *s->scratch.number);
	if (s->outlines == NULL || s->scratch.number == NULL ||
	    !hb_buffer_allocation_successful(s->buffer)) {
		shaper_free(s);
		return NULL;
	}
	return s;
}

void shaper_free(struct shaper *s)
{
	if (s == NULL)
		return;
	hb_buffer_destroy(s->buffer);
	outlines_free(s->outlines);
	free(s->scratch.number);
	free(s->scratch.glyphs);
	free(s);
}

static bool decode(struct arena *a, struct str text, struct line *line, struct err *e)
{
	size_t room = text.n < LINE_CHARS_MAX ? text.n : LINE_CHARS_MAX;
	uint32_t *chars = arena_array(a, room, sizeof *chars, e);

	if (chars == NULL)
		return false;
	while (text.n > 0) {
		uint32_t c;
		size_t n = enc_utf8(text, &c);

		if (n == 0)
			return err_input(e, "UTF8", "the text is not valid UTF-8");
		if (line->count == LINE_CHARS_MAX)
			return err_input(e, "TEXT-TOO-LONG", "a line of more than %d characters",
					 LINE_CHARS_MAX);
		chars[line->count++] = c;
		text = str_skip(text, n);
	}
	line->chars = line->text = chars;
	return true;
}

static bool capitals(struct arena *a, struct line *line, struct err *e)
{
	uint32_t *drawn = arena_array(a, line->count, sizeof *drawn, e);

	if (drawn == NULL)
		return false;
	for (size_t i = 0; i < line->count; i++)
		drawn[i] = text_capital(line->text[i]);
	line->chars = drawn;
	return true;
}

static bool add_feature(struct setting *set, struct str word)
{
	if (set->feature_count == FEATURES_MAX)
		return false;
	return hb_feature_from_string(word.p, (int)word.n, &set->features[set->feature_count++]);
}

/* Letters that are spaced out are not joined: ligatures go, whatever the style says. */
static bool read_style(const struct text_style *style, struct setting *set, struct err *e)
{
	static const struct str apart[] = { { "-liga", 5 }, { "-clig", 5 } };
	struct str rest =
		style->features == NULL ? (struct str){ NULL, 0 } : str_of(style->features);
	struct str word;

	set->language = hb_language_from_string(style->language, -1);
	set->feature_count = 0;
	while (rest.n > 0 && str_split(&rest, ',', &word))
		if (word.n == 0 || !add_feature(set, word))
			return err_input(e, "FONT-FEATURE", "unknown font features \"%s\"",
					 style->features);
	for (size_t i = 0; style->tracking != 0 && i < COUNT_OF(apart); i++)
		if (!add_feature(set, apart[i]))
			return err_input(e, "FONT-FEATURE", "too many font features");
	return true;
}

static hb_script_t script_tag(uint32_t c)
{
	return hb_script_from_iso15924_tag(hb_tag_from_string(text_script_tag(c), 4));
}

static bool shared(uint32_t c)
{
	enum text_script s = text_script(c);

	return s == TEXT_SCRIPT_COMMON || s == TEXT_SCRIPT_INHERITED;
}

/* The script HarfBuzz is told; characters of no script go with those before, else with those after them. */
static void set_scripts(struct line *line)
{
	hb_script_t last = HB_SCRIPT_INVALID;

	for (size_t i = 0; i < line->unit_count; i++) {
		struct unit *u = &line->units[i];
		uint32_t c = line->chars[u->from];

		if (u->kind == CHAIN_HAN)
			u->script = shared(c) ? HB_SCRIPT_HAN : script_tag(c);
		else
			u->script = shared(c) ? last : script_tag(c);
		last = u->kind == CHAIN_HAN ? HB_SCRIPT_INVALID : u->script;
	}
	last = HB_SCRIPT_LATIN;
	for (size_t i = line->unit_count; i-- > 0;) {
		struct unit *u = &line->units[i];

		if (u->script == HB_SCRIPT_INVALID)
			u->script = last;
		last = u->kind == CHAIN_HAN ? HB_SCRIPT_LATIN : u->script;
	}
}

/* Units from … to-1 that are shaped together. */
struct stretch {
	size_t from, to;
	const struct face *face;
	hb_script_t script;
};

static struct stretch next_stretch(const struct line *line, size_t from)
{
	const struct unit *u = &line->units[from];
	struct stretch t = { from, from + 1, u->face, u->script };

	while (t.to < line->unit_count && line->units[t.to].face == u->face &&
	       line->units[t.to].kind == u->kind && line->units[t.to].script == u->script)
		t.to++;
	return t;
}

/* A dot in a Chinese name: half an em wide, the dot in its middle. */
static void centre_dot(const struct face *f, struct glyph *g)
{
	hb_glyph_extents_t box;

	if (!hb_font_get_glyph_extents(f->thousand, g->gid, &box))
		return;
	g->advance = HALF_EM;
	g->x_offset = HALF_EM / 2 - (box.x_bearing + box.width / 2);
}

/* Glyph i of HarfBuzz's answer for the characters up to `end`. */
static bool read_glyph(const struct line *line, const struct face *f, hb_buffer_t *b, unsigned i,
		       size_t end, struct glyph *g)
{
	unsigned n;
	const hb_glyph_info_t *info = hb_buffer_get_glyph_infos(b, &n);
	const hb_glyph_position_t *at = &hb_buffer_get_glyph_positions(b, NULL)[i];
	size_t from = info[i].cluster, to = from;

	/* The first glyph of a cluster carries all of its characters. */
	if (i == 0 || info[i - 1].cluster != info[i].cluster) {
		for (unsigned k = i + 1; k < n && to == from; k++)
			to = info[k].cluster;
		if (to == from)
			to = end;
	}
	*g = (struct glyph){
		.gid = info[i].codepoint,
		.advance = at->x_advance,
		.x_offset = at->x_offset,
		.y_offset = at->y_offset,
		.width = hb_font_get_glyph_h_advance(f->thousand, info[i].codepoint),
		.unicode = line->text + from,
		.unicode_count = to - from,
	};
	if (to > from && itemize_is_name_dot(line->chars, line->count, from))
		centre_dot(f, g);
	return g->gid != 0;
}

/* HarfBuzz found no glyph after all: name the characters. */
static bool refuse_stretch(struct line *line, struct stretch t, struct err *e)
{
	for (size_t i = 0; i < line->unit_count; i++)
		if (i >= t.from && i < t.to)
			line->units[i].face = NULL;
	return itemize_refuse(line, e);
}

/* Shape one stretch into the job's next run. */
static bool shape_stretch(struct job *j, struct stretch t, struct err *e)
{
	struct line *line = &j->line;
	const struct unit *last = &line->units[t.to - 1];
	size_t from = line->units[t.from].from, end = last->from + last->count;
	hb_buffer_t *b = j->s->buffer;
	struct glyph_run *run = &j->runs[j->count];
	struct glyph *glyphs;
	unsigned n;

	hb_buffer_clear_contents(b);
	hb_buffer_set_direction(b, HB_DIRECTION_LTR);
	hb_buffer_set_script(b, t.script);
	hb_buffer_set_language(b, j->set.language);
	hb_buffer_set_cluster_level(b, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
	hb_buffer_add_utf32(b, line->chars, (int)line->count, (unsigned)from, (int)(end - from));
	hb_shape(t.face->thousand, b, j->set.features, j->set.feature_count);
	if (!hb_buffer_allocation_successful(b))
		return err_memory(e, "shaping");
	hb_buffer_get_glyph_infos(b, &n);
	glyphs = arena_array(j->a, n, sizeof *glyphs, e);
	if (glyphs == NULL)
		return false;
	*run = (struct glyph_run){ t.face, glyphs, n, 0 };
	j->glyphs[j->count++] = glyphs;
	for (unsigned i = 0; i < n; i++) {
		if (!read_glyph(line, t.face, b, i, end, &glyphs[i]))
			return refuse_stretch(line, t, e);
		if (glyphs[i].unicode_count > CLUSTER_CHARS_MAX)
			return err_input(e, "TEXT-CLUSTER", "more than %d characters in one letter",
					 CLUSTER_CHARS_MAX);
		run->width += glyphs[i].advance;
	}
	return true;
}

/* A glyph that belongs to the one before it: no space may come between. */
static bool continues(const struct glyph *g)
{
	return g->unicode_count == 0 || text_class(g->unicode[0]) == TEXT_MARK;
}

static void track(struct job *j, int32_t tracking)
{
	struct glyph *before = NULL;
	struct glyph_run *run_before = NULL;

	for (size_t r = 0; r < j->count; r++) {
		for (size_t i = 0; i < j->runs[r].count; i++) {
			struct glyph *g = &j->glyphs[r][i];

			if (before != NULL && !continues(g)) {
				before->advance += tracking;
				run_before->width += tracking;
			}
			before = g;
			run_before = &j->runs[r];
		}
	}
}

static size_t count_stretches(const struct line *line)
{
	size_t n = 0;

	for (size_t at = 0; at < line->unit_count; at = next_stretch(line, at).to)
		n++;
	return n;
}

static bool shape_all(struct job *j, struct err *e)
{
	size_t count = count_stretches(&j->line);

	j->runs = arena_array(j->a, count, sizeof *j->runs, e);
	j->glyphs = arena_array(j->a, count, sizeof *j->glyphs, e);
	if (j->runs == NULL || j->glyphs == NULL)
		return false;
	for (size_t at = 0; at < j->line.unit_count;) {
		struct stretch t = next_stretch(&j->line, at);

		if (!shape_stretch(j, t, e))
			return false;
		at = t.to;
	}
	return true;
}

bool shape_line(struct shaper *s, struct arena *a, const struct text_style *style, struct str text,
		struct shaped *out, struct err *e)
{
	const struct role *role = fonts_role(s->fonts, style->role);
	struct job j = { .s = s, .a = a };
	struct shaped made = { 0 };

	if (role == NULL)
		return err_input(e, "FONT-ROLE", "no font role is called \"%s\"", style->role);
	if (!read_style(style, &j.set, e) || !decode(a, text, &j.line, e) ||
	    (style->capitals && !capitals(a, &j.line, e)) ||
	    !itemize_line(s, a, style, role, &j.line, e))
		return false;
	set_scripts(&j.line);
	if (!shape_all(&j, e))
		return false;
	if (style->tracking != 0)
		track(&j, style->tracking);
	for (size_t i = 0; i < j.count; i++)
		made.width += j.runs[i].width;
	for (size_t i = 0; i < j.line.unit_count; i++)
		made.fell_back = made.fell_back || j.line.units[i].behind;
	made.runs = j.runs;
	made.count = j.count;
	*out = made;
	return true;
}

bool shape_widen(struct arena *a, struct shaped *line, int32_t room, struct err *e)
{
	struct glyph_run *runs, *run;
	struct glyph *glyphs, *last;

	if (line->count == 0)
		return true;
	runs = arena_array(a, line->count, sizeof *runs, e);
	if (runs == NULL)
		return false;
	memcpy(runs, line->runs, line->count * sizeof *runs);
	run = &runs[line->count - 1];
	glyphs = arena_array(a, run->count, sizeof *glyphs, e);
	if (glyphs == NULL)
		return false;
	memcpy(glyphs, run->glyphs, run->count * sizeof *glyphs);
	last = &glyphs[run->count - 1];
	last->room += room;
	last->width += room;
	last->advance += room;
	run->glyphs = glyphs;
	run->width += room;
	line->runs = runs;
	line->width += room;
	return true;
}
