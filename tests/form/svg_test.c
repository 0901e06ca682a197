/* SPDX-License-Identifier: Apache-2.0 */
#include "form/svg.h"

#include <math.h>
#include <stdio.h>

#include "check.h"
#include "form/pathdata.h"

enum { ARENA_MAX = 1 << 22 };

struct easel {
	struct arena *arena;
	struct art_pen *pen;
	const struct art *art;
	double height;
	struct err e;
};

static bool easel_open(struct easel *s)
{
	*s = (struct easel){ .arena = arena_new(ARENA_MAX), .pen = art_pen_new() };
	return CHECK(s->arena != NULL && s->pen != NULL);
}

static void easel_close(struct easel *s)
{
	art_pen_free(s->pen);
	arena_free(s->arena);
}

/* A drawing 100 mm wide. */
static bool draw(struct easel *s, struct str text, const struct paper_ink *only)
{
	const struct svg_target target = { .name = "x.svg", .width = 100, .only = only };

	s->e = (struct err){ 0 };
	art_begin(s->pen);
	return svg_draw(s->pen, text, &target, &s->height, &s->e) &&
	       art_end(s->pen, s->arena, &s->art, &s->e);
}

#define HEAD "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 5\">\n"

TEST(what_is_no_plain_drawing_is_refused_with_its_line)
{
	static const struct {
		const char *text, *code, *place;
	} cases[] = {
		{ "", "SVG-FORM", "x.svg:1" },
		{ "<html/>", "SVG-FORM", "x.svg:1" },
		{ "\xEF\xBB\xBF" HEAD "</svg>", "SVG-FORM", "x.svg:1" },
		{ "<!DOCTYPE svg [<!ENTITY a \"b\">]>" HEAD "</svg>", "SVG-FORM", "x.svg:1" },
		{ HEAD "<script>alert(1)</script></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<image href=\"file:///etc/passwd\"/></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<use href=\"#a\"/></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<text>a</text></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "loose words</svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<title>a &amp; b</title></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<![CDATA[x]]></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<?php x ?></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<g>\n\n</svg>", "SVG-FORM", "x.svg:4" },
		{ HEAD "<g>", "SVG-FORM", "x.svg:2" },
		{ HEAD "</svg>" HEAD "</svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<!-- never ends", "SVG-FORM", "x.svg:2" },
		{ HEAD "<g id=\"a\" id=\"b\"/></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<g id=a/></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<g id=\"a</svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<path d=\"M0 0\"><g/></path></svg>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<g><g><g><g><g><g><g><g><g><g><g><g><g><g><g><g>", "SVG-FORM", "x.svg:2" },
		{ HEAD "<g style=\"fill:red\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<g onclick=\"x()\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<g opacity=\".5\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<g transform=\"skewX(3)\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<g transform=\"scale(1 2\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<g transform=\"rotate(1 2)\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<g stroke-width=\"-1\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<g stroke-linejoin=\"miter\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<g fill-rule=\"odd\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<path/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<circle r=\"-1\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD "<circle r=\"1e9\"/></svg>", "SVG-ATTRIBUTE", "x.svg:2" },
		{ HEAD
		  "<g transform=\"scale(1 2)\"><path d=\"M0 0L1 1\" stroke=\"#000000\"/></g></svg>",
		  "SVG-ATTRIBUTE", "x.svg:2" },
		{ "<svg></svg>", "SVG-ATTRIBUTE", "x.svg:1" },
		{ "<svg viewBox=\"0 0 0 1\"></svg>", "SVG-ATTRIBUTE", "x.svg:1" },
		{ "<svg viewBox=\"0 0 1 1 1\"></svg>", "SVG-ATTRIBUTE", "x.svg:1" },
		{ HEAD "<g fill=\"red\"/></svg>", "SVG-INK", "x.svg:2" },
		{ HEAD "<g fill=\"url(#a)\"/></svg>", "SVG-INK", "x.svg:2" },
		{ HEAD "<g stroke=\"#12345\"/></svg>", "SVG-INK", "x.svg:2" },
		{ HEAD "<path d=\"L1 1\"/></svg>", "SVG-PATH", "x.svg:2" },
		{ HEAD "<path d=\"M1\"/></svg>", "SVG-PATH", "x.svg:2" },
		{ HEAD "<path d=\"M1 1L2\"/></svg>", "SVG-PATH", "x.svg:2" },
		{ HEAD "<path d=\"M1 1 A1 1 0 0 0 2 2\"/></svg>", "SVG-PATH", "x.svg:2" },
		{ HEAD "<path d=\"M1 1C1 1 2 2 3\"/></svg>", "SVG-PATH", "x.svg:2" },
		{ HEAD "<path d=\"M1 1 X\"/></svg>", "SVG-PATH", "x.svg:2" },
		{ HEAD "<path d=\"M1e99 1\"/></svg>", "SVG-PATH", "x.svg:2" },
		{ HEAD "<g transform=\"scale(99999)scale(99999)\"><path d=\"M1 1\"/></g></svg>",
		  "SVG-PATH", "x.svg:2" },
		{ HEAD "<g transform=\"scale(99999)\"><circle r=\"1\"/></g></svg>", "SVG-ATTRIBUTE",
		  "x.svg:2" },
		{ HEAD "<path d=\"M1000000000000000000000000000000000 1\"/></svg>", "SVG-PATH",
		  "x.svg:2" },
	};
	struct easel s;

	if (!easel_open(&s))
		return;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (!CHECK(!draw(&s, str_of(cases[i].text), NULL)))
			printf("# %s\n", cases[i].text);
		EQ_C(s.e.code, cases[i].code);
		EQ_C(s.e.place, cases[i].place);
		EQ_INT(s.e.kind, ERR_INPUT);
	}
	easel_close(&s);
}

