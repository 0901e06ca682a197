/* SPDX-License-Identifier: Apache-2.0 */
#include "base/enc.h"
#include "font/shape_inner.h"
#include "text/unicode.h"

enum {
	MIDDLE_DOT = 0xB7,
	APOSTROPHE = 0x2019,
	NAMED_MAX = 8, /* characters a refusal names */
};

static bool latin(const uint32_t *chars, size_t count, size_t i)
{
	return i < count && text_script(chars[i]) == TEXT_SCRIPT_LATIN;
}

bool itemize_is_name_dot(const uint32_t *chars, size_t count, size_t i)
{
	return chars[i] == MIDDLE_DOT && ((i > 0 && text_is_han(chars[i - 1])) ||
					  (i + 1 < count && text_is_han(chars[i + 1])));
}

/* Punctuation and forms that only Chinese typesetting has. */
static bool wide_form(uint32_t c)
{
	return (c >= 0x3000 && c <= 0x303F) || (c >= 0x3200 && c <= 0x33FF) ||
	       (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFFEF);
}

/*
 * Punctuation both scripts share, as “ ” — …, belongs to the language of the line; ASCII and Latin-1 never to the
 * Chinese face, except the dot of a name.
 */
static enum chain_kind kind_of(const uint32_t *chars, size_t count, size_t i, bool chinese)
{
	uint32_t c = chars[i];

	if (itemize_is_name_dot(chars, count, i))
		return CHAIN_HAN;
	if (c < 0x100)
		return CHAIN_OTHER;
	if (wide_form(c))
		return CHAIN_HAN;
	switch (text_script(c)) {
	case TEXT_SCRIPT_HAN:
	case TEXT_SCRIPT_HANGUL:
	case TEXT_SCRIPT_KANA:
	case TEXT_SCRIPT_BOPOMOFO:
	case TEXT_SCRIPT_YI:
		return CHAIN_HAN;
	case TEXT_SCRIPT_COMMON:
	case TEXT_SCRIPT_INHERITED:
		if (c == APOSTROPHE && i > 0 && latin(chars, count, i - 1) &&
		    latin(chars, count, i + 1))
			return CHAIN_OTHER;
		return chinese ? CHAIN_HAN : CHAIN_OTHER;
	case TEXT_SCRIPT_LATIN:
	case TEXT_SCRIPT_GREEK:
	case TEXT_SCRIPT_CYRILLIC:
	case TEXT_SCRIPT_ARABIC:
	case TEXT_SCRIPT_TIBETAN:
	case TEXT_SCRIPT_MONGOLIAN:
	case TEXT_SCRIPT_OTHER:
		break;
	}
	return CHAIN_OTHER;
}

/* Characters no face may draw, whatever its cmap says: BabelStone Han, for one, draws private use. */
static bool undrawable(uint32_t c)
{
	switch (text_class(c)) {
	case TEXT_CONTROL:
	case TEXT_FORMAT:
	case TEXT_SURROGATE:
	case TEXT_PRIVATE:
		return true;
	case TEXT_UNASSIGNED: /* a newer font may know it */
	case TEXT_LETTER:
	case TEXT_MARK:
	case TEXT_NUMBER:
	case TEXT_PUNCTUATION:
	case TEXT_SYMBOL:
	case TEXT_SEPARATOR:
		break;
	}
	return c == 0x2028 || c == 0x2029 || text_is_invisible(c) || text_is_right_to_left(c);
}

/* A face holds a unit when it has a glyph for each character, and ink for each that should have some. */
static bool holds(struct shaper *s, const struct face *f, const struct line *line,
		  const struct unit *u)
{
	for (size_t i = u->from; i < u->from + u->count; i++) {
		uint32_t c = line->chars[i];
		hb_codepoint_t gid;

		if (!hb_font_get_nominal_glyph(f->thousand, c, &gid) || gid == 0)
			return false;
		if (!outlines_inked(s->outlines, f, gid) && !text_is_space(c))
			return false;
	}
	return true;
}

static const struct face *link_face(struct shaper *s, const struct link *l, const struct line *line,
				    const struct unit *u)
{
	for (size_t i = 0; i < l->count; i++)
		if (holds(s, l->faces[i], line, u))
			return l->faces[i];
	return NULL;
}

static bool unit_drawable(const struct line *line, const struct unit *u)
{
	for (size_t i = u->from; i < u->from + u->count; i++)
		if (undrawable(line->chars[i]))
			return false;
	return true;
}

