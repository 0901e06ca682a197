/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_PROOF_SITEMAKER_H
#define HUFU_TESTS_PROOF_SITEMAKER_H

#include "fixture.h"
#include "proof/checkpoint.h"
#include "proof/entry.h"
#include "proof/gather.h"
#include "proof/leaf.h"
#include "proof/lookup.h"
#include "proof/merkle.h"
#include "proof/sidecar.h"
#include "proof/statuslist.h"
#include "shelf.h"

/*
 * An issuer and its published site in memory, made by the writers the product has.  The keys are those of fixture.h, so
 * two makers are one issuer: what they sign apart is a fork.
 */
enum { MAKER_DOCS = 16 };

struct maker_doc {
	struct token token;
	struct str file; /* a PDF to whoever looks for "%PDF-", the code and "%%EOF" */
	struct leaf leaf;
};

struct maker {
	struct world w;
	struct shelf shelf;
	struct site site;
	struct tile_edge *edge;
	struct signer *witness;
	struct note_key witness_key;
	bool cosigned; /* checkpoints get the witness's line */
	bool unproven; /* no /s/0.tlog-proof */
	int64_t iat;   /* of the next status list */
	struct shard shard;
	unsigned char keys_sha256[SHA256_SIZE];
	struct maker_doc docs[MAKER_DOCS];
	size_t count;
};

static UNUSED void maker_put(struct maker *m, const char *path, const struct buf *bytes)
{
	shelf_set(&m->shelf, path, bytes->p, bytes->n);
}

/* Publish the key list as it stands in m->w.list. */
static UNUSED void maker_keys(struct maker *m)
{
	struct buf out = buf_empty(NOTE_MAX);
	struct err e = { 0 };

	world_must(keylist_write(&out, &m->w.list, &m->w.policy, m->w.signer, &e), &e);
	maker_put(m, "/keys.note", &out);
	sha256_of(buf_view(&out), m->keys_sha256);
	buf_free(&out);
}

/* The next version of the list, changed as m->w.list now is. */
static UNUSED void maker_next_keys(struct maker *m)
{
	m->w.list.version++;
	m->w.list.has_prev = true;
	memcpy(m->w.list.prev, m->keys_sha256, SHA256_SIZE);
	maker_keys(m);
}

static UNUSED void maker_entry(struct maker *m, const struct entry *entry)
{
	struct err e = { 0 };

	world_must(tile_edge_add(m->edge, entry, &e), &e);
}

/* Positions nobody can tell from documents. */
static UNUSED void maker_pad(struct maker *m, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct entry entry = { { ENTRY_DOCUMENT } };
		unsigned char at[8];

		u64_be(tile_edge_size(m->edge), at);
		sha256_of(str_bytes(at, sizeof at), entry.bytes + 1);
		sha256_of(str_bytes(entry.bytes + 1, SHA256_SIZE), entry.bytes + 1 + SHA256_SIZE);
		maker_entry(m, &entry);
	}
}

static UNUSED struct str maker_digits(struct maker *m, const struct token *t)
{
	struct buf url = buf_empty(2000);
	struct str out;
	struct err e = { 0 };

	token_url(&url, STR(""), t->bytes);
	world_must(arena_str(m->w.arena, str_skip(buf_view(&url), 2), &out, &e), &e);
	buf_free(&url);
	return out;
}

/* A token of ours at idx with its file; not in the log. */
static UNUSED struct maker_doc maker_made(struct maker *m, struct token_payload p)
{
	struct maker_doc d;
	unsigned char hash[SHA256_SIZE];
	struct err e = { 0 };

	d.token = world_token(&m->w, m->w.signer, &p);
	world_must(arena_printf(m->w.arena, &d.file, &e,
				"%%PDF-1.7\n<hufu:token>%.*s</hufu:token>\n%%%%EOF\n",
				STR_ARG(maker_digits(m, &d.token))),
		   &e);
	sha256_of(d.file, hash);
	d.leaf = leaf_of(d.token.bytes, hash);
	return d;
}

/* The document becomes the next entry of the log. */
static UNUSED struct maker_doc *maker_issue(struct maker *m, struct token_payload p)
{
	struct maker_doc *d = &m->docs[m->count++];
	struct entry entry;

	if (m->count > MAKER_DOCS)
		abort();
	p.idx = tile_edge_size(m->edge);
	u64_be(p.idx, p.docid);
	*d = maker_made(m, p);
	entry = entry_document(&d->leaf);
	maker_entry(m, &entry);
	return d;
}

static UNUSED void maker_checkpoint_of(struct maker *m, struct buf *out)
{
	struct checkpoint c = { .origin = m->w.policy.log.name, .size = tile_edge_size(m->edge) };
	struct buf body = buf_empty(CHECKPOINT_BODY_MAX);
	struct err e = { 0 };

	world_must(tile_edge_root(m->edge, c.root, &e), &e);
	world_must(checkpoint_write(out, &c, &m->w.policy.log, m->w.signer, &e), &e);
	world_must(checkpoint_body(&body, &c, &e), &e);
	if (m->cosigned)
		world_must(checkpoint_cosign(out, buf_view(&body), m->iat, &m->witness_key,
					     m->witness, &e),
			   &e);
	buf_free(&body);
}

