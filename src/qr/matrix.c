/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/matrix.h"

#include <stdint.h>
#include <stdlib.h>

enum {
	MASKS = 8,
	PERIOD = 12,        /* every mask repeats after 12 modules in both directions */
	TIMING = 6,         /* row and column of the timing patterns */
	FORMAT = 8,         /* row and column of the format information */
	VERSION_FROM = 7,   /* first version that states its number */
	FORMAT_BCH = 0x537, /* §7.9.1 */
	FORMAT_XOR = 0x5412,
	VERSION_BCH = 0x1f25 /* §7.10 */
};

/* Modules of one row or column, bit 0 the left or upper one.  73 modules and 8 of margin fit. */
__extension__ typedef unsigned __int128 line;

/* Every module in its row and in its column, so that both directions are scored by whole lines. */
struct matrix {
	int size;
	line rows[QR_SIZE_MAX], cols[QR_SIZE_MAX];
	line fixed_rows[QR_SIZE_MAX], fixed_cols[QR_SIZE_MAX]; /* function patterns: not masked */
};

/* Row y mod 12 of each mask, bit x mod 12; table 10 with i = y, j = x. */
static const uint16_t mask_rows[MASKS][PERIOD] = {
	{ 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa },
	{ 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000 },
	{ 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249 },
	{ 0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492 },
	{ 0x1c7, 0x1c7, 0xe38, 0xe38, 0x1c7, 0x1c7, 0xe38, 0xe38, 0x1c7, 0x1c7, 0xe38, 0xe38 },
	{ 0xfff, 0x041, 0x249, 0x555, 0x249, 0x041, 0xfff, 0x041, 0x249, 0x555, 0x249, 0x041 },
	{ 0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71, 0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71 },
	{ 0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e, 0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e },
};

/* Centres of the alignment patterns; annex E.  0 ends the list. */
static const unsigned char alignment[QR_VERSION_MAX][5] = {
	{ 0 },         { 6, 18 },     { 6, 22 },     { 6, 26 },         { 6, 30 },
	{ 6, 34 },     { 6, 22, 38 }, { 6, 24, 42 }, { 6, 26, 46 },     { 6, 28, 50 },
	{ 6, 30, 54 }, { 6, 32, 58 }, { 6, 34, 62 }, { 6, 26, 46, 66 },
};

bool matrix_mask_turns(int mask, int x, int y)
{
	return mask_rows[mask][y % PERIOD] >> x % PERIOD & 1;
}

static line bit(int i)
{
	return (line)1 << i;
}

static line low_bits(int n)
{
	return bit(n) - 1;
}

/* In parallel (both words share the last steps): plain x86-64 has no instruction for it, and the library call is slow. */
static int count_bits(line v)
{
	const uint64_t ones = 0x5555555555555555, pairs = 0x3333333333333333,
		       nibbles = 0x0f0f0f0f0f0f0f0f, bytes = 0x0101010101010101;
	uint64_t a = (uint64_t)v, b = (uint64_t)(v >> 64);
	a -= a >> 1 & ones;
	b -= b >> 1 & ones;
	a = (a & pairs) + (a >> 2 & pairs) + (b & pairs) + (b >> 2 & pairs);
	a = (a & nibbles) + (a >> 4 & nibbles);
	return (int)(a * bytes >> 56);
}

static void set_module(struct matrix *m, int x, int y, bool dark)
{
	m->rows[y] = (m->rows[y] & ~bit(x)) | (dark ? bit(x) : 0);
	m->cols[x] = (m->cols[x] & ~bit(y)) | (dark ? bit(y) : 0);
}

static void set_fixed(struct matrix *m, int x, int y, bool dark)
{
	m->fixed_rows[y] |= bit(x);
	m->fixed_cols[x] |= bit(y);
	set_module(m, x, y, dark);
}

