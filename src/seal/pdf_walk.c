/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/pdf_walk.h"

bool pdf_walk_begin(struct arena *a, const struct pdf *p, size_t view, const char *const *skip,
		    struct pdf_walk *out, struct err *e)
{
	size_t all = 0;

	*out = (struct pdf_walk){ .pdf = p, .view = view, .skip = skip };
	for (size_t i = 0; i <= view; i++) {
		out->seen[i] = arena_alloc(a, p->revisions[i].count, e);
		if (out->seen[i] == NULL)
			return false;
		all += p->revisions[i].count;
	}
	out->queue = arena_array(a, all, sizeof(const struct pdf_object *), e);
	return out->queue != NULL;
}

static unsigned char *mark_of(const struct pdf_walk *w, int64_t number,
			      const struct pdf_object **out)
{
	size_t at = 0;

	*out = pdf_object(w->pdf, number, w->view, &at);
	return *out == NULL ? NULL : &w->seen[at][*out - w->pdf->revisions[at].objects];
}

static void see(struct pdf_walk *w, int64_t number)
{
	const struct pdf_object *ob;
	unsigned char *mark = mark_of(w, number, &ob);

	if (mark == NULL || *mark)
		return;
	*mark = 1;
	w->queue[w->tail++] = ob; /* once each, so that it has room */
}

static bool skipped(const struct pdf_walk *w, const struct pdf_value *key)
{
	for (size_t i = 0; w->skip != NULL && w->skip[i] != NULL; i++) {
		if (pdf_is_name(key, w->skip[i]))
			return true;
	}
	return false;
}

/* As deep as a value is, which pdf_value bounds. */
static void look(struct pdf_walk *w, const struct pdf_value *v)
{
	if (v->kind == PDF_REFERENCE)
		see(w, v->number);
	for (size_t i = 0; v->kind == PDF_ARRAY && i < v->count; i++)
		look(w, &v->items[i]);
	for (size_t i = 0; v->kind == PDF_DICTIONARY && i + 1 < v->count; i += 2) {
		if (!skipped(w, &v->items[i]))
			look(w, &v->items[i + 1]);
	}
}

void pdf_walk_from(struct pdf_walk *w, const struct pdf_value *v)
{
	if (v != NULL)
		look(w, v);
	while (w->head < w->tail)
		look(w, &w->queue[w->head++]->value);
}

bool pdf_walk_saw(const struct pdf_walk *w, uint32_t number)
{
	const struct pdf_object *ob;
	const unsigned char *mark = mark_of(w, number, &ob);

	return mark != NULL && *mark;
}
