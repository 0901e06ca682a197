/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/order.h"

#include <stdlib.h>

#include "base/hash.h"
#include "keys/signer.h"

static const char ORDER_LABEL[] =
	"hufu/1/order"; /* with their NUL: the zero byte behind the label */
static const char PAD_LABEL[] = "hufu/1/pad";

struct rank {
	unsigned char mac[SHA256_SIZE];
	uint32_t i;
};

static int by_mac(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;
	int order = memcmp(x->mac, y->mac, sizeof x->mac);

	return order != 0 ? order : (x->i > y->i) - (x->i < y->i);
}

bool order_permutation(const struct signer *signer, uint64_t batch, uint32_t count,
		       uint32_t *slot_of, struct err *e)
{
	unsigned char number[8], key[SHA256_SIZE];
	struct str parts[] = { { ORDER_LABEL, sizeof ORDER_LABEL }, str_bytes(number, 8) };
	struct rank *ranks;

	if (count > ORDER_COUNT_MAX)
		return err_system(e, "a batch of %u documents; at most %d", count, ORDER_COUNT_MAX);
	u64_be(batch, number);
	if (!signer_hmac256(signer, parts, COUNT_OF(parts), key, e))
		return false;
	if (count == 0)
		return true;
	ranks = calloc(count, sizeof *ranks);
	if (ranks == NULL)
		return err_memory(e, "the order of a batch");
	for (uint32_t i = 0; i < count; i++) {
		struct str part = str_bytes(number, sizeof number);

		u64_be(i, number);
		hmac_sha256(str_bytes(key, sizeof key), &part, 1, ranks[i].mac);
		ranks[i].i = i;
	}
	qsort(ranks, count, sizeof *ranks, by_mac);
	for (uint32_t slot = 0; slot < count; slot++)
		slot_of[ranks[slot].i] = slot;
	free(ranks);
	return true;
}

bool order_padding(const struct signer *signer, uint64_t idx, unsigned char out[ORDER_PADDING],
		   struct err *e)
{
	unsigned char number[8];
	struct str parts[] = { { PAD_LABEL, sizeof PAD_LABEL }, str_bytes(number, 8) };

	u64_be(idx, number);
	return signer_hmac512(signer, parts, COUNT_OF(parts), out, e);
}
