/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/manifest.h"

#include <stdio.h>

#include "base/enc.h"
#include "json/canon.h"

enum {
	ISSUER_MAX = 100,
	PROGRAM_MAX = 100,
	ID_MAX = 64,
	LANG_MAX = 16,
	LEAF_BYTES = 2 * SHA256_SIZE,
	HEAD_VALUES = 8192 /* JSON values of a part besides its leaves */
};

static const char SCHEMA[] = "hufu.manifest/1";
static const uint64_t NUMBER_MAX = (UINT64_C(1) << 53) - 1;

/* Leaves are one value each; a text past this is refused before a tree is built. */
static const struct json_limits LIMITS = { .bytes = MANIFEST_BYTES_MAX,
					   .depth = 3,
					   .values = MANIFEST_PART + HEAD_VALUES };

static bool bad(const char *why, struct err *e)
{
	return err_input(e, "MANIFEST-FORM", "%s", why);
}

size_t manifest_parts(const struct manifest *m)
{
	uint64_t count;

	if (m->last_idx < m->first_idx || m->last_idx > NUMBER_MAX)
		return 0;
	count = m->last_idx - m->first_idx + 1;
	if (count > (uint64_t)MANIFEST_PART * MANIFEST_PARTS_MAX)
		return 0;
	return (size_t)((count + MANIFEST_PART - 1) / MANIFEST_PART);
}

unsigned manifest_part_of(const struct manifest *m, uint64_t idx)
{
	return (unsigned)((idx - m->first_idx) / MANIFEST_PART);
}

void manifest_path(uint64_t batch, unsigned part, bool signature, char out[MANIFEST_PATH])
{
	int n = snprintf(out, MANIFEST_PATH, "/m/%llu-%u.json%s", (unsigned long long)batch, part,
			 signature ? ".minisig" : "");

	if (n < 0 || n >= MANIFEST_PATH)
		out[0] = '\0';
}

/* Positions of one part. */
static size_t part_count(const struct manifest *m, unsigned part)
{
	uint64_t count = m->last_idx - m->first_idx + 1, before = (uint64_t)part * MANIFEST_PART;

	return count - before < MANIFEST_PART ? (size_t)(count - before) : MANIFEST_PART;
}

static bool range_check(const struct manifest *m, struct err *e)
{
	if (m->issuer.n < 1 || m->issuer.n > ISSUER_MAX)
		return bad("the issuer's id is not 1 to 100 bytes", e);
	if (m->batch < 1 || m->batch > NUMBER_MAX)
		return bad("batches count from 1", e);
	return manifest_parts(m) > 0 || bad("first_idx and last_idx are not a range", e);
}

static bool templates_check(const struct manifest *m, struct err *e)
{
	if (m->template_count > MANIFEST_TEMPLATES_MAX)
		return bad("too many templates", e);
	for (size_t i = 0; i < m->template_count; i++) {
		const struct manifest_template *t = &m->templates[i];

		if (t->id.n < 1 || t->id.n > ID_MAX || t->lang.n < 1 || t->lang.n > LANG_MAX ||
		    t->version < 1 || t->version > NUMBER_MAX)
			return bad("a template's id, language or version is out of range", e);
	}
	return true;
}

static bool status_check(const struct manifest *m, struct err *e)
{
	if (m->status_count > MANIFEST_STATUS_MAX)
		return bad("too many status shards", e);
	for (size_t i = 0; i < m->status_count; i++) {
		const struct manifest_status *s = &m->status[i];

		if (s->iat < 0 || (uint64_t)s->iat > NUMBER_MAX || s->shard > NUMBER_MAX)
			return bad("a status shard's number or time is out of range", e);
		if (i > 0 &&
		    (s->iat < s[-1].iat || (s->iat == s[-1].iat && s->shard <= s[-1].shard)))
			return bad("status shards are not ascending", e);
	}
	return true;
}

static bool head_check(const struct manifest *m, struct err *e)
{
	if (!range_check(m, e) || !templates_check(m, e))
		return false;
	if (m->program.n < 1 || m->program.n > PROGRAM_MAX)
		return bad("the program's name is not 1 to 100 bytes", e);
	if (m->key_count > MANIFEST_KEYS_MAX)
		return bad("too many keys", e);
	if (m->before.size != m->first_idx || m->after.size != m->last_idx + 1)
		return bad("the trees are not those around the document block", e);
	if (!status_check(m, e))
		return false;
	return m->has_previous == (m->batch > 1) ||
	       bad("every batch but the first names the one before", e);
}

