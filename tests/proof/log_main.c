/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log for judges: 400,000 entries that anybody can make again (tree.h), with a checkpoint, proofs and the partial tiles of
 * every size below.
 *
 *   log build DIR    tiles, DIR/log.vkey, DIR/witness-<n>.vkey, and for each size checkpoint.<size>,
 *                    proof.<size>.<index> (C2SP tlog-proof), consistency.<old>.<size> (a base64 hash a line)
 *   log read DIR     read such a folder, made by whomever, up to the sizes it has; a line of ok or not ok for each thing
 *   log time         how long 400,000 entries take, stored nowhere; "<seconds> s"
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/enc.h"
#include "base/io.h"
#include "keys/ring.h"
#include "proof/checkpoint.h"
#include "proof/sidecar.h"
#include "proof/tile.h"
#include "tree.h"

enum { WITNESSES = 2, NOW = 1795140000 };

static const uint64_t SIZES[] = { 1, 2, 255, 256, 257, 65536, 65537, 400000 };

static void must(bool ok, const struct err *e)
{
	if (!ok) {
		(void)fprintf(stderr, "log: %s: %s\n", e->place, e->cause);
		exit(3);
	}
}

/* DIR/path, its folders made. */
static void file_write(const char *dir, const char *path, struct str bytes)
{
	char name[1024];
	FILE *out;

	if (snprintf(name, sizeof name, "%s/%s", dir, path) >= (int)sizeof name)
		exit(3);
	for (char *c = strchr(name + strlen(dir) + 1, '/'); c != NULL; c = strchr(c + 1, '/')) {
		*c = '\0';
		(void)mkdir(name, 0755);
		*c = '/';
	}
	out = fopen(name, "wb");
	if (out == NULL || fwrite(bytes.p, 1, bytes.n, out) != bytes.n || fclose(out) != 0) {
		perror(name);
		exit(3);
	}
}

static bool dir_put(void *self, const char *path, struct str bytes, struct err *e)
{
	(void)e;
	file_write(self, path + 1, bytes);
	return true;
}

static bool dir_load(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
		     struct err *e)
{
	char name[1024];
	struct buf bytes = buf_empty(cap);
	bool ok;

	(void)snprintf(name, sizeof name, "%s%s", (const char *)self, path);
	*absent = !io_exists(name);
	ok = *absent || io_read(name, &bytes, e);
	buf_str(out, buf_view(&bytes));
	buf_free(&bytes);
	return ok;
}

static bool nowhere_put(void *self, const char *path, struct str bytes, struct err *e)
{
	size_t *total = self;

	(void)path;
	(void)e;
	*total += bytes.n;
	return true;
}

struct log {
	const char *dir;
	struct signer *signer;
	struct note_key key, witnesses[WITNESSES];
	struct signer *holders[WITNESSES];
	struct site site;
};

static void vkey_write(const struct log *log, const char *path, const struct note_key *key)
{
	struct buf text = buf_empty(400);
	struct err e = { 0 };

	note_key_write(&text, key);
	buf_byte(&text, '\n');
	must(buf_ok(&text, "a key", &e), &e);
	file_write(log->dir, path, buf_view(&text));
	buf_free(&text);
}

static struct signer *signer_of(enum key_role role, const char *secret, struct ed25519_public *out)
{
	struct ring_seed seed = { .role = role };
	struct signer *signer = NULL;
	struct err e = { 0 };

	sha256_of(str_of(secret), seed.seed);
	must(ring_of_seeds(&seed, 1, &signer, &e), &e);
	must(signer_public(signer, role, 0, out, &e), &e);
	return signer;
}

static void keys_make(struct log *log)
{
	static const char *const secrets[] = { "witness one", "witness two" };
	static const char *const names[] = { "witness.example.net/1", "witness.example.org" };
	static const char *const files[] = { "witness-1.vkey", "witness-2.vkey" };
	struct ed25519_public public;
	struct err e = { 0 };

	log->signer = signer_of(ROLE_LOG, "log", &public);
	must(note_key_make(STR("verify.example.org/log"), &public, &log->key, &e), &e);
	vkey_write(log, "log.vkey", &log->key);
	for (int i = 0; i < WITNESSES; i++) {
		log->holders[i] = signer_of(ROLE_WITNESS, secrets[i], &public);
		must(checkpoint_witness_key(str_of(names[i]), &public, &log->witnesses[i], &e), &e);
		vkey_write(log, files[i], &log->witnesses[i]);
	}
}

