/* SPDX-License-Identifier: Apache-2.0 */
#include "form/sheet.h"

#include "form/flow.h"
#include "form/placer.h"

struct spot {
	double x, y;
	enum align align;
};

/* One line of a set text. */
static void line(struct placer *p, const struct setting *s, const struct set_text *text, size_t i,
		 struct spot at)
{
	double width = setting_width_mm(text, i);

	switch (at.align) {
	case ALIGN_LEFT:
		break;
	case ALIGN_CENTER:
		at.x -= width / 2;
		break;
	case ALIGN_RIGHT:
		at.x -= width;
		break;
	}
	/* Running text has most letters of what is fixed anyway: a second font for that would hold them twice. */
	placer_text(p, s->style, &text->lines[i], text->size_pt, at.x, at.y)->as.text.fixed =
		s->constant && !p->layout->flows;
}

static bool place(struct placer *p, const struct setting *s, struct set_text *out, struct err *e)
{
	if (!setting_place(s, p->tools, &p->values, out, e))
		return false;
	p->sheet->fell_back |= out->fell_back && s->style->text.whole;
	return true;
}

static bool place_text(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_text *t = &el->as.text;
	struct set_text text;

	if (!place(p, &t->setting, &text, e))
		return false;
	if (text.count == 0)
		return true;
	if (text.count > t->setting.count)
		p->pushed += t->push;
	placer_open(p, t->role);
	for (size_t i = 0; i < text.count; i++)
		line(p, &t->setting, &text, i,
		     (struct spot){ t->x, t->y + (double)i * t->leading, t->align });
	placer_close(p);
	return true;
}

/* Label and value of one row at `top`; *height 0 when a fact is missing and the row is left out. */
static bool place_row(struct placer *p, const struct element_record *rec,
		      const struct record_row *row, double top, double *height, struct err *e)
{
	struct set_text label, value, note = { .count = 0 };
	bool tall;

	*height = 0;
	if (!place(p, &row->value, &value, e))
		return false;
	if (value.count == 0)
		return true;
	if (!place(p, &row->label, &label, e) || (row->has_note && !place(p, &row->note, &note, e)))
		return false;
	tall = value.count == 2;
	*height = tall ? row->tall_height : row->height;
	placer_open(p, PAPER_ROW);
	placer_open(p, PAPER_ROW_HEADER);
	line(p, &row->label, &label, 0,
	     (struct spot){ rec->x, top + (tall ? row->tall_label : row->label_y), ALIGN_LEFT });
	placer_close(p);
	placer_open(p, PAPER_CELL);
	line(p, &row->value, &value, 0,
	     (struct spot){ rec->value_x, top + (tall ? row->tall_first : row->value_y),
			    ALIGN_LEFT });
	if (tall)
		line(p, &row->value, &value, 1,
		     (struct spot){ rec->value_x, top + row->tall_second, ALIGN_LEFT });
	if (note.count > 0)
		line(p, &row->note, &note, 0,
		     (struct spot){ rec->value_x + row->note_dx, top + row->value_y, ALIGN_LEFT });
	placer_close(p);
	placer_close(p);
	return true;
}

static bool place_record(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_record *rec = &el->as.record;
	double bottoms[ROWS_MAX], y = rec->y, height;
	size_t count = 0;

	placer_open(p, PAPER_TABLE);
	for (size_t i = 0; i < rec->count; i++) {
		if (!place_row(p, rec, &rec->rows[i], y, &height, e))
			return false;
		if (height == 0)
			continue;
		y += height;
		bottoms[count++] = y;
	}
	placer_close(p);
	placer_rule(p, &rec->outer, rec->x, rec->right, rec->y);
	for (size_t i = 0; i < count; i++)
		placer_rule(p, i + 1 < count ? &rec->inner : &rec->outer, rec->x, rec->right,
			    bottoms[i]);
	return true;
}

