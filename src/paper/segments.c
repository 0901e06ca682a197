/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/segments.h"

#include "paper/exif.h"

/* The second byte of a marker, T.81 Table B.1. */
enum marker {
	SOF0 = 0xC0, /* baseline */
	SOF2 = 0xC2, /* progressive; SOF1 between them is extended sequential */
	DHT = 0xC4,
	JPG = 0xC8,
	DAC = 0xCC,
	SOF15 = 0xCF,
	RST0 = 0xD0,
	RST7 = 0xD7,
	SOI = 0xD8,
	EOI = 0xD9,
	SOS = 0xDA,
	DQT = 0xDB,
	DNL = 0xDC,
	DRI = 0xDD,
	DHP = 0xDE,
	EXP = 0xDF,
	APP0 = 0xE0,
	APP1 = 0xE1,
	APP14 = 0xEE
};

enum {
	FRAME_HEAD = 6, /* precision, height, width, number of components */
	FRAME_COMPONENT = 3,
	ADOBE_TRANSFORM = 11, /* where APP14 tells the colours */
	ADOBE_SIZE = 12
};

struct segment {
	unsigned marker;
	struct str body; /* without its length */
	struct str scan; /* entropy-coded data behind SOS */
};

static unsigned byte_at(struct str s, size_t i)
{
	return (unsigned char)s.p[i];
}

static unsigned short_at(struct str s, size_t i)
{
	return byte_at(s, i) << 8 | byte_at(s, i + 1);
}

/* How far the entropy-coded data at the start of s goes: to a marker that is neither a stuffed FF nor a restart. */
static size_t scan_length(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		unsigned next = byte_at(s, i + 1);

		if (byte_at(s, i) == 0xFF && next != 0 && (next < RST0 || next > RST7))
			return i;
	}
	return s.n;
}

/* Cut the next segment off *rest.  False when there is none that is whole. */
static bool segment_next(struct str *rest, struct segment *out)
{
	size_t length;

	*out = (struct segment){ .marker = 0 };
	if (rest->n < 2 || byte_at(*rest, 0) != 0xFF)
		return false;
	while (rest->n > 1 && byte_at(*rest, 1) == 0xFF) /* fill bytes */
		*rest = str_skip(*rest, 1);
	if (rest->n < 2)
		return false;
	out->marker = byte_at(*rest, 1);
	*rest = str_skip(*rest, 2);
	if (out->marker == EOI)
		return true;
	if (out->marker < SOF0 || (out->marker >= RST0 && out->marker <= SOI) || rest->n < 2)
		return false;
	length = short_at(*rest, 0);
	if (length < 2 || length > rest->n)
		return false;
	out->body = (struct str){ rest->p + 2, length - 2 };
	*rest = str_skip(*rest, length);
	if (out->marker == SOS) {
		out->scan = (struct str){ rest->p, scan_length(*rest) };
		*rest = str_skip(*rest, out->scan.n);
	}
	return true;
}

static bool broken(struct err *e)
{
	return err_input(e, "PHOTO-BROKEN", "the JPEG is damaged or cut off");
}

/* What segments_read has seen so far. */
struct reading {
	struct segments *out;
	bool frame, scan, jfif, adobe;
	unsigned transform; /* of the Adobe segment: 0 RGB, 1 YCbCr */
	unsigned ids[3];
};

static bool frame_read(struct reading *r, struct str body, struct err *e)
{
	unsigned components;

	if (r->frame || body.n < FRAME_HEAD)
		return broken(e);
	components = byte_at(body, 5);
	if (byte_at(body, 0) != 8)
		return err_input(e, "PHOTO-FORM", "the JPEG has %u bits a sample; save it with 8",
				 byte_at(body, 0));
	if (components != 1 && components != 3)
		return err_input(e, "PHOTO-FORM",
				 "the JPEG has %u colours (CMYK has 4); save it as RGB or gray",
				 components);
	if (body.n != FRAME_HEAD + components * FRAME_COMPONENT)
		return broken(e);
	r->frame = true;
	r->out->height = short_at(body, 1);
	r->out->width = short_at(body, 3);
	r->out->components = components;
	for (size_t i = 0; i < components; i++)
		r->ids[i] = byte_at(body, FRAME_HEAD + i * FRAME_COMPONENT);
	return (r->out->width > 0 && r->out->height > 0) ||
	       err_input(e, "PHOTO-FORM", "the JPEG does not say how large it is; save it again");
}

