/* SPDX-License-Identifier: Apache-2.0 */
#include "form/layout.h"

#include "form/artwork.h"
#include "form/guilloche.h"
#include "form/microtext.h"
#include "form/photo.h"
#include "form/rosette.h"
#include "form/sealplace.h"
#include "qr/qr.h"

enum { KEY_MAX = 64, STRINGS_MAX = 256 };

static const double PAGE_MAX = LAYOUT_MM_MAX;

struct reader {
	struct layout *layout;
	const struct layout_tools *tools;
};

/* ---- strings ---- */

static bool string_lines(struct layout_string *out, const struct json *value,
			 const struct layout_tools *t, struct err *e)
{
	const struct json *lines = value->kind == JSON_ARRAY ? value->items : value;
	size_t count = value->kind == JSON_ARRAY ? value->count : 1;

	if (count < 1 || count > SETTING_LINES_MAX)
		return err_input(e, "JSON-LENGTH", "must be 1 to %d lines", SETTING_LINES_MAX);
	out->phrases = arena_array(t->set.arena, count, sizeof *out->phrases, e);
	if (out->phrases == NULL)
		return false;
	out->count = count;
	for (size_t i = 0; i < count; i++) {
		if (lines[i].kind != JSON_STRING || lines[i].string.n == 0)
			return err_input(e, "JSON-TYPE", "must be a string or an array of strings");
		if (!phrase_compile(t->set.arena, lines[i].string, &t->names, &out->phrases[i], e))
			return false;
	}
	return true;
}

bool layout_strings(struct layout *l, const struct json *file, const struct layout_tools *t,
		    struct err *e)
{
	const struct json *strings;

	if (!json_object(file, "strings", &strings, e))
		return false;
	if (strings->count > STRINGS_MAX) {
		err_input(e, "JSON-LENGTH", "has more than %d strings", STRINGS_MAX);
		return err_at(e, "/strings");
	}
	l->strings = arena_array(t->set.arena, strings->count, sizeof *l->strings, e);
	if (l->strings == NULL)
		return false;
	for (size_t i = 0; i < strings->count; i++) {
		l->strings[i].key = strings->keys[i];
		l->strings[i].raw = &strings->items[i];
		if (!string_lines(&l->strings[i], &strings->items[i], t, e)) {
			err_at(e, "/%.*s", STR_ARG(strings->keys[i]));
			return err_at(e, "/strings");
		}
		l->string_count++;
	}
	return true;
}

const struct layout_string *layout_string(const struct layout *l, struct str key)
{
	for (size_t i = 0; i < l->string_count; i++) {
		if (str_eq(l->strings[i].key, key))
			return &l->strings[i];
	}
	return NULL;
}

/* ---- members that elements share ---- */

static bool mm(const struct json *o, const char *key, double *out, struct err *e)
{
	return style_number(o, key, -PAGE_MAX, PAGE_MAX, out, e);
}

static bool mm_or(const struct json *o, const char *key, double fallback, double *out,
		  struct err *e)
{
	return style_number_or(o, key, -PAGE_MAX, PAGE_MAX, fallback, out, e);
}

static bool choice(const struct json *o, const char *key, const char *const *words, int fallback,
		   int *out, struct err *e)
{
	struct str text;
	bool present;

	if (!json_string_opt(o, key, 1, KEY_MAX, &text, &present, e))
		return false;
	*out = fallback;
	if (!present)
		return true;
	for (int i = 0; words[i] != NULL; i++) {
		if (str_eq(text, str_of(words[i]))) {
			*out = i;
			return true;
		}
	}
	err_input(e, "TEMPLATE-WORD", "'%.*s' is not known here; the first known one is '%s'",
		  STR_ARG(text), words[0]);
	return err_at(e, "/%s", key);
}

bool layout_stroke(const struct layout *l, const struct json *o, const char *key,
		   struct stroke *out, struct err *e)
{
	static const char *const keys[] = { "ink", "width", NULL };
	const struct json *s;

