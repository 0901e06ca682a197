/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_JSON_JSON_H
#define HUFU_JSON_JSON_H

#include <stdint.h>

#include "base/arena.h"

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_INTEGER,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/*
 * One value of a decoded text: a read-only tree in the arena.  Strings are valid UTF-8 without U+0000.  Integers are
 * numbers written without fraction or exponent within ±(2^53 − 1) (RFC 7493 §2.2); any other number is JSON_NUMBER.
 */
struct json {
	enum json_kind kind;
	bool truth;        /* JSON_BOOL */
	int64_t integer;   /* JSON_INTEGER */
	double number;     /* JSON_NUMBER and JSON_INTEGER */
	struct str string; /* JSON_STRING */
	size_t count;      /* JSON_ARRAY and JSON_OBJECT */
	const struct json *
		items; /* JSON_ARRAY: count values; JSON_OBJECT: count values in the text's order */
	const struct str *keys; /* JSON_OBJECT: their keys, no two equal */
};

struct json_limits {
	size_t bytes;  /* longest text */
	size_t depth;  /* deepest nesting of arrays and objects */
	size_t values; /* most values in the text */
};

/* What a member record, a token's facts, a configuration may be. */
extern const struct json_limits json_record; /* 256 KiB, depth 8, 4096 values */
extern const struct json_limits json_config; /* 4 MiB, depth 16, 65536 values */

/*
 * Decode one JSON text (RFC 8259, strictly; I-JSON RFC 7493): valid UTF-8, no BOM, no duplicate key, no lone surrogate,
 * no U+0000, no number like 01 or 1e999, nothing behind the value but white space.  The bytes are hostile.  Faults name
 * line and column inside the text in e->cause (code JSON-…) and the JSON pointer where one is known.
 * Not thread-safe (cJSON keeps a global error pointer): one thread of the process decodes.
 */
bool json_read(struct arena *a, struct str text, const struct json_limits *limits,
	       const struct json **out, struct err *e) MUST_CHECK;

/* The member `key` of an object, NULL when absent or not an object. */
const struct json *json_lookup(const struct json *object, const char *key);

/*
 * Typed members.  Each fails with code JSON-TYPE, JSON-MISSING, JSON-LENGTH or JSON-RANGE, the pointer "/key" and words
 * that say what was expected.  Lengths of strings are in bytes.  The _opt forms set *present instead of failing when
 * the member is absent.
 */
bool json_string(const struct json *object, const char *key, size_t min, size_t max,
		 struct str *out, struct err *e) MUST_CHECK;
bool json_string_opt(const struct json *object, const char *key, size_t min, size_t max,
		     struct str *out, bool *present, struct err *e) MUST_CHECK;
bool json_integer(const struct json *object, const char *key, int64_t min, int64_t max,
		  int64_t *out, struct err *e) MUST_CHECK;
bool json_bool(const struct json *object, const char *key, bool *out, struct err *e) MUST_CHECK;
bool json_object(const struct json *object, const char *key, const struct json **out,
		 struct err *e) MUST_CHECK;
bool json_array(const struct json *object, const char *key, size_t max, const struct json **out,
		struct err *e) MUST_CHECK;

/* Put a key before the pointer, as RFC 6901 escapes it.  Returns false, like err_at. */
bool json_at(struct err *e, struct str key);

/* Refuse (JSON-UNKNOWN-KEY) any member of the object not named in the NULL-terminated list. */
bool json_only(const struct json *object, const char *const *allowed, struct err *e) MUST_CHECK;

/* The member "schema" must be the string `schema` ("hufu.member/1"); JSON-SCHEMA otherwise. */
bool json_schema(const struct json *object, const char *schema, struct err *e) MUST_CHECK;

#endif
