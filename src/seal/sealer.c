/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/sealer.h"

#include <openssl/objects.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/hash.h"
#include "seal/cert.h"
#include "seal/cms.h"
#include "seal/fault.h"
#include "seal/revcache.h"
#include "seal/sealkey.h"
#include "seal/tsa.h"

enum { STORE_MAX = 2 * DSS_SIZE_MAX, CMS_MAX = 1024 * 1024, SERVICES = 4 };

/* What forks share; written by sealer_open and sealer_prepare only. */
struct shared {
	STACK_OF(X509) * certs, *roots, *tsa_between, *tsa_roots;
	STACK_OF(X509) * path;
	STACK_OF(X509) *
		services[SERVICES]; /* paths of the certificates the time stamp service signs by */
	size_t service_count;
	atomic_bool changed; /* a fork has met another one */
	struct cms *cms;
	struct revcache *revocations;
	struct arena *arena;
	struct dss dss;
	enum seal_level reached; /* by the last sealer_prepare; below it nothing is tried */
	bool prepared;
	size_t token_max;
	unsigned char policy[TSA_POLICY_MAX];
	size_t policy_n;
};

struct sealer {
	struct sealer_plan plan;
	const struct env *env;
	struct shared *shared;
	bool fork;
	struct sealkey *key;
	struct service *tsa;
	size_t token_max; /* seen by this one */
	struct buf attributes, signature, request, reply;
};

const char *sealer_level_name(enum seal_level level)
{
	static const char *const names[] = { "B-B", "B-T", "B-LT" };

	return names[level];
}

/* Self-issued ones of a PEM text into roots, the others into between. */
static bool take_certs(struct str text, STACK_OF(X509) * between, STACK_OF(X509) * roots,
		       struct err *e)
{
	STACK_OF(X509) *all = NULL;
	bool ok = cert_load(text, &all, e);

	for (int i = 0; ok && i < sk_X509_num(all); i++) {
		X509 *x = sk_X509_value(all, i);

		ok = cert_push(cert_self_issued(x) ? roots : between, x, e);
	}
	cert_stack_free(all);
	return ok;
}

/* The seal's own certificate comes first, whatever it is: an issuer put there by mistake is told so by cert_may. */
static bool take_own(struct shared *h, STACK_OF(X509) * found, struct str text, struct err *e)
{
	STACK_OF(X509) *first = found;
	X509 *x;
	bool ok = true;

	if (first == NULL && !cert_load(text, &first, e))
		return false;
	for (int i = 0; ok && i < sk_X509_num(first); i++) {
		x = sk_X509_value(first, i);
		ok = cert_push(i > 0 && cert_self_issued(x) ? h->roots : h->certs, x, e);
	}
	if (first != found)
		cert_stack_free(first);
	return ok && (found == NULL || text.n == 0 || take_certs(text, h->certs, h->roots, e));
}

static bool take_policy(struct shared *h, const char *text, struct err *e)
{
	ASN1_OBJECT *oid;

	if (text == NULL)
		return true;
	oid = OBJ_txt2obj(text, 1);
	if (oid != NULL && OBJ_length(oid) <= sizeof h->policy) {
		h->policy_n = OBJ_length(oid);
		memcpy(h->policy, OBJ_get0_data(oid), h->policy_n);
	}
	ASN1_OBJECT_free(oid);
	return h->policy_n > 0 || err_usage(e, "'%s' is no object identifier of a policy", text);
}

static bool shared_fill(struct shared *h, const struct sealer_plan *plan, struct err *e)
{
	const struct revcache_plan revocations = { plan->limits, plan->tries, plan->pause_ms };

	h->certs = sk_X509_new_null();
	h->roots = sk_X509_new_null();
	h->tsa_between = sk_X509_new_null();
	h->tsa_roots = sk_X509_new_null();
	h->revocations = revcache_new(&revocations);
	h->arena = arena_new(STORE_MAX);
	if (h->certs == NULL || h->roots == NULL || h->tsa_between == NULL ||
	    h->tsa_roots == NULL || h->revocations == NULL || h->arena == NULL)
		return err_memory(e, "a seal");
	return take_policy(h, plan->tsa_policy, e) &&
	       (plan->level == SEAL_B_B ||
		take_certs(plan->tsa_certs, h->tsa_between, h->tsa_roots, e) ||
		err_in(e, "the time stamp service"));
}

