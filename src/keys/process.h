/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_PROCESS_H
#define HUFU_KEYS_PROCESS_H

#include "base/env.h"
#include "keys/sandbox.h"
#include "keys/signer.h"

struct roster;

/*
 * A signer in a process of its own: the child unlocks the keys and locks itself in (sandbox.h); this process never sees
 * one.  The child is a fork, so it is made before threads are, and it ends when this process does, however that ends.
 * Threads that sign at the same time share messages.
 */
struct process_plan {
	void *self; /* what `open` works on; inherited by the child, not shared with it */
	/* In the child, before its lock: unlock.  The signer is the child's; its audit and its jobs are the child's. */
	bool (*open)(void *self, struct signer **out, struct err *e);
	enum sandbox_profile profile;
	int audit; /* a descriptor that appends (audit.h); the caller may close it afterwards */
	const struct env *env; /* the clock of the audit's lines and of the guard */
	/* The child always signs letters under a guard (guard.h); officers NULL: there are none, and no letters. */
	const struct roster *officers;
	struct str issuer;
};

/*
 * Start it.  *out is the caller's (signer_free: the child ends, and is waited for).  What failed in the child fails here,
 * in the same words.  *report (NULL: not wanted) is what the child found by trying its lock.
 */
bool process_start(const struct process_plan *plan, struct signer **out,
		   struct sandbox_report *report, struct err *e) MUST_CHECK;

#endif
