/* SPDX-License-Identifier: Apache-2.0 */
#include "form/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "check.h"
#include "form/issuer.h"
#include "form/letters.h"

enum { PDF_MAX = 4 << 20, TEXT_MAX = 1 << 20, ROWS_BYTES = 1 << 16 };

#define FIXED(text)                                                                                \
	{                                                                                          \
		text, sizeof text - 1                                                              \
	}

static const struct fact constant_items[] = {
	{ FIXED("issuer.contact"), FIXED("registration@example.org") },
	{ FIXED("issuer.name_zh"), FIXED("示范注册会计师协会") },
	{ FIXED("issuer.name_en"), FIXED("Model Institute of Certified Public Accountants") },
	{ FIXED("site.host"), FIXED("verify.example.org") },
};

struct room {
	struct fonts *fonts;
	struct seals *seals;
	struct form *form;
	struct form_desk *desk;
	struct err e;
};

static bool room_open(struct room *r, const char *dir, const char *form, const char *language)
{
	struct form_constants all = { constant_items, COUNT_OF(constant_items), NULL };

	*r = (struct room){ 0 };
	if (!OK(fonts_open("fonts/fonts.json", &r->fonts, &r->e), r->e) ||
	    !OK(issuer_seals(r->fonts, &r->seals, &r->e), r->e))
		return false;
	all.seals = r->seals;
	if (!OK(form_open(dir, str_of(form), str_of(language), r->fonts, &all, &r->form, &r->e),
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

/* The facts of a letter with one changed, added or (value NULL) left out. */
static struct facts facts_with(const struct letter *l, const char *key, const char *value)
{
	struct facts f = { .count = 0 };
	struct err e = { 0 };
	bool known = false;

	for (size_t i = 0; i < LETTER_FACTS && l->facts[i][0] != NULL; i++) {
		bool other = key != NULL && strcmp(l->facts[i][0], key) == 0;
		const char *use = other ? value : l->facts[i][1];

		known |= other;
		if (use != NULL)
			OK(facts_add(&f, str_of(l->facts[i][0]), str_of(use), &e), e);
	}
	if (key != NULL && !known && value != NULL)
		OK(facts_add(&f, str_of(key), str_of(value), &e), e);
	return f;
}

enum manner { ISSUED, SPECIMEN, DRAFT };

static bool draw_as(struct room *r, const struct facts *facts, enum manner manner, struct buf *pdf)
{
	const struct form_input in = { .facts = facts,
				       .docid = STR("K7QM-4TXR-92HD-0VZ8"),
				       .token = STR("21234567890123456789"),
				       .url = STR(
					       "https://verify.example.org/#21234567890123456789"),
				       .credential = STR("{}"),
				       .issued_unix = 1795363200,
				       .utc_offset_min = 480,
				       .specimen = manner != ISSUED,
				       .draft = manner == DRAFT };

	buf_clear(pdf);
	r->e = (struct err){ 0 };
	return form_draw(r->desk, r->form, &in, pdf, &r->e);
}

static bool draw(struct room *r, const struct facts *facts, struct buf *pdf)
{
	return draw_as(r, facts, ISSUED, pdf);
}

static size_t pages_of(struct str pdf)
{
	size_t n = 0;

	for (size_t at = str_find(pdf, STR("/Type /Page\n"), 0); at != SIZE_MAX;
	     at = str_find(pdf, STR("/Type /Page\n"), at + 1))
		n++;
	return n;
}

static char *history_rows(size_t count)
{
	static char rows[ROWS_BYTES];
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += (size_t)snprintf(rows + n, sizeof rows - n,
				      "%s2012-03-01\t2015-06-30\tpractising\tactive\t99\tX",
				      i > 0 ? "\n" : "");
	return rows;
}

TEST(facts_that_no_letter_can_hold_are_refused_by_name)
{
	static char word[400], lines[400], rows[ROWS_BYTES];
	const struct {
		const char *key, *value, *code, *pointer;
	} cases[] = {
		{ "recipient", "הרשם", "TEXT-DIRECTION", "/recipient" },
		{ "recipient_address", "شارع الميناء", "TEXT-DIRECTION", "/recipient_address" },
		{ "recipient", "\xEE\xA1\xA3", "NO-GLYPH", "/recipient" },
		{ "purpose", word, "TEXT-TOO-WIDE", "/purpose" },
		{ "recipient_address", "a\nb\nc\nd\ne\nf\ng\nh\ni", "TEXT-TOO-TALL", "/recipient" },
		{ "recipient_address", lines, "TEXT-TOO-LONG", "/recipient_address" },
		{ "history", rows, "TEXT-TOO-TALL", "/history" },
		{ "wording", "W9", "FACT-WORD", "/wording" },
		{ "wording", NULL, "FACT-MISSING", "/wording" },
		{ "dues_through", NULL, "FACT-MISSING", "/dues_through" },
		{ "as_at", "2026-11-23", "FACT-DATE", "/as_at" },
		{ "as_at", "2026-11-23T24:00+08:00", "FACT-DATE", "/as_at" },
		{ "as_at", "2026-02-30T09:00+08:00", "FACT-DATE", "/as_at" },
		{ "expires", "23 February 2027", "FACT-DATE", "/expires" },
		{ "findings", "2021-06-30\ttalk\t\t", "FACT-WORD", "/findings" },
		{ "findings", "2021-06-31\twarning\t\t", "FACT-DATE", "/findings" },
		{ "class", "honorary", "FACT-WORD", "/class" },
	};
	struct buf pdf = buf_empty(PDF_MAX);
	struct form_notes notes;
	struct room r;

	if (!room_open(&r, "templates", "good-standing-letter", "en"))
		return;
	memset(word, 'w', sizeof word - 1);
	memset(lines, '\n', sizeof lines - 1);
	memcpy(rows, history_rows(200), sizeof rows);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct facts f = facts_with(&letters[0], cases[i].key, cases[i].value);

		if (strcmp(cases[i].key, "class") ==
		    0) /* only then is the class printed by its word */
			f = facts_with(&letters[2], cases[i].key, cases[i].value);
		r.e = (struct err){ 0 };
		CHECK(!form_check(r.desk, r.form, &f, &notes, &r.e));
		EQ_C(r.e.code, cases[i].code);
		EQ_C(r.e.pointer, cases[i].pointer);
		EQ_INT(r.e.kind, ERR_INPUT);
		CHECK(!draw(&r, &f, &pdf));
		EQ_INT(pdf.n, 0);
	}
	buf_free(&pdf);
	room_close(&r);
}

TEST(a_text_takes_pages_as_it_grows_and_then_none)
{
	struct buf pdf = buf_empty(PDF_MAX);
	size_t last = 1, most = 0;
	struct room r;

	if (!room_open(&r, "templates", "good-standing-letter", "en"))
		return;
	for (size_t rows = 0; rows < 60; rows++) {
		struct facts f =
			facts_with(&letters[0], "history", rows > 0 ? history_rows(rows) : NULL);

		if (!draw(&r, &f, &pdf)) {
			EQ_C(r.e.code, "TEXT-TOO-TALL");
			EQ_C(r.e.pointer, "/history");
			break;
		}
		EQ_INT(pages_of(buf_view(&pdf)) >= last, 1);
		last = pages_of(buf_view(&pdf));
		most = rows;
	}
	EQ_INT(last, 2);
	CHECK(most > 20 && most < 59);
	buf_free(&pdf);
	room_close(&r);
}

TEST(every_wording_has_its_words_in_either_language)
{
	static const struct {
		const char *form, *wordings[4];
	} cases[] = { { "good-standing-letter", { "W1", "W2", "W3" } },
		      { "status-statement", { "W4", "W5", "W6", "W7" } } };
	static const char *const languages[] = { "en", "zh" };
	struct buf pdf = buf_empty(PDF_MAX), other = buf_empty(PDF_MAX);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t k = 0; k < COUNT_OF(languages); k++) {
			struct room r;

			if (!room_open(&r, "templates", cases[i].form, languages[k]))
				return;
			for (size_t w = 0; w < 4 && cases[i].wordings[w] != NULL; w++) {
				struct facts f =
					facts_with(&letters[0], "wording", cases[i].wordings[w]);

				OK(draw(&r, &f, &pdf), r.e);
				CHECK(!str_eq(buf_view(&pdf), buf_view(&other)));
				buf_clear(&other);
				buf_str(&other, buf_view(&pdf));
			}
			room_close(&r);
		}
	}
	buf_free(&pdf);
	buf_free(&other);
}

