/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/pdf_append.h"

#include "base/enc.h"
#include "paper/num.h"
#include "seal/pdf.h"

enum { ID_SIZE = 16, FIELDS_MAX = 16 };

struct appending {
	const struct pdf *pdf;
	const struct pdf_append_plan *plan;
	struct buf *out;
	size_t last;                    /* its newest revision */
	const struct pdf_object *field; /* the one that waits */
	uint64_t number;                /* of the new signature's object */
	size_t field_at, signature_at;  /* where the two objects begin */
	struct signature_places places;
};

static const struct pdf_value *field_at(const struct appending *ap, const struct pdf_value *fields,
					size_t i)
{
	const struct pdf_value *ref = &fields->items[i];

	return ref->kind == PDF_REFERENCE ? pdf_resolve(ap->pdf, ref, ap->last) : NULL;
}

/* The field without a signature; there must be one before it that has one. */
static bool field_find(struct appending *ap, struct err *e)
{
	const struct pdf_value *form =
		pdf_follow(ap->pdf, pdf_catalog(ap->pdf, ap->last), "AcroForm", ap->last);
	const struct pdf_value *fields = pdf_key_kind(form, "Fields", PDF_ARRAY);
	size_t open = 0, sealed = 0;

	for (size_t i = 0; fields != NULL && i < fields->count && i < FIELDS_MAX; i++) {
		const struct pdf_value *f = field_at(ap, fields, i);

		if (!pdf_is_name(pdf_key(f, "FT"), "Sig"))
			continue;
		if (pdf_key(f, "V") != NULL) {
			sealed++;
		} else if (pdf_key(f, "Lock") != NULL) {
			open++;
			ap->field = pdf_object(ap->pdf, fields->items[i].number, ap->last, NULL);
		}
	}
	if (open == 1 && sealed == 1 && ap->field != NULL)
		return true;
	if (open == 0 && sealed > 1)
		return err_input(e, "SEAL-TWICE", "the document has both its seals");
	return err_input(e, "SEAL-NO-SECOND", "the document has no field that waits for a seal");
}

static void reference(struct buf *b, const char *key, uint64_t number)
{
	buf_c(b, key);
	buf_uint(b, number);
	buf_c(b, " 0 R");
}

/* The field as it was, with a value. */
static void field_put(struct appending *ap)
{
	struct str was = ap->field->value.raw;

	ap->field_at = ap->out->n;
	buf_uint(ap->out, ap->field->number);
	buf_c(ap->out, " 0 obj\n");
	buf_put(ap->out, was.p, was.n - 2); /* its >> */
	reference(ap->out, "/V ", ap->number);
	buf_c(ap->out, "\n>>\nendobj\n");
}

static void signature_object(struct appending *ap)
{
	const struct pdf_value *root =
		pdf_key(&ap->pdf->revisions[ap->last].trailer, "Root"); /* pdf_open saw it */

	ap->signature_at = ap->out->n;
	buf_uint(ap->out, ap->number);
	buf_c(ap->out, " 0 obj\n<<\n/Reference [<</Type /SigRef /TransformMethod /FieldMDP ");
	reference(ap->out, "/Data ", (uint64_t)root->number);
	buf_c(ap->out, " /TransformParams <</Type /TransformParams /V /1.2 /Action /All>>>>]\n");
	signature_put(ap->out, ap->plan->signature, ap->plan->unix_s, ap->plan->utc_offset_min,
		      &ap->places);
	buf_c(ap->out, ">>\nendobj\n");
}

/* The first identifier stays, the second is the revision's (§14.4): of the first one and what is added. */
static void id_put(struct appending *ap, const struct pdf_value *was)
{
	const struct pdf_value *first = &was->items[0];
	unsigned char when[8] = { 0 }, hash[SHA256_SIZE];
	const struct str parts[] = { first->text, str_bytes(when, sizeof when),
				     ap->plan->signature->name };

	u64_be((uint64_t)ap->plan->unix_s, when);
	sha256_labelled("hufu/1/second-seal", parts, COUNT_OF(parts), hash);
	buf_c(ap->out, "/ID [");
	buf_str(ap->out, first->raw);
	buf_c(ap->out, " <");
	enc_hex(ap->out, hash, ID_SIZE);
	buf_c(ap->out, ">]\n");
}

static void entry_put(struct buf *b, uint64_t number, size_t at)
{
	buf_uint(b, number);
	buf_printf(b, " 1\n%010zu 00000 n\r\n", at);
}

static void table_put(struct appending *ap)
{
	const struct pdf_revision *was = &ap->pdf->revisions[ap->last];
	const struct pdf_value *info = pdf_key(&was->trailer, "Info");
	const struct pdf_value *id = pdf_key_kind(&was->trailer, "ID", PDF_ARRAY);
	size_t at = ap->out->n;

	buf_c(ap->out, "xref\n");
	entry_put(ap->out, ap->field->number, ap->field_at);
	entry_put(ap->out, ap->number, ap->signature_at);
	buf_c(ap->out, "trailer\n<<\n/Size ");
	buf_uint(ap->out, ap->number + 1);
	buf_c(ap->out, "\n/Root ");
	buf_str(ap->out, pdf_key(&was->trailer, "Root")->raw);
	if (info != NULL) {
		buf_c(ap->out, "\n/Info ");
		buf_str(ap->out, info->raw);
	}
	buf_c(ap->out, "\n/Prev ");
	buf_uint(ap->out, was->xref);
	buf_byte(ap->out, '\n');
	if (id != NULL && id->count == 2 && id->items[0].kind == PDF_HEX)
		id_put(ap, id);
	buf_c(ap->out, ">>\nstartxref\n");
	buf_uint(ap->out, at);
	buf_c(ap->out, "\n%%EOF\n");
}

static bool plan_check(const struct pdf_append_plan *plan, struct err *e)
{
	const struct signature_evidence *ev = &plan->signature->evidence;

	if (ev->cert_count + ev->ocsp_count + ev->crl_count > 0)
		return err_system(e,
				  "the evidence of a second seal belongs into the first revision");
	return signature_check(plan->signature, e);
}

bool pdf_append(struct arena *a, struct str bytes, const struct pdf_append_plan *plan,
		struct buf *out, struct signature_space *space, struct err *e)
{
	struct pdf *pdf = arena_alloc(a, sizeof *pdf, e);
	struct appending ap = { .pdf = pdf, .plan = plan, .out = out };

	if (pdf == NULL || !plan_check(plan, e) || !pdf_open(a, bytes, pdf, e))
		return false;
	ap.last = pdf->count - 1;
	if (!field_find(&ap, e))
		return false;
	ap.number = (uint64_t)pdf_key(&pdf->revisions[ap.last].trailer, "Size")->number;
	buf_str(out, bytes);
	if (!str_ends(bytes, STR("\n")) && !str_ends(bytes, STR("\r")))
		buf_byte(out, '\n');
	field_put(&ap);
	signature_object(&ap);
	table_put(&ap);
	if (!buf_ok(out, "a sealed document", e))
		return false;
	space->hole = ap.places.hole;
	space->behind = space->hole + 2 * plan->signature->hole + 2;
	space->length = out->n;
	signature_range(out->p, ap.places.range, space);
	return true;
}
