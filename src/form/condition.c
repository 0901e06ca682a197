/* SPDX-License-Identifier: Apache-2.0 */
#include "form/condition.h"

enum { CONDITION_MAX = 64 };

static bool one_read(const struct json *object, const char *key, const struct phrase_names *names,
		     struct condition *out, struct err *e)
{
	struct str text, rest;
	bool present;

	if (!json_string_opt(object, key, 1, CONDITION_MAX, &text, &present, e))
		return false;
	if (!present)
		return true;
	rest = text;
	(void)str_split(&rest, '=', &out->fact);
	if (out->fact.n < text.n)
		out->values = rest;
	if (phrase_fact_known(names, out->fact))
		return true;
	err_input(e, "TEMPLATE-FACT", "'%.*s' is not in needs or takes", STR_ARG(out->fact));
	return err_at(e, "/%s", key);
}

bool condition_read(const struct json *object, const struct phrase_names *names,
		    struct conditions *out, struct err *e)
{
	*out = (struct conditions){ 0 };
	return one_read(object, "when", names, &out->when, e) &&
	       one_read(object, "unless", names, &out->unless, e);
}

static bool one_holds(const struct condition *c, const struct facts *facts)
{
	const struct str *value = facts_lookup(facts, c->fact);
	struct str rest = c->values, word;

	if (value == NULL || c->values.n == 0)
		return value != NULL;
	while (str_split(&rest, '|', &word)) {
		if (str_eq(word, *value))
			return true;
	}
	return false;
}

bool condition_holds(const struct conditions *c, const struct facts *facts)
{
	return (c->when.fact.n == 0 || one_holds(&c->when, facts)) &&
	       (c->unless.fact.n == 0 || !one_holds(&c->unless, facts));
}
