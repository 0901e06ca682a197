/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_NUM_H
#define HUFU_PAPER_NUM_H

#include <stdint.h>

#include "base/buf.h"

/*
 * Numbers and strings as PDF writes them (ISO 32000-1 §7.3.3, §7.3.4), the same bytes in every locale and with every
 * C library.
 */

/* v rounded to thousandths, no exponent, no trailing zeros, never "-0".  Beyond ±1,000,000 or not a number: *out fails. */
void num_put(struct buf *out, double v);

/* The same with millionths, for the factors of a matrix. */
void num_fine(struct buf *out, double v);

/* A whole number. */
void num_int(struct buf *out, int64_t v);

/* A UTF-8 string of ours as a text string: <FEFF…> in UTF-16BE, supplementary planes as surrogates (§7.9.2.2). */
void num_text(struct buf *out, struct str utf8);

/* One code point as upper-case UTF-16BE digits without brackets. */
void num_utf16(struct buf *out, uint32_t code_point);

/* A date string (D:20261123000000+08'00') without its parentheses (§7.9.4), and the same instant as XMP writes it. */
void num_date(struct buf *out, int64_t unix_s, int utc_offset_min);
void num_xmp_date(struct buf *out, int64_t unix_s, int utc_offset_min);

#endif
