/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"
#include "cli/man.h"

static int help_run(struct cli *cli, const struct cli_args *args)
{
	const struct command *command;
	struct err e;

	if (args_flag(args, "man-options")) {
		man_commands(cli->program, cli->out);
		return EXIT_YES;
	}
	if (args_count(args) == 0) {
		help_program(cli, cli->out);
		return EXIT_YES;
	}
	command = program_lookup(cli->program, args_word(args, 0));
	if (command == NULL) {
		program_unknown(cli->program, cli->arena, args_word(args, 0), &e);
		return cli_fail(cli, &e);
	}
	help_command(cli, command);
	return EXIT_YES;
}

static const struct option help_options[] = {
	{ .name = "man-options",
	  .help_en = "Print the commands as the man page holds them, in mdoc.",
	  .help_zh = "以 mdoc 格式输出手册页中的命令部分。" },
};

const struct command command_help = {
	.name = "help",
	.synopsis = "[COMMAND] [--man-options]",
	.summary_en = "explain a command",
	.summary_zh = "说明一个命令",
	.options = help_options,
	.option_count = COUNT_OF(help_options),
	.most = 1,
	.run = help_run,
};
