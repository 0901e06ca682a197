/* SPDX-License-Identifier: Apache-2.0 */
#include "record/member.h"

#include <assert.h>
#include <stddef.h>

#include "base/enc.h"
#include "json/canon.h"

enum {
	CANONICAL_MAX = 1024 * 1024, /* bytes; escapes may make a record of 256 KiB longer */
	ID_MAX = 64,                 /* characters of a member_id */
};

#define MEMBER_ID "A-Za-z0-9_-"

/* Lists land on two neighbours, items and count (struct shape_list). */
#define LIST_AT(type, items, count)                                                                \
	static_assert(offsetof(type, count) == offsetof(type, items) + sizeof(void *), "list")
LIST_AT(struct member_name, former, former_count);
LIST_AT(struct member_discipline, findings, finding_count);
LIST_AT(struct member, restrictions, restriction_count);
LIST_AT(struct member, history, history_count);

static const char *const schema_word[] = { "hufu.member/1", NULL };
static const char *const class_words[] = { "practising", "non_practising", NULL };
static const char *const status_words[] = { "active",      "suspended", "lapsed",  "resigned",
					    "cancelled",   "annulled",  "revoked", "expelled",
					    "transferred", "deceased",  NULL };
static const char *const reason_words[] = { "left_practice",
					    "incapacity",
					    "conviction",
					    "penalty",
					    "stopped_practising",
					    "fraud",
					    "annual_check",
					    "arrears",
					    "request",
					    "other",
					    NULL };
static const char *const sex_words[] = { "M", "F", "X", NULL };
static const char *const source_words[] = { "passport", "declared", "register", NULL };
static const char *const route_words[] = { "exam", "assessment", "conversion", "mutual", NULL };
static const char *const check_words[] = { "passed",  "deferred",     "failed",
					   "pending", "not_required", NULL };
static const char *const pending_words[] = { "none", "open", "not_disclosed", NULL };
static const char *const sanction_words[] = { "warning",   "reprimand",  "criticism",
					      "fine",      "suspension", "revocation",
					      "expulsion", "other",      NULL };

/* The classes of characters of the schema's patterns. */
static const char *const id_class[] = { MEMBER_ID };
static const char *const number_class[] = { "0-9A-Z-" };
static const char *const path_class[] = { "A-Za-z0-9_./-" };
static const char *const code_class[] = { "A-Z0-9" };

#define AT(type, field) .offset = offsetof(struct type, field)
#define SHAPE(type, rows)                                                                          \
	{                                                                                          \
		rows, COUNT_OF(rows), sizeof(struct type)                                          \
	}

static const struct shape_field latin_rows[] = {
	{ "full", SHAPE_LATIN, true, AT(member_latin, full), .min = 1, .max = 120 },
	{ "surname", SHAPE_LATIN, AT(member_latin, surname), .max = 80 },
	{ "given", SHAPE_LATIN, AT(member_latin, given), .max = 80 },
	{ "source", SHAPE_WORD, true, AT(member_latin, source), .words = source_words },
};
static const struct shape latin_shape = SHAPE(member_latin, latin_rows);

static const struct shape_field former_rows[] = {
	{ "native", SHAPE_NATIVE, AT(member_former, native), .max = 50 },
	{ "latin", SHAPE_LATIN, AT(member_former, latin), .max = 120 },
	{ "until", SHAPE_DATE, true, AT(member_former, until) },
};
static const struct shape former_shape = SHAPE(member_former, former_rows);

static const struct shape_field name_rows[] = {
	{ "native", SHAPE_NATIVE, AT(member_name, native), .min = 1, .max = 50 },
	{ "latin", SHAPE_OBJECT, AT(member_name, latin), .shape = &latin_shape },
	{ "former", SHAPE_LIST, AT(member_name, former), .max = 8, .shape = &former_shape },
};
static const struct shape name_shape = SHAPE(member_name, name_rows);

static const struct shape_field photo_rows[] = {
	{ "path", SHAPE_PATH, true, AT(member_photo, path), .min = 1, .max = 200,
	  .words = path_class },
	{ "sha256", SHAPE_SHA256, true, AT(member_photo, sha256_hex) },
};
static const struct shape photo_shape = SHAPE(member_photo, photo_rows);

