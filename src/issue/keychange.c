/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/keychange_inner.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/enc.h"
#include "base/io.h"
#include "issue/init.h"
#include "keys/external.h"
#include "keys/ring.h"
#include "store/edition.h"

/* Where the log stands: what the newest edition of the site ends in. */
static bool log_stand(struct keychange *c, struct err *e)
{
	struct store_edition last;
	bool found;

	sha256_of(STR(""), c->root); /* the empty tree, RFC 6962 §2.1 */
	if (!store_edition_last(c->home->store, &last, &found, e))
		return false;
	if (found) {
		c->size = (uint64_t)last.size;
		memcpy(c->root, last.root, sizeof c->root);
	}
	return true;
}

static bool busy(const char *why, struct err *e)
{
	return err_input(e, "KEY-BUSY", "%s", why);
}

/*
 * Keys are not changed under a batch or an edition that is still to be signed: its bytes depend on them.  One that is
 * signed and only waits for witnesses holds nothing up, or a theft could not be answered till they come; its checkpoint
 * is the present log key's, though.
 */
static bool nothing_open(struct keychange *c, struct err *e)
{
	struct store *store = c->home->store;
	struct store_edition edition;
	struct store_batch batch;
	bool found;

	if (!store_batch_open(store, &batch, &found, e))
		return false;
	if (found && batch.state < BATCH_SIGNED)
		return busy("a batch is unfinished; finish it with hufu issue first", e);
	if (!store_edition_open(store, &edition, &found, e))
		return false;
	if (found && edition.state < EDITION_SIGNED)
		return busy("an edition of the site is unfinished; finish it with hufu publish "
			    "first",
			    e);
	c->witnesses_awaited = found;
	if (!keychange_waits(c->home, &found, e))
		return false;
	return !found || busy("a change of keys waits for its roots; hufu key merge, or remove "
			      "HOME/keys/pending",
			      e);
}

static bool log_free(const struct keychange *c, enum key_role role, struct err *e)
{
	return role != ROLE_LOG || !c->witnesses_awaited ||
	       busy("a checkpoint of this log key waits for its witnesses; hufu publish --cosig "
		    "first",
		    e);
}

/* The next list, so far as the one in force with new dates. */
static bool draft(struct keychange *c, struct err *e)
{
	const struct keylist *now = &c->home->keylist;
	struct buf bytes = buf_empty(NOTE_MAX);
	int64_t today;
	bool ok = io_read_in(c->home->dir, "site/keys.note", &bytes, e);

	c->list = *now;
	c->list.version++;
	c->list.has_prev = true;
	if (ok)
		sha256_of(buf_view(&bytes), c->list.prev);
	buf_free(&bytes);
	c->list.issued = env_now(c->env);
	if (ok && c->list.issued < now->issued)
		ok = err_system(e, "the clock is behind the key list in force");
	today = instant_day(c->list.issued, 0);
	c->list.expires =
		c->list.issued +
		(civil_days(civil_add_months(civil_of_days(today), KEYLIST_MONTHS)) - today) *
			86400;
	c->list.keys = arena_array(c->home->arena, KEYLIST_KEYS_MAX, sizeof *c->list.keys, e);
	if (!ok || c->list.keys == NULL)
		return false;
	memcpy(c->list.keys, now->keys, now->count * sizeof *now->keys);
	return true;
}

bool keychange_begin(struct home *h, const struct env *env, int passphrase_fd,
		     struct keychange **out, struct err *e)
{
	struct keychange *c = calloc(1, sizeof *c);
	bool ok;

	if (c == NULL)
		return err_memory(e, "a change of keys");
	c->home = h;
	c->env = env;
	ok = keychange_finish(h, e) && nothing_open(c, e) && log_stand(c, e) && draft(c, e) &&
	     home_path(h, "keys", &c->keys, e) &&
	     home_passphrase(&h->config, h->dir, passphrase_fd, &c->passphrase, e) &&
	     kek_open(c->keys, secret_view(&c->passphrase), &c->kek, e);
	c->policy = h->policy;
	if (ok)
		*out = c;
	else
		keychange_free(c);
	return ok;
}

void keychange_free(struct keychange *c)
{
	if (c == NULL)
		return;
	kek_free(c->kek);
	secret_free(&c->passphrase);
	free(c);
}

