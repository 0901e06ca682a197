/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/pem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/enc.h"
#include "check.h"
#include "keys/seedfile.h"

/* RFC 8410 §10.1 and §10.3. */
static const char PUBLIC[] = "-----BEGIN PUBLIC KEY-----\n"
			     "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
			     "-----END PUBLIC KEY-----\n";
static const char PRIVATE[] = "-----BEGIN PRIVATE KEY-----\n"
			      "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
			      "-----END PRIVATE KEY-----\n";
static const char SEED_HEX[] = "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842";

TEST(the_keys_of_the_standard_are_read_and_written)
{
	unsigned char seed[ED25519_SEED], want[ED25519_SEED];
	struct ed25519_public key;
	struct buf out = buf_empty(1024);
	struct err e = { 0 };

	OK(ed25519_start(&e), e);
	OK(pem_public_read(str_of(PUBLIC), &key, &e), e);
	pem_public(&key, &out);
	EQ_STR(buf_view(&out), str_of(PUBLIC));
	CHECK(pem_is_public(str_of(PUBLIC)));
	CHECK(!pem_is_public(str_of(PRIVATE)));
	CHECK(pem_seed_read(str_of(PRIVATE), seed));
	CHECK(enc_unhex(str_of(SEED_HEX), want, sizeof want));
	EQ_BYTES(seed, want, sizeof want);
	buf_free(&out);
}

TEST(what_is_no_key_in_pem_is_refused)
{
	static const char *const bad[] = {
		"",
		"\n",
		"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----\n",
		/* an X25519 key: another OID */
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
		"-----END PUBLIC KEY-----\n",
		/* of low order */
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
		"-----END PUBLIC KEY-----\n",
		/* one byte short, one too many */
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZg==\n"
		"-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuEA\n"
		"-----END PUBLIC KEY-----\n",
		/* white space in the base64 */
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE= \n"
		"-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
		"-----END PRIVATE KEY-----\n",
	};
	unsigned char seed[ED25519_SEED];
	struct ed25519_public key;
	struct err e = { 0 };

	OK(ed25519_start(&e), e);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		if (!CHECK(!pem_public_read(str_of(bad[i]), &key, &e)))
			EQ_C(bad[i], "refused");
		CHECK(!pem_seed_read(str_of(bad[i]), seed));
	}
	CHECK(!pem_public_read(str_of(PRIVATE), &key, &e));
	CHECK(!pem_seed_read(str_of(PUBLIC), seed));
}

static void put(const char *path, struct str bytes, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n || fchmod(fd, mode) != 0)
		abort();
	close(fd);
}

TEST(a_seed_comes_in_three_forms_from_a_file_of_ones_own)
{
	char path[] = "/tmp/hufu-seed-XXXXXX";
	unsigned char want[ED25519_SEED];
	struct secret seed = { NULL, 0 };
	struct err e = { 0 };
	char line[80];
	int fd = mkstemp(path);

	if (fd < 0)
		abort();
	close(fd);
	OK(ed25519_start(&e), e);
	CHECK(enc_unhex(str_of(SEED_HEX), want, sizeof want));
	(void)snprintf(line, sizeof line, "%s\n", SEED_HEX);
	const struct str good[] = { str_bytes(want, sizeof want), str_of(SEED_HEX), str_of(line),
				    str_of(PRIVATE) };

	for (size_t i = 0; i < COUNT_OF(good); i++) {
		put(path, good[i], 0600);
		OK(seedfile_read(path, &seed, &e), e);
		EQ_BYTES(seed.p, want, sizeof want);
		secret_free(&seed);
		put(path, good[i], 0640);
		CHECK(!seedfile_read(path, &seed, &e));
		EQ_INT(e.kind, ERR_SYSTEM);
	}
	const struct str bad[] = { STR(""), STR("\n"), str_bytes(want, 31), str_of(PUBLIC),
				   str_bytes(SEED_HEX, 63) };

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		put(path, bad[i], 0600);
		CHECK(!seedfile_read(path, &seed, &e));
		EQ_C(e.code, "KEY-SEED");
		CHECK(seed.p == NULL);
	}
	unlink(path);
}
