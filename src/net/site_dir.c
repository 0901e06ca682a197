/* SPDX-License-Identifier: Apache-2.0 */
#include "net/site_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Append the rest of an open regular file of at most `cap` bytes. */
static bool read_all(int fd, const char *path, size_t cap, struct buf *out, struct err *e)
{
	struct stat st;
	size_t left;

	if (fstat(fd, &st) != 0)
		return err_errno(e, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_system(e, "%s is not a regular file", path);
	if (st.st_size < 0 || (unsigned long long)st.st_size > cap)
		return err_system(e, "%s is longer than %zu bytes", path, cap);
	left = (size_t)st.st_size;
	while (left > 0) {
		char *room = buf_room(out, left);
		ssize_t n;

		if (room == NULL)
			return buf_ok(out, path, e);
		n = read(fd, room, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "%s", path);
		if (n == 0)
			return err_system(e, "%s became shorter while it was read", path);
		out->n += (size_t)n;
		left -= (size_t)n;
	}
	return true;
}

static bool load(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
		 struct err *e)
{
	const struct site_dir *d = self;
	bool ok;
	int fd;

	*absent = false;
	if (!site_path_ok(str_of(path)))
		return err_system(e, "'%s' is no path of a published site", path);
	/* O_NONBLOCK: a pipe in the file's place must not hold us before fstat sees it. */
	fd = openat(d->fd, path + 1, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		*absent = errno == ENOENT || errno == ENOTDIR;
		return *absent || err_errno(e, "%s", path);
	}
	ok = read_all(fd, path, cap, out, e);
	close(fd);
	return ok;
}

bool site_dir_open(const char *path, struct site_dir *d, struct site *site, struct err *e)
{
	d->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd < 0)
		return err_errno(e, "%s", path);
	*site = (struct site){ .self = d, .load = load };
	return true;
}

void site_dir_close(struct site_dir *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}
