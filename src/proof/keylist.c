/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/keylist.h"

#include "base/civil.h"
#include "base/enc.h"
#include "base/hash.h"
#include "json/canon.h"

enum {
	BODY_MAX = 512 * 1024,
	VKEY_MAX = 300,
	POP_MAX = POLICY_ISSUER_MAX + 64,
	LIFE_MONTHS = 13, /* longest time between issue and expiry; proof.md §4 */
	DAY_S = 86400
};

static const char SCHEMA[] = "hufu.keys/1";
static const char POP_LABEL[] = "hufu/1/pop"; /* its NUL is the zero byte behind it */

static const struct json_limits LIMITS = { .bytes = BODY_MAX, .depth = 4, .values = 16384 };

static bool bad(const char *why, struct err *e)
{
	return err_input(e, "KEYLIST-FORM", "%s", why);
}

static bool pop_verify(const struct keylist_key *key, struct str issuer)
{
	unsigned char text[POP_MAX];
	size_t n = sizeof POP_LABEL;

	if (issuer.n > POLICY_ISSUER_MAX)
		return false;
	memcpy(text, POP_LABEL, n);
	memcpy(text + n, issuer.p, issuer.n);
	n += issuer.n;
	text[n++] = 0;
	memcpy(text + n, key->public.bytes, ED25519_PUBLIC);
	return ed25519_verify(&key->public, str_bytes(text, n + ED25519_PUBLIC), key->pop);
}

static bool role_listed(enum key_role role)
{
	switch (role) {
	case ROLE_ISSUING:
	case ROLE_STATUS:
	case ROLE_LOG:
	case ROLE_MANIFEST:
		return true;
	case ROLE_ROOT:
	case ROLE_WITNESS:
	case ROLE_OFFICER:
	case ROLE_HOME:
		return false;
	}
	return false;
}

static bool types_check(const struct keylist_key *key, struct err *e)
{
	if ((key->role == ROLE_ISSUING) != (key->type_count > 0) ||
	    key->type_count > KEYLIST_TYPES_MAX)
		return bad("document types belong to issuing keys, 1 to 16 of them", e);
	for (size_t i = 0; i < key->type_count; i++)
		if (key->types[i] == 0 || (i > 0 && key->types[i] <= key->types[i - 1]))
			return bad("document types are not ascending from 1 to 255", e);
	return true;
}

static bool key_check(const struct keylist_key *key, struct str issuer, struct err *e)
{
	unsigned char kid[KID_SIZE];

	if (!role_listed(key->role))
		return bad("this role has no place in a key list", e);
	if (!types_check(key, e))
		return false;
	ed25519_kid(&key->public, kid);
	if (memcmp(kid, key->kid, KID_SIZE) != 0)
		return bad("kid is not the key's", e);
	if (key->has_from_idx != (key->state == KEY_COMPROMISED))
		return bad("from_idx belongs to compromised keys, and to each of them", e);
	if (key->has_not_after && key->not_after < key->not_before)
		return bad("not_after lies before not_before", e);
	return pop_verify(key, issuer) || bad("the proof of possession does not verify", e);
}

static bool is_root(const struct policy *policy, const struct ed25519_public *public)
{
	for (size_t i = 0; i < policy->root_count; i++)
		if (memcmp(policy->roots[i].public.bytes, public->bytes, ED25519_PUBLIC) == 0)
			return true;
	return false;
}

static bool keys_check(const struct keylist *list, const struct policy *policy, struct err *e)
{
	if (list->count < 1 || list->count > KEYLIST_KEYS_MAX)
		return bad("expected 1 to 256 keys", e);
	for (size_t i = 0; i < list->count; i++) {
		const struct keylist_key *key = &list->keys[i];
		bool ok = key_check(key, list->issuer, e);

		if (ok && is_root(policy, &key->public))
			ok = bad("a root key has no other role", e);
		for (size_t k = 0; ok && k < i; k++)
			if (memcmp(key->public.bytes, list->keys[k].public.bytes, ED25519_PUBLIC) ==
			    0)
				ok = bad("this key stands there twice", e);
		if (!ok)
			return err_at(e, "/keys/%zu", i);
	}
	return true;
}

static int64_t latest_expiry(int64_t issued)
{
	int64_t day = instant_day(issued, 0);

	return (civil_days(civil_add_months(civil_of_days(day), LIFE_MONTHS)) - day) * DAY_S +
	       issued;
}

