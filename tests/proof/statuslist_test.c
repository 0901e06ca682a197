/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/statuslist.h"

#include "base/enc.h"
#include "fixture.h"

/* A shard of the world's issuer, signed two hours before WORLD_NOW. */
static struct shard *new_shard(struct world *w, uint64_t n)
{
	struct err e = { 0 };
	struct shard *s = arena_alloc(w->arena, sizeof *s, &e);
	char path[SHARD_PATH];

	world_must(s != NULL, &e);
	shard_path(n, path);
	world_must(arena_printf(w->arena, &s->sub, &e, "https://verify.example.org%s", path), &e);
	s->iat = WORLD_NOW - 7200;
	s->exp = s->iat + SHARD_LIFE_S;
	s->ttl = 3600;
	s->tree_size = 1234;
	s->keys_version = 7;
	memset(s->tree_root, 0x11, sizeof s->tree_root);
	memset(s->keys_sha256, 0x22, sizeof s->keys_sha256);
	return s;
}

/* The same numbers on every machine: SplitMix64. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* About `per_mille` of the entries get a value; most are superseded, as in a register. */
static void fill(struct shard *s, unsigned per_mille)
{
	static const unsigned values[] = { 1, 3, 3, 3, 3, 3, 3, 12, 12, 12 };
	uint64_t state = 1;

	for (unsigned set = 0; set < per_mille * SHARD_ENTRIES / 1000;) {
		unsigned i = (unsigned)(next_random(&state) % SHARD_ENTRIES);

		if (status_get(s->list, i) != 0)
			continue;
		status_set(s->list, i, values[next_random(&state) % COUNT_OF(values)]);
		set++;
	}
}

static struct str written(struct world *w, const struct shard *s)
{
	struct buf out = buf_empty(SHARD_FILE_MAX);
	struct err e = { 0 };
	struct str bytes;

	OK(shard_write(&out, s, w->signer, &e), e);
	world_must(arena_str(w->arena, buf_view(&out), &bytes, &e), &e);
	buf_free(&out);
	return bytes;
}

static bool reads(struct world *w, struct str bytes, uint64_t n, struct shard *out, struct err *e)
{
	return shard_read(w->arena, bytes, n, &w->policy, &w->list, out, e);
}

static void refused(struct world *w, struct str bytes, uint64_t n, const char *code)
{
	struct shard out;
	struct err e = { 0 };

	if (CHECK(!reads(w, bytes, n, &out, &e)))
		EQ_C(e.code, code);
}

TEST(every_byte_changed_in_a_signed_shard_is_refused)
{
	struct world w = world_new();
	struct shard *s = new_shard(world_ready(&w), 3);
	struct str bytes;
	char *spoiled;
	struct shard out;
	struct err e = { 0 };
	size_t accepted = 0;

	fill(s, 10);
	bytes = written(&w, s);
	spoiled = arena_alloc(w.arena, bytes.n, &e);
	world_must(spoiled != NULL, &e);
	memcpy(spoiled, bytes.p, bytes.n);
	for (size_t i = 0; i < bytes.n; i++) {
		spoiled[i] = (char)(bytes.p[i] ^ 1 << i % 8);
		accepted += reads(&w, (struct str){ spoiled, bytes.n }, 3, &out, &e);
		accepted += e.kind != ERR_INPUT || e.code[0] == '\0';
		spoiled[i] = (char)~bytes.p[i];
		accepted += reads(&w, (struct str){ spoiled, bytes.n }, 3, &out, &e);
		spoiled[i] = bytes.p[i];
	}
	EQ_INT(accepted, 0);
	OK(reads(&w, (struct str){ spoiled, bytes.n }, 3, &out, &e), e);
	world_free(&w);
}

