/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/paper.h"

#include <stdlib.h>

#include "paper/num.h"
#include "paper/page.h"
#include "paper/srgb.h"
#include "paper/xmp.h"

enum {
	SCRATCH_MAX = 16 << 20,
	PROFILE_MAX = 1 << 16,
	ID_SIZE = 16,
	/*
	 * Bytes of a document's changing fonts that are not compressed, of one and in all: 99 of 100 documents stay below,
	 * and are made the faster; a long or rare name would make its document too heavy.
	 */
	STORED_ONE_MAX = 6000,
	STORED_MAX = 8000,
	FIELDS_TEXT_MAX = 1024 /* of the catalog */
};

static const char PRODUCER[] = "Hufu";

/* libharu calls this on every error; the code stays in the document and paper_end reads it. */
static void on_error(HPDF_STATUS code, HPDF_STATUS detail, void *data)
{
	(void)code;
	(void)detail;
	(void)data;
}

/* Through our own calls, so that a test can make each of libharu's allocations fail. */
static void *hpdf_alloc(HPDF_UINT size)
{
	return malloc(size);
}

static void hpdf_free(void *p)
{
	free(p);
}

struct paper *paper_new(struct shaper *shaper)
{
	struct paper *p = calloc(1, sizeof *p);
	struct str icc = srgb_profile();

	if (p == NULL)
		return NULL;
	p->shaper = shaper;
	p->objects.scratch = buf_empty(SCRATCH_MAX);
	p->profile = buf_empty(PROFILE_MAX);
	for (int i = 0; i < PAPER_LAYERS; i++)
		p->layer[i] = buf_empty(PAPER_LAYER_MAX);
	p->doc = HPDF_NewEx(on_error, hpdf_alloc, hpdf_free, 0, NULL);
	p->arena = arena_new(PAPER_ARENA_MAX);
	p->id = sha256_new();
	p->fast = deflate_new(DEFLATE_FAST);
	p->best = deflate_new(DEFLATE_BEST);
	if (p->best != NULL)
		deflate_put(p->best, &p->profile, icc);
	if (p->doc == NULL || p->arena == NULL || p->id == NULL || p->fast == NULL ||
	    p->best == NULL || p->profile.failed) {
		paper_free(p);
		return NULL;
	}
	return p;
}

void paper_free(struct paper *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < p->font_count; i++) {
		subset_free(p->font[i].subset);
		type0_free(&p->font[i].changing);
	}
	for (int i = 0; i < p->kept_count; i++)
		type0_free(&p->kept[i].streams);
	if (p->doc != NULL)
		HPDF_Free(p->doc);
	for (int i = 0; i < PAPER_LAYERS; i++)
		buf_free(&p->layer[i]);
	buf_free(&p->objects.scratch);
	buf_free(&p->profile);
	deflate_free(p->fast);
	deflate_free(p->best);
	sha256_free(p->id);
	arena_free(p->arena);
	free(p);
}

static void forget(struct paper *p)
{
	for (int i = 0; i < p->font_count; i++)
		p->font[i].order = -1;
	for (int i = 0; i < PAPER_LAYERS; i++)
		buf_clear(&p->layer[i]);
	p->used_count = p->image_count = p->art_count = p->page_count = p->mcid = 0;
	p->fields.count = 0;
	p->space = (struct signature_space){ 0 };
	p->stored = 0;
	p->marked = p->artifact = false;
	p->on = PAPER_TEXT;
	tree_clear(&p->tree);
}

static void keep_info(struct paper *p, const struct paper_info *info)
{
	struct objects *o = &p->objects;

	p->info = *info;
	p->info.title = objects_keep(o, info->title);
	p->info.language = objects_keep(o, info->language);
	p->info.creator = objects_keep(o, info->creator);
	p->info.token = objects_keep(o, info->token);
	p->info.attachment = objects_keep(o, info->attachment);
}

/* Leave, with the first failure of ours or libharu's. */
static bool failure(struct paper *p, struct err *e)
{
	HPDF_STATUS code = HPDF_GetError(p->doc);

	if (p->objects.failed) {
		*e = p->objects.err;
		return true;
	}
	if (code != HPDF_OK) {
		err_system(e, "libharu: error 0x%04lX", (unsigned long)code);
		return true;
	}
	return false;
}

