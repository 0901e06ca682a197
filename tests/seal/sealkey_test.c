/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* mkdtemp, setenv */
#include "seal/sealkey.h"

#include "base/pool.h"
#include "seal/der.h"
#include "world.h"

/* A SoftHSM token with the PKI's keys, behind shim.c; made once. */
static void token_make(void)
{
	static const char *const names[] = { "rsa2048", "rsa3072", "rsa4096", "p256", "p384" };
	struct buf text = buf_empty(4096);
	char path[256], line[512];
	struct err e;

	buf_printf(&text,
		   "directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = "
		   "ERROR\n",
		   world()->dir);
	OK(io_replace(world()->dir, "softhsm2.conf", buf_view(&text), 0600, &e), e);
	buf_free(&text);
	(void)setenv("SOFTHSM2_CONF", world_path("softhsm2.conf", path), 1);
	(void)setenv("SHIM", world()->dir, 1);
	EQ_INT(command("mkdir @/tokens"), 0);
	EQ_INT(command("softhsm2-util --init-token --free --label seals --pin 1234 --so-pin 5678"),
	       0);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		(void)snprintf(line, sizeof line,
			       "softhsm2-util --import @/%s.key --token seals --label %s --id "
			       "0%zu --pin 1234",
			       names[i], names[i], i + 1);
		EQ_INT(command(line), 0);
	}
	EQ_INT(command("cc -shared -fPIC -I/usr/include/p11-kit-1 "
		       "-DSOFTHSM=\"/usr/lib/softhsm/libsofthsm2.so\" -o @/shim.so "
		       "tests/seal/shim.c"),
	       0);
}

static const char *token(void)
{
	static char path[256];

	if (path[0] == '\0') {
		world_path("shim.so", path);
		token_make();
	}
	return path;
}

static void fault_set(const char *which)
{
	struct err e;

	OK(io_replace(world()->dir, "fault", str_of(which), 0600, &e), e);
}

static size_t logins(void)
{
	struct buf b = buf_empty(1000);
	struct err e;
	size_t n;

	if (!io_read_in(world()->dir, "logins", &b, &e))
		b.n = 0;
	n = b.n;
	buf_free(&b);
	return n;
}

static void desk_token(struct desk *d, const char *name, enum seal_level level)
{
	desk_new(d, name, level);
	d->plan.key = (struct sealkey_plan){ .kind = SEALKEY_PKCS11,
					     .module = token(),
					     .token = "seals",
					     .label = name,
					     .pin = STR("1234") };
}

TEST(a_token_signs_at_every_level_after_one_login)
{
	static const char *const names[] = { "rsa2048", "rsa3072", "rsa4096", "p256", "p384" };
	static const enum seal_level levels[] = { SEAL_B_B, SEAL_B_T, SEAL_B_LT };
	unsigned char hash[32] = { 7 };
	struct err e;

	for (size_t i = 0; i < COUNT_OF(names); i++)
		for (size_t j = 0; j < COUNT_OF(levels); j++) {
			struct buf cms = buf_empty(1 << 20);
			struct sealer_done done = { 0 };
			struct sealer *s = NULL;
			size_t before = logins();
			struct desk d;

			desk_token(&d, names[i], levels[j]);
			OK(sealer_open(&d.plan, &world()->env, &s, &e), e);
			OK(s != NULL && sealer_prepare(s, &e), e);
			for (int k = 0; s != NULL && k < 3; k++) {
				buf_clear(&cms);
				OK(sealer_sign(s, hash, sealer_hole(s), &cms, &done, &e), e);
				OK(der_check(buf_view(&cms), &e), e);
			}
			EQ_INT(done.level, levels[j]);
			EQ_INT(logins() - before, 1);
			sealer_free(s);
			buf_free(&cms);
			desk_free(&d);
		}
}

TEST(a_token_gives_the_bytes_a_key_file_gives)
{
	struct buf one = buf_empty(1 << 20), two = buf_empty(1 << 20);
	unsigned char hash[32] = { 7 };
	struct sealer_done done;
	struct sealer *s = NULL;
	struct desk d;
	struct err e;

	desk_token(&d, "rsa2048", SEAL_B_B);
	OK(sealer_open(&d.plan, &world()->env, &s, &e) && sealer_prepare(s, &e) &&
		   sealer_sign(s, hash, 65536, &one, &done, &e),
	   e);
	sealer_free(s);
	s = NULL;
	desk_free(&d);
	desk_new(&d, "rsa2048", SEAL_B_B);
	OK(sealer_open(&d.plan, &world()->env, &s, &e) && sealer_prepare(s, &e) &&
		   sealer_sign(s, hash, 65536, &two, &done, &e),
	   e);
	EQ_STR(buf_view(&one), buf_view(&two));
	sealer_free(s);
	buf_free(&one);
	buf_free(&two);
	desk_free(&d);
}

