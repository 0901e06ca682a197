/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Draws the documents judge.py looks at: draw FOLDER writes <case>.pdf and <case>.txt, the strings its page must
 * show, one a line (those behind a ! it must not).  draw FOLDER again must write the same bytes.
 */
#include <stdio.h>

#include "base/enc.h"
#include "base/hash.h"
#include "base/io.h"
#include "form/form.h"
#include "form/issuer.h"
#include "form/letters.h"

enum { DIGITS = 430, PDF_MAX = 4 << 20 };

struct sample {
	const char *name, *form, *language;
	const char *native, *latin, *sex, *class_word, *number, *association_zh, *association_en;
	const char *photo; /* of tests/paper/data */
};

#define LOCAL "示范省注册会计师协会", "Model Province Institute of CPAs"
#define NATIONAL "示范注册会计师协会", "Model Institute of Certified Public Accountants"
#define P "practising-certificate", "zh"
#define N "non-practising-certificate", "zh"
#define P_EN "practising-certificate", "en"
#define N_EN "non-practising-certificate", "en"

static const struct sample samples[] = {
	{ "plain", P, "吕绿", NULL, "F", "practising", "990000010001", LOCAL, NULL },
	{ "extension-c", P, "刘𫄧䶮", NULL, NULL, "practising", "990000010002", LOCAL, NULL },
	{ "extension-b", P, "李𬱖", NULL, "M", "practising", "990000010013", LOCAL, NULL },
	{ "extension-a", P, "王𤧛䶮㛃", NULL, "X", "practising", "990000010014", LOCAL, NULL },
	{ "minority", N, "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江", NULL, "M", "non_practising",
	  "N9900005", LOCAL, NULL },
	{ "fifty", N,
	  "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江·买买提依明·阿布都克里木·艾合买提江·沙吾提·克里木江",
	  NULL, NULL, "non_practising", "N9900015", LOCAL, NULL },
	{ "fifty-practising", P,
	  "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江·买买提依明·阿布都克里木·艾合买提江·沙吾提·克里木江",
	  NULL, "X", "practising", "990000010017", LOCAL, NULL },
	{ "one-signer", N, "陳大文", NULL, "M", "non_practising", "N9900007", NATIONAL, NULL },
	{ "plain-en", P_EN, "吕绿", "LYU LYU", NULL, "practising", "990000010001", LOCAL, NULL },
	{ "latin-only", N_EN, NULL, "Anne-Marie Siobhán O’Brien-Nguyễn", NULL, "non_practising",
	  "N9900008", NATIONAL, NULL },
	{ "long-latin", N_EN, "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江",
	  "ABDURAHMAN MAMATALI TURSUNNIYAZJAN ABDUKERIM", NULL, "non_practising", "N9900005", LOCAL,
	  NULL },
	{ "hyphens", P_EN, NULL, "AŞKIN D’ARCY ANNE-MARIE ANNE-MARIE", NULL, "practising",
	  "990000010016", LOCAL, NULL },
	{ "photo", P, "吕绿", NULL, "F", "practising", "990000010001", LOCAL, "tagged.jpg" },
	{ "photo-long-name", N, "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江", NULL, "M",
	  "non_practising", "N9900005", LOCAL, "palette.png" },
};

/* STR is no constant expression. */
#define FIXED(text)                                                                                \
	{                                                                                          \
		text, sizeof text - 1                                                              \
	}
static const struct fact constants[] = {
	{ FIXED("issuer.contact"), FIXED("registration@example.org") },
	{ FIXED("issuer.name_zh"), FIXED("示范注册会计师协会") },
	{ FIXED("issuer.name_en"), FIXED("Model Institute of Certified Public Accountants") },
	{ FIXED("issuer.id"), FIXED("verify.example.org") },
	{ FIXED("site.base"), FIXED("https://verify.example.org") },
	{ FIXED("site.host"), FIXED("verify.example.org") },
};