TEST(the_code_is_pale_in_a_draft_and_nowhere_else)
{
	struct buf pdf = buf_empty(PDF_MAX);
	struct facts f = facts_with(&letters[0], NULL, NULL);
	struct room r;

	if (!room_open(&r, "templates", "good-standing-letter", "en"))
		return;
	for (enum manner manner = ISSUED; manner <= DRAFT; manner++) {
		OK(draw_as(&r, &f, manner, &pdf), r.e);
		EQ_INT(str_find(buf_view(&pdf), STR("/Decode [.85 1]"), 0) != SIZE_MAX,
		       manner == DRAFT);
	}
	buf_free(&pdf);
	room_close(&r);
}

TEST(a_letter_has_the_same_bytes_on_any_desk)
{
	struct buf first = buf_empty(PDF_MAX), pdf = buf_empty(PDF_MAX);
	struct facts f = facts_with(&letters[1], NULL, NULL);
	struct facts small = facts_with(&letters[0], NULL, NULL);
	struct form_desk *other;
	struct room r;

	if (!room_open(&r, "templates", "good-standing-letter", "en"))
		return;
	OK(draw(&r, &small, &first), r.e);
	OK(draw(&r, &f, &first), r.e);
	other = r.desk;
	r.desk = form_desk_new(r.fonts, &r.e);
	if (CHECK(r.desk != NULL) && OK(draw(&r, &f, &pdf), r.e))
		CHECK(str_eq(buf_view(&pdf), buf_view(&first)));
	form_desk_free(other);
	buf_free(&first);
	buf_free(&pdf);
	room_close(&r);
}

