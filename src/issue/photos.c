/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/photos.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/io.h"
#include "paper/image.h"

enum {
	GROUP = 128,                /* photos made durable by one syncfs */
	NAME = 2 * SHA256_SIZE + 1, /* hexadecimal digits and NUL */
	STEP_MAX = 256,             /* bytes of one step of a path; a record's path has 200 */
	PATH_CAP = 4096,
	CHUNK = 64 * 1024
};

struct photos {
	const struct photos_order *order;
	char dir[PATH_CAP]; /* HOME/photos */
	struct buf file;
	char waiting[GROUP][NAME];
	size_t count;
};

static bool dir_of(const char *home, char dir[PATH_CAP], struct err *e)
{
	int n = snprintf(dir, PATH_CAP, "%s/photos", home);

	return (n > 0 && n < PATH_CAP) || err_system(e, "path '%s' is too long", home);
}

bool photos_open(const struct photos_order *order, struct photos **out, struct err *e)
{
	struct photos *p = calloc(1, sizeof *p);

	if (p == NULL)
		return err_memory(e, "the photos");
	p->order = order;
	p->file = buf_empty(IMAGE_FILE_MAX + 1);
	if (order->home != NULL && !dir_of(order->home, p->dir, e)) {
		photos_close(p);
		return false;
	}
	*out = p;
	return true;
}

void photos_close(struct photos *p)
{
	if (p == NULL)
		return;
	buf_free(&p->file);
	free(p);
}

/* ---- a file below a folder ---- */

static bool not_found(struct str path, struct err *e)
{
	err_input(e, "PHOTO-MISSING", "no photo '%.*s'", STR_ARG(path));
	return err_at(e, "/photo/path");
}

static bool not_plain(struct str path, struct err *e)
{
	err_input(e, "PHOTO-PATH",
		  "'%.*s' is no ordinary file below the folder, or lies behind a symbolic link",
		  STR_ARG(path));
	return err_at(e, "/photo/path");
}

static bool open_failed(struct str path, struct err *e)
{
	switch (errno) {
	case ENOENT:
		return not_found(path, e);
	case ELOOP:   /* O_NOFOLLOW met a symbolic link */
	case ENOTDIR: /* a step that is no folder, or a link that should be one */
	case ENXIO:   /* a socket */
		return not_plain(path, e);
	}
	return err_errno(e, "cannot open photo '%.*s'", STR_ARG(path));
}

/* One step at a time, so that no symbolic link of any step leads out of the folder.  −1 on failure. */
static int below_open(const char *folder, struct str path, struct err *e)
{
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct str rest = path, step;

	if (at < 0)
		err_errno(e, "cannot open folder '%s'", folder);
	while (at >= 0 && str_split(&rest, '/', &step)) {
		char name[STEP_MAX];
		int next, kind = rest.p == NULL ? O_NONBLOCK : O_DIRECTORY;

		if (step.n >= sizeof name) {
			close(at);
			not_found(path, e);
			return -1;
		}
		memcpy(name, step.p, step.n);
		name[step.n] = '\0';
		next = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind);
		if (next < 0)
			open_failed(path, e);
		close(at);
		at = next;
	}
	return at;
}

static bool plain_read(int fd, struct str path, struct buf *out, struct err *e)
{
	size_t before = out->n;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(e, "cannot read photo '%.*s'", STR_ARG(path));
	if (!S_ISREG(st.st_mode))
		return not_plain(path, e);
	for (;;) {
		size_t left = IMAGE_FILE_MAX + 1 - (out->n - before);
		size_t want = left < CHUNK ? left : CHUNK;
		char *room = buf_room(out, want);
		ssize_t n;

		if (room == NULL)
			return err_memory(e, "a photo");
		n = read(fd, room, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "cannot read photo '%.*s'", STR_ARG(path));
		if (n == 0)
			return true;
		out->n += (size_t)n;
		if (out->n - before > IMAGE_FILE_MAX) {
			err_input(e, "PHOTO-SIZE", "the photo is larger than %d bytes",
				  IMAGE_FILE_MAX);
			return err_at(e, "/photo/path");
		}
	}
}