TEST(every_beginning_of_a_drawing_is_refused)
{
	static const char whole[] = "<?xml version=\"1.0\"?><!-- a -->" HEAD
				    "<g fill='none' stroke='#123456' transform='rotate(30)'>"
				    "<title>words</title><path d='M1 1L2 2Z'/><circle r='1'/>"
				    "</g></svg>";
	struct easel s;

	if (!easel_open(&s))
		return;
	for (size_t n = 0; n < sizeof whole - 1; n++)
		CHECK(!draw(&s, (struct str){ whole, n }, NULL));
	OK(draw(&s, str_of(whole), NULL), s.e);
	easel_close(&s);
}

TEST(a_drawing_too_large_is_refused)
{
	struct buf text = buf_empty(SVG_BYTES_MAX + 1);
	struct easel s;

	if (!easel_open(&s))
		return;
	buf_c(&text, HEAD);
	while (text.n <= SVG_BYTES_MAX && !text.failed)
		buf_byte(&text, ' ');
	CHECK(!draw(&s, buf_view(&text), NULL));
	EQ_C(s.e.code, "SVG-FORM");
	buf_free(&text);
	easel_close(&s);
}

TEST(only_the_ink_allowed_is_taken)
{
	static const struct {
		const char *ink;
		bool taken;
	} cases[] = { { "#FF0000", false },    { "#BF1218", false }, { "#000000", false },
		      { "#BF1219", true },     { "#bf1219", true },  { "none", true },
		      { "currentColor", true } };
	static const struct paper_ink red = { .r = 0xBF, .g = 0x12, .b = 0x19 };
	struct easel s;
	struct buf text = buf_empty(1024);

	if (!easel_open(&s))
		return;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_clear(&text);
		buf_printf(&text, HEAD "<path fill=\"%s\" d=\"M0 0H1V1Z\"/></svg>", cases[i].ink);
		EQ_INT(draw(&s, buf_view(&text), &red), cases[i].taken);
		EQ_C(s.e.code, cases[i].taken ? "" : "SVG-INK");
	}
	buf_free(&text);
	easel_close(&s);
}

static bool near(double a, double b)
{
	return fabs(a - b) < 0.0015;
}

