/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FONT_SFNT_H
#define HUFU_FONT_SFNT_H

#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"

/* The wrapper around font tables (OpenType 1.9, "Font Header", "TTC Header").  Views point into the file's bytes. */

/* Bytes of a font file; every reader checks a view's length before it reads. */
struct view {
	const unsigned char *p;
	size_t n;
};

struct sfnt {
	struct view file;
	size_t records; /* offset of the first table record */
	unsigned count; /* table records, each inside the file and pointing inside the file */
};

static inline unsigned sfnt_u16(const unsigned char *p)
{
	return (unsigned)(p[0] << 8 | p[1]);
}

static inline int sfnt_i16(const unsigned char *p)
{
	return (int16_t)sfnt_u16(p);
}

static inline uint32_t sfnt_u32(const unsigned char *p)
{
	return (uint32_t)sfnt_u16(p) << 16 | sfnt_u16(p + 2);
}

static inline void sfnt_put16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static inline void sfnt_put32(unsigned char *p, uint32_t v)
{
	sfnt_put16(p, (unsigned)(v >> 16));
	sfnt_put16(p + 2, (unsigned)(v & 0xFFFF));
}

/* True when bytes at … at+n-1 are inside the view. */
static inline bool view_has(struct view v, size_t at, size_t n)
{
	return at <= v.n && n <= v.n - at;
}

/* The bytes at … at+n-1, or an empty view with p == NULL when they are not all there. */
static inline struct view view_part(struct view v, size_t at, size_t n)
{
	return view_has(v, at, n) ? (struct view){ v.p + at, n } : (struct view){ NULL, 0 };
}

/* Font `index` of a file (0 for a file that is no collection).  ERR_SYSTEM when the directory is broken. */
bool sfnt_open(struct view file, unsigned index, struct sfnt *out, struct err *e) MUST_CHECK;

/* The table called tag ("glyf"), or an empty view with p == NULL. */
struct view sfnt_table(const struct sfnt *f, const char tag[4]);

/* Add tag, checksum and length of every table to a hash: what tells one version of a font from another. */
void sfnt_hash(const struct sfnt *f, struct sha256 *h);

/* Sum of big-endian 32-bit words, the last padded with zeros ("Calculating Checksums"). */
uint32_t sfnt_checksum(const unsigned char *p, size_t n);

#endif