static bool fact(struct facts *f, const char *key, const char *value, struct err *e)
{
	return value == NULL || facts_add(f, str_of(key), str_of(value), e);
}

static bool facts_of(const struct sample *s, struct facts *f, struct err *e)
{
	bool zh = strcmp(s->language, "zh") == 0;

	f->count = 0;
	return fact(f, "admitted", "2020-02-29", e) && fact(f, "issued", "2026-11-23", e) &&
	       fact(f, "class", s->class_word, e) && fact(f, "member_no", s->number, e) &&
	       fact(f, zh ? "association_zh" : "association_en",
		    zh ? s->association_zh : s->association_en, e) &&
	       fact(f, "name_native", s->native, e) &&
	       fact(f, "name_latin", zh ? NULL : s->latin, e) && fact(f, "sex", s->sex, e);
}

static bool photo_add(const struct sample *s, struct facts *f, struct buf *file, struct buf *hex,
		      struct err *e)
{
	unsigned char hash[SHA256_SIZE];

	if (s->photo == NULL)
		return true;
	if (!io_read_in("tests/paper/data", s->photo, file, e))
		return false;
	sha256_of(buf_view(file), hash);
	enc_hex(hex, hash, sizeof hash);
	return buf_ok(hex, "a hash", e) && facts_add(f, STR("photo_sha256"), buf_view(hex), e);
}

/* A page of digits as long as a token's; what they mean is proof/'s business. */
static void digits_put(struct buf *out, const char *seed)
{
	unsigned state = 2166136261u;

	for (const char *c = seed; *c != 0; c++)
		state = (state ^ (unsigned char)*c) * 16777619u;
	buf_byte(out, '2');
	for (int i = 1; i < DIGITS; i++) {
		state = state * 1664525u + 1013904223u;
		buf_byte(out, (unsigned char)('0' + (state >> 24) % 10));
	}
}

struct studio {
	struct fonts *fonts;
	struct seals *seals;
	struct form_desk *desk;
};

/* What is drawn, whatever it is. */
struct order {
	const char *name, *form, *language;
	const struct facts *facts;
	struct str photo;
};

static bool draw(const struct studio *at, const struct order *o, struct buf *pdf, struct err *e)
{
	const struct form_constants all = { constants, COUNT_OF(constants), at->seals };
	struct buf token = buf_empty(1024), url = buf_empty(2048), credential = buf_empty(8192);
	struct form_notes notes = { .fell_back = false };
	struct form *form = NULL;
	bool ok = false;

	if (!form_open("templates", str_of(o->form), str_of(o->language), at->fonts, &all, &form,
		       e))
		goto out;
	digits_put(&token, o->name);
	buf_c(&url, "https://verify.example.org/#");
	buf_str(&url, buf_view(&token));
	facts_canonical(&credential, o->facts, NULL);
	struct form_input in = { .facts = o->facts,
				 .docid = STR("K7QM-4TXR-92HD-0VZ8"),
				 .token = buf_view(&token),
				 .url = buf_view(&url),
				 .credential = buf_view(&credential),
				 .photo = o->photo,
				 .issued_unix = 1795363200, /* 2026-11-23T00:00:00+08:00 */
				 .utc_offset_min = 480 };
	ok = form_check(at->desk, form, o->facts, &notes, e) &&
	     form_draw(at->desk, form, &in, pdf, e);
out:
	form_free(form);
	buf_free(&token);
	buf_free(&url);
	buf_free(&credential);
	return ok;
}

static bool draw_sample(const struct studio *at, const struct sample *s, struct buf *pdf,
			struct err *e)
{
	struct buf photo = buf_empty(PDF_MAX), photo_hash = buf_empty(2 * SHA256_SIZE);
	struct order o = { .name = s->name, .form = s->form, .language = s->language };
	struct facts facts;
	bool ok = facts_of(s, &facts, e) && photo_add(s, &facts, &photo, &photo_hash, e);

