/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syncfs */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, PATH_CAP = 4096 };

static bool path_join(char out[PATH_CAP], const char *dir, const char *name, struct err *e)
{
	int n = snprintf(out, PATH_CAP, "%s/%s", dir, name);

	if (n < 0 || n >= PATH_CAP)
		return err_system(e, "path '%s/%s' is too long", dir, name);
	return true;
}

static bool fd_read(int fd, const char *path, struct buf *out, struct err *e)
{
	for (;;) {
		size_t left = out->max - out->n;
		char *room = buf_room(out, left < CHUNK ? left : CHUNK);
		char spill;
		ssize_t n;

		if (room == NULL)
			return err_memory(e, path);
		n = left > 0 ? read(fd, room, left < CHUNK ? left : CHUNK) : read(fd, &spill, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "cannot read '%s'", path);
		if (n == 0)
			return true;
		if (left == 0)
			return err_input(e, "TOO-LARGE", "'%s' is larger than %zu bytes", path,
					 out->max);
		out->n += (size_t)n;
	}
}

bool io_read(const char *path, struct buf *out, struct err *e)
{
	bool ok;
	int fd;

	if (strcmp(path, "-") == 0)
		return fd_read(STDIN_FILENO, "standard input", out, e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, "cannot open '%s'", path);
	ok = fd_read(fd, path, out, e);
	close(fd);
	return ok;
}

bool io_read_in(const char *dir, const char *name, struct buf *out, struct err *e)
{
	char path[PATH_CAP];

	return path_join(path, dir, name, e) && io_read(path, out, e);
}

static bool fd_write(int fd, const char *path, struct str bytes, struct err *e)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "cannot write '%s'", path);
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

bool io_sync_dir(const char *path, struct err *e)
{
	bool ok = true;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, "cannot open folder '%s'", path);
	if (fsync(fd) != 0)
		ok = err_errno(e, "cannot sync folder '%s'", path);
	close(fd);
	return ok;
}

bool io_sync_all(const char *path, struct err *e)
{
	bool ok = true;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, "cannot open '%s'", path);
	if (syncfs(fd) != 0)
		ok = err_errno(e, "cannot sync the file system of '%s'", path);
	close(fd);
	return ok;
}

/* A durable temporary file beside its final place; its path goes to temp. */
static bool temp_write(const char *dir, struct str bytes, mode_t mode, char temp[PATH_CAP],
		       struct err *e)
{
	bool ok = false;
	int fd;

	if (!path_join(temp, dir, ".tmp-XXXXXX", e))
		return false;
	fd = mkstemp(temp);
	if (fd < 0)
		return err_errno(e, "cannot create a file in '%s'", dir);
	if (fchmod(fd, mode) != 0)
		err_errno(e, "cannot set the mode of '%s'", temp);
	else if (fd_write(fd, temp, bytes, e))
		ok = fsync(fd) == 0 || err_errno(e, "cannot sync '%s'", temp);
	if (close(fd) != 0 && ok)
		ok = err_errno(e, "cannot close '%s'", temp);
	if (!ok)
		unlink(temp);
	return ok;
}

bool io_replace(const char *dir, const char *name, struct str bytes, mode_t mode, struct err *e)
{
	char temp[PATH_CAP], path[PATH_CAP];

	if (!path_join(path, dir, name, e) || !temp_write(dir, bytes, mode, temp, e))
		return false;
	if (rename(temp, path) != 0) {
		err_errno(e, "cannot rename '%s' to '%s'", temp, path);
		unlink(temp);
		return false;
	}
	return io_sync_dir(dir, e);
}

static bool same_content(const char *path, struct str bytes, struct err *e)
{
	struct buf there = buf_empty(bytes.n + 1);
	bool ok = io_read(path, &there, e);

	if (ok && !str_eq(buf_view(&there), bytes))
		ok = err_system(e, "'%s' exists with other content", path);
	buf_free(&there);
	return ok;
}