static void put_hex(struct buf *out, const void *p, size_t n)
{
	buf_byte(out, '"');
	enc_hex(out, p, n);
	buf_byte(out, '"');
}

static void put_comma(struct buf *out, size_t i)
{
	if (i > 0)
		buf_byte(out, ',');
}

static void put_leaves(struct buf *out, const struct leaf *leaves, size_t count)
{
	buf_c(out, ",\"leaves\":[");
	for (size_t i = 0; i < count; i++) {
		put_comma(out, i);
		buf_byte(out, '"');
		enc_hex(out, leaves[i].c_token, SHA256_SIZE);
		enc_hex(out, leaves[i].c_pdf, SHA256_SIZE);
		buf_byte(out, '"');
	}
	buf_byte(out, ']');
}

static void put_templates(struct buf *out, const struct manifest *m)
{
	buf_c(out, ",\"templates\":[");
	for (size_t i = 0; i < m->template_count; i++) {
		const struct manifest_template *t = &m->templates[i];

		put_comma(out, i);
		buf_c(out, "{\"id\":");
		canon_string(out, t->id);
		buf_c(out, ",\"lang\":");
		canon_string(out, t->lang);
		buf_c(out, ",\"sha256\":");
		put_hex(out, t->sha256, SHA256_SIZE);
		buf_c(out, ",\"version\":");
		buf_uint(out, t->version);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void put_status(struct buf *out, const struct manifest *m)
{
	buf_c(out, ",\"status\":[");
	for (size_t i = 0; i < m->status_count; i++) {
		put_comma(out, i);
		buf_c(out, "{\"iat\":");
		buf_uint(out, (uint64_t)m->status[i].iat);
		buf_c(out, ",\"sha256\":");
		put_hex(out, m->status[i].sha256, SHA256_SIZE);
		buf_c(out, ",\"shard\":");
		buf_uint(out, m->status[i].shard);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void put_tree(struct buf *out, const struct manifest_tree *tree)
{
	buf_c(out, "{\"root\":");
	put_hex(out, tree->root, SHA256_SIZE);
	buf_c(out, ",\"size\":");
	buf_uint(out, tree->size);
	buf_byte(out, '}');
}

static void put_part0(struct buf *out, const struct manifest *m, const struct leaf *leaves,
		      size_t count)
{
	buf_c(out, "{\"batch\":");
	buf_uint(out, m->batch);
	buf_c(out, ",\"first_idx\":");
	buf_uint(out, m->first_idx);
	buf_c(out, ",\"fonts\":");
	put_hex(out, m->fonts, SHA256_SIZE);
	buf_c(out, ",\"issuer\":");
	canon_string(out, m->issuer);
	buf_c(out, ",\"keys\":[");
	for (size_t i = 0; i < m->key_count; i++) {
		put_comma(out, i);
		put_hex(out, m->keys + i * KID_SIZE, KID_SIZE);
	}
	buf_c(out, "],\"last_idx\":");
	buf_uint(out, m->last_idx);
	put_leaves(out, leaves, count);
	buf_c(out, ",\"parts\":[");
	for (size_t i = 0; i + 1 < manifest_parts(m); i++) {
		put_comma(out, i);
		put_hex(out, m->parts + i * SHA256_SIZE, SHA256_SIZE);
	}
	buf_c(out, "],\"previous\":");
	if (m->has_previous)
		put_hex(out, m->previous, SHA256_SIZE);
	else
		buf_c(out, "null");
	buf_c(out, ",\"program\":");
	canon_string(out, m->program);
	buf_printf(out, ",\"schema\":\"%s\"", SCHEMA);
	put_status(out, m);
	put_templates(out, m);
	buf_c(out, ",\"tree\":{\"after\":");
	put_tree(out, &m->after);
	buf_c(out, ",\"before\":");
	put_tree(out, &m->before);
	buf_c(out, "}}");
}

static void put_further(struct buf *out, const struct manifest *m, unsigned part,
			const struct leaf *leaves, size_t count)
{
	buf_c(out, "{\"batch\":");
	buf_uint(out, m->batch);
	buf_c(out, ",\"first_idx\":");
	buf_uint(out, m->first_idx + (uint64_t)part * MANIFEST_PART);
	buf_c(out, ",\"issuer\":");
	canon_string(out, m->issuer);
	put_leaves(out, leaves, count);
	buf_printf(out, ",\"part\":%u,\"schema\":\"%s\"}", part, SCHEMA);
}

bool manifest_write(struct buf *out, const struct manifest *m, unsigned part,
		    const struct leaf *leaves, size_t count, struct err *e)
{
	if (!(part == 0 ? head_check(m, e) : range_check(m, e)))
		return false;
	if (part >= manifest_parts(m) || count != part_count(m, part))
		return bad("the leaves are not those of this part", e);
	if (part == 0)
		put_part0(out, m, leaves, count);
	else
		put_further(out, m, part, leaves, count);
	return buf_ok(out, "manifest", e);
}

static bool read_number(const struct json *object, const char *name, uint64_t *out, struct err *e)
{
	int64_t v;

	if (!json_integer(object, name, 0, (int64_t)NUMBER_MAX, &v, e))
		return false;
	*out = (uint64_t)v;
	return true;
}

static bool hex_value(const struct json *value, void *out, size_t n, struct err *e)
{
	if (value->kind == JSON_STRING && enc_unhex(value->string, out, n))
		return true;
	return err_input(e, "MANIFEST-FORM", "expected %zu hexadecimal digits", 2 * n);
}

static bool read_hash(const struct json *object, const char *name, unsigned char *out,
		      struct err *e)
{
	const struct json *value = json_lookup(object, name);

	if (value == NULL)
		return bad("a hash is missing", e) || err_at(e, "/%s", name);
	return hex_value(value, out, SHA256_SIZE, e) || err_at(e, "/%s", name);
}

/* An array of hexadecimal strings of n bytes each; how many it may hold is checked with the whole. */
static bool read_hexes(struct arena *a, const struct json *object, const char *name, size_t n,
		       struct str *out, struct err *e)
{
	const struct json *list;
	unsigned char *bytes;

	if (!json_array(object, name, MANIFEST_PART, &list, e))
		return false;
	bytes = arena_array(a, list->count, n, e);
	if (bytes == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (!hex_value(&list->items[i], bytes + i * n, n, e))
			return err_at(e, "/%s/%zu", name, i);
	*out = str_bytes(bytes, list->count * n);
	return true;
}

/* struct leaf is two arrays of bytes, so a run of 64-byte values is an array of leaves. */
_Static_assert(sizeof(struct leaf) == LEAF_BYTES, "a leaf is 64 bytes without padding");

static bool read_leaves(struct arena *a, const struct json *root, struct manifest_part *out,
			struct err *e)
{
	struct str bytes;

	if (!read_hexes(a, root, "leaves", LEAF_BYTES, &bytes, e))
		return false;
	out->leaves = (const struct leaf *)(const void *)bytes.p;
	out->count = bytes.n / LEAF_BYTES;
	return true;
}

static bool read_template(const struct json *object, struct manifest_template *out, struct err *e)
{
	static const char *const allowed[] = { "id", "lang", "version", "sha256", NULL };

	return json_only(object, allowed, e) && json_string(object, "id", 1, ID_MAX, &out->id, e) &&
	       json_string(object, "lang", 1, LANG_MAX, &out->lang, e) &&
	       read_number(object, "version", &out->version, e) &&
	       read_hash(object, "sha256", out->sha256, e);
}

static bool read_templates(struct arena *a, const struct json *root, struct manifest *out,
			   struct err *e)
{
	const struct json *list;
	struct manifest_template *templates;

	if (!json_array(root, "templates", MANIFEST_TEMPLATES_MAX, &list, e))
		return false;
	templates = arena_array(a, list->count, sizeof *templates, e);
	if (templates == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (!read_template(&list->items[i], &templates[i], e))
			return err_at(e, "/templates/%zu", i);
	out->templates = templates;
	out->template_count = list->count;
	return true;
}

static bool read_status(struct arena *a, const struct json *root, struct manifest *out,
			struct err *e)
{
	static const char *const allowed[] = { "iat", "sha256", "shard", NULL };
	const struct json *list;
	struct manifest_status *status;

	if (!json_array(root, "status", MANIFEST_STATUS_MAX, &list, e))
		return false;
	status = arena_array(a, list->count, sizeof *status, e);
	if (status == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct json *row = &list->items[i];

		if (!json_only(row, allowed, e) ||
		    !json_integer(row, "iat", 0, (int64_t)NUMBER_MAX, &status[i].iat, e) ||
		    !read_number(row, "shard", &status[i].shard, e) ||
		    !read_hash(row, "sha256", status[i].sha256, e))
			return err_at(e, "/status/%zu", i);
	}
	out->status = status;
	out->status_count = list->count;
	return true;
}

static bool read_tree(const struct json *trees, const char *name, struct manifest_tree *out,
		      struct err *e)
{
	static const char *const allowed[] = { "root", "size", NULL };
	const struct json *tree;

	return (json_object(trees, name, &tree, e) && json_only(tree, allowed, e) &&
		read_number(tree, "size", &out->size, e) &&
		read_hash(tree, "root", out->root, e)) ||
	       err_at(e, "/tree/%s", name);
}

static bool read_trees(const struct json *root, struct manifest *out, struct err *e)
{
	static const char *const allowed[] = { "after", "before", NULL };
	const struct json *trees;

	return json_object(root, "tree", &trees, e) && json_only(trees, allowed, e) &&
	       read_tree(trees, "before", &out->before, e) &&
	       read_tree(trees, "after", &out->after, e);
}

static bool read_previous(const struct json *root, struct manifest *out, struct err *e)
{
	const struct json *value = json_lookup(root, "previous");

	out->has_previous = value == NULL || value->kind != JSON_NULL;
	return !out->has_previous || read_hash(root, "previous", out->previous, e);
}

static bool read_head(struct arena *a, const struct json *root, struct manifest *out, struct err *e)
{
	struct str keys, parts;

	if (!json_string(root, "issuer", 1, ISSUER_MAX, &out->issuer, e) ||
	    !read_number(root, "batch", &out->batch, e) ||
	    !read_number(root, "first_idx", &out->first_idx, e) ||
	    !read_number(root, "last_idx", &out->last_idx, e) || !read_templates(a, root, out, e) ||
	    !read_hash(root, "fonts", out->fonts, e) ||
	    !json_string(root, "program", 1, PROGRAM_MAX, &out->program, e) ||
	    !read_hexes(a, root, "keys", KID_SIZE, &keys, e) || !read_previous(root, out, e) ||
	    !read_hexes(a, root, "parts", SHA256_SIZE, &parts, e) ||
	    !read_status(a, root, out, e) || !read_trees(root, out, e))
		return false;
	out->keys = (const unsigned char *)keys.p;
	out->key_count = keys.n / KID_SIZE;
	out->parts = (const unsigned char *)parts.p;
	if (!head_check(out, e))
		return false;
	return parts.n / SHA256_SIZE == manifest_parts(out) - 1 ||
	       bad("parts are not those of the range", e);
}

/* The bytes must be what the writer makes of them: no second form, nothing hidden. */
static bool same_again(const struct manifest *m, const struct manifest_part *part, struct str bytes,
		       struct err *e)
{
	struct buf again = buf_empty(MANIFEST_BYTES_MAX);
	bool ok = manifest_write(&again, m, part->part, part->leaves, part->count, e);

	if (ok && !str_eq(buf_view(&again), bytes))
		ok = bad("not the canonical form", e);
	buf_free(&again);
	return ok;
}

bool manifest_read(struct arena *a, struct str bytes, struct manifest *out,
		   struct manifest_part *part0, struct err *e)
{
	static const char *const allowed[] = { "schema",   "issuer",    "batch", "first_idx",
					       "last_idx", "templates", "fonts", "program",
					       "keys",     "previous",  "parts", "leaves",
					       "status",   "tree",      NULL };
	const struct json *root;
	struct manifest m = { 0 };
	struct manifest_part part = { 0 };

	if (!json_read(a, bytes, &LIMITS, &root, e) || !json_schema(root, SCHEMA, e) ||
	    !json_only(root, allowed, e) || !read_head(a, root, &m, e) ||
	    !read_leaves(a, root, &part, e))
		return false;
	part.first_idx = m.first_idx;
	if (!same_again(&m, &part, bytes, e))
		return false;
	*out = m;
	*part0 = part;
	return true;
}

bool manifest_read_part(struct arena *a, struct str bytes, const struct manifest *head,
			unsigned part, struct manifest_part *out, struct err *e)
{
	static const char *const allowed[] = { "schema",    "issuer", "batch", "part",
					       "first_idx", "leaves", NULL };
	unsigned char hash[SHA256_SIZE];
	const struct json *root;
	struct manifest_part p = { .part = part };

	if (part < 1 || part >= manifest_parts(head))
		return bad("there is no such part", e);
	sha256_of(bytes, hash);
	if (memcmp(hash, head->parts + (size_t)(part - 1) * SHA256_SIZE, SHA256_SIZE) != 0)
		return bad("not the part the head names", e);
	if (!json_read(a, bytes, &LIMITS, &root, e) || !json_schema(root, SCHEMA, e) ||
	    !json_only(root, allowed, e) || !read_leaves(a, root, &p, e))
		return false;
	p.first_idx = head->first_idx + (uint64_t)part * MANIFEST_PART;
	if (!same_again(head, &p, bytes, e))
		return false;
	*out = p;
	return true;
}
