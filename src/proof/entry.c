/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/entry.h"

#include "proof/merkle.h"

enum { HASH_AT = 1, FIRST_AT = HASH_AT + SHA256_SIZE, SECOND_AT = FIRST_AT + 8 };

/* kind ‖ hash ‖ first ‖ second ‖ 0… */
static struct entry entry_make(enum entry_kind kind, const unsigned char hash[SHA256_SIZE],
			       uint64_t first, uint64_t second)
{
	struct entry entry = { { (unsigned char)kind } };

	memcpy(entry.bytes + HASH_AT, hash, SHA256_SIZE);
	u64_be(first, entry.bytes + FIRST_AT);
	u64_be(second, entry.bytes + SECOND_AT);
	return entry;
}

struct entry entry_document(const struct leaf *leaf)
{
	struct entry entry = { { ENTRY_DOCUMENT } };

	memcpy(entry.bytes + HASH_AT, leaf->c_token, SHA256_SIZE);
	memcpy(entry.bytes + FIRST_AT, leaf->c_pdf, SHA256_SIZE);
	return entry;
}

struct entry entry_manifest(const unsigned char sha256[SHA256_SIZE], uint64_t batch)
{
	return entry_make(ENTRY_MANIFEST, sha256, batch, 0);
}

struct entry entry_status(const unsigned char sha256[SHA256_SIZE], uint64_t shard, int64_t iat)
{
	return entry_make(ENTRY_STATUS, sha256, shard, (uint64_t)iat);
}

struct entry entry_keys(const unsigned char sha256[SHA256_SIZE], uint64_t version)
{
	return entry_make(ENTRY_KEYS, sha256, version, 0);
}

struct entry entry_other(const unsigned char sha256[SHA256_SIZE], enum entry_other sub_kind)
{
	return entry_make(ENTRY_OTHER, sha256, sub_kind, 0);
}

bool entry_equal(const struct entry *a, const struct entry *b)
{
	return memcmp(a->bytes, b->bytes, ENTRY_SIZE) == 0;
}

void entry_hash(const struct entry *entry, unsigned char out[SHA256_SIZE])
{
	merkle_leaf(str_bytes(entry->bytes, ENTRY_SIZE), out);
}
