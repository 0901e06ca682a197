/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_USTAR_H
#define HUFU_BASE_USTAR_H

#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

/*
 * Headers of a POSIX ustar archive (POSIX.1-2008, pax, "ustar Interchange Format"): regular files only, owner and times
 * zero.  One name, size and mode have one header, so that a reader makes it again and compares: links, folders, devices
 * and whatever else other writers put there are refused without being looked at.
 */
enum { USTAR_BLOCK = 512, USTAR_END = 1024, USTAR_NAME_MAX = 256 };

#define USTAR_SIZE_MAX ((UINT64_C(1) << 33) - 1)

/* False when the name has no place in a header (parts of at most 155 and 100 bytes), or the size is over 8 GiB - 1. */
bool ustar_header(struct str name, uint64_t size, unsigned mode,
		  unsigned char out[USTAR_BLOCK]) MUST_CHECK;

/* What a header says, before it is known to be one of ours.  The name is put together in `text`. */
struct ustar_claim {
	char text[USTAR_NAME_MAX];
	struct str name;
	uint64_t size;
};

void ustar_claim(const char block[USTAR_BLOCK], struct ustar_claim *out);

/* `size` filled up to whole blocks. */
uint64_t ustar_blocks(uint64_t size);

#endif
