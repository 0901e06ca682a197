/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/program.h"

static const struct command *const commands[] = {
	&command_init,
	&command_key,
	&command_check,
	&command_issue,
	&command_import,
	&command_publish,
	&command_revoke,
	&command_suspend,
	&command_reinstate,
	&command_forget,
	&command_proof,
	&command_audit,
	&command_preview,
	&command_verify,
	&command_trust,
	&command_completion,
	&command_help,
	NULL,
};

static const struct program hufu = {
	.name = "hufu",
	.summary_en = "certificates a professional body issues and anyone can check",
	.summary_zh = "虎符：专业机构签发证书，人人可以核验",
	.commands = commands,
};

/*
 * A stream that was closed by the caller must not become the next file we open.  In its place comes /dev/null opened
 * the wrong way round, so that writing data to a closed stdout is seen as the failure it is.
 */
static bool streams_open(void)
{
	static const int modes[] = { O_RDONLY, O_RDONLY, O_WRONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			return false;
	return true;
}

static bool is_set(const struct env *env, const char *name)
{
	const char *value = env->variable(env->self, name);

	return value != NULL && value[0] != '\0';
}

/* POSIX XBD 8.2: the first of the three that is set and not empty rules. */
static bool reads_chinese(const struct env *env)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (is_set(env, names[i]))
			return strncmp(env->variable(env->self, names[i]), "zh", 2) == 0;
	return false;
}

int main(int argc, char **argv)
{
	const struct env *env = &env_system;
	struct cli cli = { .env = env, .in = stdin, .out = stdout, .err = stderr };

	if (!streams_open())
		return EXIT_TROUBLE;
	signal(SIGPIPE, SIG_IGN); /* a reader that left shows as a failed write */
	cli.chinese = reads_chinese(env);
	cli.colour = isatty(STDOUT_FILENO) != 0 && !is_set(env, "NO_COLOR");
	cli.progress = isatty(STDERR_FILENO) != 0;
	return program_run(&hufu, &cli, argc, argv);
}
