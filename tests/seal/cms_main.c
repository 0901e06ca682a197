/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seals for judges: cms PKI PORT OUT [MODULE].  PKI as server.py made it and serves it at PORT.  Writes OUT/content and
 * OUT/KEY-WHERE-LEVEL.cms for every kind of key, file, PKCS#12 and, with MODULE, the token "seals" with PIN 1234; and the
 * evidence of each B-LT seal as OUT/KEY-WHERE-B-LT.cert.N, .ocsp.N, .crl.N.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/io.h"
#include "keys/ed25519.h"
#include "seal/sealer.h"

#define CONTENT STR("what a PDF holds around its signature\n")

static const char *const wheres[] = { "file", "p12", "token" };

struct order {
	const char *pki, *port, *out, *module, *key;
	unsigned where;
	enum seal_level level;
};

static bool evidence_write(const struct order *o, const struct dss *d, struct err *e)
{
	static const char *const kinds[] = { "cert", "ocsp", "crl" };
	char name[128];

	for (unsigned k = 0; k < DSS_KINDS; k++)
		for (size_t i = 0; i < d->count[k]; i++) {
			(void)snprintf(name, sizeof name, "%s-%s-B-LT.%s.%zu", o->key,
				       wheres[o->where], kinds[k], i);
			if (!io_replace(o->out, name, d->of[k][i], 0644, e))
				return false;
		}
	return true;
}

static bool seal_write(const struct order *o, struct sealer *s, struct err *e)
{
	struct buf cms = buf_empty(1 << 20);
	unsigned char hash[SHA256_SIZE];
	struct sealer_done done;
	char name[128];
	bool ok;

	sha256_of(CONTENT, hash);
	(void)snprintf(name, sizeof name, "%s-%s-%s.cms", o->key, wheres[o->where],
		       sealer_level_name(o->level));
	ok = sealer_prepare(s, e) && sealer_sign(s, hash, sealer_hole(s), &cms, &done, e) &&
	     io_replace(o->out, name, buf_view(&cms), 0644, e) &&
	     evidence_write(o, sealer_dss(s), e);
	if (ok)
		printf("%s %zu bytes, %zu bytes of evidence\n", name, cms.n, sealer_dss(s)->size);
	buf_free(&cms);
	return ok;
}

static bool make(const struct order *o, struct err *e)
{
	struct buf certs = buf_empty(1 << 16), tsa = buf_empty(1 << 16);
	char path[512], url[64], chain[80];
	struct sealer_plan plan = { .level = o->level, .floor = o->level, .tries = 1 };
	struct sealer *s = NULL;
	bool ok;

	(void)snprintf(path, sizeof path, "%s/%s.%s", o->pki, o->key,
		       o->where == 1 ? "p12" : "key");
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%s/tsa", o->port);
	(void)snprintf(chain, sizeof chain, "%s.chain", o->key);
	plan.key.kind = o->where == 0   ? SEALKEY_PEM
			: o->where == 1 ? SEALKEY_PKCS12
					: SEALKEY_PKCS11;
	plan.key.path = path;
	plan.key.module = o->module;
	plan.key.token = "seals";
	plan.key.label = o->key;
	plan.key.pin = o->where == 1 ? STR("secret") : o->where == 2 ? STR("1234") : STR("");
	plan.tsa_url = url;
	ok = io_read_in(o->pki, o->where == 1 ? "root.pem" : chain, &certs, e) &&
	     io_read_in(o->pki, "tsaroot.pem", &tsa, e);
	plan.certs = buf_view(&certs);
	plan.tsa_certs = buf_view(&tsa);
	ok = ok && sealer_open(&plan, &env_system, &s, e) && seal_write(o, s, e);
	sealer_free(s);
	buf_free(&certs);
	buf_free(&tsa);
	return ok;
}

int main(int argc, char **argv)
{
	static const char *const keys[] = { "rsa2048", "rsa3072", "p256", "p384" };
	struct order o;
	struct err e = { 0 };
	char text[1024];
	bool ok;

	if (argc < 4)
		return 2;
	o = (struct order){ argv[1], argv[2], argv[3], argc > 4 ? argv[4] : NULL, NULL, 0, 0 };
	ok = ed25519_start(&e) && io_replace(o.out, "content", CONTENT, 0644, &e);
	for (size_t i = 0; ok && i < COUNT_OF(keys); i++)
		for (o.where = 0; ok && o.where < (o.module != NULL ? 3u : 2u); o.where++)
			for (int level = SEAL_B_B; ok && level <= SEAL_B_LT; level++) {
				o.key = keys[i];
				o.level = (enum seal_level)level;
				ok = make(&o, &e);
			}
	if (!ok)
		fprintf(stderr, "%s\n", err_text(&e, text, sizeof text));
	return ok ? 0 : 1;
}
