/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_QR_CODEWORDS_H
#define HUFU_QR_CODEWORDS_H

#include "base/str.h"

enum { CODEWORDS_MAX = 581 }; /* data and correction of version 14 */

/* Data codewords at level M, versions 1 to QR_VERSION_MAX (ISO/IEC 18004 table 7). */
size_t codewords_data(int version);

/*
 * The codewords of a symbol at level M in the order they are placed: a byte segment, a numeric segment, terminator and
 * padding (§7.4), Reed-Solomon correction (§7.5), blocks interleaved (§7.6).  The segments must fit the version, digits be
 * digits.  Returns how many were written.
 */
size_t codewords_of(int version, struct str bytes, struct str digits,
		    unsigned char out[CODEWORDS_MAX]);

#endif
