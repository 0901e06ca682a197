/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/deflate.h"

#include <libdeflate.h>

/* The opaque type of the header is libdeflate's own, under our name. */
static struct libdeflate_compressor *inner(struct deflater *d)
{
	return (struct libdeflate_compressor *)(void *)d;
}

struct deflater *deflate_new(int level)
{
	return (struct deflater *)(void *)libdeflate_alloc_compressor(level);
}

void deflate_free(struct deflater *d)
{
	if (d != NULL)
		libdeflate_free_compressor(inner(d));
}

void deflate_put(struct deflater *d, struct buf *out, struct str in)
{
	size_t bound = libdeflate_zlib_compress_bound(inner(d), in.n);
	char *room = buf_room(out, bound);
	size_t n;

	if (room == NULL)
		return;
	n = libdeflate_zlib_compress(inner(d), in.p, in.n, room, bound);
	if (n == 0)
		out->failed = true;
	out->n += n;
}
