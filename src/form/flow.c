/* SPDX-License-Identifier: Apache-2.0 */
#include "form/flow.h"

static const double MM_PER_PT = 25.4 / 72;
static const double RISE = 0.355;   /* em from a line's middle to its baseline */
static const double SLACK = 0.001;  /* mm */
static const double SHRINK = 0.02;  /* of the type, a step */
static const double COLUMN_GAP = 2; /* mm a cell stays away from the next */

/* ---- from blocks to atoms ---- */

struct builder {
	struct placer *p;
	struct flow *f;
	const struct block *block;
	double before[FLOW_ROOMS]; /* the next atom */
	size_t from;               /* the block's first atom */
	struct str longest;        /* fact of the longest text, for a refusal */
	size_t length;
};

static void longest_note(struct builder *b, const struct rich_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		const struct rich_span *s = &text->spans[i];

		if (s->fact.n > 0 && s->to - s->from > b->length) {
			b->length = s->to - s->from;
			b->longest = s->fact;
		}
	}
}

static bool lines_make(struct builder *b, const struct rich_text *text, double width,
		       struct composed *out, struct err *e)
{
	const struct compose_order order = { width, b->f->scale };

	longest_note(b, text);
	if (!compose(b->p->tools, text, &order, out, e))
		return false;
	b->p->sheet->fell_back |= out->fell_back;
	return true;
}

static struct flow_atom *atom_add(struct builder *b, const struct composed *texts, struct err *e)
{
	struct flow_atom *atom = &b->f->atoms[b->f->count];

	if (b->f->count == FLOW_ATOMS_MAX) {
		err_input(e, "TEXT-TOO-TALL", "the text has more than %d lines", FLOW_ATOMS_MAX);
		if (b->longest.n > 0)
			err_at(e, "/%.*s", STR_ARG(b->longest));
		return NULL;
	}
	*atom = (struct flow_atom){ .block = b->block,
				    .texts = texts,
				    .begins = b->f->count == b->from };
	memcpy(atom->before, b->before, sizeof atom->before);
	memset(b->before, 0, sizeof b->before);
	b->f->count++;
	return atom;
}

/* The lines of one paragraph or item: at least two of them on either page. */
static bool lines_add(struct builder *b, const struct composed *texts, struct err *e)
{
	size_t n = texts[0].count;

	for (size_t i = 0; i < n; i++) {
		struct flow_atom *atom = atom_add(b, texts, e);

		if (atom == NULL)
			return false;
		atom->line = i;
		atom->opens = i == 0;
		atom->closes = i + 1 == n;
		atom->glued = i + 1 < n && (i == 0 || i + 2 == n);
		for (int room = 0; room < FLOW_ROOMS; room++)
			atom->height[room] = b->block->leading * b->f->scale;
	}
	return true;
}

static bool paragraph_add(struct builder *b, struct err *e)
{
	const struct block_paragraph *par = &b->block->as.paragraph;
	struct arena *a = b->p->tools->arena;
	struct composed *texts = arena_array(a, 2, sizeof *texts, e);
	struct rich_text text;
	bool absent;

	if (texts == NULL || !rich_choose(a, &par->words, &b->p->values, &text, &absent, e))
		return false;
	return absent ||
	       (lines_make(b, &text, b->f->element->width, &texts[0], e) && lines_add(b, texts, e));
}

/* "(a)" as the mark of item i: (a), (b) …; 1 and 一 count as well. */
static bool mark_text(struct arena *a, struct str mark, size_t i, struct str *out, struct err *e)
{
	static const char *const hanzi[] = { "一", "二", "三", "四", "五",   "六",
					     "七", "八", "九", "十", "十一", "十二" };
	size_t at;

	at = str_find(mark, STR("一"), 0);
	if (at != SIZE_MAX && i < COUNT_OF(hanzi))
		return arena_printf(a, out, e, "%.*s%s%.*s", (int)at, mark.p, hanzi[i],
				    (int)(mark.n - at - 3), mark.p + at + 3);
	at = str_find(mark, STR("a"), 0);
	if (at != SIZE_MAX)
		return arena_printf(a, out, e, "%.*s%c%.*s", (int)at, mark.p, (int)('a' + i),
				    (int)(mark.n - at - 1), mark.p + at + 1);
	at = str_find(mark, STR("1"), 0);
	if (at != SIZE_MAX)
		return arena_printf(a, out, e, "%.*s%zu%.*s", (int)at, mark.p, i + 1,
				    (int)(mark.n - at - 1), mark.p + at + 1);
	*out = mark;
	return true;
}

