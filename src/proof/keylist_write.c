/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"
#include "base/enc.h"
#include "proof/keylist_inner.h"
#include "proof/roots.h"
#include "json/canon.h"

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

static void put_key(struct buf *out, const struct keylist_key *key, const struct policy *policy)
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
	buf_c(out, ",\"log\":");
	canon_string(out, key->log.n > 0 ? key->log : policy->log.name);
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

static void put_logs(struct buf *out, const struct keylist *list)
{
	buf_c(out, ",\"logs\":[");
	for (size_t i = 0; i < list->log_count; i++) {
		buf_c(out, i > 0 ? ",{\"origin\":" : "{\"origin\":");
		canon_string(out, list->logs[i].origin);
		buf_c(out, ",\"root\":");
		put_hex(out, list->logs[i].root, SHA256_SIZE);
		buf_c(out, ",\"size\":");
		buf_uint(out, list->logs[i].size);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

void keylist_put(struct buf *out, const struct keylist *list, const struct policy *policy)
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
		put_key(out, &list->keys[i], policy);
	}
	buf_byte(out, ']');
	put_logs(out, list);
	buf_c(out, ",\"prev\":");
	if (list->has_prev)
		put_hex(out, list->prev, SHA256_SIZE);
	else
		buf_c(out, "null");
	buf_printf(out, ",\"quorum\":%u,\"schema\":\"%s\",\"version\":", list->quorum,
		   KEYLIST_SCHEMA);
	buf_uint(out, list->version);
	buf_c(out, ",\"witnesses\":[");
	for (size_t i = 0; i < list->witness_count; i++) {
		buf_c(out, i > 0 ? ",\"" : "\"");
		note_key_write(out, &list->witnesses[i]);
		buf_byte(out, '"');
	}
	buf_c(out, "]}\n");
}

bool keylist_body(struct buf *out, const struct keylist *list, const struct policy *policy,
		  struct err *e)
{
	struct buf body = buf_empty(KEYLIST_BODY_MAX);
	bool ok = keylist_check(list, policy, e);

	if (ok) {
		keylist_put(&body, list, policy);
		ok = buf_ok(&body, "key list", e);
	}
	if (ok)
		buf_str(out, buf_view(&body));
	buf_free(&body);
	return ok && buf_ok(out, "key list", e);
}

bool keylist_write(struct buf *out, const struct keylist *list, const struct policy *policy,
		   struct signer *signer, struct err *e)
{
	struct buf body = buf_empty(KEYLIST_BODY_MAX),
		   lines = buf_empty(NOTE_MAX - KEYLIST_BODY_MAX);
	unsigned made;
	bool ok = keylist_body(&body, list, policy, e) &&
		  roots_sign(&lines, buf_view(&body), policy, signer, &made, e);

	if (ok && made < policy->k)
		ok = err_input(e, "KEYLIST-ROOT",
			       "%u of %zu root signatures needed; only %u root keys are here",
			       policy->k, policy->root_count, made);
	if (ok) {
		buf_str(out, buf_view(&body));
		buf_byte(out, '\n');
		buf_str(out, buf_view(&lines));
		ok = buf_ok(out, "key list", e);
	}
	buf_free(&body);
	buf_free(&lines);
	return ok;
}
