/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/tsa.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "seal/cert.h"
#include "tsa_vector.h"

/*
 * A reply, or a token by itself, to the request of tsa_vector.h.  No path is to be had here but for the one service of the
 * vector: what passes all checks must be its work.
 */
static STACK_OF(X509) * roots(void)
{
	static STACK_OF(X509) * stack;
	struct err e;

	if (stack == NULL && !cert_load(str_bytes(vector_root, sizeof vector_root), &stack, &e))
		abort();
	return stack;
}

static void judge(const struct tsa_stamp *stamp)
{
	STACK_OF(X509) *path = NULL;
	struct err e = { 0 };

	if (tsa_token_check(stamp, NULL, roots(), &path, &e))
		cert_stack_free(path);
	else if (e.kind != ERR_SYSTEM)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size);
	struct tsa_request request = { .policy = { 0 } };
	struct tsa_stamp stamp;
	struct err e = { 0 };

	memcpy(request.sha256, vector_imprint, sizeof request.sha256);
	memcpy(request.nonce, vector_nonce, sizeof request.nonce);
	if (tsa_reply_read(bytes, &request, &stamp, &e)) {
		if (stamp.token.p < bytes.p || stamp.token.n > size || stamp.imprint.n != 32)
			abort();
		judge(&stamp);
	} else if (e.code[0] == '\0') {
		abort();
	}
	if (tsa_token_read(bytes, &stamp, &e))
		judge(&stamp);
	return 0;
}
