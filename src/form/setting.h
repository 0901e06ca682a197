/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_SETTING_H
#define HUFU_FORM_SETTING_H

#include "form/phrase.h"
#include "form/style.h"
#include "text/break.h"

/*
 * Words set in a style inside a width: the fit policy of documents.md.  Measure; shrink by half points to `floor`; break
 * one line in two at `floor` or less, down to `last`; without a place to break one line down to `last`; refuse.
 * Private to form/.
 */
enum setting_break {
	BREAK_NONE,
	BREAK_DOT,  /* after U+00B7 only: names in Han */
	BREAK_SPACE /* at a space, or after a hyphen where no space serves: names in Latin */
};

enum { SETTING_LINES_MAX = 8 };

struct setting_fit {
	double floor, last; /* points */
	enum setting_break at;
};

struct set_text {
	struct shaped lines[SETTING_LINES_MAX];
	size_t count; /* 0: absent, a fact is missing */
	double size_pt;
	bool fell_back;
};

struct setting {
	const struct style *style;
	const struct phrase *phrases; /* one a line */
	size_t count;
	double width_mm;
	struct setting_fit fit;
	bool constant; /* no document changes it: set once, in `fixed` */
	struct set_text fixed;
};

struct setting_tools {
	struct shaper *shaper;
	struct arena *arena;
	struct text_breaker *breaker; /* for running text; NULL: the page has none */
};

/* Set a constant setting once; nothing for others.  The result lives in t->arena. */
bool setting_prepare(struct setting *s, const struct setting_tools *t, struct err *e) MUST_CHECK;

/*
 * The text of one document.  Refusals (NO-GLYPH, TEXT-TOO-WIDE, FACT-…) are ERR_INPUT at "/<fact>".
 */
bool setting_place(const struct setting *s, const struct setting_tools *t,
		   const struct phrase_values *v, struct set_text *out, struct err *e) MUST_CHECK;

/* Width of a set line in millimetres. */
double setting_width_mm(const struct set_text *text, size_t line);

#endif
