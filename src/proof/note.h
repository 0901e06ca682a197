/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_NOTE_H
#define HUFU_PROOF_NOTE_H

#include "base/arena.h"
#include "base/buf.h"
#include "keys/ed25519.h"

/*
 * C2SP signed-note: a text whose last line ends with \n, a blank line, "— name base64" lines.  Keys are Ed25519; what they
 * sign is the text, or with a witness's key the timestamped text of a checkpoint (checkpoint.h).
 */
enum {
	NOTE_MAX = 1 << 20,       /* bytes of a note */
	NOTE_NAME_MAX = 200,      /* bytes of a key name */
	NOTE_SIGNATURES_MAX = 64, /* a log's, 32 witnesses', and as many of strangers */
	NOTE_HASH = 4
};

/* The key types of C2SP signed-note this house speaks. */
enum note_type {
	NOTE_ED25519 = 0x01,
	NOTE_COSIGNATURE = 0x04 /* timestamped checkpoint cosignatures: witnesses */
};

/* A verifier key: "name+hex8+base64(type ‖ public)". */
struct note_key {
	enum note_type type;
	struct str name;
	unsigned char hash[NOTE_HASH]; /* SHA-256(name ‖ "\n" ‖ type ‖ public)[0..4) */
	struct ed25519_public public;
};

struct note_signature {
	struct str name;
	unsigned char hash[NOTE_HASH];
	struct str
		bytes; /* what follows the hash: 64 bytes when Ed25519, a time and those when a cosignature */
};

/* A note that was read; nothing is verified yet. */
struct note {
	struct str body; /* up to and with the \n before the blank line: what is signed */
	struct note_signature signatures[NOTE_SIGNATURES_MAX];
	size_t count;
};

/*
 * A key of this name, of type Ed25519 or a witness's; false (ERR_INPUT, NOTE-NAME) when the name is empty, too long, holds a
 * space, '+' or control byte.
 */
bool note_key_make(struct str name, const struct ed25519_public *public, struct note_key *out,
		   struct err *e) MUST_CHECK;

bool note_witness_make(struct str name, const struct ed25519_public *public, struct note_key *out,
		       struct err *e) MUST_CHECK;

/*
 * Read a vkey of exactly that type; the hash must be the key's.  The name is copied into `a`.  ERR_INPUT, NOTE-KEY, also for
 * a key of the other type.
 */
bool note_key_read(struct arena *a, struct str vkey, struct note_key *out,
		   struct err *e) MUST_CHECK;
bool note_witness_read(struct arena *a, struct str vkey, struct note_key *out,
		       struct err *e) MUST_CHECK;

/* The vkey text. */
void note_key_write(struct buf *out, const struct note_key *key);

/* Read a note.  The bytes are hostile; *out points into them and into `a`.  ERR_INPUT, NOTE-FORM. */
bool note_read(struct arena *a, struct str bytes, struct note *out, struct err *e) MUST_CHECK;

/* True when the signature says it is of this key: name and hash are the key's.  It is yet to be verified. */
bool note_names(const struct note_signature *signature, const struct note_key *key) MUST_CHECK;

/*
 * How many of the `count` keys (at most 32) signed the note; bit i of *who is set for keys[i].  A signature that names one
 * of the keys and does not verify makes the note false (ERR_INPUT, NOTE-SIGNATURE); those of other keys are ignored.  The
 * keys are of type Ed25519: nothing a witness signed is a signature of a note's text.
 */
bool note_verify(const struct note *note, const struct note_key *keys, size_t count, uint32_t *who,
		 struct err *e) MUST_CHECK;

/* Append one signature line; the note is body ‖ "\n" ‖ lines. */
void note_line(struct buf *out, const struct note_key *key,
	       const unsigned char signature[ED25519_SIGNATURE]);

/* Append a witness's line: the signature stands behind the u64 of the time it names. */
void note_cosignature_line(struct buf *out, const struct note_key *key, uint64_t time,
			   const unsigned char signature[ED25519_SIGNATURE]);

#endif
