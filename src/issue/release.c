/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/release.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "issue/document.h"

enum { PDF_MAX = 64 * 1024 * 1024, GROUP = 256 };

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
