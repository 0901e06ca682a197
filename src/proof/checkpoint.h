/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_CHECKPOINT_H
#define HUFU_PROOF_CHECKPOINT_H

#include "proof/keylist.h"

/*
 * /checkpoint: C2SP tlog-checkpoint, a signed note of three lines (origin, size, base64 of the root) without extension
 * lines, signed by the log's key, with cosignature/v1 lines of witnesses (C2SP tlog-cosignature, Ed25519).
 */
enum { CHECKPOINT_BYTES_MAX = 64 * 1024, CHECKPOINT_BODY_MAX = 400 };

struct checkpoint {
	struct str origin;
	uint64_t size;
	unsigned char root[SHA256_SIZE];
};

/* Append the body: what is signed. */
bool checkpoint_body(struct buf *out, const struct checkpoint *c, struct err *e) MUST_CHECK;

/* Append the whole note, signed with the signer's log key whose public half is in log->public. */
bool checkpoint_write(struct buf *out, const struct checkpoint *c, const struct note_key *log,
		      const struct signer *signer, struct err *e) MUST_CHECK;

/* Read a body strictly: no extension lines, no leading zeros.  ERR_INPUT, CHECKPOINT-FORM. */
bool checkpoint_read_body(struct str body, struct checkpoint *out, struct err *e) MUST_CHECK;

/* Who vouches for a checkpoint. */
struct checkpoint_witnesses {
	uint32_t who;   /* bit i: the i-th of the witnesses asked about */
	unsigned count; /* how many of them */
	int64_t newest; /* latest time one of them states, Unix seconds; 0 for none */
};

/*
 * Read a checkpoint (hostile, at most CHECKPOINT_BYTES_MAX) signed by `log`, whose name is the origin it must have, and
 * count the cosignatures of `witnesses` (at most 32; each key once, however often it signed).  A line that names a known
 * key and does not verify makes it false.  ERR_INPUT: CHECKPOINT-FORM, CHECKPOINT-SIGNATURE.  out->origin points into
 * `bytes`.
 */
bool checkpoint_read(struct arena *a, struct str bytes, const struct note_key *log,
		     const struct note_key *witnesses, size_t witness_count, struct checkpoint *out,
		     struct checkpoint_witnesses *who, struct err *e) MUST_CHECK;

/* A witness's vkey: key type 0x04, hash SHA-256(name ‖ "\n" ‖ 0x04 ‖ public)[0..4). */
bool checkpoint_witness_key(struct str name, const struct ed25519_public *public,
			    struct note_key *out, struct err *e) MUST_CHECK;

/* Append one cosignature line of the signer's witness key `witness` for the body, stated at `time`. */
bool checkpoint_cosign(struct buf *out, struct str body, int64_t time,
		       const struct note_key *witness, const struct signer *signer,
		       struct err *e) MUST_CHECK;

#endif
