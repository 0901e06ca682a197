/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/seedfile.h"

#include "base/enc.h"
#include "keys/pem.h"
#include "keys/private.h"

enum { FILE_MAX = 512 };

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
			     pem_seed_read(text, seed.p) ||
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
