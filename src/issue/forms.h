/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_FORMS_H
#define HUFU_ISSUE_FORMS_H

#include "form/form.h"
#include "issue/home.h"

/* Every template of a home in every language it has, with the fonts they are compiled for.  Read-only once open. */
struct forms {
	struct fonts *fonts;
	struct seals *seals; /* of the home's associations */
	unsigned char fonts_hash[32];
	struct form **items; /* by id, then language */
	size_t count;
};

enum { FORMS_MAX = 256, FORMS_CONSTANTS = 6 };

/* What the strings of every form may name: issuer.name_zh, site.host, …; lent from the configuration. */
void forms_constants(const struct config *c, struct fact out[FORMS_CONSTANTS]);

/* Which templates: a letter in a hurry does not wait for certificates to compile. */
enum forms_kind { FORMS_ALL, FORMS_OF_REQUESTS };

/* Load fonts_json, HOME/templates and the seals; needs the home only for its configuration. */
bool forms_open(struct home *h, const char *fonts_json, enum forms_kind kind, struct forms *out,
		struct err *e) MUST_CHECK;
void forms_close(struct forms *f); /* accepts an empty one */

/* The form of that id and language, or NULL. */
const struct form *forms_lookup(const struct forms *f, struct str id, struct str language);

#endif
