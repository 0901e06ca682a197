/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_COMPOSE_H
#define HUFU_FORM_COMPOSE_H

#include "form/rich.h"
#include "form/setting.h"

/*
 * Running text broken into lines no wider than a measure: UAX #14 strict with the 禁则 sets (text/break.h), no
 * hyphenation, a quarter em between Han and Latin letters or figures as room, not as characters.  In a style with "hang"
 * a comma or full stop of Chinese may stand past the measure.  Private to form/.
 */
struct composed_piece {
	struct shaped line;
	const struct style *style;
	double x, size_pt; /* x in mm from the line's left end */
};

struct composed_line {
	const struct composed_piece *pieces;
	size_t count;
	double width; /* mm, without blanks at its end and what hangs */
	double hang;  /* mm that stand past it */
};

struct composed {
	const struct composed_line *lines;
	size_t count;
	bool fell_back;
};

enum { COMPOSE_LINES_MAX = 256 };

struct compose_order {
	double width; /* mm */
	double scale; /* of every style's size */
};

/*
 * What <keep> holds together is cut after all when it is wider than the measure; a word that is, is refused
 * (TEXT-TOO-WIDE at its fact).  Lives in t->arena.
 */
bool compose(const struct setting_tools *t, const struct rich_text *text,
	     const struct compose_order *order, struct composed *out, struct err *e) MUST_CHECK;

#endif
