/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"
#include "cli/world.h"

static const struct command *const commands[] = {
	&command_init,    &command_key,        &command_officer,   &command_letter,
	&command_check,   &command_issue,      &command_import,    &command_publish,
	&command_revoke,  &command_suspend,    &command_reinstate, &command_forget,
	&command_proof,   &command_audit,      &command_export,    &command_backup,
	&command_restore, &command_preview,    &command_verify,    &command_trust,
	&command_witness, &command_completion, &command_help,      NULL,
};

static const struct program hufu = {
	.name = "hufu",
	.summary_en = "certificates a professional body issues and anyone can check",
	.summary_zh = "虎符：专业机构签发证书，人人可以核验",
	.commands = commands,
};

int main(int argc, char **argv)
{
	struct cli cli;

	if (!world_open(&cli))
		return EXIT_TROUBLE;
	return program_run(&hufu, &cli, argc, argv);
}
