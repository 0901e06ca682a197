/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/xattr.h>

#include "fixture.h"
#include "keys/private.h"
#include "json/canon.h"

enum { SEALED_TEXT_MAX = 4096 };

static bool kek_opens(const char *dir, struct str passphrase, struct err *e)
{
	struct kek *kek = NULL;
	bool ok = kek_open(dir, passphrase, &kek, e);

	kek_free(kek);
	return ok;
}

TEST(a_wrong_passphrase_is_said_so_and_is_system_trouble)
{
	char dir[64];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	struct err e;

	CHECK(!kek_opens(dir, other_credential, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	CHECK(strstr(e.cause, "wrong passphrase") != NULL);
	CHECK(!kek_opens(dir, (struct str){ credential.p, 31 }, &e));
	CHECK(!kek_opens(dir, (struct str){ NULL, 0 }, &e));
	OK(kek_opens(dir, credential, &e), e);
	kek_free(kek);
	folder_free(dir);
}

TEST(a_kek_file_with_one_bit_flipped_anywhere_is_refused)
{
	char dir[64], bytes[SEALED_TEXT_MAX];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	size_t n = file_take(dir, "kek.json", bytes, sizeof bytes);
	struct err e;

	CHECK(n > 200);
	for (size_t bit = 0; bit < n * 8; bit++) {
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		file_put(dir, "kek.json", (struct str){ bytes, n }, 0600);
		if (kek_opens(dir, credential, &e) || e.kind != ERR_SYSTEM)
			EQ_INT(bit, -1);
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
	}
	file_put(dir, "kek.json", (struct str){ bytes, n }, 0600);
	OK(kek_opens(dir, credential, &e), e);
	kek_free(kek);
	folder_free(dir);
}

/* keyfile_list and, for the one key there, keyfile_open. */
static bool only_key_opens(const char *dir, const struct kek *kek, unsigned char seed[32],
			   struct err *e)
{
	struct arena *a = arena_new(1024 * 1024);
	struct keyfile *keys;
	size_t count = 0;
	bool ok = keyfile_list(a, dir, &keys, &count, e);

	if (ok && count != 1)
		ok = err_system(e, "%zu keys", count);
	ok = ok && keyfile_open(dir, kek, &keys[0], seed, e);
	arena_free(a);
	return ok;
}

static void every_flip_is_refused(struct keyfile key)
{
	char dir[64], name[KEYFILE_NAME], bytes[SEALED_TEXT_MAX];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	unsigned char seed[32];
	struct err e;
	size_t n;

	OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	keyfile_name(&key, name);
	n = file_take(dir, name, bytes, sizeof bytes);
	for (size_t bit = 0; bit < n * 8; bit++) {
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		file_put(dir, name, (struct str){ bytes, n }, 0600);
		if (only_key_opens(dir, kek, seed, &e) || e.kind != ERR_SYSTEM ||
		    strstr(e.cause, "changed") == NULL)
			EQ_INT(bit, -1);
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
	}
	file_put(dir, name, (struct str){ bytes, n }, 0600);
	OK(only_key_opens(dir, kek, seed, &e), e);
	kek_free(kek);
	folder_free(dir);
}

TEST(a_key_file_with_one_bit_flipped_anywhere_is_refused)
{
	every_flip_is_refused((struct keyfile){ .role = ROLE_ISSUING, .number = 1 });
	every_flip_is_refused((struct keyfile){ .role = ROLE_HOME, .version = 1 });
}

/* Replace the first `from` in text by `to`. */
static size_t edit(const char *text, size_t n, const char *from, const char *to, char *out)
{
	size_t at = str_find((struct str){ text, n }, str_of(from), 0), f = strlen(from),
	       t = strlen(to);

	if (at == SIZE_MAX)
		abort();
	memcpy(out, text, at);
	memcpy(out + at, to, t);
	memcpy(out + at + t, text + at + f, n - at - f);
	return n - f + t;
}

TEST(a_key_file_whose_fields_were_edited_is_refused)
{
	static const struct {
		const char *from, *to, *name; /* name NULL: the file keeps its own */
	} cases[] = {
		{ "\"role\":\"issuing\"", "\"role\":\"root\"", NULL },
		{ "\"number\":3", "\"number\":4", NULL },
		{ "\"number\":3", "\"number\":0", NULL },
		{ "\"number\":3", "\"number\":300", NULL },
		{ "\"number\":3", "\"number\":-3", NULL },
		{ "\"number\":3", "\"number\":3.0", NULL },
		{ "\"number\":3", "\"number\":\"3\"", NULL },
		{ "Ed25519", "SM2", NULL },
		{ "Ed25519", "HMAC-SHA-256", NULL },
		{ "hufu.key/1", "hufu.key/2", NULL },
		{ "2026-", "2025-", NULL },
		{ "2026-11-20T", "2026-11-31T", NULL },
		{ "02:00:00Z", "02:00:00+", NULL },
		{ "\"nonce\"", "\"Nonce\"", NULL },
		{ "\"schema\"", "\"version\":1,\"schema\"", NULL },
		{ "{\"algorithm\"", "{\"algorithm\":\"Ed25519\",\"algorithm\"", NULL },
		{ "\"number\":3,", "", NULL },
		{ ",", ", ", NULL },
		{ "}\n", "}", NULL },
		{ "}\n", "}\n\n", NULL },
		{ "{", "", NULL },
		{ "{", "\xef\xbb\xbf{", NULL },
	};
	struct keyfile key = { .role = ROLE_ISSUING, .number = 3 };
	char dir[64], name[KEYFILE_NAME], bytes[SEALED_TEXT_MAX], edited[SEALED_TEXT_MAX];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	unsigned char seed[32];
	struct err e;
	size_t n;

	OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	keyfile_name(&key, name);
	n = file_take(dir, name, bytes, sizeof bytes);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t m = edit(bytes, n, cases[i].from, cases[i].to, edited);

		file_put(dir, name, (struct str){ edited, m }, 0600);
		if (only_key_opens(dir, kek, seed, &e) || e.kind != ERR_SYSTEM)
			CHECK(!cases[i].to);
	}
	memset(edited, ' ', sizeof edited);
	file_put(dir, name, (struct str){ edited, sizeof edited }, 0600);
	CHECK(!only_key_opens(dir, kek, seed, &e));
	file_put(dir, name, (struct str){ edited, 0 }, 0600);
	CHECK(!only_key_opens(dir, kek, seed, &e));
	kek_free(kek);
	folder_free(dir);
}

TEST(a_header_that_claims_another_public_key_is_not_even_listed)
{
	struct keyfile key = { .role = ROLE_LOG }, other = { .role = ROLE_STATUS }, *keys;
	char dir[64], name[KEYFILE_NAME], bytes[SEALED_TEXT_MAX], edited[SEALED_TEXT_MAX];
	struct arena *a = arena_new(1024 * 1024);
	struct buf from = buf_empty(100), to = buf_empty(100);
	struct still world;
	struct kek *kek = home_new(dir, &world);
	size_t n, count;
	struct err e;

	OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	OK(keyfile_create(dir, kek, &world.env, &other, &e), e);
	enc_hex(&from, key.public.bytes, 32);
	enc_hex(&to, other.public.bytes, 32);
	buf_byte(&from, 0);
	buf_byte(&to, 0);
	keyfile_name(&key, name);
	n = edit(bytes, file_take(dir, name, bytes, sizeof bytes), from.p, to.p, edited);
	file_put(dir, name, (struct str){ edited, n }, 0600);
	CHECK(!keyfile_list(a, dir, &keys, &count, &e));
	CHECK(strstr(e.cause, "kid is not that of the public key") != NULL);
	buf_free(&from);
	buf_free(&to);
	arena_free(a);
	kek_free(kek);
	folder_free(dir);
}

TEST(a_key_is_opened_only_as_what_it_was_listed)
{
	struct keyfile key = { .role = ROLE_HOME, .version = 1 };
	char dir[64];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	unsigned char seed[32];
	struct err e;

	OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	OK(keyfile_open(dir, kek, &key, seed, &e), e);
	key.version = 2;
	CHECK(!keyfile_open(dir, kek, &key, seed, &e));
	CHECK(strstr(e.cause, "another key than before") != NULL);
	kek_free(kek);
	folder_free(dir);
}

/* A key file sealed by the rules, in which the seed of another key lies. */
static void file_with_other_seed(const char *dir, const char *name, const struct kek *kek)
{
	const unsigned char nonce[KEK_NONCE] = { 1 };
	char bytes[SEALED_TEXT_MAX], header[SEALED_TEXT_MAX];
	unsigned char sealed[32 + KEK_TAG], seed[32] = { 7 };
	struct buf file = buf_empty(SEALED_TEXT_MAX);
	struct str text = { bytes, file_take(dir, name, bytes, sizeof bytes) };
	size_t nonce_at = str_find(text, STR(",\"nonce\""), 0), nonce_n = 59;
	size_t sealed_at = str_find(text, STR(",\"sealed\""), 0);
	size_t middle = sealed_at - nonce_at - nonce_n;

	memcpy(header, bytes, nonce_at);
	memcpy(header + nonce_at, bytes + nonce_at + nonce_n, middle);
	header[nonce_at + middle] = '}';
	kek_seal(kek, nonce, str_bytes(header, nonce_at + middle + 1), str_bytes(seed, 32), sealed);
	buf_put(&file, bytes, nonce_at);
	buf_c(&file, ",\"nonce\":\"");
	enc_hex(&file, nonce, sizeof nonce);
	buf_byte(&file, '"');
	buf_put(&file, header + nonce_at, middle);
	buf_c(&file, ",\"sealed\":\"");
	enc_hex(&file, sealed, sizeof sealed);
	buf_c(&file, "\"}\n");
	file_put(dir, name, buf_view(&file), 0600);
	buf_free(&file);
}

TEST(a_key_file_that_holds_the_seed_of_another_key_is_refused)
{
	struct keyfile key = { .role = ROLE_MANIFEST };
	char dir[64], name[KEYFILE_NAME];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	unsigned char seed[32] = { 0 }, none[32] = { 0 };
	struct err e;

	OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	keyfile_name(&key, name);
	file_with_other_seed(dir, name, kek);
	CHECK(!keyfile_open(dir, kek, &key, seed, &e));
	CHECK(strstr(e.cause, "holds another key") != NULL);
	EQ_BYTES(seed, none, 32);
	kek_free(kek);
	folder_free(dir);
}

TEST(a_key_file_under_another_name_or_of_another_home_is_refused)
{
	struct keyfile key = { .role = ROLE_STATUS };
	char dir[64], dir2[64], name[KEYFILE_NAME], bytes[SEALED_TEXT_MAX];
	struct still world, world2;
	struct kek *kek = home_new(dir, &world), *kek2;
	unsigned char seed[32];
	struct err e;
	size_t n;

	OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	keyfile_name(&key, name);
	n = file_take(dir, name, bytes, sizeof bytes);

	kek2 = home_new(dir2, &world2);
	kek_free(kek2);
	(void)unlink("kek.json");
	folder_free(dir2);
	folder_new(dir2);
	OK(kek_create(dir2, KEK_RAW, other_credential, &world2.env, &kek2, &e), e);
	file_put(dir2, name, (struct str){ bytes, n }, 0600);
	CHECK(!only_key_opens(dir2, kek2, seed, &e));
	CHECK(strstr(e.cause, "does not open with this home's key") != NULL);
	for (size_t i = 0; i < sizeof seed; i++)
		CHECK(i == 0 || seed[i] == seed[0]); /* nothing of the key leaks out */

	file_put(dir2, "log-01020304.json", (struct str){ bytes, n }, 0600);
	CHECK(!only_key_opens(dir2, kek2, seed, &e));
	CHECK(strstr(e.cause, "renamed") != NULL);
	kek_free(kek);
	kek_free(kek2);
	folder_free(dir);
	folder_free(dir2);
}

TEST(a_file_others_can_read_is_refused_with_the_remedy)
{
	static const mode_t bad[] = { 0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666, 0777 };
	struct keyfile key = { .role = ROLE_LOG };
	char dir[64], name[KEYFILE_NAME], path[256];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	unsigned char seed[32];
	struct stat st;
	struct err e;

	OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	keyfile_name(&key, name);
	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CHECK(chmod(path, bad[i]) == 0);
		if (only_key_opens(dir, kek, seed, &e) || strstr(e.cause, "chmod 600") == NULL)
			EQ_INT(bad[i], -1);
	}
	CHECK(chmod(path, 0400) == 0);
	OK(only_key_opens(dir, kek, seed, &e), e);
	(void)snprintf(path, sizeof path, "%s/kek.json", dir);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600);
	CHECK(chmod(path, 0644) == 0);
	CHECK(!kek_opens(dir, credential, &e));
	CHECK(strstr(e.cause, "chmod 600") != NULL);
	kek_free(kek);
	folder_free(dir);
}

