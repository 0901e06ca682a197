/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/tile.h"

#include <stdio.h>

#include "check.h"
#include "shelf.h"
#include "tree.h"

static void must(bool ok, const struct err *e)
{
	if (!ok) {
		(void)printf("# %s: %s\n", e->place, e->cause);
		abort();
	}
}

static struct tile_edge *edge_open(struct shelf *s, uint64_t size)
{
	struct site site = shelf_site(s);
	struct tile_sink sink = shelf_sink(s);
	struct tile_edge *edge = NULL;
	struct err e = { 0 };

	must(tile_edge_open(&site, size, &sink, &edge, &e), &e);
	return edge;
}

static void edge_grow(struct tile_edge *edge, uint64_t to)
{
	struct err e = { 0 };

	while (tile_edge_size(edge) < to) {
		struct entry entry = tree_entry(tile_edge_size(edge));

		must(tile_edge_add(edge, &entry, &e), &e);
	}
}

static void edge_end(struct tile_edge *edge)
{
	struct err e = { 0 };

	must(tile_edge_end(edge, &e), &e);
}

/* A log of `size` in one run. */
static void log_build(struct shelf *s, uint64_t size)
{
	struct tile_edge *edge = edge_open(s, 0);

	edge_grow(edge, size);
	edge_end(edge);
	tile_edge_free(edge);
}

