/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_SIGNER_H
#define HUFU_KEYS_SIGNER_H

#include <stdint.h>

#include "base/hash.h"
#include "keys/ed25519.h"
#include "keys/role.h"

/*
 * Whoever holds the private keys.  The caller says which key by role (and, for issuing keys, document type 1–255;
 * 0 else; for root keys `type` is their number from 1).  Behind it: a key ring unlocked from files (ring.h), a process of
 * its own (process.h), a PKCS#11 token (p11.h), an external command (command.h), several of these (mux.h).
 */
struct signer;

void signer_free(struct signer *s); /* accepts NULL */

/*
 * Of several keys with this role and number use the one with this public half; ERR_INPUT, NO-KEY when it is not there.
 * Before the signer is shared between threads.
 */
bool signer_select(struct signer *s, enum key_role role, unsigned number,
		   const struct ed25519_public *public, struct err *e) MUST_CHECK;

/* One signature, for the audit. */
struct signer_event {
	const char *purpose; /* "cose", "letter", "note", "pop", "minisign" */
	enum key_role role;
	unsigned number;
	unsigned char kid[KID_SIZE];
	unsigned char sha256[SHA256_SIZE]; /* of the bytes that are signed */
};

/*
 * Called before every signature, by every thread that signs; when it fails, nothing is signed.  Set before the signer
 * is shared; NULL ends it.  A signer in a process of its own keeps its audit there (process.h) and never calls this one.
 */
struct signer_audit {
	void *self;
	bool (*line)(void *self, const struct signer_event *event, struct err *e);
};

void signer_audited(struct signer *s, const struct signer_audit *audit);

/* The public half that would sign; false (ERR_INPUT, NO-KEY) when no active key has that role and type. */
bool signer_public(const struct signer *s, enum key_role role, unsigned type,
		   struct ed25519_public *out, struct err *e) MUST_CHECK;

/*
 * Sign a COSE_Sign1 payload with an issuing or status key: the signer itself builds Sig_structure (RFC 9052 §4.4) from
 * `protected` and `payload` under external_aad `aad`, so that it never signs bytes it did not shape.  The protected
 * header must be that of proof.md §2 or §3 with this key's kid; an issuing key signs only payloads of its own document
 * type under "hufu/1/cert" ‖ 0 ‖ issuer, a status key only under an empty `aad`; else ERR_SYSTEM.  Thread-safe.
 */
bool signer_cose(const struct signer *s, enum key_role role, unsigned type,
		 struct str protected_header, struct str aad, struct str payload,
		 unsigned char out[ED25519_SIGNATURE], struct err *e) MUST_CHECK;

struct officer_proof;

/* A letter's token that is to be signed: its parts as for signer_cose, and what two officers said.  Lent. */
struct signer_letter {
	unsigned type; /* 3 or 4 */
	struct str protected_header, aad, payload;
	const struct officer_proof *proof;
};

/*
 * As signer_cose with the issuing key of type 3 or 4, on the strength of the proof (officer.h), which the signer's guard
 * checks (guard.h); ERR_INPUT with its codes when it does not suffice, ERR_SYSTEM without a guard.  Under a guard
 * signer_cose refuses these types, ERR_INPUT APPROVAL-NEEDED.
 */
bool signer_letter(const struct signer *s, const struct signer_letter *letter,
		   unsigned char out[ED25519_SIGNATURE], struct err *e) MUST_CHECK;

enum { SIGNER_BODY_MAX = 1024 * 1024 };

/*
 * Sign a note body with a root, log or witness key.  C2SP signed-note: valid UTF-8 without control characters but \n,
 * which also ends it; at most SIGNER_BODY_MAX bytes.  (A witness signs "cosignature/v1\ntime …\n" ‖ body, shaped so.)
 * A body that begins with a label of officer.h is an officer's alone to sign, one of roster.h an officer's or a root's; an
 * officer's key signs nothing else.
 */
bool signer_note(const struct signer *s, enum key_role role, unsigned number, struct str body,
		 unsigned char out[ED25519_SIGNATURE], struct err *e) MUST_CHECK;

