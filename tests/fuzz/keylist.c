/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/keylist.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "keys/ring.h"

/*
 * Three readers on one input: the note as it is; the same bytes as the body of a note that the pinned root did sign, so
 * that mutations reach the list behind the signature; and as a policy.
 */
static const struct ring_seed root_seed = { .role = ROLE_ROOT, .number = 1, .seed = { 1 } };
static const struct ring_seed log_seed = { .role = ROLE_LOG, .seed = { 2 } };

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

/* A list that is read can be signed and read again. */
static void check_list(struct arena *a, const struct keylist *list, const struct policy *policy,
		       struct signer *signer)
{
	struct buf again = buf_empty(NOTE_MAX);
	struct keylist back;
	struct err e;

	must(keylist_write(&again, list, policy, signer, &e));
	must(keylist_read(a, buf_view(&again), policy, &back, &e));
	must(back.count == list->count && back.version == list->version);
	buf_free(&again);
}

static void as_body(struct arena *a, struct str body, const struct policy *policy,
		    struct signer *signer)
{
	struct buf text = buf_empty(NOTE_MAX);
	unsigned char signature[ED25519_SIGNATURE];
	struct keylist list;
	struct err e;

	if (!signer_note(signer, ROLE_ROOT, 1, body, signature, &e))
		return; /* no text: a signer signs none such */
	buf_str(&text, body);
	buf_byte(&text, '\n');
	note_line(&text, &policy->roots[0], signature);
	if (!text.failed && keylist_read(a, buf_view(&text), policy, &list, &e))
		check_list(a, &list, policy, signer);
	else if (!text.failed)
		check_refusal(&e);
	buf_free(&text);
}

static void as_policy(struct arena *a, struct str bytes)
{
	struct buf once = buf_empty(POLICY_BYTES_MAX), twice = buf_empty(POLICY_BYTES_MAX);
	struct policy p;
	struct err e;

	if (policy_read(a, bytes, &p, &e)) {
		must(policy_write(&once, &p, &e) && policy_read(a, buf_view(&once), &p, &e));
		must(policy_write(&twice, &p, &e) && str_eq(buf_view(&once), buf_view(&twice)));
	} else {
		check_refusal(&e);
	}
	buf_free(&once);
	buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ring_seed seeds[] = { root_seed, log_seed };
	struct str bytes = str_bytes(data, size);
	struct arena *a = arena_new(64 << 20);
	struct signer *signer = NULL;
	struct policy policy;
	struct keylist list;
	struct err e;

	must(a != NULL && ed25519_start(&e) && ring_of_seeds(seeds, 2, &signer, &e));
	make_policy(signer, &policy);
	if (keylist_read(a, bytes, &policy, &list, &e))
		check_list(a, &list, &policy, signer);
	else
		check_refusal(&e);
	if (size > 0 && bytes.p[size - 1] == '\n')
		as_body(a, bytes, &policy, signer);
	as_policy(a, bytes);
	signer_free(signer);
	arena_free(a);
	return 0;
}
