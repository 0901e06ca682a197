/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FONT_CFF_INNER_H
#define HUFU_FONT_CFF_INNER_H

#include "font/cff.h"

/* What cff.c reads, and cff_flatten.c and cff_write.c work from. */

/* An INDEX (5176 §5): `count` objects, their offsets checked to grow and to stay inside when read one by one. */
struct cff_index {
	struct view data;    /* the object data, offset 1 is its first byte */
	struct view offsets; /* count + 1 offsets of `size` bytes */
	uint32_t count;
	unsigned size;
};

/* A font dictionary (5176 §18): its subroutines and its private data without the Subrs operator. */
struct cff_font {
	struct cff_index subrs;
	struct view private_dict;
	int64_t default_width, nominal_width; /* 5177 §3.1: what a charstring's width is told by */
};

enum {
	CFF_FONTS_MAX = 256,
	CFF_OPERANDS_MAX = 48, /* of a DICT or charstring operator; 5176 §4, 5177 appendix B */
};

struct cff {
	struct view table;
	uint32_t glyphs;
	struct cff_index charstrings, gsubrs;
	unsigned char *font_of; /* FD index of every glyph, below font_count */
	struct cff_font fonts[CFF_FONTS_MAX];
	unsigned font_count;
	unsigned char *privates; /* memory behind fonts[].private_dict */
};

/* Object i of an INDEX. */
bool cff_index_item(const struct cff_index *x, uint32_t i, struct view *out,
		    struct err *e) MUST_CHECK;

/* The number at p when its first byte is 32 … 254: one byte, or two from 247 on (5176 §4, 5177 §3.2). */
int cff_short_operand(const unsigned char *p);

#endif