/* /checkpoint, and the tiles it needs. */
static UNUSED void maker_checkpoint(struct maker *m)
{
	struct buf out = buf_empty(CHECKPOINT_BYTES_MAX);
	struct err e = { 0 };

	world_must(tile_edge_end(m->edge, &e), &e);
	maker_checkpoint_of(m, &out);
	maker_put(m, "/checkpoint", &out);
	buf_free(&out);
}

/* A .tlog-proof of the entry at idx under the tree as it stands. */
static UNUSED void maker_proof(struct maker *m, uint64_t idx, const unsigned char *extra,
			       struct buf *out)
{
	struct buf checkpoint = buf_empty(CHECKPOINT_BYTES_MAX);
	struct err e = { 0 };
	struct tile_reader *tiles;
	struct merkle_source source;
	struct sidecar s = { .has_extra = extra != NULL, .index = idx };

	world_must(tile_edge_end(m->edge, &e), &e);
	tiles = tile_reader_new(&m->site, tile_edge_size(m->edge), &e);
	world_must(tiles != NULL, &e);
	source = tile_reader_source(tiles);
	world_must(merkle_inclusion(&source, tile_edge_size(m->edge), idx, &s.proof, &e), &e);
	tile_reader_free(tiles);
	maker_checkpoint_of(m, &checkpoint);
	s.checkpoint = buf_view(&checkpoint);
	if (extra != NULL)
		s.extra = str_bytes(extra, SHA256_SIZE);
	world_must(sidecar_write(out, &s, &e), &e);
	buf_free(&checkpoint);
}

/* Sign the status list over the tree as it stands; its own entry follows. */
static UNUSED void maker_status(struct maker *m)
{
	struct buf out = buf_empty(SHARD_FILE_MAX);
	unsigned char hash[SHA256_SIZE];
	struct entry entry;
	struct err e = { 0 };

	m->shard.iat = m->iat;
	m->shard.exp = m->iat + SHARD_LIFE_S;
	m->shard.ttl = 3600;
	m->shard.sub = STR("https://verify.example.org/s/0");
	m->shard.tree_size = tile_edge_size(m->edge);
	world_must(tile_edge_root(m->edge, m->shard.tree_root, &e), &e);
	m->shard.keys_version = m->w.list.version;
	memcpy(m->shard.keys_sha256, m->keys_sha256, SHA256_SIZE);
	world_must(shard_write(&out, &m->shard, m->w.signer, &e), &e);
	maker_put(m, "/s/0", &out);
	sha256_of(buf_view(&out), hash);
	entry = entry_status(hash, 0, m->iat);
	maker_entry(m, &entry);
	buf_free(&out);
}

static UNUSED void maker_lookup(struct maker *m)
{
	struct buf out = buf_empty(LOOKUP_BUCKET_MAX);
	struct err e = { 0 };

	world_must(lookup_info_write(&out, 1, &e), &e);
	maker_put(m, "/d/info", &out);
	for (unsigned char half = 0; half < 2; half++) {
		bool done[MAKER_DOCS] = { false };

		buf_clear(&out);
		for (size_t n = 0; n < m->count; n++) {
			unsigned char best[SHA256_SIZE], digest[SHA256_SIZE];
			size_t which = MAKER_DOCS;

			for (size_t i = 0; i < m->count; i++) {
				const struct token_payload *p = &m->docs[i].token.payload;

				lookup_digest(str_bytes(p->docid, p->docid_size), digest);
				if (done[i] || digest[0] >> 7 != half)
					continue;
				if (which == MAKER_DOCS || memcmp(digest + 4, best + 4, 8) < 0) {
					which = i;
					memcpy(best, digest, sizeof best);
				}
			}
			if (which == MAKER_DOCS)
				break;
			done[which] = true;
			world_must(lookup_seal(&out,
					       str_bytes(m->docs[which].token.payload.docid,
							 m->docs[which].token.payload.docid_size),
					       m->docs[which].token.bytes, &e),
				   &e);
		}
		maker_put(m, half == 0 ? "/d/0" : "/d/1", &out);
	}
	buf_free(&out);
}

/* Document block → 03 → checkpoint, as proof.md §3 has it; an hour passes. */
static UNUSED void maker_publish(struct maker *m)
{
	struct buf proof = buf_empty(SIDECAR_BYTES_MAX);

	m->iat += 3600;
	maker_status(m);
	maker_checkpoint(m);
	maker_lookup(m);
	if (!m->unproven) {
		maker_proof(m, tile_edge_size(m->edge) - 1, NULL, &proof);
		maker_put(m, "/s/0.tlog-proof", &proof);
	}
	buf_free(&proof);
}

