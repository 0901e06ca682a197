/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/forms.h"

#include "base/io.h"
#include "issue/seals.h"
#include "json/json.h"

enum { TEMPLATES_MAX = 64, LANGUAGES_MAX = 32, LANGUAGE_LENGTH = 2, LAYOUT_MAX = 1 << 20 };

/* What is opened, and with what. */
struct opening {
	enum forms_kind kind;
	struct form_constants constants;
};

/* The languages of a template are its files of two letters: zh.json, en.json. */
static bool is_language(struct str name, struct str *language)
{
	if (name.n != LANGUAGE_LENGTH + sizeof ".json" - 1 || !str_ends(name, STR(".json")))
		return false;
	*language = (struct str){ name.p, LANGUAGE_LENGTH };
	return true;
}

/* A glance at a layout: is the template for what requests ask?  A broken one is form_open's to describe. */
static bool of_requests(struct home *h, const char *layout)
{
	struct buf bytes = buf_empty(LAYOUT_MAX);
	const struct json *root;
	struct err none;
	bool yes = !io_read(layout, &bytes, &none) ||
		   !json_read(h->arena, buf_view(&bytes), &json_config, &root, &none) ||
		   json_lookup(json_lookup(root, "for"), "request") != NULL;

	buf_free(&bytes);
	return yes;
}

static bool template_open(struct home *h, const char *templates, struct str id,
			  const struct opening *o, struct forms *out, struct err *e)
{
	struct str *files, language;
	const char *folder, *layout;
	size_t count;

	if (!io_path(h->arena, templates, id.p, &folder, e) ||
	    !io_path(h->arena, folder, "layout.json", &layout, e))
		return false;
	if (!io_exists(layout) || (o->kind == FORMS_OF_REQUESTS && !of_requests(h, layout)))
		return true;
	if (!io_list(h->arena, folder, ".json", LANGUAGES_MAX, &files, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!is_language(files[i], &language))
			continue;
		if (out->count == FORMS_MAX)
			return err_system(e, "'%s' holds more than %d templates", templates,
					  FORMS_MAX);
		if (!form_open(templates, id, language, out->fonts, &o->constants,
			       &out->items[out->count], e))
			return false;
		out->count++;
	}
	return true;
}

void forms_constants(const struct config *c, struct fact out[FORMS_CONSTANTS])
{
	const struct fact facts[FORMS_CONSTANTS] = {
		{ STR("issuer.contact"), c->contact }, { STR("issuer.id"), c->issuer },
		{ STR("issuer.name_en"), c->name_en }, { STR("issuer.name_zh"), c->name_zh },
		{ STR("site.base"), c->base },         { STR("site.host"), c->host },
	};

	memcpy(out, facts, sizeof facts);
}

bool forms_open(struct home *h, const char *fonts_json, enum forms_kind kind, struct forms *out,
		struct err *e)
{
	struct fact facts[FORMS_CONSTANTS];
	struct opening opening = { kind, { facts, FORMS_CONSTANTS, NULL } };
	const char *templates;
	struct str *ids;
	size_t count;

	bool ok;

	forms_constants(&h->config, facts);
	*out = (struct forms){ .items = arena_array(h->arena, FORMS_MAX, sizeof *out->items, e) };
	if (out->items == NULL || !fonts_open(fonts_json, &out->fonts, e))
		return false;
	fonts_hash(out->fonts, out->fonts_hash);
	ok = seals_open(h->arena, h->dir, out->fonts, &out->seals, e) &&
	     home_path(h, "templates", &templates, e) &&
	     io_list(h->arena, templates, "", TEMPLATES_MAX, &ids, &count, e);
	opening.constants.seals = out->seals;
	for (size_t i = 0; ok && i < count; i++)
		ok = template_open(h, templates, ids[i], &opening, out, e);
	if (ok && out->count == 0)
		ok = err_system(e, "'%s' holds no template", templates);
	if (ok)
		return true;
	forms_close(out);
	e->kind = ERR_SYSTEM; /* a fault of the home, not a record's */
	return false;
}

void forms_close(struct forms *f)
{
	for (size_t i = 0; i < f->count; i++)
		form_free(f->items[i]);
	seal_free(f->seals);
	fonts_free(f->fonts);
	*f = (struct forms){ 0 };
}

const struct form *forms_lookup(const struct forms *f, struct str id, struct str language)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct form_info *info = form_info(f->items[i]);

		if (str_eq(info->id, id) && str_eq(info->language, language))
			return f->items[i];
	}
	return NULL;
}
