/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/check_inner.h"
#include "seal/pdf_walk.h"

/* Checks 16 and 17: nothing waits in the file to be shown or run, and the seal is seen. */

/* ---- hidden things ---- */

/* What no document of ours has: what runs, what can be switched, what is shown instead of the page. */
static const char *const keys[] = { "JS",
				    "JavaScript",
				    "OpenAction",
				    "AA",
				    "XFA",
				    "OC",
				    "OCProperties",
				    "OCGs",
				    "Alternates",
				    "Collection",
				    "Requirements",
				    "RichMediaContent",
				    "RichMediaSettings",
				    "3DD",
				    "Threads",
				    "PieceInfo",
				    "Dests",
				    "URI",
				    "NeedAppearances",
				    "Ref",
				    "PS" };
static const char *const actions[] = { "JavaScript", "Launch", "SubmitForm",      "ImportData",
				       "GoToR",      "GoToE",  "Rendition",       "URI",
				       "Movie",      "Sound",  "SetOCGState",     "Named",
				       "ResetForm",  "Hide",   "Thread",          "GoTo3DView",
				       "GoTo",       "Trans",  "RichMediaExecute" };

struct counts {
	size_t files, specifications;
};

static bool key_check(struct check *c, const struct pdf_value *key, const struct pdf_value *v)
{
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		if (pdf_is_name(key, keys[i]))
			return check_fail(c, CHECK_HIDDEN, "the file holds /%s", keys[i]);
	}
	for (size_t i = 0; pdf_is_name(key, "S") && i < COUNT_OF(actions); i++) {
		if (pdf_is_name(v, actions[i]))
			return check_fail(c, CHECK_HIDDEN, "the file holds an action: %s",
					  actions[i]);
	}
	return true;
}

static bool value_check(struct check *c, const struct pdf_value *v, struct counts *n)
{
	size_t step = v->kind == PDF_DICTIONARY ? 2 : 1;

	if (v->kind != PDF_DICTIONARY && v->kind != PDF_ARRAY)
		return true;
	for (size_t i = 0; i + step <= v->count; i += step) {
		const struct pdf_value *item = &v->items[i + step - 1];

		if (step == 2 && !key_check(c, &v->items[i], item))
			return false;
		if (!value_check(c, item, n))
			return false;
	}
	n->files += pdf_is_name(pdf_key(v, "Type"), "EmbeddedFile");
	n->specifications += pdf_key(v, "EF") != NULL;
	if (pdf_key(v, "Rect") != NULL && (!pdf_is_name(pdf_key(v, "Subtype"), "Widget") ||
					   !pdf_is_name(pdf_key(v, "FT"), "Sig")))
		return check_fail(c, CHECK_HIDDEN, "an annotation that is no seal");
	return true;
}

/* {credential.json: its file specification} and nothing else, or NULL. */
static const struct pdf_value *named_file(struct check *c, const struct pdf_value *catalog)
{
	const struct pdf_value *names = pdf_follow(&c->pdf, catalog, "Names", 0);
	const struct pdf_value *files = pdf_follow(&c->pdf, names, "EmbeddedFiles", 0);
	const struct pdf_value *list = pdf_key_kind(files, "Names", PDF_ARRAY);

	if (list == NULL || names->count != 2 || files->count != 2 || list->count != 2 ||
	    list->items[1].kind != PDF_REFERENCE ||
	    !str_eq(list->items[0].text, STR("credential.json")))
		return NULL;
	return &list->items[1];
}

/* One attachment or none; by name tree and /AF the same, and it is credential.json. */
static bool attachment_check(struct check *c, const struct counts *n)
{
	const struct pdf_value *catalog = pdf_catalog(&c->pdf, 0);
	const struct pdf_value *af = pdf_follow(&c->pdf, catalog, "AF", 0);
	const struct pdf_value *named = named_file(c, catalog);
	const struct pdf_value *name = pdf_key(pdf_resolve(&c->pdf, named, 0), "UF");

	if (pdf_key(catalog, "Names") == NULL && af == NULL && n->files + n->specifications == 0)
		return true;
	if (named == NULL || n->files != 1 || n->specifications != 1)
		return check_fail(c, CHECK_HIDDEN, "attachments other than credential.json");
	if (af == NULL || af->kind != PDF_ARRAY || af->count != 1 ||
	    af->items[0].kind != PDF_REFERENCE || af->items[0].number != named->number)
		return check_fail(c, CHECK_HIDDEN, "an attachment that is not in /AF");
	return (name != NULL && str_eq(name->text, STR("credential.json"))) ||
	       check_fail(c, CHECK_HIDDEN, "an attachment other than credential.json");
}

/* Whatever a revision holds is come to from its trailer: a prepared replacement has no place to wait. */
static bool used_check(struct check *c, size_t r)
{
	const struct pdf_revision *rev = &c->pdf.revisions[r];
	struct err e = { 0 };
	struct pdf_walk w;

	if (!pdf_walk_begin(c->arena, &c->pdf, r, NULL, &w, &e))
		return check_fail(c, CHECK_LIMITS, "%s", e.cause);
	pdf_walk_from(&w, &rev->trailer);
	for (size_t i = 0; i < rev->count; i++) {
		if (!pdf_walk_saw(&w, rev->objects[i].number))
			return check_fail(c, CHECK_HIDDEN, "object %u is used by nothing",
					  rev->objects[i].number);
	}
	return true;
}

