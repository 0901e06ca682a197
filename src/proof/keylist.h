/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_KEYLIST_H
#define HUFU_PROOF_KEYLIST_H

#include "keys/role.h"
#include "keys/signer.h"
#include "proof/policy.h"

enum {
	KEYLIST_KEYS_MAX = 256,
	KEYLIST_TYPES_MAX = 16,
	KEYLIST_WITNESSES_MAX = 16,
	KEYLIST_LOGS_MAX = 16
};

/* One key of the list.  Roles: issuing, status, log, manifest; roots and witnesses live elsewhere. */
struct keylist_key {
	enum key_role role;
	unsigned char types[KEYLIST_TYPES_MAX]; /* issuing: document types it may sign, ascending */
	size_t type_count;                      /* 1 or more for issuing, 0 else */
	struct ed25519_public public;
	unsigned char kid[KID_SIZE];
	enum key_state state;
	struct str
		log; /* origin of the log its positions count in; a log key's name.  Written empty: the policy's log */
	uint64_t first_idx; /* signs nothing below it */
	bool has_from_idx;  /* exactly for KEY_COMPROMISED */
	uint64_t
		from_idx; /* idx ≥ it is not genuine; status and log keys are revoked at once, theirs is 0 */
	int64_t not_before; /* Unix seconds */
	bool has_not_after;
	int64_t not_after;
	unsigned char pop[ED25519_SIGNATURE]; /* over "hufu/1/pop" ‖ 0 ‖ issuer ‖ 0 ‖ public */
};

/*
 * A log whose key was compromised, frozen as its last honest tree.  The log that follows, under a new origin and key,
 * continues that tree: positions, tiles and status shards stay what they are, and a tree that is not an extension of
 * every frozen one is not the issuer's.
 */
struct keylist_log {
	struct str origin;
	uint64_t size;
	unsigned char root[SHA256_SIZE]; /* of the empty tree when size is 0 */
};

/*
 * The issuer's keys (proof.md §4), /keys.note: a signed note whose body is one line of canonical JSON
 *   {"expires":"2027-06-01T00:00:00Z","issued":…,"issuer":…,"keys":[{"first_idx":0,"from_idx":null,"kid":"37a4504d",
 *    "log":"<origin>","not_after":null,"not_before":"…","pop":"<128 hex>","public":"<64 hex>","role":"issuing",
 *    "state":"active","types":[1]},…],"logs":[{"origin":…,"root":"<64 hex>","size":4096},…],
 *    "prev":"<64 hex>"|null,"quorum":0,"schema":"hufu.keys/1","version":1,"witnesses":[vkey…]}
 * signed by at least k of the policy's roots.  prev = SHA-256 of the whole previous keys.note, null for version 1.
 */
struct keylist {
	struct str issuer;
	uint64_t version;        /* from 1 */
	int64_t issued, expires; /* Unix seconds; at most 13 months apart */
	bool has_prev;
	unsigned char prev[32];
	struct keylist_key *keys; /* at most KEYLIST_KEYS_MAX, no public key twice */
	size_t count;
	struct keylist_log logs[KEYLIST_LOGS_MAX]; /* frozen, oldest first, sizes never falling */
	size_t log_count;
	struct note_key witnesses[KEYLIST_WITNESSES_MAX]; /* added to those of the policy */
	size_t witness_count;
	unsigned quorum; /* not below the policy's */
};

/*
 * Fill public, kid, pop, role and (issuing) types = {type} of *out from the signer's key; state active, not_before as
 * given, open end, first_idx 0.  The caller changes what differs.
 */
bool keylist_key_make(const struct signer *signer, enum key_role role, unsigned type,
		      struct str issuer, int64_t not_before, struct keylist_key *out,
		      struct err *e) MUST_CHECK;

/*
 * Append the body of keys.note: what roots sign.  False (ERR_INPUT, KEYLIST-FORM) when the list breaks a rule of the
 * reader.  keylist_write appends the whole note, signed by the first k of the policy's roots the signer holds;
 * KEYLIST-ROOT when it holds fewer.  A list that a change of roots comes with is signed by both (roots.h).
 */
bool keylist_body(struct buf *out, const struct keylist *list, const struct policy *policy,
		  struct err *e) MUST_CHECK;
bool keylist_write(struct buf *out, const struct keylist *list, const struct policy *policy,
		   struct signer *signer, struct err *e) MUST_CHECK;

/*
 * Read keys.note and verify it against the pinned policy: issuer, k root signatures, every rule of the form, each
 * kid, each proof of possession, no low-order and no repeated key.  The bytes are hostile; *out points into `a`.
 * Freshness is keylist_fresh's.
 */
bool keylist_read(struct arena *a, struct str bytes, const struct policy *policy,
		  struct keylist *out, struct err *e) MUST_CHECK;

/* As keylist_read, of a body that roots are asked to sign: no signature is looked at. */
bool keylist_read_body(struct arena *a, struct str body, const struct policy *policy,
		       struct keylist *out, struct err *e) MUST_CHECK;

/* True while now < expires.  (A list issued after `now` moves the verifier's now: proof.md §5.) */
bool keylist_fresh(const struct keylist *list, int64_t now) MUST_CHECK;

/* The next key at or after *from with this kid, *from moved behind it; NULL when there is none.  kids may repeat. */
const struct keylist_key *keylist_lookup(const struct keylist *list,
					 const unsigned char kid[KID_SIZE],
					 size_t *from) MUST_CHECK;

bool keylist_signs(const struct keylist_key *key,
		   unsigned type) MUST_CHECK; /* issuing, for this type */

/*
 * May `list` be believed by somebody who saw version `version` with these bytes (their SHA-256) before?  ERR_INPUT:
 * KEYLIST-ROLLBACK for an older one, KEYLIST-FORK for another of the same version, or a next one that names another
 * predecessor.  version 0: nothing was seen.
 */
bool keylist_remembered(uint64_t version, const unsigned char sha256[SHA256_SIZE],
			const struct keylist *list, const unsigned char list_sha256[SHA256_SIZE],
			struct err *e) MUST_CHECK;

/*
 * The above, and what a later list may do to an earlier one, read under policies of one issuer: no key is taken away, its
 * role, types and first position stay; states move forward only (planned → active → retired → compromised); from_idx is
 * lowered, never raised; a frozen log stays as it is; a key moves to another log only out of one that was frozen; it is
 * not issued before the other.  Lists between the two may be missing.  KEYLIST-CHANGE when one of these is broken.
 */
bool keylist_follows(const struct keylist *old, const unsigned char old_sha256[SHA256_SIZE],
		     const struct keylist *list, const unsigned char list_sha256[SHA256_SIZE],
		     struct err *e) MUST_CHECK;

/*
 * The log that goes on: its key that signs checkpoints now in out[0], behind it the retired ones of the same origin,
 * whose checkpoints still hold; at most `max`.  The policy's own log when the list names no log key.  0: none signs.
 */
size_t keylist_log_keys(const struct keylist *list, const struct policy *policy,
			struct note_key *out, size_t max) MUST_CHECK;

/*
 * Where the key's positions count: the frozen log, or NULL for the one that goes on.  A position at or past a frozen
 * log's size is in no log; one below it stands in every later tree too, unchanged.
 */
const struct keylist_log *keylist_log(const struct keylist *list,
				      const struct keylist_key *key) MUST_CHECK;

#endif
