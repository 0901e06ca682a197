/* SPDX-License-Identifier: Apache-2.0 */
/*
 * µs of CPU per step of one document, and documents a second and core: issue_bench HOME FONTS_JSON FEED.
 * The home must be a demo home nothing was issued from; nothing is written to it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/enc.h"
#include "base/io.h"
#include "issue/calling.h"
#include "issue/document.h"
#include "issue/forms.h"
#include "proof/docid.h"
#include "qr/qr.h"
#include "record/feed.h"

enum { WARM = 50 /* documents before the clock counts */ };

enum step { READ, FACTS, CHECK_FIT, TOKEN_QR, MAKE, STEPS };

static const char *const names[STEPS] = {
	[READ] = "read and check a record",
	[FACTS] = "facts, content hash, document id",
	[CHECK_FIT] = "check glyphs and fit",
	[TOKEN_QR] = "sign a token, make its QR symbol",
	[MAKE] = "make the document (token, QR, page, PDF, hash)",
};

struct bench {
	struct home *home;
	struct forms forms;
	struct associations associations;
	struct form_desk *desk;
	struct arena *arena;
	struct buf pdf;
	double us[STEPS];
	size_t records, documents, bytes;
};

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static bool token_and_code(struct bench *b, const struct store_document *row, struct err *e)
{
	struct token_payload p = { .type = (unsigned)row->type,
				   .docid_size = DOCID_SIZE,
				   .member_no = STR("990000010001"),
				   .name_native = STR("张晓明"),
				   .issued_day = 20780,
				   .has_admitted = true,
				   .admitted_day = 18321 };
	struct buf token = buf_empty(TOKEN_BYTES_MAX), digits = buf_empty(DECIMAL_DIGITS_MAX);
	struct qr_symbol symbol;
	bool ok = token_write(&p, b->home->signer, b->home->config.issuer, &token, e);

	if (ok) {
		enc_decimal(&digits, token.p, token.n);
		ok = qr_make(&symbol, STR("https://verify.example.org/#"), buf_view(&digits),
			     QR_VERSION_MAX, e);
	}
	buf_free(&token);
	buf_free(&digits);
	return ok;
}

static bool document_bench(struct bench *b, const struct form *form, const struct member *m,
			   struct err *e)
{
	const struct form_info *info = form_info(form);
	struct store_document row = { .type = info->token_type,
				      .lang = info->language,
				      .member_id = m->member_id,
				      .idx = (int64_t)b->documents };
	struct document_order order = {
		.home = b->home, .form = form, .row = &row, .as_of = 1795000000
	};
	struct docid_basis basis = { .type = info->token_type, .lang = info->language, .issue = 1 };
	struct form_notes notes;
	enum calling calling;
	struct facts facts;
	struct str missing;
	struct document_proof proof;
	double at[5];

	at[0] = cpu_us();
	if (!calling_facts(b->arena, m, info, (struct civil){ 2026, 11, 23 }, &facts, &calling,
			   &missing, e))
		return false;
	if (calling != CALLING_YES)
		return true;
	if (!facts_content_hash(&facts, info->id, (uint64_t)info->version, basis.content, e) ||
	    !docid_make(b->home->signer, &basis, DOCID_SIZE, row.docid, e))
		return false;
	order.facts = &facts;
	at[1] = cpu_us();
	if (!form_check(b->desk, form, &facts, &notes, e))
		return e->kind == ERR_INPUT;
	at[2] = cpu_us();
	if (!token_and_code(b, &row, e))
		return false;
	at[3] = cpu_us();
	buf_clear(&b->pdf);
	if (!document_make(b->desk, &order, &b->pdf, &proof, e))
		return false;
	at[4] = cpu_us();
	if (b->documents++ < WARM)
		return true;
	for (int step = FACTS; step < STEPS; step++)
		b->us[step] += at[step - FACTS + 1] - at[step - FACTS];
	b->bytes += b->pdf.n;
	return true;
}

static bool feed_bench(struct bench *b, const char *path, struct err *e)
{
	const struct member_rules rules = { .associations = &b->associations };
	struct feed *feed;
	struct feed_item item;
	bool end = false, ok = true;

	if (!feed_open(&feed, &path, 1, &rules, e))
		return false;
	while (ok) {
		double began = cpu_us();

		arena_reset(b->arena);
		ok = feed_next(feed, b->arena, &item, &end, e);
		if (!ok || end)
			break;
		b->us[READ] += cpu_us() - began;
		b->records++;
		for (size_t i = 0; ok && item.member != NULL && i < b->forms.count; i++)
			ok = document_bench(b, b->forms.items[i], item.member, e);
	}
	feed_close(feed);
	return ok;
}

static bool bench_open(struct bench *b, struct arena *a, char **argv, struct err *e)
{
	struct buf text = buf_empty(1 << 22);
	struct str kept;
	bool ok = home_open(a, argv[1], HOME_READ, &b->home, e) && home_unlock(b->home, -1, e) &&
		  forms_open(b->home, argv[2], FORMS_ALL, &b->forms, e) &&
		  io_read_in(argv[1], "associations.json", &text, e) &&
		  arena_str(a, buf_view(&text), &kept, e) &&
		  associations_read(a, kept, &b->associations, e);

	buf_free(&text);
	b->desk = ok ? form_desk_new(b->forms.fonts, e) : NULL;
	b->arena = arena_new(1 << 26);
	b->pdf = buf_empty(1 << 26);
	return b->desk != NULL && b->arena != NULL;
}

static void bench_print(const struct bench *b)
{
	double counted = (double)(b->documents - WARM), document;
	struct rusage usage;

	printf("%-50s %9.1f us\n", names[READ], b->us[READ] / (double)b->records);
	for (int step = FACTS; step < STEPS; step++)
		printf("%-50s %9.1f us\n", names[step], b->us[step] / counted);
	document = (b->us[FACTS] + b->us[CHECK_FIT] + b->us[MAKE]) / counted;
	getrusage(RUSAGE_SELF, &usage);
	printf("%-50s %9.1f us\n", "a document, from its record to its bytes", document);
	printf("%-50s %9.0f documents/s/core\n", "unsealed, without log leaf, not written",
	       1e6 / document);
	printf("%-50s %9.0f bytes\n", "a document", (double)b->bytes / counted);
	printf("%-50s %9ld KB\n", "largest memory", usage.ru_maxrss);
}

int main(int argc, char **argv)
{
	struct bench b = { .records = 0 };
	struct arena *a = arena_new(1 << 26);
	char words[1024];
	struct err e;
	bool ok;

	if (argc != 4 || a == NULL) {
		fprintf(stderr, "usage: issue_bench HOME FONTS_JSON FEED\n");
		return 2;
	}
	ok = bench_open(&b, a, argv, &e) && feed_bench(&b, argv[3], &e) && b.documents > WARM;
	if (ok)
		bench_print(&b);
	else
		fprintf(stderr, "issue_bench: %s\n", err_text(&e, words, sizeof words));
	form_desk_free(b.desk);
	forms_close(&b.forms);
	home_close(b.home);
	arena_free(b.arena);
	buf_free(&b.pdf);
	arena_free(a);
	return ok ? 0 : 3;
}