TEST(shard_cut_anywhere_or_longer_is_refused)
{
	struct world w = world_new();
	struct shard *s = new_shard(world_ready(&w), 0), out;
	struct str bytes = written(&w, s), longer;
	struct err e = { 0 };
	size_t accepted = 0;

	for (size_t n = 0; n < bytes.n; n++)
		accepted += reads(&w, (struct str){ bytes.p, n }, 0, &out, &e);
	EQ_INT(accepted, 0);
	longer = (struct str){ arena_alloc(w.arena, SHARD_FILE_MAX + 1, &e), SHARD_FILE_MAX + 1 };
	world_must(longer.p != NULL, &e);
	refused(&w, longer, 0, "STATUS-FORM");
	longer.n = SHARD_FILE_MAX;
	refused(&w, longer, 0, "STATUS-FORM");
	world_free(&w);
}

TEST(another_shard_another_issuer_and_a_thief_are_told_apart)
{
	struct world w = world_new(), other = world_new();
	const struct ring_seed seed = world_seed(ROLE_STATUS, 0, SEED_OTHER);
	struct str bytes = written(world_ready(&w), new_shard(&w, 3));
	struct signer *thief;
	struct buf theirs = buf_empty(SHARD_FILE_MAX);
	struct err e = { 0 };

	refused(&w, bytes, 4, "STATUS-OTHER");
	refused(&w, bytes, 3 + (UINT64_C(1) << 32), "STATUS-OTHER");
	world_ready(&other);
	other.policy.site = STR("https://verify.example.com");
	refused(&other, bytes, 3, "STATUS-OTHER");
	other.policy.site = STR("https://verify.example.or");
	refused(&other, bytes, 3, "STATUS-OTHER");
	world_must(ring_of_seeds(&seed, 1, &thief, &e), &e);
	OK(shard_write(&theirs, new_shard(&w, 3), thief, &e), e);
	refused(&w, buf_view(&theirs), 3, "STATUS-KEY");
	buf_free(&theirs);
	signer_free(thief);
	world_free(&w);
	world_free(&other);
}

static struct keylist_key *status_key(struct world *w)
{
	size_t i = 0;

	while (w->list.keys[i].role != ROLE_STATUS)
		i++;
	return &w->list.keys[i];
}

TEST(state_and_life_of_the_key_decide)
{
	const int64_t iat = WORLD_NOW - 7200;
	const struct {
		enum key_state state;
		int64_t not_before, not_after; /* 0: open */
		bool good;
	} cases[] = {
		{ KEY_COMPROMISED, iat - 100, 0, false },
		{ KEY_COMPROMISED, iat - 100, iat + 9, false },
		{ KEY_PLANNED, iat - 100, 0, false },
		{ KEY_RETIRED, iat - 100, 0, false },
		{ KEY_RETIRED, iat - 100, iat, false },
		{ KEY_RETIRED, iat - 100, iat - 1, false },
		{ KEY_RETIRED, iat - 100, iat + 1, true },
		{ KEY_ACTIVE, iat + 1, 0, false },
		{ KEY_ACTIVE, iat, 0, true },
		{ KEY_ACTIVE, iat - 100, iat, false },
		{ KEY_ACTIVE, iat - 100, iat + 1, true },
	};
	struct world w = world_new();
	struct str bytes = written(world_ready(&w), new_shard(&w, 1));
	struct keylist_key *key = status_key(&w);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct shard out;
		struct err e = { 0 };

		key->state = cases[i].state;
		key->not_before = cases[i].not_before;
		key->has_not_after = cases[i].not_after != 0;
		key->not_after = cases[i].not_after;
		CHECK(reads(&w, bytes, 1, &out, &e) == cases[i].good);
		if (!cases[i].good)
			EQ_C(e.code, "STATUS-KEY");
	}
	key->state = KEY_ACTIVE;
	key->role = ROLE_MANIFEST;
	refused(&w, bytes, 1, "STATUS-KEY");
	world_free(&w);
}

