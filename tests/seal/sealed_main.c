/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed documents for programs that judge them:
 *   sealed draw OUT.pdf FORM LANG [key=value]…    a document with a hole; prints "hole behind length second"
 *   sealed fill FILE.pdf OUT.pdf HOLE BEHIND CMS  the CMS written into the hole
 *   sealed second FILE.pdf OUT.pdf NAME HOLE      the revision of a second seal; prints "hole behind length"
 *   sealed check FILE.pdf ANCHORS.pem UNIX B-B|B-T|B-LT [SHA256]    what check_run says, "CODE words" a line
 *   sealed sweep FILE.pdf ANCHORS.pem UNIX LEVEL STEP   every STEPth byte changed, and all of /Contents: which pass
 * Keys of draw: hole=BYTES, second=yes, form=pkcs7, national=yes (one association), cert=FILE, ocsp=FILE, crl=FILE.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/enc.h"
#include "base/io.h"
#include "form/form.h"
#include "form/issuer.h"
#include "seal/check.h"
#include "seal/pdf.h"
#include "seal/pdf_append.h"

enum { DIGITS = 430, PDF_MAX = 8 << 20, PARTS_MAX = 16 };

struct parts {
	struct buf bytes[PARTS_MAX];
	struct str views[PARTS_MAX];
	size_t count;
};

struct order {
	struct signature signature;
	struct parts certs, ocsps, crls;
	bool national, plain;
};

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

static bool part_add(struct parts *parts, const char *path, struct err *e)
{
	struct buf *b = &parts->bytes[parts->count];

	if (parts->count == PARTS_MAX)
		return err_usage(e, "too many files");
	*b = buf_empty(1 << 20);
	if (!io_read(path, b, e))
		return false;
	parts->views[parts->count++] = buf_view(b);
	return true;
}

static bool option_read(struct order *o, const char *text, struct err *e)
{
	const char *value = strchr(text, '=');
	struct str key = { text, value == NULL ? 0 : (size_t)(value - text) };

	if (value == NULL)
		return err_usage(e, "%s is no key=value", text);
	value++;
	if (str_eq(key, STR("hole")))
		o->signature.hole = (size_t)strtoul(value, NULL, 10);
	else if (str_eq(key, STR("second")))
		o->signature.second = true;
	else if (str_eq(key, STR("national")))
		o->national = true;
	else if (str_eq(key, STR("plain")))
		o->plain = true;
	else if (str_eq(key, STR("form")))
		o->signature.form = SIGNATURE_PKCS7;
	else if (str_eq(key, STR("reason")))
		o->signature.reason = str_of(value);
	else if (str_eq(key, STR("cert")))
		return part_add(&o->certs, value, e);
	else if (str_eq(key, STR("ocsp")))
		return part_add(&o->ocsps, value, e);
	else if (str_eq(key, STR("crl")))
		return part_add(&o->crls, value, e);
	else
		return err_usage(e, "unknown key in %s", text);
	return true;
}

static bool facts_make(const struct order *o, bool zh, struct facts *f, struct err *e)
{
	const char *association =
		zh ? (o->national ? "示范注册会计师协会" : "示范省注册会计师协会")
		   : (o->national ? "Model Institute of Certified Public Accountants"
				  : "Model Province Institute of CPAs");

	f->count = 0;
	return facts_add(f, STR("admitted"), STR("2020-02-29"), e) &&
	       facts_add(f, STR("issued"), STR("2026-11-23"), e) &&
	       facts_add(f, STR("class"), STR("practising"), e) &&
	       facts_add(f, STR("member_no"), STR("990000010001"), e) &&
	       facts_add(f, zh ? STR("association_zh") : STR("association_en"), str_of(association),
			 e) &&
	       facts_add(f, STR("name_native"), STR("刘𫄧䶮"), e) &&
	       (zh || facts_add(f, STR("name_latin"), STR("LIU Xuanyan"), e));
}

static bool draw(const struct order *o, struct form_desk *desk, const struct form *form,
		 struct buf *pdf, struct err *e)
{
	struct buf url = buf_empty(2048), credential = buf_empty(8192);
	bool zh = str_eq(form_info(form)->language, STR("zh")), ok;
	struct facts facts;
	struct str token;

	buf_c(&url, "https://verify.example.org/#");
	for (int i = 0; i < DIGITS; i++)
		buf_byte(&url, (unsigned char)('1' + i * 7 % 9));
	token = str_skip(buf_view(&url), url.n - DIGITS);
	ok = facts_make(o, zh, &facts, e);
	facts_canonical(&credential, &facts, NULL);
	struct form_input in = { .facts = &facts,
				 .docid = STR("K7QM-4TXR-92HD-0VZ8"),
				 .token = token,
				 .url = buf_view(&url),
				 .credential = buf_view(&credential),
				 .issued_unix = 1795363200, /* 2026-11-23T00:00:00+08:00 */
				 .utc_offset_min = 480,
				 .signature = o->plain ? NULL : &o->signature };
	ok = ok && form_draw(desk, form, &in, pdf, e);
	buf_free(&url);
	buf_free(&credential);
	return ok;
}

