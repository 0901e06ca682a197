/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/manifest.h"

#include "fixture.h"

static struct leaf leaf_no(uint64_t idx)
{
	unsigned char number[8];
	struct leaf leaf;

	u64_be(idx, number);
	sha256_of(str_bytes(number, 8), leaf.c_token);
	sha256_of(str_bytes(leaf.c_token, 32), leaf.c_pdf);
	return leaf;
}

static const struct manifest_template TEMPLATES[] = {
	{ .id = { "practising-certificate", 22 }, .lang = { "zh", 2 }, .version = 1 },
	{ .id = { "practising-certificate", 22 }, .lang = { "en", 2 }, .version = 1 },
};
static const struct manifest_status STATUS[] = { { 0, 1000, { 3 } },
						 { 1, 1000, { 4 } },
						 { 0, 1060, { 5 } } };
static const unsigned char KIDS[2 * KID_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static struct manifest head(uint64_t first, uint64_t last)
{
	return (struct manifest){ .issuer = WORLD_ISSUER,
				  .batch = 1,
				  .first_idx = first,
				  .last_idx = last,
				  .templates = TEMPLATES,
				  .template_count = COUNT_OF(TEMPLATES),
				  .program = STR("hufu 1.0"),
				  .keys = KIDS,
				  .key_count = 2,
				  .before = { first, { 1 } },
				  .after = { last + 1, { 2 } },
				  .status = STATUS,
				  .status_count = COUNT_OF(STATUS) };
}

TEST(a_batch_comes_back_as_it_was_written)
{
	struct arena *a = arena_new(1 << 24);
	struct manifest m = head(100, 102), back;
	struct leaf leaves[3] = { leaf_no(100), leaf_no(101), leaf_no(102) };
	struct manifest_part part;
	struct buf text = buf_empty(1 << 20);
	struct err e = { 0 };

	EQ_INT(manifest_parts(&m), 1);
	OK(manifest_write(&text, &m, 0, leaves, 3, &e), e);
	OK(manifest_read(a, buf_view(&text), &back, &part, &e), e);
	EQ_INT(back.last_idx, 102);
	EQ_INT(part.count, 3);
	EQ_INT(part.first_idx, 100);
	EQ_BYTES(part.leaves[2].c_pdf, leaves[2].c_pdf, 32);
	EQ_STR(back.templates[1].lang, STR("en"));
	EQ_BYTES(back.keys, KIDS, sizeof KIDS);
	CHECK(!back.has_previous);
	EQ_INT(back.before.size, 100);
	EQ_INT(back.after.size, 103);
	EQ_BYTES(back.after.root, m.after.root, SHA256_SIZE);
	EQ_INT(back.status_count, COUNT_OF(STATUS));
	EQ_INT(back.status[2].iat, 1060);
	EQ_BYTES(back.status[1].sha256, STATUS[1].sha256, SHA256_SIZE);
	buf_free(&text);
	arena_free(a);
}

TEST(a_batch_of_three_parts_is_bound_by_its_head)
{
	static struct leaf leaves[MANIFEST_PART];
	static unsigned char parts[2 * SHA256_SIZE];
	struct arena *a = arena_new(1 << 29);
	struct manifest m = head(8, 8 + 2 * (uint64_t)MANIFEST_PART), back;
	struct manifest_part part;
	struct buf text = buf_empty(MANIFEST_BYTES_MAX), one = buf_empty(MANIFEST_BYTES_MAX);
	struct err e = { 0 };

	EQ_INT(manifest_parts(&m), 3);
	for (size_t i = 0; i < MANIFEST_PART; i++)
		leaves[i] = leaf_no(i);
	OK(manifest_write(&one, &m, 1, leaves, MANIFEST_PART, &e), e);
	sha256_of(buf_view(&one), parts);
	OK(manifest_write(&text, &m, 2, leaves, 1, &e), e);
	sha256_of(buf_view(&text), parts + SHA256_SIZE);
	CHECK(!manifest_write(&text, &m, 2, leaves, 2, &e));
	CHECK(!manifest_write(&text, &m, 3, leaves, 1, &e));
	m.parts = parts;
	buf_clear(&text);
	OK(manifest_write(&text, &m, 0, leaves, MANIFEST_PART, &e), e);
	OK(manifest_read(a, buf_view(&text), &back, &part, &e), e);
	EQ_INT(part.count, MANIFEST_PART);
	EQ_INT(manifest_part_of(&back, 8), 0);
	EQ_INT(manifest_part_of(&back, 8 + MANIFEST_PART), 1);
	EQ_INT(manifest_part_of(&back, back.last_idx), 2);
	OK(manifest_read_part(a, buf_view(&one), &back, 1, &part, &e), e);
	EQ_INT(part.first_idx, 8 + MANIFEST_PART);
	EQ_BYTES(part.leaves[65535].c_token, leaves[65535].c_token, 32);
	CHECK(!manifest_read_part(a, buf_view(&one), &back, 2, &part, &e));
	CHECK(!manifest_read_part(a, buf_view(&one), &back, 3, &part, &e));
	CHECK(!manifest_read_part(a, buf_view(&text), &back, 1, &part, &e));
	one.p[one.n - 1] ^= 1;
	CHECK(!manifest_read_part(a, buf_view(&one), &back, 1, &part, &e));
	EQ_C(e.code, "MANIFEST-FORM");
	buf_free(&one);
	buf_free(&text);
	arena_free(a);
}

TEST(manifests_that_break_a_rule_are_refused)
{
	static const struct {
		const char *from, *to;
	} edits[] = {
		{ "{\"batch\":1", "{\"batch\":0" },
		{ "{\"batch\":1", "{\"batch\":2" },
		{ "{\"batch\":1", " {\"batch\":1" },
		{ "{\"batch\":1", "{\"batch\":01" },
		{ "{\"batch\":1", "{\"batch\":1,\"batch\":1" },
		{ "{\"batch\":1", "{\"note\":1,\"batch\":1" },
		{ "\"first_idx\":100", "\"first_idx\":101" },
		{ "\"first_idx\":100", "\"first_idx\":103" },
		{ "\"last_idx\":102", "\"last_idx\":9007199254740992" },
		{ "\"last_idx\":102", "\"last_idx\":9007199254740991" },
		{ "\"leaves\":[\"", "\"leaves\":[\"0" },
		{ "\"leaves\":[\"", "\"leaves\":[\"\",\"" },
		{ "\"parts\":[]", "\"parts\":[\"\"]" },
		{ "\"parts\":[]", "\"parts\":{}" },
		{ "\"previous\":null", "\"previous\":false" },
		{ "\"previous\":null,", "" },
		{ "hufu.manifest/1", "hufu.manifest/9" },
		{ "\"keys\":[\"01020304\"", "\"keys\":[\"010203\"" },
		{ "\"keys\":[\"01020304\"", "\"keys\":[\"0102030G\"" },
		{ "\"version\":1", "\"version\":0" },
		{ "\"lang\":\"zh\"", "\"lang\":\"\"" },
		{ "\"program\":\"hufu 1.0\"", "\"program\":\"\"" },
		{ "\"size\":100", "\"size\":99" },
		{ "\"size\":103", "\"size\":104" },
		{ "\"size\":103", "\"sizes\":103" },
		{ "\"shard\":1", "\"shard\":0" },
		{ "\"iat\":1060", "\"iat\":999" },
		{ "\"iat\":1060", "\"iat\":-1" },
		{ "}}}", "}}}\n" },
	};
	struct arena *a = arena_new(1 << 24);
	struct manifest m = head(100, 102), back;
	struct leaf leaves[3] = { leaf_no(100), leaf_no(101), leaf_no(102) };
	struct manifest_part part;
	struct buf text = buf_empty(1 << 20);
	struct err e = { 0 };

	OK(manifest_write(&text, &m, 0, leaves, 3, &e), e);
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		struct str from = str_of(edits[i].from), bad;
		size_t at = str_find(buf_view(&text), from, 0);

		if (!CHECK(at != SIZE_MAX)) {
			EQ_STR(from, STR("in the text"));
			continue;
		}
		world_must(arena_printf(a, &bad, &e, "%.*s%s%.*s", (int)at, text.p, edits[i].to,
					(int)(text.n - at - from.n), text.p + at + from.n),
			   &e);
		if (!CHECK(!manifest_read(a, bad, &back, &part, &e)))
			EQ_C(edits[i].to, "");
		else
			EQ_INT(e.kind, ERR_INPUT);
	}
	for (size_t n = 0; n < text.n; n += 7)
		CHECK(!manifest_read(a, (struct str){ text.p, n }, &back, &part, &e));
	buf_free(&text);
	arena_free(a);
}

