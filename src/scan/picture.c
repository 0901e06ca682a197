/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/picture.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>
#include <png.h>
#include <zbar.h>

#include "scan/png.h"

enum {
	SCANS_MAX = 64,       /* of a progressive JPEG; each costs a pass over the whole picture */
	DOUBLE_MAX = 4000000, /* pixels; a larger picture has room enough for its modules */
	HALF_MIN = 64,        /* pixels a side; below it nothing could be left */
	TEXT_MAX = 4096 /* bytes of one code; a version 40 symbol holds 7,089 digits, ours 964 */
};

enum picture_kind picture_sniff(struct str bytes)
{
	if (str_starts(bytes, STR("\x89PNG\r\n\x1a\n")))
		return PICTURE_PNG;
	if (str_starts(bytes, STR("\xff\xd8\xff")))
		return PICTURE_JPEG;
	return PICTURE_NONE;
}

void picture_free(struct picture *p)
{
	free(p->gray);
	*p = (struct picture){ 0 };
}

/* Room for width × height pixels, when the limits allow it. */
static bool size_picture(struct picture *p, uint64_t width, uint64_t height, struct err *e)
{
	if (width == 0 || height == 0)
		return err_input(e, "PICTURE-BROKEN", "the picture has no pixels");
	if (width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX ||
	    width * height > PICTURE_PIXELS_MAX)
		return err_input(
			e, "PICTURE-TOO-LARGE",
			"the picture is %llu × %llu pixels; at most %d a side and %d together",
			(unsigned long long)width, (unsigned long long)height, PICTURE_SIDE_MAX,
			PICTURE_PIXELS_MAX);
	p->gray = calloc((size_t)height, (size_t)width);
	if (!p->gray)
		return err_memory(e, "a picture");
	p->width = (unsigned)width;
	p->height = (unsigned)height;
	return true;
}

static bool decode_png(struct str bytes, struct picture *p, struct err *e)
{
	bool ok = false;
	png_image image = { .version = PNG_IMAGE_VERSION };
	/* Transparent pixels become what paper is. */
	png_color white = { 255, 255, 255 };

	if (!png_whole(bytes))
		return err_input(e, "PICTURE-BROKEN", "not a readable PNG: it is cut off");
	if (!png_image_begin_read_from_memory(&image, bytes.p, bytes.n)) {
		err_input(e, "PICTURE-BROKEN", "not a readable PNG: %s", image.message);
		goto out;
	}
	if (!size_picture(p, image.width, image.height, e))
		goto out;
	image.format = PNG_FORMAT_GRAY;
	if (!png_image_finish_read(&image, &white, p->gray, 0, NULL)) {
		err_input(e, "PICTURE-BROKEN", "not a readable PNG: %s", image.message);
		goto out;
	}
	ok = true;
out:
	png_image_free(&image);
	return ok;
}

/* Everything a JPEG needs, so that no local of the function that calls setjmp changes after it. */
struct jpeg {
	struct jpeg_decompress_struct codec;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf away;
	struct str bytes;
	struct picture *picture;
	unsigned char *ink; /* one CMYK row */
	struct err *e;
};

static void jpeg_leave(j_common_ptr codec)
{
	struct jpeg *j = codec->client_data;
	char words[JMSG_LENGTH_MAX];
	codec->err->format_message(codec, words);
	err_input(j->e, "PICTURE-BROKEN", "not a readable JPEG: %s", words);
	longjmp(j->away, 1);
}

/* libjpeg fills damage with grey and goes on; for us a damaged picture is refused. */
static void jpeg_warn(j_common_ptr codec, int level)
{
	if (level >= 0)
		return;
	switch (codec->err->msg_code) {
	case JWRN_HIT_MARKER:
	case JWRN_HUFF_BAD_CODE:
	case JWRN_ARITH_BAD_CODE:
	case JWRN_JPEG_EOF:
	case JWRN_MUST_RESYNC:
		jpeg_leave(codec);
	}
}

static void jpeg_watch(j_common_ptr codec)
{
	struct jpeg *j = codec->client_data;
	if (j->codec.input_scan_number > SCANS_MAX) {
		err_input(j->e, "PICTURE-TOO-LARGE", "the JPEG has more than %d scans", SCANS_MAX);
		longjmp(j->away, 1);
	}
}

