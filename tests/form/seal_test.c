/* SPDX-License-Identifier: Apache-2.0 */
#include "form/seal.h"

#include <math.h>
#include <stdlib.h>

#include "check.h"

struct press {
	struct fonts *fonts;
	struct seals *seals;
	struct err e;
};

static void press_open(struct press *p)
{
	*p = (struct press){ .seals = NULL };
	if (!OK(fonts_open("fonts/fonts.json", &p->fonts, &p->e), p->e))
		abort();
}

static void press_close(struct press *p)
{
	seal_free(p->seals);
	fonts_free(p->fonts);
}

static bool make(struct press *p, const struct seal_order *orders, size_t count)
{
	seal_free(p->seals);
	p->seals = NULL;
	p->e = (struct err){ 0 };
	return seal_open(p->fonts, orders, count, &p->seals, &p->e);
}

#define SVG(box, ink) "<svg viewBox=\"" box "\"><path fill=\"" ink "\" d=\"M1 1H9V9Z\"/></svg>"

TEST(a_seal_that_cannot_be_made_is_refused_with_its_number)
{
	static const struct {
		const char *zh, *en, *svg, *code;
	} cases[] = {
		{ "一二三四五六七八九十一二三四五六七", "", "", "SEAL-TOO-LONG" },
		{ "",
		  "The Worshipful and Ancient Company of Certified Public Accountants and Auditors "
		  "of the Model Provinces",
		  "", "SEAL-TOO-LONG" },
		{ "", "Model Institute of Certified Public Accountants and Auditors, of A", "",
		  "SEAL-TOO-LONG" },
		{ "示范\xEE\x80\x80", "", "", "NO-GLYPH" },
		{ "示范", "", SVG("0 0 10 5", "currentColor"), "SEAL-SQUARE" },
		{ "示范", "", SVG("0 0 10 10", "#FF0000"), "SVG-INK" },
		{ "示范", "", "<svg", "SVG-FORM" },
	};
	struct press p;

	press_open(&p);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct seal_order orders[] = {
			{ .names = { STR("示范协会"), STR("Model") } },
			{ .names = { str_of(cases[i].zh), str_of(cases[i].en) },
			  .svg = str_of(cases[i].svg),
			  .file = "a.svg" },
		};

		CHECK(!make(&p, orders, COUNT_OF(orders)));
		EQ_C(p.e.code, cases[i].code);
		CHECK(str_starts(str_of(p.e.pointer), STR("/1")));
		CHECK(p.seals == NULL);
	}
	press_close(&p);
}

TEST(a_seal_is_found_by_either_name_and_never_by_none)
{
	const struct seal_order orders[] = {
		{ .names = { STR("示范注册会计师协会"), STR("Model Institute") } },
		{ .names = { STR("示范省注册会计师协会"), STR("") } },
		{ .names = { STR("示范自治区注册会计师协会"), STR("Model Region") },
		  .svg = STR(SVG("0 0 10 10", "#BF1219")),
		  .file = "a.svg" },
	};
	struct press p;

	press_open(&p);
	if (OK(make(&p, orders, COUNT_OF(orders)), p.e)) {
		const struct art *first = seal_lookup(p.seals, STR("示范注册会计师协会"));

		CHECK(first != NULL && first == seal_lookup(p.seals, STR("Model Institute")));
		CHECK(seal_lookup(p.seals, STR("示范省注册会计师协会")) != first);
		CHECK(seal_lookup(p.seals, STR("Model Region")) != NULL);
		CHECK(seal_lookup(p.seals, STR("")) == NULL);
		CHECK(seal_lookup(p.seals, STR("示范注册会计师")) == NULL);
		CHECK(seal_lookup(NULL, STR("示范注册会计师协会")) == NULL);
	}
	press_close(&p);
}

/* Sixteen characters, or a long name in letters, stay inside the ring. */
TEST(a_drawn_seal_is_as_wide_as_its_ring)
{
	static const char *const names[] = { "一",
					     "示范",
					     "示范注册会计师协会",
					     "示范甲市注册会计师协会",
					     "一二三四五六七八九十一二三四五六",
					     "Model Institute of CPAs",
					     "Model Institute of Certified Public Accountants" };
	const double half = SEAL_NOMINAL / 2.0;
	struct press p;

	press_open(&p);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct seal_order order = { .names = { str_of(names[i]) } };
		const struct art *art;

		if (!OK(make(&p, &order, 1), p.e))
			continue;
		art = seal_lookup(p.seals, str_of(names[i]));
		CHECK(fabs(art->box.left + half) < 0.01 && fabs(art->box.right - half) < 0.01);
		CHECK(fabs(art->box.top + half) < 0.01 && fabs(art->box.bottom - half) < 0.01);
	}
	press_close(&p);
}

TEST(other_names_or_art_are_another_set)
{
	const struct seal_order one = { .names = { STR("示范"), STR("a") } };
	const struct seal_order others[] = {
		{ .names = { STR("示范"), STR("b") } },
		{ .names = { STR("范示"), STR("a") } },
		{ .names = { STR("示范"), STR("a") },
		  .svg = STR(SVG("0 0 10 10", "none")),
		  .file = "a" },
	};
	unsigned char first[SHA256_SIZE] = { 0 }, again[SHA256_SIZE] = { 1 };
	struct press p;

	press_open(&p);
	if (OK(make(&p, &one, 1), p.e))
		seal_hash(p.seals, first);
	if (OK(make(&p, &one, 1), p.e))
		seal_hash(p.seals, again);
	CHECK(memcmp(first, again, sizeof first) == 0);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (OK(make(&p, &others[i], 1), p.e))
			seal_hash(p.seals, again);
		CHECK(memcmp(first, again, sizeof first) != 0);
	}
	press_close(&p);
}

TEST(seals_are_made_whole_or_not_at_all)
{
	const struct seal_order order = { .names = { STR("示范注册会计师协会"), STR("Model") } };
	struct press p;
	size_t seen;

	press_open(&p);
	check_fail_alloc(SIZE_MAX);
	OK(make(&p, &order, 1), p.e);
	seen = check_alloc_count();
	for (size_t n = 1; n <= seen; n++) {
		bool ok;

		check_fail_alloc(n);
		ok = make(&p, &order, 1);
		check_fail_alloc(SIZE_MAX);
		CHECK(ok == (p.seals != NULL));
	}
	press_close(&p);
}