/* An access list (linux/posix_acl_xattr.h) on dir/name: owner r, user `uid` r, group `group`, mask r, other none. */
static bool acl_put(const char *dir, const char *name, unsigned char uid, unsigned char group)
{
	const unsigned char list[] = {
		2,    0, 0,     0,                         /* version */
		0x01, 0, 4,     0, 0xff, 0xff, 0xff, 0xff, /* owner */
		0x02, 0, 4,     0, uid,  0,    0,    0,    /* a user */
		0x04, 0, group, 0, 0xff, 0xff, 0xff, 0xff, /* the file's group */
		0x10, 0, 4,     0, 0xff, 0xff, 0xff, 0xff, /* mask */
		0x20, 0, 0,     0, 0xff, 0xff, 0xff, 0xff, /* others */
	};
	char path[256];

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	return setxattr(path, "system.posix_acl_access", list, sizeof list, 0) == 0;
}

TEST(an_access_list_may_let_in_ourselves_and_nobody_else)
{
	char dir[64], path[256], bytes[32];
	struct stat st;
	struct err e;
	size_t n;

	folder_new(dir);
	file_put(dir, "credential", credential, 0400);
	(void)snprintf(path, sizeof path, "%s/credential", dir);
	if (geteuid() > 255 || !acl_put(dir, "credential", (unsigned char)geteuid(), 0)) {
		printf("# no access lists here\n");
		folder_free(dir);
		return;
	}
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0440);
	OK(private_read(path, bytes, sizeof bytes, &n, &e), e);
	EQ_INT(n, sizeof bytes);
	CHECK(acl_put(dir, "credential", (unsigned char)geteuid(), 4)); /* the file's group */
	CHECK(!private_read(path, bytes, sizeof bytes, &n, &e));
	CHECK(acl_put(dir, "credential", 77, 0)); /* another user */
	CHECK(!private_read(path, bytes, sizeof bytes, &n, &e));
	CHECK(strstr(e.cause, "others can read it") != NULL);
	CHECK(removexattr(path, "system.posix_acl_access") == 0 && chmod(path, 0440) == 0);
	CHECK(!private_read(path, bytes, sizeof bytes, &n, &e)); /* a group without a list */
	folder_free(dir);
}

