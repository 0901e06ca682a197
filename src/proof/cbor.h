/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_CBOR_H
#define HUFU_PROOF_CBOR_H

#include <stdint.h>

#include "base/buf.h"

/*
 * The subset of deterministic CBOR (RFC 8949 §4.2.1) that tokens are made of: unsigned and negative integers, byte and
 * text strings, arrays, maps with integer keys, null.  No tags, floats, booleans, indefinite lengths.
 */
enum cbor_kind {
	CBOR_UINT,
	CBOR_NEGINT, /* value n stands for -1 - n */
	CBOR_BYTES,
	CBOR_TEXT,
	CBOR_ARRAY,
	CBOR_MAP,
	CBOR_NIL,
	CBOR_NOTHING /* the end, or a byte outside the subset */
};

enum { CBOR_DEPTH = 3, CBOR_HEAD_MAX = 9 };

/*
 * True when `in` is exactly one item of the subset: shortest heads, definite lengths, valid UTF-8, map keys ascending and
 * distinct, at most CBOR_DEPTH arrays and maps inside each other, nothing behind.  The bytes are hostile.  ERR_INPUT,
 * CBOR-FORM with the offset.
 */
bool cbor_check(struct str in, struct err *e) MUST_CHECK;

/* A place in bytes that cbor_check passed, or that are judged here again: no call reads past the end. */
struct cbor {
	struct str in;
	size_t at;
};

/* What comes next. */
enum cbor_kind cbor_peek(const struct cbor *c);

/* Read one item of the kind named, or false with ERR_INPUT, CBOR-TYPE.  Strings are slices of the input. */
bool cbor_uint(struct cbor *c, uint64_t max, uint64_t *out, struct err *e) MUST_CHECK;
bool cbor_int(struct cbor *c, int64_t *out, struct err *e) MUST_CHECK; /* either sign */
bool cbor_bytes(struct cbor *c, struct str *out, struct err *e) MUST_CHECK;
bool cbor_text(struct cbor *c, struct str *out, struct err *e) MUST_CHECK;
bool cbor_array(struct cbor *c, size_t count,
		struct err *e) MUST_CHECK; /* exactly count items follow */
bool cbor_map(struct cbor *c, size_t *count, struct err *e) MUST_CHECK; /* count pairs follow */
bool cbor_nil(struct cbor *c, struct err *e) MUST_CHECK;
bool cbor_end(const struct cbor *c, struct err *e) MUST_CHECK;

/* The shortest head of a major type (0 … 5), as bytes; returns their number. */
size_t cbor_head(unsigned char out[CBOR_HEAD_MAX], unsigned major, uint64_t value);

/* Append one item, or the head of an array or map whose items follow. */
void cbor_put_int(struct buf *out, int64_t v);
void cbor_put_uint(struct buf *out, uint64_t v);
void cbor_put_bytes(struct buf *out, struct str s);
void cbor_put_text(struct buf *out, struct str s);
void cbor_put_array(struct buf *out, size_t count);
void cbor_put_map(struct buf *out, size_t count);
void cbor_put_nil(struct buf *out);

#endif
