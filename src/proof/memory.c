/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/memory.h"

#include "base/enc.h"
#include "json/json.h"

static const char SCHEMA[] = "hufu.memory/1";
static const int64_t number_max = (INT64_C(1) << 53) - 1; /* I-JSON, RFC 7493 §2.2 */

static const struct json_limits LIMITS = { .bytes = MEMORY_BYTES_MAX,
					   .depth = 4,
					   .values = MEMORY_REVOKED_MAX + 3 * MEMORY_SHARDS_MAX +
						     32 };

static bool bad(const char *why, struct err *e)
{
	return err_input(e, "MEMORY-FORM", "%s", why);
}

bool memory_new(struct arena *a, struct memory *out, struct err *e)
{
	struct memory m = { 0 };

	m.shards = arena_array(a, MEMORY_SHARDS_MAX, sizeof *m.shards, e);
	m.revoked = arena_array(a, MEMORY_REVOKED_MAX, sizeof *m.revoked, e);
	if (m.shards == NULL || m.revoked == NULL)
		return false;
	*out = m;
	return true;
}

/* First place in the ascending list whose value is not below idx. */
static size_t revoked_place(const struct memory *m, uint64_t idx)
{
	size_t low = 0, high = m->revoked_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->revoked[middle] < idx)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool memory_is_revoked(const struct memory *m, uint64_t idx)
{
	size_t at = revoked_place(m, idx);

	return at < m->revoked_count && m->revoked[at] == idx;
}

void memory_revoke(struct memory *m, uint64_t idx)
{
	size_t at = revoked_place(m, idx);

	if (m->revoked_count == MEMORY_REVOKED_MAX || idx > (uint64_t)number_max ||
	    (at < m->revoked_count && m->revoked[at] == idx))
		return;
	memmove(&m->revoked[at + 1], &m->revoked[at], (m->revoked_count - at) * sizeof *m->revoked);
	m->revoked[at] = idx;
	m->revoked_count++;
}

static size_t shard_place(const struct memory *m, uint64_t shard)
{
	size_t low = 0, high = m->shard_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->shards[middle].shard < shard)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int64_t memory_shard_iat(const struct memory *m, uint64_t shard)
{
	size_t at = shard_place(m, shard);

	if (at < m->shard_count && m->shards[at].shard == shard)
		return m->shards[at].iat;
	return INT64_MIN;
}

void memory_shard_seen(struct memory *m, uint64_t shard, int64_t iat)
{
	size_t at = shard_place(m, shard);

	if (shard > (uint64_t)number_max || iat > number_max || iat < 0)
		return;
	if (at < m->shard_count && m->shards[at].shard == shard) {
		if (m->shards[at].iat < iat)
			m->shards[at].iat = iat;
		return;
	}
	if (m->shard_count == MEMORY_SHARDS_MAX)
		return;
	memmove(&m->shards[at + 1], &m->shards[at], (m->shard_count - at) * sizeof *m->shards);
	m->shards[at] = (struct memory_shard){ shard, iat };
	m->shard_count++;
}

static bool is_zero(const unsigned char hash[SHA256_SIZE])
{
	static const unsigned char zero[SHA256_SIZE];

	return memcmp(hash, zero, SHA256_SIZE) == 0;
}

static bool shards_check(const struct memory *m)
{
	for (size_t i = 0; i < m->shard_count; i++)
		if (m->shards[i].shard > (uint64_t)number_max || m->shards[i].iat < 0 ||
		    m->shards[i].iat > number_max ||
		    (i > 0 && m->shards[i].shard <= m->shards[i - 1].shard))
			return false;
	return true;
}

static bool revoked_check(const struct memory *m)
{
	for (size_t i = 0; i < m->revoked_count; i++)
		if (m->revoked[i] > (uint64_t)number_max ||
		    (i > 0 && m->revoked[i] <= m->revoked[i - 1]))
			return false;
	return true;
}

static bool memory_check(const struct memory *m, struct err *e)
{
	if (m->tree_size > (uint64_t)number_max || m->keys_version > (uint64_t)number_max ||
	    m->newest < 0 || m->newest > number_max)
		return bad("a number is out of range", e);
	if ((m->tree_size == 0 && !is_zero(m->tree_root)) ||
	    (m->keys_version == 0 && !is_zero(m->keys_sha256)))
		return bad("a hash of nothing", e);
	if (m->shard_count > MEMORY_SHARDS_MAX || m->revoked_count > MEMORY_REVOKED_MAX)
		return bad("more than a memory holds", e);
	if (!shards_check(m))
		return bad("shards are not ascending and distinct, or out of range", e);
	return revoked_check(m) ||
	       bad("revoked positions are not ascending and distinct, or out of range", e);
}

static void put_hex(struct buf *out, const unsigned char hash[SHA256_SIZE])
{
	buf_byte(out, '"');
	enc_hex(out, hash, SHA256_SIZE);
	buf_byte(out, '"');
}

