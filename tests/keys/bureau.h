/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_KEYS_BUREAU_H
#define HUFU_TESTS_KEYS_BUREAU_H

#include "fixture.h"
#include "keys/guard.h"
#include "keys/ring.h"

/*
 * An office: three officers, of whom the first two are enrolled, two roots, and a letter that is about to be signed.
 * Keys are made of one byte each, so that a test can name them.
 */
#define BUREAU_ISSUER STR("verify.example.org")

enum { BUREAU_OFFICERS = 4, BUREAU_ROOTS = 3, BUREAU_K = 2 };

static UNUSED struct signer *seed_signer(enum key_role role, unsigned number, unsigned char byte)
{
	struct ring_seed seed = { .role = role, .number = number };
	struct signer *signer = NULL;
	struct err e;

	OK(ed25519_start(&e), e);
	memset(seed.seed, byte, sizeof seed.seed);
	OK(ring_of_seeds(&seed, 1, &signer, &e), e);
	return signer;
}

/* What a payload of type 3 or 4 says; p == NULL is nil. */
struct letter {
	unsigned type;
	struct str member_no; /* NULL: the uint 12345 */
	struct str native, latin, recipient;
	int64_t iat_day, exp_day, as_at_min;
	unsigned char wording[4];
};

static UNUSED void cbor_put_head(struct buf *out, unsigned major, uint64_t n)
{
	unsigned size = n < 24 ? 0 : n <= 0xff ? 1 : n <= 0xffff ? 2 : n <= 0xffffffff ? 4 : 8;

	buf_byte(out, (unsigned char)(major << 5 | (size == 0   ? n
						    : size == 1 ? 24
						    : size == 2 ? 25
						    : size == 4 ? 26
								: 27)));
	while (size-- > 0)
		buf_byte(out, (unsigned char)(n >> (8 * size) & 0xff));
}

static UNUSED void cbor_put_integer(struct buf *out, int64_t v)
{
	if (v < 0)
		cbor_put_head(out, 1, (uint64_t)(-1 - v));
	else
		cbor_put_head(out, 0, (uint64_t)v);
}

static UNUSED void cbor_put_string(struct buf *out, unsigned major, struct str s)
{
	if (s.p == NULL) {
		buf_byte(out, 0xf6);
		return;
	}
	cbor_put_head(out, major, s.n);
	buf_str(out, s);
}

/* As tests/vectors/officer.json has it from another program. */
static UNUSED void letter_put(struct buf *out, const struct letter *l)
{
	cbor_put_head(out, 4, 11);
	cbor_put_head(out, 0, 1);
	cbor_put_head(out, 0, l->type);
	cbor_put_head(out, 0, 4711);
	cbor_put_string(out, 2, STR("0123456789"));
	if (l->member_no.p == NULL)
		cbor_put_head(out, 0, 12345);
	else
		cbor_put_string(out, 3, l->member_no);
	cbor_put_string(out, 3, l->native);
	cbor_put_string(out, 3, l->latin);
	cbor_put_integer(out, l->iat_day);
	cbor_put_integer(out, l->exp_day);
	cbor_put_string(out, 2, STR("0123456789abcdef"));
	cbor_put_head(out, 5, 3);
	cbor_put_head(out, 0, 1);
	cbor_put_string(out, 3, l->recipient);
	cbor_put_head(out, 0, 2);
	cbor_put_integer(out, l->as_at_min);
	cbor_put_head(out, 0, 3);
	cbor_put_head(out, 4, 4);
	for (int i = 0; i < 4; i++)
		cbor_put_head(out, 0, l->wording[i]);
}

struct bureau {
	struct still world;
	struct arena *arena;
	struct signer *officers[BUREAU_OFFICERS], *roots[BUREAU_ROOTS];
	struct ed25519_public officer[BUREAU_OFFICERS], root[BUREAU_ROOTS];
	struct roster_rules rules;
	struct buf file; /* the roster's */
	struct roster roster;
};

static UNUSED void bureau_new(struct bureau *b)
{
	struct err e;

	*b = (struct bureau){ .file = buf_empty(ROSTER_BYTES_MAX) };
	still_new(&b->world);
	b->world.env.self = &b->world;
	b->arena = arena_new(64 << 20);
	for (unsigned i = 0; i < BUREAU_OFFICERS; i++) {
		b->officers[i] = seed_signer(ROLE_OFFICER, 0, (unsigned char)(0x10 + i));
		OK(signer_public(b->officers[i], ROLE_OFFICER, 0, &b->officer[i], &e), e);
	}
	for (unsigned i = 0; i < BUREAU_ROOTS; i++) {
		b->roots[i] = seed_signer(ROLE_ROOT, i + 1, (unsigned char)(0x20 + i));
		OK(signer_public(b->roots[i], ROLE_ROOT, i + 1, &b->root[i], &e), e);
	}
	b->rules = (struct roster_rules){ BUREAU_ISSUER, b->root, BUREAU_ROOTS, BUREAU_K };
	OK(roster_read(b->arena, STR(""), &b->rules, &b->roster, &e), e);
}

static UNUSED void bureau_free(struct bureau *b)
{
	for (unsigned i = 0; i < BUREAU_OFFICERS; i++)
		signer_free(b->officers[i]);
	for (unsigned i = 0; i < BUREAU_ROOTS; i++)
		signer_free(b->roots[i]);
	buf_free(&b->file);
	arena_free(b->arena);
}

/* Who signs: "01R0" is officers 0 and 1 and root 0; a digit behind R is a root's, until an O. */
static UNUSED size_t bureau_sign(struct bureau *b, const char *who, struct str statement,
				 struct roster_signature out[ROSTER_SIGNATURES_MAX])
{
	bool root = false;
	size_t n = 0;
	struct err e;

	for (; *who != '\0'; who++) {
		unsigned i = (unsigned)(*who - '0');

		if (*who == 'R' || *who == 'O') {
			root = *who == 'R';
			continue;
		}
		out[n].public = root ? b->root[i] : b->officer[i];
		OK(signer_note(root ? b->roots[i] : b->officers[i], root ? ROLE_ROOT : ROLE_OFFICER,
			       root ? i + 1 : 0, statement, out[n].signature, &e),
		   e);
		n++;
	}
	return n;
}

/* One change more, and the roster read again from the whole file. */
static UNUSED bool bureau_change(struct bureau *b, const struct roster_change *change,
				 const char *who, struct err *e)
{
	struct roster_signature signatures[ROSTER_SIGNATURES_MAX];
	struct buf statement = buf_empty(1024);
	bool ok = roster_statement(&statement, &b->roster, &b->rules, change, e);

	ok = ok &&
	     roster_line(&b->file, &b->roster, &b->rules, buf_view(&statement), signatures,
			 bureau_sign(b, who, buf_view(&statement), signatures), e) &&
	     roster_read(b->arena, buf_view(&b->file), &b->rules, &b->roster, e);
	buf_free(&statement);
	return ok;
}

static UNUSED bool bureau_enrol(struct bureau *b, unsigned i, const char *name, const char *who,
				struct err *e)
{
	const struct roster_change change = { ROSTER_ENROL, b->officer[i], str_of(name),
					      b->world.now };

	return bureau_change(b, &change, who, e);
}

static UNUSED bool bureau_dismiss(struct bureau *b, unsigned i, const char *who, struct err *e)
{
	const struct roster_change change = {
		ROSTER_DISMISS, b->officer[i], { NULL, 0 }, b->world.now
	};

	return bureau_change(b, &change, who, e);
}

#endif
