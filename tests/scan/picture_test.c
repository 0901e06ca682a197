/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/picture.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "check.h"

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

static struct arena *arena(void)
{
	struct arena *a = arena_new(64 << 20);
	if (!a)
		abort();
	return a;
}

TEST(cut_and_damaged_pictures_are_refused)
{
	struct arena *a = arena();
	const char *names[] = { "plain.png", "interlaced.png",  "palette.png",
				"plain.jpg", "progressive.jpg", "cmyk.jpg" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct str whole = load(a, names[i]);
		const size_t cuts[] = { 8, 20, 40, whole.n / 4, whole.n / 2, whole.n * 3 / 4 };
		for (size_t k = 0; k < COUNT_OF(cuts); k++) {
			struct picture p = { 0 };
			struct err e = { 0 };
			if (!CHECK(!picture_decode((struct str){ whole.p, cuts[k] }, &p, &e)))
				printf("# %s cut at %zu\n", names[i], cuts[k]);
			EQ_INT(e.kind, ERR_INPUT);
			EQ_C(e.code, "PICTURE-BROKEN");
			CHECK(p.gray == NULL);
			picture_free(&p);
		}
	}
	arena_free(a);
}

TEST(any_byte_changed_gives_a_picture_or_an_error_never_a_crash)
{
	struct arena *a = arena();
	const char *names[] = { "plain.png", "palette.png", "plain.jpg", "progressive.jpg" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct str whole = load(a, names[i]);
		unsigned char *copy = malloc(whole.n);
		size_t step = whole.n / 300 + 1;
		for (size_t at = 0; copy && at < whole.n; at += step) {
			memcpy(copy, whole.p, whole.n);
			copy[at] ^= (unsigned char)(1u << at % 8);
			struct picture p = { 0 };
			struct err e = { 0 };
			if (!picture_decode(str_bytes(copy, whole.n), &p, &e))
				CHECK(e.kind == ERR_INPUT && p.gray == NULL);
			picture_free(&p);
		}
		free(copy);
	}
	arena_free(a);
}

/* A PNG head that promises width × height pixels (chunk CRC left to the caller's table). */
static struct str png_head(char room[80], uint32_t width, uint32_t height, uint32_t crc)
{
	struct buf b = buf_empty(80);
	buf_put(&b, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
	for (int i = 3; i >= 0; i--)
		buf_byte(&b, (unsigned char)(width >> 8 * i));
	for (int i = 3; i >= 0; i--)
		buf_byte(&b, (unsigned char)(height >> 8 * i));
	buf_put(&b, "\x01\0\0\0\0", 5);
	for (int i = 3; i >= 0; i--)
		buf_byte(&b, (unsigned char)(crc >> 8 * i));
	/* libpng reads on to the first IDAT before it answers. */
	buf_put(&b, "\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82", 24);
	memcpy(room, b.p, b.n);
	struct str s = { room, b.n };
	buf_free(&b);
	return s;
}

/* The CRC-32 of PNG §D, so that the heads above are well-formed. */
static uint32_t crc_of(const char *p, size_t n)
{
	uint32_t crc = 0xffffffffu;
	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)p[i];
		for (int k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
	}
	return ~crc;
}

TEST(a_head_that_promises_too_many_pixels_is_refused_before_they_are_allocated)
{
	const uint32_t sizes[][2] = {
		{ 50000, 50000 }, { 20001, 1 }, { 1, 20001 }, { 10000, 5001 }, { 20000, 20000 },
	};
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		char room[80];
		struct str s = png_head(room, sizes[i][0], sizes[i][1], 0);
		s = png_head(room, sizes[i][0], sizes[i][1], crc_of(room + 12, 17));
		struct picture p = { 0 };
		struct err e = { 0 };
		CHECK(!picture_decode(s, &p, &e));
		EQ_C(e.code, "PICTURE-TOO-LARGE");
	}
	/* The same promise by a JPEG: its frame header says 65,500 × 65,500. */
	struct arena *a = arena();
	struct str whole = load(a, "plain.jpg");
	char *copy = malloc(whole.n);
	if (!CHECK(copy != NULL))
		return;
	memcpy(copy, whole.p, whole.n);
	size_t at = str_find(whole, STR("\xff\xc0"), 0);
	if (CHECK(at != SIZE_MAX)) {
		memset(copy + at + 5, 0xff, 4);
		copy[at + 6] = copy[at + 8] = (char)0xdc;
		struct picture p = { 0 };
		struct err e = { 0 };
		CHECK(!picture_decode((struct str){ copy, whole.n }, &p, &e));
		EQ_C(e.code, "PICTURE-TOO-LARGE");
	}
	free(copy);
	arena_free(a);
}

