/* SPDX-License-Identifier: Apache-2.0 */
#include "record/request.h"

#include <assert.h>
#include <stddef.h>

#include "record/shape.h"
#include "json/canon.h"

enum { CANONICAL_MAX = 1024 * 1024 };

static const char *const schema_word[] = { "hufu.request/1", NULL };
static const char *const document_words[] = { "good_standing", "status_statement", NULL };
static const char *const language_words[] = { "en", "zh", "both", NULL };
static const char *const delivery_words[] = { "member", "recipient", "both", NULL };
static const char *const include_words[] = { "dob", "firm", "exam", "cpd", "history", NULL };
static const char *const scope_words[] = { "dob",      "firm",       "exam",    "cpd", "history",
					   "standing", "discipline", "pending", NULL };

static const char *const id_class[] = { "A-Za-z0-9_-" };
static const char *const profile_class[] = { "a-z0-9-" };
static const char *const email_class[] = { "A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-" };

/* As the JSON has it, before the bits of include and scope are gathered. */
struct item {
	int item; /* enum request_item */
};
struct consent_form {
	int64_t given_at;
	const struct item *scope;
	size_t scope_count;
};
struct request_form {
	struct request request;
	const struct item *include;
	size_t include_count;
	const struct consent_form *consent;
	int general; /* enum answer */
};

#define LIST_AT(type, items, count)                                                                \
	static_assert(offsetof(type, count) == offsetof(type, items) + sizeof(void *), "list")
LIST_AT(struct request_recipient, lines, line_count);
LIST_AT(struct consent_form, scope, scope_count);
LIST_AT(struct request_form, include, include_count);

#define AT(type, field) .offset = offsetof(struct type, field)
#define SHAPE(type, rows)                                                                          \
	{                                                                                          \
		rows, COUNT_OF(rows), sizeof(struct type)                                          \
	}

static const struct shape_field line_row[] = {
	{ "", SHAPE_TEXT, AT(request_line, text), .min = 1, .max = 80 },
};
static const struct shape line_shape = SHAPE(request_line, line_row);

static const struct shape_field recipient_rows[] = {
	{ "name", SHAPE_TEXT, true, AT(request_recipient, name), .min = 1, .max = 160 },
	{ "address_lines", SHAPE_VALUES, AT(request_recipient, lines), .max = 6,
	  .shape = &line_shape },
	{ "country", SHAPE_TEXT, AT(request_recipient, country), .min = 1, .max = 60 },
	{ "email", SHAPE_TOKEN, AT(request_recipient, email), .min = 3, .max = 254,
	  .words = email_class },
	{ "their_ref", SHAPE_TEXT, AT(request_recipient, their_ref), .min = 1, .max = 40 },
};
static const struct shape recipient_shape = SHAPE(request_recipient, recipient_rows);

static const struct shape_field scope_row[] = {
	{ "", SHAPE_WORD, AT(item, item), .words = scope_words },
};
static const struct shape scope_shape = SHAPE(item, scope_row);

static const struct shape_field include_row[] = {
	{ "", SHAPE_WORD, AT(item, item), .words = include_words },
};
static const struct shape include_shape = SHAPE(item, include_row);

static const struct shape_field consent_rows[] = {
	{ "given_at", SHAPE_INSTANT, true, AT(consent_form, given_at) },
	{ "scope", SHAPE_VALUES, true, AT(consent_form, scope), .max = REQUEST_ITEMS - 1,
	  .shape = &scope_shape },
};
static const struct shape consent_shape = SHAPE(consent_form, consent_rows);

static const struct shape_field request_rows[] = {
	{ "schema", SHAPE_CONST, true, .words = schema_word },
	{ "request_id", SHAPE_TOKEN, true, AT(request_form, request.request_id), .min = 1,
	  .max = 64, .words = id_class },
	{ "member_id", SHAPE_TOKEN, true, AT(request_form, request.member_id), .min = 1, .max = 64,
	  .words = id_class },
	{ "doc", SHAPE_WORD, true, AT(request_form, request.document), .words = document_words },
	{ "recipient", SHAPE_OBJECT, AT(request_form, request.recipient),
	  .shape = &recipient_shape },
	{ "general", SHAPE_BOOL, AT(request_form, general) },
	{ "profile", SHAPE_TOKEN, true, AT(request_form, request.profile), .min = 1, .max = 40,
	  .words = profile_class },
	{ "language", SHAPE_WORD, true, AT(request_form, request.language),
	  .words = language_words },
	{ "purpose", SHAPE_TEXT, AT(request_form, request.purpose), .min = 1, .max = 200 },
	{ "delivery", SHAPE_WORD, true, AT(request_form, request.delivery),
	  .words = delivery_words },
	{ "valid_for", SHAPE_WORD, AT(request_form, request.valid_for), .words = term_words },
	{ "include", SHAPE_VALUES, AT(request_form, include), .max = REQUEST_HISTORY,
	  .shape = &include_shape },
	{ "consent", SHAPE_OBJECT, AT(request_form, consent), .shape = &consent_shape },
};
static const struct shape request_shape = SHAPE(request_form, request_rows);

