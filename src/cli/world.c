/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/world.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

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

bool world_open(struct cli *cli)
{
	const struct env *env = &env_system;

	*cli = (struct cli){ .env = env, .in = stdin, .out = stdout, .err = stderr };
	if (!streams_open())
		return false;
	signal(SIGPIPE, SIG_IGN); /* a reader that left shows as a failed write */
	cli->chinese = reads_chinese(env);
	cli->colour = isatty(STDOUT_FILENO) != 0 && !is_set(env, "NO_COLOR");
	cli->progress = isatty(STDERR_FILENO) != 0;
	return true;
}
