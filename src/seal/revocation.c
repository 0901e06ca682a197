/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/revocation.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/civil.h"
#include "seal/cert.h"
#include "seal/der.h"
#include "seal/fault.h"

static bool bad_form(struct err *e, const char *what, const char *why)
{
	ERR_clear_error();
	return fault_raise(e, "SEAL-REVOCATION-FORM", "the %s %s", what, why);
}

static bool bad_signer(struct err *e, const char *what, const char *why)
{
	ERR_clear_error();
	return fault_raise(e, "SEAL-REVOCATION-SIGNER", "the %s %s", what, why);
}

static bool time_of(const ASN1_TIME *t, int64_t *out)
{
	struct tm tm;
	struct civil day;

	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return false;
	day = (struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday };
	if (!civil_valid(day))
		return false;
	*out = civil_days(day) * 86400 + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
	return true;
}

/* thisUpdate and nextUpdate around asked->at. */
static bool fresh(const struct revocation_asked *asked, const ASN1_TIME *from, const ASN1_TIME *to,
		  struct revocation_answer *out, struct err *e)
{
	char name[CERT_NAME_MAX], day[21];

	if (!time_of(from, &out->from) || (to != NULL && !time_of(to, &out->to)))
		return bad_form(e, "answer", "has no time");
	if (to == NULL)
		out->to = out->from + REVOCATION_SKEW_S;
	cert_name(asked->cert, name);
	if (out->from > asked->at + REVOCATION_SKEW_S) {
		instant_text(out->from, day);
		return fault_raise(
			e, "SEAL-REVOCATION-STALE",
			"what is known of the revocation of %s is of %s, which is to come", name,
			day);
	}
	if (out->to < asked->at) {
		instant_text(out->to, day);
		return fault_raise(e, "SEAL-REVOCATION-STALE",
				   "what is known of the revocation of %s is out of date since %s",
				   name, day);
	}
	return true;
}

static bool revoked(const struct revocation_asked *asked, const ASN1_TIME *when, struct err *e)
{
	char name[CERT_NAME_MAX], day[21] = "a day unknown";
	int64_t at;

	if (time_of(when, &at))
		instant_text(at, day);
	return fault_raise(e, "SEAL-REVOKED", "the certificate %s was revoked on %s",
			   cert_name(asked->cert, name), day);
}

static bool strong(const X509_ALGOR *algorithm, struct err *e)
{
	const ASN1_OBJECT *oid;
	int md = NID_undef;

	X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
	(void)OBJ_find_sigid_algs(OBJ_obj2nid(oid), &md, NULL);
	return md == NID_sha256 || md == NID_sha384 || md == NID_sha512 ||
	       fault_raise(e, "SEAL-WEAK",
			   "what is known of a revocation is signed over a hash other than SHA-2");
}

bool revocation_request(const struct revocation_asked *asked, struct buf *out, struct err *e)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	OCSP_CERTID *id = OCSP_cert_to_id(NULL, asked->cert, asked->issuer);
	unsigned char *der = NULL;
	int n = 0;

	if (request != NULL && id != NULL && OCSP_request_add0_id(request, id) != NULL) {
		id = NULL; /* the request's */
		n = i2d_OCSP_REQUEST(request, &der);
	}
	OCSP_CERTID_free(id);
	OCSP_REQUEST_free(request);
	if (n <= 0)
		return err_memory(e, "an OCSP request");
	buf_put(out, der, (size_t)n);
	OPENSSL_free(der);
	return buf_ok(out, "an OCSP request", e);
}

/* A responder that is not the issuer: RFC 6960 section 4.2.2.2. */
static bool delegated(const struct revocation_asked *asked, X509 *signer, struct err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(asked->issuer);

	if (X509_check_issued(asked->issuer, signer) != X509_V_OK || key == NULL ||
	    X509_verify(signer, key) != 1)
		return bad_signer(
			e, "OCSP answer",
			"is signed by somebody the certificate's issuer has not authorised");
	return (cert_may(signer, CERT_OCSP, e) && cert_valid(signer, asked->at, e)) ||
	       fault_rename(e, "SEAL-REVOCATION-SIGNER");
}

static bool ocsp_signer(const struct revocation_asked *asked, OCSP_BASICRESP *basic,
			struct revocation_answer *out, struct err *e)
{
	STACK_OF(X509) *issuer = sk_X509_new_null();
	X509 *signer = NULL;
	bool ok;