static bool place_columns(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_columns *c = &el->as.columns;
	struct set_text label[COLUMNS_MAX], sub[COLUMNS_MAX], value[COLUMNS_MAX];

	for (size_t i = 0; i < c->count; i++) {
		sub[i].count = 0;
		if (!place(p, &c->columns[i].label, &label[i], e) ||
		    !place(p, &c->columns[i].value, &value[i], e) ||
		    (c->columns[i].has_sub && !place(p, &c->columns[i].sub, &sub[i], e)))
			return false;
	}
	placer_open(p, PAPER_TABLE);
	placer_open(p, PAPER_ROW);
	for (size_t i = 0; i < c->count; i++) {
		const struct facts_column *col = &c->columns[i];

		placer_open(p, PAPER_COLUMN_HEADER);
		line(p, &col->label, &label[i], 0, (struct spot){ col->x, c->label_y, ALIGN_LEFT });
		if (sub[i].count > 0)
			line(p, &col->sub, &sub[i], 0,
			     (struct spot){ col->x + setting_width_mm(&label[i], 0) + c->sub_gap,
					    c->label_y, ALIGN_LEFT });
		placer_close(p);
	}
	placer_close(p);
	placer_open(p, PAPER_ROW);
	for (size_t i = 0; i < c->count; i++) {
		placer_open(p, PAPER_CELL);
		if (value[i].count > 0)
			line(p, &c->columns[i].value, &value[i], 0,
			     (struct spot){ c->columns[i].x, c->value_y, ALIGN_LEFT });
		placer_close(p);
	}
	placer_close(p);
	placer_close(p);
	placer_rule(p, &c->outer, c->x, c->right, c->top);
	placer_rule(p, &c->outer, c->x, c->right, c->bottom);
	return true;
}

/* Two lines that come out as the same text name the same signer. */
static bool same_text(const struct placer *p, const struct phrase *a, const struct phrase *b,
		      bool *same, struct err *e)
{
	struct str x, y;
	bool absent[2];

	if (!phrase_fill(p->tools->arena, a, &p->values, &x, &absent[0], e) ||
	    !phrase_fill(p->tools->arena, b, &p->values, &y, &absent[1], e))
		return false;
	*same = absent[1] || str_eq(x, y);
	return true;
}

