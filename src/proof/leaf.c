/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/leaf.h"

void leaf_token(struct str token, unsigned char out[SHA256_SIZE])
{
	sha256_labelled("hufu/1/token", &token, 1, out);
}

void leaf_pdf(struct str token, const unsigned char file_sha256[SHA256_SIZE],
	      unsigned char out[SHA256_SIZE])
{
	struct str parts[] = { token, str_bytes(file_sha256, SHA256_SIZE) };

	sha256_labelled("hufu/1/pdf", parts, COUNT_OF(parts), out);
}

struct leaf leaf_of(struct str token, const unsigned char file_sha256[SHA256_SIZE])
{
	struct leaf leaf;

	leaf_token(token, leaf.c_token);
	leaf_pdf(token, file_sha256, leaf.c_pdf);
	return leaf;
}
