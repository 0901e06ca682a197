/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_COMMANDS_H
#define HUFU_CLI_COMMANDS_H

#include "cli/command.h"

/* Every command; each is defined in cmd_<name>.c. */
extern const struct command command_init, command_key, command_officer, command_letter,
	command_check, command_issue, command_import, command_publish, command_revoke,
	command_suspend, command_reinstate, command_forget, command_audit, command_export,
	command_proof, command_backup, command_restore, command_preview, command_verify,
	command_trust, command_witness, command_completion, command_help;

#endif
