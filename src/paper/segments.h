/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_SEGMENTS_H
#define HUFU_PAPER_SEGMENTS_H

#include "base/buf.h"

/*
 * The segments of a JPEG file (ITU-T T.81 Annex B): what the picture is, and the file without all that is not the
 * picture.  The bytes are hostile; nothing is decoded.  Private to paper/.
 */
struct segments {
	unsigned width, height;
	unsigned components;  /* 1 gray, 3 colours */
	bool rgb;             /* the three are red, green, blue; else luminance and chrominance */
	unsigned orientation; /* exif.h */
};

/*
 * Refuses (ERR_INPUT) what is cut or malformed (PHOTO-BROKEN) and what a printed photo cannot be: four colours, twelve
 * bits, lossless, arithmetic or hierarchical coding (PHOTO-FORM).
 */
bool segments_read(struct str file, struct segments *out, struct err *e) MUST_CHECK;

/*
 * Append the picture alone: frame, tables and scans, no application data and no comment, nothing behind the end.  A
 * picture of three colours gets an Adobe segment (§ "APP14" of Adobe TN 5116) that tells which ones.  `file` and *s have
 * passed segments_read.
 */
void segments_strip(struct str file, const struct segments *s, struct buf *out);

#endif
