/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

enum {
	NAMES_MAX = 1 << 20,
	FILE_MAX = 64 << 20, /* a manifest part is the longest */
	DEPTH_MAX = 8
};

struct mirror {
	struct buf here, there;
	size_t files;
};

/* What of a folder is copied. */
enum mirror_what { MIRROR_ONCE, MIRROR_CHANGING };

static bool times_copy(const char *to, const struct stat *from, struct err *e)
{
	const struct timespec times[] = { from->st_atim, from->st_mtim };

	return utimensat(AT_FDCWD, to, times, 0) == 0 ||
	       err_errno(e, "cannot set the time of '%s'", to);
}

/* *same: nothing is to be written. */
static bool file_compare(struct mirror *m, const char *from, const char *to, enum mirror_what what,
			 struct stat *st, bool *same, struct err *e)
{
	struct stat other;

	*same = false;
	if (stat(from, st) != 0)
		return err_errno(e, "cannot read '%s'", from);
	if (stat(to, &other) != 0)
		return errno == ENOENT || err_errno(e, "cannot read '%s'", to);
	*same = other.st_size == st->st_size && other.st_mtim.tv_sec == st->st_mtim.tv_sec &&
		other.st_mtim.tv_nsec == st->st_mtim.tv_nsec;
	if (*same)
		return true;
	buf_clear(&m->here);
	buf_clear(&m->there);
	if (!io_read(from, &m->here, e) || !io_read(to, &m->there, e))
		return false;
	*same = str_eq(buf_view(&m->here), buf_view(&m->there));
	if (!*same && what == MIRROR_ONCE)
		return err_system(e, "'%s' exists with other content", to);
	return !*same || times_copy(to, st, e);
}

static bool file_copy(struct mirror *m, struct arena *a, const char *from_dir, const char *to_dir,
		      const char *name, enum mirror_what what, struct err *e)
{
	const char *from, *to;
	struct stat st;
	bool same;

	if (!io_path(a, from_dir, name, &from, e) || !io_path(a, to_dir, name, &to, e) ||
	    !file_compare(m, from, to, what, &st, &same, e))
		return false;
	if (same)
		return true;
	buf_clear(&m->here);
	m->files++;
	return io_read(from, &m->here, e) && io_stage(to_dir, name, buf_view(&m->here), 0644, e) &&
	       io_unstage(to_dir, name, e) && times_copy(to, &st, e);
}

/* A folder and all below it, names in order. */
static bool folder_copy(struct mirror *m, const char *from, const char *to, enum mirror_what what,
			int depth, struct err *e)
{
	struct arena *a;
	struct str *names;
	const char *sub_from, *sub_to;
	size_t count = 0;
	bool ok;

	if (!io_is_dir(from))
		return true;
	if (depth == DEPTH_MAX)
		return err_system(e, "'%s' is too deep for a site", from);
	a = arena_new(256 << 20);
	if (a == NULL)
		return err_memory(e, "publishing");
	ok = io_mkdir(to, 0755, e) && io_list(a, from, "", NAMES_MAX, &names, &count, e);
	for (size_t i = 0; ok && i < count; i++) {
		ok = io_path(a, from, names[i].p, &sub_from, e) &&
		     io_path(a, to, names[i].p, &sub_to, e);
		if (!ok)
			break;
		if (!io_is_dir(sub_from))
			ok = file_copy(m, a, from, to, names[i].p, what, e);
		else
			ok = folder_copy(m, sub_from, sub_to, what, depth + 1, e);
	}
	arena_free(a);
	return ok;
}

/* Of s/: the histories <n>.at are written once, the shards beside them change. */
static bool status_copy(struct mirror *m, const char *from, const char *to, enum mirror_what what,
			struct err *e)
{
	struct arena *a;
	struct str *names;
	const char *sub_from, *sub_to;
	size_t count = 0;
	bool ok;

	if (!io_is_dir(from))
		return true;
	a = arena_new(256 << 20);
	if (a == NULL)
		return err_memory(e, "publishing");
	ok = io_mkdir(to, 0755, e) && io_list(a, from, "", NAMES_MAX, &names, &count, e);
	for (size_t i = 0; ok && i < count; i++) {
		ok = io_path(a, from, names[i].p, &sub_from, e) &&
		     io_path(a, to, names[i].p, &sub_to, e);
		if (!ok)
			break;
		if (!io_is_dir(sub_from))
			ok = what == MIRROR_ONCE || file_copy(m, a, from, to, names[i].p, what, e);
		else if (what == MIRROR_ONCE)
			ok = folder_copy(m, sub_from, sub_to, what, 1, e);
	}
	arena_free(a);
	return ok;
}

/* Partial tiles, <n>.p, that are gone: their full tiles are there. */
static bool partials_trim(struct arena *a, const char *from, const char *to, struct err *e)
{
	const char *ours, *theirs, *file;
	struct str *names, *files;
	size_t count, file_count;

	if (!io_list(a, to, ".p", NAMES_MAX, &names, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!io_path(a, from, names[i].p, &ours, e) ||
		    !io_path(a, to, names[i].p, &theirs, e))
			return false;
		if (io_exists(ours) || !io_list(a, theirs, "", NAMES_MAX, &files, &file_count, e))
			continue;
		for (size_t k = 0; k < file_count; k++)
			if (!io_path(a, theirs, files[k].p, &file, e) || unlink(file) != 0)
				return err_errno(e, "cannot empty '%s'", theirs);
		if (rmdir(theirs) != 0)
			return err_errno(e, "cannot remove '%s'", theirs);
	}
	return true;
}

