/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/memory.h"

#include "fixture.h"

#define ZERO8 "00000000"
#define ZERO64 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8
#define EMPTY                                                                                      \
	"{\"keys\":{\"sha256\":\"" ZERO64 "\",\"version\":0},\"newest\":0,\"revoked\":[],"         \
	"\"schema\":\"hufu.memory/1\",\"shards\":[],\"tree\":{\"root\":\"" ZERO64                  \
	"\",\"size\":0}}"

/* The empty memory with one piece of text replaced. */
static struct str changed(struct arena *a, const char *from, const char *to)
{
	struct str text = STR(EMPTY), out;
	size_t at = str_find(text, str_of(from), 0);
	struct err e = { 0 };

	CHECK(at != SIZE_MAX);
	world_must(arena_printf(a, &out, &e, "%.*s%s%s", (int)at, text.p, to,
				text.p + at + strlen(from)),
		   &e);
	return out;
}

TEST(memory_of_another_form_is_refused)
{
	static const char *const cases[][2] = {
		{ "\"newest\":0", "\"newest\": 0" },
		{ "\"newest\":0", "\"newest\":-1" },
		{ "\"newest\":0", "\"newest\":0.5" },
		{ "\"newest\":0", "\"newest\":1e3" },
		{ "\"newest\":0", "\"newest\":9007199254740992" },
		{ "\"newest\":0", "\"newest\":\"0\"" },
		{ "\"newest\":0", "\"newest\":0,\"newest\":0" },
		{ "\"newest\":0,", "" },
		{ "\"newest\":0", "\"more\":1,\"newest\":0" },
		{ "memory/1", "memory/2" },
		{ "\"revoked\":[]", "\"revoked\":[1,1]" },
		{ "\"revoked\":[]", "\"revoked\":[2,1]" },
		{ "\"revoked\":[]", "\"revoked\":[-1]" },
		{ "\"revoked\":[]", "\"revoked\":[null]" },
		{ "\"revoked\":[]", "\"revoked\":{}" },
		{ "\"revoked\":[]", "\"revoked\":[9007199254740992]" },
		{ "\"shards\":[]", "\"shards\":[[1,2],[1,3]]" },
		{ "\"shards\":[]", "\"shards\":[[2,2],[1,3]]" },
		{ "\"shards\":[]", "\"shards\":[[1]]" },
		{ "\"shards\":[]", "\"shards\":[[1,2,3]]" },
		{ "\"shards\":[]", "\"shards\":[1,2]" },
		{ "\"shards\":[]", "\"shards\":[[1,-2]]" },
		{ "\"shards\":[]", "\"shards\":[[1,\"2\"]]" },
		{ "\"root\":\"0", "\"root\":\"1" },
		{ "\"sha256\":\"0", "\"sha256\":\"1" },
		{ "\"root\":\"00", "\"root\":\"" },
		{ "\"root\":\"0", "\"root\":\"g" },
		{ "\"size\":0}", "\"size\":0,\"x\":0}" },
		{ ",\"size\":0}", "}" },
		{ "{\"keys\"", "[{\"keys\"" },
		{ "\"size\":0}}", "\"size\":0}}\n" },
		{ "\"size\":0}}", "\"size\":0}" },
		{ "{\"keys\"", "\xef\xbb\xbf{\"keys\"" },
	};
	struct arena *a = arena_new(64 << 20);
	struct memory m = { .newest = 77 };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = { 0 };

		if (!CHECK(!memory_read(a, changed(a, cases[i][0], cases[i][1]), &m, &e)))
			EQ_C(cases[i][1], "refused");
		EQ_C(e.code, "MEMORY-FORM");
	}
	EQ_INT(m.newest, 77);
	arena_free(a);
}

TEST(memory_cut_anywhere_is_refused)
{
	struct arena *a = arena_new(256 << 20);
	struct str text = STR(EMPTY);
	struct memory m;
	struct err e = { 0 };
	size_t accepted = 0;

	for (size_t n = 0; n < text.n; n++) {
		accepted += memory_read(a, (struct str){ text.p, n }, &m, &e);
		arena_reset(a);
	}
	EQ_INT(accepted, 0);
	OK(memory_read(a, text, &m, &e), e);
	arena_free(a);
}

TEST(an_empty_memory_knows_nothing_and_writes_one_text)
{
	struct arena *a = arena_new(16 << 20);
	struct buf out = buf_empty(4096);
	struct memory m;
	struct err e = { 0 };

	OK(memory_new(a, &m, &e), e);
	CHECK(!memory_is_revoked(&m, 0));
	CHECK(memory_shard_iat(&m, 0) == INT64_MIN);
	OK(memory_write(&out, &m, &e), e);
	EQ_STR(buf_view(&out), STR(EMPTY));
	buf_free(&out);
	arena_free(a);
}

