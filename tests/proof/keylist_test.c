/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/keylist.h"

#include "fixture.h"

static struct str written(struct world *w, const struct keylist *list)
{
	struct buf text = buf_empty(NOTE_MAX);
	struct str out;
	struct err e = { 0 };

	world_must(keylist_write(&text, list, &w->policy, w->signer, &e), &e);
	world_must(arena_str(w->arena, buf_view(&text), &out, &e), &e);
	buf_free(&text);
	return out;
}

/* A note of any body, signed by roots 1 and 2: what a root would sign if its own program had no rules. */
static struct str signed_body(struct world *w, struct str body)
{
	struct buf text = buf_empty(NOTE_MAX);
	unsigned char signature[ED25519_SIGNATURE];
	struct str out;
	struct err e = { 0 };

	buf_str(&text, body);
	buf_byte(&text, '\n');
	for (unsigned n = 1; n <= 2; n++) {
		world_must(signer_note(w->signer, ROLE_ROOT, n, body, signature, &e), &e);
		note_line(&text, &w->policy.roots[n - 1], signature);
	}
	world_must(arena_str(w->arena, buf_view(&text), &out, &e), &e);
	buf_free(&text);
	return out;
}

static struct str body_of(struct str note)
{
	return (struct str){ note.p, str_find(note, STR("\n\n"), 0) + 1 };
}

TEST(a_list_comes_back_as_it_was_written)
{
	struct world w = world_new();
	struct str text = written(&w, &world_ready(&w)->list);
	struct keylist back;
	size_t from = 0;
	struct err e = { 0 };

	OK(keylist_read(w.arena, text, &w.policy, &back, &e), e);
	EQ_INT(back.count, 5);
	EQ_INT(back.version, 1);
	EQ_INT(back.issued, w.list.issued);
	EQ_INT(back.expires, w.list.expires);
	EQ_BYTES(back.keys[0].public.bytes, w.keys[0].public.bytes, 32);
	CHECK(keylist_signs(&back.keys[0], TYPE_PRACTISING));
	CHECK(!keylist_signs(&back.keys[0], TYPE_LETTER));
	CHECK(!keylist_signs(&back.keys[2], TYPE_PRACTISING));
	CHECK(keylist_fresh(&back, back.expires - 1));
	CHECK(!keylist_fresh(&back, back.expires));
	CHECK(keylist_lookup(&back, w.keys[1].kid, &from) == &back.keys[1]);
	CHECK(keylist_lookup(&back, w.keys[1].kid, &from) == NULL);
	world_free(&w);
}

TEST(a_list_with_one_bit_flipped_anywhere_is_refused)
{
	struct world w = world_new();
	struct str text = written(&w, &world_ready(&w)->list);
	struct arena *a = arena_new(1 << 22);
	char *bytes = malloc(text.n);
	struct keylist back;
	struct err e = { 0 };

	if (bytes == NULL)
		abort();
	for (size_t bit = 0; bit < 8 * text.n; bit += 3) {
		memcpy(bytes, text.p, text.n);
		bytes[bit / 8] ^= (char)(1u << bit % 8);
		arena_reset(a);
		if (!CHECK(!keylist_read(a, str_bytes(bytes, text.n), &w.policy, &back, &e)))
			EQ_INT(bit, -1);
	}
	free(bytes);
	arena_free(a);
	world_free(&w);
}

TEST(fewer_roots_than_k_sign_nothing)
{
	struct world w = world_new();
	struct str text = written(&w, &world_ready(&w)->list), one;
	struct ring_seed seed = world_seed(ROLE_ROOT, 1, SEED_ROOT1);
	struct buf out = buf_empty(NOTE_MAX);
	struct signer *half = NULL;
	struct keylist back;
	size_t last = text.n - 1;
	struct err e = { 0 };

	while (text.p[last - 1] != '\n')
		last--;
	one = (struct str){ text.p, last };
	CHECK(!keylist_read(w.arena, one, &w.policy, &back, &e));
	EQ_C(e.code, "KEYLIST-ROOT");
	OK(ring_of_seeds(&seed, 1, &half, &e), e);
	CHECK(!keylist_write(&out, &w.list, &w.policy, half, &e));
	EQ_C(e.code, "KEYLIST-ROOT");
	/* A root that is not the policy's. */
	CHECK(!keylist_write(&out, &w.list, &w.policy, w.thief, &e));
	EQ_C(e.code, "KEYLIST-ROOT");
	EQ_INT(out.n, 0);
	w.policy.k = 1;
	OK(keylist_read(w.arena, one, &w.policy, &back, &e), e);
	signer_free(half);
	buf_free(&out);
	world_free(&w);
}

TEST(lists_that_break_a_rule_are_neither_written_nor_read)
{
	struct world w = world_new();
	struct keylist good = world_ready(&w)->list, list;
	struct keylist_key keys[8];
	struct buf out = buf_empty(NOTE_MAX);
	struct err e;

#define REFUSED(change)                                                                            \
	do {                                                                                       \
		memcpy(keys, w.keys, sizeof keys);                                                 \
		list = good;                                                                       \
		list.keys = keys;                                                                  \
		change;                                                                            \
		CHECK(!keylist_write(&out, &list, &w.policy, w.signer, &e));                       \
		EQ_C(e.code, "KEYLIST-FORM");                                                      \
		EQ_INT(out.n, 0);                                                                  \
	} while (0)
	REFUSED(list.issuer = STR("verify.example.com"));
	REFUSED(list.version = 0);
	REFUSED(list.version = 2);
	REFUSED(list.has_prev = true);
	REFUSED(list.expires = list.issued);
	REFUSED(list.expires = list.issued + 400 * INT64_C(86400));
	REFUSED(list.count = 0);
	REFUSED(list.quorum = 1);
	REFUSED(keys[0].kid[0] ^= 1);
	REFUSED(keys[0].pop[0] ^= 1);
	REFUSED(memcpy(keys[0].pop, keys[1].pop, sizeof keys[0].pop));
	REFUSED(keys[1] = keys[0]);
	REFUSED(keys[0].role = ROLE_ROOT);
	REFUSED(keys[0].role = ROLE_HOME);
	REFUSED(keys[0].role = ROLE_STATUS);
	REFUSED(keys[2].types[keys[2].type_count++] = 1);
	REFUSED(keys[0].type_count = 0);
	REFUSED((keys[0].types[1] = 1, keys[0].type_count = 2));
	REFUSED(keys[0].state = KEY_COMPROMISED);
	REFUSED(keys[0].has_from_idx = true);
	REFUSED((keys[0].has_not_after = true, keys[0].not_after = keys[0].not_before - 1));
#undef REFUSED
	buf_free(&out);
	world_free(&w);
}

