/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

#include "base/pool.h"
#include "fixture.h"
#include "keys/minisign.h"
#include "keys/vault.h"

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
