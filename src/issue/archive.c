/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "proof/bundle.h"
#include "proof/checkpoint.h"
#include "proof/tile.h"

enum { ARENA_BYTES = 512 << 20, NAMES_MAX = 1 << 20, PATH_BYTES = 4096 };

struct archive {
	struct arena *arena;
	const char *site;
	struct str *names; /* without the leading slash */
	size_t count;
	int fd;
	struct buf bytes;
};

static bool name_add(struct archive *w, const char *name, struct err *e)
{
	if (w->count == BUNDLE_FILES_MAX)
		return err_system(e, "a bundle holds at most %d files", BUNDLE_FILES_MAX);
	if (!arena_str(w->arena, str_of(name), &w->names[w->count], e))
		return false;
	w->count++;
	return true;
}

/* Those files of a folder of the site that are no folders themselves. */
static bool folder_add(struct archive *w, const char *folder, struct err *e)
{
	const char *dir, *path;
	struct str *names, name;
	size_t count;

	if (!io_path(w->arena, w->site, folder, &dir, e))
		return false;
	if (!io_is_dir(dir))
		return true;
	if (!io_list(w->arena, dir, "", NAMES_MAX, &names, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!io_path(w->arena, dir, names[i].p, &path, e))
			return false;
		if (io_is_dir(path))
			continue;
		if (!arena_printf(w->arena, &name, e, "%s/%.*s", folder, STR_ARG(names[i])) ||
		    !name_add(w, name.p, e))
			return false;
	}
	return true;
}

static bool tree_size(struct archive *w, uint64_t *size, struct err *e)
{
	struct checkpoint c;
	struct note note;

	buf_clear(&w->bytes);
	if (!io_read_in(w->site, "checkpoint", &w->bytes, e) ||
	    !note_read(w->arena, buf_view(&w->bytes), &note, e) ||
	    !checkpoint_read_body(note.body, &c, e))
		return false;
	*size = c.size;
	return true;
}

static bool tiles_add(struct archive *w, uint64_t size, struct err *e)
{
	char path[TILE_PATH];

	for (int level = TILE_ENTRIES; level < TILE_LEVELS; level++) {
		unsigned width;

		for (uint64_t n = 0; (width = tile_width(level, n, size)) > 0; n++) {
			tile_path(level, n, width, path);
			if (!name_add(w, path + 1, e))
				return false;
		}
	}
	return true;
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool names_gather(struct archive *w, struct err *e)
{
	static const char *const heads[] = { "checkpoint", "keys.note", "policy.json" };
	uint64_t size;

	w->names = arena_array(w->arena, BUNDLE_FILES_MAX, sizeof *w->names, e);
	if (w->names == NULL || !tree_size(w, &size, e))
		return false;
	for (size_t i = 0; i < COUNT_OF(heads); i++)
		if (!name_add(w, heads[i], e))
			return false;
	if (!folder_add(w, "policy", e) || !folder_add(w, "s", e) || !tiles_add(w, size, e))
		return false;
	qsort(w->names, w->count, sizeof *w->names, by_bytes);
	return true;
}

static bool put(struct archive *w, const void *p, size_t n, struct err *e)
{
	const char *at = p;

	while (n > 0) {
		ssize_t done = write(w->fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_errno(e, "cannot write the bundle");
		at += done;
		n -= (size_t)done;
	}
	return true;
}

static bool file_put(struct archive *w, struct str name, struct err *e)
{
	static const unsigned char zeros[2 * BUNDLE_BLOCK];
	unsigned char header[BUNDLE_BLOCK];
	struct str path;

	buf_clear(&w->bytes);
	return arena_printf(w->arena, &path, e, "/%.*s", STR_ARG(name)) &&
	       io_read_in(w->site, name.p, &w->bytes, e) &&
	       bundle_header(path.p, w->bytes.n, header, e) && put(w, header, sizeof header, e) &&
	       put(w, w->bytes.p, w->bytes.n, e) &&
	       put(w, zeros, (BUNDLE_BLOCK - w->bytes.n % BUNDLE_BLOCK) % BUNDLE_BLOCK, e);
}

static bool archive_put(struct archive *w, struct err *e)
{
	static const unsigned char end[2 * BUNDLE_BLOCK];

	for (size_t i = 0; i < w->count; i++)
		if (!file_put(w, w->names[i], e))
			return err_in(e, "%s", w->names[i].p);
	return put(w, end, sizeof end, e) &&
	       (fsync(w->fd) == 0 || err_errno(e, "cannot write the bundle"));
}

bool archive_write(const char *site, const char *file, struct err *e)
{
	struct archive w = { .site = site, .fd = -1, .bytes = buf_empty(BUNDLE_FILE_MAX) };
	char temp[PATH_BYTES];
	bool ok;

	if (snprintf(temp, sizeof temp, "%s.tmp", file) >= (int)sizeof temp)
		return err_usage(e, "the bundle's name is too long");
	w.arena = arena_new(ARENA_BYTES);
	if (w.arena == NULL)
		return err_memory(e, "a bundle");
	ok = names_gather(&w, e);
	if (ok) {
		w.fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		ok = (w.fd >= 0 || err_errno(e, "cannot create '%s'", temp)) && archive_put(&w, e);
	}
	if (w.fd >= 0)
		close(w.fd);
	if (ok && rename(temp, file) != 0)
		ok = err_errno(e, "cannot create '%s'", file);
	if (!ok)
		unlink(temp);
	arena_free(w.arena);
	buf_free(&w.bytes);
	return ok;
}
