/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_LAYOUT_H
#define HUFU_FORM_LAYOUT_H

#include "form/block.h"
#include "form/seal.h"
#include "form/setting.h"
#include "paper/art.h"

/*
 * The elements of a page as layout.json describes them (docs/TEMPLATES.md), decoded and checked.  Lengths are
 * millimetres from the top left corner, y down.  Private to form/.
 */
enum { ELEMENTS_MAX = 128, ROWS_MAX = 16, COLUMNS_MAX = 8, SIGNERS_MAX = 2 };

#define LAYOUT_MM_MAX 2000.0

enum align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

/* One or more lines of text. */
struct element_text {
	struct setting setting;
	enum align align;
	enum paper_role role;
	double x, y, leading;
	double push; /* how far elements that flow move down when the text takes two lines */
};

/* Label and value a row, rules between: a table of two columns.  A row whose fact is missing is left out. */
struct record_row {
	struct setting label, value, note;
	bool has_note;
	double height, label_y, value_y; /* baselines from the row's top */
	double tall_height, tall_label, tall_first,
		tall_second; /* when the value takes two lines */
	double note_dx;
};

struct element_record {
	double x, value_x, right, y;
	struct stroke outer, inner;
	struct record_row rows[ROWS_MAX];
	size_t count;
};

/* Label over value a column, between two rules: a table of one row. */
struct facts_column {
	double x;
	struct setting label, sub, value;
	bool has_sub;
};

struct element_columns {
	double x, right, top, bottom, label_y, value_y, sub_gap;
	struct stroke outer;
	struct facts_column columns[COLUMNS_MAX];
	size_t count;
};

/* Who signs: name over date, centred; equal names are one signer. */
struct signer_place {
	double x, width;
};

struct element_signoff {
	struct setting names[SIGNERS_MAX], date;
	size_t count;
	bool has_date;
	double name_y, date_y, leading;
	struct signer_place one, two[SIGNERS_MAX];
};

struct element_rule {
	double x1, x2, y;
	struct stroke stroke;
	enum paper_layer layer;
};

struct element_frame {
	double inset, radius;
	struct stroke stroke;
};

struct element_qr {
	double x, y, size, plate;
	struct str alt;
	int version_max;
};

/* The member's photo, a rule around it; left out without the fact photo_sha256. */
struct element_photo {
	double x, y, width, height;
	struct stroke stroke;
	struct str alt;
};

/* Ornament or drawing, made once: the same on every document.  Without `alt` decoration. */
struct element_art {
	const struct art *art;
	struct art_matrix at;
	struct paper_ink ink;
	enum paper_layer layer;
	struct str alt;
	struct paper_box box; /* with alt */
};

/* The seal of whom each of `names` says, at its place; equal names are one seal. */
struct seal_place {
	double x, y, diameter; /* of the middle */
};

struct element_seal {
	const struct phrase *names[SIGNERS_MAX], *alts[SIGNERS_MAX];
	size_t count;
	struct seal_place one, two[SIGNERS_MAX];
	struct paper_ink ink;
	const struct seals *seals; /* NULL: the home has none */
};

enum element_kind {
	ELEMENT_TEXT,
	ELEMENT_RECORD,
	ELEMENT_COLUMNS,
	ELEMENT_SIGNOFF,
	ELEMENT_RULE,
	ELEMENT_FRAME,
	ELEMENT_QR,
	ELEMENT_PHOTO,
	ELEMENT_GUILLOCHE,
	ELEMENT_ROSETTE,
	ELEMENT_MICROTEXT,
	ELEMENT_ART,
	ELEMENT_SEAL,
	ELEMENT_FLOW
};

/* Where an element stands when the text takes more pages than one. */
enum element_page {
	PAGE_FIRST,
	PAGE_LAST, /* of it what has "flow" follows the text up */
	PAGE_EVERY /* read on the first page; decoration on the others */
};

struct element {
	enum element_kind kind;
	struct conditions conditions;
	enum element_page page;
	bool flow; /* moves down with what pushes above it */
	union {
		struct element_text text;
		struct element_record record;
		struct element_columns columns;
		struct element_signoff signoff;
		struct element_rule rule;
		struct element_frame frame;
		struct element_qr qr;
		struct element_photo photo;
		struct element_art art; /* guilloche, rosette, microtext, art */
		struct element_seal seal;
		struct element_flow flow;
	} as;
};

/* The strings of one language, compiled: each a line, or an array of lines. */
struct layout_string {
	struct str key;
	struct phrase *phrases;
	size_t count;
	const struct json *raw;
};

struct layout {
	double width, height;
	struct palette palette;
	struct layout_string *strings;
	size_t string_count;
	struct element *elements;
	size_t count;
	struct str language; /* of the document, "zh-Hans" */
	bool flows;          /* it has running text */
};

/* What compiling needs besides the JSON. */
struct layout_tools {
	struct setting_tools set; /* its arena keeps everything */
	struct phrase_names names;
	const char *folder; /* of the template */
	struct art_pen *pen;
	struct buf *files;         /* gets name and bytes of every drawing read */
	const struct seals *seals; /* NULL: none */
};

/* Compile /strings of a strings file into l->strings. */
bool layout_strings(struct layout *l, const struct json *file, const struct layout_tools *t,
		    struct err *e) MUST_CHECK;

/* Decode /page, /inks, /styles and the elements of one language. */
bool layout_read(struct layout *l, const struct json *file, const struct json *elements,
		 const struct layout_tools *t, struct err *e) MUST_CHECK;

/* The member `key`: {"ink", "width"}. */
bool layout_stroke(const struct layout *l, const struct json *o, const char *key,
		   struct stroke *out, struct err *e) MUST_CHECK;

/* The compiled string, NULL when there is none of this key. */
const struct layout_string *layout_string(const struct layout *l, struct str key);

/* The text of a string of one line that no document changes; TEMPLATE-STRING. */
bool layout_constant(const struct layout *l, struct str key, struct arena *a, struct str *out,
		     struct err *e) MUST_CHECK;

#endif
