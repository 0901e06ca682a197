/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/jpeg.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

enum {
	SCANS_MAX =
		32, /* of a progressive file; each costs a pass over the picture, programs write 10 */
	EIGHTHS = 8,
	HEAD_ROOM = 64 * 1024 /* headers and tables of a file we write */
};

/* More than the coefficients of the largest picture allowed: a file that asks for more is none of those. */
static const long MEMORY_MAX = 256L * 1024 * 1024;

/* Everything a run of libjpeg needs, so that no local of a function that calls setjmp changes after it. */
struct run {
	struct jpeg_error_mgr errors;
	jmp_buf away;
	struct err *e;
};

struct decoder {
	struct jpeg_decompress_struct codec;
	struct jpeg_progress_mgr progress;
	struct run run;
	struct str file;
	unsigned eighths; /* of its size, 1 to 8 */
	struct pixels *out;
};

struct encoder {
	struct jpeg_compress_struct codec;
	struct jpeg_destination_mgr sink;
	struct run run;
	const struct pixels *px;
	int quality;
	unsigned char *room;
	size_t cap, n;
};

static void leave(j_common_ptr codec)
{
	struct run *run = codec->client_data;
	char words[JMSG_LENGTH_MAX];

	codec->err->format_message(codec, words);
	err_input(run->e, "PHOTO-BROKEN", "the JPEG cannot be read: %s", words);
	longjmp(run->away, 1);
}

/* libjpeg paints over damage and goes on; for us a damaged photo is refused. */
static void warned(j_common_ptr codec, int level)
{
	if (level >= 0)
		return;
	switch (codec->err->msg_code) {
	case JWRN_HIT_MARKER:
	case JWRN_HUFF_BAD_CODE:
	case JWRN_JPEG_EOF:
	case JWRN_MUST_RESYNC:
	case JWRN_BOGUS_PROGRESSION:
	case JWRN_NOT_SEQUENTIAL:
		leave(codec);
	}
}

static void run_start(struct run *run, struct jpeg_error_mgr **errors, struct err *e)
{
	run->e = e;
	*errors = jpeg_std_error(&run->errors);
	run->errors.error_exit = leave;
	run->errors.emit_message = warned;
}

static void scans_watch(j_common_ptr codec)
{
	struct run *run = codec->client_data;

	if (((j_decompress_ptr)codec)->input_scan_number <= SCANS_MAX)
		return;
	err_input(run->e, "PHOTO-FORM", "the JPEG has more than %d scans; save it again",
		  SCANS_MAX);
	longjmp(run->away, 1);
}

/* Those that call setjmp allocate nothing of ours: what longjmp leaves behind is libjpeg's own. */
static bool header_read(struct decoder *d)
{
	if (setjmp(d->run.away))
		return false;
	jpeg_create_decompress(&d->codec);
	d->codec.client_data = &d->run;
	d->codec.progress = &d->progress;
	d->codec.mem->max_memory_to_use = MEMORY_MAX;
	jpeg_mem_src(&d->codec, (const unsigned char *)d->file.p, d->file.n);
	jpeg_read_header(&d->codec, TRUE);
	return true;
}

static bool rows_read(struct decoder *d)
{
	if (setjmp(d->run.away))
		return false;
	d->codec.out_color_space = d->out->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
	d->codec.scale_num = d->eighths;
	d->codec.scale_denom = EIGHTHS;
	jpeg_start_decompress(&d->codec);
	if (d->codec.output_width != d->out->width || d->codec.output_height != d->out->height ||
	    (unsigned)d->codec.output_components != d->out->channels)
		return err_system(d->run.e, "libjpeg counts pixels otherwise");
	while (d->codec.output_scanline < d->codec.output_height) {
		unsigned char *row = d->out->p + (size_t)d->codec.output_scanline * d->out->width *
							 d->out->channels;

		jpeg_read_scanlines(&d->codec, &row, 1);
	}
	jpeg_finish_decompress(&d->codec);
	return true;
}

