/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_POLICY_H
#define HUFU_PROOF_POLICY_H

#include "keys/signer.h"
#include "proof/note.h"

enum {
	POLICY_ISSUER_MAX = 100,
	POLICY_SITE_MAX = 48, /* bytes of the base URL; proof.md §2 */
	POLICY_ROOTS_MAX = 16,
	POLICY_WITNESSES_MAX = 16,
	POLICY_BYTES_MAX = 64 * 1024,
	POLICY_FINGERPRINT = 39 /* 8 groups of 4 and 7 dashes */
};

/*
 * Whom a verifier trusts (proof.md §4), policy.json:
 *   {"contact":…,"issuer":"verify.example.org","k":1,"log":{"origin":…,"vkey":…},"names":{"en":…,"zh":…},"quorum":0,
 *    "roots":[vkey…],"schema":"hufu.policy/1","site":"https://verify.example.org","utc_offset_min":480,"witnesses":[vkey…]}
 */
struct policy {
	struct str issuer; /* stable id, a domain: [a-z0-9.-]{1,100} */
	struct str name_zh, name_en;
	struct str site;    /* http(s)://host[:port][/path], no slash at its end */
	struct str contact; /* one line */
	struct note_key roots[POLICY_ROOTS_MAX]; /* named <issuer>/root-<n>, n = 1, 2, … in order */
	size_t root_count;
	unsigned k;          /* how many roots sign a key list: 1 to root_count */
	struct note_key log; /* its name is the log's origin */
	struct note_key witnesses[POLICY_WITNESSES_MAX];
	size_t witness_count;
	unsigned quorum; /* witnesses a checkpoint needs; 0: not witnessed */
	int utc_offset_min;
};

/* "<issuer>/root-<n>" in the arena. */
bool policy_root_name(struct arena *a, struct str issuer, unsigned n, struct str *out,
		      struct err *e) MUST_CHECK;

/*
 * Read policy.json strictly: every member there, no other, all rules above.  The bytes are hostile; *out points into
 * `a`.  ERR_INPUT with the pointer of the fault.
 */
bool policy_read(struct arena *a, struct str bytes, struct policy *out, struct err *e) MUST_CHECK;

/* Canonical JSON (RFC 8785), no newline.  False (ERR_INPUT) for a policy that policy_read would refuse. */
bool policy_write(struct buf *out, const struct policy *p, struct err *e) MUST_CHECK;

/* 8 × 4 Crockford characters of SHA-256(canonical policy)[0..20), NUL-terminated. */
bool policy_fingerprint(const struct policy *p, char out[POLICY_FINGERPRINT + 1],
			struct err *e) MUST_CHECK;

/*
 * A change of the policy itself: roots, k, log, witnesses, quorum, site, names.  The issuer publishes the successor for
 * whoever pinned the old one, at /policy/<fingerprint of the old one>.note: a signed note whose body is the new policy
 * (canonical JSON and \n), signed by k roots of the old policy and by k of the new.  A verifier asks for that file of the
 * policy it has pinned and follows from one to the next, at most POLICY_HOPS_MAX times, until there is none: nothing in
 * policy.json counts versions, and none can be rolled back.  It pins what it arrives at and says so.
 */
enum { POLICY_HOPS_MAX = 16, POLICY_SUCCESSOR = 64 };

/* The path of the successor's note, NUL-terminated. */
bool policy_successor_path(const struct policy *old, char out[POLICY_SUCCESSOR],
			   struct err *e) MUST_CHECK;

/*
 * Read a successor's note (hostile).  ERR_INPUT: POLICY-FORM, POLICY-ROOT when a quorum of roots is missing, POLICY-CHANGE
 * for what no signature allows by itself: another issuer, a lower quorum, a policy that is the old one.  *out lives in `a`.
 */
bool policy_follow(struct arena *a, struct str note, const struct policy *old, struct policy *out,
		   struct err *e) MUST_CHECK;

/* Append that note, signed with roots of both that the signer holds; POLICY-ROOT when they are too few. */
bool policy_succeed(struct buf *out, const struct policy *old, const struct policy *next,
		    struct signer *signer, struct err *e) MUST_CHECK;

/* Fingerprints as people type them: true when both name the same 20 bytes. */
bool policy_fingerprint_eq(struct str typed, struct str fingerprint) MUST_CHECK;

#endif