static bool write_out(const char *path, struct str bytes, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct arena *a = arena_new(1 << 16);
	struct str dir;
	bool ok = a != NULL;

	if (ok && slash != NULL)
		ok = arena_str(a, (struct str){ path, (size_t)(slash - path) }, &dir, e) &&
		     io_replace(dir.p, slash + 1, bytes, 0644, e);
	else if (ok)
		ok = io_replace(".", path, bytes, 0644, e);
	arena_free(a);
	return ok;
}

static bool draw_command(int argc, char **argv, struct err *e)
{
	struct order o = { .signature = { .name = STR("示范注册会计师协会"), .hole = 8192 } };
	struct signature_evidence *ev = &o.signature.evidence;
	struct buf pdf = buf_empty(PDF_MAX);
	struct form_constants all = { constants, COUNT_OF(constants), NULL };
	struct signature_space space;
	struct fonts *fonts = NULL;
	struct seals *seals = NULL;
	struct form_desk *desk = NULL;
	struct form *form = NULL;
	bool ok = false;

	for (int i = 5; i < argc; i++) {
		if (!option_read(&o, argv[i], e))
			goto out;
	}
	*ev = (struct signature_evidence){ .certs = o.certs.views,
					   .ocsps = o.ocsps.views,
					   .crls = o.crls.views,
					   .cert_count = o.certs.count,
					   .ocsp_count = o.ocsps.count,
					   .crl_count = o.crls.count };
	if (!fonts_open("fonts/fonts.json", &fonts, e) || !issuer_seals(fonts, &seals, e))
		goto out;
	all.seals = seals;
	desk = form_desk_new(fonts, e);
	ok = desk != NULL &&
	     form_open("templates", str_of(argv[3]), str_of(argv[4]), fonts, &all, &form, e) &&
	     draw(&o, desk, form, &pdf, e) && write_out(argv[2], buf_view(&pdf), e);
	if (ok) {
		space = form_space(desk);
		printf("%zu %zu %zu %d\n", space.hole, space.behind, space.length,
		       form_second(desk));
	}
out:
	form_free(form);
	form_desk_free(desk);
	seal_free(seals);
	fonts_free(fonts);
	buf_free(&pdf);
	for (size_t i = 0; i < PARTS_MAX; i++) {
		buf_free(&o.certs.bytes[i]);
		buf_free(&o.ocsps.bytes[i]);
		buf_free(&o.crls.bytes[i]);
	}
	return ok;
}

static bool fill_command(char **argv, struct err *e)
{
	struct buf pdf = buf_empty(PDF_MAX), cms = buf_empty(1 << 20);
	struct signature_space space = { .hole = strtoul(argv[4], NULL, 10),
					 .behind = strtoul(argv[5], NULL, 10) };
	bool ok = io_read(argv[2], &pdf, e) && io_read(argv[6], &cms, e);

	space.length = pdf.n;
	ok = ok && signature_fill(pdf.p, &space, buf_view(&cms), e) &&
	     write_out(argv[3], buf_view(&pdf), e);
	buf_free(&pdf);
	buf_free(&cms);
	return ok;
}

static bool second_command(char **argv, struct err *e)
{
	struct buf pdf = buf_empty(PDF_MAX), out = buf_empty(PDF_MAX);
	const struct signature signature = { .name = str_of(argv[4]),
					     .hole = strtoul(argv[5], NULL, 10) };
	const struct pdf_append_plan plan = { .signature = &signature,
					      .unix_s = 1795363260,
					      .utc_offset_min = 480 };
	struct arena *a = arena_new(PDF_ARENA_MAX);
	struct signature_space space;
	bool ok = a != NULL && io_read(argv[2], &pdf, e) &&
		  pdf_append(a, buf_view(&pdf), &plan, &out, &space, e) &&
		  write_out(argv[3], buf_view(&out), e);

	if (ok)
		printf("%zu %zu %zu\n", space.hole, space.behind, space.length);
	arena_free(a);
	buf_free(&pdf);
	buf_free(&out);
	return ok;
}

static enum check_level level_of(const char *name)
{
	for (enum check_level l = CHECK_B_B; l < CHECK_B_LT; l++) {
		if (strcmp(check_level_name(l), name) == 0)
			return l;
	}
	return CHECK_B_LT;
}