bool io_publish(const char *dir, const char *name, struct str bytes, mode_t mode, struct err *e)
{
	char temp[PATH_CAP], path[PATH_CAP];
	bool ok = true;

	if (!path_join(path, dir, name, e))
		return false;
	if (io_exists(path))
		return same_content(path, bytes, e);
	if (!temp_write(dir, bytes, mode, temp, e))
		return false;
	if (link(temp, path) != 0)
		ok = errno == EEXIST ? same_content(path, bytes, e)
				     : err_errno(e, "cannot create '%s'", path);
	unlink(temp);
	return ok && io_sync_dir(dir, e);
}

static bool staged_path(char out[PATH_CAP], const char *dir, const char *name, struct err *e)
{
	int n = snprintf(out, PATH_CAP, "%s/.tmp-%s", dir, name);

	if (n < 0 || n >= PATH_CAP)
		return err_system(e, "path '%s/%s' is too long", dir, name);
	return true;
}

bool io_stage(const char *dir, const char *name, struct str bytes, mode_t mode, struct err *e)
{
	char path[PATH_CAP];
	bool ok;
	int fd;

	if (!staged_path(path, dir, name, e))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return err_errno(e, "cannot create '%s'", path);
	ok = fd_write(fd, path, bytes, e);
	if (close(fd) != 0 && ok)
		ok = err_errno(e, "cannot close '%s'", path);
	return ok;
}

bool io_unstage(const char *dir, const char *name, struct err *e)
{
	char temp[PATH_CAP], path[PATH_CAP];

	if (!staged_path(temp, dir, name, e) || !path_join(path, dir, name, e))
		return false;
	return rename(temp, path) == 0 || err_errno(e, "cannot rename '%s' to '%s'", temp, path);
}

bool io_mkdir(const char *path, mode_t mode, struct err *e)
{
	char part[PATH_CAP];
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof part)
		return err_system(e, "'%s' is not a folder name", path);
	memcpy(part, path, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		if (mkdir(part, mode) != 0 && errno != EEXIST)
			return err_errno(e, "cannot create folder '%s'", part);
		part[i] = path[i];
	}
	return io_is_dir(path) || err_system(e, "'%s' is not a folder", path);
}

bool io_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool io_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_name(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static bool list_entries(struct arena *a, DIR *dir, const char *path, const char *suffix,
			 size_t max, struct str *names, size_t *count, struct err *e)
{
	struct dirent *entry;

	for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
		struct str name = str_of(entry->d_name);

		if (name.p[0] == '.' || !str_ends(name, str_of(suffix)))
			continue;
		if (*count == max)
			return err_input(e, "TOO-MANY-FILES", "'%s' holds more than %zu files",
					 path, max);
		if (!arena_str(a, name, &names[*count], e))
			return false;
		++*count;
	}
	return errno == 0 || err_errno(e, "cannot read folder '%s'", path);
}

bool io_list(struct arena *a, const char *path, const char *suffix, size_t max, struct str **names,
	     size_t *count, struct err *e)
{
	DIR *dir = opendir(path);
	bool ok;

	*count = 0;
	if (dir == NULL)
		return err_errno(e, "cannot open folder '%s'", path);
	*names = arena_array(a, max, sizeof **names, e);
	ok = *names != NULL && list_entries(a, dir, path, suffix, max, *names, count, e);
	closedir(dir);
	if (ok && *count > 1)
		qsort(*names, *count, sizeof **names, by_name);
	return ok;
}

bool io_path(struct arena *a, const char *dir, const char *name, const char **out, struct err *e)
{
	struct str path;

	if (!arena_printf(a, &path, e, "%s/%s", dir, name))
		return false;
	*out = path.p;
	return true;
}

bool io_line(FILE *in, struct buf *hold, struct str *line, bool *end, struct err *e)
{
	int c;

	buf_clear(hold);
	*end = false;
	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		if (hold->n == hold->max)
			return err_input(e, "LINE-TOO-LONG", "is longer than %zu bytes", hold->max);
		buf_byte(hold, (unsigned char)c);
		if (hold->failed)
			return err_memory(e, "a line");
	}
	if (c == EOF && ferror(in))
		return err_errno(e, "cannot read");
	*end = c == EOF && hold->n == 0;
	*line = buf_view(hold);
	return true;
}
