/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "seal/cert.h"
#include "seal/check_inner.h"

enum { FIELDS_MAX = 16 };

static const char *const names[CHECK_CODES] = {
	[CHECK_NONE] = "",
	[CHECK_FRAME] = "SEAL-FRAME",
	[CHECK_TABLES] = "SEAL-TABLES",
	[CHECK_RANGE] = "SEAL-RANGE",
	[CHECK_GAP] = "SEAL-GAP",
	[CHECK_PADDING] = "SEAL-PADDING",
	[CHECK_CMS] = "SEAL-CMS",
	[CHECK_SIGNATURE] = "SEAL-SIGNATURE",
	[CHECK_ALGORITHM] = "SEAL-ALGORITHM",
	[CHECK_TIME_ATTRIBUTE] = "SEAL-SIGNING-TIME",
	[CHECK_PATH] = "SEAL-PATH",
	[CHECK_REVOCATION] = "SEAL-REVOCATION",
	[CHECK_STAMP] = "SEAL-STAMP",
	[CHECK_CERTIFIED] = "SEAL-CERTIFIED",
	[CHECK_LATER] = "SEAL-LATER",
	[CHECK_CONTENT] = "SEAL-CONTENT",
	[CHECK_HIDDEN] = "SEAL-HIDDEN",
	[CHECK_WIDGET] = "SEAL-WIDGET",
	[CHECK_RECORD] = "SEAL-RECORD",
	[CHECK_STRANGER] = "SEAL-STRANGER",
	[CHECK_LIMITS] = "SEAL-LIMITS",
};

const char *check_name(enum check_code code)
{
	return code < CHECK_CODES ? names[code] : "";
}

const char *check_level_name(enum check_level level)
{
	switch (level) {
	case CHECK_B_B:
		return "B-B";
	case CHECK_B_T:
		return "B-T";
	case CHECK_B_LT:
		return "B-LT";
	}
	return "";
}

bool check_fail(struct check *c, enum check_code code, const char *fmt, ...)
{
	struct check_finding *f = &c->report->findings[code];
	va_list args;

	if (f->outcome == CHECK_FAILED)
		return false;
	f->outcome = CHECK_FAILED;
	va_start(args, fmt);
	(void)vsnprintf(f->words, sizeof f->words, fmt, args);
	va_end(args);
	return false;
}

void check_pass(struct check *c, enum check_code code)
{
	struct check_finding *f = &c->report->findings[code];

	/* What one seal leaves open, another does not close. */
	if (f->outcome == CHECK_OPEN && f->words[0] == '\0')
		f->outcome = CHECK_PASSED;
}

void check_leave(struct check *c, enum check_code code, const char *words)
{
	struct check_finding *f = &c->report->findings[code];

	if (f->outcome == CHECK_FAILED)
		return;
	f->outcome = CHECK_OPEN;
	(void)snprintf(f->words, sizeof f->words, "%s", words);
}

/* ---- the file ---- */

static enum check_code code_of(const struct err *e)
{
	static const struct {
		const char *code;
		enum check_code check;
	} all[] = { { "PDF-FRAME", CHECK_FRAME }, { "PDF-XREF", CHECK_TABLES },
		    { "PDF-BODY", CHECK_TABLES }, { "PDF-SYNTAX", CHECK_TABLES },
		    { "PDF-TWICE", CHECK_GAP },   { "PDF-LIMIT", CHECK_LIMITS } };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (strcmp(all[i].code, e->code) == 0)
			return all[i].check;
	}
	return CHECK_NONE;
}

/* *read: the file is one whose seals can be looked for. */
static bool file_read(struct check *c, struct str pdf, bool *read, struct err *e)
{
	enum check_code code;

	*read = pdf_open(c->arena, pdf, &c->pdf, e);
	if (!*read) {
		code = code_of(e);
		if (code == CHECK_NONE)
			return false; /* trouble of ours */
		check_fail(c, code, "%s", e->cause);
		if (code == CHECK_TABLES)
			check_pass(c, CHECK_FRAME);
		return true;
	}
	check_pass(c, CHECK_FRAME);
	check_pass(c, CHECK_TABLES);
	check_pass(c, CHECK_LIMITS);
	return true;
}

static bool signature_note(struct check *c, const struct pdf_value *reference,
			   const struct pdf_value *field)
{
	const struct pdf_value *v = pdf_key_kind(field, "V", PDF_REFERENCE);
	size_t last = c->pdf.count - 1, at = 0;
	struct check_signature *s = &c->signatures[c->count];
	const struct pdf_object *ob;

	if (v == NULL)
		return check_fail(c, CHECK_CERTIFIED, "a field with a value that is no signature");
	ob = pdf_object(&c->pdf, v->number, last, &at);
	if (ob == NULL || ob->value.kind != PDF_DICTIONARY)
		return check_fail(c, CHECK_CERTIFIED, "a field whose signature is missing");
	if (c->count == CHECK_SEALS_MAX)
		return check_fail(c, CHECK_CERTIFIED, "more than two signatures");
	*s = (struct check_signature){ .field = field,
				       .field_object =
					       pdf_object(&c->pdf, reference->number, last, NULL),
				       .dictionary = &ob->value,
				       .number = v->number,
				       .revision = at,
				       .index = c->count };
	c->count++;
	return true;
}