bool paper_begin(struct paper *p, const struct paper_info *info, struct err *e)
{
	struct buf scratch = p->objects.scratch;

	if (info->signature != NULL && !signature_check(info->signature, e))
		return false;
	forget(p);
	arena_reset(p->arena);
	p->objects = (struct objects){ .doc = p->doc, .arena = p->arena, .scratch = scratch };
	if (HPDF_NewDoc(p->doc) != HPDF_OK)
		return err_system(e, "libharu: error 0x%04lX",
				  (unsigned long)HPDF_GetError(p->doc));
	sha256_begin(p->id);
	keep_info(p, info);
	p->resources = objects_dict(&p->objects);
	paper_open(p, &(struct paper_element){ .role = PAPER_DOCUMENT });
	return !failure(p, e);
}

static void reference(struct buf *b, const char *key, const struct object *to)
{
	buf_c(b, key);
	buf_uint(b, to->number);
	buf_c(b, " 0 R\n");
}

static void write_resources(struct paper *p)
{
	struct buf *b = objects_begin(&p->objects);

	buf_c(b, "/Font <<");
	for (int i = 0; i < p->used_count; i++) {
		buf_c(b, "/F");
		num_int(b, i);
		reference(b, " ", p->font[p->used[i]].object);
	}
	buf_c(b, ">>\n/XObject <<");
	for (int i = 0; i < p->image_count; i++) {
		buf_c(b, "/I");
		num_int(b, i);
		reference(b, " ", p->image[i]);
	}
	for (int i = 0; i < p->art_count; i++) {
		if (!p->art[i].placed)
			continue;
		buf_c(b, "/A");
		num_int(b, i);
		reference(b, " ", p->art[i].object);
	}
	buf_c(b, ">>\n");
	objects_end(&p->objects, p->resources);
}

/* The Info dictionary says what the XMP says (ISO 19005-3 §6.6.3 lets it be absent; readers still look). */
static void write_info(struct paper *p)
{
	struct buf *b = objects_begin(&p->objects);
	const struct paper_info *info = &p->info;

	buf_c(b, "/Title ");
	num_text(b, info->title);
	buf_c(b, "\n/Creator ");
	num_text(b, info->creator);
	buf_c(b, "\n/Producer ");
	num_text(b, str_of(PRODUCER));
	buf_c(b, "\n/CreationDate (");
	num_date(b, info->created_unix, info->utc_offset_min);
	buf_c(b, ")\n/ModDate (");
	num_date(b, info->created_unix, info->utc_offset_min);
	buf_c(b, ")\n");
	HPDF_Dict_RemoveElement(p->doc->info, "Producer");
	objects_hook(&p->objects, p->doc->info, objects_keep(&p->objects, buf_view(b)));
}

static struct object *write_metadata(struct paper *p)
{
	struct objects *o = &p->objects;
	const struct paper_info *info = &p->info;
	struct xmp x = { .title = info->title,
			 .language = info->language,
			 .creator = info->creator,
			 .producer = str_of(PRODUCER),
			 .token = info->token,
			 .created_unix = info->created_unix,
			 .utc_offset_min = info->utc_offset_min };
	struct object *out;
	struct err e = { 0 };
	struct str packet;

	xmp_packet(objects_begin(o), &x);
	if (!buf_ok(&o->scratch, "the metadata", &e))
		objects_fail(o, &e);
	packet = objects_keep(o, buf_view(&o->scratch));
	sha256_add(p->id, packet.p, packet.n);
	out = objects_stream(o, packet);
	out->text = STR("/Type /Metadata\n/Subtype /XML\n");
	return out;
}

static struct object *write_intent(struct paper *p)
{
	struct objects *o = &p->objects;
	struct object *icc = objects_stream(o, buf_view(&p->profile));
	struct object *out = objects_dict(o);
	struct buf *b;

	icc->text = STR("/N 3\n/Filter /FlateDecode\n");
	b = objects_begin(o);
	buf_c(b, "/Type /OutputIntent\n/S /GTS_PDFA1\n/OutputConditionIdentifier (sRGB)\n"
		 "/Info (sRGB IEC61966-2.1)\n");
	reference(b, "/DestOutputProfile ", icc);
	objects_end(o, out);
	return out;
}

/* credential.json and its file specification (ISO 19005-3 §6.8: F, UF, AFRelationship). */
static struct object *write_attachment(struct paper *p)
{
	struct objects *o = &p->objects;
	struct object *file = objects_stream(o, p->info.attachment);
	struct object *out = objects_dict(o);
	struct buf *b = objects_begin(o);