/* One line of canonical JSON (RFC 8785). */
static void put_memory(struct buf *out, const struct memory *m)
{
	buf_c(out, "{\"keys\":{\"sha256\":");
	put_hex(out, m->keys_sha256);
	buf_c(out, ",\"version\":");
	buf_uint(out, m->keys_version);
	buf_c(out, "},\"newest\":");
	buf_uint(out, (uint64_t)m->newest);
	buf_c(out, ",\"revoked\":[");
	for (size_t i = 0; i < m->revoked_count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		buf_uint(out, m->revoked[i]);
	}
	buf_printf(out, "],\"schema\":\"%s\",\"shards\":[", SCHEMA);
	for (size_t i = 0; i < m->shard_count; i++) {
		buf_c(out, i > 0 ? ",[" : "[");
		buf_uint(out, m->shards[i].shard);
		buf_byte(out, ',');
		buf_uint(out, (uint64_t)m->shards[i].iat);
		buf_byte(out, ']');
	}
	buf_c(out, "],\"tree\":{\"root\":");
	put_hex(out, m->tree_root);
	buf_c(out, ",\"size\":");
	buf_uint(out, m->tree_size);
	buf_c(out, "}}");
}

bool memory_write(struct buf *out, const struct memory *m, struct err *e)
{
	if (!memory_check(m, e))
		return false;
	put_memory(out, m);
	return buf_ok(out, "client memory", e);
}

/* Give a fault found by json.h our code, and keep its words. */
static bool bad_json(struct err *e)
{
	const struct err cause = *e;

	return cause.kind == ERR_INPUT && err_input(e, "MEMORY-FORM", "%s", cause.cause);
}

static bool read_number(const struct json *object, const char *name, uint64_t *out, struct err *e)
{
	int64_t v;

	if (!json_integer(object, name, 0, number_max, &v, e))
		return false;
	*out = (uint64_t)v;
	return true;
}

/* "name": {number: n, hash: hex 32} */
static bool read_pair(const struct json *root, const char *name, const char *const keys[3],
		      uint64_t *number, unsigned char hash[SHA256_SIZE], struct err *e)
{
	const struct json *object;
	struct str hex;

	if (!json_object(root, name, &object, e) || !json_only(object, keys, e) ||
	    !read_number(object, keys[0], number, e) ||
	    !json_string(object, keys[1], 2 * SHA256_SIZE, 2 * SHA256_SIZE, &hex, e))
		return false;
	return enc_unhex(hex, hash, SHA256_SIZE) || bad("expected hexadecimal", e);
}

static bool natural(const struct json *v, uint64_t *out)
{
	if (v->kind != JSON_INTEGER || v->integer < 0)
		return false;
	*out = (uint64_t)v->integer;
	return true;
}

static bool read_lists(const struct json *root, struct memory *m, struct err *e)
{
	const struct json *revoked, *shards;

	if (!json_array(root, "revoked", MEMORY_REVOKED_MAX, &revoked, e) ||
	    !json_array(root, "shards", MEMORY_SHARDS_MAX, &shards, e))
		return false;
	for (size_t i = 0; i < revoked->count; i++)
		if (!natural(&revoked->items[i], &m->revoked[i]))
			return bad("a revoked position is no number", e);
	m->revoked_count = revoked->count;
	for (size_t i = 0; i < shards->count; i++) {
		const struct json *pair = &shards->items[i];
		uint64_t iat;

		if (pair->kind != JSON_ARRAY || pair->count != 2 ||
		    !natural(&pair->items[0], &m->shards[i].shard) ||
		    !natural(&pair->items[1], &iat))
			return bad("a shard is no pair of numbers", e);
		m->shards[i].iat = (int64_t)iat;
	}
	m->shard_count = shards->count;
	return true;
}

static bool read_root(const struct json *root, struct memory *m, struct err *e)
{
	static const char *const allowed[] = { "keys",   "newest", "revoked", "schema",
					       "shards", "tree",   NULL };
	static const char *const of_keys[] = { "version", "sha256", NULL };
	static const char *const of_tree[] = { "size", "root", NULL };

	return json_schema(root, SCHEMA, e) && json_only(root, allowed, e) &&
	       read_pair(root, "keys", of_keys, &m->keys_version, m->keys_sha256, e) &&
	       read_pair(root, "tree", of_tree, &m->tree_size, m->tree_root, e) &&
	       json_integer(root, "newest", 0, number_max, &m->newest, e) && read_lists(root, m, e);
}

static bool same_again(const struct memory *m, struct str bytes, struct err *e)
{
	struct buf again = buf_empty(MEMORY_BYTES_MAX);
	bool ok;

	put_memory(&again, m);
	ok = buf_ok(&again, "client memory", e);
	if (ok && !str_eq(buf_view(&again), bytes))
		ok = bad("not one line of canonical JSON", e);
	buf_free(&again);
	return ok;
}

bool memory_read(struct arena *a, struct str bytes, struct memory *out, struct err *e)
{
	const struct json *root;
	struct memory m;

	if (!json_read(a, bytes, &LIMITS, &root, e))
		return bad_json(e);
	if (!memory_new(a, &m, e))
		return false;
	if (!read_root(root, &m, e))
		return bad_json(e);
	if (!memory_check(&m, e) || !same_again(&m, bytes, e))
		return false;
	*out = m;
	return true;
}
