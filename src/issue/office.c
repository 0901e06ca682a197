/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/office.h"

#include "base/io.h"

enum { FILE_MAX_BYTES = 4 * 1024 * 1024 };

static bool file_read(struct office *o, const char *name, struct str *out, struct err *e)
{
	struct buf bytes = buf_empty(FILE_MAX_BYTES);
	bool ok = io_read_in(o->home->dir, name, &bytes, e) &&
		  arena_str(o->arena, buf_view(&bytes), out, e);

	buf_free(&bytes);
	return ok;
}

static bool rules_read(struct office *o, struct err *e)
{
	struct str text;

	if (!file_read(o, "associations.json", &text, e))
		return false;
	if (!associations_read(o->arena, text, &o->associations, e))
		return home_broken(o->home, "associations.json", e);
	if (!file_read(o, "profiles.json", &text, e))
		return false;
	return profiles_read(o->arena, text, &o->profiles, e) ||
	       home_broken(o->home, "profiles.json", e);
}

bool office_open(struct home *h, const struct env *env, const char *fonts_json, struct office *out,
		 struct err *e)
{
	*out = (struct office){ .home = h, .env = env, .arena = h->arena };
	return rules_read(out, e) && policy_fingerprint(&h->policy, out->fingerprint, e) &&
	       forms_open(h, fonts_json, FORMS_OF_REQUESTS, &out->forms, e);
}

void office_close(struct office *o)
{
	forms_close(&o->forms);
	*o = (struct office){ 0 };
}

bool office_officer(const struct office *o, const char *key_file, struct office_officer *out,
		    struct err *e)
{
	*out = (struct office_officer){ 0 };
	if (!officer_key_open(key_file, &out->key, &out->public, e))
		return err_in(e, "%s", key_file);
	out->who = roster_lookup(&o->home->roster, &out->public);
	if (out->who != NULL)
		return true;
	office_officer_end(out);
	if (o->home->roster.serial > 0 && !o->home->roster.vouched)
		err_input(
			e, "OFFICER-UNKNOWN",
			"the roots changed since the officers were enrolled; run hufu officer endorse");
	else
		err_input(e, "OFFICER-UNKNOWN",
			  "the key is not of an officer enrolled in '%s'; see hufu officer list",
			  o->home->dir);
	return err_in(e, "%s", key_file);
}

void office_officer_end(struct office_officer *officer)
{
	signer_free(officer->key);
	*officer = (struct office_officer){ 0 };
}

const char *office_stage_word(enum office_stage stage)
{
	static const char *const words[] = {
		[OFFICE_SUBMITTED] = "submitted", [OFFICE_PREPARED] = "prepared",
		[OFFICE_APPROVED] = "approved",   [OFFICE_REFUSED] = "refused",
		[OFFICE_WITHDRAWN] = "withdrawn", [OFFICE_ISSUED] = "issued",
	};

	return words[stage];
}