static const struct shape_field association_rows[] = {
	{ "code", SHAPE_TOKEN, true, AT(member_association, code), .min = 2, .max = 8,
	  .words = code_class },
	{ "name_zh", SHAPE_TEXT, AT(member_association, name_zh), .max = 60 },
	{ "name_en", SHAPE_TEXT, AT(member_association, name_en), .max = 120 },
};
static const struct shape association_shape = SHAPE(member_association, association_rows);

static const struct shape_field admission_rows[] = {
	{ "date", SHAPE_DATE, true, AT(member_admission, date) },
	{ "approval_no", SHAPE_TEXT, AT(member_admission, approval_no), .max = 60 },
	{ "route", SHAPE_WORD, AT(member_admission, route), .words = route_words },
};
static const struct shape admission_shape = SHAPE(member_admission, admission_rows);

static const struct shape_field practice_rows[] = {
	{ "since", SHAPE_DATE, true, AT(member_practice, since) },
	{ "firm_zh", SHAPE_TEXT, AT(member_practice, firm_zh), .max = 80 },
	{ "firm_en", SHAPE_TEXT, AT(member_practice, firm_en), .max = 160 },
	{ "firm_code", SHAPE_TEXT, AT(member_practice, firm_code), .max = 20 },
	{ "audit_rights", SHAPE_BOOL, AT(member_practice, audit_rights) },
};
static const struct shape practice_shape = SHAPE(member_practice, practice_rows);

static const struct shape_field qualification_rows[] = {
	{ "exam_cert_no", SHAPE_TEXT, AT(member_qualification, exam_cert_no), .max = 40 },
	{ "passed_year", SHAPE_INTEGER, AT(member_qualification, passed_year), .min = 1991,
	  .max = 2100 },
};
static const struct shape qualification_shape = SHAPE(member_qualification, qualification_rows);

static const struct shape_field annual_check_rows[] = {
	{ "year", SHAPE_INTEGER, true, true, AT(member_annual_check, year), .min = 1980,
	  .max = 9999 },
	{ "result", SHAPE_WORD, true, AT(member_annual_check, result), .words = check_words },
	{ "date", SHAPE_DATE, AT(member_annual_check, date) },
};
static const struct shape annual_check_shape = SHAPE(member_annual_check, annual_check_rows);

static const struct shape_field cpd_rows[] = {
	{ "period", SHAPE_TEXT, true, AT(member_cpd, period), .max = 20 },
	{ "hours", SHAPE_DECIMAL, AT(member_cpd, hours), .max = 100000 },
	{ "compliant", SHAPE_BOOL, true, AT(member_cpd, compliant) },
};
static const struct shape cpd_shape = SHAPE(member_cpd, cpd_rows);

static const struct shape_field restriction_rows[] = {
	{ "text_en", SHAPE_TEXT, true, AT(member_restriction, text_en), .max = 300 },
	{ "text_zh", SHAPE_TEXT, AT(member_restriction, text_zh), .max = 200 },
	{ "from", SHAPE_DATE, true, AT(member_restriction, from) },
	{ "until", SHAPE_DATE, AT(member_restriction, until) },
};
static const struct shape restriction_shape = SHAPE(member_restriction, restriction_rows);

static const struct shape_field finding_rows[] = {
	{ "date", SHAPE_DATE, true, AT(member_finding, date) },
	{ "sanction", SHAPE_WORD, true, AT(member_finding, sanction), .words = sanction_words },
	{ "text_en", SHAPE_TEXT, AT(member_finding, text_en), .max = 300 },
	{ "ends", SHAPE_DATE, AT(member_finding, ends) },
	{ "disclosable", SHAPE_BOOL, true, AT(member_finding, disclosable) },
};
static const struct shape finding_shape = SHAPE(member_finding, finding_rows);

static const struct shape_field discipline_rows[] = {
	{ "checked_at", SHAPE_INSTANT, true, AT(member_discipline, checked_at) },
	{ "pending", SHAPE_WORD, true, AT(member_discipline, pending), .words = pending_words },
	{ "findings", SHAPE_LIST, true, true, AT(member_discipline, findings), .max = 64,
	  .shape = &finding_shape },
};
static const struct shape discipline_shape = SHAPE(member_discipline, discipline_rows);

