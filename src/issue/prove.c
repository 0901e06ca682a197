/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/prove.h"

#include "base/io.h"
#include "net/site_dir.h"
#include "proof/checkpoint.h"
#include "proof/sidecar.h"
#include "proof/tile.h"

static bool document_find(struct home *h, const unsigned char docid[DOCID_SIZE],
			  struct store_document *d, struct err *e)
{
	bool found;

	if (!store_document_lookup(h->store, h->arena, docid, d, &found, e))
		return false;
	if (!found)
		return err_input(e, "DOCUMENT-UNKNOWN", "no document of this home has this id");
	return d->state == DOCUMENT_MADE ||
	       err_input(e, "DOCUMENT-NOT-RELEASED", "the document was not made");
}

static bool path_find(const struct site *site, uint64_t size, struct sidecar *s, struct err *e)
{
	struct tile_reader *reader = tile_reader_new(site, size, e);
	struct merkle_source from;
	bool ok;

	if (reader == NULL)
		return false;
	from = tile_reader_source(reader);
	ok = merkle_inclusion(&from, size, s->index, &s->proof, e);
	tile_reader_free(reader);
	return ok;
}

bool prove_document(struct home *h, const unsigned char docid[DOCID_SIZE], struct buf *out,
		    struct err *e)
{
	struct buf note = buf_empty(CHECKPOINT_BYTES_MAX);
	struct site_dir dir = { .fd = -1 };
	struct store_document d;
	struct checkpoint c;
	struct sidecar s = { .has_extra = true };
	struct note read;
	struct site site;
	const char *folder;
	bool ok = document_find(h, docid, &d, e) && home_path(h, "site", &folder, e) &&
		  site_dir_open(folder, &dir, &site, e) &&
		  io_read_in(folder, "checkpoint", &note, e) &&
		  note_read(h->arena, buf_view(&note), &read, e) &&
		  checkpoint_read_body(read.body, &c, e);

	if (ok && (uint64_t)d.idx >= c.size)
		ok = err_input(e, "DOCUMENT-NOT-RELEASED",
			       "the document is not under the site's checkpoint yet");
	if (ok) {
		s.index = (uint64_t)d.idx;
		s.extra = str_bytes(d.c_pdf, HASH_SIZE);
		s.checkpoint = buf_view(&note);
		ok = path_find(&site, c.size, &s, e) && sidecar_write(out, &s, e);
	}
	site_dir_close(&dir);
	buf_free(&note);
	return ok;
}