/* Adobe writes CMYK inverted (255 = no ink); others do not. */
static void gray_of_cmyk(const struct jpeg *j, unsigned char *gray)
{
	for (unsigned x = 0; x < j->picture->width; x++) {
		unsigned c[4] = { 0 };
		for (unsigned i = 0; i < 4; i++)
			c[i] = j->codec.saw_Adobe_marker ? j->ink[x * 4 + i]
							 : 255u - j->ink[x * 4 + i];
		gray[x] = (unsigned char)((c[0] * 30 + c[1] * 59 + c[2] * 11) / 100 * c[3] / 255);
	}
}

/* Both run libjpeg under setjmp and allocate nothing of ours there: what longjmp leaves behind is libjpeg's own. */
static bool jpeg_header(struct jpeg *j)
{
	if (setjmp(j->away))
		return false;
	jpeg_create_decompress(&j->codec);
	j->codec.client_data = j;
	j->codec.progress = &j->progress;
	jpeg_mem_src(&j->codec, (const unsigned char *)j->bytes.p, j->bytes.n);
	jpeg_read_header(&j->codec, TRUE);
	return true;
}

static bool jpeg_pixels(struct jpeg *j)
{
	if (setjmp(j->away))
		return false;
	j->codec.out_color_space = j->ink ? JCS_CMYK : JCS_GRAYSCALE;
	jpeg_start_decompress(&j->codec);
	while (j->codec.output_scanline < j->codec.output_height) {
		unsigned char *gray =
			j->picture->gray + (size_t)j->codec.output_scanline * j->picture->width;
		unsigned char *row = j->ink ? j->ink : gray;
		jpeg_read_scanlines(&j->codec, &row, 1);
		if (j->ink)
			gray_of_cmyk(j, gray);
	}
	jpeg_finish_decompress(&j->codec);
	return true;
}

static bool decode_jpeg(struct str bytes, struct picture *p, struct err *e)
{
	struct jpeg j = { .bytes = bytes, .picture = p, .e = e };
	j.codec.err = jpeg_std_error(&j.errors);
	j.codec.client_data = &j;
	j.errors.error_exit = jpeg_leave;
	j.errors.emit_message = jpeg_warn;
	j.progress.progress_monitor = jpeg_watch;
	bool ok = jpeg_header(&j) && size_picture(p, j.codec.image_width, j.codec.image_height, e);
	if (ok && j.codec.num_components == 4) {
		j.ink = malloc((size_t)p->width * 4);
		ok = j.ink || err_memory(e, "a picture");
	}
	ok = ok && jpeg_pixels(&j);
	jpeg_destroy_decompress(&j.codec);
	free(j.ink);
	return ok;
}

bool picture_decode(struct str bytes, struct picture *out, struct err *e)
{
	struct picture p = { 0 };
	bool ok = false;
	switch (picture_sniff(bytes)) {
	case PICTURE_PNG:
		ok = decode_png(bytes, &p, e);
		break;
	case PICTURE_JPEG:
		ok = decode_jpeg(bytes, &p, e);
		break;
	case PICTURE_NONE:
		err_input(e, "PICTURE-BROKEN", "neither PNG nor JPEG");
		break;
	}
	if (ok)
		*out = p;
	else
		picture_free(&p);
	return ok;
}

/* Each pixel the mean of four. */
static bool halve(const struct picture *p, struct picture *out, struct err *e)
{
	if (!size_picture(out, p->width / 2, p->height / 2, e))
		return false;
	for (size_t y = 0; y < out->height; y++) {
		const unsigned char *a = p->gray + y * 2 * p->width, *b = a + p->width;
		for (size_t x = 0; x < out->width; x++)
			out->gray[y * out->width + x] =
				(unsigned char)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] +
						 2) /
						4);
	}
	return true;
}

/*
 * Weights of four neighbouring pixels a quarter of a pixel right of the second (Catmull-Rom, 128 together).  Against
 * doubled pixels or straight interpolation it reads codes of 1.4 pixels a module instead of 2.
 */
static const int quarter[4] = { -9, 111, 29, -3 };

