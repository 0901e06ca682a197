/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/image.h"

#include <stdint.h>

#include <png.h>

#include "paper/deflate.h"
#include "paper/exif.h"
#include "paper/jpeg.h"
#include "paper/pixels.h"
#include "paper/segments.h"
#include "scan/png.h"

enum { DATA_MAX = 16 * 1024 * 1024 };

struct image image_empty(void)
{
	return (struct image){ .data = buf_empty(DATA_MAX) };
}

void image_free(struct image *image)
{
	buf_free(&image->data);
}

static bool is_png(struct str file)
{
	return str_starts(file, STR("\x89PNG\r\n\x1a\n"));
}

static bool size_judge(uint64_t width, uint64_t height, struct err *e)
{
	if (width <= IMAGE_SIDE_MAX && height <= IMAGE_SIDE_MAX &&
	    width * height <= IMAGE_PIXELS_MAX)
		return true;
	return err_input(e, "PHOTO-SIZE",
			 "the photo is %llu × %llu pixels; at most %d a side and %d together",
			 (unsigned long long)width, (unsigned long long)height, IMAGE_SIDE_MAX,
			 IMAGE_PIXELS_MAX);
}

static bool turned_judge(unsigned orientation, struct err *e)
{
	return orientation == 1 ||
	       err_input(e, "PHOTO-TURNED",
			 "the photo's Exif orientation is %u; turn the pixels upright and save it",
			 orientation);
}

static bool file_judge(struct str file, struct err *e)
{
	if (file.n > IMAGE_FILE_MAX)
		return err_input(e, "PHOTO-SIZE", "the photo is larger than %d bytes",
				 IMAGE_FILE_MAX);
	return is_png(file) || str_starts(file, STR("\xFF\xD8\xFF")) ||
	       err_input(e, "PHOTO-FORM", "the photo is neither JPEG nor PNG");
}

/* ---- PNG ---- */

/* Of the eXIf chunk (PNG extensions 1.5.0 §3.7), which libpng passes over. */
static unsigned png_orientation(struct str file)
{
	struct str rest = str_skip(file, PNG_SIGNATURE_SIZE);
	struct png_chunk chunk;

	while (png_chunk_next(&rest, &chunk))
		if (str_eq(chunk.type, STR("eXIf")))
			return exif_orientation(chunk.data);
	return 1;
}

static bool png_broken(const char *why, struct err *e)
{
	return err_input(e, "PHOTO-BROKEN", "the PNG cannot be read: %s", why);
}

static bool png_decode(struct str file, struct pixels *px, struct err *e)
{
	static const png_color white = { 255, 255, 255 }; /* transparent pixels become paper */
	png_image png = { .version = PNG_IMAGE_VERSION };
	bool ok = false;

	*px = (struct pixels){ 0 };
	if (!png_whole(file))
		return png_broken("it is cut off", e);
	if (!png_image_begin_read_from_memory(&png, file.p, file.n)) {
		png_broken(png.message, e);
		goto out;
	}
	if (!size_judge(png.width, png.height, e) || !turned_judge(png_orientation(file), e))
		goto out;
	if (png.format & PNG_FORMAT_FLAG_LINEAR) {
		err_input(e, "PHOTO-FORM", "the PNG has 16 bits a sample; save it with 8");
		goto out;
	}
	png.format = png.format & PNG_FORMAT_FLAG_COLOR ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
	if (!pixels_new(px, png.width, png.height, png.format == PNG_FORMAT_RGB ? 3 : 1, e))
		goto out;
	if (!png_image_finish_read(&png, &white, px->p, 0, NULL)) {
		png_broken(png.message, e);
		goto out;
	}
	ok = true;
out:
	png_image_free(&png);
	if (!ok)
		pixels_free(px);
	return ok;
}

/* ---- what the document gets ---- */

