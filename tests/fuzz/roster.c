/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "keys/ring.h"
#include "keys/roster.h"

/* A file of officers under three roots of seeds 0x20 to 0x22, two of whom sign; officers' seeds begin at 0x10. */
enum { ROOTS = 3, ROOT_SEED = 0x20, K = 2, WORK = 64 << 20 };

#define ISSUER STR("verify.example.org")

struct seat {
	struct signer *keys[ROOTS];
	struct ed25519_public roots[ROOTS];
	struct roster_rules rules;
};

static const struct seat *seat_open(void)
{
	static struct seat s;
	struct err e;

	if (s.rules.k > 0)
		return &s;
	for (unsigned i = 0; i < ROOTS; i++) {
		struct ring_seed seed = { .role = ROLE_ROOT, .number = i + 1 };

		memset(seed.seed, (int)(ROOT_SEED + i), sizeof seed.seed);
		if (!ed25519_start(&e) || !ring_of_seeds(&seed, 1, &s.keys[i], &e) ||
		    !signer_public(s.keys[i], ROLE_ROOT, i + 1, &s.roots[i], &e))
			abort();
	}
	s.rules = (struct roster_rules){ ISSUER, s.roots, ROOTS, K };
	return &s;
}

/* Nobody is enrolled twice, or at all without a voucher. */
static void check_roster(const struct roster *r)
{
	size_t now = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct roster_officer *o = &r->officers[i];

		if (o->until != 0)
			continue;
		now++;
		if (roster_lookup(r, &o->public) != (r->vouched ? o : NULL) ||
		    roster_ever(r, &o->public) != o || o->name.n == 0)
			abort();
	}
	if (now > ROSTER_OFFICERS_MAX || r->serial > ROSTER_CHANGES_MAX || r->count > r->serial)
		abort();
}

/* Whatever was read, the roots can endorse it, and then it reads as before, vouched for. */
static void check_endorsed(const struct seat *s, struct arena *a, struct str bytes,
			   const struct roster *r)
{
	const struct roster_change change = { .act = ROSTER_ENDORSE, .at = 1795140000 };
	struct buf statement = buf_empty(1024), all = buf_empty(ROSTER_BYTES_MAX);
	struct roster_signature signatures[K];
	struct roster after;
	struct err e;

	if (r->serial == 0 || r->serial == ROSTER_CHANGES_MAX || bytes.n + 8192 > ROSTER_BYTES_MAX)
		return;
	if (!roster_statement(&statement, r, &s->rules, &change, &e))
		abort();
	for (unsigned i = 0; i < K; i++) {
		signatures[i].public = s->roots[i];
		if (!signer_note(s->keys[i], ROLE_ROOT, i + 1, buf_view(&statement),
				 signatures[i].signature, &e))
			abort();
	}
	buf_str(&all, bytes);
	if (!roster_line(&all, r, &s->rules, buf_view(&statement), signatures, K, &e) ||
	    !roster_read(a, buf_view(&all), &s->rules, &after, &e) || !after.vouched ||
	    after.count != r->count || after.serial != r->serial + 1)
		abort();
	check_roster(&after);
	buf_free(&all);
	buf_free(&statement);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct seat *s = seat_open();
	struct str bytes = str_bytes(data, size);
	struct arena *a = arena_new(WORK);
	struct roster r;
	struct err e;

	if (a == NULL)
		abort();
	if (roster_read(a, bytes, &s->rules, &r, &e)) {
		check_roster(&r);
		check_endorsed(s, a, bytes, &r);
	} else if (e.kind == ERR_INPUT && strncmp(e.code, "ROSTER-", 7) != 0) {
		abort();
	}
	arena_free(a);
	return 0;
}
