/* SPDX-License-Identifier: Apache-2.0 */
#include "record/associations.h"

#include <assert.h>
#include <stddef.h>

#include "record/shape.h"

enum { ASSOCIATIONS_MAX = 1000 };

static const char *const schema_word[] = { "hufu.associations/1", NULL };
static const char *const kind_words[] = { "national", "local", NULL };
static const char *const seal_words[] = { "drawn", "supplied", NULL };
static const char *const code_class[] = { "A-Z0-9" };
static const char *const path_class[] = { "A-Za-z0-9_./-" };

struct register_file {
	const struct association *items;
	size_t count;
};
static_assert(offsetof(struct register_file, count) == sizeof(void *), "list");

#define AT(field) .offset = offsetof(struct association, field)

static const struct shape_field association_rows[] = {
	{ "code", SHAPE_TOKEN, true, AT(code), .min = 2, .max = 8, .words = code_class },
	{ "name_zh", SHAPE_TEXT, true, AT(name_zh), .min = 1, .max = 60 },
	{ "name_en", SHAPE_TEXT, true, AT(name_en), .min = 1, .max = 120 },
	{ "kind", SHAPE_WORD, true, AT(kind), .words = kind_words },
	{ "seal", SHAPE_WORD, true, AT(seal), .words = seal_words },
	{ "art", SHAPE_PATH, AT(art), .min = 1, .max = 200, .words = path_class },
};
static const struct shape association_shape = { association_rows, COUNT_OF(association_rows),
						sizeof(struct association) };

static const struct shape_field register_rows[] = {
	{ "schema", SHAPE_CONST, true, .words = schema_word },
	{ "associations", SHAPE_LIST, true, .offset = offsetof(struct register_file, items),
	  .max = ASSOCIATIONS_MAX, .shape = &association_shape },
};
static const struct shape register_shape = { register_rows, COUNT_OF(register_rows),
					     sizeof(struct register_file) };

static bool refuse_at(struct err *e, size_t i, const char *step)
{
	err_at(e, "%s", step);
	return err_at(e, "/associations/%zu", i);
}

static bool entries_check(struct associations *list, struct err *e)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct association *entry = &list->items[i];

		for (size_t k = 0; k < i; k++) {
			if (!str_eq(list->items[k].code, entry->code))
				continue;
			err_input(e, "ASSOCIATION-DUPLICATE", "%.*s stands at %zu already",
				  STR_ARG(entry->code), k);
			return refuse_at(e, i, "/code");
		}
		if (entry->kind != ASSOCIATION_NATIONAL)
			continue;
		if (list->national != NULL) {
			err_input(e, "ASSOCIATION-NATIONAL", "is a second national association");
			return refuse_at(e, i, "/kind");
		}
		list->national = entry;
	}
	if (list->national != NULL)
		return true;
	err_input(e, "ASSOCIATION-NATIONAL", "must hold one association of kind national");
	return err_at(e, "/associations");
}

bool associations_read(struct arena *a, struct str text, struct associations *out, struct err *e)
{
	struct register_file file = { 0 };
	struct faults faults = { 0 };
	struct remarks notes = { 0 };
	struct shape_reading reading = { a, &faults, &faults, &notes };
	struct associations list = { 0 };
	const struct json *root;
	struct json normal;

	if (!json_read(a, text, &json_config, &root, e) ||
	    !shape_read(&reading, &register_shape, root, &file, &normal, e))
		return false;
	if (faults.count > 0) {
		*e = faults.first->err;
		return false;
	}
	list.items = file.items;
	list.count = file.count;
	if (!entries_check(&list, e))
		return false;
	*out = list;
	return true;
}

const struct association *associations_lookup(const struct associations *list, struct str code)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_eq(list->items[i].code, code))
			return &list->items[i];
	return NULL;
}
