/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>

#include "base/pool.h"
#include "fixture.h"
#include "keys/ring.h"
#include "json/json.h"

/* The key of tests/data/token-vector.json in every role. */
static struct signer *vector_signer(void)
{
	static const struct {
		enum key_role role;
		unsigned number;
	} slots[] = {
		{ ROLE_ISSUING, 1 }, { ROLE_ISSUING, 2 }, { ROLE_ISSUING, 3 },  { ROLE_STATUS, 0 },
		{ ROLE_LOG, 0 },     { ROLE_ROOT, 1 },    { ROLE_MANIFEST, 0 },
	};
	struct ring_seed seeds[COUNT_OF(slots)];
	struct signer *signer = NULL;
	struct err e;

	OK(ed25519_start(&e), e);
	for (size_t i = 0; i < COUNT_OF(slots); i++) {
		seeds[i].role = slots[i].role;
		seeds[i].number = slots[i].number;
		CHECK(enc_unhex(STR("56b8a95f73b88473a02a40bc3a0e461c"
				    "4355fc27ba9c82c7d6d7fe8fa944dc19"),
				seeds[i].seed, sizeof seeds[i].seed));
	}
	OK(ring_of_seeds(seeds, COUNT_OF(seeds), &signer, &e), e);
	return signer;
}

#define AAD STR("hufu/1/cert\0verify.example.org")
#define HEADER STR("\xa2\x01\x27\x04\x44\x37\xa4\x50\x4d")
#define STATUS_HEADER                                                                              \
	STR("\xa3\x01\x27\x04\x44\x37\xa4\x50\x4d\x10\x78\x1a"                                     \
	    "application/statuslist+cwt")

/* What the audit saw last; also refuses when told to. */
struct witness {
	struct signer_event last;
	atomic_size_t count;
	bool refuse;
};

static bool witness_line(void *self, const struct signer_event *event, struct err *e)
{
	struct witness *w = self;

	atomic_fetch_add(&w->count, 1);
	if (w->refuse)
		return err_system(e, "the audit file is full");
	w->last = *event;
	return true;
}

/* One case of the vector file: signature and what was signed, byte for byte. */
static void vector_case(struct signer *signer, struct witness *seen, const struct json *c)
{
	unsigned char token[400], tbs[512], out[64], digest[32];
	struct str token_hex, tbs_hex;
	size_t n, head = 1 + 10 + 1; /* array, header, empty map */
	unsigned type;
	struct str payload;
	struct err e;

	if (!OK(json_string(c, "token_hex", 2, 800, &token_hex, &e), e) ||
	    !OK(json_string(c, "tbs_hex", 2, 1024, &tbs_hex, &e), e))
		return;
	n = token_hex.n / 2;
	CHECK(enc_unhex(token_hex, token, n));
	CHECK(enc_unhex(tbs_hex, tbs, tbs_hex.n / 2));
	EQ_INT(token[head], 0x58);
	payload = str_bytes(token + head + 2, token[head + 1]);
	type = token[head + 4];
	OK(signer_cose(signer, ROLE_ISSUING, type, str_bytes(token + 2, 9), AAD, payload, out, &e),
	   e);
	EQ_BYTES(out, token + n - 64, 64);
	sha256_of(str_bytes(tbs, tbs_hex.n / 2), digest);
	EQ_BYTES(seen->last.sha256, digest, 32);
	EQ_INT(seen->last.number, type);
}

TEST(the_signer_makes_the_signatures_of_the_token_vector)
{
	struct arena *a = arena_new(1024 * 1024);
	struct buf text = buf_empty(1024 * 1024);
	struct signer *signer = vector_signer();
	struct witness seen = { .count = 0 };
	const struct json *file, *cases;
	struct err e;

	signer_audited(signer, &(struct signer_audit){ &seen, witness_line });
	if (OK(io_read("tests/data/token-vector.json", &text, &e), e) &&
	    OK(json_read(a, buf_view(&text), &json_record, &file, &e), e) &&
	    OK(json_array(file, "cases", 100, &cases, &e), e)) {
		CHECK(cases->count >= 4);
		for (size_t i = 0; i < cases->count; i++)
			vector_case(signer, &seen, &cases->items[i]);
		EQ_INT(seen.count, cases->count);
		EQ_C(seen.last.purpose, "cose");
		EQ_BYTES(seen.last.kid, "\x37\xa4\x50\x4d", 4);
	}
	signer_free(signer);
	buf_free(&text);
	arena_free(a);
}

