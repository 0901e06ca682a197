/* SPDX-License-Identifier: Apache-2.0 */
#include "form/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "check.h"
#include "form/issuer.h"

enum { PDF_MAX = 4 << 20, TEXT_MAX = 1 << 20 };

#define FIXED(text)                                                                                \
	{                                                                                          \
		text, sizeof text - 1                                                              \
	}

static const struct fact constant_items[] = {
	{ FIXED("issuer.name_zh"), FIXED("示范注册会计师协会") },
	{ FIXED("issuer.name_en"), FIXED("Model Institute of Certified Public Accountants") },
	{ FIXED("site.host"), FIXED("verify.example.org") },
};
static const struct form_constants constants = { constant_items, COUNT_OF(constant_items), NULL };

static struct fonts *fonts_of_project(void)
{
	struct fonts *fonts = NULL;
	struct err e = { 0 };

	if (!OK(fonts_open("fonts/fonts.json", &fonts, &e), e))
		abort();
	return fonts;
}

static const char *const zh_facts[][2] = { { "admitted", "2020-02-29" },
					   { "association_zh", "示范省注册会计师协会" },
					   { "class", "practising" },
					   { "issued", "2026-11-23" },
					   { "member_no", "990000010001" },
					   { "name_native", "吕绿" },
					   { "sex", "F" } };

/* The facts above with one changed or (value NULL) left out. */
static struct facts facts_with(const char *key, const char *value)
{
	struct facts f = { .count = 0 };
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT_OF(zh_facts); i++) {
		bool other = key != NULL && strcmp(zh_facts[i][0], key) == 0;
		const char *use = other ? value : zh_facts[i][1];

		if (use != NULL)
			OK(facts_add(&f, str_of(zh_facts[i][0]), str_of(use), &e), e);
	}
	return f;
}

static struct form_input input_of(const struct facts *facts)
{
	return (struct form_input){ .facts = facts,
				    .docid = STR("K7QM-4TXR-92HD-0VZ8"),
				    .token = STR("21234567890123456789"),
				    .url = STR("https://verify.example.org/#21234567890123456789"),
				    .credential = STR("{}"),
				    .issued_unix = 1795363200,
				    .utc_offset_min = 480 };
}

struct room {
	struct fonts *fonts;
	struct seals *seals;
	struct form *form;
	struct form_desk *desk;
	struct err e;
};

static bool room_open(struct room *r, const char *form, const char *language)
{
	struct form_constants all = constants;

	*r = (struct room){ .fonts = fonts_of_project() };
	if (!OK(issuer_seals(r->fonts, &r->seals, &r->e), r->e))
		return false;
	all.seals = r->seals;
	if (!OK(form_open("templates", str_of(form), str_of(language), r->fonts, &all, &r->form,
			  &r->e),
		r->e))
		return false;
	r->desk = form_desk_new(r->fonts, &r->e);
	return CHECK(r->desk != NULL);
}

static void room_close(struct room *r)
{
	form_desk_free(r->desk);
	form_free(r->form);
	seal_free(r->seals);
	fonts_free(r->fonts);
}

TEST(facts_that_cannot_be_printed_are_refused_by_name)
{
	static const struct {
		const char *key, *value, *code, *pointer;
	} cases[] = {
		{ "name_native", NULL, "FACT-MISSING", "/name_native" },
		{ "issued", NULL, "FACT-MISSING", "/issued" },
		{ "name_native", "张\xEE\xA1\xA3", "NO-GLYPH", "/name_native" },
		{ "member_no", "\xF4\x8F\xBF\xBF", "NO-GLYPH", "/member_no" },
		{ "name_native",
		  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
		  "TEXT-TOO-WIDE", "/name_native" },
		{ "name_native",
		  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十·二",
		  "TEXT-TOO-WIDE", "/name_native" },
		{ "member_no",
		  "01234567890123456789012345678901234567890123456789"
		  "01234567890123456789012345678901234567890123456789",
		  "TEXT-TOO-WIDE", "/member_no" },
		{ "admitted", "2021-02-29", "FACT-DATE", "/admitted" },
		{ "admitted", "", "FACT-DATE", "/admitted" },
		{ "class", "honorary", "FACT-WORD", "/class" },
		{ "sex", "f", "FACT-WORD", "/sex" },
	};
	struct room r;

	if (!room_open(&r, "practising-certificate", "zh"))
		return;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct facts f = facts_with(cases[i].key, cases[i].value);
		struct form_input in = input_of(&f);
		struct buf pdf = buf_empty(PDF_MAX);
		struct form_notes notes;

		r.e = (struct err){ 0 };
		CHECK(!form_check(r.desk, r.form, &f, &notes, &r.e));
		EQ_C(r.e.code, cases[i].code);
		EQ_C(r.e.pointer, cases[i].pointer);
		EQ_INT(r.e.kind, ERR_INPUT);
		r.e = (struct err){ 0 };
		CHECK(!form_draw(r.desk, r.form, &in, &pdf, &r.e));
		EQ_C(r.e.code, cases[i].code);
		EQ_INT(pdf.n, 0);
		buf_free(&pdf);
	}
	room_close(&r);
}

