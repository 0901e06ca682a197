/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/lookup.h"

#include "base/enc.h"
#include "fixture.h"

static struct str docid_of(const struct token *t)
{
	return str_bytes(t->payload.docid, t->payload.docid_size);
}

/* The entries of `count` certificates. */
static void seal_all(struct world *w, struct token *tokens, size_t count, struct buf *bucket)
{
	struct err e = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct token_payload p = world_certificate(100 + i);

		tokens[i] = world_token(w, w->signer, &p);
		OK(lookup_seal(bucket, docid_of(&tokens[i]), tokens[i].bytes, &e), e);
	}
	lookup_sort(bucket);
}

TEST(bucket_with_any_byte_changed_gives_no_other_token)
{
	struct world w = world_new();
	struct token tokens[2];
	struct buf bucket = buf_empty(LOOKUP_BUCKET_MAX);
	size_t wrong = 0, refused = 0;

	seal_all(world_ready(&w), tokens, 2, &bucket);
	for (size_t i = 0; i < bucket.n; i++) {
		struct str token = { NULL, 0 };
		struct err e = { 0 };
		bool found, ok;

		bucket.p[i] = (char)(bucket.p[i] ^ 1 << i % 8);
		ok = lookup_open(w.arena, buf_view(&bucket), docid_of(&tokens[0]), &token, &found,
				 &e);
		wrong += found && !str_eq(token, tokens[0].bytes);
		wrong += !ok && (found || strcmp(e.code, "LOOKUP-FORM") != 0);
		refused += !ok;
		bucket.p[i] = (char)(bucket.p[i] ^ 1 << i % 8);
	}
	EQ_INT(wrong, 0);
	CHECK(refused >= LOOKUP_PLAIN + 16);
	buf_free(&bucket);
	world_free(&w);
}

TEST(bucket_cut_inside_an_entry_is_refused)
{
	struct world w = world_new();
	struct token tokens[3];
	struct buf bucket = buf_empty(LOOKUP_BUCKET_MAX);
	size_t accepted = 0;

	seal_all(world_ready(&w), tokens, 3, &bucket);
	for (size_t n = 0; n <= bucket.n; n++) {
		struct str token;
		struct err e = { 0 };
		bool found;

		accepted += lookup_open(w.arena, (struct str){ bucket.p, n }, docid_of(&tokens[0]),
					&token, &found, &e);
	}
	EQ_INT(accepted, 4); /* cut between entries nothing shows, and nothing is told */
	buf_free(&bucket);
	world_free(&w);
}

TEST(bucket_that_is_too_large_or_out_of_order_is_refused)
{
	struct world w = world_new();
	struct token tokens[2], t;
	struct token_payload p = world_certificate(1);
	struct buf bucket = buf_empty(LOOKUP_BUCKET_MAX + LOOKUP_ENTRY);
	char entries[2 * LOOKUP_ENTRY];
	struct str token;
	struct err e = { 0 };
	bool found = true;

	seal_all(world_ready(&w), tokens, 2, &bucket);
	memcpy(entries, bucket.p, sizeof entries);
	buf_put(&bucket, entries, LOOKUP_ENTRY);
	CHECK(!lookup_open(w.arena, buf_view(&bucket), docid_of(&tokens[0]), &token, &found, &e));
	EQ_C(e.code, "LOOKUP-FORM");
	CHECK(!found);
	buf_clear(&bucket);
	while (bucket.n <= LOOKUP_BUCKET_MAX)
		buf_put(&bucket, entries + LOOKUP_ENTRY, LOOKUP_ENTRY);
	t = world_token(&w, w.signer, &p);
	CHECK(!lookup_open(w.arena, buf_view(&bucket), docid_of(&t), &token, &found, &e));
	EQ_C(e.code, "LOOKUP-FORM");
	buf_free(&bucket);
	world_free(&w);
}

