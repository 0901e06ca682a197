/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/token.h"

#include <stdlib.h>

#include "base/enc.h"
#include "fuzz/fuzz.h"
#include "proof/cbor.h"
#include "proof/payload.h"

/* The key of tests/vectors/token.json. */
static const char public_hex[] = "fe12b7dd0eaa241fe9f079042ef979e0bb83f60587d16289fb933d45ead6e22e";

static void check_refusal(const struct err *e)
{
	if (e->kind != ERR_INPUT || e->code[0] == '\0' || e->cause[0] == '\0')
		abort();
}

/* What was read obeys every rule, encodes to the same payload and has the same digits. */
static void check_token(struct arena *a, const struct token *t)
{
	struct buf payload = buf_empty(TOKEN_BYTES_MAX), url = buf_empty(2000);
	struct token again;
	struct str digits, base;
	struct err e;

	if (!payload_check(&t->payload, &e))
		abort();
	payload_encode(&payload, &t->payload);
	if (payload.failed || !str_eq(buf_view(&payload), t->payload_bytes))
		abort();
	token_url(&url, STR("https://verify.example.org"), t->bytes);
	if (!token_digits_find(buf_view(&url), &digits, &base) ||
	    !token_read(a, digits, &again, &e) || !str_eq(again.bytes, t->bytes))
		abort();
	buf_free(&payload);
	buf_free(&url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size), digits, base;
	struct arena *a = arena_new(1 << 20);
	struct ed25519_public key;
	struct token t;
	struct err e;

	if (a == NULL || !ed25519_start(&e) ||
	    !enc_unhex(str_of(public_hex), key.bytes, sizeof key.bytes))
		abort();
	if (token_read_bytes(a, bytes, &t, &e)) {
		check_token(a, &t);
		(void)!token_verify(&t, &key, STR("verify.example.org"));
	} else {
		check_refusal(&e);
	}
	if (token_digits_find(bytes, &digits, &base)) {
		if (token_read(a, digits, &t, &e))
			check_token(a, &t);
		else
			check_refusal(&e);
	}
	if (!cbor_check(bytes, &e))
		check_refusal(&e);
	arena_free(a);
	return 0;
}