static bool place_signoff(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_signoff *s = &el->as.signoff;
	struct set_text date = { .count = 0 };
	size_t count = s->count;
	bool same;

	if (count == 2) {
		if (!same_text(p, s->names[0].phrases, s->names[1].phrases, &same, e))
			return false;
		count = same ? 1 : 2;
	}
	if (s->has_date && !place(p, &s->date, &date, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct signer_place *at = count == 1 ? &s->one : &s->two[i];
		struct set_text name;
		double y = s->name_y;

		if (!place(p, &s->names[i], &name, e))
			return false;
		placer_open(p, PAPER_P);
		/* The last line stands on the baseline, one before it above. */
		for (size_t k = 0; k < name.count; k++)
			line(p, &s->names[i], &name, k,
			     (struct spot){ at->x, y - (double)(name.count - 1 - k) * s->leading,
					    ALIGN_CENTER });
		if (date.count > 0)
			line(p, &s->date, &date, 0,
			     (struct spot){ at->x, s->date_y, ALIGN_CENTER });
		placer_close(p);
	}
	return true;
}

static bool place_rule(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_rule *r = &el->as.rule;

	(void)e;
	placer_rule(p, &r->stroke, r->x1, r->x2, r->y)->layer = r->layer;
	return true;
}

static bool place_frame(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_frame *f = &el->as.frame;
	struct sheet_item *item;

	(void)e;
	placer_open(p, PAPER_ARTIFACT);
	item = placer_add(p, SHEET_FRAME);
	item->layer = PAPER_GROUND;
	item->as.frame = (struct sheet_frame){
		.box = { f->inset, f->inset, p->layout->width - f->inset,
			 p->layout->height - f->inset },
		.radius = f->radius,
		.width = f->stroke.width,
		.ink = f->stroke.ink,
	};
	placer_close(p);
	return true;
}

static bool place_qr(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_qr *q = &el->as.qr;
	double y = q->y + p->shift;
	struct sheet_item *item;

	(void)e;
	placer_open_as(p, &(struct paper_element){
				  .role = PAPER_FIGURE,
				  .alt = q->alt,
				  .box = { q->x, y, q->x + q->size, y + q->size },
			  });
	item = placer_add(p, SHEET_QR);
	item->layer = PAPER_FACE;
	item->as.qr = (struct sheet_qr){ q, p->shift };
	placer_close(p);
	return true;
}

static bool place_photo(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_photo *ph = &el->as.photo;
	struct paper_box box = { ph->x, ph->y, ph->x + ph->width, ph->y + ph->height };
	struct sheet_item *item;

	(void)e;
	placer_open_as(p,
		       &(struct paper_element){ .role = PAPER_FIGURE, .alt = ph->alt, .box = box });
	item = placer_add(p, SHEET_PHOTO);
	item->layer = PAPER_FACE;
	item->as.photo = ph;
	placer_close(p);
	placer_open(p, PAPER_ARTIFACT);
	item = placer_add(p, SHEET_FRAME);
	item->layer = PAPER_FACE;
	item->as.frame = (struct sheet_frame){ .box = box,
					       .width = ph->stroke.width,
					       .ink = ph->stroke.ink };
	placer_close(p);
	return true;
}

static bool place_art(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_art *a = &el->as.art;
	struct paper_box box = { a->box.left, a->box.top + p->shift, a->box.right,
				 a->box.bottom + p->shift };
	struct sheet_item *item;

	(void)e;
	placer_open_as(p, &(struct paper_element){
				  .role = a->alt.n > 0 ? PAPER_FIGURE : PAPER_ARTIFACT,
				  .alt = a->alt,
				  .box = box,
			  });
	item = placer_add(p, SHEET_ART);
	item->layer = a->layer;
	item->as.art = (struct sheet_art){ .art = a->art, .at = a->at, .ink = a->ink };
	item->as.art.at.f += p->shift;
	placer_close(p);
	return true;
}

static bool place_one_seal(struct placer *p, const struct element_seal *s, size_t i,
			   const struct seal_place *at, struct err *e)
{
	double scale = at->diameter / SEAL_NOMINAL, r = at->diameter / 2, y = at->y + p->shift;
	const struct art *art;
	struct sheet_item *item;
	struct str name, alt;
	bool absent;

	if (!phrase_fill(p->tools->arena, s->names[i], &p->values, &name, &absent, e))
		return false;
	if (absent)
		return true;
	art = seal_lookup(s->seals, name);
	if (art == NULL) {
		err_input(e, "SEAL-UNKNOWN", "there is no seal of '%.*s'", STR_ARG(name));
		return phrase_constant(s->names[i])
			       ? false
			       : err_at(e, "/%.*s", STR_ARG(phrase_fact(s->names[i])));
	}
	if (!phrase_fill(p->tools->arena, s->alts[i], &p->values, &alt, &absent, e))
		return false;
	placer_open_as(p, &(struct paper_element){
				  .role = PAPER_FIGURE,
				  .alt = absent ? name : alt,
				  .box = { at->x - r, y - r, at->x + r, y + r },
			  });
	item = placer_add(p, SHEET_SEAL);
	item->layer = PAPER_SEAL;
	item->as.art = (struct sheet_art){ .art = art,
					   .at = { scale, 0, 0, scale, at->x, y },
					   .ink = s->ink };
	placer_close(p);
	return true;
}

static bool place_seal(struct placer *p, const struct element *el, struct err *e)
{
	const struct element_seal *s = &el->as.seal;
	bool same = true;

	if (s->count == 2 && !same_text(p, s->names[0], s->names[1], &same, e))
		return false;
	if (same)
		return place_one_seal(p, s, 0, &s->one, e);
	return place_one_seal(p, s, 0, &s->two[0], e) && place_one_seal(p, s, 1, &s->two[1], e);
}

static bool place_flow(struct placer *p, const struct element *el, struct err *e)
{
	const struct flow_turn none = { NULL, NULL };
	struct flow flow;

	return flow_measure(p, &el->as.flow, &flow, e) && flow_place(p, &flow, &none, e);
}

static bool (*const placers[])(struct placer *, const struct element *, struct err *) = {
	[ELEMENT_TEXT] = place_text,       [ELEMENT_RECORD] = place_record,
	[ELEMENT_COLUMNS] = place_columns, [ELEMENT_SIGNOFF] = place_signoff,
	[ELEMENT_RULE] = place_rule,       [ELEMENT_FRAME] = place_frame,
	[ELEMENT_QR] = place_qr,           [ELEMENT_PHOTO] = place_photo,
	[ELEMENT_GUILLOCHE] = place_art,   [ELEMENT_ROSETTE] = place_art,
	[ELEMENT_MICROTEXT] = place_art,   [ELEMENT_ART] = place_art,
	[ELEMENT_SEAL] = place_seal,       [ELEMENT_FLOW] = place_flow,
};

static bool place_element(struct placer *p, const struct element *el, struct err *e)
{
	p->shift = el->flow ? p->pushed : 0;
	return placers[el->kind](p, el, e);
}

/* The text that takes more pages when it is long; NULL: the sheet is one page. */
static const struct element *main_flow(const struct layout *l, const struct facts *facts)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct element *el = &l->elements[i];

		if (el->kind == ELEMENT_FLOW && el->as.flow.pages > 1 &&
		    condition_holds(&el->conditions, facts))
			return el;
	}
	return NULL;
}

