/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/sidecar.h"

#include <stdio.h>

#include "check.h"

#define H1 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define H2 "//ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define NOTE "example.com/log\n5\n" H1 "\n\n\xe2\x80\x94 example.com/log AAAAAAAAAAAA\n"

static const char WITH_EXTRA[] =
	"c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 4\n" H1 "\n" H2 "\n\n" NOTE;
static const char BARE[] = "c2sp.org/tlog-proof@v1\nindex 0\n\n" NOTE;

TEST(a_proof_is_read_as_it_is_written)
{
	static const char *const texts[] = { WITH_EXTRA, BARE };
	struct arena *a = arena_new(1 << 16);
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf again = buf_empty(SIDECAR_BYTES_MAX);
		struct sidecar s;

		OK(sidecar_read(a, str_of(texts[i]), &s, &e), e);
		EQ_STR(s.checkpoint, STR(NOTE));
		EQ_INT(s.has_extra, i == 0);
		EQ_INT(s.index, i == 0 ? 4 : 0);
		EQ_INT(s.proof.count, i == 0 ? 2 : 0);
		if (i == 0) {
			EQ_STR(s.extra, STR("hello"));
			EQ_INT(s.proof.hashes[0][0], 0);
			EQ_INT(s.proof.hashes[1][0], 255);
			EQ_INT(s.proof.hashes[1][31], 31);
		}
		OK(sidecar_write(&again, &s, &e), e);
		EQ_STR(buf_view(&again), str_of(texts[i]));
		buf_free(&again);
	}
	arena_free(a);
}

TEST(texts_that_are_no_proofs_are_refused)
{
#define HEAD "c2sp.org/tlog-proof@v1\n"
	static const char *const bad[] = {
		"",
		"\n",
		HEAD,
		"c2sp.org/tlog-proof@v1",
		"c2sp.org/tlog-proof@v2\nindex 4\n\n" NOTE,
		"c2sp.org/tlog-proof@v1 \nindex 4\n\n" NOTE,
		"c2sp.org/tlog-proof@v1\r\nindex 4\n\n" NOTE,
		" c2sp.org/tlog-proof@v1\nindex 4\n\n" NOTE,
		"\n" HEAD "index 4\n\n" NOTE,
		HEAD "index 4",
		HEAD "index 4\n",
		HEAD "index 4\n\n",
		HEAD "index 4\n" H1,
		HEAD "index 4\n" H1 "\n",
		HEAD "index 4\n" H1 "\n\n",
		HEAD "\n\n" NOTE,
		HEAD NOTE,
		HEAD "index\n\n" NOTE,
		HEAD "index \n\n" NOTE,
		HEAD "index 04\n\n" NOTE,
		HEAD "index -4\n\n" NOTE,
		HEAD "index +4\n\n" NOTE,
		HEAD "index  4\n\n" NOTE,
		HEAD "index 4 \n\n" NOTE,
		HEAD "index 4.\n\n" NOTE,
		HEAD "index 4611686018427387904\n\n" NOTE,
		HEAD "index 18446744073709551616\n\n" NOTE,
		HEAD "Index 4\n\n" NOTE,
		HEAD "index 4\nindex 4\n\n" NOTE,
		HEAD "index 4\nextra aGVsbG8=\n\n" NOTE,
		HEAD "extra aGVsbG8=\nextra aGVsbG8=\nindex 4\n\n" NOTE,
		HEAD "extra \nindex 4\n\n" NOTE,
		HEAD "extra\nindex 4\n\n" NOTE,
		HEAD "extra aGVsbG8\nindex 4\n\n" NOTE,
		HEAD "extra aGVsbG9=\nindex 4\n\n" NOTE,
		HEAD "extra aGVs bG8=\nindex 4\n\n" NOTE,
		HEAD "extra aGVsbG8=",
		HEAD "extra aGVsbG8=\n",
		HEAD "index 4\nAAAA\n\n" NOTE,
		HEAD "index 4\n" H1 " \n\n" NOTE,
		HEAD "index 4\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n\n" NOTE,
		HEAD "index 4\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n\n" NOTE,
		HEAD "index 4\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISI=\n\n" NOTE,
	};
	struct arena *a = arena_new(1 << 20);
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct sidecar s;

		if (CHECK(!sidecar_read(a, str_of(bad[i]), &s, &e)))
			EQ_C(e.code, "SIDECAR-FORM");
		else
			EQ_C(bad[i], "");
	}
	arena_free(a);
#undef HEAD
}

/* index, hashes, extra: at the limit, and one past it */
TEST(limits_are_those_of_reader_and_writer)
{
	struct arena *a = arena_new(1 << 20);
	struct buf text = buf_empty(SIDECAR_BYTES_MAX), more = buf_empty(SIDECAR_BYTES_MAX);
	char extra[SIDECAR_EXTRA_MAX + 1] = { 1 };
	struct sidecar s = { .has_extra = true,
			     .extra = { extra, SIDECAR_EXTRA_MAX },
			     .index = MERKLE_SIZE_MAX - 1,
			     .proof.count = MERKLE_PROOF_MAX,
			     .checkpoint = STR(NOTE) };
	struct sidecar back;
	struct err e = { 0 };

	OK(sidecar_write(&text, &s, &e), e);
	OK(sidecar_read(a, buf_view(&text), &back, &e), e);
	EQ_INT(back.proof.count, MERKLE_PROOF_MAX);
	EQ_INT(back.extra.n, SIDECAR_EXTRA_MAX);
	EQ_INT(back.index, s.index);
	/* one hash more */
	buf_put(&more, text.p, text.n - sizeof NOTE);
	buf_c(&more, H1 "\n\n" NOTE);
	CHECK(!sidecar_read(a, buf_view(&more), &back, &e));
	EQ_C(e.code, "SIDECAR-FORM");
	s.extra.n++;
	CHECK(!sidecar_write(&text, &s, &e));
	s.extra.n = 0;
	CHECK(!sidecar_write(&text, &s, &e));
	s.has_extra = false;
	s.index++;
	CHECK(!sidecar_write(&text, &s, &e));
	s.index = 0;
	s.proof.count++;
	CHECK(!sidecar_write(&text, &s, &e));
	s.proof.count = 0;
	s.checkpoint.n = 0;
	CHECK(!sidecar_write(&text, &s, &e));
	EQ_C(e.code, "SIDECAR-FORM");
	buf_clear(&more);
	buf_c(&more, BARE);
	while (more.n < SIDECAR_BYTES_MAX - 1)
		buf_byte(&more, '\n');
	CHECK(!sidecar_read(a, buf_view(&more), &back, &e)); /* the note has its own limit */
	buf_free(&more);
	buf_free(&text);
	arena_free(a);
}

TEST(memory_that_runs_out_while_a_proof_is_read_is_an_error)
{
	struct arena *a = arena_new(512);
	struct sidecar s;
	struct err e = { 0 };

	CHECK(!sidecar_read(a, str_of(WITH_EXTRA), &s, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	arena_free(a);
}
