/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/pdf.h"

#include <stdlib.h>

enum {
	TAIL_MAX = 64, /* "startxref", its number, "%%EOF" and line ends */
	ENTRY_SIZE = 20,
	SECTIONS_MAX = 256
};

struct opening {
	struct pdf *pdf;
	struct pdf_cursor c;
	struct pdf_object *found; /* of the revision being read, as its table lists them */
	size_t count, room;
	uint64_t prev;
	bool has_prev;
};

static bool refuse(const struct opening *o, const char *code, const char *what, struct err *e)
{
	return err_input(e, code, "at byte %zu: %s", o->c.at, what);
}

/* ---- the frame ---- */

static bool is_line_end(char c)
{
	return c == '\r' || c == '\n';
}

/* %PDF-1.d, and a line of comment whose bytes say that the file is binary (§7.5.2). */
static bool header(struct opening *o, struct err *e)
{
	struct pdf_cursor *c = &o->c;
	uint64_t minor;

	c->at = 0;
	if (!pdf_word(c, "%PDF-1.") || !pdf_digits(c, &minor) || minor > 7 || !pdf_line_end(c))
		return refuse(o, "PDF-FRAME", "the file does not begin with %PDF-1.7", e);
	if (!pdf_word(c, "%"))
		return true;
	while (c->at < c->bytes.n && !is_line_end(c->bytes.p[c->at]))
		c->at++;
	return pdf_line_end(c) || refuse(o, "PDF-FRAME", "a header without an end", e);
}

/* The offset that the last "startxref" names. */
static bool tail(struct opening *o, uint64_t *xref, struct err *e)
{
	struct pdf_cursor *c = &o->c;
	size_t from = c->bytes.n > TAIL_MAX ? c->bytes.n - TAIL_MAX : 0, hit = SIZE_MAX;

	for (size_t next = from;;) {
		next = str_find(c->bytes, STR("startxref"), next);
		if (next == SIZE_MAX)
			break;
		hit = next++;
	}
	c->at = hit == SIZE_MAX ? c->bytes.n : hit;
	if (hit == SIZE_MAX || !pdf_word(c, "startxref") || !pdf_line_end(c) ||
	    !pdf_digits(c, xref) || !pdf_line_end(c) || !pdf_word(c, "%%EOF"))
		return refuse(o, "PDF-FRAME", "the file does not end with startxref and %%EOF", e);
	(void)pdf_line_end(c);
	return c->at == c->bytes.n || refuse(o, "PDF-FRAME", "bytes behind the last %%EOF", e);
}

/* ---- tables ---- */

/* "0000000123 00000 n" and two bytes of line end. */
static bool entry(struct opening *o, uint64_t number, bool first, struct err *e)
{
	struct pdf_cursor *c = &o->c;
	size_t from = c->at;
	uint64_t offset, generation;
	bool in_use, framed;

	if (c->bytes.n - from < ENTRY_SIZE || !pdf_digits(c, &offset) || c->at != from + 10 ||
	    !pdf_word(c, " ") || !pdf_digits(c, &generation) || c->at != from + 16)
		return refuse(o, "PDF-XREF", "no entry of a table", e);
	in_use = pdf_word(c, " n");
	framed = (in_use || pdf_word(c, " f")) &&
		 (pdf_word(c, "\r\n") || pdf_word(c, " \n") || pdf_word(c, " \r"));
	if (!framed || c->at != from + ENTRY_SIZE)
		return refuse(o, "PDF-XREF", "no entry of a table", e);
	if (number == 0)
		return (first && !in_use && generation == 65535) ||
		       refuse(o, "PDF-XREF", "the head of the free objects is wrong", e);
	if (!in_use || generation != 0)
		return refuse(o, "PDF-XREF", "an object that is free or was replaced", e);
	if (o->count == o->room)
		return refuse(o, "PDF-LIMIT", "too many objects", e);
	o->found[o->count++] =
		(struct pdf_object){ .number = (uint32_t)number, .begin = (size_t)offset };
	return true;
}

/* All sections up to "trailer"; numbers ascend. */
static bool sections(struct opening *o, struct err *e)
{
	struct pdf_cursor *c = &o->c;
	uint64_t next = 0, first, count;
	int seen = 0;

	if (!pdf_word(c, "xref") || !pdf_line_end(c))
		return refuse(o, "PDF-XREF", "no table where one is named", e);
	while (!pdf_word(c, "trailer")) {
		if (++seen > SECTIONS_MAX || !pdf_digits(c, &first) || !pdf_word(c, " ") ||
		    !pdf_digits(c, &count) || !pdf_line_end(c))
			return refuse(o, "PDF-XREF", "no section of a table", e);
		if ((seen > 1 && first < next) || count == 0 || count > PDF_OBJECTS_MAX + 1)
			return refuse(o, "PDF-XREF", "sections out of order, or one too long", e);
		next = first + count;
		for (uint64_t i = first; i < next; i++) {
			if (!entry(o, i, seen == 1 && i == first, e))
				return false;
		}
	}
	return true;
}