	if (!json_object(o, key, &s, e))
		return false;
	return (json_only(s, keys, e) && style_ink(&l->palette, s, "ink", &out->ink, e) &&
		style_number(s, "width", 0.01, 10, &out->width, e)) ||
	       err_at(e, "/%s", key);
}

static bool fit_read(const struct json *fit, const struct style *style, struct setting_fit *out,
		     struct err *e)
{
	static const char *const keys[] = { "floor", "last", "break", NULL };
	static const char *const breaks[] = { "none", "dot", "space", NULL };
	double size = style->size_pt;
	int at;

	*out = (struct setting_fit){ .floor = size, .last = size, .at = BREAK_NONE };
	if (fit == NULL)
		return true;
	if (!json_only(fit, keys, e) || !style_number(fit, "floor", 1, size, &out->floor, e) ||
	    !style_number_or(fit, "last", 1, out->floor, out->floor, &out->last, e) ||
	    !choice(fit, "break", breaks, BREAK_NONE, &at, e))
		return err_at(e, "/fit");
	out->at = (enum setting_break)at;
	return true;
}

/* The string `key` names, in the style `style_key` names, `width_mm` wide; `fit`: by the object's "fit". */
struct words {
	const char *key, *style_key;
	double width_mm;
	bool fit;
};

static bool setting_read(const struct reader *r, const struct json *o, const struct words *w,
			 struct setting *out, struct err *e)
{
	const struct layout_string *s;
	struct str key;

	if (!json_string(o, w->key, 1, KEY_MAX, &key, e))
		return false;
	s = layout_string(r->layout, key);
	if (s == NULL) {
		err_input(e, "TEMPLATE-STRING", "'%.*s' is not in the language's strings",
			  STR_ARG(key));
		return err_at(e, "/%s", w->key);
	}
	if (!style_named(&r->layout->palette, o, w->style_key, &out->style, e))
		return false;
	out->phrases = s->phrases;
	out->count = s->count;
	out->width_mm = w->width_mm;
	if (!fit_read(w->fit ? json_lookup(o, "fit") : NULL, out->style, &out->fit, e))
		return false;
	return setting_prepare(out, &r->tools->set, e) || err_at(e, "/%s", w->key);
}

/* ---- one reader an element kind ---- */

static bool text_read(const struct reader *r, const struct json *o, struct element *out,
		      struct err *e)
{
	static const char *const keys[] = { "kind",  "page",  "when", "unless", "flow",  "string",
					    "style", "x",     "y",    "role",   "width", "leading",
					    "push",  "align", "fit",  NULL };
	static const char *const aligns[] = { "left", "center", "right", NULL };
	static const char *const roles[] = { "P", "H1", "Artifact", NULL };
	static const enum paper_role meant[] = { PAPER_P, PAPER_H1, PAPER_ARTIFACT };
	struct element_text *t = &out->as.text;
	double width;
	int align, role;

	if (!json_only(o, keys, e) || !mm(o, "x", &t->x, e) || !mm(o, "y", &t->y, e) ||
	    !mm_or(o, "width", r->layout->width, &width, e) ||
	    !mm_or(o, "leading", 0, &t->leading, e) || !mm_or(o, "push", 0, &t->push, e) ||
	    !choice(o, "align", aligns, ALIGN_LEFT, &align, e) ||
	    !choice(o, "role", roles, 0, &role, e))
		return false;
	t->align = (enum align)align;
	t->role = meant[role];
	return setting_read(r, o, &(struct words){ "string", "style", width, true }, &t->setting,
			    e);
}

static bool note_read(const struct reader *r, const struct json *o, double width,
		      struct record_row *row, struct err *e)
{
	static const char *const keys[] = { "string", "style", "dx", NULL };
	const struct json *note = json_lookup(o, "note");

	if (note == NULL)
		return true;
	row->has_note = true;
	return (json_only(note, keys, e) && mm(note, "dx", &row->note_dx, e) &&
		setting_read(r, note,
			     &(struct words){ "string", "style", width - row->note_dx, false },
			     &row->note, e)) ||
	       err_at(e, "/note");
}

