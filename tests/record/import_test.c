/* SPDX-License-Identifier: Apache-2.0 */
#include "record/import.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "check.h"
#include "record/charset.h"
#include "record/csv.h"

enum { ROOM = 32 * 1024 * 1024 };

static void fault_write(void *ctx, const struct err *fault)
{
	char text[1200];

	buf_c(ctx, err_text(fault, text, sizeof text));
	buf_byte(ctx, '\n');
}

static void note_write(void *ctx, const char *place, const struct remark *note)
{
	buf_printf(ctx, "%s: %.*s: note: %.*s\n", place, STR_ARG(note->pointer),
		   STR_ARG(note->words));
}

/* Import `csv` under a map; the faults to *said, the records to *out. */
static bool import_text(struct str csv, struct str map_text, struct buf *out, struct buf *said,
			struct import_count *count, struct err *e)
{
	struct arena *a = arena_new(ROOM);
	struct import_job job = {
		.name = "m.csv", .csv = csv, .fault = fault_write, .note = note_write, .ctx = said
	};
	char *bytes = NULL;
	size_t n = 0;
	struct map map;
	bool ok;

	*e = (struct err){ 0 };
	*count = (struct import_count){ 0 };
	buf_clear(out);
	buf_clear(said);
	job.map = &map;
	job.out = open_memstream(&bytes, &n);
	ok = map_read(a, map_text, &map, e) && import_csv(&job, count, e);
	fclose(job.out);
	buf_put(out, bytes, n);
	free(bytes);
	arena_free(a);
	return ok;
}

TEST(a_register_in_gbk_becomes_records_and_its_faults_have_line_and_column)
{
	struct buf csv = buf_empty(1 << 20), map = buf_empty(1 << 20), out = buf_empty(1 << 20),
		   said = buf_empty(1 << 20);
	struct import_count count;
	struct err e = { 0 };

	OK(io_read("tests/record/data/members-gbk.csv", &csv, &e), e);
	OK(io_read("tests/record/data/map.json", &map, &e), e);
	OK(import_text(buf_view(&csv), buf_view(&map), &out, &said, &count, &e), e);
	EQ_INT(count.written, 4);
	EQ_INT(count.refused, 4);
	EQ_STR(buf_view(&said),
	       STR("m.csv:3:43: /name/native: note: U+FF0E between 杜 and 热 became U+00B7\n"
		   "m.csv:4:37: /class: must be one of the map's values; is \"会友\"\n"
		   "m.csv:5:66: /admission/date: 2020-02-30 is no day of the calendar\n"
		   "m.csv:5:47: /name/native: U+003F stands for a character that was lost\n"
		   "m.csv:7:1: has 3 fields, the header 19\n"
		   "m.csv:9:47: /name/native: holds bytes that the map's encoding does not have\n"));
	EQ_STR(buf_view(&out),
	       STR("{\"admission\":{\"date\":\"2020-02-29\"},\"association\":{\"code\":\"SX99\"},"
		   "\"class\":\"practising\",\"cpd\":{\"compliant\":true,\"hours\":40.5,\"period\":"
		   "\"2026\"},\"member_id\":\"c-01\",\"member_no\":\"990000010101\",\"name\":{"
		   "\"latin\":{\"full\":\"WANG JIAYI\",\"source\":\"passport\"},\"native\":\"王甲乙\"},"
		   "\"practice\":{\"audit_rights\":true,\"firm_zh\":"
		   "\"某某会计师事务所（特殊普通合伙）\",\"since\":\"2022-06-30\"},\"qualification\":{"
		   "\"passed_year\":2019},\"rev\":1,\"schema\":\"hufu.member/1\",\"sex\":\"M\","
		   "\"status\":\"active\",\"updated_at\":\"2026-11-20T10:00:00+08:00\"}\n"
		   "{\"admission\":{\"date\":\"2018-04-01\"},\"association\":{\"code\":\"BJ99\"},"
		   "\"class\":\"non_practising\",\"member_id\":\"c-02\",\"member_no\":\"N9900102\","
		   "\"name\":{\"native\":\"阿卜杜·热合曼\"},\"rev\":3,\"schema\":\"hufu.member/1\","
		   "\"sex\":\"F\",\"status\":\"active\",\"updated_at\":\"2026-11-20T09:05:00+08:00\"}\n"
		   "{\"admission\":{\"date\":\"2019-02-28\"},\"association\":{\"code\":\"MICPA\"},"
		   "\"class\":\"non_practising\",\"member_id\":\"c-05\",\"member_no\":\"N9900105\","
		   "\"name\":{\"latin\":{\"full\":\"SUN WU\",\"source\":\"passport\"},\"native\":"
		   "\"孙戊\"},\"rev\":1,\"schema\":\"hufu.member/1\",\"sex\":\"F\",\"status\":"
		   "\"cancelled\",\"status_since\":\"2021-01-01\",\"updated_at\":"
		   "\"2026-11-20T10:00:00+08:00\"}\n"
		   "{\"admission\":{\"date\":\"2020-02-28\"},\"association\":{\"code\":\"MICPA\"},"
		   "\"class\":\"non_practising\",\"member_id\":\"c-07\",\"member_no\":\"N9900107\","
		   "\"name\":{\"latin\":{\"full\":\"LIU YAN\",\"source\":\"passport\"},\"native\":"
		   "\"刘䶮\"},\"rev\":1,\"schema\":\"hufu.member/1\",\"sex\":\"M\",\"status\":\"active\","
		   "\"updated_at\":\"2026-11-20T10:00:00+08:00\"}\n"));
	buf_free(&csv);
	buf_free(&map);
	buf_free(&out);
	buf_free(&said);
}

