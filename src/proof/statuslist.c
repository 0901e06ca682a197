/* SPDX-License-Identifier: Apache-2.0 */
#define ZLIB_CONST /* next_in points to const */
#include "proof/statuslist.h"

#include <inttypes.h>
#include <stdio.h>
#include <zlib.h>

#include "proof/cbor.h"

/*
 * tag(18) COSE_Sign1 (RFC 9052 §4.2), Token Status List §5.2 and §4.3:
 *
 *   d2 84                   tag 18, array(4)
 *   58 26 protected         bstr { 1: alg, 4: kid, 16: "application/statuslist+cwt" }
 *   a0                      unprotected: {}
 *   59 nnnn claims          bstr { 2: sub, 4: exp, 6: iat, 65533: { "lst": bstr, "bits": 4 }, 65534: ttl, -70001: […] }
 *   58 40 signature         bstr(64)
 *
 * RFC 8949 §4.2.1 orders keys by the bytes they are encoded as: "lst" before "bits", -70001 last.
 */
enum {
	TAG_SIGN1 = 0xd2,
	LABEL_ALG = 1,
	LABEL_KID = 4,
	LABEL_TYP = 16,
	ALG_EDDSA = -8,    /* RFC 9053 §2.2 */
	ALG_ED25519 = -19, /* RFC 9864 */
	CLAIMS = 6,
	CLAIM_SUB = 2,
	CLAIM_EXP = 4,
	CLAIM_IAT = 6,
	CLAIM_STATUS_LIST = 65533,
	CLAIM_TTL = 65534,
	CLAIM_LOG = -70001, /* private use: [tree size, root, keys version, SHA-256(keys.note)] */
	BITS = 4,
	MASK = 15,
	HEADER_MAX = 64,
	SUB_MAX = POLICY_SITE_MAX + 3 + 20, /* site ‖ "/s/" ‖ n */
	SIGNED_MAX = SHARD_FILE_MAX + 128,  /* Sig_structure */
	WINDOW_BITS = 15
};

static const uint64_t number_max = (UINT64_C(1) << 53) - 1; /* what JSON readers hold exactly */
static const char TYP[] = "application/statuslist+cwt";

/* What a shard says and what it is signed with; pieces of the file that was read. */
struct cwt {
	int alg;
	unsigned char kid[KID_SIZE];
	struct str header, claims, lst;
	unsigned char signature[ED25519_SIGNATURE];
};

static bool bad(const char *why, struct err *e)
{
	return err_input(e, "STATUS-FORM", "%s", why);
}

/* Give a fault found by cbor.h our code, and keep its words. */
static bool bad_cbor(const char *where, struct err *e)
{
	const struct err cause = *e;

	if (cause.kind != ERR_INPUT)
		return false;
	return err_input(e, "STATUS-FORM", "%s: %s", where, cause.cause);
}

bool status_is_value(unsigned value)
{
	switch ((enum status_value)value) {
	case STATUS_VALUE_VALID:
	case STATUS_VALUE_REVOKED:
	case STATUS_VALUE_SUSPENDED:
	case STATUS_VALUE_SUPERSEDED:
	case STATUS_VALUE_ENDED:
		return true;
	}
	return false;
}

bool status_may_move(unsigned from, unsigned to)
{
	if (from == to || !status_is_value(from) || !status_is_value(to))
		return false;
	switch ((enum status_value)from) {
	case STATUS_VALUE_VALID:
	case STATUS_VALUE_SUSPENDED:
		return true;
	case STATUS_VALUE_SUPERSEDED:
	case STATUS_VALUE_ENDED:
		return to == STATUS_VALUE_REVOKED;
	case STATUS_VALUE_REVOKED:
		return false;
	}
	return false;
}

unsigned status_get(const unsigned char shard[SHARD_BYTES], unsigned i)
{
	unsigned entry = i % SHARD_ENTRIES;

	return (unsigned)shard[entry / 2] >> (entry % 2 * BITS) & MASK;
}

void status_set(unsigned char shard[SHARD_BYTES], unsigned i, unsigned value)
{
	unsigned entry = i % SHARD_ENTRIES, shift = entry % 2 * BITS;
	unsigned kept = shard[entry / 2] & ~((unsigned)MASK << shift);

	shard[entry / 2] = (unsigned char)(kept | (value & MASK) << shift);
}

