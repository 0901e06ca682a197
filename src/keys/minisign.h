/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_MINISIGN_H
#define HUFU_KEYS_MINISIGN_H

#include "base/buf.h"
#include "keys/ed25519.h"

struct signer;

/*
 * minisign files (https://jedisct1.github.io/minisign/, "ED": BLAKE2b-512 of the message is signed, and the trusted
 * comment too), so that `minisign -V` checks a manifest without us.  The key id is SHA-256(public key)[0..8).
 */
enum { MINISIGN_COMMENT_MAX = 1024, MINISIGN_FILE_MAX = 4096 };

/* Append a .minisig file made with the manifest key.  The comment: one line, valid UTF-8, no control bytes but tab. */
bool minisign_sign(const struct signer *signer, struct str message, struct str trusted_comment,
		   struct buf *out, struct err *e) MUST_CHECK;

/*
 * Check a .minisig file (hostile, at most MINISIGN_FILE_MAX bytes) against the message.  ERR_INPUT with code
 * MINISIGN-FORM, MINISIGN-KEY (made by another key) or MINISIGN-WRONG.  *trusted_comment points into `minisig`.
 */
bool minisign_verify(const struct ed25519_public *key, struct str message, struct str minisig,
		     struct str *trusted_comment, struct err *e) MUST_CHECK;

/* Append the text of a .pub file; its second line is what `minisign -P` takes. */
void minisign_public(const struct ed25519_public *key, struct buf *out);

/* Read a .pub file (hostile) whose key id is ours; ERR_INPUT, MINISIGN-FORM or the words of ed25519_public_read. */
bool minisign_public_read(struct str text, struct ed25519_public *out, struct err *e) MUST_CHECK;

#endif
