/* SPDX-License-Identifier: Apache-2.0 */
#include "form/style.h"

#include "base/enc.h"

enum { NAME_MAX_BYTES = 64, FEATURES_MAX = 200 };

static const double SIZE_MIN = 1, SIZE_MAX_PT = 144;

/* VISUAL: EB Garamond's own figures are old-style, and tracked type has no ligatures. */
static const char PLAIN_FEATURES[] = "lnum,kern,liga";
static const char TRACKED_FEATURES[] = "lnum,kern,-liga";

static bool number_value(const struct json *value, double min, double max, double *out,
			 struct err *e)
{
	if (value->kind != JSON_INTEGER && value->kind != JSON_NUMBER)
		return err_input(e, "JSON-TYPE", "must be a number");
	if (!(value->number >= min && value->number <= max))
		return err_input(e, "JSON-RANGE", "must be a number from %g to %g", min, max);
	*out = value->number;
	return true;
}

bool style_number(const struct json *object, const char *key, double min, double max, double *out,
		  struct err *e)
{
	const struct json *value = json_lookup(object, key);

	if (value == NULL)
		err_input(e, "JSON-MISSING", "is missing: a number from %g to %g", min, max);
	else if (number_value(value, min, max, out, e))
		return true;
	return err_at(e, "/%s", key);
}

bool style_number_or(const struct json *object, const char *key, double min, double max,
		     double fallback, double *out, struct err *e)
{
	*out = fallback;
	return json_lookup(object, key) == NULL || style_number(object, key, min, max, out, e);
}

bool style_layer(const struct json *object, enum paper_layer *out, struct err *e)
{
	static const char *const words[] = { "ground", "face", "seal", "text" };
	static const enum paper_layer layers[] = { PAPER_GROUND, PAPER_FACE, PAPER_SEAL,
						   PAPER_TEXT };
	struct str layer;
	bool present;

	*out = PAPER_FACE;
	if (!json_string_opt(object, "layer", 1, NAME_MAX_BYTES, &layer, &present, e))
		return false;
	if (!present)
		return true;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (str_eq(layer, str_of(words[i]))) {
			*out = layers[i];
			return true;
		}
	}
	err_input(e, "TEMPLATE-WORD", "must be one of ground, face, seal, text");
	return err_at(e, "/layer");
}

static bool ink_value(const struct json *value, struct paper_ink *out, struct err *e)
{
	unsigned char rgb[3];

	if (value->kind != JSON_STRING || value->string.n != 7 || value->string.p[0] != '#' ||
	    !enc_unhex(str_skip(value->string, 1), rgb, 3))
		return err_input(e, "TEMPLATE-INK", "must be a colour like \"#0E4A45\"");
	*out = (struct paper_ink){
		.gray = rgb[0] == rgb[1] && rgb[1] == rgb[2], .r = rgb[0], .g = rgb[1], .b = rgb[2]
	};
	return true;
}

static bool inks_read(struct arena *a, const struct json *inks, struct palette *out, struct err *e)
{
	out->inks[0].name = STR("black");
	out->inks[0].ink = PAPER_BLACK;
	out->ink_count = 1;
	for (size_t i = 0; i < inks->count; i++) {
		if (out->ink_count == INKS_MAX)
			return err_input(e, "JSON-LENGTH", "has more than %d inks", INKS_MAX - 1);
		if (!ink_value(&inks->items[i], &out->inks[out->ink_count].ink, e))
			return err_at(e, "/%.*s", STR_ARG(inks->keys[i]));
		if (!arena_str(a, inks->keys[i], &out->inks[out->ink_count].name, e))
			return false;
		out->ink_count++;
	}
	return true;
}

/* A NUL-terminated copy of a string member, `fallback` when absent. */
static bool text_member(struct arena *a, const struct json *object, const char *key,
			const char *fallback, const char **out, struct err *e)
{
	struct str text, copy;
	bool present;

	if (!json_string_opt(object, key, 1, FEATURES_MAX, &text, &present, e))
		return false;
	if (!present) {
		*out = fallback;
		return true;
	}
	if (!arena_str(a, text, &copy, e))
		return false;
	*out = copy.p;
	return true;
}