static bool note_key_event(struct keychange *c, const char *event,
			   const unsigned char kid[KID_SIZE], enum key_role role, struct err *e)
{
	struct buf hex = buf_empty(2 * KID_SIZE);
	bool ok;

	enc_hex(&hex, kid, KID_SIZE);
	const struct journal_field fields[] = { { "kid", buf_view(&hex), 0 },
						{ "role", str_of(role_name(role)), 0 } };
	ok = buf_ok(&hex, "a kid", e) &&
	     journal_add(c->home->journal, env_now(c->env), event, fields, COUNT_OF(fields), e);
	buf_free(&hex);
	return ok;
}

static bool file_make(struct keychange *c, const unsigned char *seed, struct keyfile *key,
		      struct err *e)
{
	return (seed != NULL ? keyfile_store(c->keys, c->kek, c->env, seed, key, e)
			     : keyfile_create(c->keys, c->kek, c->env, key, e)) &&
	       note_key_event(c, seed != NULL ? "key.imported" : "key.made", key->kid, key->role,
			      e);
}

static bool role_in_list(enum key_role role)
{
	return role == ROLE_ISSUING || role == ROLE_STATUS || role == ROLE_LOG ||
	       role == ROLE_MANIFEST;
}

static bool is_for(const struct keylist_key *key, enum key_role role, unsigned number)
{
	return key->role == role && (role != ROLE_ISSUING || keylist_signs(key, number));
}

static struct keylist_key *in_state(struct keychange *c, enum key_role role, unsigned number,
				    enum key_state state)
{
	for (size_t i = 0; i < c->list.count; i++)
		if (c->list.keys[i].state == state && is_for(&c->list.keys[i], role, number))
			return &c->list.keys[i];
	return NULL;
}

/* The log that goes on, for new keys; in force or just drafted. */
static struct str origin_now(struct keychange *c)
{
	const struct keylist_key *log = in_state(c, ROLE_LOG, 0, KEY_ACTIVE);

	return log != NULL ? log->log : c->policy.log.name;
}

static void activate(struct keychange *c, struct keylist_key *key)
{
	key->state = KEY_ACTIVE;
	key->not_before = c->list.issued;
	key->first_idx = key->role == ROLE_ISSUING ? c->size : 0;
	key->log = origin_now(c);
}

static bool wanted_file(void *self, const struct keyfile *file)
{
	const struct keyfile *key = self;

	return file->role == key->role &&
	       memcmp(&file->public, &key->public, sizeof key->public) == 0;
}

/* Whoever holds this key and no other: the key file in this process, or a device in its own. */
static bool holder_open(struct keychange *c, struct keyfile *key, bool device, struct signer **out,
			struct err *e)
{
	const struct ring_filter filter = { key, wanted_file };

	return device ? keychange_unlock(c->home, &c->passphrase, &filter, out, e)
		      : ring_open(c->keys, c->kek, &filter, out, e);
}

/* Put a key into the draft. */
static bool list_add(struct keychange *c, struct keyfile *file, bool device, enum key_state state,
		     struct err *e)
{
	struct keylist_key *key = &c->list.keys[c->list.count];
	struct signer *signer = NULL;
	bool ok;

	if (c->list.count == KEYLIST_KEYS_MAX)
		return err_system(e, "the key list is full");
	ok = holder_open(c, file, device, &signer, e) &&
	     keylist_key_make(signer, file->role, file->role == ROLE_ISSUING ? file->number : 0,
			      c->list.issuer, c->list.issued, key, e);
	signer_free(signer);
	if (!ok)
		return false;
	activate(c, key);
	key->state = state;
	c->list.count++;
	c->listed = true;
	return true;
}

static bool number_fits(enum key_role role, unsigned number, struct err *e)
{
	bool numbered = role == ROLE_ISSUING || role == ROLE_ROOT;

	return numbered == (number > 0) ||
	       err_usage(e, "--number belongs to root and issuing keys, and to them only");
}

static unsigned home_version(const struct keyfile *files, size_t count)
{
	unsigned version = 0;

	for (size_t i = 0; i < count; i++)
		if (files[i].role == ROLE_HOME && files[i].version > version)
			version = files[i].version;
	return version;
}

/* An imported seed may be one that is here already, in another role. */
static bool is_new(struct keychange *c, const struct ed25519_public *public,
		   const struct keyfile *files, size_t count, struct err *e)
{
	bool there = false;

	for (size_t i = 0; i < count; i++)
		there = there || (files[i].role != ROLE_HOME &&
				  memcmp(&files[i].public, public, sizeof *public) == 0);
	for (size_t i = 0; i < c->list.count; i++)
		there = there || memcmp(&c->list.keys[i].public, public, sizeof *public) == 0;
	return !there || err_input(e, "KEY-TWICE", "this key is in the home already");
}

