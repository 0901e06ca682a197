/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/facts.h"

#include "base/hash.h"
#include "json/canon.h"

enum { KEY_MAX = 32, CANONICAL_MAX = 256 * 1024 };

static bool key_ok(struct str key)
{
	if (key.n < 1 || key.n > KEY_MAX)
		return false;
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return true;
}

bool facts_add(struct facts *f, struct str key, struct str value, struct err *e)
{
	size_t at = f->count;

	if (!key_ok(key))
		return err_system(e, "a fact's key is not [a-z0-9_]{1,32}");
	if (f->count == FACTS_MAX)
		return err_system(e, "more than %d facts", FACTS_MAX);
	while (at > 0 && str_cmp(f->items[at - 1].key, key) > 0)
		at--;
	if (at > 0 && str_eq(f->items[at - 1].key, key))
		return err_system(e, "fact \"%.*s\" is there twice", STR_ARG(key));
	memmove(f->items + at + 1, f->items + at, (f->count - at) * sizeof f->items[0]);
	f->items[at] = (struct fact){ key, value };
	f->count++;
	return true;
}

const struct str *facts_lookup(const struct facts *f, struct str key)
{
	for (size_t i = 0; i < f->count; i++)
		if (str_eq(f->items[i].key, key))
			return &f->items[i].value;
	return NULL;
}

static bool listed(const char *const *list, struct str key)
{
	for (; list != NULL && *list != NULL; list++)
		if (str_eq(str_of(*list), key))
			return true;
	return false;
}

/* Keys are ASCII and sorted by bytes, which is RFC 8785's order for them. */
void facts_canonical(struct buf *out, const struct facts *f, const char *const *without)
{
	bool first = true;

	buf_byte(out, '{');
	for (size_t i = 0; i < f->count; i++) {
		if (listed(without, f->items[i].key))
			continue;
		if (!first)
			buf_byte(out, ',');
		first = false;
		canon_string(out, f->items[i].key);
		buf_byte(out, ':');
		canon_string(out, f->items[i].value);
	}
	buf_byte(out, '}');
}

bool facts_digest(const struct facts *f, const unsigned char nonce[32], unsigned char out[16],
		  struct err *e)
{
	struct buf text = buf_empty(CANONICAL_MAX);
	unsigned char hash[SHA256_SIZE];
	bool ok;

	facts_canonical(&text, f, NULL);
	ok = buf_ok(&text, "facts", e);
	if (ok) {
		struct str parts[] = { str_bytes(nonce, 32), buf_view(&text) };

		sha256_labelled("hufu/1/record", parts, COUNT_OF(parts), hash);
		memcpy(out, hash, 16);
	}
	buf_free(&text);
	return ok;
}

bool facts_content_hash(const struct facts *f, struct str template_id, uint64_t version,
			unsigned char out[32], struct err *e)
{
	static const char *const without[] = { "issued", NULL };
	struct buf text = buf_empty(CANONICAL_MAX);
	bool ok;

	buf_c(&text, "{\"facts\":");
	facts_canonical(&text, f, without);
	buf_c(&text, ",\"template\":");
	canon_string(&text, template_id);
	buf_c(&text, ",\"version\":");
	buf_uint(&text, version);
	buf_byte(&text, '}');
	ok = buf_ok(&text, "facts", e);
	if (ok)
		sha256_of(buf_view(&text), out);
	buf_free(&text);
	return ok;
}