/* The signed fields, in the order of the form; fields that are no signatures are none of ours. */
static void signatures_find(struct check *c)
{
	size_t last = c->pdf.count - 1;
	const struct pdf_value *form =
		pdf_follow(&c->pdf, pdf_catalog(&c->pdf, last), "AcroForm", last);
	const struct pdf_value *fields = pdf_key_kind(form, "Fields", PDF_ARRAY);

	for (size_t i = 0; fields != NULL && i < fields->count; i++) {
		const struct pdf_value *ref = &fields->items[i];
		const struct pdf_value *f = pdf_resolve(&c->pdf, ref, last);

		if (i == FIELDS_MAX || ref->kind != PDF_REFERENCE ||
		    !pdf_is_name(pdf_key(f, "FT"), "Sig")) {
			check_fail(c, CHECK_CERTIFIED, "a form with other fields than seals");
			return;
		}
		if (pdf_key(f, "V") != NULL && !signature_note(c, ref, f))
			return;
	}
	if (c->count == 0)
		check_fail(c, CHECK_CERTIFIED, "the file has no seal");
}

static void record_check(struct check *c)
{
	unsigned char hash[SHA256_SIZE];

	if (c->plan->file_sha256 == NULL) {
		check_leave(c, CHECK_RECORD, "what the issuer published of the file is not known");
		return;
	}
	sha256_of(c->pdf.bytes, hash);
	if (memcmp(hash, c->plan->file_sha256, sizeof hash) == 0)
		check_pass(c, CHECK_RECORD);
	else
		check_fail(c, CHECK_RECORD, "the file is not the one the issuer published");
}

/* ---- one seal after another ---- */

static void name_take(char *out, size_t size, const struct pdf_value *v)
{
	size_t n = v != NULL && v->kind == PDF_STRING ? v->text.n : 0;

	if (n >= size)
		n = size - 1;
	for (size_t i = 0; i < n; i++)
		out[i] = v->text.p[i] >= ' ' && v->text.p[i] <= '~' ? v->text.p[i] : '?';
	out[n] = '\0';
}

static void seal_check(struct check *c, struct check_signature *s)
{
	struct check_seal *seal = &c->report->seals[c->report->seal_count++];

	*seal = (struct check_seal){ .level = CHECK_B_B };
	name_take(seal->field, sizeof seal->field, pdf_key(s->field, "T"));
	if (check_space(c, s) && check_cms(c, s)) {
		(void)cert_name(s->cert, seal->who);
		check_trust(c, s);
	}
	CMS_ContentInfo_free(s->content);
	cert_stack_free(s->certs);
}

/* May a check stay open with a seal that holds?  Those that nothing in the file decides. */
static bool may_stay_open(int code)
{
	return code == CHECK_REVOCATION || code == CHECK_STAMP || code == CHECK_RECORD;
}

static void failed_find(struct check *c)
{
	struct check_report *r = c->report;

	r->failed = CHECK_NONE;
	for (int i = 1; i < CHECK_CODES && r->failed == CHECK_NONE; i++) {
		if (r->findings[i].outcome == CHECK_FAILED)
			r->failed = (enum check_code)i;
	}
	/* A change of what is shown is a later change too; it has the graver name. */
	if (r->failed == CHECK_LATER && r->findings[CHECK_CONTENT].outcome == CHECK_FAILED)
		r->failed = CHECK_CONTENT;
	/* None failed: then every one that can be decided was. */
	for (int i = 1; i < CHECK_CODES && r->failed == CHECK_NONE; i++) {
		if (r->findings[i].outcome != CHECK_OPEN || may_stay_open(i))
			continue;
		check_fail(c, (enum check_code)i, "it was not come to");
		r->failed = (enum check_code)i;
	}
}

bool check_run(struct arena *a, struct str pdf, const struct check_plan *plan,
	       struct check_report *out, struct err *e)
{
	struct check *c = arena_alloc(a, sizeof *c, e);
	bool read, ok = false;

	*out = (struct check_report){ .seal_count = 0 };
	if (c == NULL)
		return false;
	*c = (struct check){ .arena = a, .plan = plan, .report = out };
	if (!cert_load(plan->anchors, &c->roots, e) ||
	    (plan->tsa_anchors.n > 0 && !cert_load(plan->tsa_anchors, &c->tsa_roots, e)) ||
	    !file_read(c, pdf, &read, e))
		goto out;
	ok = true;
	if (read) {
		signatures_find(c);
		for (size_t i = 0; i < c->count; i++)
			seal_check(c, &c->signatures[i]);
		check_certified(c);
		check_revisions(c);
		check_hidden(c);
		check_widgets(c);
		record_check(c);
	}
	failed_find(c);
out:
	cert_stack_free(c->roots);
	cert_stack_free(c->tsa_roots);
	return ok;
}
