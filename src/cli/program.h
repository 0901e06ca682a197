/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_PROGRAM_H
#define HUFU_CLI_PROGRAM_H

#include "cli/command.h"

/* A program: its name and its commands, in the order help shows them. */
struct program {
	const char *name;
	const char *summary_en, *summary_zh;
	const struct command *const *commands; /* NULL-terminated */
};

/*
 * Run argv[1] … as a command of the program and return the exit code.  Makes and frees cli->arena.  cli->out is flushed
 * at the end: data that could not be written turns any answer into EXIT_TROUBLE.
 */
int program_run(const struct program *program, struct cli *cli, int argc, char **argv);

/* As program_run for a program that is one command alone (argv[1] … are its arguments). */
int program_run_only(const struct program *program, struct cli *cli, int argc, char **argv);

/* The command of that name, NULL when there is none. */
const struct command *program_lookup(const struct program *program, const char *name);

/* ERR_USAGE that names the nearest command. */
bool program_unknown(const struct program *program, struct arena *a, const char *name,
		     struct err *e);

#endif
