/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include <errno.h>
#include <locale.h>
#include <seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

#include "base/pool.h"
#include "fixture.h"
#include "keys/keeper.h"
#include "keys/minisign.h"
#include "keys/vault.h"
#include "keys/wire.h"

/* A home of every role, unlocked in a signer process. */
struct desk {
	struct still world;
	char dir[64];
	int audit;
	struct signer *signer;
	struct sandbox_report report;
	pid_t pid;
	unsigned char seed[32], home[32];
};

static bool not_root(void *self, const struct keyfile *key)
{
	(void)self;
	return key->role != ROLE_ROOT;
}

/* The one child of this process. */
static pid_t child_pid(void)
{
	char path[64], text[64] = "";
	int fd;

	(void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		abort();
	close(fd);
	return (pid_t)strtol(text, NULL, 10);
}

static void desk_keys(struct desk *d, struct kek *kek)
{
	static const struct {
		enum key_role role;
		unsigned number, version;
	} rows[] = { { ROLE_ISSUING, 1, 0 }, { ROLE_ISSUING, 3, 0 },  { ROLE_STATUS, 0, 0 },
		     { ROLE_LOG, 0, 0 },     { ROLE_MANIFEST, 0, 0 }, { ROLE_ROOT, 1, 0 },
		     { ROLE_HOME, 0, 1 } };
	struct err e;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct keyfile key = { .role = rows[i].role,
				       .number = rows[i].number,
				       .version = rows[i].version };

		OK(keyfile_create(d->dir, kek, &d->world.env, &key, &e), e);
		if (i == 0)
			OK(keyfile_open(d->dir, kek, &key, d->seed, &e), e);
		if (key.role == ROLE_HOME)
			OK(keyfile_open(d->dir, kek, &key, d->home, &e), e);
	}
}

static bool desk_open(struct desk *d, struct str with, struct err *e)
{
	const struct ring_filter filter = { NULL, not_root };
	struct vault_order order = {
		.keys_dir = d->dir, .filter = &filter, .audit = d->audit, .env = &d->world.env
	};
	struct secret passphrase;
	bool ok;

	OK(secret_new(with.n, &passphrase, e), *e);
	memcpy(passphrase.p, with.p, with.n);
	order.passphrase = &passphrase;
	ok = vault_open(&order, &d->signer, &d->report, e);
	if (ok)
		EQ_STR(secret_view(&passphrase), with); /* the child wiped its own copy only */
	secret_free(&passphrase);
	d->pid = ok ? child_pid() : 0;
	return ok;
}

static void desk_new(struct desk *d)
{
	struct kek *kek;
	struct err e;
	char path[96];

	*d = (struct desk){ .audit = -1 };
	kek = home_new(d->dir, &d->world);
	desk_keys(d, kek);
	kek_free(kek);
	(void)snprintf(path, sizeof path, "%s/audit", d->dir);
	d->audit = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	OK(desk_open(d, credential, &e), e);
}

static void desk_free(struct desk *d)
{
	signer_free(d->signer);
	close(d->audit);
	folder_free(d->dir);
}

#define AAD STR("hufu/1/cert\0verify.example.org")

/* A token's header under the key's kid. */
static struct str header_of(const struct ed25519_public *key, unsigned char out[9])
{
	memcpy(out, "\xa2\x01\x27\x04\x44", 5);
	ed25519_kid(key, out + 5);
	return str_bytes(out, 9);
}

static bool cose_verify(const struct ed25519_public *key, struct str header, struct str payload,
			const unsigned char signature[64])
{
	struct buf tbs = buf_empty(1024);
	bool ok;

	buf_c(&tbs, "\x84\x6aSignature1\x49");
	buf_str(&tbs, header);
	buf_c(&tbs, "\x58\x1e");
	buf_str(&tbs, AAD);
	buf_byte(&tbs, (unsigned char)(0x40 + payload.n));
	buf_str(&tbs, payload);
	ok = !tbs.failed && ed25519_verify(key, buf_view(&tbs), signature);
	buf_free(&tbs);
	return ok;
}