static void application_read(struct reading *r, const struct segment *s)
{
	if (s->marker == APP0 && str_starts(s->body, STR("JFIF\0"))) {
		r->jfif = true;
	} else if (s->marker == APP14 && s->body.n >= ADOBE_SIZE &&
		   str_starts(s->body, STR("Adobe"))) {
		r->adobe = true;
		r->transform = byte_at(s->body, ADOBE_TRANSFORM);
	} else if (s->marker == APP1 && str_starts(s->body, STR("Exif\0\0")) &&
		   r->out->orientation == 1) {
		r->out->orientation = exif_orientation(str_skip(s->body, 6));
	}
}

static bool segment_read(struct reading *r, const struct segment *s, struct err *e)
{
	if (s->marker == DHT || s->marker == DQT || s->marker == DRI)
		return true;
	if (s->marker >= SOF0 && s->marker <= SOF2)
		return frame_read(r, s->body, e);
	if (s->marker <= SOF15 || s->marker == DNL || s->marker == DHP || s->marker == EXP)
		return err_input(
			e, "PHOTO-FORM",
			"a kind of JPEG that few programs show; save it as an ordinary one");
	if (s->marker == SOS) {
		r->scan = true;
		return r->frame || broken(e);
	}
	application_read(r, s);
	return true;
}

/* As libjpeg decides it: JFIF says YCbCr, Adobe says which, else the names of the components tell. */
static bool is_rgb(const struct reading *r)
{
	if (r->out->components != 3 || r->jfif)
		return false;
	if (r->adobe)
		return r->transform == 0;
	return r->ids[0] == 'R' && r->ids[1] == 'G' && r->ids[2] == 'B';
}

bool segments_read(struct str file, struct segments *out, struct err *e)
{
	struct reading r = { .out = out };
	struct str rest = str_skip(file, 2);
	struct segment s;

	*out = (struct segments){ .orientation = 1 };
	if (!str_starts(file, STR("\xFF\xD8")))
		return broken(e);
	for (;;) {
		if (!segment_next(&rest, &s))
			return broken(e);
		if (s.marker == EOI)
			break;
		if (!segment_read(&r, &s, e))
			return false;
	}
	if (!r.scan)
		return broken(e);
	out->rgb = is_rgb(&r);
	return true;
}

static bool kept(unsigned marker)
{
	return (marker >= SOF0 && marker <= SOF2) || marker == DHT || marker == DQT ||
	       marker == DRI || marker == SOS;
}

void segments_strip(struct str file, const struct segments *s, struct buf *out)
{
	struct str rest = str_skip(file, 2);
	struct segment next;

	buf_str(out, STR("\xFF\xD8"));
	if (s->components == 3) {
		buf_str(out, STR("\xFF\xEE\0\x0E"
				 "Adobe\0\x64\0\0\0\0"));
		buf_byte(out, s->rgb ? 0 : 1);
	}
	while (segment_next(&rest, &next) && next.marker != EOI) {
		if (!kept(next.marker))
			continue;
		buf_byte(out, 0xFF);
		buf_byte(out, (unsigned char)next.marker);
		buf_byte(out, (unsigned char)((next.body.n + 2) >> 8));
		buf_byte(out, (unsigned char)(next.body.n + 2));
		buf_str(out, next.body);
		buf_str(out, next.scan);
	}
	buf_str(out, STR("\xFF\xD9"));
}
