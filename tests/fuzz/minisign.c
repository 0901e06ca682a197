/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/minisign.h"

#include <stdlib.h>

#include "base/enc.h"
#include "fuzz/fuzz.h"

/* The public half of seed 01 02 03 0…: corpus/minisign/signature is its work on "message". */
static const char public_hex[] = "221fe5f6859a1a4fec79057c9d32c8d3fc356e144b1da3b0f9016ef6f29888da";

/* A signature that verifies can only be the one that was made: its comment is known. */
static void check_signature(const struct ed25519_public *key, struct str bytes)
{
	struct str comment;
	struct err e;

	if (minisign_verify(key, STR("message"), bytes, &comment, &e)) {
		if (!str_eq(comment, STR("trusted")) || comment.p < bytes.p)
			abort();
	} else if (e.kind != ERR_INPUT || e.code[0] == '\0') {
		abort();
	}
}

/* A key file that is read is written again with the same key line. */
static void check_public(struct str bytes)
{
	struct buf again = buf_empty(MINISIGN_FILE_MAX);
	struct ed25519_public key;
	struct err e;

	if (minisign_public_read(bytes, &key, &e)) {
		size_t line = str_find(bytes, STR("\n"), 0);

		minisign_public(&key, &again);
		if (again.failed || !str_ends(buf_view(&again), str_skip(bytes, line)))
			abort();
	}
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ed25519_public key;
	struct err e;

	if (!ed25519_start(&e) || !enc_unhex(str_of(public_hex), key.bytes, sizeof key.bytes))
		abort();
	check_signature(&key, str_bytes(data, size));
	check_public(str_bytes(data, size));
	return 0;
}