/* Positions in an order that is none: i × odd constant modulo 2^17. */
TEST(what_was_seen_revoked_stays_so_and_nothing_else_is)
{
	enum { SPACE = 1 << 17, STEP = 40503 };
	struct arena *a = arena_new(64 << 20);
	static bool model[SPACE];
	struct buf out = buf_empty(MEMORY_BYTES_MAX);
	struct memory m, back;
	struct err e = { 0 };
	size_t differences = 0;

	OK(memory_new(a, &m, &e), e);
	for (unsigned i = 0; i < 3000; i++) {
		memory_revoke(&m, (uint64_t)i * STEP % SPACE);
		memory_revoke(&m, (uint64_t)i * STEP % SPACE);
		model[(uint64_t)i * STEP % SPACE] = true;
	}
	EQ_INT(m.revoked_count, 3000);
	OK(memory_write(&out, &m, &e), e);
	OK(memory_read(a, buf_view(&out), &back, &e), e);
	for (unsigned i = 0; i < SPACE; i++)
		differences += memory_is_revoked(&m, i) != model[i] ||
			       memory_is_revoked(&back, i) != model[i];
	EQ_INT(differences, 0);
	memory_revoke(&back, 1);
	CHECK(memory_is_revoked(&back, 1));
	buf_free(&out);
	arena_free(a);
}

TEST(the_newest_list_of_a_shard_is_kept)
{
	struct arena *a = arena_new(16 << 20);
	struct memory m;
	struct err e = { 0 };

	OK(memory_new(a, &m, &e), e);
	memory_shard_seen(&m, 5, 100);
	memory_shard_seen(&m, 3, 50);
	memory_shard_seen(&m, 5, 99);
	memory_shard_seen(&m, 9, 0);
	memory_shard_seen(&m, 5, 101);
	memory_shard_seen(&m, 5, 100);
	memory_shard_seen(&m, UINT64_MAX, 5);
	memory_shard_seen(&m, 6, -1);
	memory_shard_seen(&m, 7, INT64_MAX);
	EQ_INT(m.shard_count, 3);
	EQ_INT(memory_shard_iat(&m, 5), 101);
	EQ_INT(memory_shard_iat(&m, 3), 50);
	EQ_INT(memory_shard_iat(&m, 9), 0);
	CHECK(memory_shard_iat(&m, 4) == INT64_MIN && memory_shard_iat(&m, 7) == INT64_MIN);
	arena_free(a);
}

TEST(a_full_memory_keeps_what_it_has_and_reads_back)
{
	struct arena *a = arena_new(64 << 20);
	struct buf out = buf_empty(MEMORY_BYTES_MAX), again = buf_empty(MEMORY_BYTES_MAX);
	const uint64_t base = (UINT64_C(1) << 53) - 1 - 2 * MEMORY_REVOKED_MAX;
	struct memory m, back;
	struct err e = { 0 };

	OK(memory_new(a, &m, &e), e);
	for (unsigned i = 0; i < MEMORY_REVOKED_MAX; i++)
		memory_revoke(&m, base + 2 * i);
	for (unsigned i = 0; i < MEMORY_SHARDS_MAX; i++)
		memory_shard_seen(&m, base + i, (int64_t)base + i);
	memory_revoke(&m, 1);
	memory_shard_seen(&m, 1, 1);
	memory_shard_seen(&m, base, (int64_t)base + 7);
	CHECK(!memory_is_revoked(&m, 1) && memory_is_revoked(&m, base));
	CHECK(memory_shard_iat(&m, 1) == INT64_MIN);
	EQ_INT(memory_shard_iat(&m, base), (int64_t)base + 7);
	m.tree_size = m.keys_version = (UINT64_C(1) << 53) - 1;
	m.newest = (INT64_C(1) << 53) - 1;
	memset(m.tree_root, 0xab, sizeof m.tree_root);
	memset(m.keys_sha256, 0xcd, sizeof m.keys_sha256);
	OK(memory_write(&out, &m, &e), e);
	CHECK(out.n < MEMORY_BYTES_MAX / 2);
	OK(memory_read(a, buf_view(&out), &back, &e), e);
	OK(memory_write(&again, &back, &e), e);
	EQ_STR(buf_view(&again), buf_view(&out));
	EQ_BYTES(back.tree_root, m.tree_root, SHA256_SIZE);
	EQ_INT(back.newest, m.newest);
	buf_free(&out);
	buf_free(&again);
	arena_free(a);
}

TEST(a_memory_that_would_be_refused_is_not_written)
{
	struct arena *a = arena_new(16 << 20);
	struct buf out = buf_empty(4096);
	struct memory m, one;
	struct err e = { 0 };

	OK(memory_new(a, &one, &e), e);
	m = one;
	m.tree_size = UINT64_MAX;
	CHECK(!memory_write(&out, &m, &e));
	m = one;
	m.newest = -1;
	CHECK(!memory_write(&out, &m, &e));
	m = one;
	m.tree_root[5] = 1;
	CHECK(!memory_write(&out, &m, &e));
	m = one;
	m.revoked_count = MEMORY_REVOKED_MAX + 1;
	CHECK(!memory_write(&out, &m, &e));
	m = one;
	m.revoked_count = 2; /* 0 and 0 */
	CHECK(!memory_write(&out, &m, &e));
	EQ_C(e.code, "MEMORY-FORM");
	EQ_INT(out.n, 0);
	arena_free(a);
	a = arena_new(1000);
	CHECK(!memory_new(a, &m, &e) && e.kind == ERR_SYSTEM);
	CHECK(!memory_read(a, STR(EMPTY), &m, &e) && e.kind == ERR_SYSTEM);
	arena_free(a);
}
