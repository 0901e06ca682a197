/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/tsa.h"

#include <openssl/cms.h>
#include <openssl/err.h>

#include "base/hash.h"
#include "seal/cert.h"
#include "seal/der.h"
#include "seal/ess.h"
#include "seal/fault.h"

#define OID_SIGNED_DATA STR("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
#define OID_TST_INFO STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04")
#define OID_SHA256 STR("\x60\x86\x48\x01\x65\x03\x04\x02\x01")

bool tsa_request(const struct tsa_request *r, struct buf *out, struct err *e)
{
	size_t whole = der_begin(out, DER_SEQUENCE), imprint, algorithm;

	der_put_uint(out, 1);
	imprint = der_begin(out, DER_SEQUENCE);
	algorithm = der_begin(out, DER_SEQUENCE);
	der_put(out, DER_OID, OID_SHA256);
	der_put(out, DER_NULL, (struct str){ 0 }); /* some services want it */
	der_end(out, algorithm);
	der_put(out, DER_OCTET_STRING, str_bytes(r->sha256, sizeof r->sha256));
	der_end(out, imprint);
	if (r->policy.n > 0)
		der_put(out, DER_OID, r->policy);
	der_put_unsigned(out, str_bytes(r->nonce, sizeof r->nonce));
	der_put(out, DER_BOOLEAN, STR("\xff"));
	der_end(out, whole);
	return buf_ok(out, "a time stamp request", e);
}

/* What der.h said becomes a fault of the service. */
static bool form(struct err *e)
{
	return fault_raise(e, strcmp(e->code, "DER-CUT") == 0 ? "SEAL-TSA-CUT" : "SEAL-TSA-FORM",
			   "the time stamp service's answer: %s", e->cause);
}

/* Accuracy ::= SEQUENCE { seconds INTEGER, [0] millis, [1] micros }, all optional, in ms rounded up. */
static bool accuracy_read(struct str rest, uint32_t *ms, struct err *e)
{
	struct der v;
	bool found;
	uint32_t s = 0, milli = 0, micro = 0;

	if (!der_maybe(&rest, DER_INTEGER, &v, &found, e) || (found && !der_number(&v, &s, e)) ||
	    !der_maybe(&rest, DER_CONTEXT + 0, &v, &found, e) ||
	    (found && !der_number(&v, &milli, e)) ||
	    !der_maybe(&rest, DER_CONTEXT + 1, &v, &found, e) ||
	    (found && !der_number(&v, &micro, e)))
		return false;
	if (rest.n > 0 || s > 1000000 || milli > 999 || micro > 999)
		return err_input(e, "DER-FORM", "an accuracy that is none");
	*ms = s * 1000 + milli + (micro > 0);
	return true;
}

/* MessageImprint by SHA-256. */
static bool imprint_read(struct str *rest, struct str *out, struct err *e)
{
	struct der imprint, algorithm, oid, hash, null;
	bool found;

	if (!der_read(rest, DER_SEQUENCE, &imprint, e) ||
	    !der_read(&imprint.content, DER_SEQUENCE, &algorithm, e) ||
	    !der_read(&algorithm.content, DER_OID, &oid, e) ||
	    !der_maybe(&algorithm.content, DER_NULL, &null, &found, e) ||
	    !der_read(&imprint.content, DER_OCTET_STRING, &hash, e))
		return false;
	*out = str_eq(oid.content, OID_SHA256) && hash.content.n == SHA256_SIZE
		       ? hash.content
		       : (struct str){ 0 }; /* other bytes than ours, in any case */
	return true;
}

/* TSTInfo, RFC 3161 section 2.4.2. */
static bool info_read(struct str bytes, struct tsa_stamp *out, struct err *e)
{
	struct der info, v;
	struct str rest;
	uint32_t version;
	bool found;

	if (!der_check(bytes, e) || !der_only(bytes, DER_SEQUENCE, &info, e))
		return false;
	rest = info.content;
	if (!der_read(&rest, DER_INTEGER, &v, e) || !der_number(&v, &version, e))
		return false;
	if (version != 1)
		return err_input(e, "DER-FORM", "version %u of a time stamp", version);
	if (!der_read(&rest, DER_OID, &v, e))
		return false;
	out->policy = v.content;
	if (!imprint_read(&rest, &out->imprint, e) || !der_read(&rest, DER_INTEGER, &v, e))
		return false;
	out->serial = v.content;
	if (!der_read(&rest, DER_GENERALIZED_TIME, &v, e) || !der_time(&v, &out->time, e) ||
	    !der_maybe(&rest, DER_SEQUENCE, &v, &found, e) ||
	    (found && !accuracy_read(v.content, &out->accuracy_ms, e)) ||
	    !der_maybe(&rest, DER_BOOLEAN, &v, &found, e) ||
	    !der_maybe(&rest, DER_INTEGER, &v, &found, e))
		return false;
	if (found)
		out->nonce = v.content;
	return der_maybe(&rest, DER_CONSTRUCTED + 0, &v, &found, e) &&
	       der_maybe(&rest, DER_CONSTRUCTED + 1, &v, &found, e) &&
	       (rest.n == 0 || err_input(e, "DER-FORM", "bytes behind a time stamp"));
}