TEST(hard_names_pass_and_a_fallback_is_noted)
{
	static const struct {
		const char *name;
		bool fell_back;
	} cases[] = { { "吕绿", false },        { "李𬱖", false },
		      { "陳大文", false },      { "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江", false },
		      { "赵𰻝𱁬", false }, { "赵𪛖", true } };
	struct room r;

	if (!room_open(&r, "practising-certificate", "zh"))
		return;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct facts f = facts_with("name_native", cases[i].name);
		struct form_notes notes = { .fell_back = !cases[i].fell_back };

		OK(form_check(r.desk, r.form, &f, &notes, &r.e), r.e);
		EQ_INT(notes.fell_back, cases[i].fell_back);
	}
	room_close(&r);
}

TEST(a_code_that_does_not_belong_or_does_not_fit_is_refused)
{
	struct facts f = facts_with(NULL, NULL);
	struct form_input in = input_of(&f);
	struct buf pdf = buf_empty(PDF_MAX), digits = buf_empty(2048), url = buf_empty(4096);
	struct room r;

	if (!room_open(&r, "practising-certificate", "zh"))
		return;
	in.url = STR("https://verify.example.org/#1");
	CHECK(!form_draw(r.desk, r.form, &in, &pdf, &r.e));
	in.token = in.url = STR("123");
	CHECK(!form_draw(r.desk, r.form, &in, &pdf, &r.e));
	buf_c(&url, "https://verify.example.org/#");
	for (int i = 0; i < 964; i++) {
		buf_byte(&digits, '9');
		buf_byte(&url, '9');
	}
	in.token = buf_view(&digits);
	in.url = buf_view(&url);
	r.e = (struct err){ 0 };
	CHECK(!form_draw(r.desk, r.form, &in, &pdf, &r.e));
	EQ_C(r.e.code, "QR-TOO-LARGE");
	EQ_INT(pdf.n, 0);
	in = input_of(&f);
	OK(form_draw(r.desk, r.form, &in, &pdf, &r.e), r.e);
	CHECK(str_starts(buf_view(&pdf), STR("%PDF-1.7")));
	buf_free(&pdf);
	buf_free(&digits);
	buf_free(&url);
	room_close(&r);
}

TEST(the_same_input_gives_the_same_bytes_on_any_desk)
{
	static const char *const names[] = { "李𬱖", "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江",
					     "吕绿" };
	struct buf first = buf_empty(PDF_MAX), pdf = buf_empty(PDF_MAX);
	struct room r;
	struct form_desk *other;

	if (!room_open(&r, "practising-certificate", "zh"))
		return;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct facts f = facts_with("name_native", names[i]);
		struct form_input in = input_of(&f);

		buf_clear(&first);
		OK(form_draw(r.desk, r.form, &in, &first, &r.e), r.e);
	}
	other = form_desk_new(r.fonts, &r.e);
	if (CHECK(other != NULL)) {
		struct facts f = facts_with(NULL, NULL);
		struct form_input in = input_of(&f);

		OK(form_draw(other, r.form, &in, &pdf, &r.e), r.e);
		EQ_INT(pdf.n, first.n);
		CHECK(str_eq(buf_view(&pdf), buf_view(&first)));
	}
	form_desk_free(other);
	buf_free(&first);
	buf_free(&pdf);
	room_close(&r);
}

