/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/keyfile.h"

#include <inttypes.h>
#include <sodium.h>

#include "base/civil.h"
#include "base/enc.h"
#include "base/hash.h"
#include "base/io.h"
#include "keys/kek.h"
#include "keys/sealed.h"

enum { SEALED = ED25519_SEED + KEK_TAG, NUMBER_MAX = 255, VERSION_MAX = 65535, WORK = 256 * 1024 };
static const int64_t created_max = INT64_C(253402300799); /* 9999-12-31T23:59:59Z */
static const char schema[] = "hufu.key/1";

/* A key file as values. */
struct key_text {
	struct keyfile key;
	unsigned char nonce[KEK_NONCE], sealed[SEALED];
};

static const char *algorithm(enum key_role role)
{
	return role == ROLE_HOME ? "HMAC-SHA-256" : "Ed25519";
}

static bool numbers_valid(const struct keyfile *k)
{
	bool numbered = k->role == ROLE_ISSUING || k->role == ROLE_ROOT;

	if (k->role == ROLE_HOME ? k->version < 1 || k->version > VERSION_MAX : k->version != 0)
		return false;
	return numbered ? k->number >= 1 && k->number <= NUMBER_MAX : k->number == 0;
}

void keyfile_name(const struct keyfile *key, char out[KEYFILE_NAME])
{
	char number[8] = "";
	const unsigned char *kid = key->kid;

	if (key->number > 0)
		(void)snprintf(number, sizeof number, "-%u", key->number % 1000);
	(void)snprintf(out, KEYFILE_NAME, "%s%s-%02x%02x%02x%02x.json", role_name(key->role),
		       number, kid[0], kid[1], kid[2], kid[3]);
}

/* The file, or without `whole` the associated data; keys in canonical order either way. */
static void text_write(struct buf *out, const struct key_text *t, bool whole)
{
	const struct keyfile *k = &t->key;
	char created[21];

	instant_text(k->created, created);
	buf_printf(out, "{\"algorithm\":\"%s\",\"created\":\"%s\"", algorithm(k->role), created);
	sealed_put_hex(out, "kid", k->kid, sizeof k->kid);
	if (whole)
		sealed_put_hex(out, "nonce", t->nonce, sizeof t->nonce);
	buf_printf(out, ",\"number\":%u", k->number);
	if (k->role != ROLE_HOME)
		sealed_put_hex(out, "public", k->public.bytes, sizeof k->public.bytes);
	buf_printf(out, ",\"role\":\"%s\",\"schema\":\"%s\"", role_name(k->role), schema);
	if (whole)
		sealed_put_hex(out, "sealed", t->sealed, sizeof t->sealed);
	if (k->role == ROLE_HOME)
		buf_printf(out, ",\"version\":%u", k->version);
	buf_c(out, whole ? "}\n" : "}");
}

/* Who the key is: role, number, kid, and the public half or the version. */
static bool identity_read(const struct json *object, struct keyfile *k, struct err *e)
{
	unsigned char public[ED25519_PUBLIC], kid[KID_SIZE];
	int64_t number, version = 0;
	struct str role;

	if (!json_string(object, "role", 1, 16, &role, e) ||
	    !json_integer(object, "number", 0, NUMBER_MAX, &number, e) ||
	    !sealed_hex(object, "kid", k->kid, sizeof k->kid, e))
		return false;
	if (!role_read(role, &k->role))
		return err_system(e, "unknown role");
	if (k->role == ROLE_HOME) {
		if (!json_integer(object, "version", 1, VERSION_MAX, &version, e))
			return false;
	} else {
		if (!sealed_hex(object, "public", public, sizeof public, e) ||
		    !ed25519_public_read(str_bytes(public, sizeof public), &k->public, e))
			return false;
		ed25519_kid(&k->public, kid);
		if (memcmp(kid, k->kid, sizeof kid) != 0)
			return err_system(e, "kid is not that of the public key");
	}
	k->number = (unsigned)number;
	k->version = (unsigned)version;
	return numbers_valid(k) || err_system(e, "number does not fit the role");
}

static bool text_read(struct str text, const struct json *object, struct key_text *t, struct err *e)
{
	struct buf again = buf_empty(SEALED_FILE_MAX);
	struct str created;
	bool ok;

	*t = (struct key_text){ 0 };
	if (!json_schema(object, schema, e) || !identity_read(object, &t->key, e) ||
	    !json_string(object, "created", 20, 20, &created, e) ||
	    !sealed_hex(object, "nonce", t->nonce, sizeof t->nonce, e) ||
	    !sealed_hex(object, "sealed", t->sealed, sizeof t->sealed, e))
		return false;
	if (!instant_read(created, &t->key.created) || t->key.created < 0)
		return err_system(e, "created is not an instant");
	text_write(&again, t, true);
	ok = sealed_same(text, &again, e);
	buf_free(&again);
	return ok;
}

/* Read dir/name; it must be named as its content says. */
static bool text_load(struct arena *a, const char *dir, const char *name, struct key_text *t,
		      struct err *e)
{
	const struct json *object;
	char own[KEYFILE_NAME];
	struct str text;

	if (!sealed_load(a, dir, name, &text, &object, e))
		return false;
	if (!text_read(text, object, t, e))
		return sealed_fault(dir, name, e);
	keyfile_name(&t->key, own);
	return strcmp(own, name) == 0 ||
	       err_system(e, "'%s/%s' was renamed or changed: it holds the key of '%s'", dir, name,
			  own);
}

