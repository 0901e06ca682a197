/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TEXT_BREAK_H
#define HUFU_TEXT_BREAK_H

#include "base/arena.h"

/*
 * Where a line of running text may end: UAX #14 as ICU has it, strict (small kana, 々 and the like start no line), and on
 * top the 禁则 sets of the mainland, and no break inside a date or between paired dashes.  A breaker serves one thread.
 */
struct text_breaker;

/* `language` "zh" or "en" …; ERR_SYSTEM when ICU has no data for line breaks. */
bool text_breaker_new(const char *language, struct text_breaker **out, struct err *e) MUST_CHECK;
void text_breaker_free(struct text_breaker *b); /* accepts NULL */

/* Bytes from … to-1 that must stay on one line: a name, a number with its unit. */
struct text_span {
	size_t from, to;
};

/* What is to be broken. */
struct text_running {
	struct str text;              /* UTF-8 */
	const struct text_span *keep; /* in any order */
	size_t keep_count;
};

struct text_break {
	size_t at; /* the byte the next line would begin with; blanks before it hang over the end */
	bool forced; /* a line end is in the text, or the text ends */
};

struct text_breaks {
	const struct text_break *items; /* ascending; the last is the end of the text, forced */
	size_t count;                   /* 0 for an empty text */
};

enum { TEXT_BREAK_BYTES_MAX = 1 << 16 };

/* All places.  ERR_INPUT UTF8 or TEXT-TOO-LONG (more than TEXT_BREAK_BYTES_MAX bytes). */
bool text_break_lines(struct text_breaker *b, struct arena *a, const struct text_running *running,
		      struct text_breaks *out, struct err *e) MUST_CHECK;

#endif