/* Sign "hufu/1/pop" ‖ 0 ‖ issuer ‖ 0 ‖ public (proof.md §4) with the key itself. */
bool signer_pop(const struct signer *s, enum key_role role, unsigned type, struct str issuer,
		unsigned char out[ED25519_SIGNATURE], struct err *e) MUST_CHECK;

/*
 * HMAC-SHA-256 and HMAC-SHA-512 under the home secret; parts joined, SIGNER_PARTS at most, the first of which begins with
 * a label of ours, "hufu/1/…".  Thread-safe.
 */
bool signer_hmac256(const struct signer *s, const struct str *parts, size_t count,
		    unsigned char out[32], struct err *e) MUST_CHECK;
bool signer_hmac512(const struct signer *s, const struct str *parts, size_t count,
		    unsigned char out[64], struct err *e) MUST_CHECK;

/*
 * The two signatures of a minisign file with the manifest key (minisign.h): over BLAKE2b-512 of the message, and over
 * that signature ‖ comment.  The key that made them goes to *key.
 */
bool signer_minisign(const struct signer *s, struct str message, struct str comment,
		     struct ed25519_public *key, unsigned char out[2][ED25519_SIGNATURE],
		     struct err *e) MUST_CHECK;

/* What can be asked of a signer, as one value: what its parts are and how much of `out` is filled. */
enum signer_op {
	SIGNER_COSE = 1, /* protected header, external data, payload; 64 */
	SIGNER_NOTE,     /* body; 64 */
	SIGNER_POP,      /* issuer; 64 */
	SIGNER_MINISIGN, /* BLAKE2b-512 of the message, trusted comment; 128 */
	SIGNER_HMAC256,  /* what is authenticated, joined; 32 */
	SIGNER_HMAC512,  /* the same; 64 */
	SIGNER_SELECT,   /* public key, as signer_select; 0 */
	SIGNER_LETTER /* as SIGNER_COSE, then salt, prepared text, its signature, approved text, its signature; 64 */
};

enum { SIGNER_PARTS = 16, SIGNER_OUT = 2 * ED25519_SIGNATURE };

struct signer_job {
	enum signer_op op;
	enum key_role role; /* HMAC: ROLE_HOME */
	unsigned number;    /* HMAC: 0 */
	const struct str *parts;
	size_t part_count;
	unsigned char out[SIGNER_OUT];
	struct ed25519_public key; /* the key that signed; zero for HMAC */
	bool done;
};

/*
 * Do all the jobs, as the calls above would one by one; with a signer in another process they share messages, which is
 * what a pipeline wants.  False with the first failure in *e; `done` says which of them were made.  Thread-safe.
 */
bool signer_run(const struct signer *s, struct signer_job *jobs, size_t count,
		struct err *e) MUST_CHECK;

/*
 * What stands behind a signer; ring.h makes one from files.  All but `select` and `free` must be thread-safe.  `sign`
 * gets bytes the signer has shaped; `size` of an HMAC is 32 (SHA-256) or 64 (SHA-512).  A backend with `run` takes the
 * jobs as they were asked and is never called for `sign` and `hmac`: whoever it hands them to must shape and check them,
 * by a signer of its own.
 */
struct signer_backend {
	void *self;
	bool (*public)(void *self, enum key_role role, unsigned number, struct ed25519_public *out);
	bool (*sign)(void *self, const struct ed25519_public *key, struct str bytes,
		     unsigned char out[ED25519_SIGNATURE], struct err *e);
	bool (*hmac)(void *self, size_t size, const struct str *parts, size_t count,
		     unsigned char *out, struct err *e);
	bool (*select)(void *self, enum key_role role, unsigned number,
		       const struct ed25519_public *public);
	bool (*run)(void *self, struct signer_job *jobs, size_t count, struct err *e);
	void (*free)(void *self); /* called once, also when signer_new fails */
};

bool signer_new(const struct signer_backend *backend, struct signer **out,
		struct err *e) MUST_CHECK;

#endif