/* Two keys of one kid cannot be drawn; a list may claim so, and both are tried. */
TEST(another_key_of_the_same_kid_does_not_hide_the_right_one)
{
	struct world w = world_new();
	struct str bytes = written(world_ready(&w), new_shard(&w, 1));
	struct keylist_key *key = status_key(&w), two[2];
	struct shard out;
	struct err e = { 0 };

	two[0] = w.keys[0];
	two[0].role = ROLE_STATUS;
	memcpy(two[0].kid, key->kid, KID_SIZE);
	two[1] = *key;
	w.list.keys = two;
	w.list.count = 2;
	OK(reads(&w, bytes, 1, &out, &e), e);
	w.list.count = 1;
	refused(&w, bytes, 1, "STATUS-SIGNATURE");
	world_free(&w);
}

static void spoil(struct shard *s, unsigned how)
{
	const int64_t exps[] = { s->iat + SHARD_LIFE_S + 1, s->iat, INT64_MAX };
	const int64_t iats[] = { -1, INT64_MAX, INT64_MIN };
	const int64_t ttls[] = { 0, -1, SHARD_LIFE_S + 1 };
	const uint64_t versions[] = { 0, UINT64_MAX, UINT64_C(1) << 53 };

	if (how < 3)
		s->exp = exps[how];
	else if (how < 6)
		s->iat = iats[how - 3];
	else if (how < 9)
		s->ttl = ttls[how - 6];
	else if (how < 12)
		s->keys_version = versions[how - 9];
	else if (how == 12)
		s->tree_size = UINT64_C(1) << 53;
	else if (how == 13)
		status_set(s->list, 32767, 4);
	else
		s->sub = STR("");
}

TEST(what_shard_read_would_refuse_is_not_written)
{
	struct world w = world_new();
	struct buf out = buf_empty(SHARD_FILE_MAX), small = buf_empty(100);
	struct err e = { 0 };
	struct shard *s;

	world_ready(&w);
	for (unsigned i = 0; i < 15; i++) {
		s = new_shard(&w, 1);
		spoil(s, i);
		CHECK(!shard_write(&out, s, w.signer, &e));
		EQ_C(e.code, "STATUS-FORM");
		EQ_INT(out.n, 0);
	}
	CHECK(!shard_write(&small, new_shard(&w, 1), w.signer, &e));
	CHECK(!shard_write(&out, new_shard(&w, 1), w.thief, &e));
	EQ_C(e.code, "NO-KEY");
	buf_free(&out);
	buf_free(&small);
	world_free(&w);
}

TEST(shard_reads_back_as_it_was_written)
{
	const uint64_t numbers[] = { 0, 1, 9, 12207, (UINT64_C(1) << 49) - 1, UINT64_MAX >> 15 };
	struct world w = world_new();

	world_ready(&w);
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		struct shard *s = new_shard(&w, numbers[i]), out;
		struct err e = { 0 };
		struct str bytes;

		fill(s, (unsigned)i * 150);
		bytes = written(&w, s);
		if (!OK(reads(&w, bytes, numbers[i], &out, &e), e))
			continue;
		EQ_STR(out.sub, s->sub);
		EQ_INT(out.iat, s->iat);
		EQ_INT(out.exp, s->exp);
		EQ_INT(out.ttl, s->ttl);
		EQ_INT(out.tree_size, s->tree_size);
		EQ_INT(out.keys_version, s->keys_version);
		EQ_BYTES(out.tree_root, s->tree_root, SHA256_SIZE);
		EQ_BYTES(out.keys_sha256, s->keys_sha256, SHA256_SIZE);
		EQ_BYTES(out.list, s->list, SHARD_BYTES);
		EQ_STR(written(&w, &out), bytes);
	}
	world_free(&w);
}

