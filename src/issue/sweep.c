/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* nftw */
#include "issue/sweep.h"

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
