/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_HASH_H
#define HUFU_BASE_HASH_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

enum { SHA256_SIZE = 32, SHA512_SIZE = 64 };

/* A running SHA-256 (FIPS 180-4, libcrypto's EVP).  One thread at a time. */
struct sha256;

struct sha256 *sha256_new(void) MUST_CHECK; /* NULL when memory ran out */
void sha256_free(struct sha256 *h);         /* accepts NULL */

/*
 * begin; add any number of parts; end.  After sha256_end the state must be begun again.  sha256_copy makes `to`
 * continue from where `from` stands (the midstate over a constant prefix).  These cannot fail once the object exists:
 * a libcrypto that cannot hash 64 bytes is a broken program, and it aborts.
 */
void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *p, size_t n);
void sha256_u64(struct sha256 *h, uint64_t v); /* big-endian */
void sha256_end(struct sha256 *h, unsigned char out[SHA256_SIZE]);
void sha256_copy(struct sha256 *to, const struct sha256 *from);

/* SHA-256 of one run of bytes. */
void sha256_of(struct str bytes, unsigned char out[SHA256_SIZE]);

/* SHA-256(label ‖ 0 ‖ parts…): the domain-separated hash of proof.md. */
void sha256_labelled(const char *label, const struct str *parts, size_t count,
		     unsigned char out[SHA256_SIZE]);

/* HMAC (RFC 2104) over the parts joined. */
void hmac_sha256(struct str key, const struct str *parts, size_t count,
		 unsigned char out[SHA256_SIZE]);
void hmac_sha512(struct str key, const struct str *parts, size_t count,
		 unsigned char out[SHA512_SIZE]);

/* v as eight big-endian bytes, for the parts above. */
void u64_be(uint64_t v, unsigned char out[8]);

/* Equal without telling by time where they differ. */
bool bytes_equal(const void *a, const void *b, size_t n);

#endif