/* The four source pixels of doubled pixel `i` along a side of n pixels, edges repeated; `quarter` weighs them. */
static void neighbours(unsigned i, unsigned n, size_t at[4])
{
	for (int k = 0; k < 4; k++) {
		long long from = (long long)(i / 2) + (i & 1 ? k - 1 : 1 - k);
		at[k] = from < 0 ? 0 : from >= n ? n - 1 : (size_t)from;
	}
}

static bool enlarge(const struct picture *p, struct picture *out, struct err *e)
{
	if (!size_picture(out, (uint64_t)p->width * 2, (uint64_t)p->height * 2, e))
		return false;
	int *mix = malloc(p->width * sizeof *mix);
	if (!mix)
		return err_memory(e, "a picture");
	for (unsigned y = 0; y < out->height; y++) {
		size_t at[4];
		neighbours(y, p->height, at);
		for (size_t x = 0; x < p->width; x++) {
			mix[x] = 0;
			for (int k = 0; k < 4; k++)
				mix[x] += p->gray[at[k] * p->width + x] * quarter[k];
		}
		for (unsigned x = 0; x < out->width; x++) {
			neighbours(x, p->width, at);
			int sum = 128 * 128 / 2;
			for (int k = 0; k < 4; k++)
				sum += mix[at[k]] * quarter[k];
			sum /= 128 * 128;
			out->gray[(size_t)y * out->width + x] = (unsigned char)(sum < 0     ? 0
										: sum > 255 ? 255
											    : sum);
		}
	}
	free(mix);
	return true;
}

/* What is gathered from one picture at all its sizes. */
struct codes {
	struct arena *a;
	struct str *texts;
	size_t count;
};

static bool keep_text(struct codes *c, struct str text, struct err *e)
{
	if (text.n == 0 || text.n > TEXT_MAX || c->count == PICTURE_CODES_MAX)
		return true;
	for (size_t i = 0; i < c->count; i++)
		if (str_eq(c->texts[i], text))
			return true;
	if (!arena_str(c->a, text, &c->texts[c->count], e))
		return false;
	c->count++;
	return true;
}

static bool scan(const struct picture *p, struct codes *c, struct err *e)
{
	bool ok = false;
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	if (!scanner || !image) {
		err_memory(e, "the code reader");
		goto out;
	}
	/* By itself the library tells everyone on the system bus what it has read. */
	zbar_image_scanner_request_dbus(scanner, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, p->width, p->height);
	zbar_image_set_data(image, p->gray, (unsigned long)p->width * p->height, NULL);
	if (zbar_scan_image(scanner, image) < 0) {
		err_system(e, "the code reader failed");
		goto out;
	}
	ok = true;
	for (const zbar_symbol_t *s = zbar_image_first_symbol(image); ok && s;
	     s = zbar_symbol_next(s))
		if (zbar_symbol_get_type(s) == ZBAR_QRCODE)
			ok = keep_text(
				c,
				str_bytes(zbar_symbol_get_data(s), zbar_symbol_get_data_length(s)),
				e);
out:
	if (image)
		zbar_image_destroy(image);
	if (scanner)
		zbar_image_scanner_destroy(scanner);
	return ok;
}

/* Try the picture at another size. */
static bool scan_resized(const struct picture *p,
			 bool (*resize)(const struct picture *, struct picture *, struct err *),
			 struct codes *c, struct err *e)
{
	struct picture other = { 0 };
	bool ok = resize(p, &other, e) && scan(&other, c, e);
	picture_free(&other);
	return ok;
}

bool picture_codes(struct arena *a, struct str bytes, struct str **texts, size_t *count,
		   struct err *e)
{
	struct picture p = { 0 };
	if (!picture_decode(bytes, &p, e))
		return false;
	struct codes c = { .a = a };
	c.texts = arena_array(a, PICTURE_CODES_MAX, sizeof *c.texts, e);
	bool ok = c.texts && scan(&p, &c, e);
	if (ok && c.count == 0 && p.width >= HALF_MIN && p.height >= HALF_MIN)
		ok = scan_resized(&p, halve, &c, e);
	if (ok && c.count == 0 && (uint64_t)p.width * p.height <= DOUBLE_MAX)
		ok = scan_resized(&p, enlarge, &c, e);
	picture_free(&p);
	if (ok) {
		*texts = c.texts;
		*count = c.count;
	}
	return ok;
}
