/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/backup.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

/* The input as a backup: what a sink is given are paths below it, and what it refuses has its place. */
static void must(bool ok)
{
	if (!ok)
		abort();
}

static bool begin(void *self, const char *path, unsigned mode, struct err *e)
{
	(void)e;
	must(path[0] != '/' && path[0] != '.' && strstr(path, "/.") == NULL && mode <= 0777);
	*(bool *)self = true;
	return true;
}

static bool bytes(void *self, struct str data, struct err *e)
{
	(void)e;
	must(*(bool *)self && data.n > 0);
	return true;
}

static bool end(void *self, struct err *e)
{
	(void)e;
	*(bool *)self = false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool open = false;
	const struct backup_sink sink = { &open, begin, bytes, end };
	struct backup_head head;
	struct arena *a = arena_new(1 << 20);
	FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	struct err e;

	if (a != NULL && in != NULL && !backup_read(a, in, &sink, &head, &e))
		must(e.kind == ERR_SYSTEM || strncmp(e.code, "BACKUP-", 7) == 0);
	if (in != NULL)
		fclose(in);
	arena_free(a);
	return 0;
}
