/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/checkpoint.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "keys/ring.h"

/*
 * Four ways into the reader: the input as a checkpoint; as a body; as a body the log did sign and the witness cosign; and as
 * the lines behind a checkpoint the log did sign, where it must not change what the checkpoint says.
 */
struct notary {
	struct signer *signer, *holder;
	struct note_key log, witness;
	struct checkpoint tree;
	struct buf bare; /* signed by the log alone */
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_refusal(const struct err *e)
{
	must(e->kind == ERR_INPUT && str_starts(str_of(e->code), STR("CHECKPOINT-")));
}

static void notary_open(struct notary *n)
{
	const struct ring_seed log = { .role = ROLE_LOG, .seed = { 1 } };
	const struct ring_seed witness = { .role = ROLE_WITNESS, .seed = { 2 } };
	struct ed25519_public public;
	struct err e;

	must(ed25519_start(&e) && ring_of_seeds(&log, 1, &n->signer, &e) &&
	     ring_of_seeds(&witness, 1, &n->holder, &e));
	must(signer_public(n->signer, ROLE_LOG, 0, &public, &e) &&
	     note_key_make(STR("log.example"), &public, &n->log, &e));
	must(signer_public(n->holder, ROLE_WITNESS, 0, &public, &e) &&
	     checkpoint_witness_key(STR("w.example"), &public, &n->witness, &e));
	n->tree = (struct checkpoint){ .origin = n->log.name, .size = 5, .root = { 9 } };
	n->bare = buf_empty(CHECKPOINT_BYTES_MAX);
	must(checkpoint_write(&n->bare, &n->tree, &n->log, n->signer, &e));
}

static bool read_it(const struct notary *n, struct str bytes, struct checkpoint *c,
		    struct checkpoint_witnesses *who)
{
	struct arena *a = arena_new(4 << 20);
	struct err e = { 0 };
	bool ok;

	must(a != NULL);
	ok = checkpoint_read(a, bytes, &n->log, &n->witness, 1, c, who, &e);
	if (!ok)
		check_refusal(&e);
	else
		must(who->count == who->who && who->count <= 1 &&
		     str_eq(c->origin, n->log.name)); /* while the arena lives */
	arena_free(a);
	return ok;
}

static bool same_tree(const struct checkpoint *a, const struct checkpoint *b)
{
	return a->size == b->size && memcmp(a->root, b->root, sizeof a->root) == 0;
}

/* What was read as a body is written as the same bytes; signed and cosigned, it is read again. */
static void as_body(const struct notary *n, struct str body)
{
	struct buf text = buf_empty(CHECKPOINT_BYTES_MAX);
	struct checkpoint c, back;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	if (!checkpoint_read_body(body, &c, &e)) {
		check_refusal(&e);
		return;
	}
	must(checkpoint_body(&text, &c, &e) && str_eq(buf_view(&text), body));
	if (str_eq(c.origin, n->log.name)) {
		buf_clear(&text);
		must(checkpoint_write(&text, &c, &n->log, n->signer, &e));
		must(checkpoint_cosign(&text, body, 7, &n->witness, n->holder, &e));
		must(read_it(n, buf_view(&text), &back, &who));
		must(same_tree(&back, &c) && who.count == 1 && who.newest == 7);
	}
	buf_free(&text);
}

static void as_signed(const struct notary *n, struct str body)
{
	struct buf text = buf_empty(CHECKPOINT_BYTES_MAX);
	unsigned char signature[ED25519_SIGNATURE];
	struct checkpoint c, mine;
	struct checkpoint_witnesses who;
	struct err e = { 0 };

	if (!signer_note(n->signer, ROLE_LOG, 0, body, signature, &e))
		return; /* no text: a signer signs none such */
	buf_str(&text, body);
	buf_byte(&text, '\n');
	note_line(&text, &n->log, signature);
	if (!text.failed && read_it(n, buf_view(&text), &c, &who))
		must(checkpoint_read_body(body, &mine, &e) && same_tree(&c, &mine));
	buf_free(&text);
}

static void as_lines(const struct notary *n, struct str lines)
{
	struct buf text = buf_empty(CHECKPOINT_BYTES_MAX);
	struct checkpoint c;
	struct checkpoint_witnesses who;

	buf_str(&text, buf_view(&n->bare));
	buf_str(&text, lines);
	if (!text.failed && read_it(n, buf_view(&text), &c, &who))
		must(same_tree(&c, &n->tree));
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct notary n;
	struct str bytes = str_bytes(data, size);
	struct checkpoint c;
	struct checkpoint_witnesses who;

	if (n.signer == NULL)
		notary_open(&n);
	(void)read_it(&n, bytes, &c, &who);
	as_body(&n, bytes);
	if (size > 0 && bytes.p[size - 1] == '\n' && size <= CHECKPOINT_BODY_MAX)
		as_signed(&n, bytes);
	as_lines(&n, bytes);
	return 0;
}
