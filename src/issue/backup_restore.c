/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "issue/backup_work.h"

struct restoring {
	const char *dir;
	int fd;
};

static bool is_public(const char *path)
{
	static const char *const names[] = { "site/", "templates/", "seals/" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strncmp(path, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static bool file_begin(void *self, const char *path, unsigned mode, struct err *e)
{
	struct restoring *r = self;
	char text[4096];
	int n = snprintf(text, sizeof text, "%s/%s", r->dir, path);
	char *slash;

	if (n < 0 || (size_t)n >= sizeof text)
		return err_system(e, "path '%s/%s' is too long", r->dir, path);
	slash = strrchr(text, '/');
	*slash = '\0';
	if (!io_mkdir(text, is_public(path) ? 0755 : 0700, e)) {
		e->kind = errno == ENOTDIR || errno == EEXIST ? ERR_INPUT : e->kind;
		return e->kind == ERR_INPUT
			       ? err_input(e, "BACKUP-FORM",
					   "'%s': a file stands in a folder's place", path)
			       : false;
	}
	*slash = '/';
	r->fd = open(text, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (r->fd < 0)
		return err_errno(e, "cannot create '%s'", text);
	return fchmod(r->fd, mode) == 0 || err_errno(e, "cannot set the mode of '%s'", text);
}

static bool file_bytes(void *self, struct str bytes, struct err *e)
{
	struct restoring *r = self;

	while (bytes.n > 0) {
		ssize_t n = write(r->fd, bytes.p, bytes.n);

		if (n < 0 && errno != EINTR)
			return err_errno(e, "cannot write in '%s'", r->dir);
		bytes = str_skip(bytes, n > 0 ? (size_t)n : 0);
	}
	return true;
}

static bool file_end(void *self, struct err *e)
{
	struct restoring *r = self;
	int fd = r->fd;

	r->fd = -1;
	return close(fd) == 0 || err_errno(e, "cannot write in '%s'", r->dir);
}

/* Folders a home has even when they are empty. */
static bool folders_make(struct arena *a, const char *dir, struct err *e)
{
	static const char *const names[] = { "keys", "documents", "log", "templates", "site/m" };
	const char *path;

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (!io_path(a, dir, names[i], &path, e) || !io_mkdir(path, i < 3 ? 0700 : 0755, e))
			return false;
	return true;
}

/* Nothing published may be missing here: the next tree would stand in its place. */
static bool site_judge(struct arena *a, const char *site, const struct backup_head *head,
		       struct err *e)
{
	char root[65];
	const char *path;
	uint64_t size;

	if (site == NULL)
		return true;
	if (!io_path(a, site, "checkpoint", &path, e) || !backup_tree(a, path, &size, root, e))
		return false;
	if (size > head->log_size)
		return err_input(e, "BACKUP-OLD",
				 "the site shows a tree of %llu entries, the backup ends at %llu",
				 (unsigned long long)size, (unsigned long long)head->log_size);
	return size < head->log_size || strcmp(root, head->log_root) == 0 ||
	       err_input(e, "BACKUP-OLD", "the site shows another tree of %llu entries",
			 (unsigned long long)size);
}

/* It opens, store and all, and its log is the one the manifest speaks of. */
static bool home_judge(struct arena *a, const char *dir, const struct backup_head *head,
		       struct err *e)
{
	struct home *home = NULL;
	const char *path;
	char root[65];
	uint64_t size;
	bool ok =
		io_path(a, dir, "log/checkpoint", &path, e) && backup_tree(a, path, &size, root, e);

	if (ok && (size != head->log_size || strcmp(root, head->log_root) != 0))
		ok = err_input(e, "BACKUP-FORM", "its log is not the one its manifest names");
	ok = ok && home_open(a, dir, HOME_WRITE, &home, e);
	home_close(home);
	return ok;
}

static int entry_remove(const char *path, const struct stat *st UNUSED, int kind UNUSED,
			struct FTW *at UNUSED)
{
	return remove(path);
}

static bool place(const char *from, const char *to, struct err *e)
{
	if (chmod(from, 0755) != 0 || !io_sync_all(from, e))
		return err_errno(e, "cannot finish '%s'", from);
	if (rename(from, to) == 0)
		return true;
	if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
		return err_system(e, "'%s' exists and is not an empty folder", to);
	return err_errno(e, "cannot create '%s'", to);
}

bool backup_restore(struct arena *a, FILE *in, const char *dir, const char *site,
		    struct backup_head *head, struct err *e)
{
	struct restoring r = { .fd = -1 };
	const struct backup_sink sink = { &r, file_begin, file_bytes, file_end };
	struct str path = str_of(dir), temp;
	bool ok;

	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	if (!arena_printf(a, &temp, e, "%.*s.new-XXXXXX", STR_ARG(path)))
		return false;
	/* arena_printf's bytes are the arena's own, so that mkdtemp may write into them. */
	r.dir = mkdtemp((char *)(uintptr_t)temp.p);
	if (r.dir == NULL)
		return err_errno(e, "cannot create a folder beside '%s'", dir);
	ok = backup_read(a, in, &sink, head, e) && folders_make(a, r.dir, e) &&
	     site_judge(a, site, head, e) && home_judge(a, r.dir, head, e) && place(r.dir, dir, e);
	if (r.fd >= 0)
		close(r.fd);
	if (!ok)
		nftw(r.dir, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
	return ok;
}