TEST(a_root_key_in_another_role_is_refused)
{
	struct world w = world_new();
	struct ring_seed seed = world_seed(ROLE_STATUS, 0, SEED_ROOT1);
	struct signer *confused = NULL;
	struct buf out = buf_empty(NOTE_MAX);
	struct err e = { 0 };

	world_ready(&w);
	OK(ring_of_seeds(&seed, 1, &confused, &e), e);
	OK(keylist_key_make(confused, ROLE_STATUS, 0, WORLD_ISSUER, 0, &w.keys[2], &e), e);
	CHECK(!keylist_write(&out, &w.list, &w.policy, w.signer, &e));
	EQ_C(e.pointer, "/keys/2");
	signer_free(confused);
	buf_free(&out);
	world_free(&w);
}

TEST(bodies_a_root_should_never_have_signed_are_refused)
{
	static const struct {
		const char *from, *to;
	} edits[] = {
		{ "{\"expires\"", " {\"expires\"" },
		{ "\"version\":1", "\"version\":1 " },
		{ "\"version\":1", "\"version\":1.0" },
		{ "\"version\":1", "\"version\":1,\"more\":0" },
		{ "hufu.keys/1", "hufu.keys/2" },
		{ "\"first_idx\":0", "\"first_idx\":-1" },
		{ "\"first_idx\":0,", "" },
		{ "\"from_idx\":null,", "" },
		{ "\"from_idx\":null", "\"from_idx\":5" },
		{ "\"not_after\":null", "\"not_after\":\"2020\"" },
		{ "\"role\":\"issuing\"", "\"role\":\"Issuing\"" },
		{ "\"role\":\"issuing\"", "\"role\":\"officer\"" },
		{ "\"state\":\"active\"", "\"state\":\"alive\"" },
		{ "\"types\":[1]", "\"types\":[0]" },
		{ "\"types\":[1]", "\"types\":[1,1]" },
		{ "\"types\":[1]", "\"types\":[\"1\"]" },
		{ "\"types\":[1]", "\"types\":1" },
		{ "\"kid\":\"", "\"kid\":\"0" },
		{ "\"issuer\":\"verify.example.org\"", "\"issuer\":\"verify.example.net\"" },
		{ "T02:00:00Z", "T02:00:00z" },
		{ "T02:00:00Z", "T99:00:00Z" },
		{ "\"prev\":null", "\"prev\":0" },
		{ "\"quorum\":0", "\"quorum\":99" },
		{ "\"witnesses\":[]", "\"witnesses\":[\"x\"]" },
		{ "\"keys\":[", "\"keys\":[{}," },
	};
	struct world w = world_new();
	struct str body = body_of(written(&w, &world_ready(&w)->list));
	struct keylist back;
	struct err e = { 0 };

	OK(keylist_read(w.arena, signed_body(&w, body), &w.policy, &back, &e), e);
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		struct str from = str_of(edits[i].from), bad;
		size_t at = str_find(body, from, 0);

		if (!CHECK(at != SIZE_MAX)) {
			EQ_STR(from, STR("in the body"));
			continue;
		}
		world_must(arena_printf(w.arena, &bad, &e, "%.*s%s%.*s", (int)at, body.p,
					edits[i].to, (int)(body.n - at - from.n),
					body.p + at + from.n),
			   &e);
		if (!CHECK(!keylist_read(w.arena, signed_body(&w, bad), &w.policy, &back, &e)))
			EQ_C(edits[i].to, "");
		else
			EQ_INT(e.kind, ERR_INPUT);
	}
	world_free(&w);
}

TEST(a_pinned_quorum_is_never_lowered)
{
	struct world w = world_new();
	struct str text = written(&w, &world_ready(&w)->list);
	struct ring_seed seed = world_seed(ROLE_WITNESS, 0, SEED_WITNESS);
	struct ed25519_public public;
	struct signer *witness = NULL;
	struct keylist back;
	struct err e = { 0 };

	OK(ring_of_seeds(&seed, 1, &witness, &e), e);
	OK(signer_public(witness, ROLE_WITNESS, 0, &public, &e), e);
	OK(note_witness_make(STR("witness.example.net"), &public, &w.policy.witnesses[0], &e), e);
	w.policy.witness_count = 1;
	w.policy.quorum = 1;
	CHECK(!keylist_read(w.arena, text, &w.policy, &back, &e));
	w.list.quorum = 1;
	w.list.version = 2;
	w.list.has_prev = true;
	sha256_of(text, w.list.prev);
	OK(keylist_read(w.arena, written(&w, &w.list), &w.policy, &back, &e), e);
	EQ_BYTES(back.prev, w.list.prev, 32);
	signer_free(witness);
	world_free(&w);
}
