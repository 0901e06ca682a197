/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/exif.h"

#include <stdint.h>

enum {
	UPRIGHT = 1,
	ORIENTATION_MAX = 8,
	HEADER = 8, /* byte order, 42, offset of the first directory */
	ENTRY = 12, /* tag, type, count, value */
	VALUE = 8,  /* where the value stands in an entry */
	TAG = 0x0112,
	TYPE_SHORT = 3
};

struct tiff {
	struct str bytes;
	bool little;
};

static uint32_t number(const struct tiff *t, size_t at, size_t n)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = t->little ? n - 1 - i : i;

		v = v << 8 | (unsigned char)t->bytes.p[at + k];
	}
	return v;
}

unsigned exif_orientation(struct str bytes)
{
	struct tiff t = { .bytes = bytes, .little = str_starts(bytes, STR("II")) };
	size_t at, count;

	if (bytes.n < HEADER || (!t.little && !str_starts(bytes, STR("MM"))))
		return UPRIGHT;
	at = number(&t, 4, 4);
	if (at > bytes.n - 2)
		return UPRIGHT;
	count = number(&t, at, 2);
	at += 2;
	for (; count > 0 && bytes.n - at >= ENTRY; count--, at += ENTRY) {
		uint32_t value;

		if (number(&t, at, 2) != TAG || number(&t, at + 2, 2) != TYPE_SHORT)
			continue;
		value = number(&t, at + VALUE, 2);
		return value >= UPRIGHT && value <= ORIENTATION_MAX ? value : UPRIGHT;
	}
	return UPRIGHT;
}
