/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "keys/private.h"

/* Keys of a terminal in raw mode (ECMA-48 control functions as terminals send them). */
enum {
	KEY_CANCEL = 0x03,
	KEY_END = 0x04,
	KEY_BACKSPACE = 0x08,
	KEY_KILL = 0x15,
	KEY_DELETE = 0x7f
};

/* An empty one fails here, so that no caller has to ask. */
static bool length_check(struct secret *out, size_t n, struct err *e)
{
	out->n = n;
	if (n == 0)
		return err_system(e, "the passphrase is empty");
	if (n > PASSPHRASE_MAX)
		return err_system(e, "the passphrase is longer than %d bytes", PASSPHRASE_MAX);
	return true;
}

static bool pipe_read(int fd, struct secret *out, struct err *e)
{
	size_t n = 0;

	while (n < out->n) {
		ssize_t got = read(fd, out->p + n, out->n - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(e, "cannot read the passphrase from descriptor %d", fd);
		if (got == 0)
			break;
		n += (size_t)got;
	}
	return length_check(out, n, e);
}

/* Drop the last character, all bytes of its UTF-8 form. */
static size_t erase_last(const unsigned char *p, size_t n)
{
	while (n > 0 && (p[n - 1] & 0xc0) == 0x80)
		n--;
	return n > 0 ? n - 1 : 0;
}

/* Keys till Enter, with the few editing keys people expect. */
static bool keys_read(int fd, struct secret *out, struct err *e)
{
	size_t n = 0;

	for (;;) {
		unsigned char c;
		ssize_t got = read(fd, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(e, "cannot read the passphrase from the terminal");
		if (got == 0 || c == '\n' || c == '\r' || c == KEY_END)
			return length_check(out, n, e);
		if (c == KEY_CANCEL)
			return err_system(e, "no passphrase: cancelled");
		if (c == KEY_KILL)
			n = 0;
		else if (c == KEY_BACKSPACE || c == KEY_DELETE)
			n = erase_last(out->p, n);
		else if (n < out->n)
			out->p[n++] = c;
	}
}

static void terminal_say(int fd, const char *words)
{
	struct str rest = str_of(words);

	while (rest.n > 0) {
		ssize_t n = write(fd, rest.p, rest.n);

		if (n <= 0)
			return; /* a prompt that cannot be shown is no reason to fail */
		rest = str_skip(rest, (size_t)n);
	}
}

/*
 * One line with echo off.  Keys arrive one by one and ^C as a key, so that no signal can leave the terminal mute;
 * signals from elsewhere wait till the line is done.
 */
static bool terminal_read(int fd, const char *prompt, struct secret *out, struct err *e)
{
	struct termios before, mute;
	sigset_t hold, old;
	bool ok;

	if (tcgetattr(fd, &before) != 0)
		return err_errno(e, "cannot ask for the passphrase");
	mute = before;
	mute.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL | ICANON | ISIG);
	mute.c_cc[VMIN] = 1;
	mute.c_cc[VTIME] = 0;
	sigemptyset(&hold);
	sigaddset(&hold, SIGINT);
	sigaddset(&hold, SIGQUIT);
	sigaddset(&hold, SIGTERM);
	sigaddset(&hold, SIGTSTP);
	if (sigprocmask(SIG_BLOCK, &hold, &old) != 0)
		return err_errno(e, "cannot hold signals");
	/* TCSAFLUSH: what was typed before the question was not meant as the answer. */
	ok = tcsetattr(fd, TCSAFLUSH, &mute) == 0 ||
	     err_errno(e, "cannot turn off the terminal's echo");
	if (ok) {
		terminal_say(fd, prompt);
		ok = keys_read(fd, out, e);
		terminal_say(fd, "\n");
		if (tcsetattr(fd, TCSAFLUSH, &before) != 0 && ok)
			ok = err_errno(e, "cannot turn the terminal's echo on again");
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return ok;
}

/* One byte more than allowed, to notice a longer one. */
static bool room_new(struct secret *out, struct err *e)
{
	return secret_new(PASSPHRASE_MAX + 1, out, e);
}

bool passphrase_of_fd(int fd, const char *prompt, struct secret *out, struct err *e)
{
	if (!room_new(out, e))
		return false;
	if (isatty(fd) == 1 ? terminal_read(fd, prompt, out, e) : pipe_read(fd, out, e))
		return true;
	secret_free(out);
	return false;
}

bool passphrase_of_file(const char *path, struct secret *out, struct err *e)
{
	size_t n = 0;

	if (!room_new(out, e))
		return false;
	if (private_read(path, out->p, PASSPHRASE_MAX, &n, e)) {
		if (length_check(out, n, e))
			return true;
		err_in(e, "%s", path);
	}
	secret_free(out);
	return false;
}

bool passphrase_of_terminal(const char *prompt, struct secret *out, struct err *e)
{
	bool ok;
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	*out = (struct secret){ 0 };
	if (fd < 0)
		return err_system(e, "no terminal to ask for the passphrase; use --passphrase-fd");
	ok = passphrase_of_fd(fd, prompt, out, e);
	close(fd);
	return ok;
}
