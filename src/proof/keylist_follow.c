/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/keylist_inner.h"

static bool changed(const char *why, struct err *e)
{
	return err_input(e, "KEYLIST-CHANGE", "%s", why);
}

bool keylist_remembered(uint64_t version, const unsigned char sha256[SHA256_SIZE],
			const struct keylist *list, const unsigned char list_sha256[SHA256_SIZE],
			struct err *e)
{
	if (list->version < version)
		return err_input(e, "KEYLIST-ROLLBACK",
				 "version %llu of the key list, after version %llu was seen",
				 (unsigned long long)list->version, (unsigned long long)version);
	if (list->version == version && memcmp(sha256, list_sha256, SHA256_SIZE) != 0)
		return err_input(e, "KEYLIST-FORK",
				 "two different key lists are signed as version %llu",
				 (unsigned long long)version);
	if (version > 0 && list->version == version + 1 &&
	    memcmp(list->prev, sha256, SHA256_SIZE) != 0)
		return err_input(
			e, "KEYLIST-FORK",
			"version %llu of the key list follows another version %llu than the one "
			"seen",
			(unsigned long long)list->version, (unsigned long long)version);
	return true;
}

static const struct keylist_key *same_key(const struct keylist *list, const struct keylist_key *key)
{
	for (size_t i = 0; i < list->count; i++)
		if (memcmp(list->keys[i].public.bytes, key->public.bytes, ED25519_PUBLIC) == 0)
			return &list->keys[i];
	return NULL;
}

static bool frozen_in(const struct keylist *list, struct str origin)
{
	for (size_t i = 0; i < list->log_count; i++)
		if (str_eq(list->logs[i].origin, origin))
			return true;
	return false;
}

/* What a key is may not change, only what became of it. */
static bool identity_kept(const struct keylist_key *old, const struct keylist_key *now,
			  const struct keylist *list, struct err *e)
{
	if (old->role != now->role || old->type_count != now->type_count ||
	    memcmp(old->types, now->types, old->type_count) != 0)
		return changed("a key's role and document types are for life", e);
	if (old->state != KEY_PLANNED &&
	    (old->first_idx != now->first_idx || old->not_before != now->not_before))
		return changed("where and when a key began to sign does not change", e);
	if (!str_eq(old->log, now->log) && old->state != KEY_PLANNED &&
	    (old->role == ROLE_LOG || !frozen_in(list, old->log)))
		return changed("a key leaves its log only when that is frozen", e);
	return true;
}

static bool fate_follows(const struct keylist_key *old, const struct keylist_key *now,
			 struct err *e)
{
	if (now->state < old->state)
		return changed("a key's state moves forward only: planned, active, retired, "
			       "compromised",
			       e);
	if (old->has_from_idx && now->from_idx > old->from_idx)
		return changed("from_idx is lowered, never raised", e);
	if (old->has_not_after && (!now->has_not_after || now->not_after > old->not_after))
		return changed("the end of a key's use is not put off", e);
	return true;
}

static bool keys_follow(const struct keylist *old, const struct keylist *list, struct err *e)
{
	for (size_t i = 0; i < old->count; i++) {
		const struct keylist_key *key = &old->keys[i], *now = same_key(list, key);

		if (now == NULL) {
			changed("no key is taken from the list", e);
			return err_at(e, "/keys/%zu", i);
		}
		if (!identity_kept(key, now, list, e) || !fate_follows(key, now, e))
			return err_at(e, "/keys/%zu", (size_t)(now - list->keys));
	}
	return true;
}

static bool logs_follow(const struct keylist *old, const struct keylist *list, struct err *e)
{
	if (list->log_count < old->log_count)
		return changed("a frozen log stays in the list", e);
	for (size_t i = 0; i < old->log_count; i++) {
		const struct keylist_log *a = &old->logs[i], *b = &list->logs[i];

		if (!str_eq(a->origin, b->origin) || a->size != b->size ||
		    memcmp(a->root, b->root, sizeof a->root) != 0) {
			changed("a frozen log stays as it is", e);
			return err_at(e, "/logs/%zu", i);
		}
	}
	return true;
}

bool keylist_follows(const struct keylist *old, const unsigned char old_sha256[SHA256_SIZE],
		     const struct keylist *list, const unsigned char list_sha256[SHA256_SIZE],
		     struct err *e)
{
	if (!str_eq(old->issuer, list->issuer))
		return changed("the key list is another issuer's", e);
	if (!keylist_remembered(old->version, old_sha256, list, list_sha256, e))
		return false;
	if (list->issued < old->issued)
		return changed("a later list is not issued earlier", e);
	return keys_follow(old, list, e) && logs_follow(old, list, e);
}
