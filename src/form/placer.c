/* SPDX-License-Identifier: Apache-2.0 */
#include "form/placer.h"

struct sheet_item *placer_add(struct placer *p, enum sheet_kind kind)
{
	if (p->sheet->count == SHEET_ITEMS_MAX) {
		p->full = true;
		return &p->sheet->items[SHEET_ITEMS_MAX - 1];
	}
	p->sheet->items[p->sheet->count] = (struct sheet_item){ .kind = kind, .layer = PAPER_TEXT };
	return &p->sheet->items[p->sheet->count++];
}

void placer_open_as(struct placer *p, const struct paper_element *el)
{
	if (!p->quiet)
		placer_add(p, SHEET_OPEN)->as.open = *el;
}

void placer_open(struct placer *p, enum paper_role role)
{
	placer_open_as(p, &(struct paper_element){ .role = role });
}

void placer_close(struct placer *p)
{
	if (!p->quiet)
		placer_add(p, SHEET_CLOSE);
}

struct sheet_item *placer_rule(struct placer *p, const struct stroke *s, double x1, double x2,
			       double y)
{
	struct sheet_item *item;

	placer_open(p, PAPER_ARTIFACT);
	y += p->shift;
	item = placer_add(p, SHEET_RULE);
	item->layer = PAPER_FACE;
	item->as.rule = (struct paper_line){
		.x1 = x1, .y1 = y, .x2 = x2, .y2 = y, .width = s->width, .ink = s->ink
	};
	placer_close(p);
	return item;
}

struct sheet_item *placer_text(struct placer *p, const struct style *style,
			       const struct shaped *line, double size_pt, double x, double y)
{
	struct sheet_item *item = placer_add(p, SHEET_TEXT);
	struct str lang = str_of(style->text.language);

	item->line = *line;
	item->as.text = (struct paper_text){
		.size_pt = size_pt, .x = x, .y = y + p->shift, .ink = style->ink
	};
	if (!str_eq(lang, p->lang))
		item->as.text.lang = lang;
	return item;
}
