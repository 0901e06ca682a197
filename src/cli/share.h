/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_SHARE_H
#define HUFU_CLI_SHARE_H

#include "cli/cli.h"

/*
 * The folder with the program's templates/ and fonts/: $HUFU_SHARE, else beside the running program as it was built
 * (build/hufu → the source tree) or installed (PREFIX/bin/hufu → PREFIX/share/hufu).
 */
bool share_find(struct cli *cli, const char **out, struct err *e) MUST_CHECK;

/* share_find's fonts/fonts.json. */
bool share_fonts(struct cli *cli, const char **out, struct err *e) MUST_CHECK;

#endif
