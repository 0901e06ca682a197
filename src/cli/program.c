/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/program.h"

#include <errno.h>
#include <string.h>

#include "base/version.h"
#include "cli/help.h"

enum {
	RUN_BYTES_MAX = 1 << 28
}; /* of cli->arena: every file a command reads whole is capped below this */

const struct command *program_lookup(const struct program *program, const char *name)
{
	for (const struct command *const *c = program->commands; *c != NULL; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

bool program_unknown(const struct program *program, struct arena *a, const char *name,
		     struct err *e)
{
	size_t count = 0;
	const char **names, *near;

	while (program->commands[count] != NULL)
		count++;
	names = arena_array(a, count + 1, sizeof *names, e);
	if (names == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		names[i] = program->commands[i]->name;
	near = args_nearest(name, names);
	if (near != NULL)
		return err_usage(e, "'%.64s' is no command; did you mean '%s'?", name, near);
	return err_usage(e, "'%.64s' is no command", name);
}

static int run_command(struct cli *cli, const struct command *command, int argc, char **argv)
{
	const struct cli_args *args;
	struct err e;

	cli->command = command;
	if (!args_parse(cli->arena, command, argc, argv, &args, &e))
		return cli_fail(cli, &e);
	if (args_help(args)) {
		help_command(cli, command);
		return EXIT_YES;
	}
	return command->run(cli, args);
}

static int run_named(struct cli *cli, int argc, char **argv)
{
	const struct command *command;
	struct err e;

	if (argc < 2) {
		help_program(cli, cli->err);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help_program(cli, cli->out);
		return EXIT_YES;
	}
	if (strcmp(argv[1], "--version") == 0) {
		fprintf(cli->out, "%s %s\n", cli->program->name, HUFU_VERSION);
		return EXIT_YES;
	}
	if (argv[1][0] == '-') {
		err_usage(&e, "'%.64s' stands before the command; options follow it", argv[1]);
		return cli_fail(cli, &e);
	}
	command = program_lookup(cli->program, argv[1]);
	if (command == NULL) {
		program_unknown(cli->program, cli->arena, argv[1], &e);
		return cli_fail(cli, &e);
	}
	return run_command(cli, command, argc - 2, argv + 2);
}

/* A full disk or a closed pipe must not read as an answer. */
static int end(struct cli *cli, int code)
{
	struct err e;

	cli_progress_end(cli);
	errno = 0;
	if (fflush(cli->out) == 0 && !ferror(cli->out))
		return code;
	if (errno != 0)
		err_errno(&e, "cannot write standard output");
	else
		err_system(&e, "cannot write standard output");
	return cli_fail(cli, &e);
}

static bool begin(struct cli *cli, const struct program *program, struct err *e)
{
	cli->program = program;
	cli->command = NULL;
	cli->arena = arena_new(RUN_BYTES_MAX);
	return cli->arena != NULL || err_memory(e, "the command line");
}

int program_run(const struct program *program, struct cli *cli, int argc, char **argv)
{
	struct err e;
	int code;

	if (!begin(cli, program, &e))
		return cli_fail(cli, &e);
	code = end(cli, run_named(cli, argc, argv));
	arena_free(cli->arena);
	cli->arena = NULL;
	return code;
}

int program_run_only(const struct program *program, struct cli *cli, int argc, char **argv)
{
	struct err e;
	int code = EXIT_YES;

	if (!begin(cli, program, &e))
		return cli_fail(cli, &e);
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		fprintf(cli->out, "%s %s\n", program->name, HUFU_VERSION);
	else
		code = run_command(cli, program->commands[0], argc < 1 ? 0 : argc - 1, argv + 1);
	code = end(cli, code);
	arena_free(cli->arena);
	cli->arena = NULL;
	return code;
}