TEST(paths_are_those_of_tlog_tiles)
{
	static const struct {
		int level;
		uint64_t n;
		unsigned width;
		const char *path;
	} cases[] = {
		{ 0, 0, 256, "/tile/0/000" },
		{ 0, 1234067, 256, "/tile/0/x001/x234/067" },
		{ 0, 1234067, 1, "/tile/0/x001/x234/067.p/1" },
		{ 1, 999, 255, "/tile/1/999.p/255" },
		{ 7, 1000, 256, "/tile/7/x001/000" },
		{ TILE_ENTRIES, 0, 12, "/tile/entries/000.p/12" },
		{ TILE_ENTRIES, 1562, 256, "/tile/entries/x001/562" },
		{ TILE_ENTRIES, UINT64_MAX, 255,
		  "/tile/entries/x018/x446/x744/x073/x709/x551/615.p/255" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char path[TILE_PATH];

		tile_path(cases[i].level, cases[i].n, cases[i].width, path);
		EQ_C(path, cases[i].path);
	}
}

TEST(widths_are_those_of_tlog_tiles)
{
	static const struct {
		int level;
		uint64_t n, size;
		unsigned width;
	} cases[] = {
		/* the specification's own examples */
		{ 0, 272, 70000, 256 },
		{ 0, 273, 70000, 112 },
		{ 0, 274, 70000, 0 },
		{ 1, 0, 70000, 256 },
		{ 1, 1, 70000, 17 },
		{ 1, 2, 70000, 0 },
		{ 2, 0, 70000, 1 },
		{ 3, 0, 70000, 0 },
		{ 0, 0, 256, 256 },
		{ 0, 1, 256, 0 },
		{ 1, 0, 256, 1 },
		{ TILE_ENTRIES, 273, 70000, 112 },
		{ 0, 0, 0, 0 },
		{ 0, 0, 1, 1 },
		{ 0, UINT64_MAX, 70000, 0 },
		{ 7, 0, UINT64_C(1) << 62, 64 },
		{ 8, 0, UINT64_MAX, 0 },
		{ -2, 0, 70000, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EQ_INT(tile_width(cases[i].level, cases[i].n, cases[i].size), cases[i].width);
}

enum { MOST = 700 };

static void leaves_fill(unsigned char (*leaves)[32], uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		struct entry entry = tree_entry(i);

		entry_hash(&entry, leaves[i]);
	}
}

/* All a reader of this size can say agrees with the edge and with the entries. */
static void read_all(struct shelf *s, uint64_t size, uint64_t step)
{
	struct site site = shelf_site(s);
	struct err e = { 0 };
	struct tile_reader *r = tile_reader_new(&site, size, &e);
	struct merkle_source from = tile_reader_source(r);
	unsigned char root[32];

	OK(merkle_root(&from, size, root, &e), e);
	for (uint64_t at = 0; at < size + step; at += step) {
		uint64_t i = at < size ? at : size - 1;
		struct entry want = tree_entry(i), got;
		struct merkle_proof p;
		unsigned char leaf[32];

		if (!OK(tile_reader_entry(r, i, &got, &e), e) || !CHECK(entry_equal(&want, &got)) ||
		    !OK(merkle_inclusion(&from, size, i, &p, &e), e))
			break;
		entry_hash(&got, leaf);
		if (!CHECK(merkle_includes(leaf, i, size, root, &p)))
			break;
	}
	tile_reader_free(r);
}

TEST(an_edge_opened_at_any_size_goes_on_as_if_it_had_never_stopped)
{
	for (uint64_t size = 0; size <= 600; size++) {
		struct shelf once = shelf_new(), twice = shelf_new();
		unsigned char a[32], b[32];
		struct tile_edge *edge = edge_open(&once, 0);
		struct err e = { 0 };

		edge_grow(edge, size);
		edge_end(edge);
		edge_grow(edge, MOST);
		edge_end(edge);
		edge_end(edge); /* puts nothing twice */
		must(tile_edge_root(edge, a, &e), &e);
		tile_edge_free(edge);
		log_build(&twice, size);
		edge = edge_open(&twice, size);
		CHECK(twice.loads <= TILE_LEVELS + 1);
		edge_end(edge); /* nothing is new */
		edge_grow(edge, MOST);
		edge_end(edge);
		must(tile_edge_root(edge, b, &e), &e);
		tile_edge_free(edge);
		if (!CHECK(shelf_same(&once, &twice)) || !EQ_BYTES(a, b, 32))
			EQ_INT(size, -1);
		shelf_free(&once);
		shelf_free(&twice);
	}
}

/* The next tile, as far as the last one was when it was stored, is not taken for it. */
TEST(a_partial_tile_of_a_width_that_was_stored_before_is_stored)
{
	struct shelf s = shelf_new();
	struct tile_edge *edge = edge_open(&s, 0);

	for (uint64_t size = 5; size < 2000; size += 256) {
		edge_grow(edge, size);
		edge_end(edge);
		read_all(&s, size, 50);
	}
	tile_edge_free(edge);
	edge = edge_open(&s, 1797);
	edge_grow(edge, 2053);
	edge_end(edge);
	read_all(&s, 2053, 50);
	tile_edge_free(edge);
	shelf_free(&s);
}

TEST(roots_at_every_size_are_those_of_the_plain_recursion)
{
	static unsigned char leaves[MOST][32];
	struct shelf s = shelf_new();
	struct tile_edge *edge = edge_open(&s, 0);
	struct err e = { 0 };

	leaves_fill(leaves, MOST);
	for (uint64_t n = 0; n <= MOST; n++) {
		unsigned char want[32], got[32];

		edge_grow(edge, n);
		OK(tile_edge_root(edge, got, &e), e);
		tree_root((const unsigned char(*)[32])leaves, n, want);
		EQ_BYTES(got, want, 32);
	}
	tile_edge_free(edge);
	shelf_free(&s);
}

TEST(a_reader_proves_every_entry_of_small_logs)
{
	static const uint64_t sizes[] = { 1, 2, 3, 255, 256, 257, 511, 512, 513, 600 };

	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct shelf s = shelf_new();

		log_build(&s, sizes[i]);
		read_all(&s, sizes[i], 1);
		shelf_free(&s);
	}
}

TEST(a_log_of_three_levels_is_read_and_continued)
{
	enum { SIZE = 65536 + 2 * 256 + 7 };
	struct shelf s = shelf_new();
	struct tile_edge *edge = edge_open(&s, 0);
	struct site site = shelf_site(&s);
	unsigned char roots[2][32];
	struct tile_reader *r;
	struct merkle_source from;
	struct merkle_proof p;
	struct err e = { 0 };

	edge_grow(edge, 65536);
	edge_end(edge);
	must(tile_edge_root(edge, roots[0], &e), &e);
	tile_edge_free(edge);
	read_all(&s, 65536, 7919);
	s.loads = 0;
	edge = edge_open(&s, 65536);
	EQ_INT(s.loads, 1); /* one hash at level 2, all else is full */
	edge_grow(edge, SIZE);
	edge_end(edge);
	must(tile_edge_root(edge, roots[1], &e), &e);
	tile_edge_free(edge);
	s.loads = 0;
	edge = edge_open(&s, SIZE);
	EQ_INT(s.loads, 4);
	tile_edge_free(edge);
	read_all(&s, SIZE, 7919);
	r = tile_reader_new(&site, SIZE, &e);
	from = tile_reader_source(r);
	s.loads = 0;
	OK(merkle_consistency(&from, 65536, SIZE, &p, &e), e);
	CHECK(merkle_consistent(65536, roots[0], SIZE, roots[1], &p));
	OK(merkle_inclusion(&from, SIZE, 40000, &p, &e), e);
	OK(merkle_inclusion(&from, SIZE, 40000, &p, &e), e);
	CHECK(s.loads <= 5); /* what was read is kept */
	tile_reader_free(r);
	shelf_free(&s);
}

TEST(a_partial_tile_that_is_gone_is_taken_from_the_full_one)
{
	struct shelf s = shelf_new();
	struct tile_edge *edge = edge_open(&s, 0);
	struct site site = shelf_site(&s);
	struct tile_reader *r;
	struct merkle_source from;
	unsigned char want[32], got[32];
	struct entry entry, last = tree_entry(299);
	struct err e = { 0 };

	edge_grow(edge, 300);
	edge_end(edge);
	must(tile_edge_root(edge, want, &e), &e);
	edge_grow(edge, 600);
	edge_end(edge);
	tile_edge_free(edge);
	shelf_remove(&s, "/tile/0/001.p/44");
	shelf_remove(&s, "/tile/entries/001.p/44");
	r = tile_reader_new(&site, 300, &e);
	from = tile_reader_source(r);
	OK(merkle_root(&from, 300, got, &e), e);
	EQ_BYTES(got, want, 32);
	OK(tile_reader_entry(r, 299, &entry, &e), e);
	CHECK(entry_equal(&entry, &last));
	tile_reader_free(r);
	edge = edge_open(&s, 300);
	must(tile_edge_root(edge, got, &e), &e);
	EQ_BYTES(got, want, 32);
	tile_edge_free(edge);
	shelf_free(&s);
}

/* What a reader and an edge make of a log of 300 whose file `path` is as given (NULL: gone). */
static void refused(const char *path, const void *bytes, size_t n, const char *code)
{
	struct shelf s = shelf_new();
	struct site site = shelf_site(&s);
	struct tile_sink sink = shelf_sink(&s);
	struct tile_reader *r;
	struct tile_edge *edge;
	struct merkle_source from;
	struct entry entry;
	unsigned char root[32];
	struct err e = { 0 };

	log_build(&s, 300);
	if (bytes == NULL)
		shelf_remove(&s, path);
	else
		shelf_set(&s, path, bytes, n);
	r = tile_reader_new(&site, 300, &e);
	from = tile_reader_source(r);
	if (str_find(str_of(path), STR("entries"), 0) == SIZE_MAX)
		CHECK(!merkle_root(&from, 300, root, &e));
	else
		CHECK(!tile_reader_entry(r, 299, &entry, &e));
	EQ_INT(e.kind, ERR_INPUT);
	EQ_C(e.code, code);
	EQ_C(e.place, path);
	tile_reader_free(r);
	CHECK(!tile_edge_open(&site, 300, &sink, &edge, &e));
	EQ_C(e.code, code);
	shelf_free(&s);
}

TEST(tiles_of_another_length_are_refused)
{
	static const char *const paths[] = { "/tile/0/001.p/44", "/tile/entries/001.p/44" };
	static const size_t units[] = { 32, BUNDLE_ENTRY };
	static const unsigned char zeros[BUNDLE_BYTES];

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		const size_t lengths[] = { 0,
					   1,
					   units[i],
					   44 * units[i] - 1,
					   44 * units[i] + 1,
					   43 * units[i],
					   45 * units[i],
					   256 * units[i] };

		refused(paths[i], NULL, 0, "SITE-ABSENT");
		for (size_t k = 0; k < COUNT_OF(lengths); k++)
			refused(paths[i], zeros, lengths[k], "TILE-FORM");
	}
	/* The right length, but entries of none. */
	refused(paths[1], zeros, 44 * BUNDLE_ENTRY, "TILE-FORM");
	refused("/tile/1/000.p/1", zeros, 33, "TILE-FORM");
	refused("/tile/1/000.p/1", NULL, 0, "SITE-ABSENT");
}