TEST(shard_is_small)
{
	const struct {
		unsigned per_mille;
		size_t most;
	} cases[] = { { 0, 320 },   { 5, 660 },    { 10, 900 },
		      { 50, 2400 }, { 100, 3600 }, { 1000, 12288 } };
	struct world w = world_new();

	world_ready(&w);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct shard *s = new_shard(&w, 12207); /* of 400 million documents */

		fill(s, cases[i].per_mille);
		if (!CHECK(written(&w, s).n <= cases[i].most))
			EQ_INT(written(&w, s).n, cases[i].most);
	}
	world_free(&w);
}

TEST(moves_are_those_of_the_contract_and_no_other)
{
	static const unsigned char legal[][2] = { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 0, 12 },
						  { 2, 0 }, { 2, 1 }, { 2, 3 }, { 2, 12 },
						  { 3, 1 }, { 12, 1 } };
	const unsigned beyond[] = { 256, 257, 258, 0x80000001u, UINT32_MAX };

	for (unsigned from = 0; from < 20; from++) {
		for (unsigned to = 0; to < 20; to++) {
			bool want = false;

			for (size_t i = 0; i < COUNT_OF(legal); i++)
				want |= legal[i][0] == from && legal[i][1] == to;
			CHECK(status_may_move(from, to) == want);
		}
	}
	for (size_t i = 0; i < COUNT_OF(beyond); i++) {
		CHECK(!status_is_value(beyond[i]));
		CHECK(!status_may_move(0, beyond[i]) && !status_may_move(beyond[i], 1));
	}
}

TEST(ten_thousand_legal_moves_leave_every_entry_where_it_belongs)
{
	static const unsigned values[] = { 0, 1, 2, 3, 12 };
	struct world w = world_new();
	struct shard *s = new_shard(world_ready(&w), 2), out;
	struct err e = { 0 };
	unsigned char *model = arena_alloc(w.arena, SHARD_ENTRIES, &e);
	uint64_t state = 7;
	size_t moved = 0, refusals = 0, differences = 0;

	world_must(model != NULL, &e);
	while (moved < 10000) {
		unsigned i = (unsigned)(next_random(&state) % SHARD_ENTRIES);
		unsigned to = values[next_random(&state) % COUNT_OF(values)];

		if (moved % 2 == 0)
			i %= 64; /* so that some entries are moved again and again */
		if (!status_may_move(status_get(s->list, i), to)) {
			refusals++;
			if (next_random(&state) % 4 ==
			    0) /* all of the 64 may have come to an end */
				moved++;
			continue;
		}
		status_set(s->list, i, to);
		model[i] = (unsigned char)to;
		moved++;
	}
	CHECK(refusals > 1000);
	OK(reads(&w, written(&w, s), 2, &out, &e), e);
	for (unsigned i = 0; i < SHARD_ENTRIES; i++)
		differences += status_get(out.list, i) != model[i] ||
			       ((out.list[i / 2] >> i % 2 * 4) & 15) != model[i];
	EQ_INT(differences, 0);
	world_free(&w);
}

TEST(paths_are_those_of_the_site)
{
	char path[SHARD_PATH];

	shard_path(0, path);
	EQ_C(path, "/s/0");
	shard_path(UINT64_MAX, path);
	EQ_C(path, "/s/18446744073709551615");
	shard_proof_path(12, path);
	EQ_C(path, "/s/12.tlog-proof");
	shard_history_path(12, WORLD_NOW, path);
	EQ_C(path, "/s/12.at/1795140000");
	shard_history_path(UINT64_MAX, INT64_MIN, path);
	EQ_C(path, "/s/18446744073709551615.at/-9223372036854775808");
}

