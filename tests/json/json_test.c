/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

enum { ROOM = 8 * 1024 * 1024 };

static struct arena *arena;

static bool read_text(struct str text, const struct json **out, struct err *e)
{
	if (arena == NULL)
		arena = arena_new(ROOM);
	arena_reset(arena);
	*e = (struct err){ 0 };
	return json_read(arena, text, &json_record, out, e);
}

TEST(json_that_is_not_strict_is_refused_with_its_place)
{
	const struct {
		struct str text;
		const char *code, *pointer, *begins;
	} cases[] = {
		{ STR(""), "JSON-TRUNCATED", "", "line 1, column 1:" },
		{ STR("   "), "JSON-TRUNCATED", "", "line 1, column 4:" },
		{ STR("\xef\xbb\xbf{}"), "JSON-BOM", "", "line 1, column 1:" },
		{ STR("{\"a\":01}"), "JSON-NUMBER", "/a", "line 1, column 6:" },
		{ STR("[1,\n -]"), "JSON-SYNTAX", "/1", "line 2, column 3:" },
		{ STR("[1e999]"), "JSON-NUMBER", "/0", "line 1, column 2:" },
		{ STR("[-1e999]"), "JSON-NUMBER", "/0", "line 1, column 2:" },
		{ STR("[1.]"), "JSON-SYNTAX", "/0", "line 1, column 4:" },
		{ STR("[.5]"), "JSON-SYNTAX", "/0", "line 1, column 2:" },
		{ STR("[+1]"), "JSON-SYNTAX", "/0", "line 1, column 2:" },
		{ STR("[1e]"), "JSON-SYNTAX", "/0", "line 1, column 4:" },
		{ STR("[NaN]"), "JSON-SYNTAX", "/0", "line 1, column 2:" },
		{ STR("[1,]"), "JSON-SYNTAX", "/1", "line 1, column 4:" },
		{ STR("[1 2]"), "JSON-SYNTAX", "", "line 1, column 4:" },
		{ STR("{\"a\":1,}"), "JSON-SYNTAX", "", "line 1, column 8:" },
		{ STR("{a:1}"), "JSON-SYNTAX", "", "line 1, column 2:" },
		{ STR("{\"a\" 1}"), "JSON-SYNTAX", "", "line 1, column 6:" },
		{ STR("'a'"), "JSON-SYNTAX", "", "line 1, column 1:" },
		{ STR("{} x"), "JSON-TRAILING", "", "line 1, column 4:" },
		{ STR("{}\0"), "JSON-TRAILING", "", "line 1, column 3:" },
		{ STR("[\0]"), "JSON-NUL", "/0", "line 1, column 2:" },
		{ STR("truE"), "JSON-SYNTAX", "", "line 1, column 4:" },
		{ STR("tru"), "JSON-TRUNCATED", "", "line 1, column 4:" },
		{ STR("{\"a\":\"b"), "JSON-TRUNCATED", "/a", "line 1, column 8:" },
		{ STR("[\"\\u12"), "JSON-TRUNCATED", "/0", "line 1, column 7:" },
		{ STR("[\"\\"), "JSON-TRUNCATED", "/0", "line 1, column 4:" },
		{ STR("[\"\\x41\"]"), "JSON-SYNTAX", "/0", "line 1, column 4:" },
		{ STR("[\"\\u00g0\"]"), "JSON-SYNTAX", "/0", "line 1, column 7:" },
		{ STR("[\"\t\"]"), "JSON-SYNTAX", "/0", "line 1, column 3:" },
		{ STR("[\"a\0b\"]"), "JSON-NUL", "/0", "line 1, column 4:" },
		{ STR("[\"\\u0000\"]"), "JSON-NUL", "/0", "line 1, column 3:" },
		{ STR("{\"a\\u0000\":1}"), "JSON-NUL", "", "line 1, column 4:" },
		{ STR("[\"\\ud800\"]"), "JSON-SURROGATE", "/0", "line 1, column 3:" },
		{ STR("[\"\\udc00\"]"), "JSON-SURROGATE", "/0", "line 1, column 3:" },
		{ STR("[\"\\ud800\\u0041\"]"), "JSON-SURROGATE", "/0", "line 1, column 3:" },
		{ STR("[\"\\ud800\\ud800\"]"), "JSON-SURROGATE", "/0", "line 1, column 3:" },
		{ STR("[\"\xc0\x80\"]"), "JSON-ENCODING", "/0", "line 1, column 3:" },
		{ STR("[\"\xed\xa0\x80\"]"), "JSON-ENCODING", "/0", "line 1, column 3:" },
		{ STR("[\"\xf4\x90\x80\x80\"]"), "JSON-ENCODING", "/0", "line 1, column 3:" },
		{ STR("[\"\xe4\xbd\"]"), "JSON-ENCODING", "/0", "line 1, column 3:" },
		{ STR("[\"\xd5\xc5\"]"), "JSON-ENCODING", "/0", "line 1, column 3:" },
		{ STR("{\"a\":1,\"a\":2}"), "JSON-DUPLICATE-KEY", "/a", "line 1, column 12:" },
		{ STR("{\"a\":1,\"\\u0061\":2}"), "JSON-DUPLICATE-KEY", "/a",
		  "line 1, column 17:" },
		{ STR("{\"n\":{\"b\":1,\"c\":0,\"b\":1}}"), "JSON-DUPLICATE-KEY", "/n/b",
		  "line 1, column 23:" },
		{ STR("{\"王\":[0,{\"a/~\":01}]}"), "JSON-NUMBER", "/王/1/a~1~0",
		  "line 1, column 16:" },
		{ STR("[[[[[[[[[1]]]]]]]]]"), "JSON-TOO-DEEP", "/0/0/0/0/0/0/0/0",
		  "line 1, column 9:" },
		{ STR("[10000000000000000000000000000000000000000]"), "JSON-NUMBER", "/0",
		  "line 1, column 2:" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct json *out = NULL;
		struct err e;

		if (!CHECK(!read_text(cases[i].text, &out, &e)))
			printf("# accepted: %.*s\n", STR_ARG(cases[i].text));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.pointer, cases[i].pointer);
		if (!CHECK(str_starts(str_of(e.cause), str_of(cases[i].begins))))
			printf("# %.*s: %s\n", STR_ARG(cases[i].text), e.cause);
		CHECK(out == NULL);
	}
}

