/* SPDX-License-Identifier: Apache-2.0 */
/*
 * far FOLDER NOW: the site of an issuer of a thousand million documents, as far as checks of three of them see it, to count
 * what they fetch.  The log is a rule, not a list: a subtree of 256^n entries that holds none of the three has an invented
 * root, and everything else follows from it.
 *   FOLDER/policy.json   FOLDER/one   FOLDER/two: the same, a tick later
 *   FOLDER/NAME.pdf, FOLDER/NAME.digits, NAME of mine, near (within 65,536 positions of mine), other; FOLDER/other.digits.tlog-proof
 */
#include <time.h>

#include "base/enc.h"
#include "proof/sitemaker.h"

static const uint64_t SIZE = 1000000000, TICK = 9; /* eight documents and the journal's head */
static const uint64_t BLOCK = 30519;               /* the status shards' own entries */
/* The tree they claim: of whole tiles, as the program claims it of a large log. */
static const uint64_t CLAIM = 999969280; /* (SIZE - BLOCK) / 256 * 256 */
static const uint64_t IDX[] = { 314159265, 314160265, 871234567 };
static const char *const NAMES[] = { "mine", "near", "other" };

enum { DOCS = COUNT_OF(IDX), PER_MILLE_SET = 100 };

struct far {
	struct world w;
	const char *folder;
	int64_t now;
	struct leaf leaves[DOCS];
	struct err e;
};

static void must(struct far *f, bool ok)
{
	world_must(ok, &f->e);
}

static struct entry entry_at(const struct far *f, uint64_t i)
{
	struct entry entry = { { ENTRY_DOCUMENT } };
	unsigned char number[8];
	struct str part = str_bytes(number, sizeof number);

	u64_be(i, number);
	sha256_labelled("far/token", &part, 1, entry.bytes + 1);
	sha256_labelled("far/pdf", &part, 1, entry.bytes + 1 + SHA256_SIZE);
	for (size_t d = 0; d < DOCS; d++)
		if (IDX[d] == i)
			entry = entry_document(&f->leaves[d]);
	return entry;
}

/* Does the subtree hold a document, or the end of an older tree? */
static bool holds_one(unsigned level, uint64_t index)
{
	for (size_t d = 0; d < DOCS; d++)
		if (IDX[d] >> level == index)
			return true;
	return CLAIM >> level == index || SIZE >> level == index;
}

static bool node(void *self, unsigned level, uint64_t index, unsigned char out[SHA256_SIZE],
		 struct err *e)
{
	const struct far *f = self;
	unsigned char left[SHA256_SIZE], right[SHA256_SIZE], number[16];
	struct str part = str_bytes(number, sizeof number);

	if (level == 0) {
		struct entry entry = entry_at(f, index);

		entry_hash(&entry, out);
		return true;
	}
	if (level % 8 == 0 && !holds_one(level, index)) {
		u64_be(level, number);
		u64_be(index, number + 8);
		sha256_labelled("far/node", &part, 1, out);
		return true;
	}
	if (!node(self, level - 1, 2 * index, left, e) ||
	    !node(self, level - 1, 2 * index + 1, right, e))
		return false;
	merkle_node(left, right, out);
	return true;
}

static void put(struct far *f, const char *site, const char *path, const struct buf *bytes)
{
	struct str folder;
	const char *slash = strrchr(path, '/');

	must(f, arena_printf(f->w.arena, &folder, &f->e, "%s%s%.*s", f->folder, site,
			     (int)(slash - path), path));
	must(f, io_mkdir(folder.p, 0755, &f->e));
	must(f, io_replace(folder.p, slash + 1, buf_view(bytes), 0644, &f->e));
}

/* The tiles of a tree of `size` on the way to position `at`, and the bundle it lies in. */
static void put_tiles(struct far *f, const char *site, uint64_t size, uint64_t at)
{
	struct buf bytes = buf_empty(BUNDLE_BYTES);
	char path[TILE_PATH];

	for (int level = TILE_ENTRIES; level < TILE_LEVELS; level++) {
		unsigned shift = level == TILE_ENTRIES ? 0 : 8 * (unsigned)level;
		uint64_t n = at >> shift >> 8;
		unsigned width = tile_width(level, n, size);

		buf_clear(&bytes);
		for (unsigned i = 0; i < width; i++) {
			unsigned char hash[SHA256_SIZE];
			struct entry entry = entry_at(f, n * TILE_WIDTH + i);

			must(f, node(f, shift, n * TILE_WIDTH + i, hash, &f->e));
			if (level != TILE_ENTRIES) {
				buf_put(&bytes, hash, sizeof hash);
				continue;
			}
			buf_byte(&bytes, 0);
			buf_byte(&bytes, ENTRY_SIZE);
			buf_put(&bytes, entry.bytes, ENTRY_SIZE);
		}
		tile_path(level, n, width, path);
		if (width > 0)
			put(f, site, path, &bytes);
	}
	buf_free(&bytes);
}

static void checkpoint_of(struct far *f, uint64_t size, struct buf *out)
{
	const struct merkle_source source = { .self = f, .hash = node };
	struct checkpoint c = { .origin = f->w.policy.log.name, .size = size };

	buf_clear(out);
	must(f, merkle_root(&source, size, c.root, &f->e));
	must(f, checkpoint_write(out, &c, &f->w.policy.log, f->w.signer, &f->e));
}

