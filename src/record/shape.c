/* SPDX-License-Identifier: Apache-2.0 */
#include "record/shape.h"

#include <math.h>

#include "base/civil.h"
#include "record/name.h"

enum { VALUE_SHOWN = 24 }; /* bytes of a wrong word repeated in a message */

/* A step on the way down: a key of an object or a place in a list. */
struct step {
	const struct step *up;
	struct str key; /* p == NULL: index */
	size_t index;
};

/* What is being read: the row, the value and its normalised twin, where in the struct it goes. */
struct slot {
	const struct shape_field *field;
	const struct json *in;
	struct json *normal;
	void *to;
	struct step step;
};

static bool object_walk(struct shape_reading *r, const struct shape *shape, const struct step *up,
			const struct json *in, void *out, struct json *normal, struct err *e);

static void place_add(struct err *fault, const struct step *step)
{
	for (; step != NULL; step = step->up) {
		if (step->key.p != NULL)
			json_at(fault, step->key);
		else
			err_at(fault, "/%zu", step->index);
	}
}

/* Record a fault at a step; the reading goes on unless memory ran out. */
static bool fault_at(struct shape_reading *r, struct faults *list, const struct step *step,
		     struct err *fault, struct err *e)
{
	if (fault->kind == ERR_SYSTEM) {
		*e = *fault;
		return false;
	}
	place_add(fault, step);
	return faults_add(r->a, list, fault, e);
}

#define FAULT(r, step, e, ...)                                                                     \
	do {                                                                                       \
		struct err made;                                                                   \
		err_input(&made, __VA_ARGS__);                                                     \
		return fault_at((r), (r)->faults, (step), &made, (e));                             \
	} while (0)

/* What the value of each kind is called, which JSON values may be one, and who reads them. */
struct kind {
	const char *words;
	enum json_kind json;
	bool number_too; /* integers and numbers alike; the reader looks closer */
	bool (*read)(struct shape_reading *r, struct slot *s, struct err *e);
};
static const struct kind *kind_of(enum shape_kind kind);

/* Is c in a class like "A-Za-z0-9_-"?  A dash at the end stands for itself. */
static bool class_has(const char *class, char c)
{
	for (; *class != '\0'; class ++) {
		if (class[1] == '-' && class[2] != '\0') {
			if (c >= class[0] && c <= class[2])
				return true;
			class += 2;
		} else if (c == *class) {
			return true;
		}
	}
	return false;
}

static bool token_fits(const struct shape_field *f, struct str s)
{
	if (s.n < (size_t)f->min || s.n > (size_t)f->max)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!class_has(f->words[0], s.p[i]))
			return false;
	return true;
}

static bool path_inside(struct str path)
{
	struct str rest = path, step;

	if (path.n > 0 && path.p[0] == '/')
		return false;
	while (str_split(&rest, '/', &step))
		if (step.n == 0 || str_eq(step, STR(".")) || str_eq(step, STR("..")))
			return false;
	return true;
}

static bool token_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	const struct shape_field *f = s->field;

	if (!token_fits(f, s->in->string))
		FAULT(r, &s->step, e, "FORM", "must be %lld to %lld characters of %s",
		      (long long)f->min, (long long)f->max, f->words[0]);
	if (f->kind == SHAPE_PATH && !path_inside(s->in->string))
		FAULT(r, &s->step, e, "PATH-ESCAPES",
		      "must be a relative path without empty steps, \".\" or \"..\"");
	*(struct str *)s->to = s->in->string;
	return true;
}

static bool sha256_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	struct str hex = s->in->string;
	bool good = hex.n == 64;

	for (size_t i = 0; good && i < hex.n; i++)
		good = class_has("0-9a-f", hex.p[i]);
	if (!good)
		FAULT(r, &s->step, e, "FORM", "must be 64 lower-case hexadecimal digits");
	*(struct str *)s->to = hex;
	return true;
}

static struct str shown(struct str s)
{
	size_t n = s.n < VALUE_SHOWN ? s.n : VALUE_SHOWN;