	if (issuer == NULL || !cert_push(issuer, asked->issuer, e)) {
		sk_X509_free(issuer);
		return err_memory(e, "an OCSP answer");
	}
	if (OCSP_resp_get0_signer(basic, &signer, issuer) != 1 || signer == NULL)
		ok = bad_signer(e, "OCSP answer", "comes without its signer's certificate");
	else if (X509_cmp(signer, asked->issuer) == 0)
		ok = true;
	else
		ok = delegated(asked, signer, e);
	if (ok && OCSP_basic_verify(basic, issuer, NULL, OCSP_NOVERIFY) != 1)
		ok = bad_signer(e, "OCSP answer", "has a wrong signature");
	if (ok && X509_cmp(signer, asked->issuer) != 0) {
		ok = X509_up_ref(signer) == 1 || err_memory(e, "an OCSP answer");
		out->responder = ok ? signer : NULL;
		out->responder_unchecked =
			X509_get_ext_by_NID(signer, NID_id_pkix_OCSP_noCheck, -1) >= 0;
	}
	cert_stack_free(issuer);
	return ok;
}

static bool ocsp_status(const struct revocation_asked *asked, OCSP_BASICRESP *basic,
			struct revocation_answer *out, struct err *e)
{
	ASN1_GENERALIZEDTIME *when = NULL, *from = NULL, *to = NULL;
	OCSP_CERTID *id = OCSP_cert_to_id(NULL, asked->cert, asked->issuer);
	int status = -1, reason, found;
	char name[CERT_NAME_MAX];

	if (id == NULL)
		return err_memory(e, "an OCSP answer");
	found = OCSP_resp_find_status(basic, id, &status, &reason, &when, &from, &to);
	OCSP_CERTID_free(id);
	if (found != 1)
		return bad_form(e, "OCSP answer", "is for another certificate");
	if (status == V_OCSP_CERTSTATUS_REVOKED)
		return revoked(asked, when, e);
	if (status != V_OCSP_CERTSTATUS_GOOD)
		return fault_raise(e, "SEAL-REVOCATION-UNKNOWN",
				   "the OCSP responder does not know the certificate %s",
				   cert_name(asked->cert, name));
	return fresh(asked, from, to, out, e);
}

bool revocation_ocsp(const struct revocation_asked *asked, struct str reply,
		     struct revocation_answer *out, struct err *e)
{
	const unsigned char *p = (const unsigned char *)reply.p;
	struct revocation_answer own = { 0 };
	OCSP_RESPONSE *response = NULL;
	OCSP_BASICRESP *basic = NULL;
	bool ok = false;
	int status;

	if (reply.n > REVOCATION_OCSP_MAX || !der_check(reply, e))
		return bad_form(e, "OCSP answer", "is not in DER");
	response = d2i_OCSP_RESPONSE(NULL, &p, (long)reply.n);
	if (response == NULL)
		return bad_form(e, "OCSP answer", "cannot be read");
	status = OCSP_response_status(response);
	if (status == OCSP_RESPONSE_STATUS_SUCCESSFUL)
		basic = OCSP_response_get1_basic(response);
	if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		fault_raise(e, "SEAL-REVOCATION-REFUSED", "the OCSP responder says '%s'",
			    OCSP_response_status_str(status));
	else if (basic == NULL)
		bad_form(e, "OCSP answer", "is of another type than basic");
	else
		ok = strong(OCSP_resp_get0_tbs_sigalg(basic), e) &&
		     ocsp_signer(asked, basic, &own, e) && ocsp_status(asked, basic, &own, e);
	if (ok)
		*out = own;
	else
		X509_free(own.responder);
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(response);
	ERR_clear_error();
	return ok;
}

/* Issuing distribution point (RFC 5280 section 5.2.5): does the list speak of all there is to say of this certificate? */
static bool in_scope(const struct revocation_asked *asked, X509_CRL *crl, struct err *e)
{
	bool ca = (X509_get_extension_flags(asked->cert) & EXFLAG_CA) != 0, ok;
	ISSUING_DIST_POINT *point;
	int level = -1;

	if (X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0)
		return bad_form(e, "CRL", "is a delta to another");
	point = X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &level, NULL);
	if (point == NULL)
		return level == -1 || bad_form(e, "CRL", "has a scope that cannot be read");
	ok = point->indirectCRL <= 0 && point->onlyattr <= 0 && point->onlysomereasons == NULL &&
	     (point->onlyuser <= 0 || !ca) && (point->onlyCA <= 0 || ca);
	ISSUING_DIST_POINT_free(point);
	return ok || bad_form(e, "CRL", "does not speak of this certificate");
}

