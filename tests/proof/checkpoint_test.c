/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/checkpoint.h"

#include "base/enc.h"
#include "fixture.h"
#include "proof/merkle.h"

enum { WITNESSES = 3 };

static const int64_t TIMES[WITNESSES] = { 1795140000, 1795140060, 1795139000 };

/* A log, three witnesses, and a checkpoint of both. */
struct notary {
	struct world w;
	struct signer *signers[WITNESSES];
	struct note_key keys[WITNESSES];
	struct checkpoint tree;
	struct buf body, bare,
		text; /* what is signed; with the log's signature; and the witnesses' */
};

static struct signer *witness_signer(unsigned n, struct ed25519_public *public)
{
	struct ring_seed seed = world_seed(ROLE_WITNESS, 0, 100 + n);
	struct signer *signer = NULL;
	struct err e = { 0 };

	world_must(ring_of_seeds(&seed, 1, &signer, &e), &e);
	world_must(signer_public(signer, ROLE_WITNESS, 0, public, &e), &e);
	return signer;
}

static void notary_open(struct notary *n)
{
	static const char *const names[] = { "w1.example.net", "w2.example.net/x", "w3" };
	struct err e = { 0 };

	*n = (struct notary){ .w = world_new(),
			      .body = buf_empty(CHECKPOINT_BODY_MAX),
			      .bare = buf_empty(CHECKPOINT_BYTES_MAX),
			      .text = buf_empty(CHECKPOINT_BYTES_MAX) };
	n->tree = (struct checkpoint){ .origin = n->w.policy.log.name, .size = 400000 };
	sha256_of(STR("a root"), n->tree.root);
	world_must(checkpoint_body(&n->body, &n->tree, &e), &e);
	world_must(checkpoint_write(&n->bare, &n->tree, &n->w.policy.log, n->w.signer, &e), &e);
	buf_str(&n->text, buf_view(&n->bare));
	for (unsigned i = 0; i < WITNESSES; i++) {
		struct ed25519_public public;

		n->signers[i] = witness_signer(i, &public);
		world_must(checkpoint_witness_key(str_of(names[i]), &public, &n->keys[i], &e), &e);
		world_must(checkpoint_cosign(&n->text, buf_view(&n->body), TIMES[i], &n->keys[i],
					     n->signers[i], &e),
			   &e);
	}
}

static void notary_close(struct notary *n)
{
	for (unsigned i = 0; i < WITNESSES; i++)
		signer_free(n->signers[i]);
	buf_free(&n->body);
	buf_free(&n->bare);
	buf_free(&n->text);
	world_free(&n->w);
}

static bool read(struct notary *n, struct str text, struct checkpoint *out,
		 struct checkpoint_witnesses *who, struct err *e)
{
	return checkpoint_read(n->w.arena, text, &n->w.policy.log, n->keys, WITNESSES, out, who, e);
}

TEST(a_checkpoint_is_read_as_it_was_signed_and_cosigned)
{
	struct notary n;
	struct checkpoint c;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	notary_open(&n);
	EQ_STR(buf_view(&n.body), STR("verify.example.org/log\n400000\n"
				      "ULMS9cvHFnWfViDXOnzBFBVwc0n0Gwzgt897eAfsMdo=\n"));
	OK(read(&n, buf_view(&n.text), &c, &who, &e), e);
	EQ_STR(c.origin, n.tree.origin);
	EQ_INT(c.size, n.tree.size);
	EQ_BYTES(c.root, n.tree.root, 32);
	EQ_INT(who.who, 7);
	EQ_INT(who.count, 3);
	EQ_INT(who.newest, 1795140060);
	OK(read(&n, buf_view(&n.bare), &c, &who, &e), e);
	EQ_INT(who.who, 0);
	EQ_INT(who.count, 0);
	EQ_INT(who.newest, 0);
	notary_close(&n);
}