static bool row_read(const struct reader *r, const struct json *o, const struct element_record *rec,
		     struct record_row *row, struct err *e)
{
	static const char *const keys[] = { "label",  "label_style", "value",   "value_style",
					    "height", "label_y",     "value_y", "fit",
					    "note",   "two_lines",   NULL };
	static const char *const tall_keys[] = { "height", "label", "first", "second", NULL };
	struct words label = { "label", "label_style", rec->value_x - rec->x, false };
	struct words value = { "value", "value_style", rec->right - rec->value_x, true };
	const struct json *tall = json_lookup(o, "two_lines");

	if (!json_only(o, keys, e) || !mm(o, "height", &row->height, e) ||
	    !mm(o, "label_y", &row->label_y, e) || !mm(o, "value_y", &row->value_y, e) ||
	    !setting_read(r, o, &value, &row->value, e) || !note_read(r, o, value.width_mm, row, e))
		return false;
	if (tall != NULL &&
	    (!json_only(tall, tall_keys, e) || !mm(tall, "height", &row->tall_height, e) ||
	     !mm_or(tall, "label", row->label_y, &row->tall_label, e) ||
	     !mm(tall, "first", &row->tall_first, e) || !mm(tall, "second", &row->tall_second, e)))
		return err_at(e, "/two_lines");
	if (tall == NULL && row->value.fit.at != BREAK_NONE) {
		err_input(e, "JSON-MISSING", "is missing: a value that breaks needs its heights");
		return err_at(e, "/two_lines");
	}
	if (!setting_read(r, o, &label, &row->label, e))
		return false;
	return true;
}

static bool record_read(const struct reader *r, const struct json *o, struct element *out,
			struct err *e)
{
	static const char *const keys[] = { "kind",  "when", "unless", "flow",  "x",    "value_x",
					    "right", "y",    "outer",  "inner", "rows", NULL };
	struct element_record *rec = &out->as.record;
	const struct json *rows;

	if (!json_only(o, keys, e) || !mm(o, "x", &rec->x, e) ||
	    !mm(o, "value_x", &rec->value_x, e) || !mm(o, "right", &rec->right, e) ||
	    !mm(o, "y", &rec->y, e) || !layout_stroke(r->layout, o, "outer", &rec->outer, e) ||
	    !layout_stroke(r->layout, o, "inner", &rec->inner, e) ||
	    !json_array(o, "rows", ROWS_MAX, &rows, e))
		return false;
	rec->count = rows->count;
	for (size_t i = 0; i < rows->count; i++) {
		if (!row_read(r, &rows->items[i], rec, &rec->rows[i], e)) {
			err_at(e, "/%zu", i);
			return err_at(e, "/rows");
		}
	}
	return true;
}

/* Column i of the list, which ends where the next one begins. */
static bool column_read(const struct reader *r, const struct json *list, size_t i, double right,
			struct facts_column *c, struct err *e)
{
	static const char *const keys[] = { "x",           "label",     "label_style",
					    "sub",         "sub_style", "value",
					    "value_style", "fit",       NULL };
	const struct json *o = &list->items[i];
	struct words label = { "label", "label_style", 0, false };
	struct words sub = { "sub", "sub_style", 0, false };
	struct words value = { "value", "value_style", 0, true };

	if (!mm(o, "x", &c->x, e) ||
	    (i + 1 < list->count && !mm(&list->items[i + 1], "x", &right, e)))
		return false;
	label.width_mm = sub.width_mm = value.width_mm = right - c->x;
	c->has_sub = json_lookup(o, "sub") != NULL;
	return json_only(o, keys, e) && setting_read(r, o, &label, &c->label, e) &&
	       (!c->has_sub || setting_read(r, o, &sub, &c->sub, e)) &&
	       setting_read(r, o, &value, &c->value, e);
}

