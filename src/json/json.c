/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>

#include "json/scan.h"

enum { KEY_SHOWN = 64 }; /* bytes of a key in words and pointers */

static const double integer_max = 9007199254740991.0; /* 2^53 − 1, RFC 7493 §2.2 */

const struct json_limits json_record = { (size_t)256 * 1024, 8, 4096 };
const struct json_limits json_config = { (size_t)4 * 1024 * 1024, 16, 65536 };

/* Walks cJSON's tree in the order of the scan's marks, so that every value knows its place in the text. */
struct walk {
	struct arena *a;
	struct str text;
	const uint32_t *marks;
	size_t next;
	struct err *e;
};

/* A key and the place of its value, for the search of duplicates. */
struct key_place {
	struct str key;
	uint32_t mark;
};

static bool tree_copy(struct walk *w, const cJSON *from, struct json *to);

static int by_key(const void *x, const void *y)
{
	const struct key_place *a = x, *b = y;
	int order = str_cmp(a->key, b->key);

	return order != 0 ? order : (a->mark > b->mark) - (a->mark < b->mark);
}

static bool keys_differ(struct walk *w, struct key_place *places, size_t count)
{
	if (count > 1)
		qsort(places, count, sizeof *places, by_key);
	for (size_t i = 1; i < count; i++) {
		struct str key = places[i].key;

		if (!str_eq(key, places[i - 1].key))
			continue;
		scan_fault(w->e, "JSON-DUPLICATE-KEY", w->text, places[i].mark,
			   "the second value of this key");
		return json_at(w->e, key);
	}
	return true;
}

static bool number_copy(struct walk *w, size_t mark, double value, struct json *to)
{
	size_t i = mark;

	if (!isfinite(value))
		return scan_fault(w->e, "JSON-NUMBER", w->text, mark, "a number out of range");
	to->kind = JSON_NUMBER;
	to->number = value;
	while (i < w->text.n &&
	       (w->text.p[i] == '-' || (w->text.p[i] >= '0' && w->text.p[i] <= '9')))
		i++;
	if (i < w->text.n && (w->text.p[i] == '.' || w->text.p[i] == 'e' || w->text.p[i] == 'E'))
		return true;
	if (fabs(value) <= integer_max) {
		to->kind = JSON_INTEGER;
		to->integer = (int64_t)value;
		to->number = (double)to->integer; /* −0 becomes 0 */
	}
	return true;
}

static bool array_copy(struct walk *w, const cJSON *from, struct json *to)
{
	struct json *items = arena_array(w->a, to->count, sizeof *items, w->e);
	size_t i = 0;

	if (items == NULL)
		return false;
	for (const cJSON *c = from->child; c != NULL; c = c->next, i++)
		if (!tree_copy(w, c, &items[i]))
			return err_at(w->e, "/%zu", i);
	to->items = items;
	return true;
}

static bool object_copy(struct walk *w, const cJSON *from, struct json *to)
{
	struct json *items = arena_array(w->a, to->count, sizeof *items, w->e);
	struct str *keys = arena_array(w->a, to->count, sizeof *keys, w->e);
	struct key_place *places = arena_array(w->a, to->count, sizeof *places, w->e);
	size_t i = 0;

	if (items == NULL || keys == NULL || places == NULL)
		return false;
	for (const cJSON *c = from->child; c != NULL; c = c->next, i++) {
		if (!arena_str(w->a, str_of(c->string), &keys[i], w->e))
			return false;
		places[i] = (struct key_place){ keys[i], w->marks[w->next] };
		if (!tree_copy(w, c, &items[i]))
			return json_at(w->e, keys[i]);
	}
	to->items = items;
	to->keys = keys;
	return keys_differ(w, places, to->count);
}

static bool tree_copy(struct walk *w, const cJSON *from, struct json *to)
{
	size_t mark = w->marks[w->next++];

	*to = (struct json){ .kind = JSON_NULL };
	if (cJSON_IsBool(from)) {
		to->kind = JSON_BOOL;
		to->truth = cJSON_IsTrue(from);
	} else if (cJSON_IsNumber(from)) {
		return number_copy(w, mark, from->valuedouble, to);
	} else if (cJSON_IsString(from)) {
		to->kind = JSON_STRING;
		return arena_str(w->a, str_of(from->valuestring), &to->string, w->e);
	} else if (cJSON_IsArray(from) || cJSON_IsObject(from)) {
		to->kind = cJSON_IsArray(from) ? JSON_ARRAY : JSON_OBJECT;
		for (const cJSON *c = from->child; c != NULL; c = c->next)
			to->count++;
		return cJSON_IsArray(from) ? array_copy(w, from, to) : object_copy(w, from, to);
	}
	return true;
}

bool json_read(struct arena *a, struct str text, const struct json_limits *limits,
	       const struct json **out, struct err *e)
{
	uint32_t *marks;
	struct walk w = { .a = a, .text = text, .e = e };
	struct json *root;
	cJSON *tree = NULL;
	size_t count;
	bool ok;

	if (text.n > limits->bytes)
		return err_input(e, "JSON-TOO-LONG", "is longer than %zu bytes", limits->bytes);
	marks = arena_array(a, scan_marks_max(text, limits), sizeof *marks, e);
	root = arena_alloc(a, sizeof *root, e);
	if (marks == NULL || root == NULL || !scan_text(text, limits, marks, &count, e))
		return false;
	/* The scan has bounded bytes, depth and values: what cJSON allocates now is bounded too. */
	tree = cJSON_ParseWithLength(text.p, text.n);
	if (tree == NULL)
		return err_memory(e, "a JSON text");
	w.marks = marks;
	ok = tree_copy(&w, tree, root);
	cJSON_Delete(tree);
	if (ok)
		*out = root;
	return ok;
}

