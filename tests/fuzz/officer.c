/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "keys/guard.h"
#include "keys/lettercode.h"
#include "keys/ring.h"

/*
 * What officers say and what a letter's code says.  The first byte chooses: a statement; a payload; a letter and two
 * statements, of u16 lengths the first two, which two enrolled officers then really sign, whatever they say.
 */
enum { OFFICERS = 2, SEED = 0x10 };

#define ISSUER STR("verify.example.org")

static int64_t still_now(void *self)
{
	(void)self;
	return 1795140000; /* 2026-11-20T02:00:00Z */
}

static const struct env still = { .now = still_now };

struct office {
	struct signer *keys[OFFICERS];
	struct roster_officer officers[OFFICERS];
	struct roster roster;
};

static const struct office *office_open(void)
{
	static struct office o;
	struct ring_seed seed = { .role = ROLE_OFFICER };
	struct err e;

	if (o.roster.vouched)
		return &o;
	for (unsigned i = 0; i < OFFICERS; i++) {
		memset(seed.seed, (int)(SEED + i), sizeof seed.seed);
		if (!ed25519_start(&e) || !ring_of_seeds(&seed, 1, &o.keys[i], &e) ||
		    !signer_public(o.keys[i], ROLE_OFFICER, 0, &o.officers[i].public, &e))
			abort();
	}
	o.roster = (struct roster){ .officers = o.officers, .count = OFFICERS, .vouched = true };
	return &o;
}

/* A statement that was read is written again byte for byte. */
static void check_statement(struct str bytes)
{
	struct buf again = buf_empty(OFFICER_TEXT_MAX);
	struct officer_statement s;
	struct err e;

	if (!officer_read(bytes, &s, &e)) {
		if (strcmp(e.code, "OFFICER-FORM") != 0)
			abort();
		return;
	}
	if (!officer_write(&again, &s, &e) || again.n != bytes.n ||
	    memcmp(again.p, bytes.p, bytes.n) != 0)
		abort();
	buf_free(&again);
}

static bool stands_in(struct str item, struct str payload)
{
	return item.n > 0 && item.p >= payload.p && item.p + item.n <= payload.p + payload.n;
}

static void check_payload(struct str bytes)
{
	struct lettercode c;
	struct err e;

	if (!lettercode_read(bytes, &c, &e))
		return;
	if ((c.type != 3 && c.type != 4) || !stands_in(c.member_no, bytes) ||
	    !stands_in(c.native, bytes) || !stands_in(c.latin, bytes) ||
	    !stands_in(c.recipient, bytes) || !stands_in(c.wording, bytes))
		abort();
}

static struct officer_signed said(const struct signer *key, struct str text)
{
	struct officer_signed s = { .text = text };
	struct err none;

	if (!signer_note(key, ROLE_OFFICER, 0, text, s.signature, &none))
		memset(s.signature, 0, sizeof s.signature);
	return s;
}

/* What passes is what both said. */
static void check_letter(const struct office *o, struct str bytes)
{
	const struct signer_guard guard = { &o->roster, ISSUER, &still };
	const unsigned char *head = (const unsigned char *)bytes.p;
	struct officer_statement x, y, found;
	struct officer_proof proof = { .salt = { 0 } };
	struct str payload, first;
	struct err e;
	size_t n, m;

	if (bytes.n <= 4)
		return;
	n = (size_t)head[0] << 8 | head[1];
	m = (size_t)head[2] << 8 | head[3];
	bytes = str_skip(bytes, 4);
	if (n + m > bytes.n)
		return;
	payload = (struct str){ bytes.p, n };
	first = (struct str){ bytes.p + n, m };
	proof.prepared = said(o->keys[0], first);
	proof.approved = said(o->keys[1], str_skip(bytes, n + m));
	if (!guard_letter(&guard, 3, ISSUER, payload, &proof, &e))
		return;
	if (!officer_verify(&proof.prepared, &x, &e) || !officer_verify(&proof.approved, &y, &e) ||
	    !officer_subject(payload, proof.salt, &found, &e) || x.request != y.request ||
	    x.type != 3 || y.type != 3 || x.act != OFFICER_PREPARE || y.act != OFFICER_APPROVE ||
	    memcmp(x.binds, y.binds, sizeof x.binds) != 0 ||
	    memcmp(x.subject, found.subject, sizeof x.subject) != 0 ||
	    memcmp(y.subject, found.subject, sizeof y.subject) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct office *o = office_open();
	struct str rest;

	if (size < 1)
		return 0;
	rest = str_bytes(data + 1, size - 1);
	switch (data[0] % 3) {
	case 0:
		check_statement(rest);
		return 0;
	case 1:
		check_payload(rest);
		return 0;
	default:
		check_letter(o, rest);
		return 0;
	}
}
