/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/token.h"

#include "base/enc.h"
#include "fixture.h"
#include "keys/guard.h"
#include "proof/payload.h"

TEST(token_with_one_bit_flipped_anywhere_never_verifies)
{
	struct world w = world_new();
	struct token_payload payloads[] = { world_certificate(77), world_letter(78) };
	struct arena *a = arena_new(1 << 24);
	size_t read = 0;

	for (size_t i = 0; i < COUNT_OF(payloads); i++) {
		struct token t = world_token(&w, w.signer, &payloads[i]), bad;
		const struct ed25519_public *key = &w.keys[i].public;
		struct err e;

		CHECK(token_verify(&t, key, WORLD_ISSUER));
		for (size_t bit = 0; bit < 8 * t.bytes.n; bit++) {
			unsigned char bytes[TOKEN_BYTES_MAX];

			memcpy(bytes, t.bytes.p, t.bytes.n);
			bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
			arena_reset(a);
			if (!token_read_bytes(a, str_bytes(bytes, t.bytes.n), &bad, &e))
				continue;
			read++;
			if (!CHECK(!token_verify(&bad, key, WORLD_ISSUER)))
				EQ_INT(bit, -1);
		}
	}
	CHECK(read > 1000); /* signature, digest and docid bits do not break the form */
	arena_free(a);
	world_free(&w);
}

TEST(token_is_verified_for_its_issuer_and_key_alone)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(5);
	struct token t = world_token(&w, w.signer, &p);
	char longest[400];

	memset(longest, 'a', sizeof longest);
	CHECK(token_verify(&t, &w.keys[0].public, WORLD_ISSUER));
	CHECK(!token_verify(&t, &w.keys[1].public, WORLD_ISSUER));
	CHECK(!token_verify(&t, &w.keys[0].public, STR("verify.example.or")));
	CHECK(!token_verify(&t, &w.keys[0].public, STR("verify.example.orgx")));
	CHECK(!token_verify(&t, &w.keys[0].public, STR("")));
	CHECK(!token_verify(&t, &w.keys[0].public, str_bytes(longest, sizeof longest)));
	world_free(&w);
}

TEST(limits_on_bytes_and_digits_hold)
{
	char digits[1001];
	unsigned char bytes[DECIMAL_BYTES_MAX + 1] = { 0x84 };
	struct arena *a = arena_new(1 << 20);
	struct token t;
	struct err e;

	memset(digits, '1', sizeof digits);
	CHECK(!token_read(a, str_bytes(digits, 965), &t, &e));
	EQ_C(e.code, "TOKEN-FORM");
	CHECK(!token_read(a, str_bytes(digits, 964), &t, &e));
	CHECK(!token_read_bytes(a, str_bytes(bytes, 401), &t, &e));
	EQ_C(e.code, "TOKEN-FORM");
	CHECK(!token_read_bytes(a, (struct str){ NULL, 0 }, &t, &e));
	arena_free(a);
}

TEST(failure_leaves_the_token_untouched)
{
	struct arena *a = arena_new(1 << 20);
	struct token t = { .alg = 42 };
	struct err e;

	CHECK(!token_read_bytes(a, STR("\x84\x40\xa0\x40\x40"), &t, &e));
	EQ_INT(t.alg, 42);
	EQ_INT(t.payload.type, 0);
	arena_free(a);
}

TEST(what_the_reader_would_refuse_is_never_signed)
{
	struct world w = world_new();
	struct buf out = buf_empty(TOKEN_BYTES_MAX);
	static const char long_name[] =
		"A name so long that no code could ever carry it, and more, "
		"and more, and more, and more, and more, and more, and more "
		"and more, and more, and more, and more, and more, and more "
		"and more, and more, and more, and more, and more, and more "
		"and more, and more, and more, and more, and more, and more ";
	struct token_payload good = world_certificate(1), letter = world_letter(2), p;
	struct err e;

#define REFUSED(base, change, want)                                                                \
	do {                                                                                       \
		p = (base);                                                                        \
		change;                                                                            \
		CHECK(!token_write(&p, w.signer, WORLD_ISSUER, &out, &e));                         \
		EQ_C(e.code, want);                                                                \
		EQ_INT(out.n, 0);                                                                  \
	} while (0)
	REFUSED(good, p.name_latin = str_of(long_name), "TOKEN-TOO-LONG");
	REFUSED(good, p.name_native = STR("张\xe2\x80\xae"), "TOKEN-FORM");
	REFUSED(good, p.name_native = STR(""), "TOKEN-FORM");
	REFUSED(good, p.member_no = STR(""), "TOKEN-FORM");
	REFUSED(good, p.member_no = ((struct str){ NULL, 0 }), "TOKEN-FORM");
	REFUSED(good, p.docid_size = 9, "TOKEN-FORM");
	REFUSED(good, p.idx = UINT64_C(1) << 53, "TOKEN-FORM");
	REFUSED(good, p.type = 256, "TOKEN-FORM");
	REFUSED(good, p.has_admitted = false, "TOKEN-FORM");
	REFUSED(good, p.recipient = STR("X"), "TOKEN-FORM");
	REFUSED(good, p.issued_day = -1, "TOKEN-FORM");
	REFUSED(good, p.expires_day = 1, "TOKEN-FORM");
	REFUSED(letter, p.pending = 2, "TOKEN-FORM");
	REFUSED(letter, p.has_admitted = true, "TOKEN-FORM");
	REFUSED(letter,
		p.recipient = STR("Sixty-one bytes: The Northland Board of Public Accountancy..."),
		"TOKEN-TOO-LONG");
	REFUSED(good, p.type = TYPE_NON_PRACTISING, "NO-KEY");
#undef REFUSED
	buf_free(&out);
	world_free(&w);
}