TEST(cose_that_is_not_of_the_keys_own_kind_is_not_signed)
{
	const struct str token = STR("\x8b\x01\x01rest"), letter = STR("\x8b\x01\x03rest");
	const struct {
		enum key_role role;
		unsigned type;
		struct str header, aad, payload;
		const char *why;
	} bad[] = {
		{ ROLE_ISSUING, 1, HEADER, AAD, letter, "another document type" },
		{ ROLE_ISSUING, 3, HEADER, AAD, token, "another document type" },
		{ ROLE_ISSUING, 1, HEADER, STR("hufu/1/cert\0"), token, "no issuer" },
		{ ROLE_ISSUING, 1, HEADER, STR("hufu/1/cert"), token, "cut" },
		{ ROLE_ISSUING, 1, HEADER, STR(""), token, "no external data" },
		{ ROLE_ISSUING, 1, HEADER, STR("hufu/1/cert\0a\0b"), token, "NUL in the issuer" },
		{ ROLE_ISSUING, 1, STATUS_HEADER, AAD, token, "header of a status list" },
		{ ROLE_ISSUING, 1, STATUS_HEADER, STR(""), token, "a status list" },
		{ ROLE_ISSUING, 1, STR("\xa2\x01\x27\x04\x44\x37\xa4\x50\x4e"), AAD, token, "kid" },
		{ ROLE_ISSUING, 1, STR("\xa2\x01\x26\x04\x44\x37\xa4\x50\x4d"), AAD, token, "alg" },
		{ ROLE_ISSUING, 1, STR("\xa0"), AAD, token, "empty header" },
		{ ROLE_ISSUING, 1, (struct str){ NULL, 0 }, AAD, token, "no header" },
		{ ROLE_ISSUING, 1, HEADER, AAD, STR(""), "no payload" },
		{ ROLE_ISSUING, 4, HEADER, AAD, STR("\x8b\x01\x04"), "no such key" },
		{ ROLE_STATUS, 0, HEADER, STR(""), STR("\xa1"), "token header" },
		{ ROLE_STATUS, 0, STATUS_HEADER, AAD, token, "external data" },
		{ ROLE_LOG, 0, HEADER, AAD, token, "role" },
		{ ROLE_MANIFEST, 0, HEADER, AAD, token, "role" },
		{ ROLE_HOME, 0, HEADER, AAD, token, "role" },
	};
	struct signer *signer = vector_signer();
	unsigned char out[64];
	struct err e;

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (signer_cose(signer, bad[i].role, bad[i].type, bad[i].header, bad[i].aad,
				bad[i].payload, out, &e))
			CHECK(!bad[i].why);
	OK(signer_cose(signer, ROLE_ISSUING, 1, HEADER, AAD, token, out, &e), e);
	OK(signer_cose(signer, ROLE_STATUS, 0, STATUS_HEADER, STR(""), STR("\xa1"), out, &e), e);
	OK(signer_cose(signer, ROLE_ISSUING, 3, STR("\xa2\x01\x32\x04\x44\x37\xa4\x50\x4d"), AAD,
		       letter, out, &e),
	   e);
	signer_free(signer);
}

TEST(a_status_list_of_any_size_is_signed_over_its_sig_structure)
{
	static const struct {
		size_t n, head_size;
		const char *head;
	} cases[] = {
		{ 23, 1, "\x57" },
		{ 24, 2, "\x58\x18" },
		{ 255, 2, "\x58\xff" },
		{ 256, 3, "\x59\x01\x00" },
		{ 65535, 3, "\x59\xff\xff" },
		{ 65536, 5, "\x5a\x00\x01\x00\x00" },
	};
	struct signer *signer = vector_signer();
	struct buf want = buf_empty(100000);
	unsigned char *payload = calloc(1, 70000), out[64];
	struct ed25519_public key;
	struct err e;

	OK(signer_public(signer, ROLE_STATUS, 0, &key, &e), e);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		OK(signer_cose(signer, ROLE_STATUS, 0, STATUS_HEADER, STR(""),
			       str_bytes(payload, cases[i].n), out, &e),
		   e);
		buf_clear(&want);
		buf_c(&want, "\x84\x6aSignature1\x58\x26");
		buf_str(&want, STATUS_HEADER);
		buf_byte(&want, 0x40);
		buf_put(&want, cases[i].head, cases[i].head_size);
		buf_put(&want, payload, cases[i].n);
		CHECK(ed25519_verify(&key, buf_view(&want), out));
	}
	free(payload);
	buf_free(&want);
	signer_free(signer);
}

