/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/field.h"

#include "paper/num.h"

static void reference(struct buf *b, const char *key, const struct object *to)
{
	buf_c(b, key);
	buf_uint(b, to->number);
	buf_c(b, " 0 R");
}

void field_annotations(struct buf *b, const struct fields *f, int page)
{
	bool any = false;

	for (int i = 0; i < f->count; i++) {
		if (f->items[i].page != page)
			continue;
		reference(b, any ? " " : "/Annots [", f->items[i].widget);
		any = true;
	}
	if (any)
		buf_c(b, "]\n");
}

/*
 * The dictionary of the seal that certifies: nothing may change behind it (P 1), or no more than another seal in the
 * field that is ready for it (P 2; ISO 32000-1 table 254).
 */
static void signature_write(struct fields *f, struct objects *o, const struct field_facts *facts)
{
	struct buf *b = objects_begin(o);

	f->signature = objects_dict(o);
	buf_c(b, "/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams "
		 "<</Type /TransformParams /V /1.2 /P ");
	num_int(b, f->count > 1 ? 2 : 1);
	buf_c(b, ">>>>]\n");
	signature_put(b, facts->signature, facts->created_unix, facts->utc_offset_min, &f->places);
	objects_end(o, f->signature);
}

/* What a second seal locks: everything (ISO 32000-2 table 236); the dictionary stands apart. */
static struct object *lock_write(struct objects *o)
{
	struct object *lock = objects_dict(o);

	lock->text = STR("/Type /SigFieldLock /Action /All /P 1\n");
	return lock;
}

static void widget_write(const struct fields *f, int i, struct objects *o,
			 const struct field_facts *facts)
{
	const struct field *item = &f->items[i];
	const struct object *lock = i > 0 ? lock_write(o) : NULL;
	struct buf *b = objects_begin(o);

	buf_c(b, "/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T (Seal");
	num_int(b, i + 1);
	buf_c(b, ")\n/TU ");
	num_text(b, item->label);
	buf_c(b, "\n/F 132\n/Rect ["); /* printed, and not to be moved */
	for (int k = 0; k < 4; k++) {
		num_put(b, item->rect[k]);
		buf_byte(b, k < 3 ? ' ' : ']');
	}
	reference(b, "\n/P ", facts->pages[item->page]);
	reference(b, "\n/AP <</N ", item->look);
	buf_c(b, ">>\n/StructParent ");
	num_int(b, facts->page_count + i);
	if (i == 0)
		reference(b, "\n/V ", f->signature);
	if (lock != NULL)
		reference(b, "\n/Lock ", lock);
	buf_byte(b, '\n');
	objects_end(o, item->widget);
}

/*
 * One kind of evidence: a stream a part, stored as it is.  A DER encoding deflates by a quarter, and a verifier that
 * need not inflate anything has that much less to fear.
 */
static void parts_write(struct objects *o, struct buf *to, const char *key, const struct str *parts,
			size_t count)
{
	if (count == 0)
		return;
	buf_c(to, key);
	for (size_t i = 0; i < count; i++)
		reference(to, i == 0 ? "[" : " ", objects_stream(o, parts[i]));
	buf_c(to, "]\n");
}

static struct object *evidence_write(struct objects *o, const struct signature_evidence *ev)
{
	struct object *out;
	struct buf *b;

	if (ev->cert_count + ev->ocsp_count + ev->crl_count == 0)
		return NULL;
	out = objects_dict(o);
	b = objects_begin(o);
	buf_c(b, "/Type /DSS\n");
	parts_write(o, b, "/Certs ", ev->certs, ev->cert_count);
	parts_write(o, b, "/OCSPs ", ev->ocsps, ev->ocsp_count);
	parts_write(o, b, "/CRLs ", ev->crls, ev->crl_count);
	objects_end(o, out);
	return out;
}

void field_write(struct fields *f, struct objects *o, const struct field_facts *facts,
		 struct buf *catalog)
{
	const struct object *dss = evidence_write(o, &facts->signature->evidence);

	signature_write(f, o, facts);
	for (int i = 0; i < f->count; i++)
		widget_write(f, i, o, facts);
	buf_c(catalog,
	      "/AcroForm <</SigFlags 3 /Fields ["); /* signed, and to be appended to only */
	for (int i = 0; i < f->count; i++)
		reference(catalog, i > 0 ? " " : "", f->items[i].widget);
	reference(catalog, "]>>\n/Perms <</DocMDP ", f->signature);
	buf_c(catalog, ">>\n");
	if (dss == NULL)
		return;
	buf_c(catalog, "/Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 1>>>>\n");
	reference(catalog, "/DSS ", dss);
	buf_byte(catalog, '\n');
}
