/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_PROOF_FIXTURE_H
#define HUFU_TESTS_PROOF_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/io.h"
#include "check.h"
#include "keys/ring.h"
#include "proof/keylist.h"
#include "proof/token.h"
#include "json/json.h"

/* An issuer in memory: its keys, its trust policy, its key list.  Seeds are SHA-256("proof test " ‖ number). */
enum {
	SEED_ROOT1,
	SEED_ROOT2,
	SEED_ISSUING1,
	SEED_ISSUING3,
	SEED_STATUS,
	SEED_LOG,
	SEED_MANIFEST,
	SEED_HOME,
	SEED_WITNESS,
	SEED_OTHER, /* the thief's */
	SEEDS
};

struct world {
	struct arena *arena;
	struct signer *signer; /* everything but the witness and the thief */
	struct signer *thief;  /* signs types 1 and 3, and as root 1 and manifest */
	struct policy policy;
	struct keylist_key keys[8];
	struct keylist list;
};

static const int64_t WORLD_NOW = 1795140000; /* 2026-11-20T02:00:00Z */
#define WORLD_ISSUER STR("verify.example.org")

static UNUSED void world_must(bool ok, const struct err *e)
{
	if (!ok) {
		(void)printf("# fixture: %s: %s\n", e->pointer, e->cause);
		abort();
	}
}

static UNUSED struct ring_seed world_seed(enum key_role role, unsigned number, unsigned which)
{
	struct ring_seed seed = { .role = role, .number = number };
	char text[32];
	int n = snprintf(text, sizeof text, "proof test %u", which);

	sha256_of(str_bytes(text, (size_t)n), seed.seed);
	return seed;
}

static UNUSED void world_root(struct world *w, unsigned n, struct err *e)
{
	struct ed25519_public public;
	struct str name;

	world_must(signer_public(w->signer, ROLE_ROOT, n, &public, e), e);
	world_must(policy_root_name(w->arena, w->policy.issuer, n, &name, e), e);
	world_must(note_key_make(name, &public, &w->policy.roots[n - 1], e), e);
}

static UNUSED void world_key(struct world *w, enum key_role role, unsigned type, struct err *e)
{
	world_must(keylist_key_make(w->signer, role, type, w->policy.issuer,
				    WORLD_NOW - 300 * 86400, &w->keys[w->list.count++], e),
		   e);
}

static UNUSED struct world world_new(void)
{
	const struct ring_seed ours[] = {
		world_seed(ROLE_ROOT, 1, SEED_ROOT1),
		world_seed(ROLE_ROOT, 2, SEED_ROOT2),
		world_seed(ROLE_ISSUING, 1, SEED_ISSUING1),
		world_seed(ROLE_ISSUING, 3, SEED_ISSUING3),
		world_seed(ROLE_STATUS, 0, SEED_STATUS),
		world_seed(ROLE_LOG, 0, SEED_LOG),
		world_seed(ROLE_MANIFEST, 0, SEED_MANIFEST),
		world_seed(ROLE_HOME, 0, SEED_HOME),
	};
	const struct ring_seed theirs[] = {
		world_seed(ROLE_ISSUING, 1, SEED_OTHER),
		world_seed(ROLE_ISSUING, 3, SEED_OTHER),
		world_seed(ROLE_ROOT, 1, SEED_OTHER),
		world_seed(ROLE_MANIFEST, 0, SEED_OTHER),
	};
	struct world w = { .arena = arena_new(1 << 28) };
	struct ed25519_public log;
	struct err e = { 0 };

	world_must(w.arena != NULL && ed25519_start(&e), &e);
	world_must(ring_of_seeds(ours, COUNT_OF(ours), &w.signer, &e), &e);
	world_must(ring_of_seeds(theirs, COUNT_OF(theirs), &w.thief, &e), &e);
	w.policy =
		(struct policy){ .issuer = WORLD_ISSUER,
				 .name_zh = STR("示范注册会计师协会"),
				 .name_en = STR("Model Institute of Certified Public Accountants"),
				 .site = STR("https://verify.example.org"),
				 .contact = STR("verify@example.org"),
				 .root_count = 2,
				 .k = 2,
				 .utc_offset_min = 480 };
	world_root(&w, 1, &e);
	world_root(&w, 2, &e);
	world_must(signer_public(w.signer, ROLE_LOG, 0, &log, &e), &e);
	world_must(note_key_make(STR("verify.example.org/log"), &log, &w.policy.log, &e), &e);
	w.list = (struct keylist){ .issuer = WORLD_ISSUER,
				   .version = 1,
				   .issued = WORLD_NOW - 86400,
				   .expires = WORLD_NOW + 90 * 86400 };
	world_key(&w, ROLE_ISSUING, TYPE_PRACTISING, &e);
	world_key(&w, ROLE_ISSUING, TYPE_LETTER, &e);
	world_key(&w, ROLE_STATUS, 0, &e);
	world_key(&w, ROLE_LOG, 0, &e);
	world_key(&w, ROLE_MANIFEST, 0, &e);
	return w; /* its address is not yet known: world_ready ties list.keys to it */
}

static UNUSED struct world *world_ready(struct world *w)
{
	w->list.keys = w->keys;
	return w;
}

static UNUSED void world_free(struct world *w)
{
	arena_free(w->arena);
	signer_free(w->signer);
	signer_free(w->thief);
}

/* A practising certificate, and a letter, issued on 2026-11-19. */
static UNUSED struct token_payload world_certificate(uint64_t idx)
{
	struct token_payload p = { .type = TYPE_PRACTISING,
				   .idx = idx,
				   .docid_size = 10,
				   .member_no = STR("110001234567"),
				   .name_native = STR("张晓明"),
				   .name_latin = STR("ZHANG XIAOMING"),
				   .issued_day = 20776,
				   .has_admitted = true,
				   .admitted_day = 18321 };

	u64_be(idx, p.docid);
	return p;
}

static UNUSED struct token_payload world_letter(uint64_t idx)
{
	struct token_payload p = world_certificate(idx);

	p.type = TYPE_LETTER;
	p.has_admitted = false;
	p.admitted_day = 0;
	p.expires_day = p.issued_day + 92;
	p.recipient = STR("Northland Board of Accountancy");
	p.as_at_min = 20776 * 1440 + 60; /* 09:00 where clocks are 8 hours ahead */
	p.wording = 1;
	p.class_code = 1;
	p.look_back = 5;
	p.pending = 1;
	return p;
}

/* The token of a payload, signed by `signer`, read back. */
static UNUSED struct token world_token(struct world *w, const struct signer *signer,
				       const struct token_payload *p)
{
	struct buf bytes = buf_empty(TOKEN_BYTES_MAX);
	struct token t;
	struct err e = { 0 };

	world_must(token_write(p, signer, WORLD_ISSUER, &bytes, &e), &e);
	world_must(token_read_bytes(w->arena, buf_view(&bytes), &t, &e), &e);
	buf_free(&bytes);
	return t;
}

/* A JSON file of the tests. */
static UNUSED const struct json *world_json(struct arena *a, const char *path)
{
	struct buf text = buf_empty(4 << 20);
	const struct json *root;
	struct err e = { 0 };

	world_must(io_read(path, &text, &e), &e);
	world_must(json_read(a, buf_view(&text), &json_config, &root, &e), &e);
	buf_free(&text);
	return root;
}

/* A string member that must be there. */
static UNUSED struct str world_member(const struct json *object, const char *key)
{
	struct str s = { NULL, 0 };
	struct err e = { 0 };

	world_must(json_string(object, key, 0, 1 << 20, &s, &e), &e);
	return s;
}

#endif