static void report_print(const struct check_report *r)
{
	static const char *const outcomes[] = { "open", "passed", "failed" };

	printf("%s\n", r->failed == CHECK_NONE ? "GOOD" : check_name(r->failed));
	for (size_t i = 0; i < r->seal_count; i++)
		printf("# %s by %s, %s, says %lld, stamped %lld\n", r->seals[i].field,
		       r->seals[i].who, check_level_name(r->seals[i].level),
		       (long long)r->seals[i].claimed, (long long)r->seals[i].stamped);
	for (int i = 1; i < CHECK_CODES; i++)
		printf("# %s %s %s\n", check_name((enum check_code)i),
		       outcomes[r->findings[i].outcome], r->findings[i].words);
}

/* Copies with one byte changed, one after another; none may be found good. */
static bool sweep_command(char **argv, struct err *e)
{
	struct buf pdf = buf_empty(PDF_BYTES_MAX), anchors = buf_empty(1 << 20);
	struct arena *a = arena_new(PDF_ARENA_MAX);
	struct check_plan plan = { .at = strtoll(argv[4], NULL, 10), .level = level_of(argv[5]) };
	size_t step = strtoul(argv[6], NULL, 10), tried = 0, good = 0, from, to;
	struct check_report report;
	bool ok =
		a != NULL && step > 0 && io_read(argv[2], &pdf, e) && io_read(argv[3], &anchors, e);

	plan.anchors = buf_view(&anchors);
	from = ok ? str_find(buf_view(&pdf), STR("/Contents <"), 0) : 0;
	to = ok ? str_find(buf_view(&pdf), STR("00000000000000000000"), from) : 0;
	for (size_t i = 0, next; ok && i < pdf.n; i = next) {
		static const unsigned char masks[] = { 0x01, 0x20, 0x80 };

		for (size_t m = 0; ok && m < COUNT_OF(masks); m++) {
			pdf.p[i] = (char)(pdf.p[i] ^ masks[m]);
			arena_reset(a);
			ok = check_run(a, buf_view(&pdf), &plan, &report, e);
			pdf.p[i] = (char)(pdf.p[i] ^ masks[m]);
			tried++;
			if (!ok || report.failed != CHECK_NONE)
				continue;
			good++;
			printf("# byte %zu ^ %02x passes\n", i, masks[m]);
		}
		next = i >= from && i < to ? i + 1 : i + step;
		if (i < from && next > from)
			next = from;
	}
	if (ok)
		printf("%zu tried, %zu passed\n", tried, good);
	arena_free(a);
	buf_free(&pdf);
	buf_free(&anchors);
	return ok;
}

static bool check_command(int argc, char **argv, struct err *e)
{
	struct buf pdf = buf_empty(PDF_BYTES_MAX), anchors = buf_empty(1 << 20);
	struct arena *a = arena_new(PDF_ARENA_MAX);
	unsigned char sha256[SHA256_SIZE];
	struct check_plan plan = { .at = strtoll(argv[4], NULL, 10), .level = level_of(argv[5]) };
	struct check_report report;
	bool ok = a != NULL && io_read(argv[2], &pdf, e) && io_read(argv[3], &anchors, e);

	plan.anchors = buf_view(&anchors);
	if (ok && argc == 7) {
		ok = enc_unhex(str_of(argv[6]), sha256, sizeof sha256);
		plan.file_sha256 = sha256;
	}
	ok = ok && check_run(a, buf_view(&pdf), &plan, &report, e);
	if (ok)
		report_print(&report);
	arena_free(a);
	buf_free(&pdf);
	buf_free(&anchors);
	return ok;
}

int main(int argc, char **argv)
{
	struct err e = { 0 };
	char words[1024];
	bool ok;

	if (argc >= 5 && strcmp(argv[1], "draw") == 0) {
		ok = draw_command(argc, argv, &e);
	} else if (argc == 7 && strcmp(argv[1], "fill") == 0) {
		ok = fill_command(argv, &e);
	} else if (argc == 6 && strcmp(argv[1], "second") == 0) {
		ok = second_command(argv, &e);
	} else if (argc >= 6 && argc <= 7 && strcmp(argv[1], "check") == 0) {
		ok = check_command(argc, argv, &e);
	} else if (argc == 7 && strcmp(argv[1], "sweep") == 0) {
		ok = sweep_command(argv, &e);
	} else {
		fputs("usage: sealed draw OUT.pdf FORM LANG [key=value]… | fill FILE.pdf OUT.pdf HOLE BEHIND CMS | second FILE.pdf OUT.pdf NAME HOLE | check FILE.pdf ANCHORS.pem UNIX LEVEL [SHA256] | sweep FILE.pdf ANCHORS.pem UNIX LEVEL STEP\n",
		      stderr);
		return 2;
	}
	if (!ok)
		fprintf(stderr, "sealed: %s\n", err_text(&e, words, sizeof words));
	return ok ? 0 : 1;
}