/* One reading; each rule below adds faults and is false only for ERR_SYSTEM. */
struct judge {
	struct arena *a;
	const struct json *root; /* to tell absent from refused */
	struct request_form *form;
	struct faults *f;
	struct err *e;
};

#define REFUSE(j, pointer, ...)                                                                    \
	do {                                                                                       \
		struct err fault;                                                                  \
		err_input(&fault, __VA_ARGS__);                                                    \
		err_at(&fault, "%s", pointer);                                                     \
		return faults_add((j)->a, (j)->f, &fault, (j)->e);                                 \
	} while (0)

static bool addressee_judge(struct judge *j)
{
	bool named = json_lookup(j->root, "recipient") != NULL;
	const struct json *general = json_lookup(j->root, "general");

	if (general != NULL && general->kind != JSON_BOOL)
		return true;
	if (named && j->form->general == ANSWER_YES)
		REFUSE(j, "/general", "RECIPIENT-TWICE",
		       "must not be true beside a recipient: a letter has one addressee");
	if (!named && j->form->general != ANSWER_YES)
		REFUSE(j, "/recipient", "JSON-MISSING",
		       "is missing; must be an object, or \"general\" true for a letter to whom it "
		       "may concern");
	return true;
}

static bool email_judge(struct judge *j)
{
	const struct request_recipient *to = j->form->request.recipient;
	size_t at;

	if (to == NULL || to->email.n == 0)
		return true;
	at = str_find(to->email, STR("@"), 0);
	if (at == SIZE_MAX || at == 0 || at + 1 == to->email.n ||
	    str_find(to->email, STR("@"), at + 1) != SIZE_MAX)
		REFUSE(j, "/recipient/email", "FORM", "must have one @, and something around it");
	return true;
}

static bool bits_gather(struct judge *j, const struct item *items, size_t count,
			const char *pointer, unsigned *bits)
{
	for (size_t i = 0; i < count; i++) {
		unsigned bit = items[i].item == 0 ? 0 : REQUEST_BIT(items[i].item);

		if (*bits & bit)
			REFUSE(j, pointer, "LIST-REPEATS", "names %s twice",
			       request_item_word(items[i].item));
		*bits |= bit;
	}
	return true;
}

static bool consent_finish(struct judge *j)
{
	const struct consent_form *form = j->form->consent;
	struct request_consent *consent;

	if (form == NULL)
		return true;
	consent = arena_alloc(j->a, sizeof *consent, j->e);
	if (consent == NULL)
		return false;
	consent->given_at = form->given_at;
	j->form->request.consent = consent;
	return bits_gather(j, form->scope, form->scope_count, "/consent/scope",
			   &j->form->request.scope);
}

static bool all_judged(struct judge *j)
{
	return addressee_judge(j) && email_judge(j) && consent_finish(j) &&
	       bits_gather(j, j->form->include, j->form->include_count, "/include",
			   &j->form->request.include);
}

static bool canonical_write(struct arena *a, const struct json *normal, struct request *r,
			    struct err *e)
{
	struct buf out = buf_empty(CANONICAL_MAX);
	bool ok = canon_value(&out, normal, e) && buf_ok(&out, "a request", e) &&
		  arena_str(a, buf_view(&out), &r->canonical, e);

	buf_free(&out);
	if (ok)
		sha256_of(r->canonical, r->hash);
	return ok;
}

bool request_read(struct arena *a, const struct json *root, const struct request **out,
		  struct faults *faults, struct err *e)
{
	struct request_form *form = arena_alloc(a, sizeof *form, e);
	struct judge judge = { .a = a, .root = root, .form = form, .f = faults, .e = e };
	struct shape_reading reading = { .a = a, .faults = faults, .text = faults };
	struct json normal;

	if (form == NULL)
		return false;
	reading.notes = &form->request.notes;
	if (!shape_read(&reading, &request_shape, root, form, &normal, e) ||
	    (root->kind == JSON_OBJECT && !all_judged(&judge)))
		return false;
	if (faults->count > 0) {
		*e = faults->first->err;
		return false;
	}
	if (!canonical_write(a, &normal, &form->request, e))
		return false;
	*out = &form->request;
	return true;
}

const char *request_document_word(int document)
{
	return document > 0 && (size_t)document < COUNT_OF(document_words)
		       ? document_words[document - 1]
		       : "";
}

const char *request_item_word(int item)
{
	return item > 0 && item < REQUEST_ITEMS ? scope_words[item - 1] : "";
}
