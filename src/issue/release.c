/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/release.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "issue/document.h"
#include "keys/minisign.h"
#include "proof/manifest.h"
#include "proof/order.h"

enum { PDF_MAX = 64 * 1024 * 1024, GROUP = 256, COMMENT_MAX = 200 };

/* The manifest of one batch while it is written. */
struct writer {
	struct home *home;
	const struct store_batch *batch;
	struct arena *arena; /* head data, for the manifest's life */
	struct manifest head;
	unsigned char (*parts)[SHA256_SIZE];
	struct sql_rows *rows; /* documents by idx */
	uint64_t next;         /* idx whose leaf comes next */
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
	if (!found || before.state != BATCH_DONE)
		return err_system(e, "the store has lost batch %lld", (long long)w->batch->id - 1);
	w->head.has_previous = true;
	memcpy(w->head.previous, before.manifest, SHA256_SIZE);
	return true;
}

static bool head_fill(struct writer *w, struct err *e)
{
	struct store_form *forms;
	size_t count, parts;

	w->head = (struct manifest){ .issuer = w->home->config.issuer,
				     .batch = (uint64_t)w->batch->id,
				     .first_idx = (uint64_t)w->batch->first_idx,
				     .last_idx =
					     (uint64_t)(w->batch->first_idx + w->batch->slots - 1),
				     .program = STR(HUFU_PROGRAM) };
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

/* The leaf of w->next: the document there, or padding where it failed. */
static bool leaf_next(struct writer *w, struct leaf *out, struct err *e)
{
	unsigned char padding[ORDER_PADDING];
	struct store_document d;
	bool end;

	if (!store_documents_row(w->rows, &d, &end, e))
		return false;
	if (end || d.idx != (int64_t)w->next || d.state == DOCUMENT_PLANNED)
		return err_system(e, "the store has no finished document for position %llu",
				  (unsigned long long)w->next);
	if (d.state == DOCUMENT_MADE) {
		memcpy(out->c_token, d.c_token, SHA256_SIZE);
		memcpy(out->c_pdf, d.c_pdf, SHA256_SIZE);
	} else {
		if (!order_padding(w->home->signer, w->next, padding, e))
			return false;
		memcpy(out->c_token, padding, SHA256_SIZE);
		memcpy(out->c_pdf, padding + SHA256_SIZE, SHA256_SIZE);
	}
	w->next++;
	return true;
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
	for (*count = 0; *count < MANIFEST_PART && w->next <= w->head.last_idx; ++*count)
		if (!leaf_next(w, &leaves[*count], e))
			return false;
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

bool release_manifest(struct home *h, const struct store_batch *batch,
		      unsigned char part0[HASH_SIZE], struct err *e)
{
	struct writer w = { .home = h,
			    .batch = batch,
			    .arena = arena_new(MANIFEST_BYTES_MAX),
			    .next = (uint64_t)batch->first_idx };
	bool ok;

	if (w.arena == NULL)
		return err_memory(e, "a manifest");
	ok = home_path(h, "site/m", &w.folder, e) && head_fill(&w, e) &&
	     store_documents(h->store, batch->id, &w.rows, e) && parts_write(&w, part0, e);
	store_documents_done(w.rows);
	arena_free(w.arena);
	return ok;
}

/* Copies of one group, waiting for their names. */
struct copies {
	char names[GROUP][DOCUMENT_NAME];
	size_t count;
	struct buf bytes, there;
};

static bool copies_end(struct copies *c, const char *out, struct err *e)
{
	if (c->count == 0)
		return true;
	if (!io_sync_all(out, e))
		return false;
	for (size_t i = 0; i < c->count; i++)
		if (!io_unstage(out, c->names[i], e))
			return false;
	c->count = 0;
	return io_sync_dir(out, e);
}

static bool copy_add(struct home *h, struct copies *c, const struct store_document *d,
		     const char *out, struct err *e)
{
	char folder[DOCUMENT_FOLDER], name[DOCUMENT_NAME], path[64], final[4096];

	document_name(d->docid, name, folder);
	if (snprintf(path, sizeof path, "documents/%s/%s", folder, name) >= (int)sizeof path ||
	    snprintf(final, sizeof final, "%s/%s", out, name) >= (int)sizeof final)
		return err_system(e, "path '%s' is too long", out);
	buf_clear(&c->bytes);
	buf_clear(&c->there);
	if (!io_read_in(h->dir, path, &c->bytes, e))
		return false;
	if (io_exists(final) && io_read(final, &c->there, e) &&
	    str_eq(buf_view(&c->there), buf_view(&c->bytes)))
		return true;
	memcpy(c->names[c->count], name, sizeof name);
	if (!io_stage(out, name, buf_view(&c->bytes), 0644, e))
		return false;
	c->count++;
	return c->count < GROUP || copies_end(c, out, e);
}

bool release_documents(struct home *h, int64_t batch, const char *out, struct err *e)
{
	struct copies *c = calloc(1, sizeof *c);
	struct store_document d;
	struct sql_rows *rows = NULL;
	bool end = false, ok;

	if (c == NULL)
		return err_memory(e, "copies");
	c->bytes = buf_empty(PDF_MAX);
	c->there = buf_empty(PDF_MAX);
	ok = io_mkdir(out, 0755, e) && store_documents(h->store, batch, &rows, e);
	while (ok && (ok = store_documents_row(rows, &d, &end, e)) && !end)
		if (d.state == DOCUMENT_MADE)
			ok = copy_add(h, c, &d, out, e);
	ok = ok && copies_end(c, out, e);
	store_documents_done(rows);
	buf_free(&c->bytes);
	buf_free(&c->there);
	free(c);
	return ok;
}