TEST(the_four_certificates_say_who_they_are_for)
{
	static const struct {
		const char *id, *language, *for_class;
		unsigned type;
		size_t needs, takes;
	} cases[] = { { "practising-certificate", "zh", "practising", 1, 6, 2 },
		      { "practising-certificate", "en", "practising", 1, 6, 1 },
		      { "non-practising-certificate", "zh", "non_practising", 2, 6, 2 },
		      { "non-practising-certificate", "en", "non_practising", 2, 6, 1 } };
	unsigned char hashes[COUNT_OF(cases)][32];

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct form_info *info;
		struct room r;

		if (!room_open(&r, cases[i].id, cases[i].language))
			return;
		info = form_info(r.form);
		EQ_STR(info->id, str_of(cases[i].id));
		EQ_STR(info->language, str_of(cases[i].language));
		EQ_STR(info->for_class, str_of(cases[i].for_class));
		EQ_STR(info->for_status, STR("active"));
		EQ_STR(info->family, STR("certificate"));
		EQ_INT(info->token_type, cases[i].type);
		EQ_INT(info->needs_count, cases[i].needs);
		EQ_INT(info->takes_count, cases[i].takes);
		memcpy(hashes[i], info->hash, 32);
		for (size_t k = 0; k < i; k++)
			CHECK(memcmp(hashes[i], hashes[k], 32) != 0);
		room_close(&r);
	}
}

/* ---- templates of the test's own ---- */

struct folder {
	char dir[64], sub[80];
};

static void folder_make(struct folder *f)
{
	struct err e = { 0 };

	snprintf(f->dir, sizeof f->dir, "/tmp/hufu-form-XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		abort();
	snprintf(f->sub, sizeof f->sub, "%s/x", f->dir);
	OK(io_mkdir(f->sub, 0700, &e), e);
}

static void folder_drop(struct folder *f)
{
	static const char *const names[] = { "layout.json", "zh.json", "en.json", "mark.svg",
					     "signature.svg" };
	char path[128];

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		snprintf(path, sizeof path, "%s/%s", f->sub, names[i]);
		unlink(path);
	}
	rmdir(f->sub);
	rmdir(f->dir);
}

/* A file of the practising certificate, the first `from` in it replaced. */
static void copy_changed(const struct folder *f, const char *name, const char *from, const char *to)
{
	struct buf text = buf_empty(TEXT_MAX), out = buf_empty(TEXT_MAX);
	struct err e = { 0 };
	size_t at;

	OK(io_read_in("templates/practising-certificate", name, &text, &e), e);
	at = from == NULL ? SIZE_MAX : str_find(buf_view(&text), str_of(from), 0);
	if (from != NULL)
		CHECK(at != SIZE_MAX);
	if (at == SIZE_MAX) {
		buf_str(&out, buf_view(&text));
	} else {
		buf_put(&out, text.p, at);
		buf_c(&out, to);
		buf_str(&out, str_skip(buf_view(&text), at + strlen(from)));
	}
	OK(io_replace(f->sub, name, buf_view(&out), 0600, &e), e);
	buf_free(&text);
	buf_free(&out);
}

/* And its drawings as they are. */
static void art_copy(const struct folder *f)
{
	copy_changed(f, "mark.svg", NULL, NULL);
	copy_changed(f, "signature.svg", NULL, NULL);
}

