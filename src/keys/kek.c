/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/kek.h"

#include <sodium.h>

#include "base/io.h"
#include "keys/sealed.h"

enum { KEY = 32, SALT = 16, SEALED = KEY + KEK_TAG, WORK = 64 * 1024 };

_Static_assert((int)KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");
_Static_assert((int)KEK_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce size");
_Static_assert((int)KEK_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag size");
_Static_assert((int)SALT == crypto_pwhash_SALTBYTES, "Argon2 salt size");
_Static_assert((int)SALT == crypto_generichash_blake2b_SALTBYTES, "BLAKE2b salt size");

static const char file_name[] = "kek.json";
static const unsigned char personal[crypto_generichash_blake2b_PERSONALBYTES] = "hufu/1/kek";
static const char *const kdf_names[] = { [KEK_ARGON2ID] = "argon2id-moderate", [KEK_RAW] = "raw" };

struct kek {
	unsigned char key[KEY];
};

/* kek.json as values. */
struct kek_text {
	enum kek_kdf kdf;
	unsigned char salt[SALT], nonce[KEK_NONCE], sealed[SEALED];
};

void kek_seal(const struct kek *kek, const unsigned char nonce[KEK_NONCE], struct str header,
	      struct str plain, unsigned char *out)
{
	/* Always 0 with lengths that fit memory (libsodium, "XChaCha20-Poly1305 construction"). */
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, (const unsigned char *)plain.p,
							 plain.n, (const unsigned char *)header.p,
							 header.n, NULL, nonce, kek->key);
}

bool kek_unseal(const struct kek *kek, const unsigned char nonce[KEK_NONCE], struct str header,
		struct str sealed, unsigned char *out)
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt(
		       out, NULL, NULL, (const unsigned char *)sealed.p, sealed.n,
		       (const unsigned char *)header.p, header.n, nonce, kek->key) == 0;
}

static struct kek *kek_new(struct err *e)
{
	struct kek *kek = sodium_malloc(sizeof *kek);

	if (kek == NULL)
		err_memory(e, "the home's key");
	return kek;
}

void kek_free(struct kek *kek)
{
	sodium_free(kek);
}

/* The editor or the Enter key behind a typed passphrase is not part of it. */
static struct str typed(struct str passphrase)
{
	if (str_ends(passphrase, STR("\n")))
		passphrase.n--;
	if (str_ends(passphrase, STR("\r")))
		passphrase.n--;
	return passphrase;
}

/* The key that seals the home's key. */
static bool stretch(enum kek_kdf kdf, struct str passphrase, const unsigned char salt[SALT],
		    struct kek *out, struct err *e)
{
	switch (kdf) {
	case KEK_ARGON2ID:
		passphrase = typed(passphrase);
		if (crypto_pwhash(out->key, KEY, passphrase.p, passphrase.n, salt,
				  crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE,
				  crypto_pwhash_ALG_ARGON2ID13) != 0)
			return err_memory(e, "Argon2id (it needs 256 MiB)");
		return true;
	case KEK_RAW:
		if (crypto_generichash_blake2b_salt_personal(
			    out->key, KEY, (const unsigned char *)passphrase.p, passphrase.n, NULL,
			    0, salt, personal) != 0)
			return err_system(e, "BLAKE2b failed");
		return true;
	}
	return err_system(e, "unknown KDF %d", (int)kdf);
}

static bool strength_check(enum kek_kdf kdf, struct str passphrase, struct err *e)
{
	size_t n = kdf == KEK_ARGON2ID ? typed(passphrase).n : passphrase.n;
	size_t least = kdf == KEK_ARGON2ID ? KEK_PASSPHRASE_MIN : KEK_CREDENTIAL_MIN;

	return n >= least ||
	       err_system(e, "%s needs at least %zu bytes, this has %zu",
			  kdf == KEK_ARGON2ID ? "a passphrase" : "a raw credential", least, n);
}

/* The file, or without `whole` the associated data; keys in canonical order either way. */
static void text_write(struct buf *out, const struct kek_text *t, bool whole)
{
	buf_printf(out, "{\"kdf\":\"%s\"", kdf_names[t->kdf]);
	if (whole)
		sealed_put_hex(out, "nonce", t->nonce, sizeof t->nonce);
	sealed_put_hex(out, "salt", t->salt, sizeof t->salt);
	buf_c(out, ",\"schema\":\"hufu.kek/1\"");
	if (whole)
		sealed_put_hex(out, "sealed", t->sealed, sizeof t->sealed);
	buf_c(out, whole ? "}\n" : "}");
}

static bool kdf_read(const struct json *object, enum kek_kdf *out, struct err *e)
{
	struct str name;

	if (!json_string(object, "kdf", 1, 32, &name, e))
		return false;
	for (size_t i = 0; i < COUNT_OF(kdf_names); i++) {
		if (!str_eq(name, str_of(kdf_names[i])))
			continue;
		*out = (enum kek_kdf)i;
		return true;
	}
	return err_system(e, "unknown kdf");
}

static bool text_read(struct str text, const struct json *object, struct kek_text *t, struct err *e)
{
	struct buf again = buf_empty(SEALED_FILE_MAX);
	bool ok = json_schema(object, "hufu.kek/1", e) && kdf_read(object, &t->kdf, e) &&
		  sealed_hex(object, "salt", t->salt, sizeof t->salt, e) &&
		  sealed_hex(object, "nonce", t->nonce, sizeof t->nonce, e) &&
		  sealed_hex(object, "sealed", t->sealed, sizeof t->sealed, e);

	if (ok) {
		text_write(&again, t, true);
		ok = sealed_same(text, &again, e);
	}
	buf_free(&again);
	return ok;
}

static bool text_load(const char *keys_dir, struct kek_text *t, struct err *e)
{
	struct arena *a = arena_new(WORK);
	const struct json *object;
	struct str text;
	bool ok = false;

	if (a == NULL)
		return err_memory(e, file_name);
	if (sealed_load(a, keys_dir, file_name, &text, &object, e))
		ok = text_read(text, object, t, e) || sealed_fault(keys_dir, file_name, e);
	arena_free(a);
	return ok;
}

/* Seal kek under the passphrase into t (its kdf is set) and *file. */
static bool text_make(const struct kek *kek, struct str passphrase, const struct env *env,
		      struct kek_text *t, struct buf *file, struct err *e)
{
	struct buf header = buf_empty(SEALED_FILE_MAX);
	struct kek *outer = kek_new(e);
	bool ok = false;

	if (outer == NULL || !env->random(env->self, t->salt, sizeof t->salt, e) ||
	    !env->random(env->self, t->nonce, sizeof t->nonce, e) ||
	    !stretch(t->kdf, passphrase, t->salt, outer, e))
		goto out;
	text_write(&header, t, false);
	if (!buf_ok(&header, file_name, e))
		goto out;
	kek_seal(outer, t->nonce, buf_view(&header), str_bytes(kek->key, KEY), t->sealed);
	text_write(file, t, true);
	ok = buf_ok(file, file_name, e);
out:
	kek_free(outer);
	buf_free(&header);
	return ok;
}

bool kek_create(const char *keys_dir, enum kek_kdf kdf, struct str passphrase,
		const struct env *env, struct kek **out, struct err *e)
{
	struct buf file = buf_empty(SEALED_FILE_MAX);
	struct kek_text t = { .kdf = kdf };
	struct kek *kek;
	bool ok;

	if (!strength_check(kdf, passphrase, e))
		return false;
	kek = kek_new(e);
	ok = kek != NULL && env->random(env->self, kek->key, KEY, e) &&
	     text_make(kek, passphrase, env, &t, &file, e) &&
	     io_publish(keys_dir, file_name, buf_view(&file), 0600, e);
	buf_free(&file);
	if (!ok) {
		kek_free(kek);
		return false;
	}
	(void)sodium_mprotect_readonly(kek);
	*out = kek;
	return true;
}

bool kek_change(const char *keys_dir, const struct kek *kek, enum kek_kdf kdf,
		struct str passphrase, const struct env *env, struct err *e)
{
	struct buf file = buf_empty(SEALED_FILE_MAX);
	struct kek_text t = { .kdf = kdf };
	bool ok = strength_check(kdf, passphrase, e) &&
		  text_make(kek, passphrase, env, &t, &file, e) &&
		  io_replace(keys_dir, file_name, buf_view(&file), 0600, e);

	buf_free(&file);
	return ok;
}

bool kek_open(const char *keys_dir, struct str passphrase, struct kek **out, struct err *e)
{
	struct buf header = buf_empty(SEALED_FILE_MAX);
	struct kek *outer = NULL, *kek = NULL;
	struct kek_text t = { 0 };
	bool ok = false;

	if (!text_load(keys_dir, &t, e))
		goto out;
	outer = kek_new(e);
	kek = outer != NULL ? kek_new(e) : NULL;
	if (kek == NULL || !stretch(t.kdf, passphrase, t.salt, outer, e))
		goto out;
	text_write(&header, &t, false);
	if (!buf_ok(&header, file_name, e))
		goto out;
	if (!kek_unseal(outer, t.nonce, buf_view(&header), str_bytes(t.sealed, SEALED), kek->key)) {
		/* The two look the same to the cipher; the first is what happens. */
		err_system(e, "wrong passphrase (or '%s/%s' was changed)", keys_dir, file_name);
		goto out;
	}
	(void)sodium_mprotect_readonly(kek);
	*out = kek;
	kek = NULL;
	ok = true;
out:
	kek_free(kek);
	kek_free(outer);
	buf_free(&header);
	return ok;
}
