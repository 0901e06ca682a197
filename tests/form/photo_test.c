/* SPDX-License-Identifier: Apache-2.0 */
#include "form/photo.h"

#include <stdio.h>

#include "base/enc.h"
#include "base/hash.h"
#include "base/io.h"
#include "check.h"
#include "form/issuer.h"

enum { PDF_MAX = 4 << 20, FILE_MAX = 1 << 20 };

#define FIXED(text)                                                                                \
	{                                                                                          \
		text, sizeof text - 1                                                              \
	}

static const struct fact constant_items[] = {
	{ FIXED("issuer.name_zh"), FIXED("示范注册会计师协会") },
	{ FIXED("issuer.name_en"), FIXED("Model Institute of Certified Public Accountants") },
	{ FIXED("site.host"), FIXED("verify.example.org") },
};

/* A desk, a form, and a photo with the facts that name it. */
struct studio {
	struct fonts *fonts;
	struct seals *seals;
	struct form *form;
	struct form_desk *desk;
	struct buf file, hex, pdf;
	struct facts facts;
	struct form_input in;
	struct err e;
};

static void photo_load(struct studio *s, const char *name)
{
	static const char *const rows[][2] = {
		{ "admitted", "2020-02-29" }, { "association_zh", "示范省注册会计师协会" },
		{ "class", "practising" },    { "issued", "2026-11-23" },
		{ "member_no", "99000001" },  { "name_native", "吕绿" },
	};
	unsigned char hash[SHA256_SIZE];

	buf_clear(&s->file);
	buf_clear(&s->hex);
	s->facts.count = 0;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		OK(facts_add(&s->facts, str_of(rows[i][0]), str_of(rows[i][1]), &s->e), s->e);
	if (name != NULL) {
		OK(io_read_in("tests/paper/data", name, &s->file, &s->e), s->e);
		sha256_of(buf_view(&s->file), hash);
		enc_hex(&s->hex, hash, sizeof hash);
		OK(facts_add(&s->facts, PHOTO_FACT, buf_view(&s->hex), &s->e), s->e);
	}
	s->in = (struct form_input){ .facts = &s->facts,
				     .docid = STR("K7QM-4TXR-92HD-0VZ8"),
				     .token = STR("21234567890123456789"),
				     .url = STR("https://verify.example.org/#21234567890123456789"),
				     .credential = STR("{}"),
				     .photo = buf_view(&s->file) };
}

static bool studio_open(struct studio *s, const char *photo)
{
	struct form_constants constants = { constant_items, COUNT_OF(constant_items), NULL };

	*s = (struct studio){ .file = buf_empty(FILE_MAX),
			      .hex = buf_empty(2 * SHA256_SIZE),
			      .pdf = buf_empty(PDF_MAX) };
	if (!OK(fonts_open("fonts/fonts.json", &s->fonts, &s->e) &&
			issuer_seals(s->fonts, &s->seals, &s->e),
		s->e))
		return false;
	constants.seals = s->seals;
	if (!OK(form_open("templates", STR("practising-certificate"), STR("zh"), s->fonts,
			  &constants, &s->form, &s->e),
		s->e))
		return false;
	s->desk = form_desk_new(s->fonts, &s->e);
	photo_load(s, photo);
	return CHECK(s->desk != NULL);
}

static void studio_close(struct studio *s)
{
	form_desk_free(s->desk);
	form_free(s->form);
	seal_free(s->seals);
	fonts_free(s->fonts);
	buf_free(&s->file);
	buf_free(&s->hex);
	buf_free(&s->pdf);
}

static bool holds(const struct studio *s, struct str what)
{
	return str_find(buf_view(&s->pdf), what, 0) != SIZE_MAX;
}

TEST(only_the_photo_that_the_facts_name_is_drawn)
{
	struct studio s;

	if (!studio_open(&s, "tagged.jpg"))
		return;
	s.file.p[s.file.n - 1] ^= 1;
	CHECK(!form_draw(s.desk, s.form, &s.in, &s.pdf, &s.e));
	EQ_INT(s.e.kind, ERR_SYSTEM);
	EQ_INT(s.pdf.n, 0);
	s.file.p[s.file.n - 1] ^= 1;
	s.in.photo = STR("");
	CHECK(!form_draw(s.desk, s.form, &s.in, &s.pdf, &s.e));
	EQ_INT(s.e.kind, ERR_SYSTEM);
	s.in.photo = buf_view(&s.file);
	OK(form_draw(s.desk, s.form, &s.in, &s.pdf, &s.e), s.e);
	CHECK(holds(&s, STR("/Filter /DCTDecode")));
	studio_close(&s);
}

TEST(without_a_photo_there_is_no_frame_and_no_figure_for_it)
{
	/* "持证人照片" as the file writes it */
	static const struct str alt = FIXED("<FEFF63018BC14EBA7167"
					    "7247>");
	struct studio s;

	if (!studio_open(&s, NULL))
		return;
	OK(form_draw(s.desk, s.form, &s.in, &s.pdf, &s.e), s.e);
	CHECK(!holds(&s, alt));
	CHECK(!holds(&s, STR("/BitsPerComponent 8")));
	photo_load(&s, "gray.png");
	buf_clear(&s.pdf);
	OK(form_draw(s.desk, s.form, &s.in, &s.pdf, &s.e), s.e);
	CHECK(holds(&s, alt));
	CHECK(holds(&s, STR("/ColorSpace /DeviceGray\n/BitsPerComponent 8")));
	studio_close(&s);
}

TEST(a_photo_leaves_nothing_behind_for_the_next_document)
{
	static const char *const photos[] = { "tagged.jpg", "alpha.png", NULL, "gray.jpg",
					      "progressive.jpg" };
	struct studio s, fresh;

	if (!studio_open(&s, NULL))
		return;
	for (size_t i = 0; i < COUNT_OF(photos); i++) {
		if (!studio_open(&fresh, photos[i]))
			return;
		photo_load(&s, photos[i]);
		buf_clear(&s.pdf);
		OK(form_draw(s.desk, s.form, &s.in, &s.pdf, &s.e), s.e);
		OK(form_draw(fresh.desk, fresh.form, &fresh.in, &fresh.pdf, &fresh.e), fresh.e);
		EQ_STR(buf_view(&s.pdf), buf_view(&fresh.pdf));
		studio_close(&fresh);
	}
	studio_close(&s);
}

TEST(every_allocation_of_a_document_with_a_photo_may_fail)
{
	struct buf good = buf_empty(PDF_MAX);
	size_t seen, failed = 0;
	struct studio s;

	if (!studio_open(&s, "palette.png"))
		return;
	OK(form_draw(s.desk, s.form, &s.in, &good, &s.e), s.e);
	check_fail_alloc(SIZE_MAX);
	OK(form_draw(s.desk, s.form, &s.in, &s.pdf, &s.e), s.e);
	seen = check_alloc_count();
	for (size_t n = 1; n <= seen; n += 2) {
		bool ok;

		buf_free(&s.pdf);
		check_fail_alloc(n);
		ok = form_draw(s.desk, s.form, &s.in, &s.pdf, &s.e);
		check_fail_alloc(SIZE_MAX);
		failed += !ok;
		CHECK(ok ? str_eq(buf_view(&s.pdf), buf_view(&good)) : s.pdf.n == 0);
	}
	CHECK(failed > 0);
	buf_free(&good);
	studio_close(&s);
}
