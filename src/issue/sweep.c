/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* nftw */
#include "issue/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <unistd.h>

#include "base/io.h"
#include "base/str.h"

enum { OPEN_MAX_FOLDERS = 16 };

static int entry_sweep(const char *path, const struct stat *st UNUSED, int kind, struct FTW *at)
{
	if (kind == FTW_F && str_starts(str_of(path + at->base), STR(".tmp-")))
		return unlink(path);
	return 0;
}

bool sweep_folder(const char *dir, struct err *e)
{
	if (!io_is_dir(dir))
		return true;
	return nftw(dir, entry_sweep, OPEN_MAX_FOLDERS, FTW_PHYS) == 0 ||
	       err_errno(e, "cannot sweep '%s'", dir);
}

bool sweep_files(const char *dir, struct err *e)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;
	bool ok = true;

	if (d == NULL)
		return errno == ENOENT || err_errno(e, "cannot open '%s'", dir);
	while (ok && (entry = readdir(d)) != NULL)
		if (str_starts(str_of(entry->d_name), STR(".tmp-")))
			ok = unlinkat(dirfd(d), entry->d_name, 0) == 0 ||
			     err_errno(e, "cannot sweep '%s'", dir);
	closedir(d);
	return ok;
}
