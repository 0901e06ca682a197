/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/xdg.h"

static const struct {
	const char *variable, *below_home;
} places[] = {
	[XDG_CONFIG] = { "XDG_CONFIG_HOME", ".config" },
	[XDG_STATE] = { "XDG_STATE_HOME", ".local/state" },
	[XDG_CACHE] = { "XDG_CACHE_HOME", ".cache" },
};

static const char *absolute(const struct cli *cli, const char *name)
{
	const char *value = cli->env->variable(cli->env->self, name);

	return value != NULL && value[0] == '/' ? value : NULL;
}

bool xdg_path(struct cli *cli, enum xdg which, const char *tail, const char **out, struct err *e)
{
	const char *chosen = absolute(cli, places[which].variable), *home = absolute(cli, "HOME");
	struct str path = { 0 };
	bool ok = true;

	if (chosen != NULL)
		ok = arena_printf(cli->arena, &path, e, "%s/hufu/%s", chosen, tail);
	else if (home != NULL)
		ok = arena_printf(cli->arena, &path, e, "%s/%s/hufu/%s", home,
				  places[which].below_home, tail);
	*out = path.p;
	return ok;
}