static void shared_free(struct shared *h)
{
	cert_stack_free(h->certs);
	cert_stack_free(h->roots);
	cert_stack_free(h->tsa_between);
	cert_stack_free(h->tsa_roots);
	cert_stack_free(h->path);
	for (size_t i = 0; i < h->service_count; i++)
		cert_stack_free(h->services[i]);
	cms_free(h->cms);
	revcache_free(h->revocations);
	arena_free(h->arena);
	free(h);
}

static bool plan_ok(const struct sealer_plan *plan, struct err *e)
{
	if (plan->floor > plan->level)
		return err_usage(e, "the lowest level of the seal is above its level");
	if (plan->level > SEAL_B_B && (plan->tsa_url == NULL || plan->tsa_certs.n == 0))
		return err_usage(e, "a seal of level %s needs a time stamp service and its roots",
				 sealer_level_name(plan->level));
	return true;
}

/* A seal without key and certificates, its service ready to be asked. */
static struct sealer *sealer_new(const struct sealer_plan *plan, const struct env *env,
				 struct err *e)
{
	const struct service_plan tsa = { .url = plan->tsa_url,
					  .fault = "SEAL-TSA",
					  .limits = plan->limits,
					  .tries = plan->tries,
					  .pause_ms = plan->pause_ms,
					  .gap_ms = plan->tsa_gap_ms };
	struct sealer *s = calloc(1, sizeof *s);

	if (s == NULL) {
		err_memory(e, "a seal");
		return NULL;
	}
	*s = (struct sealer){ .plan = *plan,
			      .env = env,
			      .attributes = buf_empty(CMS_MAX),
			      .signature = buf_empty(CMS_MAX),
			      .request = buf_empty(CMS_MAX),
			      .reply = buf_empty(CMS_MAX) };
	if (plan->level > SEAL_B_B && !service_open(&tsa, &s->tsa, e)) {
		free(s);
		return NULL;
	}
	return s;
}

/* The path now; what is signed by every signature follows it. */
static bool path_renew(struct sealer *s, struct err *e)
{
	struct shared *h = s->shared;
	struct cert_path_plan plan = { sk_X509_value(h->certs, 0), h->certs, h->roots,
				       env_now(s->env), CERT_SEAL };
	STACK_OF(X509) *path = NULL;

	if (!cert_path(&plan, &path, e))
		return false;
	cert_stack_free(h->path);
	h->path = path;
	cms_free(h->cms);
	h->cms = NULL;
	return cms_new(path, sealkey_rsa(s->key), &h->cms, e);
}

bool sealer_open(const struct sealer_plan *plan, const struct env *env, struct sealer **out,
		 struct err *e)
{
	STACK_OF(X509) *found = NULL;
	struct sealer *s;
	bool ok;

	if (!plan_ok(plan, e))
		return false;
	s = sealer_new(plan, env, e);
	if (s == NULL)
		return false;
	s->shared = calloc(1, sizeof *s->shared);
	if (s->shared == NULL) {
		sealer_free(s);
		return err_memory(e, "a seal");
	}
	ok = shared_fill(s->shared, plan, e) && sealkey_open(&plan->key, &s->key, &found, e) &&
	     take_own(s->shared, found, plan->certs, e) &&
	     sealkey_bind(s->key, sk_X509_value(s->shared->certs, 0), e) && path_renew(s, e);
	cert_stack_free(found);
	s->plan.key = (struct sealkey_plan){ .kind = plan->key.kind };
	s->plan.certs = s->plan.tsa_certs = (struct str){ 0 };
	if (ok)
		*out = s;
	else
		sealer_free(s);
	return ok;
}

void sealer_free(struct sealer *s)
{
	if (s == NULL)
		return;
	sealkey_free(s->key);
	service_free(s->tsa);
	buf_free(&s->attributes);
	buf_free(&s->signature);
	buf_free(&s->request);
	buf_free(&s->reply);
	if (!s->fork && s->shared != NULL)
		shared_free(s->shared);
	free(s);
}

bool sealer_fork(const struct sealer *s, struct sealer **out, struct err *e)
{
	struct sealer *f = sealer_new(&s->plan, s->env, e);

	if (f == NULL)
		return false;
	f->fork = true;
	f->shared = s->shared;
	f->token_max = s->token_max;
	if (!sealkey_fork(s->key, &f->key, e)) {
		sealer_free(f);
		return false;
	}
	*out = f;
	return true;
}

