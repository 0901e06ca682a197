/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/image.h"

#include <stdlib.h>

#include <png.h>
#include <zlib.h>

#include "base/io.h"
#include "check.h"
#include "paper/exif.h"
#include "paper/jpeg.h"

enum { WIDTH = 40, HEIGHT = 56, FILE_MAX = IMAGE_FILE_MAX + 4096 };

static struct buf file_of(const char *name)
{
	struct buf bytes = buf_empty(FILE_MAX);
	struct err e = { 0 };

	OK(io_read_in("tests/paper/data", name, &bytes, &e), e);
	return bytes;
}

/* The file both calls were asked about; they must agree.  Returns the code, "" when it is a photo. */
static const char *answer(struct str file, struct image *image)
{
	static char code[sizeof((struct err *)0)->code];
	struct err check = { 0 }, read = { 0 };
	bool ok = image_check(file, &check);

	CHECK(image_read(file, image, &read) || !ok);
	CHECK(ok || check.kind == ERR_INPUT);
	memcpy(code, check.code, sizeof code);
	return ok ? "" : code;
}

TEST(what_cannot_be_a_printed_photo_is_refused_by_name)
{
	static const struct {
		const char *file, *code;
	} cases[] = {
		{ "bomb.png", "PHOTO-SIZE" },     { "wide.png", "PHOTO-SIZE" },
		{ "cmyk.jpg", "PHOTO-FORM" },     { "rgb16.png", "PHOTO-FORM" },
		{ "README.md", "PHOTO-FORM" },    { "turned.jpg", "PHOTO-TURNED" },
		{ "turned.png", "PHOTO-TURNED" },
	};
	struct image image = image_empty();

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf file = file_of(cases[i].file);

		EQ_C(answer(buf_view(&file), &image), cases[i].code);
		buf_free(&file);
	}
	EQ_C(answer(STR(""), &image), "PHOTO-FORM");
	EQ_C(answer(STR("\xFF\xD8\xFF"), &image), "PHOTO-BROKEN");
	EQ_C(answer(STR("\x89PNG\r\n\x1a\n"), &image), "PHOTO-BROKEN");
	image_free(&image);
}

TEST(kinds_of_jpeg_that_viewers_do_not_share_are_refused)
{
	static const struct {
		int offset; /* from the frame's marker byte */
		unsigned char value;
		const char *code;
	} cases[] = {
		{ 0, 0xC3, "PHOTO-FORM" },   /* lossless */
		{ 0, 0xC5, "PHOTO-FORM" },   /* hierarchical */
		{ 0, 0xC9, "PHOTO-FORM" },   /* arithmetic */
		{ 0, 0xDC, "PHOTO-FORM" },   /* DNL */
		{ 3, 12, "PHOTO-FORM" },     /* bits */
		{ 8, 2, "PHOTO-FORM" },      /* colours */
		{ 4, 0xFF, "PHOTO-SIZE" },   /* height × 256 */
		{ 6, 0xFF, "PHOTO-SIZE" },   /* width */
		{ 2, 0x12, "PHOTO-BROKEN" }, /* length of the frame */
	};
	struct image image = image_empty();
	struct buf file = file_of("tagged.jpg");
	size_t frame = str_find(buf_view(&file), STR("\xFF\xC0"), 0) + 1;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *at = file.p + frame + cases[i].offset, was = *at;

		*at = (char)cases[i].value;
		EQ_C(answer(buf_view(&file), &image), cases[i].code);
		*at = was;
	}
	EQ_C(answer(buf_view(&file), &image), "");
	buf_free(&file);
	image_free(&image);
}

