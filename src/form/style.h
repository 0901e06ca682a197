/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_STYLE_H
#define HUFU_FORM_STYLE_H

#include "font/fonts.h"
#include "paper/paper.h"
#include "json/json.h"

/* The inks and type styles of a template, by name.  Private to form/. */
struct style {
	struct str name;
	struct text_style text; /* what shaping needs; tracking when tracking_upto allows it */
	int tracking_upto;      /* tracking only up to this many characters; 0: always */
	double size_pt;
	struct paper_ink ink;
	bool hang; /* running text: 。 and ， may stand past the measure */
};

struct stroke {
	struct paper_ink ink;
	double width; /* mm */
};

enum { STYLES_MAX = 64, INKS_MAX = 32 };

struct palette {
	struct {
		struct str name;
		struct paper_ink ink;
	} inks[INKS_MAX];
	size_t ink_count;
	struct style styles[STYLES_MAX];
	size_t style_count;
};

/* The member "layer": ground, face (also when there is none), seal or text; TEMPLATE-WORD. */
bool style_layer(const struct json *object, enum paper_layer *out, struct err *e) MUST_CHECK;

/* A member that is a number from min to max; JSON-MISSING, JSON-TYPE, JSON-RANGE at "/key". */
bool style_number(const struct json *object, const char *key, double min, double max, double *out,
		  struct err *e) MUST_CHECK;

/* The same, `fallback` when the member is absent. */
bool style_number_or(const struct json *object, const char *key, double min, double max,
		     double fallback, double *out, struct err *e) MUST_CHECK;

/*
 * "inks": {"main": "#0E4A45", …} ("black" is always there: DeviceGray 0; any #rrggbb with r = g = b is DeviceGray) and
 * "styles": {"title": {"role": "song-bold", "size": 36, …}, …}.  `language` is what a style without one is written in.
 */
bool style_read(struct arena *a, const struct json *layout, struct str language,
		struct palette *out, struct err *e) MUST_CHECK;

/* The member `key` names an ink or a style. */
bool style_ink(const struct palette *p, const struct json *object, const char *key,
	       struct paper_ink *out, struct err *e) MUST_CHECK;
bool style_named(const struct palette *p, const struct json *object, const char *key,
		 const struct style **out, struct err *e) MUST_CHECK;

#endif