static bool seed_is_new(struct keychange *c, const unsigned char seed[ED25519_SEED],
			const struct keyfile *files, size_t count, struct err *e)
{
	struct ring_seed one = { .role = ROLE_OFFICER };
	struct ed25519_public public;
	struct signer *signer = NULL;
	bool ok;

	memcpy(one.seed, seed, sizeof one.seed);
	ok = ring_of_seeds(&one, 1, &signer, e) &&
	     signer_public(signer, ROLE_OFFICER, 0, &public, e) &&
	     is_new(c, &public, files, count, e);
	secret_wipe(&one, sizeof one);
	signer_free(signer);
	return ok;
}

static bool place_free(struct keychange *c, enum key_role role, unsigned number, bool planned,
		       struct err *e)
{
	return planned || in_state(c, role, number, KEY_ACTIVE) == NULL ||
	       err_input(e, "KEY-ACTIVE", "a key does this already; hufu key rotate, or --planned");
}

bool keychange_new(struct keychange *c, enum key_role role, unsigned number, bool planned,
		   const unsigned char *seed, struct keyfile *key, struct err *e)
{
	struct keyfile *files;
	size_t count;

	*key = (struct keyfile){ .role = role, .number = number };
	if (!number_fits(role, number, e) ||
	    !keyfile_list(c->home->arena, c->keys, &files, &count, e) ||
	    (seed != NULL && !seed_is_new(c, seed, files, count, e)))
		return false;
	if (role == ROLE_HOME)
		key->version = home_version(files, count) + 1;
	if (!role_in_list(role))
		return file_make(c, seed, key, e);
	return place_free(c, role, number, planned, e) && file_make(c, seed, key, e) &&
	       list_add(c, key, false, planned ? KEY_PLANNED : KEY_ACTIVE, e);
}

/* The device that signs for this key, as a key file would say it. */
static bool device_of(struct keychange *c, enum key_role role, const struct ed25519_public *public,
		      struct keyfile *out, bool *found, struct err *e)
{
	struct device *devices;
	size_t count;

	*found = false;
	if (!external_list(c->home->arena, c->keys, &devices, &count, e))
		return false;
	for (size_t i = 0; i < count && !*found; i++) {
		external_key(&devices[i], out);
		*found = out->role == role && memcmp(&out->public, public, sizeof *public) == 0;
	}
	return true;
}

bool keychange_device(struct keychange *c, enum key_role role, unsigned number, bool planned,
		      const struct ed25519_public *public, struct err *e)
{
	struct keyfile key = { .role = role }, *files;
	size_t count;
	bool found;

	if (!number_fits(role, number, e) || !device_of(c, role, public, &key, &found, e))
		return false;
	if (!found || key.number != number || !role_in_list(role))
		return err_input(e, "KEY-DEVICE",
				 "HOME/keys/external.json names no device with this %s key",
				 role_name(role));
	return keyfile_list(c->home->arena, c->keys, &files, &count, e) &&
	       is_new(c, public, files, count, e) && place_free(c, role, number, planned, e) &&
	       list_add(c, &key, true, planned ? KEY_PLANNED : KEY_ACTIVE, e);
}

static void retire(struct keychange *c, struct keylist_key *key)
{
	key->state = KEY_RETIRED;
	if (!key->has_not_after || key->not_after > c->list.issued)
		key->not_after = c->list.issued;
	if (key->not_after < key->not_before) /* was planned for later */
		key->not_after = key->not_before;
	key->has_not_after = true;
	c->listed = true;
}

/* The key file or device of a key of the list; *found is false when its private half is not here. */
static bool file_of(struct keychange *c, const struct keylist_key *key, struct keyfile *out,
		    bool *found, struct err *e)
{
	struct keyfile *files;
	size_t count;

	*found = false;
	if (!keyfile_list(c->home->arena, c->keys, &files, &count, e))
		return false;
	for (size_t i = 0; i < count && !*found; i++)
		if (files[i].role == key->role &&
		    memcmp(&files[i].public, &key->public, sizeof key->public) == 0) {
			*out = files[i];
			*found = true;
		}
	return *found || device_of(c, key->role, &key->public, out, found, e);
}