TEST(a_symbolic_link_a_folder_or_a_pipe_in_a_key_files_place_is_refused)
{
	char dir[64], path[256], target[256], bytes[8];
	struct err e;
	size_t n;

	folder_new(dir);
	file_put(dir, "real", STR("secret"), 0600);
	(void)snprintf(target, sizeof target, "%s/real", dir);
	(void)snprintf(path, sizeof path, "%s/link", dir);
	CHECK(symlink(target, path) == 0);
	CHECK(!private_read(path, bytes, sizeof bytes, &n, &e));
	CHECK(strstr(e.cause, "symbolic link") != NULL);
	(void)unlink(path);
	CHECK(mkfifo(path, 0600) == 0);
	CHECK(!private_read(path, bytes, sizeof bytes, &n, &e));
	CHECK(strstr(e.cause, "not a regular file") != NULL);
	CHECK(!private_read(dir, bytes, sizeof bytes, &n, &e));
	CHECK(!private_read_in(dir, "absent", bytes, sizeof bytes, &n, &e));
	CHECK(!private_read_in(dir, "real", bytes, 5, &n, &e));
	OK(private_read_in(dir, "real", bytes, 6, &n, &e), e);
	EQ_STR(str_bytes(bytes, n), STR("secret"));
	folder_free(dir);
}

