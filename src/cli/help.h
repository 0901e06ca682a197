/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_HELP_H
#define HUFU_CLI_HELP_H

#include "cli/program.h"

/* What the program is and its commands, a line each, in the reader's language. */
void help_program(struct cli *cli, FILE *to);

/* One command on cli->out: summary, usage, details, options. */
void help_command(struct cli *cli, const struct command *command);

/* Set text in lines of at most `width` columns, `indent` blanks before each but the first. */
void help_wrap(FILE *to, const char *text, size_t indent, size_t width);

/* Columns a terminal gives the text: a wide character (UAX #11, W or F) takes two. */
size_t help_columns(const char *text);

#endif
