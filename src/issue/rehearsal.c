/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/rehearsal.h"

#include <stdio.h>

#include "base/io.h"
#include "issue/calling.h"
#include "issue/specimen.h"
#include "record/profile.h"
#include "record/request.h"
#include "record/standing.h"

enum { FILE_MAX_BYTES = 1 << 20, NAME_MAX_BYTES = 64 };

/* A record that is changed for the rehearsal, and what of it is. */
struct stand_in {
	struct member member;
	struct member_discipline discipline;
	struct member_annual_check annual_check;
	struct request request;
	struct profile profile;
};

static bool file_read(struct arena *a, const struct rehearsal *r, const char *name, struct str *out,
		      struct err *e)
{
	struct buf bytes = buf_empty(FILE_MAX_BYTES);
	bool ok = io_read_in(r->folder, name, &bytes, e) && arena_str(a, buf_view(&bytes), out, e);

	buf_free(&bytes);
	return ok;
}

/* The words of an application are in the language of the letter it asks for, where somebody wrote some. */
static bool request_find(struct arena *a, const struct rehearsal *r, const struct request **out,
			 struct err *e)
{
	char name[NAME_MAX_BYTES];
	struct faults faults = { 0 };
	const struct json *root;
	const char *path;
	struct str text;

	snprintf(name, sizeof name, "specimen-request-%.*s.json", STR_ARG(r->form->language));
	if (!io_path(a, r->folder, name, &path, e))
		return false;
	if (!io_exists(path))
		snprintf(name, sizeof name, "specimen-request.json");
	if (!file_read(a, r, name, &text, e))
		return false;
	return (json_read(a, text, &json_record, &root, e) &&
		request_read(a, root, out, &faults, e)) ||
	       err_in(e, "%s/%s", r->folder, name);
}

static bool profile_find(struct arena *a, const struct rehearsal *r, const struct request *request,
			 const struct profile **out, struct err *e)
{
	struct profiles list;
	struct str text;

	if (!file_read(a, r, "profiles.json", &text, e))
		return false;
	if (!profiles_read(a, text, &list, e))
		return err_in(e, "%s/profiles.json", r->folder);
	*out = profiles_lookup(&list, request->profile);
	return *out != NULL || err_system(e, "'%s/profiles.json' has no profile '%.*s'", r->folder,
					  STR_ARG(request->profile));
}

static bool document_of(const struct form_info *form, int *out, struct err *e)
{
	for (int i = REQUEST_GOOD_STANDING; *request_document_word(i) != '\0'; i++) {
		if (str_eq(form->for_request, str_of(request_document_word(i)))) {
			*out = i;
			return true;
		}
	}
	err_input(e, "TEMPLATE-WORD", "no application asks for '%.*s'", STR_ARG(form->for_request));
	return err_at(e, "/for/request");
}

/*
 * The register answers now, and what the record does not have is not asked for: a rehearsal shows a page, not how old a
 * file is.  An invented member has paid this year's fees and passed this year's check, whatever year it is.
 */
static void member_settle(struct stand_in *s, const struct rehearsal *r)
{
	struct member *m = &s->member;
	int year = civil_of_days(instant_day(r->as_of, r->utc_offset_min)).year;

	*m = *r->member;
	if (m->discipline != NULL) {
		s->discipline = *m->discipline;
		s->discipline.checked_at = r->as_of;
		m->discipline = &s->discipline;
	}
	if (r->invented && m->annual_check != NULL) {
		s->annual_check = *m->annual_check;
		s->annual_check.year = year;
		m->annual_check = &s->annual_check;
	}
	if (r->invented && m->dues_paid_through.year != 0)
		m->dues_paid_through.year = year;
}

static bool case_settle(struct arena *a, struct stand_in *s, const struct rehearsal *r,
			struct err *e)
{
	const struct request *request;
	const struct profile *profile = NULL;
	struct request_consent *consent = arena_alloc(a, sizeof *consent, e);

	if (consent == NULL || !request_find(a, r, &request, e) ||
	    !profile_find(a, r, request, &profile, e))
		return false;
	s->request = *request;
	s->request.member_id = s->member.member_id;
	s->request.language = str_eq(r->form->language, STR("zh")) ? REQUEST_ZH : REQUEST_EN;
	if (s->member.practice == NULL ||
	    s->member.practice->firm_en.n + s->member.practice->firm_zh.n == 0)
		s->request.include &= ~REQUEST_BIT(REQUEST_FIRM);
	consent->given_at = r->as_of;
	s->request.consent = consent;
	s->profile = *profile;
	s->profile.languages = PROFILE_EN | PROFILE_ZH;
	return document_of(r->form, &s->request.document, e);
}

static bool refused(const struct standing *s, struct err *e)
{
	for (int i = 0; i < STANDING_CONDITIONS; i++) {
		const struct standing_check *check = &s->checks[i];

		if (check->answer != STANDING_FAILED)
			continue;
		return err_input(e, check->code, "there is no such letter of this record: %s: %.*s",
				 standing_condition_word((enum standing_condition)i),
				 STR_ARG(check->figures));
	}
	return err_system(e, "a letter is refused without a reason");
}

/* What the issue itself adds; of all that, what the form prints. */
static bool facts_settle(struct arena *a, const struct rehearsal *r, struct facts *all,
			 struct facts *out, struct err *e)
{
	struct str issued, missing;
	char day[11];

	civil_text(civil_of_days(instant_day(r->as_of, r->utc_offset_min)), day);
	return arena_str(a, str_of(day), &issued, e) && facts_add(all, STR("issued"), issued, e) &&
	       facts_add(all, STR("policy_fingerprint"), r->fingerprint, e) &&
	       calling_pick(all, r->form, out, &missing, e) && specimen_blank(a, out, e);
}

bool rehearsal_facts(struct arena *a, const struct rehearsal *r, struct facts *out, struct err *e)
{
	struct stand_in *s = arena_alloc(a, sizeof *s, e);
	struct standing standing;
	struct facts all;

	if (s == NULL)
		return false;
	member_settle(s, r);
	if (!case_settle(a, s, r, e))
		return false;
	const struct standing_case c = { .member = &s->member,
					 .request = &s->request,
					 .profile = &s->profile,
					 .as_at = r->as_of,
					 .utc_offset_min = r->utc_offset_min };
	if (!standing_decide(a, &c, &standing, e))
		return false;
	if (standing.outcome == STANDING_REFUSED)
		return refused(&standing, e);
	return standing_facts(a, &c, &standing, &all, e) && facts_settle(a, r, &all, out, e);
}