/* A token over these bytes, read and judged, lent from s->reply; *path is the service's. */
static bool stamp(struct sealer *s, struct str bytes, struct tsa_stamp *out, STACK_OF(X509) * *path,
		  struct err *e)
{
	struct http_body body = { "application/timestamp-query",
				  "application/timestamp-reply",
				  { 0 } };
	struct tsa_request request = { .policy =
					       str_bytes(s->shared->policy, s->shared->policy_n) };

	sha256_of(bytes, request.sha256);
	buf_clear(&s->request);
	buf_clear(&s->reply);
	if (!s->env->random(s->env->self, request.nonce, sizeof request.nonce, e) ||
	    !tsa_request(&request, &s->request, e))
		return false;
	body.bytes = buf_view(&s->request);
	if (!service_ask(s->tsa, &body, TSA_REPLY_MAX, &s->reply, e) ||
	    !tsa_reply_read(buf_view(&s->reply), &request, out, e) ||
	    !tsa_skew(out, env_now(s->env), e) ||
	    !tsa_token_check(out, s->shared->tsa_between, s->shared->tsa_roots, path, e))
		return false;
	if (out->token.n > s->token_max)
		s->token_max = out->token.n;
	return true;
}

/* Does the security store vouch for who signed by the first certificate of this path? */
static bool knows(const struct shared *h, STACK_OF(X509) * path)
{
	for (size_t i = 0; i < h->service_count; i++)
		if (X509_cmp(sk_X509_value(path, 0), sk_X509_value(h->services[i], 0)) == 0)
			return true;
	return false;
}

/* One token to know its size, and who makes them; a service may take turns between a few certificates. */
static bool probe(struct sealer *s, struct err *e)
{
	struct shared *h = s->shared;
	STACK_OF(X509) *path = NULL;
	struct tsa_stamp token;

	if (!stamp(s, STR("hufu seal: who stamps, and how long"), &token, &path, e))
		return false;
	atomic_store(&h->changed, false);
	if (knows(h, path)) {
		cert_stack_free(path);
		return true;
	}
	if (h->service_count == SERVICES) { /* the oldest is forgotten */
		cert_stack_free(h->services[0]);
		memmove(h->services, h->services + 1, (SERVICES - 1) * sizeof h->services[0]);
		h->service_count--;
	}
	h->services[h->service_count++] = path;
	return true;
}

/* A path's certificates but its end, which a reader has or does not trust. */
static bool store_path(struct shared *h, STACK_OF(X509) * path, struct dss *d, struct err *e)
{
	struct buf der = buf_empty(CERT_FILE_MAX);
	bool ok = true;

	for (int i = 0; ok && i + 1 < sk_X509_num(path); i++) {
		buf_clear(&der);
		ok = cert_der(sk_X509_value(path, i), &der, e) &&
		     dss_add(h->arena, d, DSS_CERT, buf_view(&der), e);
	}
	buf_free(&der);
	return ok;
}

static bool store_renew(struct sealer *s, struct err *e)
{
	struct shared *h = s->shared;
	int64_t now = env_now(s->env);
	struct dss d = { 0 };
	bool ok;

	arena_reset(h->arena);
	ok = store_path(h, h->path, &d, e) &&
	     revcache_collect(h->revocations, h->path, now, h->arena, &d, e);
	for (size_t i = 0; ok && i < h->service_count; i++)
		ok = store_path(h, h->services[i], &d, e) &&
		     revcache_collect(h->revocations, h->services[i], now, h->arena, &d, e);
	if (ok)
		h->dss = d;
	return ok;
}

/*
 * May the seal fall to `level`?  When the plan says so and a service gives no answer; a bad answer, like another nonce or a
 * revoked certificate, is never passed over.
 */
static bool may_fall(const struct sealer *s, enum seal_level level, const struct err *e)
{
	static const char *const endings[] = { "-DOWN",   "-SLOW",  "-CUT",
					       "-ANSWER", "-LARGE", "-REFUSED" };

	if (s->plan.floor > level || !(str_starts(str_of(e->code), STR("SEAL-TSA-")) ||
				       str_starts(str_of(e->code), STR("SEAL-REVOCATION-"))))
		return false;
	for (size_t i = 0; i < COUNT_OF(endings); i++)
		if (str_ends(str_of(e->code), str_of(endings[i])))
			return true;
	return false;
}

