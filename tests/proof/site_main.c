/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site FOLDER: status shards, sealed buckets and a bundle of both, for judges we did not write (tests/proof/site.py).
 *   FOLDER/site: keys.note, s/<n>, d/info, d/<bits>             FOLDER/site.tar       the bundle
 *   FOLDER/values-<n>   one byte an entry of shard n            FOLDER/documents      "docid token" in hex, a line each
 */
#include "base/enc.h"
#include "fixture.h"
#include "proof/bundle.h"
#include "proof/lookup.h"
#include "proof/statuslist.h"

enum { SHARDS = 7, DOCUMENTS = 300, FILES_MAX = 64, NAME = 256 };

/* A path of 200 bytes: a bundle cuts the name in two. */
#define STEP "0123456789abcdefghi/"
#define LONG "/" STEP STEP STEP STEP STEP STEP STEP STEP STEP "abcdefghij0123456789"

/* Entries of a thousand that are not valid, shard by shard. */
static const unsigned per_mille[SHARDS] = { 0, 5, 10, 50, 100, 500, 1000 };

struct out {
	struct world *w;
	const char *folder;
	struct err e;
	char names[FILES_MAX][NAME]; /* "/s/0": what the bundle holds */
	size_t count;
};

static void must(struct out *o, bool ok)
{
	world_must(ok, &o->e);
}

static const char *in_folder(struct out *o, const char *name)
{
	const char *path;

	must(o, io_path(o->w->arena, o->folder, name, &path, &o->e));
	return path;
}

static void put(struct out *o, const char *folder, const char *name, struct str bytes)
{
	must(o, io_replace(in_folder(o, folder), name, bytes, 0644, &o->e));
}

/* A file of the site, "/s/0". */
static void put_site(struct out *o, const char *path, struct str bytes)
{
	char folder[NAME] = "site";
	size_t slash = 0;

	for (size_t i = 1; path[i] != '\0'; i++)
		if (path[i] == '/')
			slash = i;
	memcpy(folder + 4, path, slash);
	must(o, io_mkdir(in_folder(o, folder), 0755, &o->e));
	put(o, folder, path + slash + 1, bytes);
	(void)snprintf(o->names[o->count++], NAME, "%s", path);
}

static uint64_t next_random(uint64_t *state) /* SplitMix64 */
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* As a register has it: most that is not valid is superseded or ended. */
static unsigned draw(uint64_t *state)
{
	static const unsigned values[] = { 1, 2, 3, 3, 3, 3, 3, 12, 12, 12 };

	return values[next_random(state) % COUNT_OF(values)];
}

static void put_shard(struct out *o, unsigned n)
{
	struct shard *s = arena_alloc(o->w->arena, sizeof *s, &o->e);
	char path[SHARD_PATH], name[NAME];
	unsigned char values[SHARD_ENTRIES] = { 0 };
	struct buf bytes = buf_empty(SHARD_FILE_MAX);
	uint64_t state = n;

	must(o, s != NULL);
	for (unsigned set = 0; set < per_mille[n] * SHARD_ENTRIES / 1000;) {
		unsigned i = (unsigned)(next_random(&state) % SHARD_ENTRIES);

		if (values[i] != 0)
			continue;
		values[i] = (unsigned char)draw(&state);
		status_set(s->list, i, values[i]);
		set++;
	}
	shard_path(n, path);
	must(o,
	     arena_printf(o->w->arena, &s->sub, &o->e, "%.*s%s", STR_ARG(o->w->policy.site), path));
	s->iat = WORLD_NOW;
	s->exp = WORLD_NOW + SHARD_LIFE_S;
	s->ttl = 3600;
	s->tree_size = 1000000;
	s->keys_version = 2;
	must(o, shard_write(&bytes, s, o->w->signer, &o->e));
	put_site(o, path, buf_view(&bytes));
	(void)snprintf(name, sizeof name, "values-%u", n);
	put(o, ".", name, str_bytes(values, sizeof values));
	printf("# shard with %4.1f %% set: %zu bytes\n", per_mille[n] / 10.0, bytes.n);
	buf_free(&bytes);
}

struct sealed {
	unsigned char digest[SHA256_SIZE];
	struct token token;
};

static int by_digest(const void *a, const void *b)
{
	return memcmp(a, b, SHA256_SIZE);
}

