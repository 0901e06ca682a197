/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_STATEMENT_H
#define HUFU_KEYS_STATEMENT_H

#include <stdint.h>

#include "base/buf.h"
#include "keys/ed25519.h"

/*
 * A text that a person can read and a key signs: a label on the first line, then "key value" a line, each key once and in
 * a fixed order, every line ended by \n.  A value has one spelling only, so what was read would be written the same again.
 */
enum { STATEMENT_ISSUER_MAX = 253 }; /* a domain name, RFC 1035 §2.3.4 */

/* What is left to read of one; every fault is ERR_INPUT with `code`.  The bytes are hostile. */
struct statement {
	struct str rest;
	const char *code;
};

bool statement_begin(struct statement *s, struct str text, struct str label, const char *code,
		     struct err *e) MUST_CHECK;

/* The next line, whose key must be `key`; *out points into the text. */
bool statement_text(struct statement *s, const char *key, struct str *out,
		    struct err *e) MUST_CHECK;

/* The same as a lower-case domain name, exactly n bytes in lower-case hexadecimal, a decimal, a time in UTC, a key. */
bool statement_issuer(struct statement *s, struct str *out, struct err *e) MUST_CHECK;
bool statement_hex(struct statement *s, const char *key, void *out, size_t n,
		   struct err *e) MUST_CHECK;
bool statement_number(struct statement *s, const char *key, uint64_t min, uint64_t max,
		      uint64_t *out, struct err *e) MUST_CHECK;
bool statement_instant(struct statement *s, const char *key, int64_t *out,
		       struct err *e) MUST_CHECK;
bool statement_public(struct statement *s, const char *key, struct ed25519_public *out,
		      struct err *e) MUST_CHECK;

/* Which of the words it is, from 1. */
bool statement_word(struct statement *s, const char *key, const char *const *words, size_t count,
		    unsigned *out, struct err *e) MUST_CHECK;

/* Nothing may follow. */
bool statement_end(const struct statement *s, struct err *e) MUST_CHECK;

bool statement_issuer_fits(struct str issuer) MUST_CHECK;
bool statement_instant_fits(int64_t at) MUST_CHECK; /* 1970 to 9999 */

/* Lines of it.  The values are ones that would be read. */
void statement_put_text(struct buf *out, const char *key, struct str value);
void statement_put_hex(struct buf *out, const char *key, const void *p, size_t n);
void statement_put_number(struct buf *out, const char *key, uint64_t value);
void statement_put_instant(struct buf *out, const char *key, int64_t at);

#endif
