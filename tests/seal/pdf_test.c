/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/pdf.h"

#include "check.h"
#include "seal/pdf_append.h"

enum { FILE_MAX = 1 << 20, OBJECTS = 8 };

struct bench {
	struct arena *a;
	struct buf file;
	size_t at[OBJECTS];
	size_t count, xref;
	struct pdf pdf;
	struct err e;
};

static void begin(struct bench *b)
{
	*b = (struct bench){ .a = arena_new(PDF_ARENA_MAX), .file = buf_empty(FILE_MAX) };
	buf_c(&b->file, "%PDF-1.7\n%\xB7\xBE\xAD\xAA\n");
}

static void finish(struct bench *b)
{
	arena_free(b->a);
	buf_free(&b->file);
}

/* The next object, of these words. */
static void object(struct bench *b, const char *words)
{
	b->at[b->count++] = b->file.n;
	buf_printf(&b->file, "%zu 0 obj\n%s\nendobj\n", b->count, words);
}

static void table(struct bench *b, const char *more)
{
	b->xref = b->file.n;
	buf_printf(&b->file, "xref\n0 %zu\n0000000000 65535 f\r\n", b->count + 1);
	for (size_t i = 0; i < b->count; i++)
		buf_printf(&b->file, "%010zu 00000 n\r\n", b->at[i]);
	buf_printf(&b->file, "trailer\n<</Size %zu /Root 1 0 R%s>>\nstartxref\n%zu\n%%%%EOF\n",
		   b->count + 1, more, b->xref);
}

static bool opens(struct bench *b)
{
	b->e = (struct err){ 0 };
	return pdf_open(b->a, buf_view(&b->file), &b->pdf, &b->e);
}

TEST(a_value_is_read_strictly)
{
	static const struct {
		const char *text;
		const char *code; /* NULL: it is one */
	} cases[] = {
		{ "<</A 1 /A 2>>", "PDF-TWICE" },
		{ "<</A 1 /#41 2>>", "PDF-TWICE" }, /* the same key, written otherwise */
		{ "<</A>>", "PDF-SYNTAX" },
		{ "<<1 2>>", "PDF-SYNTAX" },
		{ "<</A 1", "PDF-SYNTAX" },
		{ "[1 2", "PDF-SYNTAX" },
		{ "(a", "PDF-SYNTAX" },
		{ "(a\\", "PDF-SYNTAX" },
		{ "<4G>", "PDF-SYNTAX" },
		{ "<41", "PDF-SYNTAX" },
		{ "[% comment\n1]", "PDF-SYNTAX" },
		{ "/A#0", "PDF-SYNTAX" },
		{ "/A#00", "PDF-SYNTAX" },
		{ "truly", "PDF-SYNTAX" },
		{ "--1", "PDF-SYNTAX" },
		{ "1.2.3", "PDF-SYNTAX" },
		{ "-", "PDF-SYNTAX" },
		{ "", "PDF-SYNTAX" },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]", "PDF-LIMIT" },
		{ "99999999999", "PDF-LIMIT" },
		{ "[1 0 R (x) <41> /N true null -1.5 <</K [ ]>>]", NULL },
	};
	struct arena *a = arena_new(1 << 20);
	struct pdf_value v;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct pdf_cursor c = { .arena = a, .bytes = str_of(cases[i].text) };
		struct err e = { 0 };
		bool ok = pdf_value(&c, &v, &e);

		CHECK(ok == (cases[i].code == NULL));
		EQ_C(e.code, cases[i].code == NULL ? "" : cases[i].code);
	}
	EQ_INT(v.count, 8);
	EQ_INT(v.items[0].kind, PDF_REFERENCE);
	EQ_STR(v.items[2].text, STR("A"));
	arena_free(a);
}

TEST(strings_and_names_mean_what_the_standard_says)
{
	static const struct {
		const char *text;
		struct str want;
	} cases[] = {
		{ "(a(b)c)", { "a(b)c", 5 } },       { "(\\(\\)\\\\)", { "()\\", 3 } },
		{ "(\\101\\7\\n)", { "A\7\n", 3 } }, { "(a\\\r\nb)", { "ab", 2 } },
		{ "<4 1 4>", { "A@", 2 } },          { "/J#61va", { "Java", 4 } },
	};
	struct arena *a = arena_new(1 << 20);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct pdf_cursor c = { .arena = a, .bytes = str_of(cases[i].text) };
		struct pdf_value v;
		struct err e = { 0 };

		OK(pdf_value(&c, &v, &e), e);
		EQ_STR(v.text, cases[i].want);
	}
	arena_free(a);
}

TEST(a_file_of_ours_is_read)
{
	const struct pdf_object *ob;
	struct bench b;

	begin(&b);
	object(&b, "<</Type /Catalog /Pages 2 0 R>>");
	object(&b, "<</Length 3>>\nstream\r\nabc\nendstream");
	table(&b, "");
	if (OK(opens(&b), b.e)) {
		EQ_INT(b.pdf.count, 1);
		EQ_INT(b.pdf.revisions[0].count, 2);
		ob = pdf_object(&b.pdf, 2, 0, NULL);
		CHECK(ob != NULL && ob->stream);
		if (ob != NULL)
			EQ_STR(ob->data, STR("abc"));
		CHECK(pdf_object(&b.pdf, 3, 0, NULL) == NULL);
		CHECK(pdf_is_name(pdf_follow(&b.pdf, &b.pdf.revisions[0].trailer, "Root", 0),
				  "x") == false);
		CHECK(pdf_key(pdf_catalog(&b.pdf, 0), "Pages") != NULL);
	}
	finish(&b);
}