TEST(only_the_text_of_a_note_is_signed_as_a_note)
{
	static const struct {
		const char *body;
		size_t n;
	} bad[] = {
		{ "", 0 },       { "no end", 6 }, { "tab\there\n", 9 },    { "nul\0\n", 5 },
		{ "cr\r\n", 4 }, { "\xff\n", 2 }, { "\xed\xa0\x80\n", 4 }, { "\x84\x6aSig\n", 6 },
	};
	struct signer *signer = vector_signer();
	const struct str body = STR("verify.example.org/log\n0\n47DEQpj8HBSa+/TImW+5JA==\n");
	struct ed25519_public key;
	unsigned char out[64];
	struct err e;

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (signer_note(signer, ROLE_LOG, 0, (struct str){ bad[i].body, bad[i].n }, out,
				&e))
			EQ_INT(i, -1);
	CHECK(!signer_note(signer, ROLE_ISSUING, 1, body, out, &e));
	CHECK(!signer_note(signer, ROLE_STATUS, 0, body, out, &e));
	CHECK(!signer_note(signer, ROLE_ROOT, 2, body, out, &e));
	EQ_C(e.code, "NO-KEY");
	EQ_INT(e.kind, ERR_INPUT);
	OK(signer_note(signer, ROLE_LOG, 0, body, out, &e), e);
	OK(signer_public(signer, ROLE_LOG, 0, &key, &e), e);
	CHECK(ed25519_verify(&key, body, out));
	OK(signer_note(signer, ROLE_ROOT, 1, STR("{\"name\":\"示范\"}\n"), out, &e), e);
	signer_free(signer);
}

TEST(possession_is_proved_over_label_issuer_and_key)
{
	struct signer *signer = vector_signer();
	struct buf want = buf_empty(200);
	struct ed25519_public key;
	unsigned char out[64];
	struct err e;

	CHECK(!signer_pop(signer, ROLE_LOG, 0, STR(""), out, &e));
	CHECK(!signer_pop(signer, ROLE_LOG, 0, STR("a\0b"), out, &e));
	CHECK(!signer_pop(signer, ROLE_LOG, 0, STR("Verify.example.org"), out, &e));
	CHECK(!signer_pop(signer, ROLE_HOME, 0, STR("verify.example.org"), out, &e));
	OK(signer_pop(signer, ROLE_LOG, 0, STR("verify.example.org"), out, &e), e);
	OK(signer_public(signer, ROLE_LOG, 0, &key, &e), e);
	buf_put(&want, "hufu/1/pop\0verify.example.org", 30);
	buf_put(&want, key.bytes, 32);
	CHECK(ed25519_verify(&key, buf_view(&want), out));
	buf_free(&want);
	signer_free(signer);
}

TEST(nothing_is_signed_when_the_audit_cannot_write)
{
	struct signer *signer = vector_signer();
	struct witness seen = { .refuse = true };
	unsigned char out[64] = { 0 }, none[64] = { 0 };
	struct err e;

	signer_audited(signer, &(struct signer_audit){ &seen, witness_line });
	CHECK(!signer_cose(signer, ROLE_ISSUING, 1, HEADER, AAD, STR("\x8b\x01\x01"), out, &e));
	CHECK(!signer_note(signer, ROLE_LOG, 0, STR("x\n"), out, &e));
	CHECK(!signer_pop(signer, ROLE_LOG, 0, STR("x"), out, &e));
	EQ_INT(seen.count, 3);
	EQ_BYTES(out, none, 64);
	signer_audited(signer, NULL);
	OK(signer_note(signer, ROLE_LOG, 0, STR("x\n"), out, &e), e);
	EQ_INT(seen.count, 3);
	signer_free(signer);
}