	while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return (struct str){ s.p, n };
}

static bool word_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	const char *const *words = s->field->words;
	char list[300] = "";
	size_t at = 0;

	for (size_t i = 0; words[i] != NULL; i++) {
		size_t n = strlen(words[i]);

		if (str_eq(s->in->string, str_of(words[i]))) {
			*(int *)s->to = (int)i + 1;
			return true;
		}
		if (at + n + 3 > sizeof list)
			continue;
		memcpy(list + at, words[i], n);
		memcpy(list + at + n, ", ", 3);
		at += n + 2;
	}
	list[at >= 2 ? at - 2 : 0] = '\0';
	FAULT(r, &s->step, e, s->field->strict ? "WORD-UNKNOWN" : "ENUM",
	      "must be one of %s; is \"%.*s\"", list, STR_ARG(shown(s->in->string)));
}

static bool const_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	if (!str_eq(s->in->string, str_of(s->field->words[0])))
		FAULT(r, &s->step, e, "JSON-SCHEMA", "must be \"%s\"", s->field->words[0]);
	return true;
}

static bool dots_report(struct shape_reading *r, const struct step *step, struct str dots,
			struct err *e)
{
	struct err where = { 0 };
	struct remark note = { .code = "MIDDLE-DOT", .words = dots };

	if (dots.n == 0)
		return true;
	place_add(&where, step);
	return arena_str(r->a, str_of(where.pointer), &note.pointer, e) &&
	       remarks_add(r->a, r->notes, &note, e);
}

static bool text_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	const struct shape_field *f = s->field;
	enum name_kind kind = f->kind == SHAPE_NATIVE  ? NAME_NATIVE
			      : f->kind == SHAPE_LATIN ? NAME_LATIN
						       : NAME_TEXT;
	size_t length = name_length(s->in->string);
	struct err fault = { 0 };
	struct str out, dots;

	if (length < (size_t)f->min || length > (size_t)f->max)
		FAULT(r, &s->step, e, f->strict ? "TEXT-LENGTH" : "JSON-LENGTH",
		      "must be %lld to %lld characters, is %zu", (long long)f->min,
		      (long long)f->max, length);
	if (!name_read(r->a, kind, s->in->string, &out, &dots, &fault)) {
		*(struct str *)s->to = s->in->string;
		return fault_at(r, r->text, &s->step, &fault, e);
	}
	*(struct str *)s->to = out;
	s->normal->string = out;
	return dots_report(r, &s->step, dots, e);
}

/* The pattern of the JSON Schema: digits and dashes, month 01 to 12, day 01 to 31. */
static bool date_form(struct str s)
{
	static const char form[] = "dddd-dd-dd";
	int month, day;

	if (s.n != sizeof form - 1)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (form[i] == 'd' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != form[i])
			return false;
	month = (s.p[5] - '0') * 10 + s.p[6] - '0';
	day = (s.p[8] - '0') * 10 + s.p[9] - '0';
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool date_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	if (!date_form(s->in->string))
		FAULT(r, &s->step, e, "DATE-FORM", "must be YYYY-MM-DD");
	if (!civil_read(s->in->string, s->to))
		FAULT(r, &s->step, e, "DATE-NOT-REAL", "%.*s is no day of the calendar",
		      STR_ARG(s->in->string));
	return true;
}

static bool instant_value(struct shape_reading *r, struct slot *s, struct err *e)
{
	if (!instant_read(s->in->string, s->to))
		FAULT(r, &s->step, e, "DATE-TIME", "must be %s", kind_of(SHAPE_INSTANT)->words);
	return true;
}

