/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/sealing.h"

#include <stdlib.h>

#include "base/io.h"
#include "issue/sealconfig.h"
#include "keys/private.h"
#include "keys/secret.h"
#include "seal/pdf_append.h"

enum {
	PEM_MAX = 256 * 1024,
	APPEND_ARENA = 64 * 1024 * 1024,
	PDF_MAX = 64 * 1024 * 1024,
	TRIES = 5,
	PAUSE_MS = 500,
	WAITING_JOBS = 16 /* a time stamp takes milliseconds of waiting and microseconds of work */
};

struct sealing {
	struct home *home;
	const struct associations *associations;
	const struct sealconfig *config;
	struct sealer *national, *locals[SEALCONFIG_LOCALS_MAX];
	/* One document's evidence is that of its two seals. */
	struct signature_evidence evidence[SEALCONFIG_LOCALS_MAX + 1];
	struct str parts[SEALCONFIG_LOCALS_MAX + 1][DSS_KINDS][2 * DSS_EACH_MAX];
};

struct sealing_hand {
	const struct sealing *s;
	struct sealer *national, *locals[SEALCONFIG_LOCALS_MAX];
	struct arena *arena; /* of one second seal */
	struct sha256 *hash;
	struct buf second, cms;
	struct signature signature; /* of the document at hand */
	struct str second_name;
	size_t local; /* SEALCONFIG_LOCALS_MAX: no second seal */
};

/* ---- opening ---- */

static bool file_text(struct home *h, struct str name, struct str *out, struct err *e)
{
	struct buf bytes = buf_empty(PEM_MAX);
	struct str path;
	bool ok = arena_str(h->arena, name, &path, e) && io_read_in(h->dir, path.p, &bytes, e) &&
		  arena_str(h->arena, buf_view(&bytes), out, e);

	buf_free(&bytes);
	return ok;
}

/* The PIN or passphrase of a seal, without the line break behind it. */
static bool pin_read(struct home *h, struct str name, char pin[SEALKEY_PIN_MAX + 1],
		     struct str *out, struct err *e)
{
	struct str path;
	size_t n;

	*out = STR("");
	if (name.n == 0)
		return true;
	if (!arena_str(h->arena, name, &path, e) ||
	    !private_read_in(h->dir, path.p, pin, SEALKEY_PIN_MAX + 1, &n, e))
		return false;
	while (n > 0 && (pin[n - 1] == '\n' || pin[n - 1] == '\r'))
		n--;
	*out = str_bytes(pin, n);
	return true;
}

/* A slice as a C string of the arena, NULL for an empty one. */
static bool word(struct home *h, struct str s, const char **out, struct err *e)
{
	struct str kept;

	*out = NULL;
	if (s.n == 0)
		return true;
	if (!arena_str(h->arena, s, &kept, e))
		return false;
	*out = kept.p;
	return true;
}

static bool plan_fill(struct sealing *s, const struct sealconfig_seal *seal, bool degrade,
		      struct sealer_plan *plan, struct err *e)
{
	const struct sealconfig *c = s->config;
	struct home *h = s->home;

	plan->key.kind = seal->kind;
	plan->level = c->level;
	plan->floor = degrade ? SEAL_B_B : c->level;
	plan->tries = TRIES;
	plan->pause_ms = PAUSE_MS;
	/* The pace is that of all workers together. */
	plan->tsa_gap_ms = (unsigned)c->tsa_gap_ms * WAITING_JOBS;
	return word(h, seal->module, &plan->key.module, e) &&
	       word(h, seal->token, &plan->key.token, e) &&
	       word(h, seal->label, &plan->key.label, e) &&
	       file_text(h, seal->certs, &plan->certs, e) &&
	       word(h, c->tsa_url, &plan->tsa_url, e) &&
	       word(h, c->tsa_policy, &plan->tsa_policy, e) &&
	       (c->tsa_certs.n == 0 || file_text(h, c->tsa_certs, &plan->tsa_certs, e));
}