static void image_describe(struct image *out, const struct pixels *px, enum image_filter filter)
{
	out->width = px->width;
	out->height = px->height;
	out->gray = px->channels == 1;
	out->filter = filter;
}

/* As JPEG, no finer than fits well. */
static bool image_encode(const struct pixels *px, struct image *out, struct err *e)
{
	static const int qualities[] = { 90, 80, 65 };

	image_describe(out, px, IMAGE_DCT);
	for (size_t i = 0; i < COUNT_OF(qualities); i++) {
		buf_clear(&out->data);
		if (!jpeg_encode(px, qualities[i], &out->data, e))
			return false;
		if (out->data.n <= IMAGE_BYTES_GOOD)
			break;
	}
	return true;
}

static bool image_deflate(const struct pixels *px, struct image *out, struct err *e)
{
	struct deflater *deflater = deflate_new(DEFLATE_FAST);

	if (deflater == NULL)
		return err_memory(e, "a photo");
	image_describe(out, px, IMAGE_FLATE);
	deflate_put(deflater, &out->data,
		    str_bytes(px->p, (size_t)px->width * px->height * px->channels));
	deflate_free(deflater);
	return buf_ok(&out->data, "a photo", e);
}

static bool png_read(struct str file, struct image *out, struct err *e)
{
	struct pixels px;
	bool ok;

	if (!png_decode(file, &px, e))
		return false;
	pixels_shrink(&px, IMAGE_PRINT_SIDE);
	ok = image_deflate(&px, out, e);
	if (ok && out->data.n > IMAGE_BYTES_GOOD)
		ok = image_encode(&px, out, e);
	pixels_free(&px);
	return ok;
}

/* The picture alone, which is what is decoded here and what viewers will decode. */
static bool jpeg_bare(struct str file, struct segments *s, struct buf *bare, struct err *e)
{
	if (!segments_read(file, s, e) || !size_judge(s->width, s->height, e) ||
	    !turned_judge(s->orientation, e))
		return false;
	segments_strip(file, s, bare);
	return buf_ok(bare, "a photo", e);
}

static bool jpeg_read(struct str file, struct image *out, struct err *e)
{
	struct buf bare = buf_empty(DATA_MAX);
	struct pixels px = { 0 };
	struct segments s;
	bool ok = jpeg_bare(file, &s, &bare, e);

	if (ok && s.width <= IMAGE_PRINT_SIDE && s.height <= IMAGE_PRINT_SIDE &&
	    bare.n <= IMAGE_BYTES_GOOD) {
		px = (struct pixels){ s.width, s.height, s.components, NULL };
		image_describe(out, &px, IMAGE_DCT);
		buf_str(&out->data, buf_view(&bare));
		ok = buf_ok(&out->data, "a photo", e);
	} else if (ok) {
		ok = jpeg_decode(buf_view(&bare), IMAGE_PRINT_SIDE, &px, e) &&
		     image_encode(&px, out, e);
		pixels_free(&px);
	}
	buf_free(&bare);
	return ok;
}

static bool jpeg_check(struct str file, struct err *e)
{
	struct buf bare = buf_empty(DATA_MAX);
	struct pixels px = { 0 };
	struct segments s;
	bool ok = jpeg_bare(file, &s, &bare, e) && jpeg_decode(buf_view(&bare), 1, &px, e);

	pixels_free(&px);
	buf_free(&bare);
	return ok;
}

static bool png_check(struct str file, struct err *e)
{
	struct pixels px;
	bool ok = png_decode(file, &px, e);

	pixels_free(&px);
	return ok;
}

bool image_read(struct str file, struct image *out, struct err *e)
{
	buf_clear(&out->data);
	return file_judge(file, e) &&
	       (is_png(file) ? png_read(file, out, e) : jpeg_read(file, out, e));
}

bool image_check(struct str file, struct err *e)
{
	return file_judge(file, e) && (is_png(file) ? png_check(file, e) : jpeg_check(file, e));
}
