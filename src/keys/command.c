/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/enc.h"
#include "json/json.h"

enum {
	QUESTION_MAX = 3 * 1024 * 1024, /* a message of 1 MiB in hexadecimal, and its frame */
	READS_MAX = 64,                 /* an answer that drips is none */
	WORK = 64 * 1024,
	DRIP_MS = 1000
};

struct command {
	const struct device *device;
	int socket;
	pid_t pid;
	bool broken;
};

bool command_answer_read(struct str line, unsigned char out[ED25519_SIGNATURE], struct err *e)
{
	static const struct json_limits limits = { COMMAND_ANSWER_MAX, 1, 4 };
	static const char *const signed_keys[] = { "signature", NULL };
	struct arena *a = arena_new(WORK);
	const struct json *object;
	struct str words, hex;
	bool ok = false, refused = false;

	if (a == NULL)
		return err_memory(e, "an answer");
	if (!json_read(a, line, &limits, &object, e) ||
	    !json_string_opt(object, "error", 0, COMMAND_ANSWER_MAX, &words, &refused, e))
		goto out;
	if (refused) {
		err_system(e, "it says: %.*s", (int)(words.n < 256 ? words.n : 256), words.p);
		goto out;
	}
	if (!json_only(object, signed_keys, e) ||
	    !json_string(object, "signature", 2 * ED25519_SIGNATURE, 2 * ED25519_SIGNATURE, &hex,
			 e))
		goto out;
	ok = enc_unhex(hex, out, ED25519_SIGNATURE) || err_system(e, "is not hexadecimal");
out:
	e->kind = ok ? e->kind : ERR_SYSTEM; /* no answer about anybody's record */
	arena_free(a);
	return ok;
}

static void question_write(const struct command *c, struct str bytes, struct buf *out)
{
	buf_c(out, "{\"message\":\"");
	enc_hex(out, bytes.p, bytes.n);
	buf_printf(out, "\",\"number\":%u,\"public\":\"", c->device->number);
	enc_hex(out, c->device->public.bytes, ED25519_PUBLIC);
	buf_printf(out, "\",\"role\":\"%s\",\"schema\":\"hufu.sign/1\"}\n",
		   role_name(c->device->role));
}

static bool wait_for(const struct command *c, short what, int ms)
{
	struct pollfd fd = { .fd = c->socket, .events = what };
	int n;

	do {
		n = poll(&fd, 1, ms);
	} while (n < 0 && errno == EINTR);
	return n == 1;
}

static bool ask(const struct command *c, struct str question, struct err *e)
{
	while (question.n > 0) {
		ssize_t n;

		if (!wait_for(c, POLLOUT, COMMAND_PATIENCE_S * 1000))
			return err_system(e, "it reads no question");
		n = send(c->socket, question.p, question.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return err_system(e, "it has ended");
		question = str_skip(question, (size_t)n);
	}
	return true;
}

/* One line; bytes behind it are no answer to anything. */
static bool hear(const struct command *c, char answer[COMMAND_ANSWER_MAX], struct str *line,
		 struct err *e)
{
	size_t have = 0;

	for (int reads = 0; reads < READS_MAX && have < COMMAND_ANSWER_MAX; reads++) {
		const char *end;
		ssize_t n;

		if (!wait_for(c, POLLIN, have == 0 ? COMMAND_PATIENCE_S * 1000 : DRIP_MS))
			return err_system(e, "it does not answer");
		n = recv(c->socket, answer + have, COMMAND_ANSWER_MAX - have, 0);
		if (n <= 0)
			return err_system(e, "it has ended");
		have += (size_t)n;
		end = memchr(answer, '\n', have);
		if (end == NULL)
			continue;
		if (end + 1 != answer + have)
			return err_system(e, "it says more than was asked");
		*line = (struct str){ answer, have - 1 };
		return true;
	}
	return err_system(e, "it answers no line of %d bytes", COMMAND_ANSWER_MAX);
}

static bool command_sign(void *self, struct str bytes, unsigned char out[ED25519_SIGNATURE],
			 struct err *e)
{
	struct command *c = self;
	struct buf question = buf_empty(QUESTION_MAX);
	char answer[COMMAND_ANSWER_MAX];
	struct str line;
	bool ok;

	question_write(c, bytes, &question);
	ok = c->broken ? err_system(e, "it is asked nothing more")
		       : buf_ok(&question, "a question", e) && ask(c, buf_view(&question), e) &&
				 hear(c, answer, &line, e);
	c->broken = c->broken || !ok;
	ok = ok && command_answer_read(line, out, e);
	buf_free(&question);
	return ok || err_in(e, "%s", c->device->argv[0]);
}

static void command_free(void *self)
{
	struct command *c = self;

	if (c->socket >= 0)
		close(c->socket);
	/* Its input has ended, and so should it; this process does not stay to see it. */
	free(c);
}

/* Standard input and output are one end of a socket pair; descriptors of ours close by themselves. */
static int command_spawn(struct command *c, int end)
{
	char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
	char *const environment[] = { path, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t usual;
	int bad = posix_spawn_file_actions_init(&actions);

	if (bad != 0)
		return bad;
	bad = posix_spawnattr_init(&attributes);
	if (bad != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return bad;
	}
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	bad = posix_spawn_file_actions_adddup2(&actions, end, 0);
	bad = bad ? bad : posix_spawn_file_actions_adddup2(&actions, end, 1);
	bad = bad ? bad : posix_spawnattr_setsigdefault(&attributes, &usual);
	bad = bad ? bad : posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	bad = bad ? bad
		  : posix_spawn(&c->pid, c->device->argv[0], &actions, &attributes, c->device->argv,
				environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return bad;
}

bool command_open(const struct device *device, struct device_hand *out, struct err *e)
{
	struct command *c = calloc(1, sizeof *c);
	int pair[2], bad;

	if (c == NULL)
		return err_memory(e, "a signing program");
	c->device = device;
	c->socket = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 ||
	    fcntl(pair[0], F_SETFD, FD_CLOEXEC) != 0 || fcntl(pair[1], F_SETFD, FD_CLOEXEC) != 0) {
		command_free(c);
		return err_errno(e, "cannot make a socket for '%s'", device->argv[0]);
	}
	c->socket = pair[0];
	bad = command_spawn(c, pair[1]);
	close(pair[1]);
	if (bad != 0) {
		command_free(c);
		errno = bad;
		return err_errno(e, "cannot run '%s'", device->argv[0]);
	}
	*out = (struct device_hand){ c, command_sign, command_free };
	return true;
}