static bool integer_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	const struct shape_field *f = s->field;
	bool whole = s->in->number == trunc(s->in->number);

	if (!whole)
		FAULT(r, &s->step, e, "JSON-TYPE", "must be an integer, is a number");
	/* JSON Schema takes 1.0 and 1e30 for integers; the canonical form of the house does not. */
	if (fabs(s->in->number) > 9007199254740991.0)
		FAULT(r, &s->step, e, "INTEGER-FORM", "must lie within 2^53 - 1");
	if (s->in->number < (double)f->min || s->in->number > (double)f->max)
		FAULT(r, &s->step, e, f->strict ? "INTEGER-RANGE" : "JSON-RANGE",
		      "must be %lld to %lld", (long long)f->min, (long long)f->max);
	if (s->in->kind != JSON_INTEGER)
		FAULT(r, &s->step, e, "INTEGER-FORM",
		      "must be written without fraction or exponent");
	*(int64_t *)s->to = s->in->integer;
	return true;
}

static bool decimal_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	double v = s->in->number;

	if (v < (double)s->field->min)
		FAULT(r, &s->step, e, "JSON-RANGE", "must be at least %lld",
		      (long long)s->field->min);
	if (v > (double)s->field->max || round(v * 100) / 100 != v)
		FAULT(r, &s->step, e, "DECIMAL-FORM",
		      "must be at most %lld, with at most two decimals", (long long)s->field->max);
	*(double *)s->to = v;
	return true;
}

static bool object_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	void *child = arena_alloc(r->a, s->field->shape->size, e);

	if (child == NULL)
		return false;
	memcpy(s->to, &(const void *){ child }, sizeof(const void *));
	return object_walk(r, s->field->shape, &s->step, s->in, child, s->normal, e);
}

static bool value_read(struct shape_reading *r, struct slot *s, struct err *e);

/* One entry of a list: an object of `shape`, or a value as its only row says. */
static bool entry_read(struct shape_reading *r, struct slot *entry, const struct shape *shape,
		       bool plain, struct err *e)
{
	if (!plain)
		return object_walk(r, shape, &entry->step, entry->in, entry->to, entry->normal, e);
	*entry->normal = *entry->in;
	entry->field = &shape->fields[0];
	entry->to = (char *)entry->to + entry->field->offset;
	return value_read(r, entry, e);
}

static bool list_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	const struct shape *shape = s->field->shape;
	bool plain = s->field->kind == SHAPE_VALUES;
	size_t count = s->in->count;
	struct json *normal;
	char *items;

	if (count > (size_t)s->field->max)
		FAULT(r, &s->step, e, s->field->strict ? "LIST-LENGTH" : "JSON-LENGTH",
		      "must have at most %lld entries, has %zu", (long long)s->field->max, count);
	items = arena_array(r->a, count, shape->size, e);
	normal = arena_array(r->a, count, sizeof *normal, e);
	if (items == NULL || normal == NULL)
		return false;
	memcpy(s->to, &(struct shape_list){ items, count }, sizeof(struct shape_list));
	s->normal->items = normal;
	for (size_t i = 0; i < count; i++) {
		struct slot entry = { .in = &s->in->items[i],
				      .normal = &normal[i],
				      .to = items + i * shape->size,
				      .step = { .up = &s->step, .index = i } };

		if (!entry_read(r, &entry, shape, plain, e))
			return false;
	}
	return true;
}

static bool bool_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	(void)r;
	(void)e;
	*(int *)s->to = s->in->truth ? ANSWER_YES : ANSWER_NO;
	return true;
}

#define INSTANT_WORDS "a date and time with zone, like 2026-11-20T10:00:00+08:00"

