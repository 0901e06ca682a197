/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_MANIFEST_H
#define HUFU_PROOF_MANIFEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "keys/ed25519.h"
#include "proof/leaf.h"

enum {
	MANIFEST_PART = 65536,         /* most positions of one part */
	MANIFEST_PARTS_MAX = 1024,     /* so at most 2^26 positions a batch */
	MANIFEST_BYTES_MAX = 64 << 20, /* of one part */
	MANIFEST_TEMPLATES_MAX = 256,
	MANIFEST_KEYS_MAX = 64,
	MANIFEST_STATUS_MAX = 65536, /* shard versions signed between two manifests */
	MANIFEST_PATH = 48           /* room for a name below, with NUL */
};

struct manifest_template {
	struct str id, lang; /* "practising-certificate", "zh" */
	uint64_t version;
	unsigned char sha256[SHA256_SIZE]; /* of what the template was compiled from */
};

/* A tree of the log. */
struct manifest_tree {
	uint64_t size;
	unsigned char root[SHA256_SIZE];
};

/* A status shard that was signed since the manifest before (proof.md §3). */
struct manifest_status {
	uint64_t shard;
	int64_t iat;
	unsigned char sha256[SHA256_SIZE]; /* of its CWT */
};

/*
 * A batch's manifest (proof.md §3), canonical JSON.  Part 0, /m/<batch>-0.json:
 *   {"batch":1,"first_idx":0,"fonts":"<sha256>","issuer":…,"keys":["37a4504d",…],"last_idx":1999,"leaves":["<128 hex>",…],
 *    "parts":["<sha256 of part 1>",…],"previous":"<sha256 of the previous batch's part 0>"|null,"program":"hufu 1.0",
 *    "schema":"hufu.manifest/1","status":[{"iat":…,"sha256":…,"shard":0},…],"templates":[{"id":…,"lang":…,"sha256":…,
 *    "version":1},…],"tree":{"after":{"root":…,"size":2000},"before":{"root":…,"size":0}}}
 * and parts 1, 2, …, /m/<batch>-<part>.json:
 *   {"batch":1,"first_idx":65536,"issuer":…,"leaves":[…],"part":1,"schema":"hufu.manifest/1"}
 * Part p holds the leaves of idx first_idx + 65536 p …, the last part the rest.  Each file has a .minisig beside it.
 */
struct manifest {
	struct str issuer;
	uint64_t batch;               /* from 1 */
	uint64_t first_idx, last_idx; /* of the whole batch, both inside */
	const struct manifest_template *templates;
	size_t template_count;
	unsigned char fonts[SHA256_SIZE]; /* of the font set's description */
	struct str program;               /* name and version, at most 100 bytes */
	const unsigned char *keys; /* key_count × KID_SIZE: issuing keys that signed the tokens */
	size_t key_count;
	bool has_previous; /* false exactly for batch 1 */
	unsigned char previous[SHA256_SIZE];
	const unsigned char *parts; /* SHA256_SIZE each, of parts 1 … manifest_parts(m)-1 */
	/* The log before and after the document block: before.size = first_idx, after.size = last_idx + 1. */
	struct manifest_tree before, after;
	const struct manifest_status *status; /* ascending by iat, then shard */
	size_t status_count;
};

/* Leaves of one part: idx first_idx … first_idx + count - 1. */
struct manifest_part {
	unsigned part;
	uint64_t first_idx;
	const struct leaf *leaves;
	size_t count;
};

/* How many parts first_idx … last_idx makes; 0 when the range is impossible. */
size_t manifest_parts(const struct manifest *m);

/* Which part holds idx (first_idx ≤ idx ≤ last_idx). */
unsigned manifest_part_of(const struct manifest *m, uint64_t idx);

/* "/m/<batch>-<part>.json" or, with `signature`, "….json.minisig", NUL-terminated. */
void manifest_path(uint64_t batch, unsigned part, bool signature, char out[MANIFEST_PATH]);

/*
 * Append one part.  Write parts 1, 2, … first (only issuer, batch, first_idx, last_idx are read), put their SHA-256 into
 * m->parts, then write part 0.  `leaves` holds exactly the part's leaves, padding included.  ERR_INPUT, MANIFEST-FORM when
 * a count or a rule is broken.
 */
bool manifest_write(struct buf *out, const struct manifest *m, unsigned part,
		    const struct leaf *leaves, size_t count, struct err *e) MUST_CHECK;

/*
 * Read part 0: its head and its leaves.  The bytes are hostile (check the minisig first all the same: it is cheaper);
 * at most MANIFEST_BYTES_MAX, and exactly the canonical form.  Results point into `a`.
 */
bool manifest_read(struct arena *a, struct str bytes, struct manifest *out,
		   struct manifest_part *part0, struct err *e) MUST_CHECK;

/* Read a further part of the batch of `head`; its SHA-256 must be the one the head names. */
bool manifest_read_part(struct arena *a, struct str bytes, const struct manifest *head,
			unsigned part, struct manifest_part *out, struct err *e) MUST_CHECK;

#endif
