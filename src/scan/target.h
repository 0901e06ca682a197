/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SCAN_TARGET_H
#define HUFU_SCAN_TARGET_H

#include "proof/token.h"

enum { TARGET_BYTES_MAX = 64 << 20 };

enum target_kind {
	TARGET_NONE, /* nothing could be read; never the kind of a target that was */
	TARGET_PDF,
	TARGET_PICTURE, /* PNG or JPEG */
	TARGET_TEXT,    /* a scanned link, or its digits */
	TARGET_CODE     /* the short code typed from the page: proof.md §1 */
};

/* What one thing handed in for checking holds.  Slices lie in the arena or in the bytes handed in. */
struct target {
	enum target_kind kind;
	struct str bytes;   /* TARGET_PDF: the whole file */
	struct str *tokens; /* distinct digits; none, one, or too many */
	size_t token_count;
	struct str base;    /* of the first token's link, "" for bare digits: whose site it names */
	size_t other_codes; /* TARGET_PICTURE: QR codes that carry no token */
	size_t *prefixes;   /* TARGET_PDF: see pdfscan_prefixes */
	size_t prefix_count;
	unsigned char docid[DOCID_MAX]; /* TARGET_CODE */
	size_t docid_size;
};

/*
 * Read a command-line word that is itself the target: a link with "/#digits", bare digits (100 or more), a short code.
 * False when it is none of them and so must be the name of a file.
 */
bool target_of_word(struct arena *a, struct str word, struct target *out) MUST_CHECK;

/*
 * Read the content of a file or of standard input: PDF, PNG, JPEG, or a text that target_of_word takes (white space
 * around it dropped).  The bytes are hostile and must live as long as *out.  Fails with ERR_INPUT: TARGET-UNKNOWN (none
 * of these), TARGET-TOO-LARGE, PICTURE-…
 */
bool target_of_bytes(struct arena *a, struct str bytes, struct target *out,
		     struct err *e) MUST_CHECK;

#endif
