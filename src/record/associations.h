/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_ASSOCIATIONS_H
#define HUFU_RECORD_ASSOCIATIONS_H

#include "json/json.h"

enum association_kind { ASSOCIATION_ABSENT, ASSOCIATION_NATIONAL, ASSOCIATION_LOCAL };

/* Drawn by us, or art the association supplies (bilingual arcs need it). */
enum association_seal {
	ASSOCIATION_SEAL_ABSENT,
	ASSOCIATION_SEAL_DRAWN,
	ASSOCIATION_SEAL_SUPPLIED
};

/* One body of the register, national or local. */
struct association {
	struct str code, name_zh, name_en;
	int kind;       /* enum association_kind */
	int seal;       /* enum association_seal */
	struct str art; /* path of the supplied art inside the home, n == 0 when absent */
};

struct associations {
	const struct association *items;
	size_t count;
	const struct association *national; /* the one of kind national */
};

/*
 * Read hufu.associations/1.  Codes differ from each other and exactly one entry is national; faults have codes
 * ASSOCIATION-DUPLICATE, ASSOCIATION-NATIONAL or those of a record.
 */
bool associations_read(struct arena *a, struct str text, struct associations *out,
		       struct err *e) MUST_CHECK;

/* The entry of a code, NULL when unknown. */
const struct association *associations_lookup(const struct associations *list, struct str code);

#endif
