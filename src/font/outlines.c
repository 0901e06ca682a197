/* SPDX-License-Identifier: Apache-2.0 */
#include "font/outlines.h"

#include <stdlib.h>

enum {
	KEEP_MAX = 12 << 20,  /* bytes kept: some 40,000 characters, more than names use */
	HOLD_MAX = 128 << 20, /* bytes alive at once: every glyph of every face of one program */
	GLYPH_BYTES_MAX = 1 << 17,
};

struct outline {
	size_t n;
	char bytes[];
};

enum ink { INK_UNKNOWN, INK_NONE, INK_SOME };

/* What is known of one face's glyphs; tables come with the face's first use. */
struct known {
	const struct outline **made;
	unsigned char *ink; /* enum ink */
	size_t count;
};

struct outlines {
	struct arena *a;
	size_t held;
	struct buf scratch;
	size_t faces;
	struct known known[];
};

struct outlines *outlines_new(size_t faces)
{
	struct outlines *o = calloc(1, sizeof *o + faces * sizeof o->known[0]);

	if (o == NULL)
		return NULL;
	o->faces = faces;
	o->scratch = buf_empty(GLYPH_BYTES_MAX);
	o->a = arena_new(HOLD_MAX);
	if (o->a == NULL) {
		outlines_free(o);
		return NULL;
	}
	return o;
}

void outlines_free(struct outlines *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->faces; i++) {
		free(o->known[i].made);
		free(o->known[i].ink);
	}
	arena_free(o->a);
	buf_free(&o->scratch);
	free(o);
}

void outlines_trim(struct outlines *o)
{
	if (o->held <= KEEP_MAX)
		return;
	arena_reset(o->a);
	o->held = 0;
	for (size_t i = 0; i < o->faces; i++)
		if (o->known[i].made != NULL)
			memset(o->known[i].made, 0, o->known[i].count * sizeof *o->known[i].made);
}

static bool make(struct outlines *o, const struct face *f, uint32_t gid,
		 const struct outline **slot, struct err *e)
{
	struct outline *made;

	buf_clear(&o->scratch);
	if (!(f->cff != NULL ? cff_flatten(f->cff, gid, &o->scratch, e)
			     : glyf_strip(&f->glyf, gid, &o->scratch, e)))
		return err_in(e, "%s glyph %u", f->postscript, gid);
	made = arena_alloc(o->a, sizeof *made + o->scratch.n, e);
	if (made == NULL)
		return false;
	made->n = o->scratch.n;
	if (made->n > 0)
		memcpy(made->bytes, o->scratch.p, made->n);
	o->held += sizeof *made + made->n;
	*slot = made;
	return true;
}

bool outlines_lookup(struct outlines *o, const struct face *f, uint32_t gid, struct str *out,
		     struct err *e)
{
	struct known *k = &o->known[f->number];

	if (gid >= f->glyphs)
		return err_system(e, "%s has no glyph %u", f->postscript, gid);
	if (k->made == NULL) {
		k->made = calloc(f->glyphs, sizeof *k->made);
		if (k->made == NULL)
			return err_memory(e, "glyphs");
		k->count = f->glyphs;
	}
	if (k->made[gid] == NULL && !make(o, f, gid, &k->made[gid], e))
		return false;
	*out = (struct str){ k->made[gid]->bytes, k->made[gid]->n };
	return true;
}

bool outlines_inked(struct outlines *o, const struct face *f, uint32_t gid)
{
	struct known *k = &o->known[f->number];
	hb_glyph_extents_t box = { 0 };
	bool inked;

	if (k->ink == NULL)
		k->ink = calloc(f->glyphs, 1);
	if (k->ink != NULL && gid < f->glyphs && k->ink[gid] != INK_UNKNOWN)
		return k->ink[gid] == INK_SOME;
	inked = hb_font_get_glyph_extents(f->units, gid, &box) && box.width != 0 && box.height != 0;
	if (k->ink != NULL && gid < f->glyphs)
		k->ink[gid] = inked ? INK_SOME : INK_NONE;
	return inked;
}
