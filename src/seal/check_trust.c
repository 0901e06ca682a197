/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/civil.h"
#include "seal/cert.h"
#include "seal/check_inner.h"
#include "seal/revocation.h"
#include "seal/tsa.h"

/* Checks 10 to 12 and 19: whose seal it is, when it was made, and whether the certificates were good then. */

enum { EVIDENCE_MAX = 64, SKEW_S = 300, DAY_S = 86400 };

struct evidence {
	struct str ocsps[EVIDENCE_MAX], crls[EVIDENCE_MAX];
	size_t ocsp_count, crl_count;
};

/* ---- what the file brings along ---- */

static void streams_take(const struct check *c, const struct pdf_value *list, struct str *out,
			 size_t *count)
{
	size_t last = c->pdf.count - 1;

	for (size_t i = 0; list != NULL && i < list->count && *count < EVIDENCE_MAX; i++) {
		const struct pdf_value *ref = &list->items[i];
		const struct pdf_object *ob = ref->kind == PDF_REFERENCE
						      ? pdf_object(&c->pdf, ref->number, last, NULL)
						      : NULL;

		/* Stored as it is, as paper/ writes it: nothing is inflated here. */
		if (ob != NULL && ob->stream && pdf_key(&ob->value, "Filter") == NULL)
			out[(*count)++] = ob->data;
	}
}

static bool evidence_take(struct check *c, struct check_signature *s, struct evidence *out)
{
	size_t last = c->pdf.count - 1, count = 0;
	const struct pdf_value *dss = pdf_follow(&c->pdf, pdf_catalog(&c->pdf, last), "DSS", last);
	struct str certs[EVIDENCE_MAX];
	struct err e = { 0 };

	*out = (struct evidence){ .ocsp_count = 0 };
	streams_take(c, pdf_key_kind(dss, "Certs", PDF_ARRAY), certs, &count);
	streams_take(c, pdf_key_kind(dss, "OCSPs", PDF_ARRAY), out->ocsps, &out->ocsp_count);
	streams_take(c, pdf_key_kind(dss, "CRLs", PDF_ARRAY), out->crls, &out->crl_count);
	for (size_t i = 0; i < count; i++) {
		X509 *x = NULL;
		bool ok = cert_of_der(certs[i], &x, &e) && cert_push(s->certs, x, &e);

		X509_free(x);
		if (!ok)
			return check_fail(c, CHECK_REVOCATION, "a certificate of the DSS: %s",
					  e.cause);
	}
	return true;
}

/* ---- when ---- */

static bool digits(struct str text, size_t from, size_t n, int64_t *out)
{
	*out = 0;
	for (size_t i = from; i < from + n; i++) {
		if (i >= text.n || text.p[i] < '0' || text.p[i] > '9')
			return false;
		*out = *out * 10 + (text.p[i] - '0');
	}
	return true;
}

/* D:YYYYMMDDHHmmSS and +HH'mm' (ISO 32000-1 §7.9.4), in full, as num_date writes it. */
static bool date_read(struct str text, int64_t *unix_s)
{
	int64_t year, month, day, hour, minute, second, zone_h, zone_m;
	struct civil date;

	if (text.n != 23 || !str_starts(text, STR("D:")) || !digits(text, 2, 4, &year) ||
	    !digits(text, 6, 2, &month) || !digits(text, 8, 2, &day) ||
	    !digits(text, 10, 2, &hour) || !digits(text, 12, 2, &minute) ||
	    !digits(text, 14, 2, &second) || !digits(text, 17, 2, &zone_h) ||
	    !digits(text, 20, 2, &zone_m))
		return false;
	date = (struct civil){ (int)year, (int)month, (int)day };
	if (!civil_valid(date) || hour > 23 || minute > 59 || second > 59 ||
	    (text.p[16] != '+' && text.p[16] != '-'))
		return false;
	*unix_s = civil_days(date) * DAY_S + hour * 3600 + minute * 60 + second;
	*unix_s -= (text.p[16] == '-' ? -1 : 1) * (zone_h * 3600 + zone_m * 60);
	return true;
}

static bool claimed_take(struct check *c, const struct check_signature *s, struct check_seal *seal)
{
	const struct pdf_value *m = pdf_key_kind(s->dictionary, "M", PDF_STRING);

	if (m == NULL || !date_read(m->text, &seal->claimed))
		return check_fail(c, CHECK_CMS, "no date in the signature dictionary");
	if (seal->claimed > c->plan->at + SKEW_S)
		return check_fail(c, CHECK_STAMP, "the seal says that it is of a time to come");
	return true;
}