TEST(a_file_cut_anywhere_is_refused_or_whole)
{
	static const char *const files[] = { "tagged.jpg", "progressive.jpg", "interlaced.png",
					     "palette.png" };
	struct image image = image_empty(), whole = image_empty();
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct buf file = file_of(files[i]);
		size_t passed = 0;

		OK(image_read(buf_view(&file), &whole, &e), e);
		for (size_t n = 0; n < file.n; n++) {
			/* In a block of its own, for the sanitizer. */
			char *exact = malloc(n > 0 ? n : 1);

			if (exact == NULL)
				abort();
			memcpy(exact, file.p, n);
			if (answer((struct str){ exact, n }, &image)[0] == '\0') {
				passed++;
				EQ_STR(buf_view(&image.data), buf_view(&whole.data));
			}
			free(exact);
		}
		/* A PNG lives without its last chunk and checksum, a JPEG without nothing. */
		CHECK(passed <= (str_ends(str_of(files[i]), STR("png")) ? 16u : 0u));
		buf_free(&file);
	}
	image_free(&image);
	image_free(&whole);
}

TEST(no_flipped_bit_is_more_than_a_refusal)
{
	static const char *const files[] = { "tagged.jpg", "progressive.jpg", "rgb.jpg",
					     "alpha.png", "palette.png" };
	struct image image = image_empty();
	size_t refused = 0;

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct buf file = file_of(files[i]);

		for (size_t at = 0; at < file.n; at++) {
			file.p[at] ^= (char)(1 << at % 8);
			refused += answer(buf_view(&file), &image)[0] != '\0';
			file.p[at] ^= (char)(1 << at % 8);
		}
		buf_free(&file);
	}
	CHECK(refused > 1000);
	image_free(&image);
}

static bool holds(const struct image *image, const char *words)
{
	return str_find(buf_view(&image->data), str_of(words), 0) != SIZE_MAX;
}

TEST(nothing_but_the_picture_reaches_the_document)
{
	static const char *const secrets[] = { "Exif",         "SecretCam",   "taken at home",
					       "ICC_PROFILE",  "JFIF",        "acsp",
					       "SecretAuthor", "SecretPlace", "SENTRY" };
	static const char *const files[] = { "tagged.jpg", "tagged.png" };

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct image image = image_empty();
		struct buf file = file_of(files[i]);
		struct err e = { 0 };

		buf_c(&file, "SENTRY");
		EQ_C(answer(buf_view(&file), &image), "");
		CHECK(i == 1 || str_find(buf_view(&file), STR("SecretCam"), 0) != SIZE_MAX);
		for (size_t k = 0; k < COUNT_OF(secrets); k++)
			CHECK(!holds(&image, secrets[k]));
		EQ_INT(image.width, WIDTH);
		EQ_INT(image.height, HEIGHT);
		if (i == 0) {
			struct image again = image_empty();

			CHECK(holds(&image, "Adobe"));
			OK(image_read(buf_view(&image.data), &again, &e), e);
			EQ_STR(buf_view(&again.data), buf_view(&image.data));
			image_free(&again);
		}
		buf_free(&file);
		image_free(&image);
	}
}

TEST(a_file_of_almost_nothing_but_exif_gives_the_same_picture)
{
	struct image image = image_empty(), plain = image_empty();
	struct buf file = file_of("tagged.jpg"), fat = buf_empty(FILE_MAX);

	buf_put(&fat, file.p, 2);
	for (int i = 0; i < 63; i++) {
		buf_c(&fat, "\xFF\xE1\xFF\xFF");
		for (int k = 0; k < 65533; k++)
			buf_byte(&fat, 'x');
	}
	buf_str(&fat, str_skip(buf_view(&file), 2));
	CHECK(!fat.failed && fat.n < IMAGE_FILE_MAX);
	EQ_C(answer(buf_view(&fat), &image), "");
	EQ_C(answer(buf_view(&file), &plain), "");
	EQ_STR(buf_view(&image.data), buf_view(&plain.data));
	while (fat.n <= IMAGE_FILE_MAX)
		buf_byte(&fat, 0);
	EQ_C(answer(buf_view(&fat), &image), "PHOTO-SIZE");
	buf_free(&file);
	buf_free(&fat);
	image_free(&image);
	image_free(&plain);
}