TEST(every_allocation_of_a_letter_may_fail)
{
	struct facts f = facts_with(&letters[1], NULL, NULL);
	struct buf good = buf_empty(PDF_MAX), pdf = buf_empty(PDF_MAX);
	size_t seen, failed = 0;
	struct room r;

	if (!room_open(&r, "templates", "good-standing-letter", "en"))
		return;
	OK(draw(&r, &f, &good), r.e);
	check_fail_alloc(SIZE_MAX);
	OK(draw(&r, &f, &pdf), r.e);
	seen = check_alloc_count();
	for (size_t n = 1; n <= seen; n += 1 + seen / 40) {
		bool ok;

		buf_free(&pdf);
		check_fail_alloc(n);
		ok = draw(&r, &f, &pdf);
		check_fail_alloc(SIZE_MAX);
		failed += !ok;
		CHECK(ok ? str_eq(buf_view(&pdf), buf_view(&good)) : pdf.n == 0);
	}
	CHECK(failed > 0);
	buf_free(&pdf);
	buf_free(&good);
	room_close(&r);
}

/* ---- templates of the test's own ---- */

struct folder {
	char dir[64], sub[80];
};

static void file_put(const struct folder *f, const char *name, const char *from, const char *to)
{
	struct buf text = buf_empty(TEXT_MAX), out = buf_empty(TEXT_MAX);
	struct err e = { 0 };
	size_t at;

	OK(io_read_in("templates/good-standing-letter", name, &text, &e), e);
	at = from == NULL ? SIZE_MAX : str_find(buf_view(&text), str_of(from), 0);
	if (from != NULL)
		CHECK(at != SIZE_MAX);
	buf_put(&out, text.p, at == SIZE_MAX ? text.n : at);
	if (at != SIZE_MAX) {
		buf_c(&out, to);
		buf_str(&out, str_skip(buf_view(&text), at + strlen(from)));
	}
	OK(io_replace(f->sub, name, buf_view(&out), 0600, &e), e);
	buf_free(&text);
	buf_free(&out);
}

static void folder_make(struct folder *f)
{
	struct err e = { 0 };

	snprintf(f->dir, sizeof f->dir, "/tmp/hufu-flow-XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		abort();
	snprintf(f->sub, sizeof f->sub, "%s/x", f->dir);
	OK(io_mkdir(f->sub, 0700, &e), e);
	file_put(f, "layout.json", NULL, NULL);
	file_put(f, "en.json", NULL, NULL);
	file_put(f, "mark.svg", NULL, NULL);
	file_put(f, "signature.svg", NULL, NULL);
}

static void folder_drop(struct folder *f)
{
	static const char *const names[] = { "layout.json", "en.json", "mark.svg",
					     "signature.svg" };
	char path[128];

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		snprintf(path, sizeof path, "%s/%s", f->sub, names[i]);
		unlink(path);
	}
	rmdir(f->sub);
	rmdir(f->dir);
}

