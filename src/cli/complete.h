/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_COMPLETE_H
#define HUFU_CLI_COMPLETE_H

#include "cli/program.h"

/* A bash script that completes the program's commands, verbs, options and file arguments. */
void complete_bash(const struct program *program, FILE *to);

#endif