	buf_c(b, "/Type /EmbeddedFile\n/Subtype /application#2Fjson\n/Params <</Size ");
	buf_uint(b, p->info.attachment.n);
	buf_c(b, " /ModDate (");
	num_date(b, p->info.created_unix, p->info.utc_offset_min);
	buf_c(b, ")>>\n");
	objects_end(o, file);
	b = objects_begin(o);
	buf_c(b, "/Type /Filespec\n/F (credential.json)\n/UF (credential.json)\n"
		 "/Desc (The facts printed on this document, as data)\n/AFRelationship /Data\n");
	buf_c(b, "/EF <</F ");
	buf_uint(b, file->number);
	buf_c(b, " 0 R /UF ");
	buf_uint(b, file->number);
	buf_c(b, " 0 R>>\n");
	objects_end(o, out);
	return out;
}

static void write_fields(struct paper *p, struct buf *catalog)
{
	const struct field_facts facts = { .signature = p->info.signature,
					   .created_unix = p->info.created_unix,
					   .utc_offset_min = p->info.utc_offset_min,
					   .pages = p->page,
					   .page_count = p->page_count };

	field_write(&p->fields, &p->objects, &facts, catalog);
}

static void write_catalog(struct paper *p)
{
	struct buf fields = buf_empty(FIELDS_TEXT_MAX);
	struct objects *o = &p->objects;
	struct object *root = tree_write(&p->tree, o, p->page, p->page_count);
	struct object *intent = write_intent(p);
	struct object *metadata = write_metadata(p);
	struct object *attached = p->info.attachment.n > 0 ? write_attachment(p) : NULL;
	struct err e = { 0 };
	struct buf *b;

	if (p->info.signature != NULL)
		write_fields(p, &fields);
	if (!buf_ok(&fields, "a PDF object", &e))
		objects_fail(o, &e);
	b = objects_begin(o);

	buf_c(b, "/Lang ");
	num_text(b, p->info.language);
	buf_c(b, "\n/MarkInfo <</Marked true>>\n"
		 "/ViewerPreferences <</DisplayDocTitle true>>\n");
	reference(b, "/StructTreeRoot ", root);
	reference(b, "/Metadata ", metadata);
	buf_c(b, "/OutputIntents [");
	buf_uint(b, intent->number);
	buf_c(b, " 0 R]\n");
	if (attached != NULL) {
		buf_c(b, "/AF [");
		buf_uint(b, attached->number);
		buf_c(b, " 0 R]\n/Names <</EmbeddedFiles <</Names [(credential.json) ");
		buf_uint(b, attached->number);
		buf_c(b, " 0 R]>>>>\n");
	}
	buf_str(b, buf_view(&fields));
	buf_free(&fields);
	objects_hook(o, p->doc->catalog, objects_keep(o, buf_view(b)));
}

/* What a seal adds to the content, as far as it is known before it is made. */
static void hash_signature(struct sha256 *h, const struct signature *s)
{
	const struct signature_evidence *ev = &s->evidence;
	const struct {
		const struct str *parts;
		size_t count;
	} all[] = { { &s->name, 1 },
		    { &s->reason, 1 },
		    { ev->certs, ev->cert_count },
		    { ev->ocsps, ev->ocsp_count },
		    { ev->crls, ev->crl_count } };

	sha256_u64(h, s->form);
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		sha256_u64(h, all[i].count);
		for (size_t k = 0; k < all[i].count; k++) {
			sha256_u64(h, all[i].parts[k].n);
			sha256_add(h, all[i].parts[k].p, all[i].parts[k].n);
		}
	}
}

/* /ID is a hash of the content: fonts, pages, metadata, attachment, seal. */
static void write_id(struct paper *p)
{
	unsigned char hash[SHA256_SIZE];
	HPDF_Array pair = HPDF_Array_New(p->doc->mmgr);

	sha256_add(p->id, p->info.attachment.p, p->info.attachment.n);
	if (p->info.signature != NULL)
		hash_signature(p->id, p->info.signature);
	sha256_end(p->id, hash);
	if (pair == NULL)
		return; /* the document holds the error */
	HPDF_Array_Add(pair, HPDF_Binary_New(p->doc->mmgr, hash, ID_SIZE));
	HPDF_Array_Add(pair, HPDF_Binary_New(p->doc->mmgr, hash, ID_SIZE));
	HPDF_Dict_Add(p->doc->trailer, "ID", pair);
}

static HPDF_STATUS file_write(HPDF_Stream stream, const HPDF_BYTE *bytes, HPDF_UINT n)
{
	struct buf *pdf = stream->attr;

	buf_put(pdf, bytes, n);
	return pdf->failed ? HPDF_FAILD_TO_ALLOC_MEM : HPDF_OK;
}

