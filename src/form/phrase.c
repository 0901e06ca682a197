/* SPDX-License-Identifier: Apache-2.0 */
#include "form/phrase.h"

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

static bool fact_known(const struct phrase_names *names, struct str key)
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

static bool filter_read(struct str name, const struct phrase_names *names, struct phrase_part *part,
			struct err *e)
{
	if (name.n == 0) {
		part->filter = PHRASE_PLAIN;
	} else if (str_eq(name, STR("date"))) {
		part->filter =
			str_starts(names->language, STR("zh")) ? PHRASE_DATE_ZH : PHRASE_DATE_EN;
	} else if (str_eq(name, STR("date_hanzi"))) {
		part->filter = PHRASE_DATE_HANZI;
	} else if (str_eq(name, STR("word"))) {
		part->filter = PHRASE_WORD;
		part->words = member(names->words, part->fact);
		if (part->words == NULL)
			return err_input(e, "TEMPLATE-STRING",
					 "{%.*s|word} needs \"words\": {\"%.*s\": …}",
					 STR_ARG(part->fact), STR_ARG(part->fact));
	} else {
		return err_input(e, "TEMPLATE-STRING",
				 "'%.*s' is no filter: date, date_hanzi or word", STR_ARG(name));
	}
	return true;
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
	if (str_eq(inside, STR("docid"))) {
		part.docid = true;
		return part_add(p, &part, e);
	}
	constant = constant_lookup(names->constants, inside);
	if (constant != NULL)
		return arena_str(a, *constant, &value, e) && literal_add(p, value, e);
	if (!fact_known(names, key))
		return err_input(e, "TEMPLATE-STRING",
				 "{%.*s} is neither a fact of needs or takes nor a constant",
				 STR_ARG(inside));
	part.fact = key;
	return filter_read(filter, names, &part, e) && part_add(p, &part, e);
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
		if (p->parts[i].fact.n > 0 || p->parts[i].docid)
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

static bool date_fill(struct arena *a, const struct phrase_part *part, struct str value,
		      struct str *out, struct err *e)
{
	struct civil date;

	if (!civil_read(value, &date))
		return err_input(e, "FACT-DATE", "'%.*s' is no date like 2026-11-23",
				 STR_ARG(value));
	switch (part->filter) {
	case PHRASE_DATE_ZH:
		return text_date_zh(a, date, out, e);
	case PHRASE_DATE_HANZI:
		return text_date_hanzi(a, date, out, e);
	case PHRASE_DATE_EN:
		return text_date_en(a, date, out, e);
	case PHRASE_PLAIN:
	case PHRASE_WORD:
		break;
	}
	return err_system(e, "a filter that writes no date");
}

static bool part_fill(struct arena *a, const struct phrase_part *part, struct str value,
		      struct str *out, struct err *e)
{
	const struct json *word;
	bool ok = true;

	switch (part->filter) {
	case PHRASE_PLAIN:
		*out = value;
		break;
	case PHRASE_DATE_ZH:
	case PHRASE_DATE_HANZI:
	case PHRASE_DATE_EN:
		ok = date_fill(a, part, value, out, e);
		break;
	case PHRASE_WORD:
		word = member(part->words, value);
		ok = word != NULL ||
		     err_input(e, "FACT-WORD", "the template has no word for '%.*s'",
			       STR_ARG(value));
		if (word != NULL)
			*out = word->string;
		break;
	}
	if (!ok)
		err_at(e, "/%.*s", STR_ARG(part->fact));
	return ok;
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
		const struct phrase_part *part = &p->parts[i];
		const struct str *value;

		texts[i] = part->docid ? v->docid : part->literal;
		if (part->fact.n > 0) {
			value = facts_lookup(v->facts, part->fact);
			*absent = value == NULL;
			if (*absent)
				return true;
			if (!part_fill(a, part, *value, &texts[i], e))
				return false;
		}
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
