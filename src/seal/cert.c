/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/cert.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "seal/fault.h"

enum { AUTH_LEVEL = 2 /* OpenSSL's name for at least 112 bits */ };

void cert_stack_free(STACK_OF(X509) * stack)
{
	sk_X509_pop_free(stack, X509_free);
}

bool cert_push(STACK_OF(X509) * stack, X509 *x, struct err *e)
{
	if (X509_up_ref(x) != 1)
		return err_memory(e, "certificates");
	if (sk_X509_push(stack, x) > 0)
		return true;
	X509_free(x);
	return err_memory(e, "certificates");
}

bool cert_of_der(struct str bytes, X509 **out, struct err *e)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	X509 *x = bytes.n <= CERT_FILE_MAX ? d2i_X509(NULL, &p, (long)bytes.n) : NULL;

	if (x != NULL && p == (const unsigned char *)bytes.p + bytes.n) {
		*out = x;
		return true;
	}
	X509_free(x);
	ERR_clear_error();
	return fault_raise(e, "SEAL-CERT-FORM", "not a certificate");
}

/* Certificates of a PEM text, appended. */
static bool load_pem(struct str text, STACK_OF(X509) * stack, struct err *e)
{
	BIO *in = BIO_new_mem_buf(text.p, (int)text.n);
	unsigned long last;
	X509 *x;

	if (in == NULL)
		return err_memory(e, "certificates");
	while ((x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL) {
		if (sk_X509_num(stack) >= CERT_COUNT_MAX || sk_X509_push(stack, x) <= 0) {
			X509_free(x);
			BIO_free(in);
			return fault_raise(e, "SEAL-CERT-FORM", "more than %d certificates",
					   CERT_COUNT_MAX);
		}
	}
	last = ERR_peek_last_error();
	ERR_clear_error();
	BIO_free(in);
	if (ERR_GET_LIB(last) != ERR_LIB_PEM || ERR_GET_REASON(last) != PEM_R_NO_START_LINE)
		return fault_raise(e, "SEAL-CERT-FORM", "certificate %d of the file is broken",
				   sk_X509_num(stack) + 1);
	return sk_X509_num(stack) > 0 ||
	       fault_raise(e, "SEAL-CERT-FORM", "no certificate in the file");
}

bool cert_load(struct str text, STACK_OF(X509) * *out, struct err *e)
{
	STACK_OF(X509) *stack = sk_X509_new_null();
	X509 *x = NULL;
	bool ok;

	if (stack == NULL)
		return err_memory(e, "certificates");
	if (text.n > CERT_FILE_MAX) {
		ok = fault_raise(e, "SEAL-CERT-FORM", "certificates of more than %d bytes",
				 CERT_FILE_MAX);
	} else if (text.n > 0 && text.p[0] == 0x30) { /* a SEQUENCE, hence DER */
		ok = cert_of_der(text, &x, e) && cert_push(stack, x, e);
		X509_free(x);
	} else {
		ok = load_pem(text, stack, e);
	}
	if (ok)
		*out = stack;
	else
		cert_stack_free(stack);
	return ok;
}

bool cert_der(const X509 *x, struct buf *out, struct err *e)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);

	if (n <= 0)
		return err_memory(e, "a certificate");
	buf_put(out, der, (size_t)n);
	OPENSSL_free(der);
	return buf_ok(out, "certificates", e);
}

const char *cert_name(const X509 *x, char out[CERT_NAME_MAX])
{
	if (X509_NAME_oneline(X509_get_subject_name(x), out, CERT_NAME_MAX) == NULL)
		(void)snprintf(out, CERT_NAME_MAX, "?");
	return out;
}

bool cert_self_issued(const X509 *x)
{
	return X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0;
}

bool cert_key_kind(EVP_PKEY *key, bool *rsa, struct err *e)
{
	char group[32] = "";
	int bits = EVP_PKEY_get_bits(key);

	*rsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
	if (*rsa && (bits == 2048 || bits == 3072 || bits == 4096))
		return true;
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
	    EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
	    (strcmp(group, "prime256v1") == 0 || strcmp(group, "secp384r1") == 0))
		return true;
	return fault_raise(e, "SEAL-KEY-KIND",
			   "a key of %d bits%s%s that is neither RSA of 2048, 3072 or 4096 bits "
			   "nor ECDSA on P-256 or P-384",
			   bits, group[0] != '\0' ? " on " : "", group);
}