bool sealer_prepare(struct sealer *s, struct err *e)
{
	struct shared *h = s->shared;

	if (s->fork)
		return err_usage(e, "a fork of a seal is prepared by its origin");
	h->prepared = false;
	h->reached = s->plan.level;
	h->dss = (struct dss){ 0 };
	if (!path_renew(s, e))
		return false;
	if (h->reached > SEAL_B_B && (h->service_count == 0 || atomic_load(&h->changed)) &&
	    !probe(s, e)) {
		if (!may_fall(s, SEAL_B_B, e))
			return false;
		h->reached = SEAL_B_B;
	}
	if (s->token_max > h->token_max)
		h->token_max = s->token_max;
	if (h->reached == SEAL_B_LT && !store_renew(s, e)) {
		if (!may_fall(s, SEAL_B_T, e))
			return false;
		h->reached = SEAL_B_T;
	}
	h->prepared = true;
	return true;
}

const struct dss *sealer_dss(const struct sealer *s)
{
	return &s->shared->dss;
}

size_t sealer_hole(const struct sealer *s)
{
	size_t token = s->token_max > s->shared->token_max ? s->token_max : s->shared->token_max;

	return cms_size_max(s->shared->cms, sealkey_signature_max(s->key), token) +
	       SEALER_HOLE_SPARE;
}

void sealer_fingerprint(const struct sealer *s, unsigned char out[32])
{
	if (X509_digest(sk_X509_value(s->shared->path, 0), EVP_sha256(), out, NULL) != 1)
		memset(out, 0, SHA256_SIZE);
}

bool sealer_attributes(const struct sealer *s, const unsigned char sha256[32], struct buf *out,
		       struct err *e)
{
	return cms_attributes(s->shared->cms, sha256, out, e);
}

/* The service may have taken another certificate since the security store was made. */
static bool same_service(struct sealer *s, STACK_OF(X509) * path, struct err *e)
{
	struct shared *h = s->shared;

	if (h->reached < SEAL_B_LT || knows(h, path))
		return true;
	atomic_store(&h->changed, true);
	return fault_raise(e, "SEAL-TSA-CHANGED",
			   "the time stamp service signs by another certificate than before");
}

/* The token for a signature; none (*token empty) when the plan lets the seal fall to B-B. */
static bool token_for(struct sealer *s, struct str signature, struct str *token,
		      struct sealer_done *done, struct err *e)
{
	STACK_OF(X509) *path = NULL;
	struct tsa_stamp out = { 0 };
	bool ok;

	*token = (struct str){ 0 };
	*done = (struct sealer_done){ .level = SEAL_B_B };
	if (s->shared->reached == SEAL_B_B)
		return true;
	ok = stamp(s, signature, &out, &path, e) && same_service(s, path, e);
	cert_stack_free(path);
	if (!ok)
		return may_fall(s, SEAL_B_B, e);
	*token = out.token;
	*done = (struct sealer_done){ s->shared->reached, out.time };
	return true;
}

/* Behind the signature, whoever made it. */
static bool finish(struct sealer *s, struct str signature, size_t hole, struct buf *cms,
		   struct sealer_done *done, struct err *e)
{
	size_t start = cms->n;
	struct str token;

	if (!s->shared->prepared)
		return err_usage(e, "a seal that was not prepared");
	if (!token_for(s, signature, &token, done, e) ||
	    !cms_assemble(s->shared->cms, buf_view(&s->attributes), signature, token, cms, e)) {
		cms->n = start;
		return false;
	}
	if (cms->n - start <= hole)
		return true;
	fault_raise(e, "SEAL-HOLE",
		    "the signature of %zu bytes does not fit into the %zu kept for it",
		    cms->n - start, hole);
	cms->n = start;
	return false;
}

bool sealer_sign(struct sealer *s, const unsigned char sha256[32], size_t hole, struct buf *cms,
		 struct sealer_done *done, struct err *e)
{
	buf_clear(&s->attributes);
	buf_clear(&s->signature);
	return cms_attributes(s->shared->cms, sha256, &s->attributes, e) &&
	       sealkey_sign(s->key, buf_view(&s->attributes), &s->signature, e) &&
	       finish(s, buf_view(&s->signature), hole, cms, done, e);
}

bool sealer_finish(struct sealer *s, const unsigned char sha256[32], struct str signature,
		   size_t hole, struct buf *cms, struct sealer_done *done, struct err *e)
{
	buf_clear(&s->attributes);
	return cms_attributes(s->shared->cms, sha256, &s->attributes, e) &&
	       sealkey_verify(s->key, buf_view(&s->attributes), signature, e) &&
	       finish(s, signature, hole, cms, done, e);
}