static bool columns_read(const struct reader *r, const struct json *o, struct element *out,
			 struct err *e)
{
	static const char *const keys[] = { "kind",    "when",    "unless", "flow",    "x",
					    "right",   "top",     "bottom", "label_y", "value_y",
					    "sub_gap", "columns", "outer",  NULL };
	struct element_columns *c = &out->as.columns;
	const struct json *list;

	if (!json_only(o, keys, e) || !mm(o, "x", &c->x, e) || !mm(o, "right", &c->right, e) ||
	    !mm(o, "top", &c->top, e) || !mm(o, "bottom", &c->bottom, e) ||
	    !mm(o, "label_y", &c->label_y, e) || !mm(o, "value_y", &c->value_y, e) ||
	    !mm_or(o, "sub_gap", 2, &c->sub_gap, e) ||
	    !layout_stroke(r->layout, o, "outer", &c->outer, e) ||
	    !json_array(o, "columns", COLUMNS_MAX, &list, e))
		return false;
	c->count = list->count;
	for (size_t i = 0; i < list->count; i++) {
		if (!column_read(r, list, i, c->right, &c->columns[i], e)) {
			err_at(e, "/%zu", i);
			return err_at(e, "/columns");
		}
	}
	return true;
}

static bool place_read(const struct json *o, struct signer_place *out, struct err *e)
{
	static const char *const keys[] = { "x", "width", NULL };

	return json_only(o, keys, e) && mm(o, "x", &out->x, e) && mm(o, "width", &out->width, e);
}

static bool places_read(const struct json *o, struct element_signoff *s, struct err *e)
{
	const struct json *one, *two;

	if (!json_object(o, "one", &one, e) || !json_array(o, "two", SIGNERS_MAX, &two, e))
		return false;
	if (!place_read(one, &s->one, e))
		return err_at(e, "/one");
	if (two->count != SIGNERS_MAX) {
		err_input(e, "JSON-LENGTH", "must be two places");
		return err_at(e, "/two");
	}
	for (size_t i = 0; i < SIGNERS_MAX; i++) {
		if (!place_read(&two->items[i], &s->two[i], e)) {
			err_at(e, "/%zu", i);
			return err_at(e, "/two");
		}
	}
	return true;
}

static bool signoff_read(const struct reader *r, const struct json *o, struct element *out,
			 struct err *e)
{
	static const char *const keys[] = { "kind",   "when",   "unless",     "first",
					    "second", "date",   "name_style", "date_style",
					    "name_y", "date_y", "leading",    "one",
					    "two",    "fit",    NULL };
	static const char *const names[] = { "first", "second" };
	struct element_signoff *s = &out->as.signoff;
	struct words date = { "date", "date_style", r->layout->width, false };

	if (!json_only(o, keys, e) || !mm(o, "name_y", &s->name_y, e) ||
	    !mm_or(o, "date_y", 0, &s->date_y, e) || !mm(o, "leading", &s->leading, e) ||
	    !places_read(o, s, e))
		return false;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct words name = { names[i], "name_style", s->two[i].width, true };

		if (json_lookup(o, names[i]) == NULL)
			continue;
		if (!setting_read(r, o, &name, &s->names[s->count++], e))
			return false;
	}
	s->has_date = json_lookup(o, "date") != NULL;
	if (!s->has_date)
		return true;
	return setting_read(r, o, &date, &s->date, e);
}

static bool rule_read(const struct reader *r, const struct json *o, struct element *out,
		      struct err *e)
{
	static const char *const keys[] = { "kind", "page", "when",   "unless", "flow", "x1",
					    "x2",   "y",    "stroke", "layer",  NULL };
	struct element_rule *rule = &out->as.rule;

	return json_only(o, keys, e) && mm(o, "x1", &rule->x1, e) && mm(o, "x2", &rule->x2, e) &&
	       mm(o, "y", &rule->y, e) && layout_stroke(r->layout, o, "stroke", &rule->stroke, e) &&
	       style_layer(o, &rule->layer, e);
}

static bool frame_read(const struct reader *r, const struct json *o, struct element *out,
		       struct err *e)
{
	static const char *const keys[] = { "kind",  "when",   "unless", "flow",
					    "inset", "radius", "stroke", NULL };
	struct element_frame *f = &out->as.frame;