TEST(a_signer_process_signs_what_a_ring_signs)
{
	const struct str payload = STR("\x8b\x01\x01rest"), parts[] = { STR("hufu/1/x"), STR("y") };
	unsigned char header[9], out[64], again[64];
	struct ed25519_public key, other;
	struct signer *ring = NULL;
	struct ring_seed seeds[2] = { { .role = ROLE_ISSUING, .number = 1 },
				      { .role = ROLE_HOME } };
	struct desk d;
	struct err e;

	desk_new(&d);
	memcpy(seeds[0].seed, d.seed, 32);
	memcpy(seeds[1].seed, d.home, 32);
	OK(ring_of_seeds(seeds, 2, &ring, &e), e);
	OK(signer_public(d.signer, ROLE_ISSUING, 1, &key, &e), e);
	OK(signer_public(ring, ROLE_ISSUING, 1, &other, &e), e);
	EQ_BYTES(key.bytes, other.bytes, 32);
	OK(signer_cose(d.signer, ROLE_ISSUING, 1, header_of(&key, header), AAD, payload, out, &e),
	   e);
	OK(signer_cose(ring, ROLE_ISSUING, 1, header_of(&key, header), AAD, payload, again, &e), e);
	EQ_BYTES(out, again, 64);
	CHECK(cose_verify(&key, header_of(&key, header), payload, out));
	OK(signer_hmac256(d.signer, parts, 2, out, &e), e);
	OK(signer_hmac256(ring, parts, 2, again, &e), e);
	EQ_BYTES(out, again, 32);
	OK(signer_hmac512(d.signer, parts, 2, out, &e), e);
	OK(signer_hmac512(ring, parts, 2, again, &e), e);
	EQ_BYTES(out, again, 64);
	signer_free(ring);
	desk_free(&d);
}

#ifdef SANDBOX_NONE
static const bool is_locked = false;
#else
static const bool is_locked = true;
#endif

TEST(the_lock_was_tried_and_held)
{
	struct desk d;

	desk_new(&d);
	EQ_INT(d.report.open_denied, is_locked);
	EQ_INT(d.report.socket_denied, is_locked);
	EQ_INT(d.report.fork_denied, is_locked);
	EQ_INT(d.report.exec_denied, is_locked);
	EQ_INT(d.report.ptrace_denied, is_locked);
	CHECK(d.report.landlock_holds == (d.report.landlock > 0));
	desk_free(&d);
}

static void status_line(pid_t pid, const char *name, char out[64])
{
	char path[64], text[4096] = "";
	const char *at;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		abort();
	close(fd);
	at = strstr(text, name);
	(void)snprintf(out, 64, "%.*s", at == NULL ? 0 : (int)strcspn(at, "\n"),
		       at == NULL ? "" : at);
}

TEST(the_kernel_says_the_same_of_the_signer_process)
{
	char line[64], path[64], limits[4096] = "";
	struct desk d;
	int fd;

	if (!is_locked)
		return;
	desk_new(&d);
	status_line(d.pid, "Seccomp:", line);
	EQ_C(line, "Seccomp:\t2");
	status_line(d.pid, "NoNewPrivs:", line);
	EQ_C(line, "NoNewPrivs:\t1");
	status_line(d.pid, "Name:", line);
	EQ_C(line, "Name:\thufu-signer");
	(void)snprintf(path, sizeof path, "/proc/%d/limits", (int)d.pid);
	fd = open(path, O_RDONLY);
	if (fd >= 0) {
		CHECK(read(fd, limits, sizeof limits - 1) > 0);
		close(fd);
		CHECK(strstr(limits, "Max core file size        0                    0 ") != NULL);
	}
	desk_free(&d);
}

