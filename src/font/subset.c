/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "font/shape_inner.h"

enum {
	GLYPHS_MAX = UINT16_MAX, /* .notdef included: what CFF and maxp can count */
	FIRST_ENTRIES = 64,
	HOLD_MAX = 64 << 20, /* bytes of characters remembered */
};

struct subset {
	const struct face *face;
	struct arena *chars; /* behind the entries' unicode */
	struct subset_entry *entries;
	size_t count, room;
	uint16_t *slots; /* open hash over entries, twice their room; 0: free */
};

static int32_t notdef_width(const struct face *f)
{
	return hb_font_get_glyph_h_advance(f->thousand, 0);
}

void subset_clear(struct subset *s)
{
	arena_reset(s->chars);
	memset(s->slots, 0, 2 * s->room * sizeof *s->slots);
	s->entries[0] = (struct subset_entry){ .gid = 0, .width = notdef_width(s->face) };
	s->count = 1;
}

struct subset *subset_new(const struct face *face)
{
	struct subset *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->face = face;
	s->room = FIRST_ENTRIES;
	s->chars = arena_new(HOLD_MAX);
	s->entries = calloc(s->room, sizeof *s->entries);
	s->slots = calloc(2 * s->room, sizeof *s->slots);
	if (s->chars == NULL || s->entries == NULL || s->slots == NULL) {
		subset_free(s);
		return NULL;
	}
	subset_clear(s);
	return s;
}

void subset_free(struct subset *s)
{
	if (s == NULL)
		return;
	arena_free(s->chars);
	free(s->entries);
	free(s->slots);
	free(s);
}

const struct face *subset_face(const struct subset *s)
{
	return s->face;
}

size_t subset_count(const struct subset *s)
{
	return s->count;
}

const struct subset_entry *subset_entries(const struct subset *s)
{
	return s->entries;
}

/* Where a glyph with these characters and this room is, or would go. */
static size_t slot_of(const struct subset *s, const struct subset_entry *g)
{
	const uint32_t *unicode = g->unicode;
	size_t count = g->unicode_count;
	size_t mask = 2 * s->room - 1;
	uint64_t h = 14695981039346656037u ^ g->gid; /* FNV-1a, by words */
	size_t i;

	for (size_t k = 0; k < count; k++)
		h = (h * 1099511628211u) ^ unicode[k];
	h *= 1099511628211u;
	for (i = (h ^ h >> 32) & mask; s->slots[i] != 0; i = (i + 1) & mask) {
		const struct subset_entry *x = &s->entries[s->slots[i]];

		if (x->gid == g->gid && x->room == g->room && x->unicode_count == count &&
		    (count == 0 || memcmp(x->unicode, unicode, count * sizeof *unicode) == 0))
			break;
	}
	return i;
}

static bool grow(struct subset *s, struct err *e)
{
	size_t room = 2 * s->room;
	struct subset_entry *entries;
	uint16_t *slots = calloc(2 * room, sizeof *slots);

	if (slots == NULL)
		return err_memory(e, "a font subset");
	entries = realloc(s->entries, room * sizeof *entries);
	if (entries == NULL) {
		free(slots);
		return err_memory(e, "a font subset");
	}
	free(s->slots);
	s->slots = slots;
	s->entries = entries;
	s->room = room;
	for (size_t i = 1; i < s->count; i++)
		slots[slot_of(s, &entries[i])] = (uint16_t)i;
	return true;
}

uint16_t subset_add(struct subset *s, const struct glyph *g, struct err *e)
{
	struct subset_entry entry = { g->gid, g->width, g->room, g->unicode, g->unicode_count };
	size_t slot = slot_of(s, &entry);
	uint32_t *unicode = NULL;

	if (s->slots[slot] != 0)
		return s->slots[slot];
	if (g->gid == 0 || g->gid >= s->face->glyphs || s->count == GLYPHS_MAX) {
		err_system(e, "%s: glyph %u does not fit the subset", s->face->postscript, g->gid);
		return 0;
	}
	if (s->count == s->room) {
		if (!grow(s, e))
			return 0;
		slot = slot_of(s, &entry);
	}
	if (g->unicode_count > 0) {
		unicode = arena_array(s->chars, g->unicode_count, sizeof *unicode, e);
		if (unicode == NULL)
			return 0;
		memcpy(unicode, g->unicode, g->unicode_count * sizeof *unicode);
	}
	entry.unicode = unicode;
	s->entries[s->count] = entry;
	s->slots[slot] = (uint16_t)s->count;
	return (uint16_t)s->count++;
}

