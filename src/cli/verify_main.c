/* SPDX-License-Identifier: Apache-2.0 */
/* hufu-verify: `hufu verify` alone, small enough to be read. */
#include "cli/commands.h"
#include "cli/world.h"

static const struct command *const commands[] = { &command_verify, NULL };

static const struct program hufu_verify = {
	.name = "hufu-verify",
	.summary_en = "check documents that carry a Hufu code",
	.summary_zh = "核验带虎符码的文件",
	.commands = commands,
};

int main(int argc, char **argv)
{
	struct cli cli;

	if (!world_open(&cli))
		return EXIT_TROUBLE;
	return program_run_only(&hufu_verify, &cli, argc, argv);
}
