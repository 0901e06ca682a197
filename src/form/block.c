/* SPDX-License-Identifier: Apache-2.0 */
#include "form/block.h"

#include "form/layout.h"

enum { KEY_MAX = 64, VARIANTS_MAX = 16, CELLS_MAX = 16 };

/* What a block takes from its flow, and an item from its block. */
struct manner {
	const struct layout *layout;
	const struct layout_tools *tools;
	const struct style *style;
	const struct json *spans;
	double leading, gap, gap_tight;
};

static bool mm_or(const struct json *o, const char *key, double fallback, double *out,
		  struct err *e)
{
	return style_number_or(o, key, -LAYOUT_MM_MAX, LAYOUT_MM_MAX, fallback, out, e);
}

static bool mm(const struct json *o, const char *key, double *out, struct err *e)
{
	return style_number(o, key, -LAYOUT_MM_MAX, LAYOUT_MM_MAX, out, e);
}

/* "style" and "spans" of an object, where it has its own. */
static bool manner_read(struct manner *m, const struct json *o, struct err *e)
{
	if (json_lookup(o, "style") != NULL &&
	    !style_named(&m->layout->palette, o, "style", &m->style, e))
		return false;
	if (json_lookup(o, "spans") != NULL && !json_object(o, "spans", &m->spans, e))
		return false;
	return mm_or(o, "leading", m->leading, &m->leading, e) &&
	       mm_or(o, "gap", m->gap, &m->gap, e) &&
	       mm_or(o, "gap_tight", m->gap < m->gap_tight ? m->gap : m->gap_tight, &m->gap_tight,
		     e);
}

/* ---- texts ---- */

static bool one_string(const struct manner *m, const struct layout_string *s, struct rich *out,
		       struct err *e)
{
	const struct rich_styles styles = { &m->layout->palette, m->spans, m->style };
	struct err why;

	if (rich_compile(m->tools->set.arena, s->raw, &m->tools->names, &styles, out, &why))
		return true;
	if (why.kind != ERR_INPUT) {
		*e = why;
		return false;
	}
	/* The element is what does not know a span; the string is where it was written. */
	err_input(e, why.code, "in /strings/%.*s: %s", STR_ARG(s->key), why.cause);
	return err_at(e, "%s", why.pointer);
}

/* Every string called "<key>.<value>". */
static bool variants(const struct manner *m, struct rich_choice *c, struct err *e)
{
	for (size_t i = 0; i < m->layout->string_count; i++) {
		const struct layout_string *s = &m->layout->strings[i];

		if (!str_starts(s->key, c->string) || s->key.n < c->string.n + 2 ||
		    s->key.p[c->string.n] != '.')
			continue;
		if (c->count == VARIANTS_MAX)
			return err_input(e, "JSON-LENGTH", "more than %d strings begin so",
					 VARIANTS_MAX);
		c->items[c->count].value = str_skip(s->key, c->string.n + 1);
		if (!one_string(m, s, &c->items[c->count].rich, e))
			return false;
		c->count++;
	}
	return true;
}

/* The member `key` names a string, or with "by" a family of them; "must". */
static bool choice_read(const struct manner *m, const struct json *o, const char *key,
			struct rich_choice *out, struct err *e)
{
	const struct layout_string *s;
	bool by;

	if (!json_string(o, key, 1, KEY_MAX, &out->string, e) ||
	    !json_string_opt(o, "by", 1, KEY_MAX, &out->by, &by, e) ||
	    (json_lookup(o, "must") != NULL && !json_bool(o, "must", &out->must, e)))
		return false;
	out->items = arena_array(m->tools->set.arena, by ? VARIANTS_MAX : 1, sizeof *out->items, e);
	if (out->items == NULL)
		return false;
	if (by && !phrase_fact_known(&m->tools->names, out->by)) {
		err_input(e, "TEMPLATE-FACT", "'%.*s' is not in needs or takes", STR_ARG(out->by));
		return err_at(e, "/by");
	}
	if (by && !variants(m, out, e))
		return err_at(e, "/%s", key);
	s = by ? NULL : layout_string(m->layout, out->string);
	if (s != NULL) {
		out->count = 1;
		return one_string(m, s, &out->items[0].rich, e) || err_at(e, "/%s", key);
	}
	if (out->count > 0)
		return true;
	err_input(e, "TEMPLATE-STRING", "'%.*s%s' is not in the language's strings",
		  STR_ARG(out->string), by ? ".…" : "");
	return err_at(e, "/%s", key);
}

