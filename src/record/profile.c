/* SPDX-License-Identifier: Apache-2.0 */
#include "record/profile.h"

#include <assert.h>
#include <stddef.h>

#include "proof/payload.h"
#include "record/shape.h"
#include "json/canon.h"

enum { PROFILES_MAX = 1000, CANONICAL_MAX = 64 * 1024 };

static const char *const schema_word[] = { "hufu.profiles/1", NULL };
static const char *const pending_words[] = { "silent", "covered", NULL };
static const char *const language_words[] = { "en", "zh", NULL };
static const char *const id_class[] = { "a-z0-9-" };

/* As the JSON has it. */
struct language {
	int language; /* 1 en, 2 zh */
};
struct body {
	struct str name, brief;
};
struct profile_form {
	struct profile profile;
	int direct, authority; /* enum answer */
	const struct body *body;
	const struct language *languages;
	size_t language_count;
};
struct profiles_form {
	const struct profile_form *items;
	size_t count;
};

#define LIST_AT(type, items, count)                                                                \
	static_assert(offsetof(type, count) == offsetof(type, items) + sizeof(void *), "list")
LIST_AT(struct profile_form, languages, language_count);
LIST_AT(struct profiles_form, items, count);

#define AT(type, field) .offset = offsetof(struct type, field)
#define SHAPE(type, rows)                                                                          \
	{                                                                                          \
		rows, COUNT_OF(rows), sizeof(struct type)                                          \
	}

static const struct shape_field body_rows[] = {
	{ "name", SHAPE_TEXT, true, AT(body, name), .min = 1, .max = 160 },
	{ "short", SHAPE_TEXT, AT(body, brief), .min = 1, .max = PAYLOAD_RECIPIENT_MAX },
};
static const struct shape body_shape = SHAPE(body, body_rows);

static const struct shape_field language_row[] = {
	{ "", SHAPE_WORD, AT(language, language), .words = language_words },
};
static const struct shape language_shape = SHAPE(language, language_row);

static const struct shape_field profile_rows[] = {
	{ "id", SHAPE_TOKEN, true, AT(profile_form, profile.id), .min = 1, .max = 40,
	  .words = id_class },
	{ "name_en", SHAPE_TEXT, true, AT(profile_form, profile.name_en), .min = 1, .max = 120 },
	{ "name_zh", SHAPE_TEXT, true, AT(profile_form, profile.name_zh), .min = 1, .max = 60 },
	{ "look_back", SHAPE_INTEGER, true, AT(profile_form, profile.look_back),
	  .min = LOOK_BACK_NONE, .max = LOOK_BACK_EVER },
	{ "pending", SHAPE_WORD, true, AT(profile_form, profile.pending), .words = pending_words },
	{ "valid_for", SHAPE_WORD, true, AT(profile_form, profile.valid_for), .words = term_words },
	{ "direct", SHAPE_BOOL, AT(profile_form, direct) },
	{ "authority", SHAPE_BOOL, AT(profile_form, authority) },
	{ "languages", SHAPE_VALUES, true, AT(profile_form, languages), .max = 2,
	  .shape = &language_shape },
	{ "recipient", SHAPE_OBJECT, AT(profile_form, body), .shape = &body_shape },
};
static const struct shape profile_shape = SHAPE(profile_form, profile_rows);

static const struct shape_field profiles_rows[] = {
	{ "schema", SHAPE_CONST, true, .words = schema_word },
	{ "profiles", SHAPE_LIST, true, AT(profiles_form, items), .max = PROFILES_MAX,
	  .shape = &profile_shape },
};
static const struct shape profiles_shape = SHAPE(profiles_form, profiles_rows);

static bool refuse_at(struct err *e, size_t i, const char *step)
{
	err_at(e, "%s", step);
	return err_at(e, "/profiles/%zu", i);
}

static bool languages_gather(const struct profile_form *form, struct profile *p, size_t i,
			     struct err *e)
{
	for (size_t k = 0; k < form->language_count; k++) {
		unsigned bit = form->languages[k].language == 1 ? PROFILE_EN : PROFILE_ZH;

		if (p->languages & bit) {
			err_input(e, "LIST-REPEATS", "names a language twice");
			return refuse_at(e, i, "/languages");
		}
		p->languages |= bit;
	}
	if (p->languages != 0)
		return true;
	err_input(e, "JSON-LENGTH", "must name at least one language");
	return refuse_at(e, i, "/languages");
}

static bool profile_check(const struct profile_form *form, struct profile *p, size_t i,
			  struct err *e)
{
	if (p->look_back > LOOK_BACK_YEARS_MAX && p->look_back != LOOK_BACK_EVER) {
		err_input(e, "PROFILE-LOOK-BACK", "must be 0 (none), 1 to %d years or 255 (ever)",
			  LOOK_BACK_YEARS_MAX);
		return refuse_at(e, i, "/look_back");
	}
	if (p->recipient_short.n > PAYLOAD_RECIPIENT_MAX) {
		err_input(e, "PROFILE-SHORT", "must be at most %d bytes of UTF-8, is %zu",
			  PAYLOAD_RECIPIENT_MAX, p->recipient_short.n);
		return refuse_at(e, i, "/recipient/short");
	}
	return languages_gather(form, p, i, e);
}

static bool canonical_write(struct arena *a, const struct json *normal, struct profile *p,
			    struct err *e)
{
	struct buf out = buf_empty(CANONICAL_MAX);
	bool ok = canon_value(&out, normal, e) && buf_ok(&out, "a profile", e) &&
		  arena_str(a, buf_view(&out), &p->canonical, e);

	buf_free(&out);
	return ok;
}

static bool profile_finish(struct arena *a, const struct profile_form *form,
			   const struct json *normal, struct profile *p, struct err *e)
{
	*p = form->profile;
	p->direct = form->direct == ANSWER_YES;
	p->authority = form->authority == ANSWER_YES;
	if (form->body != NULL) {
		p->recipient = form->body->name;
		p->recipient_short = form->body->brief;
	}
	return canonical_write(a, normal, p, e);
}

static bool list_finish(struct arena *a, const struct profiles_form *form,
			const struct json *normal, struct profiles *out, struct err *e)
{
	const struct json *list = json_lookup(normal, "profiles");
	struct profile *items = arena_array(a, form->count, sizeof *items, e);
	struct profiles made = { items, 0 };

	if (items == NULL)
		return false;
	for (size_t i = 0; i < form->count; i++) {
		if (!profile_finish(a, &form->items[i], &list->items[i], &items[i], e) ||
		    !profile_check(&form->items[i], &items[i], i, e))
			return false;
		if (profiles_lookup(&made, items[i].id) != NULL) {
			err_input(e, "PROFILE-DUPLICATE", "%.*s stands there already",
				  STR_ARG(items[i].id));
			return refuse_at(e, i, "/id");
		}
		made.count++;
	}
	*out = made;
	return true;
}

bool profiles_read(struct arena *a, struct str text, struct profiles *out, struct err *e)
{
	struct profiles_form form = { 0 };
	struct faults faults = { 0 };
	struct remarks notes = { 0 };
	struct shape_reading reading = { a, &faults, &faults, &notes };
	const struct json *root;
	struct json normal;

	if (!json_read(a, text, &json_config, &root, e) ||
	    !shape_read(&reading, &profiles_shape, root, &form, &normal, e))
		return false;
	if (faults.count > 0) {
		*e = faults.first->err;
		return false;
	}
	return list_finish(a, &form, &normal, out, e);
}

const struct profile *profiles_lookup(const struct profiles *list, struct str id)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_eq(list->items[i].id, id))
			return &list->items[i];
	return NULL;
}
