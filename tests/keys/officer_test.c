/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "bureau.h"
#include "json/json.h"

/* The text of this statement, with one line of it another. */
static const char good[] =
	"hufu/1/officer\n"
	"issuer verify.example.org\n"
	"act approve\n"
	"request 12\n"
	"type 3\n"
	"binds 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
	"subject 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n"
	"native 404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\n"
	"latin 606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f\n"
	"days 95\n"
	"at 2026-11-20T02:00:00Z\n"
	"officer ";

static struct officer_statement statement_of(const struct ed25519_public *officer)
{
	struct officer_statement s = { .issuer = BUREAU_ISSUER,
				       .act = OFFICER_APPROVE,
				       .request = 12,
				       .type = 3,
				       .days = 95,
				       .at = 1795140000,
				       .officer = *officer };

	for (unsigned char i = 0; i < 32; i++) {
		s.binds[i] = i;
		s.subject[i] = (unsigned char)(0x20 + i);
		s.native[i] = (unsigned char)(0x40 + i);
		s.latin[i] = (unsigned char)(0x60 + i);
	}
	return s;
}

static void text_put(struct buf *out, const struct ed25519_public *officer)
{
	buf_c(out, good);
	enc_hex(out, officer->bytes, sizeof officer->bytes);
	buf_byte(out, '\n');
}

/* Replace the first `from` by `to`. */
static void text_edit(struct buf *out, struct str text, const char *from, const char *to)
{
	size_t at = str_find(text, str_of(from), 0);

	CHECK(at != SIZE_MAX);
	buf_put(out, text.p, at);
	buf_c(out, to);
	buf_str(out, str_skip(text, at + strlen(from)));
}

TEST(a_statement_of_another_form_is_refused)
{
	static const struct {
		const char *from, *to, *words;
	} edits[] = {
		{ "hufu/1/officer\n", "hufu/1/officer-roster\n", "the first line" },
		{ "hufu/1/officer\n", "hufu/1/officer\r\n", "the first line" },
		{ "hufu/1/officer\n", "", "the first line" },
		{ "hufu/1/officer\n", "\xef\xbb\xbfhufu/1/officer\n", "the first line" },
		{ "issuer verify", "issuer Verify", "'issuer' does not hold" },
		{ "issuer verify.example.org", "issuer ", "'issuer' does not hold" },
		{ "issuer verify.example.org\n", "", "'issuer' is missing" },
		{ "issuer verify", "issuer\tverify", "'issuer' is missing" },
		{ "issuer verify", "issuer  verify", "'issuer' does not hold" },
		{ "issuer verify.example.org\nact approve\n",
		  "act approve\nissuer verify.example.org\n", "'issuer' is missing" },
		{ "act approve", "act Approve", "'act' does not hold" },
		{ "act approve", "act ", "'act' does not hold" },
		{ "act approve", "act approve ", "'act' does not hold" },
		{ "act approve", "act sign", "'act' does not hold" },
		{ "request 12", "request 0", "'request' does not hold" },
		{ "request 12", "request 012", "'request' does not hold" },
		{ "request 12", "request +12", "'request' does not hold" },
		{ "request 12", "request -1", "'request' does not hold" },
		{ "request 12", "request 9007199254740992", "'request' does not hold" },
		{ "request 12", "request 184467440737095516160", "'request' does not hold" },
		{ "request 12\n", "request 12\nrequest 12\n", "'type' is missing" },
		{ "type 3", "type 2", "'type' does not hold" },
		{ "type 3", "type 5", "'type' does not hold" },
		{ "type 3", "type 3.0", "'type' does not hold" },
		{ "binds 00", "binds ", "'binds' does not hold" },
		{ "binds 00", "binds 0000", "'binds' does not hold" },
		{ "0a0b", "0A0b", "'binds' does not hold" },
		{ "binds 00", "binds 0g", "'binds' does not hold" },
		{ "subject 20", "subject 2", "'subject' does not hold" },
		{ "native 40", "latin 40", "'native' is missing" },
		{ "latin 60", "latin -", "'latin' does not hold" },
		{ "days 95", "days 401", "'days' does not hold" },
		{ "days 95", "days -1", "'days' does not hold" },
		{ "days 95", "days 95\n\n", "'at' is missing" },
		{ "at 2026-11-20T02:00:00Z", "at 2026-11-20T02:00:00+00:00", "'at' does not hold" },
		{ "at 2026-11-20T02:00:00Z", "at 2026-11-20T02:00:00z", "'at' does not hold" },
		{ "at 2026-11-20T02:00:00Z", "at 2026-11-20t02:00:00Z", "'at' does not hold" },
		{ "at 2026-11-20T02:00:00Z", "at 2026-11-20T02:00:60Z", "'at' does not hold" },
		{ "at 2026-11-20T02:00:00Z", "at 2026-02-30T02:00:00Z", "'at' does not hold" },
		{ "at 2026-11-20T02:00:00Z", "at 1969-12-31T23:59:59Z", "'at' does not hold" },
		{ "at 2026-11-20T02:00:00Z", "at 1795140000", "'at' does not hold" },
		{ "officer ", "officer 00", "'officer' does not hold" },
		{ "officer ", "officers ", "'officer' is missing" },
	};
	struct buf text = buf_empty(4096), edited = buf_empty(4096);
	struct officer_statement got;
	struct bureau b;
	struct err e;

	bureau_new(&b);
	text_put(&text, &b.officer[0]);
	OK(officer_read(buf_view(&text), &got, &e), e);
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		buf_clear(&edited);
		/* "officer " is a part of the label's line: look behind it. */
		text_edit(&edited, buf_view(&text), edits[i].from, edits[i].to);
		if (officer_read(buf_view(&edited), &got, &e) ||
		    strcmp(e.code, "OFFICER-FORM") != 0 ||
		    strstr(e.cause, edits[i].words) == NULL) {
			EQ_INT(i, -1);
			EQ_C(e.cause, edits[i].words);
		}
	}
	buf_free(&text);
	buf_free(&edited);
	bureau_free(&b);
}