TEST(a_kek_that_is_there_is_never_replaced_by_a_new_one)
{
	char dir[64];
	struct still world;
	struct kek *kek = home_new(dir, &world), *second = NULL;
	struct err e;

	CHECK(!kek_create(dir, KEK_RAW, credential, &world.env, &second, &e));
	CHECK(second == NULL);
	OK(kek_opens(dir, credential, &e), e);
	kek_free(kek);
	folder_free(dir);
}

TEST(weak_passphrases_are_refused_at_creation)
{
	char dir[64];
	struct still world;
	struct kek *kek = NULL;
	struct err e;

	still_new(&world);
	folder_new(dir);
	CHECK(!kek_create(dir, KEK_RAW, (struct str){ credential.p, 31 }, &world.env, &kek, &e));
	CHECK(!kek_create(dir, KEK_ARGON2ID, STR("seven77"), &world.env, &kek, &e));
	CHECK(!kek_create(dir, KEK_ARGON2ID, STR("seven77\r\n"), &world.env, &kek, &e));
	CHECK(!kek_opens(dir, credential, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	folder_free(dir);
}

TEST(a_typed_passphrase_opens_with_and_without_its_line_break)
{
	char dir[64];
	struct still world;
	struct kek *kek = NULL;
	struct err e;

	still_new(&world);
	folder_new(dir);
	OK(kek_create(dir, KEK_ARGON2ID, STR("正确的马电池\n"), &world.env, &kek, &e), e);
	OK(kek_opens(dir, STR("正确的马电池"), &e), e);
	OK(kek_opens(dir, STR("正确的马电池\r\n"), &e), e);
	CHECK(!kek_opens(dir, STR("正确的马电池 "), &e));
	kek_free(kek);
	folder_free(dir);
}

TEST(a_changed_passphrase_opens_the_same_keys)
{
	struct keyfile key = { .role = ROLE_ROOT, .number = 2 };
	char dir[64];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	unsigned char before[32], after[32];
	struct err e;

	OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	OK(only_key_opens(dir, kek, before, &e), e);
	OK(kek_change(dir, kek, KEK_RAW, other_credential, &world.env, &e), e);
	kek_free(kek);
	kek = NULL;
	CHECK(!kek_opens(dir, credential, &e));
	OK(kek_open(dir, other_credential, &kek, &e), e);
	OK(only_key_opens(dir, kek, after, &e), e);
	EQ_BYTES(after, before, sizeof after);
	kek_free(kek);
	folder_free(dir);
}

TEST(key_files_are_canonical_json_and_list_without_an_unlock)
{
	static const struct keyfile made[] = {
		{ .role = ROLE_HOME, .version = 1 },
		{ .role = ROLE_ISSUING, .number = 1 },
		{ .role = ROLE_ISSUING, .number = 255 },
		{ .role = ROLE_LOG },
		{ .role = ROLE_MANIFEST },
		{ .role = ROLE_OFFICER },
		{ .role = ROLE_ROOT, .number = 1 },
		{ .role = ROLE_STATUS },
		{ .role = ROLE_WITNESS },
	};
	char dir[64], name[KEYFILE_NAME], bytes[SEALED_TEXT_MAX];
	struct arena *a = arena_new(4 * 1024 * 1024);
	struct buf canon = buf_empty(SEALED_TEXT_MAX);
	const struct json *value;
	struct still world;
	struct kek *kek = home_new(dir, &world);
	struct keyfile *keys;
	size_t count, n;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(made); i++) {
		struct keyfile key = made[i];

		OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
		keyfile_name(&key, name);
		n = file_take(dir, name, bytes, sizeof bytes);
		OK(json_read(a, (struct str){ bytes, n }, &json_record, &value, &e), e);
		buf_clear(&canon);
		OK(canon_value(&canon, value, &e), e);
		buf_byte(&canon, '\n');
		EQ_STR(str_bytes(bytes, n), buf_view(&canon));
	}
	n = file_take(dir, "kek.json", bytes, sizeof bytes);
	OK(json_read(a, (struct str){ bytes, n }, &json_record, &value, &e), e);
	buf_clear(&canon);
	OK(canon_value(&canon, value, &e), e);
	buf_byte(&canon, '\n');
	EQ_STR(str_bytes(bytes, n), buf_view(&canon));

	file_put(dir, "notes.json", STR("{}"), 0644); /* not ours, left alone */
	OK(keyfile_list(a, dir, &keys, &count, &e), e);
	EQ_INT(count, COUNT_OF(made));
	for (size_t i = 0; i < count && i < COUNT_OF(made); i++) {
		EQ_INT(keys[i].role, made[i].role);
		EQ_INT(keys[i].number, made[i].number);
		EQ_INT(keys[i].version, made[i].version);
		EQ_INT(keys[i].created, world.now);
	}
	buf_free(&canon);
	arena_free(a);
	kek_free(kek);
	folder_free(dir);
}

TEST(a_key_that_cannot_be_is_not_made)
{
	static const struct keyfile bad[] = {
		{ .role = ROLE_ISSUING },
		{ .role = ROLE_ISSUING, .number = 256 },
		{ .role = ROLE_ROOT },
		{ .role = ROLE_LOG, .number = 1 },
		{ .role = ROLE_STATUS, .version = 1 },
		{ .role = ROLE_HOME },
		{ .role = ROLE_HOME, .version = 65536 },
		{ .role = ROLE_HOME, .version = 1, .number = 1 },
	};
	char dir[64];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	struct err e;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct keyfile key = bad[i];

		if (keyfile_create(dir, kek, &world.env, &key, &e))
			EQ_INT(i, -1);
	}
	kek_free(kek);
	folder_free(dir);
}

TEST(python_opens_a_home_by_the_words_of_the_headers_alone)
{
	static const struct keyfile made[] = { { .role = ROLE_HOME, .version = 1 },
					       { .role = ROLE_ISSUING, .number = 1 } };
	char dir[64], want[KEYFILE_NAME + 80];
	struct still world;
	struct kek *kek = home_new(dir, &world);
	struct err e;

	file_put(dir, "credential", credential, 0600);
	for (size_t i = 0; i < COUNT_OF(made); i++) {
		struct keyfile key = made[i];

		OK(keyfile_create(dir, kek, &world.env, &key, &e), e);
	}
	(void)snprintf(want, sizeof want, "%zu", COUNT_OF(made));
	EQ_INT(program_run((char *[]){ (char[]){ "/usr/bin/python3" },
				       (char[]){ "tests/keys/open_home.py" }, dir, want, NULL }),
	       0);
	file_put(dir, "credential", other_credential, 0600);
	EQ_INT(program_run((char *[]){ (char[]){ "/usr/bin/python3" },
				       (char[]){ "tests/keys/open_home.py" }, dir, want, NULL }),
	       1);
	kek_free(kek);
	folder_free(dir);
}