static bool bytes_judge(const struct member_photo *photo, struct str bytes, struct err *e)
{
	unsigned char hash[SHA256_SIZE];

	sha256_of(bytes, hash);
	if (memcmp(hash, photo->sha256, sizeof hash) != 0) {
		err_input(e, "PHOTO-HASH", "the photo '%.*s' has another SHA-256",
			  STR_ARG(photo->path));
		return err_at(e, "/photo/sha256");
	}
	if (image_check(bytes, e))
		return true;
	return e->kind == ERR_INPUT ? err_at(e, "/photo/path") : false;
}

bool photos_load(const struct member_photo *photo, struct str folder, struct buf *out,
		 struct err *e)
{
	char dir[PATH_CAP];
	size_t before = out->n;
	bool ok;
	int fd;

	if (folder.n == 0) {
		err_input(e, "PHOTO-MISSING",
			  "records from standard input have no folder; name it with --photos DIR");
		return err_at(e, "/photo/path");
	}
	if (folder.n >= sizeof dir)
		return err_system(e, "path '%.*s' is too long", STR_ARG(folder));
	memcpy(dir, folder.p, folder.n);
	dir[folder.n] = '\0';
	fd = below_open(dir, photo->path, e);
	if (fd < 0)
		return false;
	ok = plain_read(fd, photo->path, out, e);
	close(fd);
	return ok && bytes_judge(photo, str_skip(buf_view(out), before), e);
}

/* ---- kept ones ---- */

static void name_of(const struct member_photo *photo, char name[NAME])
{
	memcpy(name, photo->sha256_hex.p, NAME - 1);
	name[NAME - 1] = '\0';
}

static bool is_kept(const struct photos *p, const char *name)
{
	char path[PATH_CAP];

	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->waiting[i], name) == 0)
			return true;
	return p->order->home != NULL &&
	       snprintf(path, sizeof path, "%s/%s", p->dir, name) < (int)sizeof path &&
	       io_exists(path);
}

static bool photo_stage(struct photos *p, const char *name, struct err *e)
{
	if (!io_mkdir(p->dir, 0700, e) || !io_stage(p->dir, name, buf_view(&p->file), 0600, e))
		return false;
	memcpy(p->waiting[p->count++], name, NAME);
	return p->count < GROUP || photos_flush(p, e);
}

bool photos_admit(struct photos *p, const struct member_photo *photo, struct str folder,
		  struct err *e)
{
	char name[NAME];

	name_of(photo, name);
	if (is_kept(p, name))
		return true;
	buf_clear(&p->file);
	return photos_load(photo, p->order->dir != NULL ? str_of(p->order->dir) : folder, &p->file,
			   e) &&
	       (!p->order->keep || photo_stage(p, name, e));
}

/* Bytes first, names then: a crash leaves whole photos, or temporary files that the next run overwrites. */
bool photos_flush(struct photos *p, struct err *e)
{
	if (p->count == 0)
		return true;
	if (!io_sync_all(p->dir, e))
		return false;
	for (size_t i = 0; i < p->count; i++)
		if (!io_unstage(p->dir, p->waiting[i], e))
			return false;
	p->count = 0;
	return io_sync_all(p->dir, e);
}

bool photos_kept(const char *home, struct str sha256_hex, struct buf *out, struct err *e)
{
	unsigned char named[SHA256_SIZE], hash[SHA256_SIZE];
	char dir[PATH_CAP], name[NAME];
	size_t before = out->n;

	if (!enc_unhex(sha256_hex, named, sizeof named))
		return err_system(e, "the store holds a damaged photo's name");
	memcpy(name, sha256_hex.p, NAME - 1);
	name[NAME - 1] = '\0';
	if (!dir_of(home, dir, e))
		return false;
	/* Larger than any that was judged is damage, too. */
	if (!io_read_in(dir, name, out, e) && e->kind == ERR_SYSTEM)
		return false;
	sha256_of(str_skip(buf_view(out), before), hash);
	return memcmp(hash, named, sizeof hash) == 0 ||
	       err_system(e, "'%s/%s' is damaged; put that photo back", dir, name);
}