/* As choice_read, in the style that `style_key` names. */
static bool choice_in_style(struct manner m, const struct json *o, const char *key,
			    const char *style_key, struct rich_choice *out, struct err *e)
{
	return style_named(&m.layout->palette, o, style_key, &m.style, e) &&
	       choice_read(&m, o, key, out, e);
}

/* ---- kinds ---- */

static bool paragraph_read(const struct manner *m, const struct json *o, struct block *out,
			   struct err *e)
{
	static const char *const keys[] = { "kind",  "when",    "unless", "gap",  "gap_tight",
					    "keep",  "string",  "by",     "must", "style",
					    "spans", "leading", "role",   NULL };
	static const char *const roles[] = { "P", "H1", "Artifact" };
	static const enum paper_role meant[] = { PAPER_P, PAPER_H1, PAPER_ARTIFACT };
	struct block_paragraph *p = &out->as.paragraph;
	struct str role = STR("P");
	bool present;

	if (!json_only(o, keys, e) || !choice_read(m, o, "string", &p->words, e) ||
	    !json_string_opt(o, "role", 1, KEY_MAX, &role, &present, e))
		return false;
	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		if (!present || str_eq(role, str_of(roles[i]))) {
			p->role = meant[i];
			return true;
		}
	}
	err_input(e, "TEMPLATE-WORD", "must be one of P, H1, Artifact");
	return err_at(e, "/role");
}

static bool item_read(struct manner m, const struct json *o, struct block_item *out, struct err *e)
{
	static const char *const keys[] = { "when", "unless", "string", "by",
					    "must", "style",  "spans",  NULL };

	return json_only(o, keys, e) && manner_read(&m, o, e) &&
	       condition_read(o, &m.tools->names, &out->conditions, e) &&
	       choice_read(&m, o, "string", &out->words, e);
}

static bool list_read(const struct manner *m, const struct json *o, struct block *out,
		      struct err *e)
{
	static const char *const keys[] = { "kind",       "when",   "unless", "gap",      "keep",
					    "gap_tight",  "style",  "spans",  "mark",     "leading",
					    "mark_style", "indent", "items",  "item_gap", NULL };
	struct block_list *list = &out->as.list;
	const struct json *items;

	list->mark_style = m->style;
	if (!json_only(o, keys, e) || !mm(o, "indent", &list->indent, e) ||
	    !mm_or(o, "item_gap", 0, &list->item_gap, e) ||
	    !json_string(o, "mark", 1, BLOCK_MARK_MAX, &list->mark, e) ||
	    (json_lookup(o, "mark_style") != NULL &&
	     !style_named(&m->layout->palette, o, "mark_style", &list->mark_style, e)) ||
	    !json_array(o, "items", BLOCK_ITEMS_MAX, &items, e))
		return false;
	list->count = items->count;
	for (size_t i = 0; i < items->count; i++) {
		if (!item_read(*m, &items->items[i], &list->items[i], e))
			return err_at(e, "/items/%zu", i);
	}
	return true;
}

static bool fact_row(const struct manner *m, const struct json *o, const struct json *block,
		     struct block_row *out, struct err *e)
{
	static const char *const keys[] = { "when", "unless", "label", "value",
					    "by",   "must",   "spans", NULL };
	struct manner label = *m, value = *m;