bool cert_key_matches(const X509 *x, const EVP_PKEY *key, struct err *e)
{
	const EVP_PKEY *own = X509_get0_pubkey(x);
	char name[CERT_NAME_MAX];

	if (own != NULL && EVP_PKEY_eq(own, key) == 1)
		return true;
	ERR_clear_error();
	return fault_raise(e, "SEAL-KEY-MISMATCH", "the key is not that of the certificate %s",
			   cert_name(x, name));
}

/* "2026-11-24", for words. */
static void day_text(const ASN1_TIME *t, char out[16])
{
	struct tm tm;

	(void)snprintf(out, 16, "?");
	if (ASN1_TIME_to_tm(t, &tm) == 1)
		(void)strftime(out, 16, "%Y-%m-%d", &tm);
}

bool cert_valid(const X509 *x, int64_t at, struct err *e)
{
	const ASN1_TIME *from = X509_get0_notBefore(x), *to = X509_get0_notAfter(x);
	char name[CERT_NAME_MAX], day[16];
	time_t t = (time_t)at;

	if (X509_cmp_time(from, &t) != -1) {
		day_text(from, day);
		return fault_raise(e, "SEAL-NOT-YET", "the certificate %s is not valid before %s",
				   cert_name(x, name), day);
	}
	if (X509_cmp_time(to, &t) != 1) {
		day_text(to, day);
		return fault_raise(e, "SEAL-EXPIRED", "the certificate %s expired on %s",
				   cert_name(x, name), day);
	}
	return true;
}