	o.facts = &facts;
	o.photo = buf_view(&photo);
	ok = ok && draw(at, &o, pdf, e);
	buf_free(&photo);
	buf_free(&photo_hash);
	return ok;
}

static bool draw_letter(const struct studio *at, const struct letter *l, struct buf *pdf,
			struct err *e)
{
	struct facts facts = { .count = 0 };
	const struct order o = { l->name, l->form, l->language, &facts, { NULL, 0 } };

	for (size_t i = 0; i < LETTER_FACTS && l->facts[i][0] != NULL; i++) {
		if (!fact(&facts, l->facts[i][0], l->facts[i][1], e))
			return false;
	}
	return draw(at, &o, pdf, e);
}

/* What a reader of the page must be able to copy from it. */
static void expected(const struct sample *s, struct buf *out)
{
	bool zh = strcmp(s->language, "zh") == 0;
	const char *all[] = { s->native,
			      zh ? NULL : s->latin,
			      s->number,
			      zh ? s->association_zh : s->association_en,
			      zh ? constants[1].value.p : constants[2].value.p,
			      zh ? "2020年2月29日" : "29 February 2020",
			      zh ? "2026年11月23日" : "23 November 2026",
			      "K7QM-4TXR-92HD-0VZ8",
			      "verify.example.org",
			      zh && s->sex == NULL ? "!性别" : NULL,
			      zh || s->native != NULL ? NULL : "!吕" };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (all[i] == NULL)
			continue;
		buf_c(out, all[i]);
		buf_byte(out, '\n');
	}
}

static void letter_expected(const struct letter *l, struct buf *out)
{
	for (size_t i = 0; i < LETTER_WORDS && l->says[i] != NULL; i++) {
		buf_c(out, l->says[i]);
		buf_byte(out, '\n');
	}
}

/* Sample or letter, the other NULL. */
static bool write_pages(const struct studio *at, const char *folder, const struct sample *s,
			const struct letter *l, struct err *e)
{
	struct buf pdf = buf_empty(PDF_MAX), text = buf_empty(8192);
	const char *base = s != NULL ? s->name : l->name;
	char name[64];
	bool ok = s != NULL ? draw_sample(at, s, &pdf, e) : draw_letter(at, l, &pdf, e);

	if (ok) {
		snprintf(name, sizeof name, "%s.pdf", base);
		ok = io_replace(folder, name, buf_view(&pdf), 0644, e);
	}
	if (ok) {
		if (s != NULL)
			expected(s, &text);
		else
			letter_expected(l, &text);
		snprintf(name, sizeof name, "%s.txt", base);
		ok = io_replace(folder, name, buf_view(&text), 0644, e);
	}
	buf_free(&pdf);
	buf_free(&text);
	return ok || err_in(e, "%s", base);
}

int main(int argc, char **argv)
{
	struct studio at = { 0 };
	struct err e = { 0 };
	char words[1024];
	int code = 1;

	if (argc != 2) {
		fputs("usage: draw FOLDER\n", stderr);
		return 2;
	}
	if (!fonts_open("fonts/fonts.json", &at.fonts, &e) ||
	    !issuer_seals(at.fonts, &at.seals, &e))
		goto out;
	at.desk = form_desk_new(at.fonts, &e);
	if (at.desk == NULL)
		goto out;
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		if (!write_pages(&at, argv[1], &samples[i], NULL, &e))
			goto out;
	}
	for (size_t i = 0; i < COUNT_OF(letters); i++) {
		if (!write_pages(&at, argv[1], NULL, &letters[i], &e))
			goto out;
	}
	code = 0;
out:
	if (code != 0)
		fprintf(stderr, "draw: %s\n", err_text(&e, words, sizeof words));
	form_desk_free(at.desk);
	seal_free(at.seals);
	fonts_free(at.fonts);
	return code;
}
