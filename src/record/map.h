/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_MAP_H
#define HUFU_RECORD_MAP_H

#include <stdint.h>

#include "record/shape.h"
#include "json/json.h"

enum map_encoding { MAP_UTF8, MAP_GBK, MAP_GB18030 };

/* How the words of a cell become a value. */
enum map_format {
	MAP_PLAIN,
	MAP_DATE, /* 2020-02-29, 2020/2/29, 2020.2.29, 20200229, 2020年2月29日 give 2020-02-29 */
	MAP_INSTANT, /* one of these, a blank or T, HH:MM[:SS]; the map's zone is added */
};

/* One of the map's "values": what a cell says and what the record shall say. */
struct map_value {
	struct str from;
	const struct json *to;
};

/* One field of the record. */
struct map_field {
	struct str pointer; /* RFC 6901 */
	const struct shape_field *shape;
	struct str column; /* header of the column; p == NULL: constant */
	const struct json *constant;
	enum map_format format;
	const struct map_value *values;
	size_t value_count; /* 0: the cell itself */
};

/* A private-use code point of the sender and what it means. */
struct map_character {
	uint32_t from, to;
};

/* How a CSV file becomes records (hufu.map/1). */
struct map {
	enum map_encoding encoding;
	char delimiter;
	struct str zone; /* "+08:00" */
	bool trim;       /* cells lose U+0020 at both ends: exports of CHAR(n) pad with it */
	const struct map_field *fields;
	size_t count;
	const struct map_character *characters;
	size_t character_count;
};

/*
 * Read hufu.map/1:
 *   {"schema": "hufu.map/1", "encoding": "GB18030", "delimiter": ",", "zone": "+08:00",
 *    "columns": {"/member_no": "会员编号",
 *                "/class": {"column": "类别", "values": {"执业": "practising"}},
 *                "/admission/date": {"column": "入会时间", "format": "date"},
 *                "/association/code": {"const": "SX99"}},
 *    "private_use": {"U+E863": "U+4DAE"}}
 * encoding, delimiter, zone, trim and private_use may be left out (UTF-8, ",", "+08:00", false, none).  Faults: MAP-FORM,
 * MAP-POINTER, MAP-ENCODING, JSON-….
 */
bool map_read(struct arena *a, struct str text, struct map *out, struct err *e) MUST_CHECK;

#endif
