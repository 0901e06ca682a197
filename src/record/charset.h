/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_CHARSET_H
#define HUFU_RECORD_CHARSET_H

#include "base/buf.h"
#include "record/map.h"

/*
 * Append `bytes` of an encoding to *out as UTF-8, a BOM at the beginning left out.  What the encoding does not have
 * becomes U+FFFD, a byte at a time, so that a field cut in the middle of a character does not take the rest with it.
 * GBK is read as GB 18030, which contains it and gives its user-defined codes their private-use code points.
 */
bool charset_decode(enum map_encoding encoding, struct str bytes, struct buf *out,
		    struct err *e) MUST_CHECK;

#endif
