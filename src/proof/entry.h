/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_ENTRY_H
#define HUFU_PROOF_ENTRY_H

#include "proof/leaf.h"

/*
 * Entries of the log (proof.md §3): 65 bytes, a kind and 64 bytes.  Numbers are u64 big-endian, the rest is zero.
 *
 *   01  c_token ‖ c_pdf, or padding          a document
 *   02  SHA-256(manifest part 0) ‖ batch     a batch manifest
 *   03  SHA-256(status CWT) ‖ shard ‖ iat    a status shard; two of equal shard and iat are evidence
 *   04  SHA-256(keys.note) ‖ version         a key list
 *   05  SHA-256(x) ‖ sub-kind                anything else the issuer binds itself to
 */
enum { ENTRY_SIZE = 65 };

enum entry_kind {
	ENTRY_DOCUMENT = 1,
	ENTRY_MANIFEST = 2,
	ENTRY_STATUS = 3,
	ENTRY_KEYS = 4,
	ENTRY_OTHER = 5
};
enum entry_other { OTHER_JOURNAL = 1, OTHER_PLAN = 2, OTHER_PAGE = 3 };

struct entry {
	unsigned char bytes[ENTRY_SIZE];
};

struct entry entry_document(const struct leaf *leaf);
struct entry entry_manifest(const unsigned char sha256[SHA256_SIZE], uint64_t batch);
struct entry entry_status(const unsigned char sha256[SHA256_SIZE], uint64_t shard, int64_t iat);
struct entry entry_keys(const unsigned char sha256[SHA256_SIZE], uint64_t version);
struct entry entry_other(const unsigned char sha256[SHA256_SIZE], enum entry_other sub_kind);

bool entry_equal(const struct entry *a, const struct entry *b);

/* RFC 6962 §2.1: SHA-256(0x00 ‖ entry). */
void entry_hash(const struct entry *entry, unsigned char out[SHA256_SIZE]);

#endif