TEST(hmac_under_the_home_secret_joins_its_parts)
{
	/* python3: hmac.new(b"\x0b" * 32, b"hufu/1/docid\0salt", …).hexdigest() */
	static const char want256[] =
		"c454867dd75f36bf2b5d01ae59412382a7ce04ababf05bccc6acbf8305bc1d83";
	static const char want512[] =
		"6a0a1fa6e4f989d6dcfde46df61ad20fb488e02fcaba03451bb08a86a93355c8"
		"a9cded5c942935e084951ab114f67cb34499451ae881c0b526287d45d602b86e";
	struct ring_seed seed = { .role = ROLE_HOME };
	const struct str parts[] = { STR("hufu/1/docid\0"), STR("salt"), STR("") };
	unsigned char got[64], want[64];
	struct signer *signer = NULL;
	struct ed25519_public key;
	struct err e;

	memset(seed.seed, 0x0b, sizeof seed.seed);
	OK(ring_of_seeds(&seed, 1, &signer, &e), e);
	OK(signer_hmac256(signer, parts, COUNT_OF(parts), got, &e), e);
	CHECK(enc_unhex(str_of(want256), want, 32));
	EQ_BYTES(got, want, 32);
	OK(signer_hmac512(signer, parts, COUNT_OF(parts), got, &e), e);
	CHECK(enc_unhex(str_of(want512), want, 64));
	EQ_BYTES(got, want, 64);
	CHECK(!signer_public(signer, ROLE_HOME, 0, &key, &e));
	signer_free(signer);
	signer = vector_signer();
	CHECK(!signer_hmac256(signer, parts, COUNT_OF(parts), got, &e));
	EQ_C(e.code, "NO-KEY");
	signer_free(signer);
}

static bool not_root(void *self, const struct keyfile *key)
{
	(void)self;
	return key->role != ROLE_ROOT;
}

TEST(the_newest_key_signs_unless_another_is_selected)
{
	struct keyfile old = { .role = ROLE_ISSUING, .number = 1 },
		       new = { .role = ROLE_ISSUING, .number = 1 },
		       root = { .role = ROLE_ROOT, .number = 1 };
	struct ring_filter filter = { NULL, not_root };
	struct signer *signer = NULL;
	struct ed25519_public key;
	struct still world;
	char dir[64];
	struct kek *kek = home_new(dir, &world);
	struct err e;

	OK(keyfile_create(dir, kek, &world.env, &old, &e), e);
	OK(keyfile_create(dir, kek, &world.env, &root, &e), e);
	world.now += 3600;
	OK(keyfile_create(dir, kek, &world.env, &new, &e), e);
	OK(ring_open(dir, kek, &filter, &signer, &e), e);
	kek_free(kek);
	OK(signer_public(signer, ROLE_ISSUING, 1, &key, &e), e);
	EQ_BYTES(key.bytes, new.public.bytes, 32);
	OK(signer_select(signer, ROLE_ISSUING, 1, &old.public, &e), e);
	OK(signer_public(signer, ROLE_ISSUING, 1, &key, &e), e);
	EQ_BYTES(key.bytes, old.public.bytes, 32);
	OK(signer_select(signer, ROLE_ISSUING, 1, &new.public, &e), e);
	OK(signer_public(signer, ROLE_ISSUING, 1, &key, &e), e);
	EQ_BYTES(key.bytes, new.public.bytes, 32);
	CHECK(!signer_select(signer, ROLE_ISSUING, 1, &root.public, &e));
	CHECK(!signer_select(signer, ROLE_ISSUING, 2, &old.public, &e));
	CHECK(!signer_public(signer, ROLE_ROOT, 1, &key, &e)); /* filtered out */
	signer_free(signer);
	folder_free(dir);
}