TEST(template_faults_name_file_and_pointer)
{
	static const struct {
		const char *file, *from, *to, *code, *pointer;
	} cases[] = {
		{ "layout.json", "hufu.layout/1", "hufu.layout/2", "JSON-SCHEMA", "/schema" },
		{ "layout.json", "\"version\": 1", "\"version\": 1.5", "JSON-TYPE", "/version" },
		{ "layout.json", "\"token_type\": 1", "\"token_type\": 256", "JSON-RANGE",
		  "/token_type" },
		{ "layout.json", "\"family\"", "\"familie\"", "JSON-UNKNOWN-KEY", "/familie" },
		{ "layout.json", "\"width\": 210", "\"width\": -1", "JSON-RANGE", "/page/width" },
		{ "layout.json", "#0E4A45", "0E4A45", "TEMPLATE-INK", "/inks/main" },
		{ "layout.json", "#0E4A45", "#0E4A4G", "TEMPLATE-INK", "/inks/main" },
		{ "layout.json", "\"role\": \"song-semibold\", \"size\": 14",
		  "\"role\": \"song-semibold\", \"size\": 0", "JSON-RANGE", "/styles/issuer/size" },
		{ "layout.json", "\"ink\": \"main\"", "\"ink\": \"gold\"", "TEMPLATE-INK",
		  "/styles/issuer/ink" },
		{ "layout.json", "\"capitals\": true", "\"capitals\": 1", "JSON-TYPE",
		  "/styles/issuer_caps/capitals" },
		{ "layout.json", "\"zh\": {", "\"zj\": {", "JSON-MISSING", "/languages/zh" },
		{ "layout.json", "\"kind\": \"frame\"", "\"kind\": \"frames\"", "TEMPLATE-WORD",
		  "/languages/zh/elements/2/kind" },
		{ "layout.json", "\"inset\": 21.02", "\"inset\": \"21.02\"", "JSON-TYPE",
		  "/languages/zh/elements/2/inset" },
		{ "layout.json", "\"string\": \"issuer\"", "\"string\": \"isuer\"",
		  "TEMPLATE-STRING", "/languages/zh/elements/5/string" },
		{ "layout.json", "\"style\": \"issuer\"", "\"style\": \"isuer\"", "TEMPLATE-STYLE",
		  "/languages/zh/elements/5/style" },
		{ "layout.json", "\"floor\": 10", "\"floor\": 15", "JSON-RANGE",
		  "/languages/zh/elements/5/fit/floor" },
		{ "layout.json", "\"width\": 150", "\"width\": 15", "TEXT-TOO-WIDE",
		  "/languages/zh/elements/5/string" },
		{ "layout.json", "\"label\": \"label_name\"", "\"label\": \"label_nome\"",
		  "TEMPLATE-STRING", "/languages/zh/elements/11/rows/0/label" },
		{ "layout.json", "\"break\": \"dot\"", "\"break\": \"dots\"", "TEMPLATE-WORD",
		  "/languages/zh/elements/11/rows/0/fit/break" },
		{ "layout.json", "\"second\": 14.6", "\"third\": 14.6", "JSON-UNKNOWN-KEY",
		  "/languages/zh/elements/11/rows/0/two_lines/third" },
		{ "layout.json", "[\"photo_sha256\", \"sex\"]", "[\"sex\"]", "TEMPLATE-FACT",
		  "/languages/zh/elements/10/when" },
		{ "layout.json", "\"unless\": \"photo_sha256\"", "\"unless\": \"photo\"",
		  "TEMPLATE-FACT", "/languages/zh/elements/12/unless" },
		{ "layout.json", "\"height\": 49", "\"height\": 490", "JSON-RANGE",
		  "/languages/zh/elements/10/height" },
		{ "layout.json", "\"alt\": \"photo_alt\"", "\"alt\": \"name\"", "TEMPLATE-STRING",
		  "/languages/zh/elements/10/alt" },
		{ "layout.json", "\"version_max\": 14", "\"version_max\": 15", "JSON-RANGE",
		  "/languages/zh/elements/15/version_max" },
		{ "layout.json", "\"alt\": \"qr_alt\"", "\"alt\": \"name\"", "TEMPLATE-STRING",
		  "/languages/zh/elements/15/alt" },
		{ "layout.json", "\"takes\": [\"photo_sha256\", \"sex\"]", "\"takes\": [7]",
		  "JSON-TYPE", "/languages/zh/takes/0" },
		{ "layout.json", "\"takes\": [\"photo_sha256\", \"sex\"]", "\"takes\": []",
		  "TEMPLATE-STRING", "/strings/sex" },
		{ "layout.json", "\"across\": 11", "\"across\": 12", "TEMPLATE-BAND",
		  "/languages/zh/elements/1/border" },
		{ "layout.json", "\"across\": 11", "\"across\": 15", "TEMPLATE-BAND",
		  "/languages/zh/elements/1/border" },
		{ "layout.json", "\"border\": {", "\"rand\": {", "JSON-UNKNOWN-KEY",
		  "/languages/zh/elements/1/rand" },
		{ "layout.json", "\"turns\": 1, \"amplitude\": 0.45",
		  "\"turns\": 1, \"amplitude\": 450", "JSON-RANGE",
		  "/languages/zh/elements/1/waves/0/amplitude" },
		{ "layout.json", "\"count\": 16", "\"count\": 65", "JSON-RANGE",
		  "/languages/zh/elements/0/rings/0/count" },
		{ "layout.json", "\"shift\": 1", "\"shift\": 1.5", "JSON-TYPE",
		  "/languages/zh/elements/0/rings/0/terms/0/shift" },
		{ "layout.json", "\"length\": 159.5", "\"length\": 0", "JSON-RANGE",
		  "/languages/zh/elements/3/lines/0/length" },
		{ "layout.json", "\"string\": \"micro\"", "\"string\": \"name\"", "TEMPLATE-STRING",
		  "/languages/zh/elements/3/string" },
		{ "layout.json", "\"file\": \"mark.svg\"", "\"file\": \"../mark.svg\"",
		  "TEMPLATE-WORD", "/languages/zh/elements/4/file" },
		{ "layout.json", "\"file\": \"mark.svg\", \"x\"",
		  "\"file\": \"mark.svg\", \"layer\": \"top\", \"x\"", "TEMPLATE-WORD",
		  "/languages/zh/elements/4/layer" },
		{ "layout.json", "\"kind\": \"rule\"", "\"kind\": \"rule\", \"layer\": \"top\"",
		  "TEMPLATE-WORD", "/languages/zh/elements/20/layer" },
		{ "layout.json", "\"first\": \"issuer\"", "\"first\": \"isuer\"", "TEMPLATE-STRING",
		  "/languages/zh/elements/13/first" },
		{ "layout.json", "\"diameter\": 42", "\"diameter\": 420", "JSON-RANGE",
		  "/languages/zh/elements/13/two/1/diameter" },
		{ "layout.json", "\"second_alt\"", "\"second_old\"", "JSON-UNKNOWN-KEY",
		  "/languages/zh/elements/13/second_old" },
		{ "zh.json", "{name_native}", "{name_native", "TEMPLATE-STRING",
		  "/strings/document_title" },
		{ "zh.json", "{name_native}", "{nom}", "TEMPLATE-STRING",
		  "/strings/document_title" },
		{ "zh.json", "document_title", "documenttitle", "JSON-MISSING",
		  "/strings/document_title" },
		{ "zh.json", "{admitted|date}", "{admitted|day}", "TEMPLATE-STRING",
		  "/strings/admitted" },
		{ "zh.json", "{admitted|date}", "{admitted|word}", "TEMPLATE-STRING",
		  "/strings/admitted" },
		{ "zh.json", "\"执业会员证书\"", "\"\xEE\x80\x80\"", "NO-GLYPH",
		  "/languages/zh/elements/7/string" },
		{ "zh.json", "\"执业会员证书\"", "{}", "JSON-TYPE", "/strings/title" },
		{ "zh.json", "\"执业会员证书\"", "[]", "JSON-LENGTH", "/strings/title" },
	};
	struct fonts *fonts = fonts_of_project();
	struct folder f;

	folder_make(&f);
	art_copy(&f);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool layout = strcmp(cases[i].file, "layout.json") == 0;
		struct form *form = NULL;
		struct err e = { 0 };

		copy_changed(&f, "layout.json", layout ? cases[i].from : NULL, cases[i].to);
		copy_changed(&f, "zh.json", layout ? NULL : cases[i].from, cases[i].to);
		CHECK(!form_open(f.dir, STR("x"), STR("zh"), fonts, &constants, &form, &e));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.pointer, cases[i].pointer);
		CHECK(str_find(str_of(e.place), STR("/x/"), 0) != SIZE_MAX);
		form_free(form);
	}
	folder_drop(&f);
	fonts_free(fonts);
}

