/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_JSON_CANON_H
#define HUFU_JSON_CANON_H

#include "base/buf.h"
#include "json/json.h"

/*
 * Canonical JSON: RFC 8785 restricted to objects, arrays, strings, integers, booleans and null (a fraction is refused
 * as JSON-CANONICAL).  Keys sorted by UTF-16 code units, no white space.
 */
bool canon_value(struct buf *out, const struct json *value, struct err *e) MUST_CHECK;

/*
 * The same, but numbers of at most two decimals within ±10^12 are written too, as RFC 8785 §3.2.2.3 does (37.50 gives
 * 37.5): for member records, whose hours may be halves.  Signed texts use canon_value.
 */
bool canon_decimals(struct buf *out, const struct json *value, struct err *e) MUST_CHECK;

/* A quoted, escaped string as RFC 8785 §3.2.2.2 writes it. */
void canon_string(struct buf *out, struct str s);

/* RFC 8785 order of two keys: < 0, 0, > 0 by UTF-16 code units. */
int canon_order(struct str a, struct str b);

#endif