static unsigned scaled(unsigned side, unsigned eighths)
{
	return (unsigned)(((uint64_t)side * eighths + EIGHTHS - 1) / EIGHTHS);
}

bool jpeg_decode(struct str file, unsigned side, struct pixels *out, struct err *e)
{
	struct decoder d = { .file = file, .eighths = EIGHTHS, .out = out };
	unsigned width, height;
	bool ok;

	*out = (struct pixels){ 0 };
	run_start(&d.run, &d.codec.err, e);
	d.codec.client_data = &d.run;
	d.progress.progress_monitor = scans_watch;
	ok = header_read(&d);
	if (ok) {
		width = d.codec.image_width;
		height = d.codec.image_height;
		while (d.eighths > 1 &&
		       (scaled(width, d.eighths) > side || scaled(height, d.eighths) > side))
			d.eighths--;
		ok = pixels_new(out, scaled(width, d.eighths), scaled(height, d.eighths),
				d.codec.num_components == 1 ? 1 : 3, e) &&
		     rows_read(&d);
	}
	jpeg_destroy_decompress(&d.codec);
	if (!ok)
		pixels_free(out);
	return ok;
}

/* ---- writing ---- */

static void sink_start(j_compress_ptr codec)
{
	struct encoder *c = (struct encoder *)codec; /* its first member */

	c->sink.next_output_byte = c->room;
	c->sink.free_in_buffer = c->cap;
}

static boolean sink_full(j_compress_ptr codec)
{
	ERREXIT(codec, JERR_BUFFER_SIZE);
	return FALSE;
}

static void sink_end(j_compress_ptr codec)
{
	struct encoder *c = (struct encoder *)codec;

	c->n = c->cap - c->sink.free_in_buffer;
}

static bool rows_write(struct encoder *c)
{
	if (setjmp(c->run.away))
		return false;
	jpeg_create_compress(&c->codec);
	c->codec.client_data = &c->run;
	c->codec.dest = &c->sink;
	c->codec.image_width = c->px->width;
	c->codec.image_height = c->px->height;
	c->codec.input_components = (int)c->px->channels;
	c->codec.in_color_space = c->px->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
	jpeg_set_defaults(&c->codec);
	jpeg_set_quality(&c->codec, c->quality, TRUE);
	c->codec.optimize_coding = TRUE;
	c->codec.write_JFIF_header = FALSE;
	c->codec.write_Adobe_marker = c->px->channels == 3;
	/* Faces and hair at 1,200 pixels: colours keep their full resolution. */
	c->codec.comp_info[0].h_samp_factor = c->codec.comp_info[0].v_samp_factor = 1;
	jpeg_start_compress(&c->codec, TRUE);
	while (c->codec.next_scanline < c->codec.image_height) {
		unsigned char *row =
			c->px->p + (size_t)c->codec.next_scanline * c->px->width * c->px->channels;

		jpeg_write_scanlines(&c->codec, &row, 1);
	}
	jpeg_finish_compress(&c->codec);
	return true;
}

bool jpeg_encode(const struct pixels *px, int quality, struct buf *out, struct err *e)
{
	struct encoder c = {
		.px = px,
		.quality = quality,
		.cap = (size_t)px->width * px->height * px->channels * 2 + HEAD_ROOM,
	};
	bool ok;

	c.room = (unsigned char *)buf_room(out, c.cap);
	if (c.room == NULL)
		return err_memory(e, "a JPEG");
	run_start(&c.run, &c.codec.err, e);
	c.codec.client_data = &c.run;
	c.sink.init_destination = sink_start;
	c.sink.empty_output_buffer = sink_full;
	c.sink.term_destination = sink_end;
	ok = rows_write(&c);
	jpeg_destroy_compress(&c.codec);
	if (ok)
		out->n += c.n;
	return ok;
}
