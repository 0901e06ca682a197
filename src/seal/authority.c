/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/authority.h"

#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

enum { SERIAL_BITS = 159, DAY_S = 86400, DAYS = 3650, NAME_MAX_BYTES = 64 /* ub-common-name */ };

struct authority {
	enum authority_key kind;
	int64_t now;
	EVP_PKEY *key;
	X509 *root;
};

/* What one certificate says beside its key. */
struct wish {
	struct str name;
	bool is_root;
};

static bool trouble(struct err *e, const char *what)
{
	return err_system(e, "OpenSSL could not make %s", what);
}

static EVP_PKEY *key_new(enum authority_key kind)
{
	switch (kind) {
	case AUTHORITY_P256:
		return EVP_EC_gen("P-256");
	case AUTHORITY_RSA_2048:
		return EVP_RSA_gen(2048);
	case AUTHORITY_RSA_3072:
		return EVP_RSA_gen(3072);
	}
	return NULL;
}

static bool serial_put(X509 *x)
{
	BIGNUM *n = BN_new();
	bool ok = n != NULL && BN_rand(n, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
		  BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;

	BN_free(n);
	return ok;
}

/* A name longer than the standard's bound is cut between characters. */
static bool name_put(X509_NAME *name, struct str text)
{
	size_t n = text.n < NAME_MAX_BYTES ? text.n : NAME_MAX_BYTES;

	while (n > 0 && n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80)
		n--;
	return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)text.p,
					  (int)n, -1, 0) == 1 &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)text.p,
					  (int)n, -1, 0) == 1;
}

static bool extension_put(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	bool ok;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = ext != NULL && X509_add_ext(x, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	return ok;
}

static bool extensions_put(X509 *x, X509 *issuer, bool is_root)
{
	static const struct {
		int nid;
		const char *root, *seal;
	} rows[] = {
		{ NID_basic_constraints, "critical,CA:TRUE,pathlen:0", "critical,CA:FALSE" },
		{ NID_key_usage, "critical,keyCertSign,cRLSign",
		  "critical,digitalSignature,nonRepudiation" },
		{ NID_ext_key_usage, NULL, "1.3.6.1.5.5.7.3.36,emailProtection" },
		{ NID_subject_key_identifier, "hash", "hash" },
		{ NID_authority_key_identifier, NULL, "keyid" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *value = is_root ? rows[i].root : rows[i].seal;

		if (value != NULL && !extension_put(x, issuer, rows[i].nid, value))
			return false;
	}
	return true;
}

static bool fields_put(const struct authority *a, X509 *x, EVP_PKEY *key, const struct wish *wish)
{
	X509_NAME *subject = X509_get_subject_name(x);
	X509 *issuer = wish->is_root ? x : a->root;
	time_t now = (time_t)a->now;

	return X509_set_version(x, X509_VERSION_3) == 1 && serial_put(x) &&
	       name_put(subject, wish->name) &&
	       X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1 &&
	       X509_time_adj_ex(X509_getm_notBefore(x), -1, 0, &now) != NULL &&
	       X509_time_adj_ex(X509_getm_notAfter(x), DAYS, 0, &now) != NULL &&
	       X509_set_pubkey(x, key) == 1 && extensions_put(x, issuer, wish->is_root) &&
	       X509_sign(x, a->key, EVP_sha256()) > 0;
}

static X509 *certify(const struct authority *a, EVP_PKEY *key, const struct wish *wish)
{
	X509 *x = X509_new();

	if (x != NULL && fields_put(a, x, key, wish))
		return x;
	X509_free(x);
	return NULL;
}

bool authority_new(enum authority_key kind, struct str name, int64_t now, struct authority **out,
		   struct err *e)
{
	const struct wish wish = { name, true };
	struct authority *a = calloc(1, sizeof *a);

	if (a == NULL)
		return err_memory(e, "a certificate authority");
	a->kind = kind;
	a->now = now;
	a->key = key_new(kind);
	a->root = a->key != NULL ? certify(a, a->key, &wish) : NULL;
	if (a->root == NULL) {
		authority_free(a);
		return trouble(e, "a root certificate");
	}
	*out = a;
	return true;
}

void authority_free(struct authority *a)
{
	if (a == NULL)
		return;
	X509_free(a->root);
	EVP_PKEY_free(a->key);
	free(a);
}

static bool certificate_put(struct buf *out, const X509 *x, struct err *e)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes;
	long n;
	bool ok = bio != NULL && PEM_write_bio_X509(bio, x) == 1;

	if (ok && (n = BIO_get_mem_data(bio, &bytes)) > 0)
		buf_put(out, bytes, (size_t)n);
	BIO_free(bio);
	return ok ? buf_ok(out, "a certificate", e) : trouble(e, "a certificate");
}

static bool key_put(struct buf *out, EVP_PKEY *key, struct err *e)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	char *bytes;
	long n;
	bool ok = bio != NULL &&
		  PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;

	if (ok && (n = BIO_get_mem_data(bio, &bytes)) > 0)
		buf_put(out, bytes, (size_t)n);
	BIO_free(bio);
	return ok ? buf_ok(out, "a key", e) : trouble(e, "a key");
}

bool authority_root(const struct authority *a, struct buf *out, struct err *e)
{
	return certificate_put(out, a->root, e);
}

bool authority_seal(const struct authority *a, struct str name, struct buf *key, struct buf *certs,
		    struct err *e)
{
	const struct wish wish = { name, false };
	EVP_PKEY *own = key_new(a->kind);
	X509 *x = own != NULL ? certify(a, own, &wish) : NULL;
	bool ok = x != NULL ? key_put(key, own, e) && certificate_put(certs, x, e) &&
				      authority_root(a, certs, e)
			    : trouble(e, "a seal");

	X509_free(x);
	EVP_PKEY_free(own);
	return ok;
}