void shard_path(uint64_t shard, char out[SHARD_PATH])
{
	(void)snprintf(out, SHARD_PATH, "/s/%" PRIu64, shard);
}

void shard_proof_path(uint64_t shard, char out[SHARD_PATH])
{
	(void)snprintf(out, SHARD_PATH, "/s/%" PRIu64 ".tlog-proof", shard);
}

void shard_history_path(uint64_t shard, int64_t iat, char out[SHARD_PATH])
{
	(void)snprintf(out, SHARD_PATH, "/s/%" PRIu64 ".at/%" PRId64, shard, iat);
}

/* What holds for every shard, written or read; the signature and `sub` are others'. */
static bool shard_check(const struct shard *s, struct err *e)
{
	if (s->sub.n == 0 || s->sub.n > SUB_MAX)
		return bad("the list's address is empty or too long", e);
	if (s->iat < 0 || (uint64_t)s->iat > number_max || s->exp <= s->iat ||
	    s->exp - s->iat > SHARD_LIFE_S)
		return bad("a list is good for 1 second to 72 hours", e);
	if (s->ttl < 1 || s->ttl > SHARD_LIFE_S)
		return bad("ttl is not 1 second to 72 hours", e);
	if (s->tree_size > number_max || s->keys_version < 1 || s->keys_version > number_max)
		return bad("a tree size or key list version is out of range", e);
	for (unsigned i = 0; i < SHARD_ENTRIES; i++)
		if (!status_is_value(status_get(s->list, i)))
			return err_input(e, "STATUS-FORM", "entry %u has the value %u", i,
					 status_get(s->list, i));
	return true;
}

static void put_header(struct buf *out, int alg, const unsigned char kid[KID_SIZE])
{
	cbor_put_map(out, 3);
	cbor_put_int(out, LABEL_ALG);
	cbor_put_int(out, alg);
	cbor_put_int(out, LABEL_KID);
	cbor_put_bytes(out, str_bytes(kid, KID_SIZE));
	cbor_put_int(out, LABEL_TYP);
	cbor_put_text(out, str_of(TYP));
}

static void put_claims(struct buf *out, const struct shard *s, struct str lst)
{
	cbor_put_map(out, CLAIMS);
	cbor_put_int(out, CLAIM_SUB);
	cbor_put_text(out, s->sub);
	cbor_put_int(out, CLAIM_EXP);
	cbor_put_int(out, s->exp);
	cbor_put_int(out, CLAIM_IAT);
	cbor_put_int(out, s->iat);
	cbor_put_int(out, CLAIM_STATUS_LIST);
	cbor_put_map(out, 2);
	cbor_put_text(out, STR("lst"));
	cbor_put_bytes(out, lst);
	cbor_put_text(out, STR("bits"));
	cbor_put_uint(out, BITS);
	cbor_put_int(out, CLAIM_TTL);
	cbor_put_int(out, s->ttl);
	cbor_put_int(out, CLAIM_LOG);
	cbor_put_array(out, 4);
	cbor_put_uint(out, s->tree_size);
	cbor_put_bytes(out, str_bytes(s->tree_root, SHA256_SIZE));
	cbor_put_uint(out, s->keys_version);
	cbor_put_bytes(out, str_bytes(s->keys_sha256, SHA256_SIZE));
}

static void put_cwt(struct buf *out, const struct cwt *c)
{
	buf_byte(out, TAG_SIGN1);
	cbor_put_array(out, 4);
	cbor_put_bytes(out, c->header);
	cbor_put_map(out, 0);
	cbor_put_bytes(out, c->claims);
	cbor_put_bytes(out, str_bytes(c->signature, ED25519_SIGNATURE));
}

/* Deflate a list into `out`, which has room for all that can come of it; 0 when zlib has no memory. */
static size_t deflate_with(int strategy, const unsigned char *list, unsigned char *out, size_t room)
{
	z_stream z = { 0 };
	size_t n = 0;

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW_BITS, MAX_MEM_LEVEL,
			 strategy) != Z_OK)
		return 0;
	z.next_in = list;
	z.avail_in = SHARD_BYTES;
	z.next_out = out;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END)
		n = room - z.avail_out;
	(void)deflateEnd(&z);
	return n;
}