static bool trailer(struct opening *o, uint64_t xref, struct pdf_value *out, struct err *e)
{
	const struct pdf_value *size, *prev;
	struct pdf_cursor *c = &o->c;
	uint64_t named;

	if (!pdf_value(c, out, e))
		return false;
	size = pdf_key_kind(out, "Size", PDF_INTEGER);
	prev = pdf_key(out, "Prev");
	if (pdf_key(out, "XRefStm") != NULL || pdf_key(out, "Encrypt") != NULL)
		return refuse(o, "PDF-XREF", "a hybrid or encrypted file", e);
	if (size == NULL || pdf_key_kind(out, "Root", PDF_REFERENCE) == NULL ||
	    (prev != NULL && (prev->kind != PDF_INTEGER || prev->number < 0)))
		return refuse(o, "PDF-XREF", "no trailer", e);
	for (size_t i = 0; i < o->count; i++) {
		if (o->found[i].number >= size->number)
			return refuse(o, "PDF-XREF", "an object past the size of the table", e);
	}
	o->has_prev = prev != NULL;
	o->prev = prev != NULL ? (uint64_t)prev->number : 0;
	pdf_blanks(c);
	if (!pdf_word(c, "startxref") || !pdf_line_end(c) || !pdf_digits(c, &named) ||
	    named != xref || !pdf_line_end(c) || !pdf_word(c, "%%EOF"))
		return refuse(o, "PDF-XREF", "a table that does not end as it is named", e);
	(void)pdf_line_end(c);
	return true;
}

/* One revision's table, backward from the newest; its objects are read later. */
static bool table(struct opening *o, uint64_t xref, struct pdf_revision *out, struct err *e)
{
	struct arena *a = o->c.arena;

	o->count = 0;
	o->c.at = (size_t)xref;
	if (xref >= o->c.bytes.n)
		return err_input(e, "PDF-XREF", "a table behind the end of the file");
	if (!sections(o, e) || !trailer(o, xref, &out->trailer, e))
		return false;
	out->xref = (size_t)xref;
	out->end = o->c.at;
	out->count = o->count;
	out->objects = arena_array(a, o->count, sizeof *out->objects, e);
	if (out->objects == NULL)
		return false;
	if (o->count > 0)
		memcpy(out->objects, o->found, o->count * sizeof *out->objects);
	return true;
}

static bool tables(struct opening *o, uint64_t xref, struct err *e)
{
	struct pdf *p = o->pdf;
	size_t bound = o->c.bytes.n;

	for (;;) {
		struct pdf_revision *r = &p->revisions[p->count];

		if (p->count == PDF_REVISIONS_MAX)
			return refuse(o, "PDF-LIMIT", "too many revisions", e);
		*r = (struct pdf_revision){ .count = 0 };
		if (!table(o, xref, r, e))
			return false;
		/* The newest one ends the file; each older one ends before the table of the next. */
		if (p->count == 0 ? r->end != bound : r->end > bound)
			return refuse(o, "PDF-XREF", "a table that is not in its revision", e);
		p->count++;
		bound = r->xref;
		if (!o->has_prev)
			break;
		xref = o->prev;
	}
	for (size_t i = 0; i < p->count / 2; i++) {
		struct pdf_revision hold = p->revisions[i];

		p->revisions[i] = p->revisions[p->count - 1 - i];
		p->revisions[p->count - 1 - i] = hold;
	}
	return true;
}

/* ---- objects ---- */

static bool stream(struct opening *o, struct pdf_object *ob, struct err *e)
{
	const struct pdf_value *length = pdf_key_kind(&ob->value, "Length", PDF_INTEGER);
	struct pdf_cursor *c = &o->c;

	if (!pdf_word(c, "stream"))
		return true;
	if (!pdf_word(c, "\r\n") && !pdf_word(c, "\n"))
		return refuse(o, "PDF-BODY", "a stream that does not begin on a line", e);
	if (ob->value.kind != PDF_DICTIONARY || length == NULL || length->number < 0 ||
	    (uint64_t)length->number > c->bytes.n - c->at)
		return refuse(o, "PDF-BODY", "a stream without its length", e);
	if (pdf_key(&ob->value, "F") != NULL)
		return refuse(o, "PDF-BODY", "a stream in another file", e);
	ob->stream = true;
	ob->data = (struct str){ c->bytes.p + c->at, (size_t)length->number };
	c->at += (size_t)length->number;
	if (!pdf_line_end(c) || !pdf_word(c, "endstream"))
		return refuse(o, "PDF-BODY", "a stream longer or shorter than it says", e);
	pdf_blanks(c);
	return true;
}

