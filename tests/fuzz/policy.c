/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/policy.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "keys/ring.h"

/*
 * Three readings of one input: a policy; the note of a successor; and a body of such a note that the pinned root did sign,
 * so that mutations reach the policy behind the signature.
 */
static const struct ring_seed seeds[] = { { .role = ROLE_ROOT, .number = 1, .seed = { 1 } },
					  { .role = ROLE_LOG, .seed = { 2 } } };

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_refusal(const struct err *e)
{
	must(e->kind == ERR_INPUT && e->code[0] != '\0');
}

static void make_policy(const struct signer *signer, struct policy *out)
{
	struct ed25519_public root, log;
	struct err e;

	*out = (struct policy){ .issuer = STR("verify.example.org"),
				.name_zh = STR("z"),
				.name_en = STR("e"),
				.site = STR("https://verify.example.org"),
				.contact = STR("c"),
				.root_count = 1,
				.k = 1,
				.utc_offset_min = 480 };
	must(signer_public(signer, ROLE_ROOT, 1, &root, &e));
	must(signer_public(signer, ROLE_LOG, 0, &log, &e));
	must(note_key_make(STR("verify.example.org/root-1"), &root, &out->roots[0], &e));
	must(note_key_make(STR("verify.example.org/log"), &log, &out->log, &e));
}

/* What was read is written, and read again as the same; it has a fingerprint. */
static void check_policy(struct arena *a, const struct policy *p)
{
	struct buf once = buf_empty(POLICY_BYTES_MAX), twice = buf_empty(POLICY_BYTES_MAX);
	char print[POLICY_FINGERPRINT + 1];
	struct policy back;
	struct err e;

	must(policy_write(&once, p, &e) && policy_read(a, buf_view(&once), &back, &e));
	must(policy_write(&twice, &back, &e) && str_eq(buf_view(&once), buf_view(&twice)));
	must(policy_fingerprint(p, print, &e));
	must(policy_fingerprint_eq(str_of(print), str_of(print)));
	buf_free(&once);
	buf_free(&twice);
}

static void check_successor(struct arena *a, struct str note, const struct policy *old)
{
	struct policy next;
	struct err e;

	if (!policy_follow(a, note, old, &next, &e)) {
		check_refusal(&e);
		return;
	}
	check_policy(a, &next);
	must(str_eq(next.issuer, old->issuer) && next.quorum >= old->quorum);
}

static void as_body(struct arena *a, struct str body, const struct policy *old,
		    const struct signer *signer)
{
	struct buf text = buf_empty(NOTE_MAX);
	unsigned char signature[ED25519_SIGNATURE];
	struct err e;

	if (!signer_note(signer, ROLE_ROOT, 1, body, signature, &e))
		return; /* no text: a signer signs none such */
	buf_str(&text, body);
	buf_byte(&text, '\n');
	note_line(&text, &old->roots[0], signature);
	if (!text.failed)
		check_successor(a, buf_view(&text), old);
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size);
	struct arena *a = arena_new(64 << 20);
	static struct signer *signer; /* made once: it costs more than what is tested */
	struct policy policy, p;
	struct err e;

	must(a != NULL);
	if (signer == NULL)
		must(ed25519_start(&e) && ring_of_seeds(seeds, 2, &signer, &e));
	make_policy(signer, &policy);
	if (policy_read(a, bytes, &p, &e))
		check_policy(a, &p);
	else
		check_refusal(&e);
	check_successor(a, bytes, &policy);
	if (size > 0 && bytes.p[size - 1] == '\n')
		as_body(a, bytes, &policy, signer);
	arena_free(a);
	return 0;
}