/*
 * The shortest zlib form of three tries: runs of zeros favour matching, lists with much in them Huffman codes alone.
 * The default strategy costs as much as Z_FILTERED again and was never measured shorter by more than 3 bytes.
 */
static bool put_lst(struct buf *out, const unsigned char *list, struct err *e)
{
	static const int strategies[] = { Z_FILTERED, Z_RLE, Z_HUFFMAN_ONLY };
	unsigned char tries[2][SHARD_FILE_MAX];
	size_t best = 0;
	unsigned best_at = 0;

	for (size_t i = 0; i < COUNT_OF(strategies); i++) {
		size_t n = deflate_with(strategies[i], list, tries[1 - best_at], SHARD_FILE_MAX);

		if (n == 0)
			return err_memory(e, "a status list");
		if (best == 0 || n < best) {
			best = n;
			best_at = 1 - best_at;
		}
	}
	buf_put(out, tries[best_at], best);
	return buf_ok(out, "status list", e);
}

bool shard_write(struct buf *out, const struct shard *s, const struct signer *signer, struct err *e)
{
	struct buf header = buf_empty(HEADER_MAX), lst = buf_empty(SHARD_FILE_MAX);
	struct buf claims = buf_empty(SHARD_FILE_MAX), whole = buf_empty(SHARD_FILE_MAX);
	struct ed25519_public key;
	struct cwt c = { .alg = ALG_EDDSA };
	bool ok = false;

	if (!shard_check(s, e) || !signer_public(signer, ROLE_STATUS, 0, &key, e))
		return false;
	ed25519_kid(&key, c.kid);
	put_header(&header, c.alg, c.kid);
	if (!put_lst(&lst, s->list, e))
		goto out;
	put_claims(&claims, s, buf_view(&lst));
	if (!buf_ok(&header, "header", e) || !buf_ok(&claims, "status list", e))
		goto out;
	c.header = buf_view(&header);
	c.claims = buf_view(&claims);
	if (!signer_cose(signer, ROLE_STATUS, 0, c.header, STR(""), c.claims, c.signature, e))
		goto out;
	put_cwt(&whole, &c);
	if (!buf_ok(&whole, "status list", e))
		goto out;
	buf_str(out, buf_view(&whole));
	ok = buf_ok(out, "status list", e);
out:
	buf_free(&header);
	buf_free(&lst);
	buf_free(&claims);
	buf_free(&whole);
	return ok;
}

/* The next key of a map is the integer `label`. */
static bool label_is(struct cbor *c, int64_t label, struct err *e)
{
	int64_t v;

	if (!cbor_int(c, &v, e))
		return false;
	return v == label || err_input(e, "STATUS-FORM", "expected %lld, not %lld",
				       (long long)label, (long long)v);
}

static bool text_is(struct cbor *c, struct str text, struct err *e)
{
	struct str v;

	if (!cbor_text(c, &v, e))
		return false;
	return str_eq(v, text) ||
	       err_input(e, "STATUS-FORM", "expected '%.*s' at its place", STR_ARG(text));
}

static bool map_of(struct cbor *c, size_t count, struct err *e)
{
	size_t n;

	if (!cbor_map(c, &n, e))
		return false;
	return n == count || err_input(e, "STATUS-FORM", "expected a map of %zu", count);
}

static bool time_of(struct cbor *c, int64_t label, int64_t *out, struct err *e)
{
	uint64_t v;

	if (!label_is(c, label, e) || !cbor_uint(c, number_max, &v, e))
		return false;
	*out = (int64_t)v;
	return true;
}

static bool hash_of(struct cbor *c, unsigned char out[SHA256_SIZE], struct err *e)
{
	struct str v;

	if (!cbor_bytes(c, &v, e))
		return false;
	if (v.n != SHA256_SIZE)
		return bad("a hash is not 32 bytes", e);
	memcpy(out, v.p, SHA256_SIZE);
	return true;
}

static bool read_header(struct cwt *w, struct err *e)
{
	struct cbor c = { w->header, 0 };
	struct str kid;
	int64_t alg;

	if (!map_of(&c, 3, e) || !label_is(&c, LABEL_ALG, e) || !cbor_int(&c, &alg, e) ||
	    !label_is(&c, LABEL_KID, e) || !cbor_bytes(&c, &kid, e) ||
	    !label_is(&c, LABEL_TYP, e) || !text_is(&c, str_of(TYP), e) || !cbor_end(&c, e))
		return bad_cbor("protected header", e);
	if (alg != ALG_EDDSA && alg != ALG_ED25519)
		return err_input(e, "STATUS-FORM", "algorithm %lld is not Ed25519", (long long)alg);
	if (kid.n != KID_SIZE)
		return bad("the key id is not 4 bytes", e);
	w->alg = (int)alg;
	memcpy(w->kid, kid.p, KID_SIZE);
	return true;
}