static bool list_add(struct builder *b, struct err *e)
{
	const struct block_list *list = &b->block->as.list;
	double width = b->f->element->width;
	struct arena *a = b->p->tools->arena;
	struct str mark;
	size_t shown = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct block_item *item = &list->items[i];
		struct composed *texts;
		struct rich_text text, label;
		bool absent;

		if (!condition_holds(&item->conditions, b->p->values.facts))
			continue;
		if (!rich_choose(a, &item->words, &b->p->values, &text, &absent, e))
			return false;
		if (absent)
			continue;
		texts = arena_array(a, 2, sizeof *texts, e);
		if (texts == NULL || !mark_text(a, list->mark, shown, &mark, e) ||
		    !rich_plain(a, mark, list->mark_style, STR(""), &label, e) ||
		    !lines_make(b, &text, width - list->indent, &texts[0], e) ||
		    !lines_make(b, &label, width, &texts[1], e))
			return false;
		for (int room = 0; shown > 0 && room < FLOW_ROOMS; room++)
			b->before[room] = list->item_gap;
		if (!lines_add(b, texts, e))
			return false;
		shown++;
	}
	return true;
}

/* A row of cells, as high as its highest. */
static struct flow_atom *row_add(struct builder *b, const struct composed *cells, size_t count,
				 const double heights[2], struct err *e)
{
	struct flow_atom *atom = atom_add(b, cells, e);
	size_t lines = 1;

	if (atom == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		lines = cells[i].count > lines ? cells[i].count : lines;
	atom->count = count;
	atom->opens = atom->closes = true;
	for (int room = 0; room < FLOW_ROOMS; room++)
		atom->height[room] =
			(heights[room == FLOW_LOW] + (double)(lines - 1) * b->block->leading) *
			b->f->scale;
	return atom;
}

/* The table of facts is one piece. */
static bool facts_add_rows(struct builder *b, struct err *e)
{
	const struct block_facts *facts = &b->block->as.facts;
	const double heights[2] = { facts->row, facts->row_tight };
	struct arena *a = b->p->tools->arena;

	for (size_t i = 0; i < facts->count; i++) {
		const struct block_row *row = &facts->rows[i];
		double width = b->f->element->width - facts->label_width;
		struct composed *cells;
		struct rich_text label, value;
		struct flow_atom *atom;
		bool absent;

		if (!condition_holds(&row->conditions, b->p->values.facts))
			continue;
		if (!rich_choose(a, &row->value, &b->p->values, &value, &absent, e))
			return false;
		if (absent)
			continue;
		cells = arena_array(a, 2, sizeof *cells, e);
		if (cells == NULL ||
		    !rich_choose(a, &row->label, &b->p->values, &label, &absent, e) ||
		    !lines_make(b, &label, facts->label_width, &cells[0], e) ||
		    !lines_make(b, &value, width, &cells[1], e))
			return false;
		atom = row_add(b, cells, 2, heights, e);
		if (atom == NULL)
			return false;
		atom->glued = true;
	}
	if (b->f->count > b->from)
		b->f->atoms[b->f->count - 1].glued = false;
	return true;
}

static bool head_add(struct builder *b, const double heights[2], struct err *e)
{
	const struct block_table *t = &b->block->as.table;
	struct arena *a = b->p->tools->arena;
	struct composed *cells = arena_array(a, t->count, sizeof *cells, e);
	struct flow_atom *atom;

	if (cells == NULL)
		return false;
	for (size_t i = 0; i < t->count; i++) {
		struct rich_text text;
		bool absent;

		if (!rich_choose(a, &t->columns[i].head, &b->p->values, &text, &absent, e) ||
		    !lines_make(b, &text, t->columns[i].width, &cells[i], e))
			return false;
	}
	atom = row_add(b, cells, t->count, heights, e);
	if (atom != NULL)
		atom->glued = true;
	return atom != NULL;
}

/* Cell `at` of a line, its cells parted by tabs; empty when there is none. */
static struct str cell_of(struct str line, size_t at)
{
	struct str cell = { "", 0 };

	for (size_t i = 0; i <= at; i++) {
		if (!str_split(&line, '\t', &cell))
			return STR("");
	}
	return cell;
}

static bool fact_line_add(struct builder *b, struct str line, const double heights[2],
			  struct err *e)
{
	const struct block_table *t = &b->block->as.table;
	struct arena *a = b->p->tools->arena;
	struct composed *cells = arena_array(a, t->count, sizeof *cells, e);

	if (cells == NULL)
		return false;
	for (size_t i = 0; i < t->count; i++) {
		const struct block_column *column = &t->columns[i];
		struct str cell = cell_of(line, column->at), written;
		struct rich_text text;

		if (cell.n == 0)
			continue;
		if (!phrase_write(a, &column->cell, cell, &written, e))
			return err_at(e, "/%.*s", STR_ARG(t->fact));
		if (!rich_plain(a, written, column->style, t->fact, &text, e) ||
		    !lines_make(b, &text, column->width - COLUMN_GAP, &cells[i], e))
			return false;
	}
	return row_add(b, cells, t->count, heights, e) != NULL;
}

static bool table_add(struct builder *b, struct err *e)
{
	const struct block_table *t = &b->block->as.table;
	const double heights[2] = { t->row, t->row_tight };
	const struct str *fact = facts_lookup(b->p->values.facts, t->fact);
	struct str rest, line;
	size_t n;

	if (fact == NULL)
		return true;
	if (fact->n > b->length) {
		b->length = fact->n;
		b->longest = t->fact;
	}
	if (!head_add(b, heights, e))
		return false;
	for (rest = *fact; str_split(&rest, '\n', &line);) {
		if (!fact_line_add(b, line, heights, e))
			return false;
	}
	n = b->f->count - b->from;
	b->f->atoms[b->from + 1].glued = n > 2;
	if (n > 2)
		b->f->atoms[b->f->count - 2].glued = true;
	return true;
}

static bool (*const adders[])(struct builder *, struct err *) = {
	[BLOCK_PARAGRAPH] = paragraph_add,
	[BLOCK_LIST] = list_add,
	[BLOCK_FACTS] = facts_add_rows,
	[BLOCK_TABLE] = table_add,
};

static bool atoms_make(struct builder *b, struct err *e)
{
	const struct element_flow *el = b->f->element;

	b->f->count = 0;
	b->length = 0;
	memset(b->before, 0, sizeof b->before);
	for (size_t i = 0; i < el->count; i++) {
		const struct block *block = &el->blocks[i];

		if (!condition_holds(&block->conditions, b->p->values.facts))
			continue;
		b->block = block;
		b->from = b->f->count;
		if (!adders[block->kind](b, e))
			return false;
		if (b->f->count == b->from)
			continue;
		b->f->atoms[b->f->count - 1].ends = true;
		b->f->atoms[b->f->count - 1].glued |= block->keep;
		b->before[FLOW_WIDE] = block->gap;
		b->before[FLOW_CLOSE] = b->before[FLOW_LOW] = block->gap_tight;
	}
	return true;
}

/* ---- from atoms to pages ---- */

/* The head that stands once more above a row with which a page begins; NULL: none does. */
static const struct flow_atom *head_again(const struct flow *f, size_t i)
{
	if (f->atoms[i].block->kind != BLOCK_TABLE || f->atoms[i].begins)
		return NULL;
	while (!f->atoms[i].begins)
		i--;
	return &f->atoms[i];
}

/* Where the first atom of a page stands. */
static double beginning(const struct flow *f, size_t from, double top)
{
	const struct flow_atom *head = head_again(f, from);

	return head != NULL ? top + head->height[f->room] : top;
}

/* How many atoms from `from` on fit between top and bottom. */
static size_t fitting(const struct flow *f, size_t from, double top, double bottom)
{
	double y = beginning(f, from, top);
	size_t i = from;

	while (i < f->count) {
		const struct flow_atom *atom = &f->atoms[i];

		y += (i > from ? atom->before[f->room] : 0) + atom->height[f->room];
		if (y > bottom + SLACK)
			break;
		i++;
	}
	return i - from;
}

static void stand(struct flow *f, size_t from, size_t to, int page, double top)
{
	double y = beginning(f, from, top);

	for (size_t i = from; i < to; i++) {
		struct flow_atom *atom = &f->atoms[i];

		y += i > from ? atom->before[f->room] : 0;
		atom->y = y;
		atom->page = page;
		y += atom->height[f->room];
	}
	f->pages = page;
	f->end = y;
}

/* All on at most `pages` pages; false when they do not hold it. */
static bool paginate(struct flow *f, int pages)
{
	const struct element_flow *el = f->element;
	double top = el->top;
	size_t from = 0, n;

	for (int page = 1; page <= pages; page++) {
		double bottom = page == 1 ? el->bottom : el->next_bottom;

		if (from + fitting(f, from, top, bottom) == f->count) {
			stand(f, from, f->count, page, top);
			return true;
		}
		/* Not the last page: as much as it holds, but not all. */
		n = fitting(f, from, top, el->more_bottom);
		if (from + n == f->count)
			n--;
		while (n > 0 && f->atoms[from + n - 1].glued)
			n--;
		if (n == 0)
			return false;
		stand(f, from, from + n, page, top);
		from += n;
		top = el->next_top;
	}
	return false;
}

static bool too_tall(struct builder *b, struct err *e)
{
	const struct element_flow *el = b->f->element;
	double height = 0;

	for (size_t i = 0; i < b->f->count; i++)
		height += b->f->atoms[i].height[FLOW_LOW] + b->f->atoms[i].before[FLOW_LOW];
	err_input(e, "TEXT-TOO-TALL",
		  "the text is %.1f mm high, more than %d pages hold in the box at %g, %g mm",
		  height, el->pages, el->x, el->top);
	return b->longest.n == 0 ? false : err_at(e, "/%.*s", STR_ARG(b->longest));
}

static bool arrange(struct flow *f)
{
	for (int room = FLOW_WIDE; room < FLOW_ROOMS; room++) {
		f->room = (enum flow_room)room;
		if (paginate(f, 1))
			return true;
	}
	f->room = FLOW_WIDE;
	return paginate(f, f->element->pages);
}

bool flow_measure(struct placer *p, const struct element_flow *el, struct flow *out, struct err *e)
{
	struct builder b = { .p = p, .f = out };

	*out = (struct flow){ .element = el,
			      .atoms = arena_array(p->tools->arena, FLOW_ATOMS_MAX,
						   sizeof *out->atoms, e),
			      .scale = 1 };
	if (out->atoms == NULL)
		return false;
	for (;;) {
		if (!atoms_make(&b, e))
			return false;
		if (arrange(out))
			return true;
		if (out->scale <= el->floor)
			return too_tall(&b, e);
		out->scale = out->scale - SHRINK > el->floor ? out->scale - SHRINK : el->floor;
	}
}

/* ---- from pages to the sheet ---- */

static void line_place(struct placer *p, const struct composed_line *line, double x, double y)
{
	for (size_t i = 0; i < line->count; i++) {
		const struct composed_piece *piece = &line->pieces[i];

		placer_text(p, piece->style, &piece->line, piece->size_pt, x + piece->x, y);
	}
}

struct hand {
	struct placer *p;
	const struct flow *f;
	const struct flow_atom *atom;
};

/* The baseline of the first line in a box of `height` at the atom's top. */
static double baseline(const struct hand *h, double height)
{
	return h->atom->y + height / 2 +
	       RISE * h->atom->block->style->size_pt * h->f->scale * MM_PER_PT;
}

static void paragraph_place(const struct hand *h)
{
	const struct flow_atom *atom = h->atom;

	if (atom->opens)
		placer_open(h->p, atom->block->as.paragraph.role);
	line_place(h->p, &atom->texts[0].lines[atom->line], h->f->element->x,
		   baseline(h, atom->height[h->f->room]));
	if (atom->closes)
		placer_close(h->p);
}

static const char *numbering(struct str mark)
{
	if (str_find(mark, STR("a"), 0) != SIZE_MAX)
		return "LowerAlpha";
	if (str_find(mark, STR("1"), 0) != SIZE_MAX || str_find(mark, STR("一"), 0) != SIZE_MAX)
		return "Decimal";
	return "Disc";
}

static void list_place(const struct hand *h)
{
	const struct flow_atom *atom = h->atom;
	const struct block_list *list = &atom->block->as.list;
	double x = h->f->element->x, y = baseline(h, atom->height[h->f->room]);

	if (atom->begins)
		placer_open_as(h->p, &(struct paper_element){ .role = PAPER_LIST,
							      .numbering = numbering(list->mark) });
	if (atom->opens) {
		placer_open(h->p, PAPER_ITEM);
		placer_open(h->p, PAPER_LABEL);
		line_place(h->p, &atom->texts[1].lines[0], x, y);
		placer_close(h->p);
		placer_open(h->p, PAPER_BODY);
	}
	line_place(h->p, &atom->texts[0].lines[atom->line], x + list->indent, y);
	if (atom->closes) {
		placer_close(h->p);
		placer_close(h->p);
	}
	if (atom->ends)
		placer_close(h->p);
}

static void cell_place(const struct hand *h, enum paper_role role, size_t i, double x)
{
	const struct block *block = h->atom->block;
	bool low = h->f->room == FLOW_LOW;
	double row = block->kind == BLOCK_FACTS
			     ? (low ? block->as.facts.row_tight : block->as.facts.row)
			     : (low ? block->as.table.row_tight : block->as.table.row);
	double y = baseline(h, row * h->f->scale);

	placer_open(h->p, role);
	for (size_t k = 0; k < h->atom->texts[i].count; k++)
		line_place(h->p, &h->atom->texts[i].lines[k], x,
			   y + (double)k * block->leading * h->f->scale);
	placer_close(h->p);
}

static void facts_place(const struct hand *h)
{
	cell_place(h, PAPER_ROW_HEADER, 0, h->f->element->x);
	cell_place(h, PAPER_CELL, 1, h->f->element->x + h->atom->block->as.facts.label_width);
}

static void table_place(const struct hand *h)
{
	const struct block_table *t = &h->atom->block->as.table;
	double x = h->f->element->x;

	for (size_t i = 0; i < t->count; i++) {
		cell_place(h, h->atom->begins ? PAPER_COLUMN_HEADER : PAPER_CELL, i, x);
		x += t->columns[i].width;
	}
}

/* The head of a table that goes on on another page: it was read where the table began. */
static void head_place(const struct hand *h, const struct stroke *outer, const struct stroke *inner)
{
	const struct element_flow *el = h->f->element;
	const struct flow_atom *head = head_again(h->f, (size_t)(h->atom - h->f->atoms));
	struct flow_atom again;

	if (head == NULL) {
		placer_rule(h->p, outer, el->x, el->x + el->width, h->atom->y);
		return;
	}
	again = *head;
	again.y = h->atom->y - head->height[h->f->room];
	const struct hand there = { h->p, h->f, &again };

	placer_rule(h->p, outer, el->x, el->x + el->width, again.y);
	placer_rule(h->p, inner, el->x, el->x + el->width, h->atom->y);
	placer_open(h->p, PAPER_ARTIFACT);
	h->p->quiet = true;
	table_place(&there);
	h->p->quiet = false;
	placer_close(h->p);
}

/* A row of either table, its rule below; what is above it where a table or a page begins. */
static void row_place(const struct hand *h, const struct stroke *outer, const struct stroke *inner,
		      void (*cells)(const struct hand *))
{
	const struct flow_atom *atom = h->atom;
	const struct element_flow *el = h->f->element;
	double bottom = atom->y + atom->height[h->f->room], right = el->x + el->width;
	bool first = atom->begins || atom->page != (atom - 1)->page;
	bool last = atom->ends || atom->page != (atom + 1)->page;

	if (atom->begins)
		placer_open(h->p, PAPER_TABLE);
	if (first)
		head_place(h, outer, inner);
	placer_open(h->p, PAPER_ROW);
	cells(h);
	placer_close(h->p);
	placer_rule(h->p, last ? outer : inner, el->x, right, bottom);
	if (atom->ends)
		placer_close(h->p);
}

static void atom_place(const struct hand *h)
{
	const struct block *block = h->atom->block;

	switch (block->kind) {
	case BLOCK_PARAGRAPH:
		paragraph_place(h);
		break;
	case BLOCK_LIST:
		list_place(h);
		break;
	case BLOCK_FACTS:
		row_place(h, &block->as.facts.outer, &block->as.facts.inner, facts_place);
		break;
	case BLOCK_TABLE:
		row_place(h, &block->as.table.outer, &block->as.table.inner, table_place);
		break;
	}
}

bool flow_place(struct placer *p, const struct flow *f, const struct flow_turn *turn, struct err *e)
{
	int page = 1;

	for (size_t i = 0; i < f->count; i++) {
		const struct hand h = { p, f, &f->atoms[i] };

		if (h.atom->page != page && !turn->turn(turn->self, e))
			return false;
		page = h.atom->page;
		atom_place(&h);
	}
	return true;
}