TEST(what_a_token_does_not_do_has_a_code_each)
{
	static const struct {
		const char *label, *pin, *code;
		size_t logins; /* how often the PIN was tried */
	} cases[] = {
		{ "p256", "4321", "SEAL-PIN", 1 },
		{ "p256", "1", "SEAL-PIN", 1 },
		{ "p256", "", "SEAL-PIN", 0 },
		{ "none", "1234", "SEAL-TOKEN", 1 },
		{ "p384", "1234", "SEAL-KEY-MISMATCH", 1 },
		{ "rsa2048", "1234", "SEAL-KEY-MISMATCH", 1 },
	};
	struct sealer *s = NULL;
	struct desk d;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t before = logins();

		desk_token(&d, "p256", SEAL_B_B);
		before = logins();
		d.plan.key.label = cases[i].label;
		d.plan.key.pin = str_of(cases[i].pin);
		CHECK(!sealer_open(&d.plan, &world()->env, &s, &e));
		EQ_C(e.code, cases[i].code);
		EQ_INT(logins() - before, cases[i].logins);
		desk_free(&d);
	}
	desk_token(&d, "p256", SEAL_B_B);
	d.plan.key.token = "none";
	CHECK(!sealer_open(&d.plan, &world()->env, &s, &e));
	EQ_C(e.code, "SEAL-TOKEN");
	d.plan.key.module = "/none.so";
	CHECK(!sealer_open(&d.plan, &world()->env, &s, &e));
	EQ_C(e.code, "SEAL-TOKEN");
	desk_free(&d);
}

TEST(one_try_that_is_left_is_not_taken)
{
	struct sealer *s = NULL;
	struct desk d;
	struct err e;
	size_t before;

	desk_token(&d, "p256", SEAL_B_B);
	fault_set("l");
	before = logins();
	CHECK(!sealer_open(&d.plan, &world()->env, &s, &e));
	EQ_C(e.code, "SEAL-PIN-LOCKED");
	EQ_INT(logins(), before);
	fault_set("-");
	desk_free(&d);
}

TEST(a_token_that_fails_in_the_middle_of_a_batch_has_a_code_and_no_retry)
{
	static const struct {
		const char *fault, *code;
	} cases[] = {
		{ "r", "SEAL-TOKEN-REMOVED" },
		{ "o", "SEAL-TOKEN-REMOVED" },
		{ "d", "SEAL-TOKEN-FAILED" },
		{ "w", "SEAL-SIGNATURE" },
	};
	struct buf cms = buf_empty(1 << 20);
	unsigned char hash[32] = { 7 };
	struct sealer_done done;
	struct sealer *s = NULL;
	struct desk d;
	struct err e;
	size_t before;

	desk_token(&d, "p256", SEAL_B_B);
	OK(sealer_open(&d.plan, &world()->env, &s, &e) && sealer_prepare(s, &e), e);
	before = logins();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		fault_set(cases[i].fault);
		CHECK(!sealer_sign(s, hash, 65536, &cms, &done, &e));
		EQ_C(e.code, cases[i].code);
		EQ_INT(cms.n, 0);
	}
	EQ_INT(logins(), before);
	fault_set("-");
	OK(sealer_sign(s, hash, 65536, &cms, &done, &e), e);
	sealer_free(s);
	buf_free(&cms);
	desk_free(&d);
}

enum { WORKERS = 4, DOCUMENTS = 100 };

struct batch {
	struct sealer *workers[WORKERS];
	struct str want; /* of hash { 7 }; RSA gives the same bytes each time */
	int left, wrong;
};

static bool batch_feed(void *ctx, void *job, bool *end, struct err *e)
{
	struct batch *b = ctx;

	(void)job, (void)e;
	*end = b->left-- == 0;
	return true;
}

static bool batch_work(void *ctx, int worker, void *job, struct err *e)
{
	struct batch *b = ctx;
	struct buf cms = buf_empty(1 << 20);
	unsigned char hash[32] = { 7 };
	struct sealer_done done;
	bool ok = sealer_sign(b->workers[worker], hash, 65536, &cms, &done, e);

	*(int *)job = !str_eq(buf_view(&cms), b->want);
	buf_free(&cms);
	return ok;
}

static bool batch_collect(void *ctx, void *job, struct err *e)
{
	(void)e;
	((struct batch *)ctx)->wrong += *(int *)job;
	return true;
}

TEST(workers_sign_at_once_by_sessions_of_their_own)
{
	unsigned char hash[32] = { 7 };
	struct sealer_done done;
	struct desk d;
	struct err e;

	for (int way = 0; way < 2; way++) {
		struct buf want = buf_empty(1 << 20);
		struct batch b = { .left = DOCUMENTS };
		struct pool_plan plan = { .ctx = &b,
					  .job_size = sizeof(int),
					  .workers = WORKERS,
					  .feed = batch_feed,
					  .work = batch_work,
					  .collect = batch_collect };
		struct sealer *s = NULL;
		size_t before;

		if (way == 0)
			desk_new(&d, "rsa2048", SEAL_B_B);
		else
			desk_token(&d, "rsa2048", SEAL_B_B);
		OK(sealer_open(&d.plan, &world()->env, &s, &e) && sealer_prepare(s, &e), e);
		OK(sealer_sign(s, hash, 65536, &want, &done, &e), e);
		b.want = buf_view(&want);
		before = logins();
		for (int i = 0; i < WORKERS; i++)
			OK(sealer_fork(s, &b.workers[i], &e), e);
		OK(pool_run(&plan, &e), e);
		EQ_INT(b.wrong, 0);
		EQ_INT(logins(), before);
		CHECK(!sealer_prepare(b.workers[0], &e));
		for (int i = 0; i < WORKERS; i++)
			sealer_free(b.workers[i]);
		sealer_free(s);
		buf_free(&want);
		desk_free(&d);
	}
}
