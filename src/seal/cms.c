/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/cms.h"

#include <stdlib.h>

#include "base/hash.h"
#include "seal/cert.h"
#include "seal/der.h"

enum {
	CMS_MAX = 1024 * 1024,
	LENGTHS =
		6 *
		3, /* lengths that may grow by three bytes: from the outermost to the signature's */
	UNSIGNED = 3 * 5 + 13 /* tags and lengths around a token, and its attribute's type */
};

/* Object identifiers, content bytes. */
#define OID_DATA STR("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
#define OID_SIGNED_DATA STR("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
#define OID_CONTENT_TYPE STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03")
#define OID_MESSAGE_DIGEST STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04")
#define OID_SIGNING_CERTIFICATE_V2 STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f")
#define OID_TIME_STAMP_TOKEN STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0e")
#define OID_SHA256 STR("\x60\x86\x48\x01\x65\x03\x04\x02\x01")
#define OID_RSA_SHA256 STR("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b")
#define OID_ECDSA_SHA256 STR("\x2a\x86\x48\xce\x3d\x04\x03\x02")

struct cms {
	bool rsa;
	unsigned char leaf[SHA256_SIZE]; /* hash of the seal's certificate */
	struct buf certs;                /* one behind the other */
	struct buf signer;               /* IssuerAndSerialNumber */
};

static bool name_signer(struct cms *c, X509 *leaf, struct err *e)
{
	unsigned char *issuer = NULL, *serial = NULL;
	int n = i2d_X509_NAME(X509_get_issuer_name(leaf), &issuer);
	int m = i2d_ASN1_INTEGER(X509_get0_serialNumber(leaf), &serial);
	size_t at = der_begin(&c->signer, DER_SEQUENCE);

	if (n > 0)
		buf_put(&c->signer, issuer, (size_t)n);
	if (m > 0)
		buf_put(&c->signer, serial, (size_t)m);
	der_end(&c->signer, at);
	OPENSSL_free(issuer);
	OPENSSL_free(serial);
	return n > 0 && m > 0 ? buf_ok(&c->signer, "a certificate's name", e)
			      : err_memory(e, "a signature");
}

bool cms_new(STACK_OF(X509) * path, bool rsa, struct cms **out, struct err *e)
{
	struct cms *c = calloc(1, sizeof *c);
	bool ok = true;
	int n = sk_X509_num(path);
	size_t set;

	if (c == NULL)
		return err_memory(e, "a signature");
	*c = (struct cms){ .rsa = rsa,
			   .certs = buf_empty(CMS_MAX / 2),
			   .signer = buf_empty(CMS_MAX / 4) };
	set = der_begin(&c->certs, DER_CONSTRUCTED + 0);
	for (int i = 0; ok && i < n; i++) {
		X509 *x = sk_X509_value(path, i);

		if (i > 0 && i == n - 1 && cert_self_issued(x))
			break;
		ok = cert_der(x, &c->certs, e);
		if (ok && i == 0) {
			sha256_of(str_skip(buf_view(&c->certs), set), c->leaf);
			ok = name_signer(c, x, e);
		}
	}
	der_end_set_of(&c->certs, set);
	ok = ok && buf_ok(&c->certs, "certificates", e);
	if (ok)
		*out = c;
	else
		cms_free(c);
	return ok;
}

void cms_free(struct cms *c)
{
	if (c == NULL)
		return;
	buf_free(&c->certs);
	buf_free(&c->signer);
	free(c);
}

/* Attribute ::= SEQUENCE { attrType, SET OF value }: the two places to end it at. */
struct open_attribute {
	size_t whole, values;
};

static struct open_attribute attribute_begin(struct buf *b, struct str type)
{
	struct open_attribute a = { .whole = der_begin(b, DER_SEQUENCE) };

	der_put(b, DER_OID, type);
	a.values = der_begin(b, DER_SET);
	return a;
}

static void attribute_end(struct buf *b, struct open_attribute a)
{
	der_end(b, a.values);
	der_end(b, a.whole);
}

bool cms_attributes(const struct cms *c, const unsigned char sha256[32], struct buf *out,
		    struct err *e)
{
	size_t set = der_begin(out, DER_SET), v2, certs, id;
	struct open_attribute a = attribute_begin(out, OID_CONTENT_TYPE);

