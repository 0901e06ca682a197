/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall, close_range, CLONE_THREAD */
#include "keys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "keys/secret.h"

/* Sanitizers map shadow memory, valgrind makes code: the strict list would end them at their first breath. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(SANDBOX_NONE)
#define WIDE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WIDE 1
#endif
#endif
#ifndef WIDE
#define WIDE 0
#endif
#ifdef SANDBOX_NONE
#define NONE 1
#else
#define NONE 0
#endif

enum { PARKED = 10 /* where descriptors wait while 0 to 4 are filled */ };

static bool limit(int what, rlim_t most, struct err *e)
{
	const struct rlimit none = { most, most };

	return setrlimit((__rlimit_resource_t)what, &none) == 0 ||
	       err_errno(e, "cannot set a limit of the signer process");
}

/* Whatever descriptors the parent had, these two and /dev/null are all that stay. */
static bool descriptors_keep(int sock, int audit, enum sandbox_profile profile, struct err *e)
{
	int parked_socket = fcntl(sock, F_DUPFD_CLOEXEC, PARKED);
	int parked_audit = fcntl(audit, F_DUPFD_CLOEXEC, PARKED);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool quiet = profile == SANDBOX_STRICT && !WIDE;

	if (parked_socket < 0 || parked_audit < 0 || null < 0)
		return err_errno(e, "cannot keep the descriptors of the signer process");
	if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || (quiet && dup2(null, 2) < 0) ||
	    dup3(parked_socket, SANDBOX_SOCKET, O_CLOEXEC) < 0 ||
	    dup3(parked_audit, SANDBOX_AUDIT, O_CLOEXEC) < 0)
		return err_errno(e, "cannot place the descriptors of the signer process");
	return close_range(SANDBOX_AUDIT + 1, ~0U, 0) == 0 ||
	       err_errno(e, "cannot close the parent's descriptors");
}

bool sandbox_begin(int sock, int audit, enum sandbox_profile profile, struct err *e)
{
	/* The end of the socket ends it, so that a graceful parent is not robbed of its signer by ^C. */
	static const int deaf[] = { SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGPIPE, SIGTSTP };

	for (size_t i = 0; i < COUNT_OF(deaf); i++)
		(void)signal(deaf[i], SIG_IGN);
	(void)prctl(PR_SET_NAME, "hufu-signer", 0, 0, 0);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_errno(e, "cannot forbid dumps of the signer process");
	return limit(RLIMIT_CORE, 0, e) && descriptors_keep(sock, audit, profile, e);
}

/* Linux 6.12's attributes; an older ABI is told a shorter size. */
struct ruleset {
	uint64_t fs, net, scoped;
};

static uint64_t bits(unsigned n)
{
	return ((uint64_t)1 << n) - 1;
}

/* Deny the whole file system, TCP and signals to others as far as the kernel's ABI knows them; a device: programs only. */
static void landlock_restrict(enum sandbox_profile profile, struct sandbox_report *report)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset rules = { .fs = LANDLOCK_ACCESS_FS_EXECUTE };
	size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	long ruleset;

	if (abi < 1)
		return;
	if (profile == SANDBOX_STRICT) {
		/* ABI 1 knows 13 rights on files; 2, 3 and 5 added one each. */
		rules.fs = bits(13u + (abi >= 2 ? 1 : 0) + (abi >= 3 ? 1 : 0) + (abi >= 5 ? 1 : 0));
		rules.net = abi >= 4 ? bits(2) : 0;
		rules.scoped = abi >= 6 ? bits(2) : 0;
	}
	ruleset = syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (ruleset < 0)
		return;
	if (syscall(SYS_landlock_restrict_self, (int)ruleset, 0) == 0)
		report->landlock = (unsigned char)(abi < 255 ? abi : 255);
	(void)close((int)ruleset);
}

/* Does a call fail, and fail so?  What it would have made is undone. */
static bool fails(long result, int why)
{
	if (result < 0)
		return errno == why;
	return false;
}

static bool open_fails(int why)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool failed = fails(fd, why);

	if (fd >= 0)
		(void)close(fd);
	return failed;
}

static bool socket_fails(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool failed = fails(fd, EPERM);

	if (fd >= 0)
		(void)close(fd);
	return failed;
}

static bool fork_fails(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return fails(pid, EPERM);
}

static void probe(struct sandbox_report *r)
{
	char name[] = "", *const none[] = { name, NULL };

	r->open_denied = open_fails(EPERM);
	r->socket_denied = socket_fails();
	r->fork_denied = fork_fails();
	/* Were programs allowed, an empty name would be ENOENT. */
	r->exec_denied = fails(syscall(SYS_execve, "", none, none), EPERM);
	r->ptrace_denied = fails(syscall(SYS_ptrace, 0 /* PTRACE_TRACEME */, 0, NULL, NULL), EPERM);
}