static int64_t world_clock(void *self UNUSED)
{
	return WORLD_NOW;
}

/* Two officers, who say that of this payload. */
static struct officer_proof approved(struct world *w, struct roster_officer officers[2],
				     const struct token_payload *p)
{
	struct officer_statement s = { .issuer = WORLD_ISSUER, .request = 1, .type = p->type };
	struct officer_proof proof = { .salt = { 7 } };
	struct buf payload = buf_empty(TOKEN_BYTES_MAX);
	struct err e;

	world_must(token_payload_bytes(p, &payload, &e), &e);
	world_must(officer_subject(buf_view(&payload), proof.salt, &s, &e), &e);
	s.days = 95;
	s.at = WORLD_NOW - 60;
	for (unsigned i = 0; i < 2; i++) {
		const struct ring_seed seed = world_seed(ROLE_OFFICER, 0, SEEDS + i);
		struct signer *key = NULL;

		s.act = i == 0 ? OFFICER_PREPARE : OFFICER_APPROVE;
		world_must(ring_of_seeds(&seed, 1, &key, &e), &e);
		world_must(officer_sign(w->arena, &s, key,
					i == 0 ? &proof.prepared : &proof.approved, &e),
			   &e);
		officers[i] = (struct roster_officer){ .public = s.officer };
		signer_free(key);
	}
	buf_free(&payload);
	return proof;
}

