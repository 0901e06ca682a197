/* SPDX-License-Identifier: Apache-2.0 */
#include "record/map.h"

#include "record/csv.h"
#include "record/member.h"

enum {
	CELL_MAX = CSV_FIELD_MAX,
	CHARACTERS_MAX = 10000,
	FIELDS_MAX = 100,
	VALUES_MAX = 1000,
};

static bool encoding_read(const struct json *root, enum map_encoding *out, struct err *e)
{
	static const struct {
		const char *name;
		enum map_encoding encoding;
	} known[] = { { "UTF-8", MAP_UTF8 }, { "GBK", MAP_GBK }, { "GB18030", MAP_GB18030 } };
	struct str name;
	bool present;

	if (!json_string_opt(root, "encoding", 1, 20, &name, &present, e))
		return false;
	if (!present)
		return true;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (str_eq(name, str_of(known[i].name))) {
			*out = known[i].encoding;
			return true;
		}
	}
	err_input(e, "MAP-ENCODING", "must be UTF-8, GBK or GB18030");
	return err_at(e, "/encoding");
}

static bool delimiter_read(const struct json *root, char *out, struct err *e)
{
	struct str s = STR(",");
	bool present;

	if (!json_string_opt(root, "delimiter", 1, 1, &s, &present, e))
		return false;
	if (strchr(",;|\t", s.p[0]) == NULL) {
		err_input(e, "MAP-FORM", "must be ',', ';', '|' or a tab");
		return err_at(e, "/delimiter");
	}
	*out = s.p[0];
	return true;
}

static bool zone_read(const struct json *root, struct str *out, struct err *e)
{
	static const char form[] = "+dd:dd";
	bool present, good = true;

	*out = STR("+08:00");
	if (!json_string_opt(root, "zone", 6, 6, out, &present, e))
		return false;
	for (size_t i = 0; i < sizeof form - 1; i++) {
		char c = out->p[i];

		good = good && (form[i] == 'd'   ? c >= '0' && c <= '9'
				: form[i] == '+' ? c == '+' || c == '-'
						 : c == form[i]);
	}
	if (good)
		return true;
	err_input(e, "MAP-FORM", "must be an offset like +08:00");
	return err_at(e, "/zone");
}

/* "U+E863" */
static bool code_point_read(struct str s, uint32_t *out)
{
	*out = 0;
	if (s.n < 6 || s.n > 8 || !str_starts(s, STR("U+")))
		return false;
	for (size_t i = 2; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F')))
			return false;
		*out = *out * 16 + (uint32_t)(c <= '9' ? c - '0' : c - 'A' + 10);
	}
	return *out <= 0x10ffff && (*out < 0xd800 || *out > 0xdfff);
}

