/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_DEFLATE_H
#define HUFU_PAPER_DEFLATE_H

#include "base/buf.h"

/*
 * A zlib compressor for /FlateDecode (ISO 32000-1 §7.4.4).  One thread at a time.  The bytes depend on libdeflate's
 * version and the level only.
 */
struct deflater;

enum {
	DEFLATE_FAST = 1,
	DEFLATE_BEST = 9,
	DEFLATE_ART = 12
}; /* what a document adds; what is compressed once a worker; once a run */

struct deflater *deflate_new(int level) MUST_CHECK; /* NULL when memory ran out */
void deflate_free(struct deflater *d);              /* accepts NULL */

/* Append the zlib form of `in` to *out. */
void deflate_put(struct deflater *d, struct buf *out, struct str in);

#endif
