/* SPDX-License-Identifier: Apache-2.0 */
/*
 * µs of CPU and bytes a seal's signature (CMS, level B-B), for each kind of key.  cms_bench [SECONDS]
 * The keys and certificates are made here, of no use elsewhere.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/hash.h"
#include "keys/ed25519.h"
#include "seal/sealer.h"

enum { DOCUMENT = 36 * 1024 /* bytes of a certificate's file, hashed too */ };

static double cpu_s(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	       (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static void extend(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	if (extension == NULL || X509_add_ext(x, extension, -1) != 1)
		abort();
	X509_EXTENSION_free(extension);
}

/* A certificate for `key`; issuer NULL: its own. */
static X509 *certify(EVP_PKEY *key, const char *cn, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_NAME_new();

	if (x == NULL || name == NULL || X509_set_version(x, 2) != 1 ||
	    ASN1_INTEGER_set(X509_get_serialNumber(x), 7) != 1 ||
	    X509_gmtime_adj(X509_getm_notBefore(x), -3600) == NULL ||
	    X509_gmtime_adj(X509_getm_notAfter(x), 86400) == NULL ||
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)cn, -1, -1,
				       0) != 1 ||
	    X509_set_subject_name(x, name) != 1 ||
	    X509_set_issuer_name(x, issuer != NULL ? X509_get_subject_name(issuer) : name) != 1 ||
	    X509_set_pubkey(x, key) != 1)
		abort();
	extend(x, issuer != NULL ? issuer : x, NID_subject_key_identifier, "hash");
	if (issuer != NULL)
		extend(x, issuer, NID_authority_key_identifier, "keyid");
	extend(x, issuer != NULL ? issuer : x, NID_basic_constraints,
	       issuer_key == NULL || strncmp(cn, "Demo CA", 7) == 0 ? "critical,CA:TRUE"
								    : "critical,CA:FALSE");
	extend(x, issuer != NULL ? issuer : x, NID_key_usage,
	       "critical,digitalSignature,keyCertSign,cRLSign");
	if (X509_sign(x, issuer_key != NULL ? issuer_key : key, EVP_sha256()) == 0)
		abort();
	X509_NAME_free(name);
	return x;
}

static void pem_of(X509 *x, struct buf *out)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *p;
	long n;

	if (b == NULL || PEM_write_bio_X509(b, x) != 1)
		abort();
	n = BIO_get_mem_data(b, &p);
	buf_put(out, p, (size_t)n);
	BIO_free(b);
}

static void key_write(EVP_PKEY *key, char path[])
{
	int fd = mkstemp(path);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (f == NULL || PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) != 1 ||
	    fclose(f) != 0)
		abort();
}

struct pki {
	EVP_PKEY *root_key, *ca_key;
	X509 *root, *ca;
};

static void measure(const struct pki *pki, const char *name, EVP_PKEY *key, double seconds)
{
	char path[] = "/tmp/hufu-cms-XXXXXX";
	struct buf certs = buf_empty(1 << 16), cms = buf_empty(1 << 16);
	X509 *leaf = certify(key, "Demo Seal", pki->ca, pki->ca_key);
	static unsigned char document[DOCUMENT];
	struct sealer_done done;
	struct sealer *s = NULL;
	unsigned char hash[32];
	double start;
	long count = 0;
	struct err e = { 0 };

	pem_of(leaf, &certs);
	pem_of(pki->ca, &certs);
	pem_of(pki->root, &certs);
	key_write(key, path);
	{
		const struct sealer_plan plan = { .key = { .kind = SEALKEY_PEM, .path = path },
						  .certs = buf_view(&certs) };

		if (!sealer_open(&plan, &env_system, &s, &e) || !sealer_prepare(s, &e)) {
			fprintf(stderr, "%s\n", e.cause);
			exit(3);
		}
	}
	(void)unlink(path);
	for (start = cpu_s(); cpu_s() - start < seconds; count++) {
		buf_clear(&cms);
		document[0]++;
		sha256_of(str_bytes(document, sizeof document), hash);
		if (!sealer_sign(s, hash, sealer_hole(s), &cms, &done, &e))
			exit(3);
	}
	start = cpu_s() - start;
	printf("%-9s %7.1f us CPU a CMS with the hash of %d KiB, %6.0f/s/core, %zu bytes, hole %zu\n",
	       name, start / (double)count * 1e6, DOCUMENT / 1024, (double)count / start, cms.n,
	       sealer_hole(s));
	sealer_free(s);
	buf_free(&certs);
	buf_free(&cms);
	X509_free(leaf);
	EVP_PKEY_free(key);
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
	struct pki pki = { .root_key = EVP_RSA_gen(3072), .ca_key = EVP_RSA_gen(3072) };
	struct err e;

	if (!ed25519_start(&e) || pki.root_key == NULL || pki.ca_key == NULL)
		return 3;
	pki.root = certify(pki.root_key, "Demo CA Root", NULL, NULL);
	pki.ca = certify(pki.ca_key, "Demo CA", pki.root, pki.root_key);
	measure(&pki, "P-256", EVP_EC_gen("P-256"), seconds);
	measure(&pki, "P-384", EVP_EC_gen("P-384"), seconds);
	measure(&pki, "RSA-2048", EVP_RSA_gen(2048), seconds);
	measure(&pki, "RSA-3072", EVP_RSA_gen(3072), seconds);
	measure(&pki, "RSA-4096", EVP_RSA_gen(4096), seconds);
	X509_free(pki.root);
	X509_free(pki.ca);
	EVP_PKEY_free(pki.root_key);
	EVP_PKEY_free(pki.ca_key);
	return 0;
}
