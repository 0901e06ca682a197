/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_CONDITION_H
#define HUFU_FORM_CONDITION_H

#include "form/phrase.h"

/*
 * When a piece of a page is there: "when": "sex" with the fact, "when": "wording=W1|W3" with one of these values;
 * "unless" the other way round.  Private to form/.
 */
struct condition {
	struct str fact;   /* empty: always */
	struct str values; /* "W1|W3"; empty: any */
};

struct conditions {
	struct condition when, unless;
};

/* The members "when" and "unless" of an object; TEMPLATE-FACT when needs and takes have no such fact. */
bool condition_read(const struct json *object, const struct phrase_names *names,
		    struct conditions *out, struct err *e) MUST_CHECK;

bool condition_holds(const struct conditions *c, const struct facts *facts);

#endif
