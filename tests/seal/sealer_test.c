/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "seal/sealer.h"

#include "seal/der.h"
#include "world.h"

static const char content[] = "what a PDF holds around its signature";

struct made {
	struct buf cms;
	struct sealer_done done;
	size_t hole;
	struct err e;
	bool ok;
};

static void hash_content(unsigned char out[32])
{
	sha256_of(str_of(content), out);
}

/* Open, prepare, sign, close. */
static struct made make(const struct sealer_plan *plan)
{
	struct made m = { .cms = buf_empty(1 << 20) };
	unsigned char hash[32];
	struct sealer *s = NULL;

	hash_content(hash);
	m.ok = sealer_open(plan, &world()->env, &s, &m.e) && sealer_prepare(s, &m.e);
	if (m.ok) {
		m.hole = sealer_hole(s);
		m.ok = sealer_sign(s, hash, m.hole, &m.cms, &m.done, &m.e);
	}
	sealer_free(s);
	return m;
}

static void put(const char *name, struct str bytes)
{
	struct err e;

	OK(io_replace(world()->dir, name, bytes, 0600, &e), e);
}

/* openssl's own opinion of a CMS over the content. */
static int openssl_verify(struct str cms, const char *root)
{
	char line[512];

	put("made.cms", cms);
	put("made.content", str_of(content));
	(void)snprintf(line, sizeof line,
		       "openssl cms -verify -cades -binary -purpose any -inform DER -in @/made.cms "
		       "-content @/made.content -CAfile @/%s -out /dev/null",
		       root);
	return command(line);
}

TEST(every_key_and_level_is_made_and_openssl_verifies_it)
{
	static const char *const names[] = { "rsa2048", "rsa3072", "rsa4096", "p256", "p384" };
	static const enum seal_level levels[] = { SEAL_B_B, SEAL_B_T, SEAL_B_LT };
	struct err e;

	for (size_t i = 0; i < COUNT_OF(names); i++)
		for (size_t j = 0; j < COUNT_OF(levels); j++) {
			struct desk d;
			struct made m;

			desk_new(&d, names[i], levels[j]);
			m = make(&d.plan);
			if (!OK(m.ok, m.e))
				continue;
			EQ_INT(m.done.level, levels[j]);
			CHECK((m.done.time != 0) == (levels[j] != SEAL_B_B));
			OK(der_check(buf_view(&m.cms), &e), e);
			CHECK(m.cms.n <= m.hole && m.hole - m.cms.n <= 512);
			EQ_INT(openssl_verify(buf_view(&m.cms), "root.pem"), 0);
			EQ_INT(openssl_verify(buf_view(&m.cms), "rogue.pem") != 0, 1);
			m.cms.p[m.cms.n - 1] ^= 1; /* within the signature or the token */
			if (levels[j] == SEAL_B_B)
				EQ_INT(openssl_verify(buf_view(&m.cms), "root.pem") != 0, 1);
			buf_free(&m.cms);
			desk_free(&d);
		}
}

TEST(a_b_b_seal_by_rsa_is_the_same_bytes_twice)
{
	struct made one, two;
	struct desk d;

	desk_new(&d, "rsa2048", SEAL_B_B);
	one = make(&d.plan);
	two = make(&d.plan);
	OK(one.ok && two.ok, one.e);
	EQ_STR(buf_view(&one.cms), buf_view(&two.cms));
	buf_free(&one.cms);
	buf_free(&two.cms);
	desk_free(&d);
}

