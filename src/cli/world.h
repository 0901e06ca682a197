/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_WORLD_H
#define HUFU_CLI_WORLD_H

#include "cli/program.h"

/*
 * What every program of ours begins with: the three streams are open, a reader that leaves shows as a failed write, and the
 * reader's language, colours and progress are known.  Fills *cli; false when the streams cannot be opened.
 */
bool world_open(struct cli *cli) MUST_CHECK;

#endif