/* ContentInfo { signedData, [0] SignedData { version, digests, { id-ct-TSTInfo, [0] OCTET STRING }, … } } */
static bool token_read(struct str token, struct tsa_stamp *out, struct err *e)
{
	struct der content, v, data, wrapped, octets;

	if (!der_check(token, e) || !der_only(token, DER_SEQUENCE, &content, e) ||
	    !der_read(&content.content, DER_OID, &v, e))
		return false;
	if (!str_eq(v.content, OID_SIGNED_DATA))
		return err_input(e, "DER-FORM", "a token that is not SignedData");
	if (!der_only(content.content, DER_CONSTRUCTED + 0, &v, e) ||
	    !der_only(v.content, DER_SEQUENCE, &data, e) ||
	    !der_read(&data.content, DER_INTEGER, &v, e) ||
	    !der_read(&data.content, DER_SET, &v, e) ||
	    !der_read(&data.content, DER_SEQUENCE, &wrapped, e) ||
	    !der_read(&wrapped.content, DER_OID, &v, e))
		return false;
	if (!str_eq(v.content, OID_TST_INFO))
		return err_input(e, "DER-FORM", "a token that is no time stamp");
	if (!der_only(wrapped.content, DER_CONSTRUCTED + 0, &v, e) ||
	    !der_only(v.content, DER_OCTET_STRING, &octets, e))
		return false;
	out->token = token;
	return info_read(octets.content, out, e);
}

bool tsa_token_read(struct str token, struct tsa_stamp *out, struct err *e)
{
	struct tsa_stamp own = { 0 };

	if (!token_read(token, &own, e))
		return form(e);
	*out = own;
	return true;
}

/* statusString's first words, for ours. */
static struct str status_words(struct str rest)
{
	struct der text, v;
	struct err e;
	bool found;

	if (!der_maybe(&rest, DER_SEQUENCE, &text, &found, &e) || !found ||
	    !der_read(&text.content, DER_UTF8_STRING, &v, &e))
		return (struct str){ 0 };
	if (v.content.n > 200)
		v.content.n = 200;
	return v.content;
}

/* PKIStatusInfo: granted (0) or granted with changes (1). */
static bool status_read(struct str *rest, struct err *e)
{
	struct der info, v;
	struct str words;
	uint32_t status;

	if (!der_read(rest, DER_SEQUENCE, &info, e) ||
	    !der_read(&info.content, DER_INTEGER, &v, e) || !der_number(&v, &status, e))
		return form(e);
	if (status <= 1)
		return true;
	words = status_words(info.content);
	return fault_raise(e, "SEAL-TSA-REFUSED",
			   "the time stamp service refuses (status %u)%s%.*s", status,
			   words.n > 0 ? ": " : "", STR_ARG(words));
}

/* An INTEGER's content against the eight bytes that were sent. */
static bool nonce_is(struct str content, const unsigned char nonce[TSA_NONCE])
{
	struct str want = str_bytes(nonce, TSA_NONCE);

	while (want.n > 1 && want.p[0] == 0)
		want = str_skip(want, 1);
	if (content.n == want.n + 1 && content.p[0] == 0)
		content = str_skip(content, 1);
	return str_eq(content, want);
}

bool tsa_reply_read(struct str reply, const struct tsa_request *r, struct tsa_stamp *out,
		    struct err *e)
{
	struct tsa_stamp own = { 0 };
	struct der whole;

	if (!der_check(reply, e) || !der_only(reply, DER_SEQUENCE, &whole, e))
		return form(e);
	if (!status_read(&whole.content, e))
		return false;
	if (!token_read(whole.content, &own, e))
		return form(e);
	if (!str_eq(own.imprint, str_bytes(r->sha256, sizeof r->sha256)))
		return fault_raise(e, "SEAL-TSA-IMPRINT",
				   "the time stamp service stamped other bytes than ours");
	if (own.nonce.p == NULL || !nonce_is(own.nonce, r->nonce))
		return fault_raise(e, "SEAL-TSA-NONCE",
				   "the time stamp's nonce is not the one that was sent");
	if (r->policy.n > 0 && !str_eq(own.policy, r->policy)) {
		char oid[80];

		return fault_raise(e, "SEAL-TSA-POLICY", "the time stamp is under the policy %s",
				   der_oid_text(own.policy, oid, sizeof oid));
	}
	*out = own;
	return true;
}

