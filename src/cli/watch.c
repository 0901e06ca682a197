/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch.h"

#include <signal.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "base/io.h"

enum { STEP_NS = 200000000, ARENA_MAX = 1 << 20 };

/* What tells one state of a file from the next. */
struct mark {
	uint64_t device, inode, size, seconds, nanoseconds;
};

static void mark_put(struct watch *w, const char *path)
{
	struct stat s;
	struct mark m = { 0 };

	if (stat(path, &s) == 0)
		m = (struct mark){ s.st_dev, s.st_ino, (uint64_t)s.st_size,
				   (uint64_t)s.st_mtim.tv_sec, (uint64_t)s.st_mtim.tv_nsec };
	sha256_add(w->hash, path, strlen(path) + 1);
	sha256_add(w->hash, &m, sizeof m);
}

/* A folder's own times say nothing: they change with every file an editor keeps for itself. */
static void path_put(struct watch *w, const char *path)
{
	struct err gone;
	struct str *names;
	const char *file;
	size_t count;

	if (!io_is_dir(path)) {
		mark_put(w, path);
		return;
	}
	if (!io_list(w->arena, path, "", WATCH_ENTRIES, &names, &count, &gone))
		return;
	for (size_t i = 0; i < count; i++)
		if (io_path(w->arena, path, names[i].p, &file, &gone))
			mark_put(w, file);
}

static void look(struct watch *w, unsigned char out[SHA256_SIZE])
{
	arena_reset(w->arena);
	sha256_begin(w->hash);
	for (size_t i = 0; i < w->count; i++)
		path_put(w, w->paths[i]);
	sha256_end(w->hash, out);
}

static void asking(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGHUP);
}

bool watch_begin(struct watch *w, struct err *e)
{
	sigset_t signals;

	w->arena = arena_new(ARENA_MAX);
	w->hash = sha256_new();
	if (w->arena == NULL || w->hash == NULL)
		return err_memory(e, "watching files");
	asking(&signals);
	if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
		return err_errno(e, "cannot wait for signals");
	look(w, w->seen);
	return true;
}

bool watch_wait(struct watch *w)
{
	const struct timespec step = { .tv_nsec = STEP_NS };
	unsigned char before[SHA256_SIZE], now[SHA256_SIZE];
	sigset_t signals;

	asking(&signals);
	memcpy(before, w->seen, sizeof before);
	for (;;) {
		if (sigtimedwait(&signals, NULL, &step) > 0)
			return false;
		look(w, now);
		if (memcmp(now, w->seen, sizeof now) != 0 && memcmp(now, before, sizeof now) == 0)
			break;
		memcpy(before, now, sizeof before);
	}
	memcpy(w->seen, now, sizeof now);
	return true;
}

void watch_end(struct watch *w)
{
	arena_free(w->arena);
	sha256_free(w->hash);
	w->arena = NULL;
	w->hash = NULL;
}
