/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/forget.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "issue/buckets.h"
#include "issue/document.h"
#include "store/edition.h"
#include "store/forget.h"
#include "store/letter.h"
#include "json/json.h"

enum { RECORD_BYTES_MAX = 1 << 20 };

struct forgetting {
	struct home *home;
	struct str member;
	struct store_trace *traces;
	size_t count;
	struct str photo; /* SHA-256 in hexadecimal; p == NULL for none */
};

static bool nothing_open(struct home *h, struct err *e)
{
	struct store_batch batch;
	struct store_edition edition;
	bool batch_open, edition_open;

	if (!store_batch_open(h->store, &batch, &batch_open, e) ||
	    !store_edition_open(h->store, &edition, &edition_open, e))
		return false;
	return (!batch_open && !edition_open) ||
	       err_system(e, "a batch or an edition of the site was interrupted; finish it with "
			     "hufu issue or hufu publish first");
}

/* The record's photo.sha256, when it has one. */
static bool photo_find(struct forgetting *f, struct str record, struct err *e)
{
	static const struct json_limits limits = { .bytes = RECORD_BYTES_MAX,
						   .depth = 16,
						   .values = 65536 };
	const struct json *root, *photo, *hash;

	if (!json_read(f->home->arena, record, &limits, &root, e))
		return false;
	photo = json_lookup(root, "photo");
	hash = photo != NULL && photo->kind == JSON_OBJECT ? json_lookup(photo, "sha256") : NULL;
	if (hash != NULL && hash->kind == JSON_STRING)
		f->photo = hash->string;
	return true;
}

static bool member_find(struct forgetting *f, struct err *e)
{
	struct store_member m;
	bool found, applied = false, refused = false;

	if (!store_member_lookup(f->home->store, f->home->arena, f->member, &m, &found, e) ||
	    (!found && (!store_letter_of(f->home->store, f->member, &applied, e) ||
			!store_refused(f->home->store, f->member, &refused, e))))
		return false;
	/* Whom the register does not know may have applied all the same, or been sent and refused. */
	if ((applied || refused) && f->member.n > 0)
		return true;
	/* The row without an id is nobody's: replies that no record matches hang on it. */
	if (!found || f->member.n == 0)
		return err_input(e, "MEMBER-UNKNOWN", "no member of this home has the id '%.*s'",
				 STR_ARG(f->member));
	return photo_find(f, m.record, e) &&
	       store_traces(f->home->store, f->home->arena, f->member, &f->traces, &f->count, e);
}

static bool file_remove(const char *path, struct err *e)
{
	return unlink(path) == 0 || errno == ENOENT || err_errno(e, "cannot remove '%s'", path);
}

static bool pages_remove(struct forgetting *f, struct err *e)
{
	char folder[DOCUMENT_FOLDER], name[DOCUMENT_NAME], path[4096];

	for (size_t i = 0; i < f->count; i++) {
		document_name(f->traces[i].docid, name, folder);
		if (snprintf(path, sizeof path, "%s/documents/%s/%s", f->home->dir, folder, name) >=
		    (int)sizeof path)
			return err_system(e, "path '%s' is too long", f->home->dir);
		if (!file_remove(path, e))
			return false;
	}
	return true;
}

/* After the member's row is gone: a photo that no record names any more. */
static bool photo_remove(struct forgetting *f, struct err *e)
{
	char path[4096];
	bool used;

	if (f->photo.p == NULL)
		return true;
	if (!store_mentions(f->home->store, f->photo, &used, e))
		return false;
	if (used)
		return true;
	if (snprintf(path, sizeof path, "%s/photos/%.*s", f->home->dir, STR_ARG(f->photo)) >=
	    (int)sizeof path)
		return err_system(e, "path '%s' is too long", f->home->dir);
	return file_remove(path, e);
}

static bool rows_remove(struct forgetting *f, int64_t at, struct err *e)
{
	struct store *store = f->home->store;
	unsigned char(*digests)[HASH_SIZE] = arena_array(f->home->arena, f->count, HASH_SIZE, e);
	size_t n = 0;

	if (digests == NULL)
		return false;
	for (size_t i = 0; i < f->count; i++)
		if (f->traces[i].made)
			memcpy(digests[n++], f->traces[i].lookup, HASH_SIZE);
	if (!store_begin(store, e))
		return false;
	/* The buckets are written of what the transaction sees; a crash leaves a member to be forgotten again. */
	if (store_forget(store, f->member, f->traces, f->count, at, e) &&
	    buckets_without(f->home, digests, n, e) && photo_remove(f, e) && store_commit(store, e))
		return true;
	store_rollback(store);
	return false;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool places_note(struct forgetting *f, const struct env *env, struct forget_result *out,
			struct err *e)
{
	out->idx = arena_array(f->home->arena, f->count, sizeof *out->idx, e);
	if (out->idx == NULL)
		return false;
	for (size_t i = 0; i < f->count; i++)
		if (f->traces[i].made)
			out->idx[out->count++] = f->traces[i].idx;
	qsort(out->idx, out->count, sizeof *out->idx, by_number);
	for (size_t i = 0; i < out->count; i++) {
		struct journal_field place[] = { { "idx", { NULL, 0 }, out->idx[i] } };

		if (!journal_add(f->home->journal, env_now(env), "document.forgotten", place, 1, e))
			return false;
	}
	return true;
}

bool forget_member(struct home *h, const struct env *env, struct str member_id,
		   struct forget_result *out, struct err *e)
{
	struct forgetting f = { .home = h, .member = member_id };

	*out = (struct forget_result){ .at = env_now(env) };
	/* The journal first: a place it names and the store still knows is no contradiction. */
	return nothing_open(h, e) && member_find(&f, e) && places_note(&f, env, out, e) &&
	       pages_remove(&f, e) && rows_remove(&f, out->at, e) && store_forget_end(h->store, e);
}
