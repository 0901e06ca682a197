/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_ROSTER_H
#define HUFU_KEYS_ROSTER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "keys/ed25519.h"

/*
 * Who the officers are: HOME/keys/officers, one line of canonical JSON a change, oldest first,
 *
 *   {"signatures":[{"public":hex,"signature":hex},…],"statement":text}
 *
 * and the statement, as in officer.h one "key value" a line:
 *
 *   hufu/1/officer-roster
 *   issuer verify.example.org
 *   serial 3                            from 1
 *   prev <64 hex>                       SHA-256 of the line before it without its \n, 64 zeros for the first
 *   act enrol                           enrol, dismiss, endorse
 *   officer <64 hex>                    public key; of endorse 64 zeros
 *   name ZHANG Wei                      of enrol; of the others "-"
 *   at 2026-11-24T10:00:00Z
 *
 * A change is signed by two officers of the roster as it was before, or by k of the issuer's roots.  The newest change that
 * k of today's roots signed vouches for all before it; what comes after it is judged signature by signature.  So the first
 * two officers are enrolled by the roots, and after a change of roots the new ones endorse the roster once: a change behind
 * that which is signed by keys nobody knows (any more), and by too few others, leaves the roster without a voucher.
 */
#define ROSTER_LABEL STR("hufu/1/officer-roster\n")

enum {
	ROSTER_OFFICERS_MAX = 64, /* at once */
	ROSTER_CHANGES_MAX = 1024,
	ROSTER_BYTES_MAX = 2 * 1024 * 1024,
	ROSTER_NAME_MAX = 120, /* bytes of UTF-8, without control characters */
	ROSTER_SIGNATURES_MAX = 16,
	ROSTER_QUORUM = 2
};

enum roster_act { ROSTER_ENROL = 1, ROSTER_DISMISS, ROSTER_ENDORSE };

/* "enrol", "dismiss", "endorse". */
const char *roster_act_name(enum roster_act act);

/* By whom changes are judged: today's policy. */
struct roster_rules {
	struct str issuer;
	const struct ed25519_public *roots;
	size_t root_count;
	unsigned k;
};

struct roster_officer {
	struct ed25519_public public;
	unsigned char kid[KID_SIZE];
	struct str name;
	int64_t since, until; /* Unix seconds; until: 0 while enrolled */
};

struct roster {
	struct roster_officer
		*officers; /* dismissed ones too; no public key twice among the enrolled */
	size_t count;
	uint64_t serial;                 /* of the newest change, 0: none */
	unsigned char head[SHA256_SIZE]; /* what the next change names as prev */
	bool vouched; /* by today's roots; while not, nobody counts as enrolled */
};

/*
 * Read the file's bytes (hostile; empty: nobody was ever enrolled).  ERR_INPUT ROSTER-FORM, ROSTER-CHAIN, ROSTER-SIGNATURE
 * with the line's number.  *out lives in `a`.
 */
bool roster_read(struct arena *a, struct str bytes, const struct roster_rules *rules,
		 struct roster *out, struct err *e) MUST_CHECK;

/* The officer with this key, while enrolled and the roster vouched for; else NULL. */
const struct roster_officer *roster_lookup(const struct roster *r,
					   const struct ed25519_public *public);

/* The officer of this key whenever that was, for the names in reports; NULL: never one. */
const struct roster_officer *roster_ever(const struct roster *r,
					 const struct ed25519_public *public);

struct roster_change {
	enum roster_act act;
	struct ed25519_public public; /* not of endorse */
	struct str name;              /* of enrol */
	int64_t at;
};

/*
 * Append the statement of the next change.  ERR_INPUT: ROSTER-NAME, ROSTER-KNOWN (that key or name is enrolled, or a
 * root's), ROSTER-UNKNOWN.
 */
bool roster_statement(struct buf *out, const struct roster *r, const struct roster_rules *rules,
		      const struct roster_change *change, struct err *e) MUST_CHECK;

struct roster_signature {
	struct ed25519_public public;
	unsigned char signature[ED25519_SIGNATURE];
};

/*
 * Append the line, with its \n, that such a statement becomes with these signatures.  ERR_INPUT ROSTER-SIGNATURE when they
 * are not enough: roster_read would not take it.
 */
bool roster_line(struct buf *out, const struct roster *r, const struct roster_rules *rules,
		 struct str statement, const struct roster_signature *signatures, size_t count,
		 struct err *e) MUST_CHECK;

#endif