TEST(the_highest_version_of_the_home_secret_counts)
{
	struct keyfile one = { .role = ROLE_HOME, .version = 1 },
		       two = { .role = ROLE_HOME, .version = 2 };
	const struct str part = STR("hufu/1/x");
	struct signer *signer = NULL;
	unsigned char seed[32], got[32], want[32];
	struct still world;
	char dir[64];
	struct kek *kek = home_new(dir, &world);
	struct err e;

	OK(keyfile_create(dir, kek, &world.env, &two, &e), e);
	world.now += 3600;
	OK(keyfile_create(dir, kek, &world.env, &one, &e), e);
	OK(keyfile_open(dir, kek, &two, seed, &e), e);
	OK(ring_open(dir, kek, NULL, &signer, &e), e);
	OK(signer_hmac256(signer, &part, 1, got, &e), e);
	hmac_sha256(str_bytes(seed, 32), &part, 1, want);
	EQ_BYTES(got, want, 32);
	signer_free(signer);
	kek_free(kek);
	folder_free(dir);
}

TEST(a_ring_with_one_bad_key_file_does_not_open)
{
	struct keyfile key = { .role = ROLE_STATUS };
	struct signer *signer = NULL;
	struct still world;
	char dir[64], name[KEYFILE_NAME], path[128];
	struct kek *kek = home_new(dir, &world);
	struct err e;

	OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	keyfile_name(&key, name);
	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	CHECK(chmod(path, 0640) == 0);
	CHECK(!ring_open(dir, kek, NULL, &signer, &e));
	CHECK(signer == NULL);
	CHECK(!ring_open("/nonexistent", kek, NULL, &signer, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	kek_free(kek);
	folder_free(dir);
}

/* Many threads, one signer: each job signs its number and compares with what one thread made. */
struct crowd {
	const struct signer *signer;
	size_t fed, wrong;
};

struct crowd_job {
	size_t number;
	unsigned char signature[64];
};

static bool crowd_feed(void *ctx, void *job, bool *end, struct err *e UNUSED)
{
	struct crowd *c = ctx;

	*end = c->fed == 400;
	((struct crowd_job *)job)->number = c->fed++;
	return true;
}

static bool crowd_sign(const struct signer *signer, struct crowd_job *job, struct err *e)
{
	char body[32];
	int n = snprintf(body, sizeof body, "note %zu\n", job->number);

	return signer_note(signer, ROLE_LOG, 0, str_bytes(body, (size_t)n), job->signature, e);
}

static bool crowd_work(void *ctx, int worker UNUSED, void *job, struct err *e)
{
	return crowd_sign(((struct crowd *)ctx)->signer, job, e);
}

static bool crowd_collect(void *ctx, void *job, struct err *e)
{
	struct crowd *c = ctx;
	struct crowd_job again = { .number = ((struct crowd_job *)job)->number };

	if (!crowd_sign(c->signer, &again, e))
		return false;
	c->wrong += memcmp(again.signature, ((struct crowd_job *)job)->signature, 64) != 0;
	return true;
}

static bool count_line(void *self, const struct signer_event *event UNUSED, struct err *e UNUSED)
{
	atomic_fetch_add(&((struct witness *)self)->count, 1);
	return true;
}

TEST(threads_sign_with_one_signer)
{
	struct signer *signer = vector_signer();
	struct witness seen = { .count = 0 };
	struct signer_audit audit = { &seen, count_line };
	struct crowd crowd = { .signer = signer };
	struct pool_plan plan = { .ctx = &crowd,
				  .job_size = sizeof(struct crowd_job),
				  .workers = 4,
				  .feed = crowd_feed,
				  .work = crowd_work,
				  .collect = crowd_collect };
	struct err e;

	signer_audited(signer, &audit);
	OK(pool_run(&plan, &e), e);
	EQ_INT(crowd.wrong, 0);
	EQ_INT(seen.count, 800);
	signer_free(signer);
}

TEST(a_signer_that_runs_out_of_memory_says_so_and_signs_nothing)
{
	struct signer *signer = vector_signer();
	const struct str payload = STR("\x8b\x01\x01rest");
	unsigned char out[64];
	size_t seen, n = 1;
	struct err e;
	bool ok;

	do {
		check_fail_alloc(n);
		ok = signer_cose(signer, ROLE_ISSUING, 1, HEADER, AAD, payload, out, &e);
		seen = check_alloc_count();
		check_fail_alloc(0);
		if (!ok)
			EQ_INT(e.kind, ERR_SYSTEM);
	} while (seen >= n++ && n < 100);
	CHECK(ok);
	signer_free(signer);
}