/* Rings around (cx, cy) out to `reach`, those of the distances `light` light; what lies outside is left out. */
static void rings(struct matrix *m, int cx, int cy, int reach, unsigned light)
{
	for (int dy = -reach; dy <= reach; dy++)
		for (int dx = -reach; dx <= reach; dx++) {
			int x = cx + dx, y = cy + dy;
			int far = abs(dx) > abs(dy) ? abs(dx) : abs(dy);
			if (x >= 0 && y >= 0 && x < m->size && y < m->size)
				set_fixed(m, x, y, !(light >> far & 1));
		}
}

/* Both copies of the 15 bits: level M (00), the mask, their BCH code. */
static void put_format(struct matrix *m, int mask)
{
	unsigned rest = (unsigned)mask;
	int n = m->size;
	for (int i = 0; i < 10; i++)
		rest = rest << 1 ^ (rest >> 9 & 1 ? FORMAT_BCH : 0u);
	unsigned bits = ((unsigned)mask << 10 | rest) ^ FORMAT_XOR;
	for (int i = 0; i < 15; i++) {
		bool dark = bits >> i & 1;
		int down = i < 6 ? i : i < 8 ? i + 1 : n - 15 + i;  /* column 8, from above */
		int left = i < 8 ? n - 1 - i : i == 8 ? 7 : 14 - i; /* row 8, from the right */
		set_fixed(m, FORMAT, down, dark);
		set_fixed(m, left, FORMAT, dark);
	}
	set_fixed(m, FORMAT, n - 8, true);
}

static void put_version(struct matrix *m, int version)
{
	unsigned rest = (unsigned)version;
	for (int i = 0; i < 12; i++)
		rest = rest << 1 ^ (rest >> 11 & 1 ? VERSION_BCH : 0u);
	unsigned bits = (unsigned)version << 12 | rest;
	for (int i = 0; i < 18; i++) {
		int near = i / 3, far = m->size - 11 + i % 3;
		set_fixed(m, far, near, bits >> i & 1);
		set_fixed(m, near, far, bits >> i & 1);
	}
}

static void put_alignment(struct matrix *m, int version)
{
	const unsigned char *at = alignment[version - 1];
	for (int i = 0; at[i]; i++)
		for (int k = 0; at[k]; k++) {
			bool low_i = i == 0, low_k = k == 0, high_i = !at[i + 1],
			     high_k = !at[k + 1];
			if (!(low_i && low_k) && !(low_i && high_k) && !(high_i && low_k))
				rings(m, at[i], at[k], 2, 1u << 1);
		}
}

static void put_functions(struct matrix *m, int version)
{
	int n = m->size;
	for (int i = 0; i < n; i++) {
		set_fixed(m, TIMING, i, i % 2 == 0);
		set_fixed(m, i, TIMING, i % 2 == 0);
	}
	/* Finders with their separators: distances 2 and 4 are light. */
	rings(m, 3, 3, 4, 1u << 2 | 1u << 4);
	rings(m, n - 4, 3, 4, 1u << 2 | 1u << 4);
	rings(m, 3, n - 4, 4, 1u << 2 | 1u << 4);
	put_alignment(m, version);
	put_format(m, 0);
	if (version >= VERSION_FROM)
		put_version(m, version);
}

/* §7.7.3: two columns at a time from the right, up and down by turns, past the timing column. */
static void put_codewords(struct matrix *m, const unsigned char *codewords, size_t count)
{
	size_t i = 0;
	bool up = true;
	for (int right = m->size - 1; right >= 1; right -= 2, up = !up) {
		if (right == TIMING)
			right--;
		for (int step = 0; step < m->size; step++) {
			int y = up ? m->size - 1 - step : step;
			for (int x = right; x > right - 2; x--) {
				if (m->fixed_rows[y] >> x & 1)
					continue;
				if (i < count * 8 && codewords[i / 8] >> (7 - i % 8) & 1) {
					m->rows[y] |= bit(x);
					m->cols[x] |= bit(y);
				}
				i++;
			}
		}
	}
}

