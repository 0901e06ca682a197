/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_LEAF_H
#define HUFU_PROOF_LEAF_H

#include "base/hash.h"

/* What the issuer publishes of one document (proof.md §3): two commitments, 64 bytes, or 64 bytes of padding. */
struct leaf {
	unsigned char c_token[SHA256_SIZE];
	unsigned char c_pdf[SHA256_SIZE];
};

/* c_token = SHA-256("hufu/1/token" ‖ 0 ‖ token). */
void leaf_token(struct str token, unsigned char out[SHA256_SIZE]);

/* c_pdf = SHA-256("hufu/1/pdf" ‖ 0 ‖ token ‖ SHA-256(file)), of the file after its last seal. */
void leaf_pdf(struct str token, const unsigned char file_sha256[SHA256_SIZE],
	      unsigned char out[SHA256_SIZE]);

/* Both at once. */
struct leaf leaf_of(struct str token, const unsigned char file_sha256[SHA256_SIZE]);

#endif