TEST(every_document_of_a_bucket_opens_and_no_other_does)
{
	enum { COUNT = 120 };
	struct world w = world_new();
	static struct token tokens[COUNT];
	struct buf bucket = buf_empty(LOOKUP_BUCKET_MAX);
	struct err e = { 0 };
	unsigned char docid[10] = { 9 };
	struct str token;
	bool found;

	seal_all(world_ready(&w), tokens, COUNT, &bucket);
	EQ_INT(bucket.n, COUNT * LOOKUP_ENTRY);
	for (size_t i = 0; i < COUNT; i++) {
		OK(lookup_open(w.arena, buf_view(&bucket), docid_of(&tokens[i]), &token, &found,
			       &e),
		   e);
		if (CHECK(found))
			EQ_STR(token, tokens[i].bytes);
	}
	for (unsigned i = 0; i < 256; i++) {
		docid[9] = (unsigned char)i;
		OK(lookup_open(w.arena, buf_view(&bucket), str_bytes(docid, 10), &token, &found,
			       &e),
		   e);
		CHECK(!found);
	}
	buf_free(&bucket);
	world_free(&w);
}

TEST(order_of_a_bucket_is_that_of_tags_not_of_digests)
{
	/* Leading bits one way, tags the other: drawn till they are. */
	struct buf bucket = buf_empty(LOOKUP_BUCKET_MAX), other = buf_empty(LOOKUP_BUCKET_MAX);
	unsigned char ids[2][10] = { { 1 }, { 1 } }, digests[2][SHA256_SIZE];
	struct arena *a = arena_new(1 << 20);
	struct str token;
	struct err e = { 0 };
	bool found;

	do {
		ids[1][9]++;
		for (size_t i = 0; i < 2; i++)
			lookup_digest(str_bytes(ids[i], 10), digests[i]);
	} while (memcmp(digests[0], digests[1], 4) > 0 ||
		 memcmp(digests[0] + 4, digests[1] + 4, LOOKUP_TAG) < 0);
	lookup_sort(&bucket);
	for (size_t i = 0; i < 2; i++) {
		OK(lookup_seal(&bucket, str_bytes(ids[i], 10), STR("t"), &e), e);
		OK(lookup_seal(&other, str_bytes(ids[1 - i], 10), STR("t"), &e), e);
	}
	CHECK(!lookup_open(a, buf_view(&bucket), STR("nobody has "), &token, &found, &e));
	EQ_C(e.code, "LOOKUP-FORM");
	lookup_sort(&bucket);
	lookup_sort(&other);
	OK(lookup_open(a, buf_view(&bucket), STR("nobody has "), &token, &found, &e), e);
	CHECK(!found);
	EQ_STR(buf_view(&bucket), buf_view(&other));
	buf_free(&bucket);
	buf_free(&other);
	arena_free(a);
}

TEST(only_tokens_are_sealed_that_fit)
{
	const char bytes[TOKEN_BYTES_MAX + 1] = { 0 };
	struct buf out = buf_empty(LOOKUP_ENTRY);
	struct err e = { 0 };

	CHECK(!lookup_seal(&out, STR("0123456789"), STR(""), &e));
	CHECK(!lookup_seal(&out, STR("0123456789"), str_bytes(bytes, sizeof bytes), &e));
	EQ_C(e.code, "LOOKUP-FORM");
	EQ_INT(out.n, 0);
	OK(lookup_seal(&out, STR("0123456789"), str_bytes(bytes, TOKEN_BYTES_MAX), &e), e);
	EQ_INT(out.n, LOOKUP_ENTRY);
	CHECK(!lookup_seal(&out, STR("0123456789"), str_bytes(bytes, 1), &e));
	buf_free(&out);
}

TEST(buckets_are_of_16_to_64_kilobytes_where_they_can)
{
	for (uint64_t count = 0; count < UINT64_C(1) << 34; count = count * 21 / 16 + 1) {
		unsigned bits = lookup_bits(count);
		uint64_t mean = (count >> bits) * LOOKUP_ENTRY;

		CHECK(bits >= 1 && bits <= LOOKUP_BITS_MAX);
		CHECK(mean <= 52 * 1024);
		if (bits > 1)
			CHECK(mean >= 24 * 1024);
	}
	EQ_INT(lookup_bits(0), 1);
	EQ_INT(lookup_bits(1000), 4);
	EQ_INT(lookup_bits(1000000), 14);
	EQ_INT(lookup_bits(UINT64_MAX), LOOKUP_BITS_MAX);
}