/* Buckets of documents in the order of their digests: those of one path stand together. */
static void put_buckets(struct out *o, const struct sealed *all, unsigned bits)
{
	for (size_t i = 0, next; i < DOCUMENTS; i = next) {
		struct buf bucket = buf_empty(LOOKUP_BUCKET_MAX);
		char path[LOOKUP_PATH], other[LOOKUP_PATH];

		lookup_path(all[i].digest, bits, path);
		for (next = i; next < DOCUMENTS; next++) {
			const struct token *t = &all[next].token;

			lookup_path(all[next].digest, bits, other);
			if (strcmp(path, other) != 0)
				break;
			must(o, lookup_seal(&bucket,
					    str_bytes(t->payload.docid, t->payload.docid_size),
					    t->bytes, &o->e));
		}
		lookup_sort(&bucket);
		put_site(o, path, buf_view(&bucket));
		buf_free(&bucket);
	}
}

static void put_lookup(struct out *o)
{
	static struct sealed all[DOCUMENTS];
	struct buf text = buf_empty(1 << 20), info = buf_empty(100);
	unsigned bits = lookup_bits(DOCUMENTS) + 2; /* a few buckets more than so few need */

	for (size_t i = 0; i < DOCUMENTS; i++) {
		struct token_payload p = i % 3 == 0 ? world_letter(i) : world_certificate(i);
		struct token *t = &all[i].token;

		*t = world_token(o->w, o->w->signer, &p);
		lookup_digest(str_bytes(p.docid, p.docid_size), all[i].digest);
		enc_hex(&text, p.docid, p.docid_size);
		buf_byte(&text, ' ');
		enc_hex(&text, t->bytes.p, t->bytes.n);
		buf_byte(&text, '\n');
	}
	put(o, ".", "documents", buf_view(&text));
	qsort(all, DOCUMENTS, sizeof *all, by_digest);
	put_buckets(o, all, bits);
	must(o, lookup_info_write(&info, bits, &o->e));
	put_site(o, "/d/info", buf_view(&info));
	buf_free(&text);
	buf_free(&info);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void put_bundle(struct out *o)
{
	static const char zeros[BUNDLE_END];
	struct buf tar = buf_empty(8 << 20), file = buf_empty(1 << 20);

	qsort(o->names, o->count, NAME, by_name);
	for (size_t i = 0; i < o->count; i++) {
		unsigned char header[BUNDLE_BLOCK];

		buf_clear(&file);
		must(o, io_read_in(in_folder(o, "site"), o->names[i] + 1, &file, &o->e));
		must(o, bundle_header(o->names[i], file.n, header, &o->e));
		buf_put(&tar, header, sizeof header);
		buf_str(&tar, buf_view(&file));
		buf_put(&tar, zeros, (BUNDLE_BLOCK - file.n % BUNDLE_BLOCK) % BUNDLE_BLOCK);
	}
	buf_put(&tar, zeros, sizeof zeros);
	put(o, ".", "site.tar", buf_view(&tar));
	buf_free(&tar);
	buf_free(&file);
}

static void put_keys(struct out *o)
{
	struct buf note = buf_empty(1 << 20);

	must(o, keylist_write(&note, &o->w->list, &o->w->policy, o->w->signer, &o->e));
	put_site(o, "/keys.note", buf_view(&note));
	buf_free(&note);
}

int main(int argc, char **argv)
{
	static struct world w;
	static struct out o;

	if (argc != 2)
		return 2;
	w = world_new();
	o.w = world_ready(&w);
	o.folder = argv[1];
	must(&o, io_mkdir(in_folder(&o, "site/tile/entries/x001"), 0755, &o.e));
	put_site(&o, "/checkpoint", STR("no checkpoint, but a file\n"));
	put_keys(&o);
	put_site(&o, "/tile/entries/x001/002.p/7", STR("no tile"));
	put_site(&o, LONG, STR("a name of 200 bytes"));
	put_site(&o, "/" STEP STEP STEP STEP STEP "x", STR("a name of 101 bytes"));
	for (unsigned n = 0; n < SHARDS; n++)
		put_shard(&o, n);
	put_site(&o, "/s/0.at/1795140000", STR(""));
	put_lookup(&o);
	put_bundle(&o);
	world_free(&w);
	return 0;
}
