/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_PHRASE_H
#define HUFU_FORM_PHRASE_H

#include "form/form.h"
#include "json/json.h"

/*
 * One line of a template's words with its placeholders: {name_native}, {admitted|date}, {issued|date_hanzi},
 * {as_at|time}, {as_at|zone}, {class|word}, {issuer.name_zh}, {docid}, {page}, {pages}.  "{{" is a brace.  Constants are put in when it is
 * compiled; facts, docid and pages when a document is filled.  Private to form/.
 */
enum phrase_filter {
	PHRASE_PLAIN,
	PHRASE_DATE_ZH,    /* 2026年11月23日 */
	PHRASE_DATE_HANZI, /* 二〇二六年十一月二十三日 */
	PHRASE_DATE_EN,    /* 23 November 2026 */
	PHRASE_TIME_ZH,    /* of an instant: 09:00（UTC+8） */
	PHRASE_TIME_EN,    /* 09:00 (UTC+8) */
	PHRASE_ZONE,       /* UTC+8 */
	PHRASE_WORD        /* through the strings file's "words" map of the fact's name */
};

/* What is no fact of the document. */
enum phrase_own { PHRASE_LITERAL, PHRASE_DOCID, PHRASE_PAGE, PHRASE_PAGES };

enum { PHRASE_PARTS_MAX = 24, PHRASE_TEXT_MAX = 4096 };

struct phrase_part {
	struct str literal; /* when fact is empty and `own` says so */
	struct str fact;
	enum phrase_filter filter;
	const struct json *words; /* object of strings */
	enum phrase_own own;
};

struct phrase {
	struct phrase_part parts[PHRASE_PARTS_MAX];
	size_t count;
};

/* What the placeholders of one template may name. */
struct phrase_names {
	const struct form_constants *constants;
	const struct str *facts[2]; /* needs, takes */
	size_t facts_count[2];
	const struct json *words; /* object of objects of strings, or NULL */
	struct str language;      /* "zh-Hans", "en": the way {…|date} is written */
};

/* True when needs or takes list the fact. */
bool phrase_fact_known(const struct phrase_names *names, struct str key);

bool phrase_compile(struct arena *a, struct str text, const struct phrase_names *names,
		    struct phrase *out, struct err *e) MUST_CHECK;

/* True when no document changes it; then phrase_fill needs no facts. */
bool phrase_constant(const struct phrase *p);

/* The first fact it names, for words in errors; empty when none. */
struct str phrase_fact(const struct phrase *p);

struct phrase_values {
	const struct facts *facts;
	struct str docid;
	int page, pages; /* 1 …; 0 where nothing is said of pages */
};

/*
 * The text of one document.  *absent (and an empty *out) when a fact it names is missing there.  A date that is none or
 * a value without its word is ERR_INPUT (FACT-DATE, FACT-WORD) at "/<fact>".
 */
bool phrase_fill(struct arena *a, const struct phrase *p, const struct phrase_values *v,
		 struct str *out, bool *absent, struct err *e) MUST_CHECK;

/* The text of one part; as phrase_fill. */
bool phrase_part_fill(struct arena *a, const struct phrase_part *part,
		      const struct phrase_values *v, struct str *out, bool *absent,
		      struct err *e) MUST_CHECK;

/* A value as the part's filter writes it; refusals without the fact's place. */
bool phrase_write(struct arena *a, const struct phrase_part *part, struct str value,
		  struct str *out, struct err *e) MUST_CHECK;

/* The part's filter and words by the filter's name, part->fact being set; "" for the value as it is. */
bool phrase_filter(struct str name, const struct phrase_names *names, struct phrase_part *part,
		   struct err *e) MUST_CHECK;

/* True when what the part writes is a date or a time, which no line may cut. */
bool phrase_part_whole(const struct phrase_part *part);

#endif
