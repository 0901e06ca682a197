/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "proof/roots.h"

/* tests/vectors/keylist.json, made by another program than ours. */

static const struct json *list_of(const struct json *root, const char *name)
{
	const struct json *list = NULL;
	struct err e = { 0 };

	world_must(json_array(root, name, 1000, &list, &e), &e);
	return list;
}

static struct policy pinned(struct world *w, const struct json *root)
{
	struct policy policy = { 0 };
	struct err e = { 0 };

	world_must(policy_read(w->arena, world_member(root, "policy"), &policy, &e), &e);
	return policy;
}

static struct keylist list_read(struct world *w, const struct policy *policy, struct str note,
				unsigned char sha256[SHA256_SIZE])
{
	struct keylist list = { 0 };
	struct err e = { 0 };

	OK(keylist_read(w->arena, note, policy, &list, &e), e);
	sha256_of(note, sha256);
	return list;
}

TEST(lists_of_another_program_follow_each_other_as_they_say)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/keylist.json");
	const struct json *cases = list_of(root, "lists");
	struct policy policy = pinned(&w, root);

	CHECK(cases->count >= 27);
	for (size_t i = 0; i < cases->count; i++) {
		const struct json *c = &cases->items[i];
		unsigned char before[SHA256_SIZE], after[SHA256_SIZE];
		struct keylist old = list_read(&w, &policy, world_member(c, "old"), before);
		struct keylist list = list_read(&w, &policy, world_member(c, "new"), after);
		struct err e = { 0 };
		bool follows = keylist_follows(&old, before, &list, after, &e);
		struct str expect = world_member(c, "expect");

		if (!CHECK(str_eq(follows ? STR("good") : str_of(e.code), expect)))
			EQ_STR(world_member(c, "name"), str_of(e.cause));
	}
	world_free(&w);
}

TEST(policies_of_another_program_follow_as_they_say)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/keylist.json");
	const struct json *cases = list_of(root, "policies");
	struct policy policy = pinned(&w, root), next;

	CHECK(cases->count >= 12);
	for (size_t i = 0; i < cases->count; i++) {
		const struct json *c = &cases->items[i];
		struct err e = { 0 };
		bool follows = policy_follow(w.arena, world_member(c, "note"), &policy, &next, &e);
		struct str expect = world_member(c, "expect");

		if (!CHECK(str_eq(follows ? STR("good") : str_of(e.code), expect)))
			EQ_STR(world_member(c, "name"), str_of(e.cause));
	}
	world_free(&w);
}

TEST(what_was_seen_before_binds_what_is_believed_now)
{
	static const unsigned char a[SHA256_SIZE] = { 1 }, b[SHA256_SIZE] = { 2 };
	struct keylist list = { .version = 5, .has_prev = true };
	struct err e = { 0 };

	memcpy(list.prev, a, sizeof a);
	OK(keylist_remembered(0, a, &list, b, &e), e);
	OK(keylist_remembered(3, b, &list, b, &e), e);
	OK(keylist_remembered(4, a, &list, b, &e), e);
	OK(keylist_remembered(5, b, &list, b, &e), e);
	CHECK(!keylist_remembered(4, b, &list, b, &e));
	EQ_C(e.code, "KEYLIST-FORK");
	CHECK(!keylist_remembered(5, a, &list, b, &e));
	EQ_C(e.code, "KEYLIST-FORK");
	CHECK(!keylist_remembered(6, b, &list, b, &e));
	EQ_C(e.code, "KEYLIST-ROLLBACK");
}

/* The list of the fixture with its log key replaced. */
static void freeze(struct world *w, struct signer **second)
{
	const struct ring_seed seed = world_seed(ROLE_LOG, 0, SEED_OTHER);
	struct err e = { 0 };

	world_ready(w);
	world_must(ring_of_seeds(&seed, 1, second, &e), &e);
	for (size_t i = 0; i < w->list.count; i++)
		if (w->keys[i].role == ROLE_LOG) {
			w->keys[i].state = KEY_COMPROMISED;
			w->keys[i].has_from_idx = true;
			w->keys[i].log = w->policy.log.name;
		} else {
			w->keys[i].log = STR("verify.example.org/log-2");
		}
	world_must(keylist_key_make(*second, ROLE_LOG, 0, WORLD_ISSUER, WORLD_NOW,
				    &w->keys[w->list.count], &e),
		   &e);
	w->keys[w->list.count++].log = STR("verify.example.org/log-2");
	w->list.logs[0] = (struct keylist_log){ .origin = w->policy.log.name, .size = 9 };
	w->list.log_count = 1;
}

