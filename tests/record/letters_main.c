/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides letters for tests/record/letters.py: reads lines {"member": {…}, "request": {…}, "as_at": "…"} on standard input
 * and prints, a line each, what was decided as JSON.  Usage: letters PROFILES.json
 */
#include <stdio.h>

#include "base/io.h"
#include "record/standing.h"

enum { ROOM = 64 * 1024 * 1024, LINE_BYTES_MAX = 1024 * 1024, ZONE = 480 };

static void codes_print(const struct standing *s)
{
	const char *comma = "";

	printf("\"codes\":{");
	for (size_t i = 0; i < STANDING_CONDITIONS; i++) {
		if (s->checks[i].answer == STANDING_NOT_ASKED)
			continue;
		printf("%s\"%s\":\"%s\"", comma,
		       standing_condition_word((enum standing_condition)i), s->checks[i].code);
		comma = ",";
	}
	printf("}");
}

static bool decide(struct arena *a, const struct profiles *profiles, const struct json *root,
		   struct err *e)
{
	static const char *const outcomes[] = { "refused", "letter", "statement" };
	static const struct member_rules rules;
	struct standing_case c = { .utc_offset_min = ZONE };
	struct buf text = buf_empty(LINE_BYTES_MAX);
	struct faults faults = { 0 };
	struct facts facts = { 0 };
	struct standing s;
	struct str as_at;
	bool ok = member_read(a, json_lookup(root, "member"), &rules, &c.member, &faults, e) &&
		  request_read(a, json_lookup(root, "request"), &c.request, &faults, e) &&
		  json_string(root, "as_at", 1, 64, &as_at, e) &&
		  (instant_read(as_at, &c.as_at) || err_input(e, "DATE-TIME", "as_at"));

	if (ok) {
		c.profile = profiles_lookup(profiles, c.request->profile);
		ok = (c.profile != NULL || err_input(e, "REQUEST-PROFILE", "unknown")) &&
		     standing_decide(a, &c, &s, e) &&
		     (s.outcome == STANDING_REFUSED || standing_facts(a, &c, &s, &facts, e));
	}
	if (!ok)
		return false;
	facts_canonical(&text, &facts, NULL);
	printf("{\"outcome\":\"%s\",\"wording\":%u,\"look_back\":%u,\"pending\":%u,\"facts\":%.*s,",
	       outcomes[s.outcome], s.wording, s.look_back, s.pending, STR_ARG(buf_view(&text)));
	codes_print(&s);
	printf("}\n");
	buf_free(&text);
	return true;
}

static bool lines_decide(struct arena *a, const struct profiles *profiles, struct err *e)
{
	struct buf hold = buf_empty(LINE_BYTES_MAX);
	bool ok = true, end = false;

	while (ok && !end) {
		const struct json *root;
		struct str line;

		arena_reset(a);
		ok = io_line(stdin, &hold, &line, &end, e) &&
		     (end ||
		      (json_read(a, line, &json_config, &root, e) && decide(a, profiles, root, e)));
	}
	buf_free(&hold);
	return ok;
}

int main(int argc, char **argv)
{
	struct arena *kept = arena_new(ROOM), *a = arena_new(ROOM);
	struct buf text = buf_empty(LINE_BYTES_MAX);
	struct profiles profiles;
	struct err e = { 0 };
	char words[1024];
	bool ok = false;

	if (argc != 2 || kept == NULL || a == NULL)
		err_usage(&e, "letters PROFILES.json");
	else
		ok = io_read(argv[1], &text, &e) &&
		     profiles_read(kept, buf_view(&text), &profiles, &e) &&
		     lines_decide(a, &profiles, &e);
	if (!ok)
		fprintf(stderr, "letters: %s\n", err_text(&e, words, sizeof words));
	buf_free(&text);
	arena_free(kept);
	arena_free(a);
	return ok ? 0 : 2;
}
