/* SPDX-License-Identifier: Apache-2.0 */
#include "font/sfnt.h"

enum {
	TABLES_MAX = 64,
	RECORD = 16, /* tag, checksum, offset, length */
};

/* Where the table directory of font `index` starts. */
static bool directory(struct view file, unsigned index, size_t *at, struct err *e)
{
	if (!view_has(file, 0, 12))
		return err_system(e, "not a font: %zu bytes", file.n);
	if (memcmp(file.p, "ttcf", 4) != 0) {
		*at = 0;
		if (index != 0)
			return err_system(e, "not a font collection, yet index %u is asked for",
					  index);
		return true;
	}
	if (index >= sfnt_u32(file.p + 8) || !view_has(file, 12 + 4 * (size_t)index, 4))
		return err_system(e, "a collection without font %u", index);
	*at = sfnt_u32(file.p + 12 + 4 * (size_t)index);
	return true;
}

bool sfnt_open(struct view file, unsigned index, struct sfnt *out, struct err *e)
{
	size_t at = 0;
	unsigned count;
	uint32_t version;

	if (!directory(file, index, &at, e))
		return false;
	if (!view_has(file, at, 12))
		return err_system(e, "the table directory is cut");
	version = sfnt_u32(file.p + at);
	if (version != 0x00010000 && version != 0x4F54544F) /* TrueType, "OTTO" */
		return err_system(e, "not an OpenType font: version %08x", version);
	count = sfnt_u16(file.p + at + 4);
	if (count > TABLES_MAX || !view_has(file, at + 12, (size_t)count * RECORD))
		return err_system(e, "the table directory is cut");
	for (unsigned i = 0; i < count; i++) {
		const unsigned char *r = file.p + at + 12 + (size_t)i * RECORD;

		if (!view_has(file, sfnt_u32(r + 8), sfnt_u32(r + 12)))
			return err_system(e, "table %u is not inside the file", i);
	}
	*out = (struct sfnt){ file, at + 12, count };
	return true;
}

static const unsigned char *record(const struct sfnt *f, unsigned i)
{
	return f->file.p + f->records + (size_t)i * RECORD;
}

struct view sfnt_table(const struct sfnt *f, const char tag[4])
{
	for (unsigned i = 0; i < f->count; i++) {
		const unsigned char *r = record(f, i);

		if (memcmp(r, tag, 4) == 0)
			return view_part(f->file, sfnt_u32(r + 8), sfnt_u32(r + 12));
	}
	return (struct view){ NULL, 0 };
}

void sfnt_hash(const struct sfnt *f, struct sha256 *h)
{
	sha256_u64(h, f->count);
	for (unsigned i = 0; i < f->count; i++) {
		sha256_add(h, record(f, i), 8);      /* tag, checksum */
		sha256_add(h, record(f, i) + 12, 4); /* length */
	}
}

uint32_t sfnt_checksum(const unsigned char *p, size_t n)
{
	uint32_t sum = 0;
	size_t i = 0;

	for (; i + 4 <= n; i += 4)
		sum += sfnt_u32(p + i);
	if (i < n) {
		unsigned char last[4] = { 0 };

		memcpy(last, p + i, n - i);
		sum += sfnt_u32(last);
	}
	return sum;
}
