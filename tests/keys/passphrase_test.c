/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* posix_openpt */
#include <poll.h>
#include <sys/resource.h>
#include <termios.h>

#include "fixture.h"
#include "keys/passphrase.h"

/* What passphrase_of_fd makes of bytes that came through a pipe. */
static bool through_pipe(struct str bytes, struct secret *out, struct err *e)
{
	int ends[2];
	bool ok;

	if (!ed25519_start(e))
		return false;
	if (pipe(ends) != 0 || write(ends[1], bytes.p, bytes.n) != (ssize_t)bytes.n)
		abort();
	close(ends[1]);
	ok = passphrase_of_fd(ends[0], "", out, e);
	close(ends[0]);
	return ok;
}

TEST(a_passphrase_from_a_descriptor_is_taken_as_it_is)
{
	static const struct str cases[] = { { "correct horse\n", 14 },
					    { "\0binary\n\n", 9 },
					    { "x", 1 } };
	struct secret got;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		OK(through_pipe(cases[i], &got, &e), e);
		EQ_STR(secret_view(&got), cases[i]);
		secret_free(&got);
		CHECK(got.p == NULL);
	}
}

TEST(an_empty_or_endless_passphrase_is_refused)
{
	char *bytes = malloc(PASSPHRASE_MAX + 1);
	struct secret got;
	struct err e;

	memset(bytes, 'p', PASSPHRASE_MAX + 1);
	CHECK(!through_pipe((struct str){ "", 0 }, &got, &e));
	CHECK(got.p == NULL);
	EQ_INT(e.kind, ERR_SYSTEM);
	CHECK(!through_pipe(str_bytes(bytes, PASSPHRASE_MAX + 1), &got, &e));
	CHECK(got.p == NULL);
	OK(through_pipe(str_bytes(bytes, PASSPHRASE_MAX), &got, &e), e);
	EQ_INT(got.n, PASSPHRASE_MAX);
	secret_free(&got);
	CHECK(!passphrase_of_fd(987, "", &got, &e));
	free(bytes);
}

TEST(a_credential_file_must_be_private_and_is_taken_as_it_is)
{
	char dir[64], path[128];
	struct secret got;
	struct err e;

	folder_new(dir);
	(void)snprintf(path, sizeof path, "%s/credential", dir);
	CHECK(!passphrase_of_file(path, &got, &e));
	file_put(dir, "credential", credential, 0640);
	CHECK(!passphrase_of_file(path, &got, &e));
	CHECK(got.p == NULL && strstr(e.cause, "chmod 600") != NULL);
	file_put(dir, "credential", STR(""), 0600);
	CHECK(!passphrase_of_file(path, &got, &e));
	file_put(dir, "credential", credential, 0600);
	OK(passphrase_of_file(path, &got, &e), e);
	EQ_STR(secret_view(&got), credential);
	secret_free(&got);
	folder_free(dir);
}

/*
 * The person at the terminal: waits for the prompt, types, and keeps what the screen shows.  Exit 0 when the prompt came
 * and nothing of the typing was echoed.
 */
static int person(int screen, struct str typing)
{
	char shown[4096];
	size_t n = 0, before;
	bool typed = false;

	for (;;) {
		struct pollfd ready = { .fd = screen, .events = POLLIN };
		ssize_t got;

		if (poll(&ready, 1, typed ? 300 : 5000) <= 0)
			break;
		got = read(screen, shown + n, sizeof shown - n);
		if (got <= 0)
			break;
		n += (size_t)got;
		if (typed || str_find((struct str){ shown, n }, STR("Passphrase: "), 0) == SIZE_MAX)
			continue;
		before = n;
		if (write(screen, typing.p, typing.n) != (ssize_t)typing.n)
			return 2;
		typed = true;
	}
	if (!typed)
		return 3;
	return str_find((struct str){ shown, n }, STR("hunter"), before) == SIZE_MAX ? 0 : 4;
}

static bool at_terminal(struct str typing, struct secret *out, struct err *e)
{
	int screen = posix_openpt(O_RDWR | O_NOCTTY), tty, status;
	struct termios before, after;
	pid_t pid;
	bool ok;

	if (screen < 0 || grantpt(screen) != 0 || unlockpt(screen) != 0)
		abort();
	tty = open(ptsname(screen), O_RDWR | O_NOCTTY);
	if (tty < 0 || tcgetattr(tty, &before) != 0)
		abort();
	pid = fork();
	if (pid == 0)
		_exit(person(screen, typing));
	ok = passphrase_of_fd(tty, "Passphrase: ", out, e);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	EQ_INT(WEXITSTATUS(status), 0);
	CHECK(tcgetattr(tty, &after) == 0 && (after.c_lflag & ECHO) == (before.c_lflag & ECHO) &&
	      (after.c_lflag & ICANON) == (before.c_lflag & ICANON));
	close(tty);
	close(screen);
	return ok;
}

TEST(a_terminal_is_asked_without_echo_and_left_as_it_was)
{
	static const struct {
		const char *typing, *want; /* want NULL: refused */
	} cases[] = {
		{ "hunter2\r", "hunter2" },
		{ "hunter2\n", "hunter2" },
		{ "hunter\x15hunter3\n", "hunter3" },
		{ "hunter虎符\x7f\x7f!\n", "hunter!" },
		{ "\x7f\x7fhunter\x04", "hunter" },
		{ "hunter\x03", NULL },
		{ "\n", NULL },
	};
	struct secret got;
	struct err e;

	OK(ed25519_start(&e), e);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool ok = at_terminal(str_of(cases[i].typing), &got, &e);

		EQ_INT(ok, cases[i].want != NULL);
		if (ok)
			EQ_STR(secret_view(&got), str_of(cases[i].want));
		secret_free(&got);
	}
}

TEST(secrets_are_zero_when_new_and_wiped_when_asked)
{
	struct secret s;
	struct err e;

	OK(secret_new(100, &s, &e), e);
	for (size_t i = 0; i < s.n; i++)
		CHECK(s.p[i] == 0);
	memset(s.p, 0x5a, s.n);
	secret_wipe(s.p, s.n);
	EQ_INT(s.p[99], 0);
	secret_free(&s);
	secret_free(&s);
}

TEST(a_process_without_the_right_to_lock_memory_still_has_secrets)
{
	struct rlimit before, none;
	struct secret s;
	struct err e;

	CHECK(getrlimit(RLIMIT_MEMLOCK, &before) == 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = before.rlim_max };
	CHECK(setrlimit(RLIMIT_MEMLOCK, &none) == 0);
	if (geteuid() != 0) /* root locks what it likes */
		CHECK(!secret_lockable());
	OK(secret_new(32, &s, &e), e);
	secret_free(&s);
	CHECK(setrlimit(RLIMIT_MEMLOCK, &before) == 0);
}
