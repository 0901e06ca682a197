/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/png.h"

enum { FRAME = 12 /* length, type, checksum */ };

static size_t length_at(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

bool png_chunk_next(struct str *rest, struct png_chunk *out)
{
	size_t length;

	if (rest->n < FRAME)
		return false;
	length = length_at(*rest);
	if (length > rest->n - FRAME)
		return false;
	out->type = (struct str){ rest->p + 4, 4 };
	out->data = (struct str){ rest->p + 8, length };
	*rest = str_skip(*rest, length + FRAME);
	return true;
}

bool png_whole(struct str file)
{
	struct str rest = str_skip(file, PNG_SIGNATURE_SIZE);
	struct png_chunk chunk;

	while (png_chunk_next(&rest, &chunk))
		if (str_eq(chunk.type, STR("IEND")))
			return true;
	return false;
}