static const struct shape_field history_rows[] = {
	{ "from", SHAPE_DATE, true, AT(member_history, from) },
	{ "to", SHAPE_DATE, AT(member_history, to) },
	{ "status", SHAPE_WORD, true, true, AT(member_history, status), .words = status_words },
	{ "class", SHAPE_WORD, AT(member_history, class), .words = class_words },
	{ "member_no", SHAPE_TEXT, false, true, AT(member_history, member_no), .max = 40 },
	{ "association", SHAPE_TEXT, false, true, AT(member_history, association), .max = 120 },
};
static const struct shape history_shape = SHAPE(member_history, history_rows);

static const struct shape_field member_rows[] = {
	{ "schema", SHAPE_CONST, true, .words = schema_word },
	{ "member_id", SHAPE_TOKEN, true, AT(member, member_id), .min = 1, .max = ID_MAX,
	  .words = id_class },
	{ "rev", SHAPE_INTEGER, true, AT(member, rev), .min = 1, .max = INT64_MAX },
	{ "updated_at", SHAPE_INSTANT, true, AT(member, updated_at) },
	{ "member_no", SHAPE_TOKEN, true, AT(member, member_no), .min = 4, .max = 20,
	  .words = number_class },
	{ "class", SHAPE_WORD, true, AT(member, class), .words = class_words },
	{ "status", SHAPE_WORD, true, AT(member, status), .words = status_words },
	{ "status_reason", SHAPE_WORD, AT(member, status_reason), .words = reason_words },
	{ "status_since", SHAPE_DATE, AT(member, status_since) },
	{ "name", SHAPE_OBJECT, true, AT(member, name), .shape = &name_shape },
	{ "sex", SHAPE_WORD, AT(member, sex), .words = sex_words },
	{ "birth_date", SHAPE_DATE, AT(member, birth_date) },
	{ "photo", SHAPE_OBJECT, AT(member, photo), .shape = &photo_shape },
	{ "association", SHAPE_OBJECT, true, AT(member, association_given),
	  .shape = &association_shape },
	{ "admission", SHAPE_OBJECT, true, AT(member, admission), .shape = &admission_shape },
	{ "practice", SHAPE_OBJECT, AT(member, practice), .shape = &practice_shape },
	{ "qualification", SHAPE_OBJECT, AT(member, qualification), .shape = &qualification_shape },
	{ "annual_check", SHAPE_OBJECT, AT(member, annual_check), .shape = &annual_check_shape },
	{ "cpd", SHAPE_OBJECT, AT(member, cpd), .shape = &cpd_shape },
	{ "dues_paid_through", SHAPE_DATE, AT(member, dues_paid_through) },
	{ "restrictions", SHAPE_LIST, false, true, AT(member, restrictions), .max = 64,
	  .shape = &restriction_shape },
	{ "discipline", SHAPE_OBJECT, AT(member, discipline), .shape = &discipline_shape },
	{ "history", SHAPE_LIST, false, true, AT(member, history), .max = 200,
	  .shape = &history_shape },
};
const struct shape member_shape = SHAPE(member, member_rows);

/* The rules that no table can say.  Each adds faults to *f; false is ERR_SYSTEM. */
struct judge {
	struct arena *a;
	const struct json *record; /* to tell absent from refused */
	const struct member_rules *rules;
	struct member *m;
	struct faults *f;
	struct err *e;
};

#define REFUSE(j, pointer, ...)                                                                    \
	do {                                                                                       \
		struct err fault;                                                                  \
		err_input(&fault, __VA_ARGS__);                                                    \
		err_at(&fault, pointer);                                                           \
		return faults_add((j)->a, (j)->f, &fault, (j)->e);                                 \
	} while (0)

static bool name_judge(struct judge *j)
{
	const struct json *name = json_lookup(j->record, "name");

	if (j->m->name != NULL && json_lookup(name, "native") == NULL &&
	    json_lookup(name, "latin") == NULL)
		REFUSE(j, "/name", "JSON-MISSING", "must have a native or a latin name");
	return true;
}

