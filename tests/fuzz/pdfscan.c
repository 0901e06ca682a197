/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/pdfscan.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/enc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold of any bytes: tokens are distinct runs of 1 to 964 digits inside them, prefixes ascend below them. */
static void check_tokens(struct str pdf, const struct str *digits, size_t count)
{
	if (count > PDFSCAN_TOKENS_MAX)
		abort();
	for (size_t i = 0; i < count; i++) {
		if (digits[i].n < 1 || digits[i].n > DECIMAL_DIGITS_MAX || digits[i].p < pdf.p ||
		    digits[i].p + digits[i].n > pdf.p + pdf.n)
			abort();
		for (size_t k = 0; k < digits[i].n; k++)
			if (digits[i].p[k] < '0' || digits[i].p[k] > '9')
				abort();
		for (size_t k = 0; k < i; k++)
			if (str_eq(digits[i], digits[k]))
				abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *a;
	if (!a)
		a = arena_new(1 << 20);
	if (!a)
		abort();
	struct str pdf = str_bytes(data, size), *digits;
	size_t *lengths, count;
	struct err e;
	(void)pdfscan_is_pdf(pdf);
	if (!pdfscan_tokens(a, pdf, &digits, &count, &e))
		abort();
	check_tokens(pdf, digits, count);
	if (!pdfscan_prefixes(a, pdf, &lengths, &count, &e) || count > PDFSCAN_PREFIXES_MAX)
		abort();
	for (size_t i = 0; i < count; i++)
		if (lengths[i] >= size || (i > 0 && lengths[i] <= lengths[i - 1]))
			abort();
	arena_reset(a);
	return 0;
}
