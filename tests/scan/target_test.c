/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/target.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "check.h"

static struct arena *arena(void)
{
	struct arena *a = arena_new(8 << 20);
	if (!a)
		abort();
	return a;
}

static struct str load(struct arena *a, const char *name)
{
	struct err e = { 0 };
	struct buf b = buf_empty(1 << 20);
	struct str copy = { 0 };
	OK(io_read_in("tests/scan/data", name, &b, &e), e);
	OK(arena_str(a, buf_view(&b), &copy, &e), e);
	buf_free(&b);
	return copy;
}

#define D20 "12345678901234567890"

TEST(a_word_is_a_link_digits_a_document_id_or_none)
{
	const struct {
		struct str word;
		bool is;
		enum target_kind kind;
	} cases[] = {
		{ STR(""), false, TARGET_TEXT },
		{ STR("-"), false, TARGET_TEXT },
		{ STR("certificate.pdf"), false, TARGET_TEXT },
		{ STR("/tmp/0123-4567-89AB-CDEF.pdf"), false, TARGET_TEXT },
		{ STR("20260101"), false, TARGET_TEXT },
		{ STR("https://verify.example.org/"), false, TARGET_TEXT },
		{ STR("https://verify.example.org/#8092342118"), true, TARGET_TEXT },
		{ STR("https://verify.example.org/#8092342118&from=chat"), true, TARGET_TEXT },
		{ STR(D20 D20 D20 D20 D20 D20), true, TARGET_TEXT },
		{ STR("0123-4567-89AB-CDEF"), true, TARGET_CODE },
		{ STR("0123 4567 89ab cdef"), true, TARGET_CODE },
		{ STR("0123456789ABCDEF"), true, TARGET_CODE },
		{ STR("0123-4567-89AB-CDE"), false, TARGET_TEXT },
	};
	struct arena *a = arena();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct target t = { 0 };
		if (!EQ_INT(target_of_word(a, cases[i].word, &t), cases[i].is)) {
			printf("# %.*s\n", STR_ARG(cases[i].word));
			continue;
		}
		if (!cases[i].is)
			continue;
		EQ_INT(t.kind, cases[i].kind);
		EQ_INT(t.token_count, t.kind == TARGET_TEXT);
		EQ_INT(t.docid_size, t.kind == TARGET_CODE ? 10 : 0);
	}
	arena_free(a);
}

TEST(the_tail_a_chat_program_adds_is_no_part_of_the_token)
{
	struct arena *a = arena();
	struct target t;
	CHECK(target_of_word(a, STR("https://a.example/#8092&appinstall=0"), &t));
	EQ_STR(t.tokens[0], STR("8092"));
	arena_free(a);
}

TEST(content_that_is_nothing_we_know_is_refused)
{
	const struct str cases[] = { STR(""), STR("hello"), STR("GIF89a"), STR("PK\3\4"),
				     STR("\0\0\0") };
	struct arena *a = arena();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct target t;
		struct err e = { 0 };
		CHECK(!target_of_bytes(a, cases[i], &t, &e));
		EQ_C(e.code, "TARGET-UNKNOWN");
	}
	arena_free(a);
}

TEST(content_longer_than_the_cap_is_refused_unread)
{
	struct arena *a = arena();
	struct target t;
	struct err e = { 0 };
	/* Nothing may be looked at: the slice says more than there is. */
	CHECK(!target_of_bytes(a, (struct str){ "%PDF-", (size_t)TARGET_BYTES_MAX + 1 }, &t, &e));
	EQ_C(e.code, "TARGET-TOO-LARGE");
	arena_free(a);
}

TEST(a_text_file_with_a_link_is_a_target)
{
	struct arena *a = arena();
	struct target t;
	struct err e = { 0 };
	OK(target_of_bytes(a, STR(" \nhttps://a.example/#8092\r\n"), &t, &e), e);
	EQ_INT(t.kind, TARGET_TEXT);
	EQ_STR(t.tokens[0], STR("8092"));
	OK(target_of_bytes(a, load(a, "long.link"), &t, &e), e);
	EQ_INT(t.token_count, 1);
	EQ_INT(t.tokens[0].n, 470);
	arena_free(a);
}

TEST(a_pdf_gives_its_tokens_and_revisions)
{
	struct arena *a = arena();
	struct target t;
	struct err e = { 0 };
	struct str pdf = STR("%PDF-1.7\n<hufu:token>8092</hufu:token>\n%%EOF\nadded\n%%EOF\n");
	OK(target_of_bytes(a, pdf, &t, &e), e);
	EQ_INT(t.kind, TARGET_PDF);
	EQ_INT(t.token_count, 1);
	EQ_STR(t.tokens[0], STR("8092"));
	EQ_INT(t.prefix_count, 3);
	EQ_STR(t.bytes, pdf);
	OK(target_of_bytes(a, STR("%PDF-1.7\nno code\n%%EOF"), &t, &e), e);
	EQ_INT(t.token_count, 0);
	arena_free(a);
}

TEST(a_picture_gives_its_tokens_and_counts_other_codes)
{
	const struct {
		const char *name;
		size_t tokens, others;
	} cases[] = {
		{ "plain.png", 1, 0 },   { "same-twice.png", 1, 0 },   { "two.png", 2, 0 },
		{ "foreign.png", 0, 1 }, { "with-foreign.png", 1, 1 }, { "blank.png", 0, 0 }
	};
	struct arena *a = arena();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct target t;
		struct err e = { 0 };
		if (!OK(target_of_bytes(a, load(a, cases[i].name), &t, &e), e))
			continue;
		EQ_INT(t.kind, TARGET_PICTURE);
		EQ_INT(t.token_count, cases[i].tokens);
		EQ_INT(t.other_codes, cases[i].others);
	}
	arena_free(a);
}
