/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/complete.h"

static int completion_run(struct cli *cli, const struct cli_args *args UNUSED)
{
	complete_bash(cli->program, cli->out);
	return EXIT_YES;
}

static const char *const shells[] = { "bash", NULL };

const struct command command_completion = {
	.name = "completion",
	.synopsis = "bash",
	.summary_en = "print a script that completes commands and options in a shell",
	.summary_zh = "输出 shell 自动补全脚本",
	.details_en = "Put the output where bash looks for completions, or source it.",
	.details_zh = "将输出存到 bash 读取补全脚本之处，或直接 source。",
	.verbs = shells,
	.least = 1,
	.most = 1,
	.run = completion_run,
};
