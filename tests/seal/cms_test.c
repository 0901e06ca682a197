/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "seal/cms.h"

#include <openssl/cms.h>

#include "seal/cert.h"
#include "seal/der.h"
#include "seal/ess.h"
#include "world.h"

/* Leaf, issuing authority and root of the PKI's seal p256. */
static STACK_OF(X509) * path_load(void)
{
	struct buf text = buf_empty(1 << 16);
	STACK_OF(X509) *path = NULL;
	struct err e;

	if (!OK(cert_load(world_file("p256.chain", &text), &path, &e), e))
		abort();
	buf_free(&text);
	return path;
}

static bool holds(struct str cms, X509 *x)
{
	struct buf der = buf_empty(1 << 16);
	struct err e;
	bool found;

	OK(cert_der(x, &der, &e), e);
	found = str_find(cms, buf_view(&der), 0) != SIZE_MAX;
	buf_free(&der);
	return found;
}

TEST(roots_are_left_out_and_a_size_that_was_measured_holds)
{
	static const unsigned char hash[32] = { 1 };
	char signature[72] = { 0 }, token[5000] = { 0x30 };
	struct buf attributes = buf_empty(4096), out = buf_empty(1 << 16);
	STACK_OF(X509) *path = path_load();
	struct cms *c = NULL;
	struct err e;

	OK(cms_new(path, false, &c, &e), e);
	OK(cms_attributes(c, hash, &attributes, &e), e);
	OK(cms_assemble(c, buf_view(&attributes), str_bytes(signature, sizeof signature),
			str_bytes(token, sizeof token), &out, &e),
	   e);
	CHECK(holds(buf_view(&out), sk_X509_value(path, 0)));
	CHECK(holds(buf_view(&out), sk_X509_value(path, 1)));
	CHECK(!holds(buf_view(&out), sk_X509_value(path, 2)));
	CHECK(out.n <= cms_size_max(c, sizeof signature, sizeof token));
	CHECK(out.n + 64 >= cms_size_max(c, sizeof signature, sizeof token));
	CHECK(!cms_assemble(c, STR("\x30"), STR(""), STR(""), &out, &e));
	cms_free(c);
	cert_stack_free(path);
	buf_free(&attributes);
	buf_free(&out);
}

/* Does the CMS over these attributes name the leaf as its own? */
static bool named(const struct cms *c, struct str attributes, X509 *leaf)
{
	struct buf out = buf_empty(1 << 16);
	const unsigned char *p;
	CMS_ContentInfo *info;
	struct err e;
	bool ok;

	OK(cms_assemble(c, attributes, STR("no signature"), STR(""), &out, &e), e);
	p = (const unsigned char *)out.p;
	info = d2i_CMS_ContentInfo(NULL, &p, (long)out.n);
	CHECK(info != NULL);
	ok = info != NULL &&
	     ess_names(sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(info), 0), leaf, true, &e);
	if (!ok)
		EQ_C(e.code, "SEAL-ESS");
	CMS_ContentInfo_free(info);
	buf_free(&out);
	return ok;
}

TEST(a_signature_names_its_certificate_and_no_other)
{
	static const unsigned char hash[32] = { 1 };
	struct buf attributes = buf_empty(4096);
	STACK_OF(X509) *path = path_load();
	struct cms *c = NULL;
	struct err e;

	OK(cms_new(path, false, &c, &e), e);
	OK(cms_attributes(c, hash, &attributes, &e), e);
	OK(der_check(buf_view(&attributes), &e), e);
	CHECK(named(c, buf_view(&attributes), sk_X509_value(path, 0)));
	CHECK(!named(c, buf_view(&attributes), sk_X509_value(path, 1)));
	attributes.p[attributes.n - 1] ^= 1; /* the hash of the certificate ends the attributes */
	CHECK(!named(c, buf_view(&attributes), sk_X509_value(path, 0)));
	cms_free(c);
	cert_stack_free(path);
	buf_free(&attributes);
}
