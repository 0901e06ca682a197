/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "issue/backup.h"

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

/* What a folder holds, beside the folder it is copied to. */
struct listing {
	struct arena *arena;
	const char *from, *to;
	struct str *names; /* of `from`, or of `to`, ascending */
	size_t count;
};

static bool listing_open(struct listing *l, const char *from, const char *to, const char *listed,
			 const char *suffix, struct err *e)
{
	*l = (struct listing){ .from = from, .to = to, .arena = arena_new(256 << 20) };
	if (l->arena == NULL)
		return err_memory(e, "publishing");
	return io_list(l->arena, listed, suffix, NAMES_MAX, &l->names, &l->count, e);
}

static void listing_close(struct listing *l)
{
	arena_free(l->arena);
}

static bool listing_pair(struct listing *l, size_t i, const char **from, const char **to,
			 struct err *e)
{
	return io_path(l->arena, l->from, l->names[i].p, from, e) &&
	       io_path(l->arena, l->to, l->names[i].p, to, e);
}

/* Which entries of a folder: of s/ the histories <n>.at are written once, the shards beside them change. */
enum mirror_part { MIRROR_ALL, MIRROR_FOLDERS, MIRROR_FILES };

/* A folder and, but for MIRROR_FILES, all below it, names in order. */
static bool folder_copy(struct mirror *m, const char *from, const char *to, enum mirror_what what,
			enum mirror_part part, int depth, struct err *e)
{
	struct listing l = { 0 };
	const char *x, *y;
	bool ok;

	if (!io_is_dir(from))
		return true;
	if (depth == DEPTH_MAX)
		return err_system(e, "'%s' is too deep for a site", from);
	ok = io_mkdir(to, 0755, e) && listing_open(&l, from, to, from, "", e);
	for (size_t i = 0; ok && i < l.count; i++) {
		ok = listing_pair(&l, i, &x, &y, e);
		if (!ok)
			break;
		if (!io_is_dir(x))
			ok = part == MIRROR_FOLDERS ||
			     file_copy(m, l.arena, from, to, l.names[i].p, what, e);
		else if (part != MIRROR_FILES)
			ok = folder_copy(m, x, y, what, MIRROR_ALL, depth + 1, e);
	}
	listing_close(&l);
	return ok;
}

static bool file_remove(const char *path, struct err *e)
{
	return unlink(path) == 0 || err_errno(e, "cannot remove '%s'", path);
}

/* Buckets that are gone hold what was forgotten. */
static bool buckets_trim(const char *from, const char *to, struct err *e)
{
	struct listing l = { 0 };
	const char *ours, *theirs;
	bool ok;

	if (!io_is_dir(from))
		return true;
	ok = listing_open(&l, from, to, to, "", e);
	for (size_t i = 0; ok && i < l.count; i++)
		ok = listing_pair(&l, i, &ours, &theirs, e) &&
		     (io_exists(ours) || file_remove(theirs, e));
	listing_close(&l);
	return ok;
}

/* A folder of files alone, and the files. */
static bool folder_remove(const char *dir, struct err *e)
{
	struct listing l = { 0 };
	const char *file, *same;
	bool ok = listing_open(&l, dir, dir, dir, "", e);

	for (size_t i = 0; ok && i < l.count; i++)
		ok = listing_pair(&l, i, &file, &same, e) && file_remove(file, e);
	listing_close(&l);
	return ok && (rmdir(dir) == 0 || err_errno(e, "cannot remove '%s'", dir));
}

/* Partial tiles, <n>.p, that are gone: their full tiles are there. */
static bool partials_trim(const char *from, const char *to, struct err *e)
{
	struct listing l = { 0 };
	const char *ours, *theirs;
	bool ok = listing_open(&l, from, to, to, ".p", e);

	for (size_t i = 0; ok && i < l.count; i++)
		ok = listing_pair(&l, i, &ours, &theirs, e) &&
		     (io_exists(ours) || folder_remove(theirs, e));
	listing_close(&l);
	return ok;
}