static bool object(struct opening *o, struct pdf_object *ob, struct err *e)
{
	struct pdf_cursor *c = &o->c;
	uint64_t number;

	pdf_blanks(c);
	if (c->at != ob->begin)
		return refuse(o, "PDF-BODY", "bytes that belong to no object", e);
	if (!pdf_digits(c, &number) || number != ob->number || !pdf_word(c, " 0 obj"))
		return refuse(o, "PDF-BODY", "not the object its table names", e);
	if (!pdf_value(c, &ob->value, e))
		return false;
	pdf_blanks(c);
	if (!stream(o, ob, e))
		return false;
	if (!pdf_word(c, "endobj"))
		return refuse(o, "PDF-BODY", "an object without an end", e);
	ob->end = c->at;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct pdf_object *x = a, *y = b;

	return (x->begin > y->begin) - (x->begin < y->begin);
}

static int by_number(const void *a, const void *b)
{
	const struct pdf_object *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static bool body(struct opening *o, struct pdf_revision *r, size_t begin, struct err *e)
{
	r->begin = begin;
	o->c.at = begin;
	if (r->count > 0)
		qsort(r->objects, r->count, sizeof *r->objects, by_place);
	for (size_t i = 0; i < r->count; i++) {
		if (!object(o, &r->objects[i], e))
			return false;
	}
	pdf_blanks(&o->c);
	if (o->c.at != r->xref)
		return refuse(o, "PDF-BODY", "bytes that belong to no object", e);
	if (r->count > 0)
		qsort(r->objects, r->count, sizeof *r->objects, by_number);
	return true;
}

bool pdf_open(struct arena *a, struct str bytes, struct pdf *out, struct err *e)
{
	struct opening o = { .pdf = out, .c = { .arena = a, .bytes = bytes } };
	size_t begin;
	uint64_t xref;

	*out = (struct pdf){ .bytes = bytes };
	if (bytes.n > PDF_BYTES_MAX)
		return refuse(&o, "PDF-LIMIT", "the file is too long", e);
	/* No more objects than there is room for their entries. */
	o.room = bytes.n / ENTRY_SIZE < PDF_OBJECTS_MAX ? bytes.n / ENTRY_SIZE : PDF_OBJECTS_MAX;
	o.found = arena_array(a, o.room, sizeof *o.found, e);
	if (o.found == NULL || !header(&o, e))
		return false;
	begin = o.c.at;
	if (!tail(&o, &xref, e) || !tables(&o, xref, e))
		return false;
	for (size_t i = 0; i < out->count; i++) {
		if (!body(&o, &out->revisions[i], begin, e))
			return false;
		begin = out->revisions[i].end;
	}
	return true;
}

/* ---- looking ---- */

static const struct pdf_object *lookup(const struct pdf_revision *r, int64_t number)
{
	size_t lo = 0, hi = r->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->objects[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < r->count && r->objects[lo].number == number ? &r->objects[lo] : NULL;
}

const struct pdf_object *pdf_object(const struct pdf *p, int64_t number, size_t r, size_t *at)
{
	for (size_t i = r + 1; i-- > 0;) {
		const struct pdf_object *ob = lookup(&p->revisions[i], number);

		if (ob == NULL)
			continue;
		if (at != NULL)
			*at = i;
		return ob;
	}
	return NULL;
}

const struct pdf_value *pdf_resolve(const struct pdf *p, const struct pdf_value *v, size_t r)
{
	const struct pdf_object *ob;

	if (v == NULL || v->kind != PDF_REFERENCE)
		return v;
	ob = pdf_object(p, v->number, r, NULL);
	/* A reference to a reference is nothing this program writes. */
	return ob != NULL && ob->value.kind != PDF_REFERENCE ? &ob->value : NULL;
}

const struct pdf_value *pdf_follow(const struct pdf *p, const struct pdf_value *d, const char *key,
				   size_t r)
{
	return pdf_resolve(p, pdf_key(d, key), r);
}

const struct pdf_value *pdf_catalog(const struct pdf *p, size_t r)
{
	return p->count == 0 ? NULL : pdf_follow(p, &p->revisions[r].trailer, "Root", r);
}
