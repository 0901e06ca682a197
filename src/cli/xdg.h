/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_XDG_H
#define HUFU_CLI_XDG_H

#include "cli/cli.h"

/* Where a user's files are (XDG Base Directory Specification 0.8). */
enum xdg { XDG_CONFIG, XDG_STATE, XDG_CACHE };

/*
 * "<folder>/hufu/<tail>" for $XDG_CONFIG_HOME, $XDG_STATE_HOME, $XDG_CACHE_HOME or, where that is not set or not absolute,
 * for ~/.config, ~/.local/state, ~/.cache.  *out is NULL when there is no HOME either.
 */
bool xdg_path(struct cli *cli, enum xdg which, const char *tail, const char **out,
	      struct err *e) MUST_CHECK;

#endif