/* 12 bits over and over. */
static line repeat(unsigned pattern)
{
	unsigned long long five = pattern * 0x1001001001001ull;
	return (line)five | (line)five << 60;
}

/* Turn over what the mask turns, in rows and in columns. */
static void put_mask(struct matrix *m, int mask)
{
	line across[PERIOD], down[PERIOD], all = low_bits(m->size);
	for (int i = 0; i < PERIOD; i++) {
		unsigned column = 0;
		for (int y = 0; y < PERIOD; y++)
			column |= (mask_rows[mask][y] >> i & 1u) << y;
		across[i] = repeat(mask_rows[mask][i]);
		down[i] = repeat(column);
	}
	for (int i = 0; i < m->size; i++) {
		m->rows[i] ^= across[i % PERIOD] & ~m->fixed_rows[i] & all;
		m->cols[i] ^= down[i % PERIOD] & ~m->fixed_cols[i] & all;
	}
}

/* Runs of five and more (N1) and patterns like a finder (N3) of one line; table 11. */
static int line_penalty(line v, int n)
{
	line same = ~(v ^ v >> 1) & low_bits(n - 1);
	line five = same & same >> 1 & same >> 2 & same >> 3;
	int points = count_bits(five) + 2 * count_bits(five & ~(five << 1));

	/* Four light modules before or behind 1:1:3:1:1; the margin is light. */
	line w = v << 4, light = ~w;
	line finder = w & light >> 1 & w >> 2 & w >> 3 & w >> 4 & light >> 5 & w >> 6;
	if (!finder)
		return points;
	line before = light << 1 & light << 2 & light << 3 & light << 4;
	line behind = light >> 7 & light >> 8 & light >> 9 & light >> 10;
	return points + 40 * (count_bits(finder & before) + count_bits(finder & behind));
}

static int penalty(const struct matrix *m)
{
	int n = m->size, points = 0, dark = 0;
	for (int i = 0; i < n; i++) {
		points += line_penalty(m->rows[i], n) + line_penalty(m->cols[i], n);
		dark += count_bits(m->rows[i]);
	}
	for (int i = 0; i + 1 < n; i++) { /* N2: blocks of 2 × 2 */
		line a = m->rows[i], b = m->rows[i + 1];
		line block = ~(a ^ a >> 1) & ~(b ^ b >> 1) & ~(a ^ b) & low_bits(n - 1);
		points += 3 * count_bits(block);
	}
	/* N4: ten for every 5 % away from half dark */
	return points + 10 * (abs(dark * 20 - n * n * 10) / (n * n));
}

void matrix_fill(struct qr_symbol *out, int version, const unsigned char *codewords, size_t count)
{
	struct matrix plain = { .size = 17 + 4 * version }, best = { 0 };
	int least = INT32_MAX;

	put_functions(&plain, version);
	put_codewords(&plain, codewords, count);
	for (int mask = 0; mask < MASKS; mask++) {
		struct matrix m = plain;
		put_mask(&m, mask);
		put_format(&m, mask);
		int points = penalty(&m);
		if (points < least) {
			least = points;
			best = m;
		}
	}
	*out = (struct qr_symbol){ .version = version, .size = best.size };
	for (int y = 0; y < best.size; y++)
		for (int x = 0; x < best.size; x++)
			if (best.rows[y] >> x & 1)
				out->rows[y][x / 8] |= (unsigned char)(0x80 >> x % 8);
}

int matrix_mask_of(const struct qr_symbol *s)
{
	/* Bits 12, 11, 10 of the upper left copy: row 8, columns 2, 3, 4. */
	int bits = qr_dark(s, 2, FORMAT) << 2 | qr_dark(s, 3, FORMAT) << 1 | qr_dark(s, 4, FORMAT);
	return bits ^ (FORMAT_XOR >> 10 & 7);
}