TEST(any_byte_of_a_template_may_be_missing)
{
	struct fonts *fonts = fonts_of_project();
	struct buf text = buf_empty(TEXT_MAX);
	struct err e = { 0 };
	struct folder f;

	folder_make(&f);
	art_copy(&f);
	copy_changed(&f, "zh.json", NULL, NULL);
	OK(io_read_in("templates/practising-certificate", "layout.json", &text, &e), e);
	for (size_t n = 0; n < text.n; n += 97) {
		struct form *form = NULL;

		OK(io_replace(f.sub, "layout.json", (struct str){ text.p, n }, 0600, &e), e);
		CHECK(!form_open(f.dir, STR("x"), STR("zh"), fonts, &constants, &form, &e));
		form_free(form);
	}
	buf_free(&text);
	folder_drop(&f);
	fonts_free(fonts);
}

/* documents.md: adding a document type touches no C file. */
TEST(a_fifth_type_is_a_folder)
{
	static const char layout[] =
		"{\"schema\":\"hufu.layout/1\",\"version\":3,\"token_type\":200,\"family\":\"badge\","
		"\"page\":{\"width\":148,\"height\":105},\"inks\":{},"
		"\"styles\":{\"big\":{\"role\":\"latin\",\"size\":20},\"code\":{\"role\":\"mono\",\"size\":9}},"
		"\"languages\":{\"en\":{\"needs\":[\"name_latin\",\"until\"],\"takes\":[],\"elements\":["
		"{\"kind\":\"text\",\"string\":\"title\",\"style\":\"big\",\"x\":74,\"y\":30,\"align\":\"center\",\"role\":\"H1\"},"
		"{\"kind\":\"text\",\"string\":\"who\",\"style\":\"big\",\"x\":20,\"y\":45,\"width\":108,\"leading\":8},"
		"{\"kind\":\"qr\",\"x\":20,\"y\":60,\"size\":33,\"plate\":2,\"version_max\":14,\"alt\":\"alt\"}]}}}";
	static const char strings[] =
		"{\"schema\":\"hufu.strings/1\",\"language\":\"en\",\"strings\":{\"document_title\":\"Badge\","
		"\"title\":\"Visitor {{of}\",\"who\":[\"{name_latin}\",\"until {until|date}\"],\"alt\":\"Code\"}}";
	struct fonts *fonts = fonts_of_project();
	struct buf pdf = buf_empty(PDF_MAX);
	struct facts facts = { .count = 0 };
	struct form *form = NULL;
	struct form_desk *desk;
	struct err e = { 0 };
	struct folder f;

	folder_make(&f);
	OK(io_replace(f.sub, "layout.json", str_of(layout), 0600, &e), e);
	OK(io_replace(f.sub, "en.json", str_of(strings), 0600, &e), e);
	OK(facts_add(&facts, STR("name_latin"), STR("Ada"), &e), e);
	OK(facts_add(&facts, STR("until"), STR("2026-12-01"), &e), e);
	desk = form_desk_new(fonts, &e);
	if (OK(form_open(f.dir, STR("x"), STR("en"), fonts, &constants, &form, &e), e) &&
	    CHECK(desk != NULL)) {
		struct form_input in = input_of(&facts);

		OK(form_draw(desk, form, &in, &pdf, &e), e);
		EQ_INT(form_info(form)->token_type, 200);
		EQ_INT(form_info(form)->version, 3);
		EQ_STR(form_info(form)->for_class, STR(""));
		CHECK(str_find(buf_view(&pdf), STR("/MediaBox [0 0 419.528 297.638]"), 0) !=
		      SIZE_MAX);
	}
	form_free(form);
	form_desk_free(desk);
	buf_free(&pdf);
	folder_drop(&f);
	fonts_free(fonts);
}

