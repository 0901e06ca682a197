/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_SECRET_H
#define HUFU_KEYS_SECRET_H

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/*
 * Secret bytes: locked against swapping where the machine allows it, left out of core dumps, between guard pages,
 * wiped when freed.  Passphrases, the home's key and private keys live in these and nowhere else.
 */
struct secret {
	unsigned char *p;
	size_t n;
};

/* n zeroed bytes (n ≥ 1); ed25519_start must have been called.  On failure *out is empty. */
bool secret_new(size_t n, struct secret *out, struct err *e) MUST_CHECK;

/* Wipe and give back; accepts an empty one; *s is empty afterwards. */
void secret_free(struct secret *s);

/* Wipe n bytes at p, and let no compiler leave it out. */
void secret_wipe(void *p, size_t n);

/* False when this process may not lock memory (RLIMIT_MEMLOCK): secrets then work, but may reach the swap file. */
bool secret_lockable(void) MUST_CHECK;

static inline struct str secret_view(const struct secret *s)
{
	return str_bytes(s->p, s->n);
}

#endif
