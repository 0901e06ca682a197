/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/qr.h"

#include <qrencode.h>

#include "qr/codewords.h"
#include "qr/matrix.h"

enum {
	MODE_BITS = 4,     /* mode indicator; ISO/IEC 18004 table 2 */
	BASE_MAX = 256,    /* bytes; `hufu init` refuses a base over 48 long before */
	DIGITS_MAX = 4096, /* more than any version up to QR_VERSION_MAX holds */
	LONG_COUNT_FROM =
		10 /* version from which count indicators take their second length, table 3 */
};

static size_t bits_needed(int version, size_t base_size, size_t digit_count)
{
	size_t byte_count_bits = version < LONG_COUNT_FROM ? 8 : 16;
	size_t digit_count_bits = version < LONG_COUNT_FROM ? 10 : 12;
	static const size_t rest[3] = { 0, 4, 7 };
	return MODE_BITS + byte_count_bits + base_size * 8 + MODE_BITS + digit_count_bits +
	       digit_count / 3 * 10 + rest[digit_count % 3];
}

int qr_version_for(size_t base_size, size_t digit_count)
{
	if (base_size > BASE_MAX || digit_count > DIGITS_MAX)
		return 0;
	for (int version = 1; version <= QR_VERSION_MAX; version++) {
		if (bits_needed(version, base_size, digit_count) <= codewords_data(version) * 8)
			return version;
	}
	return 0;
}

static bool check_segments(struct str base, struct str digits, struct err *e)
{
	if (base.n == 0 || digits.n == 0)
		return err_input(e, "QR-EMPTY", "a code needs a base address and digits");
	for (size_t i = 0; i < base.n; i++)
		if (base.p[i] < 0x21 || base.p[i] > 0x7e)
			return err_input(
				e, "QR-BASE",
				"byte %zu of the code's base address is not printable ASCII", i);
	for (size_t i = 0; i < digits.n; i++)
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return err_input(e, "QR-DIGITS",
					 "byte %zu of the code's number is no digit", i);
	return true;
}

bool qr_make(struct qr_symbol *out, struct str base, struct str digits, int version_max,
	     struct err *e)
{
	unsigned char codewords[CODEWORDS_MAX];
	if (!check_segments(base, digits, e))
		return false;
	int version = qr_version_for(base.n, digits.n);
	if (version == 0 || version > version_max)
		return err_input(e, "QR-TOO-LARGE",
				 "%zu bytes and %zu digits do not fit a code of version %d", base.n,
				 digits.n, version_max);
	matrix_fill(out, version, codewords, codewords_of(version, base, digits, codewords));
	return true;
}

/* libqrencode marks each module: bit 0 dark, bits 2 format information, 7 not data (qrencode.h). */
enum { REFERENCE_DARK = 0x01, REFERENCE_FORMAT = 0x04, REFERENCE_FIXED = 0x80 };

static bool same_modules(const struct qr_symbol *s, const QRcode *reference)
{
	struct qr_symbol theirs = { .version = reference->version, .size = reference->width };
	if (theirs.version != s->version || theirs.size != s->size)
		return false;
	for (int y = 0; y < s->size; y++)
		for (int x = 0; x < s->size; x++)
			if (reference->data[y * s->size + x] & REFERENCE_DARK)
				theirs.rows[y][x / 8] |= (unsigned char)(0x80 >> x % 8);
	int ours = matrix_mask_of(s), other = matrix_mask_of(&theirs);
	for (int y = 0; y < s->size; y++)
		for (int x = 0; x < s->size; x++) {
			unsigned char kind = reference->data[y * s->size + x];
			bool a = qr_dark(s, x, y), b = qr_dark(&theirs, x, y);
			if (kind & REFERENCE_FORMAT && ours != other)
				continue; /* states the mask, and each may choose its own */
			if (!(kind & REFERENCE_FIXED)) {
				a ^= matrix_mask_turns(ours, x, y);
				b ^= matrix_mask_turns(other, x, y);
			}
			if (a != b)
				return false;
		}
	return true;
}

bool qr_agrees(const struct qr_symbol *s, struct str base, struct str digits, struct err *e)
{
	bool ok = false;
	QRcode *reference = NULL;
	QRinput *input = QRinput_new2(s->version, QR_ECLEVEL_M);
	if (!input) {
		err_errno(e, "QR code");
		goto out;
	}
	/* Segments by hand: the library's own split is not always the shortest. */
	if (QRinput_append(input, QR_MODE_8, (int)base.n, (const unsigned char *)base.p) != 0 ||
	    QRinput_append(input, QR_MODE_NUM, (int)digits.n, (const unsigned char *)digits.p) !=
		    0) {
		err_errno(e, "QR code segments");
		goto out;
	}
	reference = QRcode_encodeInput(input);
	if (!reference) {
		err_errno(e, "QR code");
		goto out;
	}
	ok = same_modules(s, reference);
	if (!ok)
		err_system(e, "libqrencode makes another QR code of the same text");
out:
	QRcode_free(reference);
	QRinput_free(input);
	return ok;
}

/* One row of the bitmap, all light, then the dark modules of row y of the symbol. */
static void paint_row(const struct qr_symbol *s, int y, int scale, int quiet, unsigned char *row,
		      size_t stride)
{
	memset(row, 0xff, stride);
	if (y < 0 || y >= s->size)
		return;
	for (int x = 0; x < s->size; x++) {
		if (!qr_dark(s, x, y))
			continue;
		int from = (x + quiet) * scale;
		for (int i = from; i < from + scale; i++)
			row[i / 8] &= (unsigned char)~(0x80 >> i % 8);
	}
}

bool qr_image(const struct qr_symbol *s, int scale, int quiet, struct buf *out, struct err *e)
{
	if (s->size < 21 || s->size > QR_SIZE_MAX || scale < 1 || scale > QR_SCALE_MAX ||
	    quiet < 0 || quiet > QR_QUIET * 2)
		return err_system(e, "QR image: size %d, scale %d or quiet zone %d out of range",
				  s->size, scale, quiet);
	size_t stride = ((size_t)qr_image_side(s, scale, quiet) + 7) / 8;
	for (int y = -quiet; y < s->size + quiet; y++) {
		unsigned char row[((QR_SIZE_MAX + QR_QUIET * 4) * QR_SCALE_MAX + 7) / 8];
		paint_row(s, y, scale, quiet, row, stride);
		for (int i = 0; i < scale; i++)
			buf_put(out, row, stride);
	}
	return buf_ok(out, "QR image", e);
}
