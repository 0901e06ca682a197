/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/x509.h>

#include "seal/cert.h"
#include "seal/check_inner.h"
#include "seal/ess.h"

/* Checks 6 to 9: the signature itself. */

static bool dictionary_check(struct check *c, struct check_signature *s)
{
	const struct pdf_value *form = pdf_key(s->dictionary, "SubFilter");

	s->cades = pdf_is_name(form, "ETSI.CAdES.detached");
	if (!pdf_is_name(pdf_key(s->dictionary, "Type"), "Sig") ||
	    !pdf_is_name(pdf_key(s->dictionary, "Filter"), "Adobe.PPKLite") ||
	    (!s->cades && !pdf_is_name(form, "adbe.pkcs7.detached")) ||
	    pdf_key(s->dictionary, "Cert") != NULL)
		return check_fail(c, CHECK_CMS, "a signature dictionary of another kind");
	return true;
}

/* Decode, and find the one signer and his certificate. */
static bool signer_find(struct check *c, struct check_signature *s)
{
	const unsigned char *p = (const unsigned char *)s->cms.p;
	STACK_OF(CMS_SignerInfo) * signers;

	s->content = d2i_CMS_ContentInfo(NULL, &p, (long)s->cms.n);
	if (s->content == NULL || p != (const unsigned char *)s->cms.p + s->cms.n)
		return check_fail(c, CHECK_CMS, "no CMS");
	signers = CMS_get0_SignerInfos(s->content);
	s->certs = CMS_get1_certs(s->content);
	if (signers == NULL || sk_CMS_SignerInfo_num(signers) != 1 || s->certs == NULL)
		return check_fail(c, CHECK_CMS, "not one signer with certificates");
	s->signer = sk_CMS_SignerInfo_value(signers, 0);
	s->own_certs = sk_X509_num(s->certs);
	for (int i = 0; i < sk_X509_num(s->certs) && s->cert == NULL; i++) {
		X509 *x = sk_X509_value(s->certs, i);

		if (CMS_SignerInfo_cert_cmp(s->signer, x) == 0)
			s->cert = x;
	}
	if (s->cert == NULL)
		return check_fail(c, CHECK_CMS, "the signer's certificate is missing");
	CMS_SignerInfo_set1_signer_cert(s->signer, s->cert);
	check_pass(c, CHECK_CMS);
	return true;
}

static bool algorithm_check(struct check *c, struct check_signature *s)
{
	X509_ALGOR *digest = NULL, *signature = NULL;
	EVP_PKEY *key = X509_get0_pubkey(s->cert);
	int hash, of_hash = NID_undef, of_key = NID_undef, sign;
	struct err e = { 0 };
	bool rsa = false;

	CMS_SignerInfo_get0_algs(s->signer, NULL, NULL, &digest, &signature);
	hash = OBJ_obj2nid(digest->algorithm);
	sign = OBJ_obj2nid(signature->algorithm);
	if (hash != NID_sha256 && hash != NID_sha384 && hash != NID_sha512)
		return check_fail(c, CHECK_ALGORITHM,
				  "a hash other than SHA-256, SHA-384, SHA-512");
	if (key == NULL || !cert_key_kind(key, &rsa, &e))
		return check_fail(c, CHECK_ALGORITHM, "a key that is none of ours: %s", e.cause);
	/* rsaEncryption says nothing of the hash (RFC 3370 §3.2); the others name it. */
	if (sign != NID_rsaEncryption &&
	    (OBJ_find_sigid_algs(sign, &of_hash, &of_key) != 1 || of_hash != hash))
		return check_fail(c, CHECK_ALGORITHM, "signature and digest by different hashes");
	if (rsa != (sign == NID_rsaEncryption || of_key == NID_rsaEncryption))
		return check_fail(c, CHECK_ALGORITHM, "a signature of another kind than its key");
	check_pass(c, CHECK_ALGORITHM);
	return true;
}

