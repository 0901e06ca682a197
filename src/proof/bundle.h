/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_BUNDLE_H
#define HUFU_PROOF_BUNDLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "net/site.h"

/*
 * A published site in one file, to verify without a net: a POSIX ustar archive (pax Interchange Format's base) of the files
 * of proof.md §3, names without the leading slash, in byte order, owner and times zero, so that the same site gives the
 * same bytes and `tar -x` makes a site folder of it.
 */
enum {
	BUNDLE_FILES_MAX = 1 << 20,
	BUNDLE_FILE_MAX = 64 << 20,
	BUNDLE_BLOCK = 512,
	BUNDLE_END = 1024 /* zero bytes behind the last file, and nothing behind those */
};

#define BUNDLE_BYTES_MAX (UINT64_C(1) << 36)

/*
 * The header block of a file; its bytes, zero-filled to BUNDLE_BLOCK, follow.  `path` is as in site.h, with or without the
 * leading slash: letters, digits, . _ - and /, at most 200 bytes, no part beginning with a dot.  ERR_SYSTEM for any other.
 */
bool bundle_header(const char *path, uint64_t size, unsigned char out[BUNDLE_BLOCK],
		   struct err *e) MUST_CHECK;

/*
 * A bundle in memory (hostile; mapped or read, lent till bundle_close) and its index.  Whatever bundle_header would not
 * have written is refused: links, folders, other dates, names out of order or twice, a file where a folder must stand.
 */
struct bundle;
bool bundle_open(struct str bytes, struct bundle **out,
		 struct err *e) MUST_CHECK; /* ERR_INPUT, BUNDLE-FORM */
void bundle_close(struct bundle *b);        /* accepts NULL */

/* Fill *site, which lends *b.  Never canonical.  Any number of threads may load. */
void bundle_site(struct bundle *b, struct site *site);

#endif
