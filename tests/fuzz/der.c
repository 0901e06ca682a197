/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/der.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

/* Every value is written again from what was read of it. */
static void rewrite(struct str bytes, struct buf *out, int depth)
{
	struct der v;
	struct err e;

	while (bytes.n > 0) {
		size_t at;

		if (!der_next(&bytes, &v, &e))
			abort(); /* der_check has seen all of it */
		if ((v.tag & 0x20) == 0) {
			der_put(out, v.tag, v.content);
			continue;
		}
		at = der_begin(out, v.tag);
		if (depth > DER_DEPTH_MAX)
			abort();
		rewrite(v.content, out, depth + 1);
		der_end(out, at);
	}
}

static void read_all(struct str bytes)
{
	struct der v;
	struct err e = { 0 };
	char text[80];
	uint32_t n;
	int64_t t;

	while (der_next(&bytes, &v, &e)) {
		if (v.whole.n < v.content.n + 2 ||
		    v.whole.p + v.whole.n != v.content.p + v.content.n)
			abort();
		(void)der_oid_text(v.content, text, sizeof text);
		if (!der_number(&v, &n, &e) && e.code[0] == '\0')
			abort();
		if (!der_time(&v, &t, &e) && e.code[0] == '\0')
			abort();
	}
	if (e.kind != ERR_INPUT || e.code[0] == '\0')
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out = buf_empty(1 << 20);
	struct str bytes = str_bytes(data, size);
	struct err e = { 0 };

	if (der_check(bytes, &e)) {
		rewrite(bytes, &out, 0);
		if (!str_eq(buf_view(&out), bytes))
			abort();
	} else if (e.kind != ERR_INPUT || e.code[0] == '\0') {
		abort();
	}
	read_all(bytes);
	buf_free(&out);
	return 0;
}
