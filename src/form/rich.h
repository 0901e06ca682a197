/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_RICH_H
#define HUFU_FORM_RICH_H

#include "form/condition.h"
#include "form/style.h"
#include "text/break.h"

/*
 * Running text of a template: placeholders as in a phrase, spans in other styles ("means <em>in good standing</em>"; which
 * style a tag names, the element says), and <keep>…</keep>, which no line cuts.  Dates and times are kept without being
 * told.  <opt>…</opt> is left out when a fact in it is missing.  "<<" is a less-than sign.  Private to form/.
 */
struct rich_piece {
	struct phrase_part part;
	const struct style *style;
	int keep; /* pieces of one number above 0 stay together */
	int opt;  /* those of one number above 0 are there or not */
};

struct rich {
	struct rich_piece *pieces;
	size_t count;
};

/* What tags mean: {"em": "body_italic", …}, names of styles; NULL: there are none. */
struct rich_styles {
	const struct palette *palette;
	const struct json *spans;
	const struct style *base;
};

/* Several lines are one text with line ends. */
bool rich_compile(struct arena *a, const struct json *string, const struct phrase_names *names,
		  const struct rich_styles *styles, struct rich *out, struct err *e) MUST_CHECK;

/* Bytes from … to-1 of a filled text. */
struct rich_span {
	size_t from, to;
	const struct style *style;
	struct str fact; /* it came from; empty: the template's own words */
};

struct rich_text {
	struct text_running running;
	const struct rich_span *spans; /* ascending, no gaps, none empty */
	size_t count;
};

/*
 * The text of one document; *absent when a fact it names is missing.  Refusals as phrase_fill, and TEXT-DIRECTION for
 * what is written from right to left: no face of ours sets it.
 */
bool rich_fill(struct arena *a, const struct rich *r, const struct phrase_values *v,
	       struct rich_text *out, bool *absent, struct err *e) MUST_CHECK;

/* A text that is no template's: one span. */
bool rich_plain(struct arena *a, struct str text, const struct style *style, struct str fact,
		struct rich_text *out, struct err *e) MUST_CHECK;

/*
 * One text, or one for each value of a fact: "string": "opening" with "by": "wording" takes the strings opening.W1,
 * opening.W2 … of the language, and opening.* for every other value.
 */
struct rich_choice {
	struct str string; /* the key, for words in errors */
	struct str by;     /* empty: the only one */
	bool must;         /* a fact that is missing is a refusal, else the piece is left out */
	struct {
		struct str value;
		struct rich rich;
	} * items;
	size_t count;
};

/* As rich_fill; FACT-WORD when the fact has a value without a string, FACT-MISSING where `must` is broken. */
bool rich_choose(struct arena *a, const struct rich_choice *c, const struct phrase_values *v,
		 struct rich_text *out, bool *absent, struct err *e) MUST_CHECK;

#endif
