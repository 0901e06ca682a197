/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a check costs, CPU: 10,000 mixed documents of a log of 400,000, of every twenty one withdrawn, one altered, one
 * forged.  Files are of a certificate's size; the site is in memory.
 */
#include <time.h>

#include "proof/filehash.h"
#include "proof/sitemaker.h"
#include "scan/target.h"

enum {
	LOG_SIZE = 400000,
	DOCUMENTS = 10000,
	EVERY = LOG_SIZE / DOCUMENTS,
	FILE_SIZE = 65 * 1024,
	FILE_ROOM = FILE_SIZE + 4096
};
enum kind { REVOKED, ALTERED, FORGED, GOOD, KINDS = 20 };

struct bench {
	struct maker m;
	struct str digits[DOCUMENTS];
	unsigned char filler[FILE_SIZE];
	char file[FILE_ROOM];
	size_t file_n;
	struct gather *gather;
	const struct keylist *keys;
	struct arena *arena;
	size_t counts[VERDICT_CODES];
	struct err e;
};

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static enum kind kind_of(size_t i)
{
	return i % KINDS < GOOD ? (enum kind)(i % KINDS) : GOOD;
}

/* A file as issued: compressed streams are noise to whoever looks for a code. */
static void file_make(struct bench *b, size_t i)
{
	int n = snprintf(b->file, FILE_ROOM, "%%PDF-1.7\n<hufu:token>%.*s</hufu:token>\n",
			 STR_ARG(b->digits[i]));

	memcpy(b->file + n, b->filler, FILE_SIZE);
	memcpy(b->file + n + FILE_SIZE, "%%EOF\n", 6);
	b->file_n = (size_t)n + FILE_SIZE + 6;
}

static void document_add(struct bench *b, size_t i)
{
	const struct signer *signer = kind_of(i) == FORGED ? b->m.w.thief : b->m.w.signer;
	struct token_payload p = world_certificate(tile_edge_size(b->m.edge));
	struct token token = world_token(&b->m.w, signer, &p);
	unsigned char hash[SHA256_SIZE];
	struct leaf leaf;
	struct entry entry;

	b->digits[i] = maker_digits(&b->m, &token);
	file_make(b, i);
	sha256_of(str_bytes(b->file, b->file_n), hash);
	leaf = leaf_of(token.bytes, hash);
	entry = entry_document(&leaf);
	maker_entry(&b->m, &entry);
}

static void shards_put(struct bench *b)
{
	struct buf out = buf_empty(SHARD_FILE_MAX);

	for (uint64_t n = 0; n <= LOG_SIZE >> SHARD_BITS; n++) {
		struct shard *s = &b->m.shard;
		char path[SHARD_PATH];

		memset(s->list, 0, sizeof s->list);
		for (size_t i = 0; i < DOCUMENTS; i++)
			if (kind_of(i) == REVOKED && i * EVERY >> SHARD_BITS == n)
				status_set(s->list, (unsigned)(i * EVERY % SHARD_ENTRIES),
					   STATUS_VALUE_REVOKED);
		world_must(arena_printf(b->m.w.arena, &s->sub, &b->e,
					"https://verify.example.org/s/%u", (unsigned)n),
			   &b->e);
		buf_clear(&out);
		world_must(shard_write(&out, s, b->m.w.signer, &b->e), &b->e);
		shard_path(n, path);
		maker_put(&b->m, path, &out);
	}
	buf_free(&out);
}

static void site_make(struct bench *b)
{
	uint32_t noise = 1;

	maker_open(&b->m);
	for (size_t i = 0; i < FILE_SIZE; i++) {
		noise = noise * 1664525 + 1013904223;
		b->filler[i] = (unsigned char)(noise >> 24);
	}
	for (size_t i = 0; i < DOCUMENTS; i++) {
		document_add(b, i);
		maker_pad(&b->m, EVERY - 1);
	}
	maker_status(&b->m); /* for what every shard names: time, tree, keys */
	shards_put(b);
	maker_checkpoint(&b->m);
}

static void gather_make(struct bench *b)
{
	struct gather_from from = maker_from(&b->m);

	b->gather = gather_new(&from, &b->e);
	world_must(b->gather != NULL && gather_keys(b->gather, &b->keys, &b->e) && b->keys != NULL,
		   &b->e);
	b->arena = arena_new(16 << 20);
}

static void token_alone(struct bench *b, size_t i)
{
	struct token token;

	world_must(token_read(b->arena, b->digits[i], &token, &b->e), &b->e);
	b->counts[gather_signer(b->keys, &token, WORLD_ISSUER) != NULL ? VERDICT_VALID
								       : VERDICT_FORGED]++;
}

static void look(struct bench *b, const struct gather_target *target, struct buf *json)
{
	struct evidence evidence = { 0 };
	struct verdict verdict;

	world_must(gather_evidence(b->gather, b->arena, target, &evidence, &b->e), &b->e);
	verdict = verdict_of(&evidence);
	b->counts[verdict.code]++;
	if (json != NULL)
		verdict_json(json, STR("document.pdf"), &evidence, &verdict);
}

static void paper(struct bench *b, size_t i)
{
	look(b, &(struct gather_target){ .tokens = &b->digits[i], .token_count = 1 }, NULL);
}

static void file(struct bench *b, size_t i)
{
	static struct buf json;
	struct target t;
	struct filehash hash;

	json.max = 1 << 16;
	buf_clear(&json);
	file_make(b, i); /* stands for the reading */
	if (kind_of(i) == ALTERED)
		b->file[b->file_n / 2] ^= 1;
	world_must(target_of_bytes(b->arena, str_bytes(b->file, b->file_n), &t, &b->e) &&
			   filehash_of(t.bytes, t.prefixes, t.prefix_count, &hash, &b->e),
		   &b->e);
	look(b,
	     &(struct gather_target){ .tokens = t.tokens,
				      .token_count = t.token_count,
				      .is_file = true,
				      .hash = &hash },
	     &json);
}

static void measure(struct bench *b, const char *what, void (*check)(struct bench *, size_t))
{
	double best = 0;

	for (int round = 0; round < 3; round++) {
		double from = cpu_us(), each;

		memset(b->counts, 0, sizeof b->counts);
		for (size_t i = 0; i < DOCUMENTS; i++) {
			arena_reset(b->arena);
			check(b, i);
		}
		each = (cpu_us() - from) / DOCUMENTS;
		best = round == 0 || each < best ? each : best;
	}
	printf("%-52s %7.1f us  %7.0f /s/core  (%zu valid, %zu revoked, %zu altered, %zu forged)\n",
	       what, best, 1e6 / best, b->counts[VERDICT_VALID], b->counts[VERDICT_REVOKED],
	       b->counts[VERDICT_ALTERED], b->counts[VERDICT_FORGED]);
}

int main(void)
{
	static struct bench b;
	size_t each = DOCUMENTS / KINDS;
	bool right;

	site_make(&b);
	gather_make(&b);
	measure(&b, "token alone", token_alone);
	measure(&b, "paper: token, status, inclusion", paper);
	measure(&b, "file of 65 KB: scan, hash, token, status, inclusion", file);
	right = b.counts[VERDICT_REVOKED] == each && b.counts[VERDICT_ALTERED] == each &&
		b.counts[VERDICT_FORGED] == each && b.counts[VERDICT_VALID] == DOCUMENTS - 3 * each;
	gather_free(b.gather);
	arena_free(b.arena);
	maker_close(&b.m);
	return right ? 0 : 1;
}
