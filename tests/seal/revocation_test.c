/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/revocation.h"

#include "base/io.h"
#include "check.h"
#include "fuzz/revocation_vector.h"
#include "seal/cert.h"

enum { DAY = 86400 };

static struct revocation_asked vector_asked(void)
{
	struct revocation_asked asked = { .at = vector_time };
	struct err e;

	OK(cert_of_der(str_bytes(vector_cert, sizeof vector_cert), &asked.cert, &e), e);
	OK(cert_of_der(str_bytes(vector_issuer, sizeof vector_issuer), &asked.issuer, &e), e);
	return asked;
}

static bool judge(const struct revocation_asked *asked, struct str bytes,
		  struct revocation_answer *answer, struct err *e)
{
	*answer = (struct revocation_answer){ 0 };
	return bytes.p[0] == 1 ? revocation_crl(asked, str_skip(bytes, 1), answer, e)
			       : revocation_ocsp(asked, str_skip(bytes, 1), answer, e);
}

TEST(answers_about_a_revocation_are_judged)
{
	static const struct {
		const char *name;
		int64_t later;    /* s */
		const char *code; /* NULL: good */
	} cases[] = {
		{ "ocsp-none", 0, NULL },
		{ "ocsp-issuer", 0, NULL },
		{ "ocsp-checked", 0, NULL },
		{ "ocsp-none", DAY - 120, NULL },
		{ "ocsp-none", 2 * DAY, "SEAL-REVOCATION-STALE" },
		{ "ocsp-issuer", -120, NULL }, /* the responder's clock is a little ahead */
		{ "ocsp-none", -3600, "SEAL-REVOCATION-SIGNER" }, /* before his certificate */
		{ "ocsp-issuer", -3600, "SEAL-REVOCATION-STALE" },
		{ "ocsp-revoked", 0, "SEAL-REVOKED" },
		{ "ocsp-unknown", 0, "SEAL-REVOCATION-UNKNOWN" },
		{ "ocsp-stranger", 0, "SEAL-REVOCATION-SIGNER" },
		{ "ocsp-plain", 0, "SEAL-REVOCATION-SIGNER" },
		{ "ocsp-flipped", 0, "SEAL-REVOCATION-SIGNER" },
		{ "ocsp-other", 0, "SEAL-REVOCATION-FORM" },
		{ "ocsp-later", 0, "SEAL-REVOCATION-REFUSED" },
		{ "crl-none", 0, NULL },
		{ "crl-none", 31 * DAY, "SEAL-REVOCATION-STALE" },
		{ "crl-none", -3600, "SEAL-REVOCATION-STALE" },
		{ "crl-stale", 0, "SEAL-REVOCATION-STALE" },
		{ "crl-revoked", 0, "SEAL-REVOKED" },
		{ "crl-flipped", 0, "SEAL-REVOCATION-SIGNER" },
		{ "crl-other", 0, "SEAL-REVOCATION-SIGNER" },
		{ "crl-delta", 0, "SEAL-REVOCATION-FORM" },
		{ "crl-idp", 0, "SEAL-REVOCATION-FORM" },
		{ "crl-idpi", 0, "SEAL-REVOCATION-FORM" },
	};
	struct revocation_asked asked = vector_asked();
	struct buf b = buf_empty(1 << 16);
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct revocation_answer answer;
		bool ok;

		buf_clear(&b);
		OK(io_read_in("tests/fuzz/corpus/revocation", cases[i].name, &b, &e), e);
		asked.at = vector_time + cases[i].later;
		ok = judge(&asked, buf_view(&b), &answer, &e);
		if (cases[i].code == NULL) {
			OK(ok, e);
		} else {
			CHECK(!ok);
			EQ_C(e.code, cases[i].code);
		}
		X509_free(answer.responder);
	}
	X509_free(asked.cert);
	X509_free(asked.issuer);
	buf_free(&b);
}

TEST(no_bit_of_a_revoked_answer_makes_it_good)
{
	static const char *const names[] = { "ocsp-revoked", "ocsp-unknown", "crl-revoked",
					     "crl-stale" };
	struct revocation_asked asked = vector_asked();
	struct buf b = buf_empty(1 << 16);
	struct err e;

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		buf_clear(&b);
		OK(io_read_in("tests/fuzz/corpus/revocation", names[i], &b, &e), e);
		for (size_t at = 8; at < b.n * 8; at++) {
			struct revocation_answer answer;

			b.p[at / 8] ^= (char)(1 << (at % 8));
			if (judge(&asked, buf_view(&b), &answer, &e))
				EQ_INT(at, -1);
			X509_free(answer.responder);
			b.p[at / 8] ^= (char)(1 << (at % 8));
		}
	}
	X509_free(asked.cert);
	X509_free(asked.issuer);
	buf_free(&b);
}

TEST(where_to_ask_is_read_from_the_certificate)
{
	struct revocation_asked asked = vector_asked();
	char url[REVOCATION_URL_MAX];

	CHECK(revocation_ocsp_url(asked.cert, url));
	EQ_C(url, "http://127.0.0.1:9/ocsp/issuing");
	CHECK(revocation_crl_url(asked.cert, url));
	EQ_C(url, "http://127.0.0.1:9/crl/issuing");
	CHECK(!revocation_ocsp_url(asked.issuer, url));
	X509_free(asked.cert);
	X509_free(asked.issuer);
}
