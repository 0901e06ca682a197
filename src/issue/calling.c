/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/calling.h"

static bool date_text(struct arena *a, struct civil date, struct str *out, struct err *e)
{
	char text[11];

	civil_text(date, text);
	return arena_str(a, str_of(text), out, e);
}

static struct str sex_word(int sex)
{
	static const char *const words[] = {
		[MEMBER_MALE] = "M", [MEMBER_FEMALE] = "F", [MEMBER_SEX_X] = "X"
	};

	return sex > MEMBER_SEX_ABSENT && sex <= MEMBER_SEX_X ? str_of(words[sex])
							      : (struct str){ NULL, 0 };
}

/* A name that holds what must not be printed (allowed only in records of members who left) is no fact. */
static struct str printable(const struct member *m, struct str name)
{
	return m->unprintable.count == 0 ? name : STR("");
}

/* Every fact a record has, whether a form prints it or not; absent ones are left out. */
static bool facts_of(struct arena *a, const struct member *m, struct civil issued,
		     struct facts *out, struct err *e)
{
	struct str admitted, day;

	if (!date_text(a, m->admission->date, &admitted, e) || !date_text(a, issued, &day, e))
		return false;
	const struct fact all[] = {
		{ STR("admitted"), admitted },
		{ STR("association_en"), m->association->name_en },
		{ STR("association_zh"), m->association->name_zh },
		{ STR("class"), str_of(member_class_word(m->class)) },
		{ STR("issued"), day },
		{ STR("member_no"), m->member_no },
		{ STR("name_latin"),
		  m->name->latin != NULL ? printable(m, m->name->latin->full) : STR("") },
		{ STR("name_native"), printable(m, m->name->native) },
		{ STR("photo_sha256"), m->photo != NULL ? m->photo->sha256_hex : STR("") },
		{ STR("sex"), sex_word(m->sex) },
	};

	out->count = 0;
	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (all[i].value.n > 0 && !facts_add(out, all[i].key, all[i].value, e))
			return false;
	return true;
}

static bool facts_pick(const struct facts *all, const struct str *keys, size_t count,
		       struct facts *out, struct str *missing, struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		const struct str *value = facts_lookup(all, keys[i]);

		if (value == NULL) {
			*missing = keys[i];
			continue;
		}
		if (!facts_add(out, keys[i], *value, e))
			return false;
	}
	return true;
}

static bool concerns(const struct member *m, const struct form_info *form)
{
	if (form->for_request.n > 0)
		return false; /* made when it is asked for */
	return (form->for_class.n == 0 ||
		str_eq(form->for_class, str_of(member_class_word(m->class)))) &&
	       (form->for_status.n == 0 ||
		str_eq(form->for_status, str_of(member_status_word(m->status))));
}

static bool listed(const struct str *keys, size_t count, struct str fact)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(keys[i], fact))
			return true;
	return false;
}

bool calling_prints(const struct member *m, const struct form_info *form, struct str fact)
{
	return concerns(m, form) && (listed(form->needs, form->needs_count, fact) ||
				     listed(form->takes, form->takes_count, fact));
}

bool calling_pick(const struct facts *all, const struct form_info *form, struct facts *out,
		  struct str *missing, struct err *e)
{
	struct str absent;

	*missing = (struct str){ NULL, 0 };
	*out = (struct facts){ .count = 0 };
	return facts_pick(all, form->needs, form->needs_count, out, missing, e) &&
	       facts_pick(all, form->takes, form->takes_count, out, &absent, e);
}

bool calling_facts(struct arena *a, const struct member *m, const struct form_info *form,
		   struct civil issued, struct facts *out, enum calling *calling,
		   struct str *missing, struct err *e)
{
	struct facts all;

	*missing = (struct str){ NULL, 0 };
	*out = (struct facts){ .count = 0 };
	*calling = CALLING_NO;
	if (!concerns(m, form))
		return true;
	if (!facts_of(a, m, issued, &all, e) || !calling_pick(&all, form, out, missing, e))
		return false;
	*calling = missing->n > 0 ? CALLING_MISSING : CALLING_YES;
	return true;
}
