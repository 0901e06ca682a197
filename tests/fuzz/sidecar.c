/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/sidecar.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

/* What is read is written as the same bytes; its proof, of whatever hashes, proves nothing about a tree it is not of. */
static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_proof(const struct sidecar *s)
{
	static const unsigned char leaf[SHA256_SIZE] = { 1 }, root[SHA256_SIZE] = { 2 };

	for (unsigned bits = 0; bits < 64; bits += 7) {
		uint64_t size = UINT64_C(1) << bits;

		must(!merkle_includes(leaf, s->index, size, root, &s->proof));
		must(!merkle_includes(leaf, s->index, s->index + size, root, &s->proof));
		must(!merkle_consistent(s->index, leaf, s->index + size, root, &s->proof));
		must(!merkle_consistent(size, leaf, s->index, root, &s->proof));
	}
	must(!merkle_includes(leaf, s->index, UINT64_MAX, root, &s->proof));
	must(!merkle_consistent(s->index, leaf, UINT64_MAX, root, &s->proof));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size);
	struct arena *a = arena_new(1 << 16);
	struct buf again = buf_empty(SIDECAR_BYTES_MAX);
	struct sidecar s;
	struct err e = { 0 };

	must(a != NULL);
	if (sidecar_read(a, bytes, &s, &e)) {
		must(sidecar_write(&again, &s, &e) && str_eq(buf_view(&again), bytes));
		check_proof(&s);
	} else {
		must(e.kind == ERR_INPUT && str_eq(str_of(e.code), STR("SIDECAR-FORM")));
	}
	buf_free(&again);
	arena_free(a);
	return 0;
}
