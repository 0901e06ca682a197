/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judges applications for letters for tests/record/request_oracle.py: reads JSON Lines on standard input and prints, a
 * line each, "ok" or the codes of the faults in order, joined by commas.
 */
#include <stdio.h>

#include "base/io.h"
#include "record/request.h"

enum { ROOM = 64 * 1024 * 1024, LINE_MAX_BYTES = 1024 * 1024 };

static void verdict_print(struct arena *a, struct str line)
{
	const struct json *root;
	const struct request *request;
	struct faults faults = { 0 };
	struct err e = { 0 };

	arena_reset(a);
	if (!json_read(a, line, &json_record, &root, &e))
		printf("%s", e.code);
	else if (request_read(a, root, &request, &faults, &e))
		printf("ok");
	for (const struct fault *f = faults.first; f != NULL; f = f->next)
		printf("%s%s", f == faults.first ? "" : ",", f->err.code);
	for (const struct fault *f = faults.first; f != NULL; f = f->next)
		printf("\t%s: %s", f->err.pointer, f->err.cause);
	printf("\n");
}

int main(void)
{
	struct arena *a = arena_new(ROOM);
	struct buf hold = buf_empty(LINE_MAX_BYTES);
	struct str line;
	struct err e = { 0 };
	bool ok = a != NULL, end = false;

	while (ok && !end) {
		ok = io_line(stdin, &hold, &line, &end, &e);
		if (ok && !end)
			verdict_print(a, line);
	}
	buf_free(&hold);
	arena_free(a);
	return ok ? 0 : 2;
}
