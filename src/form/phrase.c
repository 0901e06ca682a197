/* SPDX-License-Identifier: Apache-2.0 */
#include "form/phrase.h"

#include <stdio.h>

#include "base/civil.h"
#include "text/date.h"

static bool part_add(struct phrase *p, const struct phrase_part *part, struct err *e)
{
	if (p->count == PHRASE_PARTS_MAX)
		return err_input(e, "TEMPLATE-STRING", "has more than %d parts", PHRASE_PARTS_MAX);
	p->parts[p->count++] = *part;
	return true;
}

static bool literal_add(struct phrase *p, struct str text, struct err *e)
{
	if (text.n == 0)
		return true;
	return part_add(p, &(struct phrase_part){ .literal = text }, e);
}

static const struct str *constant_lookup(const struct form_constants *c, struct str key)
{
	for (size_t i = 0; i < c->count; i++) {
		if (str_eq(c->items[i].key, key))
			return &c->items[i].value;
	}
	return NULL;
}

bool phrase_fact_known(const struct phrase_names *names, struct str key)
{
	for (int list = 0; list < 2; list++) {
		for (size_t i = 0; i < names->facts_count[list]; i++) {
			if (str_eq(names->facts[list][i], key))
				return true;
		}
	}
	return false;
}

/* The member of an object whose key is a slice. */
static const struct json *member(const struct json *object, struct str key)
{
	if (object == NULL || object->kind != JSON_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->count; i++) {
		if (str_eq(object->keys[i], key))
			return &object->items[i];
	}
	return NULL;
}

bool phrase_filter(struct str name, const struct phrase_names *names, struct phrase_part *part,
		   struct err *e)
{
	bool zh = str_starts(names->language, STR("zh"));

	if (name.n == 0) {
		part->filter = PHRASE_PLAIN;
	} else if (str_eq(name, STR("date"))) {
		part->filter = zh ? PHRASE_DATE_ZH : PHRASE_DATE_EN;
	} else if (str_eq(name, STR("date_hanzi"))) {
		part->filter = PHRASE_DATE_HANZI;
	} else if (str_eq(name, STR("time"))) {
		part->filter = zh ? PHRASE_TIME_ZH : PHRASE_TIME_EN;
	} else if (str_eq(name, STR("zone"))) {
		part->filter = PHRASE_ZONE;
	} else if (str_eq(name, STR("word"))) {
		part->filter = PHRASE_WORD;
		part->words = member(names->words, part->fact);
		if (part->words == NULL)
			return err_input(e, "TEMPLATE-STRING",
					 "{%.*s|word} needs \"words\": {\"%.*s\": …}",
					 STR_ARG(part->fact), STR_ARG(part->fact));
	} else {
		return err_input(e, "TEMPLATE-STRING",
				 "'%.*s' is no filter: date, date_hanzi, time, zone or word",
				 STR_ARG(name));
	}
	return true;
}

static enum phrase_own own_named(struct str name)
{
	if (str_eq(name, STR("docid")))
		return PHRASE_DOCID;
	if (str_eq(name, STR("page")))
		return PHRASE_PAGE;
	return str_eq(name, STR("pages")) ? PHRASE_PAGES : PHRASE_LITERAL;
}

static bool placeholder_add(struct arena *a, struct phrase *p, struct str inside,
			    const struct phrase_names *names, struct err *e)
{
	struct str rest = inside, key = inside, filter = { NULL, 0 };
	struct phrase_part part = { .filter = PHRASE_PLAIN };
	const struct str *constant;
	struct str value;

	(void)str_split(&rest, '|', &key);
	if (key.n < inside.n)
		filter = rest;
	part.own = own_named(inside);
	if (part.own != PHRASE_LITERAL)
		return part_add(p, &part, e);
	constant = constant_lookup(names->constants, inside);
	if (constant != NULL)
		return arena_str(a, *constant, &value, e) && literal_add(p, value, e);
	if (!phrase_fact_known(names, key))
		return err_input(e, "TEMPLATE-STRING",
				 "{%.*s} is neither a fact of needs or takes nor a constant",
				 STR_ARG(inside));
	part.fact = key;
	return phrase_filter(filter, names, &part, e) && part_add(p, &part, e);
}

bool phrase_compile(struct arena *a, struct str text, const struct phrase_names *names,
		    struct phrase *out, struct err *e)
{
	struct phrase p = { .count = 0 };
	struct str all;

	if (text.n > PHRASE_TEXT_MAX)
		return err_input(e, "TEMPLATE-STRING", "is longer than %d bytes", PHRASE_TEXT_MAX);
	if (!arena_str(a, text, &all, e))
		return false;
	while (all.n > 0) {
		size_t open = str_find(all, STR("{"), 0), close;

		if (open == SIZE_MAX) {
			if (!literal_add(&p, all, e))
				return false;
			break;
		}
		if (str_starts(str_skip(all, open), STR("{{"))) {
			if (!literal_add(&p, (struct str){ all.p, open + 1 }, e))
				return false;
			all = str_skip(all, open + 2);
			continue;
		}
		close = str_find(all, STR("}"), open);
		if (close == SIZE_MAX)
			return err_input(e, "TEMPLATE-STRING", "has a { without its }");
		if (!literal_add(&p, (struct str){ all.p, open }, e) ||
		    !placeholder_add(a, &p, (struct str){ all.p + open + 1, close - open - 1 },
				     names, e))
			return false;
		all = str_skip(all, close + 1);
	}
	*out = p;
	return true;
}

bool phrase_constant(const struct phrase *p)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->parts[i].fact.n > 0 || p->parts[i].own != PHRASE_LITERAL)
			return false;
	}
	return true;
}