TEST(a_full_tile_of_another_length_does_not_stand_for_a_partial_one)
{
	struct shelf s = shelf_new();
	struct site site = shelf_site(&s);
	unsigned char zeros[TILE_BYTES + 1] = { 0 }, root[32];
	struct tile_reader *r;
	struct merkle_source from;
	struct err e = { 0 };

	log_build(&s, 300);
	shelf_remove(&s, "/tile/0/001.p/44");
	shelf_set(&s, "/tile/0/001", zeros, 44 * 32);
	r = tile_reader_new(&site, 300, &e);
	from = tile_reader_source(r);
	CHECK(!merkle_root(&from, 300, root, &e));
	EQ_C(e.code, "TILE-FORM");
	EQ_C(e.place, "/tile/0/001");
	shelf_set(&s, "/tile/0/001", zeros, sizeof zeros);
	CHECK(!merkle_root(&from, 300, root, &e));
	EQ_C(e.code, "TILE-FORM");
	tile_reader_free(r);
	shelf_free(&s);
}

TEST(one_bit_in_any_hash_of_the_edge_changes_the_root_and_in_any_entry_is_seen)
{
	struct shelf s = shelf_new();
	struct site site = shelf_site(&s);
	struct tile_sink sink = shelf_sink(&s);
	struct tile_edge *edge;
	unsigned char want[32], got[32];
	struct shelf_file *f;
	struct err e = { 0 };

	log_build(&s, 300);
	edge = edge_open(&s, 300);
	must(tile_edge_root(edge, want, &e), &e);
	tile_edge_free(edge);
	f = shelf_slot(&s, "/tile/1/000.p/1");
	for (size_t bit = 0; bit < 256; bit += 13) {
		f->bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		edge = edge_open(&s, 300);
		must(tile_edge_root(edge, got, &e), &e);
		CHECK(memcmp(got, want, 32) != 0);
		tile_edge_free(edge);
		f->bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	for (int which = 0; which < 2; which++) {
		f = shelf_slot(&s, which == 0 ? "/tile/0/001.p/44" : "/tile/entries/001.p/44");
		for (size_t bit = 0; bit < 8 * f->n; bit += 97) {
			f->bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
			if (!CHECK(!tile_edge_open(&site, 300, &sink, &edge, &e)))
				tile_edge_free(edge);
			EQ_C(e.code, "TILE-FORM");
			f->bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		}
	}
	shelf_free(&s);
}

TEST(a_site_that_cannot_be_reached_is_no_answer)
{
	struct shelf s = shelf_new();
	struct site site = shelf_site(&s);
	struct tile_sink sink = shelf_sink(&s);
	struct tile_edge *edge;
	struct err e = { 0 };

	log_build(&s, 300);
	for (size_t nth = 1; nth <= 3; nth++) {
		s.fail_load = nth;
		CHECK(!tile_edge_open(&site, 300, &sink, &edge, &e));
		EQ_INT(e.kind, ERR_SYSTEM);
		EQ_C(e.cause, "the net is down");
	}
	shelf_free(&s);
}

TEST(after_a_tile_that_could_not_be_stored_nothing_goes_on)
{
	for (size_t nth = 1; nth <= 4; nth++) {
		struct shelf s = shelf_new();
		struct tile_edge *edge = edge_open(&s, 0);
		struct entry entry = tree_entry(0);
		unsigned char root[32];
		struct err e = { 0 };
		bool ok = true;

		s.fail_put = nth; /* bundle and tile, full and partial */
		for (int i = 0; ok && i < 300; i++)
			ok = tile_edge_add(edge, &entry, &e);
		ok = ok && tile_edge_end(edge, &e);
		CHECK(!ok);
		EQ_C(e.cause, "the disk is full");
		CHECK(!tile_edge_add(edge, &entry, &e));
		CHECK(!tile_edge_end(edge, &e));
		CHECK(!tile_edge_root(edge, root, &e));
		EQ_INT(e.kind, ERR_SYSTEM);
		tile_edge_free(edge);
		shelf_free(&s);
	}
}

TEST(what_is_outside_the_tree_is_not_asked_for)
{
	struct shelf s = shelf_new();
	struct site site = shelf_site(&s);
	struct tile_sink sink = shelf_sink(&s);
	struct tile_reader *r;
	struct merkle_source from;
	struct tile_edge *edge;
	struct entry entry;
	unsigned char hash[32];
	struct err e = { 0 };

	log_build(&s, 300);
	s.loads = 0;
	r = tile_reader_new(&site, 300, &e);
	from = tile_reader_source(r);
	CHECK(!tile_reader_entry(r, 300, &entry, &e));
	CHECK(!tile_reader_entry(r, UINT64_MAX, &entry, &e));
	CHECK(!from.hash(from.self, 0, 300, hash, &e));
	CHECK(!from.hash(from.self, 5, 9, hash, &e));
	CHECK(!from.hash(from.self, 9, 0, hash, &e));
	CHECK(!from.hash(from.self, 64, 0, hash, &e));
	CHECK(!from.hash(from.self, 1000, 0, hash, &e));
	CHECK(!tile_edge_open(&site, MERKLE_SIZE_MAX + 1, &sink, &edge, &e));
	EQ_INT(s.loads, 0);
	tile_reader_free(r);
	tile_reader_free(NULL);
	tile_edge_free(NULL);
	shelf_free(&s);
}

static bool open_and_read(struct shelf *s, struct err *e)
{
	struct site site = shelf_site(s);
	struct tile_sink sink = shelf_sink(s);
	struct tile_edge *edge = NULL;
	struct tile_reader *r = tile_reader_new(&site, 300, e);
	struct entry entry;
	bool ok = r != NULL && tile_reader_entry(r, 3, &entry, e);

	tile_reader_free(r);
	ok = ok && tile_edge_open(&site, 300, &sink, &edge, e);
	tile_edge_free(edge);
	return ok;
}

TEST(memory_that_runs_out_is_an_error_and_leaks_nothing)
{
	struct shelf s = shelf_new();
	struct err e = { 0 };
	size_t count;

	log_build(&s, 300);
	check_fail_alloc(SIZE_MAX);
	CHECK(open_and_read(&s, &e));
	count = check_alloc_count();
	CHECK(count > 8);
	for (size_t nth = 1; nth <= count; nth++) {
		bool ok;

		check_fail_alloc(nth);
		ok = open_and_read(&s, &e);
		(void)check_alloc_count();
		check_fail_alloc(0);
		CHECK(!ok);
		EQ_INT(e.kind, ERR_SYSTEM);
	}
	shelf_free(&s);
}