static void checkpoint_make(const struct log *log, const struct tile_edge *edge, struct buf *out)
{
	struct checkpoint c = { .origin = log->key.name, .size = tile_edge_size(edge) };
	struct buf body = buf_empty(CHECKPOINT_BODY_MAX);
	char path[64];
	struct err e = { 0 };

	must(tile_edge_root(edge, c.root, &e), &e);
	must(checkpoint_body(&body, &c, &e), &e);
	must(checkpoint_write(out, &c, &log->key, log->signer, &e), &e);
	for (int i = 0; i < WITNESSES; i++)
		must(checkpoint_cosign(out, buf_view(&body), NOW + i, &log->witnesses[i],
				       log->holders[i], &e),
		     &e);
	(void)snprintf(path, sizeof path, "checkpoint.%ju", (uintmax_t)c.size);
	file_write(log->dir, path, buf_view(out));
	buf_free(&body);
}

static void inclusion_make(const struct log *log, struct tile_reader *r, uint64_t size,
			   uint64_t index, struct str checkpoint)
{
	struct merkle_source from = tile_reader_source(r);
	struct buf text = buf_empty(SIDECAR_BYTES_MAX);
	struct sidecar s = { .has_extra = true, .index = index, .checkpoint = checkpoint };
	struct entry entry;
	char path[80];
	struct err e = { 0 };

	must(merkle_inclusion(&from, size, index, &s.proof, &e), &e);
	must(tile_reader_entry(r, index, &entry, &e), &e);
	s.extra = str_bytes(entry.bytes + 33, 32); /* c_pdf */
	must(sidecar_write(&text, &s, &e), &e);
	(void)snprintf(path, sizeof path, "proof.%ju.%ju", (uintmax_t)size, (uintmax_t)index);
	file_write(log->dir, path, buf_view(&text));
	buf_free(&text);
}

static void consistency_make(const struct log *log, struct tile_reader *r, uint64_t old,
			     uint64_t size)
{
	struct merkle_source from = tile_reader_source(r);
	struct buf text = buf_empty(8192);
	struct merkle_proof p;
	char path[80];
	struct err e = { 0 };

	must(merkle_consistency(&from, old, size, &p, &e), &e);
	for (size_t i = 0; i < p.count; i++) {
		enc_base64(&text, p.hashes[i], 32);
		buf_byte(&text, '\n');
	}
	(void)snprintf(path, sizeof path, "consistency.%ju.%ju", (uintmax_t)old, (uintmax_t)size);
	file_write(log->dir, path, buf_view(&text));
	buf_free(&text);
}

static void proofs_make(const struct log *log, size_t which, struct str checkpoint)
{
	uint64_t size = SIZES[which];
	const uint64_t indexes[] = { 0, size / 3, size / 2, size - 1 };
	struct err e = { 0 };
	struct tile_reader *r = tile_reader_new(&log->site, size, &e);

	must(r != NULL, &e);
	for (size_t i = 0; i < COUNT_OF(indexes); i++)
		inclusion_make(log, r, size, indexes[i], checkpoint);
	for (size_t i = 0; i < which; i++)
		consistency_make(log, r, SIZES[i], size);
	tile_reader_free(r);
}

/* The log is closed and opened again at every size, as one batch after another does it. */
static void size_make(struct log *log, size_t which)
{
	struct tile_sink sink = { .put = dir_put };
	struct buf checkpoint = buf_empty(CHECKPOINT_BYTES_MAX);
	struct tile_edge *edge = NULL;
	struct err e = { 0 };

	sink.self = log->site.self;
	must(tile_edge_open(&log->site, which == 0 ? 0 : SIZES[which - 1], &sink, &edge, &e), &e);
	while (tile_edge_size(edge) < SIZES[which]) {
		struct entry entry = tree_entry(tile_edge_size(edge));

		must(tile_edge_add(edge, &entry, &e), &e);
	}
	must(tile_edge_end(edge, &e), &e);
	checkpoint_make(log, edge, &checkpoint);
	proofs_make(log, which, buf_view(&checkpoint));
	buf_free(&checkpoint);
	tile_edge_free(edge);
}

static int build(char *dir)
{
	struct log log = { .dir = dir, .site = { .self = dir, .load = dir_load } };

	keys_make(&log);
	for (size_t i = 0; i < COUNT_OF(SIZES); i++)
		size_make(&log, i);
	signer_free(log.signer);
	for (int i = 0; i < WITNESSES; i++)
		signer_free(log.holders[i]);
	return 0;
}

/* The folder as a reader sees it. */
struct judged {
	struct log log;
	struct arena *arena;
	unsigned passed, failed;
};

static void say(struct judged *j, bool ok, const char *what, uint64_t size, uint64_t other)
{
	*(ok ? &j->passed : &j->failed) += 1;
	(void)printf("%sok - %s: %ju %ju\n", ok ? "" : "not ", what, (uintmax_t)size,
		     (uintmax_t)other);
}

static struct str file_read(struct judged *j, const char *path)
{
	struct buf bytes = buf_empty(SIDECAR_BYTES_MAX);
	struct str out = { NULL, 0 };
	struct err e = { 0 };