struct pages {
	const struct element *text; /* placed by itself */
	bool first, last, every;    /* which elements are placed */
};

static bool place_those(struct placer *p, const struct pages *which, struct err *e)
{
	const bool wanted[] = {
		[PAGE_FIRST] = which->first, [PAGE_LAST] = which->last, [PAGE_EVERY] = which->every
	};

	for (size_t i = 0; i < p->layout->count; i++) {
		const struct element *el = &p->layout->elements[i];

		if (el == which->text || !wanted[el->page] ||
		    !condition_holds(&el->conditions, p->values.facts))
			continue;
		if (!place_element(p, el, e))
			return false;
	}
	return true;
}

/* The next page, with what every page has: read once, so decoration here. */
static bool page_turn(void *self, struct err *e)
{
	struct placer *p = self;
	const struct pages every = { .every = true };
	bool ok;

	placer_add(p, SHEET_PAGE);
	p->values.page++;
	placer_open(p, PAPER_ARTIFACT);
	p->quiet = true;
	ok = place_those(p, &every, e);
	p->quiet = false;
	placer_close(p);
	p->shift = 0;
	return ok;
}

/*
 * The text is read in one go, so what else the first page has comes before it and what ends the document behind it.
 */
static bool place_pages(struct placer *p, const struct element *text, const struct flow *flow,
			struct err *e)
{
	const struct pages before = { .text = text, .first = true, .every = true };
	const struct pages behind = { .text = text, .last = true };
	const struct flow_turn turn = { page_turn, p };

	if (!place_those(p, &before, e))
		return false;
	p->shift = 0;
	if (!flow_place(p, flow, &turn, e))
		return false;
	p->pushed = flow->end - text->as.flow.next_bottom;
	return place_those(p, &behind, e);
}

bool sheet_place(struct sheet *out, const struct layout *l, const struct setting_tools *t,
		 const struct phrase_values *v, struct err *e)
{
	const struct pages all = { .first = true, .last = true, .every = true };
	const struct element *text = main_flow(l, v->facts);
	struct placer p = {
		.sheet = out, .layout = l, .tools = t, .values = *v, .lang = l->language
	};
	struct flow flow = { .pages = 1 };
	bool ok;

	out->count = 0;
	out->fell_back = false;
	if (text != NULL && !flow_measure(&p, &text->as.flow, &flow, e))
		return false;
	out->pages = p.values.pages = flow.pages;
	p.values.page = 1;
	ok = flow.pages > 1 ? place_pages(&p, text, &flow, e) : place_those(&p, &all, e);
	if (ok && p.full)
		return err_input(e, "SHEET-TOO-FULL", "the document holds more than %d pieces",
				 SHEET_ITEMS_MAX);
	return ok;
}
