/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SCAN_PDFSCAN_H
#define HUFU_SCAN_PDFSCAN_H

#include "base/arena.h"

enum {
	PDFSCAN_TOKENS_MAX = 8, /* distinct tokens; two are too many already */
	PDFSCAN_PREFIXES_MAX =
		64 /* an issued file has a handful of %%EOF, and the first ones decide */
};

/* "%PDF-" within the first 1,024 bytes, as readers accept it. */
bool pdfscan_is_pdf(struct str bytes);

/*
 * The distinct tokens a PDF carries in its XMP (proof.md §2: property hufu:token, uncompressed), as element
 * <hufu:token>digits</hufu:token> or attribute hufu:token="digits", wherever in the bytes; white space around the
 * digits is dropped, anything but 1 to 964 digits is passed over.  Slices of `pdf`, in the file's order, at most
 * PDFSCAN_TOKENS_MAX.  The PDF's own structure is not read, so that nothing in it can hide a token.
 */
bool pdfscan_tokens(struct arena *a, struct str pdf, struct str **digits, size_t *count,
		    struct err *e) MUST_CHECK;

/*
 * Where an earlier revision may have ended: lengths of the prefixes that end in %%EOF (with and without the end-of-line
 * behind it) and are shorter than the file, ascending, the first PDFSCAN_PREFIXES_MAX of them.
 */
bool pdfscan_prefixes(struct arena *a, struct str pdf, size_t **lengths, size_t *count,
		      struct err *e) MUST_CHECK;

#endif