/* Of tile/, level by level and group by group. */
static bool tiles_trim(const char *from, const char *to, int depth, struct err *e)
{
	const char *ours, *theirs;
	struct arena *a;
	struct str *names;
	size_t count = 0;
	bool ok;

	if (!io_is_dir(from) || depth == DEPTH_MAX)
		return true;
	a = arena_new(256 << 20);
	if (a == NULL)
		return err_memory(e, "publishing");
	ok = partials_trim(a, from, to, e) && io_list(a, from, "", NAMES_MAX, &names, &count, e);
	for (size_t i = 0; ok && i < count; i++) {
		if (str_ends(names[i], STR(".p")))
			continue;
		ok = io_path(a, from, names[i].p, &ours, e) &&
		     io_path(a, to, names[i].p, &theirs, e) &&
		     tiles_trim(ours, theirs, depth + 1, e);
	}
	arena_free(a);
	return ok;
}

/* Buckets that are gone hold what was forgotten. */
static bool buckets_trim(const char *from, const char *to, struct err *e)
{
	struct arena *a;
	struct str *names;
	const char *ours, *theirs;
	size_t count = 0;
	bool ok;

	if (!io_is_dir(from))
		return true;
	a = arena_new(256 << 20);
	if (a == NULL)
		return err_memory(e, "publishing");
	ok = io_list(a, to, "", NAMES_MAX, &names, &count, e);
	for (size_t i = 0; ok && i < count; i++) {
		ok = io_path(a, from, names[i].p, &ours, e) &&
		     io_path(a, to, names[i].p, &theirs, e);
		if (ok && !io_exists(ours) && unlink(theirs) != 0)
			ok = err_errno(e, "cannot remove '%s'", theirs);
	}
	arena_free(a);
	return ok;
}

static bool stage_once(struct mirror *m, struct arena *a, const char *from, const char *to,
		       struct err *e)
{
	static const char *const folders[] = { "tile", "m", "policy" };
	const char *x, *y;

	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (!io_path(a, from, folders[i], &x, e) || !io_path(a, to, folders[i], &y, e) ||
		    !folder_copy(m, x, y, MIRROR_ONCE, 0, e))
			return false;
	return io_path(a, from, "s", &x, e) && io_path(a, to, "s", &y, e) &&
	       status_copy(m, x, y, MIRROR_ONCE, e) && io_sync_all(to, e);
}

/* What waited for witnesses is the checkpoint now. */
static bool pending_trim(const char *ours, struct arena *a, const char *to, struct err *e)
{
	const char *theirs;

	if (io_exists(ours))
		return true;
	return io_path(a, to, "checkpoint.pending", &theirs, e) &&
	       (unlink(theirs) == 0 || errno == ENOENT ||
		err_errno(e, "cannot remove '%s'", theirs));
}

static bool stage_heads(struct mirror *m, struct arena *a, const char *from, const char *to,
			struct err *e)
{
	static const char *const files[] = { "keys.note", "policy.json", "checkpoint",
					     "checkpoint.pending" };
	const char *path;

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		if (!io_path(a, from, files[i], &path, e))
			return false;
		if (io_exists(path) && !file_copy(m, a, from, to, files[i], MIRROR_CHANGING, e))
			return false;
	}
	return pending_trim(path, a, to, e) && io_sync_all(to, e);
}

static bool stage_changing(struct mirror *m, struct arena *a, const char *from, const char *to,
			   struct err *e)
{
	const char *x, *y;

	if (!io_path(a, from, "s", &x, e) || !io_path(a, to, "s", &y, e) ||
	    !status_copy(m, x, y, MIRROR_CHANGING, e))
		return false;
	return io_path(a, from, "d", &x, e) && io_path(a, to, "d", &y, e) &&
	       folder_copy(m, x, y, MIRROR_CHANGING, 0, e) && buckets_trim(x, y, e) &&
	       io_path(a, from, "tile", &x, e) && io_path(a, to, "tile", &y, e) &&
	       tiles_trim(x, y, 0, e) && io_sync_all(to, e);
}

bool mirror_site(const char *from, const char *to, size_t *files, struct err *e)
{
	struct mirror m = { .here = buf_empty(FILE_MAX), .there = buf_empty(FILE_MAX) };
	struct arena *a = arena_new(1 << 20);
	bool ok;

	if (a == NULL)
		return err_memory(e, "publishing");
	ok = io_mkdir(to, 0755, e) && stage_once(&m, a, from, to, e) &&
	     stage_heads(&m, a, from, to, e) && stage_changing(&m, a, from, to, e);
	*files = m.files;
	arena_free(a);
	buf_free(&m.here);
	buf_free(&m.there);
	return ok;
}
