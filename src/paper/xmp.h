/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_XMP_H
#define HUFU_PAPER_XMP_H

#include <stdint.h>

#include "base/buf.h"

/* The namespace of hufu:token; a constant of the format, not an address to fetch. */
#define XMP_HUFU_NS "https://verify.example.org/ns/hufu/1/"

struct xmp {
	struct str title;    /* UTF-8 */
	struct str language; /* RFC 3066, "zh-CN" */
	struct str creator;  /* xmp:CreatorTool */
	struct str producer; /* pdf:Producer */
	struct str token;    /* decimal digits; empty: no hufu:token */
	int64_t created_unix;
	int utc_offset_min;
};

/*
 * The metadata packet of a PDF/A-3a and PDF/UA-1 file (ISO 19005-3 §6.6, ISO 14289-1 §5; XMP is ISO 16684-1): dc:title,
 * dates, pdfaid part 3 level A, pdfuaid part 1 and hufu:token with the extension schemas that declare the latter two.
 * Everything the caller gives is XML-escaped.
 */
void xmp_packet(struct buf *out, const struct xmp *x);

#endif
