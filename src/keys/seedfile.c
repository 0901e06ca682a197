/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/seedfile.h"

#include "base/enc.h"
#include "keys/private.h"

enum { FILE_MAX = 512, PKCS8_HEAD = 16, PKCS8 = PKCS8_HEAD + ED25519_SEED };

/* RFC 8410 §7: version 0, OID 1.3.101.112, an OCTET STRING in an OCTET STRING. */
static const unsigned char HEAD[PKCS8_HEAD] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
						0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };

static bool pem_read(struct str text, unsigned char seed[ED25519_SEED])
{
	const struct str begin = STR("-----BEGIN PRIVATE KEY-----\n"),
			 end = STR("\n-----END PRIVATE KEY-----");
	unsigned char der[PKCS8];
	size_t stop, n = 0;
	bool ok;

	if (text.n < begin.n + end.n || !str_starts(text, begin) || !str_ends(text, end))
		return false;
	text = str_skip(text, begin.n);
	stop = text.n - end.n;
	ok = enc_unbase64((struct str){ text.p, stop }, der, sizeof der, &n) && n == sizeof der &&
	     memcmp(der, HEAD, sizeof HEAD) == 0;
	if (ok)
		memcpy(seed, der + PKCS8_HEAD, ED25519_SEED);
	secret_wipe(der, sizeof der);
	return ok;
}

bool seedfile_read(const char *path, struct secret *out, struct err *e)
{
	struct secret file = { NULL, 0 }, seed = { NULL, 0 };
	struct str text;
	size_t n = 0;
	bool ok = secret_new(FILE_MAX, &file, e) && secret_new(ED25519_SEED, &seed, e) &&
		  private_read(path, file.p, FILE_MAX, &n, e);

	if (ok) {
		text = str_bytes(file.p, n);
		while (n != ED25519_SEED && text.n > 0 && text.p[text.n - 1] == '\n')
			text.n--;
		if (text.n == ED25519_SEED)
			memcpy(seed.p, text.p, ED25519_SEED);
		else
			ok = (text.n == (size_t)2 * ED25519_SEED &&
			      enc_unhex(text, seed.p, ED25519_SEED)) ||
			     pem_read(text, seed.p) ||
			     err_input(
				     e, "KEY-SEED",
				     "'%s' holds neither 32 bytes, nor 64 hexadecimal digits, nor an "
				     "Ed25519 private key in PEM",
				     path);
	}
	secret_free(&file);
	if (ok)
		*out = seed;
	else
		secret_free(&seed);
	return ok;
}
