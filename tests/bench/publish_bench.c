/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a publish costs when the log grows by many documents at once, CPU by step: publish_bench HOME SITE [DOCUMENTS].
 * HOME must be a demo home nothing was issued from.  Its documents are rows with invented commitments, without pages:
 * only the public half is measured.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "issue/edition.h"
#include "issue/mirror.h"
#include "proof/lookup.h"

enum { DOCUMENTS = 400000, TOKEN_SIZE = 150 };

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void show(const char *what, double from, int64_t count)
{
	double s = cpu_s() - from;
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	printf("%-44s %7.2f s CPU  %6.2f us each  (peak memory %ld MB)\n", what, s,
	       s * 1e6 / (double)count, use.ru_maxrss / 1024);
}

static bool row_add(struct store *s, int64_t i, struct err *e)
{
	unsigned char token[TOKEN_SIZE] = { 0x84 };
	struct store_document d = { .member_id = STR("m"),
				    .form = STR("practising-certificate"),
				    .family = STR("certificate"),
				    .lang = STR("zh"),
				    .type = 1,
				    .issue_no = i + 1,
				    .batch = 1,
				    .sequence = i,
				    .facts = STR("{}"),
				    .token = str_bytes(token, sizeof token) };
	unsigned char number[8];
	struct str part = str_bytes(number, sizeof number);

	u64_be((uint64_t)i, number);
	memcpy(token + 1, number, sizeof number);
	sha256_labelled("bench/token", &part, 1, d.c_token);
	sha256_labelled("bench/pdf", &part, 1, d.c_pdf);
	memcpy(d.docid, d.c_token, DOCID_SIZE);
	lookup_digest(str_bytes(d.docid, DOCID_SIZE), d.lookup);
	return store_document_add(s, &d, e) && store_document_place(s, d.docid, i, e) &&
	       store_document_made(s, &d, e);
}

static bool rows_add(struct store *s, int64_t count, struct err *e)
{
	const struct store_member m = { .member_id = STR("m"),
					.member_no = STR("1"),
					.record = STR("{}") };
	const struct store_batch b = {
		.id = 1, .state = BATCH_MADE, .as_of = time(NULL), .slots = count
	};

	if (!store_begin(s, e) || !store_member_put(s, &m, e) || !store_batch_add(s, &b, e))
		return false;
	for (int64_t i = 0; i < count; i++)
		if (!row_add(s, i, e))
			return false;
	return store_commit(s, e);
}

static bool bench(struct home *h, const char *to, int64_t count, struct err *e)
{
	struct store_batch batch;
	struct store_edition edition;
	struct edition_order order = { .home = h, .env = &env_system, .batch = &batch };
	const char *site;
	size_t files;
	double from;
	bool found;

	if (!rows_add(h->store, count, e) || !store_batch_lookup(h->store, 1, &batch, &found, e) ||
	    !home_path(h, "site", &site, e))
		return false;
	from = cpu_s();
	if (!edition_make(&order, &edition, e))
		return false;
	show("append, sign, buckets (edition)", from, count);
	/* There are no pages to release. */
	if (!store_batch_lookup(h->store, 1, &batch, &found, e) ||
	    !store_batch_move(h->store, 1, BATCH_DONE, batch.manifest, e))
		return false;
	from = cpu_s();
	if (!mirror_site(site, to, &files, e))
		return false;
	show("copy to the site", from, count);
	from = cpu_s();
	order.batch = NULL;
	order.journal = true;
	if (!edition_make(&order, &edition, e) || !mirror_site(site, to, &files, e))
		return false;
	show("one more edition, one line", from, 1);
	return true;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new(1 << 28);
	int64_t count = argc > 3 ? atoll(argv[3]) : DOCUMENTS;
	struct home *home = NULL;
	struct err e = { 0 };
	char text[1024];
	bool ok;

	if (argc < 3 || a == NULL || count < 1)
		return 2;
	ok = home_open(a, argv[1], HOME_WRITE, &home, &e) && home_unlock(home, -1, &e) &&
	     bench(home, argv[2], count, &e);
	if (!ok) {
		err_text(&e, text, sizeof text);
		fprintf(stderr, "publish_bench: %s\n", text);
	}
	home_close(home);
	arena_free(a);
	return ok ? 0 : 3;
}