/* A flipped bit either makes the note false, or takes one signature out of those that are known. */
TEST(a_checkpoint_with_one_bit_flipped_says_nothing_more_than_before)
{
	struct notary n;
	char *bytes;
	struct err e = { 0 };

	notary_open(&n);
	bytes = arena_alloc(n.w.arena, n.text.n, &e);
	world_must(bytes != NULL, &e);
	for (size_t bit = 0; bit < 8 * n.text.n; bit++) {
		struct checkpoint c;
		struct checkpoint_witnesses who = { 0 };
		struct arena *a = arena_new(1 << 16);

		memcpy(bytes, n.text.p, n.text.n);
		bytes[bit / 8] ^= (char)(1u << bit % 8);
		if (!checkpoint_read(a, str_bytes(bytes, n.text.n), &n.w.policy.log, n.keys,
				     WITNESSES, &c, &who, &e)) {
			CHECK(e.kind == ERR_INPUT &&
			      str_starts(str_of(e.code), STR("CHECKPOINT-")));
		} else if (!CHECK(bit / 8 >= n.bare.n && who.count == WITNESSES - 1 &&
				  c.size == n.tree.size && memcmp(c.root, n.tree.root, 32) == 0)) {
			EQ_INT(bit, -1);
		}
		arena_free(a);
	}
	notary_close(&n);
}

TEST(bodies_that_are_not_three_strict_lines_are_refused)
{
#define ROOT "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	static const char *const bad[] = {
		"",
		"\n",
		"\n\n\n",
		"example.com/log\n",
		"example.com/log\n5\n",
		"example.com/log\n5\n" ROOT,
		"example.com/log\n5\n" ROOT "\n\n",
		"example.com/log\n5\n" ROOT "\nextension\n",
		"\n5\n" ROOT "\n",
		"example.com log\n5\n" ROOT "\n",
		"example.com+log\n5\n" ROOT "\n",
		"ex\xc3\xa4mple.com\n5\n" ROOT "\n",
		"example.com/log\n\n" ROOT "\n",
		"example.com/log\n05\n" ROOT "\n",
		"example.com/log\n+5\n" ROOT "\n",
		"example.com/log\n-5\n" ROOT "\n",
		"example.com/log\n5 \n" ROOT "\n",
		"example.com/log\n0x5\n" ROOT "\n",
		"example.com/log\n5.0\n" ROOT "\n",
		"example.com/log\n4611686018427387905\n" ROOT "\n",
		"example.com/log\n18446744073709551616\n" ROOT "\n",
		"example.com/log\n18446744073709551621\n" ROOT "\n",
		"example.com/log\n5\n\n",
		"example.com/log\n5\nAAAA\n",
		"example.com/log\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
		"example.com/log\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n",
		"example.com/log\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISI=\n",
		"example.com/log\n5\n " ROOT "\n",
		"example.com/log\n0\n" ROOT "\n", /* the empty tree has one root */
	};
	struct checkpoint c;
	struct buf again = buf_empty(CHECKPOINT_BODY_MAX);
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (CHECK(!checkpoint_read_body(str_of(bad[i]), &c, &e)))
			EQ_C(e.code, "CHECKPOINT-FORM");
		else
			EQ_C(bad[i], "");
	OK(checkpoint_read_body(STR("example.com/log\n4611686018427387904\n" ROOT "\n"), &c, &e),
	   e);
	EQ_INT(c.size, INT64_C(1) << 62);
	OK(checkpoint_body(&again, &c, &e), e);
	EQ_STR(buf_view(&again), STR("example.com/log\n4611686018427387904\n" ROOT "\n"));
	OK(checkpoint_read_body(STR("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"), &c,
				&e),
	   e);
	EQ_INT(c.size, 0);
	buf_free(&again);
#undef ROOT
}

/* A note of this body, signed by the log's key under the log's name. */
static struct str signed_as(struct notary *n, struct str body)
{
	struct buf text = buf_empty(CHECKPOINT_BYTES_MAX);
	unsigned char signature[ED25519_SIGNATURE];
	struct str out;
	struct err e = { 0 };

	world_must(signer_note(n->w.signer, ROLE_LOG, 0, body, signature, &e), &e);
	buf_str(&text, body);
	buf_byte(&text, '\n');
	note_line(&text, &n->w.policy.log, signature);
	world_must(arena_str(n->w.arena, buf_view(&text), &out, &e), &e);
	buf_free(&text);
	return out;
}

TEST(what_the_log_signed_that_is_no_checkpoint_of_it_is_refused)
{
	static const char *const bodies[] = {
		"verify.example.org/log2\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
		"verify.example.org/log\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nmore\n",
		"verify.example.org/log\n05\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
		"any text\n",
	};
	struct notary n;
	struct checkpoint c;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	notary_open(&n);
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		CHECK(!read(&n, signed_as(&n, str_of(bodies[i])), &c, &who, &e));
		EQ_C(e.code, "CHECKPOINT-FORM");
	}
	notary_close(&n);
}