static const struct kind *kind_of(enum shape_kind kind)
{
	static const struct kind kinds[] = {
		[SHAPE_CONST] = { "a string", JSON_STRING, false, const_read },
		[SHAPE_TEXT] = { "a string", JSON_STRING, false, text_read },
		[SHAPE_NATIVE] = { "a string", JSON_STRING, false, text_read },
		[SHAPE_LATIN] = { "a string", JSON_STRING, false, text_read },
		[SHAPE_TOKEN] = { "a string", JSON_STRING, false, token_read },
		[SHAPE_PATH] = { "a string", JSON_STRING, false, token_read },
		[SHAPE_SHA256] = { "a string", JSON_STRING, false, sha256_read },
		[SHAPE_WORD] = { "a string", JSON_STRING, false, word_read },
		[SHAPE_DATE] = { "a date, YYYY-MM-DD", JSON_STRING, false, date_read },
		[SHAPE_INSTANT] = { INSTANT_WORDS, JSON_STRING, false, instant_value },
		[SHAPE_INTEGER] = { "an integer", JSON_INTEGER, true, integer_read },
		[SHAPE_DECIMAL] = { "a number", JSON_INTEGER, true, decimal_read },
		[SHAPE_BOOL] = { "true or false", JSON_BOOL, false, bool_read },
		[SHAPE_OBJECT] = { "an object", JSON_OBJECT, false, object_read },
		[SHAPE_LIST] = { "an array", JSON_ARRAY, false, list_read },
		[SHAPE_VALUES] = { "an array", JSON_ARRAY, false, list_read },
	};

	return &kinds[kind];
}

static bool value_read(struct shape_reading *r, struct slot *s, struct err *e)
{
	const struct kind *kind = kind_of(s->field->kind);

	if (s->in->kind != kind->json && !(kind->number_too && s->in->kind == JSON_NUMBER))
		FAULT(r, &s->step, e, "JSON-TYPE", "must be %s", kind->words);
	return kind->read(r, s, e);
}

static const struct shape_field *field_lookup(const struct shape *shape, struct str key)
{
	for (size_t i = 0; i < shape->count; i++)
		if (str_eq(key, str_of(shape->fields[i].key)))
			return &shape->fields[i];
	return NULL;
}

static bool missing_report(struct shape_reading *r, const struct shape *shape,
			   const struct step *up, const struct json *in, struct err *e)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct shape_field *f = &shape->fields[i];
		struct step step = { .up = up, .key = str_of(f->key) };
		struct err fault;

		if (!f->required || json_lookup(in, f->key) != NULL)
			continue;
		err_input(&fault, "JSON-MISSING", "is missing; must be %s",
			  kind_of(f->kind)->words);
		if (!fault_at(r, r->faults, &step, &fault, e))
			return false;
	}
	return true;
}

static bool member_walk(struct shape_reading *r, const struct shape *shape, struct slot *s,
			void *out, struct err *e)
{
	s->field = field_lookup(shape, s->step.key);
	if (s->field == NULL)
		FAULT(r, &s->step, e, "JSON-UNKNOWN-KEY", "is not a key known here");
	s->to = (char *)out + s->field->offset;
	return value_read(r, s, e);
}

static bool object_walk(struct shape_reading *r, const struct shape *shape, const struct step *up,
			const struct json *in, void *out, struct json *normal, struct err *e)
{
	struct json *items;

	*normal = *in;
	if (in->kind != JSON_OBJECT)
		FAULT(r, up, e, "JSON-TYPE", "must be an object");
	items = arena_array(r->a, in->count, sizeof *items, e);
	if (items == NULL)
		return false;
	normal->items = items;
	for (size_t i = 0; i < in->count; i++) {
		struct slot s = { .in = &in->items[i],
				  .normal = &items[i],
				  .step = { .up = up, .key = in->keys[i] } };

		items[i] = in->items[i];
		if (!member_walk(r, shape, &s, out, e))
			return false;
	}
	return missing_report(r, shape, up, in, e);
}

bool shape_read(struct shape_reading *r, const struct shape *shape, const struct json *in,
		void *out, struct json *normal, struct err *e)
{
	return object_walk(r, shape, NULL, in, out, normal, e);
}

const struct shape_field *shape_lookup(const struct shape *shape, struct str pointer)
{
	const struct shape_field *f = NULL;
	struct str rest = str_skip(pointer, 1), key;

	if (pointer.n == 0 || pointer.p[0] != '/')
		return NULL;
	while (str_split(&rest, '/', &key)) {
		f = shape == NULL ? NULL : field_lookup(shape, key);
		if (f == NULL)
			return NULL;
		shape = f->kind == SHAPE_OBJECT ? f->shape : NULL;
	}
	return f;
}
