/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/revcache.h"

#include <stdlib.h>

#include "base/hash.h"
#include "seal/cert.h"
#include "seal/fault.h"
#include "seal/revocation.h"
#include "seal/service.h"

enum {
	ENTRIES = 32,
	RESPONDERS_DEEP = 2 /* a responder's responder; further ones go round in circles */
};

struct entry {
	unsigned char cert[SHA256_SIZE];
	enum dss_kind kind;
	struct buf bytes;
	int64_t fetched;
};

struct revcache {
	struct revcache_plan plan;
	struct entry entries[ENTRIES];
	size_t count;
	unsigned asked;
};

struct revcache *revcache_new(const struct revcache_plan *plan)
{
	struct revcache *c = calloc(1, sizeof *c);

	if (c != NULL)
		c->plan = *plan;
	return c;
}

void revcache_free(struct revcache *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->count; i++)
		buf_free(&c->entries[i].bytes);
	free(c);
}

unsigned revcache_asked(const struct revcache *c)
{
	return c->asked;
}

/* The entry of a certificate, a new or the oldest one when it has none. */
static struct entry *entry_of(struct revcache *c, X509 *cert)
{
	unsigned char hash[SHA256_SIZE];
	struct entry *oldest = &c->entries[0];

	if (X509_digest(cert, EVP_sha256(), hash, NULL) != 1)
		memset(hash, 0, sizeof hash);
	for (size_t i = 0; i < c->count; i++) {
		if (memcmp(c->entries[i].cert, hash, sizeof hash) == 0)
			return &c->entries[i];
		if (c->entries[i].fetched < oldest->fetched)
			oldest = &c->entries[i];
	}
	if (c->count < ENTRIES)
		oldest = &c->entries[c->count++];
	memcpy(oldest->cert, hash, sizeof hash);
	buf_free(&oldest->bytes);
	oldest->bytes = buf_empty(REVOCATION_CRL_MAX);
	oldest->fetched = INT64_MIN;
	return oldest;
}

static bool ask(struct revcache *c, const char *url, const struct http_body *body, size_t cap,
		struct buf *out, struct err *e)
{
	const struct service_plan plan = { .url = url,
					   .fault = "SEAL-REVOCATION",
					   .limits = c->plan.limits,
					   .tries = c->plan.tries,
					   .pause_ms = c->plan.pause_ms };
	struct service *s = NULL;
	bool ok;

	if (!service_open(&plan, &s, e))
		return fault_rename(e, "SEAL-REVOCATION-DOWN");
	c->asked++;
	buf_clear(out);
	ok = service_ask(s, body, cap, out, e);
	service_free(s);
	return ok;
}

static bool ask_ocsp(struct revcache *c, const char *url, const struct revocation_asked *asked,
		     struct buf *out, struct err *e)
{
	struct buf request = buf_empty(4096);
	struct http_body body = { "application/ocsp-request", "application/ocsp-response", { 0 } };
	bool ok = revocation_request(asked, &request, e);

	body.bytes = buf_view(&request);
	ok = ok && ask(c, url, &body, REVOCATION_OCSP_MAX, out, e);
	buf_free(&request);
	return ok;
}

/* The responder gave no answer at all, good or bad: a CRL may. */
static bool no_answer(const struct err *e)
{
	static const char *const codes[] = { "SEAL-REVOCATION-DOWN",   "SEAL-REVOCATION-SLOW",
					     "SEAL-REVOCATION-CUT",    "SEAL-REVOCATION-LARGE",
					     "SEAL-REVOCATION-ANSWER", "SEAL-REVOCATION-REFUSED" };

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (strcmp(e->code, codes[i]) == 0)
			return true;
	return false;
}

static bool judge(const struct revocation_asked *asked, const struct entry *entry,
		  struct revocation_answer *out, struct err *e)
{
	return entry->kind == DSS_OCSP ? revocation_ocsp(asked, buf_view(&entry->bytes), out, e)
				       : revocation_crl(asked, buf_view(&entry->bytes), out, e);
}

/* Ask anew, by OCSP, then by CRL. */
static bool refresh(struct revcache *c, const struct revocation_asked *asked, struct entry *entry,
		    struct revocation_answer *out, struct err *e)
{
	char ocsp[REVOCATION_URL_MAX], crl[REVOCATION_URL_MAX], name[CERT_NAME_MAX];
	bool has_ocsp = revocation_ocsp_url(asked->cert, ocsp);
	bool has_crl = revocation_crl_url(asked->cert, crl);

	entry->fetched = INT64_MIN; /* nothing half-fetched is used */
	if (!has_ocsp && !has_crl)
		return fault_raise(e, "SEAL-REVOCATION-NONE",
				   "the certificate %s does not say where to ask whether it was "
				   "revoked",
				   cert_name(asked->cert, name));
	if (has_ocsp) {
		entry->kind = DSS_OCSP;
		if (ask_ocsp(c, ocsp, asked, &entry->bytes, e) && judge(asked, entry, out, e)) {
			entry->fetched = asked->at;
			return true;
		}
		if (!has_crl || !no_answer(e))
			return false;
	}
	entry->kind = DSS_CRL;
	if (!ask(c, crl, NULL, REVOCATION_CRL_MAX, &entry->bytes, e) ||
	    !judge(asked, entry, out, e))
		return false;
	entry->fetched = asked->at;
	return true;
}

/* One certificate, and the responders behind the answer. */
static bool collect_one(struct revcache *c, struct revocation_asked asked, struct arena *a,
			struct dss *d, struct err *e)
{
	struct buf der = buf_empty(CERT_FILE_MAX);

	for (int deep = 0;; deep++) {
		struct revocation_answer answer = { 0 };
		struct entry *entry = entry_of(c, asked.cert);
		bool young =
			entry->fetched <= asked.at && entry->fetched > asked.at - REVCACHE_AGE_S;
		bool ok = (young && judge(&asked, entry, &answer, e)) ||
			  refresh(c, &asked, entry, &answer, e);

		ok = ok && dss_add(a, d, entry->kind, buf_view(&entry->bytes), e);
		if (deep > 0)
			X509_free(asked.cert);
		if (!ok || answer.responder == NULL || answer.responder_unchecked) {
			X509_free(answer.responder);
			buf_free(&der);
			return ok;
		}
		asked.cert = answer.responder;
		buf_clear(&der);
		ok = cert_der(asked.cert, &der, e) && dss_add(a, d, DSS_CERT, buf_view(&der), e);
		if (ok && deep + 1 >= RESPONDERS_DEEP)
			ok = fault_raise(e, "SEAL-REVOCATION-SIGNER",
					 "OCSP responders vouch for each other");
		if (!ok) {
			X509_free(asked.cert);
			buf_free(&der);
			return false;
		}
	}
}

bool revcache_collect(struct revcache *c, STACK_OF(X509) * path, int64_t now, struct arena *a,
		      struct dss *d, struct err *e)
{
	for (int i = 0; i + 1 < sk_X509_num(path); i++) {
		struct revocation_asked asked = { sk_X509_value(path, i),
						  sk_X509_value(path, i + 1), now };

		if (!collect_one(c, asked, a, d, e))
			return false;
	}
	return true;
}