static UNUSED void maker_set(struct maker *m, const struct maker_doc *d, unsigned value)
{
	status_set(m->shard.list, (unsigned)d->token.payload.idx, value);
}

/* The witness of the fixture's seed, known to the policy, without a quorum. */
static UNUSED void maker_witness(struct maker *m)
{
	const struct ring_seed seed = world_seed(ROLE_WITNESS, 0, SEED_WITNESS);
	struct ed25519_public public;
	struct err e = { 0 };

	world_must(ring_of_seeds(&seed, 1, &m->witness, &e), &e);
	world_must(signer_public(m->witness, ROLE_WITNESS, 0, &public, &e), &e);
	world_must(
		checkpoint_witness_key(STR("witness.example.net/w"), &public, &m->witness_key, &e),
		&e);
}

static UNUSED void maker_quorum(struct maker *m, unsigned quorum)
{
	m->w.policy.witnesses[0] = m->witness_key;
	m->w.policy.witness_count = 1;
	m->w.policy.quorum = quorum;
	m->w.list.quorum = quorum;
}

/* An issuer with its key list and an empty log; nothing else is published.  *m must not move. */
static UNUSED void maker_open(struct maker *m)
{
	struct buf policy = buf_empty(POLICY_BYTES_MAX);
	struct err e = { 0 };
	struct tile_sink sink;

	memset(m, 0, sizeof *m);
	m->w = world_new();
	world_ready(&m->w);
	m->shelf = shelf_new();
	m->site = shelf_site(&m->shelf);
	sink = shelf_sink(&m->shelf);
	world_must(tile_edge_open(&m->site, 0, &sink, &m->edge, &e), &e);
	m->iat = WORLD_NOW - 2 * 3600;
	maker_witness(m);
	maker_keys(m);
	world_must(policy_write(&policy, &m->w.policy, &e), &e);
	maker_put(m, "/policy.json", &policy);
	buf_free(&policy);
}

static UNUSED void maker_close(struct maker *m)
{
	tile_edge_free(m->edge);
	signer_free(m->witness);
	shelf_free(&m->shelf);
	world_free(&m->w);
}

/* A site of one certificate (docs[0]), one letter (docs[1]) and another certificate, among `pad` more positions, published. */
static UNUSED void maker_ready(struct maker *m, size_t pad)
{
	maker_open(m);
	maker_issue(m, world_certificate(0));
	maker_pad(m, pad);
	maker_issue(m, world_letter(0));
	maker_issue(m, world_certificate(0));
	maker_publish(m);
}

static UNUSED struct gather_from maker_from(struct maker *m)
{
	return (struct gather_from){ .site = &m->site, .policy = &m->w.policy, .now = WORLD_NOW };
}

struct maker_seen {
	struct verdict v;
	struct evidence ev; /* without key list, token and fingerprint: they are gone */
	char trouble[600];
};

static UNUSED struct maker_seen maker_look_at(struct maker *m, const struct gather_from *from,
					      const struct gather_target *target)
{
	struct err e = { 0 };
	struct gather *g = gather_new(from, &e);
	struct maker_seen seen = { .trouble = "" };

	world_must(g != NULL, &e);
	if (OK(gather_evidence(g, m->w.arena, target, &seen.ev, &e), e))
		seen.v = verdict_of(&seen.ev);
	if (gather_trouble(g) != NULL)
		(void)err_text(gather_trouble(g), seen.trouble, sizeof seen.trouble);
	gather_free(g);
	seen.ev.keylist = NULL;
	seen.ev.key = NULL;
	seen.v.key = NULL;
	return seen;
}

/* The code alone, as on paper. */
static UNUSED struct maker_seen maker_look(struct maker *m, const struct token *t)
{
	struct str digits = maker_digits(m, t);
	struct gather_from from = maker_from(m);

	return maker_look_at(m, &from,
			     &(struct gather_target){ .tokens = &digits, .token_count = 1 });
}

/* Paper, by a verifier that remembers. */
static UNUSED struct maker_seen maker_look_with(struct maker *m, struct memory *memory,
						const struct token *t)
{
	struct str digits = maker_digits(m, t);
	struct gather_from from = maker_from(m);

	from.memory = memory;
	return maker_look_at(m, &from,
			     &(struct gather_target){ .tokens = &digits, .token_count = 1 });
}

/* The PDF, whole, or other bytes with its code. */
static UNUSED struct maker_seen maker_look_file(struct maker *m, const struct maker_doc *d,
						struct str file)
{
	struct str digits = maker_digits(m, &d->token);
	struct gather_from from = maker_from(m);

	return maker_look_at(
		m, &from,
		&(struct gather_target){
			.tokens = &digits, .token_count = 1, .is_file = true, .file = file });
}

#endif
