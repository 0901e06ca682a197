/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/sealed.h"

#include "base/enc.h"
#include "keys/private.h"

static const struct json_limits limits = { .bytes = SEALED_FILE_MAX, .depth = 2, .values = 16 };

bool sealed_load(struct arena *a, const char *dir, const char *name, struct str *text,
		 const struct json **out, struct err *e)
{
	char *bytes = arena_alloc(a, SEALED_FILE_MAX, e);
	size_t n;

	if (bytes == NULL || !private_read_in(dir, name, bytes, SEALED_FILE_MAX, &n, e))
		return false;
	*text = (struct str){ bytes, n };
	if (!json_read(a, *text, &limits, out, e))
		return sealed_fault(dir, name, e);
	return true;
}

bool sealed_hex(const struct json *object, const char *key, unsigned char *out, size_t n,
		struct err *e)
{
	struct str hex;

	if (!json_string(object, key, 2 * n, 2 * n, &hex, e))
		return false;
	if (!enc_unhex(hex, out, n)) {
		err_system(e, "is not hexadecimal");
		return err_at(e, "/%s", key);
	}
	return true;
}

bool sealed_same(struct str text, const struct buf *written, struct err *e)
{
	if (!buf_ok(written, "key file", e))
		return false;
	return str_eq(text, buf_view(written)) || err_system(e, "is not as it was written");
}

bool sealed_fault(const char *dir, const char *name, struct err *e)
{
	struct err why = *e;
	char words[512];

	err_system(e, "'%s/%s' was changed: %s", dir, name, err_text(&why, words, sizeof words));
	return false;
}

void sealed_put_hex(struct buf *out, const char *key, const unsigned char *p, size_t n)
{
	buf_printf(out, ",\"%s\":\"", key);
	enc_hex(out, p, n);
	buf_byte(out, '"');
}
