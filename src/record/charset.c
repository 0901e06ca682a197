/* SPDX-License-Identifier: Apache-2.0 */
#include "record/charset.h"

#include <errno.h>
#include <iconv.h>

#include "base/enc.h"

/* iconv_open fails with (iconv_t)-1, which gcc's analyzer takes for something to be closed. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

enum { CHUNK = 64 * 1024, LOST = 0xfffd };

static const char bom[] = "\xef\xbb\xbf";

static void utf8_copy(struct str in, struct buf *out)
{
	if (str_starts(in, str_of(bom)))
		in = str_skip(in, sizeof bom - 1);
	while (in.n > 0) {
		uint32_t c;
		size_t n = enc_utf8(in, &c);

		if (n > 0)
			buf_put(out, in.p, n);
		else
			enc_put_utf8(out, LOST);
		in = str_skip(in, n > 0 ? n : 1);
	}
}

/* One call of iconv; false when memory ran out. */
static bool step(iconv_t cd, struct str *in, struct buf *out)
{
	char *room = buf_room(out, CHUNK), *to = room;
	char *from;
	size_t left = in->n, free_bytes = CHUNK, bad;

	if (room == NULL)
		return false;
	/* iconv takes a char ** for bytes that it only reads. */
	memcpy(&from, &in->p, sizeof from);
	errno = 0;
	bad = iconv(cd, &from, &left, &to, &free_bytes);
	out->n += (size_t)(to - room);
	*in = (struct str){ from, left };
	if (bad == (size_t)-1 && errno != E2BIG && left > 0) {
		enc_put_utf8(out, LOST);
		*in = str_skip(*in, 1);
		iconv(cd, NULL, NULL, NULL, NULL);
	}
	return !out->failed;
}

bool charset_decode(enum map_encoding encoding, struct str bytes, struct buf *out, struct err *e)
{
	iconv_t cd;

	if (encoding == MAP_UTF8) {
		utf8_copy(bytes, out);
		return buf_ok(out, "the file as UTF-8", e);
	}
	cd = iconv_open("UTF-8", "GB18030");
	if (cd == (iconv_t)-1)
		return err_errno(e, "cannot convert GB18030");
	while (bytes.n > 0 && step(cd, &bytes, out))
		continue;
	iconv_close(cd);
	return buf_ok(out, "the file as UTF-8", e);
}
