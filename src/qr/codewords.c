/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/codewords.h"

#include <stdint.h>

#include "qr/qr.h"

enum {
	MODE_BYTE = 4, /* mode indicators; ISO/IEC 18004 table 2 */
	MODE_NUMERIC = 1,
	FIELD = 0x11d, /* x^8 + x^4 + x^3 + x^2 + 1, §7.5.2 */
	CORRECTION_MAX = 30,
	DATA_MAX = 365, /* codewords of version 14 */
	BLOCKS_MAX = 9
};

/* Level M of table 9: correction codewords a block, then `few` blocks of `data` codewords and `more` of data + 1. */
static const struct {
	unsigned char correction, few, data, more;
} blocks[QR_VERSION_MAX] = {
	{ 10, 1, 16, 0 }, { 16, 1, 28, 0 }, { 26, 1, 44, 0 }, { 18, 2, 32, 0 }, { 24, 2, 43, 0 },
	{ 16, 4, 27, 0 }, { 18, 4, 31, 0 }, { 22, 2, 38, 2 }, { 22, 3, 36, 2 }, { 26, 4, 43, 1 },
	{ 30, 1, 50, 4 }, { 22, 6, 36, 2 }, { 22, 8, 37, 1 }, { 24, 4, 40, 5 },
};

size_t codewords_data(int version)
{
	size_t few = blocks[version - 1].few, more = blocks[version - 1].more;
	return (few + more) * blocks[version - 1].data + more;
}

/* Bits from the left into zeroed bytes. */
struct bits {
	unsigned char *p;
	size_t n;
};

static void put(struct bits *b, unsigned value, int width)
{
	for (int i = width - 1; i >= 0; i--, b->n++)
		if (value >> i & 1)
			b->p[b->n / 8] |= (unsigned char)(0x80 >> b->n % 8);
}

static void put_digits(struct bits *b, struct str digits)
{
	static const int widths[4] = { 0, 4, 7, 10 };
	for (size_t i = 0; i < digits.n; i += 3) {
		unsigned value = 0, n = 0;
		for (; n < 3 && i + n < digits.n; n++)
			value = value * 10 + (unsigned)(digits.p[i + n] - '0');
		put(b, value, widths[n]);
	}
}

static void fill_data(int version, struct str bytes, struct str digits,
		      unsigned char data[DATA_MAX])
{
	struct bits b = { data, 0 };
	size_t room = codewords_data(version);
	put(&b, MODE_BYTE, 4);
	put(&b, (unsigned)bytes.n, version < 10 ? 8 : 16);
	for (size_t i = 0; i < bytes.n; i++)
		put(&b, (unsigned char)bytes.p[i], 8);
	put(&b, MODE_NUMERIC, 4);
	put(&b, (unsigned)digits.n, version < 10 ? 10 : 12);
	put_digits(&b, digits);
	/* The terminator is four zeros, or as many as fit; then to the next byte. */
	size_t n = (b.n + 4 + 7) / 8;
	if (n > room)
		n = room;
	for (unsigned char pad = 0xec; n < room; pad ^= 0xec ^ 0x11)
		data[n++] = pad;
}

/* GF(2^8): powers of 2 twice over, so that logarithms need no reduction, and logarithms. */
struct field {
	unsigned char power[510], log[256];
};

static void field_fill(struct field *f)
{
	unsigned x = 1;
	f->log[0] = 0;
	for (unsigned i = 0; i < 255; i++) {
		f->power[i] = f->power[i + 255] = (unsigned char)x;
		f->log[x] = (unsigned char)i;
		x = x << 1 ^ (x & 0x80 ? FIELD : 0);
	}
}

/* Logarithms of the coefficients of (x - 1)(x - 2)…(x - 2^(n-1)), highest left out (it is 1), high to low. */
static void generator(const struct field *f, size_t n, unsigned char out[CORRECTION_MAX])
{
	unsigned char g[CORRECTION_MAX + 1] = { 1 };
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k > 0; k--)
			if (g[k - 1])
				g[k] ^= f->power[f->log[g[k - 1]] + i];
	for (size_t k = 0; k < n; k++)
		out[k] = f->log[g[k + 1]]; /* none of them is zero */
}

/* Remainder of data · x^n divided by the generator. */
static void correct(const struct field *f, const unsigned char *gen, size_t n,
		    const unsigned char *data, size_t count, unsigned char *out)
{
	memset(out, 0, n);
	for (size_t i = 0; i < count; i++) {
		unsigned char lead = data[i] ^ out[0];
		memmove(out, out + 1, n - 1);
		out[n - 1] = 0;
		if (!lead)
			continue;
		unsigned log = f->log[lead];
		for (size_t k = 0; k < n; k++)
			out[k] ^= f->power[log + gen[k]];
	}
}

size_t codewords_of(int version, struct str bytes, struct str digits,
		    unsigned char out[CODEWORDS_MAX])
{
	size_t few = blocks[version - 1].few, count = few + blocks[version - 1].more;
	size_t short_data = blocks[version - 1].data, n = blocks[version - 1].correction;
	unsigned char data[DATA_MAX] = { 0 }, checks[BLOCKS_MAX][CORRECTION_MAX] = { 0 };
	unsigned char gen[CORRECTION_MAX];
	const unsigned char *starts[BLOCKS_MAX], *at = data;
	struct field f;

	fill_data(version, bytes, digits, data);
	field_fill(&f);
	generator(&f, n, gen);
	for (size_t b = 0; b < count; b++) {
		size_t size = short_data + (b >= few);
		starts[b] = at;
		correct(&f, gen, n, at, size, checks[b]);
		at += size;
	}
	size_t written = 0;
	for (size_t i = 0; i <= short_data; i++)
		for (size_t b = 0; b < count; b++)
			if (i < short_data || b >= few)
				out[written++] = starts[b][i];
	for (size_t i = 0; i < n; i++)
		for (size_t b = 0; b < count; b++)
			out[written++] = checks[b][i];
	return written;
}