TEST(a_statement_cut_anywhere_or_longer_is_refused)
{
	struct buf text = buf_empty(4096);
	struct officer_statement got;
	struct bureau b;
	struct err e;

	bureau_new(&b);
	text_put(&text, &b.officer[0]);
	for (size_t n = 0; n < text.n; n++) {
		CHECK(!officer_read((struct str){ text.p, n }, &got, &e));
		EQ_C(e.code, "OFFICER-FORM");
	}
	buf_byte(&text, '\n');
	CHECK(!officer_read(buf_view(&text), &got, &e));
	EQ_C(e.cause, "more stands behind the last line");
	while (text.n <= OFFICER_TEXT_MAX)
		buf_byte(&text, '\n');
	CHECK(!officer_read(buf_view(&text), &got, &e));
	CHECK(strstr(e.cause, "at most 1024") != NULL);
	buf_free(&text);
	bureau_free(&b);
}

TEST(keys_of_low_order_are_no_officers)
{
	static const char *const low[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	};
	struct officer_statement got;
	struct bureau b;
	struct err e;

	bureau_new(&b);
	for (size_t i = 0; i < COUNT_OF(low); i++) {
		struct buf text = buf_empty(4096);
		struct officer_statement s = statement_of(&b.officer[0]);
		struct buf out = buf_empty(4096);

		buf_c(&text, good);
		buf_c(&text, low[i]);
		buf_byte(&text, '\n');
		CHECK(!officer_read(buf_view(&text), &got, &e));
		CHECK(strstr(e.cause, "public key") != NULL);
		CHECK(enc_unhex(str_of(low[i]), s.officer.bytes, 32));
		CHECK(!officer_write(&out, &s, &e));
		EQ_INT(e.kind, ERR_SYSTEM);
		buf_free(&text);
		buf_free(&out);
	}
	bureau_free(&b);
}