TEST(info_reads_back_and_refuses_what_is_no_number_of_bits)
{
	struct buf out = buf_empty(100);
	struct err e = { 0 };
	unsigned bits;

	for (unsigned n = 1; n <= LOOKUP_BITS_MAX; n++) {
		buf_clear(&out);
		OK(lookup_info_write(&out, n, &e), e);
		OK(lookup_info_read(buf_view(&out), &bits, &e), e);
		EQ_INT(bits, n);
	}
	CHECK(!lookup_info_write(&out, 0, &e) && !lookup_info_write(&out, 29, &e));
	EQ_C(e.code, "LOOKUP-FORM");
	for (size_t n = 0; n < out.n; n++)
		CHECK(!lookup_info_read((struct str){ out.p, n }, &bits, &e));
	buf_free(&out);
}

static struct str member_bytes(struct arena *a, const struct json *c, const char *name)
{
	struct str hex = world_member(c, name);
	struct err e = { 0 };
	unsigned char *bytes = arena_alloc(a, hex.n / 2, &e);

	world_must(bytes != NULL, &e);
	CHECK(enc_unhex(hex, bytes, hex.n / 2));
	return str_bytes(bytes, hex.n / 2);
}

static bool judge(struct arena *a, const struct json *c, struct err *e)
{
	struct str expect = world_member(c, "expect"), docid = member_bytes(a, c, "docid"), token;
	struct str bucket = member_bytes(a, c, "hex");
	bool found, ok = lookup_open(a, bucket, docid, &token, &found, e);
	struct buf again = buf_empty(LOOKUP_ENTRY);

	if (str_eq(expect, STR("found"))) {
		struct str want = member_bytes(a, c, "token");

		ok = ok && found && str_eq(token, want) && lookup_seal(&again, docid, token, e) &&
		     str_find(bucket, buf_view(&again), 0) != SIZE_MAX;
		buf_free(&again);
		return ok;
	}
	if (str_eq(expect, STR("absent")))
		return ok && !found;
	return !ok && !found && strcmp(e->code, "LOOKUP-FORM") == 0 && e->cause[0] != '\0';
}

TEST(every_lookup_vector_is_judged_as_it_says)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/lookup.json"), *cases = NULL;
	struct err e = { 0 };

	world_must(json_array(root, "cases", 1000, &cases, &e), &e);
	for (size_t i = 0; i < cases->count; i++)
		if (!CHECK(judge(w.arena, &cases->items[i], &e)))
			EQ_STR(world_member(&cases->items[i], "name"), STR("judged as it says"));
	EQ_INT(cases->count, 27);
	world_free(&w);
}

TEST(paths_tags_and_info_of_the_vectors_are_ours)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/lookup.json"), *list = NULL;
	struct err e = { 0 };

	world_must(json_array(root, "paths", 100, &list, &e), &e);
	CHECK(list->count >= 15);
	for (size_t i = 0; i < list->count; i++) {
		const struct json *c = &list->items[i];
		unsigned char digest[SHA256_SIZE];
		char path[LOOKUP_PATH];

		lookup_digest(member_bytes(w.arena, c, "docid"), digest);
		lookup_path(digest, (unsigned)json_lookup(c, "bits")->integer, path);
		EQ_C(path, world_member(c, "path").p);
		EQ_BYTES(digest + 4, member_bytes(w.arena, c, "tag").p, LOOKUP_TAG);
	}
	world_must(json_array(root, "info", 100, &list, &e), &e);
	CHECK(list->count >= 20);
	for (size_t i = 0; i < list->count; i++) {
		const struct json *want = json_lookup(&list->items[i], "bits");
		unsigned bits = 0;
		bool read = lookup_info_read(world_member(&list->items[i], "text"), &bits, &e);

		CHECK(read == (want->kind == JSON_INTEGER) && (!read || bits == want->integer));
	}
	world_free(&w);
}