static bool seal_usage(X509 *x, struct err *e)
{
	char name[CERT_NAME_MAX];
	uint32_t flags = X509_get_extension_flags(x);

	if ((flags & EXFLAG_CA) != 0)
		return fault_raise(e, "SEAL-KEY-USAGE",
				   "the certificate %s is a CA's, not a seal's",
				   cert_name(x, name));
	if ((flags & EXFLAG_KUSAGE) == 0 ||
	    (X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		return fault_raise(e, "SEAL-KEY-USAGE",
				   "the key of %s is not for signatures (key usage without "
				   "digitalSignature and nonRepudiation)",
				   cert_name(x, name));
	return true;
}

/* Is one of the extended key usages among `wanted`?  *count: how many there are, 0 without the extension. */
static bool has_purpose(X509 *x, const char *const *wanted, size_t n, int *count, bool *critical)
{
	int level = -1;
	EXTENDED_KEY_USAGE *have = X509_get_ext_d2i(x, NID_ext_key_usage, &level, NULL);
	bool found = false;
	char oid[80];

	*count = have != NULL ? sk_ASN1_OBJECT_num(have) : 0;
	*critical = level == 1;
	for (int i = 0; i < *count; i++) {
		(void)OBJ_obj2txt(oid, sizeof oid, sk_ASN1_OBJECT_value(have, i), 1);
		for (size_t j = 0; j < n; j++)
			found = found || strcmp(oid, wanted[j]) == 0;
	}
	EXTENDED_KEY_USAGE_free(have);
	return found;
}

static bool seal_purpose(X509 *x, struct err *e)
{
	static const char *const wanted[] = {
		"1.3.6.1.5.5.7.3.36",      /* id-kp-documentSigning, RFC 9336 */
		"1.2.840.113583.1.1.5",    /* Adobe */
		"1.3.6.1.4.1.311.10.3.12", /* Microsoft */
		"1.3.6.1.5.5.7.3.4",       /* emailProtection, which poppler and NSS want */
	};
	char name[CERT_NAME_MAX];
	bool critical;
	int count;

	if (has_purpose(x, wanted, COUNT_OF(wanted), &count, &critical) ||
	    (X509_get_extension_flags(x) & EXFLAG_XKUSAGE) == 0)
		return true;
	return fault_raise(
		e, "SEAL-PURPOSE",
		"the certificate %s is for other ends than documents (extended key usage)",
		cert_name(x, name));
}

static bool tsa_purpose(X509 *x, struct err *e)
{
	static const char *const wanted[] = { "1.3.6.1.5.5.7.3.8" };
	char name[CERT_NAME_MAX];
	bool critical;
	int count;

	if (has_purpose(x, wanted, 1, &count, &critical) && count == 1 && critical)
		return true;
	return fault_raise(e, "SEAL-PURPOSE",
			   "the certificate %s is not for time stamps alone (extended key usage "
			   "timeStamping, critical)",
			   cert_name(x, name));
}

static bool ocsp_purpose(X509 *x, struct err *e)
{
	static const char *const wanted[] = { "1.3.6.1.5.5.7.3.9" };
	char name[CERT_NAME_MAX];
	bool critical;
	int count;

	if (has_purpose(x, wanted, 1, &count, &critical))
		return true;
	return fault_raise(e, "SEAL-PURPOSE",
			   "the certificate %s is not for OCSP (extended key usage OCSPSigning)",
			   cert_name(x, name));
}

bool cert_may(X509 *x, enum cert_use use, struct err *e)
{
	switch (use) {
	case CERT_SEAL:
		return seal_usage(x, e) && seal_purpose(x, e);
	case CERT_TSA:
		return tsa_purpose(x, e);
	case CERT_OCSP:
		return ocsp_purpose(x, e);
	}
	return err_system(e, "a certificate for no use");
}

/* Is there one in the stack that may have issued x?  *named: one of the issuer's name at least. */
static X509 *issuer_in(STACK_OF(X509) * stack, X509 *x, bool *named)
{
	for (int i = 0; stack != NULL && i < sk_X509_num(stack); i++) {
		X509 *up = sk_X509_value(stack, i);

		if (X509_NAME_cmp(X509_get_subject_name(up), X509_get_issuer_name(x)) != 0)
			continue;
		*named = true;
		if (X509_check_issued(up, x) != X509_V_ERR_AKID_SKID_MISMATCH &&
		    X509_check_issued(up, x) != X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH)
			return up;
	}
	return NULL;
}

/* Tell apart what OpenSSL calls "no issuer" in one breath. */
static bool links_complete(const struct cert_path_plan *plan, struct err *e)
{
	char name[CERT_NAME_MAX], issuer[CERT_NAME_MAX];
	X509 *at = plan->leaf;

	for (int i = 0; i < CERT_PATH_MAX && !cert_self_issued(at); i++) {
		bool named = false;
		X509 *up = issuer_in(plan->roots, at, &named);

		if (up != NULL)
			return true;
		up = issuer_in(plan->between, at, &named);
		if (up == NULL) {
			(void)X509_NAME_oneline(X509_get_issuer_name(at), issuer, sizeof issuer);
			if (named)
				return fault_raise(e, "SEAL-KEY-ID",
						   "the certificate %s was issued by another key "
						   "than that of the certificate %s at hand",
						   cert_name(at, name), issuer);
			return fault_raise(e, "SEAL-CHAIN",
					   "the certificate %s, which issued %s, is missing",
					   issuer, cert_name(at, name));
		}
		at = up;
	}
	return true;
}

/* OpenSSL knows some ninety reasons; these are the ones with a code of their own. */
static bool path_fault(X509_STORE_CTX *ctx, struct err *e)
{
	X509 *at = X509_STORE_CTX_get_current_cert(ctx);
	int why = X509_STORE_CTX_get_error(ctx);
	const char *code = "SEAL-UNTRUSTED";
	char name[CERT_NAME_MAX] = "?";

	if (at != NULL)
		cert_name(at, name);
	switch (why) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		code = "SEAL-EXPIRED";
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		code = "SEAL-NOT-YET";
		break;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		code = "SEAL-CHAIN";
		break;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		code = "SEAL-WEAK";
		break;
	}
	return fault_raise(e, code, "the certificate %s: %s", name,
			   X509_verify_cert_error_string(why));
}

static bool verify(X509_STORE *store, const struct cert_path_plan *plan, STACK_OF(X509) * *out,
		   struct err *e)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	bool ok = false;

	if (ctx == NULL || X509_STORE_CTX_init(ctx, store, plan->leaf, plan->between) != 1) {
		X509_STORE_CTX_free(ctx);
		return err_memory(e, "a path of certificates");
	}
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_time(param, (time_t)plan->at);
	X509_VERIFY_PARAM_set_depth(param, CERT_PATH_MAX);
	X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
	if (X509_verify_cert(ctx) == 1) {
		*out = X509_STORE_CTX_get1_chain(ctx);
		ok = *out != NULL || err_memory(e, "a path of certificates");
	} else {
		path_fault(ctx, e);
	}
	X509_STORE_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

bool cert_path(const struct cert_path_plan *plan, STACK_OF(X509) * *out, struct err *e)
{
	X509_STORE *store;
	bool ok = true;

	if (!cert_may(plan->leaf, plan->use, e) || !cert_valid(plan->leaf, plan->at, e) ||
	    !links_complete(plan, e))
		return false;
	store = X509_STORE_new();
	if (store == NULL)
		return err_memory(e, "a path of certificates");
	for (int i = 0; ok && plan->roots != NULL && i < sk_X509_num(plan->roots); i++)
		ok = X509_STORE_add_cert(store, sk_X509_value(plan->roots, i)) == 1 ||
		     err_memory(e, "a path of certificates");
	ok = ok && verify(store, plan, out, e);
	X509_STORE_free(store);
	return ok;
}