/* {"lst": zlib, "bits": 4} */
static bool read_list(struct cbor *c, struct str *lst, struct err *e)
{
	uint64_t bits;

	return map_of(c, 2, e) && text_is(c, STR("lst"), e) && cbor_bytes(c, lst, e) &&
	       text_is(c, STR("bits"), e) && cbor_uint(c, UINT64_MAX, &bits, e) &&
	       (bits == BITS || bad("not a list of 4 bits", e));
}

/* [tree size, root, keys version, SHA-256(keys.note)] */
static bool read_log(struct cbor *c, struct shard *s, struct err *e)
{
	return cbor_array(c, 4, e) && cbor_uint(c, number_max, &s->tree_size, e) &&
	       hash_of(c, s->tree_root, e) && cbor_uint(c, number_max, &s->keys_version, e) &&
	       hash_of(c, s->keys_sha256, e);
}

static bool read_claims(struct cwt *w, struct shard *s, struct err *e)
{
	struct cbor c = { w->claims, 0 };

	return (map_of(&c, CLAIMS, e) && label_is(&c, CLAIM_SUB, e) && cbor_text(&c, &s->sub, e) &&
		time_of(&c, CLAIM_EXP, &s->exp, e) && time_of(&c, CLAIM_IAT, &s->iat, e) &&
		label_is(&c, CLAIM_STATUS_LIST, e) && read_list(&c, &w->lst, e) &&
		time_of(&c, CLAIM_TTL, &s->ttl, e) && label_is(&c, CLAIM_LOG, e) &&
		read_log(&c, s, e) && cbor_end(&c, e)) ||
	       bad_cbor("claims", e);
}

static bool read_cwt(struct str bytes, struct cwt *w, struct err *e)
{
	struct cbor c = { bytes, 1 };
	struct str signature;
	size_t pairs;

	if (bytes.n > SHARD_FILE_MAX)
		return err_input(e, "STATUS-FORM", "%zu bytes; at most %d", bytes.n,
				 SHARD_FILE_MAX);
	if (bytes.n == 0 || (unsigned char)bytes.p[0] != TAG_SIGN1)
		return bad("not a tagged COSE_Sign1", e);
	if (!cbor_array(&c, 4, e) || !cbor_bytes(&c, &w->header, e) || !cbor_map(&c, &pairs, e))
		return bad_cbor("COSE_Sign1", e);
	if (pairs != 0)
		return bad("the unprotected header is not empty", e);
	if (!cbor_bytes(&c, &w->claims, e) || !cbor_bytes(&c, &signature, e) || !cbor_end(&c, e))
		return bad_cbor("COSE_Sign1", e);
	if (signature.n != ED25519_SIGNATURE)
		return bad("the signature is not 64 bytes", e);
	memcpy(w->signature, signature.p, ED25519_SIGNATURE);
	return true;
}

/* RFC 8949 allows one deterministic form only; ours must be it, whatever the calls above overlooked. */
static bool same_again(const struct cwt *w, const struct shard *s, struct str bytes, struct err *e)
{
	struct buf header = buf_empty(HEADER_MAX), claims = buf_empty(SHARD_FILE_MAX);
	struct buf whole = buf_empty(SHARD_FILE_MAX);
	struct cwt again = *w;
	bool ok = false;

	put_header(&header, w->alg, w->kid);
	put_claims(&claims, s, w->lst);
	again.header = buf_view(&header);
	again.claims = buf_view(&claims);
	put_cwt(&whole, &again);
	if (!buf_ok(&header, "header", e) || !buf_ok(&claims, "claims", e) ||
	    !buf_ok(&whole, "status list", e))
		goto out;
	ok = str_eq(buf_view(&whole), bytes) || bad("does not re-encode to the same bytes", e);
out:
	buf_free(&header);
	buf_free(&claims);
	buf_free(&whole);
	return ok;
}