TEST(a_checkpoint_without_the_logs_signature_is_refused)
{
	struct notary n;
	struct buf text = buf_empty(CHECKPOINT_BYTES_MAX);
	struct note_key other;
	struct checkpoint c;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	notary_open(&n);
	/* only the witnesses' */
	buf_str(&text, buf_view(&n.body));
	buf_byte(&text, '\n');
	buf_str(&text, str_skip(buf_view(&n.text), n.bare.n));
	CHECK(!read(&n, buf_view(&text), &c, &who, &e));
	EQ_C(e.code, "CHECKPOINT-SIGNATURE");
	/* another log's key under the same name */
	OK(note_key_make(n.w.policy.log.name, &n.keys[0].public, &other, &e), e);
	CHECK(!checkpoint_read(n.w.arena, buf_view(&n.text), &other, n.keys, WITNESSES, &c, &who,
			       &e));
	EQ_C(e.code, "CHECKPOINT-SIGNATURE");
	/* no signature at all; nothing */
	CHECK(!read(&n, buf_view(&n.body), &c, &who, &e));
	EQ_C(e.code, "CHECKPOINT-FORM");
	CHECK(!read(&n, STR(""), &c, &who, &e));
	EQ_C(e.code, "CHECKPOINT-FORM");
	buf_free(&text);
	notary_close(&n);
}

/* The line of witness `key` over another text or in another shape. */
static void refused_line(struct notary *n, const unsigned char *bytes, size_t size)
{
	struct buf text = buf_empty(CHECKPOINT_BYTES_MAX);
	unsigned char whole[200];
	struct checkpoint c;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	memcpy(whole, n->keys[0].hash, NOTE_HASH);
	memcpy(whole + NOTE_HASH, bytes, size);
	buf_str(&text, buf_view(&n->bare));
	buf_printf(&text, "\xe2\x80\x94 %.*s ", STR_ARG(n->keys[0].name));
	enc_base64(&text, whole, NOTE_HASH + size);
	buf_byte(&text, '\n');
	CHECK(!read(n, buf_view(&text), &c, &who, &e));
	EQ_C(e.code, "CHECKPOINT-SIGNATURE");
	/* To who does not know the witness, the line is nothing. */
	OK(checkpoint_read(n->w.arena, buf_view(&text), &n->w.policy.log, n->keys + 1, 2, &c, &who,
			   &e),
	   e);
	EQ_INT(who.count, 0);
	buf_free(&text);
}

static void sign_text(struct notary *n, const char *head, struct str body, unsigned char *out)
{
	struct buf text = buf_empty(1024);
	struct err e = { 0 };

	buf_c(&text, head);
	buf_str(&text, body);
	world_must(signer_note(n->signers[0], ROLE_WITNESS, 0, buf_view(&text), out, &e), &e);
	buf_free(&text);
}

TEST(cosignatures_over_anything_else_are_refused)
{
	static const struct {
		const char *head;
		uint64_t time;
	} cases[] = {
		{ "", 5 },
		{ "cosignature/v1\n", 5 },
		{ "cosignature/v1\ntime 6\n", 5 },
		{ "cosignature/v1\ntime 05\n", 5 },
		{ "cosignature/v2\ntime 5\n", 5 },
		{ "cosignature/v1\ntime 9223372036854775808\n", UINT64_C(1) << 63 },
		{ "cosignature/v1\ntime 18446744073709551615\n", UINT64_MAX },
	};
	unsigned char bytes[8 + ED25519_SIGNATURE + 1] = { 0 };
	struct notary n;

	notary_open(&n);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		u64_be(cases[i].time, bytes);
		sign_text(&n, cases[i].head, buf_view(&n.body), bytes + 8);
		refused_line(&n, bytes, 8 + ED25519_SIGNATURE);
	}
	u64_be(5, bytes);
	sign_text(&n, "cosignature/v1\ntime 5\n", STR("verify.example.org/log\n399999\nx\n"),
		  bytes + 8);
	refused_line(&n, bytes, 8 + ED25519_SIGNATURE);
	/* right, but longer, shorter, without its time */
	sign_text(&n, "cosignature/v1\ntime 5\n", buf_view(&n.body), bytes + 8);
	refused_line(&n, bytes, 8 + ED25519_SIGNATURE + 1);
	refused_line(&n, bytes, 8 + ED25519_SIGNATURE - 1);
	refused_line(&n, bytes + 8, ED25519_SIGNATURE);
	refused_line(&n, bytes, 8);
	notary_close(&n);
}

