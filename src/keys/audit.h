/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_AUDIT_H
#define HUFU_KEYS_AUDIT_H

#include "base/buf.h"
#include "base/env.h"
#include "keys/sandbox.h"
#include "keys/signer.h"

/*
 * The signer process's own record: one line of canonical JSON a signature, written before the signature leaves, to a
 * descriptor that appends.  `sha256` is of the bytes that were signed, `n` counts from 1 in each run, `at` is the clock
 * when the message came:
 *
 *   {"at":"2026-11-20T02:00:00Z","kid":"37a4504d","n":1,"number":1,"purpose":"cose","role":"issuing","sha256":"…"}
 *
 * A run begins with what the process could still do when it was tried (sandbox.h):
 *
 *   {"at":"…","denied":["open","socket","fork","exec","ptrace"],"landlock":7,"memory_locked":true,"purpose":"start",
 *    "wide":false}
 */
struct audit {
	int fd;
	const struct env *env;
	uint64_t n;
	struct buf lines; /* not yet written */
};

void audit_begin(struct audit *a, int fd, const struct env *env);
void audit_end(struct audit *a);

/* For signer_audited: self is a struct audit.  One thread at a time. */
bool audit_line(void *self, const struct signer_event *event, struct err *e) MUST_CHECK;

void audit_start(struct audit *a, const struct sandbox_report *report);

/* Write what is waiting; when that fails, nothing it was for may leave. */
bool audit_flush(struct audit *a, struct err *e) MUST_CHECK;

#endif
