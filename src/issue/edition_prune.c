/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "issue/edition_work.h"

enum { PATH_BYTES = 4096 };

/* A folder that holds files only, and its files. */
static bool folder_remove(const char *dir, struct err *e)
{
	char path[PATH_BYTES];
	struct dirent *entry;
	DIR *d = opendir(dir);

	if (d == NULL)
		return errno == ENOENT || err_errno(e, "cannot open '%s'", dir);
	while ((entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) < (int)sizeof path)
			(void)unlink(path); /* what stays makes rmdir fail */
	closedir(d);
	return rmdir(dir) == 0 || err_errno(e, "cannot remove '%s'", dir);
}

/* C2SP tlog-tiles: a partial tile may go once the full one is there; who still asks for it falls back on that. */
bool edition_prune(struct edition_work *w, struct err *e)
{
	uint64_t first = (uint64_t)w->ed->first, size = (uint64_t)w->ed->size;
	char path[TILE_PATH], dir[PATH_BYTES];

	for (int level = TILE_ENTRIES; level < TILE_LEVELS; level++) {
		int bits = 8 * ((level < 0 ? 0 : level) + 1); /* of the entries one tile spans */
		uint64_t n = bits < 64 ? first >> bits : 0;

		for (; tile_width(level, n, size) == TILE_WIDTH; n++) {
			tile_path(level, n, TILE_WIDTH, path);
			if (snprintf(dir, sizeof dir, "%s%s.p", w->site_dir, path) >=
			    (int)sizeof dir)
				return err_system(e, "path '%s' is too long", w->site_dir);
			if (!folder_remove(dir, e))
				return false;
		}
	}
	return true;
}
