/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_STATUSLIST_H
#define HUFU_PROOF_STATUSLIST_H

#include "proof/keylist.h"

/* Status of documents (proof.md §3): one list of 4 bits an index, cut into shards of 32,768. */
enum {
	SHARD_BITS = 15,
	SHARD_ENTRIES = 1 << SHARD_BITS,
	SHARD_BYTES = SHARD_ENTRIES / 2,
	SHARD_FILE_MAX = 32 * 1024, /* a CWT; 32,768 random entries are 16 KB */
	SHARD_LIFE_S = 72 * 3600,   /* exp - iat, at most */
	SHARD_PATH = 64
};

/* The values, as Token Status List numbers them. */
enum status_value {
	STATUS_VALUE_VALID = 0,
	STATUS_VALUE_REVOKED = 1,
	STATUS_VALUE_SUSPENDED = 2,
	STATUS_VALUE_SUPERSEDED = 3,
	STATUS_VALUE_ENDED = 12
};

/* True for the moves 0→1,2,3,12 · 2→0,1,3,12 · 3→1 · 12→1 and no other (staying put is no move). */
bool status_may_move(unsigned from, unsigned to);
bool status_is_value(unsigned value);

/* Entry i of a shard: the low nibble of byte i/2 for even i (Token Status List §4: least significant bits first). */
unsigned status_get(const unsigned char shard[SHARD_BYTES], unsigned i);
void status_set(unsigned char shard[SHARD_BYTES], unsigned i, unsigned value);

/* "/s/<n>", "/s/<n>.tlog-proof", "/s/<n>.at/<iat>" (every shard version ever published; a folder cannot share the file's name). */
void shard_path(uint64_t shard, char out[SHARD_PATH]);
void shard_proof_path(uint64_t shard, char out[SHARD_PATH]);
void shard_history_path(uint64_t shard, int64_t iat, char out[SHARD_PATH]);

/*
 * One shard as a Status List Token in CWT form: tag 18, protected {1: -8, 4: kid, 16: "application/statuslist+cwt"},
 * external_aad empty; claims 2 sub, 4 exp, 6 iat, 65533 {"lst": zlib, "bits": 4}, 65534 ttl, -70001 [size, root, version,
 * SHA-256(keys.note)], deterministic CBOR (RFC 8949 §4.2.1: in this order).
 */
struct shard {
	struct str sub; /* canonical URL: policy's site ‖ "/s/" ‖ n */
	int64_t iat, exp, ttl;
	uint64_t tree_size; /* the log before this shard's own entry */
	unsigned char tree_root[SHA256_SIZE];
	uint64_t keys_version;
	unsigned char keys_sha256[SHA256_SIZE];
	unsigned char list[SHARD_BYTES];
};

/* Append the CWT, signed with the signer's status key.  False (ERR_INPUT, STATUS-FORM) for what shard_read would refuse. */
bool shard_write(struct buf *out, const struct shard *s, const struct signer *signer,
		 struct err *e) MUST_CHECK;

/*
 * Read and verify hostile bytes (at most SHARD_FILE_MAX) as shard n of this issuer: canonical CBOR, alg -8 or -19, the
 * exact sub, a status key of the list that was in use at iat (not_before ≤ iat < not_after) and is now active or retired,
 * exp - iat ≤ 72 h, inflating to exactly SHARD_BYTES of values known here.  Freshness is the caller's: now < exp.  Strings
 * point into `a`; on failure *out is untouched.  ERR_INPUT: STATUS-FORM; STATUS-KEY (no status key, or one that may not);
 * STATUS-SIGNATURE; STATUS-OTHER (this issuer's, but another list).
 */
bool shard_read(struct arena *a, struct str bytes, uint64_t n, const struct policy *policy,
		const struct keylist *keys, struct shard *out, struct err *e) MUST_CHECK;

#endif
