/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* setenv */
#include "fixture.h"
#include "keys/command.h"
#include "keys/external.h"
#include "keys/vault.h"

#define KEY "e734ea6c2b6257de72355e472aa05a4c487e6b463c029ed306df2f01b5636b58"
#define KEY2 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
#define SEED2 "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
#define WHO "\"role\":\"log\",\"number\":0,\"public\":\"" KEY "\","
#define ONE(body) "{\"schema\":\"hufu.external/1\",\"signers\":[{" body "}]}"

TEST(a_list_of_devices_is_read_strictly)
{
	static const struct {
		const char *text, *pointer;
	} bad[] = {
		{ "", "" },
		{ "[]", "" },
		{ "{\"schema\":\"hufu.external/2\",\"signers\":[]}", "" },
		{ "{\"schema\":\"hufu.external/1\",\"signers\":[],\"more\":1}", "" },
		{ "{\"schema\":\"hufu.external/1\",\"signers\":[7]}", "" },
		{ ONE(WHO "\"provider\":\"shell\",\"argv\":[\"/bin/x\"]"), "/signers/0/provider" },
		{ ONE(WHO "\"provider\":\"command\",\"argv\":[]"), "/signers/0/argv" },
		{ ONE(WHO "\"provider\":\"command\",\"argv\":[\"bin/x\"]"), "/signers/0/argv" },
		{ ONE(WHO "\"provider\":\"command\",\"argv\":[\"/bin/x\",1]"),
		  "/signers/0/argv/1" },
		{ ONE(WHO "\"provider\":\"command\",\"argv\":\"/bin/x\""), "/signers/0/argv" },
		{ ONE(WHO "\"provider\":\"command\",\"argv\":[\"/bin/x\"],\"pin\":\"1\""), "" },
		{ ONE(WHO
		      "\"provider\":\"pkcs11\",\"module\":\"x.so\",\"token\":\"t\",\"label\":\"l\""),
		  "/signers/0/module" },
		{ ONE(WHO "\"provider\":\"pkcs11\",\"module\":\"/x.so\",\"label\":\"l\""),
		  "/signers/0/token" },
		{ ONE(WHO
		      "\"provider\":\"pkcs11\",\"module\":\"/x.so\",\"token\":\"t\",\"label\":\"l\","
		      "\"pin\":\"1234\""),
		  "" },
		{ ONE("\"role\":\"root\",\"number\":1,\"public\":\"" KEY
		      "\",\"provider\":\"command\",\"argv\":[\"/bin/x\"]"),
		  "/signers/0/role" },
		{ ONE("\"role\":\"home\",\"number\":0,\"public\":\"" KEY
		      "\",\"provider\":\"command\",\"argv\":[\"/bin/x\"]"),
		  "/signers/0/role" },
		{ ONE("\"role\":\"issuing\",\"number\":0,\"public\":\"" KEY
		      "\",\"provider\":\"command\",\"argv\":[\"/bin/x\"]"),
		  "/signers/0/number" },
		{ ONE("\"role\":\"log\",\"number\":1,\"public\":\"" KEY
		      "\",\"provider\":\"command\",\"argv\":[\"/bin/x\"]"),
		  "/signers/0/number" },
		/* of low order */
		{ ONE("\"role\":\"log\",\"number\":0,\"public\":"
		      "\"0100000000000000000000000000000000000000000000000000000000000000\","
		      "\"provider\":\"command\",\"argv\":[\"/bin/x\"]"),
		  "/signers/0/public" },
		{ ONE(WHO "\"provider\":\"command\",\"argv\":[\"/bin/x\"]},{" WHO
			  "\"provider\":\"command\",\"argv\":[\"/bin/y\"]"),
		  "/signers/1" },
	};
	struct arena *a = arena_new(4 * 1024 * 1024);
	struct device *devices;
	size_t count;
	struct err e;

	OK(ed25519_start(&e), e);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		e.pointer[0] = '\0';
		if (external_read(a, str_of(bad[i].text), &devices, &count, &e))
			EQ_INT(i, -1);
		if (bad[i].pointer[0] != '\0')
			EQ_C(e.pointer, bad[i].pointer);
	}
	OK(external_read(
		   a, STR(ONE(WHO "\"provider\":\"command\",\"argv\":[\"/bin/x\",\"\",\"a b\"]")),
		   &devices, &count, &e),
	   e);
	EQ_INT(count, 1);
	EQ_C(devices[0].argv[0], "/bin/x");
	EQ_C(devices[0].argv[1], "");
	EQ_C(devices[0].argv[2], "a b");
	CHECK(devices[0].argv[3] == NULL);
	arena_free(a);
}

