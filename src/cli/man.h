/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_MAN_H
#define HUFU_CLI_MAN_H

#include "cli/program.h"

/*
 * The part of the man page (mdoc(7)) that follows from the tables: for every command a subsection with its usage, its
 * details and its options.  docs/hufu.1 holds exactly these lines between two marks.
 */
void man_commands(const struct program *program, FILE *to);

#endif