static bool list_check(const struct keylist *list, const struct policy *policy, struct err *e)
{
	if (!str_eq(list->issuer, policy->issuer))
		return bad("the key list is another issuer's", e);
	if (list->version < 1 || list->has_prev != (list->version > 1))
		return bad("versions count from 1, and each but the first names its predecessor",
			   e);
	if (list->expires <= list->issued || list->expires > latest_expiry(list->issued))
		return bad("expires is not within 13 months of issued", e);
	if (list->quorum < policy->quorum || list->witness_count > KEYLIST_WITNESSES_MAX ||
	    list->quorum > policy->witness_count + list->witness_count)
		return bad("the quorum is below the policy's, or more than there are witnesses", e);
	return keys_check(list, policy, e);
}

bool keylist_key_make(const struct signer *signer, enum key_role role, unsigned type,
		      struct str issuer, int64_t not_before, struct keylist_key *out, struct err *e)
{
	struct keylist_key key = { .role = role, .state = KEY_ACTIVE, .not_before = not_before };

	if (type > 255)
		return err_system(e, "document type %u is out of range", type);
	if (role == ROLE_ISSUING) {
		key.types[0] = (unsigned char)type;
		key.type_count = 1;
	}
	if (!signer_public(signer, role, type, &key.public, e) ||
	    !signer_pop(signer, role, type, issuer, key.pop, e))
		return false;
	ed25519_kid(&key.public, key.kid);
	*out = key;
	return true;
}

static void put_instant(struct buf *out, bool there, int64_t unix_s)
{
	char text[21];

	if (!there) {
		buf_c(out, "null");
		return;
	}
	instant_text(unix_s, text);
	buf_printf(out, "\"%s\"", text);
}

static void put_hex(struct buf *out, const void *p, size_t n)
{
	buf_byte(out, '"');
	enc_hex(out, p, n);
	buf_byte(out, '"');
}

static void put_key(struct buf *out, const struct keylist_key *key)
{
	buf_c(out, "{\"first_idx\":");
	buf_uint(out, key->first_idx);
	buf_c(out, ",\"from_idx\":");
	if (key->has_from_idx)
		buf_uint(out, key->from_idx);
	else
		buf_c(out, "null");
	buf_c(out, ",\"kid\":");
	put_hex(out, key->kid, KID_SIZE);
	buf_c(out, ",\"not_after\":");
	put_instant(out, key->has_not_after, key->not_after);
	buf_c(out, ",\"not_before\":");
	put_instant(out, true, key->not_before);
	buf_c(out, ",\"pop\":");
	put_hex(out, key->pop, ED25519_SIGNATURE);
	buf_c(out, ",\"public\":");
	put_hex(out, key->public.bytes, ED25519_PUBLIC);
	buf_printf(out, ",\"role\":\"%s\",\"state\":\"%s\",\"types\":[", role_name(key->role),
		   state_name(key->state));
	for (size_t i = 0; i < key->type_count; i++)
		buf_printf(out, "%s%u", i > 0 ? "," : "", key->types[i]);
	buf_c(out, "]}");
}

/* The body: one line of canonical JSON. */
static void put_body(struct buf *out, const struct keylist *list)
{
	buf_c(out, "{\"expires\":");
	put_instant(out, true, list->expires);
	buf_c(out, ",\"issued\":");
	put_instant(out, true, list->issued);
	buf_c(out, ",\"issuer\":");
	canon_string(out, list->issuer);
	buf_c(out, ",\"keys\":[");
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		put_key(out, &list->keys[i]);
	}
	buf_c(out, "],\"prev\":");
	if (list->has_prev)
		put_hex(out, list->prev, SHA256_SIZE);
	else
		buf_c(out, "null");
	buf_printf(out, ",\"quorum\":%u,\"schema\":\"%s\",\"version\":", list->quorum, SCHEMA);
	buf_uint(out, list->version);
	buf_c(out, ",\"witnesses\":[");
	for (size_t i = 0; i < list->witness_count; i++) {
		buf_c(out, i > 0 ? ",\"" : "\"");
		note_key_write(out, &list->witnesses[i]);
		buf_byte(out, '"');
	}
	buf_c(out, "]}\n");
}