static const struct json *member_lookup(const struct json *object, const char *key)
{
	struct str wanted = str_of(key);

	for (size_t i = 0; i < object->count; i++)
		if (str_eq(object->keys[i], wanted))
			return &object->items[i];
	return NULL;
}

const struct json *json_lookup(const struct json *object, const char *key)
{
	return object != NULL && object->kind == JSON_OBJECT ? member_lookup(object, key) : NULL;
}

bool json_at(struct err *e, struct str key)
{
	char out[2 * KEY_SHOWN + 1];
	size_t n = 0;

	for (size_t i = 0; i < key.n && i < KEY_SHOWN; i++) {
		if (key.p[i] == '~' || key.p[i] == '/') {
			out[n++] = '~';
			out[n++] = key.p[i] == '~' ? '0' : '1';
		} else {
			out[n++] = key.p[i];
		}
	}
	return err_at(e, "/%.*s", (int)n, out);
}

static const char *kind_words(enum json_kind kind)
{
	switch (kind) {
	case JSON_NULL:
		return "null";
	case JSON_BOOL:
		return "true or false";
	case JSON_INTEGER:
		return "an integer";
	case JSON_NUMBER:
		return "a number";
	case JSON_STRING:
		return "a string";
	case JSON_ARRAY:
		return "an array";
	case JSON_OBJECT:
		return "an object";
	}
	return "something else";
}

/* The member `key` when it is of the kind asked for, else NULL with *e filled. */
static const struct json *typed(const struct json *object, const char *key, enum json_kind kind,
				struct err *e)
{
	const struct json *value;

	if (object->kind != JSON_OBJECT) {
		err_input(e, "JSON-TYPE", "must be an object, is %s", kind_words(object->kind));
		return NULL;
	}
	value = member_lookup(object, key);
	if (value != NULL && value->kind == kind)
		return value;
	if (value == NULL)
		err_input(e, "JSON-MISSING", "is missing; must be %s", kind_words(kind));
	else
		err_input(e, "JSON-TYPE", "must be %s, is %s", kind_words(kind),
			  kind_words(value->kind));
	json_at(e, str_of(key));
	return NULL;
}

bool json_string(const struct json *object, const char *key, size_t min, size_t max,
		 struct str *out, struct err *e)
{
	const struct json *value = typed(object, key, JSON_STRING, e);

	if (value == NULL)
		return false;
	if (value->string.n < min || value->string.n > max) {
		err_input(e, "JSON-LENGTH", "must be %zu to %zu bytes, is %zu", min, max,
			  value->string.n);
		return json_at(e, str_of(key));
	}
	*out = value->string;
	return true;
}

bool json_string_opt(const struct json *object, const char *key, size_t min, size_t max,
		     struct str *out, bool *present, struct err *e)
{
	*present = object->kind != JSON_OBJECT || member_lookup(object, key) != NULL;
	return !*present || json_string(object, key, min, max, out, e);
}

bool json_integer(const struct json *object, const char *key, int64_t min, int64_t max,
		  int64_t *out, struct err *e)
{
	const struct json *value = typed(object, key, JSON_INTEGER, e);

	if (value == NULL)
		return false;
	if (value->integer < min || value->integer > max) {
		err_input(e, "JSON-RANGE", "must be %lld to %lld, is %lld", (long long)min,
			  (long long)max, (long long)value->integer);
		return json_at(e, str_of(key));
	}
	*out = value->integer;
	return true;
}

bool json_bool(const struct json *object, const char *key, bool *out, struct err *e)
{
	const struct json *value = typed(object, key, JSON_BOOL, e);

	if (value == NULL)
		return false;
	*out = value->truth;
	return true;
}

bool json_object(const struct json *object, const char *key, const struct json **out, struct err *e)
{
	const struct json *value = typed(object, key, JSON_OBJECT, e);

	if (value == NULL)
		return false;
	*out = value;
	return true;
}

bool json_array(const struct json *object, const char *key, size_t max, const struct json **out,
		struct err *e)
{
	const struct json *value = typed(object, key, JSON_ARRAY, e);

	if (value == NULL)
		return false;
	if (value->count > max) {
		err_input(e, "JSON-LENGTH", "must have at most %zu entries, has %zu", max,
			  value->count);
		return json_at(e, str_of(key));
	}
	*out = value;
	return true;
}

bool json_only(const struct json *object, const char *const *allowed, struct err *e)
{
	if (object->kind != JSON_OBJECT)
		return err_input(e, "JSON-TYPE", "must be an object, is %s",
				 kind_words(object->kind));
	for (size_t i = 0; i < object->count; i++) {
		const char *const *name = allowed;

		while (*name != NULL && !str_eq(object->keys[i], str_of(*name)))
			name++;
		if (*name != NULL)
			continue;
		err_input(e, "JSON-UNKNOWN-KEY", "is not a key known here");
		return json_at(e, object->keys[i]);
	}
	return true;
}

bool json_schema(const struct json *object, const char *schema, struct err *e)
{
	struct str found;

	if (!json_string(object, "schema", 0, SIZE_MAX, &found, e))
		return false;
	if (str_eq(found, str_of(schema)))
		return true;
	err_input(e, "JSON-SCHEMA", "must be \"%s\"", schema);
	return err_at(e, "/schema");
}
