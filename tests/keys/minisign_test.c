/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>

#include "fixture.h"
#include "keys/minisign.h"
#include "keys/ring.h"

static const struct ring_seed manifest = { .role = ROLE_MANIFEST, .seed = { 1, 2, 3 } };

static struct signer *manifest_signer(struct ed25519_public *key)
{
	struct signer *signer = NULL;
	struct err e;

	OK(ed25519_start(&e), e);
	OK(ring_of_seeds(&manifest, 1, &signer, &e), e);
	OK(signer_public(signer, ROLE_MANIFEST, 0, key, &e), e);
	return signer;
}

/* `minisign -V` on dir/m with dir/m.minisig and dir/m.pub. */
static int minisign_says(const char *dir)
{
	char file[128], pub[128];

	(void)snprintf(file, sizeof file, "%s/m", dir);
	(void)snprintf(pub, sizeof pub, "%s/m.pub", dir);
	return program_run((char *[]){ (char[]){ "minisign" }, (char[]){ "-V" }, (char[]){ "-H" },
				       (char[]){ "-p" }, pub, (char[]){ "-m" }, file, NULL });
}

TEST(minisign_itself_accepts_our_signature_and_refuses_another_file)
{
	static const struct {
		const char *message, *comment;
	} cases[] = {
		{ "{\"schema\":\"hufu.manifest/1\"}", "verify.example.org 批次 1-0" },
		{ "", "" },
		{ "x\n", "timestamp:1\tfile:x" },
	};
	struct ed25519_public key;
	struct signer *signer = manifest_signer(&key);
	struct buf sig = buf_empty(MINISIGN_FILE_MAX), pub = buf_empty(MINISIGN_FILE_MAX);
	char dir[64];
	struct err e;

	folder_new(dir);
	minisign_public(&key, &pub);
	file_put(dir, "m.pub", buf_view(&pub), 0644);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_clear(&sig);
		OK(minisign_sign(signer, str_of(cases[i].message), str_of(cases[i].comment), &sig,
				 &e),
		   e);
		file_put(dir, "m", str_of(cases[i].message), 0644);
		file_put(dir, "m.minisig", buf_view(&sig), 0644);
		EQ_INT(minisign_says(dir), 0);
		file_put(dir, "m", STR("another"), 0644);
		EQ_INT(minisign_says(dir), 1);
	}
	folder_free(dir);
	buf_free(&sig);
	buf_free(&pub);
	signer_free(signer);
}

/* The secret key file minisign -W writes (no passphrase), for the manifest key above. */
static void secret_key_file(const char *dir, const struct ed25519_public *key)
{
	unsigned char bytes[158] = { 'E', 'd', 0, 0, 'B', '2' }, *id = bytes + 54, *sk = bytes + 62;
	unsigned char digest[32], checked[2 + 8 + 64];
	struct buf text = buf_empty(1000);

	sha256_of(str_bytes(key->bytes, 32), digest);
	memcpy(id, digest, 8);
	memcpy(sk, manifest.seed, 32);
	memcpy(sk + 32, key->bytes, 32);
	memcpy(checked, "Ed", 2);
	memcpy(checked + 2, id, 72);
	crypto_generichash(bytes + 126, 32, checked, sizeof checked, NULL, 0);
	buf_c(&text, "untrusted comment: minisign encrypted secret key\n");
	enc_base64(&text, bytes, sizeof bytes);
	buf_byte(&text, '\n');
	file_put(dir, "m.key", buf_view(&text), 0600);
	buf_free(&text);
}

TEST(we_accept_what_minisign_itself_signed)
{
	char dir[64], file[128], secret[128], sig[MINISIGN_FILE_MAX];
	struct ed25519_public key;
	struct signer *signer = manifest_signer(&key);
	struct str comment, message = STR("a manifest\n");
	struct err e;
	size_t n;

	folder_new(dir);
	secret_key_file(dir, &key);
	file_put(dir, "m", message, 0644);
	(void)snprintf(file, sizeof file, "%s/m", dir);
	(void)snprintf(secret, sizeof secret, "%s/m.key", dir);
	EQ_INT(program_run((char *[]){ (char[]){ "minisign" }, (char[]){ "-S" }, (char[]){ "-s" },
				       secret, (char[]){ "-t" }, (char[]){ "batch 7" },
				       (char[]){ "-m" }, file, NULL }),
	       0);
	if (CHECK(io_exists(strcat(file, ".minisig")))) {
		n = file_take(dir, "m.minisig", sig, sizeof sig);
		OK(minisign_verify(&key, message, str_bytes(sig, n), &comment, &e), e);
		EQ_STR(comment, STR("batch 7"));
		CHECK(!minisign_verify(&key, STR("a manifest"), str_bytes(sig, n), &comment, &e));
		EQ_C(e.code, "MINISIGN-WRONG");
	}
	folder_free(dir);
	signer_free(signer);
}

