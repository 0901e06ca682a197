/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"
#include "base/enc.h"
#include "proof/keylist_inner.h"
#include "proof/roots.h"
#include "json/json.h"

enum { VKEY_MAX = 300 };

static const struct json_limits LIMITS = { .bytes = KEYLIST_BODY_MAX, .depth = 4, .values = 16384 };

static bool read_hex(const struct json *object, const char *name, void *out, size_t n,
		     struct err *e)
{
	struct str hex;

	if (!json_string(object, name, 2 * n, 2 * n, &hex, e))
		return false;
	if (enc_unhex(hex, out, n))
		return true;
	keylist_bad("expected lower-case hexadecimal", e);
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
	keylist_bad("expected an instant like 2026-11-20T02:00:00Z", e);
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
			return keylist_bad("expected document types from 1 to 255", e);
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
	       keylist_bad("unknown role or state", e);
}

static bool read_key(const struct json *object, struct keylist_key *out, struct err *e)
{
	static const char *const allowed[] = { "kid",       "role",      "types",    "public",
					       "state",     "first_idx", "from_idx", "not_before",
					       "not_after", "pop",       "log",      NULL };
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
	       json_string(object, "log", 1, NOTE_NAME_MAX, &out->log, e) &&
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

static bool read_log(const struct json *object, struct keylist_log *out, struct err *e)
{
	static const char *const allowed[] = { "origin", "root", "size", NULL };

	return json_only(object, allowed, e) &&
	       json_string(object, "origin", 1, NOTE_NAME_MAX, &out->origin, e) &&
	       read_hex(object, "root", out->root, SHA256_SIZE, e) &&
	       read_index(object, "size", &out->size, e);
}

static bool read_logs(const struct json *root, struct keylist *out, struct err *e)
{
	const struct json *logs;

	if (!json_array(root, "logs", KEYLIST_LOGS_MAX, &logs, e))
		return false;
	for (size_t i = 0; i < logs->count; i++)
		if (!read_log(&logs->items[i], &out->logs[i], e))
			return err_at(e, "/logs/%zu", i);
	out->log_count = logs->count;
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
			return keylist_bad("expected a verifier key of a witness", e);
		if (!note_witness_read(a, vkey->string, &out->witnesses[i], e))
			return err_at(e, "/witnesses/%zu", i);
	}
	out->witness_count = list->count;
	return true;
}

static bool read_body(struct arena *a, struct str body, struct keylist *out, struct err *e)
{
	static const char *const allowed[] = { "schema",    "issuer", "version", "issued",
					       "expires",   "prev",   "keys",    "logs",
					       "witnesses", "quorum", NULL };
	const struct json *root;
	int64_t quorum;

	if (!json_read(a, body, &LIMITS, &root, e) || !json_schema(root, KEYLIST_SCHEMA, e) ||
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
	       read_keys(a, root, out, e) && read_logs(root, out, e) &&
	       read_witnesses(a, root, out, e);
}

static bool same_again(const struct keylist *list, const struct policy *policy, struct str body,
		       struct err *e)
{
	struct buf again = buf_empty(KEYLIST_BODY_MAX);
	bool ok;

	keylist_put(&again, list, policy);
	ok = buf_ok(&again, "key list", e);
	if (ok && !str_eq(buf_view(&again), body))
		ok = keylist_bad("not one line of canonical JSON", e);
	buf_free(&again);
	return ok;
}

bool keylist_read(struct arena *a, struct str bytes, const struct policy *policy,
		  struct keylist *out, struct err *e)
{
	struct note note;
	unsigned signatures;

	if (!note_read(a, bytes, &note, e) || !roots_count(&note, policy, &signatures, e))
		return false;
	if (signatures < policy->k)
		return err_input(e, "KEYLIST-ROOT", "signed by %u of the pinned roots; %u needed",
				 signatures, policy->k);
	return keylist_read_body(a, note.body, policy, out, e);
}

bool keylist_read_body(struct arena *a, struct str body, const struct policy *policy,
		       struct keylist *out, struct err *e)
{
	struct keylist list = { 0 };

	if (!read_body(a, body, &list, e) || !keylist_check(&list, policy, e) ||
	    !same_again(&list, policy, body, e))
		return false;
	*out = list;
	return true;
}
