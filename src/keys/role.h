/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_ROLE_H
#define HUFU_KEYS_ROLE_H

#include "base/attr.h"
#include "base/str.h"

/* What a key may sign; one key, one role (proof.md §4). */
enum key_role {
	ROLE_ROOT,
	ROLE_ISSUING,
	ROLE_STATUS,
	ROLE_LOG,
	ROLE_MANIFEST,
	ROLE_WITNESS,
	ROLE_OFFICER,
	ROLE_HOME
};

/* Life of a key: planned → active → retired → compromised. */
enum key_state { KEY_PLANNED, KEY_ACTIVE, KEY_RETIRED, KEY_COMPROMISED };

/* "root", "issuing", …; "planned", "active", …: as key lists, key files and `hufu key list` spell them. */
const char *role_name(enum key_role role);
bool role_read(struct str name, enum key_role *out) MUST_CHECK;
const char *state_name(enum key_state state);
bool state_read(struct str name, enum key_state *out) MUST_CHECK;

#endif
