/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Font tables with bytes changed: nothing but an answer or words may come of it.  The tables are programs written here,
 * small enough to change every byte of them.
 */
#include "fixture.h"

enum { GLYPHS = 12 };

static struct str small_program(struct desk *d, const char *postscript, uint32_t first)
{
	struct subset *s = subset_new(desk_face(d, postscript));
	struct buf b = buf_empty(1u << 20);
	struct str out = { 0 };
	struct err e = { 0 };

	if (s == NULL)
		abort();
	for (uint32_t i = 0; i < GLYPHS; i++) {
		struct glyph g = { .gid = first + 37 * i };

		CHECK(subset_add(s, &g, &e) != 0);
	}
	OK(subset_program(s, d->shaper, &b, &e), e);
	if (!arena_str(d->a, buf_view(&b), &out, &e))
		abort();
	buf_free(&b);
	subset_free(s);
	return out;
}

/* Open a CFF table and flatten all its glyphs. */
static bool try_cff(struct str table, uint32_t glyphs, struct buf *out)
{
	struct cff *c = NULL;
	struct err e = { 0 };
	bool ok;

	/* A copy of its own, so that a sanitizer sees a byte too far. */
	unsigned char *copy = malloc(table.n > 0 ? table.n : 1);

	if (copy == NULL)
		abort();
	if (table.n > 0)
		memcpy(copy, table.p, table.n);
	ok = cff_open((struct view){ copy, table.n }, glyphs, &c, &e);
	if (!ok)
		EQ_INT(e.kind, ERR_SYSTEM);
	for (uint32_t g = 0; ok && g < glyphs; g++) {
		struct err why = { 0 };

		buf_clear(out);
		if (!cff_flatten(c, g, out, &why))
			ok = false;
	}
	cff_free(c);
	free(copy);
	return ok;
}

TEST(a_cff_table_with_any_byte_changed_or_cut_anywhere_does_no_harm)
{
	static const unsigned char flips[] = { 0x01, 0x80, 0xFF, 0x1D };
	struct desk d = desk_open();
	struct str program = small_program(&d, "NotoSerifCJKsc-Regular", 20000);
	struct buf out = buf_empty(1u << 20);
	char *bytes = malloc(program.n);
	size_t refused = 0;

	if (bytes == NULL)
		abort();
	memcpy(bytes, program.p, program.n);
	CHECK(try_cff(program, GLYPHS + 1, &out));
	for (size_t i = 0; i < program.n; i++) {
		for (size_t k = 0; k < COUNT_OF(flips); k++) {
			bytes[i] = (char)(program.p[i] ^ (char)flips[k]);
			refused += !try_cff(str_bytes(bytes, program.n), GLYPHS + 1, &out);
		}
		bytes[i] = program.p[i];
	}
	CHECK(refused > 100);
	for (size_t n = 0; n < program.n; n++)
		CHECK(!try_cff(str_bytes(bytes, n), GLYPHS + 1, &out) || n + 1 == program.n);
	free(bytes);
	buf_free(&out);
	desk_close(&d);
}

static bool try_glyf(struct str font, struct buf *out)
{
	struct sfnt s;
	struct glyf g;
	struct err e = { 0 };
	unsigned char *copy = malloc(font.n > 0 ? font.n : 1);
	bool ok;

	if (copy == NULL)
		abort();
	if (font.n > 0)
		memcpy(copy, font.p, font.n);
	ok = sfnt_open((struct view){ copy, font.n }, 0, &s, &e) && glyf_open(&s, &g, &e);
	if (!ok)
		EQ_INT(e.kind, ERR_SYSTEM);
	for (uint32_t i = 0; ok && i < g.glyphs; i++) {
		struct str outline;
		size_t at = 0, glyph_at = 0;

		buf_clear(out);
		if (!glyf_strip(&g, i, out, &e)) {
			ok = false;
			break;
		}
		outline = buf_view(out);
		while (glyf_component(outline, &at, &glyph_at))
			CHECK(glyph_at + 2 <= outline.n);
	}
	free(copy);
	return ok;
}

TEST(a_truetype_font_with_any_byte_changed_or_cut_anywhere_does_no_harm)
{
	static const unsigned char flips[] = { 0x01, 0x80, 0xFF, 0x20 };
	static const struct {
		const char *postscript;
		uint32_t first;
	} faces[] = { { "JetBrainsMono-Regular", 100 }, { "HanaMinA", 4000 } };
	struct desk d = desk_open();
	struct buf out = buf_empty(1u << 20);

	for (size_t f = 0; f < COUNT_OF(faces); f++) {
		struct str program = small_program(&d, faces[f].postscript, faces[f].first);
		char *bytes = malloc(program.n);
		size_t refused = 0;

		if (bytes == NULL)
			abort();
		memcpy(bytes, program.p, program.n);
		CHECK(try_glyf(program, &out));
		for (size_t i = 0; i < program.n; i++) {
			for (size_t k = 0; k < COUNT_OF(flips); k++) {
				bytes[i] = (char)(program.p[i] ^ (char)flips[k]);
				refused += !try_glyf(str_bytes(bytes, program.n), &out);
			}
			bytes[i] = program.p[i];
		}
		CHECK(refused > 100);
		for (size_t n = 0; n < program.n; n++)
			CHECK(!try_glyf(str_bytes(bytes, n), &out) || n + 3 >= program.n);
		free(bytes);
	}
	buf_free(&out);
	desk_close(&d);
}