/* Scratch for `count` items, kept from program to program. */
static void *scratch_room(struct program_scratch *k, size_t count, size_t size, struct err *e)
{
	if (count * size > k->bytes) {
		void *p = realloc(k->glyphs, 2 * count * size);

		if (p == NULL) {
			err_memory(e, "a font program");
			return NULL;
		}
		k->glyphs = p;
		k->bytes = 2 * count * size;
	}
	return k->glyphs;
}

static bool program_cff(const struct subset *s, struct shaper *shaper, struct buf *out,
			struct err *e)
{
	struct view head = sfnt_table(&s->face->sfnt, "head");
	struct cff_glyph *glyphs = scratch_room(&shaper->scratch, s->count, sizeof *glyphs, e);
	struct cff_program program = { .font = s->face->cff,
				       .postscript = str_of(s->face->postscript),
				       .glyphs = glyphs,
				       .count = s->count };

	if (glyphs == NULL)
		return false;
	for (size_t i = 0; i < s->count; i++) {
		glyphs[i].gid = s->entries[i].gid;
		if (!outlines_lookup(shaper->outlines, s->face, glyphs[i].gid,
				     &glyphs[i].charstring, e) ||
		    !cff_widen(s->face->cff, s->chars,
			       &(struct cff_width){ s->entries[i].width, s->entries[i].room },
			       &glyphs[i], e))
			return false;
	}
	for (size_t i = 0; i < 4; i++)
		program.bbox[i] = sfnt_i16(head.p + 36 + 2 * i);
	return cff_write(&program, out, e);
}

static unsigned renumber(const void *self, uint32_t gid)
{
	const uint16_t *number = self;

	return number[gid];
}

/* Append the components of glyph i that are not in the program yet. */
static bool add_components(struct shaper *shaper, struct glyf_glyph **glyphs, size_t i,
			   size_t *count, struct err *e)
{
	struct str outline = (*glyphs)[i].outline;
	size_t at = 0, glyph_at;

	while (glyf_component(outline, &at, &glyph_at)) {
		uint32_t gid = sfnt_u16((const unsigned char *)outline.p + glyph_at);

		if (gid == 0 || shaper->scratch.number[gid] != 0)
			continue;
		if (*count == GLYPHS_MAX)
			return err_system(e, "a font program of too many glyphs");
		*glyphs = scratch_room(&shaper->scratch, *count + 1, sizeof **glyphs, e);
		if (*glyphs == NULL)
			return false;
		shaper->scratch.number[gid] = (uint16_t)*count;
		(*glyphs)[*count].room = 0;
		(*glyphs)[(*count)++].gid = gid;
	}
	return true;
}

static bool program_glyf(const struct subset *s, struct shaper *shaper, struct buf *out,
			 struct err *e)
{
	struct glyf_glyph *glyphs = scratch_room(&shaper->scratch, s->count, sizeof *glyphs, e);
	uint16_t *number = shaper->scratch.number;
	size_t count = s->count;
	bool ok = glyphs != NULL;

	if (glyphs == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		glyphs[i].gid = s->entries[i].gid;
		glyphs[i].room = s->entries[i].room;
		if (number[glyphs[i].gid] == 0)
			number[glyphs[i].gid] = (uint16_t)i;
	}
	for (size_t i = 0; ok && i < count; i++)
		ok = outlines_lookup(shaper->outlines, s->face, glyphs[i].gid, &glyphs[i].outline,
				     e) &&
		     add_components(shaper, &glyphs, i, &count, e);
	if (ok)
		ok = glyf_write(
			&(struct glyf_program){ &s->face->glyf, glyphs, count, renumber, number },
			out, e);
	/* Leave the table as it was found: all 0. */
	for (size_t i = 0; ok && i < count; i++)
		number[glyphs[i].gid] = 0;
	if (!ok)
		memset(number, 0, (UINT16_MAX + 1) * sizeof *number);
	return ok;
}

bool subset_program(const struct subset *s, struct shaper *shaper, struct buf *out, struct err *e)
{
	outlines_trim(shaper->outlines);
	return s->face->cff != NULL ? program_cff(s, shaper, out, e)
				    : program_glyf(s, shaper, out, e);
}
