/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_QR_MATRIX_H
#define HUFU_QR_MATRIX_H

#include "qr/qr.h"

/*
 * Place the codewords of codewords_of in a symbol of that version at level M: function patterns, codewords, the mask of
 * eight with the fewest penalty points (ISO/IEC 18004 §7.7–7.10; outside the symbol counts as light).
 */
void matrix_fill(struct qr_symbol *out, int version, const unsigned char *codewords, size_t count);

/* The mask a symbol says it wears, 0 to 7. */
int matrix_mask_of(const struct qr_symbol *s);

/* Whether mask 0 to 7 turns over the module at (x, y). */
bool matrix_mask_turns(int mask, int x, int y);

#endif