static bool sealer_of(struct sealing *s, const struct sealconfig_seal *seal, const struct env *env,
		      bool degrade, struct sealer **out, struct err *e)
{
	struct sealer_plan plan = { .level = SEAL_B_B };
	char pin[SEALKEY_PIN_MAX + 1];
	struct str path;
	bool ok = plan_fill(s, seal, degrade, &plan, e) &&
		  pin_read(s->home, seal->pin_file, pin, &plan.key.pin, e);

	if (ok && seal->path.n > 0) {
		ok = arena_printf(s->home->arena, &path, e, "%s/%.*s", s->home->dir,
				  STR_ARG(seal->path));
		plan.key.path = path.p;
	}
	ok = ok && sealer_open(&plan, env, out, e);
	secret_wipe(pin, sizeof pin);
	if (ok)
		return true;
	return seal->code.n > 0 ? err_in(e, "seal of %.*s", STR_ARG(seal->code))
				: err_in(e, "national seal");
}

bool sealing_open(struct home *h, const struct associations *associations, const struct env *env,
		  bool degrade, struct sealing **out, struct err *e)
{
	struct sealing *s;

	*out = NULL;
	if (!h->config.seal.seals)
		return true;
	s = calloc(1, sizeof *s);
	if (s == NULL)
		return err_memory(e, "the home's seals");
	s->home = h;
	s->associations = associations;
	s->config = &h->config.seal;
	if (!sealer_of(s, &s->config->national, env, degrade, &s->national, e))
		goto out;
	for (size_t i = 0; i < s->config->local_count; i++)
		if (!sealer_of(s, &s->config->locals[i], env, degrade, &s->locals[i], e))
			goto out;
	*out = s;
	return true;
out:
	sealing_free(s);
	return false;
}

void sealing_free(struct sealing *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < SEALCONFIG_LOCALS_MAX; i++)
		sealer_free(s->locals[i]);
	sealer_free(s->national);
	free(s);
}

int sealing_jobs(const struct sealing *s)
{
	return s->config->level == SEAL_B_B ? 0 : WAITING_JOBS;
}

/* ---- what proves them ---- */

static size_t parts_join(struct str *out, const struct dss *first, const struct dss *second,
			 enum dss_kind kind)
{
	size_t n = first->count[kind];

	memcpy(out, first->of[kind], n * sizeof *out);
	for (size_t i = 0; second != NULL && i < second->count[kind]; i++)
		if (!dss_has(first, kind, second->of[kind][i]))
			out[n++] = second->of[kind][i];
	return n;
}

/* The store of the n-th pair: the national seal and local seal n; the last one of the national seal alone (NULL). */
static void evidence_join(struct sealing *s, size_t n, const struct dss *second)
{
	const struct dss *first = sealer_dss(s->national);
	struct signature_evidence *e = &s->evidence[n];

	e->certs = s->parts[n][DSS_CERT];
	e->ocsps = s->parts[n][DSS_OCSP];
	e->crls = s->parts[n][DSS_CRL];
	e->cert_count = parts_join(s->parts[n][DSS_CERT], first, second, DSS_CERT);
	e->ocsp_count = parts_join(s->parts[n][DSS_OCSP], first, second, DSS_OCSP);
	e->crl_count = parts_join(s->parts[n][DSS_CRL], first, second, DSS_CRL);
}

bool sealing_prepare(struct sealing *s, struct err *e)
{
	if (!sealer_prepare(s->national, e))
		return err_in(e, "national seal");
	for (size_t i = 0; i < s->config->local_count; i++)
		if (!sealer_prepare(s->locals[i], e))
			return err_in(e, "seal of %.*s", STR_ARG(s->config->locals[i].code));
	for (size_t i = 0; i < s->config->local_count; i++)
		evidence_join(s, i, sealer_dss(s->locals[i]));
	evidence_join(s, SEALCONFIG_LOCALS_MAX, NULL);
	return true;
}

/* ---- one thread's ---- */

bool sealing_hand_new(const struct sealing *s, struct sealing_hand **out, struct err *e)
{
	struct sealing_hand *h = calloc(1, sizeof *h);

	if (h == NULL)
		return err_memory(e, "a seal");
	h->s = s;
	h->second = buf_empty(PDF_MAX);
	h->cms = buf_empty(SIGNATURE_HOLE_MAX);
	h->arena = arena_new(APPEND_ARENA);
	h->hash = sha256_new();
	if (h->arena == NULL || h->hash == NULL) {
		err_memory(e, "a seal");
		goto out;
	}
	if (!sealer_fork(s->national, &h->national, e))
		goto out;
	for (size_t i = 0; i < s->config->local_count; i++)
		if (!sealer_fork(s->locals[i], &h->locals[i], e))
			goto out;
	*out = h;
	return true;
out:
	sealing_hand_free(h);
	return false;
}

