/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/ring.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/hash.h"
#include "keys/kek.h"

enum { SECRET = crypto_sign_SECRETKEYBYTES, LIST_WORK = 2 * 1024 * 1024 };

/* Public halves in plain memory; their secrets side by side in one locked block. */
struct ring_key {
	struct keyfile id;
	bool selected;
};

struct ring {
	size_t count;
	struct ring_key keys[KEYFILES_MAX];
	unsigned char (*secrets)
		[SECRET]; /* Ed25519 seed ‖ public; home: the secret in the first 32 bytes */
};

static void ring_free(void *self)
{
	struct ring *r = self;

	if (r == NULL)
		return;
	sodium_free(r->secrets);
	free(r);
}

/* A ring of at most `room` keys, and one place to work in. */
static struct ring *ring_new(size_t room, struct err *e)
{
	struct ring *r = calloc(1, sizeof *r);

	if (r == NULL) {
		err_memory(e, "the key ring");
		return NULL;
	}
	r->secrets = sodium_allocarray(room + 1, sizeof *r->secrets);
	if (r->secrets == NULL) {
		err_memory(e, "the key ring");
		ring_free(r);
		return NULL;
	}
	return r;
}

/* Does x sign rather than y, both of one role and number? */
static bool is_before(const struct ring_key *x, const struct ring_key *y)
{
	if (x->selected != y->selected)
		return x->selected;
	if (x->id.version != y->id.version)
		return x->id.version > y->id.version;
	if (x->id.created != y->id.created)
		return x->id.created > y->id.created;
	/* Two keys of one second: any order, but the same one in every run. */
	return memcmp(&x->id.public, &y->id.public, sizeof x->id.public) > 0;
}

static const struct ring_key *ring_lookup(const struct ring *r, enum key_role role, unsigned number)
{
	const struct ring_key *best = NULL;

	for (size_t i = 0; i < r->count; i++) {
		const struct ring_key *k = &r->keys[i];

		if (k->id.role == role && k->id.number == number &&
		    (best == NULL || is_before(k, best)))
			best = k;
	}
	return best;
}

static bool ring_public(void *self, enum key_role role, unsigned number, struct ed25519_public *out)
{
	const struct ring_key *k = ring_lookup(self, role, number);

	if (k != NULL)
		*out = k->id.public;
	return k != NULL;
}

static bool ring_sign(void *self, const struct ed25519_public *key, struct str bytes,
		      unsigned char out[ED25519_SIGNATURE], struct err *e)
{
	struct ring *r = self;

	for (size_t i = 0; i < r->count; i++) {
		if (r->keys[i].id.role == ROLE_HOME ||
		    memcmp(&r->keys[i].id.public, key, sizeof *key) != 0)
			continue;
		/* Always 0 (RFC 8032 signing has no failing inputs). */
		(void)crypto_sign_detached(out, NULL, (const unsigned char *)bytes.p, bytes.n,
					   r->secrets[i]);
		return true;
	}
	return err_system(e, "the key is not in the ring");
}

static bool ring_hmac(void *self, size_t size, const struct str *parts, size_t count,
		      unsigned char *out, struct err *e)
{
	struct ring *r = self;
	const struct ring_key *k = ring_lookup(r, ROLE_HOME, 0);
	struct str secret;

	if (k == NULL)
		return err_input(e, "NO-KEY", "the home secret is not unlocked");
	secret = str_bytes(r->secrets[k - r->keys], ED25519_SEED);
	if (size == SHA256_SIZE)
		hmac_sha256(secret, parts, count, out);
	else if (size == SHA512_SIZE)
		hmac_sha512(secret, parts, count, out);
	else
		return err_system(e, "no HMAC of %zu bytes", size);
	return true;
}

static bool ring_select(void *self, enum key_role role, unsigned number,
			const struct ed25519_public *public)
{
	struct ring *r = self;
	struct ring_key *found = NULL;

	for (size_t i = 0; i < r->count; i++) {
		struct ring_key *k = &r->keys[i];

		if (k->id.role == role && k->id.number == number && role != ROLE_HOME &&
		    memcmp(&k->id.public, public, sizeof *public) == 0)
			found = k;
	}
	for (size_t i = 0; i < r->count && found != NULL; i++)
		if (r->keys[i].id.role == role && r->keys[i].id.number == number)
			r->keys[i].selected = &r->keys[i] == found;
	return found != NULL;
}

/* The seed of the next key was put at its place; take the key in. */
static void ring_take(struct ring *r, const struct keyfile *id)
{
	unsigned char *secret = r->secrets[r->count], *seed = r->secrets[r->count + 1];
	struct ring_key *k = &r->keys[r->count++];

	k->id = *id;
	if (id->role == ROLE_HOME)
		return;
	/* libsodium hashes into its output before it is done with the seed: not in place, but in the next, free place. */
	memcpy(seed, secret, ED25519_SEED);
	(void)crypto_sign_seed_keypair(k->id.public.bytes, secret, seed);
	secret_wipe(seed, ED25519_SEED);
}

/* Hand the ring to a signer, whatever happens. */
static bool ring_finish(struct ring *r, struct signer **out, struct err *e)
{
	const struct signer_backend backend = {
		.self = r,
		.public = ring_public,
		.sign = ring_sign,
		.hmac = ring_hmac,
		.select = ring_select,
		.free = ring_free,
	};

	(void)sodium_mprotect_readonly(r->secrets);
	return signer_new(&backend, out, e);
}

static bool ring_load(struct ring *r, const char *keys_dir, const struct kek *kek,
		      const struct keyfile *key, struct err *e)
{
	if (!keyfile_open(keys_dir, kek, key, r->secrets[r->count], e))
		return false;
	ring_take(r, key);
	return true;
}

bool ring_open(const char *keys_dir, const struct kek *kek, const struct ring_filter *filter,
	       struct signer **out, struct err *e)
{
	struct arena *a = arena_new(LIST_WORK);
	struct ring *r = NULL;
	struct keyfile *keys;
	size_t count;
	bool ok = false;

	if (a == NULL)
		return err_memory(e, "the key ring");
	if (!keyfile_list(a, keys_dir, &keys, &count, e))
		goto out;
	r = ring_new(count, e);
	if (r == NULL)
		goto out;
	for (size_t i = 0; i < count; i++) {
		if (filter != NULL && !filter->wanted(filter->self, &keys[i]))
			continue;
		if (!ring_load(r, keys_dir, kek, &keys[i], e))
			goto out;
	}
	ok = ring_finish(r, out, e);
	r = NULL;
out:
	ring_free(r);
	arena_free(a);
	return ok;
}

bool ring_of_seeds(const struct ring_seed *seeds, size_t count, struct signer **out, struct err *e)
{
	struct ring *r;

	if (count > KEYFILES_MAX)
		return err_system(e, "more than %d keys", KEYFILES_MAX);
	r = ring_new(count, e);
	if (r == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct keyfile id = {
			.role = seeds[i].role,
			.number = seeds[i].number,
			.version = seeds[i].role == ROLE_HOME,
		};

		memcpy(r->secrets[i], seeds[i].seed, ED25519_SEED);
		ring_take(r, &id);
	}
	return ring_finish(r, out, e);
}