	if (io_read_in(j->log.dir, path, &bytes, &e))
		must(arena_str(j->arena, buf_view(&bytes), &out, &e), &e);
	buf_free(&bytes);
	return out;
}

static struct str line_read(struct judged *j, const char *path)
{
	struct str text = file_read(j, path), line = { NULL, 0 };

	if (!str_split(&text, '\n', &line))
		exit(3);
	return line;
}

/* A spoiled copy of a file, byte by byte; true when `good` refuses each. */
static bool spoiled_refused(struct judged *j, struct str text,
			    bool (*good)(struct judged *j, struct str text, const void *want),
			    const void *want)
{
	char *bytes = malloc(text.n + 1);
	bool ok = bytes != NULL;

	for (size_t i = 0; ok && i < text.n; i++) {
		memcpy(bytes, text.p, text.n);
		bytes[i] ^= (char)(1 << i % 7);
		ok = !good(j, str_bytes(bytes, text.n), want);
	}
	ok = ok && !good(j, str_bytes(text.p, text.n - 1), want);
	free(bytes);
	return ok;
}

static bool checkpoint_good(struct judged *j, struct str text, const void *want)
{
	const struct checkpoint *tree = want;
	struct checkpoint_witnesses who;
	struct arena *a = arena_new(1 << 20);
	struct checkpoint c;
	struct err e = { 0 };
	bool ok =
		checkpoint_read(a, text, &j->log.key, j->log.witnesses, WITNESSES, &c, &who, &e) &&
		who.count == WITNESSES && who.newest == NOW + 1 && c.size == tree->size &&
		memcmp(c.root, tree->root, sizeof c.root) == 0;

	arena_free(a);
	return ok;
}

/* A proof file that proves its entry in the tree, under the checkpoint in it. */
static bool proof_good(struct judged *j, struct str text, const void *want)
{
	const struct checkpoint *tree = want;
	struct arena *a = arena_new(1 << 20);
	unsigned char leaf[SHA256_SIZE];
	struct entry entry;
	struct sidecar s;
	struct err e = { 0 };
	bool ok = sidecar_read(a, text, &s, &e) && checkpoint_good(j, s.checkpoint, want);

	if (ok) {
		entry = tree_entry(s.index);
		entry_hash(&entry, leaf);
		ok = s.has_extra && str_eq(s.extra, str_bytes(entry.bytes + 33, 32)) &&
		     merkle_includes(leaf, s.index, tree->size, tree->root, &s.proof);
	}
	arena_free(a);
	return ok;
}

static void inclusion_read(struct judged *j, struct tile_reader *r, const struct checkpoint *tree,
			   uint64_t index)
{
	struct merkle_source from = tile_reader_source(r);
	struct merkle_proof mine;
	struct entry want = tree_entry(index), got;
	struct sidecar s;
	char path[80];
	struct str text;
	struct err e = { 0 };

	(void)snprintf(path, sizeof path, "proof.%ju.%ju", (uintmax_t)tree->size, (uintmax_t)index);
	text = file_read(j, path);
	say(j, proof_good(j, text, tree), "proves", tree->size, index);
	if (index == tree->size - 1)
		say(j, spoiled_refused(j, text, proof_good, tree), "spoiled, does not", tree->size,
		    index);
	say(j,
	    tile_reader_entry(r, index, &got, &e) && entry_equal(&want, &got) &&
		    merkle_inclusion(&from, tree->size, index, &mine, &e) &&
		    sidecar_read(j->arena, text, &s, &e) && s.index == index &&
		    s.proof.count == mine.count &&
		    memcmp(s.proof.hashes, mine.hashes, mine.count * SHA256_SIZE) == 0,
	    "is the proof of these tiles", tree->size, index);
}

static bool consistency_good(struct str text, const struct checkpoint *old,
			     const struct checkpoint *tree, struct merkle_proof *out)
{
	struct str line;

	out->count = 0;
	while (str_split(&text, '\n', &line) && line.n > 0) {
		size_t n;

		if (out->count == MERKLE_PROOF_MAX ||
		    !enc_unbase64(line, out->hashes[out->count++], SHA256_SIZE, &n) ||
		    n != SHA256_SIZE)
			return false;
	}
	return merkle_consistent(old->size, old->root, tree->size, tree->root, out);
}

