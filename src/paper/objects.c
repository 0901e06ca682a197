/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/objects.h"

#include <hpdf_doc.h>
#include <hpdf_pages.h>
#include <stdio.h>

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

static HPDF_STATUS put(HPDF_Stream stream, struct str bytes)
{
	return bytes.n == 0
		       ? HPDF_OK
		       : HPDF_Stream_Write(stream, (const HPDF_BYTE *)bytes.p, (HPDF_UINT)bytes.n);
}

static HPDF_STATUS object_write(HPDF_Dict dict, HPDF_Stream stream)
{
	struct object *ob = dict->attr;
	HPDF_STATUS status = HPDF_OK;
	char length[40];

	if (ob == NULL)
		return HPDF_OK;
	ob->to = stream;
	if (ob->stream) {
		int n = snprintf(length, sizeof length, "/Length %zu\n", ob->data.n);

		status = put(stream, (struct str){ length, (size_t)n });
	}
	ob->at = stream->size;
	return status == HPDF_OK ? put(stream, ob->text) : status;
}

/* libharu has closed the dictionary and offers no stream here: object_write has kept it. */
static HPDF_STATUS data_write(HPDF_Dict dict)
{
	const struct object *ob = dict->attr;
	HPDF_STATUS status = put(ob->to, STR("\nstream\r\n"));

	if (status == HPDF_OK)
		status = put(ob->to, ob->data);
	return status == HPDF_OK ? put(ob->to, STR("\nendstream")) : status;
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

/*
 * Not libharu's own stream dictionary: its /Length is an object apart, 45 bytes a stream, and what it copies goes through
 * its hands in pieces.
 */
struct object *objects_stream(struct objects *o, struct str data)
{
	HPDF_Dict dict = o->failed ? NULL : HPDF_Dict_New(o->doc->mmgr);
	struct object *ob;

	if (dict == NULL || HPDF_Xref_Add(o->doc->xref, dict) != HPDF_OK)
		return out_of_memory(o);
	ob = object_of(o, dict);
	ob->data = data;
	ob->stream = true;
	if (dict->attr == ob)
		dict->after_write_fn = data_write;
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
