/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "proof/witness.h"

/* What is read is written as the same bytes, and whatever it holds, it accuses nobody: neither of these roots is in reach. */
static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_finding(const struct witness_fork *f)
{
	struct checkpoint small = { .origin = STR("log"), .size = f->smaller, .root = { 1 } };
	struct checkpoint large = { .origin = STR("log"), .size = f->larger, .root = { 2 } };
	enum witness_finding want = f->smaller == 0 ? WITNESS_ONE_LOG : WITNESS_UNPROVEN;

	must(witness_compare(&small, &large, f) == want);
	must(witness_compare(&large, &small, f) == want);
	memcpy(small.root, f->root, SHA256_SIZE); /* then both agree about the smaller tree */
	must(witness_compare(&small, &large, f) == want);
	small.size++;
	must(witness_compare(&small, &large, f) != WITNESS_ONE_LOG || small.size == large.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size);
	struct buf again = buf_empty(WITNESS_FORK_BYTES);
	struct witness_fork fork;
	struct err e = { 0 };

	if (witness_fork_read(bytes, &fork, &e)) {
		must(witness_fork_write(&again, &fork, &e) && str_eq(buf_view(&again), bytes));
		check_finding(&fork);
	} else {
		must(e.kind == ERR_INPUT && str_eq(str_of(e.code), STR("WITNESS-FORM")));
	}
	buf_free(&again);
	return 0;
}