/* The places in the file, now that it is written, and its /ByteRange. */
static void leave_space(struct paper *p, struct buf *pdf, size_t before)
{
	const struct fields *f = &p->fields;

	if (p->info.signature == NULL)
		return;
	p->space.hole = f->signature->at + f->places.hole;
	p->space.behind = p->space.hole + 2 * p->info.signature->hole + 2;
	p->space.length = pdf->n - before;
	signature_range(pdf->p + before, f->signature->at + f->places.range, &p->space);
}

static bool save(struct paper *p, struct buf *pdf, struct err *e)
{
	HPDF_Doc doc = p->doc;
	size_t before = pdf->n;
	HPDF_STATUS status;

	/* libharu's calls lower the version as they please, so it is set last. */
	doc->pdf_version = HPDF_VER_17;
	doc->stream = HPDF_CallbackWriter_New(doc->mmgr, file_write, pdf);
	if (failure(p, e))
		return false;
	if (doc->stream == NULL)
		return err_memory(e, "a PDF file");
	status = HPDF_SaveToStream(doc);
	if (!buf_ok(pdf, "a PDF file", e))
		return false;
	if (status != HPDF_OK)
		return err_system(e, "libharu: error 0x%04lX", (unsigned long)status);
	leave_space(p, pdf, before);
	return true;
}

/* Those of a font that changes from document to document. */
static bool changing_streams(struct paper *p, struct page_font *f, struct err *e)
{
	size_t store = p->stored < STORED_MAX ? STORED_MAX - p->stored : 0;

	if (f->fixed)
		return type0_build(&f->changing, f->subset, p->shaper, p->best, 0, e);
	if (store > STORED_ONE_MAX)
		store = STORED_ONE_MAX;
	if (!type0_build(&f->changing, f->subset, p->shaper, p->fast, store, e))
		return false;
	if (!f->changing.program_flate)
		p->stored += f->changing.length;
	return true;
}

/* The streams of a font: kept ones where its text is fixed and was seen before. */
static const struct type0 *font_streams(struct paper *p, struct page_font *f, struct err *e)
{
	unsigned char key[SHA256_SIZE];
	struct page_kept *kept;

	if (f->fixed) {
		if (!type0_key(f->subset, key, e))
			return NULL;
		for (int i = 0; i < p->kept_count; i++) {
			if (memcmp(p->kept[i].key, key, sizeof key) == 0)
				return &p->kept[i].streams;
		}
	}
	if (!f->fixed || p->kept_count == PAPER_KEPT_MAX)
		return changing_streams(p, f, e) ? &f->changing : NULL;
	kept = &p->kept[p->kept_count];
	kept->streams = type0_empty();
	if (!type0_build(&kept->streams, f->subset, p->shaper, p->best, 0, e)) {
		type0_free(&kept->streams);
		return NULL;
	}
	memcpy(kept->key, key, sizeof key);
	p->kept_count++;
	return &kept->streams;
}

static void write_fonts(struct paper *p)
{
	for (int i = 0; i < p->used_count && !p->objects.failed; i++) {
		struct page_font *f = &p->font[p->used[i]];
		struct err e = { 0 };
		const struct type0 *streams = font_streams(p, f, &e);

		if (streams == NULL) {
			objects_fail(&p->objects, &e);
			return;
		}
		type0_write(&p->objects, f->object, f->subset, streams);
		sha256_add(p->id, streams->hash, sizeof streams->hash);
	}
}

/* A seal that was asked for has a place on the page. */
static void check_field(struct paper *p)
{
	struct err e = { 0 };

	if (p->info.signature == NULL || p->fields.count > 0)
		return;
	err_input(&e, "SEAL-NO-FIELD", "the page has no place for a seal");
	objects_fail(&p->objects, &e);
}

struct signature_space paper_space(const struct paper *p)
{
	return p->space;
}

bool paper_second(const struct paper *p)
{
	return p->space.length > 0 && p->fields.count > 1;
}

bool paper_end(struct paper *p, struct buf *pdf, struct err *e)
{
	size_t before = pdf->n;
	bool ok = false;

	page_finish(p);
	paper_close(p);
	if (p->tree.open >= 0)
		page_fail(p, "an element was not closed");
	if (p->page_count == 0)
		page_fail(p, "a document without a page");
	check_field(p);
	write_fonts(p);
	if (failure(p, e))
		goto out;
	write_resources(p);
	write_catalog(p);
	write_info(p);
	write_id(p);
	ok = save(p, pdf, e);
out:
	if (!ok)
		pdf->n = before;
	HPDF_FreeDoc(p->doc);
	return ok;
}
