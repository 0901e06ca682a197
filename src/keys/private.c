/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_CAP = 4096, OTHERS = S_IRWXG | S_IRWXO };

static bool rights_check(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(e, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_system(e, "'%s' is not a regular file", path);
	if ((st.st_mode & OTHERS) != 0)
		return err_system(e, "'%s': others can read it (mode %04o); chmod 600", path,
				  (unsigned)(st.st_mode & 07777));
	return true;
}

/* All of fd, at most max bytes; one more is asked for, to notice a longer file. */
static bool fd_take(int fd, const char *path, unsigned char *out, size_t max, size_t *n,
		    struct err *e)
{
	unsigned char spill;

	for (*n = 0;;) {
		ssize_t got = *n < max ? read(fd, out + *n, max - *n) : read(fd, &spill, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(e, "cannot read '%s'", path);
		if (got == 0)
			return true;
		if (*n == max)
			return err_system(e, "'%s' is longer than %zu bytes", path, max);
		*n += (size_t)got;
	}
}

bool private_read(const char *path, void *out, size_t max, size_t *n, struct err *e)
{
	/* O_NONBLOCK: a named pipe in the file's place must not hang us; it is refused as no regular file. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	bool ok;

	if (fd < 0 && errno == ELOOP)
		return err_system(e, "'%s' is a symbolic link; it must be the file itself", path);
	if (fd < 0)
		return err_errno(e, "cannot open '%s'", path);
	ok = rights_check(fd, path, e) && fd_take(fd, path, out, max, n, e);
	close(fd);
	return ok;
}

bool private_read_in(const char *dir, const char *name, void *out, size_t max, size_t *n,
		     struct err *e)
{
	char path[PATH_CAP];
	int length = snprintf(path, sizeof path, "%s/%s", dir, name);

	if (length < 0 || length >= PATH_CAP)
		return err_system(e, "path '%s/%s' is too long", dir, name);
	return private_read(path, out, max, n, e);
}