/* Calls that fail with EPERM, so that a library that tries one gets an answer and the self-test can ask. */
static const int never[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(bpf),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(mount),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
};
static const int never_strict[] = {
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(openat2),
	SCMP_SYS(creat),
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(kill),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat2),
	SCMP_SYS(io_uring_setup),
	/* What the C library tries when it puts a cause into words: message catalogues of the locale. */
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getcwd),
	SCMP_SYS(lseek),
	SCMP_SYS(ioctl),
	SCMP_SYS(fcntl),
	SCMP_SYS(read),
	SCMP_SYS(getdents64),
};
/* What receiving, hashing, signing and ending need. */
static const int always[] = {
	SCMP_SYS(exit),    SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),  SCMP_SYS(restart_syscall),
	SCMP_SYS(futex),   SCMP_SYS(brk),        SCMP_SYS(munmap),        SCMP_SYS(mremap),
	SCMP_SYS(madvise), SCMP_SYS(time),       SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
	SCMP_SYS(close),   SCMP_SYS(getpid),     SCMP_SYS(gettid),        SCMP_SYS(sched_yield),
};

static int rules_add(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
	int bad = 0;

	for (size_t i = 0; i < count && bad == 0; i++)
		bad = seccomp_rule_add_array(filter, action, calls[i], 0, NULL);
	return bad;
}

static int rule_add(scmp_filter_ctx filter, uint32_t action, int call, struct scmp_arg_cmp when)
{
	return seccomp_rule_add_array(filter, action, call, 1, &when);
}

/* Argument `arg` and `mask`, is `value`. */
static struct scmp_arg_cmp masked(unsigned arg, uint64_t mask, uint64_t value)
{
	return (struct scmp_arg_cmp){
		.arg = arg, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value
	};
}

static int strict_add(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_code = masked(2, PROT_EXEC, 0);
	const struct scmp_arg_cmp of_no_file[] = {
		no_code,
		masked(3, MAP_ANONYMOUS, MAP_ANONYMOUS),
	};
	const struct {
		int call;
		struct scmp_arg_cmp when;
	} some[] = {
		{ SCMP_SYS(recvfrom), masked(0, UINT32_MAX, SANDBOX_SOCKET) },
		{ SCMP_SYS(sendto), masked(0, UINT32_MAX, SANDBOX_SOCKET) },
		{ SCMP_SYS(write), masked(0, UINT32_MAX, SANDBOX_AUDIT) },
		{ SCMP_SYS(mprotect), no_code },
	};
	int bad = rules_add(filter, SCMP_ACT_ALLOW, always, COUNT_OF(always));

	for (size_t i = 0; i < COUNT_OF(some) && bad == 0; i++)
		bad = rule_add(filter, SCMP_ACT_ALLOW, some[i].call, some[i].when);
	if (bad != 0)
		return bad;
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), COUNT_OF(of_no_file),
				      of_no_file);
}

/* Threads are not processes: clone with CLONE_THREAD may stay; clone3 hides its flags in memory, so it "is not there". */
static int device_add(scmp_filter_ctx filter)
{
	int bad = rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone),
			   masked(0, CLONE_THREAD, 0));

	return bad ? bad
		   : seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0,
					    NULL);
}

static bool seccomp_enter(enum sandbox_profile profile, struct err *e)
{
	bool strict = profile == SANDBOX_STRICT, listed = strict && !WIDE;
	scmp_filter_ctx filter = seccomp_init(listed ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ALLOW);
	int bad = filter == NULL ? -ENOMEM : 0;

	if (bad == 0)
		bad = rules_add(filter, SCMP_ACT_ERRNO(EPERM), never, COUNT_OF(never));
	if (bad == 0 && strict)
		bad = rules_add(filter, SCMP_ACT_ERRNO(EPERM), never_strict,
				COUNT_OF(never_strict));
	if (bad == 0)
		bad = listed ? strict_add(filter) : strict ? 0 : device_add(filter);
	if (bad == 0)
		bad = seccomp_load(filter);
	seccomp_release(filter);
	errno = -bad;
	return bad == 0 || err_errno(e, "the signer process cannot lock itself in (seccomp)");
}

static bool report_check(enum sandbox_profile profile, const struct sandbox_report *r,
			 struct err *e)
{
	const struct {
		bool denied;
		const char *what;
	} calls[] = {
		{ r->fork_denied, "start processes" },
		{ r->exec_denied, "run programs" },
		{ r->ptrace_denied, "trace" },
		{ r->open_denied || profile == SANDBOX_DEVICE, "open files" },
		{ r->socket_denied || profile == SANDBOX_DEVICE, "open sockets" },
	};

	for (size_t i = 0; i < COUNT_OF(calls); i++)
		if (!calls[i].denied)
			return err_system(e, "the signer process could still %s after its lock",
					  calls[i].what);
	return true;
}

bool sandbox_lock(enum sandbox_profile profile, struct sandbox_report *report, struct err *e)
{
	*report = (struct sandbox_report){ .wide = WIDE, .memory_locked = secret_lockable() };
	if (NONE)
		return true;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_errno(e, "cannot give up new privileges");
	landlock_restrict(profile, report);
	if (profile == SANDBOX_STRICT)
		report->landlock_holds = report->landlock > 0 && open_fails(EACCES);
	if ((profile == SANDBOX_STRICT && !limit(RLIMIT_NPROC, 0, e)) ||
	    (profile == SANDBOX_STRICT && !WIDE && !limit(RLIMIT_NOFILE, 0, e)) ||
	    !seccomp_enter(profile, e))
		return false;
	probe(report);
	return report_check(profile, report, e);
}
