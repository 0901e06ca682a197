/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/io.h"
#include "check.h"

/* Quoted words in capitals that are no codes. */
static bool other_word(struct str word)
{
	static const char *const words[] = { "UTF-8", "GBK", "GB18030", "A-Z0-9" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_eq(word, str_of(words[i])))
			return true;
	return word.n < 4;
}

static bool code_like(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
		      (s.p[i] == '-' && i > 0)))
			return false;
	return s.n > 0 && s.p[0] >= 'A';
}

static size_t codes_check(struct str source, struct str table, const char *file)
{
	size_t at = 0, found = 0;

	while ((at = str_find(source, STR("\""), at)) != SIZE_MAX) {
		size_t end = str_find(source, STR("\""), at + 1);
		struct str word = { source.p + at + 1, end - at - 1 };
		char row[64];

		if (end == SIZE_MAX)
			break;
		at = end;
		if (!code_like(word) || other_word(word))
			continue;
		found++;
		snprintf(row, sizeof row, "| `%.*s` |", STR_ARG(word));
		if (!CHECK(str_find(table, str_of(row), 0) != SIZE_MAX))
			printf("# %s: %.*s is not in docs/REFUSALS.md\n", file, STR_ARG(word));
	}
	return found;
}

TEST(every_code_of_records_and_json_is_in_the_table_of_refusals)
{
	static const char *const dirs[] = { "src/record", "src/json" };
	struct buf table = buf_empty(1 << 20), source = buf_empty(1 << 20);
	struct arena *a = arena_new(16 << 20);
	size_t found = 0;
	struct err e = { 0 };

	OK(io_read("docs/REFUSALS.md", &table, &e), e);
	for (size_t d = 0; d < COUNT_OF(dirs); d++) {
		struct str *names;
		size_t count;

		if (!OK(io_list(a, dirs[d], ".c", 1000, &names, &count, &e), e))
			continue;
		for (size_t i = 0; i < count; i++) {
			buf_clear(&source);
			OK(io_read_in(dirs[d], names[i].p, &source, &e), e);
			found += codes_check(buf_view(&source), buf_view(&table), names[i].p);
		}
	}
	CHECK(found > 60);
	buf_free(&table);
	buf_free(&source);
	arena_free(a);
}