TEST(a_word_of_a_letter_is_changed_in_its_strings)
{
	struct buf before = buf_empty(PDF_MAX), after = buf_empty(PDF_MAX);
	struct facts f = facts_with(&letters[0], NULL, NULL);
	unsigned char hash[32];
	struct folder folder;
	struct room r;

	folder_make(&folder);
	if (room_open(&r, folder.dir, "x", "en")) {
		OK(draw(&r, &f, &before), r.e);
		memcpy(hash, form_info(r.form)->hash, sizeof hash);
	}
	room_close(&r);
	file_put(&folder, "en.json", "Dear Sir or Madam", "Dear Registrar");
	if (room_open(&r, folder.dir, "x", "en")) {
		OK(draw(&r, &f, &after), r.e);
		CHECK(memcmp(hash, form_info(r.form)->hash, sizeof hash) != 0);
		CHECK(!str_eq(buf_view(&before), buf_view(&after)));
	}
	room_close(&r);
	folder_drop(&folder);
	buf_free(&before);
	buf_free(&after);
}

TEST(faults_of_running_text_name_file_and_pointer)
{
	static const struct {
		const char *file, *from, *to, *code, *pointer;
	} cases[] = {
		{ "layout.json", "\"by\": \"wording\"", "\"by\": \"worten\"", "TEMPLATE-FACT",
		  "/languages/en/elements/7/blocks/1/by" },
		{ "layout.json", "\"string\": \"opening\"", "\"string\": \"begin\"",
		  "TEMPLATE-STRING", "/languages/en/elements/7/blocks/1/string" },
		{ "layout.json", "\"kind\": \"facts\"", "\"kind\": \"fax\"", "TEMPLATE-WORD",
		  "/languages/en/elements/7/blocks/2/kind" },
		{ "layout.json", "\"when\": \"audit_rights=yes\"", "\"when\": \"rights=yes\"",
		  "TEMPLATE-FACT", "/languages/en/elements/7/blocks/2/rows/3/when" },
		{ "layout.json", "\"label\": \"label_no\"", "\"label\": \"label_nil\"",
		  "TEMPLATE-STRING", "/languages/en/elements/7/blocks/2/rows/2/label" },
		{ "layout.json", "\"em\": \"en_body_italic\"", "\"em\": \"en_body_bold\"",
		  "TEMPLATE-STYLE", "/languages/en/elements/7/blocks/3/string/em" },
		{ "layout.json", "\"pages\": 2", "\"pages\": 5", "JSON-RANGE",
		  "/languages/en/elements/7/pages" },
		{ "layout.json", "\"page\": \"every\"", "\"page\": \"each\"", "TEMPLATE-WORD",
		  "/languages/en/elements/0/page" },
		{ "layout.json", "\"as\": \"date\"", "\"as\": \"day\"", "TEMPLATE-STRING",
		  "/languages/en/elements/7/blocks/6/columns/0/as" },
		{ "en.json", "<em>in good standing</em>", "<em>in good standing", "TEMPLATE-STRING",
		  "/languages/en/elements/7/blocks/3/string" },
		{ "en.json", "<em>in good standing</em>", "<b>in good standing</b>",
		  "TEMPLATE-STRING", "/languages/en/elements/7/blocks/3/string" },
		{ "en.json", "<em>in good standing</em>", "in good standing</em>",
		  "TEMPLATE-STRING", "/languages/en/elements/7/blocks/3/string" },
		{ "en.json", "<em>in good standing</em>", "in good < standing", "TEMPLATE-STRING",
		  "/languages/en/elements/7/blocks/3/string" },
	};
	struct form_constants all = { constant_items, COUNT_OF(constant_items), NULL };
	struct fonts *fonts = NULL;
	struct folder f;
	struct err e = { 0 };

	if (!OK(fonts_open("fonts/fonts.json", &fonts, &e), e))
		return;
	folder_make(&f);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool layout = strcmp(cases[i].file, "layout.json") == 0;
		struct form *form = NULL;

		e = (struct err){ 0 };
		file_put(&f, "layout.json", layout ? cases[i].from : NULL, cases[i].to);
		file_put(&f, "en.json", layout ? NULL : cases[i].from, cases[i].to);
		CHECK(!form_open(f.dir, STR("x"), STR("en"), fonts, &all, &form, &e));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.pointer, cases[i].pointer);
		form_free(form);
	}
	folder_drop(&f);
	fonts_free(fonts);
}
