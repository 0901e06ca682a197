/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/role.h"

static const char *const roles[] = {
	[ROLE_ROOT] = "root",       [ROLE_ISSUING] = "issuing",   [ROLE_STATUS] = "status",
	[ROLE_LOG] = "log",         [ROLE_MANIFEST] = "manifest", [ROLE_WITNESS] = "witness",
	[ROLE_OFFICER] = "officer", [ROLE_HOME] = "home",
};

static const char *const states[] = {
	[KEY_PLANNED] = "planned",
	[KEY_ACTIVE] = "active",
	[KEY_RETIRED] = "retired",
	[KEY_COMPROMISED] = "compromised",
};

static bool word_find(const char *const *words, size_t count, struct str name, size_t *index)
{
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(str_of(words[i]), name))
			continue;
		*index = i;
		return true;
	}
	return false;
}

const char *role_name(enum key_role role)
{
	return roles[role];
}

bool role_read(struct str name, enum key_role *out)
{
	size_t i;

	if (!word_find(roles, COUNT_OF(roles), name, &i))
		return false;
	*out = (enum key_role)i;
	return true;
}

const char *state_name(enum key_state state)
{
	return states[state];
}

bool state_read(struct str name, enum key_state *out)
{
	size_t i;

	if (!word_find(states, COUNT_OF(states), name, &i))
		return false;
	*out = (enum key_state)i;
	return true;
}
