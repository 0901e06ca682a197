/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/check.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "check.h"
#include "seal/pdf.h"

/* What needs no seal; seals and attacks on them are judged by tests/seal/attacks.py. */

static const char unsealed[] = "%PDF-1.7\n"
			       "1 0 obj\n<</Type /Catalog>>\nendobj\n"
			       "xref\n0 2\n0000000000 65535 f\r\n0000000009 00000 n\r\n"
			       "trailer\n<</Size 2 /Root 1 0 R>>\nstartxref\n43\n%%EOF\n";

/* A certificate of nobody, as PEM. */
static bool anchor(struct buf *out)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;
	bool ok = key != NULL && x != NULL && bio != NULL;

	if (ok) {
		X509_set_version(x, X509_VERSION_3);
		ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
		X509_gmtime_adj(X509_getm_notBefore(x), 0);
		X509_gmtime_adj(X509_getm_notAfter(x), 86400);
		X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
					   (const unsigned char *)"nobody", -1, -1, 0);
		X509_set_issuer_name(x, X509_get_subject_name(x));
		X509_set_pubkey(x, key);
		ok = X509_sign(x, key, EVP_sha256()) > 0 && PEM_write_bio_X509(bio, x) == 1;
	}
	if (ok) {
		n = BIO_get_mem_data(bio, &text);
		buf_put(out, text, (size_t)n);
	}
	BIO_free(bio);
	X509_free(x);
	EVP_PKEY_free(key);
	return CHECK(ok);
}

TEST(every_check_has_a_name_of_its_own)
{
	for (int i = 1; i < CHECK_CODES; i++) {
		CHECK(str_starts(str_of(check_name((enum check_code)i)), STR("SEAL-")));
		for (int k = 1; k < i; k++)
			CHECK(strcmp(check_name((enum check_code)i),
				     check_name((enum check_code)k)) != 0);
	}
	EQ_C(check_name(CHECK_NONE), "");
}

TEST(a_file_without_a_seal_is_never_good)
{
	static const struct {
		const char *pdf;
		enum check_code want;
	} cases[] = { { "", CHECK_FRAME },
		      { "%PDF-1.7\n", CHECK_FRAME },
		      { "no PDF", CHECK_FRAME },
		      { unsealed, CHECK_CERTIFIED } };
	struct buf pem = buf_empty(4096);
	struct arena *a = arena_new(PDF_ARENA_MAX);

	anchor(&pem);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct check_plan plan = { .anchors = buf_view(&pem), .at = 1795363200 };
		struct check_report report;
		struct err e = { 0 };

		OK(check_run(a, str_of(cases[i].pdf), &plan, &report, &e), e);
		EQ_INT(report.failed, cases[i].want);
		EQ_INT(report.seal_count, 0);
		CHECK(report.findings[cases[i].want].words[0] != '\0');
	}
	arena_free(a);
	buf_free(&pem);
}

TEST(anchors_that_are_none_are_trouble_and_no_answer)
{
	const struct check_plan plan = { .anchors = STR("no certificate") };
	struct arena *a = arena_new(PDF_ARENA_MAX);
	struct check_report report;
	struct err e = { 0 };

	CHECK(!check_run(a, str_of(unsealed), &plan, &report, &e));
	CHECK(e.kind != ERR_NONE);
	arena_free(a);
}

TEST(what_the_issuer_published_decides_the_record)
{
	struct buf pem = buf_empty(4096);
	struct arena *a = arena_new(PDF_ARENA_MAX);
	unsigned char hash[SHA256_SIZE];
	struct check_plan plan = { .at = 1795363200, .file_sha256 = hash };
	struct check_report report;
	struct err e = { 0 };

	anchor(&pem);
	plan.anchors = buf_view(&pem);
	sha256_of(str_of(unsealed), hash);
	OK(check_run(a, str_of(unsealed), &plan, &report, &e), e);
	EQ_INT(report.findings[CHECK_RECORD].outcome, CHECK_PASSED);
	hash[0] ^= 1;
	OK(check_run(a, str_of(unsealed), &plan, &report, &e), e);
	EQ_INT(report.findings[CHECK_RECORD].outcome, CHECK_FAILED);
	arena_free(a);
	buf_free(&pem);
}
