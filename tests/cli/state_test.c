/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "check.h"
#include "cli/state.h"
#include "proof/fixture.h"

struct place {
	char dir[64], state[80], file[200];
	bool homeless;
	struct cli cli;
	struct env env;
};

static const char *variable(void *self, const char *name)
{
	const struct place *p = self;

	return strcmp(name, "HOME") == 0 && !p->homeless ? p->dir : NULL;
}

static struct place *place_new(void)
{
	struct place *p = calloc(1, sizeof *p);

	if (p == NULL)
		abort();
	snprintf(p->dir, sizeof p->dir, "/tmp/hufu-state-XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		abort();
	snprintf(p->state, sizeof p->state, "%s/state", p->dir);
	snprintf(p->file, sizeof p->file, "%s/log.json", p->state);
	p->env = (struct env){ .self = p, .variable = variable };
	p->cli = (struct cli){ .env = &p->env, .arena = arena_new(64 << 20) };
	return p;
}

static void place_free(struct place *p)
{
	char line[128];

	snprintf(line, sizeof line, "rm -rf %s", p->dir);
	CHECK(system(line) == 0);
	arena_free(p->cli.arena);
	free(p);
}

static struct memory seen_new(struct place *p, uint64_t size, unsigned char root)
{
	struct memory m;
	struct err e = { 0 };

	if (!OK(memory_new(p->cli.arena, &m, &e), e))
		abort();
	m.tree_size = size;
	memset(m.tree_root, root, sizeof m.tree_root);
	m.keys_version = size / 10;
	memset(m.keys_sha256, root, sizeof m.keys_sha256);
	m.newest = 1795140000 + (int64_t)size;
	return m;
}

TEST(what_was_seen_is_there_at_the_next_call)
{
	struct place *p = place_new();
	struct memory seen = seen_new(p, 100, 7), m;
	struct err e = { 0 };
	struct stat st;

	OK(state_load(&p->cli, p->file, &m, &e), e);
	EQ_INT(m.tree_size, 0);
	CHECK(!io_exists(p->state)); /* looking makes nothing */
	memory_revoke(&seen, 42);
	memory_shard_seen(&seen, 3, 1795000000);
	OK(state_save(&p->cli, p->file, &seen, &e), e);
	OK(state_load(&p->cli, p->file, &m, &e), e);
	EQ_INT(m.tree_size, 100);
	EQ_INT(m.tree_root[0], 7);
	EQ_INT(m.keys_version, 10);
	EQ_INT(m.newest, seen.newest);
	CHECK(memory_is_revoked(&m, 42) && !memory_is_revoked(&m, 43));
	EQ_INT(memory_shard_iat(&m, 3), 1795000000);
	EQ_INT(stat(p->file, &st), 0);
	EQ_INT(st.st_mode & 07777, 0600);
	EQ_INT(stat(p->state, &st), 0);
	EQ_INT(st.st_mode & 07777, 0700);
	place_free(p);
}

TEST(nothing_that_is_remembered_becomes_less)
{
	struct place *p = place_new();
	struct memory big = seen_new(p, 100, 7), small = seen_new(p, 50, 8),
		      other = seen_new(p, 100, 9), m;
	struct err e = { 0 };

	memory_revoke(&big, 1);
	memory_shard_seen(&big, 0, 2000);
	memory_revoke(&small, 2);
	memory_shard_seen(&small, 0, 1000);
	memory_shard_seen(&small, 1, 1000);
	OK(state_save(&p->cli, p->file, &big, &e), e);
	OK(state_save(&p->cli, p->file, &small, &e), e);
	OK(state_save(&p->cli, p->file, &other, &e), e);
	OK(state_load(&p->cli, p->file, &m, &e), e);
	EQ_INT(m.tree_size, 100);
	EQ_INT(m.tree_root[0], 7); /* the first of two that claim one size */
	EQ_INT(m.keys_version, 10);
	EQ_INT(m.keys_sha256[0], 7);
	CHECK(memory_is_revoked(&m, 1) && memory_is_revoked(&m, 2));
	EQ_INT(memory_shard_iat(&m, 0), 2000);
	EQ_INT(memory_shard_iat(&m, 1), 1000);
	place_free(p);
}

TEST(calls_beside_each_other_lose_nothing)
{
	enum { CALLS = 8, EACH = 10 };
	struct place *p = place_new();
	struct memory m;
	struct err e = { 0 };
	pid_t pids[CALLS];

	for (unsigned i = 0; i < CALLS; i++) {
		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		for (unsigned k = 0; k < EACH; k++) {
			struct memory seen = seen_new(p, 10 + i * EACH + k, 1);

			memory_revoke(&seen, i * EACH + k);
			if (!state_save(&p->cli, p->file, &seen, &e))
				_exit(1);
		}
		_exit(0);
	}
	for (unsigned i = 0; i < CALLS; i++) {
		int status = -1;

		EQ_INT(waitpid(pids[i], &status, 0), pids[i]);
		EQ_INT(status, 0);
	}
	OK(state_load(&p->cli, p->file, &m, &e), e);
	EQ_INT(m.revoked_count, CALLS * EACH);
	EQ_INT(m.tree_size, 10 + CALLS * EACH - 1);
	place_free(p);
}

TEST(a_memory_that_cannot_be_read_is_trouble_and_is_not_written_over)
{
	static const char *const bad[] = { "", "{}", "{\"schema\":\"hufu.memory/1\"}", "\xff\xfe" };
	struct place *p = place_new();
	struct memory seen = seen_new(p, 100, 7), m;
	struct buf out = buf_empty(100);
	struct err e = { 0 };

	OK(io_mkdir(p->state, 0700, &e), e);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		OK(io_replace(p->state, "log.json", str_of(bad[i]), 0600, &e), e);
		CHECK(!state_load(&p->cli, p->file, &m, &e) && e.kind == ERR_SYSTEM);
		CHECK(strstr(e.place, "log.json") != NULL);
		CHECK(!state_save(&p->cli, p->file, &seen, &e) && e.kind == ERR_SYSTEM);
		buf_clear(&out);
		OK(io_read(p->file, &out, &e), e);
		EQ_STR(buf_view(&out), str_of(bad[i]));
	}
	buf_free(&out);
	place_free(p);
}

