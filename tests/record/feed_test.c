/* SPDX-License-Identifier: Apache-2.0 */
#include "record/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "check.h"

enum { ROOM = 128 * 1024 * 1024 };

#define RECORD(id)                                                                                    \
	"{\"schema\":\"hufu.member/1\",\"member_id\":\"" id "\",\"rev\":1,\"updated_at\":"            \
	"\"2026-11-20T10:00:00+08:00\",\"member_no\":\"N9900003\",\"class\":\"non_practising\","      \
	"\"status\":\"active\",\"name\":{\"native\":\"王甲\"},\"association\":{\"code\":\"SX99\"}," \
	"\"admission\":{\"date\":\"2020-02-29\"}}"

static char dir[] = "/tmp/hufu-feed-XXXXXX";

static const char *file_with(const char *name, struct str bytes)
{
	static char path[8][256];
	static size_t next;
	char *p = path[next++ % COUNT_OF(path)];
	FILE *out;

	if (dir[sizeof dir - 2] == 'X' && mkdtemp(dir) == NULL)
		abort();
	snprintf(p, sizeof path[0], "%s/%s", dir, name);
	out = fopen(p, "w");
	if (out == NULL || fwrite(bytes.p, 1, bytes.n, out) != bytes.n || fclose(out) != 0)
		abort();
	return p;
}

/*
 * What a feed of these paths gives, a word an item: "17:m-1" for a record of line 17, "17:CODE" for a refusal; the
 * folder of the tests left out.
 */
static const char *feed_words(const char *const *paths, size_t count)
{
	static char words[4096];
	static const struct member_rules rules = { 0 };
	struct arena *a = arena_new(ROOM);
	struct feed *feed;
	struct err e = { 0 };
	bool end = false;
	size_t n = 0;

	words[0] = '\0';
	if (!OK(feed_open(&feed, paths, count, &rules, &e), e))
		return words;
	for (;;) {
		struct feed_item item;
		struct str place, id;

		if (!OK(feed_next(feed, a, &item, &end, &e), e) || end)
			break;
		place = item.place;
		if (str_starts(place, str_of(dir)))
			place = str_skip(place, sizeof dir);
		id = item.member != NULL ? item.member->member_id
					 : str_of(item.faults.first->err.code);
		if (item.member == NULL)
			EQ_STR(str_of(item.faults.first->err.place), item.place);
		n += (size_t)snprintf(words + n, sizeof words - n, "%s%.*s:%.*s", n > 0 ? " " : "",
				      STR_ARG(place), STR_ARG(id));
		arena_reset(a);
	}
	feed_close(feed);
	arena_free(a);
	return words;
}

TEST(a_broken_line_does_not_stop_the_feed)
{
	struct buf text = buf_empty(4 << 20);
	const char *path;

	buf_c(&text, "\xef\xbb\xbf" RECORD("m-1") "\n");
	buf_c(&text, "\n  \r\n" RECORD("m-2") "\r\n");
	buf_c(&text, "{\"schema\":\"\xd5\xc5\"}\n");
	buf_c(&text, "not json\n[1]\n");
	for (int i = 0; i < FEED_RECORD_MAX + 1; i++)
		buf_byte(&text, ' ');
	buf_c(&text, "\n" RECORD("m-3") "\n" RECORD("m-4") " x\n");
	buf_put(&text, RECORD("m-5"), 100);
	path = file_with("lines.jsonl", buf_view(&text));
	EQ_C(feed_words(&path, 1), "lines.jsonl:1:JSON-BOM lines.jsonl:4:m-2 "
				   "lines.jsonl:5:JSON-ENCODING lines.jsonl:6:JSON-SYNTAX "
				   "lines.jsonl:7:JSON-TYPE lines.jsonl:8:LINE-TOO-LONG "
				   "lines.jsonl:9:m-3 lines.jsonl:10:JSON-TRAILING "
				   "lines.jsonl:11:JSON-TRUNCATED");
	buf_free(&text);
}

TEST(a_last_line_without_line_feed_is_a_record)
{
	const char *path = file_with("last.jsonl", STR(RECORD("m-1") "\n" RECORD("m-2")));

	EQ_C(feed_words(&path, 1), "last.jsonl:1:m-1 last.jsonl:2:m-2");
	path = file_with("cut.jsonl", STR(RECORD("m-1") "\n{\"name\":\"\xe7\x8e"));
	EQ_C(feed_words(&path, 1), "cut.jsonl:1:m-1 cut.jsonl:2:JSON-TRUNCATED");
	path = file_with("none.jsonl", STR(""));
	EQ_C(feed_words(&path, 1), "");
	path = file_with("blank.jsonl", STR("\n\n \n"));
	EQ_C(feed_words(&path, 1), "");
}

