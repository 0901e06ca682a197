/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_TOKEN_H
#define HUFU_PROOF_TOKEN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "keys/ed25519.h"

struct signer;
struct officer_proof;

enum { TOKEN_BYTES_MAX = 400, DOCID_MAX = 13, DIGEST16 = 16 };

enum document_type {
	TYPE_PRACTISING = 1,
	TYPE_NON_PRACTISING = 2,
	TYPE_LETTER = 3,
	TYPE_STATEMENT = 4
};

/* What the signature covers (proof.md §2).  Strings with p == NULL are CBOR nil. */
struct token_payload {
	unsigned type; /* 1–255 */
	uint64_t idx;  /* position in the log and in the status list */
	unsigned char docid[DOCID_MAX];
	size_t docid_size; /* 10, or 13 past 10^7 documents */
	struct str
		member_no; /* as printed; encoded as uint when ≤ 18 digits without leading zero */
	struct str name_native, name_latin;
	int64_t issued_day;  /* days since 1970-01-01 in the issuer's zone */
	int64_t expires_day; /* 0: none */
	unsigned char digest16[DIGEST16];
	bool has_admitted; /* types 1, 2: ext 4 */
	int64_t admitted_day;
	struct str recipient;                             /* types 3, 4: ext 1 */
	int64_t as_at_min;                                /* types 3, 4: ext 2, Unix minutes */
	unsigned wording, class_code, look_back, pending; /* types 3, 4: ext 3 */
};

/* A token that was read: well-formed, canonical; not yet verified. */
struct token {
	struct token_payload payload;
	unsigned char kid[KID_SIZE];
	struct str bytes;         /* the whole COSE_Sign1 */
	struct str payload_bytes; /* the bstr payload */
	unsigned char signature[ED25519_SIGNATURE];
	int alg; /* -8 or -19 */
};

/*
 * Read one token from the decimal digits of a scanned code (RFC 9052 COSE_Sign1, untagged).  The digits are hostile:
 * at most 964, 400 bytes, CBOR depth 3, must re-encode to the same bytes.  On success *out is complete and points into
 * `a`; on failure it is untouched and *e says where.
 */
bool token_read(struct arena *a, struct str digits, struct token *out, struct err *e) MUST_CHECK;

/* As token_read, from bytes. */
bool token_read_bytes(struct arena *a, struct str bytes, struct token *out,
		      struct err *e) MUST_CHECK;

/* True when `key` signed this token for `issuer` (external_aad "hufu/1/cert" ‖ 0 ‖ issuer). */
bool token_verify(const struct token *t, const struct ed25519_public *key,
		  struct str issuer) MUST_CHECK;

/*
 * Encode, sign and append the token's bytes to *out.  Refuses (ERR_INPUT, TOKEN-TOO-LONG) past 400 bytes and any
 * payload token_read would not accept.  Thread-safe as far as the signer is.
 */
bool token_write(const struct token_payload *p, const struct signer *signer, struct str issuer,
		 struct buf *out, struct err *e) MUST_CHECK;

/*
 * The same for types 3 and 4 on the strength of what two officers said (keys/officer.h): signer_letter, and its refusals.
 */
bool token_write_letter(const struct token_payload *p, const struct officer_proof *proof,
			const struct signer *signer, struct str issuer, struct buf *out,
			struct err *e) MUST_CHECK;

/* Append the payload as these two would sign it, with their refusals of a payload: what officer_subject hashes. */
bool token_payload_bytes(const struct token_payload *p, struct buf *out, struct err *e) MUST_CHECK;

/*
 * The token's digits inside a scanned text: "https://…/#digits", a bare run of digits, with a tail that starts with &
 * or ? dropped.  False when there is none.  *base is the part before "/#" (empty for bare digits).
 */
bool token_digits_find(struct str text, struct str *digits, struct str *base) MUST_CHECK;

/* Append base "/#" digits: what the QR code carries.  `token` holds at most TOKEN_BYTES_MAX bytes, the first not zero. */
void token_url(struct buf *out, struct str base, struct str token);

#endif