TEST(a_place_that_cannot_be_written_is_trouble)
{
	struct place *p = place_new();
	struct memory seen = seen_new(p, 1, 1);
	struct err e = { 0 };
	char link[256];

	CHECK(!state_save(&p->cli, "/dev/null/x/log.json", &seen, &e) && e.kind == ERR_SYSTEM);
	OK(io_mkdir(p->state, 0700, &e), e);
	snprintf(link, sizeof link, "%s.lock", p->file);
	CHECK(symlink("/tmp/hufu-elsewhere", link) == 0);
	CHECK(!state_save(&p->cli, p->file, &seen, &e) && e.kind == ERR_SYSTEM);
	CHECK(!io_exists("/tmp/hufu-elsewhere"));
	place_free(p);
}

TEST(each_log_has_a_name_of_its_own_below_the_user_s_folders)
{
	struct place *p = place_new();
	struct world w = world_new();
	char name[STATE_LOG_NAME + 1], other[STATE_LOG_NAME + 1], want[300];
	const char *path;
	struct err e = { 0 };

	world_ready(&w);
	OK(state_log_name(&w.policy.log, name, &e), e);
	OK(state_log_name(&w.policy.roots[0], other, &e), e);
	EQ_INT(strlen(name), STATE_LOG_NAME);
	CHECK(strcmp(name, other) != 0);
	OK(state_path(&p->cli, &w.policy.log, &path, &e), e);
	snprintf(want, sizeof want, "%s/.local/state/hufu/%s.json", p->dir, name);
	EQ_C(path, want);
	OK(state_cache(&p->cli, &w.policy.log, &path, &e), e);
	snprintf(want, sizeof want, "%s/.cache/hufu/%s", p->dir, name);
	EQ_C(path, want);
	p->homeless = true;
	OK(state_path(&p->cli, &w.policy.log, &path, &e), e);
	CHECK(path == NULL);
	world_free(&w);
	place_free(p);
}
