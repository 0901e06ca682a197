/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_SANDBOX_H
#define HUFU_KEYS_SANDBOX_H

#include "base/attr.h"
#include "base/err.h"

/*
 * What a process that holds private keys gives up.  Linux: seccomp (libseccomp), Landlock where the kernel has it
 * (5.13 and later, and not shut off), resource limits, no dumps, no new privileges.  There is no way back.
 */

enum sandbox_profile {
	/*
	 * Nothing but to receive and send on SANDBOX_SOCKET, write to SANDBOX_AUDIT, manage memory that is not
	 * executable, read the clock, and end.  Opening, sockets, new processes, programs and tracing fail with EPERM;
	 * any other call kills the process.
	 */
	SANDBOX_STRICT,
	/*
	 * For libraries of a device, which need files, sockets and threads: no new process, no program, no tracing, no
	 * other process's memory (EPERM).
	 */
	SANDBOX_DEVICE
};

/* The descriptors a sandboxed process keeps; 0 and 1 are /dev/null, in the strict profile 2 too. */
enum { SANDBOX_SOCKET = 3, SANDBOX_AUDIT = 4 };

/* What was found by trying, after the lock: each true is a call that failed as it should. */
struct sandbox_report {
	bool open_denied, socket_denied, fork_denied, exec_denied, ptrace_denied;
	bool memory_locked;     /* secrets cannot reach the swap file */
	bool landlock_holds;    /* a file was denied by Landlock alone, before seccomp */
	unsigned char landlock; /* its ABI; 0: this kernel has none */
	bool wide; /* built for a sanitizer, whose own calls the strict list would kill, or for valgrind */
};

/*
 * First, before any secret: no core file, not dumpable and so not traceable by the same user, no signal of the terminal
 * ends it, and of all descriptors only `socket` and `audit` stay, at their places above.
 */
bool sandbox_begin(int socket, int audit, enum sandbox_profile profile, struct err *e) MUST_CHECK;

/*
 * Last, when all that must be opened is open: lock, and try the lock.  ERR_SYSTEM when the kernel refuses a part that
 * must be there, or a call went through that must not; a missing Landlock is in the report only.  Built for valgrind
 * (SANDBOX_NONE), which stands in for the kernel and has no seccomp, it locks nothing, and the report says so.
 */
bool sandbox_lock(enum sandbox_profile profile, struct sandbox_report *report,
		  struct err *e) MUST_CHECK;

#endif