	return json_only(o, keys, e) && mm(o, "inset", &f->inset, e) &&
	       mm_or(o, "radius", 0, &f->radius, e) &&
	       layout_stroke(r->layout, o, "stroke", &f->stroke, e);
}

bool layout_constant(const struct layout *l, struct str key, struct arena *a, struct str *out,
		     struct err *e)
{
	const struct layout_string *s = layout_string(l, key);
	const struct facts none = { .count = 0 };
	const struct phrase_values v = { .facts = &none };
	bool absent;

	if (s == NULL || s->count != 1 || !phrase_constant(&s->phrases[0]))
		return err_input(e, "TEMPLATE-STRING",
				 "must name one line of the language's strings, without facts");
	return phrase_fill(a, &s->phrases[0], &v, out, &absent, e);
}

/* What a figure shows, in words. */
static bool alt_text(const struct reader *r, struct str key, struct str *out, struct err *e)
{
	return layout_constant(r->layout, key, r->tools->set.arena, out, e);
}

static bool qr_read(const struct reader *r, const struct json *o, struct element *out,
		    struct err *e)
{
	static const char *const keys[] = { "kind", "page", "flow",  "when", "unless",      "x",
					    "y",    "size", "plate", "alt",  "version_max", NULL };
	struct element_qr *q = &out->as.qr;
	int64_t version;
	struct str key;

	if (!json_only(o, keys, e) || !mm(o, "x", &q->x, e) || !mm(o, "y", &q->y, e) ||
	    !style_number(o, "size", 10, 100, &q->size, e) ||
	    !style_number(o, "plate", 0, 20, &q->plate, e) ||
	    !json_integer(o, "version_max", 1, QR_VERSION_MAX, &version, e) ||
	    !json_string(o, "alt", 1, KEY_MAX, &key, e))
		return false;
	q->version_max = (int)version;
	return alt_text(r, key, &q->alt, e) || err_at(e, "/alt");
}

static bool photo_read(const struct reader *r, const struct json *o, struct element *out,
		       struct err *e)
{
	static const char *const keys[] = { "kind",   "x",      "y",   "width",
					    "height", "stroke", "alt", NULL };
	struct element_photo *p = &out->as.photo;
	struct str key;

	out->conditions.when.fact = PHOTO_FACT;
	if (!json_only(o, keys, e) || !mm(o, "x", &p->x, e) || !mm(o, "y", &p->y, e) ||
	    !style_number(o, "width", 5, 200, &p->width, e) ||
	    !style_number(o, "height", 5, 200, &p->height, e) ||
	    !layout_stroke(r->layout, o, "stroke", &p->stroke, e) ||
	    !json_string(o, "alt", 1, KEY_MAX, &key, e))
		return false;
	return alt_text(r, key, &p->alt, e) || err_at(e, "/alt");
}

static bool ornament_read(const struct reader *r, const struct json *o, struct element *out,
			  struct err *e)
{
	switch (out->kind) {
	case ELEMENT_GUILLOCHE:
		return guilloche_read(r->layout, r->tools, o, &out->as.art, e);
	case ELEMENT_ROSETTE:
		return rosette_read(r->layout, r->tools, o, &out->as.art, e);
	case ELEMENT_MICROTEXT:
		return microtext_read(r->layout, r->tools, o, &out->as.art, e);
	case ELEMENT_ART:
		return artwork_read(r->layout, r->tools, o, &out->as.art, e);
	case ELEMENT_TEXT:
	case ELEMENT_RECORD:
	case ELEMENT_COLUMNS:
	case ELEMENT_SIGNOFF:
	case ELEMENT_RULE:
	case ELEMENT_FRAME:
	case ELEMENT_QR:
	case ELEMENT_PHOTO:
	case ELEMENT_SEAL:
	case ELEMENT_FLOW:
		break;
	}
	return err_system(e, "an element that is no ornament");
}

