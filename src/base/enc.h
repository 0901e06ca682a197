/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_ENC_H
#define HUFU_BASE_ENC_H

#include <stdint.h>

#include "base/buf.h"

/* Lower-case hexadecimal. */
void enc_hex(struct buf *out, const void *p, size_t n);

/* Exactly n bytes from 2n lower- or upper-case digits; false on anything else. */
bool enc_unhex(struct str hex, void *out, size_t n) MUST_CHECK;

/*
 * Crockford base32, capitals, big-endian bits, a dash after every fourth character but the last.
 * n bytes with n * 8 divisible by 5 (10 bytes give XXXX-XXXX-XXXX-XXXX, 20 give 8 groups).
 */
void enc_base32(struct buf *out, const void *p, size_t n);

/*
 * Read Crockford base32 as people type it: case and dashes and spaces ignored, I L → 1, O → 0, U → V.
 * False unless it holds exactly n bytes.
 */
bool enc_unbase32(struct str text, void *out, size_t n) MUST_CHECK;

/* Base64 (RFC 4648 §4, padded). */
void enc_base64(struct buf *out, const void *p, size_t n);

/* Decode padded base64 into out, at most `max` bytes; strict: canonical padding, no blanks. */
bool enc_unbase64(struct str text, void *out, size_t max, size_t *n) MUST_CHECK;

/* Most bytes and digits of the decimal form below: a token of proof.md §2. */
enum { DECIMAL_BYTES_MAX = 400, DECIMAL_DIGITS_MAX = 964 };

/*
 * The big-endian integer of n bytes (1 to DECIMAL_BYTES_MAX, first byte not zero) as decimal digits.
 * The reverse gives exactly the bytes back; false when digits are not 1 to 964 ASCII digits without leading
 * zero or the number needs more than 400 bytes.
 */
void enc_decimal(struct buf *out, const void *p, size_t n);
bool enc_undecimal(struct str digits, unsigned char out[DECIMAL_BYTES_MAX], size_t *n) MUST_CHECK;

/*
 * Length in bytes of the valid UTF-8 sequence at the start of s and its code point (RFC 3629: no overlong form,
 * no surrogate, at most U+10FFFF); 0 when s is empty or does not start with one.
 */
size_t enc_utf8(struct str s, uint32_t *code_point);

/* Append one code point as UTF-8. */
void enc_put_utf8(struct buf *out, uint32_t code_point);

#endif