/* A CFF table of one glyph with the charstring and the global subroutine given. */
static struct str tiny_cff(struct desk *d, struct str charstring, struct str subroutine)
{
	static const unsigned char head[] = { 1, 0, 4, 1, 0, 1, 1, 1, 2, 'X', 0, 1, 1, 1 };
	struct buf b = buf_empty(4096), top = buf_empty(256);
	size_t at = sizeof head + 1 + 26 + 2 + 6 + subroutine.n;
	struct str out;
	struct err e = { 0 };
	const size_t select = at, array = at + 2, dict_end = array + 2 + 3 + 11;
	const struct {
		size_t v;
		unsigned char op[2];
		size_t op_bytes;
	} items[] = { { dict_end, { 17 }, 1 },
		      { array, { 12, 36 }, 2 },
		      { select, { 12, 37 }, 2 } };

	buf_put(&top, "\x8c\x8c\x8b\x0c\x1e", 5);
	for (size_t i = 0; i < COUNT_OF(items); i++) {
		unsigned char t[5] = { 29 };

		sfnt_put32(t + 1, (uint32_t)items[i].v);
		buf_put(&top, t, 5);
		buf_put(&top, items[i].op, items[i].op_bytes);
	}
	EQ_INT(top.n, 25);
	buf_put(&b, head, sizeof head);
	buf_byte(&b, (unsigned char)(top.n + 1));
	buf_str(&b, buf_view(&top));
	buf_put(&b, "\0\0", 2); /* no strings */
	buf_put(&b, "\0\1\1\1", 4);
	buf_byte(&b, (unsigned char)(subroutine.n + 1));
	buf_str(&b, subroutine);
	while (b.n < select)
		buf_byte(&b, 0);
	EQ_INT(b.n, select);
	buf_put(&b, "\0\0", 2); /* FDSelect format 0 */
	buf_put(&b, "\0\1\1\1\x0c", 5);
	{
		unsigned char t[11] = { 29, 0, 0, 0, 0, 29, 0, 0, 0, 4, 18 }; /* Private: nothing */

		buf_put(&b, t, sizeof t);
	}
	EQ_INT(b.n, dict_end);
	buf_put(&b, "\0\1\1\1", 4);
	buf_byte(&b, (unsigned char)(charstring.n + 1));
	buf_str(&b, charstring);
	if (!arena_str(d->a, buf_view(&b), &out, &e))
		abort();
	buf_free(&b);
	buf_free(&top);
	return out;
}

TEST(charstrings_are_flattened_or_refused_by_the_rules_of_type_2)
{
	/* 8b is 0; 20 is -107, subroutine 0; 1d callgsubr, 0b return, 0e endchar */
	static const struct {
		const char *code, *subroutine, *out; /* hexadecimal; out NULL: refused */
	} cases[] = {
		{ "0e", "0b", "0e" },
		{ "8c0e", "0b", "8c0e" }, /* a width */
		{ "201d", "0e", "0e" },   /* endchar inside the subroutine */
		{ "201d0e", "8c8c150b", "8c8c150e" },
		{ "8c201d0e", "8c150b", "8c8c150e" }, /* an operand waits across the call */
		{ "201d0e", "8c8c15", "8c8c150e" },   /* the end of a subroutine returns */
		{ "8c8c12"
		  "13800e",
		  "0b", "8c8c1213800e" }, /* one stem: one byte of mask */
		{ "8c8c12"
		  "138c0e",
		  "0b", "8c8c12138c0e" },     /* a mask byte is no operand */
		{ "8c8c1213", "0b", NULL },   /* the mask is cut */
		{ "8c8c8c8c0e", "0b", NULL }, /* an accented letter */
		{ "", "0b", NULL },           /* no end */
		{ "0b", "0b", NULL },
		{ "201d", "201d", NULL },       /* calls itself */
		{ "211d", "0b", NULL },         /* no such subroutine */
		{ "1d", "0b", NULL },           /* no number */
		{ "200a0e", "0b", NULL },       /* no local subroutines at all */
		{ "8c8c0c0a150e", "0b", NULL }, /* add */
		{ "0c", "0b", NULL },
		{ "020e", "0b", NULL }, /* reserved */
		{ "1c01", "0b", NULL },
		{ "ff000100000e", "0b", "ff000100000e" },
	};
	struct desk d = desk_open();
	struct buf out = buf_empty(1u << 20);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char code[64], sub[64], want[64];
		size_t n = strlen(cases[i].code) / 2, m = strlen(cases[i].subroutine) / 2;
		struct str table;
		bool ok;

		CHECK(enc_unhex(str_of(cases[i].code), code, n));
		CHECK(enc_unhex(str_of(cases[i].subroutine), sub, m));
		table = tiny_cff(&d, str_bytes(code, n), str_bytes(sub, m));
		buf_clear(&out);
		ok = try_cff(table, 1, &out);
		if (!CHECK(ok == (cases[i].out != NULL)))
			printf("# case %zu\n", i);
		if (!ok || cases[i].out == NULL)
			continue;
		n = strlen(cases[i].out) / 2;
		CHECK(enc_unhex(str_of(cases[i].out), want, n));
		EQ_INT(out.n, n);
		if (out.n == n)
			EQ_BYTES(out.p, want, n);
	}
	buf_free(&out);
	desk_close(&d);
}

TEST(a_charstring_bomb_is_refused)
{
	struct desk d = desk_open();
	struct buf code = buf_empty(1000), out = buf_empty(1u << 20);

	/* 100 calls of a subroutine that holds 60 operands: the stack cannot hold them */
	for (int i = 0; i < 100; i++)
		buf_put(&code, "\x20\x1d", 2);
	buf_put(&code, "\x0e", 1);
	CHECK(!try_cff(tiny_cff(&d, buf_view(&code), STR("\x8c\x8c\x8c\x0b")), 1, &out));
	buf_free(&code);
	buf_free(&out);
	desk_close(&d);
}