/* "<role>-….json"; whatever else lies in the folder is not ours. */
static bool is_key_name(struct str name)
{
	enum key_role role;
	size_t dash = str_find(name, STR("-"), 0);

	return dash != SIZE_MAX && role_read((struct str){ name.p, dash }, &role);
}

bool keyfile_list(struct arena *a, const char *keys_dir, struct keyfile **out, size_t *count,
		  struct err *e)
{
	struct str *names;
	struct keyfile *keys;
	size_t files, n = 0;

	if (!io_list(a, keys_dir, ".json", KEYFILES_MAX, &names, &files, e))
		return false;
	keys = arena_array(a, files + 1, sizeof *keys, e);
	if (keys == NULL)
		return false;
	for (size_t i = 0; i < files; i++) {
		struct key_text t;

		if (!is_key_name(names[i]))
			continue;
		if (!text_load(a, keys_dir, names[i].p, &t, e))
			return false;
		keys[n++] = t.key;
	}
	*out = keys;
	*count = n;
	return true;
}

/* Fill kid and, but for home, the public half from the seed. */
static void identity_make(const unsigned char seed[ED25519_SEED], struct keyfile *key)
{
	unsigned char digest[SHA256_SIZE], expanded[crypto_sign_SECRETKEYBYTES];
	struct str secret = str_bytes(seed, ED25519_SEED);

	key->public = (struct ed25519_public){ 0 };
	if (key->role == ROLE_HOME) {
		sha256_labelled("hufu/1/home", &secret, 1, digest);
		memcpy(key->kid, digest, sizeof key->kid);
		return;
	}
	(void)crypto_sign_seed_keypair(key->public.bytes, expanded, seed); /* always 0 */
	secret_wipe(expanded, sizeof expanded);
	ed25519_kid(&key->public, key->kid);
}

bool keyfile_store(const char *keys_dir, const struct kek *kek, const struct env *env,
		   const unsigned char seed[ED25519_SEED], struct keyfile *key, struct err *e)
{
	struct buf header = buf_empty(SEALED_FILE_MAX), file = buf_empty(SEALED_FILE_MAX);
	struct key_text t = { .key = *key };
	char name[KEYFILE_NAME];
	bool ok = false;

	if (!numbers_valid(key))
		return err_system(e, "a %s key cannot have number %u, version %u",
				  role_name(key->role), key->number, key->version);
	identity_make(seed, &t.key);
	t.key.created = env_now(env);
	if (t.key.created < 0 || t.key.created > created_max)
		return err_system(e, "the clock is wrong");
	if (!env->random(env->self, t.nonce, sizeof t.nonce, e))
		return false;
	text_write(&header, &t, false);
	if (!buf_ok(&header, "key file", e))
		goto out;
	kek_seal(kek, t.nonce, buf_view(&header), str_bytes(seed, ED25519_SEED), t.sealed);
	text_write(&file, &t, true);
	keyfile_name(&t.key, name);
	ok = buf_ok(&file, "key file", e) && io_publish(keys_dir, name, buf_view(&file), 0600, e);
	if (ok)
		*key = t.key;
out:
	buf_free(&header);
	buf_free(&file);
	return ok;
}

bool keyfile_create(const char *keys_dir, const struct kek *kek, const struct env *env,
		    struct keyfile *key, struct err *e)
{
	struct secret seed;
	bool ok;

	if (!secret_new(ED25519_SEED, &seed, e))
		return false;
	ok = env->random(env->self, seed.p, seed.n, e) &&
	     keyfile_store(keys_dir, kek, env, seed.p, key, e);
	secret_free(&seed);
	return ok;
}

static bool same_key(const struct keyfile *x, const struct keyfile *y)
{
	return x->role == y->role && x->number == y->number && x->version == y->version &&
	       memcmp(x->kid, y->kid, sizeof x->kid) == 0 &&
	       memcmp(&x->public, &y->public, sizeof x->public) == 0;
}

/* The seal proves the header; that the seed belongs to it is checked all the same. */
static bool text_unseal(const struct key_text *t, const struct kek *kek,
			unsigned char seed[ED25519_SEED], struct err *e)
{
	struct buf header = buf_empty(SEALED_FILE_MAX);
	struct keyfile own = t->key;
	bool ok;

	text_write(&header, t, false);
	ok = buf_ok(&header, "key file", e);
	if (ok && !kek_unseal(kek, t->nonce, buf_view(&header), str_bytes(t->sealed, SEALED), seed))
		ok = err_system(e, "does not open with this home's key");
	if (ok) {
		identity_make(seed, &own);
		ok = same_key(&own, &t->key) || err_system(e, "holds another key");
	}
	if (!ok)
		secret_wipe(seed, ED25519_SEED);
	buf_free(&header);
	return ok;
}

bool keyfile_open(const char *keys_dir, const struct kek *kek, const struct keyfile *key,
		  unsigned char seed[ED25519_SEED], struct err *e)
{
	struct arena *a = arena_new(WORK);
	char name[KEYFILE_NAME];
	struct key_text t;
	bool ok = false;

	if (a == NULL)
		return err_memory(e, "a key file");
	keyfile_name(key, name);
	if (!text_load(a, keys_dir, name, &t, e))
		goto out;
	if (!same_key(&t.key, key)) {
		err_system(e, "'%s/%s' is another key than before", keys_dir, name);
		goto out;
	}
	ok = text_unseal(&t, kek, seed, e) || sealed_fault(keys_dir, name, e);
out:
	arena_free(a);
	return ok;
}
