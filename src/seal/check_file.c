/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/check_inner.h"
#include "seal/pdf_walk.h"

/* Checks 13 to 15: what the first seal allows, and what came later. */

/* ---- the seal that certifies ---- */

static const struct pdf_value *only_reference(const struct check_signature *s)
{
	const struct pdf_value *list = pdf_key_kind(s->dictionary, "Reference", PDF_ARRAY);

	return list != NULL && list->count == 1 ? &list->items[0] : NULL;
}

static size_t fields_of(const struct check *c, size_t r)
{
	const struct pdf_value *form = pdf_follow(&c->pdf, pdf_catalog(&c->pdf, r), "AcroForm", r);
	const struct pdf_value *fields = pdf_key_kind(form, "Fields", PDF_ARRAY);
	const struct pdf_value *flags = pdf_key_kind(form, "SigFlags", PDF_INTEGER);

	return fields == NULL || flags == NULL || flags->number != 3 ? 0 : fields->count;
}

static bool first_check(struct check *c, const struct check_signature *s)
{
	const struct pdf_value *perms = pdf_follow(&c->pdf, pdf_catalog(&c->pdf, 0), "Perms", 0);
	const struct pdf_value *named = pdf_key_kind(perms, "DocMDP", PDF_REFERENCE);
	const struct pdf_value *ref = only_reference(s);
	const struct pdf_value *parameters = pdf_key(ref, "TransformParams");
	const struct pdf_value *p = pdf_key_kind(parameters, "P", PDF_INTEGER);
	size_t fields = fields_of(c, 0);

	if (s->revision != 0)
		return check_fail(c, CHECK_CERTIFIED,
				  "the first seal is not of the first revision");
	if (named == NULL || perms->count != 2 || named->number != s->number)
		return check_fail(c, CHECK_CERTIFIED, "/Perms does not name the first seal");
	if (!pdf_is_name(pdf_key(ref, "TransformMethod"), "DocMDP") || p == NULL)
		return check_fail(c, CHECK_CERTIFIED,
				  "the first seal does not certify the document");
	if (fields < 1 || fields > CHECK_SEALS_MAX || p->number != (int64_t)fields)
		return check_fail(c, CHECK_CERTIFIED,
				  "the first seal allows other changes than there are fields for");
	if (c->count < fields)
		return check_fail(c, CHECK_CERTIFIED, "the second seal is missing");
	return true;
}

static bool second_check(struct check *c, const struct check_signature *s)
{
	const struct pdf_value *ref = only_reference(s);

	if (s->revision != 1 || pdf_key(s->field, "Lock") == NULL)
		return check_fail(c, CHECK_CERTIFIED,
				  "the second seal is not in the field meant for it");
	if (!pdf_is_name(pdf_key(ref, "TransformMethod"), "FieldMDP") ||
	    !pdf_is_name(pdf_key(pdf_key(ref, "TransformParams"), "Action"), "All"))
		return check_fail(c, CHECK_CERTIFIED, "the second seal does not lock the fields");
	return true;
}

void check_certified(struct check *c)
{
	if (c->count == 0)
		return; /* said already */
	if (first_check(c, &c->signatures[0]) &&
	    (c->count == 1 || second_check(c, &c->signatures[1])))
		check_pass(c, CHECK_CERTIFIED);
}

/* ---- later revisions ---- */

/* Is `now` what `was` is, but for the keys of `except`? */
static bool same_but(const struct pdf_value *was, const struct pdf_value *now,
		     const char *const *except)
{
	const struct pdf_value *both[] = { was, now };

	for (size_t turn = 0; turn < 2; turn++) {
		const struct pdf_value *a = both[turn], *b = both[1 - turn];

		if (a->kind != PDF_DICTIONARY)
			return false;
		for (size_t i = 0; i + 1 < a->count; i += 2) {
			const struct pdf_value *other = NULL;
			bool ignored = false;

			for (size_t k = 0; except[k] != NULL; k++)
				ignored |= pdf_is_name(&a->items[i], except[k]);
			for (size_t k = 0; b->kind == PDF_DICTIONARY && k + 1 < b->count; k += 2) {
				if (str_eq(b->items[k].text, a->items[i].text))
					other = &b->items[k + 1];
			}
			if (!ignored && (other == NULL || !str_eq(other->raw, a->items[i + 1].raw)))
				return false;
		}
	}
	return true;
}

/* What pages show: from their tree, but for annotations and what leads back. */
static bool shown_walk(struct check *c, struct pdf_walk *w)
{
	static const char *const skip[] = { "Annots", "Parent", "StructParents", NULL };
	struct err e = { 0 };

	if (!pdf_walk_begin(c->arena, &c->pdf, 0, skip, w, &e))
		return check_fail(c, CHECK_LIMITS, "%s", e.cause);
	pdf_walk_from(w, pdf_key(pdf_catalog(&c->pdf, 0), "Pages"));
	return true;
}

/* The seal that was foreseen: its field with a value, its dictionary. */
static bool foreseen(const struct check *c, const struct pdf_object *ob, size_t r)
{
	static const char *const value[] = { "V", NULL };
	const struct check_signature *s = &c->signatures[1];
	const struct pdf_object *was;

	if (c->count < 2 || r != 1 || s->revision != 1)
		return false;
	was = pdf_object(&c->pdf, ob->number, 0, NULL);
	if (ob->number == s->number)
		return was == NULL && !ob->stream;
	return ob == s->field_object && was != NULL && pdf_key(&was->value, "V") == NULL &&
	       pdf_key(&was->value, "Lock") != NULL && same_but(&was->value, &ob->value, value);
}

static void later_object(struct check *c, const struct pdf_walk *shown, const struct pdf_object *ob)
{
	static const char *const annotations[] = { "Annots", NULL };
	const struct pdf_object *was = pdf_object(&c->pdf, ob->number, 0, NULL);

	if (was != NULL && pdf_walk_saw(shown, ob->number) &&
	    (was->stream || ob->stream || !same_but(&was->value, &ob->value, annotations)))
		check_fail(c, CHECK_CONTENT, "object %u, which a page shows, was replaced later",
			   ob->number);
	else
		check_fail(c, CHECK_LATER, "object %u was %s after the document was sealed",
			   ob->number, was == NULL ? "added" : "replaced");
}

static bool trailer_same(const struct pdf_value *was, const struct pdf_value *now)
{
	static const char *const moving[] = { "Size", "Prev", "ID", NULL };
	const struct pdf_value *a = pdf_key_kind(was, "ID", PDF_ARRAY);
	const struct pdf_value *b = pdf_key_kind(now, "ID", PDF_ARRAY);

	return same_but(was, now, moving) && a != NULL && b != NULL && a->count == 2 &&
	       b->count == 2 && str_eq(a->items[0].text, b->items[0].text);
}

void check_revisions(struct check *c)
{
	size_t allowed = c->count > 1 ? 2 : 1;
	struct pdf_walk shown;

	if (!shown_walk(c, &shown))
		return;
	for (size_t r = 1; r < c->pdf.count; r++) {
		const struct pdf_revision *rev = &c->pdf.revisions[r];

		for (size_t i = 0; i < rev->count; i++) {
			if (!foreseen(c, &rev->objects[i], r))
				later_object(c, &shown, &rev->objects[i]);
		}
		if (r >= allowed || !trailer_same(&c->pdf.revisions[0].trailer, &rev->trailer))
			check_fail(c, CHECK_LATER,
				   "a revision was added after the document was sealed");
	}
	check_pass(c, CHECK_LATER);
	check_pass(c, CHECK_CONTENT);
}