TEST(what_is_written_is_read_again_and_nothing_else_is_written)
{
	struct bureau b;
	struct err e;

	bureau_new(&b);
	for (int i = 0; i < 16; i++) {
		struct officer_statement s = statement_of(&b.officer[i & 3]), got;
		struct buf out = buf_empty(4096), text = buf_empty(4096);
		static char domain[254];
		bool fits = true;

		memset(domain, 'a', sizeof domain);
		switch (i) {
		case 0:
			text_put(&text, &b.officer[0]);
			break;
		case 1:
			s.act = OFFICER_WITHDRAW;
			break;
		case 2:
			s.act = OFFICER_PREPARE;
			s.request = 1;
			s.days = 0;
			s.at = 0;
			break;
		case 3:
			s.act = OFFICER_REFUSE;
			s.request = (UINT64_C(1) << 53) - 1;
			s.days = OFFICER_DAYS_MAX;
			s.at = INT64_C(253402300799);
			s.type = 4;
			break;
		case 4:
			s.issuer = (struct str){ domain, 253 };
			break;
		default:
			fits = false;
			s.act = i == 5 ? (enum officer_act)0 : i == 6 ? (enum officer_act)5 : s.act;
			s.request = i == 7 ? 0 : i == 8 ? UINT64_C(1) << 53 : s.request;
			s.type = i == 9 ? 2 : i == 10 ? 5 : s.type;
			s.days = i == 11 ? OFFICER_DAYS_MAX + 1 : s.days;
			s.at = i == 12 ? -1 : i == 13 ? INT64_C(253402300800) : s.at;
			s.issuer = i == 14   ? STR("verify example.org")
				   : i == 15 ? (struct str){ domain, 254 }
					     : s.issuer;
		}
		CHECK(officer_write(&out, &s, &e) == fits);
		if (fits) {
			OK(officer_read(buf_view(&out), &got, &e), e);
			EQ_STR(got.issuer, s.issuer);
			got.issuer = s.issuer;
			CHECK(got.act == s.act && got.request == s.request && got.type == s.type &&
			      got.days == s.days && got.at == s.at);
			EQ_BYTES(got.binds, s.binds, 32);
			EQ_BYTES(got.subject, s.subject, 32);
			EQ_BYTES(got.native, s.native, 32);
			EQ_BYTES(got.latin, s.latin, 32);
			EQ_BYTES(got.officer.bytes, s.officer.bytes, 32);
		} else {
			EQ_INT(e.kind, ERR_SYSTEM);
		}
		if (i == 0)
			EQ_STR(buf_view(&out), buf_view(&text));
		buf_free(&out);
		buf_free(&text);
	}
	bureau_free(&b);
}

/* A file of its owner's, opened as `hufu officer new` makes it and as openssl would. */
TEST(an_officers_key_signs_statements_and_only_its_owner_can_read_it)
{
	static const struct {
		const char *text;
		mode_t mode;
		bool good;
	} files[] = {
		{ "1010101010101010101010101010101010101010101010101010101010101010\n", 0640,
		  false },
		{ "1010101010101010101010101010101010101010101010101010101010101010\n", 0604,
		  false },
		{ "101010101010101010101010101010101010101010101010101010101010101\n", 0600,
		  false },
		{ "", 0600, false },
		{ "1010101010101010101010101010101010101010101010101010101010101010\n", 0600,
		  true },
		{ "-----BEGIN PRIVATE KEY-----\n"
		  "MC4CAQAwBQYDK2VwBCIEIBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ\n"
		  "-----END PRIVATE KEY-----\n",
		  0400, true },
	};
	char dir[64], path[96];
	struct bureau b;

	bureau_new(&b);
	folder_new(dir);
	(void)snprintf(path, sizeof path, "%s/key", dir);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct officer_statement s = statement_of(&b.officer[1]), got;
		struct officer_signed made;
		struct ed25519_public public;
		struct signer *key = NULL;
		unsigned char out[64];
		struct err e;

		(void)unlink(path);
		file_put(dir, "key", str_of(files[i].text), files[i].mode);
		if (officer_key_open(path, &key, &public, &e) != files[i].good)
			EQ_INT(i, -1);
		if (!files[i].good) {
			CHECK(key == NULL);
			continue;
		}
		EQ_BYTES(public.bytes, b.officer[0].bytes, 32);
		OK(officer_sign(b.arena, &s, key, &made, &e), e);
		EQ_BYTES(s.officer.bytes, b.officer[0].bytes, 32); /* filled from the key */
		OK(officer_verify(&made, &got, &e), e);
		CHECK(!signer_note(key, ROLE_OFFICER, 0, STR("note\n"), out, &e));
		CHECK(!signer_note(key, ROLE_LOG, 0, STR("note\n"), out, &e));
		CHECK(!signer_cose(key, ROLE_OFFICER, 0, STR(""), STR(""), STR("x"), out, &e));
		signer_free(key);
	}
	folder_free(dir);
	bureau_free(&b);
}

