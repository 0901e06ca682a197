/* SPDX-License-Identifier: Apache-2.0 */
#include "form/sealplace.h"

enum { KEY_MAX = 64 };

static bool spot_read(const struct json *o, struct seal_place *out, struct err *e)
{
	static const char *const keys[] = { "x", "y", "diameter", NULL };

	return json_only(o, keys, e) &&
	       style_number(o, "x", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &out->x, e) &&
	       style_number(o, "y", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &out->y, e) &&
	       style_number(o, "diameter", 5, 200, &out->diameter, e);
}

/* The one line a member names. */
static bool line_read(const struct layout *l, const struct json *o, const char *key,
		      const struct phrase **out, struct err *e)
{
	const struct layout_string *s;
	struct str name;

	if (!json_string(o, key, 1, KEY_MAX, &name, e))
		return false;
	s = layout_string(l, name);
	if (s == NULL || s->count != 1) {
		err_input(e, "TEMPLATE-STRING", "must name one line of the language's strings");
		return err_at(e, "/%s", key);
	}
	*out = &s->phrases[0];
	return true;
}

static bool two_read(const struct json *o, struct element_seal *s, struct err *e)
{
	const struct json *two;

	if (!json_array(o, "two", SIGNERS_MAX, &two, e))
		return false;
	for (size_t i = 0; i < two->count; i++) {
		if (!spot_read(&two->items[i], &s->two[i], e)) {
			err_at(e, "/%zu", i);
			return err_at(e, "/two");
		}
	}
	if (two->count == SIGNERS_MAX)
		return true;
	err_input(e, "JSON-LENGTH", "must be two places");
	return err_at(e, "/two");
}

bool sealplace_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		    struct element_seal *out, struct err *e)
{
	static const char *const keys[] = { "kind", "page",  "flow",   "when",      "unless",
					    "ink",  "first", "second", "first_alt", "second_alt",
					    "one",  "two",   NULL };
	static const char *const names[] = { "first", "second" };
	static const char *const alts[] = { "first_alt", "second_alt" };
	const struct json *one;

	out->seals = t->seals;
	if (!json_only(o, keys, e) || !style_ink(&l->palette, o, "ink", &out->ink, e) ||
	    !json_object(o, "one", &one, e))
		return false;
	out->count = json_lookup(o, "second") != NULL ? 2 : 1;
	for (size_t i = 0; i < out->count; i++) {
		if (!line_read(l, o, names[i], &out->names[i], e) ||
		    !line_read(l, o, alts[i], &out->alts[i], e))
			return false;
	}
	if (!spot_read(one, &out->one, e))
		return err_at(e, "/one");
	return out->count == 1 || two_read(o, out, e);
}