/* Sig_structure, RFC 9052 §4.4, with empty external_aad. */
static void put_signed(struct buf *out, const struct cwt *w)
{
	cbor_put_array(out, 4);
	cbor_put_text(out, STR("Signature1"));
	cbor_put_bytes(out, w->header);
	cbor_put_bytes(out, STR(""));
	cbor_put_bytes(out, w->claims);
}

/* Status keys are revoked at once: a compromised one vouches for nothing, whenever it signed. */
static bool key_good(const struct keylist_key *key, int64_t iat, struct err *e)
{
	switch (key->state) {
	case KEY_PLANNED:
		return err_input(e, "STATUS-KEY", "signed by a key that is not yet in use");
	case KEY_COMPROMISED:
		return err_input(e, "STATUS-KEY", "signed by a compromised key");
	case KEY_ACTIVE:
		break;
	case KEY_RETIRED:
		if (!key->has_not_after)
			return err_input(e, "STATUS-KEY", "signed by a key retired at no time");
		break;
	}
	if (iat < key->not_before || (key->has_not_after && iat >= key->not_after))
		return err_input(e, "STATUS-KEY", "signed when its key was not in use");
	return true;
}

static bool check_signature(const struct cwt *w, const struct keylist *keys, int64_t iat,
			    struct err *e)
{
	struct buf text = buf_empty(SIGNED_MAX);
	const struct keylist_key *key;
	bool known = false, ok = false;
	size_t from = 0;

	put_signed(&text, w);
	if (!buf_ok(&text, "Sig_structure", e))
		goto out;
	while (!ok && (key = keylist_lookup(keys, w->kid, &from)) != NULL) {
		if (key->role != ROLE_STATUS)
			continue;
		known = true;
		if (!ed25519_verify(&key->public, buf_view(&text), w->signature))
			continue;
		ok = key_good(key, iat, e);
		goto out; /* whose key it is says whether it may */
	}
	if (known)
		err_input(e, "STATUS-SIGNATURE", "the signature is not of these bytes");
	else
		err_input(e, "STATUS-KEY", "signed by no status key of the key list");
out:
	buf_free(&text);
	return ok;
}

/* Exactly SHARD_BYTES out of exactly all of `lst`; one byte more than that is room enough to see a longer list. */
static bool inflate_lst(struct str lst, unsigned char out[SHARD_BYTES], struct err *e)
{
	unsigned char room[SHARD_BYTES + 1];
	z_stream z = { 0 };
	int answer;

	if (inflateInit2(&z, WINDOW_BITS) != Z_OK)
		return err_memory(e, "a status list");
	z.next_in = (const unsigned char *)lst.p;
	z.avail_in = (uInt)lst.n;
	z.next_out = room;
	z.avail_out = sizeof room;
	answer = inflate(&z, Z_FINISH);
	(void)inflateEnd(&z);
	if (answer == Z_MEM_ERROR)
		return err_memory(e, "a status list");
	if (answer != Z_STREAM_END || z.avail_in != 0 || z.avail_out != 1)
		return err_input(e, "STATUS-FORM", "the list does not inflate to %d bytes",
				 SHARD_BYTES);
	memcpy(out, room, SHARD_BYTES);
	return true;
}

static bool check_sub(struct str sub, uint64_t n, const struct policy *policy, struct err *e)
{
	char path[SHARD_PATH];

	shard_path(n, path);
	if (str_starts(sub, policy->site) && str_eq(str_skip(sub, policy->site.n), str_of(path)))
		return true;
	return err_input(e, "STATUS-OTHER", "this is the list '%.*s', not %s", STR_ARG(sub), path);
}

bool shard_read(struct arena *a, struct str bytes, uint64_t n, const struct policy *policy,
		const struct keylist *keys, struct shard *out, struct err *e)
{
	struct cwt w = { 0 };
	struct shard s = { 0 };

	if (!read_cwt(bytes, &w, e) || !read_header(&w, e) || !read_claims(&w, &s, e) ||
	    !same_again(&w, &s, bytes, e) || !check_signature(&w, keys, s.iat, e) ||
	    !check_sub(s.sub, n, policy, e) || !inflate_lst(w.lst, s.list, e) ||
	    !shard_check(&s, e) || !arena_str(a, s.sub, &s.sub, e))
		return false;
	*out = s;
	return true;
}