TEST(an_answer_of_a_program_is_read_strictly)
{
	static const char *const bad[] = {
		"",
		"{}",
		"[]",
		"{\"signature\":\"00\"}",
		"{\"signature\":7}",
		"{\"error\":\"no\"}",
		"{\"error\":\"no\",\"signature\":\"00\"}",
		"\xff",
	};
	char text[256];
	unsigned char out[64];
	struct err e;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		if (command_answer_read(str_of(bad[i]), out, &e))
			EQ_INT(i, -1);
		EQ_INT(e.kind, ERR_SYSTEM);
	}
	(void)snprintf(text, sizeof text, "{\"signature\":\"%0128d\",\"more\":1}", 0);
	CHECK(!command_answer_read(str_of(text), out, &e));
	(void)snprintf(text, sizeof text, " { \"signature\" : \"%0128d\" } ", 7);
	OK(command_answer_read(str_of(text), out, &e), e);
	EQ_INT(out[63], 7);
}

/* A home with a home secret, an issuing key of files, and what external.json says. */
struct desk {
	struct still world;
	char dir[64];
	struct signer *signer;
	struct keyfile issuing;
};

static void desk_new(struct desk *d)
{
	struct keyfile home = { .role = ROLE_HOME, .version = 1 };
	struct kek *kek;
	struct err e;

	*d = (struct desk){ .issuing = { .role = ROLE_ISSUING, .number = 1 } };
	kek = home_new(d->dir, &d->world);
	OK(keyfile_create(d->dir, kek, &d->world.env, &home, &e), e);
	OK(keyfile_create(d->dir, kek, &d->world.env, &d->issuing, &e), e);
	kek_free(kek);
}

static void desk_free(struct desk *d)
{
	signer_free(d->signer);
	folder_free(d->dir);
}

static bool desk_open(struct desk *d, const struct ring_filter *filter, struct err *e)
{
	struct vault_order order = { .keys_dir = d->dir, .filter = filter, .env = &d->world.env };
	struct sandbox_report report;
	struct secret passphrase;
	char path[96];
	bool ok;

	signer_free(d->signer);
	d->signer = NULL;
	OK(secret_new(credential.n, &passphrase, e), *e);
	memcpy(passphrase.p, credential.p, credential.n);
	order.passphrase = &passphrase;
	(void)snprintf(path, sizeof path, "%s/audit", d->dir);
	order.audit = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	ok = vault_open(&order, &d->signer, &report, e);
	if (ok)
		CHECK(report.open_denied || report.wide); /* that of the key files, device or not */
	close(order.audit);
	secret_free(&passphrase);
	return ok;
}

static void command_put(struct desk *d, const char *role, unsigned number, const char *how)
{
	char text[2048], here[1024];

	if (getcwd(here, sizeof here) == NULL)
		abort();
	(void)snprintf(
		text, sizeof text,
		"{\"schema\":\"hufu.external/1\",\"signers\":[{\"role\":\"%s\",\"number\":%u,"
		"\"public\":\"" KEY2 "\",\"provider\":\"command\",\"argv\":[\"/usr/bin/python3\","
		"\"%s/tests/keys/sign_command.py\",\"" SEED2 "\",\"%s\"]}]}\n",
		role, number, here, how);
	file_put(d->dir, "external.json", str_of(text), 0600);
}

TEST(a_program_of_the_issuer_signs_and_its_signature_is_checked)
{
	const struct str part = STR("hufu/1/x"), note = STR("a note\n");
	struct ed25519_public key;
	unsigned char out[64];
	struct desk d;
	struct err e;

	desk_new(&d);
	command_put(&d, "log", 0, "env");
	OK(desk_open(&d, NULL, &e), e);
	OK(signer_public(d.signer, ROLE_LOG, 0, &key, &e), e);
	for (int i = 0; i < 3; i++) {
		OK(signer_note(d.signer, ROLE_LOG, 0, note, out, &e), e);
		CHECK(ed25519_verify(&key, note, out));
	}
	/* What is no note is refused before the program is asked. */
	CHECK(!signer_note(d.signer, ROLE_LOG, 0, STR("no end"), out, &e));
	EQ_C(e.cause, "not the text of a note");
	/* The keys of files are beside it. */
	OK(signer_pop(d.signer, ROLE_ISSUING, 1, STR("verify.example.org"), out, &e), e);
	OK(signer_hmac256(d.signer, &part, 1, out, &e), e);
	desk_free(&d);
}

