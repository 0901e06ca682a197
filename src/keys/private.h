/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_PRIVATE_H
#define HUFU_KEYS_PRIVATE_H

#include "base/attr.h"
#include "base/err.h"

/*
 * Read a file that only its owner can read, at most `max` bytes into out; *n is how many.  Refused (ERR_SYSTEM): a
 * symbolic link, anything but a regular file, a file its group or others have any right to, a longer file.  An access
 * list that lets in only this process's user and root is no group's right (systemd credentials).  The rights are those
 * of the file that was opened, so that a swap between look and read gains nothing.
 */
bool private_read(const char *path, void *out, size_t max, size_t *n, struct err *e) MUST_CHECK;

/* As private_read of dir/name. */
bool private_read_in(const char *dir, const char *name, void *out, size_t max, size_t *n,
		     struct err *e) MUST_CHECK;

#endif
