/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_KEYS_FIXTURE_H
#define HUFU_TESTS_KEYS_FIXTURE_H

#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/env.h"
#include "base/hash.h"
#include "base/io.h"
#include "check.h"
#include "keys/kek.h"
#include "keys/keyfile.h"

/* A world that stands still: clock fixed, "random" bytes counted up, no two draws alike. */
struct still {
	struct env env;
	int64_t now;
	unsigned char next;
};

static UNUSED int64_t still_now(void *self)
{
	return ((struct still *)self)->now;
}

static UNUSED bool still_random(void *self, void *out, size_t n, struct err *e UNUSED)
{
	struct still *w = self;
	unsigned char *p = out;

	w->next++;
	for (size_t i = 0; i < n; i++)
		p[i] = (unsigned char)(w->next * 37 + i);
	return true;
}

static UNUSED struct still still_new(struct still *w)
{
	*w = (struct still){
		.env = { .self = w, .now = still_now, .random = still_random },
		.now = 1795140000, /* 2026-11-20T02:00:00Z */
	};
	return *w;
}

/* An empty folder of its own, and its end. */
static UNUSED void folder_new(char path[64])
{
	(void)snprintf(path, 64, "/tmp/hufu-keys-XXXXXX");
	if (mkdtemp(path) == NULL)
		abort();
}

static UNUSED void folder_free(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		(void)unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	(void)rmdir(path);
}

/* Put bytes at dir/name as an attacker or an editor would. */
static UNUSED void file_put(const char *dir, const char *name, struct str bytes, mode_t mode)
{
	char path[256];
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n || fchmod(fd, mode) != 0)
		abort();
	close(fd);
}

static UNUSED size_t file_take(const char *dir, const char *name, char *out, size_t max)
{
	char path[256];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, out, max);
	if (n < 0)
		abort();
	close(fd);
	return (size_t)n;
}

/* Exit status of a program found on the PATH, silent; 127 when it cannot run. */
static UNUSED int program_run(char *const argv[])
{
	extern char **environ;
	posix_spawn_file_actions_t quiet;
	int status;
	pid_t pid;

	if (posix_spawn_file_actions_init(&quiet) != 0 ||
	    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0) != 0 ||
	    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0) != 0)
		abort();
	if (posix_spawnp(&pid, argv[0], &quiet, NULL, argv, environ) != 0)
		return 127;
	posix_spawn_file_actions_destroy(&quiet);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* A credential of 32 bytes, and one that differs in one bit. */
static const struct str credential = { "0123456789abcdefghijklmnopqrstu\n", 32 };
static const struct str other_credential = { "0123456789abcdefghijklmnopqrstu\x0b", 32 };

/* A home's key folder under `credential`, opened. */
static UNUSED struct kek *home_new(char dir[64], struct still *world)
{
	struct kek *kek = NULL;
	struct err e;

	still_new(world);
	folder_new(dir);
	OK(ed25519_start(&e), e);
	OK(kek_create(dir, KEK_RAW, credential, &world->env, &kek, &e), e);
	return kek;
}

#endif
