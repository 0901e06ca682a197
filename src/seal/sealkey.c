/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/sealkey.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "base/hash.h"
#include "keys/private.h"
#include "keys/secret.h"
#include "seal/cert.h"
#include "seal/cryptoki.h"
#include "seal/fault.h"

struct sealkey {
	enum sealkey_kind kind;
	EVP_PKEY *pair;   /* of a file */
	EVP_PKEY *public; /* the certificate's */
	EVP_PKEY_CTX *sign, *verify;
	struct cryptoki *token;
	bool rsa;
	size_t max;
};

/* The passphrase as OpenSSL asks for it. */
struct asked {
	struct str pin;
	bool was;
};

static int give_pin(char *out, int size, int writing, void *self)
{
	struct asked *a = self;

	(void)writing;
	a->was = true;
	if (a->pin.n == 0 || a->pin.n > (size_t)size)
		return -1;
	memcpy(out, a->pin.p, a->pin.n);
	return (int)a->pin.n;
}

static bool wrong_pin(struct err *e, const char *path, struct str pin)
{
	return fault_raise(e, "SEAL-PIN",
			   pin.n == 0 ? "the key file '%s' wants a passphrase"
				      : "the passphrase of the key file '%s' is wrong",
			   path);
}

static bool read_pem(struct sealkey *k, const struct sealkey_plan *plan, struct str bytes,
		     struct err *e)
{
	struct asked asked = { .pin = plan->pin };
	BIO *in = BIO_new_mem_buf(bytes.p, (int)bytes.n);

	if (in == NULL)
		return err_memory(e, "a key");
	k->pair = PEM_read_bio_PrivateKey(in, NULL, give_pin, &asked);
	BIO_free(in);
	ERR_clear_error();
	if (k->pair != NULL)
		return true;
	if (asked.was)
		return wrong_pin(e, plan->path, plan->pin);
	return fault_raise(e, "SEAL-KEY-FORM", "the file '%s' holds no private key in PEM",
			   plan->path);
}

/* Certificate and key of a PKCS#12 file into k and a stack. */
static bool take_pkcs12(struct sealkey *k, PKCS12 *file, const char *pass, STACK_OF(X509) * stack,
			struct err *e)
{
	STACK_OF(X509) *others = NULL;
	X509 *leaf = NULL;
	bool ok;

	if (PKCS12_parse(file, pass, &k->pair, &leaf, &others) != 1) {
		ERR_clear_error();
		return fault_raise(
			e, "SEAL-KEY-FORM",
			"the PKCS#12 file is encrypted in a way that is out of use; export "
			"it again");
	}
	ok = k->pair != NULL && leaf != NULL
		     ? cert_push(stack, leaf, e)
		     : fault_raise(e, "SEAL-KEY-FORM",
				   "the PKCS#12 file holds no key with its certificate");
	for (int i = 0; ok && others != NULL && i < sk_X509_num(others); i++)
		ok = sk_X509_num(stack) < CERT_COUNT_MAX
			     ? cert_push(stack, sk_X509_value(others, i), e)
			     : fault_raise(e, "SEAL-CERT-FORM", "more than %d certificates",
					   CERT_COUNT_MAX);
	X509_free(leaf);
	cert_stack_free(others);
	return ok;
}

static bool read_pkcs12(struct sealkey *k, const struct sealkey_plan *plan, struct str bytes,
			STACK_OF(X509) * *found, struct err *e)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	PKCS12 *file = d2i_PKCS12(NULL, &p, (long)bytes.n);
	STACK_OF(X509) *stack = sk_X509_new_null();
	struct secret pass = { 0 };
	bool ok;

	ok = (stack != NULL || err_memory(e, "certificates")) &&
	     secret_new(plan->pin.n + 1, &pass, e);
	if (ok && file == NULL)
		ok = fault_raise(e, "SEAL-KEY-FORM", "'%s' is no PKCS#12 file", plan->path);
	if (ok) {
		memcpy(pass.p, plan->pin.n > 0 ? plan->pin.p : "", plan->pin.n);
		ok = PKCS12_verify_mac(file, (const char *)pass.p, (int)plan->pin.n) == 1 ||
		     wrong_pin(e, plan->path, plan->pin);
		ok = ok && take_pkcs12(k, file, (const char *)pass.p, stack, e);
	}
	if (ok)
		*found = stack;
	else
		cert_stack_free(stack);
	PKCS12_free(file);
	secret_free(&pass);
	ERR_clear_error();
	return ok;
}

static bool read_file(struct sealkey *k, const struct sealkey_plan *plan, STACK_OF(X509) * *found,
		      struct err *e)
{
	struct secret file = { 0 };
	size_t n = 0;
	bool ok;

	if (plan->pin.n > SEALKEY_PIN_MAX ||
	    (plan->pin.n > 0 && memchr(plan->pin.p, '\0', plan->pin.n) != NULL))
		return fault_raise(e, "SEAL-PIN", "a passphrase of %zu bytes or with NUL in it",
				   plan->pin.n);
	ok = secret_new(SEALKEY_FILE_MAX, &file, e) &&
	     (private_read(plan->path, file.p, file.n, &n, e) || fault_rename(e, "SEAL-KEY-FILE"));
	if (ok && plan->kind == SEALKEY_PEM)
		ok = read_pem(k, plan, str_bytes(file.p, n), e);
	else if (ok)
		ok = read_pkcs12(k, plan, str_bytes(file.p, n), found, e);
	secret_free(&file);
	return ok;
}