TEST(a_program_that_does_not_sign_as_it_should_signs_nothing)
{
	static const struct {
		const char *how, *words;
	} bad[] = {
		{ "wrong", "the device of the log key made a wrong signature" },
		{ "refuse", "it says: the drawer is locked" },
		{ "garbage", "" },
		{ "long", "it answers no line of 4096 bytes" },
		{ "two", "it says more than was asked" },
		{ "end", "it has ended" },
	};
	unsigned char out[64] = { 0 }, none[64] = { 0 };
	const struct str part = STR("hufu/1/x");
	struct desk d;
	struct err e;

	desk_new(&d);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		command_put(&d, "log", 0, bad[i].how);
		OK(desk_open(&d, NULL, &e), e);
		for (int again = 0; again < 2; again++) {
			CHECK(!signer_note(d.signer, ROLE_LOG, 0, STR("a note\n"), out, &e));
			EQ_INT(e.kind, ERR_SYSTEM);
			if (again == 0 && bad[i].words[0] != '\0')
				EQ_C(e.cause, bad[i].words);
			EQ_BYTES(out, none, 64);
		}
		OK(signer_hmac256(d.signer, &part, 1, out, &e), e);
		memset(out, 0, sizeof out);
	}
	desk_free(&d);
}

TEST(a_device_that_is_not_there_opens_no_home)
{
	static const char *const bad[] = {
		ONE(WHO "\"provider\":\"command\",\"argv\":[\"/nowhere/sign\"]"),
		ONE(WHO "\"provider\":\"pkcs11\",\"module\":\"/nowhere/x.so\",\"token\":\"t\","
			"\"label\":\"l\""),
		ONE(WHO "\"provider\":\"pkcs11\",\"module\":\"/lib/x86_64-linux-gnu/libm.so.6\","
			"\"token\":\"t\",\"label\":\"l\""),
		"{",
	};
	struct desk d;
	struct err e;

	desk_new(&d);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		file_put(d.dir, "external.json", str_of(bad[i]), 0600);
		CHECK(!desk_open(&d, NULL, &e));
		EQ_INT(e.kind, ERR_SYSTEM);
	}
	file_put(d.dir, "external.json", str_of("{\"schema\":\"hufu.external/1\",\"signers\":[]}"),
		 0644);
	CHECK(!desk_open(&d, NULL, &e)); /* others could write programs into it */
	desk_free(&d);
}

static bool only_files(void *self, const struct keyfile *key)
{
	const struct desk *d = self;

	return key->role == ROLE_HOME ||
	       memcmp(&key->public, &d->issuing.public, sizeof key->public) == 0;
}

TEST(a_device_nobody_wants_is_not_touched_and_of_two_keys_the_selected_one_signs)
{
	const struct ring_filter filter = { .wanted = only_files };
	struct ring_filter with;
	struct ed25519_public key, device;
	unsigned char out[64];
	struct desk d;
	struct err e;

	desk_new(&d);
	with = filter;
	with.self = &d;
	command_put(&d, "issuing", 1, "end");
	OK(desk_open(&d, &with, &e), e);
	OK(signer_public(d.signer, ROLE_ISSUING, 1, &key, &e), e);
	EQ_BYTES(key.bytes, d.issuing.public.bytes, 32);
	command_put(&d, "issuing", 1, "well");
	OK(desk_open(&d, NULL, &e), e);
	OK(signer_public(d.signer, ROLE_ISSUING, 1, &device, &e), e);
	CHECK(memcmp(device.bytes, d.issuing.public.bytes, 32) != 0);
	OK(signer_select(d.signer, ROLE_ISSUING, 1, &d.issuing.public, &e), e);
	OK(signer_public(d.signer, ROLE_ISSUING, 1, &key, &e), e);
	EQ_BYTES(key.bytes, d.issuing.public.bytes, 32);
	OK(signer_pop(d.signer, ROLE_ISSUING, 1, STR("verify.example.org"), out, &e), e);
	OK(signer_select(d.signer, ROLE_ISSUING, 1, &device, &e), e);
	OK(signer_pop(d.signer, ROLE_ISSUING, 1, STR("verify.example.org"), out, &e), e);
	CHECK(!signer_select(d.signer, ROLE_LOG, 0, &device, &e));
	desk_free(&d);
}

static const char softhsm[] = "/usr/lib/softhsm/libsofthsm2.so";

/* Run a program and keep what it says. */
static size_t program_say(const char *command, char *out, size_t size)
{
	FILE *p = popen(command, "r");
	size_t n = p == NULL ? 0 : fread(out, 1, size - 1, p);

	out[n] = '\0';
	return p == NULL || pclose(p) != 0 ? 0 : n;
}

