/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/objects.h"

#include <hpdf_doc.h>
#include <hpdf_pages.h>

enum { NUMBER_MASK = 0x00FFFFFF }; /* hpdf_objects.h: the object number inside obj_id */

void objects_fail(struct objects *o, const struct err *e)
{
	if (o->failed)
		return;
	o->failed = true;
	o->err = *e;
}

static struct object *out_of_memory(struct objects *o)
{
	struct err e = { 0 };

	err_memory(&e, "a PDF object");
	objects_fail(o, &e);
	o->spare = (struct object){ 0 };
	return &o->spare;
}

static HPDF_STATUS object_write(HPDF_Dict dict, HPDF_Stream stream)
{
	const struct object *ob = dict->attr;

	if (ob == NULL || ob->text.n == 0)
		return HPDF_OK;
	return HPDF_Stream_Write(stream, (const HPDF_BYTE *)ob->text.p, (HPDF_UINT)ob->text.n);
}

static HPDF_STATUS object_read(HPDF_Stream stream, HPDF_BYTE *to, HPDF_UINT *n)
{
	struct object *ob = stream->attr;
	size_t left = ob->data.n - ob->at;
	HPDF_STATUS status = HPDF_OK;

	if (left < *n) {
		*n = (HPDF_UINT)left;
		status = HPDF_STREAM_EOF;
	}
	if (*n > 0)
		memcpy(to, ob->data.p + ob->at, *n);
	ob->at += *n;
	return status;
}

static HPDF_STATUS object_seek(HPDF_Stream stream, HPDF_INT to, HPDF_WhenceMode mode)
{
	struct object *ob = stream->attr;

	/* libharu rewinds before it copies and never seeks elsewhere. */
	if (mode != HPDF_SEEK_SET || to < 0 || (size_t)to > ob->data.n)
		return HPDF_INVALID_PARAMETER;
	ob->at = (size_t)to;
	return HPDF_OK;
}

static HPDF_UINT32 object_size(HPDF_Stream stream)
{
	const struct object *ob = stream->attr;

	return (HPDF_UINT32)ob->data.n;
}

static struct object *object_of(struct objects *o, HPDF_Dict dict)
{
	struct err e = { 0 };
	struct object *ob = arena_alloc(o->arena, sizeof *ob, &e);

	if (ob == NULL) {
		objects_fail(o, &e);
		o->spare = (struct object){ 0 };
		return &o->spare;
	}
	ob->number = dict->header.obj_id & NUMBER_MASK;
	dict->attr = ob;
	dict->write_fn = object_write;
	return ob;
}

struct object *objects_dict(struct objects *o)
{
	HPDF_Dict dict = o->failed ? NULL : HPDF_Dict_New(o->doc->mmgr);

	if (dict == NULL)
		return out_of_memory(o);
	if (HPDF_Xref_Add(o->doc->xref, dict) != HPDF_OK)
		return out_of_memory(o); /* Xref_Add has freed the dictionary */
	return object_of(o, dict);
}

struct object *objects_page(struct objects *o)
{
	HPDF_Dict dict = o->failed ? NULL : HPDF_Dict_New(o->doc->mmgr);

	if (dict == NULL || HPDF_Xref_Add(o->doc->xref, dict) != HPDF_OK ||
	    HPDF_Pages_AddKids(o->doc->root_pages, dict) != HPDF_OK)
		return out_of_memory(o);
	/* Only now: AddKids takes a dictionary of this class for one of libharu's own pages, with its attributes.
	 * The page tree counts its leaves by the class when it is written. */
	dict->header.obj_class |= HPDF_OSUBCLASS_PAGE;
	return object_of(o, dict);
}

struct object *objects_stream(struct objects *o, struct str data)
{
	HPDF_Dict dict = o->failed ? NULL : HPDF_DictStream_New(o->doc->mmgr, o->doc->xref);
	HPDF_Stream stream;
	struct object *ob;

	if (dict == NULL)
		return out_of_memory(o);
	stream = HPDF_CallbackReader_New(o->doc->mmgr, object_read, object_seek, NULL, object_size,
					 NULL);
	if (stream == NULL)
		return out_of_memory(o);
	ob = object_of(o, dict);
	ob->data = data;
	stream->attr = ob;
	HPDF_Stream_Free(dict->stream);
	dict->stream = stream;
	return ob;
}

struct buf *objects_begin(struct objects *o)
{
	buf_clear(&o->scratch);
	return &o->scratch;
}

struct str objects_keep(struct objects *o, struct str bytes)
{
	struct err e = { 0 };
	struct str kept = { NULL, 0 };

	if (!arena_str(o->arena, bytes, &kept, &e))
		objects_fail(o, &e);
	return kept;
}

void objects_end(struct objects *o, struct object *to)
{
	struct err e = { 0 };

	if (!buf_ok(&o->scratch, "a PDF object", &e))
		objects_fail(o, &e);
	else
		to->text = objects_keep(o, buf_view(&o->scratch));
}

void objects_hook(struct objects *o, HPDF_Dict dict, struct str text)
{
	if (dict == NULL)
		return;
	object_of(o, dict)->text = text;
}