/* Pixels of what the document holds, decoded by zlib or libjpeg. */
static bool seen(const struct image *image, struct pixels *px)
{
	struct err e = { 0 };
	uLongf n;

	if (image->filter == IMAGE_DCT)
		return OK(jpeg_decode(buf_view(&image->data), IMAGE_SIDE_MAX, px, &e), e);
	if (!OK(pixels_new(px, image->width, image->height, image->gray ? 1 : 3, &e), e))
		return false;
	n = (uLongf)px->width * px->height * px->channels;
	return CHECK(uncompress(px->p, &n, (const Bytef *)image->data.p, (uLong)image->data.n) ==
		     Z_OK) &&
	       CHECK(n == (uLongf)px->width * px->height * px->channels);
}

static bool near(const unsigned char *p, unsigned r, unsigned g, unsigned b)
{
	int off = abs(p[0] - (int)r) + abs(p[1] - (int)g) + abs(p[2] - (int)b);

	return off < 90;
}

TEST(colours_arrive_as_they_were)
{
	static const struct {
		const char *file;
		bool gray, dct;
	} cases[] = {
		{ "tagged.jpg", false, true },   { "progressive.jpg", false, true },
		{ "rgb.jpg", false, true },      { "restarts.jpg", false, true },
		{ "gray.jpg", true, true },      { "tagged.png", false, false },
		{ "palette.png", false, false }, { "interlaced.png", false, false },
		{ "gray.png", true, false },     { "bilevel.png", true, false },
		{ "alpha.png", false, false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct image image = image_empty();
		struct buf file = file_of(cases[i].file);
		struct pixels px = { 0 };

		EQ_C(answer(buf_view(&file), &image), "");
		EQ_INT(image.gray, cases[i].gray);
		EQ_INT(image.filter, cases[i].dct ? IMAGE_DCT : IMAGE_FLATE);
		if (seen(&image, &px) && !cases[i].gray) {
			bool alpha = strcmp(cases[i].file, "alpha.png") == 0;
			const unsigned char *right = px.p + (2 * WIDTH + WIDTH - 3) * 3;

			EQ_INT(px.width, WIDTH);
			check_that(near(px.p + (2 * WIDTH + 2) * 3, 255, 0, 0), __FILE__, __LINE__,
				   cases[i].file);
			check_that(alpha ? near(right, 255, 255, 255) : near(right, 0, 0, 255),
				   __FILE__, __LINE__, cases[i].file);
		}
		pixels_free(&px);
		buf_free(&file);
		image_free(&image);
	}
}

/* A picture with noise in it, red above, so that it compresses badly. */
static struct pixels noise(unsigned width, unsigned height)
{
	struct pixels px;
	struct err e = { 0 };
	unsigned state = 1;

	if (!OK(pixels_new(&px, width, height, 3, &e), e))
		abort();
	for (size_t i = 0; i < (size_t)width * height * 3; i++) {
		state = state * 1664525u + 1013904223u;
		px.p[i] = (unsigned char)((i % 3 == 0 && i / 3 / width < height / 2 ? 190 : 40) +
					  (state >> 28) * 4);
	}
	return px;
}

static void judge_large(struct str file, unsigned width, unsigned height)
{
	struct image image = image_empty(), again = image_empty();
	struct pixels px = { 0 };

	EQ_C(answer(file, &image), "");
	EQ_C(answer(file, &again), "");
	EQ_STR(buf_view(&again.data), buf_view(&image.data));
	EQ_INT(image.width, width);
	EQ_INT(image.height, height);
	EQ_INT(image.filter, IMAGE_DCT);
	CHECK(image.data.n <= 2 * IMAGE_BYTES_GOOD);
	if (seen(&image, &px)) {
		CHECK(near(px.p, 220, 70, 70));
		CHECK(near(px.p + ((size_t)px.height - 1) * px.width * 3, 70, 70, 70));
	}
	pixels_free(&px);
	image_free(&image);
	image_free(&again);
}

TEST(a_photo_finer_than_print_is_scaled_down)
{
	struct pixels px = noise(1300, 1000);
	struct buf jpeg = buf_empty(32 << 20);
	png_image png = { .version = PNG_IMAGE_VERSION,
			  .width = px.width,
			  .height = px.height,
			  .format = PNG_FORMAT_RGB };
	png_alloc_size_t n = 0;
	struct err e = { 0 };
	void *file;

	OK(jpeg_encode(&px, 60, &jpeg, &e), e);
	judge_large(buf_view(&jpeg), 1138, 875); /* 7/8 */
	CHECK(png_image_write_to_memory(&png, NULL, &n, 0, px.p, 0, NULL));
	file = malloc(n);
	if (CHECK(file != NULL && n < IMAGE_FILE_MAX) &&
	    CHECK(png_image_write_to_memory(&png, file, &n, 0, px.p, 0, NULL)))
		judge_large(str_bytes(file, n), 650, 500); /* 1/2 */
	free(file);
	png_image_free(&png);
	buf_free(&jpeg);
	pixels_free(&px);
}

TEST(shrinking_takes_the_mean_and_keeps_thin_strips)
{
	struct pixels px;
	struct err e = { 0 };

	if (!OK(pixels_new(&px, 5, 4, 1, &e), e))
		return;
	for (unsigned i = 0; i < 20; i++)
		px.p[i] = (unsigned char)(i * 10);
	pixels_shrink(&px, 5);
	EQ_INT(px.width, 5);
	pixels_shrink(&px, 3);
	EQ_INT(px.width, 2);
	EQ_INT(px.height, 2);
	EQ_INT(px.p[0], 30);  /* 0, 10, 50, 60 */
	EQ_INT(px.p[3], 150); /* 120, 130, 170, 180 */
	pixels_free(&px);
	if (!OK(pixels_new(&px, 5, 1, 1, &e), e))
		return;
	pixels_shrink(&px, 2);
	EQ_INT(px.width, 5);
	pixels_free(&px);
}

TEST(exif_is_read_within_its_bytes)
{
	const struct {
		struct str tiff;
		unsigned want;
	} cases[] = {
		{ { NULL, 0 }, 1 },
		{ STR("MM\0*"), 1 },
		{ STR("MM\0*\xFF\xFF\xFF\xFF"), 1 },
		{ STR("MM\0*\0\0\0\x07"), 1 },
		{ STR("MM\0*\0\0\0\x08\xFF\xFF"), 1 },
		{ STR("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06"), 1 },
		{ STR("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"), 6 },
		{ STR("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0"), 8 },
		{ STR("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0"), 1 },
		{ STR("XX*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0"), 1 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EQ_INT(exif_orientation(cases[i].tiff), cases[i].want);
}

TEST(every_allocation_for_a_photo_may_fail)
{
	static const char *const files[] = { "tagged.jpg", "alpha.png" };

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct buf file = file_of(files[i]);
		struct image image = image_empty();
		struct err e = { 0 };
		size_t seen_count;

		check_fail_alloc(SIZE_MAX);
		OK(image_check(buf_view(&file), &e) && image_read(buf_view(&file), &image, &e), e);
		seen_count = check_alloc_count();
		for (size_t n = 1; n <= seen_count; n++) {
			bool ok;

			image_free(&image);
			check_fail_alloc(n);
			ok = image_check(buf_view(&file), &e) &&
			     image_read(buf_view(&file), &image, &e);
			check_fail_alloc(SIZE_MAX);
			CHECK(!ok && e.kind == ERR_SYSTEM);
		}
		image_free(&image);
		buf_free(&file);
	}
}