/* A token with two keys, made by OpenSC's program; the public half of `label` as it tells it. */
static bool token_new(const char *dir, const char *label, char public[65])
{
	char text[8192], command[1024];
	const char *at;

	(void)snprintf(
		text, sizeof text,
		"directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n",
		dir);
	file_put(dir, "softhsm2.conf", str_of(text), 0600);
	(void)snprintf(command, sizeof command, "%s/softhsm2.conf", dir);
	if (setenv("SOFTHSM2_CONF", command, 1) != 0)
		return false;
	(void)snprintf(
		command, sizeof command,
		"mkdir %s/tokens && softhsm2-util --init-token --free --label hufu --pin 1234"
		" --so-pin 5678 2>&1 && T='pkcs11-tool --module %s --token-label hufu' &&"
		" $T --login --pin 1234 --keypairgen --key-type EC:edwards25519 --label %s"
		" --id 01 2>&1 && $T --login --pin 1234 --keypairgen --key-type EC:prime256v1"
		" --label other --id 02 2>&1 && $T -O --type pubkey --label %s 2>&1",
		dir, softhsm, label, label);
	if (program_say(command, text, sizeof text) == 0)
		return false;
	at = strstr(text, "0420");
	if (at == NULL || strlen(at) < 4 + 64)
		return false;
	memcpy(public, at + 4, 64);
	public[64] = '\0';
	return true;
}

static void token_put(struct desk *d, const char *public, const char *token, const char *label)
{
	char text[2048];

	(void)snprintf(
		text, sizeof text,
		"{\"schema\":\"hufu.external/1\",\"signers\":[{\"role\":\"issuing\",\"number\":1,"
		"\"public\":\"%s\",\"provider\":\"pkcs11\",\"module\":\"%s\",\"token\":\"%s\","
		"\"label\":\"%s\",\"pin_file\":\"%s/pin\"}]}\n",
		public, softhsm, token, label, d->dir);
	file_put(d->dir, "external.json", str_of(text), 0600);
}

TEST(a_key_on_a_pkcs11_token_signs_tokens)
{
	static const unsigned char head[] = { 0xa2, 0x01, 0x27, 0x04, 0x44 };
	const struct str payload = STR("\x8b\x01\x01rest"), aad = STR("hufu/1/cert\0a.example");
	unsigned char header[9], out[64];
	struct buf tbs = buf_empty(256);
	struct ed25519_public key;
	char public[65], path[96];
	struct desk d;
	struct err e;

	desk_new(&d);
	CHECK(token_new(d.dir, "issuing-1", public));
	file_put(d.dir, "pin", STR("1234\n"), 0600);
	token_put(&d, public, "hufu", "issuing-1");
	if (OK(desk_open(&d, NULL, &e), e)) {
		OK(signer_public(d.signer, ROLE_ISSUING, 1, &key, &e), e);
		memcpy(header, head, sizeof head);
		ed25519_kid(&key, header + 5);
		for (int i = 0; i < 20; i++)
			OK(signer_cose(d.signer, ROLE_ISSUING, 1, str_bytes(header, 9), aad,
				       payload, out, &e),
			   e);
		buf_c(&tbs, "\x84\x6aSignature1\x49");
		buf_put(&tbs, header, 9);
		buf_c(&tbs, "\x55");
		buf_str(&tbs, aad);
		buf_c(&tbs, "\x47");
		buf_str(&tbs, payload);
		CHECK(ed25519_verify(&key, buf_view(&tbs), out));
		CHECK(!signer_note(d.signer, ROLE_ISSUING, 1, STR("note\n"), out, &e));
	}
	/* Named, but another key answers: P-256 under the label, or another public half. */
	token_put(&d, public, "hufu", "other");
	OK(desk_open(&d, NULL, &e), e);
	CHECK(!signer_pop(d.signer, ROLE_ISSUING, 1, STR("a.example"), out, &e));
	token_put(&d, KEY2, "hufu", "issuing-1");
	OK(desk_open(&d, NULL, &e), e);
	CHECK(!signer_pop(d.signer, ROLE_ISSUING, 1, STR("a.example"), out, &e));
	EQ_C(e.cause, "the device of the issuing key made a wrong signature");
	token_put(&d, public, "nobody", "issuing-1");
	CHECK(!desk_open(&d, NULL, &e));
	EQ_C(e.cause, "there is no token 'nobody'");
	token_put(&d, public, "hufu", "nothing");
	CHECK(!desk_open(&d, NULL, &e));
	EQ_C(e.cause, "the token has no private key 'nothing'");
	token_put(&d, public, "hufu", "issuing-1");
	file_put(d.dir, "pin", STR("4321\n"), 0600);
	CHECK(!desk_open(&d, NULL, &e));
	EQ_C(e.cause, "the token: the PIN is wrong");
	file_put(d.dir, "pin", STR("1234\n"), 0644);
	CHECK(!desk_open(&d, NULL, &e)); /* others can read it */
	(void)snprintf(path, sizeof path, "rm -rf %s/tokens", d.dir);
	CHECK(program_say(path, public, 2) == 0);
	buf_free(&tbs);
	desk_free(&d);
}
