/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/memory.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

/*
 * The input as a memory, which then has one form; and as things seen, eight bytes each, after which the memory still
 * knows all it knew and reads back.
 */
static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_text(struct arena *a, const struct memory *m, struct str same)
{
	struct buf text = buf_empty(MEMORY_BYTES_MAX);
	struct memory back;
	struct err e;

	must(memory_write(&text, m, &e));
	must(same.p == NULL || str_eq(buf_view(&text), same));
	must(memory_read(a, buf_view(&text), &back, &e));
	must(back.revoked_count == m->revoked_count && back.shard_count == m->shard_count &&
	     back.newest == m->newest && back.tree_size == m->tree_size);
	buf_free(&text);
}

static void see(struct memory *m, struct str bytes)
{
	for (; bytes.n >= 8; bytes = str_skip(bytes, 8)) {
		uint64_t v = 0;
		int64_t before, iat;

		for (size_t i = 0; i < 8; i++)
			v = v << 8 | (unsigned char)bytes.p[i];
		memory_revoke(m, v >> 11);
		must(memory_is_revoked(m, v >> 11) || m->revoked_count == MEMORY_REVOKED_MAX);
		iat = (int64_t)(v & 0xffff);
		before = memory_shard_iat(m, v >> 40);
		memory_shard_seen(m, v >> 40, iat);
		must(memory_shard_iat(m, v >> 40) == (before > iat ? before : iat) ||
		     m->shard_count == MEMORY_SHARDS_MAX);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size), none = { NULL, 0 };
	struct arena *a = arena_new(16 << 20);
	struct memory m;
	struct err e;

	must(a != NULL);
	if (memory_read(a, bytes, &m, &e)) {
		check_text(a, &m, bytes);
		see(&m, str_bytes("\x00\x00\x10\x00\x00\x00\x40\x00", 8));
		check_text(a, &m, none);
	} else {
		must(e.kind == ERR_INPUT && strcmp(e.code, "MEMORY-FORM") == 0);
	}
	if (size > 0 && size % 8 == 0) {
		must(memory_new(a, &m, &e));
		see(&m, bytes);
		check_text(a, &m, none);
	}
	arena_free(a);
	return 0;
}
