/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/share.h"

#include <unistd.h>

#include "base/io.h"

enum {
	PROGRAM_PATH_MAX = 4096,
	BUILD_DEPTH =
		3 /* folders between the source tree and a program built in it: build/asan/hufu */
};

/* Folder `up` levels above the running program. */
static bool program_dir(struct arena *a, int up, struct str *out, struct err *e)
{
	char path[PROGRAM_PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);

	if (n <= 0 || (size_t)n >= sizeof path)
		return err_errno(e, "cannot tell where the program is");
	for (; up >= 0 && n > 0; up--)
		for (n--; n > 0 && path[n] != '/';)
			n--;
	return arena_str(a, str_bytes(path, (size_t)n), out, e);
}

static bool share_at(struct arena *a, const char *dir, bool *found, struct err *e)
{
	const char *fonts;

	if (!io_path(a, dir, "fonts/fonts.json", &fonts, e))
		return false;
	*found = io_exists(fonts);
	return true;
}

bool share_find(struct cli *cli, const char **out, struct err *e)
{
	const char *chosen = cli->env->variable(cli->env->self, "HUFU_SHARE"), *installed;
	struct str dir;
	bool found;

	if (chosen != NULL && chosen[0] != '\0') {
		*out = chosen;
		return true;
	}
	if (!program_dir(cli->arena, 1, &dir, e) ||
	    !io_path(cli->arena, dir.p, "share/hufu", &installed, e) ||
	    !share_at(cli->arena, installed, &found, e))
		return false;
	*out = installed;
	for (int up = 1; !found && up <= BUILD_DEPTH; up++) {
		if (!program_dir(cli->arena, up, &dir, e) ||
		    !share_at(cli->arena, dir.p, &found, e))
			return false;
		*out = dir.p;
	}
	return found ||
	       err_system(e, "cannot find the program's fonts and templates; set HUFU_SHARE");
}

bool share_fonts(struct cli *cli, const char **out, struct err *e)
{
	const char *share;

	return share_find(cli, &share, e) && io_path(cli->arena, share, "fonts/fonts.json", out, e);
}
