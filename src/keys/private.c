/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { PATH_CAP = 4096, OTHERS = S_IRWXG | S_IRWXO };

/*
 * POSIX access list as Linux shows it in the attribute system.posix_acl_access (linux/posix_acl_xattr.h), little-endian:
 *
 *   version u32 = 2, then entries of   tag u16   rights u16   id u32
 */
enum {
	ACL_HEAD = 4,
	ACL_ENTRY = 8,
	ACL_ENTRIES_MAX = 32,
	ACL_OWNER = 0x01,
	ACL_USER = 0x02,
	ACL_MASK = 0x10
};

static unsigned acl_u16(const unsigned char *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static uint32_t acl_u32(const unsigned char *p)
{
	return acl_u16(p) | (uint32_t)acl_u16(p + 2) << 16;
}

/* May only the owner, root and this process read by this entry? */
static bool acl_entry_private(const unsigned char *entry)
{
	unsigned tag = acl_u16(entry), rights = acl_u16(entry + 2);
	uint32_t id = acl_u32(entry + 4);

	if (tag == ACL_OWNER || tag == ACL_MASK || rights == 0)
		return true;
	return tag == ACL_USER && (id == 0 || id == geteuid());
}

/*
 * systemd (LoadCredential= with User=) leaves a credential to root and lets the service's user in by an access list;
 * st_mode then shows the list's mask as if a group had rights, 0440.  True when the list lets in nobody else.
 */
static bool acl_private(int fd)
{
	unsigned char list[ACL_HEAD + ACL_ENTRY * ACL_ENTRIES_MAX];
	ssize_t n = fgetxattr(fd, "system.posix_acl_access", list, sizeof list);

	if (n <= ACL_HEAD || (n - ACL_HEAD) % ACL_ENTRY != 0 || acl_u32(list) != 2)
		return false;
	for (ssize_t at = ACL_HEAD; at < n; at += ACL_ENTRY)
		if (!acl_entry_private(list + at))
			return false;
	return true;
}

static bool rights_check(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(e, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_system(e, "'%s' is not a regular file", path);
	if ((st.st_mode & OTHERS) != 0 && ((st.st_mode & S_IRWXO) != 0 || !acl_private(fd)))
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