/* The time stamp, checked; *path its service's certificates. */
static bool stamp_check(struct check *c, const struct check_signature *s, struct check_seal *seal,
			STACK_OF(X509) * *path)
{
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(s->signer);
	unsigned char imprint[SHA256_SIZE];
	struct tsa_stamp stamp;
	struct err e = { 0 };

	if (s->token.n == 0) {
		if (c->plan->level >= CHECK_B_T)
			return check_fail(c, CHECK_STAMP, "the seal has no time stamp");
		check_leave(c, CHECK_STAMP, "the seal has no time stamp");
		return true;
	}
	sha256_of(str_bytes(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)),
		  imprint);
	if (!check_shape(s->token, true, &e) || !tsa_token_read(s->token, &stamp, &e))
		return check_fail(c, CHECK_STAMP, "%s", e.cause);
	if (stamp.imprint.n != sizeof imprint ||
	    memcmp(stamp.imprint.p, imprint, sizeof imprint) != 0)
		return check_fail(c, CHECK_STAMP, "the time stamp is of another signature");
	if (!tsa_token_check(&stamp, s->certs, c->tsa_roots != NULL ? c->tsa_roots : c->roots, path,
			     &e))
		return check_fail(c, CHECK_STAMP, "the time stamp: %s", e.cause);
	if (stamp.time < seal->claimed - SKEW_S || stamp.time > c->plan->at + SKEW_S)
		return check_fail(c, CHECK_STAMP,
				  "the time stamp is older than the seal, or of a time to come");
	seal->stamped = stamp.time;
	seal->level = CHECK_B_T;
	check_pass(c, CHECK_STAMP);
	return true;
}

/* ---- whose ---- */

/* The signature brings along nothing but certificates of its path: what stands beside it is signed by nobody. */
static bool certs_used(const struct check_signature *s, STACK_OF(X509) * path)
{
	for (int i = 0; i < s->own_certs; i++) {
		bool used = false;

		for (int k = 0; k < sk_X509_num(path) && !used; k++)
			used = X509_cmp(sk_X509_value(s->certs, i), sk_X509_value(path, k)) == 0;
		if (!used)
			return false;
	}
	return true;
}

/* Is the certificate among those given that are no authority's, where such are given? */
static bool is_named(const struct check *c, const X509 *cert)
{
	bool none = true;

	for (int i = 0; i < sk_X509_num(c->roots); i++) {
		X509 *x = sk_X509_value(c->roots, i);

		if (X509_check_ca(x) != 0)
			continue;
		if (X509_cmp(x, cert) == 0)
			return true;
		none = false;
	}
	return none;
}

static bool path_check(struct check *c, const struct check_signature *s, int64_t at,
		       STACK_OF(X509) * *path)
{
	static const char *const strangers[] = { "SEAL-UNTRUSTED", "SEAL-CHAIN", "SEAL-KEY-ID" };
	const struct cert_path_plan plan = { s->cert, s->certs, c->roots, at, CERT_SEAL };
	struct err e = { 0 };

	if (!is_named(c, s->cert))
		return check_fail(c, CHECK_STRANGER,
				  "the seal's certificate is not one of those that are trusted");
	if (cert_path(&plan, path, &e)) {
		if (!certs_used(s, *path))
			return check_fail(c, CHECK_CMS, "a certificate beside its path");
		check_pass(c, CHECK_PATH);
		check_pass(c, CHECK_STRANGER);
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(strangers); i++) {
		if (strcmp(e.code, strangers[i]) == 0)
			return check_fail(c, CHECK_STRANGER, "%s", e.cause);
	}
	return check_fail(c, CHECK_PATH, "%s", e.cause);
}

/* The subject's common name as UTF-8. */
static void name_take(const X509 *x, char out[CHECK_NAME_MAX])
{
	X509_NAME *subject = X509_get_subject_name(x);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1), n;
	unsigned char *utf8 = NULL;

	if (at < 0)
		return;
	n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	if (n > 0 && n < CHECK_NAME_MAX && memchr(utf8, '\0', (size_t)n) == NULL)
		(void)snprintf(out, CHECK_NAME_MAX, "%.*s", n, (const char *)utf8);
	OPENSSL_free(utf8);
}

