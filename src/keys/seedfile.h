/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_SEEDFILE_H
#define HUFU_KEYS_SEEDFILE_H

#include "keys/ed25519.h"
#include "keys/secret.h"

/*
 * Read the private half of an Ed25519 key made elsewhere from a file that only its owner can read (private_read): 32 raw
 * bytes, 64 hexadecimal digits, or PKCS #8 in PEM as `openssl genpkey -algorithm ed25519` writes it (RFC 8410 §7).  *out is
 * the seed, owned by the caller.  ERR_INPUT, KEY-SEED, for anything else.
 */
bool seedfile_read(const char *path, struct secret *out, struct err *e) MUST_CHECK;

#endif