/* A file of three objects with one thing wrong. */
TEST(a_file_that_is_not_as_it_says_is_refused)
{
	static const struct {
		const char *find, *put; /* of the same length, unless the fault is the length */
		const char *code;
	} cases[] = {
		{ "%PDF-1.7", "%PDF-2.7", "PDF-FRAME" },
		{ "%%EOF\n", "%%EOF\nx", "PDF-FRAME" },
		{ "%%EOF\n", "%%EOF\n\n", "PDF-FRAME" },
		{ "%%EOF\n", "%%EO", "PDF-FRAME" },
		{ "startxref\n", "startxref\n9999", "PDF-XREF" },
		{ "xref\n0 4", "xrex\n0 4", "PDF-XREF" },
		{ "0 4\n", "0 3\n", "PDF-XREF" },
		{ "0 4\n", "1 4\n", "PDF-XREF" },
		{ " 65535 f", " 00000 f", "PDF-XREF" },
		{ "00000 n\r\ntrailer", "00000 f\r\ntrailer", "PDF-XREF" },
		{ "00000 n\r\ntrailer", "00001 n\r\ntrailer", "PDF-XREF" },
		{ "/Size 4", "/Size 3", "PDF-XREF" },
		{ "/Root 1 0 R", "/Rood 1 0 R", "PDF-XREF" },
		{ "/Root 1 0 R", "/Root 1 0 R/XRefStm 9", "PDF-XREF" },
		{ "/Root 1 0 R", "/Root 1 0 R/Encrypt 2 0 R", "PDF-XREF" },
		{ "/Root 1 0 R", "/Root 1 0 R/Prev 17", "PDF-XREF" },
		{ "3 0 obj", "4 0 obj", "PDF-BODY" },
		{ "/Length 3", "/Length 2", "PDF-BODY" },
		{ "/Length 3", "/Length 4", "PDF-BODY" },
		{ "/Length 3", "/Lengti 3", "PDF-BODY" },
		{ "stream\r\nabc", "stream\rabcd", "PDF-BODY" },
		{ "endobj\nxref", "endobx\nxref", "PDF-BODY" },
		{ "/Third", "/Type ", "PDF-TWICE" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str find = str_of(cases[i].find);
		struct buf spoiled = buf_empty(FILE_MAX);
		struct bench b;
		size_t at;

		begin(&b);
		object(&b, "<</Type /Catalog>>");
		object(&b, "<</Length 3>>\nstream\r\nabc\nendstream");
		object(&b, "<</Type /X /Third 1>>");
		table(&b, "");
		at = str_find(buf_view(&b.file), find, 0);
		if (CHECK(at != SIZE_MAX)) {
			buf_put(&spoiled, b.file.p, at);
			buf_c(&spoiled, cases[i].put);
			buf_str(&spoiled, str_skip(buf_view(&b.file), at + find.n));
			buf_clear(&b.file);
			buf_str(&b.file, buf_view(&spoiled));
			CHECK(!opens(&b));
			EQ_C(b.e.code, cases[i].code);
		}
		buf_free(&spoiled);
		finish(&b);
	}
}

TEST(bytes_between_objects_are_refused)
{
	struct bench b;

	begin(&b);
	object(&b, "<</Type /Catalog>>");
	buf_c(&b.file, "9 0 obj\n<</Hidden true>>\nendobj\n");
	object(&b, "<</A 1>>");
	table(&b, "");
	CHECK(!opens(&b));
	EQ_C(b.e.code, "PDF-BODY");
	finish(&b);
}

TEST(a_document_without_a_waiting_field_gets_no_second_seal)
{
	static const struct {
		const char *form, *code;
	} cases[] = {
		{ "", "SEAL-NO-SECOND" },
		{ "/AcroForm <</Fields [2 0 R]>>", "SEAL-NO-SECOND" },
		{ "/AcroForm <</Fields [3 0 R]>>", "SEAL-NO-SECOND" },
		{ "/AcroForm <</Fields [2 0 R 2 0 R]>>", "SEAL-TWICE" },
		{ "/AcroForm <</Fields [2 0 R 3 0 R 3 0 R]>>", "SEAL-NO-SECOND" },
		{ "/AcroForm <</Fields [2 0 R 3 0 R]>>", NULL },
	};
	const struct signature s = { .name = STR("x"), .hole = 100 };
	const struct pdf_append_plan plan = { .signature = &s, .unix_s = 1795363200 };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf out = buf_empty(FILE_MAX);
		struct signature_space space;
		struct bench b;
		bool ok;

		begin(&b);
		buf_printf(&out, "<</Type /Catalog %s>>", cases[i].form);
		buf_byte(&out, 0);
		object(&b, out.p);
		buf_clear(&out);
		object(&b, "<</FT /Sig /V <<>>>>");
		object(&b, "<</FT /Sig /Lock <<>>>>");
		table(&b, "/ID [<00> <00>]");
		ok = pdf_append(b.a, buf_view(&b.file), &plan, &out, &space, &b.e);
		CHECK(ok == (cases[i].code == NULL));
		EQ_C(b.e.code, cases[i].code == NULL ? "" : cases[i].code);
		if (ok) {
			buf_clear(&b.file);
			buf_str(&b.file, buf_view(&out));
			OK(opens(&b), b.e);
			EQ_INT(b.pdf.count, 2);
			EQ_INT(b.pdf.revisions[1].count, 2);
			EQ_INT(space.length, out.n);
			EQ_INT(out.p[space.hole], '<');
			EQ_INT(out.p[space.behind - 1], '>');
		}
		buf_free(&out);
		finish(&b);
	}
}