void check_hidden(struct check *c)
{
	struct counts n = { 0 };

	for (size_t r = 0; r < c->pdf.count; r++) {
		const struct pdf_revision *rev = &c->pdf.revisions[r];

		for (size_t i = 0; i < rev->count; i++) {
			if (!value_check(c, &rev->objects[i].value, &n))
				return;
		}
		if (!used_check(c, r))
			return;
	}
	if (attachment_check(c, &n))
		check_pass(c, CHECK_HIDDEN);
}

/* ---- widgets ---- */

enum { FLAG_INVISIBLE = 1, FLAG_HIDDEN = 2, FLAG_PRINT = 4, FLAG_NO_VIEW = 32 };

static const double SIDE_MIN = 28; /* points: a seal of less than a centimetre is none */

static bool rect_read(const struct pdf_value *v, double out[4])
{
	if (v == NULL || v->kind != PDF_ARRAY || v->count != 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (v->items[i].kind != PDF_INTEGER && v->items[i].kind != PDF_REAL)
			return false;
		out[i] = v->items[i].real;
	}
	return true;
}

/* The page lists the widget once, and nothing but seals beside it that do not cover it. */
static bool page_check(struct check *c, const struct pdf_value *page, int64_t number,
		       const double rect[4])
{
	size_t last = c->pdf.count - 1, times = 0;
	const struct pdf_value *annotations = pdf_follow(&c->pdf, page, "Annots", last);

	for (size_t i = 0; annotations != NULL && i < annotations->count; i++) {
		const struct pdf_value *ref = &annotations->items[i];
		const struct pdf_value *a = pdf_resolve(&c->pdf, ref, last);
		double other[4];

		if (ref->kind == PDF_REFERENCE && ref->number == number) {
			times++;
			continue;
		}
		if (!pdf_is_name(pdf_key(a, "Subtype"), "Widget") ||
		    !pdf_is_name(pdf_key(a, "FT"), "Sig") || !rect_read(pdf_key(a, "Rect"), other))
			return check_fail(c, CHECK_WIDGET, "an annotation that is no seal");
		if (rect[0] < other[2] && other[0] < rect[2] && rect[1] < other[3] &&
		    other[1] < rect[3])
			return check_fail(c, CHECK_WIDGET, "something covers the seal");
	}
	return times == 1 || check_fail(c, CHECK_WIDGET, "the page does not list its seal once");
}

static bool look_check(struct check *c, const struct pdf_value *field)
{
	size_t last = c->pdf.count - 1;
	const struct pdf_value *ap = pdf_follow(&c->pdf, field, "AP", last);
	const struct pdf_value *n = pdf_key_kind(ap, "N", PDF_REFERENCE);
	const struct pdf_object *look =
		n == NULL ? NULL : pdf_object(&c->pdf, n->number, last, NULL);
	double box[4];

	if (look == NULL || ap->count != 2 || !look->stream || look->data.n == 0 ||
	    !rect_read(pdf_key(&look->value, "BBox"), box) || box[2] - box[0] < SIDE_MIN ||
	    box[3] - box[1] < SIDE_MIN)
		return check_fail(c, CHECK_WIDGET, "the seal looks like nothing");
	return true;
}

static bool widget_check(struct check *c, const struct check_signature *s)
{
	size_t last = c->pdf.count - 1;
	const struct pdf_value *flags = pdf_key_kind(s->field, "F", PDF_INTEGER);
	const struct pdf_value *page = pdf_follow(&c->pdf, s->field, "P", last);
	double rect[4], paper[4];

	if (!pdf_is_name(pdf_key(s->field, "Subtype"), "Widget") || flags == NULL ||
	    (flags->number & FLAG_PRINT) == 0 ||
	    (flags->number & (FLAG_INVISIBLE | FLAG_HIDDEN | FLAG_NO_VIEW)) != 0)
		return check_fail(c, CHECK_WIDGET, "the seal is invisible, or not printed");
	if (!pdf_is_name(pdf_key(page, "Type"), "Page") ||
	    !rect_read(pdf_key(page, "MediaBox"), paper) ||
	    !rect_read(pdf_key(s->field, "Rect"), rect))
		return check_fail(c, CHECK_WIDGET, "the seal is on no page");
	if (rect[2] - rect[0] < SIDE_MIN || rect[3] - rect[1] < SIDE_MIN || rect[0] < paper[0] ||
	    rect[1] < paper[1] || rect[2] > paper[2] || rect[3] > paper[3] ||
	    pdf_key(page, "CropBox") != NULL || pdf_key(page, "Rotate") != NULL)
		return check_fail(c, CHECK_WIDGET, "the seal is too small, or not on its page");
	return look_check(c, s->field) &&
	       page_check(c, page, (int64_t)s->field_object->number, rect);
}

void check_widgets(struct check *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (!widget_check(c, &c->signatures[i]))
			return;
	}
	if (c->count > 0)
		check_pass(c, CHECK_WIDGET);
}
