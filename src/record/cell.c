/* SPDX-License-Identifier: Apache-2.0 */
#include "record/cell.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/enc.h"

enum { NUMBER_MAX = 30 }; /* characters */

static struct str trim(struct str s)
{
	while (s.n > 0 && s.p[0] == ' ')
		s = str_skip(s, 1);
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

static uint32_t character_of(const struct map *map, uint32_t c)
{
	for (size_t i = 0; i < map->character_count; i++)
		if (map->characters[i].from == c)
			return map->characters[i].to;
	return c;
}

/* The text with the sender's private-use characters replaced. */
static bool characters_map(struct arena *a, const struct map *map, struct str in, struct str *out,
			   struct err *e)
{
	struct buf b = buf_empty(4 * in.n + 1);
	uint32_t c;
	bool ok;

	if (map->character_count == 0) {
		*out = in;
		return true;
	}
	for (size_t n; (n = enc_utf8(in, &c)) > 0; in = str_skip(in, n))
		enc_put_utf8(&b, c >= 0xe000 ? character_of(map, c) : c);
	ok = buf_ok(&b, "a cell", e) && arena_str(a, buf_view(&b), out, e);
	buf_free(&b);
	return ok;
}

/* Up to `most` digits at the beginning of *s. */
static bool digits_cut(struct str *s, size_t least, size_t most, int *out)
{
	size_t n = 0;

	*out = 0;
	while (n < most && n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		*out = *out * 10 + (s->p[n++] - '0');
	*s = str_skip(*s, n);
	return n >= least;
}

static bool mark_cut(struct str *s, struct str mark)
{
	if (!str_starts(*s, mark))
		return false;
	*s = str_skip(*s, mark.n);
	return true;
}

/* The day at the beginning of *s as registers write it; *s becomes what follows. */
static bool day_cut(struct str *s, int *year, int *month, int *day)
{
	struct str mark = { 0 };

	if (!digits_cut(s, 4, 4, year))
		return false;
	if (mark_cut(s, STR("年")))
		return digits_cut(s, 1, 2, month) && mark_cut(s, STR("月")) &&
		       digits_cut(s, 1, 2, day) && mark_cut(s, STR("日"));
	if (s->n > 0 && strchr("-/.", s->p[0]) != NULL && s->p[0] != '\0') {
		mark = (struct str){ s->p, 1 };
		return mark_cut(s, mark) && digits_cut(s, 1, 2, month) && mark_cut(s, mark) &&
		       digits_cut(s, 1, 2, day);
	}
	return digits_cut(s, 2, 2, month) && digits_cut(s, 2, 2, day);
}

static bool unreadable(struct err *e, struct str text, const char *wanted)
{
	return err_input(e, "CSV-VALUE", "must be %s; is \"%.*s\"", wanted,
			 text.n < 40 ? (int)text.n : 40, text.p);
}

static bool date_make(struct arena *a, struct str text, struct str *out, struct err *e)
{
	struct str rest = text;
	int year, month, day;

	if (!day_cut(&rest, &year, &month, &day) || rest.n > 0)
		return unreadable(e, text, "a day like 2020-02-29, 2020/2/29 or 2020年2月29日");
	return arena_printf(a, out, e, "%04d-%02d-%02d", year, month, day);
}

static bool instant_make(struct arena *a, const struct map *map, struct str text, struct str *out,
			 struct err *e)
{
	struct str rest = text;
	int year, month, day, hour = 0, minute = 0, second = 0;
	bool good = day_cut(&rest, &year, &month, &day);

	if (good && rest.n > 0)
		good = (mark_cut(&rest, STR(" ")) || mark_cut(&rest, STR("T"))) &&
		       digits_cut(&rest, 1, 2, &hour) && mark_cut(&rest, STR(":")) &&
		       digits_cut(&rest, 2, 2, &minute) &&
		       (rest.n == 0 ||
			(mark_cut(&rest, STR(":")) && digits_cut(&rest, 2, 2, &second)));
	if (!good || rest.n > 0)
		return unreadable(e, text, "a time like 2026-11-20 10:00:00");
	return arena_printf(a, out, e, "%04d-%02d-%02dT%02d:%02d:%02d%.*s", year, month, day, hour,
			    minute, second, STR_ARG(map->zone));
}

static bool number_make(struct str text, struct json *out, struct err *e)
{
	char copy[NUMBER_MAX + 1];
	size_t dots = 0;
	bool good = text.n <= NUMBER_MAX;

	for (size_t i = 0; good && i < text.n; i++) {
		dots += text.p[i] == '.';
		good = (text.p[i] >= '0' && text.p[i] <= '9') ||
		       (text.p[i] == '.' && i > 0 && i + 1 < text.n) ||
		       (text.p[i] == '-' && i == 0 && text.n > 1);
	}
	if (!good || dots > 1)
		return unreadable(e, text, "a number");
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	out->number = strtod(copy, NULL);
	out->kind = JSON_NUMBER;
	if (dots == 0 && out->number <= 9007199254740991.0 && out->number >= -9007199254740991.0) {
		out->kind = JSON_INTEGER;
		out->integer = (int64_t)out->number;
	}
	return true;
}

static bool bool_make(struct str text, struct json *out, struct err *e)
{
	out->kind = JSON_BOOL;
	out->truth = str_eq(text, STR("true"));
	return out->truth || str_eq(text, STR("false")) ||
	       unreadable(e, text, "true or false, or a word in the map's values");
}

static bool value_lookup(const struct map_field *field, struct str text, struct json *out,
			 struct err *e)
{
	for (size_t i = 0; i < field->value_count; i++) {
		if (str_eq(field->values[i].from, text)) {
			*out = *field->values[i].to;
			return true;
		}
	}
	return unreadable(e, text, "one of the map's values");
}

static bool plain_make(const struct map_field *field, struct json *out, struct err *e)
{
	if (field->shape->kind == SHAPE_INTEGER || field->shape->kind == SHAPE_DECIMAL)
		return number_make(out->string, out, e);
	if (field->shape->kind == SHAPE_BOOL)
		return bool_make(out->string, out, e);
	return true;
}

bool cell_read(struct arena *a, const struct map *map, const struct map_field *field,
	       struct str text, struct json *out, bool *present, struct err *e)
{
	struct json value = { .kind = JSON_STRING };

	if (map->trim)
		text = trim(text);
	*present = text.n > 0;
	if (!*present)
		return true;
	if (str_find(text, STR("\xef\xbf\xbd"), 0) != SIZE_MAX)
		return err_input(e, "CSV-ENCODING",
				 "holds bytes that the map's encoding does not have");
	if (!characters_map(a, map, text, &value.string, e))
		return false;
	text = value.string;
	if (field->value_count > 0) {
		if (!value_lookup(field, text, &value, e))
			return false;
	} else if (!(field->format == MAP_DATE      ? date_make(a, text, &value.string, e)
		     : field->format == MAP_INSTANT ? instant_make(a, map, text, &value.string, e)
						    : plain_make(field, &value, e))) {
		return false;
	}
	*out = value;
	return true;
}