/* The list of tests/vectors: keys as plain members, so that no other format stands between. */
static void vector_keys(const struct json *root, struct keylist *list, struct arena *a)
{
	const struct json *keys = NULL;
	struct err e = { 0 };

	world_must(json_array(root, "keys", 100, &keys, &e), &e);
	list->keys = arena_array(a, keys->count, sizeof *list->keys, &e);
	world_must(list->keys != NULL, &e);
	for (size_t i = 0; i < keys->count; i++) {
		const struct json *k = &keys->items[i], *after = json_lookup(k, "not_after");
		struct keylist_key *key = &list->keys[i];

		CHECK(role_read(world_member(k, "role"), &key->role));
		CHECK(state_read(world_member(k, "state"), &key->state));
		CHECK(enc_unhex(world_member(k, "public"), key->public.bytes, ED25519_PUBLIC));
		ed25519_kid(&key->public, key->kid);
		key->not_before = json_lookup(k, "not_before")->integer;
		key->has_not_after = after->kind == JSON_INTEGER;
		key->not_after = after->integer;
	}
	list->count = keys->count;
}

static bool values_agree(const struct json *c, const struct shard *s)
{
	const struct json *values = json_lookup(c, "values");

	for (size_t i = 0; i < values->count; i++) {
		const struct json *pair = values->items[i].items;

		if (status_get(s->list, (unsigned)pair[0].integer) != (unsigned)pair[1].integer)
			return false;
	}
	return values->count > 0 || status_get(s->list, 0) == 0;
}

TEST(every_status_vector_is_judged_as_it_says)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/status.json"), *cases = NULL;
	struct policy policy = { .site = world_member(root, "site") };
	struct keylist list = { 0 };
	size_t good = 0;
	struct err e = { 0 };

	world_must(json_array(root, "cases", 1000, &cases, &e), &e);
	vector_keys(root, &list, w.arena);
	for (size_t i = 0; i < cases->count; i++) {
		const struct json *c = &cases->items[i];
		struct str hex = world_member(c, "hex"), expect = world_member(c, "expect");
		unsigned char *bytes = arena_alloc(w.arena, hex.n / 2, &e);
		uint64_t n = (uint64_t)json_lookup(c, "shard")->integer;
		struct shard out = { 0 };
		bool read, agree;

		world_must(bytes != NULL && enc_unhex(hex, bytes, hex.n / 2), &e);
		e = (struct err){ 0 };
		read = shard_read(w.arena, str_bytes(bytes, hex.n / 2), n, &policy, &list, &out,
				  &e);
		agree = read ? str_eq(expect, STR("good")) && values_agree(c, &out)
			     : str_eq(expect, str_of(e.code)) && e.cause[0] != '\0';
		if (!CHECK(agree)) {
			EQ_STR(world_member(c, "name"), STR("judged as it says"));
			EQ_STR(str_of(read ? "good" : e.code), expect);
		}
		good += read;
	}
	CHECK(good == 12 && cases->count >= 115);
	world_free(&w);
}

TEST(moves_of_the_vectors_are_ours)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/status.json"), *moves = NULL;
	struct err e = { 0 };

	world_must(json_array(root, "moves", 100, &moves, &e), &e);
	for (size_t i = 0; i < moves->count; i++)
		CHECK(status_may_move((unsigned)moves->items[i].items[0].integer,
				      (unsigned)moves->items[i].items[1].integer));
	EQ_INT(moves->count, 10);
	world_free(&w);
}

TEST(shard_survives_every_allocation_failing_once)
{
	struct world w = world_new();
	struct shard *s = new_shard(world_ready(&w), 1), out;
	struct str bytes;
	size_t nth = 1, failures = 0;

	fill(s, 10);
	bytes = written(&w, s);
	for (bool done = false; !done && nth < 200; nth++) {
		struct buf again = buf_empty(SHARD_FILE_MAX);
		struct err e = { 0 };
		bool ok;

		check_fail_alloc(nth);
		ok = shard_write(&again, s, w.signer, &e) && reads(&w, bytes, 1, &out, &e);
		done = check_alloc_count() < nth;
		CHECK(ok || e.kind == ERR_SYSTEM);
		failures += !ok;
		buf_free(&again);
	}
	CHECK(nth < 200 && failures > 10);
	world_free(&w);
}