static bool nothing_unknown(X509_CRL *crl, struct err *e)
{
	for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
		X509_EXTENSION *x = X509_CRL_get_ext(crl, i);

		if (X509_EXTENSION_get_critical(x) == 1 &&
		    OBJ_obj2nid(X509_EXTENSION_get_object(x)) != NID_issuing_distribution_point)
			return bad_form(e, "CRL", "has a critical extension that is unknown");
	}
	return true;
}

static bool crl_signer(const struct revocation_asked *asked, X509_CRL *crl, struct err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(asked->issuer);
	const X509_ALGOR *algorithm = NULL;

	if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(asked->issuer)) != 0)
		return bad_signer(e, "CRL", "is another issuer's");
	if ((X509_get_key_usage(asked->issuer) & KU_CRL_SIGN) == 0)
		return bad_signer(e, "CRL", "is signed by a key that is not for CRLs");
	X509_CRL_get0_signature(crl, NULL, &algorithm);
	if (!strong(algorithm, e))
		return false;
	return (key != NULL && X509_CRL_verify(crl, key) == 1) ||
	       bad_signer(e, "CRL", "has a wrong signature");
}

bool revocation_crl(const struct revocation_asked *asked, struct str bytes,
		    struct revocation_answer *out, struct err *e)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	struct revocation_answer own = { 0 };
	X509_REVOKED *entry = NULL;
	X509_CRL *crl;
	bool ok;

	if (bytes.n > REVOCATION_CRL_MAX || !der_check(bytes, e))
		return bad_form(e, "CRL", "is not in DER");
	crl = d2i_X509_CRL(NULL, &p, (long)bytes.n);
	if (crl == NULL)
		return bad_form(e, "CRL", "cannot be read");
	ok = crl_signer(asked, crl, e) && nothing_unknown(crl, e) && in_scope(asked, crl, e);
	if (ok && X509_CRL_get0_nextUpdate(crl) == NULL)
		ok = bad_form(e, "CRL", "does not say when the next one comes");
	ok = ok &&
	     fresh(asked, X509_CRL_get0_lastUpdate(crl), X509_CRL_get0_nextUpdate(crl), &own, e);
	if (ok && X509_CRL_get0_by_cert(crl, &entry, asked->cert) == 1)
		ok = revoked(asked, X509_REVOKED_get0_revocationDate(entry), e);
	if (ok)
		*out = own;
	X509_CRL_free(crl);
	ERR_clear_error();
	return ok;
}

/* An http address, of plain characters. */
static bool take_url(struct str url, char out[REVOCATION_URL_MAX])
{
	if (url.n >= REVOCATION_URL_MAX ||
	    (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://"))))
		return false;
	for (size_t i = 0; i < url.n; i++)
		if (url.p[i] <= ' ' || url.p[i] > '~')
			return false;
	memcpy(out, url.p, url.n);
	out[url.n] = '\0';
	return true;
}

bool revocation_ocsp_url(X509 *cert, char out[REVOCATION_URL_MAX])
{
	STACK_OF(OPENSSL_STRING) *urls = X509_get1_ocsp(cert);
	bool found = false;

	for (int i = 0; urls != NULL && !found && i < sk_OPENSSL_STRING_num(urls); i++)
		found = take_url(str_of(sk_OPENSSL_STRING_value(urls, i)), out);
	X509_email_free(urls); /* its name tells of its first use */
	return found;
}

bool revocation_crl_url(X509 *cert, char out[REVOCATION_URL_MAX])
{
	CRL_DIST_POINTS *points = X509_get_ext_d2i(cert, NID_crl_distribution_points, NULL, NULL);
	bool found = false;

	for (int i = 0; points != NULL && !found && i < sk_DIST_POINT_num(points); i++) {
		DIST_POINT *point = sk_DIST_POINT_value(points, i);
		GENERAL_NAMES *names;

		if (point->distpoint == NULL || point->distpoint->type != 0 ||
		    point->reasons != NULL || point->CRLissuer != NULL)
			continue;
		names = point->distpoint->name.fullname;
		for (int j = 0; !found && j < sk_GENERAL_NAME_num(names); j++) {
			GENERAL_NAME *name = sk_GENERAL_NAME_value(names, j);
			const ASN1_STRING *uri = name->d.ia5;

			found = name->type == GEN_URI &&
				take_url(str_bytes(ASN1_STRING_get0_data(uri),
						   (size_t)ASN1_STRING_length(uri)),
					 out);
		}
	}
	CRL_DIST_POINTS_free(points);
	return found;
}
