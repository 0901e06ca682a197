/* SPDX-License-Identifier: Apache-2.0 */
/* What a verifier of thousands hands to gather ready-made, what one far away does not fetch, and older lists. */
#include "proof/gather.h"

#include "sitemaker.h"

TEST(far_away_a_code_is_judged_by_the_entries_around_it_at_every_awkward_size)
{
	static const size_t pads[] = { 0, 1, 252, 253, 254, 255, 256, 509, 767, 1021, 2000 };

	for (size_t i = 0; i < COUNT_OF(pads); i++) {
		struct maker m;
		struct gather_from from;
		struct str digits;

		maker_ready(&m, pads[i]);
		from = maker_from(&m);
		from.is_far = true;
		for (size_t d = 0; d < m.count; d++) {
			struct maker_seen seen;

			digits = maker_digits(&m, &m.docs[d].token);
			seen = maker_look_at(
				&m, &from,
				&(struct gather_target){ .tokens = &digits, .token_count = 1 });
			EQ_INT(seen.v.code, VERDICT_VALID);
			CHECK(!seen.ev.status_logged);
			EQ_INT(seen.ev.tree.size, tile_edge_size(m.edge));
		}
		maker_close(&m);
	}
}

/* Put the bundle of the first 256 entries back with byte `at` flipped; SIZE_MAX: half of it; or take it away. */
static void spoil(struct maker *m, size_t at, bool gone)
{
	struct shelf_file *f = shelf_slot(&m->shelf, "/tile/entries/000");

	CHECK(f->bytes != NULL && f->n == BUNDLE_BYTES);
	if (gone)
		shelf_remove(&m->shelf, "/tile/entries/000");
	else if (at == SIZE_MAX)
		f->n /= 2;
	else
		f->bytes[at] ^= 1;
}