TEST(every_allocation_of_a_document_may_fail)
{
	struct facts f = facts_with("name_native", "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江");
	struct form_input in = input_of(&f);
	struct buf good = buf_empty(PDF_MAX);
	size_t seen, failed = 0;
	struct room r;

	if (!room_open(&r, "practising-certificate", "zh"))
		return;
	OK(form_draw(r.desk, r.form, &in, &good, &r.e), r.e);
	check_fail_alloc(SIZE_MAX);
	struct buf pdf = buf_empty(PDF_MAX);
	OK(form_draw(r.desk, r.form, &in, &pdf, &r.e), r.e);
	seen = check_alloc_count();
	for (size_t n = 1; n <= seen; n += 3) {
		bool ok;

		buf_free(&pdf);
		check_fail_alloc(n);
		ok = form_draw(r.desk, r.form, &in, &pdf, &r.e);
		check_fail_alloc(SIZE_MAX);
		failed += !ok;
		CHECK(ok ? str_eq(buf_view(&pdf), buf_view(&good)) : pdf.n == 0);
	}
	CHECK(failed > 0);
	buf_free(&pdf);
	buf_free(&good);
	room_close(&r);
}

TEST(a_form_opens_whole_or_not_at_all)
{
	struct fonts *fonts = fonts_of_project();
	struct form *form = NULL;
	struct err e = { 0 };
	size_t seen;

	check_fail_alloc(SIZE_MAX);
	OK(form_open("templates", STR("practising-certificate"), STR("en"), fonts, &constants,
		     &form, &e),
	   e);
	seen = check_alloc_count();
	form_free(form);
	for (size_t n = 1; n <= seen; n += 1 + seen / 200) {
		form = NULL;
		check_fail_alloc(n);
		if (form_open("templates", STR("practising-certificate"), STR("en"), fonts,
			      &constants, &form, &e))
			form_free(form);
		check_fail_alloc(SIZE_MAX);
	}
	fonts_free(fonts);
}
