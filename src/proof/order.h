/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_ORDER_H
#define HUFU_PROOF_ORDER_H

#include <stdint.h>

#include "base/err.h"

struct signer;

/*
 * The order of a batch's documents on the log, and what fills the slots no document takes (proof.md §3): nobody outside
 * the home can tell either from a real document's place or leaf.
 */
enum { ORDER_COUNT_MAX = 1 << 26, ORDER_PADDING = 64 };

/*
 * slot_of[i], for i = 0 … count-1, becomes the slot of the batch's i-th document: with
 * key = HMAC-SHA-256(home secret, "hufu/1/order" ‖ 0 ‖ u64 batch), the rank of HMAC-SHA-256(key, u64 i) among all, ties by i.
 */
bool order_permutation(const struct signer *signer, uint64_t batch, uint32_t count,
		       uint32_t *slot_of, struct err *e) MUST_CHECK;

/* c_token ‖ c_pdf of a padding leaf: HMAC-SHA-512(home secret, "hufu/1/pad" ‖ 0 ‖ u64 idx). */
bool order_padding(const struct signer *signer, uint64_t idx, unsigned char out[ORDER_PADDING],
		   struct err *e) MUST_CHECK;

#endif
