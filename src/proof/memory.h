/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_MEMORY_H
#define HUFU_PROOF_MEMORY_H

#include "base/arena.h"
#include "base/buf.h"
#include "proof/checkpoint.h"

/*
 * What a verifier remembers of one log between calls (proof.md §4, §5), so that a site cannot take back what it showed:
 * the largest tree, the newest key list, the newest list of each shard, every index seen revoked.  One file a log,
 * canonical JSON "hufu.memory/1"; the store of files is the caller's.
 */
enum { MEMORY_BYTES_MAX = 4 << 20, MEMORY_REVOKED_MAX = 65536, MEMORY_SHARDS_MAX = 4096 };

struct memory_shard {
	uint64_t shard;
	int64_t iat;
};

struct memory {
	uint64_t tree_size; /* 0: none yet */
	unsigned char tree_root[SHA256_SIZE];
	uint64_t keys_version;
	unsigned char keys_sha256[SHA256_SIZE];
	int64_t newest;              /* newest signed time seen, Unix seconds; 0: none */
	struct memory_shard *shards; /* ascending; room for MEMORY_SHARDS_MAX once opened */
	size_t shard_count;
	uint64_t *revoked; /* ascending; room for MEMORY_REVOKED_MAX */
	size_t revoked_count;
};

/* An empty memory whose lists live in `a`. */
bool memory_new(struct arena *a, struct memory *out, struct err *e) MUST_CHECK;

/* As memory_new, filled with what was written.  On failure *out is untouched.  ERR_INPUT, MEMORY-FORM. */
bool memory_read(struct arena *a, struct str bytes, struct memory *out, struct err *e) MUST_CHECK;
bool memory_write(struct buf *out, const struct memory *m, struct err *e) MUST_CHECK;

bool memory_is_revoked(const struct memory *m, uint64_t idx);
void memory_revoke(struct memory *m,
		   uint64_t idx); /* past the limit the oldest is kept, the new one lost */
int64_t memory_shard_iat(const struct memory *m, uint64_t shard); /* INT64_MIN when never seen */
/* The later iat stays; past the limit new shards are not remembered. */
void memory_shard_seen(struct memory *m, uint64_t shard, int64_t iat);

#endif