TEST(points_come_to_stand_where_svg_puts_them)
{
	/* The box of what is drawn: view box 10 by 5 on 100 by 50 mm about the middle. */
	static const struct {
		const char *shapes;
		double left, top, right, bottom;
	} cases[] = {
		{ "<path d=\"M0 0H10V5H0Z\"/>", -50, -25, 50, 25 },
		{ "<path d=\"m1,1 2 0 0 2 z\"/>", -40, -15, -20, 5 },
		{ "<path d=\"M1 1l.5.5.5-.5\"/>", -40, -15, -30, -10 },
		{ "<path d=\"M1e0 10e-1h+1v1\"/>", -40, -15, -30, -5 },
		{ "<path d=\"M0 0C1 0 2 1 2 2S3 4 4 4\"/>", -50, -25, -10, 15 },
		{ "<path d=\"M0 0Q3 0 3 3T3 3\"/>", -50, -25, -20, 25 },
		{ "<path d=\"M1 1L2 2Zl1 0\"/>", -40, -15, -30, -5 },
		{ "<circle cx=\"5\" cy=\"2.5\" r=\"1\"/>", -10, -10, 10, 10 },
		{ "<g transform=\"translate(5 2.5)\"><circle r=\".5\"/></g>", -5, -5, 5, 5 },
		{ "<g transform=\"translate(5,2.5) scale(2)\"><path d=\"M0 0L1 1\"/></g>", 0, 0, 20,
		  20 },
		{ "<g transform=\"translate(5 2.5)rotate(90)\"><path d=\"M0 0L1 0\"/></g>", 0, 0, 0,
		  10 },
		{ "<path transform=\"rotate(180 5 2.5)\" d=\"M0 0L1 1\"/>", 40, 15, 50, 25 },
		{ "<path transform=\"matrix(1 0 0 -1 5 2.5)\" d=\"M0 0L1 1\"/>", 0, -10, 10, 0 },
		{ "<path fill=\"none\" stroke=\"#000000\" stroke-width=\".2\" d=\"M5 2.5H6\"/>", -1,
		  -1, 11, 1 },
	};
	struct buf text = buf_empty(1024);
	struct easel s;

	if (!easel_open(&s))
		return;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_clear(&text);
		buf_printf(&text, HEAD "%s</svg>", cases[i].shapes);
		if (!OK(draw(&s, buf_view(&text), NULL), s.e))
			continue;
		if (!CHECK(near(s.art->box.left, cases[i].left) &&
			   near(s.art->box.top, cases[i].top) &&
			   near(s.art->box.right, cases[i].right) &&
			   near(s.art->box.bottom, cases[i].bottom)))
			printf("# %s: %g %g %g %g\n", cases[i].shapes, s.art->box.left,
			       s.art->box.top, s.art->box.right, s.art->box.bottom);
		CHECK(near(s.height, 50));
	}
	buf_free(&text);
	easel_close(&s);
}

TEST(numbers_are_read_as_svg_writes_them)
{
	static const struct {
		const char *text;
		double value;
		size_t rest;
	} cases[] = { { "12", 12, 0 }, { "-.5.5", -0.5, 2 }, { "1.5e2,", 150, 0 },
		      { "1e", 1, 1 },  { "+3-4", 3, 2 },     { "0.25 , ,", 0.25, 1 },
		      { "1.", 1, 1 },  { "7E-1x", 0.7, 1 },  { "999999.5", 999999.5, 0 } };
	static const char *const none[] = { "",    "-",   ".",       "e5",
					    "x1",  "+-1", "1e7",     "NaN",
					    "inf", "- 1", "1e99999", "1e77777777777777777777777" };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str rest = str_of(cases[i].text);
		double v = 0;

		CHECK(pathdata_number(&rest, &v));
		CHECK(fabs(v - cases[i].value) < 1e-9);
		EQ_INT(rest.n, cases[i].rest);
	}
	for (size_t i = 0; i < COUNT_OF(none); i++) {
		struct str rest = str_of(none[i]);
		double v;

		CHECK(!pathdata_number(&rest, &v));
	}
}