bool tsa_skew(const struct tsa_stamp *stamp, int64_t now, struct err *e)
{
	int64_t off = stamp->time - now;
	int64_t far = (off < 0 ? -off : off) + (int64_t)(stamp->accuracy_ms / 1000);

	if (far <= TSA_SKEW_MAX_S)
		return true;
	return fault_raise(e, "SEAL-TSA-SKEW",
			   "the time stamp service's clock and ours are %lld s apart",
			   (long long)(off < 0 ? -off : off));
}

static int nid_of(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *oid = NULL;

	if (algorithm != NULL)
		X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
	return oid != NULL ? OBJ_obj2nid(oid) : NID_undef;
}

/* SHA-2, and the signature is over the same; plain rsaEncryption says nothing of a hash (RFC 3370 section 3.2). */
static bool strong_hash(CMS_SignerInfo *si, struct err *e)
{
	X509_ALGOR *digest = NULL, *signature = NULL;
	int hash, of_signature = NID_undef;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, &signature);
	hash = nid_of(digest);
	if (hash != NID_sha256 && hash != NID_sha384 && hash != NID_sha512)
		return fault_raise(e, "SEAL-WEAK",
				   "the time stamp is made over a hash other than SHA-2");
	if (nid_of(signature) == NID_rsaEncryption)
		return true;
	(void)OBJ_find_sigid_algs(nid_of(signature), &of_signature, NULL);
	return of_signature == hash ||
	       fault_raise(e, "SEAL-TSA-SIGNER", "the time stamp's two hashes differ");
}

static bool bad_signer(struct err *e, const char *why)
{
	ERR_clear_error();
	return fault_raise(e, "SEAL-TSA-SIGNER", "the time stamp %s", why);
}

/* One signer, whose certificate is there, whose signature holds, who names his certificate. */
static bool signer_check(CMS_ContentInfo *cms, X509 **signer, struct err *e)
{
	STACK_OF(CMS_SignerInfo) *all = CMS_get0_SignerInfos(cms);
	CMS_SignerInfo *si;

	if (all == NULL || sk_CMS_SignerInfo_num(all) != 1)
		return bad_signer(e, "has not exactly one signer");
	si = sk_CMS_SignerInfo_value(all, 0);
	if (CMS_verify(cms, NULL, NULL, NULL, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1)
		return bad_signer(e,
				  "has a wrong signature, or its signer's certificate is missing");
	CMS_SignerInfo_get0_algs(si, NULL, signer, NULL, NULL);
	if (*signer == NULL)
		return bad_signer(e, "has no signer's certificate");
	return strong_hash(si, e) &&
	       (ess_names(si, *signer, true, e) || fault_rename(e, "SEAL-TSA-SIGNER"));
}

/* The token's certificates and those at hand, as one stack to build a path of. */
static bool gather(CMS_ContentInfo *cms, STACK_OF(X509) * between, STACK_OF(X509) * *out,
		   struct err *e)
{
	STACK_OF(X509) *own = CMS_get1_certs(cms);
	bool ok = true;

	if (own == NULL)
		own = sk_X509_new_null();
	if (own == NULL)
		return err_memory(e, "a time stamp");
	if (sk_X509_num(own) > CERT_COUNT_MAX)
		ok = bad_signer(e, "carries too many certificates");
	for (int i = 0; ok && between != NULL && i < sk_X509_num(between); i++)
		ok = cert_push(own, sk_X509_value(between, i), e);
	if (ok)
		*out = own;
	else
		cert_stack_free(own);
	return ok;
}

bool tsa_token_check(const struct tsa_stamp *stamp, STACK_OF(X509) * between,
		     STACK_OF(X509) * roots, STACK_OF(X509) * *path, struct err *e)
{
	const unsigned char *p = (const unsigned char *)stamp->token.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)stamp->token.n);
	STACK_OF(X509) *pool = NULL;
	X509 *signer = NULL;
	bool ok;

	if (cms == NULL)
		return bad_signer(e, "cannot be read as SignedData");
	ok = signer_check(cms, &signer, e) && gather(cms, between, &pool, e);
	if (ok) {
		struct cert_path_plan plan = { signer, pool, roots, stamp->time, CERT_TSA };

		ok = cert_path(&plan, path, e);
	}
	cert_stack_free(pool);
	CMS_ContentInfo_free(cms);
	return ok;
}