TEST(json_bombs_are_refused_before_memory_is_spent)
{
	size_t n = 20 * 1024 * 1024;
	char *bomb = malloc(n);
	const struct json *out;
	struct err e;

	memset(bomb, '[', n);
	CHECK(!read_text((struct str){ bomb, n }, &out, &e));
	EQ_C(e.code, "JSON-TOO-LONG");
	CHECK(!read_text((struct str){ bomb, 200000 }, &out, &e));
	EQ_C(e.code, "JSON-TOO-DEEP");
	for (size_t i = 1; i < n; i++)
		bomb[i] = i % 2 == 1 ? '0' : ',';
	CHECK(!read_text((struct str){ bomb, 250000 }, &out, &e));
	EQ_C(e.code, "JSON-TOO-MANY");
	memset(bomb, 'x', n);
	bomb[0] = '"';
	CHECK(!read_text((struct str){ bomb, 256 * 1024 + 1 }, &out, &e));
	EQ_C(e.code, "JSON-TOO-LONG");
	bomb[256 * 1024 - 1] = '"';
	OK(read_text((struct str){ bomb, 256 * 1024 }, &out, &e), e);
	EQ_INT(out->string.n, 256 * 1024 - 2);
	free(bomb);
}

TEST(json_values_come_out_as_written)
{
	const struct json *out, *v;
	struct err e;

	if (!OK(read_text(STR(" {\"s\":\"\\u738b\\ud842\\udfb7\\n王\\/\",\"a\":[1,-0,1.0,1e2,"
			      "9007199254740991,9007199254740993,true,false,null],\"\":{}}\r\n"),
			  &out, &e),
		e))
		return;
	EQ_INT(out->kind, JSON_OBJECT);
	EQ_INT(out->count, 3);
	EQ_STR(json_lookup(out, "s")->string, STR("王𠮷\n王/"));
	v = json_lookup(out, "a");
	EQ_INT(v->count, 9);
	EQ_INT(v->items[0].kind, JSON_INTEGER);
	EQ_INT(v->items[1].integer, 0);
	EQ_INT(v->items[2].kind, JSON_NUMBER);
	EQ_INT(v->items[3].kind, JSON_NUMBER);
	EQ_INT(v->items[4].integer, 9007199254740991);
	EQ_INT(v->items[5].kind, JSON_NUMBER);
	CHECK(v->items[6].kind == JSON_BOOL && v->items[6].truth);
	CHECK(v->items[7].kind == JSON_BOOL && !v->items[7].truth);
	EQ_INT(v->items[8].kind, JSON_NULL);
	EQ_INT(json_lookup(out, "")->kind, JSON_OBJECT);
	CHECK(json_lookup(out, "S") == NULL); /* cJSON would find it without regard to case */
	CHECK(json_lookup(v, "s") == NULL);
}