TEST(the_log_that_goes_on_has_the_keys_that_may_sign_it)
{
	struct world w = world_new();
	struct note_key keys[4];

	world_ready(&w);
	EQ_INT(keylist_log_keys(&w.list, &w.policy, keys, 4), 1);
	EQ_BYTES(keys[0].hash, w.policy.log.hash, NOTE_HASH);
	CHECK(keylist_log(&w.list, &w.keys[0]) == NULL);

	/* Rotated: the new one first, the old one still good. */
	w.keys[5] = w.keys[3];
	w.keys[5].public.bytes[0] ^= 1;
	w.keys[5].state = KEY_ACTIVE;
	w.keys[3].state = KEY_RETIRED;
	w.list.count = 6;
	EQ_INT(keylist_log_keys(&w.list, &w.policy, keys, 4), 2);
	EQ_BYTES(keys[0].public.bytes, w.keys[5].public.bytes, 32);
	EQ_BYTES(keys[1].public.bytes, w.keys[3].public.bytes, 32);
	EQ_INT(keylist_log_keys(&w.list, &w.policy, keys, 1), 1);

	/* The retired one stolen later: it alone falls. */
	w.keys[3].state = KEY_COMPROMISED;
	EQ_INT(keylist_log_keys(&w.list, &w.policy, keys, 4), 1);

	/* None active: nothing vouches. */
	w.keys[5].state = KEY_COMPROMISED;
	EQ_INT(keylist_log_keys(&w.list, &w.policy, keys, 4), 0);

	/* A list without log keys: the policy's. */
	w.list.count = 3;
	EQ_INT(keylist_log_keys(&w.list, &w.policy, keys, 4), 1);
	EQ_BYTES(keys[0].hash, w.policy.log.hash, NOTE_HASH);
	EQ_INT(keylist_log_keys(&w.list, &w.policy, keys, 0), 0);
	world_free(&w);
}

TEST(a_frozen_log_ends_where_the_list_says_and_another_goes_on)
{
	struct world w = world_new();
	struct buf text = buf_empty(NOTE_MAX);
	struct signer *second = NULL;
	struct note_key keys[4];
	struct keylist back;
	struct err e = { 0 };

	freeze(&w, &second);
	w.keys[0].state =
		KEY_RETIRED; /* stopped before the freeze: its positions count in the old log */
	w.keys[0].has_not_after = true;
	w.keys[0].not_after = WORLD_NOW;
	w.keys[0].log = w.policy.log.name;
	OK(keylist_write(&text, &w.list, &w.policy, w.signer, &e), e);
	OK(keylist_read(w.arena, buf_view(&text), &w.policy, &back, &e), e);
	EQ_INT(keylist_log_keys(&back, &w.policy, keys, 4), 1);
	EQ_STR(keys[0].name, STR("verify.example.org/log-2"));
	CHECK(keylist_log(&back, &back.keys[0]) == &back.logs[0]);
	EQ_INT(back.logs[0].size, 9);
	CHECK(keylist_log(&back, &back.keys[1]) == NULL);
	signer_free(second);
	buf_free(&text);
	world_free(&w);
}

