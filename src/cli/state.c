/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* flock */
#include "cli/state.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/io.h"
#include "cli/xdg.h"

enum { LOCK_TRIES = 500, LOCK_PAUSE_NS = 20 * 1000 * 1000, VKEY_CAP = 1024, FILE_MODE = 0600 };

bool state_log_name(const struct note_key *log, char out[STATE_LOG_NAME + 1], struct err *e)
{
	struct buf vkey = buf_empty(VKEY_CAP), hex = buf_empty(STATE_LOG_NAME);
	unsigned char hash[SHA256_SIZE];
	bool ok;

	note_key_write(&vkey, log);
	ok = buf_ok(&vkey, "the log's key", e);
	if (ok) {
		sha256_of(buf_view(&vkey), hash);
		enc_hex(&hex, hash, STATE_LOG_NAME / 2);
		ok = buf_ok(&hex, "the log's name", e);
	}
	if (ok) {
		memcpy(out, hex.p, STATE_LOG_NAME);
		out[STATE_LOG_NAME] = '\0';
	}
	buf_free(&vkey);
	buf_free(&hex);
	return ok;
}

bool state_path(struct cli *cli, const struct note_key *log, const char **out, struct err *e)
{
	char name[STATE_LOG_NAME + 1];
	struct str file;

	return state_log_name(log, name, e) &&
	       arena_printf(cli->arena, &file, e, "%s.json", name) &&
	       xdg_path(cli, XDG_STATE, file.p, out, e);
}

bool state_cache(struct cli *cli, const struct note_key *log, const char **out, struct err *e)
{
	char name[STATE_LOG_NAME + 1];

	return state_log_name(log, name, e) && xdg_path(cli, XDG_CACHE, name, out, e);
}

bool state_load(struct cli *cli, const char *path, struct memory *out, struct err *e)
{
	struct buf bytes = buf_empty(MEMORY_BYTES_MAX);
	struct str copy;
	struct err why;
	bool ok;

	if (!io_exists(path))
		return memory_new(cli->arena, out, e);
	ok = io_read(path, &bytes, &why) && arena_str(cli->arena, buf_view(&bytes), &copy, &why) &&
	     (memory_read(cli->arena, copy, out, &why) || err_in(&why, "%s", path));
	buf_free(&bytes);
	if (ok)
		return true;
	*e = why;
	e->kind = ERR_SYSTEM; /* our own file is broken: that says nothing of any document */
	return false;
}

/* Take from `seen` what goes beyond `m`. */
static void merge(struct memory *m, const struct memory *seen)
{
	if (seen->tree_size > m->tree_size) {
		m->tree_size = seen->tree_size;
		memcpy(m->tree_root, seen->tree_root, sizeof m->tree_root);
	}
	if (seen->keys_version > m->keys_version) {
		m->keys_version = seen->keys_version;
		memcpy(m->keys_sha256, seen->keys_sha256, sizeof m->keys_sha256);
	}
	if (seen->newest > m->newest)
		m->newest = seen->newest;
	for (size_t i = 0; i < seen->shard_count; i++)
		memory_shard_seen(m, seen->shards[i].shard, seen->shards[i].iat);
	for (size_t i = 0; i < seen->revoked_count; i++)
		memory_revoke(m, seen->revoked[i]);
}

/* "dir" and "name" of a path. */
static bool split(struct cli *cli, const char *path, const char **dir, const char **name,
		  struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct str folder;

	*name = slash != NULL ? slash + 1 : path;
	if (slash == NULL) {
		*dir = ".";
		return true;
	}
	if (!arena_str(cli->arena, str_bytes(path, slash == path ? 1 : (size_t)(slash - path)),
		       &folder, e))
		return false;
	*dir = folder.p;
	return true;
}

/* An open lock file whose lock is ours; -1 on failure.  It is never removed: somebody may wait for it. */
static int lock(struct cli *cli, const char *path, struct err *e)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_NS };
	struct str name;
	int fd;

	if (!arena_printf(cli->arena, &name, e, "%s.lock", path))
		return -1;
	fd = open(name.p, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, FILE_MODE);
	if (fd < 0) {
		err_errno(e, "cannot open '%s'", name.p);
		return -1;
	}
	for (unsigned i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return fd;
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		nanosleep(&pause, NULL);
	}
	err_errno(e, "cannot lock '%s'", name.p);
	close(fd);
	return -1;
}

bool state_save(struct cli *cli, const char *path, const struct memory *seen, struct err *e)
{
	struct buf text = buf_empty(MEMORY_BYTES_MAX);
	struct memory m;
	const char *dir, *name;
	bool ok;
	int fd;

	if (!split(cli, path, &dir, &name, e) || !io_mkdir(dir, 0700, e))
		return false;
	fd = lock(cli, path, e);
	if (fd < 0)
		return false;
	ok = state_load(cli, path, &m, e);
	if (ok) {
		merge(&m, seen);
		ok = memory_write(&text, &m, e) &&
		     io_replace(dir, name, buf_view(&text), FILE_MODE, e);
	}
	buf_free(&text);
	close(fd); /* and with it the lock */
	return ok;
}
