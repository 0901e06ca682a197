/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_LOOKUP_H
#define HUFU_PROOF_LOOKUP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "proof/token.h"

/*
 * From a typed document id to its token (proof.md §1) without telling which: buckets /d/<bits>, named by the leading n ≥ 1
 * bits, written 0 and 1, of lookup_digest.  /d/info is canonical JSON {"bits":n,"schema":"hufu.lookup/1"}.
 * A bucket is entries of LOOKUP_ENTRY bytes, ascending by tag: tag (the 8 bytes of the digest behind the 4 that hold the
 * leading bits) ‖ XChaCha20-Poly1305-IETF(length u16 ‖ token, zero-filled to 416 B; key BLAKE2b-256(docid; personal
 * "hufu/1/sealed" zero-filled), nonce 0, associated data = tag).
 */
enum {
	LOOKUP_BITS_MAX = 28,
	LOOKUP_TAG = 8,
	LOOKUP_PLAIN = 416,
	LOOKUP_ENTRY = LOOKUP_TAG + LOOKUP_PLAIN + 16,
	LOOKUP_BUCKET_MAX = 256 * 1024,
	LOOKUP_PATH = 48
};

/* SHA-256("hufu/1/lookup" ‖ 0 ‖ docid). */
void lookup_digest(struct str docid, unsigned char out[SHA256_SIZE]);

/* Leading bits so that `count` documents fill buckets of 16 to 64 KB where they can; at least 1. */
unsigned lookup_bits(uint64_t count);

/* "/d/0110…" of n bits, NUL-terminated. */
void lookup_path(const unsigned char digest[SHA256_SIZE], unsigned bits, char out[LOOKUP_PATH]);

bool lookup_info_write(struct buf *out, unsigned bits, struct err *e) MUST_CHECK;
bool lookup_info_read(struct str bytes, unsigned *bits, struct err *e) MUST_CHECK; /* hostile */

/* Append one entry; lookup_sort orders them at the end.  A docid seals one token and no other: the nonce is fixed. */
bool lookup_seal(struct buf *out, struct str docid, struct str token, struct err *e) MUST_CHECK;

/* Put the entries of a bucket that lookup_seal filled in ascending order of their tags; that is not the order of digests. */
void lookup_sort(struct buf *bucket);

/*
 * The token of docid in a bucket (hostile); *found false when it is not there.  What opens is a token that token_read_bytes
 * takes, of this very docid; it is not verified.  ERR_INPUT, LOOKUP-FORM.
 */
bool lookup_open(struct arena *a, struct str bucket, struct str docid, struct str *token,
		 bool *found, struct err *e) MUST_CHECK;

#endif
