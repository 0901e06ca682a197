/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/manifest.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

static void check_refusal(const struct err *e)
{
	if (e->kind != ERR_INPUT || e->code[0] == '\0')
		abort();
}

/* What was read is written again byte for byte, and every index of the range has its leaf. */
static void check_part(const struct manifest *m, const struct manifest_part *part, struct str bytes)
{
	struct buf again = buf_empty(MANIFEST_BYTES_MAX);
	struct err e;

	if (!manifest_write(&again, m, part->part, part->leaves, part->count, &e) ||
	    !str_eq(buf_view(&again), bytes))
		abort();
	if (manifest_part_of(m, part->first_idx) != part->part ||
	    part->first_idx + part->count - 1 > m->last_idx)
		abort();
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size);
	struct arena *a = arena_new(64 << 20);
	struct manifest m;
	struct manifest_part part;
	unsigned char hash[SHA256_SIZE];
	struct err e;

	if (a == NULL)
		abort();
	if (manifest_read(a, bytes, &m, &part, &e))
		check_part(&m, &part, bytes);
	else
		check_refusal(&e);
	/* As part 1 of a batch whose head names exactly these bytes. */
	sha256_of(bytes, hash);
	m = (struct manifest){ .issuer = STR("verify.example.org"),
			       .batch = 1,
			       .last_idx = MANIFEST_PART + 1,
			       .parts = hash };
	if (manifest_read_part(a, bytes, &m, 1, &part, &e))
		check_part(&m, &part, bytes);
	else
		check_refusal(&e);
	arena_free(a);
	return 0;
}