/* How often `masked` (each byte XOR 0x55) stands in a process's memory, in pages that are locked and in others. */
static bool memory_search(pid_t pid, const unsigned char masked[32], int *locked, int *loose)
{
	char path[64], line[512];
	unsigned long from = 0, to = 0;
	bool readable = false;
	int counts[2] = { 0, 0 }, fd;
	FILE *maps;

	(void)snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	fd = open(path, O_RDONLY);
	(void)snprintf(path, sizeof path, "/proc/%d/smaps", (int)pid);
	maps = fopen(path, "r");
	if (fd < 0 || maps == NULL)
		return false;
	while (fgets(line, sizeof line, maps) != NULL) {
		unsigned long low, high;
		char rights[8] = "";
		unsigned char *p;
		ssize_t n;

		if (sscanf(line, "%lx-%lx %7s", &low, &high, rights) == 3) {
			from = low;
			to = high;
			readable = rights[0] == 'r' && to - from <= 256UL * 1024 * 1024;
			continue;
		}
		if (strncmp(line, "VmFlags:", 8) != 0 || !readable)
			continue;
		p = malloc(to - from);
		n = p == NULL ? -1 : pread(fd, p, to - from, (off_t)from);
		for (ssize_t i = 0; i + 32 <= n; i++) {
			int same = 0;

			while (same < 32 && p[i + same] == (masked[same] ^ 0x55))
				same++;
			if (same == 32)
				counts[strstr(line, " lo") != NULL]++;
		}
		if (p != NULL)
			secret_wipe(p, to - from);
		free(p);
	}
	fclose(maps);
	close(fd);
	*loose = counts[0];
	*locked = counts[1];
	return true;
}

