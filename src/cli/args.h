/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_ARGS_H
#define HUFU_CLI_ARGS_H

#include <stdint.h>

#include "base/arena.h"

struct command;

#define ARGS_ANY SIZE_MAX

/* A parsed command line of one command.  Strings are argv's own. */
struct cli_args;

/*
 * Parse the words behind "hufu NAME": --name VALUE, --name=VALUE, --flag, -o VALUE, -oVALUE, "--" (only positionals
 * follow), "-" (a positional), in any order.  Unknown options (with the nearest known one), a missing or unwanted
 * value, a repeated option and a wrong number of positionals are ERR_USAGE.  When --help or -h is among the words
 * nothing else is checked and args_help is true.
 */
bool args_parse(struct arena *a, const struct command *command, int argc, char **argv,
		const struct cli_args **out, struct err *e) MUST_CHECK;

bool args_help(const struct cli_args *args);

/* In the calls below `name` must be a row of the command's table; a name that is none is a bug and aborts. */

bool args_flag(const struct cli_args *args, const char *name);         /* was it given? */
const char *args_value(const struct cli_args *args, const char *name); /* NULL when absent */

/* All values of a repeatable option, in order; *count may be 0. */
const char *const *args_values(const struct cli_args *args, const char *name, size_t *count);

/* The value, or ERR_USAGE "--name is needed". */
bool args_needed(const struct cli_args *args, const char *name, const char **out,
		 struct err *e) MUST_CHECK;

/* A decimal from min to max; *out keeps what it holds when the option is absent.  ERR_USAGE on anything else. */
bool args_number(const struct cli_args *args, const char *name, uint64_t min, uint64_t max,
		 uint64_t *out, struct err *e) MUST_CHECK;

/* The words that are no options, in order. */
size_t args_count(const struct cli_args *args);
const char *args_word(const struct cli_args *args, size_t i); /* i < args_count */
const char *const *args_words(const struct cli_args *args);

/* The word of a NULL-terminated list nearest to `word`, NULL when none is near enough to be meant. */
const char *args_nearest(const char *word, const char *const *list);

#endif