	/* The value may be chosen by a fact; its label is one. */
	if (!json_only(o, keys, e) || !condition_read(o, &m->tools->names, &out->conditions, e) ||
	    !style_named(&m->layout->palette, block, "label_style", &label.style, e) ||
	    !manner_read(&value, o, e) || !choice_read(&value, o, "value", &out->value, e))
		return false;
	if (!json_string(o, "label", 1, KEY_MAX, &out->label.string, e))
		return false;
	out->label.items = arena_array(m->tools->set.arena, 1, sizeof *out->label.items, e);
	if (out->label.items == NULL)
		return false;
	out->label.count = 1;
	if (layout_string(m->layout, out->label.string) == NULL) {
		err_input(e, "TEMPLATE-STRING", "'%.*s' is not in the language's strings",
			  STR_ARG(out->label.string));
		return err_at(e, "/label");
	}
	return one_string(&label, layout_string(m->layout, out->label.string),
			  &out->label.items[0].rich, e) ||
	       err_at(e, "/label");
}

static bool facts_read(const struct manner *m, const struct json *o, struct block *out,
		       struct err *e)
{
	static const char *const keys[] = { "kind",      "when",        "unless",      "gap",
					    "keep",      "gap_tight",   "style",       "spans",
					    "leading",   "label_width", "label_style", "row",
					    "row_tight", "outer",       "inner",       "rows",
					    NULL };
	struct block_facts *f = &out->as.facts;
	const struct json *rows;

	if (!json_only(o, keys, e) || !mm(o, "label_width", &f->label_width, e) ||
	    !mm(o, "row", &f->row, e) || !mm_or(o, "row_tight", f->row, &f->row_tight, e) ||
	    !layout_stroke(m->layout, o, "outer", &f->outer, e) ||
	    !layout_stroke(m->layout, o, "inner", &f->inner, e) ||
	    !json_array(o, "rows", BLOCK_ROWS_MAX, &rows, e))
		return false;
	f->count = rows->count;
	for (size_t i = 0; i < rows->count; i++) {
		if (!fact_row(m, &rows->items[i], o, &f->rows[i], e))
			return err_at(e, "/rows/%zu", i);
	}
	return true;
}

static bool column_read(const struct manner *m, const struct json *o, struct block_column *c,
			struct err *e)
{
	static const char *const keys[] = { "head", "head_style", "style", "width",
					    "as",   "words",      "cell",  NULL };
	struct str as = { NULL, 0 };
	int64_t cell;
	bool present;

	c->style = m->style;
	if (!json_only(o, keys, e) || !json_integer(o, "cell", 1, CELLS_MAX, &cell, e) ||
	    !choice_in_style(*m, o, "head", "head_style", &c->head, e) ||
	    !mm(o, "width", &c->width, e) ||
	    (json_lookup(o, "style") != NULL &&
	     !style_named(&m->layout->palette, o, "style", &c->style, e)) ||
	    !json_string_opt(o, "as", 1, KEY_MAX, &as, &present, e) ||
	    !json_string_opt(o, "words", 1, KEY_MAX, &c->cell.fact, &present, e))
		return false;
	c->at = (size_t)cell - 1;
	return phrase_filter(as, &m->tools->names, &c->cell, e) || err_at(e, "/as");
}

static bool table_read(const struct manner *m, const struct json *o, struct block *out,
		       struct err *e)
{
	static const char *const keys[] = { "kind",    "when",  "unless",    "gap",
					    "keep",    "style", "gap_tight", "spans",
					    "leading", "fact",  "row",       "row_tight",
					    "outer",   "inner", "columns",   NULL };
	struct block_table *t = &out->as.table;
	const struct json *columns;