/* Keys made by another process, so that this one has never seen them; their seeds come masked. */
static bool strangers_home(const char *dir, unsigned char masked[2][32])
{
	int ends[2], status = -1;
	bool got;
	pid_t pid;

	if (pipe(ends) != 0)
		abort();
	pid = fork();
	if (pid == 0) {
		struct keyfile keys[2] = { { .role = ROLE_LOG },
					   { .role = ROLE_HOME, .version = 1 } };
		struct kek *kek = NULL;
		unsigned char seed[32];
		struct err e;

		if (!kek_create(dir, KEK_RAW, credential, &env_system, &kek, &e))
			_exit(1);
		for (int i = 0; i < 2; i++) {
			if (!keyfile_create(dir, kek, &env_system, &keys[i], &e) ||
			    !keyfile_open(dir, kek, &keys[i], seed, &e))
				_exit(1);
			for (int k = 0; k < 32; k++)
				seed[k] ^= 0x55;
			if (write(ends[1], seed, 32) != 32)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	got = read(ends[0], masked[0], 32) == 32 && read(ends[0], masked[1], 32) == 32;
	close(ends[0]);
	return waitpid(pid, &status, 0) == pid && status == 0 && got;
}

TEST(a_private_key_stands_on_locked_pages_of_the_signer_process_and_nowhere_else)
{
	struct desk d = { .audit = -1 };
	unsigned char masked[2][32], out[64];
	const struct str part = STR("hufu/1/x");
	int locked, loose;
	struct err e;

	OK(ed25519_start(&e), e);
	still_new(&d.world);
	folder_new(d.dir);
	CHECK(strangers_home(d.dir, masked));
	d.audit = open("/dev/null", O_WRONLY | O_CLOEXEC);
	OK(desk_open(&d, credential, &e), e);
	for (int i = 0; i < 100; i++) {
		OK(signer_note(d.signer, ROLE_LOG, 0, STR("a note\n"), out, &e), e);
		OK(signer_hmac256(d.signer, &part, 1, out, &e), e);
		OK(signer_hmac512(d.signer, &part, 1, out, &e), e);
	}
	for (int i = 0; i < 2; i++) {
		/* Only root may look into a process that forbids dumps. */
		if (!memory_search(d.pid, masked[i], &locked, &loose)) {
			CHECK(geteuid() != 0);
			continue;
		}
		/* A sanitizer's mlock says yes and does nothing. */
		CHECK(locked == 1 || !d.report.memory_locked || d.report.wide);
		EQ_INT(locked + loose, 1);
		CHECK(memory_search(getpid(), masked[i], &locked, &loose));
		EQ_INT(locked + loose, 0);
	}
	desk_free(&d);
}

TEST(a_request_the_signer_would_refuse_is_refused_in_the_signer_process)
{
	const struct str token = STR("\x8b\x01\x01rest"), letter = STR("\x8b\x01\x03rest");
	unsigned char header[9], out[64] = { 0 }, none[64] = { 0 };
	const struct str plain[] = { STR("no label") };
	const struct str digest[] = { STR("short"), STR("comment") };
	struct ed25519_public key;
	struct desk d;
	struct err e;

	desk_new(&d);
	OK(signer_public(d.signer, ROLE_ISSUING, 1, &key, &e), e);
	const struct {
		enum signer_op op;
		enum key_role role;
		unsigned number;
		struct str parts[3];
		size_t count;
	} bad[] = {
		{ SIGNER_COSE, ROLE_ISSUING, 1, { header_of(&key, header), AAD, letter }, 3 },
		{ SIGNER_COSE, ROLE_ISSUING, 3, { header_of(&key, header), AAD, token }, 3 },
		{ SIGNER_COSE, ROLE_ISSUING, 1, { header_of(&key, header), STR(""), token }, 3 },
		{ SIGNER_COSE, ROLE_ISSUING, 1, { STR("\xa0"), AAD, token }, 3 },
		{ SIGNER_COSE, ROLE_LOG, 0, { header_of(&key, header), AAD, token }, 3 },
		{ SIGNER_COSE, ROLE_HOME, 0, { header_of(&key, header), AAD, token }, 3 },
		{ SIGNER_COSE, ROLE_ISSUING, 1, { token }, 1 },
		{ SIGNER_COSE, ROLE_ISSUING, 1, { STR("") }, 0 },
		{ SIGNER_NOTE, ROLE_ISSUING, 1, { STR("note\n") }, 1 },
		{ SIGNER_NOTE, ROLE_LOG, 0, { STR("no end") }, 1 },
		{ SIGNER_NOTE, ROLE_ROOT, 1, { STR("note\n") }, 1 }, /* locked */
		{ SIGNER_POP, ROLE_LOG, 0, { STR("Not A Domain") }, 1 },
		{ SIGNER_MINISIGN, ROLE_LOG, 0, { digest[0], digest[1] }, 2 },
		{ SIGNER_MINISIGN, ROLE_MANIFEST, 0, { digest[0], digest[1] }, 2 },
		{ SIGNER_HMAC256, ROLE_HOME, 0, { plain[0] }, 1 },
		{ SIGNER_HMAC256, ROLE_LOG, 0, { STR("hufu/1/x") }, 1 },
		{ SIGNER_HMAC512, ROLE_HOME, 0, { STR("") }, 0 },
		{ SIGNER_SELECT, ROLE_LOG, 0, { STR("short") }, 1 },
	};

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct signer_job job = { .op = bad[i].op,
					  .role = bad[i].role,
					  .number = bad[i].number,
					  .parts = bad[i].parts,
					  .part_count = bad[i].count };

		if (signer_run(d.signer, &job, 1, &e) || job.done)
			EQ_INT(i, -1);
		EQ_BYTES(job.out, none, 64);
	}
	/* And it is there for the next. */
	OK(signer_note(d.signer, ROLE_LOG, 0, STR("note\n"), out, &e), e);
	desk_free(&d);
}

TEST(many_jobs_share_messages_and_one_that_fails_is_named)
{
	enum { JOBS = 700 };
	const struct str note = STR("note\n"), none = STR("no end"), big = STR("hufu/1/x");
	struct signer_job *jobs = calloc(JOBS, sizeof *jobs);
	struct str large = { calloc(1, 2 * 1024 * 1024), 2 * 1024 * 1024 };
	struct ed25519_public key;
	struct desk d;
	struct err e;

	desk_new(&d);
	OK(signer_public(d.signer, ROLE_LOG, 0, &key, &e), e);
	for (int i = 0; i < JOBS; i++)
		jobs[i] = (struct signer_job){ .op = i % 2 ? SIGNER_NOTE : SIGNER_HMAC512,
					       .role = i % 2 ? ROLE_LOG : ROLE_HOME,
					       .parts = i % 2 ? &note : &big,
					       .part_count = 1 };
	OK(signer_run(d.signer, jobs, JOBS, &e), e);
	for (int i = 1; i < JOBS; i += 2) {
		CHECK(jobs[i].done && ed25519_verify(&key, note, jobs[i].out));
		EQ_BYTES(jobs[i].key.bytes, key.bytes, 32);
		EQ_BYTES(jobs[i - 1].out, jobs[0].out, 64);
	}
	jobs[5].parts = &none;
	CHECK(!signer_run(d.signer, jobs, 10, &e));
	EQ_C(e.cause, "not the text of a note");
	CHECK(!jobs[5].done);
	jobs[5].parts = &large;
	CHECK(!signer_run(d.signer, jobs, 10, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	OK(signer_run(d.signer, jobs, 5, &e), e);
	desk_free(&d);
	free((char *)(uintptr_t)large.p);
	free(jobs);
}

TEST(a_note_of_the_largest_size_and_a_file_are_signed)
{
	struct str body = { malloc(SIGNER_BODY_MAX), SIGNER_BODY_MAX };
	char *text = (char *)(uintptr_t)body.p;
	struct buf file = buf_empty(MINISIGN_FILE_MAX);
	struct ed25519_public key;
	unsigned char out[64];
	struct str comment;
	struct desk d;
	struct err e;

	desk_new(&d);
	memset(text, 'x', body.n);
	text[body.n - 1] = '\n';
	OK(signer_public(d.signer, ROLE_LOG, 0, &key, &e), e);
	OK(signer_note(d.signer, ROLE_LOG, 0, body, out, &e), e);
	CHECK(ed25519_verify(&key, body, out));
	OK(signer_public(d.signer, ROLE_MANIFEST, 0, &key, &e), e);
	OK(minisign_sign(d.signer, body, STR("a comment"), &file, &e), e);
	OK(minisign_verify(&key, body, buf_view(&file), &comment, &e), e);
	buf_free(&file);
	free(text);
	desk_free(&d);
}

TEST(a_signer_process_that_was_killed_is_an_error_and_stays_one)
{
	unsigned char out[64] = { 0 }, none[64] = { 0 };
	struct desk d;
	struct err e;

	desk_new(&d);
	CHECK(kill(d.pid, SIGKILL) == 0);
	for (int i = 0; i < 3; i++) {
		CHECK(!signer_note(d.signer, ROLE_LOG, 0, STR("note\n"), out, &e));
		EQ_INT(e.kind, ERR_SYSTEM);
		EQ_C(e.cause, "the signer process has ended; nothing more is signed");
	}
	EQ_BYTES(out, none, 64);
	desk_free(&d);
}

TEST(signals_of_the_terminal_do_not_end_it)
{
	unsigned char out[64];
	struct desk d;
	struct err e;

	desk_new(&d);
	CHECK(kill(d.pid, SIGINT) == 0 && kill(d.pid, SIGTERM) == 0 && kill(d.pid, SIGHUP) == 0);
	OK(signer_note(d.signer, ROLE_LOG, 0, STR("note\n"), out, &e), e);
	desk_free(&d);
}

TEST(a_wrong_passphrase_is_the_same_error_as_without_a_process)
{
	struct kek *kek = NULL;
	struct desk d;
	struct err e, plain;

	desk_new(&d);
	signer_free(d.signer);
	d.signer = NULL;
	CHECK(!kek_open(d.dir, other_credential, &kek, &plain));
	CHECK(!desk_open(&d, other_credential, &e));
	EQ_C(e.cause, plain.cause);
	EQ_INT(e.kind, plain.kind);
	desk_free(&d);
}

TEST(every_signature_has_its_line_in_the_audit_and_no_line_no_signature)
{
	static char text[64 * 1024];
	unsigned char out[64], digest[32];
	struct buf want = buf_empty(1024);
	struct ed25519_public key;
	const struct str part = STR("hufu/1/x");
	int ends[2];
	struct desk d;
	struct err e;
	size_t n;

	desk_new(&d);
	OK(signer_public(d.signer, ROLE_LOG, 0, &key, &e), e);
	OK(signer_hmac256(d.signer, &part, 1, out, &e), e);
	OK(signer_note(d.signer, ROLE_LOG, 0, STR("note\n"), out, &e), e);
	n = file_take(d.dir, "audit", text, sizeof text);
	CHECK(!is_locked ||
	      str_starts((struct str){ text, n },
			 STR("{\"at\":\"2026-11-20T02:00:00Z\",\"denied\":[\"open\",\"socket\","
			     "\"fork\",\"exec\",\"ptrace\"],\"landlock\":")));
	buf_c(&want, "{\"at\":\"2026-11-20T02:00:00Z\",\"kid\":\"");
	ed25519_kid(&key, digest);
	enc_hex(&want, digest, 4);
	buf_c(&want, "\",\"n\":1,\"number\":0,\"purpose\":\"note\",\"role\":\"log\",\"sha256\":\"");
	sha256_of(STR("note\n"), digest);
	enc_hex(&want, digest, 32);
	buf_c(&want, "\"}\n");
	CHECK(str_ends((struct str){ text, n }, buf_view(&want)));
	signer_free(d.signer);
	close(d.audit);
	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	d.audit = ends[1];
	/* In a locale whose catalogue of messages would have to be opened. */
	CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
	OK(desk_open(&d, credential, &e), e);
	CHECK(setlocale(LC_ALL, "C") != NULL);
	OK(signer_note(d.signer, ROLE_LOG, 0, STR("note\n"), out, &e), e);
	close(ends[0]); /* the audit is lost */
	memset(out, 0, sizeof out);
	CHECK(!signer_note(d.signer, ROLE_LOG, 0, STR("note\n"), out, &e));
	CHECK(strncmp(e.cause, "the signer cannot write its audit", 33) == 0);
	memset(digest, 0, sizeof digest);
	EQ_BYTES(out, digest, 32);
	CHECK(!signer_note(d.signer, ROLE_LOG, 0, STR("note\n"), out, &e));
	buf_free(&want);
	desk_free(&d);
}

TEST(of_two_keys_the_selected_one_signs)
{
	struct keyfile old = { .role = ROLE_LOG }, new = { .role = ROLE_LOG };
	struct ed25519_public key;
	unsigned char out[64];
	struct kek *kek = NULL;
	struct desk d;
	struct err e;

	desk_new(&d);
	signer_free(d.signer);
	OK(kek_open(d.dir, credential, &kek, &e), e);
	d.world.now -= 3600;
	OK(keyfile_create(d.dir, kek, &d.world.env, &old, &e), e);
	d.world.now += 7200;
	OK(keyfile_create(d.dir, kek, &d.world.env, &new, &e), e);
	kek_free(kek);
	OK(desk_open(&d, credential, &e), e);
	OK(signer_public(d.signer, ROLE_LOG, 0, &key, &e), e);
	EQ_BYTES(key.bytes, new.public.bytes, 32);
	OK(signer_select(d.signer, ROLE_LOG, 0, &old.public, &e), e);
	OK(signer_public(d.signer, ROLE_LOG, 0, &key, &e), e);
	EQ_BYTES(key.bytes, old.public.bytes, 32);
	OK(signer_note(d.signer, ROLE_LOG, 0, STR("note\n"), out, &e), e);
	CHECK(ed25519_verify(&old.public, STR("note\n"), out));
	CHECK(!signer_select(d.signer, ROLE_STATUS, 0, &old.public, &e));
	EQ_C(e.code, "NO-KEY");
	CHECK(!signer_select(d.signer, ROLE_ISSUING, 9, &old.public, &e));
	desk_free(&d);
}

struct crowd {
	struct signer *signer;
	struct ed25519_public key;
	unsigned char header[9];
	int left;
	pid_t victim; /* killed when half is done; 0: nobody */
	int half;
	atomic_int wrong, refused;
};

enum { CROWD_JOB = 100 };

static bool crowd_feed(void *ctx, void *job, bool *end, struct err *e)
{
	struct crowd *c = ctx;

	(void)job, (void)e;
	*end = c->left <= 0;
	c->left -= CROWD_JOB;
	if (c->victim > 0 && c->left == c->half)
		(void)kill(c->victim, SIGKILL);
	return true;
}

static bool crowd_work(void *ctx, int worker, void *job, struct err *e)
{
	struct crowd *c = ctx;
	unsigned char payload[16] = "\x8b\x01\x01", out[64];

	(void)job, (void)e;
	for (int i = 0; i < CROWD_JOB; i++) {
		struct err why;

		payload[3] = (unsigned char)worker;
		payload[4] = (unsigned char)i;
		if (!signer_cose(c->signer, ROLE_ISSUING, 1, str_bytes(c->header, 9), AAD,
				 str_bytes(payload, sizeof payload), out, &why))
			atomic_fetch_add(&c->refused, 1);
		else if (!cose_verify(&c->key, str_bytes(c->header, 9),
				      str_bytes(payload, sizeof payload), out))
			atomic_fetch_add(&c->wrong, 1);
	}
	return true;
}

static bool crowd_collect(void *ctx, void *job, struct err *e)
{
	(void)ctx, (void)job, (void)e;
	return true;
}

static void crowd_run(struct crowd *c, struct desk *d, int count)
{
	const struct pool_plan plan = { .ctx = c,
					.job_size = 1,
					.workers = 8,
					.feed = crowd_feed,
					.work = crowd_work,
					.collect = crowd_collect };
	struct err e;

	c->signer = d->signer;
	c->left = count;
	OK(signer_public(d->signer, ROLE_ISSUING, 1, &c->key, &e), e);
	(void)header_of(&c->key, c->header);
	OK(pool_run(&plan, &e), e);
}

#ifdef SANDBOX_NONE /* valgrind: the same, in its time */
enum { CROWD = 800 };
#else
enum { CROWD = 80000 };
#endif

TEST(eight_threads_sign_at_once_and_every_signature_verifies)
{
	struct crowd c = { .wrong = 0 };
	struct desk d;

	desk_new(&d);
	crowd_run(&c, &d, CROWD);
	EQ_INT(c.wrong, 0);
	EQ_INT(c.refused, 0);
	desk_free(&d);
}

TEST(a_signer_process_killed_under_eight_threads_never_gives_a_wrong_signature)
{
	struct crowd c = { .half = CROWD / 20 };
	struct desk d;

	desk_new(&d);
	c.victim = d.pid;
	crowd_run(&c, &d, CROWD / 10);
	EQ_INT(c.wrong, 0);
	CHECK(c.refused >= CROWD / 20 - 8 * CROWD_JOB);
	desk_free(&d);
}

static bool seeds_open(void *self, struct signer **out, struct err *e)
{
	static const struct ring_seed seed = { .role = ROLE_LOG, .seed = { 1 } };

	(void)self;
	return ring_of_seeds(&seed, 1, out, e);
}

/* A signer process whose socket this test holds itself; *fd is ready to be written to. */
static pid_t keeper_raw(int *fd)
{
	const struct process_plan plan = { .open = seeds_open,
					   .profile = SANDBOX_STRICT,
					   .audit = open("/dev/null", O_WRONLY | O_CLOEXEC),
					   .env = &env_system };
	unsigned char ready[1024];
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		abort();
	pid = fork();
	if (pid == 0)
		keeper_live(&plan, pair[1]);
	close(pair[1]);
	close(plan.audit);
	if (read(pair[0], ready, sizeof ready) < WIRE_HEAD)
		abort();
	*fd = pair[0];
	return pid;
}

TEST(garbage_on_the_socket_ends_the_signer_process_without_an_answer)
{
	const struct str garbage[] = {
		STR("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
		STR("HUFS\x02\x01\x00\x01\x00\x00\x00\x01\x00\x00\x00\x08"),
		STR("HUFS\x01\x02\x00\x01\x00\x00\x00\x01\x00\x00\x00\x08"),
		STR("HUFS\x01\x09\x00\x01\x00\x00\x00\x01\x00\x00\x00\x08"),
		STR("HUFS\x01\x01\xff\xff\x00\x00\x00\x01\x00\x00\x00\x08"),
		STR("HUFS\x01\x01\x00\x01\x00\x00\x00\x01\xff\xff\xff\xff"),
		STR("HUFS\x01\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"),
		STR("HUFS\x01\x01\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00"),
		/* no op, no role, seventeen parts, a part longer than the message, one job too few, one too many bytes */
		STR("HUFS\x01\x01\x00\x01\x00\x00\x00\x01\x00\x00\x00\x08\x00\x03\0\0\0\0\0\0"),
		STR("HUFS\x01\x01\x00\x01\x00\x00\x00\x01\x00\x00\x00\x08\x02\x09\0\0\0\0\0\0"),
		STR("HUFS\x01\x01\x00\x01\x00\x00\x00\x01\x00\x00\x00\x08\x02\x03\0\0\0\0\0\x11"),
		STR("HUFS\x01\x01\x00\x01\x00\x00\x00\x01\x00\x00\x00\x0c\x02\x03\0\0\0\0\0\x01"
		    "\xff\xff\xff\xff"),
		STR("HUFS\x01\x01\x00\x02\x00\x00\x00\x01\x00\x00\x00\x08\x02\x03\0\0\0\0\0\0"),
		STR("HUFS\x01\x01\x00\x01\x00\x00\x00\x01\x00\x00\x00\x09\x02\x03\0\0\0\0\0\0x"),
	};
	struct err e;

	OK(ed25519_start(&e), e);
	for (size_t i = 0; i < COUNT_OF(garbage); i++) {
		unsigned char answer[256];
		int fd, status = 0;
		pid_t pid = keeper_raw(&fd);

		CHECK(write(fd, garbage[i].p, garbage[i].n) == (ssize_t)garbage[i].n);
		CHECK(read(fd, answer, sizeof answer) <= 0); /* reset, when bytes were left */
		close(fd);
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	}
}

/* Is there no such process, or only its name? */
static bool is_gone(pid_t pid)
{
	char path[64], text[256] = "";
	const char *state;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return true;
	if (read(fd, text, sizeof text - 1) < 0)
		text[0] = '\0';
	close(fd);
	state = strrchr(text, ')');
	return state == NULL || state[1] == '\0' || state[2] == 'Z' || state[2] == 'X';
}

TEST(the_signer_process_ends_with_a_parent_that_was_killed)
{
	const struct timespec tick = { .tv_nsec = 10 * 1000 * 1000 };
	struct desk d;
	int ends[2], status, patience = 500;
	pid_t parent, child = 0;

	desk_new(&d);
	signer_free(d.signer);
	d.signer = NULL;
	if (pipe(ends) != 0)
		abort();
	parent = fork();
	if (parent == 0) {
		struct err e;

		if (!desk_open(&d, credential, &e) ||
		    write(ends[1], &d.pid, sizeof d.pid) != (ssize_t)sizeof d.pid)
			_exit(1);
		(void)kill(getpid(), SIGKILL);
	}
	close(ends[1]);
	CHECK(read(ends[0], &child, sizeof child) == (ssize_t)sizeof child && child > 0);
	close(ends[0]);
	CHECK(waitpid(parent, &status, 0) == parent && WIFSIGNALED(status));
	while (!is_gone(child) && patience-- > 0)
		nanosleep(&tick, NULL);
	CHECK(is_gone(child));
	desk_free(&d);
}

static bool root_lose(struct desk *d)
{
	DIR *dir = opendir(d->dir);
	struct dirent *entry;

	if (geteuid() != 0)
		return true;
	if (dir == NULL || chown(d->dir, 65534, 65534) != 0)
		return false;
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
		    fchownat(dirfd(dir), entry->d_name, 65534, 65534, 0) != 0)
			return false;
	closedir(dir);
	return setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0;
}

/* As a kernel without it, or a container that hides it. */
static bool landlock_lose(struct desk *d)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool ok = filter != NULL &&
		  seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS),
					 SCMP_SYS(landlock_create_ruleset), 0, NULL) == 0 &&
		  seccomp_load(filter) == 0;

	(void)d;
	seccomp_release(filter);
	return ok;
}

/* In a process of its own, because there is no way back.  The Landlock it found, -1 when it could not sign. */
static int works_after(bool (*loss)(struct desk *d))
{
	struct desk d;
	int status = -1;
	pid_t pid;

	desk_new(&d);
	signer_free(d.signer);
	d.signer = NULL;
	pid = fork();
	if (pid == 0) {
		unsigned char out[64];
		struct err e;
		bool ok = loss(&d) && desk_open(&d, credential, &e) &&
			  d.report.open_denied == is_locked &&
			  d.report.landlock_holds == (d.report.landlock > 0) &&
			  signer_note(d.signer, ROLE_LOG, 0, STR("note\n"), out, &e);

		signer_free(d.signer);
		_exit(ok ? d.report.landlock : 255);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	desk_free(&d);
	return !WIFEXITED(status) || WEXITSTATUS(status) == 255 ? -1 : WEXITSTATUS(status);
}

TEST(it_works_without_root)
{
	CHECK(works_after(root_lose) >= 0);
}

TEST(it_works_without_landlock_and_says_so)
{
	EQ_INT(works_after(landlock_lose), 0);
}
