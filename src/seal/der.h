/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_DER_H
#define HUFU_SEAL_DER_H

#include <stdint.h>

#include "base/buf.h"

/* DER (ITU-T X.690 clause 10): one byte tags, definite lengths in their shortest form. */
enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_UTF8_STRING = 0x0c,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80,     /* + n: [n] IMPLICIT of a primitive type */
	DER_CONSTRUCTED = 0xa0, /* + n: [n] EXPLICIT, or IMPLICIT of a constructed type */
};

enum { DER_DEPTH_MAX = 24, DER_SIZE_MAX = 0xffffff };

/*
 * Writing.  What stands between der_begin and der_end is the content of one value:
 *   at = der_begin(b, DER_SEQUENCE);  der_put(b, DER_OID, oid);  der_end(b, at);
 * Failure sticks to the buffer (base/buf.h); content of more than DER_SIZE_MAX bytes is one.
 */
size_t der_begin(struct buf *b, unsigned tag);
void der_end(struct buf *b, size_t at);

/* One value whose content is known. */
void der_put(struct buf *b, unsigned tag, struct str content);

/* INTEGER of a small number, or of unsigned big-endian bytes (at least one). */
void der_put_uint(struct buf *b, uint64_t v);
void der_put_unsigned(struct buf *b, struct str bytes);

/* As der_end, for a SET OF: the values since der_begin are put in order first (X.690 clause 11.6); at most 16. */
void der_end_set_of(struct buf *b, size_t at);

/* Reading.  The bytes are hostile; all that is lent points into them. */
struct der {
	unsigned tag;
	struct str content; /* without tag and length */
	struct str whole;   /* with them */
};

/*
 * Cut the first value off *rest.  ERR_INPUT DER-FORM: no value there, a tag of more bytes, an indefinite or longer length
 * than needed; DER-CUT: it is longer than what is left.
 */
bool der_next(struct str *rest, struct der *out, struct err *e) MUST_CHECK;

/* As der_next; another tag than `tag` is DER-FORM. */
bool der_read(struct str *rest, unsigned tag, struct der *out, struct err *e) MUST_CHECK;

/* As der_read when the next value has this tag, else *found is false and nothing is cut off. */
bool der_maybe(struct str *rest, unsigned tag, struct der *out, bool *found,
	       struct err *e) MUST_CHECK;

/* bytes are exactly one value with this tag, and nothing behind it. */
bool der_only(struct str bytes, unsigned tag, struct der *out, struct err *e) MUST_CHECK;

/*
 * bytes are exactly one value, and so is everything within, down to the primitive ones (at most DER_DEPTH_MAX deep):
 * BOOLEAN is 00 or ff, NULL empty, INTEGER and ENUMERATED shortest, OID well-formed, BIT STRING with zero bits left over,
 * strings and times not in pieces.  What OCTET STRING and BIT STRING hold is not looked into, order of SET OF not either:
 * X.509 and CMS of this world break it.
 */
bool der_check(struct str bytes, struct err *e) MUST_CHECK;

/* INTEGER or ENUMERATED, 0 to UINT32_MAX, as a number. */
bool der_number(const struct der *v, uint32_t *out, struct err *e) MUST_CHECK;

/* GeneralizedTime in DER, "20261124151300Z" or with a fraction, which is dropped, as Unix seconds. */
bool der_time(const struct der *v, int64_t *unix_s, struct err *e) MUST_CHECK;

/* "1.2.840.113549.1.9.3" into out, NUL-terminated; "?" when it does not fit. */
const char *der_oid_text(struct str oid, char *out, size_t size);

#endif
