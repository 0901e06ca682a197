/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_FLOW_H
#define HUFU_FORM_FLOW_H

#include "form/compose.h"
#include "form/placer.h"

/*
 * Blocks of running text set below one another, over as many pages as they need and may have.  Room is made in this
 * order: smaller gaps, lower rows of tables, another page, smaller type down to the flow's floor.  No page begins or
 * ends with one line of a longer paragraph, and what belongs together stays so.  Private to form/.
 */
enum { FLOW_ATOMS_MAX = 320 };

/* How scarce room is: what of an atom's sizes is taken. */
enum flow_room { FLOW_WIDE, FLOW_CLOSE, FLOW_LOW, FLOW_ROOMS };

/* What no page cuts: a line of a paragraph or of a list's item, a row of a table. */
struct flow_atom {
	const struct block *block;
	const struct composed *texts; /* a line: of [0], [1] the item's mark; a row: its cells */
	size_t count;                 /* cells of a row */
	size_t line;
	bool opens, closes; /* the first, the last of its paragraph, item or row */
	bool begins, ends;  /* the first, the last of its block */
	bool glued;         /* stays on the page of the next */
	double before[FLOW_ROOMS], height[FLOW_ROOMS]; /* mm; nothing before the first of a page */
	double y;                                      /* its top, mm */
	int page;                                      /* 1 … */
};

struct flow {
	const struct element_flow *element;
	struct flow_atom *atoms;
	size_t count;
	int pages;
	enum flow_room room;
	double scale; /* of the type */
	double end;   /* the bottom of the last atom, mm */
};

/* TEXT-TOO-TALL when the text needs more than its pages; refusals of rich_choose and compose. */
bool flow_measure(struct placer *p, const struct element_flow *el, struct flow *out,
		  struct err *e) MUST_CHECK;

/* Called before the first atom of every page but the first. */
struct flow_turn {
	bool (*turn)(void *self, struct err *e);
	void *self;
};

bool flow_place(struct placer *p, const struct flow *f, const struct flow_turn *turn,
		struct err *e) MUST_CHECK;

#endif