TEST(what_is_no_picture_is_refused)
{
	const struct str cases[] = {
		STR(""),         STR("\x89PNG"),      STR("GIF89a"),
		STR("%PDF-1.7"), STR("\xff\xd8\xff"), STR("\x89PNG\r\n\x1a\n"),
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct picture p = { 0 };
		struct err e = { 0 };
		CHECK(!picture_decode(cases[i], &p, &e));
		EQ_C(e.code, "PICTURE-BROKEN");
	}
	EQ_INT(picture_sniff(STR("\x89PNG\r\n\x1a\n")), PICTURE_PNG);
	EQ_INT(picture_sniff(STR("\xff\xd8\xff\xe0")), PICTURE_JPEG);
	EQ_INT(picture_sniff(STR("\xff\xd8")), PICTURE_NONE);
}

TEST(every_kind_of_picture_gives_its_codes)
{
	const struct {
		const char *picture, *link[2];
		size_t count;
	} cases[] = {
		{ "blank.png", { NULL, NULL }, 0 },
		{ "plain.png", { "zh.link", NULL }, 1 },
		{ "interlaced.png", { "zh.link", NULL }, 1 },
		{ "rgb16.png", { "zh.link", NULL }, 1 },
		{ "palette.png", { "zh.link", NULL }, 1 },
		{ "transparent.png", { "zh.link", NULL }, 1 },
		{ "plain.jpg", { "zh.link", NULL }, 1 },
		{ "progressive.jpg", { "zh.link", NULL }, 1 },
		{ "colour.jpg", { "zh.link", NULL }, 1 },
		{ "cmyk.jpg", { "zh.link", NULL }, 1 },
		{ "one-pixel-modules.png", { "zh.link", NULL }, 1 },
		{ "noisy.jpg", { "zh.link", NULL }, 1 },
		{ "photo.jpg", { "en.link", NULL }, 1 },
		{ "same-twice.png", { "zh.link", NULL }, 1 },
		{ "two.png", { "zh.link", "long.link" }, 2 },
		{ "with-foreign.png", { "zh.link", NULL }, 2 },
	};
	struct arena *a = arena();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str *texts;
		size_t count = 99;
		struct err e = { 0 };
		if (!OK(picture_codes(a, load(a, cases[i].picture), &texts, &count, &e), e))
			continue;
		if (!EQ_INT(count, cases[i].count))
			printf("# %s\n", cases[i].picture);
		for (size_t k = 0; k < 2 && cases[i].link[k]; k++) {
			struct str link = load(a, cases[i].link[k]);
			bool there = false;
			for (size_t t = 0; t < count; t++)
				there = there || str_eq(texts[t], link);
			if (!CHECK(there))
				printf("# %s\n", cases[i].picture);
		}
	}
	arena_free(a);
}

TEST(black_is_zero_and_white_is_255_whatever_the_kind)
{
	const char *names[] = { "plain.png", "rgb16.png",  "palette.png", "transparent.png",
				"plain.jpg", "colour.jpg", "cmyk.jpg",    "progressive.jpg" };
	struct arena *a = arena();
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct picture p = { 0 };
		struct err e = { 0 };
		if (!OK(picture_decode(load(a, names[i]), &p, &e), e))
			continue;
		EQ_INT(p.width, 122);
		EQ_INT(p.height, 122);
		bool same = p.gray[0] > 250;             /* quiet zone */
		same = same && p.gray[9 * 122 + 9] < 60; /* finder */
		if (!CHECK(same))
			printf("# %s %d %d\n", names[i], p.gray[0], p.gray[9 * 122 + 9]);
		picture_free(&p);
		CHECK(p.gray == NULL);
	}
	arena_free(a);
}

TEST(running_out_of_memory_is_an_error_not_a_crash)
{
	struct arena *a = arena();
	const char *names[] = { "one-pixel-modules.png", "cmyk.jpg" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct str bytes = load(a, names[i]);
		bool done = false;
		for (size_t nth = 1; nth < 50 && !done; nth++) {
			struct arena *small = arena();
			struct str *texts;
			size_t count = 0;
			struct err e = { 0 };
			check_fail_alloc(nth);
			bool ok = picture_codes(small, bytes, &texts, &count, &e);
			done = check_alloc_count() < nth;
			check_fail_alloc(0);
			CHECK(done ? ok && count == 1 : !ok && e.kind == ERR_SYSTEM);
			arena_free(small);
		}
		CHECK(done);
	}
	arena_free(a);
}
