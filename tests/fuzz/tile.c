/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/tile.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

/*
 * A site of the input's making: a byte that says what is asked of it, 2 of tree size, 2 of index, then for each file asked
 * for a byte that says what is answered (absent, unreachable, the input as it is, or bytes of it of the right length, entries
 * with their lengths or without).  Whatever it says, reader and edge refuse by their codes or agree with each other; what
 * the edge puts has the length its name says.
 */
struct hostile {
	const uint8_t *data;
	size_t n, at;
	bool down; /* this site has failed: any error may be its own */
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

static uint8_t next(struct hostile *h)
{
	return h->at < h->n ? h->data[h->at++] : 0;
}

static uint64_t number(struct hostile *h)
{
	uint64_t high = next(h);

	return high << 8 | next(h);
}

static size_t length_of(const char *path)
{
	const char *part = strstr(path, ".p/");
	size_t unit = strstr(path, "entries") != NULL ? BUNDLE_ENTRY : SHA256_SIZE;

	return unit * (part != NULL ? strtoul(part + 3, NULL, 10) : TILE_WIDTH);
}

static bool hostile_load(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
			 struct err *e)
{
	struct hostile *h = self;
	uint8_t answer = next(h);
	size_t want = length_of(path);

	*absent = answer % 8 == 1;
	h->down = answer % 8 == 2;
	if (h->down)
		return err_system(e, "the net is down");
	if (*absent)
		return true;
	if (answer % 8 == 3) {
		buf_put(out, h->data, h->n < cap ? h->n : cap);
		return buf_ok(out, "a file", e);
	}
	while (out->n < want && h->n > 0)
		buf_put(out, h->data, h->n < want - out->n ? h->n : want - out->n);
	for (size_t i = 0; strstr(path, "entries") != NULL && answer % 2 == 0 && i < out->n;
	     i += BUNDLE_ENTRY) {
		out->p[i] = 0;
		out->p[i + 1] = ENTRY_SIZE;
	}
	return buf_ok(out, "a file", e);
}

static bool sized_put(void *self, const char *path, struct str bytes, struct err *e)
{
	(void)self;
	(void)e;
	must(bytes.n == length_of(path));
	return true;
}

static void check_refusal(const struct hostile *h, const struct err *e)
{
	must(h->down || (e->kind == ERR_INPUT && (str_eq(str_of(e->code), STR("TILE-FORM")) ||
						  str_eq(str_of(e->code), STR("SITE-ABSENT")))));
}

/* Reads once what is asked; what was answered is answered alike again, without the site. */
static void as_reader(struct hostile *h, unsigned what, uint64_t size, uint64_t index)
{
	struct site site = { .self = h, .load = hostile_load };
	struct err e = { 0 };
	struct tile_reader *r = tile_reader_new(&site, size, &e);
	struct merkle_source from = tile_reader_source(r);
	unsigned char root[SHA256_SIZE], again[SHA256_SIZE];
	struct merkle_proof p;
	struct entry entry;
	size_t before;
	bool ok;

	must(r != NULL);
	if (what == 0)
		ok = tile_reader_entry(r, index, &entry, &e);
	else if (what == 1)
		ok = merkle_inclusion(&from, size, index, &p, &e);
	else
		ok = merkle_consistency(&from, index, size, &p, &e);
	if (!ok)
		check_refusal(h, &e);
	if (!merkle_root(&from, size, root, &e)) {
		check_refusal(h, &e);
	} else {
		before = h->at;
		must(merkle_root(&from, size, again, &e) && h->at == before);
		must(memcmp(root, again, sizeof root) == 0);
	}
	tile_reader_free(r);
}

static void as_edge(struct hostile *h, uint64_t size)
{
	struct site site = { .self = h, .load = hostile_load };
	struct tile_sink sink = { .put = sized_put };
	struct tile_edge *edge = NULL;
	struct entry entry = { { ENTRY_DOCUMENT } };
	unsigned char root[SHA256_SIZE];
	struct err e = { 0 };

	if (!tile_edge_open(&site, size, &sink, &edge, &e)) {
		check_refusal(h, &e);
		return;
	}
	for (int i = 0; i < 20; i++)
		must(tile_edge_add(edge, &entry, &e));
	must(tile_edge_size(edge) == size + 20 && tile_edge_root(edge, root, &e) &&
	     tile_edge_end(edge, &e));
	tile_edge_free(edge);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hostile h = { .data = data, .n = size };
	unsigned what = next(&h);
	uint64_t tree = number(&h) + 1, index = number(&h) % tree;

	if (what >= 128)
		tree *= 257; /* three levels */
	if (what % 8 < 4)
		as_reader(&h, what % 4, tree, index);
	else if (what % 8 < 6)
		as_edge(&h, tree);
	else
		as_edge(&h,
			tree / 256 * 256); /* no entries of its own, which no input could guess */
	return 0;
}