TEST(a_letter_is_written_as_any_token_on_what_two_officers_said)
{
	const struct env clock = { .now = world_clock };
	struct roster_officer officers[2];
	struct roster roster = { .officers = officers, .count = 2, .vouched = true };
	const struct signer_guard guard = { &roster, WORLD_ISSUER, &clock };
	struct world w = world_new();
	struct token_payload p = world_letter(9);
	struct officer_proof proof;
	struct buf plain = buf_empty(TOKEN_BYTES_MAX), out = buf_empty(TOKEN_BYTES_MAX),
		   payload = buf_empty(TOKEN_BYTES_MAX);
	struct token t;
	struct err e;

	p.as_at_min = WORLD_NOW / 60;
	p.issued_day = WORLD_NOW / 86400;
	p.expires_day = p.issued_day + 90;
	proof = approved(&w, officers, &p);
	OK(token_write(&p, w.signer, WORLD_ISSUER, &plain, &e), e); /* no guard yet */
	CHECK(!token_write_letter(&p, &proof, w.signer, WORLD_ISSUER, &out, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	signer_guard(w.signer, &guard);
	CHECK(!token_write(&p, w.signer, WORLD_ISSUER, &out, &e));
	EQ_C(e.code, "APPROVAL-NEEDED");
	EQ_INT(out.n, 0);
	OK(token_write_letter(&p, &proof, w.signer, WORLD_ISSUER, &out, &e), e);
	EQ_STR(buf_view(&out), buf_view(&plain));
	OK(token_read_bytes(w.arena, buf_view(&out), &t, &e), e);
	CHECK(token_verify(&t, &w.keys[1].public, WORLD_ISSUER));
	OK(token_payload_bytes(&p, &payload, &e), e);
	EQ_STR(buf_view(&payload), t.payload_bytes);
	buf_clear(&out);
	p.member_no = STR("99999");
	CHECK(!token_write_letter(&p, &proof, w.signer, WORLD_ISSUER, &out, &e));
	EQ_C(e.code, "APPROVAL-OTHER");
	p.pending = 2;
	CHECK(!token_payload_bytes(&p, &out, &e));
	EQ_C(e.code, "TOKEN-FORM");
	EQ_INT(out.n, 0);
	buf_free(&payload);
	buf_free(&plain);
	buf_free(&out);
	world_free(&w);
}

/* The vector's payload as our struct. */
static struct token_payload payload_of(const struct json *list)
{
	const struct json *v = list->items, *ext = &v[10];
	struct token_payload p = { .type = (unsigned)v[1].integer, .idx = (uint64_t)v[2].integer };
	static char number[24];

	p.docid_size = (v[3].string.n - 3) / 2;
	CHECK(enc_unhex((struct str){ v[3].string.p + 2, 2 * p.docid_size }, p.docid,
			p.docid_size));
	p.member_no = v[4].string;
	if (v[4].kind == JSON_INTEGER) {
		(void)snprintf(number, sizeof number, "%lld", (long long)v[4].integer);
		p.member_no = str_of(number);
	}
	p.name_native = v[5].string;
	p.name_latin = v[6].string;
	p.issued_day = v[7].integer;
	p.expires_day = v[8].integer;
	CHECK(enc_unhex((struct str){ v[9].string.p + 2, 32 }, p.digest16, DIGEST16));
	if (json_lookup(ext, "4") != NULL) {
		p.has_admitted = true;
		p.admitted_day = json_lookup(ext, "4")->integer;
	} else {
		const struct json *codes = json_lookup(ext, "3");

		p.recipient = json_lookup(ext, "1")->string;
		p.as_at_min = json_lookup(ext, "2")->integer;
		p.wording = (unsigned)codes->items[0].integer;
		p.class_code = (unsigned)codes->items[1].integer;
		p.look_back = (unsigned)codes->items[2].integer;
		p.pending = (unsigned)codes->items[3].integer;
	}
	return p;
}

TEST(tokens_equal_the_checked_example_byte_for_byte)
{
	struct world w = world_new();
	const struct json *root = world_json(w.arena, "tests/data/token-vector.json");
	struct str issuer = world_member(root, "issuer");
	struct ring_seed seeds[3];
	struct signer *signer = NULL;
	struct ed25519_public key;
	const struct json *cases;
	struct err e = { 0 };

	for (unsigned i = 0; i < 3; i++) {
		seeds[i] = (struct ring_seed){ .role = ROLE_ISSUING, .number = i + 1 };
		CHECK(enc_unhex(world_member(root, "seed_hex"), seeds[i].seed, ED25519_SEED));
	}
	OK(ring_of_seeds(seeds, 3, &signer, &e), e);
	CHECK(enc_unhex(world_member(root, "public_hex"), key.bytes, sizeof key.bytes));
	OK(json_array(root, "cases", 100, &cases, &e), e);
	EQ_INT(cases->count, 4);
	for (size_t i = 0; i < cases->count; i++) {
		const struct json *c = &cases->items[i];
		struct token_payload p = payload_of(json_lookup(c, "payload"));
		struct buf bytes = buf_empty(TOKEN_BYTES_MAX), hex = buf_empty(1000),
			   url = buf_empty(2000);
		struct str digits, base;
		struct token t = { 0 };

		OK(token_write(&p, signer, issuer, &bytes, &e), e);
		enc_hex(&hex, bytes.p, bytes.n);
		EQ_STR(buf_view(&hex), world_member(c, "token_hex"));
		token_url(&url, STR("https://verify.example.org"), buf_view(&bytes));
		EQ_STR(buf_view(&url), world_member(c, "url"));
		CHECK(token_digits_find(buf_view(&url), &digits, &base));
		EQ_STR(base, STR("https://verify.example.org"));
		OK(token_read(w.arena, digits, &t, &e), e);
		CHECK(token_verify(&t, &key, issuer));
		EQ_STR(t.payload.member_no, p.member_no);
		EQ_STR(t.payload.name_native, p.name_native);
		EQ_INT(t.payload.admitted_day, p.admitted_day);
		EQ_INT(t.alg, -8);
		buf_free(&bytes);
		buf_free(&hex);
		buf_free(&url);
	}
	signer_free(signer);
	world_free(&w);
}

TEST(memory_running_out_is_trouble_and_never_a_bad_token)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(3);
	struct token t = world_token(&w, w.signer, &p), again;
	bool done = false;

	for (size_t nth = 1; nth < 100 && !done; nth++) {
		struct arena *a = arena_new(1 << 20);
		struct err e = { 0 };

		check_fail_alloc(nth);
		done = token_read_bytes(a, t.bytes, &again, &e);
		check_fail_alloc(0);
		if (!done)
			EQ_INT(e.kind, ERR_SYSTEM);
		arena_free(a);
	}
	CHECK(done);
	world_free(&w);
}
