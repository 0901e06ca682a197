/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/statuslist.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "keys/ring.h"
#include "proof/cbor.h"

/*
 * Three readings of one input: as the file; as claims that the status key did sign, so that mutations reach what stands
 * behind the signature; as the zlib stream of claims that are right, so that they reach the list.
 */
static const struct ring_seed status_seed = { .role = ROLE_STATUS, .seed = { 3 } };

struct issuer {
	struct signer *signer;
	struct policy policy;
	struct keylist_key key;
	struct keylist list;
	unsigned char header[64];
	size_t header_size;
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void issuer_new(struct issuer *o)
{
	struct buf header = buf_empty(sizeof o->header);
	struct err e;

	must(ed25519_start(&e) && ring_of_seeds(&status_seed, 1, &o->signer, &e));
	o->policy = (struct policy){ .site = STR("https://verify.example.org") };
	o->key = (struct keylist_key){ .role = ROLE_STATUS, .state = KEY_ACTIVE };
	must(signer_public(o->signer, ROLE_STATUS, 0, &o->key.public, &e));
	ed25519_kid(&o->key.public, o->key.kid);
	o->list = (struct keylist){ .keys = &o->key, .count = 1 };
	cbor_put_map(&header, 3);
	cbor_put_int(&header, 1);
	cbor_put_int(&header, -8);
	cbor_put_int(&header, 4);
	cbor_put_bytes(&header, str_bytes(o->key.kid, KID_SIZE));
	cbor_put_int(&header, 16);
	cbor_put_text(&header, STR("application/statuslist+cwt"));
	must(!header.failed);
	memcpy(o->header, header.p, header.n);
	o->header_size = header.n;
	buf_free(&header);
}

static void check_refusal(const struct err *e)
{
	must(e->kind == ERR_INPUT && str_starts(str_of(e->code), STR("STATUS-")));
	must(e->cause[0] != '\0');
}

/* A list that was read is one that can be written, and reads back the same. */
static void check_shard(struct arena *a, const struct issuer *o, const struct shard *s)
{
	struct buf bytes = buf_empty(SHARD_FILE_MAX);
	struct shard back;
	struct err e;

	must(s->exp > s->iat && s->exp - s->iat <= SHARD_LIFE_S);
	must(str_eq(s->sub, STR("https://verify.example.org/s/5")));
	for (unsigned i = 0; i < SHARD_ENTRIES; i++)
		must(status_is_value(status_get(s->list, i)));
	must(shard_write(&bytes, s, o->signer, &e));
	must(shard_read(a, buf_view(&bytes), 5, &o->policy, &o->list, &back, &e));
	must(memcmp(back.list, s->list, SHARD_BYTES) == 0 && back.iat == s->iat &&
	     back.tree_size == s->tree_size && back.keys_version == s->keys_version);
	buf_free(&bytes);
}

static void as_file(struct arena *a, const struct issuer *o, struct str bytes)
{
	static struct shard s;
	struct err e;

	if (shard_read(a, bytes, 5, &o->policy, &o->list, &s, &e))
		check_shard(a, o, &s);
	else
		check_refusal(&e);
}

static void as_claims(struct arena *a, const struct issuer *o, struct str claims)
{
	struct buf file = buf_empty(2 * SHARD_FILE_MAX);
	struct str header = str_bytes(o->header, o->header_size);
	unsigned char signature[ED25519_SIGNATURE];
	struct err e;

	if (!signer_cose(o->signer, ROLE_STATUS, 0, header, STR(""), claims, signature, &e))
		return; /* nothing at all is not signed */
	buf_byte(&file, 0xd2);
	cbor_put_array(&file, 4);
	cbor_put_bytes(&file, header);
	cbor_put_map(&file, 0);
	cbor_put_bytes(&file, claims);
	cbor_put_bytes(&file, str_bytes(signature, sizeof signature));
	if (!file.failed)
		as_file(a, o, buf_view(&file));
	buf_free(&file);
}

static void as_lst(struct arena *a, const struct issuer *o, struct str lst)
{
	struct buf claims = buf_empty(2 * SHARD_FILE_MAX);
	const unsigned char hash[SHA256_SIZE] = { 0 };

	cbor_put_map(&claims, 6);
	cbor_put_int(&claims, 2);
	cbor_put_text(&claims, STR("https://verify.example.org/s/5"));
	cbor_put_int(&claims, 4);
	cbor_put_int(&claims, 2000);
	cbor_put_int(&claims, 6);
	cbor_put_int(&claims, 1000);
	cbor_put_int(&claims, 65533);
	cbor_put_map(&claims, 2);
	cbor_put_text(&claims, STR("lst"));
	cbor_put_bytes(&claims, lst);
	cbor_put_text(&claims, STR("bits"));
	cbor_put_int(&claims, 4);
	cbor_put_int(&claims, 65534);
	cbor_put_int(&claims, 60);
	cbor_put_int(&claims, -70001);
	cbor_put_array(&claims, 4);
	cbor_put_int(&claims, 7);
	cbor_put_bytes(&claims, str_bytes(hash, sizeof hash));
	cbor_put_int(&claims, 1);
	cbor_put_bytes(&claims, str_bytes(hash, sizeof hash));
	if (!claims.failed)
		as_claims(a, o, buf_view(&claims));
	buf_free(&claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct issuer o;
	struct str bytes = str_bytes(data, size);
	struct arena *a = arena_new(1 << 20);

	must(a != NULL);
	if (o.signer == NULL)
		issuer_new(&o);
	as_file(a, &o, bytes);
	as_claims(a, &o, bytes);
	as_lst(a, &o, bytes);
	arena_free(a);
	return 0;
}
