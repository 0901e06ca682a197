/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_BLOCK_H
#define HUFU_FORM_BLOCK_H

#include "form/rich.h"

/*
 * The blocks of running text that a "flow" of layout.json sets one below the other (docs/TEMPLATES.md), decoded.
 * Lengths are millimetres.  Private to form/.
 */
enum {
	BLOCKS_MAX = 32,
	BLOCK_ITEMS_MAX = 12,
	BLOCK_ROWS_MAX = 16,
	BLOCK_COLUMNS_MAX = 8,
	BLOCK_MARK_MAX = 16, /* bytes of a list's mark */
	FLOW_PAGES_MAX = 4
};

struct block_paragraph {
	struct rich_choice words;
	enum paper_role role;
};

/* One of a list. */
struct block_item {
	struct conditions conditions;
	struct rich_choice words;
};

struct block_list {
	struct block_item items[BLOCK_ITEMS_MAX];
	size_t count;
	double indent;   /* of the text from the mark */
	double item_gap; /* between two items */
	struct str
		mark; /* "(a)", "1", "（一）": its letter or figure counts; else the same before each */
	const struct style *mark_style;
};

/* Label and value. */
struct block_row {
	struct conditions conditions;
	struct rich_choice label, value;
};

struct block_facts {
	struct block_row rows[BLOCK_ROWS_MAX];
	size_t count;
	double label_width, row,
		row_tight; /* height of a row of one line, and when room is short */
	struct stroke outer, inner;
};

/* One cell of every line of a fact. */
struct block_column {
	struct rich_choice head;
	const struct style *style;
	struct phrase_part cell; /* how a cell is written */
	size_t at;               /* which cell of the fact's line, from 0 */
	double width;
};

/* A fact of several lines, its cells parted by tabs: a table under column heads. */
struct block_table {
	struct str fact;
	struct block_column columns[BLOCK_COLUMNS_MAX];
	size_t count;
	double row, row_tight;
	struct stroke outer, inner;
};

enum block_kind { BLOCK_PARAGRAPH, BLOCK_LIST, BLOCK_FACTS, BLOCK_TABLE };

struct block {
	enum block_kind kind;
	struct conditions conditions;
	const struct style *style; /* of the block; its words may have others */
	double leading;
	double gap, gap_tight; /* behind it */
	bool keep;             /* on one page with what follows */
	union {
		struct block_paragraph paragraph;
		struct block_list list;
		struct block_facts facts;
		struct block_table table;
	} as;
};

/* A column of blocks: from `top` to `bottom` of the first page when that is the last, else to `more_bottom`. */
struct element_flow {
	double x, width, top, bottom;
	double next_top; /* of the second page on */
	double next_bottom; /* of the last page, when that is not the first: what follows stands below */
	double more_bottom; /* of a page that is not the last */
	double floor;       /* share of their size that texts may shrink to */
	int pages;          /* at most */
	struct block *blocks;
	size_t count;
};

struct json;
struct layout;
struct layout_tools;

bool block_flow(const struct layout *l, const struct layout_tools *t, const struct json *o,
		struct element_flow *out, struct err *e) MUST_CHECK;

#endif
