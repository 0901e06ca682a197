/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_KEY_SHOW_H
#define HUFU_CLI_KEY_SHOW_H

#include "base/buf.h"
#include "issue/home.h"

/* What `hufu key list` and `hufu key export` print of a home (HOME_READ does). */

/* One line a key: those of the key files, of the key list and of the policy's roots, each once. */
bool key_show_list(struct home *h, bool json, struct buf *out, struct err *e) MUST_CHECK;

/*
 * The public half of the key named by 8 or 64 hexadecimal digits.  `format`: "hex"; "vkey", a verifier key of C2SP
 * signed-note; "minisign", a .pub file; "pem", SubjectPublicKeyInfo (RFC 8410 §4).  NULL: what programs that check such a
 * key take, so vkey for root and log keys, minisign for manifest keys, pem for the rest.
 */
bool key_show_public(struct home *h, struct str name, const char *format, struct buf *out,
		     struct err *e) MUST_CHECK;

#endif