TEST(json_lookups_say_what_was_expected)
{
	static const char *const known[] = { "s", "n", "b", "o", "a", "schema", NULL };
	const struct json *out, *v;
	struct str s;
	int64_t n;
	bool b, present;
	struct err e;

	if (!OK(read_text(STR("{\"s\":\"abc\",\"n\":7,\"b\":true,\"o\":{},\"a\":[1,2],\"schema\":"
			      "\"x/1\"}"),
			  &out, &e),
		e))
		return;
	OK(json_string(out, "s", 1, 3, &s, &e), e);
	EQ_STR(s, STR("abc"));
	CHECK(!json_string(out, "s", 1, 2, &s, &e));
	EQ_C(e.code, "JSON-LENGTH");
	EQ_C(e.pointer, "/s");
	EQ_C(e.cause, "must be 1 to 2 bytes, is 3");
	CHECK(!json_string(out, "n", 1, 2, &s, &e));
	EQ_C(e.code, "JSON-TYPE");
	EQ_C(e.cause, "must be a string, is an integer");
	CHECK(!json_string(out, "z", 1, 2, &s, &e));
	EQ_C(e.code, "JSON-MISSING");
	OK(json_string_opt(out, "z", 1, 2, &s, &present, &e), e);
	CHECK(!present);
	CHECK(!json_string_opt(out, "n", 1, 2, &s, &present, &e));
	OK(json_integer(out, "n", 7, 7, &n, &e), e);
	EQ_INT(n, 7);
	CHECK(!json_integer(out, "n", 8, 9, &n, &e));
	EQ_C(e.code, "JSON-RANGE");
	OK(json_bool(out, "b", &b, &e), e);
	OK(json_object(out, "o", &v, &e), e);
	OK(json_array(out, "a", 2, &v, &e), e);
	CHECK(!json_array(out, "a", 1, &v, &e));
	CHECK(!json_object(out, "a", &v, &e));
	CHECK(json_only(out, known, &e));
	CHECK(!json_only(out, known + 1, &e));
	EQ_C(e.code, "JSON-UNKNOWN-KEY");
	EQ_C(e.pointer, "/s");
	OK(json_schema(out, "x/1", &e), e);
	CHECK(!json_schema(out, "x/2", &e));
	EQ_C(e.code, "JSON-SCHEMA");
	OK(json_array(out, "a", 2, &v, &e), e);
	CHECK(!json_integer(v, "n", 0, 9, &n, &e));
	EQ_C(e.code, "JSON-TYPE");
}

/* cJSON calls the library's own malloc; through these the sweep sees it. */
static void *swept_malloc(size_t n)
{
	return malloc(n);
}

TEST(json_survives_memory_running_out_anywhere)
{
	cJSON_Hooks swept = { swept_malloc, free };
	struct str text = STR("{\"a\":[1,\"two\",{\"three\":null}],\"b\":{\"c\":\"d\"}}");
	bool ok = false;
	size_t nth;

	cJSON_InitHooks(&swept);
	for (nth = 1; !ok && nth < 1000; nth++) {
		struct arena *a = arena_new(ROOM);
		const struct json *out = NULL;
		struct err e = { 0 };

		check_fail_alloc(nth);
		ok = json_read(a, text, &json_record, &out, &e);
		check_fail_alloc(0);
		CHECK(ok || (e.kind == ERR_SYSTEM && out == NULL));
		arena_free(a);
	}
	cJSON_InitHooks(NULL);
	CHECK(ok && nth > 10);
}
