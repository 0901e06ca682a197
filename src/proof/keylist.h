/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_KEYLIST_H
#define HUFU_PROOF_KEYLIST_H

#include "keys/role.h"
#include "keys/signer.h"
#include "proof/policy.h"

enum { KEYLIST_KEYS_MAX = 256, KEYLIST_TYPES_MAX = 16, KEYLIST_WITNESSES_MAX = 16 };

/* One key of the list.  Roles: issuing, status, log, manifest; roots and witnesses live elsewhere. */
struct keylist_key {
	enum key_role role;
	unsigned char types[KEYLIST_TYPES_MAX]; /* issuing: document types it may sign, ascending */
	size_t type_count;                      /* 1 or more for issuing, 0 else */
	struct ed25519_public public;
	unsigned char kid[KID_SIZE];
	enum key_state state;
	uint64_t first_idx; /* signs nothing below it */
	bool has_from_idx;  /* exactly for KEY_COMPROMISED */
	uint64_t from_idx;  /* idx ≥ it is not genuine */
	int64_t not_before; /* Unix seconds */
	bool has_not_after;
	int64_t not_after;
	unsigned char pop[ED25519_SIGNATURE]; /* over "hufu/1/pop" ‖ 0 ‖ issuer ‖ 0 ‖ public */
};

/*
 * The issuer's keys (proof.md §4), /keys.note: a signed note whose body is one line of canonical JSON
 *   {"expires":"2027-06-01T00:00:00Z","issued":…,"issuer":…,"keys":[{"first_idx":0,"from_idx":null,"kid":"37a4504d",
 *    "not_after":null,"not_before":"…","pop":"<128 hex>","public":"<64 hex>","role":"issuing","state":"active","types":[1]},…],
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
 * Append keys.note, signed by the first k of the policy's roots the signer holds.  False (ERR_INPUT) when the list breaks
 * a rule of the reader, or fewer than k roots are there.
 */
bool keylist_write(struct buf *out, const struct keylist *list, const struct policy *policy,
		   const struct signer *signer, struct err *e) MUST_CHECK;

/*
 * Read keys.note and verify it against the pinned policy: issuer, k root signatures, every rule of the form, each
 * kid, each proof of possession, no low-order and no repeated key.  The bytes are hostile; *out points into `a`.
 * Freshness is keylist_fresh's.
 */
bool keylist_read(struct arena *a, struct str bytes, const struct policy *policy,
		  struct keylist *out, struct err *e) MUST_CHECK;

/* True while now < expires.  (A list issued after `now` moves the verifier's now: proof.md §5.) */
bool keylist_fresh(const struct keylist *list, int64_t now) MUST_CHECK;

/* The next key at or after *from with this kid, *from moved behind it; NULL when there is none.  kids may repeat. */
const struct keylist_key *keylist_lookup(const struct keylist *list,
					 const unsigned char kid[KID_SIZE],
					 size_t *from) MUST_CHECK;

bool keylist_signs(const struct keylist_key *key,
		   unsigned type) MUST_CHECK; /* issuing, for this type */

#endif