/* Bring a key of this role in: a planned one that is here, else a new one. */
static bool successor(struct keychange *c, enum key_role role, unsigned number,
		      struct keyfile *file, struct err *e)
{
	struct keylist_key *key = in_state(c, role, number, KEY_PLANNED);
	bool found = false;

	if (key != NULL && !file_of(c, key, file, &found, e))
		return false;
	if (found) {
		activate(c, key);
		c->listed = true;
		return true;
	}
	*file = (struct keyfile){ .role = role, .number = number };
	return file_make(c, NULL, file, e) && list_add(c, file, false, KEY_ACTIVE, e);
}

bool keychange_root(struct keychange *c, unsigned number, const struct ed25519_public *public,
		    struct err *e)
{
	struct policy *p = &c->policy;
	struct str name;

	if (number < 1 || number > p->root_count + 1 || number > POLICY_ROOTS_MAX)
		return err_input(e, "KEY-ROOT", "the policy has roots 1 to %zu", p->root_count);
	for (size_t i = 0; i < p->root_count; i++)
		if (memcmp(&p->roots[i].public, public, sizeof *public) == 0)
			return err_input(e, "KEY-TWICE", "this is a root of the policy already");
	if (!policy_root_name(c->home->arena, p->issuer, number, &name, e) ||
	    !note_key_make(name, public, &p->roots[number - 1], e))
		return false;
	if (number > p->root_count)
		p->root_count = number;
	c->policy_changed = true;
	c->listed = true; /* a list signed by both goes with it */
	return true;
}

bool keychange_rotate(struct keychange *c, enum key_role role, unsigned number, struct keyfile *key,
		      struct err *e)
{
	struct keylist_key *old;

	if (!number_fits(role, number, e))
		return false;
	if (role == ROLE_ROOT && number > c->policy.root_count)
		return err_input(e, "KEY-ROOT", "the policy has roots 1 to %zu",
				 c->policy.root_count);
	if (!role_in_list(role))
		return keychange_new(c, role, number, false, NULL, key, e) &&
		       (role != ROLE_ROOT || keychange_root(c, number, &key->public, e));
	old = in_state(c, role, number, KEY_ACTIVE);
	if (old == NULL)
		return err_input(e, "NO-KEY", "no %s key is active; hufu key new", role_name(role));
	if (!log_free(c, role, e))
		return false;
	/* The successor first: what a log key's successor is named after is the active key. */
	if (!successor(c, role, number, key, e))
		return false;
	for (size_t i = 0; i < c->list.count; i++) {
		struct keylist_key *k = &c->list.keys[i];

		if (k->state == KEY_ACTIVE && is_for(k, role, number) &&
		    memcmp(&k->public, &key->public, sizeof k->public) != 0)
			retire(c, k);
	}
	return true;
}

/* By its kid, or by its whole public key when kids collide. */
static bool key_named(struct keychange *c, struct str name, struct keylist_key **out, struct err *e)
{
	unsigned char bytes[ED25519_PUBLIC];
	size_t found = 0, n = name.n / 2;

	if ((n != KID_SIZE && n != ED25519_PUBLIC) || !enc_unhex(name, bytes, n))
		return err_usage(e, "a key is named by its 8 or 64 hexadecimal digits");
	for (size_t i = 0; i < c->list.count; i++) {
		struct keylist_key *key = &c->list.keys[i];

		if (memcmp(n == KID_SIZE ? key->kid : key->public.bytes, bytes, n) == 0) {
			*out = key;
			found++;
		}
	}
	for (size_t i = 0; found == 0 && i < c->policy.root_count; i++) {
		unsigned char kid[KID_SIZE];

		ed25519_kid(&c->policy.roots[i].public, kid);
		if (memcmp(n == KID_SIZE ? kid : c->policy.roots[i].public.bytes, bytes, n) == 0)
			return err_input(e, "KEY-ROOT",
					 "this is root %zu: hufu key rotate --role root --number "
					 "%zu puts another in its place",
					 i + 1, i + 1);
	}
	if (found == 1)
		return true;
	return err_input(e, "NO-KEY",
			 found == 0 ? "the key list has no such key"
				    : "two keys have this kid; name it by its 64 digits");
}

bool keychange_retire(struct keychange *c, struct str kid, struct err *e)
{
	struct keylist_key *key;

	if (!key_named(c, kid, &key, e))
		return false;
	if (key->state != KEY_PLANNED && key->state != KEY_ACTIVE)
		return err_input(e, "KEY-STATE", "this key is %s already", state_name(key->state));
	if (key->state == KEY_ACTIVE && key->role != ROLE_ISSUING)
		return err_input(e, "KEY-NEEDED",
				 "the home cannot do without a %s key; hufu key rotate",
				 role_name(key->role));
	retire(c, key);
	return true;
}