/* Sign with the roots the signer holds, until there are k. */
static bool put_signatures(struct buf *out, struct str body, const struct policy *policy,
			   const struct signer *signer, struct err *e)
{
	unsigned made = 0;

	for (unsigned n = 1; n <= policy->root_count && made < policy->k; n++) {
		const struct note_key *root = &policy->roots[n - 1];
		unsigned char signature[ED25519_SIGNATURE];
		struct ed25519_public public;

		if (!signer_public(signer, ROLE_ROOT, n, &public, e)) {
			if (e->kind != ERR_INPUT)
				return false;
			continue; /* that root's holder signs elsewhere */
		}
		if (memcmp(public.bytes, root->public.bytes, ED25519_PUBLIC) != 0)
			return err_input(e, "KEYLIST-ROOT",
					 "root key %u is not the one of the trust policy", n);
		if (!signer_note(signer, ROLE_ROOT, n, body, signature, e))
			return false;
		note_line(out, root, signature);
		made++;
	}
	return made == policy->k || err_input(e, "KEYLIST-ROOT",
					      "%u of %u root signatures needed; only %u root keys "
					      "are here",
					      policy->k, (unsigned)policy->root_count, made);
}

bool keylist_write(struct buf *out, const struct keylist *list, const struct policy *policy,
		   const struct signer *signer, struct err *e)
{
	struct buf body = buf_empty(BODY_MAX), lines = buf_empty(NOTE_MAX - BODY_MAX);
	bool ok = false;

	if (!list_check(list, policy, e))
		return false;
	put_body(&body, list);
	if (!buf_ok(&body, "key list", e) ||
	    !put_signatures(&lines, buf_view(&body), policy, signer, e) ||
	    !buf_ok(&lines, "signatures", e))
		goto out;
	buf_str(out, buf_view(&body));
	buf_byte(out, '\n');
	buf_str(out, buf_view(&lines));
	ok = buf_ok(out, "key list", e);
out:
	buf_free(&body);
	buf_free(&lines);
	return ok;
}

static bool read_hex(const struct json *object, const char *name, void *out, size_t n,
		     struct err *e)
{
	struct str hex;

	if (!json_string(object, name, 2 * n, 2 * n, &hex, e))
		return false;
	if (enc_unhex(hex, out, n))
		return true;
	bad("expected lower-case hexadecimal", e);
	return err_at(e, "/%s", name);
}

static bool is_null(const struct json *object, const char *name)
{
	const struct json *value = json_lookup(object, name);

	return value != NULL && value->kind == JSON_NULL;
}

static bool read_instant(const struct json *object, const char *name, int64_t *out, struct err *e)
{
	struct str text;

	if (!json_string(object, name, 20, 20, &text, e))
		return false;
	if (instant_read(text, out))
		return true;
	bad("expected an instant like 2026-11-20T02:00:00Z", e);
	return err_at(e, "/%s", name);
}

static bool read_index(const struct json *object, const char *name, uint64_t *out, struct err *e)
{
	int64_t v;

	if (!json_integer(object, name, 0, (INT64_C(1) << 53) - 1, &v, e))
		return false;
	*out = (uint64_t)v;
	return true;
}

static bool read_types(const struct json *object, struct keylist_key *out, struct err *e)
{
	const struct json *types;

	if (!json_array(object, "types", KEYLIST_TYPES_MAX, &types, e))
		return false;
	for (size_t i = 0; i < types->count; i++) {
		const struct json *type = &types->items[i];

		if (type->kind != JSON_INTEGER || type->integer < 1 || type->integer > 255)
			return bad("expected document types from 1 to 255", e);
		out->types[i] = (unsigned char)type->integer;
	}
	out->type_count = types->count;
	return true;
}

static bool read_role_and_state(const struct json *object, struct keylist_key *out, struct err *e)
{
	struct str role, state;

	if (!json_string(object, "role", 1, 20, &role, e) ||
	    !json_string(object, "state", 1, 20, &state, e))
		return false;
	return (role_read(role, &out->role) && state_read(state, &out->state)) ||
	       bad("unknown role or state", e);
}

static bool read_key(const struct json *object, struct keylist_key *out, struct err *e)
{
	static const char *const allowed[] = { "kid",       "role",      "types",    "public",
					       "state",     "first_idx", "from_idx", "not_before",
					       "not_after", "pop",       NULL };
	unsigned char public[ED25519_PUBLIC];

	out->has_from_idx = !is_null(object, "from_idx");
	out->has_not_after = !is_null(object, "not_after");
	return json_only(object, allowed, e) && read_hex(object, "kid", out->kid, KID_SIZE, e) &&
	       read_role_and_state(object, out, e) && read_types(object, out, e) &&
	       read_hex(object, "public", public, sizeof public, e) &&
	       ed25519_public_read(str_bytes(public, sizeof public), &out->public, e) &&
	       read_index(object, "first_idx", &out->first_idx, e) &&
	       (!out->has_from_idx || read_index(object, "from_idx", &out->from_idx, e)) &&
	       read_instant(object, "not_before", &out->not_before, e) &&
	       (!out->has_not_after || read_instant(object, "not_after", &out->not_after, e)) &&
	       read_hex(object, "pop", out->pop, ED25519_SIGNATURE, e);
}