struct str phrase_fact(const struct phrase *p)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->parts[i].fact.n > 0)
			return p->parts[i].fact;
	}
	return (struct str){ NULL, 0 };
}

enum { INSTANT_BYTES = 22, DATE_BYTES = 10 }; /* 2026-11-23T09:00+08:00 */

static bool two_digits(const char *p, int max)
{
	return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9' &&
	       (p[0] - '0') * 10 + p[1] - '0' <= max;
}

static bool is_instant(struct str v)
{
	struct civil date;

	return v.n == INSTANT_BYTES && civil_read((struct str){ v.p, DATE_BYTES }, &date) &&
	       v.p[10] == 'T' && two_digits(v.p + 11, 23) && v.p[13] == ':' &&
	       two_digits(v.p + 14, 59) && (v.p[16] == '+' || v.p[16] == '-') &&
	       two_digits(v.p + 17, 14) && v.p[19] == ':' && two_digits(v.p + 20, 59);
}

/* The instant's time of day, with its zone as people write it: UTC+8, UTC+5:30, UTC. */
static bool time_fill(struct arena *a, enum phrase_filter filter, struct str v, struct str *out,
		      struct err *e)
{
	int hours, minutes;
	char zone[16] = "";

	if (!is_instant(v))
		return err_input(e, "FACT-DATE", "'%.*s' is no instant like 2026-11-23T09:00+08:00",
				 STR_ARG(v));
	hours = (v.p[17] - '0') * 10 + v.p[18] - '0';
	minutes = (v.p[20] - '0') * 10 + v.p[21] - '0';
	if (minutes > 0)
		snprintf(zone, sizeof zone, "%c%d:%02d", v.p[16], hours, minutes);
	else if (hours > 0)
		snprintf(zone, sizeof zone, "%c%d", v.p[16], hours);
	if (filter == PHRASE_ZONE)
		return arena_printf(a, out, e, "UTC%s", zone);
	return filter == PHRASE_TIME_ZH ? arena_printf(a, out, e, "%.5s（UTC%s）", v.p + 11, zone)
					: arena_printf(a, out, e, "%.5s (UTC%s)", v.p + 11, zone);
}

/* An instant's date is the one it shows: no zone is changed. */
static bool date_fill(struct arena *a, enum phrase_filter filter, struct str value, struct str *out,
		      struct err *e)
{
	struct civil date;

	if (is_instant(value))
		value.n = DATE_BYTES;
	if (!civil_read(value, &date))
		return err_input(e, "FACT-DATE", "'%.*s' is no date like 2026-11-23",
				 STR_ARG(value));
	if (filter == PHRASE_DATE_ZH)
		return text_date_zh(a, date, out, e);
	return filter == PHRASE_DATE_HANZI ? text_date_hanzi(a, date, out, e)
					   : text_date_en(a, date, out, e);
}

bool phrase_write(struct arena *a, const struct phrase_part *part, struct str value,
		  struct str *out, struct err *e)
{
	const struct json *word;

	switch (part->filter) {
	case PHRASE_PLAIN:
		*out = value;
		return true;
	case PHRASE_DATE_ZH:
	case PHRASE_DATE_HANZI:
	case PHRASE_DATE_EN:
		return date_fill(a, part->filter, value, out, e);
	case PHRASE_TIME_ZH:
	case PHRASE_TIME_EN:
	case PHRASE_ZONE:
		return time_fill(a, part->filter, value, out, e);
	case PHRASE_WORD:
		word = member(part->words, value);
		if (word == NULL)
			return err_input(e, "FACT-WORD", "the template has no word for '%.*s'",
					 STR_ARG(value));
		*out = word->string;
		return true;
	}
	return err_system(e, "a filter of no known kind");
}

bool phrase_part_whole(const struct phrase_part *part)
{
	return part->filter != PHRASE_PLAIN && part->filter != PHRASE_WORD;
}

bool phrase_part_fill(struct arena *a, const struct phrase_part *part,
		      const struct phrase_values *v, struct str *out, bool *absent, struct err *e)
{
	const struct str *value;

	*absent = false;
	if (part->fact.n > 0) {
		value = facts_lookup(v->facts, part->fact);
		*absent = value == NULL;
		return *absent || phrase_write(a, part, *value, out, e) ||
		       err_at(e, "/%.*s", STR_ARG(part->fact));
	}
	switch (part->own) {
	case PHRASE_LITERAL:
		*out = part->literal;
		return true;
	case PHRASE_DOCID:
		*out = v->docid;
		return true;
	case PHRASE_PAGE:
		return arena_printf(a, out, e, "%d", v->page);
	case PHRASE_PAGES:
		return arena_printf(a, out, e, "%d", v->pages);
	}
	return err_system(e, "a part of no known kind");
}

bool phrase_fill(struct arena *a, const struct phrase *p, const struct phrase_values *v,
		 struct str *out, bool *absent, struct err *e)
{
	struct str texts[PHRASE_PARTS_MAX];
	size_t n = 0;
	char *to;

	*absent = false;
	*out = (struct str){ "", 0 };
	for (size_t i = 0; i < p->count; i++) {
		if (!phrase_part_fill(a, &p->parts[i], v, &texts[i], absent, e))
			return false;
		if (*absent)
			return true;
		n += texts[i].n;
	}
	if (p->count == 1) {
		*out = texts[0];
		return true;
	}
	to = arena_alloc(a, n + 1, e);
	if (to == NULL)
		return false;
	*out = (struct str){ to, n };
	for (size_t i = 0; i < p->count; i++) {
		if (texts[i].n > 0)
			memcpy(to, texts[i].p, texts[i].n);
		to += texts[i].n;
	}
	return true;
}