TEST(a_signature_file_with_one_bit_flipped_is_refused)
{
	struct ed25519_public key;
	struct signer *signer = manifest_signer(&key);
	struct buf sig = buf_empty(MINISIGN_FILE_MAX);
	struct str message = STR("message"), comment, untrusted = STR("untrusted comment: ");
	struct err e;
	size_t first;

	OK(minisign_sign(signer, message, STR("trusted"), &sig, &e), e);
	first = str_find(buf_view(&sig), STR("\n"), 0);
	for (size_t bit = 0; bit < sig.n * 8; bit++) {
		bool ok, free_text = bit / 8 >= untrusted.n && bit / 8 < first;

		sig.p[bit / 8] = (char)(sig.p[bit / 8] ^ 1 << bit % 8);
		ok = minisign_verify(&key, message, buf_view(&sig), &comment, &e);
		/* Nothing vouches for the words of the untrusted comment, by design of the format. */
		if (ok && !free_text)
			EQ_INT(bit, -1);
		sig.p[bit / 8] = (char)(sig.p[bit / 8] ^ 1 << bit % 8);
	}
	for (size_t n = 0; n < sig.n; n++)
		if (minisign_verify(&key, message, (struct str){ sig.p, n }, &comment, &e))
			EQ_INT(n, -1);
	OK(minisign_verify(&key, message, buf_view(&sig), &comment, &e), e);
	EQ_STR(comment, STR("trusted"));
	buf_byte(&sig, '\n');
	CHECK(!minisign_verify(&key, message, buf_view(&sig), &comment, &e));
	EQ_C(e.code, "MINISIGN-FORM");
	buf_free(&sig);
	signer_free(signer);
}

TEST(a_signature_of_another_key_is_told_from_a_wrong_one)
{
	const struct ring_seed stranger = { .role = ROLE_MANIFEST, .seed = { 9 } };
	struct ed25519_public key;
	struct signer *signer = manifest_signer(&key), *other = NULL;
	struct buf sig = buf_empty(MINISIGN_FILE_MAX);
	struct str comment;
	struct err e;

	OK(ring_of_seeds(&stranger, 1, &other, &e), e);
	OK(minisign_sign(other, STR("m"), STR("c"), &sig, &e), e);
	CHECK(!minisign_verify(&key, STR("m"), buf_view(&sig), &comment, &e));
	EQ_C(e.code, "MINISIGN-KEY");
	buf_free(&sig);
	signer_free(other);
	signer_free(signer);
}

TEST(a_trusted_comment_that_is_more_than_a_line_is_not_signed)
{
	static const char *const bad[] = { "two\nlines", "cr\r", "\x1b[31m",
					   "\xff",       "\x7f", "\xc2\x85" };
	struct ed25519_public key;
	struct signer *signer = manifest_signer(&key);
	struct buf sig = buf_empty(MINISIGN_FILE_MAX);
	char *longest = calloc(1, MINISIGN_COMMENT_MAX + 1);
	struct err e;

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (minisign_sign(signer, STR("m"), str_of(bad[i]), &sig, &e))
			EQ_INT(i, -1);
	memset(longest, 'c', MINISIGN_COMMENT_MAX + 1);
	CHECK(!minisign_sign(signer, STR("m"), str_bytes(longest, MINISIGN_COMMENT_MAX + 1), &sig,
			     &e));
	EQ_INT(sig.n, 0);
	OK(minisign_sign(signer, STR("m"), str_bytes(longest, MINISIGN_COMMENT_MAX), &sig, &e), e);
	free(longest);
	buf_free(&sig);
	signer_free(signer);
}

TEST(a_public_key_file_is_read_strictly)
{
	struct ed25519_public key, back = { { 0 } };
	struct signer *signer = manifest_signer(&key);
	struct buf pub = buf_empty(MINISIGN_FILE_MAX);
	struct err e;
	size_t first;

	minisign_public(&key, &pub);
	OK(minisign_public_read(buf_view(&pub), &back, &e), e);
	EQ_BYTES(back.bytes, key.bytes, 32);
	first = str_find(buf_view(&pub), STR("\n"), 0);
	for (size_t bit = first * 8; bit < pub.n * 8; bit++) {
		pub.p[bit / 8] = (char)(pub.p[bit / 8] ^ 1 << bit % 8);
		if (minisign_public_read(buf_view(&pub), &back, &e))
			EQ_INT(bit, -1);
		pub.p[bit / 8] = (char)(pub.p[bit / 8] ^ 1 << bit % 8);
	}
	/* A key of minisign's own README: good, but its id is random. */
	CHECK(!minisign_public_read(
		STR("untrusted comment: minisign public key\n"
		    "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n"),
		&back, &e));
	EQ_C(e.code, "MINISIGN-KEY");
	buf_free(&pub);
	signer_free(signer);
}