static bool seal_read(const struct reader *r, const struct json *o, struct element *out,
		      struct err *e)
{
	return sealplace_read(r->layout, r->tools, o, &out->as.seal, e);
}

static bool flow_read(const struct reader *r, const struct json *o, struct element *out,
		      struct err *e)
{
	r->layout->flows = true;
	return block_flow(r->layout, r->tools, o, &out->as.flow, e);
}

/* A new kind of element is a row here, a struct in layout.h and a row in sheet.c. */
static const struct {
	const char *name;
	bool (*read)(const struct reader *, const struct json *, struct element *, struct err *);
} kinds[] = {
	[ELEMENT_TEXT] = { "text", text_read },
	[ELEMENT_RECORD] = { "record", record_read },
	[ELEMENT_COLUMNS] = { "columns", columns_read },
	[ELEMENT_SIGNOFF] = { "signoff", signoff_read },
	[ELEMENT_RULE] = { "rule", rule_read },
	[ELEMENT_FRAME] = { "frame", frame_read },
	[ELEMENT_QR] = { "qr", qr_read },
	[ELEMENT_PHOTO] = { "photo", photo_read },
	[ELEMENT_GUILLOCHE] = { "guilloche", ornament_read },
	[ELEMENT_ROSETTE] = { "rosette", ornament_read },
	[ELEMENT_MICROTEXT] = { "microtext", ornament_read },
	[ELEMENT_ART] = { "art", ornament_read },
	[ELEMENT_SEAL] = { "seal", seal_read },
	[ELEMENT_FLOW] = { "flow", flow_read },
};

/* A photo is left out without its fact, which the page must be allowed to take. */
static bool photo_judge(const struct reader *r, const struct element *el, struct err *e)
{
	if (el->kind != ELEMENT_PHOTO ||
	    phrase_fact_known(&r->tools->names, el->conditions.when.fact))
		return true;
	err_input(e, "TEMPLATE-FACT", "'%.*s' is not in needs or takes",
		  STR_ARG(el->conditions.when.fact));
	return err_at(e, "/when");
}

static bool element_read(const struct reader *r, const struct json *o, struct element *out,
			 struct err *e)
{
	static const char *const pages[] = { "first", "last", "every", NULL };
	struct str kind;
	int page;

	if (!json_string(o, "kind", 1, KEY_MAX, &kind, e) ||
	    !condition_read(o, &r->tools->names, &out->conditions, e) ||
	    !choice(o, "page", pages, PAGE_FIRST, &page, e) ||
	    (json_lookup(o, "flow") != NULL && !json_bool(o, "flow", &out->flow, e)))
		return false;
	out->page = (enum element_page)page;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (str_eq(kind, str_of(kinds[i].name))) {
			out->kind = (enum element_kind)i;
			return kinds[i].read(r, o, out, e) && photo_judge(r, out, e);
		}
	}
	err_input(e, "TEMPLATE-WORD", "'%.*s' is no kind of element", STR_ARG(kind));
	return err_at(e, "/kind");
}

bool layout_read(struct layout *l, const struct json *file, const struct json *elements,
		 const struct layout_tools *t, struct err *e)
{
	static const char *const keys[] = { "width", "height", NULL };
	struct reader r = { .layout = l, .tools = t };
	const struct json *page;

	if (!json_object(file, "page", &page, e))
		return false;
	if (!json_only(page, keys, e) || !style_number(page, "width", 50, PAGE_MAX, &l->width, e) ||
	    !style_number(page, "height", 50, PAGE_MAX, &l->height, e))
		return err_at(e, "/page");
	if (!style_read(t->set.arena, file, t->names.language, &l->palette, e))
		return false;
	l->elements = arena_array(t->set.arena, elements->count, sizeof *l->elements, e);
	if (l->elements == NULL)
		return false;
	for (size_t i = 0; i < elements->count; i++) {
		if (!element_read(&r, &elements->items[i], &l->elements[i], e))
			return err_at(e, "/elements/%zu", i);
		l->count++;
	}
	return true;
}