/* Of tile/, level by level and group by group. */
static bool tiles_trim(const char *from, const char *to, int depth, struct err *e)
{
	struct listing l = { 0 };
	const char *ours, *theirs;
	bool ok;

	if (!io_is_dir(from) || depth == DEPTH_MAX)
		return true;
	ok = partials_trim(from, to, e) && listing_open(&l, from, to, from, "", e);
	for (size_t i = 0; ok && i < l.count; i++)
		ok = str_ends(l.names[i], STR(".p")) || (listing_pair(&l, i, &ours, &theirs, e) &&
							 tiles_trim(ours, theirs, depth + 1, e));
	listing_close(&l);
	return ok;
}

static bool stage_once(struct mirror *m, struct arena *a, const char *from, const char *to,
		       struct err *e)
{
	static const char *const folders[] = { "tile", "m", "policy" };
	const char *x, *y;

	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (!io_path(a, from, folders[i], &x, e) || !io_path(a, to, folders[i], &y, e) ||
		    !folder_copy(m, x, y, MIRROR_ONCE, MIRROR_ALL, 0, e))
			return false;
	return io_path(a, from, "s", &x, e) && io_path(a, to, "s", &y, e) &&
	       folder_copy(m, x, y, MIRROR_ONCE, MIRROR_FOLDERS, 0, e) && io_sync_all(to, e);
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
	    !folder_copy(m, x, y, MIRROR_CHANGING, MIRROR_FILES, 0, e))
		return false;
	return io_path(a, from, "d", &x, e) && io_path(a, to, "d", &y, e) &&
	       folder_copy(m, x, y, MIRROR_CHANGING, MIRROR_ALL, 0, e) && buckets_trim(x, y, e) &&
	       io_path(a, from, "tile", &x, e) && io_path(a, to, "tile", &y, e) &&
	       tiles_trim(x, y, 0, e) && io_sync_all(to, e);
}

/* The page last: it asks for what is there by now. */
static bool stage_page(struct mirror *m, struct arena *a, const char *from, const char *to,
		       struct err *e)
{
	static const char *const files[] = { "sw.js", "sw-kill", "index.html" };
	const char *x, *y;

	if (!io_path(a, from, "page", &x, e) || !io_path(a, to, "page", &y, e) ||
	    !folder_copy(m, x, y, MIRROR_CHANGING, MIRROR_ALL, 0, e))
		return false;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		if (!io_path(a, from, files[i], &x, e))
			return false;
		if (io_exists(x) && !file_copy(m, a, from, to, files[i], MIRROR_CHANGING, e))
			return false;
	}
	return io_sync_all(to, e);
}

/* A log only grows: a home that was restored from an old copy must not take the published one back. */
static bool heads_judge(struct arena *a, const char *from, const char *to, struct err *e)
{
	const char *x, *y;
	uint64_t ours, theirs;
	char root[65];

	if (!io_path(a, from, "checkpoint", &x, e) || !io_path(a, to, "checkpoint", &y, e) ||
	    !backup_tree(a, x, &ours, root, e) || !backup_tree(a, y, &theirs, root, e))
		return false;
	return theirs <= ours ||
	       err_system(e,
			  "'%s' shows a larger tree, of %llu entries, than the home's of %llu; the "
			  "home is an old copy",
			  to, (unsigned long long)theirs, (unsigned long long)ours);
}

bool mirror_site(const char *from, const char *to, size_t *files, struct err *e)
{
	struct mirror m = { .here = buf_empty(FILE_MAX), .there = buf_empty(FILE_MAX) };
	struct arena *a = arena_new(1 << 20);
	bool ok;

	if (a == NULL)
		return err_memory(e, "publishing");
	ok = io_mkdir(to, 0755, e) && heads_judge(a, from, to, e) &&
	     stage_once(&m, a, from, to, e) && stage_heads(&m, a, from, to, e) &&
	     stage_changing(&m, a, from, to, e) && stage_page(&m, a, from, to, e);
	*files = m.files;
	arena_free(a);
	buf_free(&m.here);
	buf_free(&m.there);
	return ok;
}