static bool cut_check(const struct keychange *c, const struct keylist_key *key, bool has_from,
		      uint64_t from_idx, struct err *e)
{
	bool at_once = key->role == ROLE_STATUS || key->role == ROLE_LOG;

	if (at_once && has_from)
		return err_input(e, "KEY-CUT",
				 "a %s key is revoked at once: there is no --from-idx",
				 role_name(key->role));
	if (at_once && key->state == KEY_COMPROMISED)
		return err_input(e, "KEY-STATE", "this key is compromised already");
	if (at_once)
		return true;
	if (!has_from)
		return err_usage(e, "--from-idx is needed: the first position that is not genuine");
	if (from_idx > c->size)
		return err_input(e, "KEY-CUT",
				 "the log ends at %llu: whoever has the key could sign for what "
				 "lies between",
				 (unsigned long long)c->size);
	if (key->state == KEY_COMPROMISED && from_idx >= key->from_idx)
		return err_input(e, "KEY-CUT", "the cut is at %llu already; it can only be lowered",
				 (unsigned long long)key->from_idx);
	return true;
}

/* The log whose key is stolen ends where the home has it; the next one goes on from there. */
static bool freeze(struct keychange *c, struct str origin, struct str *next, struct err *e)
{
	struct keylist_log *log = &c->list.logs[c->list.log_count];

	if (c->list.log_count == KEYLIST_LOGS_MAX)
		return err_system(e, "no more logs can be frozen");
	*log = (struct keylist_log){ .origin = origin, .size = c->size };
	memcpy(log->root, c->root, sizeof log->root);
	c->list.log_count++;
	return arena_printf(c->home->arena, next, e, "%.*s-%zu", STR_ARG(c->policy.log.name),
			    c->list.log_count + 1);
}

static void move_on(struct keychange *c, struct str from, struct str to)
{
	for (size_t i = 0; i < c->list.count; i++) {
		struct keylist_key *key = &c->list.keys[i];

		if (key->role != ROLE_LOG && str_eq(key->log, from) &&
		    (key->state == KEY_PLANNED || key->state == KEY_ACTIVE))
			key->log = to;
	}
}

/* A planned log key was made for the old origin; it stays a key of that, and signs nothing. */
static bool log_replace(struct keychange *c, struct str origin, struct err *e)
{
	struct keyfile file = { .role = ROLE_LOG };
	struct str next;

	if (!freeze(c, origin, &next, e) || !file_make(c, NULL, &file, e) ||
	    !list_add(c, &file, false, KEY_ACTIVE, e))
		return false;
	c->list.keys[c->list.count - 1].log = next;
	move_on(c, origin, next);
	return true;
}

bool keychange_compromise(struct keychange *c, struct str kid, bool has_from, uint64_t from_idx,
			  struct err *e)
{
	struct keylist_key *key;
	struct keyfile file;
	bool was_active;

	if (!key_named(c, kid, &key, e) || !cut_check(c, key, has_from, from_idx, e))
		return false;
	was_active = key->state == KEY_ACTIVE;
	if (was_active && !log_free(c, key->role, e))
		return false;
	key->state = KEY_COMPROMISED;
	key->has_from_idx = true;
	key->from_idx = from_idx;
	c->listed = true;
	if (was_active && key->role == ROLE_LOG)
		return log_replace(c, key->log, e);
	if (was_active && in_state(c, key->role, key->types[0], KEY_ACTIVE) == NULL)
		return successor(c, key->role, key->role == ROLE_ISSUING ? key->types[0] : 0, &file,
				 e);
	return true;
}

bool keychange_witness(struct keychange *c, struct str vkey, struct err *e)
{
	struct keylist *l = &c->list;

	if (l->witness_count == KEYLIST_WITNESSES_MAX)
		return err_system(e, "the key list has %d witnesses already",
				  KEYLIST_WITNESSES_MAX);
	if (!note_witness_read(c->home->arena, vkey, &l->witnesses[l->witness_count], e))
		return false;
	l->witness_count++;
	c->listed = true;
	return true;
}

void keychange_quorum(struct keychange *c, unsigned quorum)
{
	c->list.quorum = quorum;
	c->listed = true;
}

void keychange_renew(struct keychange *c)
{
	c->listed = true;
}
