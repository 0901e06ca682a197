/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/revocation.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "revocation_vector.h"
#include "seal/cert.h"

/* The first byte says what the others are: an OCSP answer, or a CRL; about the certificate of revocation_vector.h. */
static X509 *load(const unsigned char *p, size_t n)
{
	X509 *x = NULL;
	struct err e;

	if (!cert_of_der(str_bytes(p, n), &x, &e))
		abort();
	return x;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct revocation_asked asked;
	struct revocation_answer answer = { 0 };
	struct err e = { 0 };
	bool good;

	if (asked.cert == NULL)
		asked = (struct revocation_asked){ load(vector_cert, sizeof vector_cert),
						   load(vector_issuer, sizeof vector_issuer),
						   vector_time };
	if (size == 0)
		return 0;
	good = (data[0] & 1) != 0
		       ? revocation_crl(&asked, str_bytes(data + 1, size - 1), &answer, &e)
		       : revocation_ocsp(&asked, str_bytes(data + 1, size - 1), &answer, &e);
	if (!good && (e.code[0] == '\0' || answer.responder != NULL))
		abort();
	if (good && (answer.from > asked.at + REVOCATION_SKEW_S || answer.to < asked.at))
		abort();
	X509_free(answer.responder);
	return 0;
}
