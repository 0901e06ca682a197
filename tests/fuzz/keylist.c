/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/keylist.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "keys/ring.h"

/*
 * Three readings of one input: the note as it is; the same bytes as the body of a note that the pinned root did sign, so
 * that mutations reach the list behind the signature; and two lines as two such bodies, one following the other.
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

static void check_logs(const struct keylist *list, const struct policy *policy)
{
	struct note_key keys[3];
	size_t n = keylist_log_keys(list, policy, keys, 3);

	must(n <= 3);
	for (size_t i = 1; i < n; i++)
		must(str_eq(keys[i].name, keys[0].name));
	for (size_t i = 0; i < list->count; i++) {
		const struct keylist_log *log = keylist_log(list, &list->keys[i]);

		must(log == NULL || n == 0 || !str_eq(log->origin, keys[0].name));
	}
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
	check_logs(&back, policy);
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

/* A signed list of a body, when the reader takes it. */
static bool signed_list(struct arena *a, struct str body, const struct policy *policy,
			struct signer *signer, struct keylist *out, unsigned char sha[SHA256_SIZE])
{
	struct buf text = buf_empty(NOTE_MAX);
	unsigned char signature[ED25519_SIGNATURE];
	struct str kept;
	struct err e;
	bool ok = signer_note(signer, ROLE_ROOT, 1, body, signature, &e);

	if (ok) {
		buf_str(&text, body);
		buf_byte(&text, '\n');
		note_line(&text, &policy->roots[0], signature);
		ok = !text.failed && arena_str(a, buf_view(&text), &kept, &e) &&
		     keylist_read(a, kept, policy, out, &e);
		sha256_of(buf_view(&text), sha);
	}
	buf_free(&text);
	return ok;
}

/* Two lists, a line each: they may follow each other one way only, and a list follows itself. */
static void as_pair(struct arena *a, struct str bytes, const struct policy *policy,
		    struct signer *signer)
{
	unsigned char sha_a[SHA256_SIZE], sha_b[SHA256_SIZE];
	size_t end = str_find(bytes, STR("\n"), 0);
	struct keylist x, y;
	struct err e;
	bool there, back;

	if (end == SIZE_MAX || end + 1 == bytes.n ||
	    !signed_list(a, (struct str){ bytes.p, end + 1 }, policy, signer, &x, sha_a) ||
	    !signed_list(a, str_skip(bytes, end + 1), policy, signer, &y, sha_b))
		return;
	must(keylist_follows(&x, sha_a, &x, sha_a, &e));
	there = keylist_follows(&x, sha_a, &y, sha_b, &e);
	if (!there)
		check_refusal(&e);
	back = keylist_follows(&y, sha_b, &x, sha_a, &e);
	must(!there || !back || memcmp(sha_a, sha_b, sizeof sha_a) == 0);
	must(!there || y.version >= x.version);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ring_seed seeds[] = { root_seed, log_seed };
	struct str bytes = str_bytes(data, size);
	struct arena *a = arena_new(64 << 20);
	static struct signer *signer; /* made once: it costs more than what is tested */
	struct policy policy;
	struct keylist list;
	struct err e;

	must(a != NULL);
	if (signer == NULL)
		must(ed25519_start(&e) && ring_of_seeds(seeds, 2, &signer, &e));
	make_policy(signer, &policy);
	if (keylist_read(a, bytes, &policy, &list, &e))
		check_list(a, &list, &policy, signer);
	else
		check_refusal(&e);
	if (size > 0 && bytes.p[size - 1] == '\n')
		as_body(a, bytes, &policy, signer);
	if (size > 0 && bytes.p[size - 1] == '\n')
		as_pair(a, bytes, &policy, signer);
	arena_free(a);
	return 0;
}
