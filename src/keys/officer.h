/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_OFFICER_H
#define HUFU_KEYS_OFFICER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "keys/signer.h"

/*
 * What an officer says of an application, and signs.  Text, so that whoever signs can read it: one "key value" a line,
 * in this order, all of them there, nothing else:
 *
 *   hufu/1/officer
 *   issuer verify.example.org
 *   act approve                                  prepare, approve, refuse, withdraw
 *   request 12                                   its number in the home, from 1
 *   type 3                                       document type of the token, 3 or 4
 *   binds <64 hex>                               what was looked at (record/standing.h, standing_binding)
 *   subject <64 hex>                             of whom and to whom the code will speak: below
 *   native <64 hex>
 *   latin <64 hex>
 *   days 95                                      at most so many days from issue to expiry
 *   at 2026-11-24T10:00:00Z
 *   officer <64 hex>                             the public key that signs this
 *
 * subject, native and latin are SHA-256("hufu/1/subject" ‖ 0 ‖ salt ‖ items) over items of the token's payload as they
 * are encoded there (proof.md §2): subject over memno ‖ recipient ‖ [wording, class, look-back, pending], native over
 * name_zh, latin over name_latin.  The salt is the member's: once it is destroyed the hashes mean nothing.
 */
enum officer_act { OFFICER_PREPARE = 1, OFFICER_APPROVE, OFFICER_REFUSE, OFFICER_WITHDRAW };

/* The first line; "hufu/1/officer-roster" is roster.h's. */
#define OFFICER_LABEL STR("hufu/1/officer\n")

enum { OFFICER_SALT = 32, OFFICER_TEXT_MAX = 1024, OFFICER_DAYS_MAX = 400 };

struct officer_statement {
	struct str issuer;
	enum officer_act act;
	uint64_t request;
	unsigned type;
	unsigned char binds[SHA256_SIZE], subject[SHA256_SIZE], native[SHA256_SIZE],
		latin[SHA256_SIZE];
	unsigned days;
	int64_t at; /* Unix seconds */
	struct ed25519_public officer;
};

/* "prepare", "approve", "refuse", "withdraw". */
const char *officer_act_name(enum officer_act act);

/* Append the text; ERR_SYSTEM for values that officer_read would refuse. */
bool officer_write(struct buf *out, const struct officer_statement *s, struct err *e) MUST_CHECK;

/* Read it; the bytes are hostile and must be those officer_write makes.  *out points into `text`.  ERR_INPUT OFFICER-FORM. */
bool officer_read(struct str text, struct officer_statement *out, struct err *e) MUST_CHECK;

/*
 * The three hashes of a payload that is to be signed; bytes that are no payload of type 3 or 4 are ERR_SYSTEM.  Only the
 * hashes of *out are written.
 */
bool officer_subject(struct str payload, const unsigned char salt[OFFICER_SALT],
		     struct officer_statement *out, struct err *e) MUST_CHECK;

/* native or latin of a payload that has no such name. */
void officer_nil(const unsigned char salt[OFFICER_SALT], unsigned char out[SHA256_SIZE]);

/* A statement and the signature over it. */
struct officer_signed {
	struct str text;
	unsigned char signature[ED25519_SIGNATURE];
};

/* What a letter is signed on the strength of: two of them, by two officers, and the salt that opens their hashes. */
struct officer_proof {
	struct officer_signed prepared, approved;
	unsigned char salt[OFFICER_SALT];
};

/*
 * An officer's own key, from a file that only its owner can read (seedfile.h).  *out signs as ROLE_OFFICER, number 0, and
 * nothing but statements of this header and of roster.h; *public is its public half.
 */
bool officer_key_open(const char *path, struct signer **out, struct ed25519_public *public,
		      struct err *e) MUST_CHECK;

/* Write, sign: *out gets the text (in `a`) and the signature; s->officer is filled from the key. */
bool officer_sign(struct arena *a, struct officer_statement *s, const struct signer *key,
		  struct officer_signed *out, struct err *e) MUST_CHECK;

/*
 * Read a statement, and is the signature that of the officer it names?  ERR_INPUT OFFICER-FORM, OFFICER-SIGNATURE.  Whether
 * that key is enrolled is the roster's to say.
 */
bool officer_verify(const struct officer_signed *signed_text, struct officer_statement *out,
		    struct err *e) MUST_CHECK;

#endif