TEST(a_change_of_roots_is_signed_by_both_quorums_or_by_none)
{
	struct world w = world_new();
	struct policy next = w.policy, back;
	const struct ring_seed seeds[] = {
		world_seed(ROLE_ROOT, 1, SEED_ROOT1),
		world_seed(ROLE_ROOT, 2, SEED_ROOT2),
		world_seed(ROLE_ROOT, 2, SEED_OTHER),
	};
	struct signer *all = NULL, *new_only = NULL;
	struct ed25519_public public;
	struct buf note = buf_empty(NOTE_MAX);
	char path[POLICY_SUCCESSOR];
	struct err e = { 0 };

	OK(ring_of_seeds(seeds, 3, &all, &e), e);
	OK(ring_of_seeds(seeds + 2, 1, &new_only, &e), e);
	OK(signer_public(new_only, ROLE_ROOT, 2, &public, &e), e);
	OK(note_key_make(w.policy.roots[1].name, &public, &next.roots[1], &e), e);
	CHECK(!policy_succeed(&note, &w.policy, &next, new_only, &e));
	EQ_C(e.code, "POLICY-ROOT");
	CHECK(!policy_succeed(&note, &w.policy, &next, w.signer, &e));
	EQ_C(e.code, "POLICY-ROOT");
	EQ_INT(note.n, 0);
	OK(policy_succeed(&note, &w.policy, &next, all, &e), e);
	OK(policy_follow(w.arena, buf_view(&note), &w.policy, &back, &e), e);
	EQ_BYTES(back.roots[1].public.bytes, public.bytes, 32);
	/* It follows the policy it names, no other. */
	CHECK(!policy_follow(w.arena, buf_view(&note), &next, &back, &e));
	OK(policy_successor_path(&w.policy, path, &e), e);
	EQ_INT(strlen(path), strlen("/policy/") + POLICY_FINGERPRINT + strlen(".note"));
	/* A list that goes with it holds under either. */
	world_ready(&w);
	buf_clear(&note);
	CHECK(!keylist_write(&note, &w.list, &next, w.signer, &e));
	EQ_C(e.code, "KEYLIST-ROOT");
	signer_free(all);
	signer_free(new_only);
	buf_free(&note);
	world_free(&w);
}

TEST(a_lower_quorum_is_never_followed)
{
	struct world w = world_new();
	struct policy next = w.policy;
	const struct ring_seed seed = world_seed(ROLE_WITNESS, 0, SEED_WITNESS);
	struct ed25519_public public;
	struct signer *witness = NULL;
	struct buf note = buf_empty(NOTE_MAX);
	struct err e = { 0 };

	OK(ring_of_seeds(&seed, 1, &witness, &e), e);
	OK(signer_public(witness, ROLE_WITNESS, 0, &public, &e), e);
	OK(note_witness_make(STR("witness.example.net"), &public, &w.policy.witnesses[0], &e), e);
	w.policy.witness_count = 1;
	w.policy.quorum = 1;
	CHECK(!policy_succeed(&note, &w.policy, &next, w.signer, &e));
	EQ_C(e.code, "POLICY-CHANGE");
	signer_free(witness);
	buf_free(&note);
	world_free(&w);
}

TEST(signatures_of_roots_are_gathered_once_each)
{
	struct world w = world_new();
	const struct ring_seed seeds[] = { world_seed(ROLE_ROOT, 1, SEED_ROOT1),
					   world_seed(ROLE_ROOT, 2, SEED_ROOT2) };
	struct signer *one = NULL, *two = NULL;
	struct buf body = buf_empty(NOTE_MAX), lines = buf_empty(NOTE_MAX),
		   note = buf_empty(NOTE_MAX), taken = buf_empty(NOTE_MAX);
	struct note read;
	unsigned have = 0;
	struct err e = { 0 };

	world_ready(&w);
	OK(ring_of_seeds(seeds, 1, &one, &e), e);
	OK(ring_of_seeds(seeds + 1, 1, &two, &e), e);
	OK(keylist_body(&body, &w.list, &w.policy, &e), e);
	OK(roots_sign(&lines, buf_view(&body), &w.policy, one, &have, &e), e);
	EQ_INT(have, 1);
	OK(roots_sign(&lines, buf_view(&body), &w.policy, one, &have, &e), e);
	EQ_INT(have, 1);
	OK(roots_sign(&lines, buf_view(&body), &w.policy, two, &have, &e), e);
	EQ_INT(have, 2);
	buf_str(&note, buf_view(&body));
	buf_byte(&note, '\n');
	buf_str(&note, buf_view(&lines));
	OK(note_read(w.arena, buf_view(&note), &read, &e), e);
	EQ_INT(read.count, 2);
	OK(roots_take(&taken, &read, &w.policy, &e), e);
	OK(roots_take(&taken, &read, &w.policy, &e), e);
	EQ_STR(buf_view(&taken), buf_view(&lines));
	OK(roots_count(&read, &w.policy, &have, &e), e);
	EQ_INT(have, 2);
	signer_free(one);
	signer_free(two);
	buf_free(&body);
	buf_free(&lines);
	buf_free(&note);
	buf_free(&taken);
	world_free(&w);
}