	der_put(out, DER_OID, OID_DATA);
	attribute_end(out, a);
	a = attribute_begin(out, OID_MESSAGE_DIGEST);
	der_put(out, DER_OCTET_STRING, str_bytes(sha256, SHA256_SIZE));
	attribute_end(out, a);
	/* SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }: SHA-256 is the default and left out. */
	a = attribute_begin(out, OID_SIGNING_CERTIFICATE_V2);
	v2 = der_begin(out, DER_SEQUENCE);
	certs = der_begin(out, DER_SEQUENCE);
	id = der_begin(out, DER_SEQUENCE);
	der_put(out, DER_OCTET_STRING, str_bytes(c->leaf, SHA256_SIZE));
	der_end(out, id);
	der_end(out, certs);
	der_end(out, v2);
	attribute_end(out, a);
	der_end_set_of(out, set);
	return buf_ok(out, "signed attributes", e);
}

static void digest_algorithm(struct buf *b)
{
	size_t at = der_begin(b, DER_SEQUENCE); /* RFC 5754 section 2: without parameters */

	der_put(b, DER_OID, OID_SHA256);
	der_end(b, at);
}

static void signature_algorithm(struct buf *b, bool rsa)
{
	size_t at = der_begin(b, DER_SEQUENCE);

	der_put(b, DER_OID, rsa ? OID_RSA_SHA256 : OID_ECDSA_SHA256);
	if (rsa)
		der_put(b, DER_NULL, (struct str){ 0 });
	der_end(b, at);
}

/* SignerInfo, RFC 5652 section 5.3; `signed_values`: the content of the SET OF. */
static void signer_info(const struct cms *c, struct str signed_values, struct str signature,
			struct str token, struct buf *b)
{
	size_t whole = der_begin(b, DER_SEQUENCE), unsigned_set;
	struct open_attribute a;

	der_put_uint(b, 1);
	buf_str(b, buf_view(&c->signer));
	digest_algorithm(b);
	der_put(b, DER_CONSTRUCTED + 0, signed_values);
	signature_algorithm(b, c->rsa);
	der_put(b, DER_OCTET_STRING, signature);
	if (token.n > 0) {
		unsigned_set = der_begin(b, DER_CONSTRUCTED + 1);
		a = attribute_begin(b, OID_TIME_STAMP_TOKEN);
		buf_str(b, token);
		attribute_end(b, a);
		der_end(b, unsigned_set);
	}
	der_end(b, whole);
}

bool cms_assemble(const struct cms *c, struct str attributes, struct str signature,
		  struct str token, struct buf *b, struct err *e)
{
	size_t info, explicit, data, at;
	struct der set;

	if (!der_only(attributes, DER_SET, &set, e))
		return false;
	info = der_begin(b, DER_SEQUENCE);
	der_put(b, DER_OID, OID_SIGNED_DATA);
	explicit = der_begin(b, DER_CONSTRUCTED + 0);
	data = der_begin(b, DER_SEQUENCE);
	der_put_uint(
		b, 1); /* version 1: the content is id-data, signers by issuer and serial number */
	at = der_begin(b, DER_SET);
	digest_algorithm(b);
	der_end(b, at);
	at = der_begin(b, DER_SEQUENCE); /* detached: no content */
	der_put(b, DER_OID, OID_DATA);
	der_end(b, at);
	buf_str(b, buf_view(&c->certs));
	at = der_begin(b, DER_SET);
	signer_info(c, set.content, signature, token, b);
	der_end(b, at);
	der_end(b, data);
	der_end(b, explicit);
	der_end(b, info);
	return buf_ok(b, "a seal's signature", e);
}

size_t cms_size_max(const struct cms *c, size_t signature_max, size_t token_max)
{
	static const unsigned char zeros[SHA256_SIZE];
	struct buf attributes = buf_empty(CMS_MAX), b = buf_empty(CMS_MAX);
	size_t n = 0;
	struct err e;

	/* Measured with an empty signature: lengths are what may still grow. */
	if (cms_attributes(c, zeros, &attributes, &e) &&
	    cms_assemble(c, buf_view(&attributes), (struct str){ 0 }, (struct str){ 0 }, &b, &e))
		n = b.n + LENGTHS + signature_max + (token_max > 0 ? token_max + UNSIGNED : 0);
	buf_free(&attributes);
	buf_free(&b);
	return n;
}