void sealing_hand_free(struct sealing_hand *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < SEALCONFIG_LOCALS_MAX; i++)
		sealer_free(h->locals[i]);
	sealer_free(h->national);
	arena_free(h->arena);
	sha256_free(h->hash);
	buf_free(&h->second);
	buf_free(&h->cms);
	free(h);
}

/* ---- one document ---- */

static const struct association *association_of(const struct sealing *s, const struct facts *facts)
{
	const struct str *zh = facts_lookup(facts, STR("association_zh"));
	const struct str *en = facts_lookup(facts, STR("association_en"));

	for (size_t i = 0; i < s->associations->count; i++) {
		const struct association *a = &s->associations->items[i];

		if ((zh != NULL && str_eq(*zh, a->name_zh)) ||
		    (en != NULL && str_eq(*en, a->name_en)))
			return a;
	}
	return NULL;
}

/* The seal of an association, or the one for all that have none of their own; none of the national body's. */
static size_t local_of(const struct sealing *s, const struct association *a)
{
	size_t any = SEALCONFIG_LOCALS_MAX;

	if (a == NULL || a->kind != ASSOCIATION_LOCAL)
		return SEALCONFIG_LOCALS_MAX;
	for (size_t i = 0; i < s->config->local_count; i++) {
		if (str_eq(s->config->locals[i].code, a->code))
			return i;
		if (str_eq(s->config->locals[i].code, STR("*")))
			any = i;
	}
	return any;
}

const struct signature *sealing_begin(struct sealing_hand *h, const struct facts *facts,
				      struct str language)
{
	const struct sealing *s = h->s;
	const struct association *a = association_of(s, facts);
	bool zh = str_eq(language, STR("zh"));

	h->local = local_of(s, a);
	if (h->local < SEALCONFIG_LOCALS_MAX)
		h->second_name = zh ? a->name_zh : a->name_en;
	h->signature = (struct signature){
		.name = zh ? s->home->config.name_zh : s->home->config.name_en,
		.reason = s->config->reason,
		.form = s->config->form,
		.hole = sealer_hole(h->national),
		.second = h->local < SEALCONFIG_LOCALS_MAX,
		.evidence = s->evidence[h->local],
	};
	return &h->signature;
}

static bool cms_fill(struct sealing_hand *h, struct sealer *sealer, struct buf *pdf,
		     const struct signature_space *space, struct sealing_done *done, struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	struct sealer_done made;
	size_t room = (space->behind - space->hole - 2) / 2;

	buf_clear(&h->cms);
	sha256_begin(h->hash);
	signature_digest(h->hash, buf_view(pdf), space, digest);
	if (!sealer_sign(sealer, digest, room, &h->cms, &made, e) ||
	    !signature_fill(pdf->p, space, buf_view(&h->cms), e))
		return false;
	if (made.level < done->level)
		done->level = made.level;
	if (made.time > done->time)
		done->time = made.time;
	return true;
}

static bool second_add(struct sealing_hand *h, int64_t unix_s, struct buf *pdf,
		       struct sealing_done *done, struct err *e)
{
	struct sealer *sealer = h->locals[h->local];
	struct signature signature = { .name = h->second_name,
				       .reason = h->s->config->reason,
				       .form = h->s->config->form,
				       .hole = sealer_hole(sealer) };
	const struct pdf_append_plan plan = { .signature = &signature,
					      .unix_s = unix_s,
					      .utc_offset_min = h->s->home->config.utc_offset_min };
	struct signature_space space;

	arena_reset(h->arena);
	buf_clear(&h->second);
	if (!pdf_append(h->arena, buf_view(pdf), &plan, &h->second, &space, e) ||
	    !cms_fill(h, sealer, &h->second, &space, done, e))
		return false;
	buf_clear(pdf);
	buf_str(pdf, buf_view(&h->second));
	return buf_ok(pdf, "a sealed document", e);
}

bool sealing_end(struct sealing_hand *h, const struct form_desk *desk, int64_t unix_s,
		 struct buf *pdf, struct sealing_done *done, struct err *e)
{
	const struct signature_space space = form_space(desk);

	*done = (struct sealing_done){ .level = SEAL_B_LT };
	sealer_fingerprint(h->national, done->certificate);
	return cms_fill(h, h->national, pdf, &space, done, e) &&
	       (!form_second(desk) || second_add(h, unix_s, pdf, done, e));
}