TEST(heads_that_break_a_rule_are_not_written)
{
	struct manifest good = head(100, 102), m;
	struct leaf leaves[3] = { leaf_no(100), leaf_no(101), leaf_no(102) };
	struct buf text = buf_empty(1 << 20);
	struct err e;

#define REFUSED(change)                                                                            \
	do {                                                                                       \
		m = good;                                                                          \
		change;                                                                            \
		CHECK(!manifest_write(&text, &m, 0, leaves, 3, &e));                               \
		EQ_INT(text.n, 0);                                                                 \
	} while (0)
	REFUSED(m.batch = 0);
	REFUSED(m.batch = 2);
	REFUSED(m.has_previous = true);
	REFUSED(m.last_idx = 99);
	REFUSED(m.last_idx = 103);
	REFUSED(m.issuer = STR(""));
	REFUSED(m.program = STR(""));
	REFUSED(m.before.size = 99);
	REFUSED(m.after.size = 102);
	REFUSED(m.status_count = MANIFEST_STATUS_MAX + 1);
	REFUSED(m.key_count = MANIFEST_KEYS_MAX + 1);
	REFUSED(m.last_idx = UINT64_MAX);
#undef REFUSED
	buf_free(&text);
}

TEST(names_of_parts_are_those_of_the_site)
{
	char path[MANIFEST_PATH];

	manifest_path(7, 0, false, path);
	EQ_C(path, "/m/7-0.json");
	manifest_path(UINT64_MAX, UINT32_MAX, true, path);
	EQ_C(path, "/m/18446744073709551615-4294967295.json.minisig");
}