static void consistency_read(struct judged *j, struct tile_reader *r, const struct checkpoint *old,
			     const struct checkpoint *tree)
{
	struct merkle_source from = tile_reader_source(r);
	struct merkle_proof theirs, mine;
	struct checkpoint other = *old;
	char path[80];
	struct str text;
	struct err e = { 0 };

	(void)snprintf(path, sizeof path, "consistency.%ju.%ju", (uintmax_t)old->size,
		       (uintmax_t)tree->size);
	text = file_read(j, path);
	say(j,
	    consistency_good(text, old, tree, &theirs) &&
		    merkle_consistency(&from, old->size, tree->size, &mine, &e) &&
		    mine.count == theirs.count &&
		    memcmp(mine.hashes, theirs.hashes, mine.count * SHA256_SIZE) == 0,
	    "grew", tree->size, old->size);
	other.root[7] ^= 1;
	say(j, !consistency_good(text, &other, tree, &theirs), "did not grow from another",
	    tree->size, old->size);
}

/* The tree of this size by its tiles, and by opening its edge. */
static bool tree_open(struct judged *j, uint64_t size, struct checkpoint *out, struct err *e)
{
	size_t bytes = 0;
	struct tile_sink sink = { .self = &bytes, .put = nowhere_put };
	struct tile_edge *edge = NULL;
	bool ok = tile_edge_open(&j->log.site, size, &sink, &edge, e);

	*out = (struct checkpoint){ .origin = j->log.key.name, .size = size };
	ok = ok && tile_edge_root(edge, out->root, e);
	tile_edge_free(edge);
	return ok;
}

static bool size_read(struct judged *j, size_t which, struct checkpoint *trees)
{
	struct checkpoint *tree = &trees[which];
	uint64_t size = SIZES[which];
	const uint64_t indexes[] = { 0, size / 3, size / 2, size - 1 };
	struct tile_reader *r;
	char path[64];
	struct str text;
	struct err e = { 0 };

	(void)snprintf(path, sizeof path, "checkpoint.%ju", (uintmax_t)size);
	text = file_read(j, path);
	if (text.n == 0)
		return false;
	if (!tree_open(j, size, tree, &e)) {
		say(j, false, e.cause, size, 0);
		return true;
	}
	say(j, checkpoint_good(j, text, tree), "checkpoint", size, 0);
	say(j, spoiled_refused(j, text, checkpoint_good, tree), "spoiled checkpoint", size, 0);
	r = tile_reader_new(&j->log.site, size, &e);
	must(r != NULL, &e);
	for (size_t i = 0; i < COUNT_OF(indexes); i++)
		inclusion_read(j, r, tree, indexes[i]);
	for (size_t i = 0; i < which; i++)
		consistency_read(j, r, &trees[i], tree);
	tile_reader_free(r);
	return true;
}

static int judge(char *dir)
{
	struct judged j = { .log = { .dir = dir, .site = { .self = dir, .load = dir_load } },
			    .arena = arena_new(64 << 20) };
	struct checkpoint trees[COUNT_OF(SIZES)];
	struct err e = { 0 };

	must(j.arena != NULL, &e);
	must(note_key_read(j.arena, line_read(&j, "log.vkey"), &j.log.key, &e), &e);
	must(note_witness_read(j.arena, line_read(&j, "witness-1.vkey"), &j.log.witnesses[0], &e),
	     &e);
	must(note_witness_read(j.arena, line_read(&j, "witness-2.vkey"), &j.log.witnesses[1], &e),
	     &e);
	for (size_t i = 0; i < COUNT_OF(SIZES) && size_read(&j, i, trees); i++)
		continue;
	(void)printf("%u passed, %u failed\n", j.passed, j.failed);
	arena_free(j.arena);
	return j.failed > 0 || j.passed == 0;
}

static int measure(void)
{
	enum { COUNT = 400000 };
	static struct entry entries[COUNT];
	size_t bytes = 0;
	struct site nothing = { 0 };
	struct tile_sink sink = { .self = &bytes, .put = nowhere_put };
	struct tile_edge *edge = NULL;
	clock_t began;
	struct err e = { 0 };

	for (uint64_t i = 0; i < COUNT; i++)
		entries[i] = tree_entry(i);
	began = clock();
	must(tile_edge_open(&nothing, 0, &sink, &edge, &e), &e);
	for (size_t i = 0; i < COUNT; i++)
		must(tile_edge_add(edge, &entries[i], &e), &e);
	must(tile_edge_end(edge, &e), &e);
	(void)printf("%.3f s, %zu bytes\n", (double)(clock() - began) / CLOCKS_PER_SEC, bytes);
	tile_edge_free(edge);
	return 0;
}

int main(int argc, char **argv)
{
	struct err e = { 0 };

	must(ed25519_start(&e), &e);
	if (argc == 3 && strcmp(argv[1], "build") == 0)
		return build(argv[2]);
	if (argc == 3 && strcmp(argv[1], "read") == 0)
		return judge(argv[2]);
	if (argc == 2 && strcmp(argv[1], "time") == 0)
		return measure();
	(void)fprintf(stderr, "log build DIR | log read DIR | log time\n");
	return 2;
}