TEST(the_salt_and_each_item_tell_subjects_apart)
{
	struct officer_statement a, c;
	unsigned char salt[32] = { 1 }, other[32] = { 2 }, nil[32];
	struct letter l = { .type = 3, .native = STR("x"), .wording = { 1, 2, 3, 0 } };
	struct buf payload = buf_empty(1024);
	struct err e;

	letter_put(&payload, &l);
	OK(officer_subject(buf_view(&payload), salt, &a, &e), e);
	officer_nil(salt, nil);
	EQ_BYTES(a.latin, nil, 32);
	CHECK(memcmp(a.native, nil, 32) != 0);
	OK(officer_subject(buf_view(&payload), other, &c, &e), e);
	CHECK(memcmp(a.subject, c.subject, 32) != 0 && memcmp(a.native, c.native, 32) != 0 &&
	      memcmp(a.latin, c.latin, 32) != 0);
	buf_free(&payload);
}

/* Every byte of the payload, one at a time, and every length: read or refused, never past its end. */
TEST(hostile_payloads_are_read_whole_or_refused)
{
	struct officer_statement s;
	unsigned char salt[32] = { 0 };
	struct letter l = { .type = 4,
			    .member_no = STR("A1"),
			    .recipient = STR("R"),
			    .latin = STR("N"),
			    .iat_day = 20000,
			    .exp_day = 20090,
			    .as_at_min = 29000000,
			    .wording = { 200, 24, 23, 1 } };
	struct buf payload = buf_empty(1024);
	size_t ok = 0;
	struct err e;

	letter_put(&payload, &l);
	OK(officer_subject(buf_view(&payload), salt, &s, &e), e);
	for (size_t i = 0; i < payload.n; i++) {
		unsigned char *copy = malloc(payload.n), *shorter = malloc(i + 1);

		memcpy(shorter, payload.p, i);
		CHECK(!officer_subject(str_bytes(shorter, i), salt, &s, &e));
		EQ_INT(e.kind, ERR_SYSTEM);
		for (unsigned v = 0; v < 256; v++) {
			memcpy(copy, payload.p, payload.n);
			copy[i] = (unsigned char)v;
			ok += officer_subject(str_bytes(copy, payload.n), salt, &s, &e);
		}
		free(copy);
		free(shorter);
	}
	CHECK(ok > payload.n);
	buf_free(&payload);
}

static const struct json *vectors(struct arena *a, struct buf *text)
{
	const struct json *root = NULL;
	struct err e;

	OK(io_read("tests/vectors/officer.json", text, &e), e);
	OK(json_read(a, buf_view(text), &json_config, &root, &e), e);
	return root;
}

static void signed_check(const struct json *o, const struct officer_statement *subject,
			 enum officer_act act)
{
	struct officer_statement got;
	struct buf again = buf_empty(1024);
	struct officer_signed made;
	struct str hex;
	struct err e;

	OK(json_string(o, "text", 1, 1024, &made.text, &e), e);
	OK(json_string(o, "signature", 128, 128, &hex, &e), e);
	CHECK(enc_unhex(hex, made.signature, 64));
	OK(officer_verify(&made, &got, &e), e);
	CHECK(got.act == act);
	EQ_BYTES(got.subject, subject->subject, 32);
	EQ_BYTES(got.native, subject->native, 32);
	EQ_BYTES(got.latin, subject->latin, 32);
	OK(officer_write(&again, &got, &e), e);
	EQ_STR(buf_view(&again), made.text);
	buf_free(&again);
}

TEST(statements_of_another_program_are_ours_byte_for_byte)
{
	struct arena *a = arena_new(16 << 20);
	struct buf text = buf_empty(1 << 20);
	const struct json *cases = json_lookup(vectors(a, &text), "subjects");

	CHECK(cases != NULL && cases->count == 4);
	for (size_t i = 0; i < cases->count; i++) {
		const struct json *c = &cases->items[i];
		unsigned char payload[512], salt[32];
		struct officer_statement s;
		struct str hex, salt_hex;
		struct err e;

		OK(json_string(c, "payload", 2, 1024, &hex, &e), e);
		OK(json_string(c, "salt", 64, 64, &salt_hex, &e), e);
		CHECK(enc_unhex(hex, payload, hex.n / 2) && enc_unhex(salt_hex, salt, 32));
		OK(officer_subject(str_bytes(payload, hex.n / 2), salt, &s, &e), e);
		signed_check(json_lookup(c, "prepared"), &s, OFFICER_PREPARE);
		signed_check(json_lookup(c, "approved"), &s, OFFICER_APPROVE);
	}
	buf_free(&text);
	arena_free(a);
}
