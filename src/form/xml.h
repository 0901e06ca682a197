/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FORM_XML_H
#define HUFU_FORM_XML_H

#include "base/err.h"
#include "base/str.h"

/*
 * The elements of a plain XML text (XML 1.0) one after another: no document type, no entities, no CDATA; comments and one
 * XML declaration are passed over.  Views point into the text.  Private to form/.
 */
enum { XML_DEPTH_MAX = 16, XML_ATTRIBUTES_MAX = 16 };

struct xml_attribute {
	struct str name, value; /* the value as written, holding no & and no < */
};

struct xml {
	struct str text;
	size_t at;
	/* The element just opened: its name, attributes, and how many elements are open with it. */
	struct str name;
	struct xml_attribute attributes[XML_ATTRIBUTES_MAX];
	size_t attribute_count, depth;
	/* What may stand in it; nothing, unless its reader says so before the next one is asked for. */
	bool holds, words;
	bool closed; /* written as <x/> */
	struct {
		struct str name;
		bool holds, words;
	} open[XML_DEPTH_MAX + 1];
	bool begun;
};

void xml_begin(struct xml *x, struct str text);

/* Go on to the next element that opens; *end when the outermost one has closed and nothing follows.  SVG-FORM. */
bool xml_next(struct xml *x, bool *end, struct err *e) MUST_CHECK;

/* An attribute of the element just opened. */
bool xml_attribute(const struct xml *x, const char *name, struct str *out);

/* Line of the text where the reader stands, from 1. */
size_t xml_line(const struct xml *x);

#endif