TEST(an_array_is_read_element_by_element)
{
	const struct {
		struct str text;
		const char *words;
	} cases[] = {
		{ STR("[]"), "" },
		{ STR(" \n[\n" RECORD("m-1") ",\n" RECORD("m-2") "\n]\n"),
		  "a.json:3:m-1 a.json:4:m-2" },
		{ STR("[" RECORD("m-1") "," RECORD("m-2")), "a.json:1:m-1 a.json:1:m-2 "
							    "a.json:1:JSON-TRUNCATED" },
		{ STR("[" RECORD("m-1") ",{\"a\":\"]\n"), "a.json:1:m-1 a.json:1:JSON-SYNTAX "
							  "a.json:2:JSON-TRUNCATED" },
		{ STR("[1,{\"a\":01},\"x\\\"]\"," RECORD("m-1") "]"),
		  "a.json:1:JSON-TYPE a.json:1:JSON-NUMBER a.json:1:JSON-TYPE a.json:1:m-1" },
		{ STR("[" RECORD("m-1") " " RECORD("m-2") "]"),
		  "a.json:1:m-1 a.json:1:JSON-SYNTAX" },
		{ STR("[" RECORD("m-1") ",]"), "a.json:1:m-1 a.json:1:JSON-SYNTAX" },
		{ STR("[,]"), "a.json:1:JSON-SYNTAX" },
		{ STR("[" RECORD("m-1") "] x"), "a.json:1:m-1 a.json:1:JSON-TRAILING" },
		{ STR("["), "a.json:1:JSON-TRUNCATED" },
		{ STR("\xef\xbb\xbf[" RECORD("m-1") "]"), "a.json:1:JSON-BOM a.json:1:m-1" },
		{ STR(RECORD("m-1") "\n" RECORD("m-2") "\n"), "a.json:1:m-1 a.json:2:m-2" },
		{ STR("\n{\"schema\":\n\"hufu.member/1\"}\n"), "a.json:2:JSON-MISSING" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *path = file_with("a.json", cases[i].text);

		EQ_C(feed_words(&path, 1), cases[i].words);
		unlink(path);
	}
}

TEST(a_folder_gives_its_files_in_order_and_arguments_follow_each_other)
{
	const char *paths[2], *inner;
	struct err e = { 0 };
	char folder[256];

	paths[0] = file_with("first.jsonl", STR(RECORD("m-1") "\n"));
	snprintf(folder, sizeof folder, "%s/folder", dir);
	OK(io_mkdir(folder, 0700, &e), e);
	paths[1] = folder;
	inner = file_with("folder/b.json", STR(RECORD("m-b")));
	inner = file_with("folder/a.json", STR("{\n\"schema\": \"hufu.member/1\"\n}"));
	inner = file_with("folder/c.json", STR(""));
	inner = file_with("folder/d.txt", STR("no record"));
	CHECK(inner != NULL);
	EQ_C(feed_words(paths, 2), "first.jsonl:1:m-1 folder/a.json:1:JSON-MISSING "
				   "folder/b.json:1:m-b folder/c.json:1:JSON-TRUNCATED");
}

TEST(a_file_that_is_not_there_is_trouble)
{
	static const char *const paths[] = { "/nonexistent/records.jsonl" };
	static const struct member_rules rules = { 0 };
	struct arena *a = arena_new(ROOM);
	struct feed_item item;
	struct feed *feed;
	struct err e = { 0 };
	bool end;

	OK(feed_open(&feed, paths, 1, &rules, &e), e);
	CHECK(!feed_next(feed, a, &item, &end, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	feed_close(feed);
	feed_close(NULL);
	arena_free(a);
}

TEST(photos_are_beside_the_records)
{
	static const struct member_rules rules = { 0 };
	const char *path = file_with("photo.jsonl", STR(RECORD("m-1")));
	struct arena *a = arena_new(ROOM);
	struct feed_item item;
	struct feed *feed;
	struct err e = { 0 };
	bool end;

	OK(feed_open(&feed, &path, 1, &rules, &e), e);
	OK(feed_next(feed, a, &item, &end, &e), e);
	EQ_STR(item.folder, str_of(dir));
	EQ_STR(item.raw, STR(RECORD("m-1")));
	feed_close(feed);
	arena_free(a);
}

TEST(a_feed_survives_memory_running_out_anywhere)
{
	static const struct member_rules rules = { 0 };
	const char *path = file_with("oom.json", STR("[" RECORD("m-1") "," RECORD("m-2") "]"));
	bool ok = false;
	size_t nth;

	for (nth = 1; !ok && nth < 1000; nth++) {
		struct arena *a = arena_new(ROOM);
		struct feed_item item;
		struct feed *feed = NULL;
		struct err e = { 0 };
		bool end = false;

		check_fail_alloc(nth);
		ok = feed_open(&feed, &path, 1, &rules, &e);
		while (ok && !end)
			ok = feed_next(feed, a, &item, &end, &e);
		check_fail_alloc(0);
		CHECK(ok || e.kind == ERR_SYSTEM);
		feed_close(feed);
		arena_free(a);
	}
	CHECK(ok && nth > 10);
}
