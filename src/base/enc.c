/* SPDX-License-Identifier: Apache-2.0 */
#include "base/enc.h"

#include <assert.h>

static const char HEX[] = "0123456789abcdef";
static const char BASE32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void enc_hex(struct buf *out, const void *p, size_t n)
{
	const unsigned char *in = p;
	char *room = buf_room(out, 2 * n);

	if (room == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		room[2 * i] = HEX[in[i] >> 4];
		room[2 * i + 1] = HEX[in[i] & 15];
	}
	out->n += 2 * n;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool enc_unhex(struct str hex, void *out, size_t n)
{
	unsigned char *bytes = out;

	if (hex.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(hex.p[2 * i]), low = hex_value(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

void enc_base32(struct buf *out, const void *p, size_t n)
{
	const unsigned char *in = p;
	size_t digits = n * 8 / 5;

	assert(n * 8 % 5 == 0);
	for (size_t i = 0; i < digits; i++) {
		unsigned value = 0;

		for (size_t bit = 5 * i; bit < 5 * i + 5; bit++)
			value = value << 1 | ((unsigned)in[bit / 8] >> (7 - bit % 8) & 1u);
		if (i > 0 && i % 4 == 0)
			buf_byte(out, '-');
		buf_byte(out, (unsigned char)BASE32[value]);
	}
}

static int base32_value(char c)
{
	const char *hit;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'I' || c == 'L')
		return 1;
	if (c == 'O')
		return 0;
	if (c == 'U')
		c = 'V';
	hit = c != '\0' ? strchr(BASE32, c) : NULL;
	return hit != NULL ? (int)(hit - BASE32) : -1;
}

bool enc_unbase32(struct str text, void *out, size_t n)
{
	unsigned char *bytes = out;
	size_t bit = 0;

	memset(bytes, 0, n);
	for (size_t i = 0; i < text.n; i++) {
		int value;

		if (text.p[i] == '-' || text.p[i] == ' ')
			continue;
		value = base32_value(text.p[i]);
		if (value < 0 || bit + 5 > 8 * n)
			return false;
		for (int k = 4; k >= 0; k--, bit++)
			if (value >> k & 1)
				bytes[bit / 8] |= (unsigned char)(1u << (7 - bit % 8));
	}
	return bit == 8 * n;
}

void enc_base64(struct buf *out, const void *p, size_t n)
{
	const unsigned char *in = p;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)in[i] << 16;

		if (i + 1 < n)
			v |= (uint32_t)in[i + 1] << 8;
		if (i + 2 < n)
			v |= in[i + 2];
		buf_byte(out, (unsigned char)BASE64[v >> 18]);
		buf_byte(out, (unsigned char)BASE64[v >> 12 & 63]);
		buf_byte(out, (unsigned char)(i + 1 < n ? BASE64[v >> 6 & 63] : '='));
		buf_byte(out, (unsigned char)(i + 2 < n ? BASE64[v & 63] : '='));
	}
}

bool enc_unbase64(struct str text, void *out, size_t max, size_t *n)
{
	unsigned char *bytes = out;
	size_t pad = 0, length;

	if (text.n == 0 || text.n % 4 != 0)
		return false;
	while (pad < 2 && text.p[text.n - 1 - pad] == '=')
		pad++;
	length = text.n / 4 * 3 - pad;
	if (length > max)
		return false;
	for (size_t i = 0, at = 0; i < text.n; i += 4) {
		uint32_t v = 0;

		for (size_t k = 0; k < 4; k++) {
			const char *hit;
			bool padding = i + k >= text.n - pad;

			hit = text.p[i + k] != '\0' ? strchr(BASE64, text.p[i + k]) : NULL;
			if (!padding && hit == NULL)
				return false;
			v = v << 6 | (padding ? 0 : (uint32_t)(hit - BASE64));
		}
		for (int shift = 16; shift >= 0; shift -= 8) {
			if (at < length)
				bytes[at++] = (unsigned char)(v >> shift & 255);
			else if ((v >> shift & 255) != 0)
				return false; /* bits behind the end: not the canonical form */
		}
	}
	*n = length;
	return true;
}

/*
 * Long division by 10^9 over 32-bit limbs, most significant first: about n²/40 steps, 15 µs for a token.
 */
enum { LIMBS = (DECIMAL_BYTES_MAX + 3) / 4, GROUP = 1000000000 };

void enc_decimal(struct buf *out, const void *p, size_t n)
{
	const unsigned char *in = p;
	uint32_t limb[LIMBS] = { 0 };
	char digits[9 * (LIMBS * 32 / 29 + 2)];
	size_t at = sizeof digits, first = 0;

	assert(n >= 1 && n <= DECIMAL_BYTES_MAX && in[0] != 0);
	for (size_t i = 0; i < n; i++)
		limb[LIMBS - 1 - (n - 1 - i) / 4] |= (uint32_t)in[i] << 8 * ((n - 1 - i) % 4);
	while (first < LIMBS) {
		uint64_t rest = 0;

		for (size_t i = first; i < LIMBS; i++) {
			rest = rest << 32 | limb[i];
			limb[i] = (uint32_t)(rest / GROUP);
			rest %= GROUP;
		}
		while (first < LIMBS && limb[first] == 0)
			first++;
		for (int k = 0; k < 9; k++, rest /= 10)
			digits[--at] = (char)('0' + rest % 10);
	}
	while (digits[at] == '0')
		at++;
	buf_put(out, digits + at, sizeof digits - at);
}

/* limbs = limbs × factor + add; false when that does not fit. */
static bool limbs_step(uint32_t limb[LIMBS], uint32_t factor, uint32_t add)
{
	uint64_t carry = add;

	for (size_t k = LIMBS; k-- > 0;) {
		carry += (uint64_t)limb[k] * factor;
		limb[k] = (uint32_t)carry;
		carry >>= 32;
	}
	return carry == 0;
}

bool enc_undecimal(struct str digits, unsigned char out[DECIMAL_BYTES_MAX], size_t *n)
{
	uint32_t limb[LIMBS] = { 0 }, group = 0, factor = 1;
	size_t bytes = sizeof limb, first = 0;

	if (digits.n < 1 || digits.n > DECIMAL_DIGITS_MAX || digits.p[0] == '0')
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		unsigned value = (unsigned)(unsigned char)digits.p[i] - '0';

		if (value > 9)
			return false;
		group = group * 10 + value;
		factor *= 10;
		if (factor < GROUP && i + 1 < digits.n)
			continue;
		if (!limbs_step(limb, factor, group))
			return false;
		group = 0;
		factor = 1;
	}
	while (first < bytes && (limb[first / 4] >> 8 * (3 - first % 4) & 255) == 0)
		first++;
	*n = bytes - first;
	for (size_t i = first; i < bytes; i++)
		out[i - first] = (unsigned char)(limb[i / 4] >> 8 * (3 - i % 4) & 255);
	return true;
}

size_t enc_utf8(struct str s, uint32_t *code_point)
{
	unsigned char lead;
	size_t n;
	uint32_t c;

	if (s.n == 0)
		return 0;
	lead = (unsigned char)s.p[0];
	if (lead < 0x80) {
		*code_point = lead;
		return 1;
	}
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (s.n < n)
		return 0;
	c = lead & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		unsigned char follow = (unsigned char)s.p[i];

		if ((follow & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (follow & 0x3fu);
	}
	if ((n == 3 && (c < 0x800 || (c >= 0xd800 && c <= 0xdfff))) ||
	    (n == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	*code_point = c;
	return n;
}

void enc_put_utf8(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_byte(out, (unsigned char)c);
		return;
	}
	if (c < 0x800) {
		buf_byte(out, (unsigned char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_byte(out, (unsigned char)(0xe0 | c >> 12));
		} else {
			buf_byte(out, (unsigned char)(0xf0 | c >> 18));
			buf_byte(out, (unsigned char)(0x80 | (c >> 12 & 63)));
		}
		buf_byte(out, (unsigned char)(0x80 | (c >> 6 & 63)));
	}
	buf_byte(out, (unsigned char)(0x80 | (c & 63)));
}
