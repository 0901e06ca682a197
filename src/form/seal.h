/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_SEAL_H
#define HUFU_FORM_SEAL_H

#include "font/fonts.h"
#include "paper/art.h"

/*
 * The seals of an issuer and its associations as art, made once and shared by all forms and workers: drawn (ring, star and
 * the name around it) or from art the association supplies.  All are SEAL_NOMINAL millimetres wide about their middle and
 * take the ink of the place.
 */
struct seals;

enum { SEALS_MAX = 4096, SEAL_NOMINAL = 45 };

/* The one red of a document. */
#define SEAL_INK ((struct paper_ink){ .r = 0xBF, .g = 0x12, .b = 0x19 })

struct seal_order {
	struct str names[2]; /* in Chinese, in English: what documents call it */
	struct str svg;      /* supplied art (docs/TEMPLATES.md, "SVG"), square; empty: drawn */
	const char *file;    /* of that art, for words in faults */
};

/*
 * Make them all.  A drawn seal holds at most 16 Chinese characters or 64 Latin letters; a longer name is ERR_INPUT
 * SEAL-TOO-LONG, art that is not square SEAL-SQUARE, both with pointer "/<index>"; else the faults of svg_draw.
 */
bool seal_open(const struct fonts *fonts, const struct seal_order *orders, size_t count,
	       struct seals **out, struct err *e) MUST_CHECK;
void seal_free(struct seals *s); /* accepts NULL */

/* The seal of whom `name` names in either language, or NULL. */
const struct art *seal_lookup(const struct seals *s, struct str name);

/* Over names and art, in their order: tells one set of seals from another. */
void seal_hash(const struct seals *s, unsigned char out[SHA256_SIZE]);

#endif