static void put_shard(struct far *f, const char *site, uint64_t n, const unsigned char keys[])
{
	static struct shard s;
	const struct merkle_source source = { .self = f, .hash = node };
	static const unsigned values[] = { 1, 2, 3, 12 };
	struct buf out = buf_empty(SHARD_FILE_MAX);
	uint64_t draw = n * 2654435761u + 1;
	char path[SHARD_PATH];

	s = (struct shard){ .iat = f->now - 60,
			    .exp = f->now - 60 + SHARD_LIFE_S,
			    .ttl = 3600,
			    .tree_size = CLAIM,
			    .keys_version = 1 };
	must(f, arena_printf(f->w.arena, &s.sub, &f->e, "https://verify.example.org/s/%llu",
			     (unsigned long long)n));
	memcpy(s.keys_sha256, keys, SHA256_SIZE);
	must(f, merkle_root(&source, s.tree_size, s.tree_root, &f->e));
	for (unsigned i = 0; i < SHARD_ENTRIES; i++) {
		draw = draw * 6364136223846793005u + 1442695040888963407u;
		if ((draw >> 33) % 1000 < PER_MILLE_SET)
			status_set(s.list, i, values[(draw >> 50) % COUNT_OF(values)]);
	}
	for (size_t d = 0; d < DOCS; d++)
		if (IDX[d] >> SHARD_BITS == n)
			status_set(s.list, (unsigned)(IDX[d] % SHARD_ENTRIES), 0);
	must(f, shard_write(&out, &s, f->w.signer, &f->e));
	shard_path(n, path);
	put(f, site, path, &out);
	buf_free(&out);
}

static void put_keys(struct far *f, const char *site, unsigned char hash[SHA256_SIZE])
{
	struct buf out = buf_empty(NOTE_MAX);

	must(f, keylist_write(&out, &f->w.list, &f->w.policy, f->w.signer, &f->e));
	put(f, site, "/keys.note", &out);
	sha256_of(buf_view(&out), hash);
	buf_free(&out);
}

static void put_site(struct far *f, const char *site, uint64_t size)
{
	struct buf out = buf_empty(CHECKPOINT_BYTES_MAX);
	unsigned char keys[SHA256_SIZE];

	put_keys(f, site, keys);
	checkpoint_of(f, size, &out);
	put(f, site, "/checkpoint", &out);
	put_tiles(f, site, size, size);
	put_tiles(f, site, size, SIZE - BLOCK);
	put_tiles(f, site, size, SIZE);
	for (size_t d = 0; d < DOCS; d++) {
		put_tiles(f, site, size, IDX[d]);
		put_shard(f, site, IDX[d] >> SHARD_BITS, keys);
	}
	buf_free(&out);
}

static void put_proof(struct far *f, size_t d)
{
	const struct merkle_source source = { .self = f, .hash = node };
	struct entry entry = entry_at(f, IDX[d]);
	struct buf checkpoint = buf_empty(CHECKPOINT_BYTES_MAX), out = buf_empty(SIDECAR_BYTES_MAX);
	struct sidecar s = { .has_extra = true, .index = IDX[d] };
	struct str name;

	s.extra = str_bytes(entry.bytes + 1 + SHA256_SIZE, SHA256_SIZE);
	checkpoint_of(f, SIZE, &checkpoint);
	s.checkpoint = buf_view(&checkpoint);
	must(f, merkle_inclusion(&source, SIZE, IDX[d], &s.proof, &f->e));
	must(f, sidecar_write(&out, &s, &f->e));
	must(f, arena_printf(f->w.arena, &name, &f->e, "/%s.digits.tlog-proof", NAMES[d]));
	put(f, "", name.p, &out);
	buf_free(&checkpoint);
	buf_free(&out);
}

static void put_token(struct far *f, size_t d)
{
	struct token_payload p = world_certificate(IDX[d]);
	struct buf text = buf_empty(2000), url = buf_empty(2000);
	unsigned char hash[SHA256_SIZE];
	struct token token;
	struct str name, digits, base;

	p.issued_day = f->now / 86400;
	token = world_token(&f->w, f->w.signer, &p);
	token_url(&url, STR("https://verify.example.org"), token.bytes);
	must(f, arena_printf(f->w.arena, &name, &f->e, "/%s.digits", NAMES[d]));
	put(f, "", name.p, &url);
	must(f, token_digits_find(buf_view(&url), &digits, &base));
	buf_printf(&text, "%%PDF-1.7\n<hufu:token>%.*s</hufu:token>\n%%%%EOF\n", STR_ARG(digits));
	must(f, arena_printf(f->w.arena, &name, &f->e, "/%s.pdf", NAMES[d]));
	put(f, "", name.p, &text);
	sha256_of(buf_view(&text), hash);
	f->leaves[d] = leaf_of(token.bytes, hash);
	buf_free(&text);
	buf_free(&url);
}

int main(int argc, char **argv)
{
	static struct far f;
	struct buf policy = buf_empty(POLICY_BYTES_MAX);

	if (argc != 3)
		return 2;
	f.w = world_new();
	world_ready(&f.w);
	f.folder = argv[1];
	f.now = atoll(argv[2]);
	f.w.list.issued = f.now - 86400;
	f.w.list.expires = f.now + 90 * 86400;
	for (size_t i = 0; i < f.w.list.count; i++)
		f.w.keys[i].not_before = f.now - 300 * 86400;
	must(&f, policy_write(&policy, &f.w.policy, &f.e));
	put(&f, "", "/policy.json", &policy);
	for (size_t d = 0; d < DOCS; d++)
		put_token(&f, d);
	put_site(&f, "/one", SIZE);
	put_site(&f, "/two", SIZE + TICK);
	put_proof(&f, DOCS - 1);
	buf_free(&policy);
	world_free(&f.w);
	return 0;
}
