/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/manifests.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "issue/block.h"
#include "keys/minisign.h"

enum { COMMENT_MAX = 200 };

/* The manifest of one batch while it is written. */
struct writer {
	struct home *home;
	const struct store_batch *batch;
	struct arena *arena; /* head data, for the manifest's life */
	struct manifest head;
	unsigned char (*parts)[SHA256_SIZE];
	struct block *block;
	const char *folder;
};

static bool head_templates(struct writer *w, const struct store_form *forms, size_t count,
			   struct err *e)
{
	struct manifest_template *templates = arena_array(w->arena, count, sizeof *templates, e);

	if (templates == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		templates[i] = (struct manifest_template){ .id = forms[i].form,
							   .lang = forms[i].lang,
							   .version = (uint64_t)forms[i].version };
		memcpy(templates[i].sha256, forms[i].hash, SHA256_SIZE);
	}
	w->head.templates = templates;
	w->head.template_count = count;
	return true;
}

/* kids of the issuing keys, each once, in order of document type. */
static bool head_keys(struct writer *w, const struct store_form *forms, size_t count, struct err *e)
{
	unsigned char(*keys)[KID_SIZE] = arena_array(w->arena, MANIFEST_KEYS_MAX, sizeof *keys, e);
	struct ed25519_public public;
	size_t n = 0;

	if (keys == NULL)
		return false;
	for (unsigned type = 1; type <= UINT8_MAX; type++) {
		bool used = false;

		for (size_t i = 0; i < count; i++)
			used = used || forms[i].type == (int64_t)type;
		if (!used)
			continue;
		if (n == MANIFEST_KEYS_MAX)
			return err_system(e, "a batch uses more than %d issuing keys",
					  MANIFEST_KEYS_MAX);
		if (!signer_public(w->home->signer, ROLE_ISSUING, type, &public, e))
			return false;
		ed25519_kid(&public, keys[n++]);
	}
	w->head.keys = keys[0];
	w->head.key_count = n;
	return true;
}

static bool head_previous(struct writer *w, struct err *e)
{
	struct store_batch before;
	bool found;

	if (w->batch->id == 1)
		return true;
	if (!store_batch_lookup(w->home->store, w->batch->id - 1, &before, &found, e))
		return false;
	if (!found || before.state < BATCH_SIGNED)
		return err_system(e, "the store has lost batch %lld", (long long)w->batch->id - 1);
	w->head.has_previous = true;
	memcpy(w->head.previous, before.manifest, SHA256_SIZE);
	return true;
}

static bool head_fill(struct writer *w, const struct manifests_order *order, struct err *e)
{
	struct store_form *forms;
	size_t count, parts;

	w->head = (struct manifest){ .issuer = w->home->config.issuer,
				     .batch = (uint64_t)w->batch->id,
				     .first_idx = (uint64_t)w->batch->first_idx,
				     .last_idx =
					     (uint64_t)(w->batch->first_idx + w->batch->slots - 1),
				     .program = STR(HUFU_PROGRAM),
				     .before = order->before,
				     .after = order->after,
				     .status = order->status,
				     .status_count = order->status_count };
	memcpy(w->head.fonts, w->batch->fonts, SHA256_SIZE);
	parts = manifest_parts(&w->head);
	if (parts == 0)
		return err_system(e, "batch %lld has an impossible size", (long long)w->batch->id);
	w->parts = arena_array(w->arena, parts, sizeof *w->parts, e);
	if (w->parts == NULL ||
	    !store_forms(w->home->store, w->arena, w->batch->id, &forms, &count, e))
		return false;
	w->head.parts = w->parts[0];
	return head_templates(w, forms, count, e) && head_keys(w, forms, count, e) &&
	       head_previous(w, e);
}

static bool part_publish(struct writer *w, unsigned part, struct str bytes, struct err *e)
{
	char path[MANIFEST_PATH], comment[COMMENT_MAX];
	struct buf signature = buf_empty(MINISIGN_FILE_MAX);
	bool ok;

	if (snprintf(comment, sizeof comment, "hufu manifest %.*s batch %lld part %u",
		     STR_ARG(w->head.issuer), (long long)w->batch->id, part) >= (int)sizeof comment)
		return err_system(e, "the issuer's id is too long");
	ok = minisign_sign(w->home->signer, bytes, str_of(comment), &signature, e);
	/* The name inside m/ is what follows the path's "/m/". */
	manifest_path((uint64_t)w->batch->id, part, false, path);
	ok = ok && io_publish(w->folder, path + sizeof "/m/" - 1, bytes, 0644, e);
	manifest_path((uint64_t)w->batch->id, part, true, path);
	ok = ok && io_publish(w->folder, path + sizeof "/m/" - 1, buf_view(&signature), 0644, e);
	buf_free(&signature);
	return ok;
}

static bool part_write(struct writer *w, unsigned part, const struct leaf *leaves, size_t count,
		       unsigned char hash[SHA256_SIZE], struct err *e)
{
	struct buf bytes = buf_empty(MANIFEST_BYTES_MAX);
	bool ok = manifest_write(&bytes, &w->head, part, leaves, count, e) &&
		  part_publish(w, part, buf_view(&bytes), e);

	if (ok)
		sha256_of(buf_view(&bytes), hash);
	buf_free(&bytes);
	return ok;
}

static bool leaves_read(struct writer *w, struct leaf *leaves, size_t *count, struct err *e)
{
	bool end = false;

	for (*count = 0; *count < MANIFEST_PART; ++*count) {
		if (!block_next(w->block, &leaves[*count], &end, e))
			return false;
		if (end)
			break;
	}
	return true;
}

/* Part 0 names the hashes of the others, so its leaves are kept till those are written. */
static bool parts_write(struct writer *w, unsigned char part0[HASH_SIZE], struct err *e)
{
	size_t parts = manifest_parts(&w->head), first, count;
	struct leaf *kept = calloc(MANIFEST_PART, sizeof *kept),
		    *leaves = calloc(MANIFEST_PART, sizeof *leaves);
	bool ok = kept != NULL && leaves != NULL;

	if (!ok)
		err_memory(e, "a manifest");
	ok = ok && leaves_read(w, kept, &first, e);
	for (unsigned part = 1; ok && part < parts; part++)
		ok = leaves_read(w, leaves, &count, e) &&
		     part_write(w, part, leaves, count, w->parts[part - 1], e);
	ok = ok && part_write(w, 0, kept, first, part0, e);
	free(kept);
	free(leaves);
	return ok;
}

bool manifests_write(const struct manifests_order *order, unsigned char part0[HASH_SIZE],
		     struct err *e)
{
	struct writer w = { .home = order->home,
			    .batch = order->batch,
			    .arena = arena_new(MANIFEST_BYTES_MAX) };
	bool ok;

	if (w.arena == NULL)
		return err_memory(e, "a manifest");
	ok = home_path(w.home, "site/m", &w.folder, e) && head_fill(&w, order, e) &&
	     block_open(w.home, w.batch, &w.block, e) && parts_write(&w, part0, e);
	block_close(w.block);
	arena_free(w.arena);
	return ok;
}