static bool practice_judge(struct judge *j)
{
	if (j->m->class == MEMBER_PRACTISING && j->m->status == MEMBER_ACTIVE &&
	    json_lookup(j->record, "practice") == NULL)
		REFUSE(j, "/practice", "JSON-MISSING",
		       "is missing; an active practising member must have it");
	return true;
}

static bool since_judge(struct judge *j)
{
	if (j->m->status > MEMBER_ACTIVE && json_lookup(j->record, "status_since") == NULL)
		REFUSE(j, "/status_since", "JSON-MISSING",
		       "is missing; every status but active must have it");
	return true;
}

static bool admission_judge(struct judge *j)
{
	char as_of[11];

	if (j->m->admission == NULL || j->rules->as_of.year == 0 ||
	    civil_days(j->m->admission->date) <= civil_days(j->rules->as_of))
		return true;
	civil_text(j->rules->as_of, as_of);
	REFUSE(j, "/admission/date", "ADMISSION-FUTURE", "must not be after the day of issue, %s",
	       as_of);
}

static bool order_judge(struct judge *j, struct civil first, struct civil second,
			const char *pointer, size_t i)
{
	struct err fault;

	if (first.year == 0 || second.year == 0 || civil_days(first) <= civil_days(second))
		return true;
	err_input(&fault, "DATE-ORDER", "must not be before the day it follows");
	if (strstr(pointer, "%zu") == NULL)
		err_at(&fault, "%s", pointer);
	else
		err_at(&fault, "%.*s%zu%s", (int)(strstr(pointer, "%zu") - pointer), pointer, i,
		       strstr(pointer, "%zu") + 3);
	return faults_add(j->a, j->f, &fault, j->e);
}

static bool dates_judge(struct judge *j)
{
	const struct member *m = j->m;

	if (m->admission != NULL &&
	    !order_judge(j, m->birth_date, m->admission->date, "/admission/date", 0))
		return false;
	for (size_t i = 0; i < m->history_count; i++)
		if (!order_judge(j, m->history[i].from, m->history[i].to, "/history/%zu/to", i))
			return false;
	for (size_t i = 0; i < m->restriction_count; i++)
		if (!order_judge(j, m->restrictions[i].from, m->restrictions[i].until,
				 "/restrictions/%zu/until", i))
			return false;
	for (size_t i = 0; m->discipline != NULL && i < m->discipline->finding_count; i++)
		if (!order_judge(j, m->discipline->findings[i].date,
				 m->discipline->findings[i].ends, "/discipline/findings/%zu/ends",
				 i))
			return false;
	return true;
}

static bool association_judge(struct judge *j)
{
	const struct member_association *given = j->m->association_given;

	if (given == NULL || given->code.n == 0 || j->rules->associations == NULL)
		return true;
	j->m->association = associations_lookup(j->rules->associations, given->code);
	if (j->m->association == NULL)
		REFUSE(j, "/association/code", "ASSOCIATION-UNKNOWN",
		       "%.*s is not in associations.json", STR_ARG(given->code));
	return true;
}

/* The register's names are printed; a record that spells them otherwise is accepted and told. */
static bool association_note(struct judge *j, struct str given, struct str registered,
			     const char *pointer)
{
	struct remark note = { .code = "ASSOCIATION-NAME", .pointer = str_of(pointer) };

	if (given.n == 0 || str_eq(given, registered))
		return true;
	return arena_printf(j->a, &note.words, j->e, "is not the register's %.*s, which is printed",
			    STR_ARG(registered)) &&
	       remarks_add(j->a, &j->m->notes, &note, j->e);
}

static bool association_notes(struct judge *j)
{
	const struct association *entry = j->m->association;

	return entry == NULL || (association_note(j, j->m->association_given->name_zh,
						  entry->name_zh, "/association/name_zh") &&
				 association_note(j, j->m->association_given->name_en,
						  entry->name_en, "/association/name_en"));
}

