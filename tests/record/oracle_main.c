/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judges member records for tests/record/oracle.py: reads JSON Lines on standard input and prints, a line each, "ok" or
 * the codes of the faults in order, joined by commas.  Usage: record_oracle ASSOCIATIONS.json YYYY-MM-DD
 */
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "record/feed.h"

enum { ROOM = 256 * 1024 * 1024 };

static void verdict_print(const struct feed_item *item)
{
	if (item->member != NULL)
		printf("ok");
	for (const struct fault *f = item->faults.first; f != NULL; f = f->next)
		printf("%s%s", f == item->faults.first ? "" : ",", f->err.code);
	for (const struct fault *f = item->faults.first; f != NULL; f = f->next)
		printf("\t%s: %s", f->err.pointer, f->err.cause);
	printf("\n");
}

static bool judge(const struct member_rules *rules, struct arena *a, struct err *e)
{
	static const char *const paths[] = { "-" };
	struct feed *feed;
	bool ok, end = false;

	if (!feed_open(&feed, paths, 1, rules, e))
		return false;
	do {
		struct feed_item item = { 0 };

		arena_reset(a);
		ok = feed_next(feed, a, &item, &end, e);
		if (ok && !end)
			verdict_print(&item);
	} while (ok && !end);
	feed_close(feed);
	return ok;
}

int main(int argc, char **argv)
{
	struct arena *kept = arena_new(ROOM), *a = arena_new(ROOM);
	struct buf text = buf_empty(1024 * 1024);
	struct associations list;
	struct member_rules rules = { .associations = &list };
	struct err e = { 0 };
	char words[1024];
	bool ok = false;

	if (argc != 3 || kept == NULL || a == NULL || !civil_read(str_of(argv[2]), &rules.as_of))
		err_usage(&e, "record_oracle ASSOCIATIONS.json YYYY-MM-DD");
	else
		ok = io_read(argv[1], &text, &e) &&
		     associations_read(kept, buf_view(&text), &list, &e) && judge(&rules, a, &e);
	if (!ok)
		fprintf(stderr, "record_oracle: %s\n", err_text(&e, words, sizeof words));
	buf_free(&text);
	arena_free(kept);
	arena_free(a);
	return ok ? 0 : 2;
}
