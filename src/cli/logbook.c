/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* flock */
#include "cli/logbook.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/hash.h"
#include "base/io.h"
#include "cli/xdg.h"
#include "proof/checkpoint.h"

enum { STEM_BYTES = 16, LOCK_TRIES = 500, LOCK_PAUSE_NS = 20 * 1000 * 1000 };

/* origin without bytes: the issuer's. */
static bool stem_of(struct cli *cli, struct str issuer, struct str origin, struct str *out,
		    struct err *e)
{
	const struct str parts[] = { issuer, { "", 1 }, origin };
	unsigned char hash[SHA256_SIZE];
	struct buf hex = buf_empty(2 * STEM_BYTES);
	bool ok;

	sha256_labelled("hufu/1/witness", parts, origin.n > 0 ? 3 : 1, hash);
	enc_hex(&hex, hash, STEM_BYTES);
	ok = buf_ok(&hex, "the log's name", e) && arena_str(cli->arena, buf_view(&hex), out, e);
	buf_free(&hex);
	return ok;
}

static bool path_of(const struct logbook *b, struct cli *cli, struct str stem, const char *suffix,
		    const char **out, struct err *e)
{
	struct str path;

	if (!arena_printf(cli->arena, &path, e, "%s/%.*s.%s", b->dir, STR_ARG(stem), suffix))
		return false;
	*out = path.p;
	return true;
}

/* The lock's file is never removed: somebody may wait for it. */
static bool lock(struct logbook *b, const char *path, struct err *e)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_NS };

	b->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (b->lock < 0)
		return err_errno(e, "cannot open '%s'", path);
	for (unsigned i = 0; i < LOCK_TRIES; i++) {
		if (flock(b->lock, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		nanosleep(&pause, NULL);
	}
	return err_errno(e, "cannot lock '%s'", path);
}

bool logbook_open(struct cli *cli, const char *dir, struct str issuer, struct logbook *out,
		  struct err *e)
{
	const char *path;
	struct str stem;

	*out = (struct logbook){ .dir = dir, .issuer = issuer, .lock = -1 };
	if (dir == NULL && !xdg_path(cli, XDG_STATE, "witness", &out->dir, e))
		return false;
	if (out->dir == NULL)
		return err_usage(e, "--state is needed: the environment names no folder for it");
	return io_mkdir(out->dir, 0700, e) &&
	       stem_of(cli, issuer, (struct str){ NULL, 0 }, &stem, e) &&
	       path_of(out, cli, stem, "json", &out->keys, e) &&
	       path_of(out, cli, stem, "lock", &path, e) && lock(out, path, e);
}

bool logbook_turn(struct logbook *b, struct cli *cli, struct str origin, struct err *e)
{
	struct buf note = buf_empty(CHECKPOINT_BYTES_MAX);
	const char *path;
	bool ok = stem_of(cli, b->issuer, origin, &b->log, e) &&
		  path_of(b, cli, b->log, "checkpoint", &path, e);

	b->last = (struct str){ NULL, 0 };
	if (ok && io_exists(path))
		ok = io_read(path, &note, e) &&
		     arena_str(cli->arena, buf_view(&note), &b->last, e) &&
		     (b->last.n > 0 || err_system(e, "'%s' is empty", path));
	buf_free(&note);
	return ok;
}

void logbook_close(struct logbook *b)
{
	if (b->lock >= 0)
		close(b->lock);
	*b = (struct logbook){ .lock = -1 };
}

bool logbook_write(struct logbook *b, struct cli *cli, struct str checkpoint, struct err *e)
{
	struct str name;

	return arena_printf(cli->arena, &name, e, "%.*s.checkpoint", STR_ARG(b->log)) &&
	       io_replace(b->dir, name.p, checkpoint, 0600, e);
}