/* The one value of a signed attribute, or NULL. */
static const ASN1_STRING *attribute(const struct check_signature *s, int nid, int type)
{
	return CMS_signed_get0_data_by_OBJ(s->signer, OBJ_nid2obj(nid), -3, type);
}

static bool digest_is(const struct check *c, const struct check_signature *s)
{
	const ASN1_STRING *said = attribute(s, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
	EVP_MD_CTX *h = EVP_MD_CTX_new();
	X509_ALGOR *digest = NULL;
	unsigned char own[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	bool ok;

	CMS_SignerInfo_get0_algs(s->signer, NULL, NULL, &digest, NULL);
	ok = said != NULL && h != NULL &&
	     EVP_DigestInit_ex(h, EVP_get_digestbyobj(digest->algorithm), NULL) == 1 &&
	     EVP_DigestUpdate(h, c->pdf.bytes.p, s->hole) == 1 &&
	     EVP_DigestUpdate(h, c->pdf.bytes.p + s->behind, s->length - s->behind) == 1 &&
	     EVP_DigestFinal_ex(h, own, &n) == 1 && ASN1_STRING_length(said) == (int)n &&
	     memcmp(ASN1_STRING_get0_data(said), own, n) == 0;
	EVP_MD_CTX_free(h);
	return ok;
}

static bool content_type_is_data(const struct check_signature *s)
{
	const ASN1_OBJECT *kind = CMS_signed_get0_data_by_OBJ(
		s->signer, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT);

	return kind != NULL && OBJ_obj2nid(kind) == NID_pkcs7_data;
}

static bool signature_check_all(struct check *c, struct check_signature *s)
{
	struct err e = { 0 };

	if (!content_type_is_data(s))
		return check_fail(c, CHECK_SIGNATURE,
				  "the signature does not say that it is of data");
	if (!digest_is(c, s))
		return check_fail(c, CHECK_SIGNATURE,
				  "the file was changed: its digest is another");
	if (!ess_names(s->signer, s->cert, false, &e))
		return check_fail(c, CHECK_SIGNATURE, "%s", e.cause);
	if (CMS_SignerInfo_verify(s->signer) != 1)
		return check_fail(c, CHECK_SIGNATURE, "the signature is not the certificate's");
	check_pass(c, CHECK_SIGNATURE);
	return true;
}

static bool token_take(struct check *c, struct check_signature *s)
{
	int at = CMS_unsigned_get_attr_by_NID(s->signer, NID_id_smime_aa_timeStampToken, -1);
	X509_ATTRIBUTE *attr;
	const ASN1_TYPE *value;

	if (at < 0)
		return true;
	attr = CMS_unsigned_get_attr(s->signer, at);
	value = X509_ATTRIBUTE_count(attr) == 1 ? X509_ATTRIBUTE_get0_type(attr, 0) : NULL;
	if (value == NULL || value->type != V_ASN1_SEQUENCE ||
	    CMS_unsigned_get_attr_by_NID(s->signer, NID_id_smime_aa_timeStampToken, at) >= 0)
		return check_fail(c, CHECK_STAMP, "not one time stamp in the signature");
	s->token = str_bytes(ASN1_STRING_get0_data(value->value.sequence),
			     (size_t)ASN1_STRING_length(value->value.sequence));
	return true;
}

bool check_cms(struct check *c, struct check_signature *s)
{
	struct err e = { 0 };
	bool ok;

	if (!dictionary_check(c, s))
		return false;
	if (!check_shape(s->cms, false, &e))
		return check_fail(c, CHECK_CMS, "%s", e.cause);
	if (!signer_find(c, s))
		return false;
	if (s->cades && CMS_signed_get_attr_by_NID(s->signer, NID_pkcs9_signingTime, -1) >= 0)
		check_fail(c, CHECK_TIME_ATTRIBUTE,
			   "a signing-time attribute, which PAdES forbids");
	check_pass(c, CHECK_TIME_ATTRIBUTE);
	ok = algorithm_check(c, s) && signature_check_all(c, s);
	return token_take(c, s) && ok;
}
