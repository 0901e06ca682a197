/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/lookup.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "keys/box.h"

/*
 * The input as a bucket; as what is sealed inside a bucket, so that mutations reach what stands behind the seal; as
 * /d/info.  The document is that of tests/vectors/token.json.
 */
static const unsigned char docid[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void as_bucket(struct arena *a, struct str bucket)
{
	struct str id = str_bytes(docid, sizeof docid), token;
	struct buf again = buf_empty(LOOKUP_ENTRY);
	struct token t;
	struct err e;
	bool found;

	if (!lookup_open(a, bucket, id, &token, &found, &e)) {
		must(!found && e.kind == ERR_INPUT && strcmp(e.code, "LOOKUP-FORM") == 0);
		return;
	}
	if (!found)
		return;
	must(token_read_bytes(a, token, &t, &e));
	must(str_eq(str_bytes(t.payload.docid, t.payload.docid_size), id));
	must(lookup_seal(&again, id, token, &e)); /* one token has one sealed form */
	must(str_find(bucket, buf_view(&again), 0) != SIZE_MAX);
	buf_free(&again);
}

static void as_plain(struct arena *a, struct str bytes)
{
	unsigned char digest[SHA256_SIZE], key[BOX_KEY], plain[LOOKUP_PLAIN] = { 0 };
	unsigned char entry[LOOKUP_ENTRY];
	struct str id = str_bytes(docid, sizeof docid);

	if (bytes.n > sizeof plain)
		bytes.n = sizeof plain;
	if (bytes.n > 0)
		memcpy(plain, bytes.p, bytes.n);
	lookup_digest(id, digest);
	memcpy(entry, digest + 4, LOOKUP_TAG);
	box_key("hufu/1/sealed", id, key);
	box_seal(key, str_bytes(entry, LOOKUP_TAG), str_bytes(plain, sizeof plain),
		 entry + LOOKUP_TAG);
	as_bucket(a, str_bytes(entry, sizeof entry));
}

static void as_info(struct str bytes)
{
	struct buf again = buf_empty(100);
	unsigned bits;
	struct err e;

	if (lookup_info_read(bytes, &bits, &e)) {
		must(lookup_info_write(&again, bits, &e));
		must(str_eq(buf_view(&again), bytes));
	} else {
		must(e.kind == ERR_INPUT && strcmp(e.code, "LOOKUP-FORM") == 0);
	}
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size);
	struct arena *a = arena_new(1 << 20);
	struct err e;

	must(a != NULL && ed25519_start(&e));
	as_bucket(a, bytes);
	as_plain(a, bytes);
	as_info(bytes);
	arena_free(a);
	return 0;
}