bool sealkey_open(const struct sealkey_plan *plan, struct sealkey **out, STACK_OF(X509) * *found,
		  struct err *e)
{
	struct cryptoki_plan token = { plan->module, plan->token, plan->label, plan->pin };
	struct sealkey *k = calloc(1, sizeof *k);
	bool ok = true;

	*found = NULL;
	if (k == NULL)
		return err_memory(e, "a key");
	k->kind = plan->kind;
	switch (plan->kind) {
	case SEALKEY_PEM:
	case SEALKEY_PKCS12:
		ok = read_file(k, plan, found, e);
		break;
	case SEALKEY_PKCS11:
		ok = cryptoki_open(&token, &k->token, e);
		break;
	case SEALKEY_EXTERNAL:
		break;
	}
	if (!ok) {
		sealkey_free(k);
		return false;
	}
	*out = k;
	return true;
}

void sealkey_free(struct sealkey *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_CTX_free(k->sign);
	EVP_PKEY_CTX_free(k->verify);
	EVP_PKEY_free(k->pair);
	EVP_PKEY_free(k->public);
	cryptoki_free(k->token);
	free(k);
}

/* RSASSA-PKCS1-v1_5 is what EVP does with an RSA key unless told otherwise. */
static bool contexts(struct sealkey *k, struct err *e)
{
	k->verify = EVP_PKEY_CTX_new(k->public, NULL);
	if (k->verify == NULL || EVP_PKEY_verify_init(k->verify) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(k->verify, EVP_sha256()) != 1)
		return err_memory(e, "a key");
	if (k->pair == NULL)
		return true;
	k->sign = EVP_PKEY_CTX_new(k->pair, NULL);
	return (k->sign != NULL && EVP_PKEY_sign_init(k->sign) == 1 &&
		EVP_PKEY_CTX_set_signature_md(k->sign, EVP_sha256()) == 1) ||
	       err_memory(e, "a key");
}

/* A token shows by one signature whether it holds the certificate's key. */
static bool trial(struct sealkey *k, struct err *e)
{
	struct buf signature = buf_empty(1024);
	bool kind = cryptoki_rsa(k->token) == k->rsa;
	bool ok = kind && sealkey_sign(k, STR("hufu seal: is this the key"), &signature, e);

	buf_free(&signature);
	if (!kind || (!ok && strcmp(e->code, "SEAL-SIGNATURE") == 0))
		return fault_raise(e, "SEAL-KEY-MISMATCH",
				   "the token's key is not that of the certificate");
	return ok;
}

bool sealkey_bind(struct sealkey *k, X509 *leaf, struct err *e)
{
	EVP_PKEY *public = X509_get0_pubkey(leaf);

	if (public == NULL)
		return fault_raise(e, "SEAL-KEY-KIND", "the certificate's key cannot be read");
	if (!cert_key_kind(public, &k->rsa, e) ||
	    (k->pair != NULL && !cert_key_matches(leaf, k->pair, e)))
		return false;
	if (k->public != NULL || EVP_PKEY_up_ref(public) != 1)
		return err_system(e, "a key with two certificates");
	k->public = public;
	k->max = (size_t)EVP_PKEY_get_size(public);
	return contexts(k, e) && (k->token == NULL || trial(k, e));
}

bool sealkey_fork(const struct sealkey *k, struct sealkey **out, struct err *e)
{
	struct sealkey *f = calloc(1, sizeof *f);

	if (f == NULL)
		return err_memory(e, "a key");
	*f = (struct sealkey){ .kind = k->kind, .rsa = k->rsa, .max = k->max };
	if (k->pair != NULL && EVP_PKEY_up_ref(k->pair) == 1)
		f->pair = k->pair;
	if (k->public != NULL && EVP_PKEY_up_ref(k->public) == 1)
		f->public = k->public;
	if ((k->token != NULL && !cryptoki_fork(k->token, &f->token, e)) || !contexts(f, e)) {
		sealkey_free(f);
		return false;
	}
	*out = f;
	return true;
}

bool sealkey_rsa(const struct sealkey *k)
{
	return k->rsa;
}

size_t sealkey_signature_max(const struct sealkey *k)
{
	return k->max;
}

static bool sign_here(struct sealkey *k, const unsigned char hash[SHA256_SIZE], struct buf *out,
		      struct err *e)
{
	size_t n = k->max;
	char *room = buf_room(out, n);

	if (room == NULL)
		return buf_ok(out, "a signature", e);
	if (EVP_PKEY_sign(k->sign, (unsigned char *)room, &n, hash, SHA256_SIZE) != 1) {
		ERR_clear_error();
		return err_system(e, "libcrypto does not sign");
	}
	out->n += n;
	return true;
}

bool sealkey_sign(struct sealkey *k, struct str bytes, struct buf *out, struct err *e)
{
	unsigned char hash[SHA256_SIZE];
	size_t start = out->n;

	sha256_of(bytes, hash);
	if (k->sign != NULL)
		return sign_here(k, hash, out, e);
	if (k->token == NULL)
		return err_usage(e, "the seal's key is elsewhere: its signature is handed in");
	if (cryptoki_sign(k->token, hash, out, e) &&
	    sealkey_verify(k, bytes, str_skip(buf_view(out), start), e))
		return true;
	out->n = start;
	return false;
}

bool sealkey_verify(struct sealkey *k, struct str bytes, struct str signature, struct err *e)
{
	unsigned char hash[SHA256_SIZE];
	int ok;

	sha256_of(bytes, hash);
	ok = EVP_PKEY_verify(k->verify, (const unsigned char *)signature.p, signature.n, hash,
			     sizeof hash);
	if (ok == 1)
		return true;
	ERR_clear_error();
	return fault_raise(e, "SEAL-SIGNATURE",
			   "the signature is not that of the certificate's key");
}