TEST(one_witness_counts_once_however_often_it_signed_and_by_whatever_name)
{
	struct notary n;
	struct note_key keys[4];
	struct checkpoint c;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	notary_open(&n);
	OK(checkpoint_cosign(&n.text, buf_view(&n.body), TIMES[0] + 900, &n.keys[0], n.signers[0],
			     &e),
	   e);
	OK(read(&n, buf_view(&n.text), &c, &who, &e), e);
	EQ_INT(who.count, 3);
	EQ_INT(who.newest, TIMES[0] + 900);
	/* the first witness's key under a second name: what it signs does not name it */
	keys[0] = n.keys[0];
	OK(checkpoint_witness_key(STR("sock.puppet"), &n.keys[0].public, &keys[1], &e), e);
	OK(checkpoint_cosign(&n.text, buf_view(&n.body), TIMES[0], &keys[1], n.signers[0], &e), e);
	/* and the log's own key as a witness */
	OK(checkpoint_witness_key(STR("log.as.witness"), &n.w.policy.log.public, &keys[2], &e), e);
	keys[3] = n.keys[2];
	OK(checkpoint_read(n.w.arena, buf_view(&n.text), &n.w.policy.log, keys, 4, &c, &who, &e),
	   e);
	EQ_INT(who.who, 1 | 8);
	EQ_INT(who.count, 2);
	notary_close(&n);
}

TEST(the_logs_own_cosignature_is_no_witness)
{
	const struct ring_seed seed = world_seed(ROLE_WITNESS, 0, SEED_LOG);
	struct signer *signer = NULL;
	struct notary n;
	struct note_key key;
	struct checkpoint c;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	notary_open(&n);
	OK(ring_of_seeds(&seed, 1, &signer, &e), e);
	OK(checkpoint_witness_key(STR("w"), &n.w.policy.log.public, &key, &e), e);
	OK(checkpoint_cosign(&n.bare, buf_view(&n.body), 5, &key, signer, &e), e);
	OK(checkpoint_read(n.w.arena, buf_view(&n.bare), &n.w.policy.log, &key, 1, &c, &who, &e),
	   e);
	EQ_INT(who.count, 0);
	signer_free(signer);
	notary_close(&n);
}

TEST(a_key_of_the_wrong_type_verifies_nothing)
{
	struct notary n;
	struct note_key wrong;
	struct buf text = buf_empty(CHECKPOINT_BYTES_MAX);
	struct checkpoint c;
	struct checkpoint_witnesses who;
	unsigned char signature[ED25519_SIGNATURE], cosignature[8 + ED25519_SIGNATURE];
	struct err e = { 0 };

	notary_open(&n);
	/* a plain signature of the body counts for no witness, whatever key it is asked about */
	OK(note_key_make(n.keys[0].name, &n.keys[0].public, &wrong, &e), e);
	OK(signer_note(n.signers[0], ROLE_WITNESS, 0, buf_view(&n.body), signature, &e), e);
	buf_str(&text, buf_view(&n.bare));
	note_line(&text, &wrong, signature);
	OK(read(&n, buf_view(&text), &c, &who, &e), e);
	EQ_INT(who.count, 0);
	CHECK(!checkpoint_read(n.w.arena, buf_view(&text), &n.w.policy.log, &wrong, 1, &c, &who,
			       &e));
	EQ_C(e.code, "CHECKPOINT-SIGNATURE");
	/* and a cosignature for no key that is not a witness's */
	u64_be(5, cosignature);
	sign_text(&n, "cosignature/v1\ntime 5\n", buf_view(&n.body), cosignature + 8);
	buf_clear(&text);
	buf_str(&text, buf_view(&n.bare));
	note_cosignature_line(&text, &wrong, 5, cosignature + 8);
	CHECK(!checkpoint_read(n.w.arena, buf_view(&text), &n.w.policy.log, &wrong, 1, &c, &who,
			       &e));
	EQ_C(e.code, "CHECKPOINT-SIGNATURE");
	buf_free(&text);
	notary_close(&n);
}

