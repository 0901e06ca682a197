/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/keylist_inner.h"

#include "base/civil.h"
#include "base/hash.h"

enum {
	POP_MAX = POLICY_ISSUER_MAX + 64,
	LIFE_MONTHS = 13, /* longest time between issue and expiry; proof.md §4 */
	DAY_S = 86400
};

static const char POP_LABEL[] = "hufu/1/pop"; /* its NUL is the zero byte behind it */

bool keylist_bad(const char *why, struct err *e)
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
		return keylist_bad("document types belong to issuing keys, 1 to 16 of them", e);
	for (size_t i = 0; i < key->type_count; i++)
		if (key->types[i] == 0 || (i > 0 && key->types[i] <= key->types[i - 1]))
			return keylist_bad("document types are not ascending from 1 to 255", e);
	return true;
}

static bool key_check(const struct keylist_key *key, struct str issuer, struct err *e)
{
	unsigned char kid[KID_SIZE];

	if (!role_listed(key->role))
		return keylist_bad("this role has no place in a key list", e);
	if (!types_check(key, e))
		return false;
	ed25519_kid(&key->public, kid);
	if (memcmp(kid, key->kid, KID_SIZE) != 0)
		return keylist_bad("kid is not the key's", e);
	if (key->has_from_idx != (key->state == KEY_COMPROMISED))
		return keylist_bad("from_idx belongs to compromised keys, and to each of them", e);
	if (key->state == KEY_COMPROMISED && key->from_idx > 0 &&
	    (key->role == ROLE_STATUS || key->role == ROLE_LOG))
		return keylist_bad("status and log keys are revoked at once: from_idx is 0", e);
	if (key->has_not_after && key->not_after < key->not_before)
		return keylist_bad("not_after lies before not_before", e);
	if (key->state == KEY_RETIRED && !key->has_not_after)
		return keylist_bad("a retired key says until when it signed", e);
	return pop_verify(key, issuer) || keylist_bad("the proof of possession does not verify", e);
}

static bool same_public(const struct ed25519_public *a, const struct ed25519_public *b)
{
	return memcmp(a->bytes, b->bytes, ED25519_PUBLIC) == 0;
}

static bool among(const struct note_key *keys, size_t count, const struct ed25519_public *public)
{
	for (size_t i = 0; i < count; i++)
		if (same_public(&keys[i].public, public))
			return true;
	return false;
}

/* One key, one role (proof.md §4): a signature made in one must never do in another. */
static bool role_alone(const struct keylist_key *key, const struct keylist *list,
		       const struct policy *policy, struct err *e)
{
	if (among(policy->roots, policy->root_count, &key->public))
		return keylist_bad("a root key has no other role", e);
	if (among(policy->witnesses, policy->witness_count, &key->public) ||
	    among(list->witnesses, list->witness_count, &key->public))
		return keylist_bad("a witness's key has no other role", e);
	if (key->role != ROLE_LOG && same_public(&policy->log.public, &key->public))
		return keylist_bad("the log's key has no other role", e);
	return true;
}

static bool keys_check(const struct keylist *list, const struct policy *policy, struct err *e)
{
	if (list->count < 1 || list->count > KEYLIST_KEYS_MAX)
		return keylist_bad("expected 1 to 256 keys", e);
	for (size_t i = 0; i < list->count; i++) {
		const struct keylist_key *key = &list->keys[i];
		bool ok = key_check(key, list->issuer, e);

		ok = ok && role_alone(key, list, policy, e);
		for (size_t k = 0; ok && k < i; k++)
			if (same_public(&key->public, &list->keys[k].public))
				ok = keylist_bad("this key stands there twice", e);
		if (!ok)
			return err_at(e, "/keys/%zu", i);
	}
	return true;
}

/* A witness that counted twice would fill a quorum alone. */
static bool witnesses_check(const struct keylist *list, const struct policy *policy, struct err *e)
{
	if (list->witness_count > KEYLIST_WITNESSES_MAX)
		return keylist_bad("expected at most 16 witnesses", e);
	for (size_t i = 0; i < list->witness_count; i++) {
		const struct ed25519_public *public = &list->witnesses[i].public;
		bool ok = list->witnesses[i].type == NOTE_COSIGNATURE ||
			  keylist_bad("a witness's key is of type 0x04", e);

		if (ok && (among(list->witnesses, i, public) ||
			   among(policy->witnesses, policy->witness_count, public)))
			ok = keylist_bad("this witness stands there twice", e);
		if (ok && (among(policy->roots, policy->root_count, public) ||
			   same_public(&policy->log.public, public)))
			ok = keylist_bad("a witness's key has no other role", e);
		if (!ok)
			return err_at(e, "/witnesses/%zu", i);
	}
	if (list->quorum < policy->quorum)
		return keylist_bad("the quorum is below the policy's", e);
	return list->quorum <= policy->witness_count + list->witness_count ||
	       keylist_bad("the quorum is more than there are witnesses", e);
}

