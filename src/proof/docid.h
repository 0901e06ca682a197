/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_DOCID_H
#define HUFU_PROOF_DOCID_H

#include "base/buf.h"
#include "proof/token.h"

/*
 * The document id is the short code on the face and the file's name (proof.md §1): 10 bytes, 16 Crockford characters;
 * 13 bytes with the last 4 bits zero, 20 characters, past 10^7 documents.
 */
enum { DOCID_SHORT = 10, DOCID_TEXT_MAX = 25, MEMBER_SALT = 32, NONCE_SIZE = 32 };

/* What a document id is made of. */
struct docid_basis {
	unsigned char member_salt[MEMBER_SALT]; /* drawn once per member, kept in the store */
	unsigned type;                          /* enum document_type, 1–255 */
	struct str lang;                        /* "zh", "en" */
	uint64_t issue;            /* issue number of member × type × language, from 1 */
	unsigned char content[32]; /* facts_content_hash */
};

/*
 * First `size` bytes (DOCID_SHORT or DOCID_MAX) of HMAC-SHA-256(home secret, "hufu/1/docid" ‖ 0 ‖ member_salt ‖ u64 type ‖
 * lang ‖ 0 ‖ u64 issue ‖ content).  Fails only as the signer does.
 */
bool docid_make(const struct signer *signer, const struct docid_basis *basis, size_t size,
		unsigned char *out, struct err *e) MUST_CHECK;

/* nonce32 = HMAC-SHA-256(home secret, "hufu/1/nonce" ‖ 0 ‖ member_salt ‖ docid): what blinds digest16. */
bool docid_nonce(const struct signer *signer, const unsigned char member_salt[MEMBER_SALT],
		 struct str docid, unsigned char out[NONCE_SIZE], struct err *e) MUST_CHECK;

/* "XXXX-XXXX-XXXX-XXXX" (five groups for 13 bytes). */
void docid_text(struct buf *out, struct str docid);

/*
 * Read a typed document id: case, dashes and blanks ignored, I L → 1, O → 0, U → V.  True with *size 10 or 13 only for
 * exactly 16 or 20 characters; out holds DOCID_MAX bytes.
 */
bool docid_read(struct str text, unsigned char out[DOCID_MAX], size_t *size) MUST_CHECK;

#endif
