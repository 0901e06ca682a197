/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_FORM_H
#define HUFU_FORM_FORM_H

#include <stdint.h>

#include "font/fonts.h"
#include "form/seal.h"
#include "paper/signature.h"
#include "proof/facts.h"

/*
 * One document type in one language: templates/<id>/layout.json and <lang>.json, read, checked and compiled.
 * Read-only after form_open, shared by all workers.
 */
struct form;

struct form_info {
	struct str id;       /* "practising-certificate": the folder's name */
	struct str language; /* "zh", "en" */
	int64_t version;     /* of layout.json */
	unsigned char
		hash[32]; /* over every file of the folder that this language uses, and the seals */
	unsigned token_type; /* 1–255, proof.md §2 */
	struct str
		family; /* documents of one family and language supersede one another: "certificate" */
	struct str for_class;  /* the member class it is for: "practising"; empty for any */
	struct str for_status; /* the member status it is for: "active" */
	struct str
		for_request; /* what a request asks for: "good_standing"; empty: no request is needed */
	/* Facts the page prints.  A member without a needed one has no document of this form (outcome none); a member
	 * without an optional one gets the page without that row. */
	const struct str *needs, *takes;
	size_t needs_count, takes_count;
};

/*
 * What is the same on every document of a home: issuer.name_zh, issuer.name_en, issuer.id, site.base, site.host, … as
 * "key" → text; strings may name them as {issuer.name_zh}.  And the seals, which outlive every form opened with them;
 * NULL: a page with a seal is refused (SEAL-UNKNOWN).
 */
struct form_constants {
	const struct fact *items;
	size_t count;
	const struct seals *seals;
};

/* Load templates_dir/<id> for one language.  A fault names file, JSON pointer and what was expected. */
bool form_open(const char *templates_dir, struct str id, struct str language,
	       const struct fonts *fonts, const struct form_constants *constants, struct form **out,
	       struct err *e) MUST_CHECK;
void form_free(struct form *f); /* accepts NULL */
const struct form_info *form_info(const struct form *f);

/* What one worker draws with: shaper, paper, buffers.  One thread at a time. */
struct form_desk;
struct form_desk *form_desk_new(const struct fonts *fonts, struct err *e) MUST_CHECK;
void form_desk_free(struct form_desk *d); /* accepts NULL */

struct form_notes {
	bool fell_back; /* a name was drawn with a face behind the role's own */
};

/*
 * Everything that could refuse this document, without making it: glyphs, fit of every box, missing facts.  Refusals
 * are ERR_INPUT (NO-GLYPH, TEXT-TOO-WIDE, …) with the fact's key as pointer "/<key>".
 */
bool form_check(struct form_desk *d, const struct form *f, const struct facts *facts,
		struct form_notes *notes, struct err *e) MUST_CHECK;

struct form_input {
	const struct facts *facts;
	struct str docid;      /* XXXX-XXXX-XXXX-XXXX */
	struct str token;      /* the digits, for XMP */
	struct str url;        /* base "/#" digits, for the QR code */
	struct str credential; /* credential.json, attached; empty: none */
	struct str photo;      /* the file the fact photo_sha256 names, when the page prints it */
	int64_t issued_unix;   /* CreationDate, ModDate, XMP dates */
	int utc_offset_min;    /* zone those dates are written in */
	struct str member_id;  /* for words in errors only, never drawn */
	bool specimen;         /* a sample that certifies nothing: marked as one, seals pale */
	bool draft; /* with specimen, a real case not yet issued: the code and drawings above the seals pale too */
	const struct signature
		*signature; /* the home seals: the first seal is a field; NULL: pictures */
};

/*
 * Draw the document and append the whole PDF to *pdf.  Same input, same bytes, on any host and in any order.  With a
 * signature the CMS is still to come (form_space); a page without a seal is then ERR_INPUT SEAL-NO-FIELD, and a specimen
 * is never sealed.
 */
bool form_draw(struct form_desk *d, const struct form *f, const struct form_input *in,
	       struct buf *pdf, struct err *e) MUST_CHECK;

/*
 * Where the CMS goes in what form_draw appended last, counted from where it began to; and whether the field of a second
 * seal is ready there, which signature.second asks for and a page of two seals has.
 */
struct signature_space form_space(const struct form_desk *d);
bool form_second(const struct form_desk *d);

#endif
