/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_QR_QR_H
#define HUFU_QR_QR_H

#include "base/buf.h"

enum {
	QR_VERSION_MAX = 14,  /* 73 modules: 0.45 mm each at 33 mm; proof.md §2 */
	QR_VERSION_32MM = 13, /* the cap for a code of 32 mm */
	QR_SIZE_MAX = 17 + 4 * QR_VERSION_MAX,
	QR_STRIDE = (QR_SIZE_MAX + 7) / 8,
	QR_QUIET = 4, /* modules; ISO/IEC 18004 §6.3.8 asks for 4 */
	QR_SCALE_MAX = 8
};

/* A symbol, quiet zone left out: size × size modules, row by row, bit 7 of a row's first byte leftmost, 1 = dark. */
struct qr_symbol {
	int version; /* 1 to QR_VERSION_MAX */
	int size;    /* modules a side: 17 + 4 × version */
	unsigned char rows[QR_SIZE_MAX][QR_STRIDE];
};

/*
 * The symbol of base ‖ digits (ISO/IEC 18004, model 2, error correction level M, smallest version that holds it): one
 * byte segment for `base` ("https://host/#": printable ASCII) and one numeric segment for `digits` (1 or more of 0–9).
 * Refuses past version_max (1 to QR_VERSION_MAX): ERR_INPUT, QR-TOO-LARGE.  Same input, same symbol.  Thread-safe.
 * On failure *out is untouched.
 */
bool qr_make(struct qr_symbol *out, struct str base, struct str digits, int version_max,
	     struct err *e) MUST_CHECK;

/*
 * True when libqrencode makes the same symbol of the same segments: every module, each with its own mask taken off (any of
 * the eight is a right one).  ERR_SYSTEM when not.  Thirty times slower than qr_make: for a sample of every batch.
 * `base` and `digits` are those given to qr_make.  Thread-safe.
 */
bool qr_agrees(const struct qr_symbol *s, struct str base, struct str digits,
	       struct err *e) MUST_CHECK;

/*
 * The version qr_make would choose for a base of `base_size` bytes and `digit_count` digits, without encoding; 0 when
 * it needs more than QR_VERSION_MAX.
 */
int qr_version_for(size_t base_size, size_t digit_count);

static inline bool qr_dark(const struct qr_symbol *s, int x, int y)
{
	return (s->rows[y][x / 8] >> (7 - x % 8)) & 1;
}

/* Pixels a side of qr_image. */
static inline int qr_image_side(const struct qr_symbol *s, int scale, int quiet)
{
	return (s->size + 2 * quiet) * scale;
}

/*
 * Append the symbol as a bitmap: rows from the top, each of (side + 7) / 8 bytes, bit 7 leftmost, one module =
 * scale × scale pixels (1 to QR_SCALE_MAX; 2–4 for paper), `quiet` light modules on every side (0 when the page draws
 * the white plate itself, at most QR_QUIET × 2).  A dark pixel is 0, a light one and the bits that fill a row are 1:
 * 1-bit /DeviceGray as it stands, and as an /ImageMask the dark modules paint.
 */
bool qr_image(const struct qr_symbol *s, int scale, int quiet, struct buf *out,
	      struct err *e) MUST_CHECK;

#endif
