/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/audit.h"

#include <errno.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/enc.h"

enum { LINES_MAX = 256 * 1024, INSTANT = 21 };

void audit_begin(struct audit *a, int fd, const struct env *env)
{
	*a = (struct audit){ .fd = fd, .env = env, .lines = buf_empty(LINES_MAX) };
}

void audit_end(struct audit *a)
{
	buf_free(&a->lines);
}

static void at_write(struct audit *a)
{
	char at[INSTANT];

	instant_text(env_now(a->env), at);
	buf_c(&a->lines, "{\"at\":\"");
	buf_c(&a->lines, at);
}

bool audit_line(void *self, const struct signer_event *event, struct err *e)
{
	struct audit *a = self;
	struct buf *out = &a->lines;

	at_write(a);
	buf_c(out, "\",\"kid\":\"");
	enc_hex(out, event->kid, sizeof event->kid);
	buf_c(out, "\",\"n\":");
	buf_uint(out, a->n + 1);
	buf_c(out, ",\"number\":");
	buf_uint(out, event->number);
	buf_c(out, ",\"purpose\":\"");
	buf_c(out, event->purpose);
	buf_c(out, "\",\"role\":\"");
	buf_c(out, role_name(event->role));
	buf_c(out, "\",\"sha256\":\"");
	enc_hex(out, event->sha256, sizeof event->sha256);
	buf_c(out, "\"}\n");
	if (!buf_ok(out, "the signer's audit", e))
		return false;
	a->n++;
	return true;
}

void audit_start(struct audit *a, const struct sandbox_report *r)
{
	const struct {
		bool denied;
		const char *call;
	} calls[] = {
		{ r->open_denied, "open" },     { r->socket_denied, "socket" },
		{ r->fork_denied, "fork" },     { r->exec_denied, "exec" },
		{ r->ptrace_denied, "ptrace" },
	};
	const char *comma = "";

	at_write(a);
	buf_c(&a->lines, "\",\"denied\":[");
	for (size_t i = 0; i < COUNT_OF(calls); i++) {
		if (!calls[i].denied)
			continue;
		buf_printf(&a->lines, "%s\"%s\"", comma, calls[i].call);
		comma = ",";
	}
	buf_printf(&a->lines,
		   "],\"landlock\":%d,\"memory_locked\":%s,\"purpose\":\"start\",\"wide\":%s}\n",
		   r->landlock, r->memory_locked ? "true" : "false", r->wide ? "true" : "false");
}

bool audit_flush(struct audit *a, struct err *e)
{
	size_t done = 0;

	while (done < a->lines.n) {
		ssize_t n = write(a->fd, a->lines.p + done, a->lines.n - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "the signer cannot write its audit");
		done += (size_t)n;
	}
	buf_clear(&a->lines);
	return true;
}
