/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/pem.h"

#include "base/enc.h"
#include "keys/secret.h"

enum { PUBLIC_HEAD = 12, SEED_HEAD = 16, DER_MAX = SEED_HEAD + ED25519_SEED };
_Static_assert((int)PUBLIC_HEAD + (int)ED25519_PUBLIC <= (int)DER_MAX, "room for both");

/* SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING }; RFC 8410 §4 */
static const unsigned char public_head[PUBLIC_HEAD] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
							0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
/* SEQUENCE { 0, SEQUENCE { OID }, OCTET STRING { OCTET STRING } }; RFC 8410 §7 */
static const unsigned char seed_head[SEED_HEAD] = {
	0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
	0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
};

#define BEGIN_PUBLIC STR("-----BEGIN PUBLIC KEY-----\n")
#define END_PUBLIC STR("\n-----END PUBLIC KEY-----")
#define BEGIN_SEED STR("-----BEGIN PRIVATE KEY-----\n")
#define END_SEED STR("\n-----END PRIVATE KEY-----")

/* What stands in base64 between two lines; final line ends do not count. */
static bool between(struct str text, struct str begin, struct str end, unsigned char der[DER_MAX],
		    size_t *n)
{
	while (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	if (text.n < begin.n + end.n || !str_starts(text, begin) || !str_ends(text, end))
		return false;
	return enc_unbase64((struct str){ text.p + begin.n, text.n - begin.n - end.n }, der,
			    DER_MAX, n);
}

void pem_public(const struct ed25519_public *key, struct buf *out)
{
	unsigned char der[PUBLIC_HEAD + ED25519_PUBLIC];

	memcpy(der, public_head, PUBLIC_HEAD);
	memcpy(der + PUBLIC_HEAD, key->bytes, ED25519_PUBLIC);
	buf_str(out, BEGIN_PUBLIC);
	enc_base64(out, der, sizeof der);
	buf_str(out, END_PUBLIC);
	buf_byte(out, '\n');
}

bool pem_is_public(struct str text)
{
	return str_starts(text, BEGIN_PUBLIC);
}

bool pem_public_read(struct str text, struct ed25519_public *out, struct err *e)
{
	unsigned char der[DER_MAX];
	size_t n;

	if (!between(text, BEGIN_PUBLIC, END_PUBLIC, der, &n) ||
	    n != PUBLIC_HEAD + ED25519_PUBLIC || memcmp(der, public_head, PUBLIC_HEAD) != 0)
		return err_input(e, "KEY-PEM", "is no Ed25519 public key in PEM");
	return ed25519_public_read(str_bytes(der + PUBLIC_HEAD, ED25519_PUBLIC), out, e);
}

bool pem_seed_read(struct str text, unsigned char seed[ED25519_SEED])
{
	unsigned char der[DER_MAX];
	size_t n;
	bool ok = between(text, BEGIN_SEED, END_SEED, der, &n) && n == SEED_HEAD + ED25519_SEED &&
		  memcmp(der, seed_head, SEED_HEAD) == 0;

	if (ok)
		memcpy(seed, der + SEED_HEAD, ED25519_SEED);
	secret_wipe(der, sizeof der);
	return ok;
}
