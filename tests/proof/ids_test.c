/* SPDX-License-Identifier: Apache-2.0 */
#include "base/enc.h"
#include "fixture.h"
#include "proof/docid.h"
#include "proof/facts.h"
#include "proof/leaf.h"
#include "proof/order.h"

/* tests/vectors/ids.json, made by another program than ours. */

static void unhex(const struct json *object, const char *key, void *out, size_t n)
{
	if (!CHECK(enc_unhex(world_member(object, key), out, n)))
		EQ_C(key, "as long as it should be");
}

static const struct json *list_of(const struct json *root, const char *key)
{
	const struct json *list = NULL;
	struct err e = { 0 };

	world_must(json_array(root, key, 1000, &list, &e), &e);
	return list;
}

/* Added last key first, so that facts_add has to sort. */
static struct facts facts_of(const struct json *object)
{
	struct facts f = { 0 };
	struct err e = { 0 };

	for (size_t i = object->count; i > 0; i--)
		OK(facts_add(&f, object->keys[i - 1], object->items[i - 1].string, &e), e);
	return f;
}

static void check_document(const struct world *w, const struct json *d, const struct facts *f,
			   const unsigned char content[32], const unsigned char salt[32])
{
	unsigned char want[64], docid[DOCID_MAX], typed[DOCID_MAX], nonce[32], digest[16];
	size_t size = world_member(d, "docid").n / 2, typed_size;
	struct docid_basis basis = { .type = (unsigned)json_lookup(d, "type")->integer,
				     .lang = world_member(d, "lang"),
				     .issue = (uint64_t)json_lookup(d, "issue")->integer };
	struct buf text = buf_empty(64);
	unsigned char token[64], file[32];
	struct str token_bytes = str_bytes(token, world_member(d, "token").n / 2);
	struct leaf leaf;
	struct err e = { 0 };

	memcpy(basis.member_salt, salt, 32);
	memcpy(basis.content, content, 32);
	OK(docid_make(w->signer, &basis, size, docid, &e), e);
	unhex(d, "docid", want, size);
	EQ_BYTES(docid, want, size);
	docid_text(&text, str_bytes(docid, size));
	EQ_STR(buf_view(&text), world_member(d, "text"));
	CHECK(docid_read(buf_view(&text), typed, &typed_size));
	EQ_INT(typed_size, size);
	EQ_BYTES(typed, docid, size);
	OK(docid_nonce(w->signer, salt, str_bytes(docid, size), nonce, &e), e);
	unhex(d, "nonce", want, 32);
	EQ_BYTES(nonce, want, 32);
	OK(facts_digest(f, nonce, digest, &e), e);
	unhex(d, "digest16", want, 16);
	EQ_BYTES(digest, want, 16);
	unhex(d, "token", token, token_bytes.n);
	unhex(d, "file_sha256", file, 32);
	leaf = leaf_of(token_bytes, file);
	unhex(d, "c_token", want, 32);
	EQ_BYTES(leaf.c_token, want, 32);
	unhex(d, "c_pdf", want, 32);
	EQ_BYTES(leaf.c_pdf, want, 32);
	buf_free(&text);
}

TEST(ids_hashes_and_leaves_equal_those_of_another_program)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/ids.json");
	const struct json *documents = list_of(root, "documents");
	struct facts f = facts_of(json_lookup(root, "facts"));
	struct buf text = buf_empty(4096);
	unsigned char salt[32], content[32], want[32];
	struct err e = { 0 };

	unhex(root, "member_salt", salt, 32);
	facts_canonical(&text, &f, NULL);
	EQ_STR(buf_view(&text), world_member(root, "canonical"));
	OK(facts_content_hash(&f, world_member(root, "template"),
			      (uint64_t)json_lookup(root, "version")->integer, content, &e),
	   e);
	unhex(root, "content_hash", want, 32);
	EQ_BYTES(content, want, 32);
	for (size_t i = 0; i < documents->count; i++)
		check_document(&w, &documents->items[i], &f, content, salt);
	buf_free(&text);
	world_free(&w);
}

