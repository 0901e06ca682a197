/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct sha256 {
	EVP_MD_CTX *ctx;
};

static void must(int ok)
{
	if (ok != 1)
		abort();
}

struct sha256 *sha256_new(void)
{
	struct sha256 *h = malloc(sizeof *h);

	if (h == NULL)
		return NULL;
	h->ctx = EVP_MD_CTX_new();
	if (h->ctx == NULL || EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1) {
		sha256_free(h);
		return NULL;
	}
	return h;
}

void sha256_free(struct sha256 *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

void sha256_begin(struct sha256 *h)
{
	must(EVP_DigestInit_ex(h->ctx, NULL, NULL));
}

void sha256_add(struct sha256 *h, const void *p, size_t n)
{
	must(EVP_DigestUpdate(h->ctx, p, n));
}

void sha256_u64(struct sha256 *h, uint64_t v)
{
	unsigned char bytes[8];

	u64_be(v, bytes);
	sha256_add(h, bytes, sizeof bytes);
}

void sha256_end(struct sha256 *h, unsigned char out[SHA256_SIZE])
{
	must(EVP_DigestFinal_ex(h->ctx, out, NULL));
}

void sha256_copy(struct sha256 *to, const struct sha256 *from)
{
	must(EVP_MD_CTX_copy_ex(to->ctx, from->ctx));
}

void sha256_of(struct str bytes, unsigned char out[SHA256_SIZE])
{
	must(EVP_Digest(bytes.p, bytes.n, out, NULL, EVP_sha256(), NULL));
}

void sha256_labelled(const char *label, const struct str *parts, size_t count,
		     unsigned char out[SHA256_SIZE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(ctx != NULL);
	must(EVP_DigestInit_ex(ctx, EVP_sha256(), NULL));
	must(EVP_DigestUpdate(ctx, label, strlen(label) + 1));
	for (size_t i = 0; i < count; i++)
		must(EVP_DigestUpdate(ctx, parts[i].p, parts[i].n));
	must(EVP_DigestFinal_ex(ctx, out, NULL));
	EVP_MD_CTX_free(ctx);
}

static void hmac(const EVP_MD *md, size_t block, struct str key, const struct str *parts,
		 size_t count, unsigned char *out)
{
	unsigned char pad[128] = { 0 }, inner[SHA512_SIZE];
	unsigned size = (unsigned)EVP_MD_get_size(md);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(ctx != NULL);
	if (key.n > block)
		must(EVP_Digest(key.p, key.n, pad, NULL, md, NULL));
	else if (key.n > 0)
		memcpy(pad, key.p, key.n);
	for (size_t i = 0; i < block; i++)
		pad[i] ^= 0x36;
	must(EVP_DigestInit_ex(ctx, md, NULL));
	must(EVP_DigestUpdate(ctx, pad, block));
	for (size_t i = 0; i < count; i++)
		must(EVP_DigestUpdate(ctx, parts[i].p, parts[i].n));
	must(EVP_DigestFinal_ex(ctx, inner, NULL));
	for (size_t i = 0; i < block; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	must(EVP_DigestInit_ex(ctx, md, NULL));
	must(EVP_DigestUpdate(ctx, pad, block));
	must(EVP_DigestUpdate(ctx, inner, size));
	must(EVP_DigestFinal_ex(ctx, out, NULL));
	EVP_MD_CTX_free(ctx);
	OPENSSL_cleanse(pad, sizeof pad);
	OPENSSL_cleanse(inner, sizeof inner);
}

void hmac_sha256(struct str key, const struct str *parts, size_t count,
		 unsigned char out[SHA256_SIZE])
{
	hmac(EVP_sha256(), 64, key, parts, count, out);
}

void hmac_sha512(struct str key, const struct str *parts, size_t count,
		 unsigned char out[SHA512_SIZE])
{
	hmac(EVP_sha512(), 128, key, parts, count, out);
}

void u64_be(uint64_t v, unsigned char out[8])
{
	for (int i = 7; i >= 0; i--, v >>= 8)
		out[i] = (unsigned char)(v & 0xff);
}

bool bytes_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}
