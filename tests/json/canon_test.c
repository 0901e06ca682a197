/* SPDX-License-Identifier: Apache-2.0 */
#include "json/canon.h"

#include "check.h"

static bool canon_of(struct str text, bool decimals, struct buf *out, struct err *e)
{
	struct arena *a = arena_new(1 << 20);
	const struct json *value;
	bool ok;

	*e = (struct err){ 0 };
	buf_clear(out);
	ok = json_read(a, text, &json_record, &value, e) &&
	     (decimals ? canon_decimals(out, value, e) : canon_value(out, value, e));
	arena_free(a);
	return ok;
}

TEST(canonical_json_is_rfc_8785)
{
	const struct {
		struct str text, canon;
	} cases[] = {
		/* RFC 8785 §3.2.3 */
		{ STR("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":"
		      "\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":"
		      "\"Emoji: Grinning Face\",\"\\u0080\":\"Control\",\"\\u00f6\":"
		      "\"Latin Small Letter O With Diaeresis\"}"),
		  STR("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"ö\":"
		      "\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":"
		      "\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}") },
		{ STR("[ \"\\u000f\\u000b\\b\\t\\n\\f\\r\\\"\\\\\\/\\u007f\" ]"),
		  STR("[\"\\u000f\\u000b\\b\\t\\n\\f\\r\\\"\\\\/\x7f\"]") },
		{ STR("[true, false, null, -0, -12, 9007199254740991]"),
		  STR("[true,false,null,0,-12,9007199254740991]") },
		{ STR("{\"b\":{\"z\":[],\"a\":{}},\"a\":\"\"}"),
		  STR("{\"a\":\"\",\"b\":{\"a\":{},\"z\":[]}}") },
		{ STR("{\"aa\":1,\"a\":2,\"\":3}"), STR("{\"\":3,\"a\":2,\"aa\":1}") },
	};
	struct buf out = buf_empty(4096);
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		OK(canon_of(cases[i].text, false, &out, &e), e);
		EQ_STR(buf_view(&out), cases[i].canon);
	}
	buf_free(&out);
}

TEST(canonical_json_refuses_fractions_and_says_where)
{
	struct buf out = buf_empty(4096);
	struct err e;

	CHECK(!canon_of(STR("{\"a\":[0,0.5]}"), false, &out, &e));
	EQ_C(e.code, "JSON-CANONICAL");
	EQ_C(e.pointer, "/a/1");
	CHECK(!canon_of(STR("[9007199254740993]"), false, &out, &e));
	buf_free(&out);
}

TEST(decimals_are_written_as_ecmascript_does)
{
	const struct {
		const char *text, *canon; /* NULL: refused */
	} cases[] = {
		{ "[0.001]", NULL },     { "[1e13]", NULL },       { "[0.1]", "[0.1]" },
		{ "[37.50]", "[37.5]" }, { "[-0.05]", "[-0.05]" }, { "[40.0]", "[40]" },
		{ "[-0.0]", "[0]" },     { "[1e3]", "[1000]" },    { "[2.07]", "[2.07]" },
		{ "[0.29]", "[0.29]" },  { "[1.005]", NULL },      { "[12.30]", "[12.3]" },
		{ "[-7.1]", "[-7.1]" },  { "[1e-300]", NULL },     { "[99999.99]", "[99999.99]" },
	};
	struct buf out = buf_empty(4096);
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool ok = canon_of(str_of(cases[i].text), true, &out, &e);

		CHECK(ok == (cases[i].canon != NULL));
		if (ok && cases[i].canon != NULL)
			EQ_STR(buf_view(&out), str_of(cases[i].canon));
		else
			EQ_C(e.code, "JSON-CANONICAL");
	}
	buf_free(&out);
}

TEST(an_object_of_many_keys_is_sorted)
{
	struct buf text = buf_empty(65536), out = buf_empty(65536), want = buf_empty(65536);
	struct err e;

	buf_byte(&text, '{');
	buf_byte(&want, '{');
	for (int i = 0; i < 500; i++) {
		buf_printf(&text, "%s\"k%03d\":%d", i > 0 ? "," : "", 499 - i, 499 - i);
		buf_printf(&want, "%s\"k%03d\":%d", i > 0 ? "," : "", i, i);
	}
	buf_byte(&text, '}');
	buf_byte(&want, '}');
	OK(canon_of(buf_view(&text), false, &out, &e), e);
	EQ_STR(buf_view(&out), buf_view(&want));
	buf_free(&text);
	buf_free(&out);
	buf_free(&want);
}