/* The bytes behind the digits; shape_read has checked their form, but the photo is const behind the member. */
static bool photo_finish(struct judge *j)
{
	const struct member_photo *given = j->m->photo;
	struct member_photo *photo;

	if (given == NULL || given->sha256_hex.n == 0)
		return true;
	photo = arena_alloc(j->a, sizeof *photo, j->e);
	if (photo == NULL)
		return false;
	*photo = *given;
	j->m->photo = photo;
	return enc_unhex(photo->sha256_hex, photo->sha256, sizeof photo->sha256) ||
	       err_system(j->e, "a checked hash is no hash");
}

static bool unprintable_note(struct judge *j, const struct err *fault)
{
	struct remark note = { 0 };
	struct str code;

	if (!arena_str(j->a, str_of(fault->code), &code, j->e) ||
	    !arena_str(j->a, str_of(fault->pointer), &note.pointer, j->e) ||
	    !arena_str(j->a, str_of(fault->cause), &note.words, j->e))
		return false;
	note.code = code.p;
	return faults_add(j->a, &j->m->unprintable, fault, j->e) &&
	       remarks_add(j->a, &j->m->notes, &note, j->e);
}

/* A name nobody can print must not keep a revocation or a death from taking effect. */
static bool text_judge(struct judge *j, const struct faults *text)
{
	bool printed = j->m->status <= MEMBER_ACTIVE;

	for (const struct fault *fault = text->first; fault != NULL; fault = fault->next)
		if (!(printed ? faults_add(j->a, j->f, &fault->err, j->e)
			      : unprintable_note(j, &fault->err)))
			return false;
	return true;
}

static bool all_judged(struct judge *j)
{
	return name_judge(j) && practice_judge(j) && since_judge(j) && admission_judge(j) &&
	       dates_judge(j) && association_judge(j) && association_notes(j) && photo_finish(j);
}

static bool canonical_write(struct arena *a, const struct json *normal, struct member *m,
			    struct err *e)
{
	struct buf out = buf_empty(CANONICAL_MAX);
	bool ok = canon_decimals(&out, normal, e) && arena_str(a, buf_view(&out), &m->canonical, e);

	buf_free(&out);
	if (ok)
		sha256_of(m->canonical, m->hash);
	return ok;
}

bool member_read(struct arena *a, const struct json *record, const struct member_rules *rules,
		 const struct member **out, struct faults *faults, struct err *e)
{
	struct member *m = arena_alloc(a, sizeof *m, e);
	struct faults text = { 0 };
	struct shape_reading reading = { .a = a, .faults = faults, .text = &text };
	struct judge judge = {
		.a = a, .record = record, .rules = rules, .m = m, .f = faults, .e = e
	};
	struct json normal;

	if (m == NULL)
		return false;
	reading.notes = &m->notes;
	if (!shape_read(&reading, &member_shape, record, m, &normal, e) || !all_judged(&judge) ||
	    !text_judge(&judge, &text))
		return false;
	if (faults->count > 0) {
		*e = faults->first->err;
		return false;
	}
	if (!canonical_write(a, &normal, m, e))
		return false;
	*out = m;
	return true;
}

struct str member_id_of(const struct json *record)
{
	const struct json *id = json_lookup(record, "member_id");

	if (id == NULL || id->kind != JSON_STRING || id->string.n == 0 || id->string.n > ID_MAX)
		return (struct str){ 0 };
	for (size_t i = 0; i < id->string.n; i++) {
		char c = id->string.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		      c == '_' || c == '-'))
			return (struct str){ 0 };
	}
	return id->string;
}

static const char *word_of(const char *const *words, size_t count, int value)
{
	/* count takes in the NULL at the end */
	return value > 0 && (size_t)value < count ? words[value - 1] : "";
}

const char *member_class_word(int class)
{
	return word_of(class_words, COUNT_OF(class_words), class);
}

const char *member_status_word(int status)
{
	return word_of(status_words, COUNT_OF(status_words), status);
}

const char *member_reason_word(int reason)
{
	return word_of(reason_words, COUNT_OF(reason_words), reason);
}

const char *member_sanction_word(int sanction)
{
	return word_of(sanction_words, COUNT_OF(sanction_words), sanction);
}
