/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "seal/check.h"
#include "seal/pdf.h"
#include "seal/pdf_append.h"

/* An anchor that no input's certificate comes from: nothing is ever good. */
static struct str anchor(void)
{
	static char text[4096];
	static size_t n;

	if (n == 0) {
		EVP_PKEY *key = EVP_EC_gen("P-256");
		X509 *x = X509_new();
		BIO *bio = BIO_new(BIO_s_mem());

		if (key == NULL || x == NULL || bio == NULL || X509_set_pubkey(x, key) != 1)
			abort();
		X509_gmtime_adj(X509_getm_notBefore(x), 0);
		X509_gmtime_adj(X509_getm_notAfter(x), 86400);
		if (X509_sign(x, key, EVP_sha256()) <= 0 || PEM_write_bio_X509(bio, x) != 1)
			abort();
		n = (size_t)BIO_read(bio, text, sizeof text);
		BIO_free(bio);
		X509_free(x);
		EVP_PKEY_free(key);
	}
	return (struct str){ text, n };
}

/* Objects lie in the file, one behind another, and their revisions too. */
static void check_places(const struct pdf *p)
{
	size_t end = 0;

	for (size_t r = 0; r < p->count; r++) {
		const struct pdf_revision *rev = &p->revisions[r];

		if (rev->begin < end || rev->xref < rev->begin || rev->end < rev->xref)
			abort();
		end = rev->end;
		for (size_t i = 0; i < rev->count; i++) {
			const struct pdf_object *ob = &rev->objects[i];

			if (ob->begin < rev->begin || ob->end <= ob->begin || ob->end > rev->xref)
				abort();
			if (i > 0 && ob->number <= rev->objects[i - 1].number)
				abort();
		}
	}
	if (p->count == 0 || end != p->bytes.n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *a;
	static struct buf out = { .max = 1 << 20 };
	const struct signature signature = { .name = STR("x"), .hole = 100 };
	const struct pdf_append_plan second = { .signature = &signature };
	const struct check_plan plan = { .anchors = anchor(), .at = 1795363200 };
	struct str bytes = str_bytes(data, size);
	struct check_report report;
	struct signature_space space;
	struct err e = { 0 };
	struct pdf pdf;

	if (a == NULL)
		a = arena_new(PDF_ARENA_MAX);
	if (a == NULL)
		abort();
	if (pdf_open(a, bytes, &pdf, &e))
		check_places(&pdf);
	else if (e.kind != ERR_INPUT)
		abort();
	arena_reset(a);
	buf_clear(&out);
	if (pdf_append(a, bytes, &second, &out, &space, &e) &&
	    !pdf_open(a, buf_view(&out), &pdf, &e))
		abort();
	arena_reset(a);
	if (!check_run(a, bytes, &plan, &report, &e) || report.failed == CHECK_NONE)
		abort();
	arena_reset(a);
	return 0;
}