TEST(thirty_two_witnesses_are_counted_and_more_not_asked_about)
{
	enum { MANY = 32 };
	struct notary n;
	struct note_key keys[MANY];
	struct checkpoint c;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	notary_open(&n);
	for (unsigned i = 0; i < MANY; i++) {
		struct ed25519_public public;
		struct signer *signer = witness_signer(i + 10, &public);
		struct str name;

		OK(arena_printf(n.w.arena, &name, &e, "w%u.example", i), e);
		OK(checkpoint_witness_key(name, &public, &keys[i], &e), e);
		OK(checkpoint_cosign(&n.bare, buf_view(&n.body), i, &keys[i], signer, &e), e);
		signer_free(signer);
	}
	OK(checkpoint_read(n.w.arena, buf_view(&n.bare), &n.w.policy.log, keys, MANY, &c, &who, &e),
	   e);
	EQ_INT(who.who, UINT32_MAX);
	EQ_INT(who.count, MANY);
	EQ_INT(who.newest, MANY - 1);
	CHECK(!checkpoint_read(n.w.arena, buf_view(&n.bare), &n.w.policy.log, keys, MANY + 1, &c,
			       &who, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	notary_close(&n);
}

TEST(nobody_signs_with_another_key_or_what_is_no_checkpoint)
{
	struct notary n;
	struct buf out = buf_empty(CHECKPOINT_BYTES_MAX);
	struct checkpoint other;
	struct note_key log;
	struct err e = { 0 };

	notary_open(&n);
	other = n.tree;
	other.origin = STR("verify.example.org/log2");
	CHECK(!checkpoint_write(&out, &other, &n.w.policy.log, n.w.signer, &e));
	EQ_C(e.code, "CHECKPOINT-FORM");
	other = n.tree;
	other.size = MERKLE_SIZE_MAX + 1;
	CHECK(!checkpoint_write(&out, &other, &n.w.policy.log, n.w.signer, &e));
	other.size = 0;
	CHECK(!checkpoint_write(&out, &other, &n.w.policy.log, n.w.signer, &e));
	OK(note_key_make(n.tree.origin, &n.keys[0].public, &log, &e), e);
	CHECK(!checkpoint_write(&out, &n.tree, &log, n.w.signer, &e));
	EQ_C(e.code, "NO-KEY");
	CHECK(!checkpoint_cosign(&out, buf_view(&n.body), 5, &n.keys[1], n.signers[0], &e));
	EQ_C(e.code, "NO-KEY");
	CHECK(!checkpoint_cosign(&out, STR("some text\n"), 5, &n.keys[0], n.signers[0], &e));
	EQ_C(e.code, "CHECKPOINT-FORM");
	CHECK(!checkpoint_cosign(&out, buf_view(&n.body), -1, &n.keys[0], n.signers[0], &e));
	CHECK(!checkpoint_cosign(&out, buf_view(&n.body), 5, &n.w.policy.log, n.signers[0], &e));
	EQ_INT(out.n, 0);
	notary_close(&n);
}

TEST(a_checkpoint_too_long_is_refused)
{
	struct notary n;
	struct buf text = buf_empty(CHECKPOINT_BYTES_MAX + 1000);
	struct checkpoint c;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	notary_open(&n);
	buf_str(&text, buf_view(&n.bare));
	while (text.n <= CHECKPOINT_BYTES_MAX) {
		buf_c(&text, "\xe2\x80\x94 stranger ");
		for (int i = 0; i < 1000; i++)
			buf_c(&text, "AAAA");
		buf_byte(&text, '\n');
		if (text.n <= CHECKPOINT_BYTES_MAX)
			OK(read(&n, buf_view(&text), &c, &who, &e), e);
	}
	CHECK(!read(&n, buf_view(&text), &c, &who, &e));
	EQ_C(e.code, "CHECKPOINT-FORM");
	buf_free(&text);
	notary_close(&n);
}

TEST(memory_that_runs_out_while_a_checkpoint_is_read_is_an_error)
{
	struct notary n;
	struct checkpoint c;
	struct checkpoint_witnesses who;
	struct err e = { 0 };
	size_t count;

	notary_open(&n);
	check_fail_alloc(SIZE_MAX);
	OK(read(&n, buf_view(&n.text), &c, &who, &e), e);
	count = check_alloc_count();
	CHECK(count >= WITNESSES);
	for (size_t nth = 1; nth <= count; nth++) {
		check_fail_alloc(nth);
		CHECK(!read(&n, buf_view(&n.text), &c, &who, &e));
		check_fail_alloc(0);
		EQ_INT(e.kind, ERR_SYSTEM);
	}
	notary_close(&n);
}
