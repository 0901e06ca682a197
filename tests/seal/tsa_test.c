/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/tsa.h"

#include "base/io.h"
#include "check.h"
#include "fuzz/tsa_vector.h"
#include "seal/cert.h"
#include "seal/der.h"

static struct tsa_request vector_request(void)
{
	struct tsa_request r = { .policy = { 0 } };

	memcpy(r.sha256, vector_imprint, sizeof r.sha256);
	memcpy(r.nonce, vector_nonce, sizeof r.nonce);
	return r;
}

static struct str corpus(const char *name, struct buf *out)
{
	struct err e;

	buf_clear(out);
	OK(io_read_in("tests/fuzz/corpus/tsa", name, out, &e), e);
	return buf_view(out);
}

TEST(a_request_is_as_the_standard_has_it)
{
	struct tsa_request r = vector_request();
	struct buf out = buf_empty(1000), want = buf_empty(1000);
	struct err e;

	OK(io_read("tests/fuzz/corpus/der/query", &want, &e), e);
	OK(tsa_request(&r, &out, &e), e);
	EQ_STR(buf_view(&out), buf_view(&want));
	buf_clear(&out);
	r.policy = STR("\x2a\x03");
	OK(tsa_request(&r, &out, &e), e);
	OK(der_check(buf_view(&out), &e), e);
	EQ_INT(out.n, want.n + 4);
	buf_free(&out);
	buf_free(&want);
}

TEST(replies_of_a_time_stamp_service_are_judged)
{
	static const struct {
		const char *name, *code; /* NULL: taken */
	} cases[] = {
		{ "granted", NULL },
		{ "granted-p256", NULL },
		{ "accuracy-none", NULL },
		{ "early", "SEAL-NOT-YET" },
		{ "nonce", "SEAL-TSA-NONCE" },
		{ "no-nonce", "SEAL-TSA-NONCE" },
		{ "imprint", "SEAL-TSA-IMPRINT" },
		{ "purpose", "SEAL-PURPOSE" },
		{ "stranger", "SEAL-UNTRUSTED" },
		{ "no-certificate", "SEAL-TSA-SIGNER" },
		{ "unnamed", "SEAL-TSA-SIGNER" },
		{ "flipped", "SEAL-TSA-SIGNER" },
		{ "two-signers", "SEAL-TSA-SIGNER" },
		{ "sha1", "SEAL-WEAK" },
		{ "trailing", "SEAL-TSA-FORM" },
		{ "old-attribute", "SEAL-TSA-CUT" },
		{ "truncated", "SEAL-TSA-CUT" },
		{ "refuse", "SEAL-TSA-REFUSED" },
		{ "token", "SEAL-TSA-FORM" },
	};
	struct tsa_request r = vector_request();
	STACK_OF(X509) *roots = NULL, *path;
	struct buf b = buf_empty(1 << 16);
	struct err e;

	OK(cert_load(str_bytes(vector_root, sizeof vector_root), &roots, &e), e);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str bytes = corpus(cases[i].name, &b);
		struct tsa_stamp stamp;
		bool ok = tsa_reply_read(bytes, &r, &stamp, &e) &&
			  tsa_token_check(&stamp, NULL, roots, &path, &e);

		if (cases[i].code == NULL) {
			OK(ok, e);
			if (!ok)
				continue;
			EQ_INT(sk_X509_num(path), 2);
			EQ_INT(tsa_skew(&stamp, stamp.time + 298, &e), true);
			EQ_INT(tsa_skew(&stamp, stamp.time - 298, &e), true);
			CHECK(!tsa_skew(&stamp, stamp.time + 301, &e));
			EQ_C(e.code, "SEAL-TSA-SKEW");
			CHECK(!tsa_skew(&stamp, stamp.time - 301, &e));
			cert_stack_free(path);
		} else {
			CHECK(!ok);
			EQ_C(e.code, cases[i].code);
		}
	}
	cert_stack_free(roots);
	buf_free(&b);
}

TEST(a_token_is_read_alone)
{
	struct buf b = buf_empty(1 << 16);
	struct tsa_stamp stamp;
	struct err e;

	OK(tsa_token_read(corpus("token", &b), &stamp, &e), e);
	EQ_STR(stamp.imprint, str_bytes(vector_imprint, sizeof vector_imprint));
	EQ_INT(stamp.accuracy_ms, 1500);
	EQ_INT(stamp.nonce.n, 9);
	CHECK(!tsa_token_read(corpus("granted", &b), &stamp, &e));
	EQ_C(e.code, "SEAL-TSA-FORM");
	buf_free(&b);
}

TEST(no_bit_of_a_reply_can_be_changed)
{
	struct tsa_request r = vector_request();
	STACK_OF(X509) *roots = NULL, *path;
	struct buf b = buf_empty(1 << 16);
	struct str bytes = corpus("accuracy-none", &b);
	size_t taken = 0;
	struct err e;

	OK(cert_load(str_bytes(vector_root, sizeof vector_root), &roots, &e), e);
	for (size_t i = 0; i < bytes.n; i++) {
		struct tsa_stamp stamp;

		b.p[i] ^= 1;
		if (tsa_reply_read(bytes, &r, &stamp, &e) &&
		    tsa_token_check(&stamp, NULL, roots, &path, &e)) {
			taken++;
			cert_stack_free(path);
		}
		b.p[i] ^= 1;
	}
	/* What nobody signs: granted, or granted with changes; two versions. */
	EQ_INT(taken, 3);
	cert_stack_free(roots);
	buf_free(&b);
}
