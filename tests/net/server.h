/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_NET_SERVER_H
#define HUFU_TESTS_NET_SERVER_H

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"

/* tests/net/server.py as a child: it ends when its standard input does. */
struct server {
	pid_t pid;
	int in; /* held open while it shall live */
	unsigned port;
};

/* Start it with these arguments (NULL-terminated, at most 8); aborts when it cannot be had. */
UNUSED static struct server server_start(const char *const *args)
{
	char python[] = "/usr/bin/python3", script[] = "tests/net/server.py", line[32];
	char *argv[11] = { python, script };
	posix_spawn_file_actions_t actions;
	struct server s = { 0 };
	int in[2], out[2];
	FILE *said;

	for (size_t i = 0; args != NULL && args[i] != NULL && i < 8; i++)
		argv[2 + i] = strdup(args[i]);
	if (pipe(in) != 0 || pipe(out) != 0 || posix_spawn_file_actions_init(&actions) != 0)
		abort();
	if (posix_spawn_file_actions_adddup2(&actions, in[0], 0) != 0 ||
	    posix_spawn_file_actions_adddup2(&actions, out[1], 1) != 0 ||
	    posix_spawn_file_actions_addclose(&actions, in[1]) != 0 ||
	    posix_spawn(&s.pid, python, &actions, NULL, argv, NULL) != 0)
		abort();
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	for (size_t i = 2; argv[i] != NULL; i++)
		free(argv[i]);
	s.in = in[1];
	said = fdopen(out[0], "r");
	if (said == NULL || fgets(line, sizeof line, said) == NULL)
		abort();
	s.port = (unsigned)strtoul(line, NULL, 10);
	fclose(said);
	return s;
}

UNUSED static void server_stop(struct server *s)
{
	close(s->in);
	waitpid(s->pid, NULL, 0);
}

#endif
