/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/note.h"

#include "base/enc.h"
#include "fixture.h"
#include "proof/policy.h"

/* From the documentation of golang.org/x/mod/sumdb/note: made by another program. */
static const char GO_VKEY[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char GO_NOTE[] =
	"If you think cryptography is the answer to your problem,\n"
	"then you don't know what your problem is.\n"
	"\n"
	"\xe2\x80\x94 PeterNeumann "
	"x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(a_note_and_key_of_another_program_verify)
{
	struct arena *a = arena_new(1 << 20);
	struct note note;
	struct note_key key;
	struct buf again = buf_empty(300);
	uint32_t who = 0;
	struct err e = { 0 };

	OK(ed25519_start(&e), e);
	OK(note_key_read(a, str_of(GO_VKEY), &key, &e), e);
	note_key_write(&again, &key);
	EQ_STR(buf_view(&again), str_of(GO_VKEY));
	OK(note_read(a, str_of(GO_NOTE), &note, &e), e);
	EQ_INT(note.count, 1);
	OK(note_verify(&note, &key, 1, &who, &e), e);
	EQ_INT(who, 1);
	buf_free(&again);
	arena_free(a);
}

TEST(a_note_with_one_bit_flipped_anywhere_is_not_signed)
{
	struct arena *a = arena_new(1 << 22);
	char bytes[sizeof GO_NOTE];
	struct note_key key;
	struct err e = { 0 };

	OK(ed25519_start(&e), e);
	OK(note_key_read(a, str_of(GO_VKEY), &key, &e), e);
	for (size_t bit = 0; bit < 8 * (sizeof GO_NOTE - 1); bit++) {
		struct note note;
		uint32_t who = 0;

		memcpy(bytes, GO_NOTE, sizeof bytes);
		bytes[bit / 8] ^= (char)(1u << bit % 8);
		if (note_read(a, str_bytes(bytes, sizeof GO_NOTE - 1), &note, &e) &&
		    note_verify(&note, &key, 1, &who, &e) && !CHECK(who == 0))
			EQ_INT(bit, -1);
	}
	arena_free(a);
}

TEST(keys_whose_text_is_not_theirs_are_refused)
{
	static const char *const bad[] = {
		"",
		"PeterNeumann",
		"PeterNeumann+c74f20a3",
		"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAAAA",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
		"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		/* the identity: a point of low order */
		"x+00000000+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	struct arena *a = arena_new(1 << 20);
	struct note_key key;
	struct err e;

	world_must(ed25519_start(&e), &e);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (!CHECK(!note_key_read(a, str_of(bad[i]), &key, &e)))
			EQ_C(bad[i], "");
	arena_free(a);
}

TEST(texts_that_are_no_notes_are_refused)
{
#define DASH "\xe2\x80\x94 "
	static const char *const bad[] = {
		"",
		"\n",
		"\n\n",
		"text",
		"text\n",
		"text\n\n",
		"text\n\n\n",
		"text\n\nname AAAAAAAA\n",
		"text\n\n" DASH "name AAAAAAAA",
		"text\n\n" DASH "name\n",
		"text\n\n" DASH "name \n",
		"text\n\n" DASH "name AAAA\n",
		"text\n\n" DASH "name AAAAAA==\n",
		"text\n\n" DASH "name AAAAAAA\n",
		"text\n\n" DASH "name AAAAAAAB AAAAAAAA\n",
		"text\n\n" DASH "na+me AAAAAAAA\n",
		"text\n\n" DASH " AAAAAAAA\n",
		"text\r\n\n" DASH "name AAAAAAAA\n",
		"te\txt\n\n" DASH "name AAAAAAAA\n",
		"te\xffxt\n\n" DASH "name AAAAAAAA\n",
		"text\n\n-- name AAAAAAAA\n",
	};
	struct arena *a = arena_new(1 << 20);
	struct note note;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (CHECK(!note_read(a, str_of(bad[i]), &note, &e)))
			EQ_C(e.code, "NOTE-FORM");
		else
			EQ_C(bad[i], "");
	OK(note_read(a, str_of("a\n\nb\n\n" DASH "name AAAAAAAA\n" DASH "x AAAAAAAAAAAA\n"), &note,
		     &e),
	   e);
	EQ_STR(note.body, STR("a\n\nb\n"));
	EQ_INT(note.count, 2);
	arena_free(a);
#undef DASH
}

TEST(too_many_signatures_are_refused)
{
	struct arena *a = arena_new(1 << 20);
	struct buf text = buf_empty(1 << 16);
	struct note note;
	struct err e = { 0 };

	buf_c(&text, "text\n\n");
	for (int i = 0; i < NOTE_SIGNATURES_MAX; i++)
		buf_c(&text, "\xe2\x80\x94 name AAAAAAAA\n");
	OK(note_read(a, buf_view(&text), &note, &e), e);
	buf_c(&text, "\xe2\x80\x94 name AAAAAAAA\n");
	CHECK(!note_read(a, buf_view(&text), &note, &e));
	buf_free(&text);
	arena_free(a);
}

TEST(one_signature_twice_counts_once_and_strangers_count_nothing)
{
	struct world w = world_new();
	struct buf text = buf_empty(4096);
	unsigned char signature[ED25519_SIGNATURE], zero[ED25519_SIGNATURE] = { 0 };
	struct note_key stranger = w.policy.roots[0], namesake;
	struct note note;
	uint32_t who;
	struct err e = { 0 };

	OK(signer_note(w.signer, ROLE_ROOT, 1, STR("text\n"), signature, &e), e);
	OK(note_key_make(STR("someone"), &stranger.public, &stranger, &e), e);
	namesake = w.policy.roots[0];
	namesake.hash[0] ^= 1; /* our name, another key: not ours to judge */
	buf_c(&text, "text\n\n");
	note_line(&text, &stranger, zero);
	note_line(&text, &namesake, zero);
	note_line(&text, &w.policy.roots[0], signature);
	note_line(&text, &w.policy.roots[0], signature);
	OK(note_read(w.arena, buf_view(&text), &note, &e), e);
	OK(note_verify(&note, w.policy.roots, 2, &who, &e), e);
	EQ_INT(who, 1);
	note_line(&text, &w.policy.roots[1], signature);
	OK(note_read(w.arena, buf_view(&text), &note, &e), e);
	CHECK(!note_verify(&note, w.policy.roots, 2, &who, &e));
	EQ_C(e.code, "NOTE-SIGNATURE");
	buf_free(&text);
	world_free(&w);
}

TEST(a_witness_key_is_no_signing_key_and_the_reverse)
{
	struct world w = world_new();
	struct buf plain = buf_empty(300), witness = buf_empty(300), text = buf_empty(4096);
	unsigned char signature[ED25519_SIGNATURE];
	struct note_key a, b, back;
	struct note note;
	uint32_t who;
	struct err e = { 0 };

	OK(note_key_make(STR("w.example"), &w.policy.log.public, &a, &e), e);
	OK(note_witness_make(STR("w.example"), &w.policy.log.public, &b, &e), e);
	CHECK(memcmp(a.hash, b.hash, NOTE_HASH) != 0);
	note_key_write(&plain, &a);
	note_key_write(&witness, &b);
	OK(note_key_read(w.arena, buf_view(&plain), &back, &e), e);
	EQ_INT(back.type, NOTE_ED25519);
	OK(note_witness_read(w.arena, buf_view(&witness), &back, &e), e);
	EQ_INT(back.type, NOTE_COSIGNATURE);
	CHECK(!note_key_read(w.arena, buf_view(&witness), &back, &e));
	EQ_C(e.code, "NOTE-KEY");
	CHECK(!note_witness_read(w.arena, buf_view(&plain), &back, &e));
	EQ_C(e.code, "NOTE-KEY");
	/* Nor does the hash of one type carry a key that says another. */
	for (unsigned type = 0; type < 256; type++) {
		unsigned char bytes[1 + ED25519_PUBLIC] = { (unsigned char)type };

		memcpy(bytes + 1, a.public.bytes, ED25519_PUBLIC);
		buf_clear(&plain);
		buf_str(&plain, a.name);
		buf_byte(&plain, '+');
		enc_hex(&plain, a.hash, NOTE_HASH);
		buf_byte(&plain, '+');
		enc_base64(&plain, bytes, sizeof bytes);
		CHECK(note_key_read(w.arena, buf_view(&plain), &back, &e) == (type == 1));
		CHECK(!note_witness_read(w.arena, buf_view(&plain), &back, &e));
	}
	/* A plain signature under a witness's name is none. */
	OK(signer_note(w.signer, ROLE_LOG, 0, STR("text\n"), signature, &e), e);
	buf_c(&text, "text\n\n");
	note_line(&text, &b, signature);
	OK(note_read(w.arena, buf_view(&text), &note, &e), e);
	CHECK(!note_verify(&note, &b, 1, &who, &e));
	EQ_C(e.code, "NOTE-SIGNATURE");
	buf_free(&plain);
	buf_free(&witness);
	buf_free(&text);
	world_free(&w);
}