TEST(order_and_padding_of_a_batch_equal_those_of_another_program)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/ids.json");
	const struct json *orders = list_of(root, "orders"), *padding = list_of(root, "padding");
	uint32_t slot_of[300];
	struct err e = { 0 };

	for (size_t i = 0; i < orders->count; i++) {
		const struct json *o = &orders->items[i], *want = json_lookup(o, "slot_of");

		OK(order_permutation(w.signer, (uint64_t)json_lookup(o, "batch")->integer,
				     (uint32_t)want->count, slot_of, &e),
		   e);
		for (size_t k = 0; k < want->count; k++)
			EQ_INT(slot_of[k], want->items[k].integer);
	}
	for (size_t i = 0; i < padding->count; i++) {
		const struct json *p = &padding->items[i];
		unsigned char leaf[ORDER_PADDING], want[ORDER_PADDING];

		OK(order_padding(w.signer, (uint64_t)json_lookup(p, "idx")->integer, leaf, &e), e);
		unhex(p, "leaf", want, sizeof want);
		EQ_BYTES(leaf, want, sizeof want);
	}
	world_free(&w);
}

TEST(typed_document_ids_that_are_none_are_refused)
{
	static const struct {
		const char *text;
		size_t size; /* 0: refused */
	} cases[] = {
		{ "", 0 },
		{ "0000-0000-0000-000", 0 },
		{ "0000-0000-0000-0000-0", 0 },
		{ "0000-0000-0000-0000-000", 0 },
		{ "0000-0000-0000-0000-0000-0000", 0 },
		{ "0000-0000-0000-000!", 0 },
		{ "00000000000000000000000000000000000000000000000000000000000000000000000", 0 },
		{ "oOiI-lLuU 0000-0000", 10 },
		{ "zzzz-zzzz-zzzz-zzzz", 10 },
		{ "zzzz-zzzz-zzzz-zzzz-zzzz", 13 },
	};
	unsigned char id[DOCID_MAX];
	size_t size;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool read = docid_read(str_of(cases[i].text), id, &size);

		if (!CHECK(read == (cases[i].size > 0)))
			EQ_C(cases[i].text, "");
		else if (read)
			EQ_INT(size, cases[i].size);
	}
	EQ_INT(id[12], 0xf0);
}

TEST(fact_keys_are_plain_distinct_and_few)
{
	struct facts f = { 0 };
	struct err e = { 0 };

	CHECK(!facts_add(&f, STR(""), STR("x"), &e));
	CHECK(!facts_add(&f, STR("Name"), STR("x"), &e));
	CHECK(!facts_add(&f, STR("a\"b"), STR("x"), &e));
	CHECK(!facts_add(&f, STR("a23456789012345678901234567890123"), STR("x"), &e));
	OK(facts_add(&f, STR("b"), STR("1"), &e), e);
	CHECK(!facts_add(&f, STR("b"), STR("2"), &e));
	EQ_STR(*facts_lookup(&f, STR("b")), STR("1"));
	CHECK(facts_lookup(&f, STR("c")) == NULL);
	f.count = 0;
	for (size_t i = 0; i < FACTS_MAX; i++) {
		OK(facts_add(&f, (struct str){ &"abcdefghijklmnopqrstuvwxyz012345"[i], 1 },
			     STR("v"), &e),
		   e);
	}
	CHECK(!facts_add(&f, STR("zz"), STR("v"), &e));
	EQ_STR(f.items[0].key, STR("0"));
}

TEST(an_order_is_a_permutation_whatever_its_size)
{
	struct world w = world_new();
	static uint32_t slot_of[5000];
	static bool taken[5000];
	struct err e = { 0 };

	OK(order_permutation(w.signer, 7, 5000, slot_of, &e), e);
	for (size_t i = 0; i < 5000; i++) {
		CHECK(slot_of[i] < 5000 && !taken[slot_of[i]]);
		taken[slot_of[i]] = true;
	}
	CHECK(!order_permutation(w.signer, 7, ORDER_COUNT_MAX + 1u, slot_of, &e));
	world_free(&w);
}
