/* SPDX-License-Identifier: Apache-2.0 */
#include "base/enc.h"
#include "fixture.h"

/* tests/vectors/token.json and keys.json, made by other programs than ours. */

static const struct json *vectors(struct world *w, const char *path, const char *key)
{
	const struct json *root = world_json(w->arena, path), *list = NULL;
	struct err e = { 0 };

	world_must(json_array(root, key, 1000, &list, &e), &e);
	return list;
}

static bool read_case(struct arena *a, const struct json *c, struct token *t, struct err *e)
{
	struct str hex, digits;
	unsigned char bytes[1024];
	bool is_hex;

	world_must(json_string_opt(c, "hex", 0, 2048, &hex, &is_hex, e), e);
	if (!is_hex) {
		digits = world_member(c, "digits");
		return token_read(a, digits, t, e);
	}
	CHECK(enc_unhex(hex, bytes, hex.n / 2));
	return token_read_bytes(a, str_bytes(bytes, hex.n / 2), t, e);
}

static bool same_payload(const struct json *want, const struct token_payload *p)
{
	const struct json *v = want->items;
	struct buf id = buf_empty(64), number = buf_empty(32);
	bool ok;

	buf_c(&id, "h'");
	enc_hex(&id, p->docid, p->docid_size);
	buf_c(&id, "'");
	if (v[4].kind == JSON_STRING)
		buf_str(&number, v[4].string);
	else
		buf_printf(&number, "%.0f", v[4].number);
	ok = (unsigned)v[1].integer == p->type && (uint64_t)v[2].integer == p->idx &&
	     str_eq(v[3].string, buf_view(&id)) &&
	     /* JSON holds 18 digits only inexactly: the reader's text is compared where it can be */
	     (v[4].number > 9e15 || str_eq(buf_view(&number), p->member_no)) &&
	     str_eq(v[5].string, p->name_native) && str_eq(v[6].string, p->name_latin) &&
	     v[7].integer == p->issued_day && v[8].integer == p->expires_day;
	buf_free(&id);
	buf_free(&number);
	return ok;
}

TEST(every_vector_is_judged_as_it_says)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/token.json");
	const struct json *cases = vectors(&w, "tests/vectors/token.json", "cases");
	struct str issuer = world_member(root, "issuer");
	struct ed25519_public key;
	size_t genuine = 0, forged = 0, malformed = 0;

	CHECK(enc_unhex(world_member(root, "public"), key.bytes, sizeof key.bytes));
	for (size_t i = 0; i < cases->count; i++) {
		const struct json *c = &cases->items[i];
		struct str expect = world_member(c, "expect");
		struct token t = { 0 };
		struct err e = { 0 };
		bool read = read_case(w.arena, c, &t, &e), good;

		if (str_eq(expect, STR("malformed"))) {
			malformed++;
			good = !read && e.kind == ERR_INPUT && e.cause[0] != '\0';
		} else if (str_eq(expect, STR("forged"))) {
			forged++;
			good = read && !token_verify(&t, &key, issuer);
		} else {
			genuine++;
			good = read && token_verify(&t, &key, issuer) &&
			       same_payload(json_lookup(c, "payload"), &t.payload);
		}
		if (!CHECK(good))
			EQ_STR(world_member(c, "name"), STR("judged as it says"));
	}
	CHECK(genuine >= 25 && forged >= 9 && malformed >= 80);
	world_free(&w);
}

TEST(digits_are_found_in_scanned_texts_as_the_vectors_say)
{
	struct world w = world_new();
	const struct json *cases = vectors(&w, "tests/vectors/token.json", "url_cases");

	for (size_t i = 0; i < cases->count; i++) {
		const struct json *c = &cases->items[i], *want = json_lookup(c, "digits");
		struct str text = world_member(c, "text"), digits = { 0 }, base;
		bool found = token_digits_find(text, &digits, &base);

		if (!CHECK(found == (want->kind == JSON_STRING)))
			EQ_STR(text, STR("judged as it says"));
		else if (found)
			EQ_STR(digits, want->string);
	}
	CHECK(cases->count >= 19);
	world_free(&w);
}

TEST(policy_and_key_lists_of_another_program_are_judged_as_it_says)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/vectors/keys.json");
	const struct json *cases = vectors(&w, "tests/vectors/keys.json", "cases");
	struct buf again = buf_empty(POLICY_BYTES_MAX);
	char print[POLICY_FINGERPRINT + 1];
	struct policy policy;
	size_t good = 0;
	struct err e = { 0 };

	OK(policy_read(w.arena, world_member(root, "policy"), &policy, &e), e);
	OK(policy_write(&again, &policy, &e), e);
	EQ_STR(buf_view(&again), world_member(root, "policy"));
	OK(policy_fingerprint(&policy, print, &e), e);
	EQ_STR(str_of(print), world_member(root, "fingerprint"));
	for (size_t i = 0; i < cases->count; i++) {
		const struct json *c = &cases->items[i];
		bool want = str_eq(world_member(c, "expect"), STR("good"));
		struct keylist list;
		bool read = keylist_read(w.arena, world_member(c, "note"), &policy, &list, &e);

		good += want;
		if (!CHECK(read == want))
			EQ_STR(world_member(c, "name"), STR("judged as it says"));
	}
	CHECK(good == 5 && cases->count >= 45);
	buf_free(&again);
	world_free(&w);
}
