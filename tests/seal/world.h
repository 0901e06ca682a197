/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_SEAL_WORLD_H
#define HUFU_TESTS_SEAL_WORLD_H

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/env.h"
#include "base/hash.h"
#include "base/io.h"
#include "check.h"
#include "keys/ed25519.h"
#include "net/http.h"
#include "seal/sealer.h"

/* The demo PKI of server.py as a child, one for all tests of a program; it ends with the program. */
struct world {
	char dir[64];
	unsigned port;
	int64_t shift; /* s our clock is ahead */
	struct env env;
};

extern char **environ;

/* Run argv, its output thrown away; its exit code. */
static UNUSED int program(char *const *argv)
{
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t pid;

	if (posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) != 0 ||
	    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) != 0)
		abort();
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static UNUSED int64_t world_now(void *self)
{
	return (int64_t)time(NULL) + ((struct world *)self)->shift;
}

static UNUSED bool world_random(void *self, void *out, size_t n, struct err *e)
{
	(void)self;
	return env_system.random(NULL, out, n, e);
}

static UNUSED void world_start(struct world *w)
{
	char python[] = "/usr/bin/python3", script[] = "tests/seal/server.py", line[32];
	char *argv[] = { python, script, w->dir, NULL };
	posix_spawn_file_actions_t actions;
	int in[2], out[2];
	struct err e;
	FILE *said;
	pid_t pid;

	(void)snprintf(w->dir, sizeof w->dir, "/tmp/hufu-seal-XXXXXX");
	if (!ed25519_start(&e) || mkdtemp(w->dir) == NULL || pipe(in) != 0 || pipe(out) != 0 ||
	    posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawn_file_actions_adddup2(&actions, in[0], 0) != 0 ||
	    posix_spawn_file_actions_adddup2(&actions, out[1], 1) != 0 ||
	    posix_spawn_file_actions_addclose(&actions, in[1]) != 0 ||
	    posix_spawn(&pid, python, &actions, NULL, argv, environ) != 0)
		abort();
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]); /* in[1] is held open while the program lives */
	(void)fcntl(in[1], F_SETFD, FD_CLOEXEC);
	close(out[1]);
	said = fdopen(out[0], "r");
	if (said == NULL || fgets(line, sizeof line, said) == NULL)
		abort();
	fclose(said);
	w->port = (unsigned)strtoul(line, NULL, 10);
	w->env = (struct env){ .self = w, .now = world_now, .random = world_random };
}

static void world_end(void);

static UNUSED struct world *world(void)
{
	static struct world w;

	if (w.port == 0) {
		world_start(&w);
		(void)atexit(world_end);
	}
	w.shift = 0;
	return &w;
}

static UNUSED void world_end(void)
{
	char rm[] = "rm", flags[] = "-rf";
	char *argv[] = { rm, flags, world()->dir, NULL };

	(void)program(argv);
}

/* program() of a command's words, split at spaces; @ is the PKI's folder. */
static UNUSED int command(const char *text)
{
	char line[4096], *argv[64];
	size_t n = 0, at = 0;

	for (; *text != '\0' && at < sizeof line - sizeof world()->dir; text++) {
		if (*text == '@')
			at += (size_t)snprintf(line + at, sizeof line - at, "%s", world()->dir);
		else
			line[at++] = *text;
	}
	line[at] = '\0';
	for (char *p = line; *p != '\0' && n < 63; n++) {
		argv[n] = p;
		p += strcspn(p, " ");
		if (*p == ' ')
			*p++ = '\0';
	}
	argv[n] = NULL;
	return program(argv);
}

/* A file of the PKI, appended. */
static UNUSED struct str world_file(const char *name, struct buf *out)
{
	size_t start = out->n;
	struct err e;

	if (!OK(io_read_in(world()->dir, name, out, &e), e))
		abort();
	return str_skip(buf_view(out), start);
}

static UNUSED const char *world_path(const char *name, char out[256])
{
	(void)snprintf(out, 256, "%s/%s", world()->dir, name);
	return out;
}

/* "http://127.0.0.1:PORT/step" */
static UNUSED const char *world_url(const char *step, char out[256])
{
	(void)snprintf(out, 256, "http://127.0.0.1:%u/%s", world()->port, step);
	return out;
}

/* Tell the server something, or ask it. */
static UNUSED void world_tell(const char *step, struct buf *out)
{
	struct http *h = NULL;
	char url[256];
	struct err e;

	world_url(step, url);
	if (!OK(http_open(str_of(url), NULL, &h, &e), e) ||
	    !OK(http_exchange(h, NULL, 1000, out, &e), e))
		abort();
	http_close(h);
}

static UNUSED void world_set(const char *step)
{
	struct buf out = buf_empty(1000);

	world_tell(step, &out);
	buf_free(&out);
}

/* What a user waits for takes less here. */
static const struct http_limits hasty UNUSED = {
	.connect_ms = 1000, .whole_ms = 2500, .slow_s = 2, .slow_bytes_s = 100
};

/* A plan and the memory behind it. */
struct desk {
	struct sealer_plan plan;
	struct buf certs, tsa;
	char key[256], url[256];
};

/* The seal `name` of the PKI at this level, its key in a PEM file. */
static UNUSED void desk_new(struct desk *d, const char *name, enum seal_level level)
{
	char chain[80], key[80];

	*d = (struct desk){ .certs = buf_empty(1 << 20), .tsa = buf_empty(1 << 20) };
	(void)snprintf(chain, sizeof chain, "%s.chain", name);
	(void)snprintf(key, sizeof key, "%s.key", name);
	d->plan = (struct sealer_plan){
		.key = { .kind = SEALKEY_PEM, .path = world_path(key, d->key) },
		.certs = world_file(chain, &d->certs),
		.level = level,
		.floor = level,
		.tsa_url = world_url("tsa", d->url),
		.tsa_certs = world_file("tsaroot.pem", &d->tsa),
		.limits = &hasty,
		.tries = 1,
	};
}

static UNUSED void desk_free(struct desk *d)
{
	buf_free(&d->certs);
	buf_free(&d->tsa);
}

#endif