TEST(entries_that_are_not_the_logs_or_cannot_be_had_are_never_green)
{
	static const struct {
		size_t at;
		bool gone;
		enum verdict_code code;
	} cases[] = {
		{ 2, false, VERDICT_INCONSISTENT_LOG }, /* its own entry */
		{ 200 * BUNDLE_ENTRY, false,
		  VERDICT_VALID }, /* another's length: the tile has the leaves */
		{ 200 * BUNDLE_ENTRY + 9, false, VERDICT_INCONSISTENT_LOG }, /* another's bytes */
		{ SIZE_MAX, false, VERDICT_UNDECIDED },
		{ 0, true, VERDICT_UNDECIDED },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (int file = 0; file < 2; file++) {
			struct maker m;
			struct gather_from from;
			struct str digits;
			struct maker_seen seen;

			maker_ready(&m, 300);
			from = maker_from(&m);
			from.is_far = true;
			digits = maker_digits(&m, &m.docs[0].token);
			spoil(&m, cases[i].at, cases[i].gone);
			seen = maker_look_at(&m, &from,
					     &(struct gather_target){ .tokens = &digits,
								      .token_count = 1,
								      .is_file = file,
								      .file = m.docs[0].file });
			/* A file needs no entries. */
			EQ_INT(seen.v.code, file ? VERDICT_VALID : cases[i].code);
			maker_close(&m);
		}
}

TEST(what_was_read_and_tried_elsewhere_gives_the_same_answer)
{
	struct maker m;
	struct gather_from from;
	struct err e = { 0 };
	struct gather *g;
	const struct keylist *keys = NULL;
	struct token forged;
	struct token_payload p;

	maker_ready(&m, 300);
	from = maker_from(&m);
	p = m.docs[0].token.payload;
	forged = world_token(&m.w, m.w.thief, &p);
	g = gather_new(&from, &e);
	if (OK(g != NULL && gather_keys(g, &keys, &e), e) && CHECK(keys != NULL)) {
		const struct token *tokens[] = { &m.docs[0].token, &forged };
		static const enum verdict_code codes[] = { VERDICT_VALID, VERDICT_FORGED };

		for (size_t i = 0; i < COUNT_OF(tokens); i++) {
			struct str digits = maker_digits(&m, tokens[i]);
			struct evidence ev = { 0 };
			struct filehash hash;
			struct gather_target t = { .tokens = &digits,
						   .token_count = 1,
						   .is_file = true,
						   .hash = &hash,
						   .token = tokens[i],
						   .tried = true };

			t.signer = gather_signer(keys, tokens[i], WORLD_ISSUER);
			CHECK((t.signer != NULL) == (i == 0));
			OK(filehash_of(m.docs[0].file, NULL, 0, &hash, &e), e);
			OK(gather_evidence(g, m.w.arena, &t, &ev, &e), e);
			EQ_INT(verdict_of(&ev).code, codes[i]);
		}
	}
	gather_free(g);
	maker_close(&m);
}

TEST(a_file_and_its_beginnings_are_hashed_in_one_pass)
{
	static const size_t lengths[] = { 0, 3, 3, 2, 5, 9, 10, 11 };
	static const size_t taken[] = { 3, 5, 9 };
	struct str file = STR("0123456789");
	struct filehash hash;
	unsigned char want[SHA256_SIZE];
	struct err e = { 0 };

	OK(filehash_of(file, lengths, COUNT_OF(lengths), &hash, &e), e);
	sha256_of(file, want);
	CHECK(memcmp(hash.whole, want, sizeof want) == 0);
	EQ_INT(hash.count, COUNT_OF(taken));
	for (size_t i = 0; i < COUNT_OF(taken); i++) {
		EQ_INT(hash.lengths[i], taken[i]);
		sha256_of((struct str){ file.p, taken[i] }, want);
		CHECK(memcmp(hash.prefixes[i], want, sizeof want) == 0);
	}
	OK(filehash_of(STR(""), lengths, COUNT_OF(lengths), &hash, &e), e);
	EQ_INT(hash.count, 0);
}

/* What a folder knows of its older lists. */
struct known {
	int64_t iat;
	bool found;
	unsigned asked;
};

static bool newest(void *self, uint64_t n, int64_t at, int64_t *iat)
{
	struct known *k = self;

	CHECK(n == 0 && at != 0);
	k->asked++;
	*iat = k->iat;
	return k->found;
}

/* Keep the list at hand as the version of `iat`. */
static void keep_list(struct maker *m, int64_t iat)
{
	struct shelf_file *now = shelf_slot(&m->shelf, "/s/0");
	char path[SHARD_PATH];

	shard_history_path(0, iat, path);
	shelf_set(&m->shelf, path, now->bytes, now->n);
}

static struct maker_seen look_then(struct maker *m, struct known *k, int64_t at,
				   const struct maker_doc *d)
{
	const struct gather_history history = { .self = k, .newest = newest };
	struct str digits = maker_digits(m, &d->token);
	struct gather_from from = maker_from(m);
	struct maker_seen seen;
	struct err e = { 0 };
	struct gather *g;

	from.has_at = true;
	from.at = at;
	from.history = &history;
	g = gather_new(&from, &e);
	seen = (struct maker_seen){ .trouble = "" };
	if (OK(g != NULL, e) &&
	    OK(gather_evidence(g, m->w.arena,
			       &(struct gather_target){ .tokens = &digits, .token_count = 1 },
			       &seen.ev, &e),
	       e)) {
		seen.ev.has_at = true;
		seen.ev.at = at;
		seen.v = verdict_of(&seen.ev);
	}
	gather_free(g);
	return seen;
}

TEST(an_older_list_tells_what_was_true_then_and_withdrawn_now_stays_withdrawn)
{
	struct maker m;
	struct known k = { .found = true };
	int64_t then;

	maker_ready(&m, 300);
	then = m.iat;
	keep_list(&m, then);
	k.iat = then;
	maker_set(&m, &m.docs[0], STATUS_VALUE_SUSPENDED);
	maker_set(&m, &m.docs[2], STATUS_VALUE_REVOKED);
	maker_publish(&m);
	EQ_INT(look_then(&m, &k, then + 60, &m.docs[0]).v.code, VERDICT_VALID);
	EQ_INT(look_then(&m, &k, then + 60, &m.docs[0]).ev.list_iat, then);
	EQ_INT(look_then(&m, &k, then + 60, &m.docs[2]).v.code, VERDICT_REVOKED);
	/* The current list covers the moment: nothing older is asked for. */
	k.asked = 0;
	EQ_INT(look_then(&m, &k, m.iat, &m.docs[0]).v.code, VERDICT_SUSPENDED);
	EQ_INT(k.asked, 0);
	/* None that old, one that is gone, one that did not run then. */
	k.found = false;
	EQ_INT(look_then(&m, &k, then + 60, &m.docs[0]).v.reason, REASON_NO_LIST_AT);
	k.found = true;
	k.iat = then - 5;
	EQ_INT(look_then(&m, &k, then + 60, &m.docs[0]).v.reason, REASON_NO_LIST_AT);
	k.iat = then;
	EQ_INT(look_then(&m, &k, then - 60, &m.docs[0]).v.reason, REASON_NO_LIST_AT);
	/* A version under another's name. */
	keep_list(&m, then + 7);
	k.iat = then + 7;
	EQ_INT(look_then(&m, &k, then + 60, &m.docs[0]).v.reason, REASON_NO_LIST_AT);
	maker_close(&m);
}

TEST(an_older_list_of_another_log_is_a_contradiction)
{
	struct maker m, other;
	struct known k = { .found = true };
	struct shelf_file *f;
	char path[SHARD_PATH];

	maker_ready(&m, 300);
	maker_ready(&other, 301); /* the same issuer, another history */
	other.shard.list[0] = 0;
	f = shelf_slot(&other.shelf, "/s/0");
	k.iat = other.iat;
	shard_history_path(0, k.iat, path);
	shelf_set(&m.shelf, path, f->bytes, f->n);
	maker_publish(&m);
	maker_publish(&m);
	EQ_INT(look_then(&m, &k, k.iat + 60, &m.docs[0]).v.code, VERDICT_INCONSISTENT_LOG);
	maker_close(&other);
	maker_close(&m);
}
