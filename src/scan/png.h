/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SCAN_PNG_H
#define HUFU_SCAN_PNG_H

#include "base/attr.h"
#include "base/str.h"

/* The chunks of a PNG file (ISO/IEC 15948 §5.3); the bytes are hostile. */
enum { PNG_SIGNATURE_SIZE = 8 };

struct png_chunk {
	struct str type, data; /* four bytes; what the length counts */
};

/* The chunk at the head of *rest, which moves behind it; false when none is left whole.  Checksums are libpng's to judge. */
bool png_chunk_next(struct str *rest, struct png_chunk *out) MUST_CHECK;

/*
 * True when every chunk up to IEND lies inside the file.  Ask before libpng is given the file: it makes room for what
 * an eXIf chunk promises, up to 2 GiB, before it looks whether the bytes are there.
 */
bool png_whole(struct str file) MUST_CHECK;

#endif