/* Look for the unit from link `first` on, and in the links before it last. */
static void place_unit(struct shaper *s, const struct chain *c, size_t first,
		       const struct line *line, struct unit *u)
{
	if (!unit_drawable(line, u))
		return;
	for (size_t i = 0; i < c->count; i++) {
		size_t k = (first + i) % c->count;

		u->face = link_face(s, &c->links[k], line, u);
		u->behind = k > 0;
		if (u->face != NULL)
			return;
	}
}

/* Set all units of a kind in one link, if it holds them all. */
static bool place_all(struct shaper *s, const struct link *l, bool behind, struct line *line,
		      enum chain_kind kind)
{
	for (size_t i = 0; i < line->unit_count; i++) {
		struct unit *u = &line->units[i];

		if (u->kind != kind)
			continue;
		u->face = unit_drawable(line, u) ? link_face(s, l, line, u) : NULL;
		u->behind = behind;
		if (u->face == NULL)
			return false;
	}
	return true;
}

/*
 * One name, one face.  When none holds it all, the faces behind the role's own are taken character by character, so
 * that the design changes as little as can be; its own comes last.
 */
static void place_whole(struct shaper *s, const struct chain *c, struct line *line,
			enum chain_kind kind)
{
	for (size_t k = 0; k < c->count; k++)
		if (place_all(s, &c->links[k], k > 0, line, kind))
			return;
	for (size_t i = 0; i < line->unit_count; i++) {
		struct unit *u = &line->units[i];

		if (u->kind != kind)
			continue;
		u->face = NULL;
		place_unit(s, c, c->count > 1, line, u);
	}
}

static void divide(struct line *line, bool chinese)
{
	struct unit *u = NULL;

	for (size_t i = 0; i < line->count; i++) {
		if (u != NULL && text_class(line->chars[i]) == TEXT_MARK) {
			u->count++;
			continue;
		}
		u = &line->units[line->unit_count++];
		*u = (struct unit){
			.from = (uint32_t)i,
			.count = 1,
			.kind = kind_of(line->chars, line->count, i, chinese),
		};
	}
}

/* " U+30EDD 𰻝", or the number alone for what does not show. */
static void name_char(struct buf *b, uint32_t c)
{
	buf_printf(b, "%sU+%04X", b->n > 0 ? ", " : "", c);
	if (text_is_private(c)) {
		buf_c(b, " (private use)");
	} else if (!undrawable(c) && text_class(c) != TEXT_MARK) {
		buf_c(b, " ");
		enc_put_utf8(b, c);
	}
}

static bool named_before(const uint32_t *named, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count; i++)
		if (named[i] == c)
			return true;
	return false;
}

bool itemize_refuse(const struct line *line, struct err *e)
{
	struct buf words = buf_empty(400);
	uint32_t named[NAMED_MAX];
	size_t count = 0, more = 0;

	for (size_t i = 0; i < line->unit_count; i++) {
		const struct unit *u = &line->units[i];

		for (size_t k = u->from; u->face == NULL && k < u->from + u->count; k++) {
			uint32_t c = line->chars[k];

			if (named_before(named, count, c))
				continue;
			if (count == NAMED_MAX) {
				more++;
				continue;
			}
			named[count++] = c;
			name_char(&words, c);
		}
	}
	if (more > 0)
		buf_printf(&words, " and %zu more", more);
	err_input(e, "NO-GLYPH", "no font of the chain draws %.*s", STR_ARG(buf_view(&words)));
	buf_free(&words);
	return false;
}

bool itemize_line(struct shaper *s, struct arena *a, const struct text_style *style,
		  const struct role *role, struct line *line, struct err *e)
{
	bool chinese = strncmp(style->language, "zh", 2) == 0;

	line->units = arena_array(a, line->count, sizeof *line->units, e);
	if (line->units == NULL)
		return false;
	divide(line, chinese);
	if (style->whole) {
		place_whole(s, &role->chains[CHAIN_HAN], line, CHAIN_HAN);
		place_whole(s, &role->chains[CHAIN_OTHER], line, CHAIN_OTHER);
	} else {
		for (size_t i = 0; i < line->unit_count; i++)
			place_unit(s, &role->chains[line->units[i].kind], 0, line, &line->units[i]);
	}
	for (size_t i = 0; i < line->unit_count; i++)
		if (line->units[i].face == NULL)
			return itemize_refuse(line, e);
	return true;
}