	if (!json_only(o, keys, e) || !json_string(o, "fact", 1, KEY_MAX, &t->fact, e) ||
	    !mm(o, "row", &t->row, e) || !mm_or(o, "row_tight", t->row, &t->row_tight, e) ||
	    !layout_stroke(m->layout, o, "outer", &t->outer, e) ||
	    !layout_stroke(m->layout, o, "inner", &t->inner, e) ||
	    !json_array(o, "columns", BLOCK_COLUMNS_MAX, &columns, e))
		return false;
	if (!phrase_fact_known(&m->tools->names, t->fact)) {
		err_input(e, "TEMPLATE-FACT", "'%.*s' is not in needs or takes", STR_ARG(t->fact));
		return err_at(e, "/fact");
	}
	t->count = columns->count;
	for (size_t i = 0; i < columns->count; i++) {
		if (!column_read(m, &columns->items[i], &t->columns[i], e))
			return err_at(e, "/columns/%zu", i);
	}
	return true;
}

static const struct {
	const char *name;
	bool (*read)(const struct manner *, const struct json *, struct block *, struct err *);
} kinds[] = {
	[BLOCK_PARAGRAPH] = { "paragraph", paragraph_read },
	[BLOCK_LIST] = { "list", list_read },
	[BLOCK_FACTS] = { "facts", facts_read },
	[BLOCK_TABLE] = { "table", table_read },
};

static bool block_read(struct manner m, const struct json *o, struct block *out, struct err *e)
{
	struct str kind;

	if (!json_string(o, "kind", 1, KEY_MAX, &kind, e) || !manner_read(&m, o, e) ||
	    !condition_read(o, &m.tools->names, &out->conditions, e) ||
	    (json_lookup(o, "keep") != NULL && !json_bool(o, "keep", &out->keep, e)))
		return false;
	out->style = m.style;
	out->leading = m.leading;
	out->gap = m.gap;
	out->gap_tight = m.gap_tight;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (str_eq(kind, str_of(kinds[i].name))) {
			out->kind = (enum block_kind)i;
			return kinds[i].read(&m, o, out, e);
		}
	}
	err_input(e, "TEMPLATE-WORD", "'%.*s' is no kind of block", STR_ARG(kind));
	return err_at(e, "/kind");
}

bool block_flow(const struct layout *l, const struct layout_tools *t, const struct json *o,
		struct element_flow *out, struct err *e)
{
	static const char *const keys[] = {
		"kind",  "when",    "unless",   "page",        "flow",        "x",      "width",
		"top",   "bottom",  "next_top", "more_bottom", "pages",       "floor",  "style",
		"spans", "leading", "gap",      "gap_tight",   "next_bottom", "blocks", NULL
	};
	struct manner m = { .layout = l, .tools = t, .gap_tight = LAYOUT_MM_MAX };
	const struct json *blocks;
	int64_t pages = 1;

	if (!json_only(o, keys, e) || !style_named(&l->palette, o, "style", &m.style, e) ||
	    !mm(o, "leading", &m.leading, e) || !manner_read(&m, o, e) || !mm(o, "x", &out->x, e) ||
	    !style_number(o, "width", 1, LAYOUT_MM_MAX, &out->width, e) ||
	    !mm(o, "top", &out->top, e) || !mm(o, "bottom", &out->bottom, e) ||
	    !mm_or(o, "next_top", out->top, &out->next_top, e) ||
	    !mm_or(o, "next_bottom", out->bottom, &out->next_bottom, e) ||
	    !mm_or(o, "more_bottom", out->bottom, &out->more_bottom, e) ||
	    !style_number_or(o, "floor", 0.5, 1, 1, &out->floor, e) ||
	    (json_lookup(o, "pages") != NULL &&
	     !json_integer(o, "pages", 1, FLOW_PAGES_MAX, &pages, e)) ||
	    !json_array(o, "blocks", BLOCKS_MAX, &blocks, e))
		return false;
	out->pages = (int)pages;
	out->blocks = arena_array(t->set.arena, blocks->count, sizeof *out->blocks, e);
	if (out->blocks == NULL)
		return false;
	out->count = blocks->count;
	for (size_t i = 0; i < blocks->count; i++) {
		if (!block_read(m, &blocks->items[i], &out->blocks[i], e))
			return err_at(e, "/blocks/%zu", i);
	}
	return true;
}