TEST(a_map_with_a_fault_is_refused_at_its_pointer)
{
	static const struct {
		const char *map, *code, *pointer;
	} cases[] = {
		{ "{}", "JSON-MISSING", "/schema" },
		{ "{\"schema\":\"hufu.map/1\"}", "JSON-MISSING", "/columns" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{}}", "MAP-FORM", "/columns" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"/name\":\"a\"}}", "MAP-POINTER",
		  "/columns/~1name" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"/nam\":\"a\"}}", "MAP-POINTER",
		  "/columns/~1nam" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"/schema\":\"a\"}}", "MAP-POINTER",
		  "/columns/~1schema" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"/name/former/0/native\":\"a\"}}",
		  "MAP-POINTER", "/columns/~1name~1former~10~1native" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"/history\":\"a\"}}", "MAP-POINTER",
		  "/columns/~1history" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"rev\":\"a\"}}", "MAP-POINTER",
		  "/columns/rev" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"/rev\":\"\"}}", "MAP-FORM",
		  "/columns/~1rev" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"/rev\":{\"column\":\"a\",\"format\":"
		  "\"x\"}}}",
		  "MAP-FORM", "/columns/~1rev/format" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"/rev\":{\"column\":\"a\",\"values\":{}}}}",
		  "MAP-FORM", "/columns/~1rev/values" },
		{ "{\"schema\":\"hufu.map/1\",\"columns\":{\"/rev\":{\"const\":1,\"column\":\"a\"}}}",
		  "MAP-FORM", "/columns/~1rev" },
		{ "{\"schema\":\"hufu.map/1\",\"encoding\":\"BIG5\",\"columns\":{\"/rev\":\"a\"}}",
		  "MAP-ENCODING", "/encoding" },
		{ "{\"schema\":\"hufu.map/1\",\"delimiter\":\"x\",\"columns\":{\"/rev\":\"a\"}}",
		  "MAP-FORM", "/delimiter" },
		{ "{\"schema\":\"hufu.map/1\",\"zone\":\"+0800x\",\"columns\":{\"/rev\":\"a\"}}",
		  "MAP-FORM", "/zone" },
		{ "{\"schema\":\"hufu.map/1\",\"private_use\":{\"U+4E00\":\"U+4E01\"},\"columns\":{"
		  "\"/rev\":\"a\"}}",
		  "MAP-FORM", "/private_use/U+4E00" },
		{ "{\"schema\":\"hufu.map/1\",\"private_use\":{\"U+E000\":\"U+E001\"},\"columns\":{"
		  "\"/rev\":\"a\"}}",
		  "MAP-FORM", "/private_use/U+E000" },
	};
	struct arena *a = arena_new(ROOM);
	struct map map;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = { 0 };

		CHECK(!map_read(a, str_of(cases[i].map), &map, &e));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.pointer, cases[i].pointer);
		arena_reset(a);
	}
	arena_free(a);
}

#define MAP "{\"schema\":\"hufu.map/1\",\"columns\":{\"/member_id\":\"id\",\"/rev\":\"rev\"}}"

TEST(a_header_that_does_not_fit_the_map_stops_the_import)
{
	static const struct {
		const char *csv, *code, *place;
	} cases[] = {
		{ "", "CSV-HEADER", "m.csv:1" },
		{ "id\nx\n", "CSV-HEADER", "m.csv:1" },
		{ "\nid,rev,id\n", "CSV-HEADER", "m.csv:2" },
		{ "id,\"rev", "CSV-UNCLOSED", "m.csv:1:4" },
	};
	struct buf out = buf_empty(1 << 20), said = buf_empty(1 << 20);
	struct import_count count;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CHECK(!import_text(str_of(cases[i].csv), STR(MAP), &out, &said, &count, &e));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.place, cases[i].place);
	}
	buf_free(&out);
	buf_free(&said);
}