static const struct keylist_log *frozen(const struct keylist *list, struct str origin)
{
	for (size_t i = 0; i < list->log_count; i++)
		if (str_eq(list->logs[i].origin, origin))
			return &list->logs[i];
	return NULL;
}

static struct str key_log(const struct keylist_key *key, const struct policy *policy)
{
	return key->log.n > 0 ? key->log : policy->log.name;
}

/* The log key that signs now; NULL when there is none. */
static const struct keylist_key *log_active(const struct keylist *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->keys[i].role == ROLE_LOG && list->keys[i].state == KEY_ACTIVE)
			return &list->keys[i];
	return NULL;
}

struct str keylist_origin(const struct keylist *list, const struct policy *policy)
{
	const struct keylist_key *active = log_active(list);

	return active != NULL ? key_log(active, policy) : policy->log.name;
}

static bool logs_check(const struct keylist *list, struct err *e)
{
	unsigned char empty[SHA256_SIZE];

	sha256_of(STR(""), empty); /* RFC 6962 §2.1 */
	if (list->log_count > KEYLIST_LOGS_MAX)
		return keylist_bad("expected at most 16 frozen logs", e);
	for (size_t i = 0; i < list->log_count; i++) {
		const struct keylist_log *log = &list->logs[i];
		bool ok = log->size > 0 || memcmp(log->root, empty, sizeof empty) == 0 ||
			  keylist_bad("this is not the root of an empty log", e);

		if (ok && log->size > INT64_C(1) << 53)
			ok = keylist_bad("no log is that long", e);
		if (ok && i > 0 && log->size < list->logs[i - 1].size)
			ok = keylist_bad("a log is not shorter than the one it continues", e);
		if (ok && frozen(list, log->origin) != log)
			ok = keylist_bad("this log stands there twice", e);
		if (!ok)
			return err_at(e, "/logs/%zu", i);
	}
	return true;
}

/* Every key belongs to a frozen log or to the one that goes on, and that one has one key that signs. */
static bool logs_used(const struct keylist *list, const struct policy *policy, struct err *e)
{
	struct str origin = keylist_origin(list, policy);
	const struct keylist_key *active = log_active(list);
	struct note_key name;

	for (size_t i = 0; i < list->count; i++) {
		const struct keylist_key *key = &list->keys[i];
		struct str log = key_log(key, policy);
		bool ok = note_key_make(log, &key->public, &name, e);

		if (ok && key->role == ROLE_LOG && key->state == KEY_ACTIVE &&
		    (key != active || frozen(list, log) != NULL))
			ok = keylist_bad("one log goes on, and one key signs it", e);
		if (ok && key->role != ROLE_LOG && !str_eq(log, origin) &&
		    frozen(list, log) == NULL)
			ok = keylist_bad("this log is neither frozen nor the one that goes on", e);
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

bool keylist_check(const struct keylist *list, const struct policy *policy, struct err *e)
{
	if (!str_eq(list->issuer, policy->issuer))
		return keylist_bad("the key list is another issuer's", e);
	if (list->version < 1 || list->has_prev != (list->version > 1))
		return keylist_bad(
			"versions count from 1, and each but the first names its predecessor", e);
	if (list->expires <= list->issued || list->expires > latest_expiry(list->issued))
		return keylist_bad("expires is not within 13 months of issued", e);
	return witnesses_check(list, policy, e) && keys_check(list, policy, e) &&
	       logs_check(list, e) && logs_used(list, policy, e);
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

const struct keylist_log *keylist_log(const struct keylist *list, const struct keylist_key *key)
{
	return frozen(list, key->log);
}

size_t keylist_log_keys(const struct keylist *list, const struct policy *policy,
			struct note_key *out, size_t max)
{
	const struct keylist_key *active = log_active(list);
	bool named = false;
	size_t n = 0;
	struct err e;

	for (size_t i = 0; i < list->count; i++)
		named = named || list->keys[i].role == ROLE_LOG;
	if (!named && max > 0)
		out[n++] = policy->log;
	if (active == NULL)
		return n;
	for (size_t pass = 0; pass < 2; pass++) /* the one that signs first */
		for (size_t i = 0; i < list->count && n < max; i++) {
			const struct keylist_key *key = &list->keys[i];
			bool old = key->role == ROLE_LOG && key->state == KEY_RETIRED &&
				   str_eq(key_log(key, policy), key_log(active, policy));

			if ((pass == 0 ? key == active : old) &&
			    note_key_make(key_log(key, policy), &key->public, &out[n], &e))
				n++;
		}
	return n;
}
