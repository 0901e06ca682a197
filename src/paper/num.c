/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/num.h"

#include <math.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/enc.h"

enum { DAY_S = 86400 };

static const char digits[] = "0123456789ABCDEF";

void num_int(struct buf *out, int64_t v)
{
	if (v < 0)
		buf_byte(out, '-');
	buf_uint(out, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

/* v rounded to 1/scale, a power of ten. */
static void fixed_put(struct buf *out, double v, long long scale)
{
	long long parts, rest;

	if (!isfinite(v) || fabs(v) > 1e6) {
		out->failed = true;
		return;
	}
	parts = llround(v * (double)scale);
	if (parts < 0) {
		buf_byte(out, '-');
		parts = -parts;
	}
	buf_uint(out, (uint64_t)(parts / scale));
	rest = parts % scale;
	if (rest == 0)
		return;
	buf_byte(out, '.');
	while (rest != 0) {
		scale /= 10;
		buf_byte(out, (unsigned char)('0' + rest / scale));
		rest %= scale;
	}
}

void num_put(struct buf *out, double v)
{
	fixed_put(out, v, 1000);
}

void num_fine(struct buf *out, double v)
{
	fixed_put(out, v, 1000000);
}

static void unit_put(struct buf *out, uint32_t unit)
{
	char *room = buf_room(out, 4);

	if (room == NULL)
		return;
	for (int i = 0; i < 4; i++)
		room[i] = digits[unit >> (12 - 4 * i) & 15];
	out->n += 4;
}

void num_utf16(struct buf *out, uint32_t code_point)
{
	if (code_point > 0xffff) {
		code_point -= 0x10000;
		unit_put(out, 0xd800 + (code_point >> 10));
		unit_put(out, 0xdc00 + (code_point & 0x3ff));
	} else {
		unit_put(out, code_point);
	}
}

void num_text(struct buf *out, struct str utf8)
{
	uint32_t code_point;
	size_t n;

	buf_c(out, "<FEFF");
	while (utf8.n > 0) {
		n = enc_utf8(utf8, &code_point);
		if (n == 0) {
			out->failed = true;
			return;
		}
		num_utf16(out, code_point);
		utf8 = str_skip(utf8, n);
	}
	buf_byte(out, '>');
}

static void two(struct buf *out, int v)
{
	buf_byte(out, (unsigned char)('0' + v / 10 % 10));
	buf_byte(out, (unsigned char)('0' + v % 10));
}

/* One instant, the separators given: date, between, time, zone, end. */
static void date_put(struct buf *out, int64_t unix_s, int utc_offset_min, const char *sep[5])
{
	int64_t local = unix_s + (int64_t)utc_offset_min * 60;
	int64_t day = local >= 0 ? local / DAY_S : -((-local + DAY_S - 1) / DAY_S);
	int second = (int)(local - day * DAY_S);
	struct civil c = civil_of_days(day);
	int zone = abs(utc_offset_min);

	if (c.year < 1 || c.year > 9999 || zone >= 24 * 60) {
		out->failed = true;
		return;
	}
	two(out, c.year / 100);
	two(out, c.year);
	buf_c(out, sep[0]);
	two(out, c.month);
	buf_c(out, sep[0]);
	two(out, c.day);
	buf_c(out, sep[1]);
	two(out, second / 3600);
	buf_c(out, sep[2]);
	two(out, second / 60 % 60);
	buf_c(out, sep[2]);
	two(out, second % 60);
	buf_byte(out, utc_offset_min < 0 ? '-' : '+');
	two(out, zone / 60);
	buf_c(out, sep[3]);
	two(out, zone % 60);
	buf_c(out, sep[4]);
}

void num_date(struct buf *out, int64_t unix_s, int utc_offset_min)
{
	const char *sep[5] = { "", "", "", "'", "'" };

	buf_c(out, "D:");
	date_put(out, unix_s, utc_offset_min, sep);
}

void num_xmp_date(struct buf *out, int64_t unix_s, int utc_offset_min)
{
	const char *sep[5] = { "-", "T", ":", ":", "" };

	date_put(out, unix_s, utc_offset_min, sep);
}