/* Rows as "a|b;c|d" with an error as its code and place. */
static const char *rows_words(struct str text)
{
	static char words[2000];
	struct csv csv = { .text = text, .delimiter = ',' };
	struct arena *a = arena_new(ROOM);
	struct csv_row row;
	bool end = false;
	size_t n = 0;

	words[0] = '\0';
	while (!end && n < sizeof words - 200) {
		struct err e = { 0 };

		if (!csv_next(&csv, a, &row, &end, &e)) {
			n += (size_t)snprintf(words + n, sizeof words - n, "%s@%zu:%zu;", e.code,
					      csv.fault_line, csv.fault_column);
			continue;
		}
		for (size_t i = 0; !end && i < row.count; i++)
			n += (size_t)snprintf(words + n, sizeof words - n, "%.*s%s",
					      STR_ARG(row.fields[i].text),
					      i + 1 < row.count ? "|" : ";");
	}
	arena_free(a);
	return words;
}

TEST(csv_is_read_as_rfc_4180_and_later_rows_survive_a_broken_one)
{
	const struct {
		struct str csv;
		const char *rows;
	} cases[] = {
		{ STR("a,b\r\nc,d\r\n"), "a|b;c|d;" },
		{ STR("a,b\nc,d"), "a|b;c|d;" },
		{ STR("\n\r\na,\n,b\n,\n"), "a|;|b;|;" },
		{ STR("\"a,\"\"b\"\"\r\nc\",d\n"), "a,\"b\"\r\nc|d;" },
		{ STR("\"\",\"\"\n"), "|;" },
		{ STR("a\"b,c\nd\n"), "CSV-QUOTE@1:2;d;" },
		{ STR("\"a\"b,c\nd\n"), "CSV-QUOTE@1:4;d;" },
		{ STR("王,\"a\nb\nc\n"), "CSV-UNCLOSED@1:3;b;c;" },
		{ STR("a\rb,c\n"), "a\rb|c;" },
		{ STR(""), "" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EQ_C(rows_words(cases[i].csv), cases[i].rows);
}

TEST(csv_has_limits)
{
	struct buf text = buf_empty(1 << 20);

	for (int i = 0; i < CSV_FIELD_MAX + 1; i++)
		buf_byte(&text, 'x');
	buf_c(&text, "\na\n");
	EQ_C(rows_words(buf_view(&text)), "CSV-TOO-LONG@1:16386;a;");
	buf_clear(&text);
	buf_byte(&text, '"');
	for (int i = 0; i < 3 * CSV_FIELD_MAX; i++)
		buf_c(&text, "\"\"");
	buf_c(&text, "\"\na\n");
	EQ_C(rows_words(buf_view(&text)), "CSV-UNCLOSED@1:1;a;");
	buf_clear(&text);
	for (int i = 0; i < CSV_COLUMNS_MAX; i++)
		buf_byte(&text, ',');
	buf_c(&text, "\na\n");
	EQ_C(rows_words(buf_view(&text)), "CSV-TOO-LONG@1:257;a;");
	buf_free(&text);
}

TEST(bytes_that_an_encoding_does_not_have_cost_themselves_alone)
{
	const struct {
		enum map_encoding encoding;
		struct str in, out;
	} cases[] = {
		{ MAP_UTF8, STR("\xef\xbb\xbf王\xff,a"), STR("王\uFFFD,a") },
		{ MAP_UTF8, STR("\xe7\x8e"), STR("\uFFFD\uFFFD") },
		{ MAP_GBK, STR("\xcd\xf5,\xcd,a"), STR("王,\uFFFD,a") },
		{ MAP_GBK, STR("\xcd"), STR("\uFFFD") },
		{ MAP_GBK, STR("\xfe\x9f\xfe\x59"), STR("䶮龴") },
		{ MAP_GBK, STR("\xaa\xa1"), STR("\uE000") },
		{ MAP_GB18030, STR("\x98\x39\xf7\x36"), STR("\U0002BAAE") },
		{ MAP_GB18030, STR("\xff\xff\x80"), STR("\uFFFD\uFFFD\uFFFD") },
	};
	struct buf out = buf_empty(1 << 20);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = { 0 };

		buf_clear(&out);
		OK(charset_decode(cases[i].encoding, cases[i].in, &out, &e), e);
		EQ_STR(buf_view(&out), cases[i].out);
	}
	buf_free(&out);
}
