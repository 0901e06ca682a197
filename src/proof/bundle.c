/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/bundle.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/ustar.h"

/*
 * One path and size have one header (base/ustar.h); the reader makes it again and compares, so that links, folders, owners,
 * other dates and all that other writers put there are refused without being looked at.
 */
enum { PATH_BYTES_MAX = 200, /* as in a site's folder */ FILE_MODE = 0644 };

struct bundle {
	struct str bytes;
	uint64_t *at; /* offsets of the headers, in ascending order of the names */
	size_t count;
};

static bool bad(uint64_t at, const char *why, struct err *e)
{
	return err_input(e, "BUNDLE-FORM", "byte %llu: %s", (unsigned long long)at, why);
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

/* "name/name…": nothing absolute, nothing that begins with a dot, so no way up and no hidden file. */
static bool is_name(struct str name)
{
	char before = '/';

	if (name.n == 0 || name.n > PATH_BYTES_MAX || name.p[name.n - 1] == '/')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c != '/' && !is_name_byte(c))
			return false;
		if (before == '/' && (c == '/' || c == '.'))
			return false;
		before = c;
	}
	return true;
}

static bool header_make(struct str name, uint64_t size, unsigned char out[BUNDLE_BLOCK])
{
	return is_name(name) && size <= BUNDLE_FILE_MAX && ustar_header(name, size, FILE_MODE, out);
}

bool bundle_header(const char *path, uint64_t size, unsigned char out[BUNDLE_BLOCK], struct err *e)
{
	struct str name = str_of(path);

	if (name.n > 0 && name.p[0] == '/')
		name = str_skip(name, 1);
	return header_make(name, size, out) ||
	       err_system(e, "'%s' of %llu bytes has no place in a bundle", path,
			  (unsigned long long)size);
}

static struct str block_at(const struct bundle *b, uint64_t at)
{
	return (struct str){ b->bytes.p + at, BUNDLE_BLOCK };
}

static bool is_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* A member's header and bytes; *next is where the one behind it begins. */
static bool member_check(const struct bundle *b, uint64_t at, struct ustar_claim *m, uint64_t *next,
			 struct err *e)
{
	struct str header = block_at(b, at);
	unsigned char again[BUNDLE_BLOCK];
	uint64_t data = at + BUNDLE_BLOCK;

	ustar_claim(header.p, m);
	if (!is_name(m->name))
		return bad(at, "not the name of a published file", e);
	if (!header_make(m->name, m->size, again) || memcmp(again, header.p, BUNDLE_BLOCK) != 0)
		return bad(at, "not the header of a regular file as a bundle has it", e);
	if (ustar_blocks(m->size) > b->bytes.n - data)
		return bad(at, "a file is cut", e);
	if (!is_zero(b->bytes.p + data + m->size, (size_t)(ustar_blocks(m->size) - m->size)))
		return bad(data + m->size, "a file is not filled up with zeros", e);
	*next = data + ustar_blocks(m->size);
	return true;
}

/* Walk all members in order; with b->at there, note where they stand. */
static bool walk(struct bundle *b, struct err *e)
{
	struct ustar_claim members[2];
	uint64_t at = 0;
	size_t count = 0;

	while (b->bytes.n - at > BUNDLE_END) {
		struct ustar_claim *m = &members[count % 2], *before = &members[1 - count % 2];
		uint64_t start = at;

		if (!member_check(b, at, m, &at, e))
			return false;
		if (count > 0 && str_cmp(before->name, m->name) >= 0)
			return bad(start, "names are not ascending and distinct", e);
		if (count == BUNDLE_FILES_MAX)
			return bad(start, "too many files", e);
		if (b->at != NULL)
			b->at[count] = start;
		count++;
	}
	if (b->bytes.n - at != BUNDLE_END || !is_zero(b->bytes.p + at, BUNDLE_END))
		return bad(at, "does not end in two zero blocks", e);
	b->count = count;
	return true;
}

static bool lookup(const struct bundle *b, struct str name, struct str *data)
{
	size_t low = 0, high = b->count;
	struct ustar_claim m;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order;

		ustar_claim(block_at(b, b->at[middle]).p, &m);
		order = str_cmp(m.name, name);
		if (order == 0) {
			*data = (struct str){ b->bytes.p + b->at[middle] + BUNDLE_BLOCK,
					      (size_t)m.size };
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* No file may stand where another's name needs a folder: `tar -x` could not make both. */
static bool check_folders(const struct bundle *b, struct err *e)
{
	struct ustar_claim m;
	struct str data;

	for (size_t i = 0; i < b->count; i++) {
		ustar_claim(block_at(b, b->at[i]).p, &m);
		for (size_t n = 1; n < m.name.n; n++)
			if (m.name.p[n] == '/' && lookup(b, (struct str){ m.name.p, n }, &data))
				return bad(b->at[i], "a file stands in a folder's place", e);
	}
	return true;
}

bool bundle_open(struct str bytes, struct bundle **out, struct err *e)
{
	struct bundle *b;

	if (bytes.n > BUNDLE_BYTES_MAX || bytes.n % BUNDLE_BLOCK != 0 || bytes.n < BUNDLE_END)
		return bad(bytes.n, "not a whole number of blocks, or too many", e);
	b = calloc(1, sizeof *b);
	if (b == NULL)
		return err_memory(e, "a bundle");
	b->bytes = bytes;
	if (!walk(b, e))
		goto out;
	b->at = calloc(b->count + 1, sizeof *b->at);
	if (b->at == NULL) {
		err_memory(e, "a bundle's index");
		goto out;
	}
	if (!walk(b, e) || !check_folders(b, e))
		goto out;
	*out = b;
	return true;
out:
	bundle_close(b);
	return false;
}

void bundle_close(struct bundle *b)
{
	if (b == NULL)
		return;
	free(b->at);
	free(b);
}

static bool load(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
		 struct err *e)
{
	const struct bundle *b = self;
	struct str data;

	*absent = false;
	if (path[0] != '/' || !is_name(str_of(path + 1)))
		return err_system(e, "'%s' is no path of a published site", path);
	if (!lookup(b, str_of(path + 1), &data)) {
		*absent = true;
		return true;
	}
	if (data.n > cap)
		return err_system(e, "%s is longer than %zu bytes", path, cap);
	buf_str(out, data);
	return buf_ok(out, path, e);
}

void bundle_site(struct bundle *b, struct site *site)
{
	*site = (struct site){ .self = b, .load = load };
}