TEST(what_is_wrong_with_a_key_or_certificate_has_a_code_each)
{
	static const struct {
		const char *chain, *key, *code;
	} cases[] = {
		{ "p256.chain", "p384.key", "SEAL-KEY-MISMATCH" },
		{ "p256.chain", "fault.key", "SEAL-KEY-MISMATCH" },
		{ "rsa2048.chain", "rsa3072.key", "SEAL-KEY-MISMATCH" },
		{ "expired.chain", "fault.key", "SEAL-EXPIRED" },
		{ "future.chain", "fault.key", "SEAL-NOT-YET" },
		{ "usage.chain", "fault.key", "SEAL-KEY-USAGE" },
		{ "authority.chain", "fault.key", "SEAL-KEY-USAGE" },
		{ "ca.chain", "ca.key", "SEAL-KEY-USAGE" },
		{ "purpose.chain", "fault.key", "SEAL-PURPOSE" },
		{ "gap.chain", "p256.key", "SEAL-CHAIN" },
		{ "rootless.chain", "p256.key", "SEAL-CHAIN" },
		{ "impostor.chain", "fault.key", "SEAL-KEY-ID" },
		{ "sha1.chain", "fault.key", "SEAL-WEAK" },
		{ "p521.chain", "p521.key", "SEAL-KEY-KIND" },
		{ "ed25519.chain", "ed25519.key", "SEAL-KEY-KIND" },
		{ "rsa1024.chain", "rsa1024.key", "SEAL-KEY-KIND" },
		{ "openssl.cnf", "p256.key", "SEAL-CERT-FORM" },
		{ "p256.key", "p256.key", "SEAL-CERT-FORM" },
		{ "p256.chain", "p256.pem", "SEAL-KEY-FORM" },
		{ "p256.chain", "p256.enc", "SEAL-PIN" },
		{ "p256.chain", "none.key", "SEAL-KEY-FILE" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct made m;
		struct desk d;

		desk_new(&d, "p256", SEAL_B_B);
		buf_clear(&d.certs);
		d.plan.certs = world_file(cases[i].chain, &d.certs);
		d.plan.key.path = world_path(cases[i].key, d.key);
		m = make(&d.plan);
		CHECK(!m.ok);
		EQ_C(m.e.code, cases[i].code);
		EQ_INT(m.cms.n, 0);
		buf_free(&m.cms);
		desk_free(&d);
	}
}

TEST(a_key_file_others_can_read_is_refused)
{
	char path[256];
	struct made m;
	struct desk d;

	desk_new(&d, "p256", SEAL_B_B);
	EQ_INT(command("cp @/p256.key @/open.key"), 0);
	EQ_INT(command("chmod 0640 @/open.key"), 0);
	d.plan.key.path = world_path("open.key", path);
	m = make(&d.plan);
	CHECK(!m.ok);
	EQ_C(m.e.code, "SEAL-KEY-FILE");
	buf_free(&m.cms);
	desk_free(&d);
}

TEST(passphrases_open_key_files_and_pkcs12_files)
{
	static const struct {
		enum sealkey_kind kind;
		const char *file, *pin, *code;
	} cases[] = {
		{ SEALKEY_PEM, "p256.enc", "secret", NULL },
		{ SEALKEY_PEM, "p256.enc", "Secret", "SEAL-PIN" },
		{ SEALKEY_PKCS12, "rsa2048.p12", "secret", NULL },
		{ SEALKEY_PKCS12, "rsa3072.p12", "secret", NULL },
		{ SEALKEY_PKCS12, "p256.p12", "secret", NULL },
		{ SEALKEY_PKCS12, "p384.p12", "secret", NULL },
		{ SEALKEY_PKCS12, "p256.p12", "Secret", "SEAL-PIN" },
		{ SEALKEY_PKCS12, "p256.p12", "", "SEAL-PIN" },
		{ SEALKEY_PKCS12, "p256.key", "secret", "SEAL-KEY-FORM" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct made m;
		struct desk d;

		desk_new(&d, "p256", SEAL_B_LT);
		d.plan.key = (struct sealkey_plan){ .kind = cases[i].kind,
						    .path = world_path(cases[i].file, d.key),
						    .pin = str_of(cases[i].pin) };
		if (cases[i].kind == SEALKEY_PKCS12) {
			buf_clear(&d.certs);
			d.plan.certs = world_file("root.pem", &d.certs);
		}
		m = make(&d.plan);
		if (cases[i].code == NULL) {
			OK(m.ok, m.e);
			EQ_INT(openssl_verify(buf_view(&m.cms), "root.pem"), 0);
		} else {
			CHECK(!m.ok);
			EQ_C(m.e.code, cases[i].code);
		}
		buf_free(&m.cms);
		desk_free(&d);
	}
}

TEST(a_time_stamp_service_that_does_wrong_has_a_code_for_it_and_no_seal)
{
	static const struct {
		const char *step, *code;
	} cases[] = {
		{ "tsa/nonce", "SEAL-TSA-NONCE" },     { "tsa/no-nonce", "SEAL-TSA-NONCE" },
		{ "tsa/imprint", "SEAL-TSA-IMPRINT" }, { "tsa/policy", "SEAL-TSA-POLICY" },
		{ "tsa/refuse", "SEAL-TSA-REFUSED" },  { "tsa/purpose", "SEAL-PURPOSE" },
		{ "tsa/mild", "SEAL-PURPOSE" },        { "tsa/both", "SEAL-PURPOSE" },
		{ "tsa/stranger", "SEAL-UNTRUSTED" },  { "tsa/no-certificate", "SEAL-TSA-SIGNER" },
		{ "tsa/unnamed", "SEAL-TSA-SIGNER" },  { "tsa/flipped", "SEAL-TSA-SIGNER" },
		{ "tsa/early", "SEAL-TSA-SKEW" },      { "tsa/late", "SEAL-TSA-SKEW" },
		{ "tsa/trailing", "SEAL-TSA-FORM" },   { "tsa/noise", "SEAL-TSA-FORM" },
		{ "tsa/empty", "SEAL-TSA-CUT" },       { "tsa/truncated", "SEAL-TSA-CUT" },
		{ "tsa/cut", "SEAL-TSA-CUT" },         { "tsa/dead", "SEAL-TSA-CUT" },
		{ "tsa/large", "SEAL-TSA-LARGE" },     { "tsa/slow", "SEAL-TSA-SLOW" },
		{ "tsa/status", "SEAL-TSA-ANSWER" },   { "tsa/page", "SEAL-TSA-ANSWER" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct made m;
		struct desk d;

		desk_new(&d, "p256", SEAL_B_T);
		d.plan.tsa_url = world_url(cases[i].step, d.url);
		d.plan.tsa_policy = "1.3.6.1.4.1.99999.2";
		m = make(&d.plan);
		CHECK(!m.ok);
		EQ_C(m.e.code, cases[i].code);
		EQ_INT(m.cms.n, 0);
		buf_free(&m.cms);
		desk_free(&d);
	}
}

TEST(a_time_stamp_service_that_is_not_there_is_down_and_the_plan_may_fall)
{
	struct made m;
	struct desk d;

	desk_new(&d, "p256", SEAL_B_LT);
	d.plan.tsa_url = "http://127.0.0.1:9/";
	m = make(&d.plan);
	CHECK(!m.ok);
	EQ_C(m.e.code, "SEAL-TSA-DOWN");
	d.plan.floor = SEAL_B_T; /* not low enough */
	m = make(&d.plan);
	CHECK(!m.ok);
	EQ_C(m.e.code, "SEAL-TSA-DOWN");
	d.plan.floor = SEAL_B_B;
	m = make(&d.plan);
	OK(m.ok, m.e);
	EQ_INT(m.done.level, SEAL_B_B);
	EQ_INT(m.done.time, 0);
	EQ_INT(openssl_verify(buf_view(&m.cms), "root.pem"), 0);
	buf_free(&m.cms);
	/* A bad answer is no reason to fall. */
	d.plan.tsa_url = world_url("tsa/nonce", d.url);
	m = make(&d.plan);
	CHECK(!m.ok);
	EQ_C(m.e.code, "SEAL-TSA-NONCE");
	desk_free(&d);
}

TEST(a_service_that_comes_back_is_asked_again)
{
	struct made m;
	struct desk d;

	desk_new(&d, "p256", SEAL_B_T);
	d.plan.tsa_url = world_url("tsa/once", d.url);
	d.plan.tries = 3;
	d.plan.pause_ms = 10;
	m = make(&d.plan);
	OK(m.ok, m.e);
	EQ_INT(m.done.level, SEAL_B_T);
	buf_free(&m.cms);
	desk_free(&d);
}

TEST(a_time_stamp_service_is_asked_no_faster_than_the_plan_says)
{
	struct buf cms = buf_empty(1 << 20);
	struct timespec from, to;
	unsigned char hash[32];
	struct sealer_done done;
	struct sealer *s = NULL;
	struct desk d;
	struct err e;

	hash_content(hash);
	desk_new(&d, "p256", SEAL_B_T);
	d.plan.tsa_gap_ms = 300;
	OK(sealer_open(&d.plan, &world()->env, &s, &e) && sealer_prepare(s, &e), e);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 3; i++)
		OK(sealer_sign(s, hash, 65536, &cms, &done, &e), e);
	clock_gettime(CLOCK_MONOTONIC, &to);
	CHECK((to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000 >= 890);
	sealer_free(s);
	buf_free(&cms);
	desk_free(&d);
}

TEST(what_is_wrong_with_a_revocation_has_a_code_each)
{
	static const struct {
		const char *name, *ocsp, *crl, *code; /* code NULL: the seal is made */
	} cases[] = {
		{ "p256", "none", "none", NULL },
		{ "p256", "issuer", "none", NULL },
		{ "p256", "checked", "none", NULL },
		{ "revoked", "none", "none", "SEAL-REVOKED" },
		{ "revoked", "status", "none", "SEAL-REVOKED" }, /* by the CRL */
		{ "crl", "status", "none", NULL },
		{ "crl", "later", "none", NULL },
		{ "crl", "stranger", "none",
		  "SEAL-REVOCATION-SIGNER" }, /* no CRL makes that good */
		{ "unknown", "none", "none", "SEAL-REVOCATION-UNKNOWN" },
		{ "nowhere", "none", "none", "SEAL-REVOCATION-NONE" },
		{ "p256", "later", "none", "SEAL-REVOCATION-REFUSED" },
		{ "p256", "stranger", "none", "SEAL-REVOCATION-SIGNER" },
		{ "p256", "plain", "none", "SEAL-REVOCATION-SIGNER" },
		{ "p256", "flipped", "none", "SEAL-REVOCATION-SIGNER" },
		{ "p256", "other", "none", "SEAL-REVOCATION-FORM" },
		{ "p256", "noise", "none", "SEAL-REVOCATION-FORM" },
		{ "p256", "cut", "none", "SEAL-REVOCATION-CUT" },
		{ "p256", "large", "none", "SEAL-REVOCATION-LARGE" },
		{ "p256", "slow", "none", "SEAL-REVOCATION-SLOW" },
		{ "p256", "page", "none", "SEAL-REVOCATION-ANSWER" },
		{ "p256", "none", "stale", "SEAL-REVOCATION-STALE" },
		{ "p256", "none", "other", "SEAL-REVOCATION-SIGNER" },
		{ "p256", "none", "flipped", "SEAL-REVOCATION-SIGNER" },
		{ "p256", "none", "large", "SEAL-REVOCATION-LARGE" },
		{ "p256", "none", "cut", "SEAL-REVOCATION-CUT" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char step[80];
		struct made m;
		struct desk d;

		desk_new(&d, cases[i].name, SEAL_B_LT);
		(void)snprintf(step, sizeof step, "set/ocsp/%s", cases[i].ocsp);
		world_set(step);
		(void)snprintf(step, sizeof step, "set/crl/%s", cases[i].crl);
		world_set(step);
		m = make(&d.plan);
		if (cases[i].code == NULL) {
			OK(m.ok, m.e);
			EQ_INT(m.done.level, SEAL_B_LT);
		} else {
			CHECK(!m.ok);
			EQ_C(m.e.code, cases[i].code);
			EQ_INT(m.cms.n, 0);
		}
		buf_free(&m.cms);
		desk_free(&d);
	}
	world_set("set/ocsp/none");
	world_set("set/crl/none");
}

TEST(evidence_is_fetched_once_for_a_batch_and_again_after_four_minutes)
{
	unsigned char hash[32];
	struct buf cms = buf_empty(1 << 20), before = buf_empty(100), after = buf_empty(100);
	struct sealer_done done;
	struct sealer *s = NULL;
	const struct dss *d;
	struct world *w = world();
	struct desk desk;
	struct err e;

	hash_content(hash);
	desk_new(&desk, "p256", SEAL_B_LT);
	OK(sealer_open(&desk.plan, &w->env, &s, &e), e);
	CHECK(!sealer_sign(s, hash, 65536, &cms, &done, &e)); /* not prepared */
	EQ_INT(e.kind, ERR_USAGE);
	OK(sealer_prepare(s, &e), e);
	d = sealer_dss(s);
	EQ_INT(d->count[DSS_CERT], 3); /* seal, issuing, time stamps */
	EQ_INT(d->count[DSS_OCSP], 2); /* seal, time stamps */
	EQ_INT(d->count[DSS_CRL], 1);  /* issuing */
	world_tell("count", &before);
	for (int i = 0; i < 3; i++)
		OK(sealer_prepare(s, &e), e);
	world_tell("count", &after);
	EQ_STR(buf_view(&after), buf_view(&before));
	w->shift = 241;
	OK(sealer_prepare(s, &e), e);
	buf_clear(&after);
	world_tell("count", &after);
	CHECK(!str_eq(buf_view(&after), buf_view(&before)));
	w->shift = 0;
	OK(sealer_prepare(s, &e), e);
	OK(sealer_sign(s, hash, sealer_hole(s), &cms, &done, &e), e);
	sealer_free(s);
	buf_free(&cms);
	buf_free(&before);
	buf_free(&after);
	desk_free(&desk);
}

TEST(a_service_that_changes_its_certificate_is_told_and_learnt)
{
	struct buf cms = buf_empty(1 << 20);
	unsigned char hash[32];
	struct sealer_done done;
	struct sealer *s = NULL, *other = NULL;
	struct desk one, two;
	struct err e;

	/* A second seal stands for the first one after its service took another certificate. */
	hash_content(hash);
	desk_new(&one, "p256", SEAL_B_LT);
	desk_new(&two, "p256", SEAL_B_LT);
	two.plan.tsa_url = world_url("tsa/turns", two.url);
	OK(sealer_open(&two.plan, &world()->env, &s, &e), e);
	OK(sealer_prepare(s, &e), e);
	OK(sealer_fork(s, &other, &e), e);
	CHECK(!sealer_sign(other, hash, 65536, &cms, &done, &e));
	EQ_C(e.code, "SEAL-TSA-CHANGED");
	EQ_INT(cms.n, 0);
	world_set("set/turns/hold");
	OK(sealer_prepare(s, &e), e);
	EQ_INT(sealer_dss(s)->count[DSS_CERT], 4);
	OK(sealer_sign(other, hash, sealer_hole(other), &cms, &done, &e), e);
	EQ_INT(done.level, SEAL_B_LT);
	world_set("set/turns/none");
	sealer_free(other);
	sealer_free(s);
	buf_free(&cms);
	desk_free(&one);
	desk_free(&two);
}

TEST(a_signature_longer_than_its_hole_is_never_cut)
{
	struct buf cms = buf_empty(1 << 20);
	unsigned char hash[32];
	struct sealer_done done;
	struct sealer *s = NULL;
	struct desk d;
	struct err e;

	hash_content(hash);
	desk_new(&d, "p256", SEAL_B_B);
	OK(sealer_open(&d.plan, &world()->env, &s, &e), e);
	OK(sealer_prepare(s, &e), e);
	buf_c(&cms, "before");
	CHECK(!sealer_sign(s, hash, 1000, &cms, &done, &e));
	EQ_C(e.code, "SEAL-HOLE");
	EQ_STR(buf_view(&cms), STR("before"));
	sealer_free(s);
	buf_free(&cms);
	desk_free(&d);
}

/* The signer elsewhere: openssl. */
static void sign_elsewhere(struct str bytes, const char *key, struct buf *out)
{
	char line[256];

	put("made.attributes", bytes);
	(void)snprintf(line, sizeof line,
		       "openssl dgst -sha256 -sign @/%s -out @/made.signature "
		       "@/made.attributes",
		       key);
	EQ_INT(command(line), 0);
	(void)world_file("made.signature", out);
}

TEST(a_signer_elsewhere_gets_bytes_and_gives_a_signature)
{
	static const char *const names[] = { "rsa2048", "p256", "p384" };
	unsigned char hash[32];
	struct err e;

	hash_content(hash);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf cms = buf_empty(1 << 20), attributes = buf_empty(4096);
		struct buf signature = buf_empty(4096);
		struct sealer_done done;
		struct sealer *s = NULL;
		char key[80];
		struct desk d;

		desk_new(&d, names[i], SEAL_B_T);
		d.plan.key = (struct sealkey_plan){ .kind = SEALKEY_EXTERNAL };
		OK(sealer_open(&d.plan, &world()->env, &s, &e), e);
		OK(sealer_prepare(s, &e), e);
		OK(sealer_attributes(s, hash, &attributes, &e), e);
		(void)snprintf(key, sizeof key, "%s.key", names[i]);
		sign_elsewhere(buf_view(&attributes), key, &signature);
		OK(sealer_finish(s, hash, buf_view(&signature), sealer_hole(s), &cms, &done, &e),
		   e);
		EQ_INT(done.level, SEAL_B_T);
		EQ_INT(openssl_verify(buf_view(&cms), "root.pem"), 0);
		buf_clear(&cms);
		signature.p[signature.n - 1] ^= 1;
		CHECK(!sealer_finish(s, hash, buf_view(&signature), 65536, &cms, &done, &e));
		EQ_C(e.code, "SEAL-SIGNATURE");
		CHECK(!sealer_sign(s, hash, 65536, &cms, &done, &e));
		EQ_INT(e.kind, ERR_USAGE);
		EQ_INT(cms.n, 0);
		sealer_free(s);
		buf_free(&cms);
		buf_free(&attributes);
		buf_free(&signature);
		desk_free(&d);
	}
}

TEST(a_plan_without_what_its_level_needs_is_no_plan)
{
	struct sealer *s = NULL;
	struct desk d;
	struct err e;

	desk_new(&d, "p256", SEAL_B_T);
	d.plan.tsa_url = NULL;
	CHECK(!sealer_open(&d.plan, &world()->env, &s, &e));
	EQ_INT(e.kind, ERR_USAGE);
	d.plan.tsa_url = d.url;
	d.plan.tsa_certs = (struct str){ 0 };
	CHECK(!sealer_open(&d.plan, &world()->env, &s, &e));
	EQ_INT(e.kind, ERR_USAGE);
	d.plan.level = SEAL_B_B;
	d.plan.floor = SEAL_B_T;
	CHECK(!sealer_open(&d.plan, &world()->env, &s, &e));
	EQ_INT(e.kind, ERR_USAGE);
	d.plan.floor = SEAL_B_B;
	d.plan.tsa_policy = "one.two";
	CHECK(!sealer_open(&d.plan, &world()->env, &s, &e));
	EQ_INT(e.kind, ERR_USAGE);
	desk_free(&d);
}

TEST(memory_may_run_out_anywhere_and_a_seal_is_made_or_not)
{
	static const enum seal_level levels[] = { SEAL_B_B, SEAL_B_LT };

	for (size_t i = 0; i < COUNT_OF(levels); i++) {
		bool ok = false;
		size_t nth;

		for (nth = 1; !ok && nth < 1000; nth++) {
			struct made m = { .cms = buf_empty(1 << 20) };
			unsigned char hash[32] = { 7 };
			struct sealer *s = NULL;
			struct desk d;

			desk_new(&d, "p256", levels[i]);
			check_fail_alloc(nth);
			ok = sealer_open(&d.plan, &world()->env, &s, &m.e) &&
			     sealer_prepare(s, &m.e) &&
			     sealer_sign(s, hash, sealer_hole(s), &m.cms, &m.done, &m.e);
			check_fail_alloc(0);
			CHECK(ok || (m.e.kind == ERR_SYSTEM && m.cms.n == 0));
			CHECK(!ok || m.done.level == levels[i]);
			sealer_free(s);
			buf_free(&m.cms);
			desk_free(&d);
		}
		CHECK(ok && nth > 10);
	}
}
