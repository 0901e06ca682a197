/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ustar.h"

/*
 * 512 bytes; numbers in octal, a NUL behind:
 *
 *     0 name 100    100 mode 8    108 uid 8    116 gid 8    124 size 12   136 mtime 12   148 chksum 8   156 type 1
 *   157 linkname 100   257 "ustar" NUL   263 "00"   265 uname 32   297 gname 32   329 devmajor 8   337 devminor 8
 *   345 prefix 155   500 zeros
 */
enum {
	NAME = 100,
	AT_MODE = 100,
	AT_UID = 108,
	AT_GID = 116,
	AT_SIZE = 124,
	AT_MTIME = 136,
	AT_SUM = 148,
	AT_TYPE = 156,
	AT_MAGIC = 257,
	AT_DEVMAJOR = 329,
	AT_DEVMINOR = 337,
	AT_PREFIX = 345,
	PREFIX = 155,
	OCTAL_SHORT = 7, /* digits */
	OCTAL_LONG = 11,
	MODE_MAX = 0777
};

/* Where a name is cut into prefix and name: at the last slash the prefix has room for, as GNU tar does; 0: not at all. */
static bool name_cut(struct str name, size_t *cut)
{
	*cut = 0;
	if (name.n <= NAME)
		return true;
	for (size_t i = name.n - 1 < PREFIX ? name.n - 1 : PREFIX; name.n - i - 1 <= NAME; i--) {
		if (name.p[i] == '/') {
			*cut = i;
			return i > 0;
		}
		if (i == 0)
			break;
	}
	return false;
}

static void put_octal(unsigned char *at, unsigned digits, uint64_t v)
{
	for (unsigned i = digits; i > 0; i--, v >>= 3)
		at[i - 1] = (unsigned char)('0' + (v & 7));
}

bool ustar_header(struct str name, uint64_t size, unsigned mode, unsigned char out[USTAR_BLOCK])
{
	unsigned sum = 0;
	size_t cut;

	if (name.n == 0 || size > USTAR_SIZE_MAX || mode > MODE_MAX || !name_cut(name, &cut))
		return false;
	memset(out, 0, USTAR_BLOCK);
	if (cut > 0) {
		memcpy(out + AT_PREFIX, name.p, cut);
		name = str_skip(name, cut + 1);
	}
	memcpy(out, name.p, name.n);
	put_octal(out + AT_MODE, OCTAL_SHORT, mode);
	put_octal(out + AT_UID, OCTAL_SHORT, 0);
	put_octal(out + AT_GID, OCTAL_SHORT, 0);
	put_octal(out + AT_SIZE, OCTAL_LONG, size);
	put_octal(out + AT_MTIME, OCTAL_LONG, 0);
	out[AT_TYPE] = '0'; /* a regular file */
	memcpy(out + AT_MAGIC, "ustar\00000", 8);
	put_octal(out + AT_DEVMAJOR, OCTAL_SHORT, 0);
	put_octal(out + AT_DEVMINOR, OCTAL_SHORT, 0);
	memset(out + AT_SUM, ' ', 8); /* the sum is made as if it were blanks */
	for (size_t i = 0; i < USTAR_BLOCK; i++)
		sum += out[i];
	put_octal(out + AT_SUM, 6, sum);
	out[AT_SUM + 6] = '\0';
	return true;
}

static size_t field(const char *from, size_t max, char *out)
{
	size_t n = 0;

	while (n < max && from[n] != '\0') {
		out[n] = from[n];
		n++;
	}
	return n;
}

void ustar_claim(const char block[USTAR_BLOCK], struct ustar_claim *out)
{
	size_t n = field(block + AT_PREFIX, PREFIX, out->text);

	if (n > 0)
		out->text[n++] = '/';
	n += field(block, NAME, out->text + n);
	out->name = (struct str){ out->text, n };
	out->size = 0;
	for (unsigned i = 0; i < OCTAL_LONG; i++)
		out->size = out->size << 3 | ((unsigned char)block[AT_SIZE + i] & 7);
}

uint64_t ustar_blocks(uint64_t size)
{
	return (size + USTAR_BLOCK - 1) / USTAR_BLOCK * USTAR_BLOCK;
}