static bool style_value(struct arena *a, const struct palette *p, const struct json *o,
			const char *language, struct style *out, struct err *e)
{
	static const char *const keys[] = { "role",          "size",     "ink",      "tracking",
					    "tracking_upto", "features", "language", "whole",
					    "capitals",      "hang",     NULL };
	double tracking, upto;
	struct str role;

	if (!json_only(o, keys, e) || !json_string(o, "role", 1, NAME_MAX_BYTES, &role, e) ||
	    !text_member(a, o, "role", NULL, &out->text.role, e) ||
	    !style_number(o, "size", SIZE_MIN, SIZE_MAX_PT, &out->size_pt, e) ||
	    !style_number_or(o, "tracking", 0, 4000, 0, &tracking, e) ||
	    !style_number_or(o, "tracking_upto", 0, 64, 0, &upto, e))
		return false;
	out->text.tracking = (int32_t)tracking;
	out->tracking_upto = (int)upto;
	out->ink = PAPER_BLACK;
	if (json_lookup(o, "ink") != NULL && !style_ink(p, o, "ink", &out->ink, e))
		return false;
	if ((json_lookup(o, "whole") != NULL && !json_bool(o, "whole", &out->text.whole, e)) ||
	    (json_lookup(o, "capitals") != NULL &&
	     !json_bool(o, "capitals", &out->text.capitals, e)) ||
	    (json_lookup(o, "hang") != NULL && !json_bool(o, "hang", &out->hang, e)))
		return false;
	return text_member(a, o, "language", language, &out->text.language, e) &&
	       text_member(a, o, "features", tracking > 0 ? TRACKED_FEATURES : PLAIN_FEATURES,
			   &out->text.features, e);
}

bool style_read(struct arena *a, const struct json *layout, struct str language,
		struct palette *out, struct err *e)
{
	const struct json *inks, *styles;
	struct str tongue;

	if (!arena_str(a, language, &tongue, e) || !json_object(layout, "inks", &inks, e) ||
	    !json_object(layout, "styles", &styles, e))
		return false;
	if (!inks_read(a, inks, out, e))
		return err_at(e, "/inks");
	for (size_t i = 0; i < styles->count; i++) {
		if (i == STYLES_MAX) {
			err_input(e, "JSON-LENGTH", "has more than %d styles", STYLES_MAX);
			return err_at(e, "/styles");
		}
		if (!style_value(a, out, &styles->items[i], tongue.p, &out->styles[i], e)) {
			err_at(e, "/%.*s", STR_ARG(styles->keys[i]));
			return err_at(e, "/styles");
		}
		if (!arena_str(a, styles->keys[i], &out->styles[i].name, e))
			return false;
		out->style_count++;
	}
	return true;
}

bool style_ink(const struct palette *p, const struct json *object, const char *key,
	       struct paper_ink *out, struct err *e)
{
	struct str name;

	if (!json_string(object, key, 1, NAME_MAX_BYTES, &name, e))
		return false;
	for (size_t i = 0; i < p->ink_count; i++) {
		if (str_eq(p->inks[i].name, name)) {
			*out = p->inks[i].ink;
			return true;
		}
	}
	err_input(e, "TEMPLATE-INK", "'%.*s' is no ink of /inks", STR_ARG(name));
	return err_at(e, "/%s", key);
}

bool style_named(const struct palette *p, const struct json *object, const char *key,
		 const struct style **out, struct err *e)
{
	struct str name;

	if (!json_string(object, key, 1, NAME_MAX_BYTES, &name, e))
		return false;
	for (size_t i = 0; i < p->style_count; i++) {
		if (str_eq(p->styles[i].name, name)) {
			*out = &p->styles[i];
			return true;
		}
	}
	err_input(e, "TEMPLATE-STYLE", "'%.*s' is no style of /styles", STR_ARG(name));
	return err_at(e, "/%s", key);
}