/* ---- was it good then ---- */

enum answer { ANSWER_NONE, ANSWER_GOOD, ANSWER_REVOKED };

static enum answer ask(const struct revocation_asked *asked, const struct evidence *ev,
		       X509 **responder, struct err *e)
{
	struct revocation_answer answer = { 0 };

	*responder = NULL;
	for (size_t i = 0; i < ev->ocsp_count + ev->crl_count; i++) {
		bool ocsp = i < ev->ocsp_count;
		bool good = ocsp ? revocation_ocsp(asked, ev->ocsps[i], &answer, e)
				 : revocation_crl(asked, ev->crls[i - ev->ocsp_count], &answer, e);

		if (!good && strcmp(e->code, "SEAL-REVOKED") == 0)
			return ANSWER_REVOKED;
		if (!good)
			continue;
		if (answer.responder_unchecked) {
			X509_free(answer.responder);
			answer.responder = NULL;
		}
		*responder = answer.responder;
		return ANSWER_GOOD;
	}
	return ANSWER_NONE;
}

/* One certificate, and the responder who vouched for it when his issuer does not let that pass. */
static bool one_checked(struct check *c, const struct revocation_asked *asked,
			const struct evidence *ev)
{
	char name[CERT_NAME_MAX];
	struct err e = { 0 };
	X509 *responder, *none = NULL;
	enum answer answer = ask(asked, ev, &responder, &e);

	if (answer == ANSWER_GOOD && responder != NULL) {
		const struct revocation_asked again = { responder, asked->issuer, asked->at };

		answer = ask(&again, ev, &none, &e);
		X509_free(none);
	}
	X509_free(responder);
	if (answer == ANSWER_GOOD)
		return true;
	if (answer == ANSWER_REVOKED)
		return check_fail(c, CHECK_REVOCATION, "%s", e.cause);
	return check_fail(c, CHECK_REVOCATION,
			  "nothing in the file says that %s was not revoked%s%s",
			  cert_name(asked->cert, name), e.cause[0] != '\0' ? ": " : "", e.cause);
}

static bool path_checked(struct check *c, STACK_OF(X509) * path, int64_t at,
			 const struct evidence *ev)
{
	for (int i = 0; path != NULL && i + 1 < sk_X509_num(path); i++) {
		const struct revocation_asked asked = { sk_X509_value(path, i),
							sk_X509_value(path, i + 1), at };

		if (!one_checked(c, &asked, ev))
			return false;
	}
	return true;
}

static void revocation_check(struct check *c, struct check_seal *seal, STACK_OF(X509) * path,
			     STACK_OF(X509) * tsa_path, const struct evidence *ev)
{
	int64_t at = seal->stamped != 0 ? seal->stamped : c->plan->at;

	if (ev->ocsp_count + ev->crl_count == 0) {
		if (c->plan->level >= CHECK_B_LT)
			check_fail(c, CHECK_REVOCATION,
				   "the file brings no proof of its certificates");
		else
			check_leave(
				c, CHECK_REVOCATION,
				"the file brings no proof that its certificates were not revoked");
		return;
	}
	if (!path_checked(c, path, at, ev) || !path_checked(c, tsa_path, at, ev))
		return;
	if (seal->stamped != 0)
		seal->level = CHECK_B_LT;
	check_pass(c, CHECK_REVOCATION);
}

void check_trust(struct check *c, struct check_signature *s)
{
	struct check_seal *seal = &c->report->seals[c->report->seal_count - 1];
	STACK_OF(X509) *path = NULL, *tsa_path = NULL;
	struct err e = { 0 };
	struct evidence *ev = arena_alloc(c->arena, sizeof *ev, &e);
	int64_t at;

	name_take(s->cert, seal->who);
	if (ev == NULL) {
		check_fail(c, CHECK_LIMITS, "%s", e.cause);
		return;
	}
	if (claimed_take(c, s, seal) && evidence_take(c, s, ev)) {
		bool stamped = stamp_check(c, s, seal, &tsa_path);

		at = seal->stamped != 0 ? seal->stamped : c->plan->at;
		if (path_check(c, s, at, &path) && stamped)
			revocation_check(c, seal, path, tsa_path, ev);
	}
	cert_stack_free(path);
	cert_stack_free(tsa_path);
}