static bool private_code(uint32_t c)
{
	return (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
}

static bool characters_read(struct arena *a, const struct json *root, struct map *out,
			    struct err *e)
{
	const struct json *table = json_lookup(root, "private_use");
	struct map_character *list;

	if (table == NULL)
		return true;
	if (!json_object(root, "private_use", &table, e))
		return false;
	if (table->count > CHARACTERS_MAX) {
		err_input(e, "MAP-FORM", "has more than %d entries", CHARACTERS_MAX);
		return err_at(e, "/private_use");
	}
	list = arena_array(a, table->count, sizeof *list, e);
	if (list == NULL)
		return false;
	for (size_t i = 0; i < table->count; i++) {
		const struct json *to = &table->items[i];

		if (code_point_read(table->keys[i], &list[i].from) && private_code(list[i].from) &&
		    to->kind == JSON_STRING && code_point_read(to->string, &list[i].to) &&
		    !private_code(list[i].to))
			continue;
		err_input(e, "MAP-FORM",
			  "must give a private-use code point another, like U+E863: U+4DAE");
		json_at(e, table->keys[i]);
		return err_at(e, "/private_use");
	}
	out->characters = list;
	out->character_count = table->count;
	return true;
}

static bool values_read(struct arena *a, const struct json *spec, struct map_field *out,
			struct err *e)
{
	const struct json *table = json_lookup(spec, "values");
	struct map_value *list;

	if (table == NULL)
		return true;
	if (!json_object(spec, "values", &table, e))
		return false;
	if (table->count == 0 || table->count > VALUES_MAX) {
		err_input(e, "MAP-FORM", "must have 1 to %d entries", VALUES_MAX);
		return err_at(e, "/values");
	}
	list = arena_array(a, table->count, sizeof *list, e);
	if (list == NULL)
		return false;
	for (size_t i = 0; i < table->count; i++)
		list[i] = (struct map_value){ table->keys[i], &table->items[i] };
	out->values = list;
	out->value_count = table->count;
	return true;
}

static bool format_read(const struct json *spec, enum map_format *out, struct err *e)
{
	struct str format;
	bool present;

	if (!json_string_opt(spec, "format", 1, 20, &format, &present, e) || !present)
		return !present;
	if (str_eq(format, STR("date"))) {
		*out = MAP_DATE;
		return true;
	}
	if (str_eq(format, STR("instant"))) {
		*out = MAP_INSTANT;
		return true;
	}
	err_input(e, "MAP-FORM", "must be \"date\" or \"instant\"");
	return err_at(e, "/format");
}

static bool spec_read(struct arena *a, const struct json *spec, struct map_field *out,
		      struct err *e)
{
	static const char *const known[] = { "column", "const", "format", "values", NULL };

	if (spec->kind == JSON_STRING) {
		out->column = spec->string;
		return out->column.n > 0 || err_input(e, "MAP-FORM", "must name a column");
	}
	if (spec->kind != JSON_OBJECT)
		return err_input(e, "MAP-FORM", "must be a column's name or an object");
	if (!json_only(spec, known, e))
		return false;
	out->constant = json_lookup(spec, "const");
	if (out->constant != NULL)
		return spec->count == 1 || err_input(e, "MAP-FORM", "\"const\" must stand alone");
	return json_string(spec, "column", 1, CELL_MAX, &out->column, e) &&
	       values_read(a, spec, out, e) && format_read(spec, &out->format, e);
}

static bool field_read(struct arena *a, const struct json *spec, struct map_field *out,
		       struct err *e)
{
	out->shape = shape_lookup(&member_shape, out->pointer);
	if (out->shape == NULL || out->shape->kind == SHAPE_OBJECT ||
	    out->shape->kind == SHAPE_CONST)
		return err_input(e, "MAP-POINTER", "is no field that a column can fill");
	if (!spec_read(a, spec, out, e))
		return false;
	if (out->shape->kind == SHAPE_LIST && out->constant == NULL)
		return err_input(e, "MAP-POINTER", "is a list; only \"const\" can fill it");
	return true;
}

static bool fields_read(struct arena *a, const struct json *root, struct map *out, struct err *e)
{
	const struct json *columns;
	struct map_field *list;

	if (!json_object(root, "columns", &columns, e))
		return false;
	if (columns->count == 0 || columns->count > FIELDS_MAX) {
		err_input(e, "MAP-FORM", "must have 1 to %d entries", FIELDS_MAX);
		return err_at(e, "/columns");
	}
	list = arena_array(a, columns->count, sizeof *list, e);
	if (list == NULL)
		return false;
	for (size_t i = 0; i < columns->count; i++) {
		list[i].pointer = columns->keys[i];
		if (field_read(a, &columns->items[i], &list[i], e))
			continue;
		json_at(e, columns->keys[i]);
		return err_at(e, "/columns");
	}
	out->fields = list;
	out->count = columns->count;
	return true;
}

bool map_read(struct arena *a, struct str text, struct map *out, struct err *e)
{
	static const char *const known[] = { "schema", "encoding", "delimiter",   "zone",
					     "trim",   "columns",  "private_use", NULL };
	const struct json *root;
	struct map map = { 0 };

	if (!json_read(a, text, &json_config, &root, e) || !json_schema(root, "hufu.map/1", e) ||
	    !json_only(root, known, e) || !encoding_read(root, &map.encoding, e) ||
	    !delimiter_read(root, &map.delimiter, e) || !zone_read(root, &map.zone, e))
		return false;
	if (json_lookup(root, "trim") != NULL && !json_bool(root, "trim", &map.trim, e))
		return false;
	if (!characters_read(a, root, &map, e) || !fields_read(a, root, &map, e))
		return false;
	*out = map;
	return true;
}