static bool read_keys(struct arena *a, const struct json *root, struct keylist *out, struct err *e)
{
	const struct json *keys;

	if (!json_array(root, "keys", KEYLIST_KEYS_MAX, &keys, e))
		return false;
	out->keys = arena_array(a, keys->count, sizeof *out->keys, e);
	if (out->keys == NULL)
		return false;
	for (size_t i = 0; i < keys->count; i++)
		if (!read_key(&keys->items[i], &out->keys[i], e))
			return err_at(e, "/keys/%zu", i);
	out->count = keys->count;
	return true;
}

static bool read_witnesses(struct arena *a, const struct json *root, struct keylist *out,
			   struct err *e)
{
	const struct json *list;

	if (!json_array(root, "witnesses", KEYLIST_WITNESSES_MAX, &list, e))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct json *vkey = &list->items[i];

		if (vkey->kind != JSON_STRING || vkey->string.n > VKEY_MAX)
			return bad("expected a verifier key of a witness", e);
		if (!note_witness_read(a, vkey->string, &out->witnesses[i], e))
			return err_at(e, "/witnesses/%zu", i);
	}
	out->witness_count = list->count;
	return true;
}

static bool read_body(struct arena *a, struct str body, struct keylist *out, struct err *e)
{
	static const char *const allowed[] = { "schema", "issuer", "version",   "issued", "expires",
					       "prev",   "keys",   "witnesses", "quorum", NULL };
	const struct json *root;
	int64_t quorum;

	if (!json_read(a, body, &LIMITS, &root, e) || !json_schema(root, SCHEMA, e) ||
	    !json_only(root, allowed, e) ||
	    !json_string(root, "issuer", 1, POLICY_ISSUER_MAX, &out->issuer, e) ||
	    !read_index(root, "version", &out->version, e) ||
	    !read_instant(root, "issued", &out->issued, e) ||
	    !read_instant(root, "expires", &out->expires, e) ||
	    !json_integer(root, "quorum", 0, POLICY_WITNESSES_MAX + KEYLIST_WITNESSES_MAX, &quorum,
			  e))
		return false;
	out->quorum = (unsigned)quorum;
	out->has_prev = !is_null(root, "prev");
	return (!out->has_prev || read_hex(root, "prev", out->prev, sizeof out->prev, e)) &&
	       read_keys(a, root, out, e) && read_witnesses(a, root, out, e);
}

static bool same_again(const struct keylist *list, struct str body, struct err *e)
{
	struct buf again = buf_empty(BODY_MAX);
	bool ok;

	put_body(&again, list);
	ok = buf_ok(&again, "key list", e);
	if (ok && !str_eq(buf_view(&again), body))
		ok = bad("not one line of canonical JSON", e);
	buf_free(&again);
	return ok;
}

static unsigned bits(uint32_t set)
{
	unsigned n = 0;

	for (; set != 0; set &= set - 1)
		n++;
	return n;
}

bool keylist_read(struct arena *a, struct str bytes, const struct policy *policy,
		  struct keylist *out, struct err *e)
{
	struct note note;
	struct keylist list = { 0 };
	uint32_t who;

	if (!note_read(a, bytes, &note, e) ||
	    !note_verify(&note, policy->roots, policy->root_count, &who, e))
		return false;
	if (bits(who) < policy->k)
		return err_input(e, "KEYLIST-ROOT", "signed by %u of the pinned roots; %u needed",
				 bits(who), policy->k);
	if (!read_body(a, note.body, &list, e) || !list_check(&list, policy, e) ||
	    !same_again(&list, note.body, e))
		return false;
	*out = list;
	return true;
}

bool keylist_fresh(const struct keylist *list, int64_t now)
{
	return now < list->expires;
}

const struct keylist_key *keylist_lookup(const struct keylist *list,
					 const unsigned char kid[KID_SIZE], size_t *from)
{
	while (*from < list->count) {
		const struct keylist_key *key = &list->keys[(*from)++];

		if (memcmp(key->kid, kid, KID_SIZE) == 0)
			return key;
	}
	return NULL;
}

bool keylist_signs(const struct keylist_key *key, unsigned type)
{
	if (key->role != ROLE_ISSUING)
		return false;
	for (size_t i = 0; i < key->type_count; i++)
		if (key->types[i] == type)
			return true;
	return false;
}
