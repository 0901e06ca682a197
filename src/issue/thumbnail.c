/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/thumbnail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_MS = 20000, CHUNK = 64 * 1024, NOT_FOUND = 127 };

/* One run of the program. */
struct drawing {
	pid_t pid;
	int from; /* our end of its standard output */
	int64_t deadline_ms;
};

static int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Standard input is the PDF, standard output our pipe, nothing else is handed on. */
static int files_set(posix_spawn_file_actions_t *files, int pdf, int to)
{
	int code = posix_spawn_file_actions_adddup2(files, pdf, STDIN_FILENO);

	if (code == 0)
		code = posix_spawn_file_actions_adddup2(files, to, STDOUT_FILENO);
	if (code == 0)
		code = posix_spawn_file_actions_addopen(files, STDERR_FILENO, "/dev/null", O_WRONLY,
							0);
	return code;
}

/* Signals as a fresh program expects them: the caller may ignore SIGPIPE or block what ends it. */
static int signals_set(posix_spawnattr_t *attr)
{
	sigset_t none, ignored;
	int code;

	sigemptyset(&none);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	code = posix_spawnattr_setsigmask(attr, &none);
	if (code == 0)
		code = posix_spawnattr_setsigdefault(attr, &ignored);
	if (code == 0)
		code = posix_spawnattr_setflags(attr,
						POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return code;
}

static int spawn(struct drawing *d, int pdf, int dpi, int to)
{
	/* posix_spawn's types are those of POSIX 1990; it writes into none of the words. */
	char name[] = "pdftoppm", png[] = "-png", first[] = "-f", last[] = "-l", one[] = "1",
	     resolution[] = "-r", number[16], in[] = "-", locale[] = "LC_ALL=C";
	char *argv[] = { name, png, first, one, last, one, resolution, number, in, NULL };
	char *envp[] = { locale, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int code;

	snprintf(number, sizeof number, "%d", dpi);
	code = posix_spawn_file_actions_init(&files);
	if (code != 0)
		return code;
	code = posix_spawnattr_init(&attr);
	if (code == 0) {
		code = files_set(&files, pdf, to);
		if (code == 0)
			code = signals_set(&attr);
		if (code == 0)
			code = posix_spawnp(&d->pid, name, &files, &attr, argv, envp);
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&files);
	return code;
}

/* All it writes until its end; false past the time limit or the cap. */
static bool output_read(const struct drawing *d, struct buf *png)
{
	for (;;) {
		int64_t left = d->deadline_ms - clock_ms();
		struct pollfd ready = { .fd = d->from, .events = POLLIN };
		char chunk[CHUNK];
		ssize_t n;

		if (left <= 0 || png->failed)
			return false;
		if (poll(&ready, 1, (int)left) <= 0)
			continue; /* the time is looked at again */
		n = read(d->from, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		buf_put(png, chunk, (size_t)n);
	}
}

/* Its exit status; -1 when a signal ended it. */
static int ended(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool is_png(struct str bytes)
{
	return str_starts(bytes, STR("\x89PNG\r\n\x1a\n"));
}

static enum thumbnail collect(const struct drawing *d, struct buf *png)
{
	bool whole = output_read(d, png);
	int status;

	if (!whole)
		kill(d->pid, SIGKILL);
	status = ended(d->pid);
	if (whole && status == 0 && is_png(buf_view(png)))
		return THUMBNAIL_DRAWN;
	return status == NOT_FOUND ? THUMBNAIL_ABSENT : THUMBNAIL_FAILED;
}

bool thumbnail_of(int fd, int dpi, struct buf *png, enum thumbnail *how, struct err *e)
{
	struct drawing d = { .deadline_ms = clock_ms() + LIMIT_MS };
	int ends[2], code;

	buf_clear(png);
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_errno(e, "cannot read the file to be pictured");
	if (pipe(ends) != 0)
		return err_errno(e, "cannot make a pipe");
	d.from = ends[0];
	/* The program's copies of both ends are 0 and 1 alone. */
	if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0)
		code = errno;
	else
		code = spawn(&d, fd, dpi, ends[1]);
	close(ends[1]);
	if (code == 0) {
		*how = collect(&d, png);
	} else if (code == ENOENT || code == EACCES) {
		*how = THUMBNAIL_ABSENT;
		code = 0;
	}
	close(ends[0]);
	if (code == 0 && *how != THUMBNAIL_DRAWN)
		buf_clear(png);
	errno = code;
	return code == 0 || err_errno(e, "cannot run pdftoppm");
}

/* A file that has no name any more: only this process and its children can read it. */
static int nameless(struct err *e)
{
	char path[] = "/tmp/hufu-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0) {
		err_errno(e, "cannot make a temporary file");
		return -1;
	}
	unlink(path);
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
		err_errno(e, "cannot make a temporary file");
		close(fd);
		return -1;
	}
	return fd;
}

static bool bytes_write(int fd, struct str bytes, struct err *e)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "cannot write a temporary file");
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

bool thumbnail_of_bytes(struct str pdf, int dpi, struct buf *png, enum thumbnail *how,
			struct err *e)
{
	int fd = nameless(e);
	bool ok = fd >= 0 && bytes_write(fd, pdf, e) && thumbnail_of(fd, dpi, png, how, e);

	if (fd >= 0)
		close(fd);
	return ok;
}
