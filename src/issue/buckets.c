/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/buckets.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "proof/lookup.h"

enum { NAMES_MAX = 1 << 20 };

struct buckets {
	struct home *home;
	const char *dir; /* HOME/site/d */
	unsigned bits;
	unsigned char *touched; /* a bit a bucket; NULL: all of them */
	struct buf bytes;
};

static size_t bucket_of(const unsigned char digest[HASH_SIZE], unsigned bits)
{
	size_t lead = (size_t)digest[0] << 24 | (size_t)digest[1] << 16 | (size_t)digest[2] << 8 |
		      digest[3];

	return lead >> (32 - bits);
}

/* How many bits the published buckets have; 0: none are published. */
static bool bits_published(struct buckets *b, unsigned *bits, struct err *e)
{
	const char *path;

	*bits = 0;
	if (!io_path(b->home->arena, b->dir, "info", &path, e))
		return false;
	if (!io_exists(path))
		return true;
	buf_clear(&b->bytes);
	return io_read(path, &b->bytes, e) && lookup_info_read(buf_view(&b->bytes), bits, e);
}

static bool touched_new(struct buckets *b, struct err *e)
{
	b->touched = calloc(((size_t)1 << b->bits) / 8 + 1, 1);
	return b->touched != NULL || err_memory(e, "the lookup");
}

static void touch(struct buckets *b, const unsigned char digest[HASH_SIZE])
{
	size_t at = bucket_of(digest, b->bits);

	b->touched[at / 8] |= (unsigned char)(1u << at % 8);
}

static bool batch_touch(struct buckets *b, int64_t batch, struct err *e)
{
	struct sql_rows *rows = NULL;
	unsigned char digest[HASH_SIZE];
	bool end = false, ok;

	if (!touched_new(b, e))
		return false;
	ok = store_block_lookups(b->home->store, batch, &rows, e);
	while (ok && (ok = store_block_lookup(rows, digest, &end, e)) && !end)
		touch(b, digest);
	sql_done(rows);
	return ok;
}

/* The digests that a bucket holds: from its number and zeros to its number and ones. */
static void bucket_range(size_t at, unsigned bits, unsigned char first[HASH_SIZE],
			 unsigned char last[HASH_SIZE])
{
	size_t low = at << (32 - bits), high = low + (((size_t)1 << (32 - bits)) - 1);

	memset(first, 0, HASH_SIZE);
	memset(last, 0xff, HASH_SIZE);
	for (int i = 0; i < 4; i++) {
		first[i] = (unsigned char)(low >> (24 - 8 * i));
		last[i] = (unsigned char)(high >> (24 - 8 * i));
	}
}

static bool bucket_write(struct buckets *b, size_t at, struct err *e)
{
	unsigned char first[HASH_SIZE], last[HASH_SIZE], docid[DOCID_SIZE];
	char path[LOOKUP_PATH];
	struct sql_rows *rows = NULL;
	struct str token;
	bool end = false, ok;

	bucket_range(at, b->bits, first, last);
	lookup_path(first, b->bits, path);
	buf_clear(&b->bytes);
	ok = store_lookups(b->home->store, first, last, &rows, e);
	while (ok && (ok = store_lookups_row(rows, docid, &token, &end, e)) && !end)
		ok = lookup_seal(&b->bytes, str_bytes(docid, DOCID_SIZE), token, e);
	sql_done(rows);
	lookup_sort(&b->bytes);
	/* The name inside d/ is what follows the path's "/d/". */
	return ok && buf_ok(&b->bytes, "a lookup bucket", e) &&
	       io_stage(b->dir, path + sizeof "/d/" - 1, buf_view(&b->bytes), 0644, e) &&
	       io_unstage(b->dir, path + sizeof "/d/" - 1, e);
}

/* Buckets of another number of bits are nobody's any more. */
static bool others_remove(struct buckets *b, struct err *e)
{
	struct arena *a = arena_new(256 << 20);
	struct str *names;
	const char *path;
	size_t count = 0;
	bool ok;

	if (a == NULL)
		return err_memory(e, "the lookup");
	ok = io_list(a, b->dir, "", NAMES_MAX, &names, &count, e);
	for (size_t i = 0; ok && i < count; i++) {
		if (names[i].n == b->bits || str_eq(names[i], STR("info")))
			continue;
		ok = io_path(a, b->dir, names[i].p, &path, e) &&
		     (unlink(path) == 0 || err_errno(e, "cannot remove '%s'", path));
	}
	arena_free(a);
	return ok;
}

static bool info_write(struct buckets *b, struct err *e)
{
	buf_clear(&b->bytes);
	return lookup_info_write(&b->bytes, b->bits, e) &&
	       io_replace(b->dir, "info", buf_view(&b->bytes), 0644, e);
}

static bool buckets_write(struct buckets *b, struct err *e)
{
	for (size_t at = 0; at < (size_t)1 << b->bits; at++)
		if ((b->touched == NULL || b->touched[at / 8] >> at % 8 & 1) &&
		    !bucket_write(b, at, e))
			return false;
	return io_sync_all(b->dir, e);
}

bool buckets_update(struct home *h, int64_t batch, struct err *e)
{
	struct buckets b = { .home = h, .bytes = buf_empty(LOOKUP_BUCKET_MAX) };
	unsigned published;
	int64_t count;
	bool ok = home_path(h, "site/d", &b.dir, e) && io_mkdir(b.dir, 0755, e) &&
		  store_lookups_count(h->store, &count, e) && bits_published(&b, &published, e);

	if (ok) {
		b.bits = lookup_bits((uint64_t)count);
		ok = batch == 0 || published != b.bits || batch_touch(&b, batch, e);
	}
	ok = ok && buckets_write(&b, e) &&
	     (published == b.bits || (info_write(&b, e) && others_remove(&b, e)));
	free(b.touched);
	buf_free(&b.bytes);
	return ok;
}

bool buckets_without(struct home *h, unsigned char (*digests)[HASH_SIZE], size_t count,
		     struct err *e)
{
	struct buckets b = { .home = h, .bytes = buf_empty(LOOKUP_BUCKET_MAX) };
	bool ok = home_path(h, "site/d", &b.dir, e) && io_mkdir(b.dir, 0755, e) &&
		  bits_published(&b, &b.bits, e);

	if (ok && b.bits > 0 && touched_new(&b, e)) {
		for (size_t i = 0; i < count; i++)
			touch(&b, digests[i]);
		ok = buckets_write(&b, e);
	} else if (b.bits > 0) {
		ok = false;
	}
	free(b.touched);
	buf_free(&b.bytes);
	return ok;
}
